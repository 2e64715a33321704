//! The list of commands that a typed slash may become, over the composer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::app::App;
use crate::ui::command::Command;
use crate::ui::keymap::Mode;
use crate::ui::line::{Line, Slot};
use crate::ui::text::width::{truncate, width};
use crate::ui::update::command::completions;
use crate::ui::view::paint::{clear, paint_line, paint_rule, put};

/// The most rows: more hide what is being read.
const MOST_ROWS: usize = 10;
/// Cells for the command with what it takes.
const WORD: usize = 18;
/// Cells for what it does.
const SAYS: usize = 36;

/// Paints the list over the panes, right above the composer; nothing where none is open.
pub(crate) fn paint(app: &App, buf: &mut Buffer) {
    let found = completions(app);
    let composer = app.layout.composer_rule;
    let room = usize::from(composer.y.saturating_sub(app.layout.header.bottom() + 1));
    let n_rows = found.len().min(MOST_ROWS).min(room);
    if n_rows == 0 {
        return;
    }
    let height = u16::try_from(n_rows).unwrap_or(composer.y);
    let area = Rect { y: composer.y - height, height, ..composer };
    let title = Rect { y: area.y - 1, height: 1, ..area };
    clear(Rect { y: title.y, height: height + 1, ..area }, buf);
    paint_rule(title, "─", app.theme.style(Slot::Rule), buf);
    put(buf, (title.x + 1, title.y), title.right(), " commands ", app.theme.style(Slot::Strong));
    let picked = app.slash.picked;
    let first = picked.map_or(0, |idx| (idx + 1).saturating_sub(n_rows));
    for ((idx, command), y) in found.iter().enumerate().skip(first).take(n_rows).zip(area.top()..) {
        let line = row(app, command, picked == Some(idx));
        paint_line(&line.fitted(area.width), Rect { y, height: 1, ..area }, &app.theme, buf);
    }
    let n_more = found.len() - first - n_rows;
    if n_more > 0 {
        let text = format!(" {n_more} more ");
        let x = title.right().saturating_sub(width(&text) + 1);
        put(buf, (x, title.y), title.right(), &text, app.theme.style(Slot::Dim));
    }
}

fn row(app: &App, command: &Command, is_picked: bool) -> Line {
    let (sign, slot) = if is_picked { ("▸", Slot::Focus) } else { (" ", Slot::Text) };
    let hint = command.takes.hint();
    let word = format!("/{} ", command.slash);
    let air = " ".repeat(WORD.saturating_sub(word.chars().count() + hint.chars().count()).max(1));
    let says = truncate(command.says, SAYS as u16);
    let line = Line::new().with(Slot::Focus, format!(" {sign} ")).with(slot, word).with(Slot::Dim, hint + &air);
    let keys = [(Mode::Read, ""), (Mode::Menu, "ctrl-x ")].map(|(mode, before)| {
        let shown = app.keymap.shown(mode, command);
        if shown.is_empty() { shown } else { format!("{before}{shown}") }
    });
    let keys = keys.iter().filter(|keys| !keys.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
    line.with(Slot::Text, format!("{says:SAYS$}  ")).with(Slot::Dim, keys)
}
