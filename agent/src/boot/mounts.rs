//! The guest's mounts: the kernel's own file systems, and what lies below the root.

use crate::boot::disks::Devices;
use crate::boot::parameters::Parameters;
use crate::boot::root::{grow, LAYER_OPTIONS};
use crate::boot::{say, BootError};
use crate::guest::WORK_FOLDER;
use crate::os::filesystem;
use crate::sys;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::raw::c_ulong;
use std::os::unix::fs::{symlink, DirBuilderExt};
use std::os::unix::io::AsRawFd;

const STRICT: c_ulong = sys::MS_NOSUID | sys::MS_NODEV | sys::MS_NOEXEC;

/// Type, folder and flags; they move along from the initramfs into the new root.
pub const KERNEL_FILESYSTEMS: [(&str, &str, c_ulong); 3] =
    [("proc", "/proc", STRICT), ("sysfs", "/sys", STRICT), ("devtmpfs", "/dev", sys::MS_NOSUID)];

/// Type, folder, flags and options of what programs expect in a running system.
const SYSTEM_FILESYSTEMS: [(&str, &str, c_ulong, &str); 4] = [
    ("devpts", "/dev/pts", sys::MS_NOSUID | sys::MS_NOEXEC, "gid=5,mode=620,ptmxmode=666"),
    ("tmpfs", "/dev/shm", sys::MS_NOSUID | sys::MS_NODEV, "mode=1777"),
    ("tmpfs", "/run", sys::MS_NOSUID | sys::MS_NODEV, "mode=755,size=20%"),
    ("cgroup2", "/sys/fs/cgroup", STRICT, "nsdelegate,memory_recursiveprot"),
];

/// Folders of container engines, which refuse to put an overlay on the overlay that the root is: they lie on
/// the root disk itself, in folders of these names.
const ENGINE_FOLDERS: [(&str, &str); 2] = [("docker", "/var/lib/docker"), ("containers", "/var/lib/containers")];

const DEVICE_LINKS: [(&str, &str); 4] = [
    ("/proc/self/fd", "/dev/fd"),
    ("/proc/self/fd/0", "/dev/stdin"),
    ("/proc/self/fd/1", "/dev/stdout"),
    ("/proc/self/fd/2", "/dev/stderr"),
];

pub fn mount_kernel_filesystems() -> Result<(), BootError> {
    for (kind, folder, flags) in KERNEL_FILESYSTEMS {
        mount(kind, folder, kind, flags, "")?;
    }
    Ok(())
}

/// Mounts everything below the new root, which is the root already: so links in the image, such as /lib,
/// cannot lead out of it. Answers whether there is a work disk.
pub fn complete(parameters: &Parameters, devices: &Devices, root_disk: &File) -> Result<bool, BootError> {
    for (kind, folder, flags, options) in SYSTEM_FILESYSTEMS {
        mount(kind, folder, kind, flags, options)?;
    }
    for (target, link) in DEVICE_LINKS {
        symlink(target, link).or_else(unless_exists).map_err(|error| BootError::new(link, error))?;
    }
    if let Some(id) = &parameters.modules {
        mount(devices.path(id), "/lib/modules", "ext4", sys::MS_RDONLY | sys::MS_NOATIME, LAYER_OPTIONS)?;
    }
    for (name, folder) in ENGINE_FOLDERS {
        // An image in which something else has that name still boots.
        if let Err(error) = bind_engine_folder(root_disk, name, folder) {
            say(format_args!("{}", error));
        }
    }
    match &parameters.work {
        None => Ok(false),
        Some(id) => mount_work_disk(devices.path(id)).map(|()| true),
    }
}

fn bind_engine_folder(root_disk: &File, name: &str, folder: &str) -> Result<(), BootError> {
    let source = format!("/proc/self/fd/{}/{}", root_disk.as_raw_fd(), name);
    make_folder(&source)?;
    mount(&source, folder, "", sys::MS_BIND, "")
}

fn mount_work_disk(device: &str) -> Result<(), BootError> {
    mount(device, WORK_FOLDER, "ext4", sys::MS_NOATIME, "")?;
    let mounted = File::open(WORK_FOLDER).map_err(|error| BootError::new(WORK_FOLDER, error))?;
    grow(&mounted, "the work disk");
    Ok(())
}

/// Mounts on a folder, which is made where it is missing.
pub fn mount(source: &str, folder: &str, kind: &str, flags: c_ulong, options: &str) -> Result<(), BootError> {
    make_folder(folder)?;
    filesystem::mount(source, folder, kind, flags, options)
        .map_err(|error| BootError::new(format_args!("mounting {} on {}", source, folder), error))
}

pub fn make_folder(folder: &str) -> Result<(), BootError> {
    if fs::metadata(folder).map_or(false, |metadata| metadata.is_dir()) {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(0o755).create(folder);
    made.map_err(|error| BootError::new(format_args!("making {}", folder), error))
}

fn unless_exists(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::AlreadyExists {
        Ok(())
    } else {
        Err(error)
    }
}
