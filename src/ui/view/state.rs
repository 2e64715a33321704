//! How far a response is, in words: a word or two for its head, and what is said under the answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::member::Member;
use crate::domain::response::{Response, State};
use crate::ui::app::TurnView;
use crate::ui::line::{Line, Slot};
use crate::ui::text::clean::clean;
use crate::ui::text::width::wrap;

/// What asks a model again.
const AGAIN: &str = "r asks again";

/// Returns what is said under the answer: what went wrong, what is waited for, what to do.
///
/// `reach` are the keys that bring the column to hand.
pub(crate) fn tail(response: &Response, view: &TurnView, now: Instant, reach: &str, cells: u16) -> Vec<Line> {
    let hidden = |text: &str| view.faces.disguise(&clean(text), &view.turn.responses);
    let said_in_short = |fault: &Fault| hidden(&fault.message);
    let said = |fault: &Fault| hidden(&fault.told());
    let (slot, text, hint) = match &response.state {
        State::Skipped => match &response.left_out {
            Some(fault) => (Slot::Warn, format!("left out: {}", said(fault)), ""),
            None => (Slot::Dim, "not asked in this turn".to_owned(), ""),
        },
        State::Waiting => (Slot::Dim, format!("waiting, {}", seconds(since(response.asked_at, now))), ""),
        State::Retrying { until, fault } => {
            let left = until.saturating_duration_since(now);
            let left = left.as_secs() + u64::from(left.subsec_millis() > 0);
            (Slot::Warn, format!("{}; asks again in {left} s", said_in_short(fault)), "s stops it")
        }
        State::Late => (Slot::Warn, late(response.held_by.as_ref().map(|fault| (fault, said_in_short(fault)))), ""),
        State::Failed(fault) if response.text.is_empty() => (Slot::Bad, said(fault), AGAIN),
        State::Failed(fault) => (Slot::Bad, format!("cut: {}. Casts no vote.", said(fault)), AGAIN),
        State::Cancelled => (Slot::Dim, "stopped: casts no vote".to_owned(), AGAIN),
        State::Streaming if response.text.is_empty() && response.reasoning.is_empty() => {
            (Slot::Dim, format!("thinking, {}", seconds(since(response.asked_at, now))), "")
        }
        State::Done if response.is_refusal() => (Slot::Warn, "declined to answer: casts no vote".to_owned(), ""),
        State::Done if response.is_truncated() => {
            (Slot::Warn, "cut at the token limit: casts no vote".to_owned(), AGAIN)
        }
        State::Done if response.has_hole() => (Slot::Warn, "incomplete: casts no vote".to_owned(), AGAIN),
        State::Done if !response.counts() => (Slot::Warn, "no usable answer: casts no vote".to_owned(), ""),
        State::Streaming | State::Done => (Slot::Dim, String::new(), ""),
    };
    let mut lines = Vec::new();
    let mut add = |slot: Slot, text: &str| {
        if !text.is_empty() {
            lines.extend(wrap(text, cells).into_iter().map(|row| Line::new().with(slot, row)));
        }
    };
    add(slot, &text);
    if !hint.is_empty() {
        add(Slot::Dim, &format!("{reach}{hint}"));
    }
    if let Some(stand_in) = &response.stand_in {
        let whose = if view.faces.are_hidden() { None } else { Some((&stand_in.member, &response.member)) };
        add(Slot::Warn, &in_place(whose, response, &said_in_short(&stand_in.fault)));
    }
    if let Some(shortened) = response.shortened {
        add(Slot::Dim, &shortened.in_words());
    }
    let n_malformed = response.finish.as_ref().map_or(0, |finish| finish.n_malformed);
    if n_malformed > 0 {
        let text = format!("{} passed over: a part may be missing", counted(n_malformed as usize, "broken event"));
        add(Slot::Warn, &text);
    }
    if !lines.is_empty() && !response.text.is_empty() {
        lines.insert(0, Line::new());
    }
    lines
}

/// Says that the turn went on without a model, and what it was waiting for.
fn late(held_by: Option<(&Fault, String)>) -> String {
    let Some((fault, said)) = held_by else { return "late: left out of the verdict".to_owned() };
    let wait = fault.retry_after.map_or_else(String::new, |wait| format!("; it says to wait {}", seconds(wait)));
    format!("left out of the verdict: {said}{wait}")
}

/// Says who answers in whose place; nobody is named while names are hidden.
fn in_place(whose: Option<(&Arc<Member>, &Arc<Member>)>, response: &Response, why: &str) -> String {
    let asked = if response.text.is_empty() { "is asked" } else { "answers" };
    match whose {
        Some((by, of)) => format!("{} {asked} in the place of {}: {why}", by.id, of.id),
        None => format!("a stand-in {asked} in its place: {why}"),
    }
}

/// Returns the state of a response for the head of its column.
pub(crate) fn long_state(response: &Response, now: Instant) -> Line {
    let mut line = short_state(response, now);
    if response.state == State::Done
        && let Some(rate) = rate(response, response.ended_at.unwrap_or(now))
    {
        line.push(Slot::Dim, format!(" {rate}/s"));
    }
    line
}

/// Returns the state of a response in a word or two.
pub(crate) fn short_state(response: &Response, now: Instant) -> Line {
    let asked = since(response.asked_at, now);
    let took = || response.total().map_or_else(String::new, |took| format!(" {:.1}s", took.as_secs_f64()));
    let (slot, text) = match &response.state {
        State::Skipped if response.left_out.is_some() => (Slot::Warn, "left out".to_owned()),
        State::Skipped => (Slot::Dim, "off".to_owned()),
        State::Waiting => (Slot::Dim, format!("… {}s", asked.as_secs())),
        State::Retrying { .. } => (Slot::Warn, "retrying".to_owned()),
        State::Streaming if response.text.is_empty() => (Slot::Dim, format!("thinking {}s", asked.as_secs())),
        State::Streaming => match rate(response, now) {
            Some(rate) => (Slot::Dim, format!("{rate}/s")),
            None => (Slot::Dim, "…".to_owned()),
        },
        State::Late => (Slot::Warn, "late".to_owned()),
        State::Failed(_) if !response.text.is_empty() => (Slot::Bad, "× cut".to_owned()),
        State::Failed(fault) if fault.kind == FaultKind::Timeout => (Slot::Bad, "× timed out".to_owned()),
        State::Failed(_) => (Slot::Bad, "× failed".to_owned()),
        State::Cancelled => (Slot::Dim, "stopped".to_owned()),
        State::Done if response.is_refusal() => (Slot::Warn, "declined".to_owned()),
        State::Done if response.is_truncated() => (Slot::Warn, "cut at limit".to_owned()),
        State::Done if response.has_hole() => (Slot::Warn, "incomplete".to_owned()),
        State::Done if !response.counts() => (Slot::Warn, "no answer".to_owned()),
        State::Done => (Slot::Good, format!("✓{}", took())),
    };
    Line::new().with(slot, text)
}

/// Returns tokens a second from the first token to `until`; `None` for a span too short to say.
fn rate(response: &Response, until: Instant) -> Option<u64> {
    let span = until.saturating_duration_since(response.first_token_at?);
    let (tokens, _) = response.output_tokens();
    (span >= Duration::from_millis(300)).then(|| (tokens as f64 / span.as_secs_f64()).round() as u64)
}

fn since(start: Option<Instant>, now: Instant) -> Duration {
    start.map_or(Duration::ZERO, |start| now.saturating_duration_since(start))
}

/// Returns a number with its noun.
pub(crate) fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs())
}
