//! Sessions that break off, break the rules or begin anew, as a host sees them.

mod support;

use banger_agent::wire::frame::FrameType;
use banger_agent::wire::request::Request;
use banger_agent::wire::writer::Writer;
use support::*;

const MALFORMED: u16 = 1;
const BUSY: u16 = 7;

#[test]
fn the_agent_says_what_it_can_do() {
    let agent = Agent::start();
    let hello = agent.connect().hello_with([9; 16]);
    let text = String::from_utf8_lossy(&hello);
    for word in [
        "banger-stream-v1",
        "exec",
        "tcp",
        "ready",
        "identity",
        "stats",
        "sync",
        "freeze",
        "shutdown",
        "grow",
        "write",
        "boot",
        "exec-mise",
    ] {
        assert!(text.contains(word), "{} in {}", word, text);
    }
    let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    assert!(text.ends_with(boot_id.trim()), "{}", text);
}

#[test]
fn garbage_before_the_hello_is_thrown_away() {
    let agent = Agent::start();
    let mut host = agent.connect();
    host.raw(&Numbers(3).bytes(1_000_000));
    host.hello();
    assert_eq!(host.run(command(&["true"])).exit, [0, 0]);
}

#[test]
fn a_hello_that_was_cut_off_is_passed_over() {
    let agent = Agent::start();
    let whole = frame_bytes(0, FrameType::Hello, &hello_payload([1; 16]));
    for cut in 1..whole.len() {
        let mut host = agent.connect();
        host.raw(&whole[..cut]);
        host.hello_with([2; 16]);
    }
}

/// On a port the agent may not see that the host has changed.
#[test]
fn a_hello_in_the_place_of_a_frame_s_rest_is_found() {
    let agent = Agent::start();
    let mut host = agent.session();
    for rest in [60_000, 65_536] {
        let cut = frame_bytes(1, FrameType::Data, &vec![b'x'; rest]);
        host.raw(&cut[..cut.len() - 50_000]);
        host.hello_with([rest as u8 + 1; 16]);
        assert_eq!(host.run(command(&["true"])).exit, [0, 0]);
    }
}

#[test]
fn a_host_that_pauses_inside_a_frame_keeps_its_session() {
    let agent = Agent::start();
    let mut host = agent.session();
    let frame = frame_bytes(1, FrameType::Open, &[5]);
    let (before, after) = frame.split_at(frame.len() - 1);
    host.raw(before);
    std::thread::sleep(std::time::Duration::from_millis(300));
    host.raw(after);
    assert_eq!(host.frame().kind, FrameType::Reply);
}

#[test]
fn a_new_hello_ends_the_session_before() {
    let agent = Agent::start();
    let mark = agent.path("hup");
    let mut host = agent.session();
    let id = host.opened(&Request::Exec(marks_hangup(&mark)));
    assert_eq!((id, host.frame().payload), (1, b"ready\n".to_vec()));
    host.hello_with([8; 16]);
    assert_eq!(text_of(&mark), "hup\n");
    // Numbers begin anew with the session.
    assert_eq!(host.opened(&Request::Exec(command(&["true"]))), 1);
}

#[test]
fn a_frame_that_breaks_the_rules_ends_the_session_and_nothing_else() {
    let agent = Agent::start();
    let mut host = agent.session();
    host.raw(&[0xff; 64]);
    assert_eq!(host.frame().code(), MALFORMED);
    // Everything but a HELLO is dropped now.
    host.send(1, FrameType::Open, &[5]);
    host.hello();
    assert_eq!(host.run(command(&["true"])).exit, [0, 0]);
}

#[test]
fn data_beyond_the_credit_ends_the_session() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_input(command(&["sleep", "600"])));
    // The pipe may take up to its own size, for which credit comes back; twice that and a window is too much.
    for _ in 0..12 {
        host.send(id, FrameType::Data, &[0; 65_536]);
    }
    loop {
        let frame = host.frame();
        if frame.kind == FrameType::Error {
            assert_eq!(frame.code(), MALFORMED);
            break;
        }
        assert_eq!(frame.kind, FrameType::Credit);
    }
}

#[test]
fn credit_above_the_most_ends_the_session() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_input(command(&["sleep", "600"])));
    host.credit(id, 16_777_216 - WINDOW);
    host.credit(id, 1);
    assert_eq!(host.frame().code(), MALFORMED);
}

#[test]
fn data_after_its_end_ends_the_session() {
    let agent = Agent::start();
    let mut host = agent.session();
    let id = host.opened(&with_input(command(&["sleep", "600"])));
    host.send(id, FrameType::Eof, &[]);
    host.send(id, FrameType::Data, b"x");
    assert_eq!(host.frame().code(), MALFORMED);
}

#[test]
fn numbers_must_rise() {
    let agent = Agent::start();
    let mut host = agent.session();
    host.send(5, FrameType::Open, &[5]);
    assert_eq!(host.frame().kind, FrameType::Reply);
    host.send(5, FrameType::Open, &[5]);
    assert_eq!(host.frame().code(), MALFORMED);
}

#[test]
fn a_frame_for_a_channel_that_has_ended_is_dropped() {
    let agent = Agent::start();
    let mut host = agent.session();
    assert_eq!(host.run(command(&["true"])).exit, [0, 0]);
    for (kind, payload) in [(FrameType::Data, &b"x"[..]), (FrameType::Eof, &[]), (FrameType::Close, &[])] {
        host.send(1, kind, payload);
    }
    host.credit(1, 5);
    assert_eq!(host.run(command(&["true"])).exit, [0, 0]);
}

#[test]
fn the_257th_channel_is_refused() {
    let agent = Agent::start();
    let mut host = agent.session();
    let never = Request::Ready { conditions: vec!["path:/no/such/path".into()] };
    for _ in 0..256 {
        host.open(&never);
    }
    let refused = host.ask(&never);
    assert_eq!(refused.code(), BUSY);
    host.send(1, FrameType::Close, &[]);
    assert_eq!(host.ask(&Request::Stats).kind, FrameType::Reply);
}

#[test]
fn a_host_that_says_error_ends_its_session() {
    let agent = Agent::start();
    let mut host = agent.session();
    host.send(0, FrameType::Error, &Writer::default().u16(9).text("enough").done());
    host.hello();
    assert_eq!(host.run(command(&["true"])).exit, [0, 0]);
}

/// Frames with a sound header and random content, and random bytes: whatever they do to their session, the
/// agent must serve the next. Kinds that run, write or end anything are left out.
#[test]
fn random_frames_harm_nothing_else() {
    const TYPES: [u8; 12] = [1, 2, 16, 16, 16, 20, 22, 23, 24, 25, 27, 99];
    const KINDS: [u8; 5] = [2, 3, 5, 6, 77];
    let agent = Agent::start();
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for round in 0..200 {
        let mut host = agent.session();
        let mut bytes = Vec::new();
        for channel in 1..40u32 {
            let kind = TYPES[numbers.next() as usize % TYPES.len()];
            let length = (numbers.next() % 40) as usize;
            let mut payload = numbers.bytes(length);
            if let (16, Some(first)) = (kind, payload.first_mut()) {
                *first = KINDS[numbers.next() as usize % KINDS.len()];
            }
            bytes.extend_from_slice(&(length as u32).to_be_bytes());
            bytes.extend_from_slice(&channel.to_be_bytes());
            bytes.push(kind);
            bytes.extend_from_slice(&payload);
        }
        let count = bytes.len();
        let at = numbers.next() as usize % count;
        bytes[at] ^= 1 << (round % 8);
        host.raw(&bytes);
        host.stream.shutdown(std::net::Shutdown::Write).unwrap();
        while host.frame_or_end().is_some() {}
    }
    assert_eq!(agent.session().run(command(&["true"])).exit, [0, 0]);
}
