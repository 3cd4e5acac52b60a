//! Reading, writing and tuning of file descriptors.

use crate::os::check;
use crate::sys;
use std::io;
use std::os::raw::c_int;
use std::os::unix::io::{AsRawFd, FromRawFd, OwnedFd, RawFd};

/// What a busy pipe is grown to: four times the default, so that fewer switches move the same bytes.
const BUSY_PIPE_BYTES: c_int = 256 * 1024;

pub fn read(fd: RawFd, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        let count = unsafe { sys::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) };
        match finished(count) {
            Some(result) => return result,
            None => continue,
        }
    }
}

/// Reads up to `limit` bytes onto the end of `bytes`, into memory that is not cleared first.
pub fn read_onto(fd: RawFd, bytes: &mut Vec<u8>, limit: usize) -> io::Result<usize> {
    bytes.reserve(limit);
    let old_length = bytes.len();
    loop {
        // Safe: reserve made room for `limit` bytes behind the length, and only what was read is counted.
        let count = unsafe { sys::read(fd, bytes.as_mut_ptr().add(old_length).cast(), limit) };
        if let Some(result) = finished(count) {
            if let Ok(count) = result {
                unsafe { bytes.set_len(old_length + count) };
            }
            return result;
        }
    }
}

pub fn write(fd: RawFd, bytes: &[u8]) -> io::Result<usize> {
    loop {
        let count = unsafe { sys::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        if let Some(result) = finished(count) {
            return result;
        }
    }
}

/// `None` where a signal interrupted the call, which is then made again.
fn finished(count: isize) -> Option<io::Result<usize>> {
    if count >= 0 {
        return Some(Ok(count as usize));
    }
    let error = io::Error::last_os_error();
    if error.raw_os_error() == Some(sys::EINTR) {
        None
    } else {
        Some(Err(error))
    }
}

/// A pipe as (read end, write end), both closed on exec.
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    check(unsafe { sys::pipe2(ends.as_mut_ptr(), sys::O_CLOEXEC) })?;
    Ok(unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

pub fn set_nonblocking(fd: &OwnedFd) -> io::Result<()> {
    check(unsafe { sys::fcntl(fd.as_raw_fd(), sys::F_SETFL, sys::O_NONBLOCK) }).map(drop)
}

/// Gives a pipe a larger buffer; a terminal or socket, or a user's used-up quota, is left as it is.
pub fn grow_pipe(fd: RawFd) {
    unsafe { sys::fcntl(fd, sys::F_SETPIPE_SZ, BUSY_PIPE_BYTES) };
}

/// The number of bytes that a read would find now.
pub fn readable_bytes(fd: RawFd) -> io::Result<usize> {
    let mut count: c_int = 0;
    check(unsafe { sys::ioctl(fd, sys::FIONREAD, &mut count) })?;
    Ok(count as usize)
}
