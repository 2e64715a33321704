//! Paints the figures of how the models did, over everything.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::figures::Allowance;
use crate::figures::table::{Table, tables};
use crate::ui::app::App;
use crate::ui::library::Reach;
use crate::ui::line::{Line, Slot};
use crate::ui::purse::spent;
use crate::ui::text::clean::clean;
use crate::ui::text::width::width;
use crate::ui::view::paint::{paint_box, paint_line, put};

/// Paints the figures; while they are counted, that they are.
pub(crate) fn paint(app: &App, area: Rect, buf: &mut Buffer) {
    let reach = app.library.reach;
    let inside = paint_box(&format!("how the models did, {} · esc closes", reach.as_str()), area, &app.theme, buf);
    let lines = match app.library.board.as_ref().filter(|board| board.reach == reach) {
        None => vec![Line::new().with(Slot::Dim, "counting…")],
        Some(board) => {
            let spent = spent(app);
            let today = spent + app.purse.elsewhere;
            let allowance = Allowance { budget: app.purse.budget, today, session: Some(spent) };
            let name = |name: &str| clean(name).replace('\n', " ");
            let tables = tables(&board.figures, &allowance, board.today, usize::from(inside.width), name);
            tables.iter().flat_map(table_lines).collect()
        }
    };
    let n_rows = usize::from(inside.height).max(1);
    let top = app.help_top.min(lines.len().saturating_sub(n_rows));
    for (line, y) in lines.iter().skip(top).zip(inside.top()..inside.bottom()) {
        paint_line(&line.fitted(inside.width), Rect { y, height: 1, ..inside }, &app.theme, buf);
    }
    let n_below = lines.len().saturating_sub(top + n_rows);
    if n_below > 0 || top > 0 {
        let text = format!(" ↑ ↓ · {n_below} below ");
        let y = area.bottom().saturating_sub(1);
        put(buf, (area.right().saturating_sub(width(&text) + 1), y), area.right(), &text, app.theme.style(Slot::Warn));
    }
    let others: Vec<&str> = Reach::ALL.iter().filter(|other| **other != reach).map(|other| other.as_str()).collect();
    let text = format!(" ← → · {} ", others.join(", "));
    put(buf, (area.x + 1, area.bottom().saturating_sub(1)), area.right(), &text, app.theme.style(Slot::Dim));
}

fn table_lines(table: &Table) -> Vec<Line> {
    let title = Line::new().with(Slot::Focus, table.title.clone());
    let heads = Some(&table.heads).filter(|heads| !heads.is_empty());
    let mut lines = vec![title];
    lines.extend(heads.map(|heads| Line::new().with(Slot::Dim, heads.clone())));
    lines.extend(table.rows.iter().map(|row| Line::new().with(Slot::Text, row.clone())));
    lines.extend(table.notes.iter().map(|note| Line::new().with(Slot::Dim, note.clone())));
    lines.push(Line::new());
    lines
}
