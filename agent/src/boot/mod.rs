//! The guest's first process: from the initramfs to the image's init, with the agent beside it.
//!
//! The steps run once, in this order, each on what the one before has made:
//! kernel file systems, modules, disks, the root as an overlay, the move into it, everything mounted below
//! it, and the handover to agent and init. The other CPUs are started beside them.

mod cpus;
mod disks;
mod handover;
mod loopback;
mod minimal_init;
mod modules;
mod mounts;
mod parameters;
mod root;

use crate::channel::identity;
use crate::os::filesystem;
use crate::sys;
use parameters::Parameters;
use std::convert::Infallible;
use std::fmt;
use std::io;
use std::os::raw::c_int;

/// Why the guest cannot boot.
#[derive(Debug)]
pub struct BootError(String);

impl BootError {
    fn new(what: impl fmt::Display, error: io::Error) -> BootError {
        BootError(format!("{}: {}", what, error))
    }
}

impl fmt::Display for BootError {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How the machine is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    PowerOff,
    /// The monitor ends the machine when it reboots, and knows no power off.
    Reboot,
}

impl Off {
    fn command(self) -> c_int {
        match self {
            Off::PowerOff => sys::RB_POWER_OFF,
            Off::Reboot => sys::RB_AUTOBOOT,
        }
    }
}

/// Boots the guest. `name` is where the kernel keeps the process's first argument.
pub fn run(name: *mut u8) -> ! {
    let mut off = Off::PowerOff;
    let error = match boot(name, &mut off) {
        Ok(never) => match never {},
        Err(error) => error,
    };
    say(format_args!("cannot boot: {}", error));
    let error = filesystem::reboot(off.command());
    say(format_args!("cannot power off: {}", error));
    loop {
        std::thread::park();
    }
}

fn boot(name: *mut u8, off: &mut Off) -> Result<Infallible, BootError> {
    mounts::mount_kernel_filesystems()?;
    let parameters = Parameters::read()?;
    *off = parameters.off;
    let cpus = cpus::start();
    modules::load_all()?;
    let devices = disks::wait_for(&parameters.disk_ids())?;
    let root_disk = root::assemble(&parameters, &devices)?;
    root::enter()?;
    let has_work_disk = mounts::complete(&parameters, &devices, &root_disk)?;
    if let Err(error) = loopback::bring_up() {
        say(format_args!("cannot bring up the loopback interface: {}", error));
    }
    if let Some(hostname) = &parameters.hostname {
        identity::set_hostname(hostname).map_err(|error| BootError::new("hostname", error))?;
    }
    // The process is about to fork.
    let _ = cpus.join();
    handover::run(&parameters, root_disk, has_work_disk, name)
}

/// Tells the console.
pub fn say(message: fmt::Arguments) {
    use std::io::Write;
    // A console that takes nothing must not stop the boot.
    let _ = writeln!(io::stderr(), "banger-agent: {}", message);
}
