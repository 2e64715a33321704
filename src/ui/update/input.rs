//! What a person does: keys through the table, typing, pasting, the wheel, the size of the window.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::ui::action::Action;
use crate::ui::app::{App, Layer};
use crate::ui::effect::Effect;
use crate::ui::keymap::{Key, Mode};
use crate::ui::msg::Input;
use crate::ui::pick::{self, Pick};
use crate::ui::text::clean::clean;
use crate::ui::update::act::act;
use crate::ui::update::{ask, command, copying, find, history, mouse, opinion, picker, stats};

/// Entries of the help that a key moves.
const HELP_STEP: usize = 4;

/// Applies what a person did.
pub(crate) fn take(app: &mut App, input: Input) -> Vec<Effect> {
    match input {
        // Terminals that report releases and repeats would double every letter.
        Input::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
        Input::Key(key) => press(app, key),
        Input::Typed(text) => typed(app, &text),
        Input::Paste(text) => paste(app, &text),
        Input::Mouse(event) => mouse::take(app, event),
        Input::Resize(width, height) => {
            app.size = (width, height);
            Vec::new()
        }
        Input::Focus(is_here) => focus(app, is_here),
        Input::Background(background) => {
            if let Some(depth) = app.follows_background {
                let glyphs = app.theme.glyphs;
                app.theme = app.themes.theme(background.theme(), depth).0;
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
        Layer::Stats => return stats::press(app, pressed),
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
                (Pick::Judge | Pick::Vote, _) => opinion::pick(app, pick, letter),
            };
        }
        Layer::Find => {
            find::key(app, key);
            return Vec::new();
        }
        Layer::Picker => {
            let effects = picker::press(app, key);
            command::refresh(app);
            return effects;
        }
        Layer::History => {
            history::press(app, key);
            return Vec::new();
        }
        Layer::Questions | Layer::None => {}
    }
    let mode = if app.is_reading { Mode::Read } else { Mode::Write };
    let actions = app.keymap.actions(mode, pressed).to_vec();
    let types = mode == Mode::Write && (actions.is_empty() || pressed.types() && !app.composer.is_empty());
    if types {
        type_key(app, key);
        return Vec::new();
    }
    if mode == Mode::Write && actions.contains(&Action::Read) && command::complete(app) {
        return Vec::new();
    }
    act_all(app, actions)
}

/// Takes in keys that came at once: each as itself until they do nothing but write, then the rest in one piece.
fn typed(app: &mut App, text: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        effects.extend(press(app, KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE)));
        let only_writes =
            !app.is_reading && matches!(app.layer, Layer::None | Layer::Questions) && !app.composer.is_empty();
        if only_writes {
            app.composer.type_text(letters.as_str());
            command::refresh(app);
            break;
        }
    }
    effects
}

/// Types what a key types; keys without a letter and without a meaning change nothing.
fn type_key(app: &mut App, key: KeyEvent) {
    let is_typed = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    if let (KeyCode::Char(letter), true) = (key.code, is_typed) {
        app.composer.type_char(letter);
        app.history.is_edit_armed = false;
        command::refresh(app);
    }
}

fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    let line = clean(text).replace('\n', " ");
    match app.layer {
        Layer::History => {
            history::type_text(app, &line);
            return Vec::new();
        }
        Layer::Picker => return picker::narrow(app, &line),
        Layer::Find => {
            find::type_text(app, &line);
            return Vec::new();
        }
        // Nothing can be typed there.
        Layer::None | Layer::Menu | Layer::Help | Layer::Stats | Layer::Questions | Layer::Pick(_) => {
            app.layer = Layer::None;
        }
    }
    app.is_reading = false;
    app.composer.paste(text);
    command::refresh(app);
    Vec::new()
}

/// Does what follows the menu key; escape closes the menu, a key that means nothing does too and says so.
fn press_in_menu(app: &mut App, pressed: Key) -> Vec<Effect> {
    let is = |name: &str| Key::from_name(name) == Ok(pressed);
    if is("?") && !app.is_menu_shown() {
        app.menu_shows_at = app.now;
        return Vec::new();
    }
    app.layer = Layer::None;
    let actions = app.keymap.actions(Mode::Menu, pressed).to_vec();
    if actions.is_empty() && !is("esc") {
        ask::notify(app, "that key is not in the menu; nothing was done");
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
    // Only a second escape right after the first one edits the newest question.
    app.history.is_edit_armed &= actions == [Action::Stop];
    let mut effects = Vec::new();
    for action in actions {
        effects.extend(act(app, &action));
    }
    command::refresh(app);
    effects
}
