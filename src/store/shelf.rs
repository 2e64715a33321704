//! What a person picks a session from: the pinned ones first, then those used last, narrowed by what is typed.

use rusqlite::{Connection, params};

use crate::store::error::StoreError;
use crate::store::list::{SessionHead, heads_of};

/// Says how well a text fits what is typed, more being better; `None` where it does not.
pub type Fits<'a> = dyn Fn(&str) -> Option<i32> + 'a;

/// Returns at most `limit` sessions. With `fits`, which says how well a text fits what is typed, the best ones come first;
/// it is given the name, folder and id of each.
///
/// # Errors
/// The file cannot be read.
pub fn shelf(db: &Connection, fits: Option<&Fits<'_>>, limit: usize) -> Result<Vec<SessionHead>, StoreError> {
    let mut rows = match fits {
        Some(fits) => fitting(db, fits)?,
        None => newest(db, limit)?,
    };
    rows.truncate(limit);
    heads_of(db, &rows)
}

/// Returns the rows of the pinned sessions, then of the others, each with the one used last first.
fn newest(db: &Connection, limit: usize) -> Result<Vec<i64>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    for is_pinned in ["is_pinned", "NOT is_pinned"] {
        let ask = format!(
            "SELECT n FROM sessions s WHERE {is_pinned} AND deleted_by IS NULL
                AND EXISTS (SELECT 1 FROM sittings i JOIN turns t ON t.n = i.turn WHERE i.session = s.n AND t.has_text)
                ORDER BY used_at DESC LIMIT ?1"
        );
        let mut ask = db.prepare_cached(&ask)?;
        let rows: rusqlite::Result<Vec<i64>> = ask.query_map(params![limit], |row| row.get(0))?.collect();
        found.extend(rows?);
    }
    Ok(found)
}

/// Returns the rows of all sessions that fit, the best first; of equals a pinned one, then the one used last.
fn fitting(db: &Connection, fits: &Fits<'_>) -> Result<Vec<i64>, StoreError> {
    let mut ask = db.prepare_cached(
        "SELECT n, name, folder, id, is_pinned, used_at FROM sessions s WHERE deleted_by IS NULL
            AND EXISTS (SELECT 1 FROM sittings i JOIN turns t ON t.n = i.turn WHERE i.session = s.n AND t.has_text)",
    )?;
    let mut rows = ask.query([])?;
    let mut found: Vec<((i32, bool, i64), i64)> = Vec::new();
    while let Some(row) = rows.next()? {
        let [name, folder, id] = [row.get::<_, String>(1)?, row.get(2)?, row.get(3)?];
        if let Some(score) = fits(&format!("{name} {folder} {id}")) {
            found.push(((score, row.get(4)?, row.get(5)?), row.get(0)?));
        }
    }
    found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    Ok(found.into_iter().map(|(_, n)| n).collect())
}
