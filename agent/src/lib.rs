//! The guest's side of banger: the initramfs's first process, and the agent that the daemon talks to.
//!
//! `boot` makes a root file system out of disks, `agent` is the event loop, `session` holds its channels,
//! `channel` has one file for each kind of work, `stream` moves frames, `wire` reads and writes them, and
//! `os` wraps the system calls that `sys` declares. The protocol is in `docs/guest-protocol.md`.

pub mod accounts;
pub mod agent;
pub mod boot;
pub mod channel;
pub mod guest;
pub mod os;
pub mod session;
pub mod stream;
pub mod sys;
pub mod wire;
