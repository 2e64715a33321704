//! What keeps the panel calm: a band that waits until readings agree, and conflict numbers that never change.

use std::collections::BTreeMap;

use crate::consensus::report::{ConflictStatus, Contradiction, Report};
use crate::domain::verdict::Band;

/// Readings in a row that must agree before a band is shown or changes (on recorded answers: 0.2 to 1.1 changes an
/// answer instead of 3.7 to 4.5).
const READINGS: u32 = 3;

/// How far a confidence must lie outside the band on the screen before it speaks for another one. While answers come in
/// it moves by about so much from one claim to the next (recorded answers of eight data sets, streamed).
const MARGIN: f64 = 0.03;

/// The band that is shown, smoothed over readings.
///
/// A reading is due once a claim has been committed since the last one and 250 ms have passed, whichever is later. The
/// caller knows the time and decides; nothing here does.
///
/// Symptom and knob: the band flaps between two: raise `MARGIN`; it follows the answers too late: lower `READINGS`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Steady {
    shown: Option<Band>,
    candidate: Option<Band>,
    n_agreeing: u32,
    n_committed: usize,
}

impl Steady {
    /// Returns whether `report` holds anything that has not been read: a claim more, or the end.
    pub fn is_due(&self, report: &Report) -> bool {
        report.is_final || report.n_committed != self.n_committed
    }

    /// Takes a reading and returns the band to show; `None` until there is one.
    ///
    /// The band of the final report is shown at once. Before that a band is shown, or taken away, after three readings in
    /// a row that say so, and only where more members have begun than are still awaited: two of five are not the ensemble.
    pub fn read(&mut self, report: &Report) -> Option<Band> {
        self.n_committed = report.n_committed;
        let reading = self.reading(report);
        self.n_agreeing = if reading == self.candidate { self.n_agreeing + 1 } else { 1 };
        self.candidate = reading;
        // Beside a conflict that stands in what answers nothing is called settled, not even for two readings more.
        let is_overruled = self.shown == Some(Band::Settled) && reading != self.shown && is_contested(report);
        if report.is_final || self.n_agreeing >= READINGS || is_overruled {
            self.shown = reading;
        }
        self.shown
    }

    fn reading(&self, report: &Report) -> Option<Band> {
        if report.is_final {
            return report.band;
        }
        let n_begun = report.members.iter().filter(|member| member.n_claims > 0).count();
        let n_awaited = report.members.iter().filter(|member| member.is_awaited).count();
        let confidence = report.confidence.filter(|_| n_begun > n_awaited)?;
        let reaches = |confidence: f64| Some(Band::of(confidence)) == self.shown;
        let is_near = reaches(confidence - MARGIN) || reaches(confidence + MARGIN);
        let is_overruled = self.shown == Some(Band::Settled) && is_contested(report);
        if is_near && !is_overruled { self.shown } else { report.band }
    }

    /// Returns the band that is shown.
    pub fn band(&self) -> Option<Band> {
        self.shown
    }
}

/// Whether a confirmed conflict lies in what answers.
fn is_contested(report: &Report) -> bool {
    report.contradictions.iter().any(|it| it.status == ConflictStatus::Confirmed && it.touches_answer)
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
    use crate::consensus::report::{ConflictKind, ConflictStatus, MemberReport, Quote, Side};

    fn reading(confidence: Option<f64>, n_committed: usize, is_final: bool) -> Report {
        Report { is_final, confidence, band: confidence.map(Band::of), n_committed, ..report_of(3, 0) }
    }

    fn report_of(n_begun: usize, n_awaited: usize) -> Report {
        let begun = MemberReport { n_claims: 2, ..MemberReport::default() };
        let awaited = MemberReport { is_awaited: true, ..MemberReport::default() };
        Report { members: [vec![begun; n_begun], vec![awaited; n_awaited]].concat(), ..Report::default() }
    }

    /// Reads confidences one after another and compares what is shown after each.
    fn check(rows: &[(Option<f64>, Option<Band>)]) -> Steady {
        let mut steady = Steady::default();
        for (index, (confidence, shown)) in rows.iter().enumerate() {
            assert_eq!(steady.read(&reading(*confidence, index, false)), *shown, "reading {index}");
        }
        steady
    }

    #[test]
    fn a_band_is_shown_and_changes_after_three_readings_that_agree_and_at_the_end() {
        use Band::{Likely, Settled, Unsure};
        let mut steady = check(&[
            (None, None),
            (Some(0.8), None),
            (Some(0.8), None),
            (Some(0.8), Some(Likely)),
            (Some(0.95), Some(Likely)),
            (Some(0.8), Some(Likely)),
            (Some(0.95), Some(Likely)),
            (Some(0.95), Some(Likely)),
            (Some(0.95), Some(Settled)),
            (None, Some(Settled)),
            (None, Some(Settled)),
            (None, None),
        ]);
        assert!(!steady.is_due(&reading(None, 11, false)));
        assert!(steady.is_due(&reading(None, 12, false)));
        assert_eq!(steady.read(&reading(Some(0.6), 13, true)), Some(Unsure));
    }

    #[test]
    fn a_confidence_beside_a_cut_keeps_the_band_until_the_end() {
        use Band::{Likely, Settled};
        let near = (Some(0.91), Some(Likely));
        let mut steady = check(&[
            (Some(0.89), None),
            (Some(0.89), None),
            (Some(0.89), Some(Likely)),
            near,
            near,
            near,
            near,
            (Some(0.94), Some(Likely)),
            (Some(0.94), Some(Likely)),
            (Some(0.94), Some(Settled)),
        ]);
        assert_eq!(steady.read(&reading(Some(0.89), 11, true)), Some(Likely));
    }

    #[test]
    fn beside_a_conflict_that_stands_in_what_answers_nothing_stays_settled() {
        use Band::{Likely, Settled};
        let mut steady = check(&[(Some(0.95), None), (Some(0.95), None), (Some(0.95), Some(Settled))]);
        let with = |status| Report {
            contradictions: vec![Contradiction { status, ..conflict(&[(0, 10), (1, 10)]) }],
            ..reading(Some(0.89), 3, false)
        };
        assert_eq!(steady.read(&with(ConflictStatus::Provisional)), Some(Settled));
        assert_eq!(steady.read(&with(ConflictStatus::Confirmed)), Some(Likely));
    }

    #[test]
    fn fewer_members_than_are_awaited_have_no_band() {
        for (n_begun, n_awaited, expected) in [(2, 0, true), (2, 1, true), (2, 2, false), (2, 3, false), (3, 2, true)] {
            let report = Report { confidence: Some(0.95), band: Some(Band::Settled), ..report_of(n_begun, n_awaited) };
            let mut steady = Steady::default();
            let shown = (0..3).filter_map(|_| steady.read(&report)).last();
            assert_eq!(shown.is_some(), expected, "{n_begun} have begun, {n_awaited} are awaited");
        }
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
