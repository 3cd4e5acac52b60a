//! The guest's network link: its hardware address.

use crate::channel::task;
use crate::channel::Context;
use crate::os::check;
use crate::os::socket;
use crate::sys::{self, IfReq};
use crate::wire::refusal::Refusal;
use crate::wire::request::LinkRequest;
use std::io;
use std::os::unix::io::AsRawFd;

pub fn answer(request: &LinkRequest, context: &mut Context) -> Result<(), Refusal> {
    set_address(request)
        .map_err(|error| Refusal::failed(format!("cannot set the address of {}: {}", request.interface, error)))?;
    task::reply(context, &[]);
    Ok(())
}

/// virtio-net takes a new address while the link is up.
fn set_address(request: &LinkRequest) -> io::Result<()> {
    let control = socket::control()?;
    let mut wanted = IfReq { name: [0; 16], family: sys::ARPHRD_ETHER, data: [0; 22] };
    wanted.name[..request.interface.len()].copy_from_slice(request.interface.as_bytes());
    wanted.data[..request.address.len()].copy_from_slice(&request.address);
    check(unsafe { sys::ioctl(control.as_raw_fd(), sys::SIOCSIFHWADDR, &wanted) }).map(drop)
}
