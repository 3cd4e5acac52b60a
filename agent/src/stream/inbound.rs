//! Bytes from the host, cut into frames, and found again where the stream broke off.

use crate::os::fd;
use crate::wire::frame::{Frame, FrameType, Header, HEADER_BYTES, MAX_PAYLOAD_BYTES};
use crate::wire::hello::{HostHello, MAGIC};
use crate::wire::refusal::Malformed;
use std::io;
use std::os::unix::io::RawFd;

const BUFFER_BYTES: usize = 4 * (HEADER_BYTES + MAX_PAYLOAD_BYTES);

/// A virtio-serial port hands over at most a page a read: a shorter read found the stream empty.
const PORT_READ_BYTES: usize = 4096;

/// As much of a HELLO as tells it from other bytes.
const START_BYTES: usize = HEADER_BYTES + MAGIC.len();

/// What the bytes received so far hold next.
#[derive(Debug, PartialEq, Eq)]
pub enum Received<'a> {
    Nothing,
    Hello(HostHello),
    Frame(Frame<'a>),
    Malformed(Malformed),
}

/// How a round of reading left the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    Open,
    HostLeft,
}

/// The receive buffer and whether its beginning is known to be a frame's.
pub struct Inbound {
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    in_step: bool,
}

impl Default for Inbound {
    fn default() -> Self {
        Inbound { buffer: vec![0; BUFFER_BYTES].into_boxed_slice(), start: 0, end: 0, in_step: false }
    }
}

impl Inbound {
    /// Reads what is there now, as far as it fits.
    pub fn fill(&mut self, stream: RawFd) -> io::Result<Filled> {
        self.make_room();
        while self.end < self.buffer.len() {
            let space = &mut self.buffer[self.end..];
            let asked = space.len();
            match fd::read(stream, space) {
                Ok(0) => return Ok(Filled::HostLeft),
                Ok(count) => {
                    self.end += count;
                    if count < asked.min(PORT_READ_BYTES) {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(Filled::Open)
    }

    fn make_room(&mut self) {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
    }

    /// Forgets everything: another stream begins.
    pub fn reset(&mut self) {
        self.start = 0;
        self.end = 0;
        self.in_step = false;
    }

    /// From here on only a HELLO counts.
    pub fn lose_step(&mut self) {
        self.in_step = false;
    }

    /// Whether a frame has begun of which more must come.
    pub fn is_inside_frame(&self) -> bool {
        self.in_step && self.start < self.end
    }

    /// Whether what looks like an unfinished frame ends in a whole HELLO: then another host has taken the
    /// place of the one that began the frame.
    pub fn ends_in_hello(&self) -> bool {
        let bytes = &self.buffer[self.start..self.end];
        let last = bytes.windows(START_BYTES).rposition(is_hello_start);
        last.map_or(false, |at| HostHello::parse(&bytes[at + HEADER_BYTES..]).is_ok())
    }

    /// The next frame, if it is there in full.
    pub fn next(&mut self) -> Received<'_> {
        if !self.in_step {
            return self.find_hello();
        }
        let header = match self.header() {
            Ok(Some(header)) => header,
            Ok(None) => return Received::Nothing,
            Err(malformed) => return self.malformed(malformed),
        };
        let payload_start = self.start + HEADER_BYTES;
        let payload_end = payload_start + header.length;
        if self.end < payload_end {
            return Received::Nothing;
        }
        self.start = payload_end;
        if header.kind != FrameType::Hello {
            let payload = &self.buffer[payload_start..payload_end];
            return Received::Frame(Frame { channel: header.channel, kind: header.kind, payload });
        }
        let hello = HostHello::parse(&self.buffer[payload_start..payload_end]);
        match hello {
            Ok(hello) if header.channel == 0 => Received::Hello(hello),
            Ok(_) => self.malformed(Malformed::new("a hello on a channel")),
            Err(malformed) => self.malformed(malformed),
        }
    }

    fn malformed(&mut self, malformed: Malformed) -> Received<'_> {
        self.in_step = false;
        Received::Malformed(malformed)
    }

    fn header(&self) -> Result<Option<Header>, Malformed> {
        if self.end - self.start < HEADER_BYTES {
            return Ok(None);
        }
        let mut bytes = [0; HEADER_BYTES];
        bytes.copy_from_slice(&self.buffer[self.start..self.start + HEADER_BYTES]);
        Header::parse(&bytes).map(Some)
    }

    /// Throws bytes away up to a HELLO that is well-formed and there in full.
    ///
    /// A HELLO may itself have been cut off by a host that died, so one that begins inside another's
    /// payload takes its place: a nonce or a capability never holds the magic.
    fn find_hello(&mut self) -> Received<'_> {
        loop {
            let bytes = &self.buffer[self.start..self.end];
            let found = bytes.windows(START_BYTES).position(is_hello_start);
            self.start = match found {
                Some(offset) => self.start + offset,
                None => self.end.saturating_sub(START_BYTES - 1).max(self.start),
            };
            let length = match self.header() {
                Ok(Some(header)) if found.is_some() => header.length,
                _ => return Received::Nothing,
            };
            let payload_start = self.start + HEADER_BYTES;
            let payload_end = payload_start + length;
            // One that begins in the payload's last bytes ends behind it.
            let searched = &self.buffer[payload_start..(payload_end + START_BYTES - 1).min(self.end)];
            let interrupted = searched.windows(START_BYTES).position(is_hello_start);
            if let Some(offset) = interrupted {
                self.start = payload_start + offset;
                continue;
            }
            if self.end < payload_end {
                return Received::Nothing;
            }
            match HostHello::parse(&self.buffer[payload_start..payload_end]) {
                Ok(hello) => {
                    self.start = payload_end;
                    self.in_step = true;
                    return Received::Hello(hello);
                }
                Err(_) => self.start += 1,
            }
        }
    }
}

/// Whether nine bytes of header and the magic begin a HELLO.
fn is_hello_start(window: &[u8]) -> bool {
    const MOST: usize = MAX_PAYLOAD_BYTES;
    // The magic's first byte is looked at first: this runs over every byte that is thrown away.
    window[HEADER_BYTES] == MAGIC[0]
        && &window[HEADER_BYTES..] == MAGIC
        && window[4..9] == [0, 0, 0, 0, FrameType::Hello as u8]
        && u32::from_be_bytes([window[0], window[1], window[2], window[3]]) as usize <= MOST
}
