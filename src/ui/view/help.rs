//! The help, and the menu of keys that may follow the menu key: both straight from the table of commands.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::action::Action;
use crate::ui::app::App;
use crate::ui::command::{COMMANDS, Command, Group};
use crate::ui::keymap::{Keymap, Mode};
use crate::ui::line::{Line, Slot};
use crate::ui::text::width::{truncate, width};
use crate::ui::view::paint::{clear, paint_box, paint_line, paint_rule, put};

/// Cells of a row of the help: what it does, keys while writing, while reading, after the menu key, the command.
const CELLS: [u16; 5] = [37, 11, 10, 7, 11];
/// Cells of an entry of the menu.
const ENTRY: u16 = 20;
/// The most of the window's height that the menu takes: a third.
const MENU_SHARE: u16 = 3;

/// Paints the help over everything: each command with all of its keys.
pub(crate) fn paint(app: &App, area: Rect, buf: &mut Buffer) {
    let inside = paint_box("help · esc closes", area, &app.theme, buf);
    let row_width = CELLS.iter().sum::<u16>();
    let n_across = (inside.width / (row_width + 2)).max(1);
    let column_width = inside.width / n_across;
    let (head, body) = (Rect { height: 1, ..inside }, Rect { y: inside.y + 1, height: inside.height - 1, ..inside });
    let menu_key = app.keymap.key(Mode::Write, &Action::Menu).unwrap_or("menu");
    let titles = ["", "writing", "reading", menu_key, "command"].map(str::to_owned);
    let lines = lines(&app.keymap);
    let n_rows = usize::from(body.height).max(1);
    let per_column = lines.len().div_ceil(usize::from(n_across)).max(1);
    let top = app.help_top.min(per_column.saturating_sub(n_rows));
    for (idx, column) in (0u16..).zip(lines.chunks(per_column)) {
        let place = Rect { x: inside.x + idx * column_width, width: column_width, height: 1, ..head };
        paint_line(&in_cells(&titles, Slot::Dim), place, &app.theme, buf);
        for (line, y) in column.iter().skip(top).zip(body.top()..body.bottom()) {
            paint_line(&line.fitted(place.width), Rect { y, ..place }, &app.theme, buf);
        }
    }
    let n_below = per_column.saturating_sub(top + n_rows);
    if n_below > 0 || top > 0 {
        let text = format!(" ↑ ↓ · {n_below} below ");
        let y = area.bottom().saturating_sub(1);
        put(buf, (area.right().saturating_sub(width(&text) + 1), y), area.right(), &text, app.theme.style(Slot::Warn));
    }
}

/// Returns the help: every command that a person can call, by group, then what the marks mean.
fn lines(keymap: &Keymap) -> Vec<Line> {
    let mut lines = Vec::new();
    for group in Group::ALL {
        let rows: Vec<Line> =
            COMMANDS.iter().filter(|command| command.group == group).map(|command| row(keymap, command)).collect();
        if !rows.is_empty() {
            lines.push(Line::new().with(Slot::Focus, group.title()));
            lines.extend(rows);
        }
    }
    lines.push(Line::new().with(Slot::Focus, "marks"));
    for (slot, sign, text) in [
        (Slot::Agreed, "=", "all that count say it"),
        (Slot::Partly, "~", "two or more say it"),
        (Slot::OnlyOne, "·", "one says it, others are silent"),
        (Slot::Conflict, "≠1", "they conflict; dim: maybe, one still writes"),
    ] {
        lines.push(Line::new().with(slot, format!("{sign:4}")).with(Slot::Text, text));
    }
    lines
}

fn row(keymap: &Keymap, command: &Command) -> Line {
    let slash = if command.slash.is_empty() { String::new() } else { format!("/{}", command.slash) };
    let keys = [Mode::Write, Mode::Read, Mode::Menu].map(|mode| keymap.shown(mode, command));
    let [write, read, menu] = keys;
    in_cells(&[command.says.to_owned(), write, read, menu, slash], Slot::Key)
}

/// Returns texts side by side: the first one plain, the others in `slot`.
fn in_cells(texts: &[String; 5], slot: Slot) -> Line {
    let mut line = Line::new();
    let mut wanted = 0;
    for (idx, (text, cells)) in texts.iter().zip(CELLS).enumerate() {
        let is_keys = (1..=3).contains(&idx) && !text.contains(" to ");
        let text = if is_keys { whole_words(text, cells - 1) } else { truncate(text, cells - 1).into_owned() };
        if !text.is_empty() {
            line.push(Slot::Dim, " ".repeat(usize::from(wanted).saturating_sub(line.width())));
            line.push(if idx == 0 { Slot::Text } else { slot }, text);
        }
        wanted += cells;
    }
    line
}

/// Returns as many of the keys in `text` as fit whole; the first one is never left out.
fn whole_words(text: &str, cells: u16) -> String {
    let mut kept = String::new();
    for word in text.split(' ') {
        let longer = if kept.is_empty() { word.to_owned() } else { format!("{kept} {word}") };
        if width(&longer) > cells && !kept.is_empty() {
            break;
        }
        kept = longer;
    }
    truncate(&kept, cells).into_owned()
}

/// Paints the keys that may follow the menu key, at the foot of the panes, by group where there is room.
pub(crate) fn paint_menu(app: &App, buf: &mut Buffer) {
    let (window_width, window_height) = app.size;
    let most = usize::from((window_height / MENU_SHARE).saturating_sub(1)).max(1);
    let groups: Vec<(Group, Vec<MenuEntry>)> = Group::ALL
        .into_iter()
        .map(|group| (group, menu_entries(&app.keymap, group)))
        .filter(|(_, entries)| !entries.is_empty())
        .collect();
    let n_across = usize::from((window_width / ENTRY).max(1));
    let longest = groups.iter().map(|(_, entries)| entries.len() + 1).max().unwrap_or(0);
    let columns: Vec<Vec<Line>> = if groups.len() <= n_across && longest <= most {
        let titled = |(group, entries): (Group, Vec<MenuEntry>)| {
            std::iter::once(Line::new().with(Slot::Dim, group.title())).chain(menu_column(&entries)).collect()
        };
        groups.into_iter().map(titled).collect()
    } else {
        let entries: Vec<MenuEntry> = groups.into_iter().flat_map(|(_, entries)| entries).collect();
        entries.chunks(entries.len().div_ceil(n_across).max(1)).map(menu_column).collect()
    };
    let n_rows = columns.iter().map(Vec::len).max().unwrap_or(0).min(most);
    let height = u16::try_from(n_rows + 1).unwrap_or(1);
    let area = Rect { x: 0, y: app.layout.footer.y.saturating_sub(height), width: window_width, height };
    clear(area, buf);
    paint_rule(area, "─", app.theme.style(Slot::Focus), buf);
    let key = app.keymap.key(Mode::Write, &Action::Menu).unwrap_or_default();
    put(buf, (1, area.y), area.right(), &format!(" {key}, then "), app.theme.style(Slot::Strong));
    let n_columns = u16::try_from(columns.len()).unwrap_or(1).max(1);
    let column_width = (window_width / n_columns).min(ENTRY + 8);
    for (idx, column) in (0u16..).zip(&columns) {
        for (line, y) in column.iter().zip(area.y + 1..area.bottom()) {
            let place = Rect { x: 1 + idx * column_width, y, width: column_width.saturating_sub(1), height: 1 };
            paint_line(&line.fitted(place.width), place.intersection(area), &app.theme, buf);
        }
    }
}

/// A key of the menu and the word for what it does.
type MenuEntry = (String, &'static str);

fn menu_entries(keymap: &Keymap, group: Group) -> Vec<MenuEntry> {
    let entry = |command: &Command| {
        let keys = keymap.shown(Mode::Menu, command).replace(" to ", "-");
        let key = keys.split(' ').next().filter(|key| !key.is_empty())?.to_owned();
        Some((key, command.short))
    };
    COMMANDS.iter().filter(|command| command.group == group).filter_map(entry).collect()
}

/// Returns entries below each other, their words in line.
fn menu_column(entries: &[MenuEntry]) -> Vec<Line> {
    let cells = entries.iter().map(|(key, _)| key.len() + 1).max().unwrap_or(0).max(4);
    let line = |(key, word): &MenuEntry| Line::new().with(Slot::Key, format!("{key:cells$}")).with(Slot::Text, *word);
    entries.iter().map(line).collect()
}
