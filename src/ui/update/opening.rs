//! Opening a source or a link: listed, picked, shown whole, and opened only once a person has said so.

use crossterm::event::KeyEvent;

use crate::ui::action::Action;
use crate::ui::address::{Address, offered};
use crate::ui::app::{App, Layer};
use crate::ui::effect::Effect;
use crate::ui::keymap::{Key, Mode};
use crate::ui::picker::{Picker, PickerKind};
use crate::ui::update::ask::notify;
use crate::ui::view::picker::is_whole_in_sight;

/// Lists the addresses of the answer in focus; a lone one is asked about at once.
pub(crate) fn list(app: &mut App) {
    let offered = offered(app);
    match offered.as_slice() {
        [] => notify(app, "this answer names no source and no link"),
        [lone] => {
            let lone = lone.clone();
            confirm(app, &lone);
        }
        _ => {
            app.picker = Picker { kind: PickerKind::Addresses, offered, ..Picker::default() };
            app.layer = Layer::Picker;
        }
    }
}

/// Asks whether the source with that number is to be opened.
pub(crate) fn ask(app: &mut App, number: u32) {
    let offered = offered(app);
    let wanted = usize::try_from(number).ok();
    match offered.iter().find(|address| address.number.is_some() && address.number == wanted) {
        Some(address) => confirm(app, address),
        None => notify(app, &format!("this answer has no source [{number}] that can be opened")),
    }
}

/// Shows an address whole and asks.
pub(crate) fn confirm(app: &mut App, address: &Address) {
    let offered = if app.layer == Layer::Picker { std::mem::take(&mut app.picker.offered) } else { Vec::new() };
    let (pattern, picked) = (std::mem::take(&mut app.picker.pattern), app.picker.picked);
    let asked = Some(address.url.clone());
    app.picker = Picker { kind: PickerKind::Addresses, offered, asked, pattern, picked, ..Picker::default() };
    app.layer = Layer::Picker;
}

/// Takes a key while an address is asked about: only enter opens it.
pub(crate) fn answer(app: &mut App, url: String, key: KeyEvent) -> Vec<Effect> {
    if app.keymap.actions(Mode::Read, Key::of(key)).contains(&Action::Copy) {
        app.layer = Layer::None;
        notify(app, "the address: sent to the terminal's clipboard");
        return vec![Effect::Copy { what: "the address".to_owned(), text: url }];
    }
    match app.keymap.actions(Mode::Write, Key::of(key)).first() {
        Some(Action::Send) if is_whole_in_sight(app, &url) => {
            app.layer = Layer::None;
            vec![Effect::Open(url)]
        }
        Some(Action::Send) => {
            let copies = app.keymap.key(Mode::Read, &Action::Copy).map(|key| format!(", or {key} copies it"));
            let said = "not opened: the address is not whole in sight; enlarge the window";
            notify(app, &format!("{said}{}", copies.unwrap_or_default()));
            Vec::new()
        }
        Some(Action::Stop | Action::Interrupt) => {
            app.picker.asked = None;
            if app.picker.offered.is_empty() {
                app.layer = Layer::None;
            }
            Vec::new()
        }
        Some(_) | None => Vec::new(),
    }
}
