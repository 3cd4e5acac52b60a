//! The set of descriptors that one turn of the event loop waits for.

use crate::sys::{self, PollFd};
use std::io;
use std::os::raw::{c_int, c_short};
use std::os::unix::io::RawFd;
use std::time::{Duration, Instant};

/// Descriptors, each with the tag that tells whose it is.
pub struct PollSet<T> {
    fds: Vec<PollFd>,
    tags: Vec<T>,
    deadline: Option<Instant>,
}

impl<T: Copy> Default for PollSet<T> {
    fn default() -> Self {
        PollSet { fds: Vec::new(), tags: Vec::new(), deadline: None }
    }
}

impl<T: Copy> PollSet<T> {
    pub fn clear(&mut self) {
        self.fds.clear();
        self.tags.clear();
        self.deadline = None;
    }

    pub fn add(&mut self, fd: RawFd, events: c_short, tag: T) {
        self.fds.push(PollFd { fd, events, revents: 0 });
        self.tags.push(tag);
    }

    /// Makes the wait end at `deadline` at the latest.
    pub fn wake_at(&mut self, deadline: Instant) {
        self.deadline = Some(self.deadline.map_or(deadline, |earlier| earlier.min(deadline)));
    }

    /// Waits and answers how many descriptors have news; a signal counts as none.
    pub fn wait(&mut self) -> io::Result<usize> {
        let timeout = self.deadline.map_or(-1, milliseconds_until);
        let ready = unsafe { sys::poll(self.fds.as_mut_ptr(), self.fds.len() as _, timeout) };
        if ready >= 0 {
            return Ok(ready as usize);
        }
        let error = io::Error::last_os_error();
        if error.raw_os_error() == Some(sys::EINTR) {
            self.fds.iter_mut().for_each(|fd| fd.revents = 0);
            return Ok(0);
        }
        Err(error)
    }

    pub fn len(&self) -> usize {
        self.fds.len()
    }

    pub fn is_empty(&self) -> bool {
        self.fds.is_empty()
    }

    pub fn events(&self, index: usize) -> (T, c_short) {
        (self.tags[index], self.fds[index].revents)
    }
}

/// What one descriptor reports now, without waiting.
pub fn look(fd: RawFd, events: c_short) -> c_short {
    let mut entry = PollFd { fd, events, revents: 0 };
    unsafe { sys::poll(&mut entry, 1, 0) };
    entry.revents
}

/// Rounded up, so that a timer is due when the wait for it ends.
fn milliseconds_until(deadline: Instant) -> c_int {
    let left = deadline.saturating_duration_since(Instant::now()) + Duration::from_micros(999);
    left.as_millis().min(3_600_000) as c_int
}
