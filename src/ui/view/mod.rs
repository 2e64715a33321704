//! Paints the state. `reflow` fills the caches that depend on sizes; `view` reads and writes nothing but cells.

pub mod cards;
pub mod chat;
pub mod column;
pub mod compare;
pub mod composer;
pub mod footer;
pub mod header;
pub mod help;
pub mod paint;
pub mod panel;
pub mod picker;
pub mod questions;
mod sessions;
pub mod state;
mod stats;
pub mod support;
pub mod verdict;
pub mod welcome;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::ui::app::{App, Layer};
use crate::ui::geometry::{ChatPlace, Pane, SMALLEST};
use crate::ui::line::{Line, Slot};
use crate::ui::reading::recall_places;
use crate::ui::view::paint::{paint_line, paint_rule};

/// Lays out what changed: where panes stand, new text in columns, the conversation, the panel.
pub fn reflow(app: &mut App) {
    recall_places(app);
    app.layout = app.wish().layout();
    widen_gutter(app);
    if app.layout.is_too_small {
        return;
    }
    app.composer.keep_in_sight(app.layout.composer.height);
    let left = std::mem::replace(&mut app.laid_out, app.selected);
    if let Some(view) = app.turns.get_mut(left).filter(|_| left != app.selected) {
        view.rest();
    }
    panel::reflow(app);
    column::reflow(app);
    chat::reflow(app);
    crate::ui::compare::reflow(app);
}

/// Gives the gutter the cells that the longest number of a conflict takes, so that there is air behind it: `≠13` before
/// an item `1.` must not read as a conflict 131.
fn widen_gutter(app: &mut App) {
    let highest = app.shown().map_or(0, |view| view.numbers.highest());
    let n_more = highest.checked_ilog10().unwrap_or(0);
    if app.layout.gutter > 0 {
        app.layout.gutter += u16::try_from(n_more).unwrap_or(0);
    }
}

/// What a frame came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Painted {
    /// Where the terminal's cursor belongs, if anywhere.
    pub cursor: Option<Position>,
    /// Rows of answers and conversation that were painted.
    pub n_rows: u64,
}

/// Paints the app. Call `reflow` first.
pub fn view(app: &App, area: Rect, buf: &mut Buffer) -> Painted {
    let painted = paint_all(app, area, buf);
    app.theme.glyphs.draw(buf);
    painted
}

fn paint_all(app: &App, area: Rect, buf: &mut Buffer) -> Painted {
    if app.layout.is_too_small {
        paint_too_small(app, area, buf);
        return Painted::default();
    }
    let mut n_rows = 0;
    header::paint(app, buf);
    if app.turns.is_empty() {
        if let Some(area) = app.layout.chat {
            welcome::paint(app, area, buf);
        }
    } else {
        let is_comparing = app.compare.is_some();
        let is_chat_below = app.layout.chat.is_some_and(|chat| chat.intersects(app.layout.answers));
        if !(is_comparing && is_chat_below) {
            n_rows += chat::paint(app, buf);
        }
        n_rows += if is_comparing { compare::paint(app, buf) } else { column::paint(app, buf) };
        column::paint_side_rules(app, buf);
        panel::paint(app, buf);
        if let Some(area) = app.layout.verdict {
            verdict::paint_line(app, area, buf);
        }
    }
    let cursor = composer::paint(app, buf);
    if let Some(rule) = app.layout.footer_rule {
        paint_rule(rule, "─", app.theme.style(Slot::Rule), buf);
    }
    footer::paint(app, buf);
    match app.layer {
        Layer::None | Layer::History | Layer::Pick(_) | Layer::Find => {
            picker::paint_completions(app, buf);
            return Painted { cursor: cursor.filter(|_| !app.is_reading), n_rows };
        }
        Layer::Picker => return Painted { cursor: picker::paint_picker(app, buf), n_rows },
        Layer::Menu if app.is_menu_shown() => help::paint_menu(app, buf),
        Layer::Menu => return Painted { cursor: cursor.filter(|_| !app.is_reading), n_rows },
        Layer::Help => help::paint(app, area, buf),
        Layer::Stats => stats::paint(app, area, buf),
        Layer::Questions => questions::paint_over(app, buf),
    }
    Painted { cursor: None, n_rows }
}

fn paint_too_small(app: &App, area: Rect, buf: &mut Buffer) {
    let (width, height) = SMALLEST;
    let lines = [
        format!("needs {width}x{height} cells,"),
        format!("has {}x{}", app.size.0, app.size.1),
        "nothing is lost: enlarge it,".to_owned(),
        "or run dissent --plain".to_owned(),
    ];
    for (text, y) in lines.into_iter().zip(area.top()..area.bottom()) {
        paint_line(&Line::new().with(Slot::Text, text), Rect { y, height: 1, ..area }, &app.theme, buf);
    }
}

/// Returns whether a pane has the focus that keys act on.
pub(crate) fn is_focused(app: &App, pane: Pane) -> bool {
    let is_whole = app.chat_place == ChatPlace::Whole;
    app.is_reading && (app.pane == pane || is_whole && pane == Pane::Chat)
}
