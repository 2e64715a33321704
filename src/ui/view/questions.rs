//! The list of questions of the demo: on the first screen, and later over the panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::app::{App, ListedQuestion};
use crate::ui::line::{Line, Slot};
use crate::ui::text::width::{truncate, width};
use crate::ui::view::paint::{paint_box, paint_lines};

/// Cells before a question: the sign of the picked one, and its number.
const LEAD: u16 = 6;
/// Cells between the longest question and the hints.
const GAP: u16 = 3;
/// Hints that would be cut shorter than this are left out: the questions matter more.
const LEAST_HINT: u16 = 16;
/// Where hints would begin before this cell, too few of them would be in line with each other.
const LEAST_LABEL: u16 = 60;

/// Paints the list into `area`; the picked question is always in sight.
pub(crate) fn paint(app: &App, area: Rect, buf: &mut Buffer) {
    let all = &app.questions.all;
    let height = usize::from(area.height).max(1);
    let first = app.questions.picked.saturating_sub(height / 2).min(all.len().saturating_sub(height));
    let lines: Vec<Line> =
        all.iter().enumerate().skip(first).take(height).map(|(idx, _)| row(app, idx, area.width)).collect();
    paint_lines(&lines, area, &app.theme, buf);
}

/// Paints the list in a box over the panes.
pub(crate) fn paint_over(app: &App, buf: &mut Buffer) {
    let (window_width, window_height) = app.size;
    let width = window_width.saturating_sub(4).min(100);
    let rows = u16::try_from(app.questions.all.len()).unwrap_or(u16::MAX);
    let height = rows.saturating_add(2).min(window_height.saturating_sub(4));
    let area = Rect { x: (window_width - width) / 2, y: (window_height - height) / 2, width, height };
    let inside = paint_box("questions · enter asks · esc closes", area, &app.theme, buf);
    paint(app, inside, buf);
}

fn row(app: &App, idx: usize, cells: u16) -> Line {
    let Some(listed) = app.questions.all.get(idx) else { return Line::new() };
    let is_picked = idx == app.questions.picked;
    let room = cells.saturating_sub(LEAD);
    let widest = |text: fn(&ListedQuestion) -> u16| app.questions.all.iter().map(text).max().unwrap_or(0);
    let (longest, longest_hint) = (widest(|listed| width(&label(listed))), widest(|listed| width(&listed.hint)));
    // A hint is whole rather than in line below others, where a long question takes its place.
    let hints_at = longest.min(room.saturating_sub(GAP + longest_hint));
    let text = label(listed);
    let text = truncate(&text, room).into_owned();
    let hints_at = hints_at.max(width(&text));
    let air = " ".repeat(usize::from(hints_at - width(&text) + GAP));
    let (sign, slot) = if is_picked { ("▸", Slot::Focus) } else { (" ", Slot::Text) };
    let mut line = Line::new().with(Slot::Focus, sign).with(Slot::Dim, format!("{:>3}  ", idx + 1)).with(slot, text);
    let hint_room = room.saturating_sub(hints_at + GAP);
    let is_in_line = hints_at >= longest || hints_at >= LEAST_LABEL;
    if is_in_line && hint_room >= LEAST_HINT && !listed.hint.is_empty() {
        line.push(Slot::Dim, format!("{air}{}", truncate(&listed.hint, hint_room)));
    }
    line
}

/// Returns what stands for a question, in one piece.
fn label(listed: &ListedQuestion) -> String {
    let label = if listed.question.is_empty() { &listed.id } else { &listed.question };
    label.split_whitespace().collect::<Vec<_>>().join(" ")
}
