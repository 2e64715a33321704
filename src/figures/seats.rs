//! Which model earns its seat: what a turn would have lost without it.
//!
//! All of it is counted from the sides that were found when the turns settled, in turns in which the model was asked
//! beside others. Nothing is asked or compared anew, so it is exact for what it says, and says nothing of other questions.

use std::collections::HashMap;

use crate::domain::opinion::Opinion;
use crate::figures::call::{Call, is_right};

/// Turns in which the person's opinion says of both of two models whether they were right: fewer make no correlation.
/// By judgement: from 20 on its standard error is under 0.23.
pub const LEAST_JUDGED: u32 = 20;

/// Which model earns its seat.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seats {
    /// Who is on; of a shell, who was asked last. To be cleaned.
    pub ensemble: Vec<String>,
    /// What the votes of the ensemble are worth once shared errors are taken off; `None` where too little was judged.
    pub effective_votes: Option<f64>,
    /// How far the errors of the ensemble come together, -1 to 1; `None` where too little was judged.
    pub error_correlation: Option<f64>,
    /// The fewest turns that were judged of any two of the ensemble.
    pub n_judged: u32,
    /// One a model that has stood beside others, the ensemble first.
    pub seats: Vec<Seat>,
}

/// What one model's seat is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seat {
    /// The model; to be cleaned.
    pub model: String,
    /// Whether it is of the ensemble.
    pub is_on: bool,
    /// Turns in which it took a side beside at least one other.
    pub n_turns: u32,
    /// Turns with a conflict in the answer that nobody would have seen without it.
    pub n_raised: u32,
    /// Of these, turns in which it was right by what the person thinks of them.
    pub n_raised_right: u32,
    /// Of these, turns in which it was wrong by it.
    pub n_raised_wrong: u32,
    /// Turns whose answer would have been outnumbered by another side without it, or said by nobody; by counting models.
    pub n_turned: u32,
    /// What the votes of the ensemble are worth without it, or with it where it is not of the ensemble.
    pub votes_otherwise: Option<f64>,
}

/// Seats that are being counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Seating {
    seats: HashMap<String, Seat>,
    /// For two models in alphabetical order: in how many turns neither, the second, the first, both were right.
    pairs: HashMap<(String, String), [u32; 4]>,
}

impl Seating {
    /// Counts a turn.
    pub(super) fn add(&mut self, opinion: Opinion, calls: &[Call<'_>]) {
        let sided: Vec<(&Call<'_>, u32)> = calls.iter().filter_map(|call| Some((call, call.side?))).collect();
        if sided.len() < 2 {
            return;
        }
        let is_disputed = sided.iter().any(|(_, side)| *side > 0);
        for (call, side) in &sided {
            if !self.seats.contains_key(call.model) {
                self.seats.insert(call.model.to_owned(), Seat { model: call.model.to_owned(), ..Seat::default() });
            }
            let Some(seat) = self.seats.get_mut(call.model) else { continue };
            seat.n_turns += 1;
            if !is_disputed {
                continue;
            }
            let others: Vec<u32> =
                sided.iter().filter(|(other, _)| other.place != call.place).map(|(_, side)| *side).collect();
            if others.iter().all(|other| Some(other) == others.first()) {
                seat.n_raised += 1;
                match is_right(*side, opinion, calls) {
                    Some(true) => seat.n_raised_right += 1,
                    Some(false) => seat.n_raised_wrong += 1,
                    None => {}
                }
            }
            seat.n_turned += u32::from(is_outnumbered(&others));
        }
        if !opinion.is_none() {
            self.judge(opinion, calls, &sided);
        }
    }

    fn judge(&mut self, opinion: Opinion, calls: &[Call<'_>], sided: &[(&Call<'_>, u32)]) {
        let judged: Vec<(&str, bool)> =
            sided.iter().filter_map(|(call, side)| Some((call.model, is_right(*side, opinion, calls)?))).collect();
        for (idx, left) in judged.iter().enumerate() {
            for right in judged.iter().skip(idx + 1) {
                let (first, second) = if left.0 <= right.0 { (left, right) } else { (right, left) };
                let counts = self.pairs.entry((first.0.to_owned(), second.0.to_owned())).or_default();
                if let Some(cell) = counts.get_mut(usize::from(first.1) * 2 + usize::from(second.1)) {
                    *cell += 1;
                }
            }
        }
    }

    /// Returns what was counted, as seen by an ensemble.
    pub(super) fn finish(self, ensemble: &[String]) -> Seats {
        let mut seats: Vec<Seat> = self.seats.values().cloned().collect();
        for seat in &mut seats {
            seat.is_on = ensemble.contains(&seat.model);
            let otherwise: Vec<&String> = if seat.is_on {
                ensemble.iter().filter(|model| **model != seat.model).collect()
            } else {
                ensemble.iter().chain([&seat.model]).collect()
            };
            seat.votes_otherwise = self.correlation(&otherwise).map(|it| votes(otherwise.len(), it));
        }
        let place = |seat: &Seat| ensemble.iter().position(|model| *model == seat.model).unwrap_or(ensemble.len());
        let rank = |seat: &Seat| (place(seat), std::cmp::Reverse(seat.n_turns));
        seats.sort_by(|left, right| rank(left).cmp(&rank(right)).then_with(|| left.model.cmp(&right.model)));
        let all: Vec<&String> = ensemble.iter().collect();
        let error_correlation = self.correlation(&all);
        Seats {
            ensemble: ensemble.to_vec(),
            effective_votes: error_correlation.map(|it| votes(ensemble.len(), it)),
            error_correlation,
            n_judged: pairs_of(&all).map(|pair| self.cells(pair).iter().sum()).min().unwrap_or_default(),
            seats,
        }
    }

    /// The mean correlation of the errors of all pairs; `None` where a pair was judged too seldom. Of a pair of which one
    /// has never, or always, erred, nothing is known.
    fn correlation(&self, models: &[&String]) -> Option<f64> {
        let mut found = Vec::new();
        for pair in pairs_of(models) {
            let cells = self.cells(pair);
            if cells.iter().sum::<u32>() < LEAST_JUDGED {
                return None;
            }
            found.extend(phi(cells));
        }
        (!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64)
    }

    fn cells(&self, (left, right): (&String, &String)) -> [u32; 4] {
        let (first, second) = if left <= right { (left, right) } else { (right, left) };
        self.pairs.get(&(first.clone(), second.clone())).copied().unwrap_or_default()
    }
}

fn pairs_of<'a>(models: &[&'a String]) -> impl Iterator<Item = (&'a String, &'a String)> {
    let models = models.to_vec();
    (0..models.len()).flat_map(move |idx| {
        let left = models.get(idx).copied();
        let rest: Vec<&'a String> = models.iter().skip(idx + 1).copied().collect();
        rest.into_iter().filter_map(move |right| Some((left?, right)))
    })
}

/// Whether the side of the answer, which is 0, has fewer models than another, or none.
fn is_outnumbered(sides: &[u32]) -> bool {
    let n_of = |side: u32| sides.iter().filter(|it| **it == side).count();
    let n_answer = n_of(0);
    sides.iter().any(|side| *side > 0 && n_of(*side) > n_answer)
}

/// The correlation of two yes-or-no values by how often each of their four pairs came (Pearson's phi); `None` where one
/// of them never changes.
fn phi([neither, second, first, both]: [u32; 4]) -> Option<f64> {
    let [neither, second, first, both] = [neither, second, first, both].map(f64::from);
    let spread = (neither + second) * (first + both) * (neither + first) * (second + both);
    (spread > 0.0).then(|| (neither * both - first * second) / spread.sqrt())
}

/// What `n` votes are worth whose errors correlate so far on average: n / (1 + (n - 1) r), after Kish's design effect
/// (Survey Sampling, 1965). Errors that avoid each other are worth no more than independent ones.
fn votes(n: usize, correlation: f64) -> f64 {
    let n = n as f64;
    n / (1.0 + (n - 1.0) * correlation.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Column;
    use crate::domain::opinion::Judgement;
    use crate::figures::call::End;

    fn calls<'a>(sides: &[(&'a str, u32)]) -> Vec<Call<'a>> {
        let call = |(place, (model, side)): (u8, &(&'a str, u32))| Call {
            model,
            end: End::Answered,
            first_token_ms: None,
            total_ms: None,
            output_tokens: None,
            rank: None,
            side: Some(*side),
            n_with: 0,
            n_against: 0,
            place,
        };
        (0..).zip(sides).map(call).collect()
    }

    fn names(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn seat<'a>(seats: &'a Seats, model: &str) -> &'a Seat {
        seats.seats.iter().find(|seat| seat.model == model).unwrap()
    }

    #[test]
    fn a_seat_is_worth_what_nobody_else_would_have_raised() {
        let wrong = Opinion { judgement: Some(Judgement::Wrong), vote: None };
        let none = Opinion::default();
        let mut seating = Seating::default();
        seating.add(none, &calls(&[("a", 0), ("b", 0), ("c", 0)]));
        seating.add(wrong, &calls(&[("a", 0), ("b", 0), ("c", 1)]));
        seating.add(none, &calls(&[("a", 0), ("b", 1), ("c", 1)]));
        seating.add(none, &calls(&[("a", 0), ("b", 1), ("c", 2)]));
        seating.add(none, &calls(&[("a", 0)]));
        let seats = seating.finish(&names(&["a", "b"]));
        let row = |model| {
            let it = seat(&seats, model);
            (it.is_on, it.n_turns, it.n_raised, it.n_raised_right, it.n_turned)
        };
        assert_eq!(row("a"), (true, 4, 1, 0, 2), "alone with the answer, it raised the third one's conflict");
        assert_eq!(row("b"), (true, 4, 0, 0, 0));
        assert_eq!(row("c"), (false, 4, 1, 1, 0));
        let order: Vec<&str> = seats.seats.iter().map(|seat| seat.model.as_str()).collect();
        assert_eq!((order, seats.effective_votes), (vec!["a", "b", "c"], None));
    }

    #[test]
    fn votes_are_worth_less_where_errors_come_together() {
        let judged = |judgement| Opinion { judgement: Some(judgement), vote: None };
        let mut seating = Seating::default();
        for _ in 0..10 {
            // `a` and `b` err together, `c` when they do not.
            seating.add(judged(Judgement::Right), &calls(&[("a", 0), ("b", 0), ("c", 1)]));
            seating.add(judged(Judgement::Wrong), &calls(&[("a", 0), ("b", 0), ("c", 1)]));
        }
        let seats = seating.finish(&names(&["a", "b"]));
        assert_eq!((seats.n_judged, seats.error_correlation, seats.effective_votes), (20, Some(1.0), Some(1.0)));
        // The mean of 1, -1 and -1 is under zero: three independent votes, and never more.
        assert_eq!(seat(&seats, "c").votes_otherwise, Some(3.0));
        assert_eq!(seat(&seats, "a").votes_otherwise, None, "one vote has nobody to share errors with");
        let vote = Opinion { judgement: None, vote: Some(Column(1)) };
        let mut few = Seating::default();
        few.add(vote, &calls(&[("a", 0), ("b", 1)]));
        assert_eq!(few.finish(&names(&["a", "b"])).n_judged, 1);
    }
}
