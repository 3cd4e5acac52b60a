//! A command that does nothing, run while a restored guest becomes a VM.
//!
//! An emulator translates what a machine runs when it first runs it, and that of starting a program costs as much as all
//! of an adoption. Done on another of the guest's CPUs meanwhile, the first command that is asked for finds it done.

use crate::channel::exec::launch;
use crate::guest::Guest;
use crate::os::child::Child;
use crate::wire::request::ExecRequest;

const COMMAND: &[u8] = b"true";

/// Goes the way of every command, but in a child, so that the agent goes on; how it ends is no matter.
pub fn begin(guest: &mut Guest) {
    let request = ExecRequest {
        arguments: vec![COMMAND.to_vec()],
        environment: Vec::new(),
        directory: Vec::new(),
        user: String::new(),
        terminal: false,
        stdin: false,
        mise: false,
        columns: 0,
        rows: 0,
    };
    let launcher = &mut guest.launcher;
    let rehearsal = Child::fork(&[], || match launch::launch(&request, launcher) {
        Ok(launched) => {
            launched.child.wait_briefly();
            0
        }
        Err(_) => 1,
    });
    guest.leftovers.extend(rehearsal);
}
