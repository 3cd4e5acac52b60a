//! The agent's entry: as process 1 it boots the guest; otherwise it serves as an ordinary process.
//!
//! There is no Rust `main`: the standard library's start-up opens /dev/null, which an initramfs lacks, and
//! the agent needs the memory of its first argument, which only the C entry gives.
#![no_main]

use banger_agent::agent::Agent;
use banger_agent::boot;
use banger_agent::channel::exec::mise;
use banger_agent::guest::Guest;
use banger_agent::os::fd::set_nonblocking;
use banger_agent::os::signal;
use banger_agent::stream::link::Link;
use banger_agent::stream::vsock::Vsock;
use std::ffi::CStr;
use std::io;
use std::os::raw::{c_char, c_int};
use std::os::unix::io::{FromRawFd, OwnedFd};
use std::os::unix::net::UnixListener;

const USAGE: &str = "usage: banger-agent serve SOCKET | serve-fd NUMBER | serve-vsock PORT | version";

#[no_mangle]
pub extern "C" fn main(count: c_int, arguments: *const *mut c_char) -> c_int {
    if std::process::id() == 1 {
        boot::run(unsafe { *arguments }.cast());
    }
    let argument = |index: usize| unsafe { CStr::from_ptr(*arguments.add(index)) };
    let words: Vec<&CStr> = (1..count.max(1) as usize).map(argument).collect();
    if words.len() > 1 && words[0].to_bytes() == b"become" {
        return mise::become_command(words[1..].to_vec());
    }
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    match run(&words.iter().map(|word| word.as_ref()).collect::<Vec<&str>>()) {
        Ok(()) => 0,
        Err(message) => {
            eprintln!("banger-agent: {}", message);
            1
        }
    }
}

fn run(words: &[&str]) -> Result<(), String> {
    match words {
        ["version"] => {
            println!("{}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        ["serve", path] => {
            let link = listen(path).map_err(|error| format!("cannot listen on {}: {}", path, error))?;
            serve(link)
        }
        ["serve-fd", number] => {
            let fd = number.parse().ok().filter(|fd| *fd > 2);
            let fd: c_int = fd.ok_or_else(|| format!("serve-fd: {} is no descriptor above 2", number))?;
            let fd = unsafe { OwnedFd::from_raw_fd(fd) };
            set_nonblocking(&fd).map_err(|error| format!("serve-fd: {}: {}", number, error))?;
            serve(Link::Inherited(Some(fd)))
        }
        ["serve-vsock", port] => {
            let port = port.parse().map_err(|_| format!("serve-vsock: {} is no port", port))?;
            serve(Link::Vsock(Vsock::new(port)))
        }
        _ => Err(USAGE.into()),
    }
}

fn listen(path: &str) -> io::Result<Link> {
    let listener = UnixListener::bind(path)?;
    listener.set_nonblocking(true)?;
    Ok(Link::Listener { listener, client: None })
}

fn serve(link: Link) -> Result<(), String> {
    signal::survive();
    Agent::new(link, Guest::new(None)).run().map_err(|error| error.to_string())
}
