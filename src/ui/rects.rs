//! Cuts areas of the screen in two.

use ratatui::layout::Rect;

/// Splits off `rows` at the top.
pub(crate) fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// Splits off `rows` at the bottom, which come second.
pub(crate) fn split_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let rest = area.height - rows;
    (Rect { height: rest, ..area }, Rect { y: area.y + rest, height: rows, ..area })
}

/// Splits off `width` cells on the left and one for a rule.
pub(crate) fn split_left(area: Rect, width: u16) -> (Rect, Rect, Rect) {
    let width = width.min(area.width.saturating_sub(1));
    (
        Rect { width, ..area },
        Rect { x: area.x + width, width: 1, ..area },
        Rect { x: area.x + width + 1, width: area.width - width - 1, ..area },
    )
}
