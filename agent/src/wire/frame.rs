//! Frames: a header of length, channel and type, then the payload.

use crate::wire::refusal::Malformed;

pub const HEADER_BYTES: usize = 9;
pub const MAX_PAYLOAD_BYTES: usize = 65_536;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameType {
    Hello = 1,
    Error = 2,
    Open = 16,
    Opened = 17,
    Refused = 18,
    Reply = 19,
    Data = 20,
    DataErr = 21,
    Eof = 22,
    Credit = 23,
    Signal = 24,
    Resize = 25,
    Exit = 26,
    Close = 27,
}

impl FrameType {
    pub fn from_byte(byte: u8) -> Option<FrameType> {
        Some(match byte {
            1 => FrameType::Hello,
            2 => FrameType::Error,
            16 => FrameType::Open,
            17 => FrameType::Opened,
            18 => FrameType::Refused,
            19 => FrameType::Reply,
            20 => FrameType::Data,
            21 => FrameType::DataErr,
            22 => FrameType::Eof,
            23 => FrameType::Credit,
            24 => FrameType::Signal,
            25 => FrameType::Resize,
            26 => FrameType::Exit,
            27 => FrameType::Close,
            _ => return None,
        })
    }
}

/// The first nine bytes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub length: usize,
    pub channel: u32,
    pub kind: FrameType,
}

impl Header {
    pub fn parse(bytes: &[u8; HEADER_BYTES]) -> Result<Header, Malformed> {
        let length = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        let channel = u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        if length > MAX_PAYLOAD_BYTES {
            return Err(Malformed(format!("a frame of {} bytes: at most {} are allowed", length, MAX_PAYLOAD_BYTES)));
        }
        let kind =
            FrameType::from_byte(bytes[8]).ok_or_else(|| Malformed(format!("unknown frame type {}", bytes[8])))?;
        Ok(Header { length, channel, kind })
    }

    pub fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0..4].copy_from_slice(&(self.length as u32).to_be_bytes());
        bytes[4..8].copy_from_slice(&self.channel.to_be_bytes());
        bytes[8] = self.kind as u8;
        bytes
    }
}

/// A received frame, its payload still where it was read to.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    pub channel: u32,
    pub kind: FrameType,
    pub payload: &'a [u8],
}
