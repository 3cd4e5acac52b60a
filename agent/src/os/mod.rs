//! Thin, safe wrappers of the system calls that `sys` declares.

pub mod child;
pub mod fd;
pub mod filesystem;
pub mod poll;
pub mod signal;
pub mod socket;
pub mod spawn;
pub mod system;
pub mod terminal;

use std::io;
use std::os::raw::c_int;

/// The result of a call that answers -1 and errno when it fails.
pub fn check(result: c_int) -> io::Result<c_int> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}
