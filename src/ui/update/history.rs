//! The history in the composer: entries one by one, and the search.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::ui::action::Action;
use crate::ui::app::{App, Layer};
use crate::ui::history::Search;
use crate::ui::keymap::{Key, Mode};
use crate::ui::update::ask;

/// Puts the entry before or after into the composer; returns whether there is one.
pub(crate) fn step(app: &mut App, step: isize) -> bool {
    let current = app.composer.text();
    let entry = if step < 0 { app.history.older(&current) } else { app.history.newer(&current) };
    let Some(entry) = entry else { return false };
    app.composer.set(entry);
    true
}

/// Opens the search, with what is typed as its pattern.
pub(crate) fn open(app: &mut App) {
    if app.history.newest().is_none() {
        ask::notify(app, "nothing has been asked yet in this run");
        return;
    }
    let pattern = app.composer.text();
    let pattern = if pattern.contains('\n') { String::new() } else { pattern };
    app.search = Search { pattern, before: app.composer.clone(), ..Search::default() };
    app.layer = Layer::History;
    app.is_reading = false;
    look(app);
}

/// Takes a key while the search is open.
pub(crate) fn press(app: &mut App, key: KeyEvent) {
    let pressed = Key::of(key);
    let action = app.keymap.actions(Mode::Write, pressed).first().cloned();
    match action {
        Some(Action::Send | Action::Read) => close(app, true),
        Some(Action::Stop | Action::Interrupt) => close(app, false),
        Some(Action::History | Action::ScrollUp) => pick(app, 1),
        Some(Action::ScrollDown) => pick(app, -1),
        Some(Action::DeleteBack) => {
            app.search.pattern.pop();
            look(app);
        }
        Some(Action::DeleteToStart | Action::DeleteWord) => {
            app.search.pattern.clear();
            look(app);
        }
        Some(_) | None => {
            let is_typed = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
            if let (KeyCode::Char(letter), true) = (key.code, is_typed) {
                type_text(app, letter.encode_utf8(&mut [0; 4]));
            }
        }
    }
}

/// Adds to the pattern.
pub(crate) fn type_text(app: &mut App, text: &str) {
    app.search.pattern.push_str(text);
    look(app);
}

/// Looks for the pattern, and shows the best entry in place.
fn look(app: &mut App) {
    app.search.found = app.history.find(&app.search.pattern);
    app.search.picked = 0;
    show(app);
}

fn pick(app: &mut App, step: isize) {
    let last = app.search.found.len().saturating_sub(1);
    app.search.picked = app.search.picked.saturating_add_signed(step).min(last);
    show(app);
}

fn show(app: &mut App) {
    let picked = app.search.found.get(app.search.picked);
    app.composer = app.search.before.clone();
    if let Some(entry) = picked.and_then(|idx| app.history.entry(*idx)) {
        app.composer.set(entry);
    }
}

/// Closes the search: what it found stays in the composer, or what was there before comes back.
fn close(app: &mut App, takes: bool) {
    app.layer = Layer::None;
    let search = std::mem::take(&mut app.search);
    if !takes || search.found.is_empty() {
        app.composer = search.before;
    }
}
