//! What a person is at while reading: a search, the mouse, a turn of the conversation; and where they put the panes.

use std::collections::HashMap;

use crate::ui::app::App;
use crate::ui::find::Find;
use crate::ui::geometry::{ChatPlace, PanelPlace, SizeClass};
use crate::ui::selection::Pointing;

/// What a person is at while reading.
#[derive(Debug, Default)]
pub struct Reading {
    /// The search.
    pub find: Option<Find>,
    /// What the mouse is at.
    pub pointing: Pointing,
    /// What the conversation is to show once it has been laid out.
    pub chat_goal: Option<Goal>,
    /// The position of the turn that would be opened.
    pub chat_cursor: usize,
    /// Where the panes stand until the person moves them.
    pub usual_places: (ChatPlace, PanelPlace),
    /// The size class of the window, and where the panes were put in others.
    class: Option<SizeClass>,
    places: HashMap<SizeClass, (ChatPlace, PanelPlace)>,
}

impl Reading {
    /// Forgets what hung on the conversation; where the panes stand stays.
    pub fn leave(&mut self) {
        (self.find, self.chat_goal, self.chat_cursor) = (None, None, 0);
        self.pointing = Pointing::default();
    }
}

/// A place in the conversation that is to be brought into sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The position of the turn.
    pub turn: usize,
    /// The byte of the answer as its provider sent it; `None` for the question.
    pub source: Option<usize>,
}

/// Puts the panes where the person put them the last time the window was about as large.
pub(crate) fn recall_places(app: &mut App) {
    let class = SizeClass::of(app.size);
    let before = app.reading.class.replace(class);
    let Some(before) = before.filter(|before| *before != class) else { return };
    app.reading.places.insert(before, (app.chat_place, app.panel_place));
    (app.chat_place, app.panel_place) = app.reading.places.get(&class).copied().unwrap_or(app.reading.usual_places);
}
