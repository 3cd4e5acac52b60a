//! What channels share: the guest around them, and what must outlive a session.

pub mod init;

use crate::channel::{freeze, task};
use crate::os::child::Child;
use crate::os::spawn::Launcher;
use crate::sys::{self, RLimit};
use init::Init;
use std::fs::File;
use std::time::{Duration, Instant};

/// A freeze that nobody thaws ends by itself after this.
const LONGEST_FREEZE: Duration = Duration::from_secs(30);

/// Where the work disk is mounted.
pub const WORK_FOLDER: &str = "/root";

/// What is there only where the agent booted the machine, and not where it is an ordinary process.
pub struct Machine {
    pub init: Init,
    /// The top folder of the root disk's ext4.
    pub root_disk: File,
    /// Whether a work disk is mounted at `WORK_FOLDER`. It is not kept open: the image's init is to unmount
    /// it at shutdown, when the agent still runs.
    pub has_work_disk: bool,
}

/// The state that the agent has beside its session.
pub struct Guest {
    pub launcher: Launcher,
    /// Processes that no channel belongs to any more and that have not ended.
    pub leftovers: Vec<Child>,
    pub machine: Option<Machine>,
    /// A shutdown (true: a reboot) that begins when its reply is written.
    pub shutdown_wanted: Option<bool>,
    thaw_at: Option<Instant>,
}

impl Guest {
    pub fn new(machine: Option<Machine>) -> Guest {
        let files = raise_file_limit();
        let launcher = Launcher::new(files, machine.is_some());
        Guest { launcher, leftovers: Vec::new(), machine, shutdown_wanted: None, thaw_at: None }
    }

    /// Lets the image's init start; without effect where it has started.
    pub fn boot(&mut self) {
        if let Some(machine) = &mut self.machine {
            machine.init.start();
        }
    }

    /// Where the agent is an ordinary process, some init is up already.
    pub fn init_is_up(&self) -> bool {
        self.machine.as_ref().map_or(true, |machine| machine.init.is_up())
    }

    pub fn begin_wanted_shutdown(&mut self) {
        if let (Some(reboot), Some(machine)) = (self.shutdown_wanted.take(), &mut self.machine) {
            // Even where the shutdown hangs and the host cuts it short, what was written until now is kept.
            if let Ok(sync) = task::sync() {
                self.leftovers.push(sync.into_child());
            }
            if let Some(child) = machine.init.shut_down(reboot, &mut self.launcher) {
                self.leftovers.push(child);
            }
        }
    }

    pub fn frozen(&mut self) {
        self.thaw_at = Some(Instant::now() + LONGEST_FREEZE);
    }

    pub fn thawed(&mut self) {
        self.thaw_at = None;
    }

    /// When something is due here.
    pub fn deadline(&self) -> Option<Instant> {
        let boot = self.machine.as_ref().and_then(|machine| machine.init.start_at());
        self.thaw_at.into_iter().chain(boot).min()
    }

    pub fn tick(&mut self, now: Instant) {
        if self.thaw_at.map_or(false, |at| at <= now) {
            freeze::thaw_overdue(self);
        }
        let boot = self.machine.as_ref().and_then(|machine| machine.init.start_at());
        if boot.map_or(false, |at| at <= now) {
            self.boot();
        }
    }
}

/// Gives the agent room for all its channels' descriptors, and answers what commands are to get: the
/// limits that programs expect, of which the lower one keeps select(2) working.
fn raise_file_limit() -> RLimit {
    const AGENT: u64 = 65_536;
    const SOFT: u64 = 1024;
    const HARD: u64 = 524_288;
    let mut limit = RLimit { soft: 0, hard: 0 };
    unsafe { sys::getrlimit(sys::RLIMIT_NOFILE, &mut limit) };
    let raised = RLimit { soft: AGENT.max(limit.soft), hard: HARD.max(limit.hard) };
    if unsafe { sys::setrlimit(sys::RLIMIT_NOFILE, &raised) } == 0 {
        return RLimit { soft: SOFT, hard: raised.hard };
    }
    // Without the right to raise it, commands keep what the agent was started with.
    unsafe { sys::setrlimit(sys::RLIMIT_NOFILE, &RLimit { soft: limit.hard, hard: limit.hard }) };
    limit
}
