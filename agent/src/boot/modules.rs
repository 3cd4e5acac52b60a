//! The drivers that the initramfs brings: loaded in the order that its list has.

use crate::boot::BootError;
use crate::sys;
use std::fs::{self, File};
use std::io;
use std::os::unix::io::AsRawFd;

const FOLDER: &str = "/modules";

/// Loads what `/modules/order` names, a file of the folder on each line. A kernel that has all built in has
/// no such list.
pub fn load_all() -> Result<(), BootError> {
    let list = format!("{}/order", FOLDER);
    let order = match fs::read_to_string(&list) {
        Ok(order) => order,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(BootError::new(list, error)),
    };
    for name in order.lines().map(str::trim).filter(|name| !name.is_empty()) {
        load(name).map_err(|error| BootError::new(format_args!("module {}", name), error))?;
    }
    Ok(())
}

fn load(name: &str) -> io::Result<()> {
    let file = File::open(format!("{}/{}", FOLDER, name))?;
    let no_options = b"\0".as_ptr();
    if unsafe { sys::syscall(sys::SYS_FINIT_MODULE, file.as_raw_fd(), no_options, 0) } == 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    // Built in, or loaded for another's sake.
    if error.raw_os_error() == Some(sys::EEXIST) {
        return Ok(());
    }
    Err(error)
}
