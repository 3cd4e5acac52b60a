//! Signal dispositions of the agent and of the guest's first process.

use crate::sys::{self, SigAction, SigSet};
use std::os::raw::c_int;
use std::ptr;
use std::time::Duration;

extern "C" fn nothing(_signal: c_int) {}

/// Makes the signals that would end the agent do nothing, and puts all others to their default.
///
/// They get an empty handler rather than SIG_IGN because exec puts handlers back to the default but keeps
/// what is ignored: so commands start with every signal at its default, at no cost for each of them.
pub fn survive() {
    restore_defaults(&[]);
    let action = SigAction { handler: nothing as extern "C" fn(c_int) as usize, mask: [0; 16], flags: 0, restorer: 0 };
    let fatal =
        [sys::SIGHUP, sys::SIGINT, sys::SIGPIPE, sys::SIGTERM, sys::SIGUSR1, sys::SIGUSR2, sys::SIGALRM, sys::SIGPWR];
    for signal in fatal {
        unsafe { sys::sigaction(signal, &action, ptr::null_mut()) };
    }
}

/// Puts every signal back to its default, for a program that is about to be exec'ed. These stay blocked, the rest is
/// let through.
pub fn restore_defaults(blocked: &[c_int]) {
    let action = SigAction { handler: 0, mask: [0; 16], flags: 0, restorer: 0 };
    for signal in 1..=64 {
        unsafe { sys::sigaction(signal, &action, ptr::null_mut()) };
    }
    let mut mask = SigSet([0; 16]);
    mask.0[0] = blocked.iter().fold(0, |bits, signal| bits | 1 << (signal - 1));
    unsafe { sys::sigprocmask(sys::SIG_SETMASK, &mask, ptr::null_mut()) };
}

pub fn block_all() {
    unsafe { sys::sigprocmask(sys::SIG_SETMASK, &SigSet([u64::MAX; 16]), ptr::null_mut()) };
}

/// Waits for any blocked signal; `None` when the time runs out.
pub fn next_blocked(timeout: Duration) -> Option<c_int> {
    let time = sys::TimeSpec { seconds: timeout.as_secs() as i64, nanoseconds: timeout.subsec_nanos() as i64 };
    let signal = unsafe { sys::sigtimedwait(&SigSet([u64::MAX; 16]), ptr::null_mut(), &time) };
    if signal > 0 {
        Some(signal)
    } else {
        None
    }
}

pub fn send(pid: c_int, signal: c_int) {
    unsafe { sys::kill(pid, signal) };
}
