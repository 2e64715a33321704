//! Bytes: the only outgoing sockets.
