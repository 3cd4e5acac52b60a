//! The guest's identity: what must differ between two VMs that came of one template.

use crate::channel::small_file;
use crate::channel::task::{After, Task};
use crate::os::check;
use crate::sys::{self, TimeSpec};
use crate::wire::refusal::Refusal;
use crate::wire::request::IdentityRequest;
use std::fs::File;
use std::io;
use std::os::unix::io::AsRawFd;

/// Works in a child: the files may lie on a disk that is frozen.
pub fn open(request: IdentityRequest) -> Result<Task, Refusal> {
    Task::start("cannot set the identity".into(), After::Reply, &[], || {
        reseed(&request.entropy)?;
        apply(&request)
    })
}

/// Comes before all else, so that nothing is drawn from a pool that another VM has too. No bytes: nothing is done.
pub fn reseed(entropy: &[u8]) -> io::Result<()> {
    if entropy.is_empty() {
        return Ok(());
    }
    add_entropy(entropy)
}

/// Sets all of it but the randomness.
pub fn apply(request: &IdentityRequest) -> io::Result<()> {
    if request.nanoseconds != 0 {
        set_clock(request.nanoseconds)?;
    }
    if !request.hostname.is_empty() {
        set_hostname(&request.hostname)?;
        small_file::put("/etc/hostname", line(&request.hostname).as_bytes(), 0o644)?;
    }
    if !request.machine_id.is_empty() {
        small_file::put("/etc/machine-id", line(&request.machine_id).as_bytes(), 0o444)?;
    }
    Ok(())
}

/// Mixes bytes into the kernel's pool, counts them in full, and makes the generator start from the pool.
fn add_entropy(bytes: &[u8]) -> io::Result<()> {
    let mut info = Vec::with_capacity(8 + bytes.len());
    info.extend_from_slice(&(bytes.len() as i32 * 8).to_ne_bytes());
    info.extend_from_slice(&(bytes.len() as i32).to_ne_bytes());
    info.extend_from_slice(bytes);
    let pool = File::open("/dev/urandom")?;
    check(unsafe { sys::ioctl(pool.as_raw_fd(), sys::RNDADDENTROPY, info.as_ptr()) })?;
    check(unsafe { sys::ioctl(pool.as_raw_fd(), sys::RNDRESEEDCRNG, 0) }).map(drop)
}

fn set_clock(nanoseconds: u64) -> io::Result<()> {
    const SECOND: u64 = 1_000_000_000;
    let time = TimeSpec { seconds: (nanoseconds / SECOND) as i64, nanoseconds: (nanoseconds % SECOND) as i64 };
    check(unsafe { sys::clock_settime(sys::CLOCK_REALTIME, &time) }).map(drop)
}

pub fn set_hostname(name: &str) -> io::Result<()> {
    check(unsafe { sys::sethostname(name.as_ptr().cast(), name.len()) }).map(drop)
}

fn line(text: &str) -> String {
    format!("{}\n", text)
}
