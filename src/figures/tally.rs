//! Counts turn after turn, oldest first, and sums up at the end.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::domain::cost::Cost;
use crate::domain::opinion::Opinion;
use crate::figures::call::{Call, is_right};
use crate::figures::performance::Counting;
use crate::figures::seats::Seating;
use crate::figures::{DayFigures, Figures, ModelFigures};

/// Turns that are being counted.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    days: BTreeMap<Date, Day>,
    seating: Seating,
    n_judged: u32,
    /// Who was asked last, in the order of the ensemble.
    newest: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Day {
    n_turns: u32,
    n_disputed: u32,
    models: HashMap<String, Counting>,
}

impl Day {
    /// Counts for a model, whose name is copied but once.
    fn count(&mut self, model: &str, count: impl FnOnce(&mut Counting)) {
        if let Some(counting) = self.models.get_mut(model) {
            count(counting);
        } else {
            count(self.models.entry(model.to_owned()).or_default());
        }
    }
}

impl Tally {
    /// Counts a settled turn of a day, and what the person thinks of it.
    pub fn turn(&mut self, date: Date, opinion: Opinion, calls: &[Call<'_>]) {
        let day = self.days.entry(date).or_default();
        day.n_turns += 1;
        day.n_disputed += u32::from(calls.iter().any(|call| call.side.is_some_and(|side| side > 0)));
        for call in calls {
            let right = call.side.and_then(|side| is_right(side, opinion, calls));
            day.count(call.model, |counting| counting.add(call, calls, right));
        }
        self.n_judged += u32::from(opinion.judgement.is_some());
        self.seating.add(opinion, calls);
        self.newest.clear();
        self.newest.extend(calls.iter().map(|call| call.model.to_owned()));
    }

    /// Counts what a request has cost on a day.
    pub fn spent(&mut self, date: Date, model: &str, cost: Cost) {
        self.days.entry(date).or_default().count(model, |counting| counting.spend(cost));
    }

    /// Returns what was counted. Whose seats are looked at: `ensemble`, or those who were asked last where it is `None`.
    pub fn finish(self, ensemble: Option<&[String]>) -> Figures {
        let mut by_model: HashMap<&str, Counting> = HashMap::new();
        let mut all = Counting::default();
        for (model, counting) in self.days.values().flat_map(|day| &day.models) {
            by_model.entry(model).or_default().join(counting);
            all.join(counting);
        }
        let figures =
            |(model, counting): (&str, Counting)| ModelFigures { model: model.to_owned(), all: counting.finish() };
        let mut models: Vec<ModelFigures> = by_model.into_iter().map(figures).collect();
        let rank = |it: &ModelFigures| std::cmp::Reverse((it.all.n_calls, it.all.n_brought_in));
        models.sort_by(|left, right| rank(left).cmp(&rank(right)).then_with(|| left.model.cmp(&right.model)));
        let order: HashMap<&str, usize> =
            models.iter().enumerate().map(|(idx, model)| (model.model.as_str(), idx)).collect();
        let seats = self.seating.finish(ensemble.unwrap_or(&self.newest));
        let (n_turns, n_disputed) =
            self.days.values().fold((0, 0), |(turns, disputed), day| (turns + day.n_turns, disputed + day.n_disputed));
        let mut days: Vec<DayFigures> =
            self.days.into_iter().map(|(date, day)| figures_of_day(date, day, &order)).collect();
        days.reverse();
        let n_judged = self.n_judged;
        Figures { is_demo: false, since: None, n_turns, n_disputed, n_judged, all: all.finish(), models, days, seats }
    }
}

fn figures_of_day(date: Date, day: Day, order: &HashMap<&str, usize>) -> DayFigures {
    let mut all = Counting::default();
    for counting in day.models.values() {
        all.join(counting);
    }
    let finish = |(model, counting): (String, Counting)| ModelFigures { model, all: counting.finish() };
    let mut models: Vec<ModelFigures> = day.models.into_iter().map(finish).collect();
    models.sort_by_key(|it| order.get(it.model.as_str()).copied());
    DayFigures { date, n_turns: day.n_turns, n_disputed: day.n_disputed, all: all.finish(), models }
}
