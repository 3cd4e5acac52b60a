//! Connections to ports that the guest can reach.

use crate::channel::sink::Sink;
use crate::channel::source::{add_credit, Source};
use crate::channel::{Context, Progress, Slot, Tag, INITIAL_CREDIT};
use crate::os::poll::PollSet;
use crate::os::socket;
use crate::sys;
use crate::wire::frame::FrameType;
use crate::wire::refusal::{Code, Malformed, Refusal};
use std::net::{IpAddr, Ipv4Addr};
use std::os::raw::c_short;
use std::os::unix::io::{AsRawFd, OwnedFd};
use std::rc::Rc;
use std::time::{Duration, Instant};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection, or the attempt at one.
pub struct Tcp {
    socket: Rc<OwnedFd>,
    address: String,
    /// Until when the attempt may take; `None` once connected.
    connecting: Option<Instant>,
    input: Sink,
    output: Source,
    credit: u32,
    input_shut: bool,
    end_told: bool,
}

pub fn open(host: &str, port: u16) -> Result<Tcp, Refusal> {
    let ip = match host {
        "" | "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
        _ => host.parse().map_err(|_| Refusal::new(Code::Malformed, format!("host {}: not an IP address", host)))?,
    };
    let address = format!("{}, port {}", ip, port);
    let socket = socket::connect_tcp(ip, port)
        .map_err(|error| Refusal::new(Code::Unreachable, format!("cannot connect to {}: {}", address, error)))?;
    let socket = Rc::new(socket);
    Ok(Tcp {
        address,
        connecting: Some(Instant::now() + CONNECT_TIMEOUT),
        input: Sink::new(Some(socket.clone())),
        output: Source::new(Some(socket.clone()), FrameType::Data),
        socket,
        credit: INITIAL_CREDIT,
        input_shut: false,
        end_told: false,
    })
}

impl Tcp {
    /// Bytes that come before the connection stands wait for it: writing to it says EAGAIN.
    pub fn input(&mut self, bytes: &[u8], context: &mut Context) -> Result<(), Malformed> {
        self.input.accept(bytes, context)
    }

    pub fn input_ended(&mut self, context: &mut Context) -> Progress {
        self.input.end();
        self.shut_finished_input();
        self.finish(context)
    }

    fn shut_finished_input(&mut self) {
        if self.connecting.is_none() && self.input.is_done() && !self.input_shut {
            self.input_shut = true;
            socket::end_writing(self.socket.as_raw_fd());
        }
    }

    pub fn credit(&mut self, bytes: u32) -> Result<Progress, Malformed> {
        add_credit(&mut self.credit, bytes)?;
        Ok(Progress::Open)
    }

    pub fn watch(&self, id: u32, room: bool, set: &mut PollSet<Tag>) {
        if let Some(deadline) = self.connecting {
            set.wake_at(deadline);
            set.add(self.socket.as_raw_fd(), sys::POLLOUT, Tag::Channel(id, Slot::Input));
            return;
        }
        if let Some(fd) = self.input.blocked() {
            set.add(fd, sys::POLLOUT, Tag::Channel(id, Slot::Input));
        }
        if room && self.credit > 0 {
            self.output.fd().into_iter().for_each(|fd| set.add(fd, sys::POLLIN, Tag::Channel(id, Slot::Output)));
        }
    }

    pub fn ready(&mut self, slot: Slot, _events: c_short, context: &mut Context) -> Progress {
        if self.connecting.is_some() {
            return self.connected(context);
        }
        match slot {
            Slot::Input => {
                self.input.flush(context);
                self.shut_finished_input();
            }
            Slot::Output => self.output.pump(&mut self.credit, context),
            Slot::Errors | Slot::Process => {}
        }
        self.finish(context)
    }

    fn connected(&mut self, context: &mut Context) -> Progress {
        if let Some(error) = socket::connect_error(self.socket.as_raw_fd()) {
            return self.refuse(&error.to_string(), context);
        }
        self.connecting = None;
        context.out.push(context.id, FrameType::Opened, &[0; 4]);
        self.input.flush(context);
        self.shut_finished_input();
        Progress::Open
    }

    fn refuse(&self, reason: &str, context: &mut Context) -> Progress {
        let message = format!("cannot connect to {}: {}", self.address, reason);
        context.out.refuse(context.id, &Refusal::new(Code::Unreachable, message));
        Progress::Ended
    }

    /// Tells the host of the other side's end, and of the channel's when both sides have ended.
    fn finish(&mut self, context: &mut Context) -> Progress {
        const BROKEN: [u8; 2] = [0, 1];
        const ORDERLY: [u8; 2] = [0, 0];
        if self.output.broken.is_some() {
            context.out.push(context.id, FrameType::Exit, &BROKEN);
            return Progress::Ended;
        }
        if self.output.is_done() && !self.end_told {
            self.end_told = true;
            context.out.push(context.id, FrameType::Eof, &[]);
        }
        if self.end_told && self.input_shut {
            context.out.push(context.id, FrameType::Exit, &ORDERLY);
            return Progress::Ended;
        }
        Progress::Open
    }

    pub fn tick(&mut self, now: Instant, context: &mut Context) -> Progress {
        match self.connecting {
            Some(deadline) if deadline <= now => {
                self.refuse(&format!("no answer within {} s", CONNECT_TIMEOUT.as_secs()), context)
            }
            _ => Progress::Open,
        }
    }
}
