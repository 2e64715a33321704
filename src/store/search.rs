//! Finds words in all that was asked and answered.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use crate::store::error::StoreError;
use crate::store::list::short_of;

/// Stand around a word that was found, in a [`Find`]'s context: no text has them, as they are no characters.
pub const MARKS: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// One turn in which words were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// The session's id.
    pub session: String,
    /// The least of it that tells it apart.
    pub short: String,
    /// The session's name.
    pub name: String,
    /// The place of the turn in its session, from 1.
    pub place: u32,
    /// When it was asked, in milliseconds since 1970 (UTC).
    pub asked_at_ms: i64,
    /// What was asked.
    pub question: String,
    /// Where the words stand, with what is around them; what was found stands between [`MARKS`].
    pub context: String,
}

/// Returns the turns in which all of the words stand, at most `limit`: those whose question has them first, each in the
/// order of how well they fit. Accents and case do not matter, and the last word may be unfinished.
///
/// # Errors
/// The file cannot be read.
pub fn search(db: &Connection, typed: &str, limit: usize) -> Result<Vec<Find>, StoreError> {
    let Some(words) = words(typed) else { return Ok(Vec::new()) };
    let mut found: Vec<Find> = Vec::new();
    let mut seen = HashSet::new();
    for columns in ["question", "{answers claims}"] {
        let missing = limit.saturating_sub(found.len());
        if missing == 0 {
            break;
        }
        let column = if columns == "question" { 0 } else { -1 };
        // The ranking is done before anything is joined: only what is shown is looked at as a whole.
        let mut ask = db.prepare_cached(
            "WITH hits AS MATERIALIZED (
                SELECT rowid AS turn, snippet(found, ?3, ?4, ?5, '…', 14) AS context, rank FROM found
                WHERE found MATCH ?1 ORDER BY rank LIMIT ?2)
            SELECT h.turn, s.id, s.name, i.place, t.asked_at, t.question, h.context
            FROM hits h JOIN turns t ON t.n = h.turn JOIN sittings i ON i.turn = t.n JOIN sessions s ON s.n = i.session
            WHERE s.deleted_by IS NULL
            ORDER BY h.rank, s.n",
        )?;
        let [before, after] = MARKS.map(String::from);
        let limit = i64::try_from(missing + seen.len()).unwrap_or(i64::MAX);
        let mut rows = ask.query(params![format!("{columns} : ({words})"), limit, column, before, after])?;
        while let Some(row) = rows.next()? {
            // A turn that several sessions share is shown in the one that asked it first.
            if seen.insert(row.get::<_, i64>(0)?) && found.len() < limit as usize {
                let session: String = row.get(1)?;
                found.push(Find {
                    short: short_of(db, &session)?,
                    session,
                    name: row.get(2)?,
                    place: row.get(3)?,
                    asked_at_ms: row.get(4)?,
                    question: row.get(5)?,
                    context: row.get(6)?,
                });
            }
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// Returns what was typed in the words of the index: each in quotes, so that no sign in it is an operator.
fn words(typed: &str) -> Option<String> {
    let words: Vec<String> =
        typed.split_whitespace().map(|word| format!("\"{}\"", word.replace('"', "\"\"").replace('\0', ""))).collect();
    (!words.is_empty()).then(|| format!("{}*", words.join(" ")))
}
