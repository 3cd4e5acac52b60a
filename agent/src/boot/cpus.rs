//! The CPUs that the kernel was told not to start.
//!
//! An emulated machine's kernel boots on one of them: while one CPU of QEMU's changes the kernel's code, as static
//! keys do all through a boot, another may keep running what stood there before (docs/decisions.md).

use crate::boot::say;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::thread::{self, JoinHandle};

const CPUS: &str = "/sys/devices/system/cpu";

/// Starts them beside the rest of the boot, which moves the mounts meanwhile: so their files are opened at once. A
/// guest with fewer CPUs than it was given still boots.
pub fn start() -> JoinHandle<()> {
    let switches = switches(Path::new(CPUS)).unwrap_or_else(|error| {
        say(format_args!("{}: {}", CPUS, error));
        Vec::new()
    });
    thread::spawn(|| switches.into_iter().for_each(switch_on))
}

/// The files that start a CPU each. The first CPU has none, nor has what is no CPU.
fn switches(cpus: &Path) -> io::Result<Vec<File>> {
    let mut switches = Vec::new();
    for entry in fs::read_dir(cpus)? {
        let online = entry?.path().join("online");
        if fs::read(&online).map_or(false, |state| state.starts_with(b"0")) {
            switches.push(OpenOptions::new().write(true).open(online)?);
        }
    }
    Ok(switches)
}

fn switch_on(mut switch: File) {
    if let Err(error) = switch.write_all(b"1") {
        say(format_args!("cannot start a CPU: {}", error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cpus_that_are_offline_are_started() {
        let cpus = std::env::temp_dir().join(format!("banger-cpus-{}", std::process::id()));
        for (cpu, state) in [("cpu1", "0\n"), ("cpu2", "1\n"), ("cpu3", "0\n")] {
            fs::create_dir_all(cpus.join(cpu)).unwrap();
            fs::write(cpus.join(cpu).join("online"), state).unwrap();
        }
        fs::create_dir_all(cpus.join("cpu0")).unwrap();
        fs::write(cpus.join("present"), "0-3\n").unwrap();
        switches(&cpus).unwrap().into_iter().for_each(switch_on);
        let state = |cpu: &str| fs::read_to_string(cpus.join(cpu).join("online")).unwrap();
        assert_eq!((state("cpu1"), state("cpu2"), state("cpu3")), ("1\n".into(), "1\n".into(), "1\n".into()));
        assert!(!cpus.join("cpu0/online").exists());
        fs::remove_dir_all(&cpus).unwrap();
    }
}
