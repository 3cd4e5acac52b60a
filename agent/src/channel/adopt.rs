//! A restored guest becomes the VM that it is to be, and goes on: all that differs between two VMs of one frozen
//! machine, in one message.
//!
//! The event loop does it itself, without a child: the guest is held, so nothing else writes, and a fork would cost
//! more than the work.

use crate::channel::hold;
use crate::channel::home;
use crate::channel::identity;
use crate::channel::rehearsal;
use crate::channel::restart;
use crate::channel::small_file;
use crate::channel::task;
use crate::channel::Context;
use crate::os::check;
use crate::os::filesystem;
use crate::os::socket;
use crate::sys::{self, IfReq};
use crate::wire::refusal::{Code, Refusal};
use crate::wire::request::{AdoptRequest, LinkAddress};
use crate::wire::writer::Writer;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::io::AsRawFd;
use std::path::Path;

const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";
/// What is mounted over it.
const OWN_BOOT_ID: &str = "/run/banger-boot-id";
const ENTROPY_DEVICE: &str = "/dev/hwrng";
/// More than the kernel keeps of the device's bytes: a buffer of the driver's and one above it, of 64 bytes each.
const KEPT_BYTES: u64 = 256;

pub fn answer(request: &AdoptRequest, context: &mut Context) -> Result<(), Refusal> {
    if context.guest.machine.is_none() {
        return Err(Refusal::new(Code::Unsupported, "this agent has no guest of its own to give away"));
    }
    let left_out = adopt(request, context)?;
    let reply = match left_out.as_slice() {
        [] => Vec::new(),
        paths => Writer::default().list(paths, |writer, path| writer.text(path)).done(),
    };
    task::reply(context, &reply);
    Ok(())
}

/// Nothing may run before it draws from a generator of its own, so the guest is let go last. Returns the files that the
/// home does not admit.
fn adopt(request: &AdoptRequest, context: &mut Context) -> Result<Vec<String>, Refusal> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error: io::Error| Refusal::failed(format!("cannot set {}: {}", what, error))
    };
    identity::reseed(&request.identity.entropy).map_err(failed("the randomness"))?;
    if !request.boot_id.is_empty() {
        rehearsal::begin(context.guest);
    }
    identity::apply(&request.identity).map_err(failed("the identity"))?;
    if !request.boot_id.is_empty() {
        set_boot_id(&request.boot_id).map_err(failed("the boot id"))?;
    }
    let mut left_out = Vec::new();
    for file in &request.files {
        let path = String::from_utf8_lossy(&file.path).into_owned();
        if !home::admits(Path::new(&path)) {
            left_out.push(path);
            continue;
        }
        small_file::put(&path, &file.content, file.mode).map_err(failed(&path))?;
    }
    if let Some(link) = &request.link {
        set_address(link).map_err(failed(&format!("the address of {}", link.interface)))?;
    }
    discard_kept(Path::new(ENTROPY_DEVICE));
    let ended = restart::end_marked().map_err(|error| Refusal::failed(format!("cannot end services: {}", error)))?;
    hold::let_go().map_err(|error| Refusal::failed(format!("cannot let the guest go on: {}", error)))?;
    restart::start_again(&ended).map_err(|error| Refusal::failed(format!("cannot start services: {}", error)))?;
    Ok(left_out)
}

/// What the kernel had asked of the device before the freeze would be the first that each copy reads from it.
fn discard_kept(device: &Path) {
    if let Ok(device) = File::open(device) {
        // A device that gives nothing has nothing to share.
        let _ = io::copy(&mut device.take(KEPT_BYTES), &mut io::sink());
    }
}

/// The kernel's cannot be changed; what reads the file, as systemd and journald do, gets this one.
fn set_boot_id(id: &str) -> io::Result<()> {
    let covered = is_covered();
    fs::write(OWN_BOOT_ID, format!("{}\n", id))?;
    if covered {
        return Ok(());
    }
    let result = filesystem::mount(OWN_BOOT_ID, BOOT_ID, "", sys::MS_BIND, "");
    if result.is_err() {
        let _ = fs::remove_file(OWN_BOOT_ID);
    }
    result
}

fn is_covered() -> bool {
    Path::new(OWN_BOOT_ID).exists()
}

/// Mounts the file that says another boot id once the machine is a copy; until then it says what was said before.
pub fn cover_boot_id() -> io::Result<()> {
    if is_covered() {
        return Ok(());
    }
    set_boot_id(fs::read_to_string(BOOT_ID)?.trim_end())
}

/// virtio-net takes a new address while the link is up.
fn set_address(link: &LinkAddress) -> io::Result<()> {
    let control = socket::control()?;
    let mut wanted = IfReq { name: [0; 16], family: sys::ARPHRD_ETHER, data: [0; 22] };
    wanted.name[..link.interface.len()].copy_from_slice(link.interface.as_bytes());
    wanted.data[..link.address.len()].copy_from_slice(&link.address);
    check(unsafe { sys::ioctl(control.as_raw_fd(), sys::SIOCSIFHWADDR, &wanted) }).map(drop)
}
