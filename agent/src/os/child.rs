//! Child processes, each with a descriptor that becomes readable when it has ended.

use crate::os::{check, signal};
use crate::sys;
use std::io;
use std::os::raw::c_int;
use std::os::unix::io::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Exited(u8),
    Killed(u8),
}

/// A process that has not been waited for.
pub struct Child {
    pid: c_int,
    pidfd: OwnedFd,
}

impl Child {
    pub fn new(pid: c_int, pidfd: OwnedFd) -> Child {
        Child { pid, pidfd }
    }

    /// Runs `work` in a copy of this process, which ends with the status that `work` answers.
    ///
    /// Of the agent's descriptors the copy has only standard ones and those in `keep`: any other that it
    /// held open would keep some command from seeing its end of input.
    pub fn fork(keep: &[RawFd], work: impl FnOnce() -> u8) -> io::Result<Child> {
        let pid = check(unsafe { sys::fork() })?;
        if pid == 0 {
            close_all_but(keep);
            let status = catch_unwind(AssertUnwindSafe(work)).unwrap_or(u8::MAX);
            unsafe { sys::_exit(c_int::from(status)) }
        }
        let pidfd = unsafe { sys::syscall(sys::SYS_PIDFD_OPEN, pid, 0) } as c_int;
        Ok(Child { pid, pidfd: unsafe { OwnedFd::from_raw_fd(check(pidfd)?) } })
    }

    pub fn pid(&self) -> u32 {
        self.pid as u32
    }

    /// Readable when the process has ended.
    pub fn pidfd(&self) -> RawFd {
        self.pidfd.as_raw_fd()
    }

    /// Collects the process if it has ended; after `Some` it must not be asked again.
    pub fn ending(&self) -> Option<Ending> {
        let mut status: c_int = 0;
        let pid = unsafe { sys::wait4(self.pid, &mut status, sys::WNOHANG, ptr::null_mut()) };
        if pid == 0 {
            return None;
        }
        let signal = status & 0x7f;
        Some(if signal == 0 { Ending::Exited((status >> 8) as u8) } else { Ending::Killed(signal as u8) })
    }

    /// Collects a process that is about to end.
    pub fn wait_briefly(self) {
        unsafe { sys::wait4(self.pid, ptr::null_mut(), 0, ptr::null_mut()) };
    }

    /// Signals the process group that the process leads.
    pub fn signal_group(&self, number: c_int) {
        signal::send(-self.pid, number);
    }
}

fn close_all_but(keep: &[RawFd]) {
    const FIRST: RawFd = 3;
    let mut sorted = keep.to_vec();
    sorted.sort_unstable();
    let mut next = FIRST;
    for fd in sorted.into_iter().filter(|fd| *fd >= FIRST).chain(Some(RawFd::MAX)) {
        if next < fd {
            unsafe { sys::syscall(sys::SYS_CLOSE_RANGE, next, fd - 1, 0) };
        }
        next = fd.saturating_add(1);
    }
}
