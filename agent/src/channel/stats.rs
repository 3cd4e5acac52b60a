//! Figures of the guest: memory, load, disks.

use crate::channel::task::reply;
use crate::channel::Context;
use crate::os::{filesystem, system};
use crate::wire::refusal::Refusal;
use crate::wire::writer::Writer;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What could not be found out is left out.
pub fn answer(context: &mut Context) -> Result<(), Refusal> {
    let figures = figures();
    let payload = Writer::default().list(&figures, |writer, (name, value)| writer.text(name).u64(*value)).done();
    reply(context, &payload);
    Ok(())
}

/// Without a look at each process, and of /proc with one text alone: someone may ask 50 guests a second.
fn figures() -> Vec<(&'static str, u64)> {
    let now = system::now().ok();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let mut figures = Vec::new();
    let mut add = |name, value: Option<u64>| value.into_iter().for_each(|value| figures.push((name, value)));
    add("uptime_ms", system::uptime().ok().map(|time| time.as_millis() as u64));
    add("load1_milli", now.as_ref().map(|now| now.load1_milli));
    add("memory_total_bytes", now.as_ref().map(|now| now.memory_bytes));
    add("memory_available_bytes", memory_field(&memory, "MemAvailable:"));
    let root = filesystem::space(Path::new("/")).ok();
    add("root_total_bytes", root.as_ref().map(|space| space.total));
    add("root_used_bytes", root.as_ref().map(|space| space.used));
    let work = if is_mounted("/root") { filesystem::space(Path::new("/root")).ok() } else { None };
    add("work_total_bytes", work.as_ref().map(|space| space.total));
    add("work_used_bytes", work.as_ref().map(|space| space.used));
    add("tasks", now.as_ref().map(|now| now.tasks));
    figures
}

fn memory_field(meminfo: &str, name: &str) -> Option<u64> {
    let line = meminfo.lines().find(|line| line.starts_with(name))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

fn is_mounted(path: &str) -> bool {
    match (fs::metadata(path), fs::metadata("/")) {
        (Ok(there), Ok(root)) => there.dev() != root.dev(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_field_is_in_bytes() {
        assert_eq!(memory_field("MemTotal:  2 kB\nMemAvailable: 1 kB\n", "MemAvailable:"), Some(1024));
        assert_eq!(memory_field("", "MemTotal:"), None);
    }
}
