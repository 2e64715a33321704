//! Paints two positions of a conflict side by side, in place of the columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::consensus::report::{ConflictStatus, Contradiction};
use crate::domain::ids::Column;
use crate::ui::app::{App, TurnView};
use crate::ui::compare::{Compare, HalfRow, LEAD, half_cells, side_of, value_of};
use crate::ui::line::{Line, Slot};
use crate::ui::marks::Marks;
use crate::ui::overlay::Overlay;
use crate::ui::scroll::Extent;
use crate::ui::text::width::truncate;
use crate::ui::view::cards::{conflict_sign, topic};
use crate::ui::view::paint::{paint_line, paint_row, paint_rule, put};

/// Rows above the words: what is at issue, the positions, the rule.
const HEAD: u16 = 3;

/// Paints the comparison; returns how many rows of answers that took.
pub(crate) fn paint(app: &App, buf: &mut Buffer) -> u64 {
    let (Some(compare), Some(view)) = (&app.compare, app.shown()) else { return 0 };
    let area = app.layout.answers;
    let cells = half_cells(area.width);
    let left = Rect { x: area.x + 1, width: cells, ..area };
    let right = Rect { x: area.x + cells + 4, width: area.right().saturating_sub(area.x + cells + 4), ..area };
    if let Some(conflict) = view.conflict(compare.number) {
        paint_title(app, title(view, compare.number, conflict, area.width), area, buf);
        for (half, member) in [left, right].into_iter().zip(compare.members) {
            let line = position(view, conflict, member, half.width);
            paint_line(&line, Rect { y: half.y + 1, height: 1, ..half }, &app.theme, buf);
        }
    }
    let rule = Rect { y: area.y + HEAD - 1, height: 1, ..area };
    paint_rule(rule, "━", app.theme.style(Slot::Focus), buf);
    for y in area.y + HEAD - 2..area.bottom() {
        put(buf, (left.right() + 1, y), area.right(), "│", app.theme.style(Slot::Rule));
    }
    let body = body(area);
    let height = usize::from(body.height);
    let extent = Extent::new(compare.n_rows(), height);
    let first = compare.scroll.first_row(extent);
    let mut n_rows = 0;
    for (idx, y) in (first..compare.n_rows()).zip(body.top()..body.bottom()) {
        let Some(halves) = compare.row(idx) else { break };
        for (row, half) in halves.iter().zip([left, right]) {
            paint_half(app, (view, compare), row, Rect { y, height: 1, ..half }, buf);
        }
        n_rows += 1;
    }
    let n_below = compare.scroll.rows_below(extent);
    if n_below > 0 {
        let text = format!(" ▾ {n_below} below ");
        let x = rule.right().saturating_sub(u16::try_from(text.chars().count() + 1).unwrap_or(0)).max(rule.x);
        put(buf, (x, rule.y), rule.right(), &text, app.theme.style(Slot::Dim));
    }
    n_rows
}

/// Returns the part of the area that scrolls.
pub(crate) fn body(area: Rect) -> Rect {
    let head = HEAD.min(area.height);
    Rect { y: area.y + head, height: area.height - head, ..area }
}

/// Returns what is at issue, and which conflict of how many this is: for the left and the right end of a row.
fn title(view: &TurnView, number: u32, conflict: &Contradiction, cells: u16) -> (Line, Line) {
    let numbers = view.conflict_numbers();
    let at = numbers.iter().position(|known| *known == number).unwrap_or(0) + 1;
    let firmness = match conflict.status {
        ConflictStatus::Confirmed => "",
        ConflictStatus::Provisional => " · so far",
    };
    let touches = if conflict.touches_answer { " · touches the answer" } else { "" };
    let right = format!("{}{firmness}{touches} · {at} of {} ", conflict.kind.as_str(), numbers.len());
    let right = Line::new().with(Slot::Dim, right);
    let mut left = conflict_sign(number, conflict);
    let room = usize::from(cells).saturating_sub(left.width() + 3);
    let right = if right.width() + 12 > room { Line::new() } else { right };
    let room = room.saturating_sub(right.width());
    left.push(Slot::Strong, truncate(&topic(conflict), u16::try_from(room).unwrap_or(0)));
    (left, right)
}

fn paint_title(app: &App, (left, right): (Line, Line), area: Rect, buf: &mut Buffer) {
    let row = Rect { height: 1, ..area };
    paint_line(&left, Rect { x: row.x + 1, width: row.width.saturating_sub(1), ..row }, &app.theme, buf);
    let x = row.right().saturating_sub(u16::try_from(right.width()).unwrap_or(0));
    paint_line(&right, Rect { x, width: row.right() - x, ..row }, &app.theme, buf);
}

/// Returns a position: who takes it, and its value.
fn position(view: &TurnView, conflict: &Contradiction, member: usize, cells: u16) -> Line {
    let Some(side) = side_of(conflict, member) else { return Line::new() };
    let mut line = Line::new().with_chips(view.faces.all(side.members.iter().copied().map(Column::at)));
    let room = usize::from(cells).saturating_sub(line.width() + 1);
    line.push(Slot::Strong, format!(" {}", truncate(&value_of(side), u16::try_from(room).unwrap_or(0))));
    let further = conflict.sides.len().saturating_sub(2);
    if further > 0 && line.width() + 12 < usize::from(cells) {
        line.push(Slot::Dim, format!("  +{further} more"));
    }
    line
}

fn paint_half(app: &App, (view, compare): (&TurnView, &Compare), row: &HalfRow, place: Rect, buf: &mut Buffer) {
    match row {
        HalfRow::Empty => {}
        HalfRow::Line(line) => drop(paint_line(line, place, &app.theme, buf)),
        HalfRow::Text { member, row, chip, layers } => {
            if let Some(chip) = chip {
                paint_line(&Line::new().with_chips([view.faces.of(*chip)]), place, &app.theme, buf);
            }
            let none = Marks::default();
            let marks = view.columns.get(*member).map_or(&none, |column| &column.marks);
            let overlay = Overlay::new(marks).leading(Some(compare.number)).with(layers.iter().cloned());
            let text = Rect { x: place.x + LEAD, width: place.width.saturating_sub(LEAD), ..place };
            if let Some(row) = compare.document(*member).and_then(|document| document.row(*row)) {
                paint_row(row, &overlay, text, &app.theme, buf);
            }
        }
    }
}
