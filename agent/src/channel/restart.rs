//! Services that may have seeded generators of their own from the template's randomness: ended while a restored guest is
//! still held, so that they draw nothing more, and started anew when it goes on.
//!
//! The image names them, and the host marks them before it freezes a template; a guest that is copied otherwise, such as
//! a fork, keeps what runs.

use crate::os::child::Child;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// One unit a line, made before the freeze.
const MARKED: &str = "/run/banger-restart";
const SERVICES: &str = "/sys/fs/cgroup/system.slice";
const SEARCH_PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";
const END_BOUND: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Ends those of the marked services that have processes, which must be held, and returns their names. Once only.
pub fn end_marked() -> io::Result<Vec<String>> {
    let marked = match fs::read_to_string(MARKED) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    let mut ended = Vec::new();
    let mut groups = Vec::new();
    for unit in units(&marked) {
        if let Some(group) = group_of(&unit, Path::new(SERVICES)) {
            fs::write(group.join("cgroup.kill"), "1")?;
            ended.push(unit);
            groups.push(group);
        }
    }
    // What still listens would be taken for the service that is started anew.
    for group in &groups {
        await_end(group, END_BOUND)?;
    }
    fs::remove_file(MARKED)?;
    Ok(ended)
}

/// A process leaves its group when it has closed its files; the kernel may take the group away with it.
fn await_end(group: &Path, bound: Duration) -> io::Result<()> {
    let end = Instant::now() + bound;
    while populated(group) {
        if Instant::now() > end {
            let what = format!("processes of {} do not end", group.display());
            return Err(io::Error::new(io::ErrorKind::TimedOut, what));
        }
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

/// Has the guest's init start them anew, and does not wait for it.
pub fn start_again(units: &[String]) -> io::Result<()> {
    if units.is_empty() {
        return Ok(());
    }
    // The one between them ends at once, which leaves the reaping to the guest's init.
    let child = Child::fork(&[], || {
        let started = Command::new("systemctl")
            .args(["--no-block", "restart", "--"])
            .args(units)
            .env("PATH", SEARCH_PATH)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        u8::from(started.is_err())
    })?;
    child.wait_briefly();
    Ok(())
}

/// A name that could lead out of the services' folder is none of a unit.
fn units(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|name| !name.is_empty() && !name.starts_with(|first| first == '.' || first == '-' || first == '#'))
        .filter(|name| !name.contains('/'))
        .map(|name| if name.contains('.') { name.to_owned() } else { format!("{}.service", name) })
        .collect()
}

/// The group of the unit's processes, directly below the folder or, for an instance, in a slice of its kind.
fn group_of(unit: &str, folder: &Path) -> Option<PathBuf> {
    let slices = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let parents = slices.filter(|path| path.extension().map_or(false, |kind| kind == "slice"));
    std::iter::once(folder.to_owned()).chain(parents).map(|parent| parent.join(unit)).find(|group| populated(group))
}

fn populated(group: &Path) -> bool {
    fs::read_to_string(group.join("cgroup.events"))
        .map_or(false, |events| events.lines().any(|line| line == "populated 1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_names_and_services_where_they_do_not_say_what() {
        let text = "one.service\n two \n\n# three\n../four.service\n-five\n.six\nseven@8.service\n";
        assert_eq!(units(text), ["one.service", "two.service", "seven@8.service"]);
    }

    #[test]
    fn only_a_unit_with_processes_has_a_group_to_end() {
        let folder = std::env::temp_dir().join(format!("banger-restart-{}", std::process::id()));
        for (group, events) in &[
            ("a.service", "populated 1\nfrozen 1\n"),
            ("b.service", "populated 0\n"),
            ("x.slice/c@1.service", "populated 1\n"),
        ] {
            fs::create_dir_all(folder.join(group)).unwrap();
            fs::write(folder.join(group).join("cgroup.events"), events).unwrap();
        }
        assert_eq!(group_of("a.service", &folder), Some(folder.join("a.service")));
        assert_eq!(group_of("b.service", &folder), None);
        assert_eq!(group_of("c@1.service", &folder), Some(folder.join("x.slice/c@1.service")));
        assert_eq!(group_of("d.service", &folder), None);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_group_is_waited_for_until_it_has_no_processes() {
        let folder = std::env::temp_dir().join(format!("banger-restart-end-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let events = folder.join("cgroup.events");
        fs::write(&events, "populated 1\n").unwrap();
        let refused = await_end(&folder, Duration::from_millis(5)).unwrap_err();
        assert!(refused.to_string().contains("do not end"), "{}", refused);

        let ends = thread::spawn({
            let events = events.clone();
            move || {
                thread::sleep(Duration::from_millis(20));
                fs::write(events, "populated 0\n").unwrap();
            }
        });
        await_end(&folder, Duration::from_secs(60)).unwrap();
        ends.join().unwrap();
        fs::remove_dir_all(&folder).unwrap();
        await_end(&folder, Duration::from_secs(60)).unwrap();
    }
}
