//! The loopback interface, which a guest without a network set-up of its own would lack.

use crate::os::check;
use crate::sys;
use std::io;
use std::net::UdpSocket;
use std::os::unix::io::AsRawFd;

/// The part of `struct ifreq` for flags, at its full size.
#[repr(C)]
struct InterfaceFlags {
    name: [u8; 16],
    flags: i16,
    padding: [u8; 22],
}

pub fn bring_up() -> io::Result<()> {
    const UP_AND_RUNNING: i16 = 0x1 | 0x40;
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    let mut request = InterfaceFlags { name: [0; 16], flags: UP_AND_RUNNING, padding: [0; 22] };
    request.name[..2].copy_from_slice(b"lo");
    check(unsafe { sys::ioctl(socket.as_raw_fd(), sys::SIOCSIFFLAGS, &request) }).map(drop)
}
