//! The host's side for tests: an agent as an ordinary process, and a client that speaks the protocol.
#![allow(dead_code)]

pub mod encode;

use banger_agent::wire::frame::{FrameType, Header, HEADER_BYTES};
use banger_agent::wire::hello::MAGIC;
use banger_agent::wire::request::{ExecRequest, Request};
use banger_agent::wire::writer::Writer;
use std::convert::TryInto;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Only a hang is meant to reach this.
pub const HANG: Duration = Duration::from_secs(60);
pub const WINDOW: usize = 262_144;

static FOLDERS: AtomicU32 = AtomicU32::new(0);

/// An agent that serves a socket in a folder of its own; both go with it.
pub struct Agent {
    process: Child,
    pub folder: PathBuf,
}

impl Agent {
    pub fn start() -> Agent {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("banger-agent-test-{}-{}", std::process::id(), number));
        fs::create_dir_all(&folder).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_banger-agent"))
            .arg("serve")
            .arg(folder.join("socket"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let agent = Agent { process, folder };
        wait_until("the agent's socket", || agent.folder.join("socket").exists());
        agent
    }

    /// Connects without a word.
    pub fn connect(&self) -> Host {
        let deadline = Instant::now() + HANG;
        let stream = loop {
            match UnixStream::connect(self.folder.join("socket")) {
                Ok(stream) => break stream,
                Err(error) => assert!(Instant::now() < deadline, "connect: {}", error),
            }
            thread::sleep(Duration::from_millis(5));
        };
        stream.set_read_timeout(Some(HANG)).unwrap();
        stream.set_write_timeout(Some(HANG)).unwrap();
        Host { stream, received: Vec::new(), last: 0 }
    }

    /// Connects and begins a session.
    pub fn session(&self) -> Host {
        let mut host = self.connect();
        host.hello();
        host
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub channel: u32,
    pub kind: FrameType,
    pub payload: Vec<u8>,
}

impl Frame {
    /// The code of a REFUSED or an ERROR.
    pub fn code(&self) -> u16 {
        assert!(matches!(self.kind, FrameType::Refused | FrameType::Error), "{:?}", self);
        u16::from_be_bytes(self.payload[..2].try_into().unwrap())
    }
}

/// A command's end and all its output.
#[derive(Debug, PartialEq, Eq)]
pub struct Finished {
    pub exit: [u8; 2],
    pub output: Vec<u8>,
    pub errors: Vec<u8>,
}

pub struct Host {
    pub stream: UnixStream,
    received: Vec<u8>,
    last: u32,
}

impl Host {
    pub fn hello(&mut self) -> Vec<u8> {
        self.hello_with([7; 16])
    }

    /// Begins a session; answers the agent's hello, after whatever was under way before it.
    pub fn hello_with(&mut self, nonce: [u8; 16]) -> Vec<u8> {
        self.send(0, FrameType::Hello, &hello_payload(nonce));
        self.last = 0;
        loop {
            let frame = self.frame();
            if frame.kind == FrameType::Hello && frame.payload[16..32] == nonce {
                return frame.payload;
            }
        }
    }

    pub fn send(&mut self, channel: u32, kind: FrameType, payload: &[u8]) {
        self.raw(&frame_bytes(channel, kind, payload));
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub fn frame(&mut self) -> Frame {
        self.frame_or_end().expect("the agent ended the stream")
    }

    pub fn frame_or_end(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.take_frame() {
                return Some(frame);
            }
            let mut buffer = [0; 65536];
            match self.stream.read(&mut buffer).expect("no frame came") {
                0 => return None,
                count => self.received.extend_from_slice(&buffer[..count]),
            }
        }
    }

    fn take_frame(&mut self) -> Option<Frame> {
        let header = Header::parse(self.received.get(..HEADER_BYTES)?.try_into().unwrap()).unwrap();
        let end = HEADER_BYTES + header.length;
        let payload = self.received.get(HEADER_BYTES..end)?.to_vec();
        self.received.drain(..end);
        Some(Frame { channel: header.channel, kind: header.kind, payload })
    }

    pub fn open(&mut self, request: &Request) -> u32 {
        self.last += 1;
        self.send(self.last, FrameType::Open, &encode::request(request));
        self.last
    }

    /// Opens a channel that must not be refused at once.
    pub fn opened(&mut self, request: &Request) -> u32 {
        let id = self.open(request);
        let frame = self.frame();
        assert_eq!((frame.channel, frame.kind), (id, FrameType::Opened), "{:?}", frame);
        id
    }

    /// Opens a channel and answers its REPLY or REFUSED.
    pub fn ask(&mut self, request: &Request) -> Frame {
        let id = self.open(request);
        let frame = self.frame();
        assert_eq!(frame.channel, id, "{:?}", frame);
        frame
    }

    pub fn run(&mut self, request: ExecRequest) -> Finished {
        let id = self.opened(&Request::Exec(request));
        self.finish(id)
    }

    /// Collects a channel's output to its end, giving credit for all of it.
    pub fn finish(&mut self, id: u32) -> Finished {
        let mut finished = Finished { exit: [0; 2], output: Vec::new(), errors: Vec::new() };
        loop {
            let frame = self.frame();
            assert_eq!(frame.channel, id, "{:?}", frame);
            match frame.kind {
                FrameType::Data => finished.output.extend_from_slice(&frame.payload),
                FrameType::DataErr => finished.errors.extend_from_slice(&frame.payload),
                FrameType::Exit => {
                    finished.exit = frame.payload.as_slice().try_into().unwrap();
                    return finished;
                }
                FrameType::Credit | FrameType::Eof => continue,
                _ => panic!("{:?}", frame),
            }
            self.credit(id, frame.payload.len());
        }
    }

    pub fn credit(&mut self, id: u32, bytes: usize) {
        self.send(id, FrameType::Credit, &(bytes as u32).to_be_bytes());
    }

    /// A copy for another thread to write with.
    pub fn writer(&self) -> UnixStream {
        self.stream.try_clone().unwrap()
    }
}

pub fn hello_payload(nonce: [u8; 16]) -> Vec<u8> {
    Writer::default().raw(MAGIC).raw(&nonce).u16(1).texts(&[]).done()
}

pub fn frame_bytes(channel: u32, kind: FrameType, payload: &[u8]) -> Vec<u8> {
    let header = Header { length: payload.len(), channel, kind };
    [&header.to_bytes(), payload].concat()
}

/// A command without terminal or input.
pub fn command(arguments: &[&str]) -> ExecRequest {
    ExecRequest {
        arguments: arguments.iter().map(|argument| argument.as_bytes().to_vec()).collect(),
        environment: Vec::new(),
        directory: Vec::new(),
        user: String::new(),
        terminal: false,
        stdin: false,
        mise: false,
        columns: 0,
        rows: 0,
    }
}

pub fn shell(script: &str) -> ExecRequest {
    command(&["/bin/sh", "-c", script])
}

/// Says `ready`, and writes `hup` to a file when it is hung up. Its own streams are closed by then, so the
/// shell must not tell of the sleep's end on them.
pub fn marks_hangup(mark: &Path) -> ExecRequest {
    let wait = "echo ready; exec 2>/dev/null; while :; do sleep 0.05; done";
    shell(&format!("trap 'echo hup > {}; exit' HUP; {}", mark.display(), wait))
}

pub fn with_input(request: ExecRequest) -> Request {
    Request::Exec(ExecRequest { stdin: true, ..request })
}

pub fn with_terminal(request: ExecRequest) -> Request {
    Request::Exec(ExecRequest { stdin: true, terminal: true, columns: 80, rows: 24, ..request })
}

pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + HANG;
    while !holds() {
        assert!(Instant::now() < deadline, "waiting for {}", what);
        thread::sleep(Duration::from_millis(5));
    }
}

/// A file's text once it is there and not empty.
pub fn text_of(path: &Path) -> String {
    wait_until("a file's text", || fs::metadata(path).map_or(false, |metadata| metadata.len() > 0));
    fs::read_to_string(path).unwrap()
}

/// Numbers that look random and are the same every time.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}
