//! What may be spent, and whether a question still fits.

use std::fmt;

use crate::domain::cost::Cost;
use crate::domain::money::Usd;

/// What may be spent; `None` means no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// On one question.
    pub turn: Option<Usd>,
    /// From start to end of the program.
    pub session: Option<Usd>,
    /// In a day.
    pub day: Option<Usd>,
}

/// Why a question is not sent without asking: `Display` names both figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverBudget {
    /// Which limit stands in the way.
    pub limit: Limit,
    /// How high it is.
    pub allowed: Usd,
    /// What was spent before that counts against it; nothing for the limit of one question.
    pub spent: Cost,
    /// What the question would cost, by an estimate.
    pub next: Cost,
}

/// One of the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// For one question.
    Turn,
    /// For the session.
    Session,
    /// For the day.
    Day,
}

impl Budget {
    /// Returns the first limit that a question would break which is expected to cost `next`, after `spent` in this
    /// session and `elsewhere` on the same day; `None` where it fits. What is unknown counts nothing, so a check that
    /// passes with unknown parts promises only that the known ones fit: say so.
    pub fn check(&self, spent: Cost, elsewhere: Cost, next: Cost) -> Option<OverBudget> {
        let turn = self.turn.map(|allowed| OverBudget { limit: Limit::Turn, allowed, spent: Cost::default(), next });
        let session = self.session.map(|allowed| OverBudget { limit: Limit::Session, allowed, spent, next });
        let today = spent + elsewhere;
        let day = self.day.map(|allowed| OverBudget { limit: Limit::Day, allowed, spent: today, next });
        [turn, session, day].into_iter().flatten().find(|it| (it.spent + it.next).known > it.allowed)
    }
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (next, allowed) = (self.next, self.allowed);
        match self.limit {
            Limit::Turn => {
                write!(f, "the question would cost about {next}, and the budget for one question is {allowed}")
            }
            Limit::Session => {
                let spent = self.spent;
                write!(
                    f,
                    "the question would cost about {next}, {spent} is spent, and the budget for the session is {allowed}"
                )
            }
            Limit::Day => {
                let spent = self.spent;
                write!(
                    f,
                    "the question would cost about {next}, {spent} is spent today, and the budget for the day is {allowed}"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(known: f64) -> Cost {
        Cost { known: Usd(known), is_estimated: true, is_partial: false }
    }

    fn check(turn: Option<f64>, session: Option<f64>, spent: f64, next: f64) -> Option<Limit> {
        let budget = Budget { turn: turn.map(Usd), session: session.map(Usd), day: None };
        budget.check(estimate(spent), Cost::default(), estimate(next)).map(|over| over.limit)
    }

    #[test]
    fn a_question_fits_up_to_the_limit_and_not_beyond() {
        assert_eq!(check(None, None, 99.0, 99.0), None);
        assert_eq!(check(Some(0.5), None, 99.0, 0.5), None);
        assert_eq!(check(Some(0.5), None, 0.0, 0.51), Some(Limit::Turn));
        assert_eq!(check(None, Some(1.0), 0.7, 0.3), None);
        assert_eq!(check(None, Some(1.0), 0.8, 0.3), Some(Limit::Session));
        assert_eq!(check(Some(0.2), Some(1.0), 0.8, 0.3), Some(Limit::Turn));
    }

    #[test]
    fn what_was_spent_elsewhere_counts_against_the_day_alone() {
        let budget = Budget { turn: None, session: Some(Usd(1.0)), day: Some(Usd(2.0)) };
        let check = |elsewhere| budget.check(estimate(0.5), estimate(elsewhere), estimate(0.25)).map(|over| over.limit);
        assert_eq!(check(1.25), None);
        assert_eq!(check(1.3), Some(Limit::Day));
        let over = budget.check(estimate(0.5), estimate(1.3), estimate(0.25)).unwrap();
        assert_eq!(
            over.to_string(),
            "the question would cost about ~$0.25, ~$1.80 is spent today, and the budget for the day is $2.00"
        );
    }

    #[test]
    fn a_budget_of_nothing_allows_what_costs_nothing() {
        assert_eq!(check(Some(0.0), None, 0.0, 0.0), None);
        assert_eq!(check(Some(0.0), None, 0.0, 0.000_001), Some(Limit::Turn));
    }

    #[test]
    fn a_refusal_names_both_figures() {
        let budget = Budget { turn: Some(Usd(0.01)), ..Budget::default() };
        let over = budget.check(Cost::default(), Cost::default(), estimate(0.0312)).unwrap();
        assert_eq!(
            over.to_string(),
            "the question would cost about ~$0.031, and the budget for one question is $0.010"
        );
        let budget = Budget { session: Some(Usd(1.0)), ..Budget::default() };
        let over = budget.check(estimate(0.98), Cost::default(), estimate(0.0312)).unwrap();
        assert_eq!(
            over.to_string(),
            "the question would cost about ~$0.031, ~$0.98 is spent, and the budget for the session is $1.00"
        );
    }
}
