//! Files that the host puts in place, whole or not at all.

mod placing;

use crate::accounts::Account;
use crate::channel::sink::Sink;
use crate::channel::task::{failure, reply};
use crate::channel::{Context, Progress, Slot, Tag};
use crate::guest::Guest;
use crate::os::child::Child;
use crate::os::fd;
use crate::os::poll::PollSet;
use crate::sys;
use crate::wire::frame::FrameType;
use crate::wire::refusal::{Code, Malformed, Refusal};
use crate::wire::request::WriteRequest;
use std::fs::File;
use std::io::{self, Write as _};
use std::rc::Rc;

/// A file that is being received: a child writes it, because a disk may block, and the agent must not.
pub struct Write {
    path: String,
    child: Child,
    data: Sink,
    /// Tells the child that the data's end is the file's, and not only the host's.
    commit: File,
}

pub fn open(request: WriteRequest, context: &mut Context) -> Result<Write, Refusal> {
    let path = String::from_utf8_lossy(&request.path).into_owned();
    let account = Account::find(&request.user)
        .ok_or_else(|| Refusal::new(Code::NoSuchUser, format!("no user {} in the guest", request.user)))?;
    let write = start(path, request, account);
    let write = write.map_err(|error| Refusal::failed(format!("cannot write: {}", error)))?;
    context.out.push(context.id, FrameType::Opened, &[0; 4]);
    Ok(write)
}

fn start(path: String, request: WriteRequest, account: Account) -> io::Result<Write> {
    let (data_read, data_write) = fd::pipe()?;
    let (commit_read, commit_write) = fd::pipe()?;
    let child = placing::start(&request, &account, &data_read, &commit_read)?;
    fd::set_nonblocking(&data_write)?;
    Ok(Write { path, child, data: Sink::new(Some(Rc::new(data_write))), commit: File::from(commit_write) })
}

impl Write {
    pub fn input(&mut self, bytes: &[u8], context: &mut Context) -> Result<(), Malformed> {
        self.data.accept(bytes, context)
    }

    pub fn input_ended(&mut self) {
        self.data.end();
        self.commit_if_done();
    }

    fn commit_if_done(&mut self) {
        if self.data.is_done() && self.data.fd().is_some() {
            // Where this fails the child has ended, and says why.
            let _ = self.commit.write_all(&[1]);
            self.data.drop_fd();
        }
    }

    pub fn watch(&self, id: u32, set: &mut PollSet<Tag>) {
        if let Some(fd) = self.data.blocked() {
            set.add(fd, sys::POLLOUT, Tag::Channel(id, Slot::Input));
        }
        set.add(self.child.pidfd(), sys::POLLIN, Tag::Channel(id, Slot::Process));
    }

    pub fn ready(&mut self, slot: Slot, context: &mut Context) -> Progress {
        if slot == Slot::Input {
            self.data.flush(context);
            self.commit_if_done();
            return Progress::Open;
        }
        let ending = match self.child.ending() {
            Some(ending) => ending,
            None => return Progress::Open,
        };
        match failure(ending) {
            None => reply(context, &[]),
            Some(error) if error.raw_os_error() == Some(sys::EXDEV) => {
                let message = format!("{} would not lie where its path says: a link leads elsewhere", self.path);
                context.out.refuse(context.id, &Refusal::new(Code::BadDirectory, message));
            }
            Some(error) => {
                let message = format!("cannot write {}: {}", self.path, error);
                context.out.refuse(context.id, &Refusal::failed(message));
            }
        }
        Progress::Ended
    }

    /// Without the commit the child takes away what it has written.
    pub fn close(self, guest: &mut Guest) {
        guest.leftovers.push(self.child);
    }
}
