//! Freezing of the guest's disks, so that copying them gives whole file systems.

use crate::channel::task::{After, Task};
use crate::channel::Context;
use crate::guest::{Guest, Machine, WORK_FOLDER};
use crate::os::filesystem;
use crate::sys;
use crate::wire::refusal::{Code, Refusal};
use std::fs::File;
use std::io;
use std::os::unix::io::AsRawFd;

pub fn open(freeze: bool, context: &mut Context) -> Result<Task, Refusal> {
    match &context.guest.machine {
        None => Err(Refusal::new(Code::Unsupported, "this agent has no disks of its own to freeze")),
        Some(machine) if freeze => start("cannot freeze", After::Frozen, machine, freeze_all),
        Some(machine) => start("cannot thaw", After::Thawed, machine, thaw_all),
    }
}

/// Thaws because the time for it is over. The child is collected like any other left behind.
pub fn thaw_overdue(guest: &mut Guest) {
    guest.thawed();
    let task = guest.machine.as_ref().map(|machine| start("cannot thaw", After::Thawed, machine, thaw_all));
    if let Some(Ok(task)) = task {
        task.close(guest);
    }
}

fn start(what: &str, after: After, machine: &Machine, work: fn(&[File]) -> io::Result<()>) -> Result<Task, Refusal> {
    let disks = disks(machine).map_err(|error| Refusal::failed(format!("{}: {}", what, error)))?;
    let keep: Vec<_> = disks.iter().map(|disk| disk.as_raw_fd()).collect();
    Task::start(what.into(), after, &keep, || work(&disks))
}

/// The work disk first: programs on the root may write to it, but nothing on it makes the root write.
fn disks(machine: &Machine) -> io::Result<Vec<File>> {
    let mut disks = Vec::new();
    if machine.has_work_disk {
        disks.push(File::open(WORK_FOLDER)?);
    }
    disks.push(machine.root_disk.try_clone()?);
    Ok(disks)
}

fn freeze_all(disks: &[File]) -> io::Result<()> {
    for (index, disk) in disks.iter().enumerate() {
        match filesystem::freeze(disk.as_raw_fd()) {
            Err(error) if error.raw_os_error() != Some(sys::EBUSY) => {
                for frozen in &disks[..index] {
                    let _ = filesystem::thaw(frozen.as_raw_fd());
                }
                return Err(error);
            }
            // EBUSY: it is frozen already.
            _ => {}
        }
    }
    Ok(())
}

fn thaw_all(disks: &[File]) -> io::Result<()> {
    for disk in disks {
        match filesystem::thaw(disk.as_raw_fd()) {
            // EINVAL: it is not frozen.
            Err(error) if error.raw_os_error() != Some(sys::EINVAL) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
