//! The hints at the foot: the most useful keys of the moment, from the table of keys.

use ratatui::buffer::Buffer;

use crate::ui::app::App;
use crate::ui::keymap::{Binding, Mode};
use crate::ui::line::{Line, Slot};
use crate::ui::view::paint::paint_line;

/// The most hints: more are not read.
const MOST: usize = 8;

/// Paints the footer.
pub(crate) fn paint(app: &App, buf: &mut Buffer) {
    paint_line(&line(app), app.layout.footer, &app.theme, buf);
}

fn line(app: &App) -> Line {
    if app.quit_armed_until.is_some() {
        return Line::new().with(Slot::Key, " ctrl-c").with(Slot::Warn, " again to quit");
    }
    if let Some(notice) = &app.notice {
        return Line::new().with(Slot::Warn, format!(" {}", notice.text));
    }
    let mode = if app.is_reading { Mode::Read } else { Mode::Write };
    let hinted: Vec<&Binding> = app.keymap.rows(mode).filter(|binding| binding.hint.is_some()).collect();
    let Some((help, hints)) = hinted.split_last() else { return Line::new() };
    let help = hint(help);
    let room = usize::from(app.layout.footer.width).saturating_sub(help.width() + 1);
    let mut line = Line::new();
    if app.turns.is_empty() && !app.questions.all.is_empty() && app.composer.is_empty() {
        line.push(Slot::Key, " ↑ ↓");
        line.push(Slot::Dim, " pick a question");
    }
    for binding in hints.iter().take(MOST - 1) {
        let next = hint(binding);
        // Hints are dropped from the right; the help is always last and always there.
        if line.width() + next.width() > room {
            break;
        }
        line.pieces.extend(next.pieces);
    }
    line.pieces.extend(help.pieces);
    line
}

fn hint(binding: &Binding) -> Line {
    let key = binding.on.first().map_or("", String::as_str);
    let word = binding.hint.as_deref().unwrap_or_default();
    Line::new().with(Slot::Key, format!(" {key}")).with(Slot::Dim, format!(" {word} "))
}
