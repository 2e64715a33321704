//! What an import has done, counted, and the questions in it whose answers conflict.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::consensus::plain::clean;
use crate::headless::sessions::count;

/// Conflicts that are listed in words; all of them are in the JSON.
const MOST_LISTED: usize = 20;
/// Unreadable entries that are named in words.
const MOST_NAMED: usize = 10;
/// Letters of a question in a list.
const QUESTION_CHARS: usize = 60;

/// What an import has done.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tally {
    /// Name and number of the schema.
    pub schema: &'static str,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Conversations that are new, or have grown.
    pub imported: usize,
    /// Their turns that are new.
    pub imported_turns: usize,
    /// Their turns that are others than they were.
    pub changed_turns: usize,
    /// Conversations of which all is there already.
    pub already: usize,
    /// Conversations in which there is nothing to keep, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Entries that could not be read.
    pub bad: Vec<Bad>,
    /// Entries that are no conversations, such as the account's data.
    pub other: usize,
    /// Questions on branches that the person has left.
    pub left_out_questions: usize,
    /// Answers past what a turn takes.
    pub left_out_answers: usize,
    /// Questions with two answers or more, here and from earlier imports of the same conversations.
    pub several_answers: usize,
    /// Those among them whose answers conflict.
    pub conflicting: Vec<Conflicting>,
}

/// An entry that could not be read.
#[derive(Clone, Debug, Serialize)]
pub struct Bad {
    /// The file.
    pub file: String,
    /// The number of the entry, from 1; 0 for the file as a whole.
    pub entry: usize,
    /// Why.
    pub reason: String,
}

/// A question whose answers conflict.
#[derive(Clone, Debug, Serialize)]
pub struct Conflicting {
    /// The session's id.
    pub session: String,
    /// The place of the turn in what was imported, from 1.
    pub turn: usize,
    /// What was asked.
    pub question: String,
    /// Conflicts in it.
    pub conflicts: u32,
    /// The values of the first one; empty where the turn was there already.
    pub values: Vec<String>,
}

impl Tally {
    /// Returns the tally in which nothing has been done.
    pub fn new(dry_run: bool) -> Self {
        Self { schema: "dissent.import/1", dry_run, ..Self::default() }
    }

    /// Returns whether all of it came to nothing.
    pub fn is_nothing(&self) -> bool {
        self.imported == 0 && self.already == 0
    }
}

/// Writes it as one JSON document.
///
/// # Errors
/// Those of `out`.
pub fn write_json(tally: &Tally, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, tally)?;
    writeln!(out)
}

/// Writes it in words.
///
/// # Errors
/// Those of `out`.
pub fn write(tally: &Tally, out: &mut impl Write) -> io::Result<()> {
    let verb = if tally.dry_run { "would import" } else { "imported" };
    let mut parts = vec![format!(
        "{verb} {} ({})",
        count(short(tally.imported), "conversation"),
        count(short(tally.imported_turns), "turn")
    )];
    if tally.changed_turns > 0 {
        parts.push(format!("{} changed since", count(short(tally.changed_turns), "turn")));
    }
    if tally.already > 0 {
        parts.push(format!("{} there already", tally.already));
    }
    let n_skipped: usize = tally.skipped.values().sum();
    if n_skipped > 0 {
        let why: Vec<&str> = tally.skipped.keys().copied().collect();
        parts.push(format!("skipped {n_skipped} ({})", why.join(", ")));
    }
    if !tally.bad.is_empty() {
        parts.push(format!("{} unreadable", tally.bad.len()));
    }
    if tally.other > 0 {
        parts.push(format!("{} no conversation", tally.other));
    }
    writeln!(out, "{}", parts.join(", "))?;
    for Bad { file, entry, reason } in tally.bad.iter().take(MOST_NAMED) {
        writeln!(out, "unreadable: {}, entry {entry}: {}", clean(file), clean(reason))?;
    }
    write_more(tally.bad.len(), MOST_NAMED, out)?;
    if tally.left_out_questions > 0 {
        let what = count(short(tally.left_out_questions), "question");
        writeln!(out, "left out: {what} on branches that were left for an edited question")?;
    }
    if tally.left_out_answers > 0 {
        let what = count(short(tally.left_out_answers), "answer");
        writeln!(out, "left out: {what} past the 8 that a turn takes")?;
    }
    write_conflicts(tally, out)
}

fn write_conflicts(tally: &Tally, out: &mut impl Write) -> io::Result<()> {
    let n_several = tally.several_answers;
    if n_several == 0 {
        return Ok(());
    }
    let n_conflicting = tally.conflicting.len();
    let (holds, ends) =
        if n_several == 1 { ("question", "") } else { ("questions", if n_conflicting > 0 { ":" } else { "" }) };
    let they = if n_conflicting == 1 { "1 conflicts".to_owned() } else { format!("{n_conflicting} conflict") };
    writeln!(out, "your history holds {n_several} {holds} with two answers or more; {they}{ends}")?;
    for it in tally.conflicting.iter().take(MOST_LISTED) {
        let question = clean(&it.question);
        let question: String = question.lines().next().unwrap_or_default().chars().take(QUESTION_CHARS).collect();
        let values: Vec<String> = it.values.iter().map(|value| clean(value)).collect();
        let values = if values.is_empty() { String::new() } else { format!("  {}", values.join(" ≠ ")) };
        writeln!(out, "  {} turn {}  {question}{values}", it.session, it.turn)?;
    }
    write_more(n_conflicting, MOST_LISTED, out)?;
    if let Some(first) = tally.conflicting.first().filter(|_| !tally.dry_run) {
        writeln!(out, "to look at one: dissent sessions show {} --turn {}", first.session, first.turn)?;
    }
    Ok(())
}

fn write_more(n: usize, most: usize, out: &mut impl Write) -> io::Result<()> {
    if n > most {
        writeln!(out, "  and {} more: --json has all of them", n - most)?;
    }
    Ok(())
}

fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
