//! Asking: a new turn, one member more or once more, and taking members out.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::attachment::Attachment;
use crate::domain::budget::OverBudget;
use crate::domain::conversation::Told;
use crate::domain::ids::Column;
use crate::domain::response::State;
use crate::domain::turn::Turn;
use crate::ui::action::Action;
use crate::ui::app::{App, Layer, MAX_ON, Seat, Source, TurnView};
use crate::ui::command::slash;
use crate::ui::effect::Effect;
use crate::ui::geometry::Pane;
use crate::ui::notice::Notice;
use crate::ui::purse;
use crate::ui::update::{find, opinion};

/// How long a short message stays.
const NOTICE: Duration = Duration::from_secs(4);

/// Sends `text` with the files that are attached now, or queues both while a turn is under way.
pub fn submit(app: &mut App, text: &str) -> Vec<Effect> {
    if app.talk.is_replay {
        notify(app, "a replay asks nobody: to go on with a session, start with --resume");
        give_back(app, text);
        return Vec::new();
    }
    let files = std::mem::take(&mut app.talk.files);
    if app.is_busy() {
        app.queue.push_back(text.to_owned());
        app.talk.aside.push_back(files);
        return Vec::new();
    }
    send(app, text, files)
}

/// Starts a turn that asks `text`. Where nobody can be asked, or the budget stands in the way, the text goes back to the
/// composer, and the files with it.
pub(crate) fn send(app: &mut App, text: &str, files: Vec<Attachment>) -> Vec<Effect> {
    let question = seat_those_who_can_answer(app, text);
    let on: Vec<Column> =
        app.seats.iter().enumerate().filter(|(_, seat)| seat.is_on).map(|(idx, _)| Column::at(idx)).collect();
    let Some(first) = on.first().copied() else {
        notify(app, "no model is on: ctrl-x 1 switches A on");
        keep(app, text, files);
        return Vec::new();
    };
    app.talk.remember(&app.turns);
    let talk = app.talk.talk(Arc::from(question.as_str()), files);
    let can_be_asked = |seat: &&Seat| seat.is_on && matches!(talk.told(&seat.member, None, None), Told::Asked { .. });
    if !app.seats.iter().any(|seat| can_be_asked(&seat)) {
        notify(app, "no model that is on takes images: /detach lets them go");
        keep(app, text, talk.files);
        return Vec::new();
    }
    let is_allowed = app.purse.refused.take().is_some_and(|(refused, _)| refused == text.trim());
    (app.purse.refused_member, app.purse.refused_seats) = (None, None);
    if let Some(over) = purse::objection(app, purse::expected(app, &talk)).filter(|_| !is_allowed) {
        refuse(app, text, talk.files, over);
        return Vec::new();
    }
    if app.turns.is_empty() && app.source == Source::Providers {
        notify(app, &purse::readers(app));
    }
    let id = app.next_turn();
    let members = app.seats.iter().map(|seat| Arc::clone(&seat.member));
    let turn = Turn::new(id, &question, members, app.now).with_files(talk.files.clone());
    show(app, turn, &on, first);
    let members = app.seats.iter().map(|seat| seat.member.id.clone()).collect();
    vec![Effect::Ask { turn: id, talk: Arc::new(talk), members, asks: on }]
}

/// Shows a turn that begins, of which `on` are asked, `first` before the others.
fn show(app: &mut App, turn: Turn, on: &[Column], first: Column) {
    app.turns.push(TurnView::new(turn));
    app.selected = app.turns.len() - 1;
    app.reading.chat_cursor = app.selected;
    find::leave(app);
    app.layer = Layer::None;
    (app.conflict, app.compare) = (None, None);
    opinion::hide_names(app);
    app.chat_scroll.follow();
    let keeps_pane = matches!(app.pane, Pane::Column(column) if on.contains(&column));
    if !keeps_pane {
        app.pane = Pane::Column(first);
    }
}

/// Seats those who were asked in a run that is played, and shows the turn that begins in it. Without `asks`, all were on.
pub(crate) fn began(app: &mut App, turn: Turn, asks: &[Column]) {
    let is_on = |idx: usize| asks.is_empty() || asks.contains(&Column::at(idx));
    let members = turn.responses.iter().enumerate();
    app.seats = members.map(|(idx, response)| Seat::new(Arc::clone(&response.member), is_on(idx))).collect();
    let on: Vec<Column> = (0..turn.responses.len()).filter(|idx| is_on(*idx)).map(Column::at).collect();
    let first = on.first().copied().unwrap_or_default();
    show(app, turn, &on, first);
}

/// Puts a question that costs too much back. In an empty composer another enter sends it all the same; where something
/// else is typed it waits, and is looked at again when it is sent.
fn refuse(app: &mut App, text: &str, files: Vec<Attachment>, over: OverBudget) {
    let is_in_sight = app.composer.is_empty();
    keep(app, text, files);
    if is_in_sight {
        app.purse.refused = Some((text.trim().to_owned(), over));
    } else {
        notify(app, &format!("{over}: it waits, up in an empty composer fetches it"));
    }
}

/// Puts a question and its files back where they came from.
fn keep(app: &mut App, text: &str, files: Vec<Attachment>) {
    give_back(app, text);
    app.talk.files.extend(files);
}

/// Returns the question that `text` stands for. Where it is one of the list that only some models can answer, those
/// take their seats, the first five of them on.
fn seat_those_who_can_answer(app: &mut App, text: &str) -> String {
    let Some(listed) = app.questions.all.iter().find(|listed| listed.id == text || listed.question == text) else {
        return text.to_owned();
    };
    let question = if listed.question.is_empty() { listed.id.clone() } else { listed.question.clone() };
    let members: Vec<_> =
        listed.models.iter().filter_map(|id| app.bench.iter().find(|member| member.id == *id).cloned()).collect();
    let is_seated = members.len() == app.seats.len()
        && members.iter().zip(&app.seats).all(|(member, seat)| member.id == seat.member.id);
    if !members.is_empty() && !is_seated {
        app.seats = members.into_iter().enumerate().map(|(idx, member)| Seat::new(member, idx < MAX_ON)).collect();
    }
    question
}

/// Asks one member of the newest turn, anew if it was asked before.
fn ask_member(app: &mut App, column: Column) -> Vec<Effect> {
    let newest = app.turns.last().filter(|view| view.turn.response(column).is_some());
    newest.map_or_else(Vec::new, |view| vec![Effect::AskMember { turn: view.turn.id, column }])
}

/// Returns whether a member may be asked the newest question (again), as far as money goes; says why not the first time.
fn may_ask(app: &mut App, column: Column) -> bool {
    let member = app.seats.get(column.index()).map(|seat| Arc::clone(&seat.member));
    let Some((talk, member)) = app.talk.again(&app.turns).zip(member) else { return true };
    let over = purse::objection(app, purse::expected_of(app, &talk, &member));
    let is_repeated = app.purse.refused_member.take() == Some(column);
    match over {
        Some(over) if !is_repeated => {
            app.purse.refused_member = Some(column);
            notify(app, &format!("{over}: the same key once more asks {} all the same", member.id));
            false
        }
        Some(_) | None => true,
    }
}

/// Switches a model on or off. Off cancels it and withdraws its vote; on asks it now, for the newest turn.
fn toggle(app: &mut App, column: Column) -> Vec<Effect> {
    let mut wanted: Vec<bool> = app.seats.iter().map(|seat| seat.is_on).collect();
    let Some(is_on) = wanted.get_mut(column.index()) else {
        notify(app, "there is no model with that number");
        return Vec::new();
    };
    *is_on = !*is_on;
    reseat(app, &wanted)
}

/// Switches everyone to what is wanted: all of it, or, where that would cost too much, nothing, and says why. Those who
/// leave go first, so that there is room for those who come.
pub(crate) fn reseat(app: &mut App, wanted: &[bool]) -> Vec<Effect> {
    let changes = |is_on: bool| {
        let pairs = app.seats.iter().zip(wanted).enumerate();
        let found = pairs.filter(move |(_, (seat, wanted))| **wanted == is_on && seat.is_on != is_on);
        found.map(|(idx, _)| Column::at(idx)).collect::<Vec<_>>()
    };
    let (leaving, joining) = (changes(false), changes(true));
    if !joining.is_empty() && wanted.iter().filter(|is_on| **is_on).count() > MAX_ON {
        notify(app, "five models are on; switch one off first");
        return Vec::new();
    }
    if !may_join(app, wanted, &joining, leaving.len()) {
        return Vec::new();
    }
    leaving.into_iter().chain(joining).flat_map(|column| switch_seat(app, column)).collect()
}

/// Returns whether those who are switched on may be asked the newest question, as far as money goes; says why not the
/// first time.
fn may_join(app: &mut App, wanted: &[bool], joining: &[Column], n_leaving: usize) -> bool {
    let is_repeated = app.purse.refused_seats.take().is_some_and(|refused| refused == wanted);
    // A turn of an earlier run is not asked again.
    let is_asked_now = app.turns.len() > app.talk.n_resumed;
    let Some(talk) = app.talk.again(&app.turns).filter(|_| is_asked_now) else { return true };
    let members: Vec<_> = joining
        .iter()
        .filter_map(|column| app.seats.get(column.index()))
        .map(|seat| Arc::clone(&seat.member))
        .collect();
    let expected = members.iter().map(|member| purse::expected_of(app, &talk, member)).sum();
    let over = purse::objection(app, expected).filter(|_| !members.is_empty() && !is_repeated);
    let Some(over) = over else { return true };
    app.purse.refused_seats = Some(wanted.to_owned());
    let said = match members.as_slice() {
        [member] if n_leaving == 0 => format!("{over}: the same key once more asks {} all the same", member.id),
        _ => format!("{over}: nothing was changed; the same once more does it all the same"),
    };
    notify(app, &said);
    false
}

/// Switches one seat over, and says what follows for the newest turn.
fn switch_seat(app: &mut App, column: Column) -> Vec<Effect> {
    let Some(seat) = app.seats.get_mut(column.index()) else { return Vec::new() };
    seat.is_on = !seat.is_on;
    let (is_on, id) = (seat.is_on, seat.member.id.clone());
    let n_resumed = app.talk.n_resumed;
    let Some(view) = app.turns.iter_mut().skip(n_resumed).next_back() else { return Vec::new() };
    view.revision += 1;
    let turn = view.turn.id;
    let takes_part = view.turn.response(column).is_some_and(|response| response.member.id == id);
    match (takes_part, is_on) {
        (false, _) => Vec::new(),
        (true, true) => ask_member(app, column),
        (true, false) => vec![Effect::Withdraw { turn, column }],
    }
}

/// Does what changes who is asked; what has nothing to do with that changes nothing.
#[expect(clippy::wildcard_enum_match_arm, reason = "of all that a person can do, only this is done here")]
pub(crate) fn act(app: &mut App, action: &Action) -> Vec<Effect> {
    let is_of_newest = app.turns.is_empty() || app.is_newest_shown();
    match action {
        Action::ToggleModel(column) => toggle(app, *column),
        Action::SwitchOn(column) => switch(app, *column, true),
        Action::SwitchOff(column) => switch(app, *column, false),
        Action::Only(column) => only(app, *column),
        Action::ToggleFocused | Action::StopFocused | Action::Retry if !is_of_newest => {
            let is_old = app.selected + 1 == app.turns.len();
            let newest = "only the newest turn can be changed; ) goes there";
            notify(app, if is_old { "this turn is of an earlier run: its question can be sent again" } else { newest });
            Vec::new()
        }
        Action::ToggleFocused => app.focused_column().map_or_else(Vec::new, |column| toggle(app, column)),
        Action::StopFocused => stop_focused(app),
        Action::Retry => retry(app),
        _ => Vec::new(),
    }
}

/// Switches a model on or off where it is not so already.
fn switch(app: &mut App, column: Column, is_on: bool) -> Vec<Effect> {
    match app.seats.get(column.index()) {
        Some(seat) if seat.is_on == is_on => {
            let text = format!("{} is {} already", seat.member.id, if is_on { "on" } else { "off" });
            notify(app, &text);
            Vec::new()
        }
        Some(_) | None => toggle(app, column),
    }
}

/// Leaves a single model on.
fn only(app: &mut App, column: Column) -> Vec<Effect> {
    let wanted: Vec<bool> = (0..app.seats.len()).map(|idx| idx == column.index()).collect();
    reseat(app, &wanted)
}

/// Asks the focused member again.
fn retry(app: &mut App) -> Vec<Effect> {
    match app.focused_column() {
        Some(column) if app.is_newest_shown() && may_ask(app, column) => ask_member(app, column),
        Some(_) | None => Vec::new(),
    }
}

/// Stops the focused member; what it said stays.
fn stop_focused(app: &mut App) -> Vec<Effect> {
    let column = app.focused_column();
    let Some((column, view)) = column.zip(app.shown()) else { return Vec::new() };
    vec![Effect::StopMember { turn: view.turn.id, column }]
}

/// Stops everyone who is still at it in the newest turn; returns nothing to do when nobody is.
pub(crate) fn stop_all(app: &mut App) -> Vec<Effect> {
    let Some(view) = app.turns.last() else { return Vec::new() };
    let is_at_it = view.turn.responses.iter().any(|response| match response.state {
        State::Waiting | State::Retrying { .. } | State::Streaming | State::Late => true,
        State::Skipped | State::Done | State::Failed(_) | State::Cancelled => false,
    });
    if is_at_it { vec![Effect::StopAll { turn: view.turn.id }] } else { Vec::new() }
}

/// Puts a question back into the composer, so that it is still one when it is sent again; where something is typed, into the history, for the up key to fetch.
pub(crate) fn give_back(app: &mut App, question: &str) {
    let text = slash::typed(question);
    if app.composer.is_empty() {
        app.composer.set(text);
    } else {
        app.history.keep(&text);
        notify(app, "your question waits in the history: up fetches it");
    }
}

/// Shows a short message for a few seconds.
pub(crate) fn notify(app: &mut App, text: &str) {
    app.notice = Some(Notice { text: text.to_owned(), until: app.now + NOTICE });
}
