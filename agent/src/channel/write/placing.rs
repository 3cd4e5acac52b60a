//! The child that writes a received file beside its place, then moves it there.

use crate::accounts::Account;
use crate::channel::home;
use crate::channel::task::status;
use crate::os::check;
use crate::os::child::Child;
use crate::os::fd;
use crate::os::filesystem::c_path;
use crate::sys;
use crate::wire::request::WriteRequest;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::io::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

const COPY_BYTES: usize = 256 * 1024;
const PARENT_MODE: u32 = 0o755;

/// Starts the child. It reads the file's bytes from `data`, and from `commit` one byte if they are all.
pub fn start(request: &WriteRequest, account: &Account, data: &OwnedFd, commit: &OwnedFd) -> io::Result<Child> {
    let keep = [data.as_raw_fd(), commit.as_raw_fd()];
    Child::fork(&keep, || status(place(request, account, data, commit)))
}

fn place(request: &WriteRequest, account: &Account, data: &OwnedFd, commit: &OwnedFd) -> io::Result<()> {
    let path = PathBuf::from(OsString::from_vec(request.path.clone()));
    if !home::admits(&path) {
        return Err(io::Error::from_raw_os_error(sys::EXDEV));
    }
    if let Some(parent) = path.parent() {
        make_parents(parent, account)?;
    }
    if path.is_dir() {
        return Err(io::Error::from_raw_os_error(sys::EISDIR));
    }
    let aside = aside(&path);
    let result = write_aside(&aside, request.mode, account, data).and_then(|()| {
        if fd::read(commit.as_raw_fd(), &mut [0])? == 0 {
            return Err(io::Error::from_raw_os_error(sys::ECANCELED));
        }
        fs::rename(&aside, &path)
    });
    if result.is_err() {
        let _ = fs::remove_file(&aside);
    }
    result
}

/// A name in the same folder that no other transfer of this boot uses.
fn aside(path: &Path) -> PathBuf {
    path.with_file_name(format!(".banger-write.{}", std::process::id()))
}

fn make_parents(folder: &Path, account: &Account) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_parents(parent, account)?;
    }
    match DirBuilder::new().mode(PARENT_MODE).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            let folder = c_path(folder)?;
            check(unsafe { sys::chown(folder.as_ptr(), account.uid, account.gid) }).map(drop)
        }
    }
}

fn write_aside(aside: &Path, mode: u32, account: &Account, data: &OwnedFd) -> io::Result<()> {
    // A power cut may have left one, and the next boot gives out the same process numbers again.
    match fs::remove_file(aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(aside)?;
    let mut buffer = vec![0; COPY_BYTES];
    loop {
        match fd::read(data.as_raw_fd(), &mut buffer)? {
            0 => break,
            count => file.write_all(&buffer[..count])?,
        }
    }
    check(unsafe { sys::fchown(file.as_raw_fd(), account.uid, account.gid) })?;
    // After the owner: a change of owner takes the set-id bits away.
    file.set_permissions(Permissions::from_mode(mode))?;
    file.sync_all()
}
