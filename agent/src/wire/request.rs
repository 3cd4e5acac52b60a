//! What an OPEN asks for.

use crate::wire::network::NetworkRequest;
use crate::wire::reader::Reader;
use crate::wire::refusal::{Code, Malformed, Refusal};

/// A command to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecRequest {
    pub arguments: Vec<Vec<u8>>,
    pub environment: Vec<Vec<u8>>,
    pub directory: Vec<u8>,
    pub user: String,
    pub terminal: bool,
    pub stdin: bool,
    /// Whether the command runs through mise where the guest has it.
    pub mise: bool,
    pub columns: u16,
    pub rows: u16,
}

/// What makes the guest this VM and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRequest {
    pub hostname: String,
    pub machine_id: String,
    pub nanoseconds: u64,
    pub entropy: Vec<u8>,
}

/// A file to put in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteRequest {
    pub path: Vec<u8>,
    pub mode: u32,
    pub user: String,
}

/// A hardware address for a network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAddress {
    pub interface: String,
    pub address: Vec<u8>,
}

/// A small file of root's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallFile {
    pub path: Vec<u8>,
    pub mode: u32,
    pub content: Vec<u8>,
}

/// What a restored guest gets before it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptRequest {
    pub identity: IdentityRequest,
    /// A UUID in text; empty: leave it.
    pub boot_id: String,
    pub link: Option<LinkAddress>,
    pub files: Vec<SmallFile>,
}

/// A channel's kind and what it was opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Exec(ExecRequest),
    Tcp { host: String, port: u16 },
    Ready { conditions: Vec<String> },
    Identity(IdentityRequest),
    Stats,
    Sync,
    Freeze { freeze: bool },
    Shutdown { reboot: bool },
    Grow { mount_point: Vec<u8> },
    Write(WriteRequest),
    Boot,
    Hold { hold: bool },
    Network(NetworkRequest),
    Adopt(AdoptRequest),
}

const FLAG_TERMINAL: u8 = 1;
const FLAG_STDIN: u8 = 2;
const FLAG_MISE: u8 = 4;

impl Request {
    pub fn parse(payload: &[u8]) -> Result<Request, Refusal> {
        let mut reader = Reader::new(payload);
        let request = match reader.u8("kind")? {
            1 => Request::Exec(exec(&mut reader)?),
            2 => Request::Tcp { host: reader.text("host")?.into(), port: reader.u16("port")? },
            3 => {
                Request::Ready { conditions: reader.list(4, "conditions", |r| r.text("condition").map(String::from))? }
            }
            4 => Request::Identity(identity(&mut reader)?),
            5 => Request::Stats,
            6 => Request::Sync,
            7 => Request::Freeze { freeze: flag(&mut reader, "freeze")? },
            8 => Request::Shutdown { reboot: flag(&mut reader, "reboot")? },
            9 => Request::Grow { mount_point: absolute(&mut reader, "mount point")? },
            10 => Request::Write(write(&mut reader)?),
            11 => Request::Boot,
            12 => Request::Hold { hold: flag(&mut reader, "hold")? },
            15 => Request::Network(NetworkRequest::parse(&mut reader)?),
            14 => Request::Adopt(adopt(&mut reader)?),
            other => return Err(Refusal::new(Code::Unsupported, format!("unknown channel kind {}", other))),
        };
        reader.end()?;
        Ok(request)
    }
}

fn exec(reader: &mut Reader) -> Result<ExecRequest, Malformed> {
    let arguments = reader.list(4, "argv", |r| r.user_text("argument").map(Vec::from))?;
    let environment = reader.list(4, "env", |r| r.user_text("variable").map(Vec::from))?;
    let directory = reader.user_text("cwd")?.to_vec();
    let user = reader.text("user")?.to_owned();
    let flags = reader.u8("flags")?;
    let (columns, rows) = (reader.u16("columns")?, reader.u16("rows")?);
    if arguments.first().map_or(true, |command| command.is_empty()) {
        return Err(Malformed::new("argv: no command"));
    }
    if environment.iter().any(|variable| variable.iter().position(|b| *b == b'=').unwrap_or(0) == 0) {
        return Err(Malformed::new("env: a variable that is not NAME=value"));
    }
    if !directory.is_empty() && directory[0] != b'/' {
        return Err(Malformed::new("cwd: not an absolute path"));
    }
    if flags & !(FLAG_TERMINAL | FLAG_STDIN | FLAG_MISE) != 0 {
        return Err(Malformed(format!("flags: {} has unknown bits", flags)));
    }
    let (terminal, stdin) = (flags & FLAG_TERMINAL != 0, flags & FLAG_STDIN != 0);
    let mise = flags & FLAG_MISE != 0;
    Ok(ExecRequest { arguments, environment, directory, user, terminal, stdin, mise, columns, rows })
}

fn identity(reader: &mut Reader) -> Result<IdentityRequest, Malformed> {
    let hostname = reader.text("hostname")?.to_owned();
    let machine_id = reader.text("machine id")?.to_owned();
    let nanoseconds = reader.u64("clock")?;
    let entropy = reader.bytes("entropy")?.to_vec();
    if !is_hostname(&hostname) {
        return Err(Malformed::new("hostname: letters, digits, - and . only, at most 64"));
    }
    let hex = machine_id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !machine_id.is_empty() && (machine_id.len() != 32 || !hex) {
        return Err(Malformed::new("machine id: 32 lower-case hex digits expected"));
    }
    Ok(IdentityRequest { hostname, machine_id, nanoseconds, entropy })
}

/// An empty one leaves the guest's as it is.
pub fn is_hostname(name: &str) -> bool {
    name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        && !name.starts_with(|c| c == '-' || c == '.')
}

fn write(reader: &mut Reader) -> Result<WriteRequest, Malformed> {
    let (path, mode) = place(reader)?;
    let user = reader.text("user")?.to_owned();
    Ok(WriteRequest { path, mode, user })
}

/// A file's path and mode.
fn place(reader: &mut Reader) -> Result<(Vec<u8>, u32), Malformed> {
    let path = absolute(reader, "path")?;
    let mode = reader.u32("mode")?;
    if mode > 0o7777 {
        return Err(Malformed(format!("mode: {:o} is above 7777", mode)));
    }
    if path.ends_with(b"/") {
        return Err(Malformed::new("path: it ends with a slash"));
    }
    Ok((path, mode))
}

fn adopt(reader: &mut Reader) -> Result<AdoptRequest, Malformed> {
    let identity = identity(reader)?;
    let boot_id = reader.text("boot id")?.to_owned();
    if !boot_id.is_empty() && !is_uuid(&boot_id) {
        return Err(Malformed::new("boot id: a UUID in lower case expected"));
    }
    let link = link(reader)?;
    let files = reader.list(12, "files", |r| {
        let (path, mode) = place(r)?;
        Ok(SmallFile { path, mode, content: r.bytes("content")?.to_vec() })
    })?;
    Ok(AdoptRequest { identity, boot_id, link, files })
}

fn is_uuid(text: &str) -> bool {
    const DASHES: [usize; 4] = [8, 13, 18, 23];
    let fits = |(at, b): (usize, u8)| match DASHES.contains(&at) {
        true => b == b'-',
        false => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// None where the interface has no name.
fn link(reader: &mut Reader) -> Result<Option<LinkAddress>, Malformed> {
    let interface = reader.text("interface")?.to_owned();
    let address = reader.bytes("address")?.to_vec();
    if interface.len() > 15 || interface.contains('/') {
        return Err(Malformed::new("interface: at most 15 bytes without a slash expected"));
    }
    if address.len() != if interface.is_empty() { 0 } else { 6 } {
        return Err(Malformed::new("address: 6 bytes expected, or none without an interface"));
    }
    Ok(if interface.is_empty() { None } else { Some(LinkAddress { interface, address }) })
}

fn absolute(reader: &mut Reader, field: &str) -> Result<Vec<u8>, Malformed> {
    let path = reader.user_text(field)?;
    if path.first() != Some(&b'/') {
        return Err(Malformed(format!("{}: not an absolute path", field)));
    }
    Ok(path.to_vec())
}

fn flag(reader: &mut Reader, field: &str) -> Result<bool, Malformed> {
    match reader.u8(field)? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(Malformed(format!("{}: 0 or 1 expected, {} found", field, other))),
    }
}
