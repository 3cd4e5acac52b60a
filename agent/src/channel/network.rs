//! The guest's addresses and routes on a network that has no DHCP: the host says them.

use crate::channel::task;
use crate::channel::Context;
use crate::os::check;
use crate::os::socket;
use crate::sys::{self, IfReq, In6IfReq, In6RtMsg, RtEntry};
use crate::wire::network::{Address, NetworkRequest};
use crate::wire::refusal::Refusal;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::raw::{c_int, c_ulong};
use std::os::unix::io::{AsRawFd, OwnedFd};

const DOWN: u16 = 0;
/// Without IFF_MULTICAST the kernel would take the interface for one that IPv6 does not work on.
const UP: u16 = 0x1 | 0x1000;

/// The address is the host's choice and nobody else's: nothing is announced, asked for or made up.
const IPV6_SETTINGS: [(&str, &str); 3] = [("accept_ra", "0"), ("accept_dad", "0"), ("addr_gen_mode", "1")];

pub fn answer(request: &NetworkRequest, context: &mut Context) -> Result<(), Refusal> {
    set_up(request)
        .map_err(|error| Refusal::failed(format!("cannot set up the network on {}: {}", request.interface, error)))?;
    task::reply(context, &[]);
    Ok(())
}

fn set_up(request: &NetworkRequest) -> io::Result<()> {
    let control = socket::control()?;
    let name = &request.interface;
    // Going down takes the routes and the IPv6 addresses that an earlier life left.
    set_flags(&control, name, DOWN)?;
    for (setting, value) in IPV6_SETTINGS {
        // A kernel without IPv6 has none of them.
        let _ = fs::write(format!("/proc/sys/net/ipv6/conf/{}/{}", name, setting), value);
    }
    set_flags(&control, name, UP)?;
    for address in &request.addresses {
        add_address(&control, name, address)?;
    }
    for gateway in &request.gateways {
        add_default_route(&control, name, *gateway)?;
    }
    Ok(())
}

fn set_flags(control: &OwnedFd, name: &str, flags: u16) -> io::Result<()> {
    call(control, sys::SIOCSIFFLAGS, &interface(name, flags))
}

fn add_address(control: &OwnedFd, name: &str, address: &Address) -> io::Result<()> {
    match address.ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(address.prefix)).unwrap_or(0);
            call(control, sys::SIOCSIFADDR, &interface_address(name, ip))?;
            call(control, sys::SIOCSIFNETMASK, &interface_address(name, Ipv4Addr::from(mask)))
        }
        IpAddr::V6(ip) => {
            let wanted = In6IfReq { address: ip.octets(), prefix: address.prefix.into(), index: index(name)? };
            call(&socket::control6()?, sys::SIOCSIFADDR, &wanted)
        }
    }
}

fn add_default_route(control: &OwnedFd, name: &str, gateway: IpAddr) -> io::Result<()> {
    const UP_BY_GATEWAY: u16 = 0x3;
    match gateway {
        IpAddr::V4(ip) => {
            let any = sock_address(Ipv4Addr::UNSPECIFIED);
            let route =
                RtEntry { to: any, gateway: sock_address(ip), mask: any, flags: UP_BY_GATEWAY, ..RtEntry::EMPTY };
            call(control, sys::SIOCADDRT, &route)
        }
        IpAddr::V6(ip) => {
            let route = In6RtMsg {
                to: Ipv6Addr::UNSPECIFIED.octets(),
                gateway: ip.octets(),
                metric: 1024,
                flags: UP_BY_GATEWAY.into(),
                index: index(name)?,
                ..In6RtMsg::default()
            };
            call(&socket::control6()?, sys::SIOCADDRT, &route)
        }
    }
}

fn interface(name: &str, family: u16) -> IfReq {
    let mut wanted = IfReq { name: [0; 16], family, data: [0; 22] };
    wanted.name[..name.len()].copy_from_slice(name.as_bytes());
    wanted
}

fn interface_address(name: &str, ip: Ipv4Addr) -> IfReq {
    let mut wanted = interface(name, sys::AF_INET);
    // Behind the port, which means nothing here.
    wanted.data[2..6].copy_from_slice(&ip.octets());
    wanted
}

fn sock_address(ip: Ipv4Addr) -> [u8; 16] {
    let mut raw = [0; 16];
    raw[0..2].copy_from_slice(&sys::AF_INET.to_ne_bytes());
    raw[4..8].copy_from_slice(&ip.octets());
    raw
}

fn index(name: &str) -> io::Result<c_int> {
    let text = fs::read_to_string(format!("/sys/class/net/{}/ifindex", name))?;
    text.trim().parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
}

fn call<T>(socket: &OwnedFd, request: c_ulong, argument: &T) -> io::Result<()> {
    check(unsafe { sys::ioctl(socket.as_raw_fd(), request, argument) }).map(drop)
}
