//! The one thread that writes: takes in what happens, and has it in the file a moment later, in batches.
//!
//! What is lost first | look at
//! --- | ---
//! the last words of a killed program | `BATCH`: how long a batch is gathered
//! a turn after a power cut | a batch with a verdict is the only one that waits for the disk (`synchronous = full`)
//! everything, on a disk that stays full | `MOST_WAITING`: how much waits in memory

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};

use crate::domain::cost::Cost;
use crate::domain::record::Asked;
use crate::edge::clock::now;
use crate::store::Store;
use crate::store::cost::spent_today;
use crate::store::error::StoreError;
use crate::store::put::Put;
use crate::store::sitting::{News, Seed};
use crate::store::words::{TurnKey, Write};
use crate::store::{edit, list, retention};

/// How long a batch is gathered: a quarter of a second is promised, and the rest is for the disk.
const BATCH: Duration = Duration::from_millis(100);
/// How long a file that could not be written is left alone.
const AGAIN: Duration = Duration::from_secs(2);
/// The most that waits in memory for a file that cannot be written: about two hours of five fast models.
const MOST_WAITING: usize = 1 << 20;

/// A turn that has not settled: all that is needed to write it into another file.
pub(super) type Begun = HashMap<TurnKey, (i64, Box<Asked>)>;

/// How the file is.
#[derive(Debug)]
enum Health {
    /// It has not been opened yet, or is written.
    Fine,
    /// It cannot be written; the person was told. Tried again at the moment.
    Ailing(Instant),
    /// It is of a newer program: left alone for good.
    Foreign,
}

/// What is to be done with what was gathered, besides writing it.
enum Gathered {
    /// Nothing.
    Batch,
    /// Nobody is left who could tell more.
    Last,
    /// Somebody waits for it.
    Asked { done: Sender<Option<String>>, is_end: bool },
}

/// The thread's state.
pub(super) struct Writer {
    store: Store,
    seed: Seed,
    tell: Box<dyn Fn(News) + Send>,
    db: Option<Connection>,
    health: Health,
    waiting: Vec<Write>,
    begun: Begun,
    elsewhere: Option<Cost>,
    /// Tells other programs that this one has the sitting; kept for as long as it lasts.
    mark: Option<File>,
    has_greeted: bool,
    /// When this run went on with the sitting, in milliseconds since 1970 (UTC).
    begun_at_ms: i64,
}

impl Writer {
    pub(super) fn new(store: Store, seed: Seed, tell: Box<dyn Fn(News) + Send>) -> Self {
        Self {
            store,
            seed,
            tell,
            db: None,
            health: Health::Fine,
            waiting: Vec::new(),
            begun: Begun::new(),
            elsewhere: None,
            mark: None,
            has_greeted: false,
            begun_at_ms: jiff::Timestamp::now().as_millisecond(),
        }
    }

    /// Writes until the sitting is over, or nobody is left who could tell anything.
    pub(super) fn run(mut self, inbox: &Receiver<Write>) {
        self.write();
        loop {
            let gathered = self.gather(inbox);
            self.write();
            match gathered {
                Gathered::Batch => {}
                Gathered::Last => return,
                Gathered::Asked { done, is_end } => {
                    let kept = self.finish(is_end).filter(|_| self.waiting.is_empty());
                    // Who asked may have left.
                    let _ = done.send(kept);
                    if is_end {
                        return;
                    }
                }
            }
        }
    }

    /// Takes in what comes within the time of a batch; returns what is to be done then.
    fn gather(&mut self, inbox: &Receiver<Write>) -> Gathered {
        let mut next = if self.waiting.is_empty() {
            inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            inbox.recv_timeout(AGAIN)
        };
        let until = now() + BATCH;
        loop {
            match next {
                Ok(Write::Flush { done, is_end }) => return Gathered::Asked { done, is_end },
                Ok(write) => self.take(write),
                Err(RecvTimeoutError::Timeout) => return Gathered::Batch,
                Err(RecvTimeoutError::Disconnected) => return Gathered::Last,
            }
            next = inbox.recv_timeout(until.saturating_duration_since(now()));
        }
    }

    fn take(&mut self, write: Write) {
        match (&write, &self.health) {
            (_, Health::Foreign) => return,
            (Write::Begin { turn, asked_at_ms, asked }, _) => {
                self.begun.insert(*turn, (*asked_at_ms, asked.clone()));
            }
            // Only the last draft counts.
            (Write::Draft(_), _) => self.waiting.retain(|it| !matches!(it, Write::Draft(_))),
            (
                Write::Moment { .. }
                | Write::Reading { .. }
                | Write::Cost(_)
                | Write::Settled { .. }
                | Write::Opinion { .. }
                | Write::Flush { .. },
                _,
            ) => {}
        }
        self.waiting.push(write);
        if self.waiting.len() > MOST_WAITING {
            self.waiting.clear();
            self.notice("the history could not be written for too long: what waited for it is not kept".to_owned());
        }
    }

    /// Writes what waits, where the file can be written.
    fn write(&mut self) {
        match self.health {
            Health::Foreign => return,
            Health::Ailing(until) if now() < until => return,
            Health::Ailing(_) | Health::Fine => {}
        }
        let mut written = self.try_to_write();
        if matches!(written, Err(StoreError::Broken(_))) {
            // Opened anew, it is set aside.
            self.db = None;
            written = self.try_to_write();
        }
        match written {
            Ok(()) => {
                if matches!(self.health, Health::Ailing(_)) {
                    (self.tell)(News::NotKept(None));
                    self.notice("the history is written again; nothing is missing".to_owned());
                }
                self.health = Health::Fine;
            }
            Err(error) => {
                self.db = None;
                self.ail(&error);
            }
        }
    }

    fn try_to_write(&mut self) -> Result<(), StoreError> {
        if self.db.is_none() {
            let (db, aside) = self.store.open_or_replace()?;
            self.db = Some(db);
            if let Some(aside) = aside {
                self.notice(set_aside(&aside));
            }
        }
        if self.seed.is_chat && self.mark.is_none() {
            self.mark = self.store.take(self.seed.id.as_deref().unwrap_or_default())?;
        }
        self.put()?;
        self.greet()?;
        self.forget()?;
        self.count()
    }

    /// Writes all that waits, or nothing.
    fn put(&mut self) -> Result<(), StoreError> {
        let Some(db) = self.db.as_mut().filter(|_| !self.waiting.is_empty()) else { return Ok(()) };
        let is_turn_over = self.waiting.iter().any(|write| matches!(write, Write::Settled { .. }));
        db.pragma_update(None, "synchronous", if is_turn_over { "full" } else { "normal" })?;
        let taken = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Put { db: &taken, seed: &self.seed, begun: &self.begun }.all(&self.waiting)?;
        taken.commit()?;
        for write in self.waiting.drain(..) {
            if let Write::Settled { turn, .. } = write {
                self.begun.remove(&turn);
            }
        }
        Ok(())
    }

    /// Tells who sits down what there is from before.
    fn greet(&mut self) -> Result<(), StoreError> {
        let Some(db) = self.db.as_mut().filter(|_| self.seed.greets && !self.has_greeted) else { return Ok(()) };
        self.has_greeted = true;
        edit::bury_all(db, &self.store)?;
        (self.tell)(News::Questions(list::questions(db)?));
        let own = self.seed.id.as_deref().unwrap_or_default();
        if let Some((id, name)) = list::broken_off(db, &self.store, own)? {
            (self.tell)(News::BrokenOff { id, name });
        }
        Ok(())
    }

    /// Takes the text from what nobody has used for too long, once in a run.
    fn forget(&mut self) -> Result<(), StoreError> {
        let Some((db, age)) = self.db.as_mut().zip(self.seed.retention) else { return Ok(()) };
        let now = jiff::Timestamp::now().as_millisecond();
        let since = now.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        // Once in a run, also where it fails: it is not worth a second notice.
        self.seed.retention = None;
        let n_gone = retention::forget_texts(db, since)?;
        retention::forget_copies(&self.store, age);
        if n_gone > 0 {
            let turns = if n_gone == 1 { "1 turn".to_owned() } else { format!("{n_gone} turns") };
            self.notice(format!("as `store.retention` has it, the text of {turns} is gone; costs and verdicts stay"));
        }
        Ok(())
    }

    /// Tells what was spent elsewhere, when that has changed.
    fn count(&mut self) -> Result<(), StoreError> {
        let Some(db) = &self.db else { return Ok(()) };
        let spent = spent_today(db, self.seed.id.as_deref().unwrap_or_default(), self.begun_at_ms)?;
        if self.elsewhere.replace(spent) != Some(spent) {
            (self.tell)(News::SpentElsewhere(spent));
        }
        Ok(())
    }

    /// Returns the short id of the sitting where something of it is in the file.
    fn finish(&mut self, is_end: bool) -> Option<String> {
        let id = self.seed.id.clone().unwrap_or_default();
        let db = self.db.as_ref()?;
        let is_kept = if is_end { list::end(db, &id) } else { list::has_turns(db, &id) };
        let short = is_kept.ok().filter(|is_kept| *is_kept).and_then(|_| list::short_of(db, &id).ok());
        if is_end {
            self.mark = None;
            self.store.let_go(&id);
        }
        short
    }

    fn ail(&mut self, error: &StoreError) {
        if let StoreError::Newer { .. } = error {
            self.health = Health::Foreign;
            self.waiting.clear();
            (self.tell)(News::NotKept(Some(error.to_string())));
            self.notice(format!("nothing of this sitting is kept: {error}"));
            return;
        }
        if matches!(self.health, Health::Fine) {
            (self.tell)(News::NotKept(Some(error.to_string())));
            self.notice(format!("not kept for now, it waits in memory: {error}"));
        }
        self.health = Health::Ailing(now() + AGAIN);
    }

    fn notice(&self, text: String) {
        (self.tell)(News::Notice(text));
    }
}

fn set_aside(aside: &Path) -> String {
    format!("the history could not be read: it is set aside as {}, and a new one is begun", aside.display())
}
