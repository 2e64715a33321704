//! What keeps the panel calm: a band that waits until readings agree, and conflict numbers that never change.

use std::collections::BTreeMap;

use crate::consensus::report::{Contradiction, Report};
use crate::domain::verdict::Band;

/// Readings in a row that must agree before the band changes (on recorded answers: 0.2 to 1.1 changes an answer
/// instead of 3.7 to 4.5).
const READINGS: u32 = 3;

/// The band that is shown, smoothed over readings.
///
/// A reading is due once a claim has been committed since the last one and 250 ms have passed, whichever is later. The
/// caller knows the time and decides; nothing here does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steady {
    shown: Option<Band>,
    candidate: Option<Band>,
    n_agreeing: u32,
    n_changes: u32,
    n_committed: usize,
}

impl Steady {
    /// Returns whether `report` holds anything that has not been read: a claim more, or the end.
    pub fn is_due(&self, report: &Report) -> bool {
        report.is_final || report.n_committed != self.n_committed
    }

    /// Takes a reading and returns the band to show; `None` until there is one.
    ///
    /// The first band is shown at once, the band of the final report too. In between a band is shown after three
    /// readings in a row that say so.
    pub fn read(&mut self, report: &Report) -> Option<Band> {
        self.n_committed = report.n_committed;
        self.n_agreeing = if report.band == self.candidate { self.n_agreeing + 1 } else { 1 };
        self.candidate = report.band;
        let is_first = self.shown.is_none() && self.candidate.is_some();
        let is_steady = self.candidate.is_some() && self.n_agreeing >= READINGS;
        if (is_first || is_steady || report.is_final) && self.shown != self.candidate {
            self.n_changes += u32::from(!is_first);
            self.shown = self.candidate;
        }
        self.shown
    }

    /// Returns the band that is shown.
    pub fn band(&self) -> Option<Band> {
        self.shown
    }

    /// Returns how often the band has changed in this turn: the first showing does not count, the last one does.
    pub fn n_changes(&self) -> u32 {
        self.n_changes
    }
}

/// The numbers under which a turn's conflicts are shown: stable, never reused, never renumbered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The number of each place that was ever part of a conflict: member and start of the quote.
    places: BTreeMap<(usize, usize), u32>,
    last: u32,
}

impl Numbers {
    /// Returns the number of each of the report's contradictions, in their order. One that shares a quote with an
    /// earlier one keeps its number; where two share a quote with the same earlier one, the first in order keeps it.
    pub fn assign(&mut self, report: &Report) -> Vec<u32> {
        let mut given = Vec::new();
        for contradiction in &report.contradictions {
            let known = places(contradiction).filter_map(|place| self.places.get(&place).copied());
            let number = known.filter(|number| !given.contains(number)).min().unwrap_or_else(|| {
                self.last += 1;
                self.last
            });
            for place in places(contradiction) {
                self.places.entry(place).or_insert(number);
            }
            given.push(number);
        }
        given
    }
}

fn places(contradiction: &Contradiction) -> impl Iterator<Item = (usize, usize)> {
    contradiction.sides.iter().flat_map(|side| &side.quotes).map(|quote| (quote.member, quote.range.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::report::{ConflictKind, ConflictStatus, Quote, Side};

    fn reading(band: Option<Band>, n_committed: usize, is_final: bool) -> Report {
        Report { is_final, band, n_committed, ..Report::default() }
    }

    #[test]
    fn a_band_changes_after_three_readings_that_agree_and_at_the_end() {
        use Band::{Likely, Settled, Unsure};
        let mut steady = Steady::default();
        let rows = [
            (None, None),
            (Some(Likely), Some(Likely)),
            (Some(Settled), Some(Likely)),
            (Some(Likely), Some(Likely)),
            (Some(Settled), Some(Likely)),
            (Some(Settled), Some(Likely)),
            (Some(Settled), Some(Settled)),
        ];
        for (index, (read, shown)) in rows.into_iter().enumerate() {
            assert_eq!(steady.read(&reading(read, index, false)), shown, "reading {index}");
        }
        assert!(!steady.is_due(&reading(Some(Settled), 6, false)));
        assert!(steady.is_due(&reading(Some(Settled), 7, false)));
        assert_eq!(steady.read(&reading(Some(Unsure), 8, true)), Some(Unsure));
        assert_eq!(steady.n_changes(), 2);
    }

    fn conflict(places: &[(usize, usize)]) -> Contradiction {
        let quote = |&(member, start): &(usize, usize)| Quote {
            member,
            range: start..start + 5,
            value_range: start..start + 1,
            text: String::new(),
        };
        Contradiction {
            id: 1,
            claim: 1,
            kind: ConflictKind::Date,
            status: ConflictStatus::Confirmed,
            touches_answer: true,
            topic: String::new(),
            sides: vec![Side { value: String::new(), members: Vec::new(), quotes: places.iter().map(quote).collect() }],
        }
    }

    #[test]
    fn a_number_stays_with_its_quotes_and_is_never_given_again() {
        let mut numbers = Numbers::default();
        let mut check = |conflicts: &[&[(usize, usize)]], expected: &[u32]| {
            let contradictions = conflicts.iter().map(|places| conflict(places)).collect();
            assert_eq!(numbers.assign(&Report { contradictions, ..Report::default() }), expected);
        };
        check(&[&[(0, 10), (1, 10)]], &[1]);
        check(&[&[(0, 2), (2, 9)], &[(0, 10), (1, 10)]], &[2, 1]);
        check(&[&[(0, 2), (2, 9)]], &[2]);
        check(&[&[(1, 40), (2, 40)], &[(1, 10), (2, 70)]], &[3, 1]);
    }
}
