//! Growing of a file system to the size of its disk.

use crate::channel::task::{After, Task};
use crate::channel::Context;
use crate::os::filesystem;
use crate::wire::refusal::Refusal;
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::io::AsRawFd;

pub fn open(mount_point: Vec<u8>, context: &mut Context) -> Result<Task, Refusal> {
    let what = format!("cannot grow {}", String::from_utf8_lossy(&mount_point));
    // The root is an overlay, which has no size: its upper side's disk is what is meant.
    let opened = match (&context.guest.machine, mount_point.as_slice()) {
        (Some(machine), b"/") => machine.root_disk.try_clone(),
        _ => File::open(OsStr::from_bytes(&mount_point)),
    };
    let mounted = opened.map_err(|error| Refusal::failed(format!("{}: {}", what, error)))?;
    let for_child = mounted.try_clone().map_err(|error| Refusal::failed(format!("{}: {}", what, error)))?;
    Task::start(what, After::Grown(mounted), &[for_child.as_raw_fd()], || filesystem::grow_ext4(&for_child))
}
