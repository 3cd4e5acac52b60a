//! The greeting that starts a session.

use crate::wire::reader::Reader;
use crate::wire::refusal::Malformed;
use crate::wire::writer::Writer;
use std::convert::TryInto;

pub const MAGIC: &[u8; 16] = b"banger-stream-v1";
pub const VERSION: u16 = 1;
pub const MAX_CAPABILITIES: usize = 64;

/// The channel kinds that this agent serves.
pub const CAPABILITIES: [&str; 15] = [
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
    "hold",
    "network",
    "adopt",
    "exec-mise",
];

/// What the host says first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostHello {
    pub nonce: [u8; 16],
    pub version: u16,
    pub capabilities: Vec<String>,
}

impl HostHello {
    pub fn parse(payload: &[u8]) -> Result<HostHello, Malformed> {
        let mut reader = Reader::new(payload);
        if reader.take(16, "magic")? != MAGIC {
            return Err(Malformed::new("a hello without the magic"));
        }
        let nonce = reader.take(16, "nonce")?.try_into().unwrap();
        let version = reader.u16("version")?;
        if version == 0 {
            return Err(Malformed::new("version 0"));
        }
        let capabilities = reader.list(4, "capabilities", |r| r.text("capability").map(String::from))?;
        if capabilities.len() > MAX_CAPABILITIES {
            return Err(Malformed(format!("{} capabilities", capabilities.len())));
        }
        reader.end()?;
        Ok(HostHello { nonce, version, capabilities })
    }
}

/// The agent's answer.
pub fn answer(nonce: &[u8; 16], boot_id: &str) -> Vec<u8> {
    Writer::default()
        .raw(MAGIC)
        .raw(nonce)
        .u16(VERSION)
        .texts(&CAPABILITIES)
        .text(env!("CARGO_PKG_VERSION"))
        .text(boot_id)
        .done()
}
