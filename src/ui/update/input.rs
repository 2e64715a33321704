//! What a person does: keys through the table, typing, pasting, the wheel, the size of the window.

use std::time::Duration;

use crossterm::event::{KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::ui::action::Action;
use crate::ui::app::{App, Layer};
use crate::ui::effect::Effect;
use crate::ui::geometry::Pane;
use crate::ui::keymap::{Key, Mode};
use crate::ui::msg::Input;
use crate::ui::update::{ask, moves};

/// Entries of the help that a key moves.
const HELP_STEP: usize = 4;
/// Rows that one notch of the wheel moves.
const WHEEL: isize = 3;
/// The most bytes for the terminal's clipboard: longer ones are dropped by terminals without a word.
const MOST_COPIED: usize = 74_000;
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
            Vec::new()
        }
        Input::Mouse(mouse) => {
            point(app, mouse);
            Vec::new()
        }
        Input::Resize(width, height) => {
            app.size = (width, height);
            Vec::new()
        }
    }
}

fn press(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let mode = match (app.layer, app.is_reading) {
        (Layer::Leader, _) => Mode::Leader,
        (_, true) => Mode::Read,
        (_, false) => Mode::Write,
    };
    let action = app.keymap.action(mode, Key::of(key));
    // The top layer sees the key first: any key closes the help, and does nothing else.
    match app.layer {
        Layer::Leader => {
            app.layer = Layer::None;
            return action.map_or_else(Vec::new, |action| act(app, action));
        }
        Layer::Help => {
            match action {
                Some(Action::ScrollDown | Action::PageDown) => app.help_top += HELP_STEP,
                Some(Action::ScrollUp | Action::PageUp) => app.help_top = app.help_top.saturating_sub(HELP_STEP),
                Some(_) | None => app.layer = Layer::None,
            }
            return Vec::new();
        }
        Layer::Questions | Layer::None => {}
    }
    match (action, app.is_reading) {
        (Some(Action::HelpIfEmpty), false) if !app.composer.is_empty() => type_key(app, key),
        (Some(action), _) => act(app, action),
        (None, false) => type_key(app, key),
        (None, true) => Vec::new(),
    }
}

fn type_key(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    app.composer.key(key);
    Vec::new()
}

/// Does what a person wants.
fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let is_writing = !app.is_reading && !picks_questions(app);
    if is_writing && (action == Action::ScrollUp && take_back(app) || app.composer.act(action)) {
        return Vec::new();
    }
    match action {
        Action::Send => return send(app),
        Action::Stop => return stop(app),
        Action::Interrupt => return interrupt(app),
        Action::QuitIfEmpty if app.composer.is_empty() => return vec![Effect::Quit],
        Action::QuitIfEmpty => {}
        Action::Quit => return vec![Effect::Quit],
        Action::Redraw => return vec![Effect::Redraw],
        Action::ToggleModel(column) => return ask::toggle(app, column),
        Action::ToggleFocused | Action::StopFocused | Action::Retry
            if !app.turns.is_empty() && !app.is_newest_shown() =>
        {
            ask::notify(app, "only the newest turn can be changed; ) goes there");
        }
        Action::ToggleFocused => return app.focused_column().map_or_else(Vec::new, |column| ask::toggle(app, column)),
        Action::StopFocused => return ask::stop_focused(app),
        Action::Retry => return ask::retry(app),
        Action::Copy => return copy(app),
        Action::Leader => app.layer = Layer::Leader,
        Action::Help | Action::HelpIfEmpty => (app.layer, app.help_top) = (Layer::Help, 0),
        Action::SwitchFocus => app.is_reading = !app.turns.is_empty(),
        Action::Write => app.is_reading = false,
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
        Action::ScrollUp
        | Action::ScrollDown
        | Action::PageUp
        | Action::PageDown
        | Action::ScrollTop
        | Action::Follow
        | Action::FocusLeft
        | Action::FocusRight
        | Action::FocusColumn(_)
        | Action::Zoom
        | Action::CyclePanel
        | Action::CycleChat
        | Action::NextConflict
        | Action::PreviousConflict
        | Action::UnfoldOnlyOne
        | Action::PreviousTurn
        | Action::NextTurn => moves::act(app, action),
    }
    Vec::new()
}

/// Returns whether the arrows move in the list of questions: it is in sight and nothing is typed.
fn picks_questions(app: &App) -> bool {
    app.is_listing() && app.composer.is_empty()
}

fn send(app: &mut App) -> Vec<Effect> {
    if app.composer.take_backslash() {
        app.composer.act(Action::NewLine);
        return Vec::new();
    }
    let text = app.composer.text().trim().to_owned();
    if !text.is_empty() {
        app.composer.take();
        let text = if app.is_listing() { numbered(app, &text).unwrap_or(text) } else { text };
        return ask::submit(app, &text);
    }
    if picks_questions(app)
        && let Some(listed) = app.questions.all.get(app.questions.picked)
    {
        let text = if listed.question.is_empty() { listed.id.clone() } else { listed.question.clone() };
        return ask::submit(app, &text);
    }
    Vec::new()
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
    let text = app.queue.pop_back().unwrap_or_else(|| std::mem::take(&mut app.draft));
    app.composer.set(text);
    !app.composer.is_empty()
}

/// Closes what is open, else stops every answer; what was queued comes back to the composer.
fn stop(app: &mut App) -> Vec<Effect> {
    if app.layer == Layer::Questions {
        app.layer = Layer::None;
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

/// Copies the focused answer as its provider wrote it, cleaned of what a terminal would obey.
fn copy(app: &mut App) -> Vec<Effect> {
    let column = app.focused_column();
    let text = column.zip(app.shown()).and_then(|(column, view)| view.columns.get(column.index()));
    let Some(text) = text.map(|column| column.document.text().trim_end().to_owned()) else { return Vec::new() };
    if text.is_empty() {
        return Vec::new();
    }
    if text.len() > MOST_COPIED {
        ask::notify(app, "too long for the terminal's clipboard");
        return Vec::new();
    }
    ask::notify(app, "sent to the terminal's clipboard");
    vec![Effect::Copy(text)]
}

fn point(app: &mut App, mouse: MouseEvent) {
    let position = Position::new(mouse.column, mouse.row);
    let place = app.layout.columns.iter().find(|place| place.body.contains(position) || place.head.contains(position));
    let column = place.map(|place| Pane::Column(place.column));
    let is_chat = app.layout.chat.is_some_and(|area| area.contains(position));
    let Some(pane) = column.or(is_chat.then_some(Pane::Chat)) else { return };
    match mouse.kind {
        MouseEventKind::ScrollUp => moves::scroll(app, pane, -WHEEL),
        MouseEventKind::ScrollDown => moves::scroll(app, pane, WHEEL),
        MouseEventKind::Down(MouseButton::Left) if !app.turns.is_empty() => {
            app.pane = pane;
            app.is_reading = true;
        }
        MouseEventKind::Down(_)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => {}
    }
}
