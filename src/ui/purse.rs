//! What questions cost: what is spent, what the next one will come to, and what stands in the way of sending it.

use std::sync::Arc;

use crate::domain::budget::{Budget, OverBudget};
use crate::domain::conversation::{Talk, Told};
use crate::domain::cost::Cost;
use crate::domain::ids::Column;
use crate::domain::member::Member;
use crate::domain::tokens;
use crate::ui::app::{App, Seat, Source};
use crate::ui::talk::TalkState;

/// What is known of money on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Purse {
    /// What may be spent.
    pub budget: Budget,
    /// What was spent today outside of this run.
    pub elsewhere: Cost,
    /// What the text in the composer will cost about, once there is one.
    pub expected: Option<Cost>,
    /// A question that would cost too much, and why: sent by another enter, as long as it is not changed.
    pub refused: Option<(String, OverBudget)>,
    /// A member that would cost too much to ask again: asked by doing the same once more.
    pub refused_member: Option<Column>,
    /// Who was to be on when switching them on would have cost too much: done by wanting the same once more.
    pub refused_seats: Option<Vec<bool>>,
    /// What everyone who is on will charge for what goes along with a question, whatever is typed.
    along: Option<Along>,
}

impl Purse {
    /// Forgets what hung on the conversation.
    pub fn forget(&mut self) {
        (self.expected, self.along) = (None, None);
        (self.refused, self.refused_member, self.refused_seats) = (None, None, None);
    }
}

/// What a question costs before a word of it is typed, guessed once for each state of the conversation.
#[derive(Clone, Debug, PartialEq)]
struct Along {
    state: TalkState,
    /// One a seat: `None` for who is off or cannot be asked.
    costs: Vec<Option<Cost>>,
    seats: Vec<Seat>,
}

/// Returns what the turns of this run have cost so far.
pub fn spent(app: &App) -> Cost {
    app.turns.iter().skip(app.talk.n_resumed).map(|view| view.turn.cost()).sum()
}

/// Returns what a question will cost about, asked of those who are on; nothing where nothing is bought. Standing
/// instructions of the config are not counted.
pub fn expected(app: &App, talk: &Talk) -> Cost {
    app.seats.iter().filter(|seat| seat.is_on).map(|seat| expected_of(app, talk, &seat.member)).sum()
}

/// Returns what asking one member will cost about.
pub fn expected_of(app: &App, talk: &Talk, member: &Member) -> Cost {
    match talk.told(member, None, None) {
        Told::Asked { prompt, .. } if app.source == Source::Providers => {
            Cost::expected(member, &prompt, tokens::USUAL_ANSWER)
        }
        Told::Asked { .. } | Told::LeftOut(_) => Cost::default(),
    }
}

/// Returns what stands in the way of spending `next` now, if anything does.
pub fn objection(app: &App, next: Cost) -> Option<OverBudget> {
    app.purse.budget.check(spent(app), app.purse.elsewhere, next)
}

/// Guesses what the text in the composer will cost.
pub fn guess(app: &mut App) {
    let text = app.composer.text();
    let is_question = !text.trim().is_empty() && crate::ui::command::slash::after_slash(&text).is_none();
    if !is_question || app.source != Source::Providers {
        app.purse.expected = None;
        return;
    }
    let costs = along(app);
    let reading = app.seats.iter().zip(costs);
    let expected = reading.filter_map(|(seat, cost)| Some(cost? + Cost::of_reading(&seat.member, text.trim()))).sum();
    app.purse.expected = Some(expected);
}

/// Returns what goes along costs, by seat; from the last time where nothing of it has changed.
fn along(app: &mut App) -> Vec<Option<Cost>> {
    app.talk.remember(&app.turns);
    let state = app.talk.state();
    if let Some(known) = app.purse.along.as_ref().filter(|it| it.state == state && it.seats == app.seats) {
        return known.costs.clone();
    }
    let talk = app.talk.talk(Arc::from(""), app.talk.files.clone());
    let cost = |seat: &Seat| match talk.told(&seat.member, None, None) {
        Told::Asked { prompt, .. } if seat.is_on => Some(Cost::expected(&seat.member, &prompt, tokens::USUAL_ANSWER)),
        Told::Asked { .. } | Told::LeftOut(_) => None,
    };
    let costs: Vec<Option<Cost>> = app.seats.iter().map(cost).collect();
    app.purse.along = Some(Along { state, costs: costs.clone(), seats: app.seats.clone() });
    costs
}

/// Returns why the text in the composer was not sent, while it is what was not.
pub fn refusal(app: &App) -> Option<&OverBudget> {
    let (text, over) = app.purse.refused.as_ref()?;
    (app.composer.text().trim() == text).then_some(over)
}

/// Returns who gets to read a question, for the first one of a run: providers, each once, of those who are on.
pub fn readers(app: &App) -> String {
    let mut names: Vec<&str> = Vec::new();
    for seat in app.seats.iter().filter(|seat| seat.is_on) {
        if !names.contains(&&*seat.member.provider) {
            names.push(&seat.member.provider);
        }
    }
    let noun = if names.len() == 1 { "vendor" } else { "vendors" };
    format!("your question goes to {} {noun}: {}", names.len(), names.join(", "))
}
