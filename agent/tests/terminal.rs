//! Commands on a terminal, as a host sees them.

mod support;

use banger_agent::wire::frame::FrameType;
use support::*;

#[test]
fn the_terminal_has_the_size_that_was_asked_for() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_terminal(command(&["stty", "size"])));
    assert_eq!(host.finish(id).output, b"24 80\r\n");
}

#[test]
fn a_resize_reaches_the_program() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_terminal(shell("stty -echo; echo ready; read line; stty size")));
    assert_eq!(host.frame().payload, b"ready\r\n");
    host.send(id, FrameType::Resize, &[0, 120, 0, 40]);
    host.send(id, FrameType::Data, b"\n");
    assert_eq!(host.finish(id).output, b"40 120\r\n");
}

#[test]
fn typed_control_c_interrupts() {
    let agent = Agent::start();
    let mut host = agent.session();
    // No shell: one that is interrupted just before it starts its command goes on with it.
    let id = host.opened(&with_terminal(command(&["cat"])));
    host.send(id, FrameType::Data, b"line\n");
    let mut shown = Vec::new();
    while shown != b"line\r\nline\r\n" {
        shown.extend_from_slice(&host.frame().payload);
    }
    host.send(id, FrameType::Data, &[3]);
    assert_eq!(host.finish(id).exit, [1, 2]);
}

#[test]
fn the_end_of_stdin_is_the_terminal_s() {
    let agent = Agent::start();
    let mut host = agent.session();
    for text in ["line\n", "no line"] {
        let id = host.opened(&with_terminal(shell("stty -echo; echo ready; cat")));
        assert_eq!(host.frame().payload, b"ready\r\n");
        host.send(id, FrameType::Data, text.as_bytes());
        host.send(id, FrameType::Eof, &[]);
        let finished = host.finish(id);
        assert_eq!(finished.output, text.replace('\n', "\r\n").into_bytes());
        assert_eq!(finished.exit, [0, 0]);
    }
}

#[test]
fn a_terminal_s_last_output_is_not_lost() {
    let agent = Agent::start();
    let mut host = agent.session();
    for _ in 0..20 {
        let id = host.opened(&with_terminal(command(&["seq", "2000"])));
        let output = String::from_utf8(host.finish(id).output).unwrap();
        assert!(output.ends_with("\r\n2000\r\n"), "{}", &output[output.len() - 40..]);
        assert_eq!(output.lines().count(), 2000);
    }
}
