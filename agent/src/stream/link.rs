//! The way to the host, whatever it is made of.

use crate::os::poll::PollSet;
use crate::stream::port::Port;
use crate::stream::vsock::Vsock;
use crate::sys;
use std::io;
use std::os::raw::c_short;
use std::os::unix::io::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Instant;

/// One stream at a time to the host.
pub enum Link {
    Port(Port),
    Vsock(Vsock),
    /// Development and tests: the agent as an ordinary process, one client after the other.
    Listener {
        listener: UnixListener,
        client: Option<UnixStream>,
    },
    /// The same on a descriptor that it was started with; the agent ends with it.
    Inherited(Option<OwnedFd>),
}

/// What has happened to the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Nothing,
    /// A new stream, of which nothing has been read.
    Connected,
    Readable,
}

impl Link {
    /// The stream to read from and write to, while the host is there.
    pub fn stream(&self) -> Option<RawFd> {
        match self {
            Link::Port(port) if port.away().is_none() => Some(port.fd()),
            Link::Port(_) => None,
            Link::Vsock(vsock) => vsock.stream(),
            Link::Listener { client, .. } => client.as_ref().map(|client| client.as_raw_fd()),
            Link::Inherited(fd) => fd.as_ref().map(|fd| fd.as_raw_fd()),
        }
    }

    /// Whether no stream will ever come again.
    pub fn is_over(&self) -> bool {
        matches!(self, Link::Inherited(None))
    }

    /// Adds to the set what to wait for.
    pub fn watch<T: Copy>(&self, set: &mut PollSet<T>, tag: T, read: bool, write: bool) {
        if let Some(stream) = self.stream() {
            let events = if read { sys::POLLIN } else { 0 } | if write { sys::POLLOUT } else { 0 };
            return set.add(stream, events, tag);
        }
        match self {
            Link::Port(port) => port.away().into_iter().for_each(|away| set.add(away, sys::POLLIN, tag)),
            Link::Listener { listener, .. } => set.add(listener.as_raw_fd(), sys::POLLIN, tag),
            Link::Vsock(vsock) => {
                vsock.connecting().into_iter().for_each(|fd| set.add(fd, sys::POLLOUT, tag));
                vsock.retry_at().into_iter().for_each(|at| set.wake_at(at));
            }
            Link::Inherited(_) => {}
        }
    }

    /// Takes in what the set reported.
    pub fn news(&mut self, events: c_short) -> News {
        if self.stream().is_some() {
            let readable = events & (sys::POLLIN | sys::POLLHUP | sys::POLLERR) != 0;
            return if readable { News::Readable } else { News::Nothing };
        }
        let connected = match self {
            Link::Port(port) => port.returned(),
            Link::Vsock(vsock) => vsock.decided(),
            Link::Listener { listener, client } => {
                *client = accept(listener).ok();
                client.is_some()
            }
            Link::Inherited(_) => false,
        };
        if connected {
            News::Connected
        } else {
            News::Nothing
        }
    }

    pub fn tick(&mut self, now: Instant) {
        if let Link::Vsock(vsock) = self {
            vsock.retry(now);
        }
    }

    /// The stream is at its end, or broken.
    pub fn host_left(&mut self) -> io::Result<()> {
        match self {
            Link::Port(port) => port.host_left()?,
            Link::Vsock(vsock) => vsock.host_left(),
            Link::Listener { client, .. } => *client = None,
            Link::Inherited(fd) => *fd = None,
        }
        Ok(())
    }

    /// Whether the next host finds the stream as the last one left it: then frames in both directions may be
    /// cut in half, and the change itself may be told late or not at all.
    pub fn changes_hosts_unseen(&self) -> bool {
        matches!(self, Link::Port(_))
    }
}

fn accept(listener: &UnixListener) -> io::Result<UnixStream> {
    let (client, _) = listener.accept()?;
    client.set_nonblocking(true)?;
    Ok(client)
}
