//! What a person does: keys through the table, typing, pasting, the wheel, the size of the window.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};

use crate::ui::action::Action;
use crate::ui::app::{App, Layer};
use crate::ui::command::Command;
use crate::ui::command::slash::{self, Typed};
use crate::ui::effect::Effect;
use crate::ui::keymap::{Key, Mode};
use crate::ui::msg::Input;
use crate::ui::pick::{self, Pick};
use crate::ui::text::clean::clean;
use crate::ui::theme::Theme;
use crate::ui::update::{ask, command, compare, copying, find, mouse, moves, opinion, talk};

/// Entries of the help that a key moves.
const HELP_STEP: usize = 4;
/// How long the menu waits before it shows itself: who knows the next key has pressed it by then.
const MENU_DELAY: Duration = Duration::from_millis(250);
/// How long a second interrupt leaves.
const ARMED: Duration = Duration::from_secs(2);

/// Applies what a person did.
pub(crate) fn take(app: &mut App, input: Input) -> Vec<Effect> {
    match input {
        // Terminals that report releases and repeats would double every letter.
        Input::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
        Input::Key(key) => press(app, key),
        Input::Paste(text) => {
            app.is_reading = false;
            app.composer.paste(&text);
            command::refresh(app);
            Vec::new()
        }
        Input::Mouse(event) => mouse::take(app, event),
        Input::Resize(width, height) => {
            app.size = (width, height);
            Vec::new()
        }
        Input::Focus(is_here) => focus(app, is_here),
        Input::Background(background) => {
            if let Some(depth) = app.follows_background {
                let glyphs = app.theme.glyphs;
                app.theme = Theme::named(background.theme(), depth).0;
                app.theme.glyphs = glyphs;
            }
            Vec::new()
        }
    }
}

/// Notes where the person looks. Who comes back may have changed the terminal's colours meanwhile.
fn focus(app: &mut App, is_here: bool) -> Vec<Effect> {
    app.unfocused_since = if is_here { None } else { Some(app.now) };
    if is_here && app.follows_background.is_some() { vec![Effect::AskBackground] } else { Vec::new() }
}

/// Does what concerns the terminal as a whole: leaves it, lends it, or paints it anew.
fn terminal(app: &mut App, action: &Action) -> Vec<Effect> {
    let effect = if *action == Action::EditOutside {
        app.is_reading = false;
        Effect::Edit(app.composer.text())
    } else if *action == Action::Redraw {
        Effect::Redraw
    } else if *action == Action::Suspend {
        Effect::Suspend
    } else {
        Effect::Quit
    };
    vec![effect]
}

/// Takes the text of an editor in; where there is none, what was typed stays.
pub(crate) fn edited(app: &mut App, edited: Result<String, String>) {
    match edited {
        Ok(text) => app.composer.set(clean(&text)),
        Err(why) => ask::notify(app, &clean(&why)),
    }
}

fn press(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let pressed = Key::of(key);
    // The top layer sees the key first.
    match app.layer {
        Layer::Menu => return press_in_menu(app, pressed),
        Layer::Help => {
            press_in_help(app, pressed);
            return Vec::new();
        }
        Layer::Pick(pick) => {
            app.layer = Layer::None;
            let KeyCode::Char(letter) = key.code else { return Vec::new() };
            return match (pick, pick::index(letter)) {
                (Pick::Code, Some(idx)) => copying::copy_block(app, idx),
                (Pick::Code, None) => Vec::new(),
                (Pick::Judge | Pick::Vote, _) => {
                    opinion::pick(app, pick, letter);
                    Vec::new()
                }
            };
        }
        Layer::Find => {
            find::key(app, key);
            return Vec::new();
        }
        Layer::Questions | Layer::None => {}
    }
    let mode = if app.is_reading { Mode::Read } else { Mode::Write };
    let actions = app.keymap.actions(mode, pressed).to_vec();
    let types = mode == Mode::Write && (actions.is_empty() || pressed.types() && !app.composer.is_empty());
    if types {
        app.composer.key(key);
        command::refresh(app);
        return Vec::new();
    }
    let is_tab = key.code == KeyCode::Tab;
    if is_tab && command::complete(app) {
        return Vec::new();
    }
    act_all(app, actions)
}

/// Does what follows the menu key; a key that means nothing closes the menu and says so.
fn press_in_menu(app: &mut App, pressed: Key) -> Vec<Effect> {
    let is = |name: &str| Key::from_name(name) == Ok(pressed);
    if is("?") && !app.is_menu_shown() {
        app.menu_shows_at = app.now;
        return Vec::new();
    }
    app.layer = Layer::None;
    let actions = app.keymap.actions(Mode::Menu, pressed).to_vec();
    if actions.is_empty() {
        let said = if is("esc") { "the menu is closed" } else { "that key is not in the menu; nothing was done" };
        ask::notify(app, said);
    }
    act_all(app, actions)
}

/// Any key but those that scroll closes the help, and does nothing else.
fn press_in_help(app: &mut App, pressed: Key) {
    let scrolls = |action: &Action| {
        let down = matches!(action, Action::ScrollDown | Action::PageDown);
        let up = matches!(action, Action::ScrollUp | Action::PageUp);
        (down, up)
    };
    let found = app.keymap.actions(Mode::Read, pressed).first().map(scrolls);
    match found {
        Some((true, _)) => app.help_top += HELP_STEP,
        Some((_, true)) => app.help_top = app.help_top.saturating_sub(HELP_STEP),
        Some(_) | None => app.layer = Layer::None,
    }
}

fn act_all(app: &mut App, actions: Vec<Action>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for action in actions {
        effects.extend(act(app, &action));
    }
    command::refresh(app);
    effects
}

/// Does what a person wants.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is left moves about, and is done there")]
fn act(app: &mut App, action: &Action) -> Vec<Effect> {
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
    match action {
        Action::Send => return send(app),
        Action::Stop => return stop(app),
        Action::Interrupt => return interrupt(app),
        Action::DeleteOrQuit | Action::Quit | Action::Redraw | Action::Suspend => return terminal(app, action),
        Action::EditOutside => return terminal(app, action),
        Action::ToggleModel(column) => return ask::toggle(app, *column),
        Action::SwitchOn(column) => return ask::switch(app, *column, true),
        Action::SwitchOff(column) => return ask::switch(app, *column, false),
        Action::Only(column) => return ask::only(app, *column),
        Action::ToggleFocused | Action::StopFocused | Action::Retry
            if !app.turns.is_empty() && !app.is_newest_shown() =>
        {
            ask::notify(app, "only the newest turn can be changed; ) goes there");
        }
        Action::ToggleFocused => return app.focused_column().map_or_else(Vec::new, |column| ask::toggle(app, column)),
        Action::StopFocused => return ask::stop_focused(app),
        Action::Retry => return ask::retry(app),
        Action::Attach(path) => return talk::attach(app, path),
        Action::Detach(name) => talk::detach(app, name),
        Action::Instruct(text) => talk::instruct(app, text),
        Action::Open if app.is_reading && app.reading.pointing.selection.is_some() => return copying::copy(app),
        Action::Copy => return copying::copy(app),
        Action::CopyAs(what) => return copying::copy_as(app, what),
        Action::CopyTurn => return copying::copy_turn(app),
        Action::CopyCode => return copying::copy_code(app),
        Action::CopyMode => return copying::switch_mode(app),
        Action::Menu => (app.layer, app.menu_shows_at) = (Layer::Menu, app.now + MENU_DELAY),
        Action::Help => (app.layer, app.help_top) = (Layer::Help, 0),
        Action::Read => app.is_reading = !app.turns.is_empty(),
        Action::Write => {
            find::leave(app);
            app.is_reading = false;
        }
        Action::Questions if app.questions.all.is_empty() => ask::notify(app, "there is no list: ask what you like"),
        Action::Questions => app.layer = Layer::Questions,
        Action::NewLine
        | Action::DeleteToStart
        | Action::DeleteToEnd
        | Action::DeleteWord
        | Action::LineStart
        | Action::LineEnd
        | Action::WordLeft
        | Action::WordRight
        | Action::Undo => drop(app.composer.act(action)),
        _ => moves::act(app, action),
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
        Action::ScrollUp if take_back(app) => true,
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

/// Puts what was queued or cleared last into an empty composer; returns whether there was anything.
fn take_back(app: &mut App) -> bool {
    if !app.composer.is_empty() {
        return false;
    }
    let queued = app.queue.pop_back();
    if queued.is_some() {
        app.talk.files.extend(app.talk.aside.pop_back().unwrap_or_default());
    }
    let text = queued.unwrap_or_else(|| std::mem::take(&mut app.draft));
    app.composer.set(text);
    !app.composer.is_empty()
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
    if effects.is_empty() {
        app.is_reading = false;
    } else {
        hold(app);
    }
    effects
}

/// Takes what was queued back into the composer, or beside it where something is typed: to stop is to send nothing.
fn hold(app: &mut App) {
    if app.queue.is_empty() {
        return;
    }
    let text = app.queue.drain(..).collect::<Vec<_>>().join("\n\n");
    app.talk.files.extend(app.talk.aside.drain(..).flatten());
    ask::give_back(app, text);
}

/// The ladder: stop, then clear (kept as a draft), then arm, then quit.
fn interrupt(app: &mut App) -> Vec<Effect> {
    let effects = ask::stop_all(app);
    if !effects.is_empty() {
        hold(app);
        return effects;
    }
    if !app.composer.is_empty() {
        app.draft = app.composer.take();
        ask::notify(app, "cleared; up takes it back");
        return Vec::new();
    }
    if app.quit_armed_until.is_some() {
        return vec![Effect::Quit];
    }
    app.quit_armed_until = Some(app.now + ARMED);
    Vec::new()
}
