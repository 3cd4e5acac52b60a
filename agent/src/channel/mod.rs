//! Channels: one file for each kind of work, and what they share.

pub mod adopt;
pub mod exec;
pub mod freeze;
pub mod grow;
pub mod hold;
pub mod home;
pub mod identity;
pub mod network;
pub mod ready;
pub mod rehearsal;
pub mod restart;
pub mod shutdown;
pub mod sink;
pub mod small_file;
pub mod source;
pub mod stats;
pub mod task;
pub mod tcp;
pub mod write;

use crate::guest::Guest;
use crate::os::poll::PollSet;
use crate::stream::outbound::Outbound;
use crate::wire::refusal::{Malformed, Refusal};
use crate::wire::request::Request;
use std::os::raw::c_short;
use std::time::Instant;

/// What a channel starts with in each direction, in bytes.
pub const INITIAL_CREDIT: u32 = 262_144;
pub const MAX_CREDIT: u32 = 16_777_216;

/// Which of a channel's descriptors has news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Process,
    Input,
    Output,
    Errors,
}

/// What a poll set's entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    Link,
    InitNotice,
    Leftover(u32),
    Channel(u32, Slot),
}

/// Whether a channel goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Open,
    Ended,
}

/// What a channel works with: its number, the way to the host and the guest around it.
pub struct Context<'a> {
    pub id: u32,
    pub out: &'a mut Outbound,
    pub guest: &'a mut Guest,
}

/// A channel that is at work.
pub enum Channel {
    Exec(exec::Exec),
    Tcp(tcp::Tcp),
    Write(write::Write),
    Ready(ready::Ready),
    Task(task::Task),
}

/// Starts what was asked for; `None` where it was answered at once.
pub fn open(request: Request, context: &mut Context) -> Result<Option<Channel>, Refusal> {
    match request {
        Request::Exec(request) => exec::open(request, context).map(|exec| Some(Channel::Exec(exec))),
        Request::Tcp { host, port } => tcp::open(&host, port).map(|tcp| Some(Channel::Tcp(tcp))),
        Request::Ready { conditions } => ready::open(&conditions, context).map(|ready| ready.map(Channel::Ready)),
        Request::Identity(request) => identity::open(request).map(|task| Some(Channel::Task(task))),
        Request::Stats => stats::answer(context).map(|()| None),
        Request::Sync => task::sync().map(|task| Some(Channel::Task(task))),
        Request::Freeze { freeze } => freeze::open(freeze, context).map(|task| Some(Channel::Task(task))),
        Request::Shutdown { reboot } => shutdown::answer(reboot, context).map(|()| None),
        Request::Grow { mount_point } => grow::open(mount_point, context).map(|task| Some(Channel::Task(task))),
        Request::Write(request) => write::open(request, context).map(|write| Some(Channel::Write(write))),
        Request::Hold { hold } => hold::open(hold, context).map(|task| Some(Channel::Task(task))),
        Request::Network(request) => network::answer(&request, context).map(|()| None),
        Request::Adopt(request) => adopt::answer(&request, context).map(|()| None),
        Request::Boot => {
            context.guest.boot();
            task::reply(context, &[]);
            Ok(None)
        }
    }
}

/// Frames that have no meaning for a channel's kind are dropped: each is legal on some channel, and the
/// daemon passes on what a client sends without looking.
impl Channel {
    pub fn data(&mut self, bytes: &[u8], context: &mut Context) -> Result<(), Malformed> {
        match self {
            Channel::Exec(exec) => exec.input(bytes, context),
            Channel::Tcp(tcp) => tcp.input(bytes, context),
            Channel::Write(write) => write.input(bytes, context),
            Channel::Ready(_) | Channel::Task(_) => Ok(()),
        }
    }

    pub fn eof(&mut self, context: &mut Context) -> Progress {
        match self {
            Channel::Exec(exec) => exec.input_ended(),
            Channel::Tcp(tcp) => return tcp.input_ended(context),
            Channel::Write(write) => write.input_ended(),
            Channel::Ready(_) | Channel::Task(_) => {}
        }
        Progress::Open
    }

    pub fn credit(&mut self, bytes: u32, context: &mut Context) -> Result<Progress, Malformed> {
        match self {
            Channel::Exec(exec) => exec.credit(bytes, context),
            Channel::Tcp(tcp) => tcp.credit(bytes),
            Channel::Write(_) | Channel::Ready(_) | Channel::Task(_) => Ok(Progress::Open),
        }
    }

    pub fn signal(&mut self, number: u8) {
        if let Channel::Exec(exec) = self {
            exec.signal(number);
        }
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        if let Channel::Exec(exec) = self {
            exec.resize(columns, rows);
        }
    }

    /// Adds to the set what the channel waits for. While `room` is false no output is to be made.
    pub fn watch(&self, id: u32, room: bool, set: &mut PollSet<Tag>) {
        match self {
            Channel::Exec(exec) => exec.watch(id, room, set),
            Channel::Tcp(tcp) => tcp.watch(id, room, set),
            Channel::Write(write) => write.watch(id, set),
            Channel::Ready(ready) => set.wake_at(ready.next_look()),
            Channel::Task(task) => task.watch(id, set),
        }
    }

    pub fn ready(&mut self, slot: Slot, events: c_short, context: &mut Context) -> Progress {
        match self {
            Channel::Exec(exec) => exec.ready(slot, context),
            Channel::Tcp(tcp) => tcp.ready(slot, events, context),
            Channel::Write(write) => write.ready(slot, context),
            Channel::Task(task) => task.ready(context),
            Channel::Ready(_) => Progress::Open,
        }
    }

    pub fn tick(&mut self, now: Instant, context: &mut Context) -> Progress {
        match self {
            Channel::Tcp(tcp) => tcp.tick(now, context),
            Channel::Ready(ready) => ready.tick(now, context),
            Channel::Exec(_) | Channel::Write(_) | Channel::Task(_) => Progress::Open,
        }
    }

    /// The host has given the channel up, or the session is over: nothing more is sent on it.
    pub fn close(self, guest: &mut Guest) {
        match self {
            Channel::Exec(exec) => exec.close(guest),
            Channel::Write(write) => write.close(guest),
            Channel::Task(task) => task.close(guest),
            Channel::Tcp(_) | Channel::Ready(_) => {}
        }
    }
}
