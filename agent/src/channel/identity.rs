//! The guest's identity: what must differ between two VMs that came of one template.

use crate::channel::task::{After, Task};
use crate::os::check;
use crate::sys::{self, TimeSpec};
use crate::wire::refusal::Refusal;
use crate::wire::request::IdentityRequest;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::io::AsRawFd;
use std::path::Path;

/// Works in a child: the files may lie on a disk that is frozen.
pub fn open(request: IdentityRequest) -> Result<Task, Refusal> {
    Task::start("cannot set the identity".into(), After::Reply, &[], || apply(&request))
}

/// Entropy comes first, so that nothing is drawn from a pool that another VM has too.
pub fn apply(request: &IdentityRequest) -> io::Result<()> {
    if !request.entropy.is_empty() {
        add_entropy(&request.entropy)?;
    }
    if request.nanoseconds != 0 {
        set_clock(request.nanoseconds)?;
    }
    if !request.hostname.is_empty() {
        set_hostname(&request.hostname)?;
        replace("/etc/hostname", line(&request.hostname).as_bytes(), 0o644)?;
    }
    if !request.machine_id.is_empty() {
        replace("/etc/machine-id", line(&request.machine_id).as_bytes(), 0o444)?;
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

/// Replaces a file as a whole: whoever reads it meanwhile finds the old or the new one. Missing parents are made.
pub fn replace(path: &str, content: &[u8], mode: u32) -> io::Result<()> {
    let aside = format!("{}.banger", path);
    let _ = fs::remove_file(&aside);
    let mut open = OpenOptions::new();
    open.write(true).create_new(true).mode(mode);
    let mut file = match open.open(&aside) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Path::new(path).parent().map_or(Ok(()), fs::create_dir_all)?;
            open.open(&aside)?
        }
        opened => opened?,
    };
    file.write_all(content)?;
    fs::rename(&aside, path)
}
