//! `dissent replay` without a screen: what today's engine says of answers that were given before, and what has changed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::consensus::plain::clean;
use crate::domain::verdict::{ContradictionRecord, Verdict, two_digits};
use crate::edge::clock;
use crate::recording::Recorded;
use crate::round::revive::judge_again;

/// Name and number of the schema.
const SCHEMA: &str = "dissent.replay/1";

/// The longest question in a line for a person, in characters.
const QUESTION_CHARS: usize = 70;

/// A verdict beside the one that today's engine gives.
#[derive(Clone, Debug)]
pub struct Again {
    question: String,
    /// The one that was given; `None` where the turn never settled.
    before: Option<Verdict>,
    /// Today's.
    after: Verdict,
    changes: Vec<Change>,
}

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Change {
    what: &'static str,
    before: Value,
    after: Value,
}

/// Judges turns by today's engine.
pub fn judge(turns: Vec<Recorded>) -> Vec<Again> {
    let now = clock::now();
    let again = |Recorded { mut record, verdict }: Recorded| {
        // A verdict on what was still coming in then is no verdict on what is there now.
        let before = if record.close(now) { None } else { verdict };
        let after = judge_again(&record, now, before.as_ref());
        let changes = before.as_ref().map(|before| changes(before, &after)).unwrap_or_default();
        Again { question: record.asked.question.to_string(), before, after, changes }
    };
    turns.into_iter().map(again).collect()
}

/// Returns what one verdict says otherwise than the other on the same answers; names, times and costs are not looked at.
fn changes(before: &Verdict, after: &Verdict) -> Vec<Change> {
    type Look = fn(&Verdict) -> Value;
    let looks: [(&'static str, Look); 14] = [
        ("kind", |it| json!(it.kind)),
        ("answered", |it| json!(it.answered)),
        ("band", |it| json!(it.band)),
        ("confidence", |it| json!(it.confidence)),
        ("agreement", |it| json!(it.agreement)),
        ("effective_votes", |it| json!(it.effective_votes)),
        ("flagged", |it| json!(it.flagged)),
        ("answer_by", |it| json!(it.answer_by.map(|member| it.name(member)))),
        ("conflicts", |it| it.contradictions.iter().map(|conflict| json!(conflict_in_words(conflict, it))).collect()),
        ("counts", |it| json!(it.counts)),
        ("claims", |it| it.claims.iter().map(|claim| json!([claim.text, claim.stances])).collect()),
        ("final_answers", |it| it.responses.iter().map(|response| json!(response.final_answer)).collect()),
        ("ranks", |it| it.responses.iter().map(|response| json!([response.rank, response.score])).collect()),
        ("refusals", |it| it.responses.iter().map(|response| json!(response.refusal)).collect()),
    ];
    let change = |(what, look): (&'static str, Look)| {
        let (before, after) = (look(before), look(after));
        (before != after).then_some(Change { what, before, after })
    };
    looks.into_iter().filter_map(change).collect()
}

/// Returns a conflict such as `date: 1969 (a, b) against 1968 (c)`.
fn conflict_in_words(conflict: &ContradictionRecord, verdict: &Verdict) -> String {
    let side = |side: &crate::domain::verdict::SideRecord| {
        format!("{} ({})", side.value, verdict.names(&side.members).join(", "))
    };
    let sides: Vec<String> = conflict.sides.iter().map(side).collect();
    format!("{}: {}", conflict.kind.as_str(), sides.join(" against "))
}

fn n_changed(turns: &[Again]) -> usize {
    turns.iter().filter(|turn| !turn.changes.is_empty()).count()
}

/// Writes one JSON document.
///
/// # Errors
/// When it can't be written.
pub fn write_json(turns: &[Again], out: &mut dyn Write) -> io::Result<()> {
    let rows = (1..).zip(turns).map(|(number, turn): (u32, &Again)| {
        json!({
            "turn": number, "question": turn.question, "changed": turn.changes,
            "before": turn.before, "after": turn.after,
        })
    });
    let document = json!({
        "schema": SCHEMA,
        "version": env!("CARGO_PKG_VERSION"),
        "verdicts": turns.iter().filter(|turn| turn.before.is_some()).count(),
        "verdicts_changed": n_changed(turns),
        "turns": rows.collect::<Vec<_>>(),
    });
    writeln!(out, "{document}")
}

/// Writes what has changed, for a person.
///
/// # Errors
/// When it can't be written.
pub fn write(turns: &[Again], out: &mut dyn Write) -> io::Result<()> {
    for (number, turn) in (1_u32..).zip(turns) {
        let question = clean(&turn.question);
        let short: String = question.chars().take(QUESTION_CHARS).collect();
        let more = if short.len() < question.len() { "…" } else { "" };
        writeln!(out, "{number}  {short}{more}")?;
        if turn.before.is_none() {
            writeln!(out, "   had not settled; {}", standing(&turn.after))?;
        }
        for change in &turn.changes {
            for line in lines(change) {
                writeln!(out, "   {}", clean(&line))?;
            }
        }
    }
    let n_verdicts = turns.iter().filter(|turn| turn.before.is_some()).count();
    writeln!(out, "{} of {n_verdicts} verdicts changed", n_changed(turns))
}

fn standing(verdict: &Verdict) -> String {
    match (verdict.band, verdict.confidence) {
        (Some(band), Some(confidence)) => format!("today: {} {}", band.as_str(), two_digits(confidence)),
        (Some(_) | None, _) => format!("today: {} of {} answered", verdict.answered, verdict.asked),
    }
}

/// Returns a change in words: of lists, what has gone and what has come.
fn lines(change: &Change) -> Vec<String> {
    let what = change.what.replace('_', " ");
    let (Value::Array(before), Value::Array(after)) = (&change.before, &change.after) else {
        return vec![format!("{what}: {} -> {}", word(&change.before), word(&change.after))];
    };
    if before.len() == after.len() && what != "conflicts" {
        let differ = before.iter().zip(after).filter(|(before, after)| before != after).count();
        return vec![format!("{what}: {differ} of {} differ", before.len())];
    }
    let gone = before.iter().filter(|it| !after.contains(it)).map(|it| format!("{what}, gone: {}", word(it)));
    let come = after.iter().filter(|it| !before.contains(it)).map(|it| format!("{what}, new: {}", word(it)));
    gone.chain(come).collect()
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Array(parts) => parts.first().map(word).unwrap_or_default(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |it| format!("{it:.2}")),
        Value::Bool(_) | Value::Object(_) => value.to_string(),
    }
}
