//! The end of the boot: the agent goes on in a child, and the first process becomes the image's init.

use crate::agent::Agent;
use crate::boot::minimal_init::MinimalInit;
use crate::boot::parameters::{Parameters, StreamName};
use crate::boot::{say, BootError};
use crate::channel::exec::launch::DEFAULT_PATH;
use crate::guest::init::{Init, InitKind, ORDER_POWER_OFF, ORDER_REBOOT};
use crate::guest::{Guest, Machine};
use crate::os::{check, fd, signal, socket};
use crate::stream::link::Link;
use crate::stream::port::Port;
use crate::stream::vsock::Vsock;
use crate::{boot::Off, sys};
use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::raw::c_int;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::io::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// The abstract socket on which systemd tells that it is up.
const NOTICES: &str = "banger/init";
const LONGEST_PORT_WAIT: Duration = Duration::from_secs(10);
const PORT_LOOK_EVERY: Duration = Duration::from_millis(2);

pub fn run(
    parameters: &Parameters,
    root_disk: File,
    has_work_disk: bool,
    name: *mut u8,
) -> Result<Infallible, BootError> {
    let (orders, orders_write) = fd::pipe().map_err(|error| BootError::new("pipe", error))?;
    let notices = socket::bind_abstract_datagram(NOTICES).map_err(|error| BootError::new("socket", error))?;
    let kind = init_kind(&parameters.init);
    let only_reboots = parameters.off == Off::Reboot;
    let agent = check(unsafe { sys::fork() }).map_err(|error| BootError::new("fork", error))?;
    if agent == 0 {
        drop(orders);
        let init = Init::new(kind, File::from(orders_write), notices, only_reboots);
        become_agent(name);
        let error = serve(parameters, Machine { init, root_disk, has_work_disk });
        say(format_args!("the agent has ended: {}", error));
        unsafe { sys::_exit(1) }
    }
    drop(orders_write);
    signal::block_all();
    become_init(parameters, kind, orders, MinimalInit { agent, root_disk, off: parameters.off })
}

/// What kind of init an image has at a path.
fn init_kind(init: &str) -> InitKind {
    let executable = |metadata: fs::Metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0;
    if !fs::metadata(init).map_or(false, executable) {
        return InitKind::Minimal;
    }
    let resolved = fs::canonicalize(init).unwrap_or_default();
    if resolved.ends_with("systemd") {
        InitKind::Systemd
    } else {
        InitKind::Other
    }
}

/// Sets the agent apart from the processes that the image's init manages.
fn become_agent(name: *mut u8) {
    unsafe {
        sys::setsid();
        sys::umask(0o022);
        sys::prctl(sys::PR_SET_NAME, b"banger-agent\0".as_ptr());
        // At its shutdown systemd spares processes whose first argument begins so; it must be the
        // argument in the memory that the kernel knows.
        *name = b'@';
    }
    signal::survive();
    if let Err(error) = fs::write("/proc/self/oom_score_adj", "-1000") {
        say(format_args!("cannot shield the agent from the out-of-memory killer: {}", error));
    }
}

/// Serves the host for as long as the guest runs.
fn serve(parameters: &Parameters, machine: Machine) -> io::Error {
    let link = match &parameters.stream {
        StreamName::Vsock(port) => Ok(Link::Vsock(Vsock::new(*port))),
        StreamName::Port(name) => open_port(name).map(Link::Port),
    };
    match link.and_then(|link| Agent::new(link, Guest::new(Some(machine))).run()) {
        Ok(()) => io::Error::new(io::ErrorKind::Other, "its stream is over"),
        Err(error) => error,
    }
}

fn open_port(name: &str) -> io::Result<Port> {
    let deadline = Instant::now() + LONGEST_PORT_WAIT;
    loop {
        match Port::find(name).filter(|path| path.exists()) {
            Some(path) => return Port::open(&path),
            None if Instant::now() >= deadline => {
                let message = format!("no virtio-serial port {} within {} s", name, LONGEST_PORT_WAIT.as_secs());
                return Err(io::Error::new(io::ErrorKind::NotFound, message));
            }
            None => thread::sleep(PORT_LOOK_EVERY),
        }
    }
}

/// Waits for the order to start, then is the image's init, or the minimal one in its stead.
fn become_init(parameters: &Parameters, kind: InitKind, orders: OwnedFd, minimal: MinimalInit) -> ! {
    match wait_for_order(orders) {
        Some(ORDER_POWER_OFF) => minimal.shut_down(parameters.off.command()),
        Some(ORDER_REBOOT) => minimal.shut_down(sys::RB_AUTOBOOT),
        Some(_) => {}
        None => say(format_args!("the agent ended before the boot; going on without it")),
    }
    if kind != InitKind::Minimal {
        let error = exec(&parameters.init, kind);
        say(format_args!("cannot start {}: {}; staying as a minimal init", parameters.init, error));
    }
    minimal.run()
}

fn wait_for_order(orders: OwnedFd) -> Option<u8> {
    let mut order = [0];
    File::from(orders).read_exact(&mut order).ok().map(|()| order[0])
}

fn exec(init: &str, kind: InitKind) -> io::Error {
    // A first process loses the signals that it has no handler for. Blocked, an early wish to shut down waits until
    // systemd looks for its signals.
    let awaited: &[c_int] = if kind == InitKind::Systemd { &[sys::SIG_POWER_OFF, sys::SIG_REBOOT] } else { &[] };
    signal::restore_defaults(awaited);
    let mut command = Command::new(init);
    command.env_clear().env("PATH", DEFAULT_PATH).env("TERM", "linux");
    if kind == InitKind::Systemd {
        command.env("NOTIFY_SOCKET", format!("@{}", NOTICES));
    }
    command.exec()
}
