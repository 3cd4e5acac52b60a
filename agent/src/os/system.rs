//! What the kernel says of the whole machine, without the text of /proc.

use super::check;
use crate::sys::{self, SysInfo, TimeSpec};
use std::io;
use std::time::Duration;

/// The fraction of a load average is in this many bits (SI_LOAD_SHIFT of linux/kernel.h).
const LOAD_FRACTION_BITS: u32 = 16;

pub struct System {
    /// The load of the last minute, in thousandths.
    pub load1_milli: u64,
    pub memory_bytes: u64,
    /// Processes and their threads, the kernel's own too.
    pub tasks: u64,
}

pub fn now() -> io::Result<System> {
    let mut info = SysInfo::default();
    check(unsafe { sys::sysinfo(&mut info) })?;
    Ok(System {
        load1_milli: (info.loads[0] * 1000) >> LOAD_FRACTION_BITS,
        memory_bytes: info.ram_total * u64::from(info.unit),
        tasks: u64::from(info.tasks),
    })
}

/// Since the boot, with the time in which the machine slept.
pub fn uptime() -> io::Result<Duration> {
    let mut time = TimeSpec { seconds: 0, nanoseconds: 0 };
    check(unsafe { sys::clock_gettime(sys::CLOCK_BOOTTIME, &mut time) })?;
    Ok(Duration::new(time.seconds as u64, time.nanoseconds as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn memory_and_uptime_are_those_of_proc() {
        let memory = fs::read_to_string("/proc/meminfo").unwrap();
        let kib: u64 = memory.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert_eq!(now().unwrap().memory_bytes, kib * 1024);
        let text = fs::read_to_string("/proc/uptime").unwrap();
        let seconds: f64 = text.split_whitespace().next().unwrap().parse().unwrap();
        assert!((uptime().unwrap().as_secs_f64() - seconds).abs() < 60.0);
    }

    #[test]
    fn tasks_are_those_that_proc_counts() {
        let loads = fs::read_to_string("/proc/loadavg").unwrap();
        let total: u64 = loads.split_whitespace().nth(3).unwrap().split('/').nth(1).unwrap().parse().unwrap();
        assert!(now().unwrap().tasks.abs_diff(total) < 100);
    }
}
