//! A vsock connection to the host as the stream, made again whenever it ends.

use crate::os::socket;
use std::io;
use std::os::unix::io::{AsRawFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};

const QUICK_RETRY: Duration = Duration::from_millis(20);
const SLOW_RETRY: Duration = Duration::from_millis(500);

/// Tries at the quick pace; afterwards the host is not just restarting.
const QUICK_TRIES: u32 = 100;

enum State {
    Waiting(Instant),
    Connecting(OwnedFd),
    Connected(OwnedFd),
}

/// The connection to one of the host's ports, or the attempt at it.
pub struct Vsock {
    port: u32,
    state: State,
    tries: u32,
}

impl Vsock {
    pub fn new(port: u32) -> Vsock {
        Vsock { port, state: State::Waiting(Instant::now()), tries: 0 }
    }

    pub fn stream(&self) -> Option<RawFd> {
        match &self.state {
            State::Connected(socket) => Some(socket.as_raw_fd()),
            _ => None,
        }
    }

    /// The attempt that is under way: writable when it is decided.
    pub fn connecting(&self) -> Option<RawFd> {
        match &self.state {
            State::Connecting(socket) => Some(socket.as_raw_fd()),
            _ => None,
        }
    }

    /// When the next attempt is due.
    pub fn retry_at(&self) -> Option<Instant> {
        match self.state {
            State::Waiting(at) => Some(at),
            _ => None,
        }
    }

    /// Starts an attempt if one is due.
    pub fn retry(&mut self, now: Instant) {
        if self.retry_at().map_or(false, |at| at <= now) {
            match socket::connect_vsock(self.port) {
                Ok(socket) => self.state = State::Connecting(socket),
                Err(error) => self.failed(error),
            }
        }
    }

    /// Answers whether the attempt succeeded; to be asked when `connecting` is writable.
    pub fn decided(&mut self) -> bool {
        let state = std::mem::replace(&mut self.state, State::Waiting(Instant::now()));
        match state {
            State::Connecting(socket) => match socket::connect_error(socket.as_raw_fd()) {
                None => {
                    self.state = State::Connected(socket);
                    self.tries = 0;
                    true
                }
                Some(error) => {
                    self.failed(error);
                    false
                }
            },
            other => {
                self.state = other;
                false
            }
        }
    }

    pub fn host_left(&mut self) {
        self.state = State::Waiting(Instant::now());
    }

    fn failed(&mut self, _nobody_listens_yet: io::Error) {
        self.tries = self.tries.saturating_add(1);
        let pause = if self.tries < QUICK_TRIES { QUICK_RETRY } else { SLOW_RETRY };
        self.state = State::Waiting(Instant::now() + pause);
    }
}
