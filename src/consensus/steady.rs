//! Keeps what the screen shows of the engine steady: the band while answers come in, and the numbers of conflicts.
//!
//! Symptom and knob: the band flickers while models write: raise `READINGS` or `BETWEEN`; it lags behind: lower them.

use std::collections::HashMap;
use std::time::Duration;

use crate::consensus::report::Report;
use crate::domain::verdict::Band;

/// Readings in a row that must agree before the band on the screen changes.
///
/// Three, with pending and commit rules, gave 0.2 to 1.1 changes an answer instead of 3.7 to 4.5 on recorded answers.
const READINGS: u32 = 3;
/// The shortest time between two readings that count.
const BETWEEN: Duration = Duration::from_millis(250);

/// The band as the screen shows it.
#[derive(Clone, Debug, Default)]
pub struct Steady {
    shown: Option<Band>,
    candidate: Option<Band>,
    n_agreeing: u32,
    last_reading: Option<(Duration, usize)>,
    n_changes: u32,
}

impl Steady {
    /// Takes a report in, `at` a time since the question; returns the band to show.
    ///
    /// A reading counts when a claim was committed since the last one and 250 ms have passed. The band changes when
    /// three readings in a row agree on another; when the turn settles it is that of the report.
    pub fn read(&mut self, report: &Report, at: Duration, is_settled: bool) -> Option<Band> {
        if is_settled {
            self.show(report.band);
            self.n_agreeing = 0;
            return self.shown;
        }
        let is_due = self
            .last_reading
            .is_none_or(|(last_at, n_committed)| at >= last_at + BETWEEN && report.n_committed > n_committed);
        if is_due {
            self.last_reading = Some((at, report.n_committed));
            self.count(report.band);
        }
        self.shown
    }

    /// Returns how often the band on the screen changed; its first showing is no change.
    pub fn n_changes(&self) -> u32 {
        self.n_changes
    }

    fn count(&mut self, band: Option<Band>) {
        if band == self.shown || band.is_none() {
            self.n_agreeing = 0;
            return;
        }
        self.n_agreeing = if band == self.candidate { self.n_agreeing + 1 } else { 1 };
        self.candidate = band;
        if self.n_agreeing >= READINGS {
            self.show(band);
            self.n_agreeing = 0;
        }
    }

    fn show(&mut self, band: Option<Band>) {
        if band != self.shown && self.shown.is_some() {
            self.n_changes += 1;
        }
        self.shown = band;
    }
}

/// The numbers that conflicts bear on the screen: given as they appear, kept for the whole turn, never given twice.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// The number of the conflict whose quote stands there: member and first byte.
    by_quote: HashMap<(usize, usize), u32>,
    /// The number of each contradiction of the last report.
    by_id: HashMap<u32, u32>,
    n_given: u32,
}

impl Numbers {
    /// Gives every contradiction of a report its number: the one that it had, found by a quote that it shares with an
    /// earlier report, else the next one.
    pub fn assign(&mut self, report: &Report) {
        self.by_id.clear();
        let mut taken = Vec::new();
        let mut unknown = Vec::new();
        for contradiction in &report.contradictions {
            let places = || contradiction.sides.iter().flat_map(|side| &side.quotes).map(|q| (q.member, q.range.start));
            let known = places().filter_map(|place| self.by_quote.get(&place).copied()).find(|n| !taken.contains(n));
            match known {
                Some(number) => {
                    taken.push(number);
                    self.by_id.insert(contradiction.id, number);
                    self.by_quote.extend(places().map(|place| (place, number)));
                }
                None => unknown.push(contradiction),
            }
        }
        for contradiction in unknown {
            self.n_given += 1;
            self.by_id.insert(contradiction.id, self.n_given);
            let places = contradiction.sides.iter().flat_map(|side| &side.quotes);
            self.by_quote.extend(places.map(|quote| ((quote.member, quote.range.start), self.n_given)));
        }
    }

    /// Returns the number of a contradiction of the last report; 0 for one that is not in it.
    pub fn of(&self, contradiction: u32) -> u32 {
        self.by_id.get(&contradiction).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::report::{ConflictKind, ConflictStatus, Contradiction, Quote, Side};

    fn report(band: Band, n_committed: usize) -> Report {
        Report { band: Some(band), n_committed, ..Report::default() }
    }

    /// Reads bands a given number of milliseconds apart, one new claim each; returns what was shown after each.
    fn check(apart_ms: u64, bands: &[Band], expected: &[Option<Band>]) {
        let mut steady = Steady::default();
        let shown: Vec<_> = (1..)
            .zip(bands)
            .map(|(n, band)| steady.read(&report(*band, n), Duration::from_millis(apart_ms) * n as u32, false))
            .collect();
        assert_eq!(shown, expected, "{bands:?}");
    }

    const L: Band = Band::Likely;
    const S: Band = Band::Settled;

    #[test]
    fn a_band_shows_after_three_readings_that_agree() {
        check(
            250,
            &[L, L, L, S, S, L, S, S, S],
            &[None, None, Some(L), Some(L), Some(L), Some(L), Some(L), Some(L), Some(S)],
        );
    }

    #[test]
    fn readings_that_come_too_fast_do_not_count() {
        check(100, &[L, L, L, L, L], &[None; 5]);
    }

    #[test]
    fn a_reading_without_a_new_claim_does_not_count() {
        let mut steady = Steady::default();
        let shown = (1..9).map(|n| steady.read(&report(L, 1), Duration::from_secs(n), false)).collect::<Vec<_>>();
        assert_eq!(shown, [None; 8]);
    }

    #[test]
    fn the_settled_band_is_shown_at_once_and_counts_as_a_change() {
        let mut steady = Steady::default();
        for n in 1..4 {
            steady.read(&report(L, n), Duration::from_secs(n as u64), false);
        }
        assert_eq!((steady.n_changes(), steady.read(&report(S, 4), Duration::from_secs(4), true)), (0, Some(S)));
        assert_eq!(steady.n_changes(), 1);
    }

    fn contradiction(id: u32, places: &[(usize, usize)]) -> Contradiction {
        let quote = |(member, start): &(usize, usize)| Quote {
            member: *member,
            range: *start..*start + 9,
            value_range: *start..*start + 4,
            text: String::new(),
        };
        let sides = places.iter().map(|place| Side {
            value: String::new(),
            members: vec![place.0],
            quotes: vec![quote(place)],
        });
        Contradiction {
            id,
            claim: 1,
            kind: ConflictKind::Date,
            status: ConflictStatus::Confirmed,
            touches_answer: true,
            topic: String::new(),
            sides: sides.collect(),
        }
    }

    #[test]
    fn numbers_stay_with_their_conflict_and_are_never_given_twice() {
        let mut numbers = Numbers::default();
        let mut assign = |contradictions: &[Contradiction]| {
            numbers.assign(&Report { contradictions: contradictions.to_vec(), ..Report::default() });
            contradictions.iter().map(|c| numbers.of(c.id)).collect::<Vec<_>>()
        };
        assert_eq!(assign(&[contradiction(1, &[(0, 40), (1, 7)])]), [1]);
        // Another one comes in before it in canonical order, and takes its id.
        let first = contradiction(1, &[(0, 2), (2, 5)]);
        assert_eq!(assign(&[first.clone(), contradiction(2, &[(0, 40), (1, 7), (2, 9)])]), [2, 1]);
        // The old one is withdrawn; the next new one does not inherit its number.
        assert_eq!(assign(&[first.clone()]), [2]);
        assert_eq!(assign(&[first, contradiction(2, &[(1, 99), (2, 77)])]), [2, 3]);
    }
}
