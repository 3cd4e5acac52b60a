//! What the kernel's command line asks of the agent.

use crate::boot::{BootError, Off};
use crate::wire::request::is_hostname;
use std::fs;

const DEFAULT_INIT: &str = "/sbin/init";
const DEFAULT_PORT: &str = "banger.agent";

/// What the host's stream is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamName {
    Port(String),
    Vsock(u32),
}

/// The `banger.` parameters; disks are named by serial or device name.
#[derive(Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Lowest first.
    pub layers: Vec<String>,
    pub root: String,
    pub work: Option<String>,
    pub modules: Option<String>,
    pub stream: StreamName,
    pub init: String,
    pub hostname: Option<String>,
    pub off: Off,
}

impl Parameters {
    pub fn read() -> Result<Parameters, BootError> {
        let line = fs::read_to_string("/proc/cmdline").map_err(|error| BootError::new("/proc/cmdline", error))?;
        Parameters::parse(&line)
    }

    fn parse(line: &str) -> Result<Parameters, BootError> {
        let value = |name: &str| {
            let mut words = line.split_whitespace().rev();
            words.find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).filter(|value| !value.is_empty())
        };
        let disk = |name: &str| value(name).map(|id| checked_id(name, id)).transpose();
        let required = |name: &str| BootError(format!("the kernel command line has no {}=", name));
        let layers = value("banger.layers").ok_or_else(|| required("banger.layers"))?;
        Ok(Parameters {
            layers: layers.split(',').map(|id| checked_id("banger.layers", id)).collect::<Result<_, _>>()?,
            root: disk("banger.root")?.ok_or_else(|| required("banger.root"))?,
            work: disk("banger.work")?,
            modules: disk("banger.modules")?,
            stream: stream(value("banger.stream"))?,
            init: value("banger.init").unwrap_or(DEFAULT_INIT).to_owned(),
            hostname: value("banger.hostname").map(checked_hostname).transpose()?,
            off: off(value("banger.off"))?,
        })
    }

    /// Every disk that the guest cannot do without.
    pub fn disk_ids(&self) -> Vec<&str> {
        let others = self.work.iter().chain(&self.modules).chain(Some(&self.root));
        self.layers.iter().chain(others).map(String::as_str).collect()
    }
}

fn checked_id(name: &str, id: &str) -> Result<String, BootError> {
    if id.is_empty() || id.contains('/') {
        return Err(BootError(format!("{}: a disk's serial or device name expected, \"{}\" found", name, id)));
    }
    Ok(id.to_owned())
}

fn checked_hostname(name: &str) -> Result<String, BootError> {
    if is_hostname(name) {
        Ok(name.to_owned())
    } else {
        Err(BootError(format!("banger.hostname: \"{}\" is none", name)))
    }
}

fn stream(value: Option<&str>) -> Result<StreamName, BootError> {
    let value = match value {
        None => return Ok(StreamName::Port(DEFAULT_PORT.into())),
        Some(value) => value,
    };
    let bad = || BootError(format!("banger.stream: port:NAME or vsock:PORT expected, {} found", value));
    match value.split_once(':') {
        Some(("port", name)) if !name.is_empty() => Ok(StreamName::Port(name.into())),
        Some(("vsock", port)) => port.parse().map(StreamName::Vsock).map_err(|_| bad()),
        _ => Err(bad()),
    }
}

fn off(value: Option<&str>) -> Result<Off, BootError> {
    match value {
        None | Some("poweroff") => Ok(Off::PowerOff),
        Some("reboot") => Ok(Off::Reboot),
        Some(other) => Err(BootError(format!("banger.off: poweroff or reboot expected, {} found", other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_read() {
        let line = "console=ttyS0 banger.layers=a,b banger.root=r banger.work=w banger.modules=m \
                    banger.stream=vsock:1024 banger.init=/bin/init banger.hostname=h banger.off=reboot\n";
        let parameters = Parameters::parse(line).unwrap();
        assert_eq!(parameters.layers, ["a", "b"]);
        assert_eq!(parameters.disk_ids(), ["a", "b", "w", "m", "r"]);
        assert_eq!(parameters.stream, StreamName::Vsock(1024));
        assert_eq!(parameters.init, "/bin/init");
        assert_eq!(parameters.hostname.as_deref(), Some("h"));
        assert_eq!(parameters.off, Off::Reboot);
    }

    #[test]
    fn what_may_be_absent_has_a_default() {
        let parameters = Parameters::parse("banger.layers=a banger.root=r").unwrap();
        assert_eq!(parameters.stream, StreamName::Port("banger.agent".into()));
        assert_eq!((parameters.init.as_str(), parameters.off), ("/sbin/init", Off::PowerOff));
        assert_eq!((parameters.work, parameters.modules, parameters.hostname), (None, None, None));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("banger.root=r", "banger.layers"),
            ("banger.layers=a", "banger.root"),
            ("banger.layers=a,, banger.root=r", "banger.layers"),
            ("banger.layers=a banger.root=../r", "banger.root"),
            ("banger.layers=a banger.root=r banger.stream=tcp:1", "banger.stream"),
            ("banger.layers=a banger.root=r banger.stream=vsock:x", "banger.stream"),
            ("banger.layers=a banger.root=r banger.off=never", "banger.off"),
            ("banger.layers=a banger.root=r banger.hostname=a_b", "banger.hostname"),
        ];
        for (line, name) in cases {
            let error = Parameters::parse(line).unwrap_err();
            assert!(error.0.contains(name), "{}: {}", line, error);
        }
    }
}
