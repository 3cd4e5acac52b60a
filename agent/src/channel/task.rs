//! Work that blocks, done by a forked child while the event loop goes on.

use crate::channel::{Context, Progress, Slot, Tag};
use crate::guest::Guest;
use crate::os::child::{Child, Ending};
use crate::os::filesystem;
use crate::os::poll::PollSet;
use crate::sys;
use crate::wire::frame::FrameType;
use crate::wire::refusal::Refusal;
use std::fs::File;
use std::io;
use std::os::raw::c_int;
use std::os::unix::io::{AsRawFd, RawFd};

/// What a task's success means.
pub enum After {
    Reply,
    /// Tell the file system's size.
    Grown(File),
    /// From now on the file systems are frozen.
    Frozen,
    Thawed,
}

/// A forked child and what its end answers.
pub struct Task {
    child: Child,
    /// What the child does, for the message of its failure.
    what: String,
    after: After,
}

impl Task {
    /// Starts `work` in a child that has the descriptors in `keep`; its error number becomes the refusal.
    pub fn start(
        what: String,
        after: After,
        keep: &[RawFd],
        work: impl FnOnce() -> io::Result<()>,
    ) -> Result<Task, Refusal> {
        let child = Child::fork(keep, || status(work()));
        match child {
            Ok(child) => Ok(Task { child, what, after }),
            Err(error) => Err(Refusal::failed(format!("{}: {}", what, error))),
        }
    }

    pub fn watch(&self, id: u32, set: &mut PollSet<Tag>) {
        set.add(self.child.pidfd(), sys::POLLIN, Tag::Channel(id, Slot::Process));
    }

    pub fn ready(&mut self, context: &mut Context) -> Progress {
        let ending = match self.child.ending() {
            Some(ending) => ending,
            None => return Progress::Open,
        };
        match failure(ending) {
            Some(error) => context.out.refuse(context.id, &Refusal::failed(format!("{}: {}", self.what, error))),
            None => self.succeed(context),
        }
        Progress::Ended
    }

    fn succeed(&self, context: &mut Context) {
        match &self.after {
            After::Reply => {}
            After::Frozen => context.guest.frozen(),
            After::Thawed => context.guest.thawed(),
            After::Grown(mounted) => {
                return match filesystem::space_at(mounted.as_raw_fd()) {
                    Ok(space) => reply(context, &space.total.to_be_bytes()),
                    Err(error) => context.out.refuse(context.id, &Refusal::failed(format!("{}: {}", self.what, error))),
                };
            }
        }
        reply(context, &[]);
    }

    /// The child that does the work, for one who waits for nothing.
    pub fn into_child(self) -> Child {
        self.child
    }

    /// The child finishes its work; a freeze that nobody waits for any more is still thawed in time.
    pub fn close(self, guest: &mut Guest) {
        if let After::Frozen = self.after {
            guest.frozen();
        }
        guest.leftovers.push(self.child);
    }
}

/// Writes out what the guest's file systems still hold in memory.
pub fn sync() -> Result<Task, Refusal> {
    Task::start("cannot sync".into(), After::Reply, &[], || {
        unsafe { sys::sync() };
        Ok(())
    })
}

pub fn reply(context: &mut Context, payload: &[u8]) {
    context.out.push(context.id, FrameType::Reply, payload);
}

/// An exit status that carries an error number.
pub fn status(result: io::Result<()>) -> u8 {
    match result {
        Ok(()) => 0,
        Err(error) => error.raw_os_error().and_then(|code| u8::try_from(code).ok()).unwrap_or(sys::EINVAL as u8),
    }
}

/// The error in such a status.
pub fn failure(ending: Ending) -> Option<io::Error> {
    match ending {
        Ending::Exited(0) => None,
        Ending::Exited(code) => Some(io::Error::from_raw_os_error(c_int::from(code))),
        Ending::Killed(signal) => {
            Some(io::Error::new(io::ErrorKind::Other, format!("the agent's child was killed by signal {}", signal)))
        }
    }
}
