//! Changes to sessions that are kept: names, forks, deletion, copies, and a look at whether all is well.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, params};

use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::list::SessionHead;

/// Gives a session another name.
///
/// # Errors
/// The file cannot be written.
pub fn rename(db: &Connection, session: &SessionHead, name: &str) -> Result<(), StoreError> {
    db.execute("UPDATE sessions SET name = ?2 WHERE n = ?1", params![session.n, name])?;
    Ok(())
}

/// Has a session stand before the others, or no more.
///
/// # Errors
/// The file cannot be written.
pub fn pin(db: &Connection, session: &SessionHead, is_pinned: bool) -> Result<(), StoreError> {
    db.execute("UPDATE sessions SET is_pinned = ?2 WHERE n = ?1", params![session.n, is_pinned])?;
    Ok(())
}

/// Has a session out of sight until the run `by` ends, which deletes it for good; with `None` it is back.
///
/// # Errors
/// The file cannot be written.
pub fn set_deleted(db: &Connection, session: &SessionHead, by: Option<&str>) -> Result<(), StoreError> {
    db.execute("UPDATE sessions SET deleted_by = ?2 WHERE n = ?1", params![session.n, by])?;
    Ok(())
}

/// Deletes for good what the run `by` has deleted. Returns how many turns are gone.
///
/// # Errors
/// The file cannot be written; then nothing is deleted.
pub fn bury(db: &mut Connection, by: &str) -> Result<usize, StoreError> {
    let rows: rusqlite::Result<Vec<i64>> =
        db.prepare("SELECT n FROM sessions WHERE deleted_by = ?1")?.query_map([by], |row| row.get(0))?.collect();
    remove_rows(db, &rows?)
}

/// Deletes for good what runs have deleted that are over, and could not do it themselves.
///
/// # Errors
/// The file cannot be written.
pub(super) fn bury_all(db: &mut Connection, store: &Store) -> Result<(), StoreError> {
    let runs: rusqlite::Result<Vec<String>> = db
        .prepare("SELECT DISTINCT deleted_by FROM sessions WHERE deleted_by IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect();
    for run in runs? {
        if store.take(&run)?.is_some() {
            bury(db, &run)?;
            store.let_go(&run);
        }
    }
    Ok(())
}

/// Deletes sessions, and the turns that no other session shares: their texts are written over in the file. What they have
/// cost stays. Returns how many turns are gone.
///
/// # Errors
/// The file cannot be written; then nothing is deleted.
pub fn remove(db: &mut Connection, sessions: &[SessionHead]) -> Result<usize, StoreError> {
    let rows: Vec<i64> = sessions.iter().map(|session| session.n).collect();
    remove_rows(db, &rows)
}

fn remove_rows(db: &mut Connection, sessions: &[i64]) -> Result<usize, StoreError> {
    if sessions.is_empty() {
        return Ok(0);
    }
    let taken = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut n_gone = 0;
    for session in sessions {
        let turns: rusqlite::Result<Vec<i64>> = taken
            .prepare_cached("SELECT turn FROM sittings WHERE session = ?1")?
            .query_map([session], |row| row.get(0))?
            .collect();
        taken.execute("DELETE FROM sessions WHERE n = ?1", [session])?;
        for turn in turns? {
            let gone = "DELETE FROM turns WHERE n = ?1 AND NOT EXISTS (SELECT 1 FROM sittings WHERE turn = ?1)";
            n_gone += taken.prepare_cached(gone)?.execute([turn])?;
        }
    }
    taken.commit()?;
    // The log still holds the pages as they were.
    db.query_row("PRAGMA wal_checkpoint(truncate)", [], |_| Ok(()))?;
    Ok(n_gone)
}

/// Makes a session of the first `n_turns` turns of another, which they share from then on. Returns its id.
///
/// # Errors
/// The file cannot be written.
pub fn fork(db: &mut Connection, from: &SessionHead, n_turns: u32) -> Result<String, StoreError> {
    let id = super::sitting::new_id();
    let now = jiff::Timestamp::now().as_millisecond();
    let taken = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    taken.execute(
        "INSERT INTO sessions(id, name, folder, is_demo, resume, made_at, used_at, forked_from, is_open)
            SELECT ?2, name, folder, is_demo, resume, ?3, ?3, id, 0 FROM sessions WHERE n = ?1",
        params![from.n, id, now],
    )?;
    let made = taken.last_insert_rowid();
    taken.execute(
        "INSERT INTO sittings(session, place, turn) SELECT ?2, place, turn FROM sittings WHERE session = ?1 AND place <= ?3",
        params![from.n, made, n_turns],
    )?;
    taken.commit()?;
    Ok(id)
}

/// Looks at every page, index and reference of the file; returns what is wrong with it, nothing where all is well.
///
/// # Errors
/// The file cannot be read.
pub fn verify(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut wrong = Vec::new();
    let mut check = db.prepare("PRAGMA integrity_check")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let said: String = row.get(0)?;
        if said != "ok" {
            wrong.push(said);
        }
    }
    let mut check = db.prepare("PRAGMA foreign_key_check")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        wrong.push(format!("a row of {} belongs to nothing", row.get::<_, String>(0)?));
    }
    if let Err(error) = db.execute("INSERT INTO found(found, rank) VALUES ('integrity-check', 1)", []) {
        wrong.push(format!("what can be searched is not what is kept: {error}"));
    }
    Ok(wrong)
}

/// Copies everything to a new file while others may go on writing.
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn backup(db: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(to)?;
    db.backup(rusqlite::MAIN_DB, to, None::<fn(rusqlite::backup::Progress)>)?;
    Ok(())
}
