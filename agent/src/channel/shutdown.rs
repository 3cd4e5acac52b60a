//! Powering off and rebooting.

use crate::channel::task::reply;
use crate::channel::Context;
use crate::wire::refusal::{Code, Refusal};

/// The event loop begins the shutdown when the reply has been written.
pub fn answer(reboot: bool, context: &mut Context) -> Result<(), Refusal> {
    if context.guest.machine.is_none() {
        return Err(Refusal::new(Code::Unsupported, "this agent is not a guest's: it cannot shut the machine down"));
    }
    context.guest.shutdown_wanted = Some(reboot);
    reply(context, &[]);
    Ok(())
}
