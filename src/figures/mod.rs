//! How the models of a person did: counted from what was kept of each call. Pure: rows come in, figures go out.

pub mod call;
pub mod performance;
pub mod seats;
pub mod spread;
pub mod table;
pub mod tally;
mod text;

use jiff::civil::Date;

use crate::domain::budget::Budget;
use crate::domain::cost::Cost;
use crate::figures::performance::Performance;
use crate::figures::seats::Seats;

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Whether the embedded demo models answered: their figures say nothing of any other.
    pub is_demo: bool,
    /// The first day that was asked for; `None` for all time.
    pub since: Option<Date>,
    /// Turns that have settled.
    pub n_turns: u32,
    /// Turns in which answers conflict in the part that answers the question.
    pub n_disputed: u32,
    /// Turns whose answer the person called right, wrong or partly right.
    pub n_judged: u32,
    /// All calls together.
    pub all: Performance,
    /// By model, the one with the most calls first.
    pub models: Vec<ModelFigures>,
    /// By day, the newest first; days on which nothing was asked are left out.
    pub days: Vec<DayFigures>,
    /// Which model earns its seat.
    pub seats: Seats,
}

/// How one model did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelFigures {
    /// Its id; from a config or a file: to be cleaned.
    pub model: String,
    /// On all days.
    pub all: Performance,
}

/// How the models did on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayFigures {
    /// The day, where the person is.
    pub date: Date,
    /// Turns that have settled.
    pub n_turns: u32,
    /// Turns in which answers conflict in the part that answers the question.
    pub n_disputed: u32,
    /// All calls together.
    pub all: Performance,
    /// Each model that was asked, in the order of [`Figures::models`].
    pub models: Vec<ModelFigures>,
}

/// What may still be spent today.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Allowance {
    /// What may be spent.
    pub budget: Budget,
    /// What was spent today.
    pub today: Cost,
    /// What was spent in this session; `None` outside of one.
    pub session: Option<Cost>,
}
