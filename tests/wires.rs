//! Recorded answers of real services, where the folder that holds them is at hand: each is read whole, in pieces and
//! byte by byte, and compared with what an independent decoder made of it.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::print_stdout, reason = "the count is the result")]
#![expect(clippy::indexing_slicing, reason = "a JSON value answers null to a key that it lacks")]

#[path = "support/recordings.rs"]
mod recordings;
mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dissent::dispatch::call::{Call, Dispatcher};
use dissent::dispatch::claims::Claims;
use dissent::dispatch::reading::{Instead, Reading};
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::member::Member;
use dissent::domain::prompt::Prompt;
use dissent::domain::response::State;
use dissent::domain::stream::{Delta, FinishNorm};
use dissent::domain::turn::Turn;
use dissent::net::replay::{Replay, Step, Tape};
use dissent::net::transport::Transport;
use dissent::provider::answer::{Ending, Progress};
use dissent::provider::dialect::Dialect;
use dissent::provider::error::ServerError;
use dissent::provider::failure::reported;
use recordings::{cases, count};
use serde_json::Value;
use support::model;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::Instant;

/// Below this size, a case is also cut in two at every offset.
const SMALL: usize = 1_600;

#[test]
fn recorded_answers_are_read_as_an_independent_decoder_reads_them() {
    count("are read", cases().into_iter().map(|(name, case)| (name, check(&case))));
}

#[test]
fn recorded_answers_come_through_a_call() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let results = cases().into_iter().map(|(name, case)| (name, runtime.block_on(check_call(&case))));
    count("come through a call", results);
}

fn dialect_of(case: &Value) -> Result<Dialect, String> {
    let kind = case["kind"].as_str().unwrap();
    Dialect::ALL.into_iter().find(|dialect| dialect.as_str() == kind).ok_or(format!("no dialect `{kind}`"))
}

fn check(case: &Value) -> Result<(), String> {
    let dialect = dialect_of(case)?;
    let body = case["response"]["body"].as_str().unwrap_or_default().as_bytes();
    let status = case["response"]["status"].as_u64().unwrap();
    if status >= 400 {
        return refusal(case, dialect, u16::try_from(status).unwrap(), body);
    }
    let whole = read(dialect, &[body]);
    compare(case, dialect, &whole)?;
    for size in [1, 97, 1400] {
        let pieces: Vec<&[u8]> = body.chunks(size).collect();
        equal(&format!("in pieces of {size}"), &read(dialect, &pieces), &whole)?;
    }
    for cut in (0..body.len()).filter(|_| body.len() <= SMALL) {
        let (left, right) = body.split_at(cut);
        equal(&format!("cut at {cut}"), &read(dialect, &[left, right]), &whole)?;
    }
    Ok(())
}

/// Plays a case to a call and compares what the reader of its events is told.
async fn check_call(case: &Value) -> Result<(), String> {
    let (response, expect) = (&case["response"], &case["expect"]);
    let body = response["body"].as_str().unwrap_or_default();
    let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
    let mut tape = Tape::new(status, "");
    for (name, value) in response["headers"].as_object().into_iter().flatten() {
        tape = tape.header(name, value.as_str().unwrap_or_default());
    }
    for piece in body.as_bytes().chunks(1400) {
        tape = tape.then(Step::Bytes(piece.to_vec().into())).then(Step::Pause(Duration::from_millis(1)));
    }
    let replay = Replay::new([tape.clone(), tape.clone(), tape]);
    let (tx, mut rx) = unbounded_channel();
    let call = Call {
        turn: TurnId(1),
        column: Column(0),
        model: Arc::new(model("house", dialect_of(case)?, "")),
        stand_ins: Vec::new(),
        claims: Claims::default(),
        prompt: Prompt::question("why?"),
    };
    let _handle = Dispatcher::new(Transport::Replay(replay)).ask(call, tx);
    let mut turn = Turn::new(TurnId(1), "why?", [Arc::new(Member::named("m"))], Instant::now().into_std());
    while let Some(event) = rx.recv().await {
        turn.apply(&event);
    }
    let response = turn.response(Column(0)).unwrap();
    equal("text", &response.text.as_str(), &expect["text"].as_str().unwrap())?;
    equal("reasoning", &response.reasoning.as_str(), &expect["reasoning"].as_str().unwrap())?;
    let finish = response.finish.clone().unwrap_or_default();
    equal(
        "finish",
        &finish.reason.as_ref().map(|reason| reason.raw.as_deref().unwrap_or_default()),
        &expect["finish"].as_str(),
    )?;
    equal("has usage", &finish.usage.is_some(), &expect["usage"].is_object())?;
    let is_whole = expect["error"].is_null() && expect["complete"] == true;
    equal("is done", &(response.state == State::Done), &is_whole)?;
    let http_status = response.fault().and_then(|fault| fault.http_status).map(u64::from);
    equal("http status", &http_status, &expect["error"]["http_status"].as_u64())
}

#[derive(Clone, Debug, PartialEq)]
struct Answer {
    delta: Delta,
    ending: Ending,
    instead: Option<Instead>,
}

/// Reads an answer as a call does, up to where nothing of use follows.
fn read(dialect: Dialect, pieces: &[&[u8]]) -> Answer {
    let (mut reading, mut delta) = (Reading::new(dialect), Delta::default());
    for piece in pieces {
        if reading.progress() == Progress::Over {
            break;
        }
        reading.push(piece, &mut delta).unwrap();
    }
    let read = reading.end(&mut delta);
    // How many events are read after the end depends on the pieces.
    let mut ending = read.ending;
    ending.n_events = 0;
    Answer { delta, ending, instead: read.instead }
}

fn compare(case: &Value, dialect: Dialect, answer: &Answer) -> Result<(), String> {
    let expect = &case["expect"];
    let finish = &answer.ending.finish;
    equal("text", &answer.delta.text.as_str(), &expect["text"].as_str().unwrap())?;
    equal("reasoning", &answer.delta.reasoning.as_str(), &expect["reasoning"].as_str().unwrap())?;
    equal(
        "finish",
        &finish.reason.as_ref().map(|reason| reason.raw.as_deref().unwrap_or_default()),
        &expect["finish"].as_str(),
    )?;
    let is_refusal = finish.refusal || finish.reason.as_ref().is_some_and(|end| end.norm == FinishNorm::Refusal);
    if expect["finish_norm"] == "refusal" {
        equal("refusal", &is_refusal, &true)?;
    } else if let (Some(reason), Some(norm)) = (&finish.reason, expect["finish_norm"].as_str()) {
        let found = serde_json::to_value(reason.norm).unwrap();
        equal("norm", &found.as_str(), &Some(if norm.starts_with("other") { "other" } else { norm }))?;
    }
    if let Some(words) = expect["refusal"].as_str() {
        equal("words of refusal", &finish.explanation.as_deref(), &Some(words))?;
    }
    let has_ended = answer.ending.progress != Progress::Open;
    equal("complete", &has_ended, &expect["complete"].as_bool().unwrap())?;
    usage(expect, answer)?;
    let urls: BTreeSet<&str> = finish.citations.iter().map(|page| page.url.as_str()).collect();
    let expected = expect["citations"].as_array().into_iter().flatten().filter_map(|page| page["url"].as_str());
    equal("citations", &urls, &expected.collect())?;
    let is_empty = answer.instead == Some(Instead::Nothing);
    let fails = answer.ending.error.is_some() || answer.instead.is_some();
    equal("error", &fails, &(!expect["error"].is_null() || is_empty))?;
    if let Some(error) = &answer.ending.error {
        let failure = reported(error, None, |_| None, &model("house", dialect, ""));
        equal("status", &failure.fault.http_status, &None)?;
        let message = expect["error"]["message"].as_str().unwrap_or_default();
        equal("message", &error.message.starts_with(message), &true)?;
    }
    Ok(())
}

fn usage(expect: &Value, answer: &Answer) -> Result<(), String> {
    let (found, expected) = (answer.ending.finish.usage, &expect["usage"]);
    equal("has usage", &found.is_some(), &expected.is_object())?;
    let Some(found) = found else { return Ok(()) };
    let number = |key: &str| expected[key].as_u64();
    let input = number("input_total").or(number("input_tokens"));
    // What the total holds beyond the two parts is reasoning that was counted apart, or hidden.
    let beyond = number("total_tokens").zip(number("input_tokens")).map(|(total, input)| total - input);
    let output = number("output_billable").or(number("output_tokens").max(beyond));
    equal("input tokens", &found.input_tokens, &input)?;
    equal("output tokens", &found.output_tokens, &output)?;
    let cached = number("cached_input_tokens").map(|cached| cached.min(input.unwrap_or(cached)));
    equal("cached tokens", &found.cached_input_tokens, &cached)?;
    equal("tokens written to the cache", &found.cache_write_tokens, &number("cache_write_tokens"))?;
    equal("reasoning tokens", &found.reasoning_tokens, &number("reasoning_tokens"))
}

fn refusal(case: &Value, dialect: Dialect, status: u16, body: &[u8]) -> Result<(), String> {
    let headers = &case["response"]["headers"];
    let error = ServerError::of_body(&String::from_utf8_lossy(body));
    let failure = reported(&error, Some(status), |name| headers[name].as_str(), &model("house", dialect, ""));
    let expected = &case["expect"]["error"];
    equal("http status", &failure.fault.http_status.map(u64::from), &expected["http_status"].as_u64())?;
    let message = expected["message"].as_str().unwrap_or_default();
    equal("message", &error.message.starts_with(message), &true)?;
    let wish = expected["retry_after"].as_str().and_then(|wish| wish.parse::<f64>().ok());
    let wish = wish.or_else(|| expected["retry_delay"].as_str()?.trim_end_matches('s').parse().ok());
    let Some(wish) = wish else { return Ok(()) };
    equal("wait", &failure.fault.retry_after.is_some_and(|found| found.as_secs_f64() >= wish), &true)
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: found {found:?}, expected {expected:?}")) }
}
