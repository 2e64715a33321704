//! Figures as scripts read them: schema `dissent.stats/1`. Fields may be added, never renamed or retyped; what cannot be
//! known is null.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use crate::domain::cost::Cost;
use crate::domain::money::Usd;
use crate::figures::performance::Performance;
use crate::figures::seats::{LEAST_JUDGED, Seat};
use crate::figures::spread::Spread;
use crate::figures::{Allowance, DayFigures, Figures, ModelFigures};
use crate::headless::json;

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    demo: bool,
    /// The first day; null for all time.
    since: Option<String>,
    turns: u32,
    turns_in_conflict: u32,
    turns_judged: u32,
    budget: BudgetRow,
    all: Row,
    models: Vec<ModelRow<'a>>,
    /// The newest first.
    days: Vec<DayRow<'a>>,
    seats: SeatsRow<'a>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "scripts read the unit")]
struct BudgetRow {
    day_usd: Option<f64>,
    /// Null where a part of it is not known; then `spent_today_least_usd` is what is.
    spent_today_usd: Option<f64>,
    spent_today_least_usd: f64,
    /// Null without a limit, and where a part of what was spent is not known.
    left_today_usd: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Row {
    calls: u32,
    brought_in: u32,
    failed: u32,
    cut: u32,
    stopped: u32,
    first_token_ms: SpreadRow,
    total_ms: SpreadRow,
    tokens_per_second: Option<f64>,
    /// Null where a part of it is not known; then `cost_least_usd` is what is.
    cost_usd: Option<f64>,
    cost_least_usd: f64,
    cost_estimated: bool,
    agreement: Option<f64>,
    /// How often another says the same, and something incompatible.
    same: u32,
    otherwise: u32,
    ranked: u32,
    ranked_first: u32,
    sided: u32,
    alone: u32,
    dissented: u32,
    dissented_right: u32,
    dissented_wrong: u32,
}

#[derive(Debug, Serialize)]
struct SpreadRow {
    p50: Option<u64>,
    p95: Option<u64>,
}

#[derive(Debug, Serialize)]
struct ModelRow<'a> {
    model: &'a str,
    #[serde(flatten)]
    row: Row,
}

#[derive(Debug, Serialize)]
struct DayRow<'a> {
    date: String,
    turns: u32,
    turns_in_conflict: u32,
    all: Row,
    models: Vec<ModelRow<'a>>,
}

#[derive(Debug, Serialize)]
struct SeatsRow<'a> {
    ensemble: &'a [String],
    effective_votes: Option<f64>,
    error_correlation: Option<f64>,
    judged: u32,
    least_judged: u32,
    models: Vec<SeatRow<'a>>,
}

#[derive(Debug, Serialize)]
struct SeatRow<'a> {
    model: &'a str,
    on: bool,
    turns: u32,
    raised: u32,
    raised_right: u32,
    raised_wrong: u32,
    turned: u32,
    /// Without it where it is on, with it where it is not.
    effective_votes_otherwise: Option<f64>,
}

impl From<Spread> for SpreadRow {
    fn from(spread: Spread) -> Self {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self { p50: spread.p50.map(ms), p95: spread.p95.map(ms) }
    }
}

impl From<&Performance> for Row {
    fn from(it: &Performance) -> Self {
        Self {
            calls: it.n_calls,
            brought_in: it.n_brought_in,
            failed: it.n_failed,
            cut: it.n_cut,
            stopped: it.n_stopped,
            first_token_ms: it.first_token.into(),
            total_ms: it.total.into(),
            tokens_per_second: it.tokens_per_second,
            cost_usd: it.cost.whole().map(|usd| usd.0),
            cost_least_usd: it.cost.known.0,
            cost_estimated: it.cost.is_estimated,
            agreement: it.agreement(),
            same: it.n_with,
            otherwise: it.n_against,
            ranked: it.n_ranked,
            ranked_first: it.n_first,
            sided: it.n_sided,
            alone: it.n_alone,
            dissented: it.n_dissented,
            dissented_right: it.n_dissented_right,
            dissented_wrong: it.n_dissented_wrong,
        }
    }
}

impl<'a> From<&'a ModelFigures> for ModelRow<'a> {
    fn from(it: &'a ModelFigures) -> Self {
        Self { model: &it.model, row: Row::from(&it.all) }
    }
}

impl<'a> From<&'a DayFigures> for DayRow<'a> {
    fn from(it: &'a DayFigures) -> Self {
        Self {
            date: it.date.to_string(),
            turns: it.n_turns,
            turns_in_conflict: it.n_disputed,
            all: Row::from(&it.all),
            models: it.models.iter().map(ModelRow::from).collect(),
        }
    }
}

impl<'a> From<&'a Seat> for SeatRow<'a> {
    fn from(it: &'a Seat) -> Self {
        Self {
            model: &it.model,
            on: it.is_on,
            turns: it.n_turns,
            raised: it.n_raised,
            raised_right: it.n_raised_right,
            raised_wrong: it.n_raised_wrong,
            turned: it.n_turned,
            effective_votes_otherwise: it.votes_otherwise,
        }
    }
}

impl From<&Allowance> for BudgetRow {
    fn from(it: &Allowance) -> Self {
        let (most, spent): (Option<Usd>, Cost) = (it.budget.day, it.today);
        let spent_today_usd = spent.whole().map(|usd| usd.0);
        Self {
            day_usd: most.map(|most| most.0),
            spent_today_usd,
            spent_today_least_usd: spent.known.0,
            left_today_usd: most.zip(spent_today_usd).map(|(most, spent)| (most.0 - spent).max(0.0)),
        }
    }
}

/// Writes figures as one JSON document.
///
/// # Errors
/// Those of `out`.
pub fn write_json(figures: &Figures, allowance: &Allowance, out: &mut impl Write) -> io::Result<()> {
    let document = Document {
        schema: "dissent.stats/1",
        demo: figures.is_demo,
        since: figures.since.map(|since| since.to_string()),
        turns: figures.n_turns,
        turns_in_conflict: figures.n_disputed,
        turns_judged: figures.n_judged,
        budget: BudgetRow::from(allowance),
        all: Row::from(&figures.all),
        models: figures.models.iter().map(ModelRow::from).collect(),
        days: figures.days.iter().map(DayRow::from).collect(),
        seats: SeatsRow {
            ensemble: &figures.seats.ensemble,
            effective_votes: figures.seats.effective_votes,
            error_correlation: figures.seats.error_correlation,
            judged: figures.seats.n_judged,
            least_judged: LEAST_JUDGED,
            models: figures.seats.seats.iter().map(SeatRow::from).collect(),
        },
    };
    writeln!(out, "{}", json::line(&document)?)
}
