//! The request for a guest's addresses.

use crate::wire::reader::Reader;
use crate::wire::refusal::Malformed;
use std::net::IpAddr;

/// What an interface is to have; all else of addresses and routes on it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkRequest {
    pub interface: String,
    pub addresses: Vec<Address>,
    /// Where the default routes lead.
    pub gateways: Vec<IpAddr>,
}

/// An address and the length of its network's prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    pub ip: IpAddr,
    pub prefix: u8,
}

impl NetworkRequest {
    pub fn parse(reader: &mut Reader) -> Result<NetworkRequest, Malformed> {
        let interface = reader.text("interface")?.to_owned();
        if interface.is_empty() || interface.len() > 15 || interface.contains('/') || interface.starts_with('.') {
            return Err(Malformed::new("interface: 1 to 15 bytes without a slash expected"));
        }
        let addresses = reader.list(5, "addresses", |r| {
            let ip = ip(r)?;
            let prefix = r.u8("prefix")?;
            let most = if ip.is_ipv4() { 32 } else { 128 };
            if prefix > most {
                return Err(Malformed(format!("prefix: {} is above {}", prefix, most)));
            }
            Ok(Address { ip, prefix })
        })?;
        let gateways = reader.list(4, "gateways", ip)?;
        Ok(NetworkRequest { interface, addresses, gateways })
    }
}

fn ip(reader: &mut Reader) -> Result<IpAddr, Malformed> {
    let text = reader.text("address")?;
    text.parse().map_err(|_| Malformed::new("address: IPv4 or IPv6 expected"))
}
