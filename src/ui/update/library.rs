//! Sessions that are kept: listed, found, named, and opened in place of the one that goes on.

use crate::domain::ids::{Column, TurnId};
use crate::ui::action::Action;
use crate::ui::app::{App, Layer, TurnView};
use crate::ui::effect::Effect;
use crate::ui::geometry::Pane;
use crate::ui::library::{Answer, Opened, Wish};
use crate::ui::msg::Msg;
use crate::ui::picker::PickerKind;
use crate::ui::places::Places;
use crate::ui::reading::Goal;
use crate::ui::scroll::Scroll;
use crate::ui::text::clean::clean;
use crate::ui::update::ask::notify;
use crate::ui::update::{moves, picker, stats, update};
use crate::ui::view::panel::PanelView;

/// Does what a person wants of sessions; in the list, with the picked one.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "`act::kind` has an arm for every action; others are done elsewhere"
)]
pub(crate) fn act(app: &mut App, action: &Action) -> Vec<Effect> {
    if *action == Action::NewSession {
        return if is_idle(app) { begin(app) } else { Vec::new() };
    }
    if let Some(why) = app.library.closed {
        notify(app, why);
        return Vec::new();
    }
    match action {
        Action::PickSession => {
            picker::open(app, PickerKind::Sessions);
            vec![Effect::Library(Wish::List(String::new()))]
        }
        Action::SearchAll => {
            picker::open(app, PickerKind::Finds);
            app.library.finds.clear();
            app.library.finds_for.clear();
            Vec::new()
        }
        Action::SearchFor(words) => {
            picker::open(app, PickerKind::Finds);
            app.picker.pattern.clone_from(words);
            vec![Effect::Library(Wish::Search(words.clone()))]
        }
        Action::Resume => {
            let which = app.library.broken_off.clone().unwrap_or_else(|| "last".to_owned());
            go_on(app, which, None)
        }
        Action::ResumeAs(typed) => go_on(app, typed.clone(), None),
        Action::Stats => stats::open(app),
        Action::RestoreSession => vec![Effect::Library(Wish::Restore)],
        _ => chosen(app, action),
    }
}

/// Does something with the picked session, else with the one that goes on here.
#[expect(clippy::wildcard_enum_match_arm, reason = "`act` does the others")]
fn chosen(app: &mut App, action: &Action) -> Vec<Effect> {
    let is_listing = app.layer == Layer::Picker && app.picker.kind == PickerKind::Sessions;
    let picked = picker::picked(app).filter(|_| is_listing);
    let picked = picked.and_then(|idx| app.library.cards.get(idx)).map(|card| card.id.clone());
    let id = match picked {
        Some(id) => id,
        None if is_listing => return Vec::new(),
        None if app.turns.is_empty() => {
            notify(app, "nothing has been asked in this session yet");
            return Vec::new();
        }
        None => app.library.here.clone(),
    };
    let wish = match action {
        Action::RenameSession if is_listing => {
            app.picker.naming = Some(String::new());
            return Vec::new();
        }
        Action::RenameSession => {
            let draft = app.composer.take();
            app.history.keep(&draft);
            app.composer.set("/rename ");
            app.is_reading = false;
            return Vec::new();
        }
        Action::RenameAs(name) => Wish::Rename(id, name.clone()),
        Action::PinSession => Wish::Pin(id),
        Action::Fork | Action::ForkAt(_) if !is_idle(app) => return Vec::new(),
        Action::Fork if is_listing => Wish::Fork(id, None),
        Action::Fork => Wish::Fork(id, u32::try_from(app.selected + 1).ok()),
        Action::ForkAt(n_turns) if usize::try_from(*n_turns).is_ok_and(|n_turns| n_turns > app.turns.len()) => {
            notify(app, &format!("there are {} turns here", app.turns.len()));
            return Vec::new();
        }
        Action::ForkAt(n_turns) => Wish::Fork(id, Some(*n_turns)),
        Action::DeleteSession if !is_listing && !is_idle(app) => return Vec::new(),
        Action::DeleteSession => Wish::Delete(id),
        _ => return Vec::new(),
    };
    vec![Effect::Library(wish)]
}

/// Returns whether another session may take the place of this one; says why not.
fn is_idle(app: &mut App) -> bool {
    let is_over = app.turns.last().is_none_or(|view| view.turn.is_over()) && !app.is_busy();
    if app.talk.is_replay {
        notify(app, "a replay is one session: to go on with it, start with --resume");
    } else if !is_over {
        notify(app, "answers are still coming in: esc stops them");
    }
    is_over && !app.talk.is_replay
}

/// Goes on with a session, at the turn of a place; one that goes on here only shows the turn.
pub(crate) fn go_on(app: &mut App, which: String, turn: Option<u32>) -> Vec<Effect> {
    if which == app.library.here && !app.turns.is_empty() {
        app.layer = Layer::None;
        show_turn(app, turn);
        return Vec::new();
    }
    if !is_idle(app) {
        return Vec::new();
    }
    app.library.wanted_turn = turn;
    vec![Effect::Library(Wish::Open(which))]
}

/// Brings the turn of a place into sight, where there is one.
fn show_turn(app: &mut App, place: Option<u32>) {
    let Some(turn) = place.and_then(|place| usize::try_from(place).ok()?.checked_sub(1)) else { return };
    moves::select(app, turn);
    app.reading.chat_goal = Some(Goal { turn: app.selected, source: None });
}

/// Takes in what came of a wish.
pub(crate) fn answer(app: &mut App, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Cards(pattern, cards) => {
            let before = picker::picked(app).and_then(|idx| app.library.cards.get(idx)).map(|card| card.id.clone());
            let is_same = app.library.cards_for == pattern;
            (app.library.cards, app.library.cards_for) = (cards, pattern);
            let is_listing = app.layer == Layer::Picker && app.picker.kind == PickerKind::Sessions;
            if is_listing && is_same {
                // What was done with one moves it: it stays picked.
                let at = before.and_then(|id| app.library.cards.iter().position(|card| card.id == id));
                let last = app.library.cards.len().saturating_sub(1);
                app.picker.picked = at.unwrap_or(app.picker.picked).min(last);
            }
            Vec::new()
        }
        Answer::Finds(words, finds) => {
            (app.library.finds, app.library.finds_for) = (finds, words);
            Vec::new()
        }
        Answer::Opened(opened) => {
            if is_idle(app) {
                open(app, *opened)
            } else {
                Vec::new()
            }
        }
        Answer::Counted(board) => {
            app.library.board = Some(board);
            Vec::new()
        }
        Answer::Done(said) => {
            notify(app, &clean(&said));
            relist(app)
        }
        Answer::Deleted(id, said) => {
            let is_here = id == app.library.here && !app.turns.is_empty();
            let mut effects = if is_here { begin(app) } else { Vec::new() };
            notify(app, &clean(&said));
            effects.extend(relist(app));
            effects
        }
    }
}

/// Offers a session that broke off before this run.
pub(crate) fn broke_off(app: &mut App, id: String, name: &str) {
    let text = format!("`{}` broke off: /resume goes on with it where it stood", clean(name));
    app.library.broken_off = Some(id);
    notify(app, &text);
    app.notes.push(text);
}

/// Asks for the list anew where it is open.
fn relist(app: &App) -> Vec<Effect> {
    let is_listing = app.layer == Layer::Picker && app.picker.kind == PickerKind::Sessions;
    if is_listing { vec![Effect::Library(Wish::List(app.picker.pattern.clone()))] } else { Vec::new() }
}

/// Begins a new session; what stands in the composer stays.
fn begin(app: &mut App) -> Vec<Effect> {
    clear(app);
    notify(app, "a new session");
    vec![Effect::Sit { draft: String::new(), session: None, turns: Vec::new() }]
}

/// Puts a session in the place of the one that goes on.
fn open(app: &mut App, opened: Opened) -> Vec<Effect> {
    let draft = app.composer.take();
    app.history.keep(&draft);
    clear(app);
    let is_other = opened.is_demo != (app.source != crate::ui::app::Source::Providers);
    let name = clean(&opened.name);
    let (id, wanted) = (opened.id.clone(), app.library.wanted_turn.take());
    if app.library.broken_off.as_ref().is_some_and(|broken_off| id.starts_with(broken_off)) {
        app.library.broken_off = None;
    }
    let turns = bring_back(app, opened);
    show_turn(app, wanted);
    let who = if is_other { "; it was others who answered: from now on those who are on" } else { "" };
    notify(app, &format!("here is `{name}`{who}"));
    vec![Effect::Sit { draft, session: Some(id), turns }]
}

/// Puts the turns of a session where they were, and its draft into the composer. Returns what the store calls each.
pub fn bring_back(app: &mut App, opened: Opened) -> Vec<(TurnId, String)> {
    let now = app.now;
    let mut names = Vec::new();
    for brought in opened.turns {
        let id = app.next_turn();
        let record = brought.record;
        let view = TurnView::new(record.asked.turn(id, now));
        app.turns.push(TurnView { opinion: brought.opinion.into(), ..view });
        for moment in &record.moments {
            update(app, Msg::Stream(moment.event(id, now)), now);
        }
        update(app, Msg::Report(id, brought.report, brought.verdict.band), now);
        update(app, Msg::Verdict(id, Box::new(brought.verdict)), now);
        app.history.keep(&record.asked.question);
        names.push((id, brought.id));
    }
    app.talk.n_resumed = app.turns.len();
    app.selected = app.turns.len().saturating_sub(1);
    app.reading.chat_cursor = app.selected;
    if !opened.draft.is_empty() {
        app.composer.set(opened.draft);
    }
    names
}

/// Takes everything away that belongs to the session that goes on.
fn clear(app: &mut App) {
    app.turns.clear();
    (app.selected, app.laid_out) = (0, 0);
    app.queue.clear();
    app.talk.forget();
    app.purse.forget();
    app.layer = Layer::None;
    app.is_reading = false;
    app.is_zoomed = false;
    app.pane = Pane::Column(Column(0));
    app.chat_scroll = Scroll::default();
    (app.conflict, app.compare) = (None, None);
    (app.places, app.panel) = (Places::default(), PanelView::default());
    app.reading.leave();
}
