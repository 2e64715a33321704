//! Sessions and found turns as rows of a list.

use crate::domain::verdict::Band;
use crate::ui::action::Action;
use crate::ui::app::App;
use crate::ui::keymap::Mode;
use crate::ui::library::{Card, Found};
use crate::ui::line::{Line, Slot};
use crate::ui::text::clean::clean;
use crate::ui::text::width::{truncate, width};
use crate::ui::view::footer::{arrows, key};

/// Cells for when a session was used, how long it is, what it cost, and its worst mark.
const USED: usize = 10;
const TURNS: usize = 9;
const COST: usize = 8;
const WORST: usize = 12;
/// The fewest cells that a name is worth, and those from which the folder has room beside it.
const NAME: usize = 20;
const FOLDER: usize = 24;

/// Returns a session as a row: whether it is pinned, its name, when it was used last, turns, cost, worst mark, folder.
pub(super) fn card_row(app: &App, card: &Card, cells: usize) -> Line {
    let is_here = card.id == app.library.here;
    let fixed = 2 + USED + TURNS + COST + WORST + 4;
    let room = cells.saturating_sub(fixed).max(NAME);
    let folder_cells = if room >= 2 * FOLDER { FOLDER } else { 0 };
    let mut line = Line::new().with(Slot::Key, if card.is_pinned { "* " } else { "  " });
    let slot = if is_here { Slot::Focus } else { Slot::Text };
    push(&mut line, slot, &one_line(&card.name), room - folder_cells);
    push(&mut line, Slot::Dim, &card.used, USED);
    let turns = if card.n_turns == 1 { "1 turn".to_owned() } else { format!("{} turns", card.n_turns) };
    push(&mut line, Slot::Dim, &turns, TURNS);
    push(&mut line, Slot::Dim, &card.cost, COST);
    let band = card.worst.map_or("", Band::as_str);
    let conflicts = if card.n_conflicts == 0 { String::new() } else { format!("≠{} ", card.n_conflicts) };
    let flag = if card.is_flagged { "! " } else { "" };
    let n_cells = width(&conflicts) + width(flag);
    line.push(Slot::Conflict, conflicts);
    line.push(Slot::Warn, flag);
    push(&mut line, Slot::Dim, band, WORST.saturating_sub(usize::from(n_cells)));
    if folder_cells > 0 {
        line.push(Slot::Dim, tail(&one_line(&card.folder), folder_cells - 1));
    }
    line
}

/// Returns a found turn as two rows: what was asked and where; the words with what is around them.
pub(super) fn found_rows(found: &Found, cells: usize) -> [Line; 2] {
    let place = format!("{} · turn {} of ", found.asked, found.place);
    let name = one_line(&found.name);
    let beside = usize::from(width(&place)) + usize::from(width(&name)).min(24);
    let mut asked = Line::new();
    push(&mut asked, Slot::Text, &one_line(&found.question), cells.saturating_sub(beside + 2).max(NAME));
    asked.push(Slot::Dim, format!("{place}{}", truncate(&name, 24)));
    let mut context = Line::new().with(Slot::Dim, "  ");
    for (idx, piece) in found.context.iter().enumerate() {
        let slot = if idx % 2 == 1 { Slot::Found } else { Slot::Dim };
        // The blanks at the ends of a piece are the ones between words.
        let piece: String = clean(piece).chars().map(|it| if it.is_whitespace() { ' ' } else { it }).collect();
        context.push(slot, piece);
    }
    [asked, context]
}

/// Returns the hints while the sessions are listed.
pub(super) fn hints(
    app: &App,
    take: (String, &'static str),
    back: (String, &'static str),
) -> Vec<(String, &'static str)> {
    let after = |action: &Action| app.keymap.key(Mode::Menu, action).unwrap_or_default().to_owned();
    let done = [
        (Action::RenameSession, "rename"),
        (Action::PinSession, "pin"),
        (Action::Fork, "fork"),
        (Action::DeleteSession, "delete"),
        (Action::RestoreSession, "undelete"),
    ];
    if app.picker.naming.is_some() {
        return vec![take, back];
    }
    if app.picker.is_menu {
        return done.iter().map(|(action, word)| (after(action), *word)).collect();
    }
    let menu = key(app, &Action::Menu);
    let keys: Vec<String> = done.iter().map(|(action, _)| after(action)).collect();
    let more = (format!("{menu} {}", keys.join(" ")), "rename, pin, fork, delete, undelete");
    vec![(arrows(app), "pick"), take, back, more]
}

/// Adds a text in so many cells, and a blank.
fn push(line: &mut Line, slot: Slot, text: &str, cells: usize) {
    let text = truncate(text, u16::try_from(cells).unwrap_or(u16::MAX));
    let air = cells.saturating_sub(usize::from(width(&text))) + 1;
    line.push(slot, text.into_owned());
    line.push(slot, " ".repeat(air));
}

/// Returns the end of a path, which tells folders apart.
fn tail(path: &str, cells: usize) -> String {
    let n_letters = path.chars().count();
    if n_letters <= cells {
        return path.to_owned();
    }
    let end: String = path.chars().skip(n_letters + 1 - cells).collect();
    format!("…{end}")
}

fn one_line(text: &str) -> String {
    clean(text).replace('\n', " ")
}
