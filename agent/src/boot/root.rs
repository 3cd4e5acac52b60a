//! The guest's root: the image's layers under the root disk, and the move from the initramfs into it.

use crate::boot::disks::Devices;
use crate::boot::mounts::{make_folder, mount, KERNEL_FILESYSTEMS};
use crate::boot::parameters::Parameters;
use crate::boot::{say, BootError};
use crate::os::filesystem;
use crate::sys;
use std::env;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const ROOT_DISK: &str = "/disk";
const NEW_ROOT: &str = "/new";

/// A layer is never written, not even its journal.
pub const LAYER_OPTIONS: &str = "noload";

/// Mounts layers and root disk as the new root; answers the root disk's top folder.
pub fn assemble(parameters: &Parameters, devices: &Devices) -> Result<File, BootError> {
    let mut lower = Vec::new();
    for (index, id) in parameters.layers.iter().enumerate() {
        let folder = format!("/layers/{}", index);
        mount(devices.path(id), &folder, "ext4", sys::MS_RDONLY | sys::MS_NOATIME, LAYER_OPTIONS)?;
        lower.push(folder);
    }
    // The overlay wants the uppermost first.
    lower.reverse();
    mount(devices.path(&parameters.root), ROOT_DISK, "ext4", sys::MS_NOATIME, "")?;
    let root_disk = File::open(ROOT_DISK).map_err(|error| BootError::new(ROOT_DISK, error))?;
    grow(&root_disk, "the root disk");
    let (upper, work) = (format!("{}/upper", ROOT_DISK), format!("{}/work", ROOT_DISK));
    make_folder(&upper)?;
    make_folder(&work)?;
    let lower = lower.join(":");
    // redirect_dir: folders of a layer can be renamed, as package managers and git do.
    let options = format!("lowerdir={},upperdir={},workdir={},redirect_dir=on", lower, upper, work);
    mount("overlay", NEW_ROOT, "overlay", sys::MS_NOATIME, &options)?;
    Ok(root_disk)
}

/// Fills the disk; a file system that cannot grow is still good at its old size.
pub fn grow(mounted: &File, what: &str) {
    if let Err(error) = filesystem::grow_ext4(mounted) {
        say(format_args!("cannot grow {}: {}", what, error));
    }
}

/// Makes the new root the root, and frees the initramfs.
pub fn enter() -> Result<(), BootError> {
    for (_, folder, _) in KERNEL_FILESYSTEMS {
        let target = format!("{}{}", NEW_ROOT, folder);
        mount(folder, &target, "", sys::MS_MOVE, "")?;
    }
    delete_initramfs();
    env::set_current_dir(NEW_ROOT).map_err(|error| BootError::new(NEW_ROOT, error))?;
    filesystem::mount(".", "/", "", sys::MS_MOVE, "").map_err(|error| BootError::new("moving the root", error))?;
    filesystem::change_root(".").map_err(|error| BootError::new("changing the root", error))?;
    env::set_current_dir("/").map_err(|error| BootError::new("/", error))
}

/// Deletes the files that would take memory for as long as the guest runs.
fn delete_initramfs() {
    if let Ok(root) = fs::metadata("/") {
        // What cannot be deleted only takes memory.
        let _ = delete_below(Path::new("/"), root.dev());
    }
}

/// Deletes what lies in a folder, but goes into no other file system.
fn delete_below(folder: &Path, device: u64) -> io::Result<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.dev() == device => metadata,
            _ => continue,
        };
        if metadata.is_dir() {
            let _ = delete_below(&path, device);
            let _ = fs::remove_dir(&path);
        } else {
            let _ = fs::remove_file(&path);
        }
    }
    Ok(())
}
