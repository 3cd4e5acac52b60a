//! The first process of a guest whose image has no init: it collects orphans and shuts down in order.

use crate::boot::{say, Off};
use crate::os::{filesystem, signal};
use crate::sys;
use std::fs::{self, File};
use std::os::raw::c_int;
use std::os::unix::io::AsRawFd;
use std::ptr;
use std::time::{Duration, Instant};

/// How long processes have to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(20);
const IDLE: Duration = Duration::from_secs(3600);
const EVERY_PROCESS: c_int = -1;

/// A process's number.
type Pid = c_int;

/// The first process, and what it must know for the shutdown.
pub struct MinimalInit {
    pub agent: Pid,
    pub root_disk: File,
    pub off: Off,
}

impl MinimalInit {
    /// Collects orphans until a signal asks for the end.
    pub fn run(self) -> ! {
        // A blocked signal waits to be taken, where the first process would otherwise never see it.
        signal::block_all();
        loop {
            reap();
            match signal::next_blocked(IDLE) {
                Some(sys::SIG_POWER_OFF | sys::SIGPWR | sys::SIGTERM) => {
                    let command = self.off.command();
                    self.shut_down(command)
                }
                Some(sys::SIG_REBOOT | sys::SIGINT) => self.shut_down(sys::RB_AUTOBOOT),
                _ => {}
            }
        }
    }

    /// Ends every process, writes everything out and ends the machine.
    pub fn shut_down(self, command: c_int) -> ! {
        signal::block_all();
        signal::send(EVERY_PROCESS, sys::SIGTERM);
        signal::send(EVERY_PROCESS, sys::SIGCONT);
        let deadline = Instant::now() + GRACE;
        while self.others_run() && Instant::now() < deadline {
            signal::next_blocked(LOOK_EVERY);
            reap();
        }
        signal::send(EVERY_PROCESS, sys::SIGKILL);
        reap();
        unsafe { sys::sync() };
        self.release_disks();
        let error = filesystem::reboot(command);
        say(format_args!("cannot end the machine: {}", error));
        loop {
            signal::next_blocked(IDLE);
        }
    }

    /// Whether any process but this one and the agent runs; the kernel's own have no command line.
    fn others_run(&self) -> bool {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<Pid>().ok());
        numbers.filter(|pid| *pid != 1 && *pid != self.agent).any(|pid| {
            let command_line = fs::read(format!("/proc/{}/cmdline", pid));
            command_line.map_or(false, |command_line| !command_line.is_empty())
        })
    }

    /// Leaves every disk as if it had been unmounted. The last mounted goes first; /proc must stay to the
    /// end, as the root disk has no other path.
    fn release_disks(&self) {
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        let folders = mounts.lines().rev().filter_map(|line| line.split(' ').nth(1));
        for folder in folders.filter(|folder| *folder != "/" && *folder != "/proc") {
            if filesystem::unmount(folder).is_err() {
                let _ = filesystem::make_read_only(folder);
            }
        }
        let _ = filesystem::make_read_only("/");
        let _ = filesystem::make_read_only(&format!("/proc/self/fd/{}", self.root_disk.as_raw_fd()));
    }
}

fn reap() {
    while unsafe { sys::wait4(EVERY_PROCESS, ptr::null_mut(), sys::WNOHANG, ptr::null_mut()) } > 0 {}
}
