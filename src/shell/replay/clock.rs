//! The time of a run that is played: it runs as many times faster as is wanted, and jumps, but never goes back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::edge::clock::now;
use crate::shell::replay::Pace;

/// The clock of a run.
#[derive(Debug)]
pub struct Clock {
    start: Instant,
    state: Mutex<State>,
}

/// Since when it runs how fast.
#[derive(Clone, Copy, Debug)]
struct State {
    since: Instant,
    played: Duration,
    speed: f64,
}

impl Clock {
    /// Returns a clock that starts now.
    pub fn new(now: Instant, pace: Pace) -> Self {
        let speed = match pace {
            Pace::Times(speed) => speed,
            Pace::Now => 1.0,
        };
        Self { start: now, state: Mutex::new(State { since: now, played: Duration::ZERO, speed }) }
    }

    /// Returns the moment at which the run begins.
    pub fn start(&self) -> Instant {
        self.start
    }

    /// Returns the time of the run at `now`.
    pub(super) fn at(&self, now: Instant) -> Instant {
        let State { since, played, speed } = *self.state();
        self.start + played + now.saturating_duration_since(since).mul_f64(speed)
    }

    /// Returns the real moment at which the run is at `moment`; one that is past is past.
    pub(super) fn when(&self, moment: Instant) -> Instant {
        let State { since, played, speed } = *self.state();
        let ahead = moment.saturating_duration_since(self.start + played);
        since + Duration::try_from_secs_f64(ahead.as_secs_f64() / speed).unwrap_or(Duration::MAX / 4)
    }

    /// Returns the real moment at which the run has played for so long.
    pub fn moment(&self, played: Duration) -> Instant {
        self.when(self.start + played)
    }

    /// Returns whether the run has not played for so long yet.
    pub fn is_before(&self, played: Duration) -> bool {
        self.at(now()) < self.start + played
    }

    /// Goes on from where the run has played for so long, unless it is past that.
    pub fn jump(&self, played: Duration) {
        if self.is_before(played) {
            let mut state = self.state();
            (state.since, state.played) = (now(), played);
        }
    }

    /// Runs as any clock from here: what a person does has its own time.
    pub fn rest(&self) {
        let real = now();
        let played = self.at(real).saturating_duration_since(self.start);
        *self.state() = State { since: real, played, speed: 1.0 };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
