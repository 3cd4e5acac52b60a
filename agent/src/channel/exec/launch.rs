//! From a request to a running command: its user, environment, program and streams.

use super::mise;
use crate::accounts::Account;
use crate::os::child::Child;
use crate::os::filesystem::c_string;
use crate::os::spawn::{Launch, LaunchFailure, Launcher};
use crate::os::{fd, terminal};
use crate::sys;
use crate::wire::refusal::{Code, Refusal};
use crate::wire::request::ExecRequest;
use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::unix::io::{AsRawFd, OwnedFd, RawFd};
use std::rc::Rc;

pub const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const DEFAULT_TERM: &str = "xterm-256color";

type Shared = Option<Rc<OwnedFd>>;

/// A started command and the agent's ends of its streams.
pub struct Launched {
    pub child: Child,
    pub input: Shared,
    pub output: Shared,
    pub errors: Shared,
}

pub fn launch(request: &ExecRequest, launcher: &mut Launcher) -> Result<Launched, Refusal> {
    let account = Account::find(&request.user)
        .ok_or_else(|| Refusal::new(Code::NoSuchUser, format!("no user {} in the guest", request.user)))?;
    let streams = Streams::open(request).map_err(|error| Refusal::failed(format!("cannot open streams: {}", error)))?;
    if let (true, Some(ids)) = (request.terminal, account.ids()) {
        // The group stays what devpts gives; without the owner the user could not open /dev/tty's name.
        unsafe { sys::fchown(streams.standard[0], ids.uid, u32::MAX) };
    }
    let launch = prepare(request, &account, streams.standard).map_err(|error| Refusal::failed(error.to_string()))?;
    let child = launcher.launch(&launch).map_err(|failure| refusal(failure, request))?;
    Ok(Launched { child, input: streams.input, output: streams.output, errors: streams.errors })
}

/// Both ends of a command's streams; the command's own ends close with this.
struct Streams {
    standard: [RawFd; 3],
    input: Shared,
    output: Shared,
    errors: Shared,
    _kept_open: Vec<OwnedFd>,
}

impl Streams {
    fn open(request: &ExecRequest) -> io::Result<Streams> {
        if request.terminal {
            let (master, slave) = terminal::open(request.columns, request.rows)?;
            let master = Rc::new(master);
            let input = if request.stdin { Some(master.clone()) } else { None };
            let standard = [slave.as_raw_fd(); 3];
            return Ok(Streams { standard, input, output: Some(master), errors: None, _kept_open: vec![slave] });
        }
        let (theirs_in, input) = if request.stdin {
            let (read, write) = fd::pipe()?;
            fd::set_nonblocking(&write)?;
            (read, Some(Rc::new(write)))
        } else {
            (OwnedFd::from(File::open("/dev/null")?), None)
        };
        let (output, theirs_out) = fd::pipe()?;
        let (errors, theirs_err) = fd::pipe()?;
        fd::set_nonblocking(&output)?;
        fd::set_nonblocking(&errors)?;
        let standard = [theirs_in.as_raw_fd(), theirs_out.as_raw_fd(), theirs_err.as_raw_fd()];
        Ok(Streams {
            standard,
            input,
            output: Some(Rc::new(output)),
            errors: Some(Rc::new(errors)),
            _kept_open: vec![theirs_in, theirs_out, theirs_err],
        })
    }
}

fn prepare(request: &ExecRequest, account: &Account, standard: [RawFd; 3]) -> io::Result<Launch> {
    let environment = environment(request, account);
    let path = variable(&environment, b"PATH=").unwrap_or(DEFAULT_PATH.as_bytes());
    let mise = if request.mise { mise::find(path, &account.home) } else { None };
    let (programs, arguments, inherited) = match mise {
        Some(mise) => (vec![mise], mise::wrap(&request.arguments), Some(mise::passage()?)),
        None => (programs(&request.arguments[0], path), request.arguments.clone(), None),
    };
    let directory_optional = request.directory.is_empty();
    let directory = if directory_optional { account.home.as_bytes() } else { &request.directory };
    Ok(Launch {
        programs: c_strings(&programs)?,
        arguments: c_strings(&arguments)?,
        environment: c_strings(&environment)?,
        standard,
        inherited,
        terminal: request.terminal,
        user: account.ids(),
        directory: c_string(directory)?,
        directory_optional,
    })
}

/// The base environment without what the request sets, then what the request sets.
fn environment(request: &ExecRequest, account: &Account) -> Vec<Vec<u8>> {
    let mut base = vec![
        ("PATH", DEFAULT_PATH),
        ("HOME", &account.home),
        ("USER", &account.name),
        ("LOGNAME", &account.name),
        ("SHELL", &account.shell),
        ("LANG", "C.UTF-8"),
    ];
    if request.terminal {
        base.push(("TERM", DEFAULT_TERM));
    }
    let is_set = |name: &str| request.environment.iter().any(|entry| variable_name(entry) == name.as_bytes());
    let kept = base.iter().filter(|(name, _)| !is_set(name));
    let kept = kept.map(|(name, value)| format!("{}={}", name, value).into_bytes());
    kept.chain(request.environment.iter().cloned()).collect()
}

/// The value of the last entry of this name, which ends with `=`.
pub(super) fn variable<'a>(environment: &'a [Vec<u8>], name: &[u8]) -> Option<&'a [u8]> {
    environment.iter().rev().find_map(|entry| entry.strip_prefix(name))
}

fn variable_name(entry: &[u8]) -> &[u8] {
    entry.split(|byte| *byte == b'=').next().unwrap_or(entry)
}

/// The paths that a command's name may stand for.
pub(super) fn programs(command: &[u8], path: &[u8]) -> Vec<Vec<u8>> {
    if command.contains(&b'/') {
        return vec![command.to_vec()];
    }
    let folders = path.split(|byte| *byte == b':');
    folders
        .map(|folder| match folder {
            b"" => [b"./", command].concat(),
            _ => [folder, b"/", command].concat(),
        })
        .collect()
}

pub(super) fn c_strings(strings: &[Vec<u8>]) -> io::Result<Vec<CString>> {
    strings.iter().map(|string| c_string(string)).collect()
}

fn refusal(failure: LaunchFailure, request: &ExecRequest) -> Refusal {
    let command = String::from_utf8_lossy(&request.arguments[0]);
    match failure {
        LaunchFailure::Directory(error) => {
            let directory = String::from_utf8_lossy(&request.directory);
            Refusal::new(Code::BadDirectory, format!("cannot enter {}: {}", directory, error))
        }
        LaunchFailure::System(what, error) => Refusal::failed(format!("cannot start {}: {}: {}", command, what, error)),
        LaunchFailure::Program(error) => {
            let code = match error.raw_os_error() {
                Some(sys::ENOENT) | Some(sys::ENOTDIR) | Some(sys::ENAMETOOLONG) | Some(sys::ELOOP) => Code::NotFound,
                Some(sys::EACCES) | Some(sys::ENOEXEC) => Code::NotExecutable,
                _ => Code::Failed,
            };
            Refusal::new(code, format!("cannot execute {}: {}", command, error))
        }
    }
}
