//! The virtio disks, found by serial or name once their drivers have seen them.

use crate::boot::BootError;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

const LONGEST_WAIT: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// Device paths by the ids that the command line has for them.
pub struct Devices(HashMap<String, String>);

impl Devices {
    /// Only for an id that was waited for.
    pub fn path(&self, id: &str) -> &str {
        &self.0[id]
    }
}

pub fn wait_for(ids: &[&str]) -> Result<Devices, BootError> {
    let deadline = Instant::now() + LONGEST_WAIT;
    let mut pause = FIRST_PAUSE;
    loop {
        let present = present();
        let found: HashMap<_, _> = ids.iter().filter_map(|id| Some((id.to_string(), find(id, &present)?))).collect();
        let missing = ids.iter().find(|id| !found.contains_key(**id));
        let id = match missing {
            None => return Ok(Devices(found)),
            Some(id) => id,
        };
        if Instant::now() >= deadline {
            let seconds = LONGEST_WAIT.as_secs();
            return Err(BootError(format!("disk {} not found within {} s; found: {}", id, seconds, list(&present))));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// A disk as the kernel shows it.
struct Disk {
    name: String,
    serial: String,
}

fn present() -> Vec<Disk> {
    let entries = fs::read_dir("/sys/block").into_iter().flatten().flatten();
    let disks = entries.map(|entry| {
        let serial = fs::read_to_string(entry.path().join("serial")).unwrap_or_default();
        Disk { name: entry.file_name().to_string_lossy().into_owned(), serial: serial.trim().to_owned() }
    });
    disks.filter(|disk| Path::new("/dev").join(&disk.name).exists()).collect()
}

/// The serial goes first: a disk could bear another's device name as its serial only by the host's wish.
fn find(id: &str, disks: &[Disk]) -> Option<String> {
    let by_serial = disks.iter().find(|disk| disk.serial == id);
    let disk = by_serial.or_else(|| disks.iter().find(|disk| disk.name == id))?;
    Some(format!("/dev/{}", disk.name))
}

fn list(disks: &[Disk]) -> String {
    let all: Vec<String> = disks.iter().map(|disk| format!("{} ({})", disk.name, disk.serial)).collect();
    if all.is_empty() {
        "none".into()
    } else {
        all.join(", ")
    }
}
