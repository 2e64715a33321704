//! Which sessions there are, and what was asked in them.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::cost::Cost;
use crate::domain::money::Usd;
use crate::domain::verdict::Band;
use crate::store::Store;
use crate::store::error::StoreError;

pub use crate::store::sitting::new_id;

/// Questions that the history of the composer knows.
const MOST_QUESTIONS: u32 = 1_000;
/// The fewest letters of a short id.
const LEAST_LETTERS: usize = 4;

/// What a list says of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionHead {
    /// Its row.
    pub(super) n: i64,
    /// Its id.
    pub id: String,
    /// The least of its id that tells it apart, four letters or more.
    pub short: String,
    /// Its name; of a person or of a first question: to be cleaned before it is shown.
    pub name: String,
    /// The folder in which it was begun.
    pub folder: String,
    /// Whether the demo models answered.
    pub is_demo: bool,
    /// The command line that goes on with it, up to its id.
    pub resume: String,
    /// When it was begun, in milliseconds since 1970 (UTC).
    pub made_at_ms: i64,
    /// When it was used last.
    pub used_at_ms: i64,
    /// Turns.
    pub n_turns: u32,
    /// What it has cost; nothing for the demo.
    pub cost: Cost,
    /// Conflicts in all its turns.
    pub n_conflicts: u32,
    /// Turns that a person should look at.
    pub n_flagged: u32,
    /// What stood in the composer at its end.
    pub draft: String,
    /// Whether it stands before the others.
    pub is_pinned: bool,
    /// The least of its turns' bands; `None` where none has one.
    pub worst: Option<Band>,
}

const HEADS: &str = "SELECT s.n, s.id, s.name, s.folder, s.is_demo, s.resume, s.made_at, s.used_at, s.draft,
    (SELECT count(*) FROM sittings i WHERE i.session = s.n),
    (SELECT total(t.n_conflicts) FROM sittings i JOIN turns t ON t.n = i.turn WHERE i.session = s.n),
    (SELECT total(t.is_flagged) FROM sittings i JOIN turns t ON t.n = i.turn WHERE i.session = s.n),
    (SELECT total(c.usd) FROM sittings i JOIN costs c ON c.turn = i.turn WHERE i.session = s.n),
    (SELECT total(c.is_guess) FROM sittings i JOIN costs c ON c.turn = i.turn WHERE i.session = s.n),
    (SELECT total(c.usd IS NULL) FROM sittings i JOIN costs c ON c.turn = i.turn WHERE i.session = s.n),
    s.is_pinned,
    (SELECT min(CASE t.band WHEN 'split' THEN 0 WHEN 'unsure' THEN 1 WHEN 'likely' THEN 2 WHEN 'settled' THEN 3 END)
        FROM sittings i JOIN turns t ON t.n = i.turn WHERE i.session = s.n)
    FROM sessions s";

/// A session can be named unless it is deleted, or nothing but figures is left of it.
const REACHED: &str = "s.deleted_by IS NULL AND (NOT EXISTS (SELECT 1 FROM sittings i WHERE i.session = s.n)
    OR EXISTS (SELECT 1 FROM sittings i JOIN turns t ON t.n = i.turn WHERE i.session = s.n AND t.has_text))";

/// The bands in the order in which the list ranks them.
const BANDS: [Band; 4] = [Band::Split, Band::Unsure, Band::Likely, Band::Settled];

fn head(row: &Row<'_>) -> rusqlite::Result<SessionHead> {
    let id: String = row.get(1)?;
    let (n_guesses, n_unknown): (f64, f64) = (row.get(13)?, row.get(14)?);
    Ok(SessionHead {
        n: row.get(0)?,
        short: id.clone(),
        id,
        name: row.get(2)?,
        folder: row.get(3)?,
        is_demo: row.get(4)?,
        resume: row.get(5)?,
        made_at_ms: row.get(6)?,
        used_at_ms: row.get(7)?,
        draft: row.get(8)?,
        n_turns: row.get(9)?,
        n_conflicts: row.get::<_, f64>(10)? as u32,
        n_flagged: row.get::<_, f64>(11)? as u32,
        is_pinned: row.get(15)?,
        worst: row.get::<_, Option<u8>>(16)?.and_then(|rank| BANDS.get(usize::from(rank)).copied()),
        cost: Cost { known: Usd(row.get(12)?), is_estimated: n_guesses > 0.0, is_partial: n_unknown > 0.0 },
    })
}

/// Returns the sessions that have a turn, the one used last first, at most `limit`.
///
/// # Errors
/// The file cannot be read.
pub fn sessions(db: &Connection, limit: usize) -> Result<Vec<SessionHead>, StoreError> {
    let ask = format!(
        "{HEADS} WHERE s.deleted_by IS NULL
            AND EXISTS (SELECT 1 FROM sittings i JOIN turns t ON t.n = i.turn WHERE i.session = s.n AND t.has_text)
            ORDER BY s.used_at DESC LIMIT ?1"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let heads: rusqlite::Result<Vec<_>> = db.prepare_cached(&ask)?.query_map([limit], head)?.collect();
    heads?.into_iter().map(|head| shorten(db, head)).collect()
}

/// Returns the sessions of some rows, in their order.
///
/// # Errors
/// The file cannot be read.
pub(super) fn heads_of(db: &Connection, rows: &[i64]) -> Result<Vec<SessionHead>, StoreError> {
    let mut ask = db.prepare_cached(&format!("{HEADS} WHERE s.n = ?1"))?;
    let heads: rusqlite::Result<Vec<Option<SessionHead>>> =
        rows.iter().map(|n| ask.query_row([n], head).optional()).collect();
    heads?.into_iter().flatten().map(|head| shorten(db, head)).collect()
}

/// Returns the sessions that were not used since a moment, in milliseconds since 1970 (UTC), the one used last first.
///
/// # Errors
/// The file cannot be read.
pub fn unused_since(db: &Connection, since_ms: i64) -> Result<Vec<SessionHead>, StoreError> {
    let ask = format!("{HEADS} WHERE s.deleted_by IS NULL AND s.used_at < ?1 ORDER BY s.used_at DESC");
    let heads: rusqlite::Result<Vec<_>> = db.prepare_cached(&ask)?.query_map([since_ms], head)?.collect();
    heads?.into_iter().map(|head| shorten(db, head)).collect()
}

/// Returns the session that `typed` means: `last`, the first letters of an id, or a whole name.
///
/// # Errors
/// There is none, or more than one; says what to do.
pub fn find(db: &Connection, typed: &str) -> Result<SessionHead, StoreError> {
    if typed == "last" {
        let none = || StoreError::NotFound("no session is kept yet".to_owned());
        return sessions(db, 1)?.into_iter().next().ok_or_else(none);
    }
    let letters = typed.to_ascii_lowercase();
    let is_id = !letters.is_empty() && letters.len() <= 32 && letters.bytes().all(|it| it.is_ascii_hexdigit());
    let ask = format!("{HEADS} WHERE s.id >= ?1 AND s.id < ?1 || 'g' AND {REACHED} ORDER BY s.id LIMIT 3");
    let mut found: Vec<SessionHead> = Vec::new();
    if is_id {
        let fits: rusqlite::Result<Vec<_>> = db.prepare_cached(&ask)?.query_map([letters], head)?.collect();
        found = fits?;
    }
    if found.is_empty() {
        let ask = format!("{HEADS} WHERE s.name = ?1 COLLATE NOCASE AND {REACHED} ORDER BY s.used_at DESC LIMIT 3");
        let fits: rusqlite::Result<Vec<_>> = db.prepare_cached(&ask)?.query_map([typed.trim()], head)?.collect();
        found = fits?;
    }
    match (found.pop(), found.as_slice()) {
        (None, _) => {
            let what = format!("no session begins with `{typed}` or is called that");
            Err(StoreError::NotFound(format!("{what}: `dissent sessions list` shows them")))
        }
        (Some(one), []) => shorten(db, one),
        (Some(one), others) => {
            let mut ids = Vec::new();
            for other in others.iter().cloned().chain([one]) {
                ids.push(shorten(db, other)?.short);
            }
            let ids = ids.join(", ");
            Err(StoreError::NotFound(format!("more than one session begins with `{typed}` or is called that: {ids}")))
        }
    }
}

/// Finds the least of the id that tells it apart: the ids before and after it in order are the most alike.
fn shorten(db: &Connection, head: SessionHead) -> Result<SessionHead, StoreError> {
    let short = short_of(db, &head.id)?;
    Ok(SessionHead { short, ..head })
}

/// Returns the least of an id that tells it apart.
///
/// # Errors
/// The file cannot be read.
pub fn short_of(db: &Connection, id: &str) -> Result<String, StoreError> {
    let beside = ["SELECT max(id) FROM sessions WHERE id < ?1", "SELECT min(id) FROM sessions WHERE id > ?1"];
    let mut n_letters = LEAST_LETTERS;
    for ask in beside {
        let other: Option<String> = db.prepare_cached(ask)?.query_row([id], |row| row.get(0))?;
        let n_alike = other.map_or(0, |other| id.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count());
        n_letters = n_letters.max(n_alike + 1);
    }
    Ok(id.get(..n_letters).unwrap_or(id).to_owned())
}

/// Returns what was asked in all sessions, oldest first, each once: the newest thousand.
pub(super) fn questions(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut ask = db.prepare_cached(
        "SELECT question FROM turns t WHERE t.has_text AND EXISTS (SELECT 1 FROM sittings i JOIN sessions s ON s.n = i.session
            WHERE i.turn = t.n AND s.deleted_by IS NULL) ORDER BY n DESC LIMIT ?1",
    )?;
    let found: rusqlite::Result<Vec<String>> = ask.query_map([MOST_QUESTIONS], |row| row.get(0))?.collect();
    let mut seen = std::collections::HashSet::new();
    let mut found: Vec<String> = found?.into_iter().filter(|question| seen.insert(question.clone())).collect();
    found.reverse();
    Ok(found)
}

/// Returns the newest session that was broken off, and forgets of all of them that they were: each is offered once.
pub(super) fn broken_off(db: &Connection, store: &Store, own: &str) -> Result<Option<(String, String)>, StoreError> {
    let mut ask = db.prepare_cached(
        "SELECT id, name FROM sessions WHERE is_open AND id <> ?1 AND deleted_by IS NULL ORDER BY used_at DESC",
    )?;
    let open: rusqlite::Result<Vec<(String, String)>> =
        ask.query_map([own], |row| Ok((row.get(0)?, row.get(1)?)))?.collect();
    let mut newest = None;
    for (id, name) in open? {
        if store.take(&id)?.is_none() {
            // Another program has it.
            continue;
        }
        store.let_go(&id);
        db.prepare_cached("UPDATE sessions SET is_open = 0 WHERE id = ?1")?.execute([&id])?;
        if newest.is_none() {
            newest = Some((short_of(db, &id)?, name));
        }
    }
    Ok(newest)
}

/// Returns whether a session has turns.
pub(super) fn has_turns(db: &Connection, id: &str) -> Result<bool, StoreError> {
    let ask = "SELECT 1 FROM sessions s JOIN sittings i ON i.session = s.n WHERE s.id = ?1 LIMIT 1";
    Ok(db.prepare_cached(ask)?.query_row([id], |_| Ok(())).optional()?.is_some())
}

/// Ends a session; one in which nothing was asked is forgotten. Returns whether it is kept.
pub(super) fn end(db: &Connection, id: &str) -> Result<bool, StoreError> {
    let is_kept = has_turns(db, id)?;
    let change =
        if is_kept { "UPDATE sessions SET is_open = 0 WHERE id = ?1" } else { "DELETE FROM sessions WHERE id = ?1" };
    db.prepare_cached(change)?.execute(params![id])?;
    Ok(is_kept)
}
