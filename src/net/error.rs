//! What can go wrong with bytes, by what the caller would do about it.

use thiserror::Error;

/// A request that was not sent, or an answer that did not arrive whole.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NetError {
    /// The address, a header, the proxy or the certificate file cannot be used: the config must change.
    #[error("{0}")]
    Setup(String),
    /// Nobody could be reached: no such host, refused, no route, or no answer while connecting.
    #[error("{0}")]
    Unreachable(String),
    /// The connection could not be made safe: the certificate is not trusted, or the like.
    #[error("{0}")]
    Insecure(String),
    /// The server does not speak TLS at all.
    #[error("{0}")]
    NoTls(String),
    /// The connection broke after the request had been sent.
    #[error("{0}")]
    Broken(String),
    /// The server closed the connection in the middle of the body that it had announced.
    #[error("the server closed the connection in the middle of its answer")]
    CutShort,
    /// The body could not be unpacked.
    #[error("{0}")]
    Unreadable(String),
}

/// More than is accepted from a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TooLarge {
    /// One line is longer than `lines::MAX_LINE`.
    #[error("one line of the answer is longer than {} MiB", crate::net::lines::MAX_LINE >> 20)]
    Line,
    /// The whole body is longer than `lines::MAX_TOTAL`.
    #[error("the answer is longer than {} MiB", crate::net::lines::MAX_TOTAL >> 20)]
    Total,
}
