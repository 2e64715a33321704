//! What was changed by `dissent sessions rm`, `rename` and `fork`, in words.

use std::io::{self, Write};

use serde::Serialize;

use crate::consensus::plain::clean;
use crate::headless::sessions::{Row, count};
use crate::store::list::SessionHead;

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    session: Row<'a>,
}

/// Writes which sessions are deleted, or would be.
///
/// # Errors
/// Those of `out`.
pub fn write_deleted(heads: &[SessionHead], is_dry: bool, out: &mut impl Write) -> io::Result<()> {
    let verb = if is_dry { "would delete" } else { "deleted" };
    for head in heads {
        writeln!(out, "{verb} {}, {}: {}", head.short, count(head.n_turns, "turn"), clean(&head.name))?;
    }
    if heads.is_empty() {
        writeln!(out, "nothing is that old")?;
    }
    Ok(())
}

/// Writes that a session has another name.
///
/// # Errors
/// Those of `out`.
pub fn write_renamed(head: &SessionHead, name: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} is called: {}", head.short, clean(name))
}

/// Writes which session was made of another, and how to go on with it.
///
/// # Errors
/// Those of `out`.
pub fn write_forked(from: &SessionHead, made: &SessionHead, is_json: bool, out: &mut impl Write) -> io::Result<()> {
    if is_json {
        serde_json::to_writer(&mut *out, &Document { schema: "dissent.fork/1", session: made.into() })?;
        return writeln!(out);
    }
    let turns = count(made.n_turns, "turn");
    writeln!(
        out,
        "{} has the first {turns} of {}; to go on with it: {} {}",
        made.short,
        from.short,
        clean(&made.resume),
        made.short
    )
}
