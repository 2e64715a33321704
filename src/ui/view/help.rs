//! The help and the keys that may follow the leader, both straight from the table of keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::app::App;
use crate::ui::keymap::{Binding, Mode};
use crate::ui::line::{Line, Slot};
use crate::ui::text::width::width;
use crate::ui::view::paint::{paint_box, paint_line};

/// Cells for the keys of a row.
const KEYS: usize = 10;
/// Cells for a row, keys included.
const ENTRY: u16 = 39;

/// Paints the help over everything: the keys of the moment, then those after the leader.
pub(crate) fn paint(app: &App, area: Rect, buf: &mut Buffer) {
    let mode = if app.is_reading { Mode::Read } else { Mode::Write };
    let title = match mode {
        Mode::Write | Mode::Leader => "help · writing (tab: reading) · esc closes",
        Mode::Read => "help · reading (tab: writing) · esc closes",
    };
    let mut entries: Vec<Line> = app.keymap.rows(mode).filter_map(|binding| entry(binding, "")).collect();
    entries.extend(app.keymap.rows(Mode::Leader).filter_map(|binding| entry(binding, "ctrl-x ")));
    let mut legend = vec![
        Line::new(),
        Line::new().with(Slot::Agreed, "=").with(Slot::Dim, "   all that count say it"),
        Line::new().with(Slot::Partly, "~").with(Slot::Dim, "   two or more say it"),
        Line::new().with(Slot::OnlyOne, "·").with(Slot::Dim, "   one says it, others are silent"),
        Line::new().with(Slot::Conflict, "≠1").with(Slot::Dim, "  they conflict; dim: maybe"),
    ];
    entries.append(&mut legend);
    paint_foot(title, &entries, area, app, buf);
}

/// Paints the keys that may follow the leader, at the foot.
pub(crate) fn paint_leader(app: &App, area: Rect, buf: &mut Buffer) {
    let entries: Vec<Line> = app.keymap.rows(Mode::Leader).filter_map(|binding| entry(binding, "")).collect();
    paint_foot("ctrl-x, then", &entries, area, app, buf);
}

/// Paints entries in a box at the foot, no higher than they need.
fn paint_foot(title: &str, entries: &[Line], area: Rect, app: &App, buf: &mut Buffer) {
    let n_across = usize::from((area.width / ENTRY).max(1));
    let rows = u16::try_from(entries.len().div_ceil(n_across)).unwrap_or(area.height).saturating_add(2);
    let height = rows.min(area.height);
    let inside = paint_box(title, Rect { y: area.bottom() - height, height, ..area }, &app.theme, buf);
    flow(entries, inside, app, buf);
}

fn entry(binding: &Binding, before: &str) -> Option<Line> {
    if binding.desc.is_empty() {
        return None;
    }
    let keys = format!("{before}{}", binding.on.first()?);
    let air = " ".repeat(KEYS.saturating_sub(usize::from(width(&keys))).max(1));
    Some(Line::new().with(Slot::Key, keys).with(Slot::Dim, air).with(Slot::Text, binding.desc.clone()))
}

/// Paints entries in as many columns as the area has room for, down first.
fn flow(entries: &[Line], area: Rect, app: &App, buf: &mut Buffer) {
    let n_across = (area.width / ENTRY).clamp(1, u16::try_from(entries.len()).unwrap_or(1).max(1));
    let n_rows = usize::from(area.height).max(1);
    let per_column = entries.len().div_ceil(usize::from(n_across)).max(1);
    let top = app.help_top.min(per_column.saturating_sub(n_rows));
    let column_width = area.width / n_across;
    for (idx, column) in (0u16..).zip(entries.chunks(per_column)) {
        let x = area.x + idx * column_width;
        for (line, y) in column.iter().skip(top).zip(area.top()..area.bottom()) {
            let place = Rect { x, y, width: column_width.saturating_sub(1), height: 1 };
            paint_line(&line.fitted(place.width), place, &app.theme, buf);
        }
    }
    let n_below = per_column.saturating_sub(top + n_rows);
    if n_below > 0 || top > 0 {
        let text = format!(" ↑ ↓ · {n_below} below ");
        let x = area.right().saturating_sub(u16::try_from(text.chars().count()).unwrap_or(0));
        let foot = Rect { x, y: area.bottom(), width: area.right().saturating_sub(x), height: 1 };
        paint_line(&Line::new().with(Slot::Warn, text), foot, &app.theme, buf);
    }
}
