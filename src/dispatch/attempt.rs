//! One request and its answer: sent, watched for signs of life, read to the end.

use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::time::{Instant, timeout_at};

use crate::dispatch::lane::{self, Lane, Pass};
use crate::dispatch::outbox::Outbox;
use crate::dispatch::reading::{Read, Reading};
use crate::dispatch::trouble::{self, Missed};
use crate::domain::address::is_loopback;
use crate::domain::fault::Fault;
use crate::domain::prompt::Prompt;
use crate::domain::stream::{Delta, Finish, StreamEventKind};
use crate::domain::usage::Usage;
use crate::net::error::NetError;
use crate::net::transport::{Reply, Request, Route, Transport};
use crate::provider::answer::Progress;
use crate::provider::endpoint::{Model, Provider};
use crate::provider::error::ServerError;
use crate::provider::failure::{Failure, reported};
use crate::provider::quirk::Quirks;
use crate::provider::request::{self, WireRequest};

/// How long the token counts are waited for once the end marker was seen: some servers keep the connection open.
const LINGER: Duration = Duration::from_secs(5);

/// How much text one event carries at most, in bytes read; more of one read than a screen shows in a frame.
const MAX_READ: usize = 64 << 10;

/// How much of a refusal's body is read.
const MAX_ERROR_BODY: usize = 64 << 10;

/// How long a refusal's body is waited for.
const ERROR_BODY_WAIT: Duration = Duration::from_secs(5);

/// One attempt to get an answer.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) model: &'a Model,
    pub(crate) prompt: &'a Prompt,
    pub(crate) quirks: &'a Quirks,
    pub(crate) lane: &'a Lane,
    /// When the whole answer must be there.
    pub(crate) whole_by: Instant,
    pub(crate) outbox: &'a Outbox,
    /// Which request of the call this is, from 1.
    pub(crate) n: u32,
}

/// How an attempt failed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) failure: Failure,
    /// Whether text or reasoning was shown: another attempt would have to take it back.
    pub(crate) is_shown: bool,
    /// Whether the provider had a part in it: our own limits are no failure of its.
    pub(crate) was_sent: bool,
    /// What the provider said of the answer before it failed, if anything.
    pub(crate) counted: Option<Box<Finish>>,
}

impl Failed {
    /// Returns the failure to get a turn: asking again at once would only join the same queue.
    fn unsent(fault: Fault) -> Self {
        let failure = Failure { is_worth_retrying: Some(false), ..fault.into() };
        Self { was_sent: false, ..failure.into() }
    }
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self { failure, is_shown: false, was_sent: true, counted: None }
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Failure::from(fault).into()
    }
}

impl Attempt<'_> {
    /// Sends the request and reads the answer; text is told as it comes.
    pub(crate) async fn run(&self) -> Result<Box<Finish>, Failed> {
        let provider = &*self.model.provider;
        let request = into_request(request::ask(self.model, self.prompt, self.quirks), provider)
            .map_err(|error| trouble::of_network(&error, provider))?;
        let need = lane::estimate(self.model, self.prompt);
        let pass = self.lane.enter(need, self.whole_by, self.model).await.map_err(Failed::unsent)?;
        // The first was told when the call was placed; a later one is one only once it leaves.
        if self.n > 1 {
            self.outbox.tell(StreamEventKind::Waiting { attempt: self.n });
        }
        let result = self.exchange(request).await;
        match &result {
            Ok(finish) => self.count(&pass, finish),
            Err(Failed { counted: Some(finish), .. }) => self.count(&pass, finish),
            Err(Failed { is_shown: false, .. }) => self.lane.settle(&pass, 0),
            Err(_) => {}
        }
        result
    }

    /// Puts what was estimated right, where the provider counted.
    fn count(&self, pass: &Pass, finish: &Finish) {
        if let Some(Usage { input_tokens, output_tokens, .. }) = finish.usage {
            self.lane.settle(pass, input_tokens.unwrap_or(0) + output_tokens.unwrap_or(0));
        }
    }

    async fn exchange(&self, request: Request) -> Result<Box<Finish>, Failed> {
        let provider = &*self.model.provider;
        let first_by = Instant::now() + provider.timeouts.first_token;
        let sent = timeout_at(first_by.min(self.whole_by), self.transport.send(request)).await;
        let mut reply =
            sent.map_err(|_| self.late(Missed::FirstToken))?.map_err(|error| trouble::of_network(&error, provider))?;
        self.lane.learn(self.model, |name| reply.header(name));
        if reply.status >= 300 {
            return Err(self.refused(&mut reply).await.into());
        }
        self.outbox.tell(StreamEventKind::Started { n_tokens: self.model.tokens_at_most(self.prompt) });
        let mut stream = Stream { attempt: self, reply, is_shown: false, n_thoughts: 0 };
        stream.read(first_by).await
    }

    async fn refused(&self, reply: &mut Reply) -> Failure {
        let mut body = Vec::new();
        let until = (Instant::now() + ERROR_BODY_WAIT).min(self.whole_by);
        while let Ok(Ok(Some(piece))) = timeout_at(until, reply.piece()).await {
            body.extend_from_slice(&piece);
            if body.len() > MAX_ERROR_BODY {
                break;
            }
        }
        let error = ServerError::of_body(&String::from_utf8_lossy(&body));
        reported(&error, Some(reply.status), |name| reply.header(name), self.model)
    }

    fn late(&self, missed: Missed) -> Fault {
        let timeouts = self.model.provider.timeouts;
        let (missed, limit) = match missed {
            _ if Instant::now() >= self.whole_by => (Missed::End, timeouts.whole),
            Missed::FirstToken => (missed, timeouts.first_token),
            Missed::NextSign => (missed, timeouts.idle),
            Missed::End => (missed, timeouts.whole),
        };
        trouble::late(missed, limit, &self.model.provider)
    }
}

/// An answer that has begun.
struct Stream<'a> {
    attempt: &'a Attempt<'a>,
    reply: Reply,
    is_shown: bool,
    /// Signs of reasoning so far, be it empty or kept secret.
    n_thoughts: u32,
}

impl Stream<'_> {
    async fn read(&mut self, first_by: Instant) -> Result<Box<Finish>, Failed> {
        let provider = &self.attempt.model.provider;
        let mut reading = Reading::new(provider.dialect);
        let mut next_by = first_by;
        let mut linger_until = None;
        let mut stopped = None;
        while stopped.is_none() && reading.progress() != Progress::Over {
            match self.piece(next_by).await {
                Ok(Some(piece)) => stopped = self.take(&piece, &mut reading).err(),
                Ok(None) => break,
                Err(fault) => stopped = Some(fault),
            }
            if reading.progress() == Progress::Complete {
                next_by = *linger_until.get_or_insert_with(|| Instant::now() + LINGER);
            } else if self.is_shown || reading.n_thoughts() != self.n_thoughts {
                self.n_thoughts = reading.n_thoughts();
                next_by = Instant::now() + provider.timeouts.idle;
            }
            // A server that is always ready must not keep the others, or the clock, from their turn.
            tokio::task::yield_now().await;
        }
        let mut delta = Delta::default();
        let read = reading.end(&mut delta);
        self.show(delta);
        self.judge(read, stopped)
    }

    async fn piece(&mut self, by: Instant) -> Result<Option<Bytes>, Fault> {
        let has_begun = self.is_shown || self.n_thoughts > 0;
        let missed = if has_begun { Missed::NextSign } else { Missed::FirstToken };
        let by = by.min(self.attempt.whole_by);
        // What is ready is handed over even after the moment: without a look at the clock it would never come.
        if Instant::now() > by {
            return Err(self.attempt.late(missed));
        }
        match timeout_at(by, self.reply.piece()).await {
            Ok(Ok(piece)) => Ok(piece),
            Ok(Err(error)) => Err(trouble::of_network(&error, &self.attempt.model.provider)),
            Err(_) => Err(self.attempt.late(missed)),
        }
    }

    /// Reads a piece and whatever else has arrived by now, and shows the text of all of it as one event.
    fn take(&mut self, first: &[u8], reading: &mut Reading) -> Result<(), Fault> {
        let provider = &self.attempt.model.provider;
        let mut delta = Delta::default();
        let mut n_read = first.len();
        let mut result = reading.push(first, &mut delta).map_err(|error| trouble::of_size(error, provider));
        while result.is_ok() && n_read < MAX_READ && reading.progress() != Progress::Over {
            match self.reply.piece().now_or_never() {
                Some(Ok(Some(piece))) => {
                    n_read += piece.len();
                    result = reading.push(&piece, &mut delta).map_err(|error| trouble::of_size(error, provider));
                }
                Some(Err(error)) => result = Err(trouble::of_network(&error, provider)),
                Some(Ok(None)) | None => break,
            }
        }
        self.show(delta);
        result
    }

    fn show(&mut self, delta: Delta) {
        if delta != Delta::default() {
            self.is_shown = true;
            self.attempt.outbox.tell(StreamEventKind::Delta(delta));
        }
    }

    fn judge(&self, read: Read, stopped: Option<Fault>) -> Result<Box<Finish>, Failed> {
        let provider = &self.attempt.model.provider;
        let ending = read.ending;
        let failure = match (&ending.error, ending.progress, stopped, read.instead) {
            (Some(error), _, _, _) => reported(error, None, |name| self.reply.header(name), self.attempt.model),
            // Once the end marker was seen, it does not matter how the connection went.
            (None, Progress::Complete | Progress::Over, _, _) => return Ok(Box::new(ending.finish)),
            (None, Progress::Open, Some(fault), _) => fault.into(),
            (None, Progress::Open, None, Some(instead)) => trouble::of_other(&instead, provider).into(),
            (None, Progress::Open, None, None) => trouble::cut(provider).into(),
        };
        let is_counted = ending.finish != Finish::default();
        Err(Failed {
            failure,
            is_shown: self.is_shown,
            was_sent: true,
            counted: is_counted.then(|| Box::new(ending.finish)),
        })
    }
}

/// Returns the request as the network takes it.
pub(crate) fn into_request(wire: WireRequest, provider: &Provider) -> Result<Request, NetError> {
    let headers = wire.headers.iter().map(|(name, value)| (name.as_str(), value.reveal()));
    let route = Route {
        ca_file: provider.ca_file.clone(),
        proxy: provider.proxy.as_ref().map(|proxy| proxy.reveal().to_owned()),
        is_here: is_loopback(&wire.url),
    };
    Request::new(wire.url, headers, wire.body.into(), route)
}
