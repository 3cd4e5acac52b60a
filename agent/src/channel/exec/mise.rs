//! mise, the manager of development tools, where a guest has it.
//!
//! mise leaves SIGPIPE ignored in what it starts, and answers 1 for a command that is not there. So it is given the
//! agent itself to start, by a descriptor that it inherits, and the agent becomes the command in the end: with every
//! signal at its default and with the exit codes that a command has without mise.

use super::launch::{c_strings, programs, variable, DEFAULT_PATH};
use crate::os::{signal, spawn};
use crate::sys;
use std::ffi::{CStr, OsStr};
use std::fs::{self, File};
use std::io;
use std::os::raw::c_int;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;

/// Its program: on the path, or where its own installer puts it.
pub fn find(path: &[u8], home: &str) -> Option<Vec<u8>> {
    let mut places = programs(b"mise", path);
    places.push([home.as_bytes(), b"/.local/bin/mise"].concat());
    places.into_iter().find(|place| is_executable(place))
}

/// What mise must inherit for the command line of `wrap`: the agent's program.
pub fn passage() -> io::Result<File> {
    File::open("/proc/self/exe")
}

/// The command line that runs a command with the tools that mise manages.
pub fn wrap(arguments: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let agent = format!("/proc/self/fd/{}", spawn::INHERITED);
    let prefix = ["mise", "exec", "--", &agent, "become"];
    let prefix = prefix.iter().map(|word| word.as_bytes().to_vec());
    prefix.chain(arguments.iter().cloned()).collect()
}

/// What mise has started: becomes the command, or returns its exit code where there is none.
pub fn become_command(arguments: Vec<&CStr>) -> c_int {
    unsafe { sys::close(spawn::INHERITED) };
    let command = arguments[0].to_bytes();
    let error = match replace(command, &arguments) {
        Ok(error) | Err(error) => error,
    };
    eprintln!("banger: cannot execute {}: {}", String::from_utf8_lossy(command), error);
    match error.raw_os_error() {
        Some(sys::EACCES) | Some(sys::ENOEXEC) => 126,
        _ => 127,
    }
}

fn replace(command: &[u8], arguments: &[&CStr]) -> io::Result<io::Error> {
    let variables = std::env::vars_os().map(|(name, value)| [name.into_vec(), value.into_vec()].join(&b'='));
    let environment: Vec<Vec<u8>> = variables.collect();
    let places = programs(command, variable(&environment, b"PATH=").unwrap_or(DEFAULT_PATH.as_bytes()));
    let arguments: Vec<_> = arguments.iter().map(|word| (*word).to_owned()).collect();
    let (places, environment) = (c_strings(&places)?, c_strings(&environment)?);
    signal::restore_defaults(&[]);
    Ok(spawn::execute(&spawn::pointers(&places), &spawn::pointers(&arguments), &spawn::pointers(&environment)))
}

fn is_executable(path: &[u8]) -> bool {
    match fs::metadata(OsStr::from_bytes(path)) {
        Ok(found) => found.is_file() && found.permissions().mode() & 0o111 != 0,
        Err(_) => false,
    }
}
