//! Frames on their way to the host.

use crate::os::fd;
use crate::wire::frame::{FrameType, Header, HEADER_BYTES, MAX_PAYLOAD_BYTES};
use crate::wire::refusal::Refusal;
use crate::wire::writer::Writer;
use std::io;
use std::os::unix::io::RawFd;

/// No output is read from processes while this much waits for the host.
const HIGH_WATER_BYTES: usize = 256 * 1024;

/// No frames are taken from the host while this much waits for it: it must read its answers first.
const FULL_BYTES: usize = 1024 * 1024;

const MAX_MESSAGE_BYTES: usize = 1024;

/// The bytes that the host has not taken yet.
#[derive(Default)]
pub struct Outbound {
    bytes: Vec<u8>,
    /// How much of `bytes` is written.
    written: usize,
    /// Where the frame begins that is being written.
    frame: usize,
}

impl Outbound {
    pub fn push(&mut self, channel: u32, kind: FrameType, payload: &[u8]) {
        debug_assert!(payload.len() <= MAX_PAYLOAD_BYTES);
        let header = Header { length: payload.len(), channel, kind };
        self.bytes.extend_from_slice(&header.to_bytes());
        self.bytes.extend_from_slice(payload);
    }

    pub fn refuse(&mut self, channel: u32, refusal: &Refusal) {
        self.push(channel, FrameType::Refused, &reason(refusal));
    }

    pub fn error(&mut self, refusal: &Refusal) {
        self.push(0, FrameType::Error, &reason(refusal));
    }

    /// Reads up to `limit` bytes from `source` straight into a frame of its own. Nothing is sent where
    /// nothing was read.
    pub fn push_read(&mut self, channel: u32, kind: FrameType, source: RawFd, limit: usize) -> io::Result<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; HEADER_BYTES]);
        let result = fd::read_onto(source, &mut self.bytes, limit.min(MAX_PAYLOAD_BYTES));
        match result {
            Ok(length) if length > 0 => {
                let header = Header { length, channel, kind }.to_bytes();
                self.bytes[start..start + HEADER_BYTES].copy_from_slice(&header);
            }
            _ => self.bytes.truncate(start),
        }
        result
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn has_room(&self) -> bool {
        self.bytes.len() - self.written < HIGH_WATER_BYTES
    }

    pub fn is_full(&self) -> bool {
        self.bytes.len() - self.written >= FULL_BYTES
    }

    /// Writes as much as the stream takes.
    pub fn flush(&mut self, stream: RawFd) -> io::Result<()> {
        while self.written < self.bytes.len() {
            match fd::write(stream, &self.bytes[self.written..]) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.compact();
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        self.reset();
        Ok(())
    }

    /// Forgets everything: another stream begins.
    pub fn reset(&mut self) {
        self.bytes.clear();
        self.written = 0;
        self.frame = 0;
    }

    /// Drops what is queued, except for the rest of a frame that is half written.
    pub fn drop_queued(&mut self) {
        self.find_frame();
        let end = if self.frame < self.written { self.frame_end() } else { self.written };
        self.bytes.truncate(end);
    }

    /// Moves `frame` on to the frame that `written` is in, or stands at the beginning of.
    fn find_frame(&mut self) {
        while self.frame < self.written && self.frame_end() <= self.written {
            self.frame = self.frame_end();
        }
    }

    fn frame_end(&self) -> usize {
        let at = self.frame;
        let length = [self.bytes[at], self.bytes[at + 1], self.bytes[at + 2], self.bytes[at + 3]];
        at + HEADER_BYTES + u32::from_be_bytes(length) as usize
    }

    fn compact(&mut self) {
        if self.written >= HIGH_WATER_BYTES / 2 {
            self.find_frame();
            self.bytes.drain(..self.frame);
            self.written -= self.frame;
            self.frame = 0;
        }
    }
}

fn reason(refusal: &Refusal) -> Vec<u8> {
    // A message may quote what the host sent, which is nearly as long as a frame may be.
    let mut message = refusal.message.clone();
    if message.len() > MAX_MESSAGE_BYTES {
        let cut = (0..=MAX_MESSAGE_BYTES).rev().find(|at| message.is_char_boundary(*at));
        message.truncate(cut.unwrap_or(0));
    }
    Writer::default().u16(refusal.code as u16).text(&message).done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::os::unix::io::AsRawFd;
    use std::os::unix::net::UnixStream;

    fn frame(payload: &[u8]) -> Vec<u8> {
        let mut outbound = Outbound::default();
        outbound.push(1, FrameType::Data, payload);
        outbound.bytes
    }

    /// A stream that has taken part of what was queued, and its other end.
    fn stuck(outbound: &mut Outbound) -> (UnixStream, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        outbound.flush(ours.as_raw_fd()).unwrap();
        assert!(!outbound.is_empty());
        (ours, theirs)
    }

    #[test]
    fn only_the_rest_of_a_half_written_frame_survives_a_new_session() {
        let mut outbound = Outbound::default();
        for fill in 0..40 {
            outbound.push(1, FrameType::Data, &[fill; 60_000]);
        }
        let (mut ours, mut theirs) = stuck(&mut outbound);
        outbound.drop_queued();
        outbound.push(0, FrameType::Hello, b"hello");
        ours.set_nonblocking(false).unwrap();
        let reading = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            theirs.read_to_end(&mut bytes).unwrap();
            bytes
        });
        outbound.flush(ours.as_raw_fd()).unwrap();
        ours.flush().unwrap();
        drop(ours);
        let bytes = reading.join().unwrap();
        // Whole frames in order, then the hello, and nothing cut.
        let whole = (bytes.len() - HEADER_BYTES - 5) / (HEADER_BYTES + 60_000);
        let mut expected: Vec<u8> = (0..whole as u8).flat_map(|fill| frame(&[fill; 60_000])).collect();
        expected.extend_from_slice(&[0, 0, 0, 5, 0, 0, 0, 0, FrameType::Hello as u8]);
        expected.extend_from_slice(b"hello");
        assert!(whole > 0 && whole < 40);
        assert!(bytes == expected);
    }

    #[test]
    fn at_a_frame_s_boundary_nothing_survives() {
        let mut outbound = Outbound::default();
        outbound.push(1, FrameType::Data, b"queued");
        outbound.drop_queued();
        assert!(outbound.is_empty());
    }

    #[test]
    fn a_long_message_is_cut_at_a_character() {
        let mut outbound = Outbound::default();
        outbound.refuse(1, &Refusal::failed("ä".repeat(40_000)));
        let text = &outbound.bytes[HEADER_BYTES + 6..];
        assert_eq!(std::str::from_utf8(text).unwrap().len(), MAX_MESSAGE_BYTES);
        outbound.reset();
        outbound.refuse(1, &Refusal::failed(format!("x{}", "ä".repeat(40_000))));
        let text = &outbound.bytes[HEADER_BYTES + 6..];
        assert_eq!(std::str::from_utf8(text).unwrap().len(), MAX_MESSAGE_BYTES - 1);
    }
}
