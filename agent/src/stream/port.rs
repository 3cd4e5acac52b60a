//! A virtio-serial port as the stream.

use crate::os::{check, poll};
use crate::sys::{self, EpollEvent};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::io::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::path::PathBuf;

/// An open port, and the host's presence at its other end.
pub struct Port {
    file: File,
    /// Tells of the host's return, while it is away.
    ///
    /// poll(2) on the port itself would report POLLHUP at once, for as long as the host is away. An
    /// edge-triggered epoll stays quiet until the port's state changes.
    away: Option<OwnedFd>,
}

impl Port {
    /// Finds a port by the name that the host gave it.
    pub fn find(name: &str) -> Option<PathBuf> {
        let ports = fs::read_dir("/sys/class/virtio-ports").ok()?;
        let named = |entry: &fs::DirEntry| {
            let found = fs::read_to_string(entry.path().join("name"));
            found.map_or(false, |found| found.trim_end() == name)
        };
        let port = ports.flatten().find(named)?;
        Some(PathBuf::from("/dev").join(port.file_name()))
    }

    pub fn open(path: &PathBuf) -> io::Result<Port> {
        let flags = sys::O_NONBLOCK | sys::O_CLOEXEC | sys::O_NOCTTY;
        let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)?;
        let mut port = Port { file, away: None };
        if port.hung_up() {
            port.host_left()?;
        }
        Ok(port)
    }

    pub fn fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }

    /// What to wait on for the host's return, while it is away.
    pub fn away(&self) -> Option<RawFd> {
        self.away.as_ref().map(|epoll| epoll.as_raw_fd())
    }

    pub fn host_left(&mut self) -> io::Result<()> {
        let epoll = unsafe { OwnedFd::from_raw_fd(check(sys::epoll_create1(sys::O_CLOEXEC))?) };
        // A host that is back and says nothing yet makes the port writable, and nothing else.
        let mut event = EpollEvent { events: sys::EPOLLIN | sys::EPOLLOUT | sys::EPOLLET, data: 0 };
        check(unsafe { sys::epoll_ctl(epoll.as_raw_fd(), sys::EPOLL_CTL_ADD, self.fd(), &mut event) })?;
        // A host that came back before the epoll watched for it would be waited for in vain.
        self.away = if self.hung_up() { Some(epoll) } else { None };
        Ok(())
    }

    /// Whether the host is back; to be asked when `away` is readable.
    pub fn returned(&mut self) -> bool {
        if let Some(epoll) = self.away() {
            let mut event = EpollEvent { events: 0, data: 0 };
            unsafe { sys::epoll_wait(epoll, &mut event, 1, 0) };
        }
        if self.hung_up() {
            return false;
        }
        self.away = None;
        true
    }

    fn hung_up(&self) -> bool {
        poll::look(self.fd(), sys::POLLIN) & sys::POLLHUP != 0
    }
}
