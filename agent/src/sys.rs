//! The C library's functions, structures and numbers that the agent needs, declared by hand for Linux on
//! x86-64 and aarch64 so that no crate is needed. Nothing here has behaviour; `os` wraps it.

use std::os::raw::{c_char, c_int, c_long, c_short, c_uint, c_ulong, c_void};

pub const O_RDONLY: c_int = 0;
pub const O_RDWR: c_int = 2;
pub const O_NOCTTY: c_int = 0o400;
pub const O_NONBLOCK: c_int = 0o4000;
pub const O_NOFOLLOW: c_int = 0o400000;
pub const O_CLOEXEC: c_int = 0o2000000;
pub const F_SETFD: c_int = 2;

pub const F_SETFL: c_int = 4;
pub const F_SETPIPE_SZ: c_int = 1031;

pub const POLLIN: c_short = 1;
pub const POLLOUT: c_short = 4;
pub const POLLERR: c_short = 8;
pub const POLLHUP: c_short = 16;

pub const ENOENT: c_int = 2;
pub const EINTR: c_int = 4;
pub const EIO: c_int = 5;
pub const ENOEXEC: c_int = 8;
pub const EACCES: c_int = 13;
pub const EBUSY: c_int = 16;
pub const EEXIST: c_int = 17;
pub const EXDEV: c_int = 18;
pub const ENOTDIR: c_int = 20;
pub const EISDIR: c_int = 21;
pub const EINVAL: c_int = 22;
pub const ENAMETOOLONG: c_int = 36;
pub const ELOOP: c_int = 40;
pub const ECANCELED: c_int = 125;
pub const EINPROGRESS: c_int = 115;

pub const SIGHUP: c_int = 1;
pub const SIGINT: c_int = 2;
pub const SIGKILL: c_int = 9;
pub const SIGUSR1: c_int = 10;
pub const SIGUSR2: c_int = 12;
pub const SIGPIPE: c_int = 13;
pub const SIGALRM: c_int = 14;
pub const SIGTERM: c_int = 15;
pub const SIGCHLD: c_int = 17;
pub const SIGCONT: c_int = 18;
pub const SIGPWR: c_int = 30;
/// SIGRTMIN+4 and +5 as the C library counts: what asks systemd, and our own init, to power off or reboot.
pub const SIG_POWER_OFF: c_int = 38;
pub const SIG_REBOOT: c_int = 39;
pub const SIG_SETMASK: c_int = 2;

pub const CLONE_VM: c_int = 0x100;
pub const CLONE_PIDFD: c_int = 0x1000;
pub const CLONE_VFORK: c_int = 0x4000;
pub const WNOHANG: c_int = 1;
pub const X_OK: c_int = 1;
pub const RLIMIT_NOFILE: c_int = 7;
pub const PR_SET_NAME: c_int = 15;

pub const SIOCADDRT: c_ulong = 0x890B;
pub const SIOCSIFFLAGS: c_ulong = 0x8914;
pub const SIOCSIFADDR: c_ulong = 0x8916;
pub const SIOCSIFNETMASK: c_ulong = 0x891C;
pub const TCGETS: c_ulong = 0x5401;
pub const TCSETS: c_ulong = 0x5402;
pub const TIOCSCTTY: c_ulong = 0x540E;
pub const TIOCSWINSZ: c_ulong = 0x5414;
pub const FIONREAD: c_ulong = 0x541B;
pub const TIOCSPTLCK: c_ulong = 0x4004_5431;
pub const TIOCGPTPEER: c_ulong = 0x5441;
pub const IUTF8: c_uint = 0o40000;
pub const VEOF: usize = 4;

pub const FIFREEZE: c_ulong = 0xC004_5877;
pub const FITHAW: c_ulong = 0xC004_5878;
pub const EXT4_IOC_RESIZE_FS: c_ulong = 0x4008_6610;
pub const SIOCSIFHWADDR: c_ulong = 0x8924;
pub const ARPHRD_ETHER: u16 = 1;
pub const RNDADDENTROPY: c_ulong = 0x4008_5203;
pub const RNDRESEEDCRNG: c_ulong = 0x5207;

pub const MS_RDONLY: c_ulong = 1;
pub const MS_NOSUID: c_ulong = 2;
pub const MS_NODEV: c_ulong = 4;
pub const MS_NOEXEC: c_ulong = 8;
pub const MS_REMOUNT: c_ulong = 32;
pub const MS_NOATIME: c_ulong = 1024;
pub const MS_BIND: c_ulong = 4096;
pub const MS_MOVE: c_ulong = 8192;
pub const RB_AUTOBOOT: c_int = 0x0123_4567;
pub const RB_POWER_OFF: c_int = 0x4321_FEDC;
pub const CLOCK_REALTIME: c_int = 0;
pub const CLOCK_BOOTTIME: c_int = 7;

pub const AF_UNIX: u16 = 1;
pub const AF_INET: u16 = 2;
pub const AF_INET6: u16 = 10;
pub const AF_VSOCK: u16 = 40;
pub const SOCK_STREAM: c_int = 1;
pub const SOCK_DGRAM: c_int = 2;
pub const SOCK_NONBLOCK: c_int = O_NONBLOCK;
pub const SOCK_CLOEXEC: c_int = O_CLOEXEC;
pub const SOL_SOCKET: c_int = 1;
pub const SO_ERROR: c_int = 4;
pub const SO_PASSCRED: c_int = 16;
pub const SCM_CREDENTIALS: c_int = 2;
pub const IPPROTO_TCP: c_int = 6;
pub const TCP_NODELAY: c_int = 1;
pub const SHUT_WR: c_int = 1;
pub const VMADDR_CID_HOST: u32 = 2;

pub const EPOLL_CTL_ADD: c_int = 1;
pub const EPOLLIN: u32 = 1;
pub const EPOLLOUT: u32 = 4;
pub const EPOLLET: u32 = 1 << 31;

pub const SYS_PIDFD_OPEN: c_long = 434;
pub const SYS_CLOSE_RANGE: c_long = 436;
#[cfg(target_arch = "x86_64")]
pub const SYS_FINIT_MODULE: c_long = 313;
#[cfg(target_arch = "aarch64")]
pub const SYS_FINIT_MODULE: c_long = 273;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PollFd {
    pub fd: c_int,
    pub events: c_short,
    pub revents: c_short,
}

#[repr(C)]
pub struct SigAction {
    pub handler: usize,
    pub mask: [u64; 16],
    pub flags: c_int,
    pub restorer: usize,
}

/// struct ifreq of net/if.h with a hardware address.
#[repr(C)]
pub struct IfReq {
    pub name: [u8; 16],
    pub family: u16,
    pub data: [u8; 22],
}

/// struct in6_ifreq of linux/ipv6.h.
#[repr(C)]
pub struct In6IfReq {
    pub address: [u8; 16],
    pub prefix: u32,
    pub index: c_int,
}

/// struct rtentry of linux/route.h.
#[repr(C)]
pub struct RtEntry {
    pub reserved1: c_ulong,
    pub to: [u8; 16],
    pub gateway: [u8; 16],
    pub mask: [u8; 16],
    pub flags: u16,
    pub reserved2: c_short,
    pub reserved3: c_ulong,
    pub reserved4: usize,
    pub metric: c_short,
    pub device: usize,
    pub mtu: c_ulong,
    pub window: c_ulong,
    pub round_trip: u16,
}

impl RtEntry {
    pub const EMPTY: RtEntry = RtEntry {
        reserved1: 0,
        to: [0; 16],
        gateway: [0; 16],
        mask: [0; 16],
        flags: 0,
        reserved2: 0,
        reserved3: 0,
        reserved4: 0,
        metric: 0,
        device: 0,
        mtu: 0,
        window: 0,
        round_trip: 0,
    };
}

/// struct in6_rtmsg of linux/ipv6_route.h.
#[repr(C)]
#[derive(Default)]
pub struct In6RtMsg {
    pub to: [u8; 16],
    pub from: [u8; 16],
    pub gateway: [u8; 16],
    pub kind: u32,
    pub to_prefix: u16,
    pub from_prefix: u16,
    pub metric: u32,
    pub info: c_ulong,
    pub flags: u32,
    pub index: c_int,
}

#[repr(C)]
pub struct SigSet(pub [u64; 16]);

#[repr(C)]
pub struct TimeSpec {
    pub seconds: i64,
    pub nanoseconds: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct RLimit {
    pub soft: u64,
    pub hard: u64,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Termios {
    pub input: c_uint,
    pub output: c_uint,
    pub control: c_uint,
    pub local: c_uint,
    pub line: u8,
    pub characters: [u8; 19],
}

#[repr(C)]
pub struct WinSize {
    pub rows: u16,
    pub columns: u16,
    pub x_pixels: u16,
    pub y_pixels: u16,
}

#[repr(C)]
#[derive(Default)]
pub struct StatFs {
    pub kind: i64,
    pub block_size: i64,
    pub blocks: u64,
    pub blocks_free: u64,
    pub blocks_available: u64,
    pub files: u64,
    pub files_free: u64,
    pub id: [c_int; 2],
    pub name_length: i64,
    pub fragment_size: i64,
    pub flags: i64,
    pub spare: [i64; 4],
}

/// struct sysinfo of linux/sysinfo.h on 64 bits.
#[repr(C)]
#[derive(Default)]
pub struct SysInfo {
    pub uptime: i64,
    pub loads: [c_ulong; 3],
    pub ram_total: c_ulong,
    pub ram_free: c_ulong,
    pub ram_shared: c_ulong,
    pub ram_buffers: c_ulong,
    pub swap_total: c_ulong,
    pub swap_free: c_ulong,
    pub tasks: u16,
    pub padding: u16,
    pub high_total: c_ulong,
    pub high_free: c_ulong,
    pub unit: u32,
}

#[cfg_attr(target_arch = "x86_64", repr(C, packed))]
#[cfg_attr(not(target_arch = "x86_64"), repr(C))]
#[derive(Clone, Copy)]
pub struct EpollEvent {
    pub events: u32,
    pub data: u64,
}

#[repr(C)]
pub struct SockAddrVm {
    pub family: u16,
    pub reserved: u16,
    pub port: u32,
    pub cid: u32,
    pub flags: u8,
    pub zero: [u8; 3],
}

#[repr(C)]
pub struct IoVec {
    pub base: *mut c_void,
    pub length: usize,
}

#[repr(C)]
pub struct MsgHdr {
    pub name: *mut c_void,
    pub name_length: c_uint,
    pub vectors: *mut IoVec,
    pub vector_count: usize,
    pub control: *mut c_void,
    pub control_length: usize,
    pub flags: c_int,
}

extern "C" {
    pub fn read(fd: c_int, buffer: *mut c_void, count: usize) -> isize;
    pub fn write(fd: c_int, buffer: *const c_void, count: usize) -> isize;
    pub fn dup2(from: c_int, to: c_int) -> c_int;
    pub fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    pub fn close(fd: c_int) -> c_int;
    pub fn pipe2(fds: *mut c_int, flags: c_int) -> c_int;
    pub fn fcntl(fd: c_int, command: c_int, ...) -> c_int;
    pub fn ioctl(fd: c_int, request: c_ulong, ...) -> c_int;
    pub fn poll(fds: *mut PollFd, count: c_ulong, timeout_ms: c_int) -> c_int;
    pub fn epoll_create1(flags: c_int) -> c_int;
    pub fn epoll_ctl(epoll: c_int, operation: c_int, fd: c_int, event: *mut EpollEvent) -> c_int;
    pub fn epoll_wait(epoll: c_int, events: *mut EpollEvent, count: c_int, timeout: c_int) -> c_int;

    pub fn clone(
        entry: extern "C" fn(*mut c_void) -> c_int,
        stack_top: *mut c_void,
        flags: c_int,
        argument: *mut c_void,
        ...
    ) -> c_int;
    pub fn fork() -> c_int;
    pub fn _exit(status: c_int) -> !;
    pub fn execve(path: *const c_char, argv: *const *const c_char, envp: *const *const c_char) -> c_int;
    pub fn access(path: *const c_char, mode: c_int) -> c_int;
    pub fn chdir(path: *const c_char) -> c_int;
    pub fn setsid() -> c_int;
    pub fn setgroups(count: usize, groups: *const c_uint) -> c_int;
    pub fn setgid(gid: c_uint) -> c_int;
    pub fn setuid(uid: c_uint) -> c_int;
    pub fn fchown(fd: c_int, uid: c_uint, gid: c_uint) -> c_int;
    pub fn chown(path: *const c_char, uid: c_uint, gid: c_uint) -> c_int;
    pub fn umask(mask: c_uint) -> c_uint;
    pub fn prctl(option: c_int, ...) -> c_int;
    pub fn getrlimit(resource: c_int, limit: *mut RLimit) -> c_int;
    pub fn setrlimit(resource: c_int, limit: *const RLimit) -> c_int;
    pub fn kill(pid: c_int, signal: c_int) -> c_int;
    pub fn wait4(pid: c_int, status: *mut c_int, options: c_int, usage: *mut c_void) -> c_int;
    pub fn sigaction(signal: c_int, new: *const SigAction, old: *mut SigAction) -> c_int;
    pub fn sigprocmask(how: c_int, set: *const SigSet, old: *mut SigSet) -> c_int;
    pub fn sigtimedwait(set: *const SigSet, info: *mut c_void, timeout: *const TimeSpec) -> c_int;

    pub fn mount(
        source: *const c_char,
        target: *const c_char,
        kind: *const c_char,
        flags: c_ulong,
        data: *const c_void,
    ) -> c_int;
    pub fn umount2(target: *const c_char, flags: c_int) -> c_int;
    pub fn chroot(path: *const c_char) -> c_int;
    pub fn reboot(command: c_int) -> c_int;
    pub fn sync();
    pub fn statfs(path: *const c_char, result: *mut StatFs) -> c_int;
    pub fn fstatfs(fd: c_int, result: *mut StatFs) -> c_int;
    pub fn sethostname(name: *const c_char, length: usize) -> c_int;
    pub fn clock_settime(clock: c_int, time: *const TimeSpec) -> c_int;
    pub fn clock_gettime(clock: c_int, time: *mut TimeSpec) -> c_int;
    pub fn sysinfo(result: *mut SysInfo) -> c_int;
    pub fn syscall(number: c_long, ...) -> c_long;

    pub fn socket(family: c_int, kind: c_int, protocol: c_int) -> c_int;
    pub fn connect(fd: c_int, address: *const c_void, length: c_uint) -> c_int;
    pub fn bind(fd: c_int, address: *const c_void, length: c_uint) -> c_int;
    pub fn shutdown(fd: c_int, how: c_int) -> c_int;
    pub fn getsockopt(fd: c_int, level: c_int, name: c_int, value: *mut c_void, length: *mut c_uint) -> c_int;
    pub fn setsockopt(fd: c_int, level: c_int, name: c_int, value: *const c_void, length: c_uint) -> c_int;
    pub fn recvmsg(fd: c_int, message: *mut MsgHdr, flags: c_int) -> isize;
}
