//! Runs a turn that was written down once more, event by event and reading by reading, in its own time and without a clock.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::analyst::Feed;
use crate::consensus::engine::Engine;
use crate::consensus::report::Report;
use crate::consensus::steady::Steady;
use crate::consensus::voice::Ending;
use crate::domain::ids::TurnId;
use crate::domain::record::{Reading, TurnRecord};
use crate::domain::turn::Turn;
use crate::domain::verdict::{Band, Verdict};
use crate::round::drive::{BAND_READING, READING};
use crate::round::plan::{Read, RoundEvent};
use crate::round::revive::settings;
use crate::round::telling;
use crate::round::verdict::assemble;

/// A turn that runs once more. Gives each thing that happens with the time since the question, in order: what happened to
/// calls, the readings that were shown, and the verdicts, of which the last is the one that the turn had.
#[derive(Debug)]
pub struct Rerun {
    record: TurnRecord,
    verdict: Option<Verdict>,
    asked_at: Instant,
    turn: Turn,
    engine: Engine,
    report: Arc<Report>,
    /// What the engine has not been told yet: one entry for each moment that has happened since.
    untold: VecDeque<Vec<Feed>>,
    n_happened: usize,
    n_read: usize,
    /// What smooths the bands of readings that nobody wrote down, and when it read last.
    steady: Option<(Steady, Duration)>,
    /// A verdict that follows the last reading.
    next: Option<(Duration, RoundEvent)>,
}

impl Rerun {
    /// Returns the turn `id` before anything has happened in it; its events will name moments after `asked_at`. `verdict`
    /// is the one that it had, if it had one.
    pub fn new(mut record: TurnRecord, id: TurnId, asked_at: Instant, verdict: Option<Verdict>) -> Self {
        let turn = record.asked.turn(id, asked_at);
        let members = record.asked.members.clone();
        let mut engine = Engine::new(&record.asked.question, None, members);
        for member in 0..record.asked.members.len() {
            if !is_asked_at_once(&record, member) {
                engine.end(member, Ending::Nothing);
            }
        }
        let steady = record.readings.is_empty().then(|| (Steady::default(), Duration::ZERO));
        complete(&mut record);
        let untold = VecDeque::new();
        let report = Arc::new(Report::default());
        Self { record, verdict, asked_at, turn, engine, report, untold, n_happened: 0, n_read: 0, steady, next: None }
    }

    /// Returns how long all of it takes.
    pub fn length(&self) -> Duration {
        let moments = self.record.moments.iter().map(|moment| moment.at_ns);
        let readings = self.record.readings.iter().map(|reading| reading.at_ns);
        Duration::from_nanos(moments.chain(readings).max().unwrap_or_default())
    }

    fn read(&mut self, reading: Reading) -> (Duration, RoundEvent) {
        self.n_read += 1;
        let n_known = self.n_happened - self.untold.len();
        let n_new = (reading.n_moments as usize).saturating_sub(n_known).min(self.untold.len());
        for feed in self.untold.drain(..n_new).flatten() {
            match feed {
                Feed::Append { member, text } => self.engine.append(member, &text),
                Feed::End { member, ending } => self.engine.end(member, ending),
                Feed::Forget { member } => self.engine.forget(member),
            }
        }
        self.report = self.engine.report();
        let at = Duration::from_nanos(reading.at_ns);
        let band = self.band(reading, at);
        if reading.is_settled {
            let is_last = self.n_read == self.record.readings.len();
            let kept = self.verdict.clone().filter(|_| is_last);
            let verdict = kept
                .unwrap_or_else(|| assemble(&self.turn, &self.report, &settings(&self.record, self.verdict.as_ref())));
            self.next = Some((at, RoundEvent::Verdict(self.turn.id, Box::new(verdict))));
        }
        let read = Read { report: Arc::clone(&self.report), band, n_moments: reading.n_moments };
        (at, RoundEvent::Report(self.turn.id, read))
    }
}

impl Rerun {
    /// Returns the band that was shown with a reading; where that was not written down, the one that would have been.
    fn band(&mut self, reading: Reading, at: Duration) -> Option<Band> {
        let Some((steady, read_at)) = &mut self.steady else { return reading.band };
        if reading.is_settled || steady.is_due(&self.report) && at >= *read_at + BAND_READING {
            *read_at = at;
            steady.read(&self.report);
        }
        steady.band()
    }
}

impl Iterator for Rerun {
    type Item = (Duration, RoundEvent);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(next) = self.next.take() {
            return Some(next);
        }
        let moment = self.record.moments.get(self.n_happened);
        let reading = self.record.readings.get(self.n_read).copied();
        let is_read_first = match (moment, reading) {
            (_, None) => false,
            (None, Some(_)) => true,
            // A reading was shown after all that it knows of.
            (Some(moment), Some(reading)) => {
                reading.at_ns < moment.at_ns && reading.n_moments as usize <= self.n_happened
            }
        };
        if let Some(reading) = reading.filter(|_| is_read_first) {
            return Some(self.read(reading));
        }
        let moment = moment?;
        let at = Duration::from_nanos(moment.at_ns);
        let event = moment.event(self.turn.id, self.asked_at);
        self.untold.push_back(telling::apply(&mut self.turn, &event));
        self.n_happened += 1;
        Some((at, RoundEvent::Stream(event)))
    }
}

/// Returns whether a member was asked with the question; where that was not written down, whether it was asked at all.
fn is_asked_at_once(record: &TurnRecord, member: usize) -> bool {
    if record.asked.asks.is_empty() {
        return record.moments.iter().any(|moment| moment.column.index() == member);
    }
    record.asked.asks.iter().any(|column| column.index() == member)
}

/// Sees to it that the turn ends with a reading that has settled, and gives one that was never read readings at the pace
/// of a turn that runs.
fn complete(record: &mut TurnRecord) {
    let n_moments = u32::try_from(record.moments.len()).unwrap_or(u32::MAX);
    if record.readings.is_empty() {
        record.readings = paced(record);
    }
    if record.readings.last().is_none_or(|last| !last.is_settled) {
        let last_ns = record.moments.iter().map(|moment| moment.at_ns).max().unwrap_or_default();
        let last_ns = record.readings.last().map_or(last_ns, |reading| reading.at_ns.max(last_ns));
        // The verdict has the band that stands.
        record.readings.push(Reading { at_ns: last_ns, n_moments, band: None, is_settled: true });
    }
}

/// Returns readings of a turn that nobody has written down: one after each tenth of a second in which anything happened.
fn paced(record: &TurnRecord) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    let pace = u64::try_from(READING.as_nanos()).unwrap_or(u64::MAX);
    for (n_moments, moment) in (1..).zip(&record.moments) {
        let at_ns = (moment.at_ns / pace + 1) * pace;
        match readings.last_mut().filter(|last| last.at_ns >= at_ns) {
            Some(last) => last.n_moments = n_moments,
            None => readings.push(Reading { at_ns, n_moments, band: None, is_settled: false }),
        }
    }
    readings
}
