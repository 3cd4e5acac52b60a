//! The agent's hold on the guest's first process: when the image's init starts, whether it is up, and how
//! it is asked to shut down.

use crate::channel::exec::launch::DEFAULT_PATH;
use crate::os::child::Child;
use crate::os::filesystem::c_string;
use crate::os::signal;
use crate::os::socket;
use crate::os::spawn::{Launch, Launcher};
use crate::sys;
use std::fs::File;
use std::io::Write;
use std::os::raw::c_int;
use std::os::unix::io::{AsRawFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};

/// How long the image's init is held back for a host that asks for nothing.
const LONGEST_HOLD: Duration = Duration::from_secs(10);

const FIRST_PROCESS: c_int = 1;

/// The orders that the first process takes from its pipe while it waits.
pub const ORDER_START: u8 = b's';
pub const ORDER_POWER_OFF: u8 = b'p';
pub const ORDER_REBOOT: u8 = b'r';

/// What the image's init is, as far as the agent must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitKind {
    /// It tells when it is up, and takes signals for shutting down.
    Systemd,
    /// The agent's own, for images that have none: it takes systemd's signals.
    Minimal,
    /// Another: up once started, and shut down by its own commands.
    Other,
}

/// The first process, as the agent sees it.
pub struct Init {
    kind: InitKind,
    orders: File,
    /// Where systemd reports.
    notices: OwnedFd,
    /// Until when it is held back, unless the host asks for something; `None` once started.
    hold_until: Option<Instant>,
    up: bool,
    /// Whether the machine can only reboot: its monitor takes that for power off.
    only_reboots: bool,
}

impl Init {
    pub fn new(kind: InitKind, orders: File, notices: OwnedFd, only_reboots: bool) -> Init {
        let hold_until = Some(Instant::now() + LONGEST_HOLD);
        Init { kind, orders, notices, hold_until, up: false, only_reboots }
    }

    /// When it starts by itself.
    pub fn start_at(&self) -> Option<Instant> {
        self.hold_until
    }

    /// The host is at work: the time that it has to ask for the boot begins anew.
    pub fn host_is_active(&mut self, now: Instant) {
        if self.hold_until.is_some() {
            self.hold_until = Some(now + LONGEST_HOLD);
        }
    }

    pub fn start(&mut self) {
        if self.hold_until.take().is_some() {
            self.order(ORDER_START);
            self.up = self.kind != InitKind::Systemd;
        }
    }

    pub fn is_up(&self) -> bool {
        self.up
    }

    pub fn notices(&self) -> RawFd {
        self.notices.as_raw_fd()
    }

    /// Takes one of systemd's notices in. Any process of the guest can send to the socket; only the first
    /// one is believed.
    pub fn take_notice(&mut self) {
        let mut buffer = [0; 1024];
        if let Ok((count, FIRST_PROCESS)) = socket::receive_with_sender(self.notices(), &mut buffer) {
            self.up |= buffer[..count].split(|byte| *byte == b'\n').any(|line| line == b"READY=1");
        }
    }

    /// Begins the shutdown; answers the command that does it, where it takes one.
    pub fn shut_down(&mut self, reboot: bool, launcher: &mut Launcher) -> Option<Child> {
        let reboot = reboot || self.only_reboots;
        if self.hold_until.take().is_some() {
            self.order(if reboot { ORDER_REBOOT } else { ORDER_POWER_OFF });
            return None;
        }
        if self.kind != InitKind::Other {
            signal::send(FIRST_PROCESS, if reboot { sys::SIG_REBOOT } else { sys::SIG_POWER_OFF });
            return None;
        }
        run(if reboot { "reboot" } else { "poweroff" }, launcher)
    }

    fn order(&mut self, order: u8) {
        // It fails only where the first process is gone, and then so is the machine.
        let _ = self.orders.write_all(&[order]);
    }
}

fn run(command: &str, launcher: &mut Launcher) -> Option<Child> {
    let programs = DEFAULT_PATH.split(':').map(|folder| c_string(format!("{}/{}", folder, command).as_bytes()));
    let null = File::open("/dev/null").ok()?;
    let launch = Launch {
        programs: programs.collect::<Result<_, _>>().ok()?,
        arguments: vec![c_string(command.as_bytes()).ok()?],
        environment: vec![c_string(format!("PATH={}", DEFAULT_PATH).as_bytes()).ok()?],
        standard: [null.as_raw_fd(), 1, 2],
        inherited: None,
        terminal: false,
        user: None,
        directory: c_string(b"/").ok()?,
        directory_optional: true,
    };
    launcher.launch(&launch).ok()
}
