//! Figures of the guest: memory, load, disks.

use crate::channel::task::reply;
use crate::channel::Context;
use crate::os::filesystem;
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

fn figures() -> Vec<(&'static str, u64)> {
    let uptime = fs::read_to_string("/proc/uptime").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let mut figures = Vec::new();
    let mut add = |name, value: Option<u64>| value.into_iter().for_each(|value| figures.push((name, value)));
    add("uptime_ms", thousandths(&uptime));
    add("load1_milli", thousandths(&load));
    add("memory_total_bytes", memory_field(&memory, "MemTotal:"));
    add("memory_available_bytes", memory_field(&memory, "MemAvailable:"));
    let root = filesystem::space(Path::new("/")).ok();
    add("root_total_bytes", root.as_ref().map(|space| space.total));
    add("root_used_bytes", root.as_ref().map(|space| space.used));
    let work = if is_mounted("/root") { filesystem::space(Path::new("/root")).ok() } else { None };
    add("work_total_bytes", work.as_ref().map(|space| space.total));
    add("work_used_bytes", work.as_ref().map(|space| space.used));
    add("processes", processes());
    figures
}

/// The first number of a line, such as `12.34 …`, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let mut parts = text.split_whitespace().next()?.split('.');
    let whole: u64 = parts.next()?.parse().ok()?;
    let fraction = format!("{:0<3}", parts.next().unwrap_or(""));
    Some(whole * 1000 + fraction.get(..3)?.parse::<u64>().ok()?)
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

fn processes() -> Option<u64> {
    let entries = fs::read_dir("/proc").ok()?.flatten();
    let numbered = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().bytes().all(|b| b.is_ascii_digit());
    Some(entries.filter(numbered).count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_number_is_read_in_thousandths() {
        assert_eq!(thousandths("12.34 5.6\n"), Some(12_340));
        assert_eq!(thousandths("0.05"), Some(50));
        assert_eq!(thousandths("7"), Some(7000));
        assert_eq!(thousandths(""), None);
    }

    #[test]
    fn a_memory_field_is_in_bytes() {
        assert_eq!(memory_field("MemTotal:  2 kB\nMemAvailable: 1 kB\n", "MemAvailable:"), Some(1024));
        assert_eq!(memory_field("", "MemTotal:"), None);
    }
}
