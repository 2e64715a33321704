//! The list of questions of the demo: on the first screen, and later over the panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::app::App;
use crate::ui::line::{Line, Slot};
use crate::ui::text::width::{truncate, width};
use crate::ui::view::paint::{paint_box, paint_lines};

/// Cells from which on the hints stand beside the questions.
const WITH_HINTS: u16 = 76;

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
    let has_hint = cells >= WITH_HINTS && !listed.hint.is_empty();
    let hint_cells = if has_hint { (cells / 3).min(width(&listed.hint) + 2) } else { 0 };
    let label = if listed.question.is_empty() { &listed.id } else { &listed.question };
    let flat = label.split_whitespace().collect::<Vec<_>>().join(" ");
    let room = cells.saturating_sub(hint_cells + 7);
    let text = truncate(&flat, room);
    let air = " ".repeat(usize::from(room.saturating_sub(width(&text))));
    let (sign, slot) = if is_picked { ("▸", Slot::Strong) } else { (" ", Slot::Text) };
    let mut line = Line::new().with(Slot::Focus, sign).with(Slot::Dim, format!("{:>4}  ", idx + 1)).with(slot, text);
    if has_hint {
        line.push(Slot::Dim, format!("{air}{}", truncate(&listed.hint, hint_cells)));
    }
    line
}
