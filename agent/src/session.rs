//! A session with the host: its channels, and the rules for every frame.

use crate::channel::{self, Channel, Context, Progress, Slot, Tag};
use crate::guest::Guest;
use crate::os::poll::PollSet;
use crate::stream::outbound::Outbound;
use crate::wire::frame::{Frame, FrameType};
use crate::wire::reader::Reader;
use crate::wire::refusal::{Code, Malformed, Refusal};
use crate::wire::request::Request;
use std::collections::BTreeMap;
use std::os::raw::c_short;
use std::time::Instant;

const MAX_CHANNELS: usize = 256;

/// The channels of the session that the last HELLO began.
#[derive(Default)]
pub struct Session {
    channels: BTreeMap<u32, Channel>,
    /// The highest number that was opened.
    last_opened: u32,
}

/// How a well-formed frame leaves the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    GoesOn,
    /// The host has said that it ends the session.
    HostEnds,
}

impl Session {
    /// Ends every channel; commands get SIGHUP.
    pub fn end(&mut self, guest: &mut Guest) {
        for (_, channel) in std::mem::take(&mut self.channels) {
            channel.close(guest);
        }
        self.last_opened = 0;
    }

    pub fn receive(&mut self, frame: Frame, out: &mut Outbound, guest: &mut Guest) -> Result<Verdict, Malformed> {
        match (frame.kind, frame.channel) {
            (FrameType::Error, 0) => return Ok(Verdict::HostEnds),
            (kind, 0) => return Err(Malformed(format!("{:?} on channel 0", kind))),
            (FrameType::Open, id) => self.open(id, frame.payload, out, guest)?,
            (FrameType::Data | FrameType::Eof | FrameType::Credit, id)
            | (FrameType::Signal | FrameType::Resize | FrameType::Close, id) => {
                self.on_channel(id, &frame, &mut Context { id, out, guest })?
            }
            (kind, _) => return Err(Malformed(format!("{:?} is not for the host to send", kind))),
        }
        Ok(Verdict::GoesOn)
    }

    /// A request that cannot be read or served is refused; the session goes on.
    fn open(&mut self, id: u32, payload: &[u8], out: &mut Outbound, guest: &mut Guest) -> Result<(), Malformed> {
        if id <= self.last_opened {
            return Err(Malformed(format!("open of channel {} after {}", id, self.last_opened)));
        }
        self.last_opened = id;
        if self.channels.len() >= MAX_CHANNELS {
            out.refuse(id, &Refusal::new(Code::Busy, format!("{} channels are open already", MAX_CHANNELS)));
            return Ok(());
        }
        let mut context = Context { id, out, guest };
        match Request::parse(payload).and_then(|request| channel::open(request, &mut context)) {
            Ok(Some(channel)) => drop(self.channels.insert(id, channel)),
            Ok(None) => {}
            Err(refusal) => context.out.refuse(id, &refusal),
        }
        Ok(())
    }

    fn on_channel(&mut self, id: u32, frame: &Frame, context: &mut Context) -> Result<(), Malformed> {
        if id > self.last_opened {
            return Err(Malformed(format!("{:?} on channel {}, which was never opened", frame.kind, id)));
        }
        let channel = match self.channels.get_mut(&id) {
            Some(channel) => channel,
            // It was under way when the channel ended.
            None => return Ok(()),
        };
        let progress = apply(channel, frame, context)?;
        match progress {
            Some(Progress::Open) => {}
            Some(Progress::Ended) => drop(self.channels.remove(&id)),
            None => {
                if let Some(channel) = self.channels.remove(&id) {
                    channel.close(context.guest);
                }
            }
        }
        Ok(())
    }

    /// Adds to the set what the channels wait for.
    pub fn watch(&self, room: bool, set: &mut PollSet<Tag>) {
        self.channels.iter().for_each(|(id, channel)| channel.watch(*id, room, set));
    }

    pub fn ready(&mut self, id: u32, slot: Slot, events: c_short, out: &mut Outbound, guest: &mut Guest) {
        if let Some(channel) = self.channels.get_mut(&id) {
            if channel.ready(slot, events, &mut Context { id, out, guest }) == Progress::Ended {
                self.channels.remove(&id);
            }
        }
    }

    pub fn tick(&mut self, now: Instant, out: &mut Outbound, guest: &mut Guest) {
        self.channels.retain(|id, channel| {
            channel.tick(now, &mut Context { id: *id, out: &mut *out, guest: &mut *guest }) == Progress::Open
        });
    }
}

/// Gives a frame to its channel; `None` where the host closes the channel.
fn apply(channel: &mut Channel, frame: &Frame, context: &mut Context) -> Result<Option<Progress>, Malformed> {
    let mut fields = Reader::new(frame.payload);
    let progress = match frame.kind {
        FrameType::Data => {
            let bytes = fields.take(frame.payload.len(), "data")?;
            if bytes.is_empty() {
                return Err(Malformed::new("empty data"));
            }
            channel.data(bytes, context)?;
            Some(Progress::Open)
        }
        FrameType::Eof => {
            fields.end()?;
            return Ok(Some(channel.eof(context)));
        }
        FrameType::Credit => {
            let bytes = fields.u32("credit")?;
            fields.end()?;
            return channel.credit(bytes, context).map(Some);
        }
        FrameType::Signal => {
            channel.signal(fields.u8("signal")?);
            Some(Progress::Open)
        }
        FrameType::Resize => {
            channel.resize(fields.u16("columns")?, fields.u16("rows")?);
            Some(Progress::Open)
        }
        _ => None,
    };
    fields.end()?;
    Ok(progress)
}
