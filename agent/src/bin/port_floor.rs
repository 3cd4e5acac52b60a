//! The least that any agent could do on a virtio-serial port: what the benchmark compares banger's with.
//!
//! `port_floor PORT exec` answers every byte with a run of /bin/true and a byte; `port_floor PORT cat` sends
//! back what it receives. PORT is the port's name, or a path. It depends on nothing of the agent's.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

const BUFFER_BYTES: usize = 64 * 1024;
const HOST_AWAY_PAUSE: Duration = Duration::from_millis(1);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        [port, "exec"] => open(port).and_then(exec),
        [port, "cat"] => open(port).and_then(cat),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "usage: port_floor PORT exec|cat")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("port_floor: {}", error);
            ExitCode::FAILURE
        }
    }
}

fn open(port: &str) -> io::Result<File> {
    let path = if port.contains('/') { PathBuf::from(port) } else { find(port)? };
    OpenOptions::new().read(true).write(true).open(path)
}

fn find(name: &str) -> io::Result<PathBuf> {
    for entry in fs::read_dir("/sys/class/virtio-ports")? {
        let entry = entry?;
        if fs::read_to_string(entry.path().join("name"))?.trim_end() == name {
            return Ok(PathBuf::from("/dev").join(entry.file_name()));
        }
    }
    Err(io::Error::new(io::ErrorKind::NotFound, format!("no port {}", name)))
}

fn exec(mut port: File) -> io::Result<()> {
    let mut byte = [0];
    loop {
        receive(&mut port, &mut byte)?;
        Command::new("/bin/true").status()?;
        port.write_all(&byte)?;
    }
}

fn cat(mut port: File) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = receive(&mut port, &mut buffer)?;
        port.write_all(&buffer[..count])?;
    }
}

/// Reads what is there; while the host is away a read answers nothing at once.
fn receive(port: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match port.read(buffer)? {
            0 => thread::sleep(HOST_AWAY_PAUSE),
            count => return Ok(count),
        }
    }
}
