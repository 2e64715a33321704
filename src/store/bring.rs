//! Puts sessions from elsewhere into the file; what is there already stays as it is.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::domain::opinion::Opinion;
use crate::domain::record::TurnRecord;
use crate::domain::verdict::Verdict;
use crate::store::error::StoreError;
use crate::store::pack::pack;
use crate::store::put::{name, push_line, put_opinion};
use crate::store::verdict::write_verdict;

/// Letters of a turn's id that say where it is from; those after them say what is in it.
const ORIGIN_LETTERS: usize = 16;

/// A session from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name; empty for one that its first question gives it.
    pub name: &'a str,
    /// The folder in which it was begun; empty where that is unknown.
    pub folder: &'a str,
    /// Whether the demo models answered.
    pub is_demo: bool,
    /// When it was begun, in milliseconds since 1970 (UTC).
    pub made_at_ms: i64,
    /// When it was used last.
    pub used_at_ms: i64,
}

/// A turn of it.
#[derive(Clone, Debug, PartialEq)]
pub enum GuestTurn {
    /// One that is in the file, perhaps in another session.
    There {
        /// Its id.
        id: String,
    },
    /// One that is not, with the verdict on it.
    Whole {
        /// Its id.
        id: String,
        /// What its id is good for.
        sameness: Sameness,
        /// What was asked and answered.
        record: Box<TurnRecord>,
        /// The verdict.
        verdict: Box<Verdict>,
        /// What the person thinks of it.
        opinion: Opinion,
    },
}

/// What the ids of two turns must have in common to be of the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sameness {
    /// All of it.
    Whole,
    /// Its first half, which says where it is from; the other half says what is in it.
    Origin,
}

/// How a turn from elsewhere stands to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not there.
    New,
    /// It is there, and was another: an answer has come since, or changed.
    Changed,
    /// It is there.
    There {
        /// Conflicts in it.
        n_conflicts: u32,
    },
}

/// Returns how the turn with an id stands to the file.
///
/// # Errors
/// The file cannot be read.
pub fn standing(db: &Connection, id: &str, sameness: Sameness) -> Result<Standing, StoreError> {
    let same = "SELECT n_conflicts FROM turns WHERE id = ?1";
    let same: Option<u32> = db.prepare_cached(same)?.query_row([id], |row| row.get(0)).optional()?;
    Ok(match (same, earlier(db, id, sameness)?) {
        (Some(n_conflicts), _) => Standing::There { n_conflicts },
        (None, Some(_)) => Standing::Changed,
        (None, None) => Standing::New,
    })
}

/// Returns the row of the turn from the same place that says something else.
fn earlier(db: &Connection, id: &str, sameness: Sameness) -> Result<Option<i64>, StoreError> {
    let Some(origin) = id.get(..ORIGIN_LETTERS).filter(|_| sameness == Sameness::Origin) else { return Ok(None) };
    // Past all hexadecimal letters.
    let ask = "SELECT n FROM turns WHERE id > ?1 AND id < ?1 || 'g' AND id <> ?2 LIMIT 1";
    Ok(db.prepare_cached(ask)?.query_row([origin, id], |row| row.get(0)).optional()?)
}

/// Puts a session into the file with the turns that are given: one that has changed takes the place of the earlier one, a
/// new one follows what is there. All of it, or nothing.
///
/// # Errors
/// The file cannot be written.
pub fn bring(db: &mut Connection, guest: &Guest<'_>, turns: &[GuestTurn]) -> Result<(), StoreError> {
    let question = turns.iter().find_map(|turn| match turn {
        GuestTurn::Whole { record, .. } => Some(&*record.asked.question),
        GuestTurn::There { .. } => None,
    });
    let own = if guest.name.trim().is_empty() { question.unwrap_or_default() } else { guest.name };
    let taken = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let resume = if guest.is_demo { "dissent --demo --resume" } else { "dissent --resume" };
    let insert = "INSERT INTO sessions(id, name, folder, is_demo, resume, made_at, used_at, is_open)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0) ON CONFLICT(id) DO UPDATE SET used_at = max(used_at, ?7) RETURNING n";
    let Guest { id, folder, is_demo, made_at_ms, used_at_ms, .. } = guest;
    let session: i64 = taken
        .prepare_cached(insert)?
        .query_row(params![id, name(own), folder, is_demo, resume, made_at_ms, used_at_ms], |row| row.get(0))?;
    for turn in turns {
        match turn {
            GuestTurn::There { id } => share(&taken, session, id)?,
            GuestTurn::Whole { id, sameness, record, verdict, opinion } => {
                let (place, held) = make_room(&taken, session, id, *sameness)?;
                put(&taken, (session, place), id, record, verdict)?;
                if let Some((judgement, vote, at)) = held {
                    let insert = "INSERT INTO opinions(turn, judgement, vote, at)
                        SELECT n, ?2, ?3, ?4 FROM turns WHERE id = ?1";
                    taken.prepare_cached(insert)?.execute(params![id, judgement, vote, at])?;
                } else {
                    put_opinion(&taken, id, *opinion, guest.used_at_ms)?;
                }
            }
        }
    }
    taken.commit()?;
    Ok(())
}

/// Makes a turn that is in the file one of the session, where it is not yet.
fn share(db: &Connection, session: i64, id: &str) -> Result<(), StoreError> {
    let insert = "INSERT INTO sittings(session, place, turn)
        SELECT ?1, (SELECT coalesce(max(place), 0) + 1 FROM sittings WHERE session = ?1), n FROM turns WHERE id = ?2
        AND NOT EXISTS (SELECT 1 FROM sittings i WHERE i.session = ?1 AND i.turn = turns.n)";
    db.prepare_cached(insert)?.execute(params![session, id])?;
    Ok(())
}

/// What a person thinks of a turn, as it is kept: the judgement, the vote, and when.
type Held = (Option<String>, Option<i64>, i64);

/// Returns the place of a turn in its session: that of the earlier one from the same origin, which goes, or the next; and
/// what the person thinks of the one that goes.
fn make_room(db: &Connection, session: i64, id: &str, sameness: Sameness) -> Result<(i64, Option<Held>), StoreError> {
    let mut held = None;
    if let Some(n) = earlier(db, id, sameness)? {
        let ask = "SELECT judgement, vote, at FROM opinions WHERE turn = ?1";
        held = db.prepare_cached(ask)?.query_row([n], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let ask = "SELECT place FROM sittings WHERE session = ?1 AND turn = ?2";
        let place: Option<i64> = db.prepare_cached(ask)?.query_row([session, n], |row| row.get(0)).optional()?;
        db.prepare_cached("DELETE FROM turns WHERE n = ?1")?.execute([n])?;
        if let Some(place) = place {
            return Ok((place, held));
        }
    }
    let next = "SELECT coalesce(max(place), 0) + 1 FROM sittings WHERE session = ?1";
    Ok((db.prepare_cached(next)?.query_row([session], |row| row.get(0))?, held))
}

fn put(
    db: &Connection,
    (session, place): (i64, i64),
    id: &str,
    record: &TurnRecord,
    verdict: &Verdict,
) -> Result<(), StoreError> {
    let asked = pack(&serde_json::to_vec(&record.asked).unwrap_or_default());
    let insert = "INSERT INTO turns(id, asked_at, question, asked) VALUES (?1, ?2, ?3, ?4) RETURNING n";
    let values = params![id, record.asked_at_ms, &*record.asked.question, asked];
    let n: i64 = db.prepare_cached(insert)?.query_row(values, |row| row.get(0))?;
    db.prepare_cached("INSERT INTO sittings(session, place, turn) VALUES (?1, ?2, ?3)")?
        .execute([session, place, n])?;
    let insert = "INSERT INTO texts(turn, question, answers, claims) VALUES (?1, ?2, '', '')";
    db.prepare_cached(insert)?.execute(params![n, &*record.asked.question])?;
    let mut lines = String::new();
    for moment in &record.moments {
        push_line(&mut lines, moment);
    }
    for reading in &record.readings {
        push_line(&mut lines, reading);
    }
    db.prepare_cached("INSERT INTO pieces(turn, body) VALUES (?1, ?2)")?.execute(params![n, pack(lines.as_bytes())])?;
    write_verdict(db, n, verdict)
}
