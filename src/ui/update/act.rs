//! Does what a person wants: one arm for each action.

use std::time::Duration;

use crate::ui::action::Action;
use crate::ui::app::{App, Layer};
use crate::ui::command::Command;
use crate::ui::command::slash::{self, Typed};
use crate::ui::effect::Effect;
use crate::ui::picker::PickerKind;
use crate::ui::update::{
    ask, command, compare, copying, find, history, library, moves, opening, opinion, picker, talk,
};

/// How long the menu waits before it shows itself: who knows the next key has pressed it by then.
const MENU_DELAY: Duration = Duration::from_millis(250);
/// How long a second interrupt leaves.
const ARMED: Duration = Duration::from_secs(2);

/// What an action has to do with, and so who does it.
enum Kind {
    /// The question that is written.
    Edit,
    /// What is in sight, and where.
    Move,
    /// Who is asked.
    Models,
    /// Sessions that are kept.
    Library,
    /// The rest.
    Program,
}

#[expect(clippy::too_many_lines, reason = "one row for each action")]
fn kind(action: &Action) -> Kind {
    match action {
        Action::NewLine
        | Action::DeleteToStart
        | Action::DeleteToEnd
        | Action::DeleteWord
        | Action::LineStart
        | Action::LineEnd
        | Action::WordLeft
        | Action::WordRight
        | Action::CharLeft
        | Action::CharRight
        | Action::DeleteBack
        | Action::DeleteForward
        | Action::DeleteWordForward
        | Action::Yank
        | Action::Undo => Kind::Edit,
        Action::ScrollUp
        | Action::ScrollDown
        | Action::PageUp
        | Action::PageDown
        | Action::ScrollTop
        | Action::Follow
        | Action::FocusLeft
        | Action::FocusRight
        | Action::FocusColumn(_)
        | Action::Open
        | Action::Compare(_)
        | Action::UnfoldThought
        | Action::OnlyConflicts
        | Action::Find
        | Action::FindNext
        | Action::FindPrevious
        | Action::LockScroll
        | Action::Raw
        | Action::WrapCode
        | Action::Zoom
        | Action::CyclePanel
        | Action::CycleChat
        | Action::NextConflict
        | Action::PreviousConflict
        | Action::UnfoldOnlyOne
        | Action::PreviousTurn
        | Action::NextTurn => Kind::Move,
        Action::ToggleModel(_)
        | Action::SwitchOn(_)
        | Action::SwitchOff(_)
        | Action::Only(_)
        | Action::ToggleFocused
        | Action::StopFocused
        | Action::Retry => Kind::Models,
        Action::NewSession
        | Action::PickSession
        | Action::Resume
        | Action::ResumeAs(_)
        | Action::SearchAll
        | Action::SearchFor(_)
        | Action::RenameSession
        | Action::RenameAs(_)
        | Action::PinSession
        | Action::Fork
        | Action::ForkAt(_)
        | Action::DeleteSession
        | Action::RestoreSession
        | Action::Stats => Kind::Library,
        Action::Send
        | Action::Read
        | Action::Write
        | Action::Stop
        | Action::Interrupt
        | Action::DeleteOrQuit
        | Action::Quit
        | Action::Redraw
        | Action::Suspend
        | Action::EditOutside
        | Action::Help
        | Action::Menu
        | Action::Questions
        | Action::Copy
        | Action::CopyAs(_)
        | Action::CopyTurn
        | Action::CopyCode
        | Action::CopyMode
        | Action::Addresses
        | Action::Source(_)
        | Action::Attach(_)
        | Action::Detach(_)
        | Action::Instruct(_)
        | Action::History
        | Action::Palette
        | Action::PickTheme
        | Action::SetTheme(_)
        | Action::PickModels
        | Action::Judge
        | Action::JudgeAs(_)
        | Action::Blind
        | Action::UnfoldPaste => Kind::Program,
    }
}

/// Does what a person wants.
pub(crate) fn act(app: &mut App, action: &Action) -> Vec<Effect> {
    let is_writing = !app.is_reading && !picks_questions(app);
    if is_writing && edits(app, action) {
        return Vec::new();
    }
    // What was opened last closes first.
    if *action == Action::Stop
        && let Some(effects) = close(app)
    {
        return effects;
    }
    if app.is_reading && app.layer == Layer::None && compare::act(app, action) {
        return Vec::new();
    }
    let is_selected = app.is_reading && app.reading.pointing.selection.is_some();
    match kind(action) {
        Kind::Move if is_selected && *action == Action::Open => copying::copy(app),
        Kind::Edit => {
            app.composer.act(action);
            Vec::new()
        }
        Kind::Move => {
            moves::act(app, action);
            Vec::new()
        }
        Kind::Models => ask::act(app, action),
        Kind::Library => library::act(app, action),
        Kind::Program => program(app, action),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`kind` has an arm for every action; the others are done elsewhere")]
fn program(app: &mut App, action: &Action) -> Vec<Effect> {
    match action {
        Action::Send => return send(app),
        Action::Stop => return stop(app),
        Action::Interrupt => return interrupt(app),
        Action::DeleteOrQuit | Action::Quit => return vec![Effect::Quit],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::EditOutside => {
            app.is_reading = false;
            return vec![Effect::Edit(app.composer.text())];
        }
        Action::Copy => return copying::copy(app),
        Action::CopyAs(what) => return copying::copy_as(app, what),
        Action::CopyTurn => return copying::copy_turn(app),
        Action::CopyCode => return copying::copy_code(app),
        Action::CopyMode => return copying::switch_mode(app),
        Action::JudgeAs(word) => return opinion::judge_as(app, word),
        Action::Judge => opinion::ask_for_judgement(app),
        Action::Blind => opinion::blind(app),
        Action::Addresses => opening::list(app),
        Action::Source(number) => opening::ask(app, *number),
        Action::Attach(path) => return talk::attach(app, path),
        Action::Detach(name) => talk::detach(app, name),
        Action::Instruct(text) => talk::instruct(app, text),
        Action::History => history::open(app),
        Action::Palette => picker::open(app, PickerKind::Commands),
        Action::PickTheme => picker::open(app, PickerKind::Themes),
        Action::SetTheme(name) => picker::set_theme(app, name),
        Action::PickModels => picker::open(app, PickerKind::Models),
        Action::UnfoldPaste if app.composer.act(action) => {}
        Action::UnfoldPaste => ask::notify(app, "no paste is folded"),
        Action::Menu => (app.layer, app.menu_shows_at) = (Layer::Menu, app.now + MENU_DELAY),
        Action::Help => (app.layer, app.help_top) = (Layer::Help, 0),
        Action::Read => app.is_reading = !app.turns.is_empty(),
        Action::Write => {
            find::leave(app);
            app.is_reading = false;
        }
        Action::Questions if app.questions.all.is_empty() => ask::notify(app, "there is no list: ask what you like"),
        Action::Questions => app.layer = Layer::Questions,
        _ => {}
    }
    Vec::new()
}

/// Closes a selection, a search, the mode for the terminal's own mouse; `None` where there is nothing of these.
fn close(app: &mut App) -> Option<Vec<Effect>> {
    if app.reading.pointing.selection.take().is_some() {
        return Some(Vec::new());
    }
    if app.reading.find.is_some() {
        find::close(app);
        return Some(Vec::new());
    }
    if app.compare.take().is_some() {
        return Some(Vec::new());
    }
    app.sight.is_bare.then(|| copying::switch_mode(app))
}

/// Edits the question, or moves over what it may become; returns whether that is what `action` is for here.
#[expect(clippy::wildcard_enum_match_arm, reason = "the composer knows what is an edit")]
fn edits(app: &mut App, action: &Action) -> bool {
    match action {
        Action::ScrollUp if command::pick(app, -1) => true,
        Action::ScrollDown if command::pick(app, 1) => true,
        Action::ScrollUp => app.composer.move_rows(-1) || take_back(app) || history::step(app, -1),
        Action::ScrollDown => app.composer.move_rows(1) || history::step(app, 1),
        Action::DeleteOrQuit if app.composer.is_empty() => false,
        _ => app.composer.act(action),
    }
}

/// Returns whether the up and down keys are for the list of questions.
fn picks_questions(app: &App) -> bool {
    app.is_listing() && app.composer.is_empty()
}

/// Sends what is typed, or the picked question; runs a command.
fn send(app: &mut App) -> Vec<Effect> {
    if app.composer.take_backslash() {
        app.composer.act(&Action::NewLine);
        return Vec::new();
    }
    if let Some(picked) = app.slash.picked
        && let Some(found) = command::completions(app).get(picked)
    {
        app.composer.set(format!("/{}", found.slash));
    }
    match slash::read(&app.composer.text()) {
        Ok(Typed::Question(text)) if !text.is_empty() => {
            app.composer.take();
            app.history.keep(&slash::typed(&text));
            let text = if app.is_listing() { numbered(app, &text).unwrap_or(text) } else { text };
            return ask::submit(app, &text);
        }
        Ok(Typed::Question(_)) => {}
        Ok(Typed::Command(found, argument)) => return run(app, found, &argument),
        Err(problem) => {
            ask::notify(app, &problem);
            return Vec::new();
        }
    }
    if picks_questions(app)
        && let Some(listed) = app.questions.all.get(app.questions.picked)
    {
        let text = if listed.question.is_empty() { listed.id.clone() } else { listed.question.clone() };
        return ask::submit(app, &text);
    }
    Vec::new()
}

/// Runs a typed command; one that can't be done stays in the composer.
fn run(app: &mut App, found: &Command, argument: &str) -> Vec<Effect> {
    match command::action(app, found, argument) {
        Ok(action) => {
            app.composer.take();
            act(app, &action)
        }
        Err(problem) => {
            ask::notify(app, &problem);
            Vec::new()
        }
    }
}

/// Returns the question of the list in sight that a typed number stands for.
fn numbered(app: &App, text: &str) -> Option<String> {
    let idx = text.parse::<usize>().ok()?.checked_sub(1)?;
    let listed = app.questions.all.get(idx)?;
    Some(if listed.question.is_empty() { listed.id.clone() } else { listed.question.clone() })
}

/// Puts what was queued last into an empty composer; returns whether there was anything.
fn take_back(app: &mut App) -> bool {
    if !app.composer.is_empty() {
        return false;
    }
    let queued = app.queue.pop_back();
    if queued.is_some() {
        app.talk.files.extend(app.talk.aside.pop_back().unwrap_or_default());
    }
    queued.inspect(|text| app.composer.set(slash::typed(text))).is_some()
}

/// Closes what is open, else stops every answer; what was queued comes back to the composer.
fn stop(app: &mut App) -> Vec<Effect> {
    if app.layer == Layer::Questions {
        app.layer = Layer::None;
        return Vec::new();
    }
    if command::close(app) || app.purse.refused.take().is_some() {
        return Vec::new();
    }
    let effects = ask::stop_all(app);
    if !effects.is_empty() {
        hold(app);
        return effects;
    }
    let is_idle = !std::mem::take(&mut app.is_reading) && app.composer.is_empty();
    if let Some(newest) = app.history.newest().filter(|_| is_idle).map(str::to_owned) {
        if app.history.is_edit_armed {
            app.composer.set(newest);
        } else {
            ask::notify(app, "esc again edits your last question");
        }
        app.history.is_edit_armed = !app.history.is_edit_armed;
    }
    effects
}

/// Takes what was queued back into the composer, or beside it where something is typed: to stop is to send nothing.
fn hold(app: &mut App) {
    if app.queue.is_empty() {
        return;
    }
    app.talk.files.extend(app.talk.aside.drain(..).flatten());
    let text = app.queue.drain(..).collect::<Vec<_>>().join("\n\n");
    ask::give_back(app, &text);
}

/// The ladder: stop, then clear (kept as a draft), then arm, then quit.
fn interrupt(app: &mut App) -> Vec<Effect> {
    let effects = ask::stop_all(app);
    if !effects.is_empty() {
        hold(app);
        return effects;
    }
    if !app.composer.is_empty() {
        let draft = app.composer.take();
        app.history.keep(&draft);
        let keys = if picks_questions(app) { "ctrl-r" } else { "up" };
        ask::notify(app, &format!("cleared; {keys} brings it back"));
        return Vec::new();
    }
    if app.quit_armed_until.is_some() {
        return vec![Effect::Quit];
    }
    app.quit_armed_until = Some(app.now + ARMED);
    Vec::new()
}
