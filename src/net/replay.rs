//! Tapes: answers laid down beforehand, with pauses and breaks, played to whoever sends a request.
//!
//! Pauses pass on tokio's clock, so that a test with paused time plays an hour in no time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::net::error::NetError;
use crate::net::transport::{Body, Reply, Request};

/// One answer to one request.
#[derive(Clone, Debug)]
pub struct Tape {
    /// Only requests whose URL holds this text get the tape; every request does when it is empty.
    pub only_for: String,
    /// How long the head takes to come.
    pub head_after: Duration,
    /// The status and headers, or why there are none.
    pub head: Result<(u16, Vec<(String, String)>), NetError>,
    /// The body; it ends after the last step.
    pub steps: Vec<Step>,
}

/// A moment of a body.
#[derive(Clone, Debug)]
pub enum Step {
    /// Bytes arrive, as one piece.
    Bytes(Bytes),
    /// Nothing arrives for a while.
    Pause(Duration),
    /// The connection fails.
    Fail(NetError),
}

impl Tape {
    /// Returns an answer with `status` and `body` in one piece.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        let steps = vec![Step::Bytes(body.into())];
        Self { only_for: String::new(), head_after: Duration::ZERO, head: Ok((status, Vec::new())), steps }
    }

    /// Returns a request that fails before any answer.
    pub fn failure(error: NetError) -> Self {
        Self { only_for: String::new(), head_after: Duration::ZERO, head: Err(error), steps: Vec::new() }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Ok((_, headers)) = &mut self.head {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Adds a moment to the body.
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Lets the head come only after `wait`.
    pub fn after(mut self, wait: Duration) -> Self {
        self.head_after = wait;
        self
    }

    /// Keeps the tape for requests whose URL holds `part`.
    pub fn only_for(mut self, part: &str) -> Self {
        part.clone_into(&mut self.only_for);
        self
    }
}

/// A shelf of tapes, each played once, in order; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Replay(Arc<Mutex<Shelf>>);

#[derive(Debug, Default)]
struct Shelf {
    tapes: VecDeque<Tape>,
    requests: Vec<Request>,
}

impl Replay {
    /// Returns a shelf of `tapes`.
    pub fn new(tapes: impl IntoIterator<Item = Tape>) -> Self {
        Self(Arc::new(Mutex::new(Shelf { tapes: tapes.into_iter().collect(), requests: Vec::new() })))
    }

    /// Returns what was asked so far, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }

    /// Plays the first tape that is meant for the request.
    ///
    /// # Errors
    /// As the tape says, and when none is left.
    pub async fn send(&self, request: Request) -> Result<Reply, NetError> {
        let tape = {
            let mut stock = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let found = stock.tapes.iter().position(|tape| request.url.contains(&tape.only_for));
            stock.requests.push(request);
            found.and_then(|position| stock.tapes.remove(position))
        };
        let Some(tape) = tape else {
            return Err(NetError::Unreachable("no tape is left".to_owned()));
        };
        tokio::time::sleep(tape.head_after).await;
        let (status, headers) = tape.head?;
        let headers = headers.iter().filter_map(|(name, value)| header(name, value)).collect::<HeaderMap>();
        Ok(Reply { status, headers, body: Body::Tape(TapeBody(tape.steps.into())) })
    }
}

fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((name.parse().ok()?, value.parse().ok()?))
}

/// The rest of a tape.
#[derive(Debug)]
pub(crate) struct TapeBody(VecDeque<Step>);

impl TapeBody {
    /// Returns the next piece once its pauses are over, or `None` at the end.
    ///
    /// # Errors
    /// Where the tape holds a failure.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, NetError> {
        while let Some(Step::Pause(pause)) = self.0.front() {
            tokio::time::sleep(*pause).await;
            self.0.pop_front();
        }
        match self.0.pop_front() {
            Some(Step::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Step::Fail(error)) => Err(error),
            Some(Step::Pause(_)) | None => Ok(None),
        }
    }
}
