//! The other channel kinds, as a host sees them.

mod support;

use banger_agent::wire::frame::FrameType;
use banger_agent::wire::request::{Request, WriteRequest};
use std::convert::TryInto;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use support::*;

const UNSUPPORTED: u16 = 2;
const NO_SUCH_USER: u16 = 5;
const UNREACHABLE: u16 = 8;
const FAILED: u16 = 9;

fn write(path: &Path, mode: u32) -> Request {
    let path = path.display().to_string().into_bytes();
    Request::Write(WriteRequest { path, mode, user: String::new() })
}

fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn a_connection_carries_both_directions_to_their_ends() {
    let agent = Agent::start();
    let mut host = agent.session();
    let (listener, port) = listener();
    let id = host.opened(&Request::Tcp { host: String::new(), port });
    let (mut server, _) = listener.accept().unwrap();
    host.send(id, FrameType::Data, b"question");
    host.send(id, FrameType::Eof, &[]);
    let mut question = String::new();
    server.read_to_string(&mut question).unwrap();
    assert_eq!(question, "question");
    server.write_all(b"answer").unwrap();
    drop(server);
    let frames: Vec<Frame> = (0..3).map(|_| host.frame()).collect();
    assert_eq!(frames[0].payload, b"answer");
    assert_eq!(frames[1].kind, FrameType::Eof);
    assert_eq!((frames[2].kind, frames[2].payload.as_slice()), (FrameType::Exit, &[0, 0][..]));
}

#[test]
fn the_server_may_end_first() {
    let agent = Agent::start();
    let mut host = agent.session();
    let (listener, port) = listener();
    let id = host.opened(&Request::Tcp { host: "127.0.0.1".into(), port });
    drop(listener.accept().unwrap());
    assert_eq!(host.frame().kind, FrameType::Eof);
    host.send(id, FrameType::Eof, &[]);
    assert_eq!(host.frame().kind, FrameType::Exit);
}

#[test]
fn a_port_that_nobody_listens_on_is_unreachable() {
    let agent = Agent::start();
    let (listener, port) = listener();
    drop(listener);
    let refused = agent.session().ask(&Request::Tcp { host: "127.0.0.1".into(), port });
    assert_eq!(refused.code(), UNREACHABLE);
}

#[test]
fn a_file_is_put_in_place_with_its_mode_and_parents() {
    let agent = Agent::start();
    let mut host = agent.session();
    let path = agent.path("a/b/file");
    let bytes = Numbers(5).bytes(200_000);
    let id = host.opened(&write(&path, 0o640));
    bytes.chunks(50_000).for_each(|chunk| host.send(id, FrameType::Data, chunk));
    host.send(id, FrameType::Eof, &[]);
    let reply = loop {
        let frame = host.frame();
        if frame.kind != FrameType::Credit {
            break frame;
        }
    };
    assert_eq!((reply.kind, reply.payload.len()), (FrameType::Reply, 0));
    assert!(fs::read(&path).unwrap() == bytes);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o640);
    assert_eq!(fs::metadata(agent.path("a")).unwrap().permissions().mode() & 0o7777, 0o755);
    assert_eq!(fs::read_dir(agent.path("a/b")).unwrap().count(), 1);
}

#[test]
fn a_write_that_breaks_off_leaves_the_old_file_and_no_other() {
    let agent = Agent::start();
    let mut host = agent.session();
    let folder = agent.path("folder");
    fs::create_dir(&folder).unwrap();
    let path = folder.join("file");
    fs::write(&path, "old").unwrap();
    let count = || fs::read_dir(&folder).unwrap().count();
    let id = host.opened(&write(&path, 0o600));
    host.send(id, FrameType::Data, b"new");
    wait_until("the file aside", || count() == 2);
    host.send(id, FrameType::Close, &[]);
    wait_until("its removal", || count() == 1);
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn a_write_that_cannot_be_done_is_refused() {
    let agent = Agent::start();
    let mut host = agent.session();
    fs::write(agent.path("file"), "").unwrap();
    let below_a_file = agent.path("file/below");
    for path in [below_a_file.as_path(), &agent.folder] {
        let id = host.opened(&write(path, 0o600));
        host.send(id, FrameType::Eof, &[]);
        assert_eq!(host.frame().code(), FAILED);
    }
    let path = b"/tmp/x".to_vec();
    let refused = host.ask(&Request::Write(WriteRequest { path, mode: 0, user: "no-such-user".into() }));
    assert_eq!(refused.code(), NO_SUCH_USER);
}

#[test]
fn an_unfinished_write_does_not_hold_other_commands_input_open() {
    let agent = Agent::start();
    let mut host = agent.session();
    let cat = host.opened(&with_input(command(&["cat"])));
    host.opened(&write(&agent.path("file"), 0o600));
    host.send(cat, FrameType::Eof, &[]);
    assert_eq!(host.finish(cat).exit, [0, 0]);
}

#[test]
fn ready_answers_when_all_conditions_hold() {
    let agent = Agent::start();
    let mut host = agent.session();
    let (listener, port) = listener();
    let path = agent.path("appears");
    let conditions = ["agent".into(), "init".into(), format!("tcp:{}", port), format!("path:{}", path.display())];
    let id = host.open(&Request::Ready { conditions: conditions.to_vec() });
    // What is asked later is answered first.
    let stats = host.open(&Request::Stats);
    assert_eq!(host.frame().channel, stats);
    fs::write(&path, "").unwrap();
    let reply = host.frame();
    assert_eq!((reply.channel, reply.kind), (id, FrameType::Reply));
    drop(listener);
}

#[test]
fn an_unknown_condition_is_unsupported() {
    let agent = Agent::start();
    let refused = agent.session().ask(&Request::Ready { conditions: vec!["moon:full".into()] });
    assert_eq!(refused.code(), UNSUPPORTED);
}

#[test]
fn stats_have_names_and_values() {
    let agent = Agent::start();
    let reply = agent.session().ask(&Request::Stats);
    assert_eq!(reply.kind, FrameType::Reply);
    let text = String::from_utf8_lossy(&reply.payload).into_owned();
    for name in [
        "uptime_ms",
        "load1_milli",
        "memory_total_bytes",
        "memory_available_bytes",
        "root_total_bytes",
        "root_used_bytes",
        "tasks",
    ] {
        assert!(text.contains(name), "{}", name);
    }
    let count = u32::from_be_bytes(reply.payload[..4].try_into().unwrap());
    assert!((7..=9).contains(&count));
}

#[test]
fn what_belongs_to_a_machine_is_unsupported_without_one() {
    let agent = Agent::start();
    let mut host = agent.session();
    assert_eq!(host.ask(&Request::Freeze { freeze: true }).code(), UNSUPPORTED);
    assert_eq!(host.ask(&Request::Shutdown { reboot: false }).code(), UNSUPPORTED);
    assert_eq!(host.ask(&Request::Boot).kind, FrameType::Reply);
}

#[test]
fn growing_what_is_no_mounted_disk_fails() {
    let agent = Agent::start();
    let refused = agent.session().ask(&Request::Grow { mount_point: b"/proc".to_vec() });
    assert_eq!(refused.code(), FAILED);
}
