//! Starting a program, in the cheapest way that Linux has.
//!
//! The child borrows the agent's memory until it has exec'ed (CLONE_VM | CLONE_VFORK): no page table is
//! copied, and why an exec failed is simply there when `clone` returns. The child runs on a stack of its
//! own and only makes system calls: all that it needs is prepared before.

use crate::os::child::Child;
use crate::os::{check, fd};
use crate::sys::{self, RLimit};
use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::raw::{c_char, c_int, c_uint, c_void};
use std::os::unix::io::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

/// The descriptor under which a program finds what it inherits besides its streams.
pub const INHERITED: RawFd = 3;
const STACK_BYTES: usize = 64 * 1024;

/// A program to start, and what it starts with.
pub struct Launch {
    /// The paths to try, in order.
    pub programs: Vec<CString>,
    pub arguments: Vec<CString>,
    pub environment: Vec<CString>,
    /// Standard input, output and error.
    pub standard: [RawFd; 3],
    /// A file that it inherits as `INHERITED`.
    pub inherited: Option<File>,
    /// Whether standard input becomes the new session's controlling terminal.
    pub terminal: bool,
    pub user: Option<Ids>,
    pub directory: CString,
    /// Whether `/` will do where the directory cannot be entered.
    pub directory_optional: bool,
}

/// The numbers that a process runs under; `None` in a `Launch` keeps the agent's own, which are root's.
pub struct Ids {
    pub uid: u32,
    pub gid: u32,
    pub groups: Vec<u32>,
}

/// Why a program did not start.
#[derive(Debug)]
pub enum LaunchFailure {
    Directory(io::Error),
    Program(io::Error),
    System(&'static str, io::Error),
}

/// Starts programs, and undoes in them what the agent set for itself.
pub struct Launcher {
    stack: Box<[u128]>,
    /// The limit of open files that programs get.
    files: RLimit,
    /// Whether the agent is shielded from the out-of-memory killer, which programs must not be.
    shielded: bool,
}

impl Launcher {
    pub fn new(files: RLimit, shielded: bool) -> Launcher {
        let stack = vec![0u128; STACK_BYTES / 16].into_boxed_slice();
        Launcher { stack, files, shielded }
    }

    /// Starts the program as the leader of a new session.
    pub fn launch(&mut self, launch: &Launch) -> Result<Child, LaunchFailure> {
        let mut order = Order {
            programs: pointers(&launch.programs),
            arguments: pointers(&launch.arguments),
            environment: pointers(&launch.environment),
            launch,
            files: self.files,
            shielded: self.shielded,
            failure: None,
        };
        let mut pidfd: c_int = -1;
        let flags = sys::CLONE_VM | sys::CLONE_VFORK | sys::CLONE_PIDFD | sys::SIGCHLD;
        let pid = unsafe {
            let top = self.stack.as_mut_ptr().add(self.stack.len());
            let argument = (&mut order as *mut Order).cast();
            sys::clone(enter, top.cast(), flags, argument, &mut pidfd as *mut c_int)
        };
        check(pid).map_err(|error| LaunchFailure::System("clone", error))?;
        let child = Child::new(pid, unsafe { OwnedFd::from_raw_fd(pidfd) });
        // The child wrote this behind the compiler's back.
        match unsafe { ptr::read_volatile(&order.failure) } {
            None => Ok(child),
            Some((stage, code)) => {
                // It has given the memory back, but may not be quite gone.
                child.wait_briefly();
                Err(failure(stage, io::Error::from_raw_os_error(code)))
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Terminal,
    User,
    Directory,
    Program,
}

fn failure(stage: Stage, error: io::Error) -> LaunchFailure {
    match stage {
        Stage::Terminal => LaunchFailure::System("controlling terminal", error),
        Stage::User => LaunchFailure::System("changing user", error),
        Stage::Directory => LaunchFailure::Directory(error),
        Stage::Program => LaunchFailure::Program(error),
    }
}

/// What the child finds in the agent's memory.
struct Order<'a> {
    programs: Vec<*const c_char>,
    arguments: Vec<*const c_char>,
    environment: Vec<*const c_char>,
    launch: &'a Launch,
    files: RLimit,
    shielded: bool,
    failure: Option<(Stage, c_int)>,
}

/// As `execve` takes them; they live no longer than the strings.
pub fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain(Some(ptr::null())).collect()
}

/// The child's first function. It must neither allocate nor return on success.
extern "C" fn enter(argument: *mut c_void) -> c_int {
    let order = unsafe { &mut *argument.cast::<Order>() };
    let (stage, error) = become_program(order);
    let code = error.raw_os_error().unwrap_or(sys::EINVAL);
    unsafe { ptr::write_volatile(&mut order.failure, Some((stage, code))) };
    127
}

fn become_program(order: &Order) -> (Stage, io::Error) {
    let launch = order.launch;
    unsafe {
        sys::setsid();
        for (target, source) in launch.standard.iter().enumerate() {
            sys::dup2(*source, target as c_int);
        }
        // The descriptors of the agent's own that are overwritten here would close with the exec.
        if let Some(file) = &launch.inherited {
            inherit(file.as_raw_fd());
        }
        if launch.terminal {
            if let Err(error) = check(sys::ioctl(0, sys::TIOCSCTTY, 0)) {
                return (Stage::Terminal, error);
            }
        }
        sys::setrlimit(sys::RLIMIT_NOFILE, &order.files);
    }
    if order.shielded {
        unshield();
    }
    if let Some(ids) = &launch.user {
        if let Err(error) = change_user(ids) {
            return (Stage::User, error);
        }
    }
    if let Err(error) = enter_directory(launch) {
        return (Stage::Directory, error);
    }
    (Stage::Program, execute(&order.programs, &order.arguments, &order.environment))
}

/// Nothing is copied onto itself by `dup2`, which would leave the descriptor to close with the exec.
unsafe fn inherit(file: RawFd) {
    if file == INHERITED {
        sys::fcntl(file, sys::F_SETFD, 0);
    } else {
        sys::dup2(file, INHERITED);
    }
}

fn unshield() {
    unsafe {
        let path = b"/proc/self/oom_score_adj\0";
        let file = sys::open(path.as_ptr().cast(), sys::O_RDWR | sys::O_CLOEXEC);
        if file >= 0 {
            let _ = fd::write(file, b"0");
            sys::close(file);
        }
    }
}

fn change_user(ids: &Ids) -> io::Result<()> {
    unsafe {
        check(sys::setgroups(ids.groups.len(), ids.groups.as_ptr()))?;
        check(sys::setgid(ids.gid as c_uint))?;
        check(sys::setuid(ids.uid as c_uint))?;
    }
    Ok(())
}

fn enter_directory(launch: &Launch) -> io::Result<()> {
    let entered = check(unsafe { sys::chdir(launch.directory.as_ptr()) });
    if entered.is_err() && launch.directory_optional {
        return check(unsafe { sys::chdir(b"/\0".as_ptr().cast()) }).map(drop);
    }
    entered.map(drop)
}

/// Tries the programs in turn, as a shell does: one that may not be executed is remembered and passed over. The lists
/// end with a null pointer.
pub fn execute(programs: &[*const c_char], arguments: &[*const c_char], environment: &[*const c_char]) -> io::Error {
    let mut result = sys::ENOENT;
    for program in programs.iter().take_while(|program| !program.is_null()) {
        // Asking first is much cheaper than a failing exec, and most of PATH's folders fail.
        let attempt = unsafe {
            if sys::access(*program, sys::X_OK) == 0 {
                sys::execve(*program, arguments.as_ptr(), environment.as_ptr());
            }
            io::Error::last_os_error().raw_os_error().unwrap_or(sys::EINVAL)
        };
        match attempt {
            sys::ENOENT | sys::ENOTDIR => continue,
            sys::EACCES => result = sys::EACCES,
            other => return io::Error::from_raw_os_error(other),
        }
    }
    io::Error::from_raw_os_error(result)
}
