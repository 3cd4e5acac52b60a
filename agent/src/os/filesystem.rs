//! Mounts, and what can be done to a mounted file system as a whole.

use crate::os::check;
use crate::sys::{self, StatFs};
use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::raw::{c_int, c_ulong};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::io::{AsRawFd, RawFd};
use std::path::Path;
use std::ptr;

/// A text for the kernel; one with a NUL inside is refused.
pub fn c_string(bytes: &[u8]) -> io::Result<CString> {
    CString::new(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a NUL byte in a name"))
}

pub fn c_path(path: &Path) -> io::Result<CString> {
    c_string(path.as_os_str().as_bytes())
}

pub fn mount(source: &str, target: &str, kind: &str, flags: c_ulong, options: &str) -> io::Result<()> {
    let (source, target) = (c_string(source.as_bytes())?, c_string(target.as_bytes())?);
    let (kind, options) = (c_string(kind.as_bytes())?, c_string(options.as_bytes())?);
    let result = unsafe { sys::mount(source.as_ptr(), target.as_ptr(), kind.as_ptr(), flags, options.as_ptr().cast()) };
    check(result).map(drop)
}

pub fn unmount(target: &str) -> io::Result<()> {
    let target = c_string(target.as_bytes())?;
    check(unsafe { sys::umount2(target.as_ptr(), 0) }).map(drop)
}

/// Makes a mounted file system read-only, which also writes out what it holds.
pub fn make_read_only(target: &str) -> io::Result<()> {
    let target = c_string(target.as_bytes())?;
    let flags = sys::MS_REMOUNT | sys::MS_RDONLY;
    check(unsafe { sys::mount(ptr::null(), target.as_ptr(), ptr::null(), flags, ptr::null()) }).map(drop)
}

pub fn change_root(path: &str) -> io::Result<()> {
    let path = c_string(path.as_bytes())?;
    check(unsafe { sys::chroot(path.as_ptr()) }).map(drop)
}

/// The sizes of a mounted file system, in bytes.
pub struct Space {
    pub total: u64,
    pub used: u64,
}

pub fn space(path: &Path) -> io::Result<Space> {
    let mut result = StatFs::default();
    check(unsafe { sys::statfs(c_path(path)?.as_ptr(), &mut result) })?;
    Ok(space_of(&result))
}

pub fn space_at(fd: RawFd) -> io::Result<Space> {
    let mut result = StatFs::default();
    check(unsafe { sys::fstatfs(fd, &mut result) })?;
    Ok(space_of(&result))
}

fn space_of(result: &StatFs) -> Space {
    let unit = result.fragment_size.max(0) as u64;
    Space {
        total: result.blocks.saturating_mul(unit),
        used: result.blocks.saturating_sub(result.blocks_free).saturating_mul(unit),
    }
}

pub fn freeze(fd: RawFd) -> io::Result<()> {
    check(unsafe { sys::ioctl(fd, sys::FIFREEZE, 0) }).map(drop)
}

pub fn thaw(fd: RawFd) -> io::Result<()> {
    check(unsafe { sys::ioctl(fd, sys::FITHAW, 0) }).map(drop)
}

/// Grows a mounted ext4 to the size of its device; one that fills it already is left as it is.
pub fn grow_ext4(mounted: &File) -> io::Result<()> {
    let device_id = mounted.metadata()?.dev();
    let device = block_device(device_id)?;
    let mut block_device = File::open(format!("/dev/{}", device))?;
    let shape = Ext4Shape::read(&mut block_device)?;
    let device_blocks = block_device.seek(SeekFrom::End(0))? / shape.block_bytes;
    if device_blocks <= shape.blocks {
        return Ok(());
    }
    check(unsafe { sys::ioctl(mounted.as_raw_fd(), sys::EXT4_IOC_RESIZE_FS, &device_blocks) }).map(drop)
}

/// The name under /dev of the block device with that number.
fn block_device(id: u64) -> io::Result<String> {
    let major = ((id >> 8) & 0xfff) | ((id >> 32) & !0xfff);
    let minor = (id & 0xff) | ((id >> 12) & !0xff);
    let link = std::fs::read_link(format!("/sys/dev/block/{}:{}", major, minor)).map_err(|_| {
        io::Error::new(io::ErrorKind::Other, format!("no block device {}:{} is under it", major, minor))
    })?;
    let name = link.file_name().map(|name| name.to_string_lossy().into_owned());
    name.ok_or_else(|| io::Error::from_raw_os_error(sys::ENOENT))
}

/// Block size and count from an ext4 superblock.
struct Ext4Shape {
    block_bytes: u64,
    blocks: u64,
}

impl Ext4Shape {
    fn read(device: &mut File) -> io::Result<Ext4Shape> {
        let mut block = [0u8; 1024];
        device.seek(SeekFrom::Start(1024))?;
        device.read_exact(&mut block)?;
        let field = |at: usize| u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
        let magic = u16::from_le_bytes([block[56], block[57]]);
        if magic != 0xEF53 || field(24) > 6 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its device holds no ext4"));
        }
        let blocks = u64::from(field(4)) | u64::from(field(0x150)) << 32;
        Ok(Ext4Shape { block_bytes: 1024 << field(24), blocks })
    }
}

/// Powers the machine off or starts it again; does not come back unless the kernel refuses.
pub fn reboot(command: c_int) -> io::Error {
    unsafe { sys::reboot(command) };
    io::Error::last_os_error()
}
