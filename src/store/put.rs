//! What each thing that happens becomes in the tables.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::ids::Column;
use crate::domain::money::Usd;
use crate::domain::opinion::{Judgement, Opinion};
use crate::domain::record::Asked;
use crate::domain::verdict::Verdict;
use crate::store::error::StoreError;
use crate::store::pack::{pack, unpack};
use crate::store::sitting::Seed;
use crate::store::verdict::write_verdict;
use crate::store::words::{Spent, TurnKey, Write};
use crate::store::write::Begun;

/// The longest name that a session takes from its first question, in characters: what fits into a line of a list.
const NAME_CHARS: usize = 60;

/// Writes into one transaction.
pub(super) struct Put<'a> {
    pub(super) db: &'a Connection,
    pub(super) seed: &'a Seed,
    /// The turns that have not settled.
    pub(super) begun: &'a Begun,
}

impl Put<'_> {
    /// Writes all of it, in order; what happened to calls is gathered into one piece a turn.
    pub(super) fn all(&self, writes: &[Write]) -> Result<(), StoreError> {
        let mut lines: HashMap<TurnKey, String> = HashMap::new();
        for write in writes {
            match write {
                Write::Begin { turn, asked_at_ms, asked } => drop(self.begin(*turn, *asked_at_ms, asked)?),
                Write::Moment { turn, moment } => push_line(lines.entry(*turn).or_default(), moment),
                Write::Reading { turn, reading } => push_line(lines.entry(*turn).or_default(), reading),
                Write::Cost(spent) => self.cost(spent)?,
                Write::Settled { turn, verdict } => {
                    let lines = lines.remove(turn).unwrap_or_default();
                    self.settle(*turn, &lines, verdict)?;
                }
                Write::Opinion { turn, opinion, at_ms } => put_opinion(self.db, turn, *opinion, *at_ms)?,
                Write::Draft(text) => self.draft(text)?,
                Write::Flush { .. } => {}
            }
        }
        for (turn, lines) in lines {
            if let Some(turn) = self.turn(turn)? {
                self.piece(turn, lines.as_bytes())?;
            }
        }
        Ok(())
    }

    fn session_id(&self) -> &str {
        self.seed.id.as_deref().unwrap_or_default()
    }

    /// Returns the row of the session, which is made where there is none yet, named by `text`.
    fn session(&self, text: &str, at_ms: i64) -> Result<i64, StoreError> {
        let Seed { resume, folder, is_demo, is_chat, .. } = self.seed;
        let insert = "INSERT INTO sessions(id, name, folder, is_demo, resume, made_at, used_at, is_open)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
            ON CONFLICT(id) DO UPDATE SET used_at = max(used_at, ?6), is_open = ?7 RETURNING n";
        let values = params![self.session_id(), name(text), folder, is_demo, resume, at_ms, is_chat];
        Ok(self.db.prepare_cached(insert)?.query_row(values, |row| row.get(0))?)
    }

    /// Returns the row of a new turn; that of one which is there already as it is.
    fn begin(&self, key: TurnKey, asked_at_ms: i64, asked: &Asked) -> Result<i64, StoreError> {
        let session = self.session(&asked.question, asked_at_ms)?;
        let json = serde_json::to_vec(asked).unwrap_or_default();
        let insert = "INSERT INTO turns(id, asked_at, question, asked) VALUES (?1, ?2, ?3, ?4) RETURNING n";
        let values = params![key.simple().to_string(), asked_at_ms, &*asked.question, pack(&json)];
        let turn: i64 = self.db.prepare_cached(insert)?.query_row(values, |row| row.get(0))?;
        let place = "SELECT coalesce(max(place), 0) + 1 FROM sittings WHERE session = ?1";
        let place: i64 = self.db.prepare_cached(place)?.query_row([session], |row| row.get(0))?;
        if place == 1 {
            // It may have been named by a draft.
            let rename = "UPDATE sessions SET name = ?2 WHERE n = ?1";
            self.db.prepare_cached(rename)?.execute(params![session, name(&asked.question)])?;
        }
        let insert = "INSERT INTO sittings(session, place, turn) VALUES (?1, ?2, ?3)";
        self.db.prepare_cached(insert)?.execute([session, place, turn])?;
        let insert = "INSERT INTO texts(turn, question, answers, claims) VALUES (?1, ?2, '', '')";
        self.db.prepare_cached(insert)?.execute(params![turn, &*asked.question])?;
        Ok(turn)
    }

    /// Returns the row of a turn. One that has not settled is written anew where the file is another one by now; `None`
    /// where it was deleted.
    fn turn(&self, key: TurnKey) -> Result<Option<i64>, StoreError> {
        let find = "SELECT n FROM turns WHERE id = ?1";
        let found = self.db.prepare_cached(find)?.query_row([key.simple().to_string()], |row| row.get(0)).optional()?;
        match (found, self.begun.get(&key)) {
            (Some(turn), _) => Ok(Some(turn)),
            (None, Some((asked_at_ms, asked))) => self.begin(key, *asked_at_ms, asked).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn piece(&self, turn: i64, body: &[u8]) -> Result<(), StoreError> {
        let insert = "INSERT INTO pieces(turn, body) VALUES (?1, ?2)";
        self.db.prepare_cached(insert)?.execute(params![turn, body])?;
        Ok(())
    }

    fn cost(&self, spent: &Spent) -> Result<(), StoreError> {
        let Some(turn) = self.turn(spent.turn)? else { return Ok(()) };
        let usd = (spent.cost.known != Usd(0.0) || !spent.cost.is_partial).then_some(spent.cost.known.0);
        let insert = "INSERT INTO costs(turn, place, call, at, session, model, usd, is_guess)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT(turn, place, call) DO UPDATE SET at = ?4, model = ?6, usd = ?7, is_guess = ?8";
        let Spent { place, call, at_ms, model, cost, .. } = spent;
        let values = params![turn, place, call, at_ms, self.session_id(), model, usd, cost.is_estimated];
        self.db.prepare_cached(insert)?.execute(values)?;
        Ok(())
    }

    fn draft(&self, text: &str) -> Result<(), StoreError> {
        let change = "UPDATE sessions SET draft = ?2 WHERE id = ?1";
        let n_changed = self.db.prepare_cached(change)?.execute([self.session_id(), text])?;
        if n_changed == 0 && !text.trim().is_empty() {
            self.session(text, jiff::Timestamp::now().as_millisecond())?;
            self.db.prepare_cached(change)?.execute([self.session_id(), text])?;
        }
        Ok(())
    }

    fn settle(&self, key: TurnKey, lines: &str, verdict: &Verdict) -> Result<(), StoreError> {
        let Some(turn) = self.turn(key)? else { return Ok(()) };
        self.gather(turn, lines)?;
        write_verdict(self.db, turn, verdict)?;
        let used = "UPDATE sessions SET used_at = max(used_at, ?2) WHERE id = ?1";
        let at = jiff::Timestamp::now().as_millisecond();
        self.db.prepare_cached(used)?.execute(params![self.session_id(), at])?;
        Ok(())
    }

    /// Makes one packed piece of all that a turn has.
    fn gather(&self, turn: i64, lines: &str) -> Result<(), StoreError> {
        let mut all = pieces(self.db, turn)?;
        all.push_str(lines);
        self.db.prepare_cached("DELETE FROM pieces WHERE turn = ?1")?.execute([turn])?;
        self.piece(turn, &pack(all.as_bytes()))
    }
}

/// Writes what a person thinks of a turn, in place of what they thought before; nothing of one that is not there.
pub(super) fn put_opinion(db: &Connection, turn: &str, opinion: Opinion, at_ms: i64) -> Result<(), StoreError> {
    let gone = "DELETE FROM opinions WHERE turn = (SELECT n FROM turns WHERE id = ?1)";
    db.prepare_cached(gone)?.execute([turn])?;
    if !opinion.is_none() {
        let insert = "INSERT INTO opinions(turn, judgement, vote, at) SELECT n, ?2, ?3, ?4 FROM turns WHERE id = ?1";
        let judgement = opinion.judgement.map(Judgement::word);
        let vote = opinion.vote.map(|Column(place)| place);
        db.prepare_cached(insert)?.execute(params![turn, judgement, vote, at_ms])?;
    }
    Ok(())
}

/// Adds a line of JSON to others.
pub(super) fn push_line(lines: &mut String, line: &impl serde::Serialize) {
    // Nothing in it that JSON cannot hold.
    lines.push_str(&serde_json::to_string(line).unwrap_or_default());
    lines.push('\n');
}

/// Returns what happened in a turn, one event a line.
pub(super) fn pieces(db: &Connection, turn: i64) -> Result<String, StoreError> {
    let mut found = db.prepare_cached("SELECT body FROM pieces WHERE turn = ?1 ORDER BY n")?;
    let mut rows = found.query([turn])?;
    let mut all = String::new();
    while let Some(row) = rows.next()? {
        all.push_str(&unpack(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?));
    }
    Ok(all)
}

/// Returns the name that a session takes from its first question: the first words of its first line.
pub(super) fn name(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if line.chars().count() <= NAME_CHARS {
        return line.to_owned();
    }
    let head: String = line.chars().take(NAME_CHARS).collect();
    let cut = head.rfind(char::is_whitespace).filter(|at| *at > NAME_CHARS / 2).unwrap_or(head.len());
    format!("{}…", head.get(..cut).unwrap_or(&head).trim_end())
}
