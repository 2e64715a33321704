//! Puts lines and rows into cells.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use crate::ui::find;
use crate::ui::line::{Line, Slot};
use crate::ui::overlay::Overlay;
use crate::ui::text::clean::harmless;
use crate::ui::text::row::{Row, RowSpan, SpanCell, TextRole};
use crate::ui::theme::Theme;

/// Paints a line into the first row of `area`, cut at its right edge; returns the cell after the last one painted.
pub(crate) fn paint_line(line: &Line, area: Rect, theme: &Theme, buf: &mut Buffer) -> u16 {
    let mut x = area.x;
    for piece in &line.pieces {
        let text = theme.glyphs.piece(&piece.text, piece.slot);
        x = put(buf, (x, area.y), area.right(), &text, theme.style(piece.slot));
    }
    x
}

/// Paints lines from the top of `area` down, as many as fit.
pub(crate) fn paint_lines<'a>(lines: impl IntoIterator<Item = &'a Line>, area: Rect, theme: &Theme, buf: &mut Buffer) {
    for (line, y) in lines.into_iter().zip(area.top()..area.bottom()) {
        paint_line(line, Rect { y, height: 1, ..area }, theme, buf);
    }
}

/// Paints a row of a model's text with what lies over it; returns the cell after the last one painted.
pub(crate) fn paint_row(row: &Row, overlay: &Overlay<'_>, area: Rect, theme: &Theme, buf: &mut Buffer) -> u16 {
    let mut x = area.x;
    for span in &row.spans {
        let style = overlay.ground(theme.text(span.style), theme);
        let is_covered = !span.source.is_empty() && overlay.touches(&span.source);
        x = if is_covered || span.text.contains('\t') {
            paint_cells(span, overlay, (x, area), theme, buf)
        } else {
            let is_ours = matches!(span.style.role, TextRole::Marker | TextRole::QuoteBar | TextRole::Rule);
            let text = if is_ours { theme.glyphs.sign(&span.text) } else { Cow::Borrowed(&*span.text) };
            put(buf, (x, area.y), area.right(), &text, style)
        };
    }
    x
}

/// Paints a span cell by cell, so that a mark can begin and end inside it.
fn paint_cells(
    span: &RowSpan,
    overlay: &Overlay<'_>,
    (start, area): (u16, Rect),
    theme: &Theme,
    buf: &mut Buffer,
) -> u16 {
    let style = theme.text(span.style);
    let mut x = start;
    for SpanCell { text, source, .. } in span.cells() {
        let style = overlay.style(style, &source, theme);
        let text = if text == "\t" { "    " } else { text };
        x = put(buf, (x, area.y), area.right(), text, style);
    }
    x
}

/// Writes text from a cell on, up to the right edge; returns the cell after it.
pub(crate) fn put(buf: &mut Buffer, (x, y): (u16, u16), right: u16, text: &str, style: Style) -> u16 {
    if x >= right {
        return x;
    }
    // Every way to a cell ends here. Answers were cleaned before they were laid out.
    let text = harmless(Cow::Borrowed(text));
    let end = buf.set_stringn(x, y, &*text, usize::from(right - x), style).0;
    // What lay there before, such as a rule, must not lend the text its colour or weight.
    for x in x..end {
        if let Some(cell) = buf.cell_mut((x, y)) {
            cell.fg = style.fg.unwrap_or(Color::Reset);
            cell.modifier = style.add_modifier;
        }
    }
    end
}

/// Lays a style over the places of a row that show `query`, as it was found by [`find`].
pub(crate) fn highlight(query: &str, area: Rect, style: Style, buf: &mut Buffer) {
    let heeds_case = find::heeds_case(query);
    let as_compared = |text: &str| if heeds_case { text.to_owned() } else { text.to_lowercase() };
    let mut shown = String::new();
    let mut starts = Vec::new();
    for x in area.left()..area.right() {
        starts.push((shown.len(), x));
        shown.push_str(&as_compared(buf.cell((x, area.y)).map_or(" ", |cell| cell.symbol())));
    }
    for (at, found) in shown.match_indices(&as_compared(query)) {
        let covered = starts.iter().filter(|(start, _)| (at..at + found.len()).contains(start));
        for (_, x) in covered {
            if let Some(cell) = buf.cell_mut((*x, area.y)) {
                cell.set_style(style);
            }
        }
    }
}

/// Draws a hairline over the first row of `area`.
pub(crate) fn paint_rule(area: Rect, sign: &str, style: Style, buf: &mut Buffer) {
    for x in area.left()..area.right() {
        put(buf, (x, area.y), area.right(), sign, style);
    }
}

/// Takes everything out of an area.
pub(crate) fn clear(area: Rect, buf: &mut Buffer) {
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
}

/// Clears a box and frames it; returns the area inside.
pub(crate) fn paint_box(title: &str, area: Rect, theme: &Theme, buf: &mut Buffer) -> Rect {
    clear(area, buf);
    let rule = theme.style(Slot::Rule);
    paint_rule(area, "─", rule, buf);
    paint_rule(Rect { y: area.bottom().saturating_sub(1), ..area }, "─", rule, buf);
    put(buf, (area.x + 1, area.y), area.right(), &format!(" {title} "), theme.style(Slot::Strong));
    Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: area.height.saturating_sub(2) }
}
