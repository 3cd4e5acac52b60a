//! Freezing of the guest's disks, so that copying them gives whole file systems.

use crate::channel::task::{After, Task};
use crate::channel::Context;
use crate::guest::{Guest, Machine};
use crate::os::filesystem;
use crate::sys;
use crate::wire::refusal::{Code, Refusal};
use std::fs::File;
use std::io;
use std::os::unix::io::{AsRawFd, RawFd};

pub fn open(freeze: bool, context: &mut Context) -> Result<Task, Refusal> {
    let machine = match &context.guest.machine {
        Some(machine) => machine,
        None => return Err(Refusal::new(Code::Unsupported, "this agent has no disks of its own to freeze")),
    };
    if freeze {
        Task::start("cannot freeze".into(), After::Frozen, &descriptors(machine), || freeze_all(machine))
    } else {
        Task::start("cannot thaw".into(), After::Thawed, &descriptors(machine), || thaw_all(machine))
    }
}

/// Thaws because the time for it is over. The child is collected like any other left behind.
pub fn thaw_overdue(guest: &mut Guest) {
    if let Some(machine) = &guest.machine {
        let task = Task::start("cannot thaw".into(), After::Thawed, &descriptors(machine), || thaw_all(machine));
        guest.thawed();
        if let Ok(task) = task {
            task.close(guest);
        }
    }
}

/// The work disk first: it may be written through the root's programs, never the other way round.
fn freeze_all(machine: &Machine) -> io::Result<()> {
    let disks = disks(machine);
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

fn thaw_all(machine: &Machine) -> io::Result<()> {
    for disk in disks(machine) {
        match filesystem::thaw(disk.as_raw_fd()) {
            // EINVAL: it is not frozen.
            Err(error) if error.raw_os_error() != Some(sys::EINVAL) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn disks(machine: &Machine) -> Vec<&File> {
    machine.work_disk.iter().chain(Some(&machine.root_disk)).collect()
}

fn descriptors(machine: &Machine) -> Vec<RawFd> {
    disks(machine).iter().map(|disk| disk.as_raw_fd()).collect()
}
