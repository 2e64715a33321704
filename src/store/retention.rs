//! Text that a person wants kept for a time only: it goes from the file, and what it cost and what was thought of it stays.

use std::fs;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::Value;

use crate::store::error::StoreError;
use crate::store::pack::{pack, unpack};
use crate::store::{FILE_NAME, Store};

/// Turns that one transaction takes the text from: others that write wait no longer than for these.
const AT_ONCE: u32 = 100;

/// What stays of a verdict: figures, and words of a closed list; nothing of a question or an answer.
const STAYS: [&str; 14] = [
    "schema",
    "id",
    "created_at",
    "kind",
    "confidence",
    "band",
    "agreement",
    "flagged",
    "answered",
    "asked",
    "effective_votes",
    "cost_usd",
    "elapsed_ms",
    "demo",
];

/// Takes question and answers from every turn whose sessions were all not used since a moment, in milliseconds since 1970
/// (UTC), unless one of them is pinned. Returns how many turns have lost their text.
///
/// # Errors
/// The file cannot be written; what was done until then stays done.
pub fn forget_texts(db: &mut Connection, since_ms: i64) -> Result<usize, StoreError> {
    let mut n_gone = 0;
    loop {
        let n_now = forget_some(db, since_ms)?;
        if n_now == 0 {
            break;
        }
        n_gone += n_now;
    }
    if n_gone > 0 {
        // The log still holds the pages as they were.
        db.query_row("PRAGMA wal_checkpoint(truncate)", [], |_| Ok(()))?;
    }
    Ok(n_gone)
}

fn forget_some(db: &mut Connection, since_ms: i64) -> Result<usize, StoreError> {
    let taken = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let turns: rusqlite::Result<Vec<(i64, Option<Vec<u8>>)>> = taken
        .prepare_cached(
            "SELECT t.n, t.verdict FROM turns t WHERE t.has_text AND t.asked_at < ?1 AND NOT EXISTS
                (SELECT 1 FROM sittings i JOIN sessions s ON s.n = i.session
                    WHERE i.turn = t.n AND (s.used_at >= ?1 OR s.is_pinned))
                LIMIT ?2",
        )?
        .query_map(params![since_ms, AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect();
    let turns = turns?;
    for (turn, verdict) in &turns {
        for gone in [
            "DELETE FROM pieces WHERE turn = ?1",
            "DELETE FROM texts WHERE turn = ?1",
            "DELETE FROM claims WHERE turn = ?1",
        ] {
            taken.prepare_cached(gone)?.execute([turn])?;
        }
        let figures = verdict.as_deref().map(figures);
        let change = "UPDATE turns SET question = '', asked = x'', verdict = ?2, has_text = 0 WHERE n = ?1";
        taken.prepare_cached(change)?.execute(params![turn, figures])?;
        let names = "UPDATE sessions SET name = '', folder = '', draft = '' WHERE used_at < ?2 AND n IN
            (SELECT session FROM sittings WHERE turn = ?1) AND NOT EXISTS
            (SELECT 1 FROM sittings i JOIN turns t ON t.n = i.turn WHERE i.session = sessions.n AND t.has_text)";
        taken.prepare_cached(names)?.execute(params![turn, since_ms])?;
    }
    taken.commit()?;
    Ok(turns.len())
}

/// Returns what stays of a verdict.
fn figures(verdict: &[u8]) -> Vec<u8> {
    let all: Value = serde_json::from_str(&unpack(verdict)).unwrap_or_default();
    let stays: serde_json::Map<String, Value> =
        STAYS.iter().filter_map(|key| Some(((*key).to_owned(), all.get(key)?.clone()))).collect();
    pack(Value::Object(stays).to_string().as_bytes())
}

/// Removes the copies that were made before changes of the tables, once they are older than text is kept.
pub(super) fn forget_copies(store: &Store, age: Duration) {
    let folder = store.path();
    let Some(entries) = folder.parent().and_then(|folder| fs::read_dir(folder).ok()) else { return };
    let copy = format!("{FILE_NAME}.of-version-");
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(&copy)) {
        let made = entry.metadata().and_then(|about| about.modified());
        let made = made.ok().and_then(|made| jiff::Timestamp::try_from(made).ok());
        let is_old = made.is_some_and(|made| {
            Duration::try_from(jiff::Timestamp::now().duration_since(made)).is_ok_and(|old| old > age)
        });
        if is_old {
            // One that stays is looked at again by the next start.
            let _ = fs::remove_file(entry.path());
        }
    }
}
