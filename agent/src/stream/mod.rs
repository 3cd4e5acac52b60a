//! The byte stream to the host: where it comes from, and frames in and out of it.

pub mod inbound;
pub mod link;
pub mod outbound;
pub mod port;
pub mod vsock;
