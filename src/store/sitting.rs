//! One sitting from its start to its end, as whoever runs it sees it: what happens is handed over, and never waited for.

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::domain::cost::Cost;
use crate::domain::ids::{Column, TurnId};
use crate::domain::opinion::Opinion;
use crate::domain::record::{Asked, Moment, Reading};
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::domain::turn::Turn;
use crate::domain::verdict::{Band, Verdict};
use crate::edge::clock::now;
use crate::store::Store;
use crate::store::cost::of_call;
use crate::store::words::{Spent, TurnKey, Write};
use crate::store::write::Writer;

pub use crate::store::words::News;

/// How long the end of the program waits for what is still to be written: past the time that another program may hold
/// the file, and no longer, as a disk that hangs must not keep a person from leaving.
const LAST_WORDS: Duration = Duration::from_secs(8);

/// What a sitting is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seed {
    /// Its id; a new one where it has none yet.
    pub id: Option<String>,
    /// The command line that goes on with it, up to its id.
    pub resume: String,
    /// The folder in which it was begun.
    pub folder: String,
    /// Whether the embedded demo models answer.
    pub is_demo: bool,
    /// Whether it is offered again when it breaks off.
    pub is_chat: bool,
    /// Whether who sits down is told of earlier sittings.
    pub greets: bool,
    /// How long text is kept that nobody uses; `None` for ever.
    pub retention: Option<Duration>,
}

/// A sitting that is being written down.
#[derive(Clone, Debug)]
pub struct Sitting {
    writes: Sender<Write>,
    is_demo: bool,
    id: Arc<str>,
    /// What the store calls the turns of this run.
    turns: Arc<Mutex<HashMap<TurnId, String>>>,
}

/// A turn that is being written down.
#[derive(Debug)]
pub struct TurnLog {
    key: TurnKey,
    turn: Turn,
    calls: Vec<u32>,
    last_reading: Option<Reading>,
    is_demo: bool,
    writes: Sender<Write>,
}

impl Sitting {
    /// Begins to write a sitting down, on a thread of its own, which opens the file too; `tell` hears what a person should
    /// know of it.
    ///
    /// # Errors
    /// The system gives no further thread.
    pub fn begin(store: Store, seed: Seed, tell: impl Fn(News) + Send + 'static) -> std::io::Result<Self> {
        let (writes, inbox) = channel();
        let id = seed.id.clone().unwrap_or_else(new_id);
        let sitting = Self { writes, is_demo: seed.is_demo, id: Arc::from(id.as_str()), turns: Arc::default() };
        let thread = Writer::new(store, Seed { id: Some(id), ..seed }, Box::new(tell));
        thread::Builder::new().name("store".to_owned()).spawn(move || thread.run(&inbox))?;
        Ok(sitting)
    }

    /// Returns its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Says what the store calls a turn of an earlier run, which is `turn` in this one.
    pub fn knows(&self, turn: TurnId, id: String) {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner).insert(turn, id);
    }

    /// Writes down what the person thinks of a turn; of one that the store does not know, nothing.
    pub fn opinion(&self, turn: TurnId, opinion: Opinion) {
        let known = self.turns.lock().unwrap_or_else(PoisonError::into_inner).get(&turn).cloned();
        if let Some(turn) = known {
            self.send(Write::Opinion { turn, opinion, at_ms: jiff::Timestamp::now().as_millisecond() });
        }
    }

    /// Writes down that a question was asked, now, as `id`; what happens to it goes to what is returned.
    pub fn asked(&self, id: TurnId, asked: Asked) -> TurnLog {
        let key = uuid::Uuid::now_v7();
        self.knows(id, key.simple().to_string());
        let turn = asked.turn(TurnId(0), now());
        let calls = asked.members.iter().map(|_| 0).collect();
        self.send(Write::Begin {
            turn: key,
            asked_at_ms: jiff::Timestamp::now().as_millisecond(),
            asked: Box::new(asked),
        });
        TurnLog { key, turn, calls, last_reading: None, is_demo: self.is_demo, writes: self.writes.clone() }
    }

    /// Writes down what stands in the composer.
    pub fn draft(&self, text: &str) {
        self.send(Write::Draft(text.to_owned()));
    }

    /// Ends the sitting; returns the least of its id that tells it apart, where all of it is in the file, and something
    /// is.
    pub fn end(&self) -> Option<String> {
        self.wait(true)
    }

    /// Waits until all of it is in the file; returns what `end` does. A program that ends then has broken it off.
    pub fn flush(&self) -> Option<String> {
        self.wait(false)
    }

    fn wait(&self, is_end: bool) -> Option<String> {
        let (done, answer) = channel();
        self.send(Write::Flush { done, is_end });
        answer.recv_timeout(LAST_WORDS).ok().flatten()
    }

    fn send(&self, write: Write) {
        // Without its thread, nothing is kept; that was told when it ended.
        let _ = self.writes.send(write);
    }
}

impl TurnLog {
    /// Writes down what happened to a call.
    pub fn event(&mut self, event: &StreamEvent) {
        let own = StreamEvent { turn: self.turn.id, ..event.clone() };
        self.turn.apply(&own);
        if matches!(event.kind, StreamEventKind::Waiting { attempt: 1 })
            && let Some(call) = self.calls.get_mut(event.column.index())
        {
            *call += 1;
        }
        let moment = Moment::of(&own, self.turn.asked_at);
        let _ = self.writes.send(Write::Moment { turn: self.key, moment });
        if let Some(spent) = self.spent(event) {
            let _ = self.writes.send(Write::Cost(spent));
        }
    }

    /// Writes down that a reading was shown, which knew of so many events of the turn.
    pub fn reading(&mut self, n_moments: u32, band: Option<Band>) {
        let at_ns = now().saturating_duration_since(self.turn.asked_at).as_nanos();
        let reading = Reading { at_ns: u64::try_from(at_ns).unwrap_or(u64::MAX), n_moments, band, is_settled: false };
        self.last_reading = Some(reading);
        let _ = self.writes.send(Write::Reading { turn: self.key, reading });
    }

    /// Writes down that the turn has settled, by the last reading.
    pub fn verdict(&self, verdict: &Verdict) {
        if let Some(reading) = self.last_reading {
            let reading = Reading { is_settled: true, ..reading };
            let _ = self.writes.send(Write::Reading { turn: self.key, reading });
        }
        let _ = self.writes.send(Write::Settled { turn: self.key, verdict: Box::new(verdict.clone()) });
    }

    /// Returns what the call has cost, once it is accepted and once it is over.
    fn spent(&self, event: &StreamEvent) -> Option<Spent> {
        match event.kind {
            StreamEventKind::Started { .. }
            | StreamEventKind::Finished(_)
            | StreamEventKind::Failed(_)
            | StreamEventKind::Cancelled
            | StreamEventKind::Withdrawn => {}
            StreamEventKind::Waiting { .. }
            | StreamEventKind::LeftOut(_)
            | StreamEventKind::Shortened(_)
            | StreamEventKind::Delta(_)
            | StreamEventKind::Retrying { .. }
            | StreamEventKind::Switched { .. }
            | StreamEventKind::Counted(_)
            | StreamEventKind::Declined
            | StreamEventKind::Late => return None,
        }
        let Column(place) = event.column;
        let response = self.turn.response(event.column).filter(|_| !self.is_demo)?;
        let call = *self.calls.get(usize::from(place))?;
        let cost = of_call(response);
        if cost == Cost::default() && !response.is_over() {
            return None;
        }
        Some(Spent {
            turn: self.key,
            place,
            call,
            at_ms: jiff::Timestamp::now().as_millisecond(),
            model: response.answerer().id.as_str().to_owned(),
            cost,
        })
    }
}

/// Returns an id that no other session has: 48 random bits in hexadecimal, so that a few letters tell it apart.
pub fn new_id() -> String {
    let id = uuid::Uuid::now_v7().simple().to_string();
    id.get(20..).unwrap_or(&id).to_owned()
}
