//! The protocol's bytes: reading and writing of frames and of what they carry.

pub mod frame;
pub mod hello;
pub mod network;
pub mod reader;
pub mod refusal;
pub mod request;
pub mod writer;
