//! The figures of how the models did: asked for, moved over, and of another stretch of time.

use crate::ui::action::Action;
use crate::ui::app::{App, Layer, Source};
use crate::ui::effect::Effect;
use crate::ui::keymap::{Key, Mode};
use crate::ui::library::{Reach, Wish};

/// Rows that a key moves by.
const STEP: usize = 1;
/// Rows that a key for pages moves by.
const PAGE: usize = 10;

/// Opens the figures; they are counted beside the loop.
pub(crate) fn open(app: &mut App) -> Vec<Effect> {
    (app.layer, app.help_top) = (Layer::Stats, 0);
    count(app)
}

/// Takes a key: moves over the figures, changes their stretch of time, or closes them.
pub(crate) fn press(app: &mut App, pressed: Key) -> Vec<Effect> {
    let action = app.keymap.actions(Mode::Read, pressed).first().cloned();
    let reach = app.library.reach;
    match action {
        Some(Action::ScrollDown) => app.help_top += STEP,
        Some(Action::PageDown) => app.help_top += PAGE,
        Some(Action::ScrollUp) => app.help_top = app.help_top.saturating_sub(STEP),
        Some(Action::PageUp) => app.help_top = app.help_top.saturating_sub(PAGE),
        Some(Action::ScrollTop) => app.help_top = 0,
        Some(Action::FocusLeft) => return look_at(app, reach.longer()),
        Some(Action::FocusRight) => return look_at(app, reach.shorter()),
        Some(_) | None => app.layer = Layer::None,
    }
    Vec::new()
}

fn look_at(app: &mut App, reach: Reach) -> Vec<Effect> {
    if reach == app.library.reach {
        return Vec::new();
    }
    app.library.reach = reach;
    app.help_top = 0;
    count(app)
}

fn count(app: &App) -> Vec<Effect> {
    let on = app.seats.iter().filter(|seat| seat.is_on);
    vec![Effect::Library(Wish::Count {
        reach: app.library.reach,
        is_demo: app.source != Source::Providers,
        ensemble: on.map(|seat| seat.member.id.as_str().to_owned()).collect(),
    })]
}
