//! What the screen is told when runs are played: each message with its time since the start.

use std::time::{Duration, Instant};
use std::vec;

use crate::domain::ids::TurnId;
use crate::recording::Recorded;
use crate::round::rerun::Rerun;
use crate::shell::run::message;
use crate::ui::msg::Msg;

/// The longest pause between two turns: nobody wants to wait while somebody else thought.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The messages of turns, one after the other.
#[derive(Debug)]
pub struct Script {
    turns: vec::IntoIter<Recorded>,
    start: Instant,
    /// When the current turn began, since the start.
    begun: Duration,
    /// When it was asked in its own run, and how long it took.
    last: Option<(i64, Duration)>,
    n_begun: u32,
    running: Option<Rerun>,
}

impl Script {
    /// Returns the messages of `turns`, the first one of which begins at `start`.
    pub fn new(turns: Vec<Recorded>, start: Instant) -> Self {
        Self { turns: turns.into_iter(), start, begun: Duration::ZERO, last: None, n_begun: 0, running: None }
    }

    fn begin(&mut self, turn: Recorded) -> (Duration, Msg) {
        let Recorded { mut record, verdict } = turn;
        if let Some((asked_at_ms, took)) = self.last {
            let apart = Duration::from_millis(u64::try_from(record.asked_at_ms - asked_at_ms).unwrap_or_default());
            self.begun += took + apart.saturating_sub(took).min(LONGEST_PAUSE);
        }
        self.n_begun += 1;
        let (id, asked_at) = (TurnId(self.n_begun), self.start + self.begun);
        // A verdict on what was still coming in then is no verdict on what is there now.
        let verdict = if record.close(asked_at) { None } else { verdict };
        let began = Msg::Began(Box::new(record.asked.turn(id, asked_at)), record.asked.asks.clone());
        let asked_at_ms = record.asked_at_ms;
        let running = Rerun::new(record, id, asked_at, verdict);
        self.last = Some((asked_at_ms, running.length()));
        self.running = Some(running);
        (self.begun, began)
    }
}

impl Iterator for Script {
    type Item = (Duration, Msg);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((at, event)) = self.running.as_mut().and_then(Iterator::next) {
            return Some((self.begun + at, message(event)));
        }
        let turn = self.turns.next()?;
        Some(self.begin(turn))
    }
}
