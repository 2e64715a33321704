//! `dissent sessions show`: what was asked in a session, what was answered, and what the answers rest on.

use std::io::{self, Write};
use std::time::Instant;

use serde::Serialize;

use crate::consensus::plain::{clean, clean_lines};
use crate::domain::cost::Cost;
use crate::domain::ids::{Column, TurnId};
use crate::domain::opinion::{Judgement, Opinion};
use crate::domain::verdict::{ResponseRecord, Verdict};
use crate::headless::ask::text;
use crate::headless::sessions::{Row, count, moment};
use crate::round::revive::revive;
use crate::store::cost::when;
use crate::store::list::SessionHead;
use crate::store::read::KeptTurn;

/// A turn that is shown.
#[derive(Debug)]
pub struct Shown {
    place: u32,
    asked_at_ms: i64,
    question: String,
    files: Vec<String>,
    is_settled: bool,
    verdict: Verdict,
    cost: Cost,
    opinion: Opinion,
}

/// What the person thinks of a turn, for programs.
#[derive(Debug, Serialize)]
struct OpinionRow<'a> {
    judgement: Option<&'static str>,
    /// The model whose response they took for the best without knowing whose it was.
    blind_vote: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    session: Row<'a>,
    draft: &'a str,
    turns: Vec<TurnRow<'a>>,
}

#[derive(Debug, Serialize)]
struct TurnRow<'a> {
    turn: u32,
    asked_at: String,
    question: &'a str,
    files: &'a [String],
    /// Whether the verdict was given when the turn was over; else it is made of what had come in by its end.
    settled: bool,
    verdict: &'a Verdict,
    opinion: OpinionRow<'a>,
}

impl<'a> From<&'a Shown> for TurnRow<'a> {
    fn from(turn: &'a Shown) -> Self {
        Self {
            turn: turn.place,
            asked_at: moment(turn.asked_at_ms),
            question: &turn.question,
            files: &turn.files,
            settled: turn.is_settled,
            verdict: &turn.verdict,
            opinion: OpinionRow {
                judgement: turn.opinion.judgement.map(Judgement::word),
                blind_vote: turn.blind_vote(),
            },
        }
    }
}

impl Shown {
    fn blind_vote(&self) -> Option<&str> {
        let Column(place) = self.opinion.vote?;
        self.verdict.responses.get(usize::from(place)).map(ResponseRecord::own_name)
    }

    /// Returns what the person thinks of it; nothing where they have not said.
    fn opinion(&self) -> Vec<String> {
        let judged = self.opinion.judgement.map(|judgement| format!("you: {}", judgement.as_str()));
        let voted = self.blind_vote().map(|name| format!("your blind vote: {}", clean(name)));
        judged.into_iter().chain(voted).collect()
    }
}

/// Returns a turn as it is shown: one that was broken off with a verdict on what had come in.
pub fn shown(place: u32, kept: KeptTurn, now: Instant) -> Shown {
    let mut record = kept.record;
    let is_settled = !record.close(now) && kept.verdict.is_some();
    let revived = revive(&record, TurnId(0), now, kept.verdict.filter(|_| is_settled));
    let cost = match revived.verdict.cost_usd {
        Some(known) => Cost { known, ..Cost::default() },
        None => revived.turn.responses.iter().map(|response| Cost::of(response.cost())).sum(),
    };
    Shown {
        place,
        asked_at_ms: record.asked_at_ms,
        question: record.asked.question.to_string(),
        files: record.asked.files.iter().map(|file| file.name.to_string()).collect(),
        is_settled,
        verdict: revived.verdict,
        cost,
        opinion: kept.opinion,
    }
}

/// Writes a session for a person.
///
/// # Errors
/// Those of `out`.
pub fn write(head: &SessionHead, turns: &[Shown], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", clean(&head.name))?;
    let cost = if head.is_demo { "the demo models answered".to_owned() } else { head.cost.to_string() };
    let folder = clean(&head.folder);
    writeln!(out, "begun {} in {folder}, {}, {cost}", when(head.made_at_ms), count(head.n_turns, "turn"))?;
    writeln!(out, "to go on with it: {} {}", clean(&head.resume), head.short)?;
    for turn in turns {
        writeln!(out, "\nturn {}, {}", turn.place, when(turn.asked_at_ms))?;
        for line in clean_lines(turn.question.trim_end()).lines() {
            writeln!(out, "> {line}")?;
        }
        for file in &turn.files {
            writeln!(out, "> with {}", clean(file))?;
        }
        write!(out, "\n{}", text::answer(&turn.verdict))?;
        writeln!(out)?;
        for line in text::below(&turn.verdict, turn.cost).into_iter().chain(turn.opinion()) {
            writeln!(out, "{line}")?;
        }
    }
    if !head.draft.trim().is_empty() {
        writeln!(out, "\nnot sent:")?;
        for line in clean_lines(head.draft.trim_end()).lines() {
            writeln!(out, "> {line}")?;
        }
    }
    Ok(())
}

/// Writes a session as one JSON document.
///
/// # Errors
/// Those of `out`.
pub fn write_json(head: &SessionHead, turns: &[Shown], out: &mut impl Write) -> io::Result<()> {
    let turns = turns.iter().map(TurnRow::from).collect();
    let document = Document { schema: "dissent.session/1", session: head.into(), draft: &head.draft, turns };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}
