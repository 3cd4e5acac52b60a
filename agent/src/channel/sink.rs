//! The host's bytes on their way into a process, a connection or a terminal.

use crate::channel::{Context, INITIAL_CREDIT};
use crate::os::fd;
use crate::wire::frame::FrameType;
use crate::wire::refusal::Malformed;
use std::io;
use std::os::unix::io::{AsRawFd, OwnedFd, RawFd};
use std::rc::Rc;

/// Credit is given back in steps of this size, not for every frame.
const GRANT_BYTES: u32 = 65_536;

/// A descriptor that is written to as it takes bytes, and the credit for what it has taken.
///
/// At most the credit's window waits in memory. What comes after the reader has gone is thrown away and
/// counts as passed on, so that the host does not wait for ever.
pub struct Sink {
    fd: Option<Rc<OwnedFd>>,
    waiting: Vec<u8>,
    /// How much of `waiting` is written.
    written: usize,
    /// What the host may still send.
    credit: u32,
    /// What was passed on and not given back as credit.
    passed: u32,
    host_ended: bool,
    last_byte: Option<u8>,
    grown: bool,
}

impl Sink {
    pub fn new(fd: Option<Rc<OwnedFd>>) -> Sink {
        Sink {
            fd,
            waiting: Vec::new(),
            written: 0,
            credit: INITIAL_CREDIT,
            passed: 0,
            host_ended: false,
            last_byte: None,
            grown: false,
        }
    }

    /// Takes a DATA frame's bytes.
    pub fn accept(&mut self, bytes: &[u8], context: &mut Context) -> Result<(), Malformed> {
        if self.host_ended {
            return Err(Malformed(format!("data after the end of data on channel {}", context.id)));
        }
        if bytes.len() > self.credit as usize {
            let (id, length, credit) = (context.id, bytes.len(), self.credit);
            return Err(Malformed(format!("{} bytes on channel {}, which has credit for {}", length, id, credit)));
        }
        self.credit -= bytes.len() as u32;
        self.last_byte = bytes.last().copied();
        let taken = if self.waiting.is_empty() { self.write(bytes) } else { 0 };
        self.waiting.extend_from_slice(&bytes[taken..]);
        self.grant(context);
        Ok(())
    }

    /// The host will send no more.
    pub fn end(&mut self) {
        self.host_ended = true;
    }

    /// Writes what waits.
    pub fn flush(&mut self, context: &mut Context) {
        let waiting = std::mem::take(&mut self.waiting);
        let start = std::mem::take(&mut self.written);
        let taken = self.write(&waiting[start..]);
        if start + taken < waiting.len() {
            self.waiting = waiting;
            self.written = start + taken;
        }
        self.grant(context);
    }

    /// Adds bytes that are not the host's, for which no credit counts.
    pub fn append(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// The descriptor to wait for, if bytes wait for it.
    pub fn blocked(&self) -> Option<RawFd> {
        let fd = self.fd.as_ref()?;
        if self.waiting.is_empty() {
            None
        } else {
            Some(fd.as_raw_fd())
        }
    }

    /// Whether the host has ended its data and all of it is passed on.
    pub fn is_done(&self) -> bool {
        self.host_ended && self.waiting.is_empty()
    }

    /// Whether the last line was not ended, as far as the host sent anything.
    pub fn inside_line(&self) -> bool {
        self.last_byte.map_or(false, |byte| byte != b'\n')
    }

    pub fn fd(&self) -> Option<RawFd> {
        self.fd.as_ref().map(|fd| fd.as_raw_fd())
    }

    pub fn drop_fd(&mut self) {
        self.fd = None;
        self.waiting.clear();
        self.written = 0;
    }

    /// Answers how many bytes need not be kept.
    fn write(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        while taken < bytes.len() {
            let target = match &self.fd {
                Some(fd) => fd.as_raw_fd(),
                None => {
                    taken = bytes.len();
                    break;
                }
            };
            match fd::write(target, &bytes[taken..]) {
                Ok(count) => taken += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.grown {
                        break;
                    }
                    // A pipe that fills up is worth a larger buffer, and may take the rest then.
                    self.grown = true;
                    fd::grow_pipe(target);
                }
                Err(_) => self.drop_fd(),
            }
        }
        self.passed += taken as u32;
        taken
    }

    fn grant(&mut self, context: &mut Context) {
        if self.passed >= GRANT_BYTES && !self.host_ended {
            context.out.push(context.id, FrameType::Credit, &self.passed.to_be_bytes());
            self.credit += self.passed;
            self.passed = 0;
        }
    }
}
