//! `dissent sessions list`: one session a line, the one used last first.

use std::io::{self, Write};

use serde::Serialize;

use crate::consensus::plain::clean;
use crate::headless::sessions::{Row, count};
use crate::store::cost::when;
use crate::store::list::SessionHead;

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    sessions: Vec<Row<'a>>,
}

/// Writes sessions for a person, in columns; nothing for none.
///
/// # Errors
/// Those of `out`.
pub fn write(heads: &[SessionHead], out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<[String; 5]> = heads.iter().map(cells).collect();
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|it| it.chars().count()).max();
    let widths: [usize; 5] = std::array::from_fn(|column| widest(column).unwrap_or(0));
    for (row, head) in rows.iter().zip(heads) {
        for (cell, width) in row.iter().zip(widths) {
            write!(out, "{cell:width$}  ")?;
        }
        writeln!(out, "{}", clean(&head.name))?;
    }
    Ok(())
}

/// Writes sessions as one JSON document.
///
/// # Errors
/// Those of `out`.
pub fn write_json(heads: &[SessionHead], out: &mut impl Write) -> io::Result<()> {
    let document = Document { schema: "dissent.sessions/1", sessions: heads.iter().map(Row::from).collect() };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

/// Id, when it was used, turns, cost, and what a person should look at.
fn cells(head: &SessionHead) -> [String; 5] {
    let cost = if head.is_demo { "demo".to_owned() } else { head.cost.to_string() };
    [head.short.clone(), when(head.used_at_ms), count(head.n_turns, "turn"), cost, worst(head)]
}

/// The worst that is known of a session, such as `1 flagged`, `3 conflicts`; nothing where all is well.
pub(super) fn worst(head: &SessionHead) -> String {
    match (head.n_flagged, head.n_conflicts) {
        (0, 0) => String::new(),
        (0, n_conflicts) => count(n_conflicts, "conflict"),
        (n_flagged, _) => format!("{n_flagged} flagged"),
    }
}
