//! What a process, a connection or a terminal writes, on its way to the host.

use crate::channel::{Context, MAX_CREDIT};
use crate::os::fd;
use crate::sys;
use crate::wire::frame::{FrameType, MAX_PAYLOAD_BYTES};
use crate::wire::refusal::Malformed;
use std::io;
use std::os::unix::io::{AsRawFd, OwnedFd, RawFd};
use std::rc::Rc;

/// The default size of a pipe: a read of so much says that the pipe was full.
const FULL_PIPE_BYTES: usize = 65_536;

/// Adds credit that the host gives.
pub fn add_credit(credit: &mut u32, more: u32) -> Result<(), Malformed> {
    match credit.checked_add(more) {
        Some(sum) if sum <= MAX_CREDIT => *credit = sum,
        _ => return Err(Malformed(format!("credit of {} and {} more is above {}", credit, more, MAX_CREDIT))),
    }
    Ok(())
}

/// How much is still to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    ToTheEnd,
    /// So many bytes: what a pipe held when its process ended.
    Bytes(usize),
    /// Until nothing is there for the moment: a terminal whose process has ended.
    WhatIsThere,
}

/// A descriptor that is read into frames, as credit and room allow.
pub struct Source {
    fd: Option<Rc<OwnedFd>>,
    frame: FrameType,
    extent: Extent,
    grown: bool,
    /// Why it ended, where that was not an orderly end.
    pub broken: Option<io::Error>,
}

impl Source {
    pub fn new(fd: Option<Rc<OwnedFd>>, frame: FrameType) -> Source {
        Source { fd, frame, extent: Extent::ToTheEnd, grown: false, broken: None }
    }

    pub fn is_done(&self) -> bool {
        self.fd.is_none()
    }

    pub fn fd(&self) -> Option<RawFd> {
        self.fd.as_ref().map(|fd| fd.as_raw_fd())
    }

    /// The process behind a pipe has ended: what the pipe holds now is all that counts.
    pub fn only_what_the_pipe_holds(&mut self) {
        if let Some(fd) = self.fd() {
            match fd::readable_bytes(fd) {
                Ok(0) | Err(_) => self.fd = None,
                Ok(held) => self.extent = Extent::Bytes(held),
            }
        }
    }

    /// The process behind a terminal has ended.
    pub fn only_what_is_there(&mut self) {
        self.extent = Extent::WhatIsThere;
    }

    /// Reads what is there, at most as much as credit and room allow.
    pub fn pump(&mut self, credit: &mut u32, context: &mut Context) {
        while let Some(fd) = self.fd() {
            if *credit == 0 || !context.out.has_room() {
                return;
            }
            let limit = (*credit as usize).min(MAX_PAYLOAD_BYTES).min(self.left());
            match context.out.push_read(context.id, self.frame, fd, limit) {
                Ok(0) => self.fd = None,
                Ok(count) => {
                    *credit -= count as u32;
                    self.passed(count);
                    if count < limit && self.extent == Extent::ToTheEnd {
                        return;
                    }
                    self.grow(fd, count);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.extent != Extent::ToTheEnd {
                        self.fd = None;
                    }
                    return;
                }
                Err(error) => {
                    // A terminal whose last process closed it says EIO: that is its end of file.
                    if error.raw_os_error() != Some(sys::EIO) {
                        self.broken = Some(error);
                    }
                    self.fd = None;
                }
            }
        }
    }

    fn left(&self) -> usize {
        match self.extent {
            Extent::Bytes(left) => left,
            Extent::ToTheEnd | Extent::WhatIsThere => usize::MAX,
        }
    }

    fn passed(&mut self, count: usize) {
        if let Extent::Bytes(left) = &mut self.extent {
            *left -= count;
            if *left == 0 {
                self.fd = None;
            }
        }
    }

    fn grow(&mut self, fd: RawFd, count: usize) {
        if !self.grown && count == FULL_PIPE_BYTES {
            self.grown = true;
            fd::grow_pipe(fd);
        }
    }
}
