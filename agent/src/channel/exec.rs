//! Commands: a process with pipes or a terminal, its streams and its end.

pub mod launch;
pub mod mise;

use crate::channel::sink::Sink;
use crate::channel::source::{add_credit, Source};
use crate::channel::{Context, Progress, Slot, Tag, INITIAL_CREDIT};
use crate::guest::Guest;
use crate::os::child::{Child, Ending};
use crate::os::poll::PollSet;
use crate::os::terminal;
use crate::sys;
use crate::wire::frame::FrameType;
use crate::wire::refusal::{Malformed, Refusal};
use crate::wire::request::ExecRequest;
use std::os::raw::c_int;

/// A command that runs, or that has ended and whose output is not all sent.
pub struct Exec {
    child: Child,
    terminal: bool,
    input: Sink,
    output: Source,
    errors: Source,
    /// What may still be sent of output and errors together.
    credit: u32,
    ending: Option<Ending>,
}

pub fn open(request: ExecRequest, context: &mut Context) -> Result<Exec, Refusal> {
    let launched = launch::launch(&request, &mut context.guest.launcher)?;
    let exec = Exec {
        child: launched.child,
        terminal: request.terminal,
        input: Sink::new(launched.input),
        output: Source::new(launched.output, FrameType::Data),
        errors: Source::new(launched.errors, FrameType::DataErr),
        credit: INITIAL_CREDIT,
        ending: None,
    };
    context.out.push(context.id, FrameType::Opened, &exec.child.pid().to_be_bytes());
    Ok(exec)
}

impl Exec {
    pub fn input(&mut self, bytes: &[u8], context: &mut Context) -> Result<(), Malformed> {
        self.input.accept(bytes, context)
    }

    pub fn input_ended(&mut self) {
        if self.terminal {
            self.type_eof();
        }
        self.input.end();
        self.close_finished_input();
    }

    /// The terminal gives a line to its reader at the EOF character, and the end of file where the line is
    /// empty: so a line that was not ended needs the character twice.
    fn type_eof(&mut self) {
        if let Some(master) = self.input.fd() {
            let eof = terminal::eof_character(master);
            let times = if self.input.inside_line() { 2 } else { 1 };
            self.input.append(&[eof; 2][..times]);
        }
    }

    fn close_finished_input(&mut self) {
        if self.input.is_done() {
            self.input.drop_fd();
        }
    }

    pub fn credit(&mut self, bytes: u32, context: &mut Context) -> Result<Progress, Malformed> {
        add_credit(&mut self.credit, bytes)?;
        Ok(self.finish_if_drained(context))
    }

    pub fn signal(&self, number: u8) {
        if self.ending.is_none() {
            self.child.signal_group(c_int::from(number));
        }
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        if let (true, Some(master)) = (self.terminal, self.output.fd()) {
            terminal::resize(master, columns, rows);
        }
    }

    pub fn watch(&self, id: u32, room: bool, set: &mut PollSet<Tag>) {
        if let Some(fd) = self.input.blocked() {
            set.add(fd, sys::POLLOUT, Tag::Channel(id, Slot::Input));
        }
        if room && self.credit > 0 {
            for (source, slot) in [(&self.output, Slot::Output), (&self.errors, Slot::Errors)] {
                source.fd().into_iter().for_each(|fd| set.add(fd, sys::POLLIN, Tag::Channel(id, slot)));
            }
        }
        if self.ending.is_none() {
            set.add(self.child.pidfd(), sys::POLLIN, Tag::Channel(id, Slot::Process));
        }
    }

    pub fn ready(&mut self, slot: Slot, context: &mut Context) -> Progress {
        match slot {
            Slot::Input => {
                self.input.flush(context);
                self.close_finished_input();
            }
            Slot::Output => self.output.pump(&mut self.credit, context),
            Slot::Errors => self.errors.pump(&mut self.credit, context),
            Slot::Process => self.take_ending(),
        }
        self.finish_if_drained(context)
    }

    fn take_ending(&mut self) {
        if self.ending.is_some() {
            return;
        }
        self.ending = self.child.ending();
        if self.ending.is_some() {
            self.input.drop_fd();
            if self.terminal {
                self.output.only_what_is_there();
            } else {
                self.output.only_what_the_pipe_holds();
                self.errors.only_what_the_pipe_holds();
            }
        }
    }

    /// Sends EXIT when the process has ended and what it wrote is sent.
    fn finish_if_drained(&mut self, context: &mut Context) -> Progress {
        let ending = match self.ending {
            Some(ending) => ending,
            None => return Progress::Open,
        };
        self.output.pump(&mut self.credit, context);
        self.errors.pump(&mut self.credit, context);
        if !self.output.is_done() || !self.errors.is_done() {
            return Progress::Open;
        }
        let payload = match ending {
            Ending::Exited(status) => [0, status],
            Ending::Killed(signal) => [1, signal],
        };
        context.out.push(context.id, FrameType::Exit, &payload);
        Progress::Ended
    }

    pub fn close(self, guest: &mut Guest) {
        if self.ending.is_none() {
            self.child.signal_group(sys::SIGHUP);
            self.child.signal_group(sys::SIGCONT);
            guest.leftovers.push(self.child);
        }
    }
}
