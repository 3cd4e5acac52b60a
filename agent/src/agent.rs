//! The event loop: one thread, one poll(2) a turn, nothing that blocks.

use crate::channel::Tag;
use crate::guest::Guest;
use crate::os::poll::PollSet;
use crate::session::{Session, Verdict};
use crate::stream::inbound::{Filled, Inbound, Received};
use crate::stream::link::{Link, News};
use crate::stream::outbound::Outbound;
use crate::sys;
use crate::wire::frame::FrameType;
use crate::wire::hello::{self, HostHello};
use crate::wire::refusal::Malformed;
use std::fs;
use std::io;
use std::os::raw::c_short;
use std::time::{Duration, Instant};

/// A port's host can leave in the middle of a frame, and the next one come, between two looks at the port:
/// the next one's HELLO then seems to be the frame's rest. No other host stops so long inside a frame.
const LONGEST_STALL: Duration = Duration::from_millis(100);

/// A port tells of its host's going and coming on another queue than the host's bytes: a new host's HELLO
/// may be served before the old one's leaving is heard of. So only an absence of this length ends a session.
const LONGEST_ABSENCE: Duration = Duration::from_millis(200);

/// The agent: a link to the host, the session on it, and the guest.
pub struct Agent {
    link: Link,
    inbound: Inbound,
    outbound: Outbound,
    session: Session,
    guest: Guest,
    /// When to look whether an unfinished frame will ever be finished.
    stalled_at: Option<Instant>,
    /// When the absent host is given up.
    gone_at: Option<Instant>,
    /// Where the next turn begins among the ready descriptors, so that none is always the last.
    turn: usize,
}

impl Agent {
    pub fn new(link: Link, guest: Guest) -> Agent {
        Agent {
            link,
            inbound: Inbound::default(),
            outbound: Outbound::default(),
            session: Session::default(),
            guest,
            stalled_at: None,
            gone_at: None,
            turn: 0,
        }
    }

    /// Serves until the link is over, which a guest's never is.
    pub fn run(&mut self) -> io::Result<()> {
        let mut set = PollSet::default();
        while !self.link.is_over() {
            self.watch(&mut set);
            let ready = set.wait()?;
            if ready > 0 {
                self.serve(&set)?;
            }
            self.tick();
            self.flush()?;
        }
        self.session.end(&mut self.guest);
        Ok(())
    }

    fn watch(&self, set: &mut PollSet<Tag>) {
        set.clear();
        self.link.watch(set, Tag::Link, !self.outbound.is_full(), !self.outbound.is_empty());
        self.session.watch(self.outbound.has_room(), set);
        for child in &self.guest.leftovers {
            set.add(child.pidfd(), sys::POLLIN, Tag::Leftover(child.pid()));
        }
        if let Some(machine) = &self.guest.machine {
            set.add(machine.init.notices(), sys::POLLIN, Tag::InitNotice);
        }
        let deadlines = self.guest.deadline().into_iter().chain(self.stalled_at).chain(self.gone_at);
        deadlines.for_each(|deadline| set.wake_at(deadline));
    }

    fn serve(&mut self, set: &PollSet<Tag>) -> io::Result<()> {
        let count = set.len();
        self.turn = self.turn.wrapping_add(1);
        for offset in 0..count {
            let (tag, events) = set.events((self.turn + offset) % count);
            if events != 0 {
                self.dispatch(tag, events)?;
            }
        }
        Ok(())
    }

    fn dispatch(&mut self, tag: Tag, events: c_short) -> io::Result<()> {
        match tag {
            Tag::Link => return self.link_news(events),
            Tag::Channel(id, slot) => self.session.ready(id, slot, events, &mut self.outbound, &mut self.guest),
            Tag::Leftover(pid) => self.guest.leftovers.retain(|child| child.pid() != pid || child.ending().is_none()),
            Tag::InitNotice => {
                self.guest.machine.iter_mut().for_each(|machine| machine.init.take_notice());
            }
        }
        Ok(())
    }

    fn link_news(&mut self, events: c_short) -> io::Result<()> {
        match self.link.news(events) {
            News::Nothing => Ok(()),
            News::Connected => {
                self.gone_at = None;
                Ok(())
            }
            News::Readable => self.read(),
        }
    }

    fn read(&mut self) -> io::Result<()> {
        let stream = match self.link.stream() {
            Some(stream) => stream,
            None => return Ok(()),
        };
        // A stream that fails is over, like one that ends.
        let filled = self.inbound.fill(stream).unwrap_or(Filled::HostLeft);
        self.receive();
        match filled {
            Filled::Open => Ok(()),
            Filled::HostLeft => self.host_left(),
        }
    }

    fn receive(&mut self) {
        if let Some(machine) = &mut self.guest.machine {
            machine.init.host_is_active(Instant::now());
        }
        loop {
            match self.inbound.next() {
                Received::Nothing => break,
                Received::Hello(hello) => self.begin_session(hello),
                Received::Malformed(malformed) => self.end_malformed(malformed),
                Received::Frame(frame) => match self.session.receive(frame, &mut self.outbound, &mut self.guest) {
                    Ok(Verdict::GoesOn) => {}
                    Ok(Verdict::HostEnds) => self.end_session(),
                    Err(malformed) => self.end_malformed(malformed),
                },
            }
        }
        self.stalled_at = if self.inbound.is_inside_frame() { Some(Instant::now() + LONGEST_STALL) } else { None };
    }

    /// Finds the new host whose coming went unnoticed. A host that is only slow is left in peace.
    fn look_into_stall(&mut self) {
        self.stalled_at = None;
        if self.inbound.ends_in_hello() {
            self.end_session();
            self.receive();
        }
    }

    fn begin_session(&mut self, hello: HostHello) {
        self.session.end(&mut self.guest);
        self.outbound.drop_queued();
        let boot_id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let answer = hello::answer(&hello.nonce, boot_id.trim_end());
        self.outbound.push(0, FrameType::Hello, &answer);
    }

    fn end_session(&mut self) {
        self.session.end(&mut self.guest);
        self.inbound.lose_step();
    }

    fn end_malformed(&mut self, malformed: Malformed) {
        self.end_session();
        self.outbound.error(&malformed.into());
    }

    fn host_left(&mut self) -> io::Result<()> {
        if self.link.changes_hosts_unseen() {
            self.gone_at = Some(Instant::now() + LONGEST_ABSENCE);
        } else {
            self.end_session();
            self.inbound.reset();
            self.outbound.reset();
        }
        self.link.host_left()?;
        if self.link.stream().is_some() {
            // It is back already.
            self.gone_at = None;
        }
        Ok(())
    }

    /// The host has been away for so long that it will not go on with its session.
    fn give_host_up(&mut self) {
        self.gone_at = None;
        self.end_session();
        self.inbound.reset();
        self.outbound.drop_queued();
    }

    fn tick(&mut self) {
        let now = Instant::now();
        if self.stalled_at.map_or(false, |at| at <= now) {
            self.look_into_stall();
        }
        if self.gone_at.map_or(false, |at| at <= now) {
            self.give_host_up();
        }
        self.link.tick(now);
        self.guest.tick(now);
        self.session.tick(now, &mut self.outbound, &mut self.guest);
    }

    fn flush(&mut self) -> io::Result<()> {
        if let (false, Some(stream)) = (self.outbound.is_empty(), self.link.stream()) {
            if self.outbound.flush(stream).is_err() {
                return self.host_left();
            }
        }
        if self.outbound.is_empty() || self.link.stream().is_none() {
            self.guest.begin_wanted_shutdown();
        }
        Ok(())
    }
}
