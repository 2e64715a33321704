//! Lists to pick from: opening, narrowing, taking, and going back to what was before.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::ui::action::Action;
use crate::ui::app::{App, Layer, MAX_ON};
use crate::ui::command::Group;
use crate::ui::effect::Effect;
use crate::ui::keymap::{Key, Mode};
use crate::ui::library::Wish;
use crate::ui::picker::{Picker, PickerKind, found, offered};
use crate::ui::text::clean::clean;
use crate::ui::theme::Theme;
use crate::ui::update::{act, ask, library, opening};

/// Entries that a page moves.
const PAGE: isize = 10;

/// Opens a list.
pub(crate) fn open(app: &mut App, kind: PickerKind) {
    let theme_before = (kind == PickerKind::Themes).then(|| app.theme.clone());
    let wanted = app.seats.iter().map(|seat| seat.is_on).collect();
    let picked = match kind {
        PickerKind::Themes => app.themes.names().position(|name| name == app.theme.name).unwrap_or(0),
        PickerKind::Commands
        | PickerKind::Models
        | PickerKind::Addresses
        | PickerKind::Sessions
        | PickerKind::Finds => 0,
    };
    app.picker = Picker { kind, picked, theme_before, wanted, ..Picker::default() };
    app.layer = Layer::Picker;
}

/// Sets the theme called `name`, or says which there are.
pub(crate) fn set_theme(app: &mut App, name: &str) {
    if app.themes.has(name) {
        wear(app, name);
        app.follows_background = None;
        return;
    }
    let names: Vec<&str> = app.themes.names().collect();
    let said = format!("no theme is called {name}; there are: {}", names.join(", "));
    ask::notify(app, &said);
}

/// Takes a key while a list is open.
pub(crate) fn press(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    if let Some(url) = app.picker.asked.clone() {
        return opening::answer(app, url, key);
    }
    if std::mem::take(&mut app.picker.is_menu) {
        return press_in_menu(app, key);
    }
    if app.picker.naming.is_some() {
        return press_in_name(app, key);
    }
    let is_models = app.picker.kind == PickerKind::Models;
    if is_models && app.keymap.actions(Mode::Read, Key::of(key)).contains(&Action::ToggleFocused) {
        mark(app);
        return Vec::new();
    }
    match app.keymap.actions(Mode::Write, Key::of(key)).first().cloned() {
        Some(Action::Send) => return take(app),
        Some(Action::Stop | Action::Interrupt) => close(app),
        Some(Action::ScrollUp) => step(app, -1),
        Some(Action::ScrollDown) => step(app, 1),
        Some(Action::PageUp) => step(app, -PAGE),
        Some(Action::PageDown) => step(app, PAGE),
        Some(Action::Menu) if app.picker.kind == PickerKind::Sessions => app.picker.is_menu = true,
        Some(Action::DeleteBack) => {
            app.picker.pattern.pop();
            return narrow(app, "");
        }
        Some(Action::DeleteToStart | Action::DeleteWord) => {
            app.picker.pattern.clear();
            return narrow(app, "");
        }
        Some(_) | None => {
            let is_typed = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
            if let (KeyCode::Char(letter), true) = (key.code, is_typed) {
                return narrow(app, letter.encode_utf8(&mut [0; 4]));
            }
        }
    }
    Vec::new()
}

/// Does what follows the menu key in the list of sessions, with the picked one.
fn press_in_menu(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let actions = app.keymap.actions(Mode::Menu, Key::of(key)).to_vec();
    let is_for_sessions =
        |action: &&Action| crate::ui::command::of(action).is_some_and(|it| it.group == Group::Sessions);
    actions.iter().find(is_for_sessions).map_or_else(Vec::new, |action| act::act(app, action))
}

/// Takes a key while a name is typed.
fn press_in_name(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let Some(name) = &mut app.picker.naming else { return Vec::new() };
    match app.keymap.actions(Mode::Write, Key::of(key)).first() {
        Some(Action::Send) => {
            let name = clean(name).trim().to_owned();
            app.picker.naming = None;
            return if name.is_empty() { Vec::new() } else { act::act(app, &Action::RenameAs(name)) };
        }
        Some(Action::Stop | Action::Interrupt) => app.picker.naming = None,
        Some(Action::DeleteBack) => drop(name.pop()),
        Some(Action::DeleteToStart | Action::DeleteWord) => name.clear(),
        Some(_) | None => {
            let is_typed = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
            if let (KeyCode::Char(letter), true) = (key.code, is_typed) {
                name.push(letter);
            }
        }
    }
    Vec::new()
}

/// Adds to what is typed; the best entry is picked.
pub(crate) fn narrow(app: &mut App, text: &str) -> Vec<Effect> {
    if app.picker.asked.is_some() {
        return Vec::new();
    }
    if let Some(name) = &mut app.picker.naming {
        name.push_str(text);
        return Vec::new();
    }
    app.picker.pattern.push_str(text);
    app.picker.picked = 0;
    preview(app);
    let pattern = app.picker.pattern.clone();
    match app.picker.kind {
        PickerKind::Sessions => vec![Effect::Library(Wish::List(pattern))],
        PickerKind::Finds => vec![Effect::Library(Wish::Search(pattern))],
        PickerKind::Commands | PickerKind::Themes | PickerKind::Models | PickerKind::Addresses => Vec::new(),
    }
}

fn step(app: &mut App, step: isize) {
    let last = found(app).len().saturating_sub(1);
    app.picker.picked = app.picker.picked.saturating_add_signed(step).min(last);
    preview(app);
}

/// Returns the picked entry as a place in the whole list.
pub(crate) fn picked(app: &App) -> Option<usize> {
    found(app).get(app.picker.picked).copied()
}

/// Shows the picked theme at once.
fn preview(app: &mut App) {
    if app.picker.kind == PickerKind::Themes
        && let Some(name) = picked(app).and_then(|idx| app.themes.names().nth(idx).map(str::to_owned))
    {
        wear(app, &name);
    }
}

/// Puts a theme on, with the colours and signs that the terminal can show.
fn wear(app: &mut App, name: &str) {
    let Theme { depth, glyphs, .. } = app.theme;
    app.theme = app.themes.theme(name, depth).0;
    app.theme.glyphs = glyphs;
}

/// Marks the picked model to be on or off.
fn mark(app: &mut App) {
    let n_on = app.picker.wanted.iter().filter(|is_on| **is_on).count();
    let Some(wanted) = picked(app).and_then(|idx| app.picker.wanted.get_mut(idx)) else { return };
    if !*wanted && n_on >= MAX_ON {
        ask::notify(app, "five models are on; switch one off first");
        return;
    }
    *wanted = !*wanted;
}

fn close(app: &mut App) {
    app.layer = Layer::None;
    if let Some(theme) = app.picker.theme_before.take() {
        app.theme = theme;
    }
}

fn take(app: &mut App) -> Vec<Effect> {
    let Some(picked) = picked(app) else { return Vec::new() };
    if app.picker.kind == PickerKind::Addresses {
        if let Some(address) = app.picker.offered.get(picked).cloned() {
            opening::confirm(app, &address);
        }
        return Vec::new();
    }
    match app.picker.kind {
        PickerKind::Sessions => {
            let Some(id) = app.library.cards.get(picked).map(|card| card.id.clone()) else { return Vec::new() };
            return library::go_on(app, id, None);
        }
        PickerKind::Finds => {
            let Some(found) = app.library.finds.get(picked) else { return Vec::new() };
            let (id, place) = (found.session.clone(), found.place);
            return library::go_on(app, id, Some(place));
        }
        PickerKind::Commands | PickerKind::Themes | PickerKind::Models | PickerKind::Addresses => {}
    }
    app.layer = Layer::None;
    match app.picker.kind {
        PickerKind::Themes => {
            // Who chose a theme keeps it, whatever the background becomes.
            app.follows_background = None;
            Vec::new()
        }
        PickerKind::Models => seat(app),
        PickerKind::Addresses | PickerKind::Sessions | PickerKind::Finds => Vec::new(),
        PickerKind::Commands => {
            let Some(command) = offered().nth(picked) else { return Vec::new() };
            if let Some(action) = &command.action {
                return act::act(app, action);
            }
            // What must be told something is finished in the composer; what is typed there is kept.
            let draft = app.composer.take();
            app.history.keep(&draft);
            app.composer.set(format!("/{} ", command.slash));
            app.is_reading = false;
            Vec::new()
        }
    }
}

/// Switches everyone to what was marked.
fn seat(app: &mut App) -> Vec<Effect> {
    let wanted = std::mem::take(&mut app.picker.wanted);
    ask::reseat(app, &wanted)
}
