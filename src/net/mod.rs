//! Bytes: the only outgoing sockets, and the tapes that stand in for them.
//!
//! Not for meaning: what a request says and what an event means belongs to the dialects.

pub mod error;
pub mod http;
pub mod lines;
pub mod ndjson;
pub mod replay;
pub mod sse;
pub mod transport;
