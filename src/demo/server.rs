//! The HTTP server of the demo: requests in, timed replies out.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use crate::demo::bank::{Answer, Bank, Case, Origin};
use crate::demo::cast::{Pace, Voice, Wire, offer};
use crate::demo::script::{Fault, pieces, seed, tokens};
use crate::demo::wire::{After, Beat, Denial, Ending, Meter, Reply, encode};
use crate::domain::ids::ModelId;

/// The longest request that is read: a conversation of many long turns stays far below.
const MAX_REQUEST_BYTES: usize = 32 << 20;

/// How many questions a reply without a script suggests.
const N_SUGGESTIONS: usize = 4;

/// How much later each further model of a recorded case begins, so that the columns do not move in step.
const STAGGER: Duration = Duration::from_millis(250);

/// How a reply without a script is timed: the person should see at once what can be asked.
const OFFER: Pace = Pace { delay: Duration::from_millis(100), tokens_per_second: 400.0, tokens_per_chunk: 4 };

/// What every request needs.
#[derive(Debug)]
pub(crate) struct Stage {
    bank: Arc<Bank>,
    speed: f64,
    /// Who was turned away and is answered at the next request.
    turned_away: Mutex<HashSet<(Arc<str>, ModelId)>>,
}

impl Stage {
    /// Returns a stage that plays `bank` at `speed` times the usual pace.
    pub(crate) fn new(bank: Arc<Bank>, speed: f64) -> Self {
        Self { bank, speed, turned_away: Mutex::default() }
    }

    /// Returns whether this request is to be turned away: every other one is.
    ///
    /// The wire does not say which turn a request belongs to. A client that obeys asks exactly twice in a turn.
    fn turns_away(&self, case: &Case, model: &ModelId) -> bool {
        let mut turned_away = self.turned_away.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (case.id.clone(), model.clone());
        if turned_away.remove(&key) {
            return false;
        }
        turned_away.insert(key)
    }
}

/// Returns the paths that both protocols use.
pub(crate) fn router(stage: Stage) -> Router {
    let answer = |wire| post(async move |State(stage): State<Arc<Stage>>, body: Bytes| respond(&stage, wire, &body));
    Router::new()
        .route("/v1/chat/completions", answer(Wire::Chat))
        .route("/v1/messages", answer(Wire::Messages))
        .route("/v1/models", get(list_models))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state(Arc::new(stage))
}

/// A request, as far as it matters here: both protocols agree on these fields.
#[derive(Deserialize)]
struct Request {
    model: String,
    messages: Vec<Message>,
    #[serde(default)]
    stream: bool,
    stream_options: Option<StreamOptions>,
}

#[derive(Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: Content,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    text: String,
}

impl Message {
    fn text(&self) -> String {
        match &self.content {
            Content::Text(text) => text.clone(),
            Content::Parts(parts) => parts.iter().map(|part| part.text.as_str()).collect(),
        }
    }
}

async fn list_models(State(stage): State<Arc<Stage>>) -> axum::Json<serde_json::Value> {
    let model = |voice: &Voice| {
        let owner = voice.vendor.as_deref().unwrap_or("demo");
        json!({"id": voice.model.as_str(), "object": "model", "created": 0, "owned_by": owner})
    };
    axum::Json(json!({"object": "list", "data": stage.bank.voices.iter().map(model).collect::<Vec<_>>()}))
}

fn respond(stage: &Stage, wire: Wire, body: &[u8]) -> Response {
    let request: Request = match serde_json::from_slice(body) {
        Ok(request) => request,
        Err(error) => return deny(wire, Denial::BadRequest, &error.to_string()),
    };
    if !request.stream {
        return deny(wire, Denial::BadRequest, "demo models only stream; set `stream`");
    }
    let Some(voice) = stage.bank.voice(&request.model).filter(|voice| voice.wire == wire) else {
        return deny(wire, Denial::UnknownModel, &format!("there is no demo model `{}` here", request.model));
    };
    let asked = request.messages.iter().rfind(|message| message.role == "user").map(Message::text).unwrap_or_default();
    let case = stage.bank.find(&asked).or_else(|| stage.bank.find(last_paragraph(&asked)));

    let reply = match case.and_then(|case| Some((case, case.answer(&voice.model)?))) {
        None => unscripted(&stage.bank, voice, case),
        Some((case, (place, answer))) => {
            if let Some(Fault::Limited { retry_after_s }) = answer.fault
                && stage.turns_away(case, &voice.model)
            {
                let denied = deny(wire, Denial::Limited, "this demo model is over its limit on purpose; ask again");
                return ([(header::RETRY_AFTER, seconds(retry_after_s / stage.speed))], denied).into_response();
            }
            scripted(&stage.bank, voice, case, place, answer)
        }
    };
    let meter = Meter {
        n_input_tokens: request.messages.iter().map(|message| tokens(&message.text()).count()).sum(),
        is_wanted: request.stream_options.is_some_and(|options| options.include_usage),
    };
    let (beats, after) = encode(wire, &reply, meter);
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    (headers, Body::from_stream(play(beats, after, stage.speed))).into_response()
}

/// Returns the question without what goes before it: a turn that was missed, files.
fn last_paragraph(asked: &str) -> &str {
    asked.rsplit_once("\n\n").map_or(asked, |(_, last)| last)
}

fn deny(wire: Wire, denial: Denial, message: &str) -> Response {
    let status = match denial {
        Denial::BadRequest => StatusCode::BAD_REQUEST,
        Denial::UnknownModel => StatusCode::NOT_FOUND,
        Denial::Limited => StatusCode::TOO_MANY_REQUESTS,
    };
    (status, axum::Json(denial.body(wire, message))).into_response()
}

/// Returns what `voice` is scripted to say in `case`, as the case's answer number `place`.
fn scripted(bank: &Bank, voice: &Voice, case: &Case, place: usize, answer: &Answer) -> Reply {
    let start = match bank.origin {
        Origin::BuiltIn => voice.pace.delay,
        Origin::File => voice.pace.delay + STAGGER * u32::try_from(place).unwrap_or(u32::MAX),
    };
    let seed = seed([&case.id, voice.model.as_str()]);
    let reasoning = pieces(&answer.reasoning, start, &voice.pace, seed);
    let thought_until = reasoning.last().map_or(start, |last| last.at);
    let ending = match answer.fault {
        None | Some(Fault::Limited { .. }) => Ending::Stop,
        Some(Fault::Refusal) => Ending::Refusal,
        Some(Fault::Cut) => Ending::Cut,
        Some(Fault::Silence) => Ending::Silence,
    };
    Reply {
        id: format!("demo-{seed:016x}"),
        model: voice.model.to_string(),
        reasoning,
        text: pieces(&answer.text, thought_until, &voice.pace, seed),
        ending,
    }
}

/// Returns an honest reply where there is no script: to a question off the bank, or to one that others answered.
///
/// It is marked as a refusal: it answers nothing, so it must not be counted, nor be found to agree with the others'.
fn unscripted(bank: &Bank, voice: &Voice, case: Option<&Case>) -> Reply {
    let text = match case {
        None => {
            let suggestions: Vec<Arc<str>> = suggestions(bank, voice).collect();
            offer(voice, &suggestions, bank.cases.len())
        }
        Some(case) => {
            let others: Vec<&str> = case.answers.iter().map(|answer| answer.model.as_str()).collect();
            format!("This is a demo: no answer by {} was recorded here, only by {}.", voice.model, others.join(", "))
        }
    };
    let seed = seed([&text, voice.model.as_str()]);
    Reply {
        id: format!("demo-{seed:016x}"),
        model: voice.model.to_string(),
        reasoning: vec![],
        text: pieces(&text, OFFER.delay, &OFFER, seed),
        ending: Ending::Unscripted,
    }
}

/// Returns a few prompts of the bank, other ones for each model, so that three columns show more than one list.
fn suggestions<'a>(bank: &'a Bank, voice: &Voice) -> impl Iterator<Item = Arc<str>> + 'a {
    let place = bank.voices.iter().position(|other| other.model == voice.model).unwrap_or(0);
    let n_shown = N_SUGGESTIONS.min(bank.cases.len());
    bank.cases.iter().cycle().skip(place * N_SUGGESTIONS).take(n_shown).map(|case| case.prompt.clone())
}

/// Returns seconds as the header wants them: whole ones, or decimals where the demo runs too fast for those.
fn seconds(seconds: f64) -> String {
    if seconds >= 1.0 { format!("{}", seconds.ceil()) } else { format!("{seconds:.3}") }
}

/// Returns the bytes of `beats` as they fall due at `speed`, then does what comes `after`.
fn play(beats: Vec<Beat>, after: After, speed: f64) -> impl Stream<Item = io::Result<Bytes>> {
    // Due times count from the request, not from the beat before, so that late timers do not add up.
    let started_at = Instant::now();
    let due = move |beat: &Beat| started_at + beat.at.div_f64(speed);
    let performance = (beats.into_iter().peekable(), Some(after));
    stream::unfold(performance, move |(mut beats, after)| async move {
        let after = after?;
        let Some(first) = beats.next() else {
            return match after {
                After::Close => None,
                After::Break => Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), (beats, None))),
                After::Repeat(bytes, interval) => {
                    sleep_until(Instant::now() + interval).await;
                    Some((Ok(bytes.clone()), (beats, Some(After::Repeat(bytes, interval)))))
                }
            };
        };
        sleep_until(due(&first)).await;
        // Everything that has fallen due by now goes out in one write.
        let now = Instant::now();
        let mut bytes = BytesMut::from(first.bytes);
        while let Some(beat) = beats.next_if(|beat| due(beat) <= now) {
            bytes.extend_from_slice(&beat.bytes);
        }
        Some((Ok(bytes.freeze()), (beats, Some(after))))
    })
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn bytes_leave_when_they_are_due_and_those_of_one_moment_together() {
        let beat = |at_ms, text: &'static str| Beat { at: Duration::from_millis(at_ms), bytes: Bytes::from(text) };
        let beats = || vec![beat(0, "a"), beat(200, "b"), beat(200, "c"), beat(1000, "d")];
        let rows = [
            (1.0, vec![(0, "a"), (200, "bc"), (1000, "d")]),
            (2.0, vec![(0, "a"), (100, "bc"), (500, "d")]),
            (1e6, vec![(0, "a"), (1, "bcd")]),
        ];
        for (speed, expected) in rows {
            let started_at = Instant::now();
            let stream = play(beats(), After::Close, speed);
            let writes: Vec<(u64, Bytes)> = stream
                .map(|bytes| (started_at.elapsed().as_millis().try_into().unwrap(), bytes.unwrap()))
                .collect()
                .await;
            assert_eq!(writes, expected.into_iter().map(|(at, text)| (at, Bytes::from(text))).collect::<Vec<_>>());
        }
    }

    #[test]
    fn waits_are_whole_seconds_where_they_can_be() {
        for (wait, expected) in [(2.0, "2"), (1.5, "2"), (0.02, "0.020"), (0.0, "0.000")] {
            assert_eq!(seconds(wait), expected);
        }
    }
}
