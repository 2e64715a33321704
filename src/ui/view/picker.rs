//! Lists over the composer: the commands that a typed slash may become, and lists to pick from.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::ids::Column;
use crate::ui::action::Action;
use crate::ui::address::{Address, host_of};
use crate::ui::app::{App, Layer};
use crate::ui::command::Command;
use crate::ui::keymap::Mode;
use crate::ui::line::{Line, Slot};
use crate::ui::picker::{PickerKind, found, offered};
use crate::ui::text::clean::clean;
use crate::ui::text::width::{truncate, width, wrap};
use crate::ui::update::command::completions;
use crate::ui::view::footer::{arrows, key};
use crate::ui::view::paint::{clear, paint_line, paint_rule, put};
use crate::ui::view::sessions;

/// The most rows: more hide what is being read.
const MOST_ROWS: usize = 12;
/// The narrowest list that has room for words and keys; it may lie over the columns.
const NARROWEST: u16 = 78;
/// Cells for the command with what it takes.
const WORD: usize = 18;
/// Cells for what it does.
const SAYS: usize = 36;

/// A list to be painted.
struct Listing {
    title: Line,
    rows: Vec<Line>,
    /// Rows that each entry takes.
    per_entry: usize,
    picked: Option<usize>,
    /// What is said where there are no rows.
    empty: &'static str,
}

/// Paints what a typed slash may become, right above the composer; nothing where none is typed.
pub(crate) fn paint_completions(app: &App, buf: &mut Buffer) {
    let found = completions(app);
    if found.is_empty() {
        return;
    }
    let picked = app.slash.picked;
    let word = |command: &&Command| format!("/{}", command.slash);
    let rows = found.iter().map(|command| command_row(app, &word(command), command)).collect();
    let title = Line::new().with(Slot::Strong, " commands ");
    paint(app, &Listing { title, rows, per_entry: 1, picked, empty: "" }, buf);
}

/// Paints the open list to pick from; returns where the cursor stands.
pub(crate) fn paint_picker(app: &App, buf: &mut Buffer) -> Option<Position> {
    if let Some(url) = &app.picker.asked {
        paint_address(app, url, buf);
        return None;
    }
    let kind = app.picker.kind;
    let rows = found(app).into_iter().filter_map(|idx| match kind {
        PickerKind::Commands => offered().nth(idx).map(|command| command_row(app, command.short, command)),
        PickerKind::Themes => app.themes.names().nth(idx).map(|name| Line::new().with(Slot::Text, clean(name))),
        PickerKind::Models => model_row(app, idx),
        PickerKind::Addresses => app.picker.offered.get(idx).map(address_row),
        PickerKind::Sessions | PickerKind::Finds => None,
    });
    let cells = usize::from(list_width(app)).saturating_sub(5);
    let rows: Vec<Line> = match kind {
        PickerKind::Sessions => app.library.cards.iter().map(|card| sessions::card_row(app, card, cells)).collect(),
        PickerKind::Finds => app.library.finds.iter().flat_map(|found| sessions::found_rows(found, cells)).collect(),
        PickerKind::Commands | PickerKind::Themes | PickerKind::Models | PickerKind::Addresses => rows.collect(),
    };
    let per_entry = if kind == PickerKind::Finds { 2 } else { 1 };
    let (heading, typed) = match &app.picker.naming {
        Some(name) => ("new name", name),
        None => (kind.title(), &app.picker.pattern),
    };
    let typed = truncate(typed, 40).into_owned();
    let title = Line::new().with(Slot::Strong, format!(" {heading} ")).with(Slot::Focus, "❯ ");
    let before = title.width() + usize::from(width(&typed));
    let title = title.with(Slot::Text, typed).with(Slot::Dim, "  ");
    let listing = Listing { title, rows, per_entry, picked: Some(app.picker.picked), empty: empty(app) };
    let area = paint(app, &listing, buf)?;
    Some(Position { x: area.x + 1 + u16::try_from(before).ok()?, y: area.y })
}

fn model_row(app: &App, idx: usize) -> Option<Line> {
    let (seat, is_on) = app.seats.get(idx).zip(app.picker.wanted.get(idx))?;
    let mut line = Line::new();
    if *is_on {
        line.push_chip(Column::at(idx));
    } else {
        line.push(Slot::ChipOff, format!(" {} ", Column::at(idx).letter()));
    }
    let slot = if *is_on { Slot::Text } else { Slot::Dim };
    let state = if *is_on { "on " } else { "off" };
    let name = truncate(seat.member.id.as_str(), 24);
    Some(line.with(slot, format!(" {state}  {name:24} ")).with(Slot::Dim, format!("{}", seat.member.provider)))
}

/// Returns an address as a row: its number, the title of its page, itself; its host stands first where it has no title.
fn address_row(address: &Address) -> Line {
    let number = address.number.map_or_else(|| "link ".to_owned(), |number| format!("{:<5}", format!("[{number}]")));
    let title = if address.title.is_empty() { host_of(&address.url) } else { &address.title };
    let line = Line::new().with(Slot::Key, number).with(Slot::Text, format!("{:30}  ", truncate(title, 30)));
    line.with(Slot::Dim, address.url.clone())
}

/// Returns an address in the rows that it is shown in.
fn address_rows(app: &App, url: &str) -> Vec<String> {
    wrap(url, list_width(app).saturating_sub(5))
}

/// Returns the cells that a list has.
fn list_width(app: &App) -> u16 {
    let composer = app.layout.composer_rule;
    composer.width.max(NARROWEST).min(app.size.0.saturating_sub(composer.x))
}

/// Returns what is said of a list without entries.
fn empty(app: &App) -> &'static str {
    match app.picker.kind {
        PickerKind::Finds if app.picker.pattern.trim().is_empty() => "type words: questions come before answers",
        PickerKind::Finds => "no turn has all of these words",
        PickerKind::Sessions if app.picker.pattern.trim().is_empty() => "no session is kept yet",
        PickerKind::Sessions
        | PickerKind::Commands
        | PickerKind::Themes
        | PickerKind::Models
        | PickerKind::Addresses => "nothing fits",
    }
}

/// Returns whether the window has room for an address as a whole.
pub(crate) fn is_whole_in_sight(app: &App, url: &str) -> bool {
    address_rows(app, url).len() <= room(app)
}

/// Returns the most rows that a list can have between the title line and the composer.
fn room(app: &App) -> usize {
    usize::from(app.layout.composer_rule.y.saturating_sub(app.layout.header.bottom() + 1))
}

/// Paints an address whole, in as many rows as it takes, and asks.
fn paint_address(app: &App, url: &str, buf: &mut Buffer) {
    let rows = address_rows(app, url).into_iter().map(|row| Line::new().with(Slot::Text, row)).collect();
    let title = Line::new().with(Slot::Strong, " open this page at ").with(Slot::Warn, host_of(url));
    let title = title.with(Slot::Strong, "? ");
    let listing = Listing { title, rows, per_entry: 1, picked: None, empty: "" };
    paint_rows(app, &listing, usize::from(u16::MAX), buf);
}

/// Returns a command as a row: its word, what it does, its keys.
fn command_row(app: &App, word: &str, command: &Command) -> Line {
    let hint = command.takes.hint();
    let is_slash = word.starts_with('/');
    let hint = if is_slash || command.action.is_none() { format!(" {hint}") } else { String::new() };
    let air = " ".repeat(WORD.saturating_sub(word.chars().count() + hint.chars().count()).max(1));
    let says = truncate(command.says, SAYS as u16);
    let menu = app.keymap.key(Mode::Write, &Action::Menu).map_or_else(String::new, |key| format!("{key} "));
    let keys = [(Mode::Write, ""), (Mode::Read, ""), (Mode::Menu, menu.as_str())].map(|(mode, before)| {
        let shown = app.keymap.shown(mode, command);
        let first = if shown.contains(" to ") { shown } else { shown.split(' ').next().unwrap_or_default().to_owned() };
        if first.is_empty() { first } else { format!("{before}{first}") }
    });
    let mut keys = keys.into_iter().filter(|keys| !keys.is_empty()).collect::<Vec<_>>();
    keys.dedup();
    let line = Line::new().with(Slot::Text, word).with(Slot::Dim, hint + &air);
    line.with(Slot::Text, format!("{says:SAYS$}  ")).with(Slot::Dim, keys.join(" · "))
}

/// Paints a list above the composer, its picked row in sight; returns where it lies, `None` without room.
fn paint(app: &App, listing: &Listing, buf: &mut Buffer) -> Option<Rect> {
    paint_rows(app, listing, MOST_ROWS, buf)
}

fn paint_rows(app: &App, listing: &Listing, most: usize, buf: &mut Buffer) -> Option<Rect> {
    let composer = app.layout.composer_rule;
    let width_of_window = app.size.0;
    let n_rows = listing.rows.len().clamp(1, most).min(room(app));
    let n_rows = if n_rows < listing.per_entry { n_rows } else { n_rows - n_rows % listing.per_entry };
    if n_rows == 0 {
        return None;
    }
    let height = u16::try_from(n_rows).ok()? + 1;
    let area = Rect { y: composer.y - height, height, width: list_width(app), ..composer };
    clear(area, buf);
    paint_rule(area, "─", app.theme.style(Slot::Rule), buf);
    paint_line(&listing.title, Rect { x: area.x + 1, width: area.width - 1, ..area }, &app.theme, buf);
    let picked = listing.picked.unwrap_or(0) * listing.per_entry;
    let first = (picked + listing.per_entry).saturating_sub(n_rows);
    for ((idx, line), y) in listing.rows.iter().enumerate().skip(first).take(n_rows).zip(area.y + 1..) {
        let is_picked = listing.picked.is_some() && idx == picked;
        let sign = Line::new().with(Slot::Focus, if is_picked { " ▸ " } else { "   " });
        let x = paint_line(&sign, Rect { y, ..area }, &app.theme, buf);
        let place = Rect { x, y, width: area.right().saturating_sub(x + 1), height: 1 };
        paint_line(&line.fitted(place.width), place, &app.theme, buf);
    }
    if listing.rows.is_empty() {
        let place = (area.x + 3, area.y + 1);
        put(buf, place, area.right(), listing.empty, app.theme.style(Slot::Warn));
    }
    if area.right() < width_of_window {
        for y in area.top()..area.bottom() {
            put(buf, (area.right() - 1, y), area.right(), "│", app.theme.style(Slot::Rule));
        }
    }
    let n_more = listing.rows.len().saturating_sub(first + n_rows) / listing.per_entry.max(1);
    if n_more > 0 {
        let text = format!(" {n_more} more ");
        let x = area.right().saturating_sub(width(&text) + 2);
        put(buf, (x, area.y), area.right(), &text, app.theme.style(Slot::Dim));
    }
    Some(area)
}

/// Returns the hints for the footer while a list is open.
pub(crate) fn hints(app: &App) -> Vec<(String, &'static str)> {
    let (enter, back) = (key(app, &Action::Send), (key(app, &Action::Stop), "back"));
    let reading = |action| app.keymap.key(Mode::Read, &action).unwrap_or_default().to_owned();
    if app.layer == Layer::Picker && app.picker.asked.is_some() {
        return vec![(enter, "open it"), (reading(Action::Copy), "copy it"), back];
    }
    let take = match app.picker.kind {
        PickerKind::Commands => "run",
        PickerKind::Themes => "take",
        PickerKind::Models => "switch",
        PickerKind::Addresses => "show whole",
        PickerKind::Sessions | PickerKind::Finds if app.picker.naming.is_some() => "rename",
        PickerKind::Sessions => "go on with it",
        PickerKind::Finds => "go there",
    };
    if app.layer == Layer::Picker && app.picker.kind == PickerKind::Sessions {
        return sessions::hints(app, (enter, take), back);
    }
    let mut hints = vec![(arrows(app), "pick"), (enter, take), back];
    if app.layer == Layer::Picker && app.picker.kind == PickerKind::Models {
        hints.insert(1, (reading(Action::ToggleFocused), "on, off"));
    }
    hints
}
