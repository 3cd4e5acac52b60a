//! mise, the manager of development tools, where a guest has it.

use super::launch::programs;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

/// Its program: on the path, or where its own installer puts it.
pub fn find(path: &[u8], home: &str) -> Option<Vec<u8>> {
    let mut places = programs(b"mise", path);
    places.push([home.as_bytes(), b"/.local/bin/mise"].concat());
    places.into_iter().find(|place| is_executable(place))
}

/// The command line that runs a command with the tools that mise manages.
pub fn wrap(arguments: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let prefix = ["mise", "exec", "--"].iter().map(|word| word.as_bytes().to_vec());
    prefix.chain(arguments.iter().cloned()).collect()
}

fn is_executable(path: &[u8]) -> bool {
    match fs::metadata(OsStr::from_bytes(path)) {
        Ok(found) => found.is_file() && found.permissions().mode() & 0o111 != 0,
        Err(_) => false,
    }
}
