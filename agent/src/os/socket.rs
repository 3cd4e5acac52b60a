//! Non-blocking sockets: TCP and vsock connections, and the socket on which systemd reports.

use crate::os::check;
use crate::sys::{self, IoVec, MsgHdr, SockAddrVm};
use std::io;
use std::mem::size_of;
use std::net::IpAddr;
use std::os::raw::{c_int, c_uint, c_void};
use std::os::unix::io::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

/// Starts a TCP connection; it stands, or has failed, when the socket is writable.
pub fn connect_tcp(address: IpAddr, port: u16) -> io::Result<OwnedFd> {
    match address {
        IpAddr::V4(v4) => {
            let mut raw = [0u8; 16];
            raw[0..2].copy_from_slice(&sys::AF_INET.to_ne_bytes());
            raw[2..4].copy_from_slice(&port.to_be_bytes());
            raw[4..8].copy_from_slice(&v4.octets());
            start_tcp(sys::AF_INET, &raw)
        }
        IpAddr::V6(v6) => {
            let mut raw = [0u8; 28];
            raw[0..2].copy_from_slice(&sys::AF_INET6.to_ne_bytes());
            raw[2..4].copy_from_slice(&port.to_be_bytes());
            raw[8..24].copy_from_slice(&v6.octets());
            start_tcp(sys::AF_INET6, &raw)
        }
    }
}

fn start_tcp(family: u16, address: &[u8]) -> io::Result<OwnedFd> {
    let socket = open(family, sys::SOCK_STREAM)?;
    set_option(&socket, sys::IPPROTO_TCP, sys::TCP_NODELAY)?;
    start(socket, address.as_ptr().cast(), address.len())
}

/// Starts a vsock connection to the host.
pub fn connect_vsock(port: u32) -> io::Result<OwnedFd> {
    let address =
        SockAddrVm { family: sys::AF_VSOCK, reserved: 0, port, cid: sys::VMADDR_CID_HOST, flags: 0, zero: [0; 3] };
    let socket = open(sys::AF_VSOCK, sys::SOCK_STREAM)?;
    start(socket, (&address as *const SockAddrVm).cast(), size_of::<SockAddrVm>())
}

fn start(socket: OwnedFd, address: *const c_void, length: usize) -> io::Result<OwnedFd> {
    let result = check(unsafe { sys::connect(socket.as_raw_fd(), address, length as c_uint) });
    match result {
        Err(error) if error.raw_os_error() != Some(sys::EINPROGRESS) => Err(error),
        _ => Ok(socket),
    }
}

/// A socket to ask the kernel about network interfaces with.
pub fn control() -> io::Result<OwnedFd> {
    open(sys::AF_INET, sys::SOCK_DGRAM)
}

/// The same for what IPv6 has requests of its own for.
pub fn control6() -> io::Result<OwnedFd> {
    open(sys::AF_INET6, sys::SOCK_DGRAM)
}

/// Why the connection failed, if it did.
pub fn connect_error(fd: RawFd) -> Option<io::Error> {
    let mut code: c_int = 0;
    let mut length = size_of::<c_int>() as c_uint;
    let value = (&mut code as *mut c_int).cast();
    unsafe { sys::getsockopt(fd, sys::SOL_SOCKET, sys::SO_ERROR, value, &mut length) };
    if code == 0 {
        None
    } else {
        Some(io::Error::from_raw_os_error(code))
    }
}

/// Tells the other side that nothing more will be written.
pub fn end_writing(fd: RawFd) {
    unsafe { sys::shutdown(fd, sys::SHUT_WR) };
}

/// A datagram socket with an abstract name, which tells who sent what it receives.
pub fn bind_abstract_datagram(name: &str) -> io::Result<OwnedFd> {
    let socket = open(sys::AF_UNIX, sys::SOCK_DGRAM)?;
    set_option(&socket, sys::SOL_SOCKET, sys::SO_PASSCRED)?;
    let mut raw = Vec::from(sys::AF_UNIX.to_ne_bytes());
    raw.push(0);
    raw.extend_from_slice(name.as_bytes());
    check(unsafe { sys::bind(socket.as_raw_fd(), raw.as_ptr().cast(), raw.len() as c_uint) })?;
    Ok(socket)
}

/// One datagram and its sender's process id (0 where it is not known).
pub fn receive_with_sender(fd: RawFd, buffer: &mut [u8]) -> io::Result<(usize, c_int)> {
    // A control message: its length, level and type, then pid, uid and gid of the sender.
    #[repr(C)]
    #[derive(Default)]
    struct Credentials {
        length: usize,
        level: c_int,
        kind: c_int,
        pid: c_int,
        uid: c_uint,
        gid: c_uint,
        padding: c_uint,
    }
    let mut credentials = Credentials::default();
    let mut vector = IoVec { base: buffer.as_mut_ptr().cast(), length: buffer.len() };
    let mut message = MsgHdr {
        name: ptr::null_mut(),
        name_length: 0,
        vectors: &mut vector,
        vector_count: 1,
        control: (&mut credentials as *mut Credentials).cast(),
        control_length: size_of::<Credentials>(),
        flags: 0,
    };
    let count = unsafe { sys::recvmsg(fd, &mut message, 0) };
    if count < 0 {
        return Err(io::Error::last_os_error());
    }
    let known = credentials.level == sys::SOL_SOCKET && credentials.kind == sys::SCM_CREDENTIALS;
    Ok((count as usize, if known { credentials.pid } else { 0 }))
}

fn open(family: u16, kind: c_int) -> io::Result<OwnedFd> {
    let kind = kind | sys::SOCK_NONBLOCK | sys::SOCK_CLOEXEC;
    let socket = check(unsafe { sys::socket(c_int::from(family), kind, 0) })?;
    Ok(unsafe { OwnedFd::from_raw_fd(socket) })
}

fn set_option(socket: &OwnedFd, level: c_int, name: c_int) -> io::Result<()> {
    let on: c_int = 1;
    let value = (&on as *const c_int).cast();
    let length = size_of::<c_int>() as c_uint;
    check(unsafe { sys::setsockopt(socket.as_raw_fd(), level, name, value, length) }).map(drop)
}
