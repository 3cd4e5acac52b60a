//! Requests as the host writes them.

use banger_agent::wire::request::{AdoptRequest, ExecRequest, IdentityRequest, Request, WriteRequest};
use banger_agent::wire::writer::Writer;

pub fn request(request: &Request) -> Vec<u8> {
    let kind = |kind| Writer::default().u8(kind);
    match request {
        Request::Exec(exec) => exec_fields(kind(1), exec),
        Request::Tcp { host, port } => kind(2).text(host).u16(*port),
        Request::Ready { conditions } => kind(3).list(conditions, |writer, text| writer.text(text)),
        Request::Identity(identity) => identity_fields(kind(4), identity),
        Request::Stats => kind(5),
        Request::Sync => kind(6),
        Request::Freeze { freeze } => kind(7).u8(u8::from(*freeze)),
        Request::Shutdown { reboot } => kind(8).u8(u8::from(*reboot)),
        Request::Grow { mount_point } => kind(9).bytes(mount_point),
        Request::Write(write) => write_fields(kind(10), write),
        Request::Boot => kind(11),
        Request::Hold { hold } => kind(12).u8(u8::from(*hold)),
        Request::Network(network) => kind(15)
            .text(&network.interface)
            .list(&network.addresses, |writer, address| writer.text(&address.ip.to_string()).u8(address.prefix))
            .list(&network.gateways, |writer, gateway| writer.text(&gateway.to_string())),
        Request::Adopt(adopt) => adopt_fields(kind(14), adopt),
    }
    .done()
}

fn exec_fields(writer: Writer, exec: &ExecRequest) -> Writer {
    let flags = u8::from(exec.terminal) | u8::from(exec.stdin) << 1 | u8::from(exec.mise) << 2;
    writer
        .list(&exec.arguments, |writer, argument| writer.bytes(argument))
        .list(&exec.environment, |writer, variable| writer.bytes(variable))
        .bytes(&exec.directory)
        .text(&exec.user)
        .u8(flags)
        .u16(exec.columns)
        .u16(exec.rows)
}

fn identity_fields(writer: Writer, identity: &IdentityRequest) -> Writer {
    writer.text(&identity.hostname).text(&identity.machine_id).u64(identity.nanoseconds).bytes(&identity.entropy)
}

fn adopt_fields(writer: Writer, adopt: &AdoptRequest) -> Writer {
    let link = adopt.link.as_ref();
    identity_fields(writer, &adopt.identity)
        .text(&adopt.boot_id)
        .text(link.map_or("", |link| &link.interface))
        .bytes(link.map_or(&[], |link| &link.address))
        .list(&adopt.files, |writer, file| writer.bytes(&file.path).u32(file.mode).bytes(&file.content))
}

fn write_fields(writer: Writer, write: &WriteRequest) -> Writer {
    writer.bytes(&write.path).u32(write.mode).text(&write.user)
}
