//! Waiting inside the guest until it is ready.

use crate::channel::task::reply;
use crate::channel::{Context, Progress};
use crate::guest::Guest;
use crate::wire::refusal::{Code, Refusal};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(50);
const MAX_CONDITIONS: usize = 64;

/// One thing that must hold.
#[derive(Debug, PartialEq, Eq)]
enum Condition {
    Agent,
    Init,
    Tcp(u16),
    Path(PathBuf),
}

/// Conditions that do not all hold yet.
pub struct Ready {
    conditions: Vec<Condition>,
    next_look: Instant,
}

/// `None` where all hold already.
pub fn open(conditions: &[String], context: &mut Context) -> Result<Option<Ready>, Refusal> {
    if conditions.len() > MAX_CONDITIONS {
        let message = format!("{} conditions: at most {} are allowed", conditions.len(), MAX_CONDITIONS);
        return Err(Refusal::new(Code::Malformed, message));
    }
    let conditions = conditions.iter().map(|text| parse(text)).collect::<Result<_, _>>()?;
    let mut ready = Ready { conditions, next_look: Instant::now() };
    match ready.look(context) {
        Progress::Ended => Ok(None),
        Progress::Open => Ok(Some(ready)),
    }
}

fn parse(text: &str) -> Result<Condition, Refusal> {
    let unknown = || Refusal::new(Code::Unsupported, format!("unknown condition {}", text));
    match text {
        "agent" => return Ok(Condition::Agent),
        "init" => return Ok(Condition::Init),
        _ => {}
    }
    if let Some(port) = text.strip_prefix("tcp:") {
        let port = port.parse().ok().filter(|port| *port > 0);
        return port.map(Condition::Tcp).ok_or_else(unknown);
    }
    match text.strip_prefix("path:") {
        Some(path) if path.starts_with('/') => Ok(Condition::Path(path.into())),
        _ => Err(unknown()),
    }
}

impl Ready {
    pub fn next_look(&self) -> Instant {
        self.next_look
    }

    pub fn tick(&mut self, now: Instant, context: &mut Context) -> Progress {
        if now < self.next_look {
            return Progress::Open;
        }
        self.look(context)
    }

    /// All must hold at once: of a service that is just started anew there may be a sign of its last run.
    fn look(&mut self, context: &mut Context) -> Progress {
        let guest: &Guest = context.guest;
        if self.conditions.iter().all(|condition| holds(condition, guest)) {
            reply(context, &[]);
            return Progress::Ended;
        }
        self.next_look = Instant::now() + LOOK_EVERY;
        Progress::Open
    }
}

fn holds(condition: &Condition, guest: &Guest) -> bool {
    match condition {
        Condition::Agent => true,
        Condition::Init => guest.init_is_up(),
        Condition::Tcp(port) => ["/proc/net/tcp", "/proc/net/tcp6"]
            .iter()
            .any(|table| fs::read_to_string(table).map_or(false, |table| listens(&table, *port))),
        Condition::Path(path) => Path::new(path).exists(),
    }
}

/// Whether the kernel's table has a listener on the port. Connecting instead would disturb the service.
fn listens(table: &str, port: u16) -> bool {
    const LISTEN: &str = "0A";
    let suffix = format!(":{:04X}", port);
    table.lines().any(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let local = fields.next().map_or(false, |local| local.ends_with(&suffix));
        local && fields.nth(1) == Some(LISTEN)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_found_by_its_port_and_state() {
        let table = "  sl  local_address rem_address   st tx_queue\n\
                     0: 0100007F:1000 00000000:0000 0A 00000000:00000000\n\
                     1: 0100007F:1001 0100007F:1000 01 00000000:00000000\n";
        assert!(listens(table, 4096));
        assert!(!listens(table, 4097));
        assert!(!listens(table, 16));
    }

    #[test]
    fn an_unknown_condition_is_unsupported() {
        for text in ["", "tcp:", "tcp:0", "tcp:65536", "path:relative", "moon"] {
            assert_eq!(parse(text).unwrap_err().code, Code::Unsupported, "{}", text);
        }
        assert_eq!(parse("tcp:4096").unwrap(), Condition::Tcp(4096));
    }
}
