//! The one way to send a request: over the network, or to a tape.

use std::fmt;
use std::path::PathBuf;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::net::error::NetError;
use crate::net::http::{Http, read_error};
use crate::net::replay::{Replay, TapeBody};

/// A request, ready to be sent.
///
/// `Debug` shows neither header values nor the body: they hold keys and prompts.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// What is done.
    pub method: Method,
    /// Where, in full.
    pub url: String,
    /// With which headers.
    pub headers: HeaderMap,
    /// With which body; empty for none.
    pub body: Bytes,
    /// By which way.
    pub route: Route,
}

impl Request {
    /// Returns a request that sends `body`, or that only reads when it is empty. Every header value is marked so that
    /// no log of the layers below shows it.
    ///
    /// # Errors
    /// When a name or a value cannot be a header; the error does not quote the value, which may be a key.
    pub fn new<'h>(
        url: String,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
        body: Bytes,
        route: Route,
    ) -> Result<Self, NetError> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let key =
                HeaderName::try_from(name).map_err(|_| NetError::Setup(format!("`{name}` is no name of a header")))?;
            let mut value = HeaderValue::try_from(value).map_err(|_| {
                NetError::Setup(format!("the key or value for `{name}` holds a line break or the like"))
            })?;
            value.set_sensitive(true);
            map.insert(key, value);
        }
        let method = if body.is_empty() { Method::GET } else { Method::POST };
        Ok(Self { method, url, headers: map, body, route })
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &names)
            .field("n_body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The way to a server, where it differs from the usual one.
///
/// `Debug` does not show the proxy: its address may hold a password.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Route {
    /// A file with further root certificates, in PEM.
    pub ca_file: Option<PathBuf>,
    /// A proxy in place of the system's.
    pub proxy: Option<String>,
    /// Whether the server is on this machine.
    pub is_here: bool,
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route")
            .field("ca_file", &self.ca_file)
            .field("is_here", &self.is_here)
            .field("has_proxy", &self.proxy.is_some())
            .finish_non_exhaustive()
    }
}

/// What carries requests; cheap to clone.
#[derive(Clone, Debug)]
pub enum Transport {
    /// The network.
    Http(Http),
    /// Tapes.
    Replay(Replay),
}

impl Transport {
    /// Sends a request and returns the head of the answer as soon as it is there.
    ///
    /// # Errors
    /// When the request could not be sent or no head came back; a status of 400 and above is no error here.
    pub async fn send(&self, request: Request) -> Result<Reply, NetError> {
        match self {
            Self::Http(http) => http.send(request).await,
            Self::Replay(replay) => replay.send(request).await,
        }
    }
}

/// The head of an answer, with the body still to come. Dropping it drops the connection.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) enum Body {
    Http(reqwest::Response),
    Tape(TapeBody),
}

impl Reply {
    /// Returns the value of a header, by its name in lower case; `None` where it is absent or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the next piece of the body as it arrives, or `None` at its end. Safe to drop while waiting.
    ///
    /// # Errors
    /// When the connection breaks, ends too early or carries what cannot be unpacked.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, NetError> {
        match &mut self.body {
            Body::Http(response) => response.chunk().await.map_err(|error| read_error(&error.without_url())),
            Body::Tape(tape) => tape.piece().await,
        }
    }
}
