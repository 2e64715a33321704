//! The help, and the menu of keys that may follow the menu key: both straight from the table of commands.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::action::Action;
use crate::ui::app::App;
use crate::ui::command::layers::{LAYER_KEYS, LayerKey, TITLE};
use crate::ui::command::{COMMANDS, Command, Group};
use crate::ui::keymap::{Keymap, Mode};
use crate::ui::line::{Line, Slot};
use crate::ui::text::width::{truncate, width};
use crate::ui::view::paint::{clear, paint_box, paint_line, paint_rule, put};

/// The least cells of a row of the help: what it does, keys while writing, while reading, after the menu key, the command.
const CELLS: [u16; 5] = [37, 11, 10, 7, 11];
/// Cells that the columns of a row gain where there is room, until every key of every command fits.
const MORE_CELLS: [u16; 5] = [1, 9, 7, 4, 5];
/// Cells of the one key of a command that a narrow help names.
const NARROW_KEY: u16 = 14;
/// Cells between two columns of the menu.
const MENU_GAP: usize = 2;
/// Cells at the left and at the right of the menu.
const MARGINS: usize = 2;
/// The most of the window's height that the menu takes, where it fits into that: a third.
const MENU_SHARE: u16 = 3;

/// Paints the help over everything: each command with all of its keys.
pub(crate) fn paint(app: &App, area: Rect, buf: &mut Buffer) {
    let inside = paint_box("help · esc closes", area, &app.theme, buf);
    let row_width = CELLS.iter().sum::<u16>();
    let is_narrow = inside.width < row_width;
    let n_across = (inside.width / (row_width + 2)).max(1);
    let column_width = inside.width / n_across;
    let (head, body) = (Rect { height: 1, ..inside }, Rect { y: inside.y + 1, height: inside.height - 1, ..inside });
    let menu_key = app.keymap.key(Mode::Write, &Action::Menu).unwrap_or("menu");
    let table = if is_narrow { Table::Narrow(inside.width) } else { Table::Wide(cells_for(column_width)) };
    let titles = table.titles(menu_key);
    let lines = lines(&app.keymap, &table, menu_key);
    let n_rows = usize::from(body.height).max(1);
    let per_column = lines.len().div_ceil(usize::from(n_across)).max(1);
    let top = app.help_top.min(per_column.saturating_sub(n_rows));
    for (idx, column) in (0u16..).zip(lines.chunks(per_column)) {
        let place = Rect { x: inside.x + idx * column_width, width: column_width, height: 1, ..head };
        paint_line(&titles, place, &app.theme, buf);
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

/// How a command is shown.
enum Table {
    /// With all its keys, each kind in cells of its own.
    Wide([u16; 5]),
    /// With the one key or command that reaches it from anywhere, in so many cells.
    Narrow(u16),
}

/// Returns the cells of a row of the help in `width` cells.
fn cells_for(width: u16) -> [u16; 5] {
    let spare = width.saturating_sub(CELLS.iter().sum());
    let wanted: u16 = MORE_CELLS.iter().sum();
    let mut cells = CELLS;
    for (cells, more) in cells.iter_mut().zip(MORE_CELLS) {
        *cells += (spare.min(wanted) * more) / wanted;
    }
    cells
}

impl Table {
    fn titles(&self, menu_key: &str) -> Line {
        match self {
            Self::Wide(cells) => {
                in_cells(&["", "writing", "reading", menu_key, "command"].map(str::to_owned), cells, Slot::Dim)
            }
            Self::Narrow(_) => Line::new().with(Slot::Dim, "one way each; a wider window has all"),
        }
    }

    fn row(&self, keymap: &Keymap, command: &Command, menu_key: &str) -> Line {
        let slash = if command.slash.is_empty() { String::new() } else { format!("/{}", command.slash) };
        let [write, read, menu] = [Mode::Write, Mode::Read, Mode::Menu].map(|mode| keymap.shown(mode, command));
        match self {
            Self::Wide(cells) => in_cells(&[command.says.to_owned(), write, read, menu, slash], cells, Slot::Key),
            Self::Narrow(_) => {
                let after = |lead: &str, keys: &str| match keys.split(' ').next() {
                    Some(key) if !key.is_empty() => format!("{lead}{key}"),
                    Some(_) | None => String::new(),
                };
                let menu = if menu.contains(" to ") { menu.replace(" to ", "-") } else { menu };
                let ways = [after("", &write), after(&format!("{menu_key} "), &menu), slash, after("tab ", &read)];
                self.narrow_row(command.says, ways.into_iter().find(|way| !way.is_empty()).unwrap_or_default())
            }
        }
    }

    fn layer_row(&self, keymap: &Keymap, key: &LayerKey) -> Line {
        let keys = keymap.keys(key.mode, &key.action).collect::<Vec<_>>().join(" ");
        let in_mode = |mode| if key.mode == mode { keys.clone() } else { String::new() };
        let (write, read) = (in_mode(Mode::Write), in_mode(Mode::Read));
        match self {
            Self::Wide(cells) => {
                in_cells(&[key.says.to_owned(), write, read, String::new(), String::new()], cells, Slot::Key)
            }
            Self::Narrow(_) => self.narrow_row(key.says, keys.split(' ').next().unwrap_or_default().to_owned()),
        }
    }

    fn narrow_row(&self, says: &str, way: String) -> Line {
        let room = match self {
            Self::Wide(cells) => cells.iter().sum::<u16>(),
            Self::Narrow(width) => *width,
        };
        let room = room.saturating_sub(NARROW_KEY);
        let says = truncate(says, room.saturating_sub(1));
        let air = " ".repeat(usize::from(room.saturating_sub(width(&says))));
        Line::new().with(Slot::Text, says).with(Slot::Dim, air).with(Slot::Key, way)
    }
}

/// Returns the help: every command that a person can call, by group, then what the marks mean.
fn lines(keymap: &Keymap, table: &Table, menu_key: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for group in Group::ALL {
        let commands = COMMANDS.iter().filter(|command| command.group == group);
        let rows: Vec<Line> = commands.map(|command| table.row(keymap, command, menu_key)).collect();
        if !rows.is_empty() {
            lines.push(Line::new().with(Slot::Focus, group.title()));
            lines.extend(rows);
        }
    }
    lines.push(Line::new().with(Slot::Focus, TITLE));
    lines.extend(LAYER_KEYS.iter().map(|key| table.layer_row(keymap, key)));
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

/// Returns texts side by side: the first one plain, the others in `slot`.
fn in_cells(texts: &[String; 5], cells: &[u16; 5], slot: Slot) -> Line {
    let mut line = Line::new();
    let mut wanted = 0;
    for (idx, (text, cells)) in texts.iter().zip(*cells).enumerate() {
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
    let titled = |(group, entries): &(Group, Vec<MenuEntry>)| -> Vec<Line> {
        std::iter::once(Line::new().with(Slot::Dim, group.title())).chain(menu_column(entries)).collect()
    };
    let by_group: Vec<Vec<Line>> = groups.iter().map(titled).collect();
    let columns = if fits(&by_group, window_width, most) {
        by_group
    } else {
        let entries: Vec<MenuEntry> = groups.into_iter().flat_map(|(_, entries)| entries).collect();
        packed(&entries, window_width)
    };
    let n_rows =
        columns.iter().map(Vec::len).max().unwrap_or(0).min(usize::from(app.layout.footer.y.saturating_sub(1)));
    let height = u16::try_from(n_rows + 1).unwrap_or(1);
    let area = Rect { x: 0, y: app.layout.footer.y.saturating_sub(height), width: window_width, height };
    clear(area, buf);
    paint_rule(area, "─", app.theme.style(Slot::Focus), buf);
    let key = app.keymap.key(Mode::Write, &Action::Menu).unwrap_or_default();
    put(buf, (1, area.y), area.right(), &format!(" {key}, then "), app.theme.style(Slot::Strong));
    let n_hidden: usize = columns.iter().map(|column| column.len().saturating_sub(n_rows)).sum();
    if n_hidden > 0 {
        let text = format!(" {n_hidden} more: ? has all ");
        let x = area.right().saturating_sub(width(&text) + 1);
        put(buf, (x, area.y), area.right(), &text, app.theme.style(Slot::Dim));
    }
    let widths: Vec<usize> = columns.iter().map(|column| width_of(column)).collect();
    let spare = usize::from(window_width).saturating_sub(widths.iter().sum::<usize>() + MARGINS);
    // What is left over parts the columns, up to what the eye still takes as one row.
    let gap = (spare / columns.len().max(1)).clamp(MENU_GAP, 2 * MENU_GAP + 2);
    let mut x = 1;
    for (column, width) in columns.iter().zip(widths) {
        for (line, y) in column.iter().zip(area.y + 1..area.bottom()) {
            let place = Rect { x, y, width: u16::try_from(width).unwrap_or(u16::MAX), height: 1 };
            paint_line(line, place.intersection(area), &app.theme, buf);
        }
        x = x.saturating_add(u16::try_from(width + gap).unwrap_or(u16::MAX));
    }
}

fn width_of(column: &[Line]) -> usize {
    column.iter().map(Line::width).max().unwrap_or(0)
}

/// Returns whether columns fit beside each other, with a gap between two, and are no longer than `most` rows.
fn fits(columns: &[Vec<Line>], width: u16, most: usize) -> bool {
    let gaps = MENU_GAP * columns.len().saturating_sub(1);
    let taken = columns.iter().map(|column| width_of(column)).sum::<usize>() + gaps + MARGINS;
    taken <= usize::from(width) && columns.iter().all(|column| column.len() <= most)
}

/// Returns the entries in as few rows as the width allows; each is shown, however small the window is.
fn packed(entries: &[MenuEntry], width: u16) -> Vec<Vec<Line>> {
    let in_rows = |n_rows: usize| entries.chunks(n_rows).map(menu_column).collect::<Vec<_>>();
    let found = (1..=entries.len()).map(in_rows).find(|columns| fits(columns, width, usize::MAX));
    found.unwrap_or_else(|| in_rows(entries.len().max(1)))
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
