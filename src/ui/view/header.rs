//! The title line: what this is, where answers come from, which turn, what it cost.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::cost::Cost;
use crate::ui::app::{App, Source};
use crate::ui::line::{Line, Slot};
use crate::ui::text::clean::clean;
use crate::ui::text::width::truncate;
use crate::ui::view::paint::paint_line;

/// Cells of the question in the window's title.
const TITLE: u16 = 60;

/// Paints the title line.
pub(crate) fn paint(app: &App, buf: &mut Buffer) {
    let area = app.layout.header;
    let mut left = Line::new().with(Slot::Strong, " dissent  ");
    match &app.source {
        Source::Providers => {}
        Source::Demo => left.push(Slot::Warn, "DEMO · scripted models · no network  "),
        Source::Bank(file) => left.push(Slot::Warn, format!("RECORDED · {} · no network  ", truncate(file, 24))),
    }
    let right = standing(app);
    let room = usize::from(area.width).saturating_sub(left.width() + right.width() + 2);
    if let Some(view) = app.shown() {
        let question = clean(&view.turn.question);
        let question = question.split_whitespace().collect::<Vec<_>>().join(" ");
        left.push(Slot::Dim, truncate(&question, u16::try_from(room).unwrap_or(u16::MAX)));
    }
    let end = paint_line(&left, area, &app.theme, buf);
    let x = area.right().saturating_sub(u16::try_from(right.width() + 1).unwrap_or(u16::MAX));
    if x > end {
        paint_line(&right, Rect { x, width: area.right() - x, ..area }, &app.theme, buf);
    }
}

/// Returns the title for the window: the question, one line without anything that a terminal obeys.
pub(crate) fn title(app: &App) -> String {
    let question = app.shown().map_or_else(String::new, |view| clean(&view.turn.question));
    let question = question.split_whitespace().collect::<Vec<_>>().join(" ");
    if question.is_empty() { "dissent".to_owned() } else { format!("dissent · {}", truncate(&question, TITLE)) }
}

/// Returns whether the session is written, turn and cost; the latter not before the first question.
fn standing(app: &App) -> Line {
    let mut line = Line::new();
    if app.library.not_kept.is_some() {
        // A notice goes after a while; this stays for as long as it is so.
        line.push(Slot::Warn, "not kept  ");
    }
    if app.turns.is_empty() {
        return line;
    }
    line.push(Slot::Dim, format!("turn {}", app.selected + 1));
    if app.turns.len() > 1 {
        line.push(Slot::Dim, format!(" of {}", app.turns.len()));
    }
    if app.source == Source::Providers {
        let spent: Cost = app.turns.iter().map(|view| view.turn.cost()).sum();
        line.push(Slot::Dim, format!("  {spent}"));
    }
    line
}
