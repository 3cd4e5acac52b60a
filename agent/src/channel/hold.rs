//! Holding the guest: every process but the agent's own stops, so that a frozen copy of the machine can be given a
//! new identity before anything of it runs on.

use crate::channel::adopt;
use crate::channel::task::{After, Task};
use crate::channel::Context;
use crate::sys;
use crate::wire::refusal::{Code, Refusal};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::{Duration, Instant};

const CGROUPS: &str = "/sys/fs/cgroup";
/// The agent's own, which is never held.
const OWN: &str = "banger";
/// Of the commands that the agent was asked to run, once they have to be held.
const COMMANDS: &str = "banger-commands";
const STOP_BOUND: Duration = Duration::from_secs(5);
const LOOKS: usize = 100;
const LOOK_AGAIN: Duration = Duration::from_millis(2);

pub fn open(hold: bool, context: &mut Context) -> Result<Task, Refusal> {
    if context.guest.machine.is_none() {
        return Err(Refusal::new(Code::Unsupported, "this agent has no guest of its own to hold"));
    }
    // systemd has moved whatever it found into a group of its own; held there, the agent could not let go again.
    leave_others().map_err(|error| Refusal::failed(format!("cannot make the agent's cgroup: {}", error)))?;
    if hold {
        Task::start("cannot hold the guest".into(), After::Reply, &[], hold_all)
    } else {
        Task::start("cannot let the guest go on".into(), After::Reply, &[], let_go)
    }
}

pub fn let_go() -> io::Result<()> {
    set_all("0").map(drop)
}

fn leave_others() -> io::Result<()> {
    let own = Path::new(CGROUPS).join(OWN);
    fs::create_dir_all(&own)?;
    fs::write(own.join("cgroup.procs"), process::id().to_string())
}

fn hold_all() -> io::Result<()> {
    // Where this fails, as without a /run, a copy does it.
    let _ = adopt::cover_boot_id();
    part_from_commands()?;
    let held = set_all("1")?;
    let end = Instant::now() + STOP_BOUND;
    for group in &held {
        while !is_held(group)? {
            if Instant::now() > end {
                set_all("0")?;
                return Err(io::Error::from_raw_os_error(sys::EBUSY));
            }
            thread::sleep(LOOK_AGAIN);
        }
    }
    Ok(())
}

/// What the agent starts is in its own group, until the guest is first held. Looks again until none is left, as
/// processes may start others meanwhile.
fn part_from_commands() -> io::Result<()> {
    let (agent, child) = (std::os::unix::process::parent_id(), process::id());
    let commands = Path::new(CGROUPS).join(COMMANDS);
    fs::create_dir_all(&commands)?;
    for _ in 0..LOOKS {
        let members = fs::read_to_string(Path::new(CGROUPS).join(OWN).join("cgroup.procs"))?;
        let mut others =
            members.lines().filter(|pid| *pid != agent.to_string() && *pid != child.to_string()).peekable();
        if others.peek().is_none() {
            return Ok(());
        }
        for pid in others {
            // It may have ended by now.
            let _ = fs::write(commands.join("cgroup.procs"), pid);
        }
    }
    Err(io::Error::from_raw_os_error(sys::EBUSY))
}

fn is_held(group: &Path) -> io::Result<bool> {
    Ok(fs::read_to_string(group.join("cgroup.events"))?.lines().any(|line| line == "frozen 1"))
}

/// Writes to the freezer of every group directly below the root but the agent's, and returns them.
fn set_all(value: &str) -> io::Result<Vec<PathBuf>> {
    let mut groups = Vec::new();
    for entry in fs::read_dir(CGROUPS)? {
        let group = entry?.path();
        let freezer = group.join("cgroup.freeze");
        if group.file_name().map_or(false, |name| name != OWN) && freezer.exists() {
            fs::write(freezer, value)?;
            groups.push(group);
        }
    }
    Ok(groups)
}
