//! What a person thinks: right, wrong or partly; and a vote for an answer whose author they do not know.

use crate::domain::ids::Column;
use crate::domain::opinion::Judgement;
use crate::ui::app::{App, Layer, TurnView};
use crate::ui::effect::Effect;
use crate::ui::faces::Faces;
use crate::ui::pick::{Pick, votable};
use crate::ui::update::ask::notify;

/// Asks at the foot whether the answer is right.
pub(crate) fn ask_for_judgement(app: &mut App) {
    let has_answer = app.shown().and_then(|view| view.verdict.as_ref()).is_some_and(|verdict| verdict.answer.is_some());
    if has_answer {
        app.layer = Layer::Pick(Pick::Judge);
    } else {
        notify(app, "there is no answer to judge yet");
    }
}

/// Notes what the person thinks of the answer of the shown turn.
fn judge(app: &mut App, judgement: Judgement) -> Vec<Effect> {
    if let Some(view) = app.turns.get_mut(app.selected) {
        view.opinion.judge(judgement);
        view.revision += 1;
        notify(app, &format!("noted: {}; !u takes it back", judgement.as_str()));
    }
    kept(app)
}

/// Returns what keeps the opinion on the shown turn.
fn kept(app: &App) -> Vec<Effect> {
    let keep = |view: &TurnView| Effect::KeepOpinion { turn: view.turn.id, opinion: view.opinion.held };
    app.shown().map(keep).into_iter().collect()
}

/// Notes what the person thinks, in a word of theirs.
pub(crate) fn judge_as(app: &mut App, word: &str) -> Vec<Effect> {
    let has_answer = app.shown().and_then(|view| view.verdict.as_ref()).is_some_and(|verdict| verdict.answer.is_some());
    match Judgement::from_word(word) {
        _ if !has_answer => notify(app, "there is no answer to judge yet"),
        Some(judgement) => return judge(app, judgement),
        None if word == "undo" => return take_back(app),
        None => notify(app, &format!("say right, wrong, partly or undo, not `{word}`")),
    }
    Vec::new()
}

fn take_back(app: &mut App) -> Vec<Effect> {
    let Some(view) = app.turns.get_mut(app.selected) else { return Vec::new() };
    view.revision += 1;
    let text = match (view.opinion.take_back(), view.opinion.held.judgement) {
        (false, _) => "there is nothing to take back".to_owned(),
        (true, None) => "taken back".to_owned(),
        (true, Some(judgement)) => format!("taken back: {} again", judgement.as_str()),
    };
    notify(app, &text);
    kept(app)
}

/// Hides the names of the newest turn, if nobody has said anything in it yet.
pub(crate) fn hide_names(app: &mut App) {
    let is_blind = app.sight.is_blind;
    let Some(view) = app.turns.last_mut().filter(|_| is_blind) else { return };
    let responses = &view.turn.responses;
    if responses.iter().all(|response| response.text.is_empty()) {
        let on = app.seats.iter().enumerate().filter(|(_, seat)| seat.is_on).map(|(idx, _)| Column::at(idx));
        view.faces = Faces::hidden(view.turn.id, responses.len(), &on.collect::<Vec<_>>());
        view.revision += 1;
    }
}

/// Asks for a vote where names are hidden; else switches the blind mode on or off.
pub(crate) fn blind(app: &mut App) {
    if app.shown().is_some_and(|view| view.faces.are_hidden()) {
        if votable(app).is_empty() {
            notify(app, "nobody has answered in full yet");
        } else {
            app.layer = Layer::Pick(Pick::Vote);
        }
        return;
    }
    app.sight.is_blind = !app.sight.is_blind;
    if app.sight.is_blind {
        hide_names(app);
        notify(app, "names are hidden from the next question on, until you vote with B");
    } else {
        notify(app, "names are shown");
    }
}

/// Takes a vote for the answer that bears a letter, or for none, and shows who is who.
pub(crate) fn vote(app: &mut App, letter: Option<Column>) -> Vec<Effect> {
    let Some(view) = app.turns.get_mut(app.selected) else { return Vec::new() };
    let best = letter.map(|letter| view.faces.behind(letter));
    view.opinion.held.vote = best;
    view.faces = Faces::default();
    view.revision += 1;
    let name = best.and_then(|column| Some((column, view.turn.response(column)?.answerer().id.clone())));
    match name {
        Some((column, name)) => {
            notify(app, &format!("your vote went to {name}, which is {} now", column.letter()));
        }
        None => notify(app, "no vote; these are the names"),
    }
    kept(app)
}

/// Takes the letter that answers what the foot asks; another letter changes nothing.
pub(crate) fn pick(app: &mut App, pick: Pick, letter: char) -> Vec<Effect> {
    match (pick, letter) {
        // Code is no matter of opinion.
        (Pick::Code, _) => Vec::new(),
        (Pick::Judge, 'u') => take_back(app),
        (Pick::Judge, letter) => {
            let judgement = Judgement::from_word(letter.to_string().as_str());
            judgement.map_or_else(Vec::new, |judgement| judge(app, judgement))
        }
        (Pick::Vote, 'n') => vote(app, None),
        (Pick::Vote, letter) => {
            let known = votable(app).into_iter().find(|column| column.letter() == letter.to_ascii_uppercase());
            if known.is_some() { vote(app, known) } else { Vec::new() }
        }
    }
}
