//! Pseudo-terminals.

use crate::os::check;
use crate::sys::{self, Termios, WinSize};
use std::io;
use std::os::unix::io::{AsRawFd, FromRawFd, OwnedFd, RawFd};

/// A new terminal as (controlling side, the process's side).
pub fn open(columns: u16, rows: u16) -> io::Result<(OwnedFd, OwnedFd)> {
    let path = b"/dev/ptmx\0";
    let flags = sys::O_RDWR | sys::O_NOCTTY | sys::O_CLOEXEC;
    let master = check(unsafe { sys::open(path.as_ptr().cast(), flags | sys::O_NONBLOCK) })?;
    let master = unsafe { OwnedFd::from_raw_fd(master) };
    let unlocked = 0;
    check(unsafe { sys::ioctl(master.as_raw_fd(), sys::TIOCSPTLCK, &unlocked) })?;
    let slave = check(unsafe { sys::ioctl(master.as_raw_fd(), sys::TIOCGPTPEER, flags) })?;
    let slave = unsafe { OwnedFd::from_raw_fd(slave) };
    resize(master.as_raw_fd(), columns, rows);
    let mut settings = settings(master.as_raw_fd())?;
    settings.input |= sys::IUTF8;
    check(unsafe { sys::ioctl(master.as_raw_fd(), sys::TCSETS, &settings) })?;
    Ok((master, slave))
}

pub fn resize(master: RawFd, columns: u16, rows: u16) {
    let size = WinSize { rows, columns, x_pixels: 0, y_pixels: 0 };
    unsafe { sys::ioctl(master, sys::TIOCSWINSZ, &size) };
}

/// The character that means end of input to whatever reads the terminal by lines.
pub fn eof_character(master: RawFd) -> u8 {
    const CONTROL_D: u8 = 4;
    settings(master).map_or(CONTROL_D, |settings| settings.characters[sys::VEOF])
}

fn settings(master: RawFd) -> io::Result<Termios> {
    let mut settings = Termios::default();
    check(unsafe { sys::ioctl(master, sys::TCGETS, &mut settings) })?;
    Ok(settings)
}
