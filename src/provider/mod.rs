//! Dialects: a question becomes a request, an event becomes a chunk. Pure; knows no socket.

pub mod dialect;
pub mod endpoint;
