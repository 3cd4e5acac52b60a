//! The frames of docs/guest-protocol-vectors.txt: their fields here are the same as in the file's comments.

mod support;

use banger_agent::wire::frame::{Frame, FrameType, Header, HEADER_BYTES};
use banger_agent::wire::hello::{HostHello, MAGIC};
use banger_agent::wire::network::{Address, NetworkRequest};
use banger_agent::wire::reader::Reader;
use banger_agent::wire::request::{
    AdoptRequest, ExecRequest, IdentityRequest, LinkAddress, Request, SmallFile, WriteRequest,
};
use banger_agent::wire::writer::Writer;
use std::convert::TryInto;
use support::*;

const FILE: &str = include_str!("../../docs/guest-protocol-vectors.txt");
const NONCE: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn vectors() -> Vec<(&'static str, Vec<u8>)> {
    let lines = FILE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').unwrap()).map(|(name, hex)| (name, bytes_of(hex))).collect()
}

fn bytes_of(hex: &str) -> Vec<u8> {
    assert_eq!(hex.len() % 2, 0, "{}", hex);
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn with_prefix(prefix: &str) -> Vec<(&'static str, Vec<u8>)> {
    let found: Vec<_> = vectors().into_iter().filter(|(name, _)| name.starts_with(prefix)).collect();
    assert!(!found.is_empty(), "no vectors {}", prefix);
    found
}

fn frame(bytes: &[u8]) -> Frame<'_> {
    let header = Header::parse(bytes[..HEADER_BYTES].try_into().unwrap()).unwrap();
    assert_eq!(header.length, bytes.len() - HEADER_BYTES);
    Frame { channel: header.channel, kind: header.kind, payload: &bytes[HEADER_BYTES..] }
}

/// The fields of every vector that is not a request, as name, channel, type and payload.
fn plain_frames() -> Vec<(&'static str, u32, FrameType, Vec<u8>)> {
    let new = Writer::default;
    let boot_id = "28be433f-6b59-4e4b-a598-0382dddab3e8";
    let hello =
        |nonce: &[u8; 16], version, capabilities: &[&str]| new().raw(MAGIC).raw(nonce).u16(version).texts(capabilities);
    let agent_hello = hello(&NONCE, 1, &["exec", "stats"]).text("0.1.0").text(boot_id);
    let not_found = "cannot execute tru: No such file or directory";
    let stats = new().u32(2).text("uptime_ms").u64(1234).text("tasks").u64(u64::MAX);
    let frames = vec![
        ("hello-host", 0, FrameType::Hello, hello(&NONCE, 1, &["exec", "tcp"])),
        ("hello-host-bare", 0, FrameType::Hello, hello(&[0xff; 16], 7, &[])),
        ("hello-agent", 0, FrameType::Hello, agent_hello),
        ("error", 0, FrameType::Error, new().u16(1).text("unknown frame type 99")),
        ("opened", 1, FrameType::Opened, new().u32(4711)),
        ("opened-without-process", 6, FrameType::Opened, new().u32(0)),
        ("refused-not-found", 1, FrameType::Refused, new().u16(3).text(not_found)),
        ("refused-busy", 300, FrameType::Refused, new().u16(7).text("")),
        ("reply-empty", 13, FrameType::Reply, new()),
        ("reply-stats", 12, FrameType::Reply, stats),
        ("reply-grow", 18, FrameType::Reply, new().u64(10_737_418_240)),
        ("exit-status", 1, FrameType::Exit, new().u8(0).u8(42)),
        ("exit-signal", 1, FrameType::Exit, new().u8(1).u8(9)),
        ("data", 1, FrameType::Data, new().raw(b"a\0\xff\n")),
        ("data-one-byte", u32::MAX, FrameType::Data, new().raw(b"x")),
        ("data-err", 1, FrameType::DataErr, new().raw(b"oops\n")),
        ("eof", 1, FrameType::Eof, new()),
        ("credit", 1, FrameType::Credit, new().u32(65_536)),
        ("credit-most", 1, FrameType::Credit, new().u32(16_777_216)),
        ("signal", 1, FrameType::Signal, new().u8(15)),
        ("resize", 1, FrameType::Resize, new().u16(120).u16(40)),
        ("close", 1, FrameType::Close, new()),
    ];
    frames.into_iter().map(|(name, channel, kind, payload)| (name, channel, kind, payload.done())).collect()
}

fn bytes(items: &[&[u8]]) -> Vec<Vec<u8>> {
    items.iter().map(|item| item.to_vec()).collect()
}

fn exec(arguments: &[&[u8]], environment: &[&[u8]]) -> ExecRequest {
    let request = command(&[]);
    ExecRequest { arguments: bytes(arguments), environment: bytes(environment), ..request }
}

fn exec_requests() -> Vec<(&'static str, u32, Request)> {
    let full = ExecRequest {
        directory: b"/srv".to_vec(),
        user: "ann".into(),
        stdin: true,
        columns: 80,
        rows: 24,
        ..exec(&[b"/bin/sh", b"-c", b"echo $A"], &[b"A=1", b"B="])
    };
    let terminal =
        ExecRequest { terminal: true, stdin: true, columns: 65_535, rows: 1, ..exec(&[b"bash"], &[b"TERM=xterm"]) };
    let mise = ExecRequest { directory: b"/root/repo".to_vec(), mise: true, ..exec(&[b"make"], &[]) };
    let raw = exec(&[b"ls", b"\xff\xfe \n", b""], &[b"X=\x80="]);
    let raw = ExecRequest { directory: b"/\xc3\x28".to_vec(), ..raw };
    let umlaut = ExecRequest { user: "jürgen".into(), ..exec(&["grüße".as_bytes()], &[]) };
    vec![
        ("open-exec", 1, Request::Exec(exec(&[b"true"], &[]))),
        ("open-exec-full", 2, Request::Exec(full)),
        ("open-exec-terminal", 3, Request::Exec(terminal)),
        ("open-exec-bytes", 4, Request::Exec(raw)),
        ("open-exec-umlaut", 5, Request::Exec(umlaut)),
        ("open-exec-mise", 6, Request::Exec(mise)),
    ]
}

fn other_requests() -> Vec<(&'static str, u32, Request)> {
    let ready = |conditions: &[&str]| Request::Ready { conditions: conditions.iter().map(|c| c.to_string()).collect() };
    let identity = IdentityRequest {
        hostname: "beta-sandbox".into(),
        machine_id: "0123456789abcdef0123456789abcdef".into(),
        nanoseconds: 1_767_225_600_123_456_789,
        entropy: (0..32).collect(),
    };
    let nothing =
        IdentityRequest { hostname: String::new(), machine_id: String::new(), nanoseconds: 0, entropy: Vec::new() };
    let key = WriteRequest { path: b"/etc/ssh/key".to_vec(), mode: 0o600, user: String::new() };
    let users = WriteRequest { path: b"/home/ann/\xff".to_vec(), mode: 0o7777, user: "ann".into() };
    let adopt = AdoptRequest {
        identity: identity.clone(),
        boot_id: "00112233-4455-6677-8899-aabbccddeeff".into(),
        link: Some(LinkAddress { interface: "eth0".into(), address: vec![0x52, 0x54, 0x00, 0x12, 0xab, 0xff] }),
        files: vec![SmallFile { path: b"/etc/ssh/key".to_vec(), mode: 0o600, content: vec![0, 255] }],
    };
    let go_on = AdoptRequest { identity: nothing.clone(), boot_id: String::new(), link: None, files: Vec::new() };
    vec![
        ("open-tcp", 6, Request::Tcp { host: String::new(), port: 4096 }),
        ("open-tcp-host", 7, Request::Tcp { host: "fe80::1".into(), port: 65_535 }),
        ("open-ready", 8, ready(&["agent", "init", "tcp:4096", "path:/run/x"])),
        ("open-ready-nothing", 9, ready(&[])),
        ("open-identity", 10, Request::Identity(identity)),
        ("open-identity-nothing", 11, Request::Identity(nothing)),
        ("open-stats", 12, Request::Stats),
        ("open-sync", 13, Request::Sync),
        ("open-freeze", 14, Request::Freeze { freeze: true }),
        ("open-thaw", 15, Request::Freeze { freeze: false }),
        ("open-power-off", 16, Request::Shutdown { reboot: false }),
        ("open-reboot", 17, Request::Shutdown { reboot: true }),
        ("open-grow", 18, Request::Grow { mount_point: b"/root".to_vec() }),
        ("open-write", 19, Request::Write(key)),
        ("open-write-user", 20, Request::Write(users)),
        ("open-hold", 21, Request::Hold { hold: true }),
        ("open-let-go", 22, Request::Hold { hold: false }),
        ("open-network", 30, Request::Network(network())),
        ("open-adopt", 23, Request::Adopt(adopt)),
        ("open-adopt-nothing", 24, Request::Adopt(go_on)),
        ("open-boot", u32::MAX, Request::Boot),
    ]
}

fn network() -> NetworkRequest {
    NetworkRequest {
        interface: "eth0".into(),
        addresses: vec![
            Address { ip: "10.209.0.2".parse().unwrap(), prefix: 22 },
            Address { ip: "fd12::2".parse().unwrap(), prefix: 64 },
        ],
        gateways: vec!["10.209.0.1".parse().unwrap(), "fd12::1".parse().unwrap()],
    }
}

#[test]
fn every_good_vector_has_its_fields_here_and_none_is_missing() {
    let requests = exec_requests().into_iter().chain(other_requests());
    let mut names: Vec<&str> = requests.map(|(name, ..)| name).collect();
    names.extend(plain_frames().iter().map(|(name, ..)| *name));
    names.sort_unstable();
    let mut found: Vec<&str> =
        vectors().iter().map(|(name, _)| *name).filter(|name| !name.starts_with("bad-")).collect();
    found.sort_unstable();
    assert_eq!(names, found);
}

#[test]
fn plain_frames_decode_and_encode() {
    let vectors = vectors();
    for (name, channel, kind, payload) in plain_frames() {
        let (_, expected) = vectors.iter().find(|(found, _)| *found == name).unwrap();
        assert_eq!(frame(expected), Frame { channel, kind, payload: &payload }, "{}", name);
        assert_eq!(&frame_bytes(channel, kind, &payload), expected, "{}", name);
    }
}

#[test]
fn requests_decode_and_encode() {
    let vectors = vectors();
    for (name, channel, request) in exec_requests().into_iter().chain(other_requests()) {
        let (_, expected) = vectors.iter().find(|(found, _)| *found == name).unwrap();
        let found = frame(expected);
        assert_eq!((found.channel, found.kind), (channel, FrameType::Open), "{}", name);
        assert_eq!(Request::parse(found.payload).as_ref(), Ok(&request), "{}", name);
        assert_eq!(&frame_bytes(channel, FrameType::Open, &encode::request(&request)), expected, "{}", name);
    }
}

#[test]
fn the_host_s_hello_decodes() {
    let hello = |name: &str| HostHello::parse(frame(&with_prefix(name)[0].1).payload).unwrap();
    let capabilities = vec!["exec".to_owned(), "tcp".to_owned()];
    assert_eq!(hello("hello-host"), HostHello { nonce: NONCE, version: 1, capabilities });
    assert_eq!(hello("hello-host-bare"), HostHello { nonce: [0xff; 16], version: 7, capabilities: vec![] });
}

#[test]
fn wrong_frames_end_the_session_as_malformed() {
    let agent = Agent::start();
    let mut host = agent.session();
    for (name, bytes) in with_prefix("bad-frame-").into_iter().chain(with_prefix("bad-host-")) {
        host.raw(&bytes);
        let answer = host.frame();
        assert_eq!((answer.kind, answer.code()), (FrameType::Error, 1), "{}", name);
        host.hello();
    }
}

#[test]
fn wrong_requests_are_refused_and_the_session_goes_on() {
    let agent = Agent::start();
    for (name, bytes) in with_prefix("bad-open-") {
        let mut host = agent.session();
        host.raw(&bytes);
        let answer = host.frame();
        let code = if name == "bad-open-unknown-kind" { 2 } else { 1 };
        assert_eq!((answer.kind, answer.code()), (FrameType::Refused, code), "{}", name);
        host.send(2, FrameType::Open, &[5]);
        assert_eq!(host.frame().kind, FrameType::Reply, "{}", name);
    }
}

#[test]
fn the_beginning_of_a_frame_is_no_frame() {
    let agent = Agent::start();
    for (name, bytes) in with_prefix("bad-incomplete-") {
        let mut host = agent.session();
        host.raw(&bytes);
        host.stream.shutdown(std::net::Shutdown::Write).unwrap();
        assert_eq!(host.frame_or_end(), None, "{}", name);
    }
    assert_eq!(agent.session().run(command(&["true"])).exit, [0, 0]);
}

#[test]
fn a_count_is_checked_before_memory_is_reserved() {
    let claim = Writer::default().u32(u32::MAX).raw(&[0; 8]).done();
    assert!(Reader::new(&claim).list(4, "list", |reader| reader.u32("item")).is_err());
}
