//! What every form for people says of a turn, in the same words.

use crate::consensus::plain::clean;
use crate::domain::ids::Column;
use crate::domain::response::Status;
use crate::domain::verdict::{ContradictionRecord, ResponseRecord, SideRecord, Verdict, two_digits};
use crate::export::{Session, Turn};

/// Returns a moment as `2026-11-26 03:14 UTC`; milliseconds since 1970.
pub(super) fn moment(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Returns when a session was, how long it is, and who answered.
pub(super) fn about(session: &Session) -> String {
    let first = session.turns.first().map(|turn| moment(turn.record.asked_at_ms));
    let n_turns = session.turns.len();
    let turns = if n_turns == 1 { "1 turn".to_owned() } else { format!("{n_turns} turns") };
    let demo = session.is_demo.then(|| "answered by demo models, which are scripted".to_owned());
    let id = format!("session {}", clean(&session.id));
    first.into_iter().chain([turns, id]).chain(demo).collect::<Vec<_>>().join(" · ")
}

/// Returns how far a turn can be relied on, such as `settled 0.93 (default curve)`; `None` where that is not known.
pub(super) fn confidence(verdict: &Verdict) -> Option<String> {
    let (band, confidence) = verdict.band.zip(verdict.confidence)?;
    let basis = if verdict.demo {
        "demo".to_owned()
    } else {
        verdict.confidence_basis.as_ref().map_or_else(String::new, |basis| format!("{} curve", basis.curve))
    };
    Some(format!("{} {} ({basis})", band.as_str(), two_digits(confidence)))
}

/// Returns who answered, and how their claims stand to each other.
pub(super) fn counts(verdict: &Verdict) -> String {
    let votes = verdict.effective_votes.map(|votes| format!(" · about {votes:.1} votes")).unwrap_or_default();
    let answered = format!("{} of {} answered{votes}", verdict.answered, verdict.asked);
    let counts = verdict.counts;
    let claims = format!(
        "agreed {} · partly {} · conflicts {} · only one {}",
        counts.agreed, counts.partly, counts.conflicts, counts.only_one
    );
    if verdict.answered < 2 { answered } else { format!("{answered} · {claims}") }
}

/// Returns what a person should look at: flags, why there is no consensus, and warnings.
pub(super) fn cautions(verdict: &Verdict) -> Vec<String> {
    let flags = verdict.flag_reasons.iter().map(|reason| format!("flagged: {reason}"));
    let fallback = verdict.fallback.iter().map(|fallback| {
        let (answered, asked) = (fallback.answered, fallback.asked);
        format!("no consensus, {answered} of {asked} answered: this is the answer of {}", verdict.name(fallback.member))
    });
    let warnings = verdict.warnings.iter().map(|warning| warning.told(verdict.responses.as_slice()));
    flags.chain(fallback).chain(warnings).map(|text| clean(&text)).collect()
}

/// Returns what the person thinks of a turn, such as `you: wrong · your blind vote: gpt`; `None` where they have not said.
pub(super) fn opinion(turn: &Turn) -> Option<String> {
    let judged = turn.opinion.judgement.map(|judgement| format!("you: {}", judgement.as_str()));
    let name = |Column(place)| turn.verdict.responses.get(usize::from(place)).map(ResponseRecord::own_name);
    let voted = turn.opinion.vote.and_then(name).map(|name| format!("your blind vote: {name}"));
    let said: Vec<String> = judged.into_iter().chain(voted).collect();
    (!said.is_empty()).then(|| clean(&said.join(" · ")))
}

/// Returns the heading of a conflict, such as `≠1 date`.
pub(super) fn conflict(conflict: &ContradictionRecord) -> String {
    format!("≠{} {}", conflict.id, conflict.kind.as_str())
}

/// Returns who holds a value, such as `aspen, birch`.
pub(super) fn holders(side: &SideRecord, verdict: &Verdict) -> String {
    clean(&verdict.names(&side.members).join(", "))
}

/// Returns what a reader must know of a response besides its text: how it ended, how long it took, what it cost.
pub(super) fn response(response: &ResponseRecord) -> String {
    let status = match response.status {
        Status::Done if response.refusal => Some("declined, no vote"),
        Status::Done => None,
        Status::Partial => Some("cut, no vote"),
        Status::Failed => Some("failed"),
        Status::Timeout => Some("timed out"),
        Status::Late => Some("left out: late"),
        Status::Cancelled => Some("stopped, no vote"),
        Status::Skipped => Some("not asked"),
    };
    let stand_in = response.stand_in_for.as_ref().map(|id| format!("in place of {}", clean(id)));
    let took = response.total_ms.map(|ms| format!("{:.1} s", ms as f64 / 1_000.0));
    let tokens = response.usage.as_ref().and_then(|usage| usage.output_tokens).map(|n| format!("{n} tokens"));
    let cost = response.cost_usd.map(|usd| usd.to_string());
    let error = response.error.as_ref().map(|error| clean(&error.message));
    let parts = status.map(str::to_owned).into_iter().chain(error).chain(stand_in);
    parts.chain(took).chain(tokens).chain(cost).collect::<Vec<_>>().join(" · ")
}

/// Returns whether anything is to be said of a response: those who were off have said nothing.
pub(super) fn takes_part(response: &ResponseRecord) -> bool {
    match response.status {
        Status::Skipped => response.error.is_some(),
        Status::Cancelled => !response.text.is_empty(),
        Status::Done | Status::Partial | Status::Failed | Status::Timeout | Status::Late => true,
    }
}
