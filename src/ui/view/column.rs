//! The columns: who answers, how far they are, what they say, with a mark beside each claim.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::cost::Cost;
use crate::domain::ids::Column;
use crate::domain::response::{Response, State};
use crate::ui::app::{App, Layer, Source, TurnView};
use crate::ui::column::{BodyRow, ColumnView};
use crate::ui::geometry::{AIR, ColumnPlace, Pane};
use crate::ui::line::{Line, Slot};
use crate::ui::marks::Marks;
use crate::ui::overlay::Overlay;
use crate::ui::pick::{self, Pick};
use crate::ui::text::row::Row;
use crate::ui::text::width::{truncate, width};
use crate::ui::thought;
use crate::ui::view::is_focused;
use crate::ui::view::paint::{paint_line, paint_row, paint_rule, put};
use crate::ui::view::state::{counted, long_state, short_state, tail};

/// The tab of the conversation.
const CHAT_TAB: &str = " chat ";
/// The least cells of a name in a tab: less of it names nobody.
const LEAST_NAME: usize = 4;

/// Lays out the text of the columns in sight.
pub(crate) fn reflow(app: &mut App) {
    let (gutter, shape) = (app.layout.gutter, app.sight.text);
    for place in app.layout.columns.clone() {
        let idx = place.column.index();
        let tail = app.shown().map(|view| whole_tail(app, view, &place)).unwrap_or_default();
        let Some(view) = app.turns.get_mut(app.selected) else { return };
        if let Some((column, response)) = view.columns.get_mut(idx).zip(view.turn.responses.get(idx)) {
            let cells = place.body.width.saturating_sub(gutter + AIR);
            column.document.set_shape(shape);
            column.reflow(response, cells, usize::from(place.body.height), tail);
        }
    }
}

/// Paints the columns, their heads and the rules between them; returns how many rows of answers that took.
pub(crate) fn paint(app: &App, buf: &mut Buffer) -> u64 {
    let Some(view) = app.shown() else { return 0 };
    let mut n_rows = 0;
    if let Some(tabs) = app.layout.tabs {
        paint_tabs(app, view, tabs, buf);
    }
    for (idx, place) in app.layout.columns.iter().enumerate() {
        let Some(response) = view.turn.response(place.column) else { continue };
        if app.layout.tabs.is_none() {
            paint_head(app, view, place, response, buf);
        }
        n_rows += paint_body(app, view, place, response, buf);
        if idx > 0 && place.head.x > 0 {
            let rule = Rect { x: place.head.x - 1, y: place.head.y + 2, width: 1, height: place.body.height };
            paint_upright(app, rule, buf);
        }
    }
    paint_hidden(app, buf);
    n_rows
}

/// Paints the hairlines beside a chat on the left and a panel on the right.
pub(crate) fn paint_side_rules(app: &App, buf: &mut Buffer) {
    for rule in [app.layout.chat_rule, app.layout.rail_rule].into_iter().flatten() {
        paint_upright(app, rule, buf);
    }
}

fn paint_upright(app: &App, rule: Rect, buf: &mut Buffer) {
    for y in rule.top()..rule.bottom() {
        put(buf, (rule.x, y), rule.x + 1, "│", app.theme.style(Slot::Rule));
    }
}

/// Says how many columns do not fit, at the ends of the heads' rule.
fn paint_hidden(app: &App, buf: &mut Buffer) {
    let (left, right) = app.layout.hidden;
    let Some((first, last)) = app.layout.columns.first().zip(app.layout.columns.last()) else { return };
    let style = app.theme.style(Slot::Warn);
    if left > 0 {
        put(buf, (first.head.x, first.head.y + 1), first.head.right(), &format!("◂ {left} more "), style);
    }
    if right > 0 {
        let text = hidden_right(right);
        let x = last.head.right().saturating_sub(u16::try_from(text.chars().count()).unwrap_or(0));
        put(buf, (x, last.head.y + 1), last.head.right(), &text, style);
    }
}

/// What the rule of the last column says of those behind it.
fn hidden_right(n_hidden: usize) -> String {
    format!(" {n_hidden} more ▸")
}

fn paint_tabs(app: &App, view: &TurnView, area: Rect, buf: &mut Buffer) {
    let columns = app.columns();
    let shown = app.layout.columns.first().map(|place| place.column);
    let mut line = Line::new();
    let chat_slot = if shown.is_none() { Slot::Strong } else { Slot::Dim };
    line.push(chat_slot, CHAT_TAB);
    let chat_end = line.width();
    let mut lit = if shown.is_none() { (0, chat_end) } else { (0, 0) };
    let room = usize::from(area.width).saturating_sub(chat_end) / columns.len().max(1);
    for column in columns {
        let Some(response) = view.turn.response(column) else { continue };
        let start = line.width();
        line.push(Slot::Dim, " ");
        line.push_chip(view.faces.of(column));
        let mut state = short_state(response, app.now);
        if state.width() + 6 > room {
            // The sign alone, before anything is cut in the middle.
            state = state.first_word();
        }
        let name_room = room.saturating_sub(state.width() + 6);
        let name_room = if name_room < LEAST_NAME { 0 } else { name_room };
        let name = truncate(view.faces.name(response), u16::try_from(name_room).unwrap_or(0)).into_owned();
        let slot = if Some(column) == shown { Slot::Strong } else { Slot::Dim };
        line.push(slot, if name.is_empty() { " ".to_owned() } else { format!(" {name} ") });
        line.pieces.extend(state.pieces);
        if Some(column) == shown {
            lit = (start + 1, line.width());
        }
        let air = (start + room).saturating_sub(line.width());
        line.push(Slot::Dim, " ".repeat(air));
    }
    paint_line(&line, area, &app.theme, buf);
    let rule = Rect { y: area.y + 1, height: 1, ..area };
    paint_rule(rule, "─", app.theme.style(Slot::Rule), buf);
    let cell = |offset: usize| area.x + u16::try_from(offset).unwrap_or(u16::MAX).min(area.width);
    let lit = Rect { x: cell(lit.0), width: cell(lit.1) - cell(lit.0), ..rule };
    let slot = if app.is_reading { Slot::Focus } else { Slot::Strong };
    paint_rule(lit, "━", app.theme.style(slot), buf);
}

fn paint_head(app: &App, view: &TurnView, place: &ColumnPlace, response: &Response, buf: &mut Buffer) {
    let head = place.head;
    let mut state = long_state(response, app.now);
    let mut line = Line::new().with(Slot::Text, " ");
    line.push_chip(view.faces.of(place.column));
    let cost = Line::new().with(Slot::Dim, cost(app, view, response));
    let name = view.faces.name(response);
    // Where there is no room for all, the name comes first; the verdict has the sum.
    let taken = line.width() + usize::from(width(name)) + state.width() + cost.width() + 4;
    if cost.width() > 0 && taken <= usize::from(head.width) {
        state.push(Slot::Dim, " ");
        state.pieces.extend(cost.pieces);
    }
    let room = usize::from(head.width).saturating_sub(line.width() + state.width() + 3);
    let name = truncate(name, u16::try_from(room).unwrap_or(0)).into_owned();
    line.push(Slot::Text, " ");
    line.push(Slot::Strong, name);
    paint_line(&line, head, &app.theme, buf);
    let x = head.right().saturating_sub(u16::try_from(state.width() + 1).unwrap_or(0));
    paint_line(&state, Rect { x, width: head.right().saturating_sub(x), ..head }, &app.theme, buf);
    let rule = Rect { y: head.y + 1, height: 1, ..head };
    let is_focused = is_focused(app, Pane::Column(place.column));
    let (sign, slot) = if is_focused { ("━", Slot::Focus) } else { ("─", Slot::Rule) };
    paint_rule(rule, sign, app.theme.style(slot), buf);
    if let Some(column) = view.columns.get(place.column.index()) {
        paint_below(app, place.column, column, rule, buf);
    }
}

/// Says at the end of a rule how much is out of sight, and how much of it is new.
fn paint_below(app: &App, whose: Column, column: &ColumnView, rule: Rect, buf: &mut Buffer) {
    let (n_new, n_below) = (column.n_new(), app.rows_below(Pane::Column(whose)));
    let (slot, text) = match (n_new, n_below) {
        (0, 0) => return,
        (0, _) => (Slot::Dim, format!(" ▾ {n_below} below ")),
        (_, _) => (Slot::Warn, format!(" ▾ {n_new} new ")),
    };
    // The end of the last rule may be taken by how many columns do not fit.
    let is_last = app.layout.columns.last().is_some_and(|place| place.column == whose);
    let n_hidden = if is_last { app.layout.hidden.1 } else { 0 };
    let n_taken = if n_hidden > 0 { hidden_right(n_hidden).chars().count() } else { 0 };
    let x = rule.right().saturating_sub(u16::try_from(n_taken + text.chars().count() + 1).unwrap_or(0)).max(rule.x);
    put(buf, (x, rule.y), rule.right(), &text, app.theme.style(slot));
}

fn paint_body(app: &App, view: &TurnView, place: &ColumnPlace, response: &Response, buf: &mut Buffer) -> u64 {
    let Some(column) = view.columns.get(place.column.index()) else { return 0 };
    let body = place.body;
    let text =
        Rect { x: body.x + app.layout.gutter, width: body.width.saturating_sub(app.layout.gutter), height: 1, ..body };
    let pane = Pane::Column(place.column);
    let (first, height) = (app.first_row(pane), usize::from(body.height));
    // A claim begins before what is shown of it: at its bullet, its asterisks. So a row answers for all that comes
    // after the row above it.
    let mut shown_to = match first.checked_sub(1).and_then(|above| column.row(above)) {
        Some(BodyRow::Answer(row)) => row.source.end,
        Some(BodyRow::Summary | BodyRow::Thought(_) | BodyRow::Blank | BodyRow::Source(_) | BodyRow::Tail(_))
        | None => 0,
    };
    let overlay = Overlay::new(&column.marks).leading(app.conflict).with(layers(app, app.selected, pane));
    let none = Marks::default();
    let thoughts = Overlay::new(&none).on(Slot::Dim);
    let mut y = body.y;
    // Where the text ends that is still coming in.
    let mut end = None;
    for idx in first..(first + height).min(column.n_rows()) {
        let place = Rect { y, ..text };
        match column.row(idx) {
            None => break,
            Some(BodyRow::Blank) => {}
            Some(BodyRow::Source(line) | BodyRow::Tail(line)) => {
                paint_line(line, place, &app.theme, buf);
            }
            Some(BodyRow::Summary) => {
                let line = thought::summary(&column.thought, response, app.now);
                paint_line(&line.fitted(place.width), place, &app.theme, buf);
            }
            Some(BodyRow::Thought(row)) => end = Some((paint_row(row, &thoughts, place, &app.theme, buf), y)),
            Some(BodyRow::Answer(row)) => {
                if let Some(mark) = column.marks.on_row(&(shown_to..row.source.end)) {
                    let sign = mark.sign();
                    put(buf, (body.x, y), text.x, &app.theme.glyphs.sign(&sign), app.theme.style(mark.slot()));
                }
                shown_to = shown_to.max(row.source.end);
                end = Some((paint_row(row, &overlay, place, &app.theme, buf), y));
            }
        }
        y += 1;
    }
    if response.state == State::Streaming && !response.text.is_empty() && column.scroll.is_following {
        let at = end.unwrap_or((text.x, body.y));
        put(buf, at, body.right(), "▌", app.theme.style(Slot::Model(view.faces.of(place.column))));
    }
    let asks_for_code = app.layer == Layer::Pick(Pick::Code) && app.focused_column() == Some(place.column);
    if asks_for_code && app.pane != Pane::Chat {
        paint_code_letters(app, column, body, first, buf);
    }
    u64::from(y - body.y)
}

/// Returns what lies over a text beside its marks: places found, what is selected.
pub(crate) fn layers(app: &App, turn: usize, pane: Pane) -> Vec<(Range<usize>, Slot)> {
    let found = app.reading.find.iter().flat_map(|find| find.layers(turn, pane));
    let selected = app.reading.pointing.selection.as_ref();
    let selected = selected.filter(|selection| selection.turn == turn && selection.pane == pane);
    found.chain(selected.map(|selection| (selection.range(), Slot::Selected))).collect()
}

/// Returns the row of the answer that is `below` rows under the top of a column's body, and the cell at which its text
/// begins.
pub(crate) fn answer_row(app: &App, column: Column, below: usize) -> Option<(&Row, u16)> {
    let place = app.layout.columns.iter().find(|place| place.column == column)?;
    let shown = app.shown()?.columns.get(column.index())?;
    let is_inside = below < usize::from(place.body.height);
    match shown.row(app.first_row(Pane::Column(column)) + below).filter(|_| is_inside)? {
        BodyRow::Answer(row) => Some((row, place.body.x + app.layout.gutter)),
        BodyRow::Summary | BodyRow::Thought(_) | BodyRow::Blank | BodyRow::Source(_) | BodyRow::Tail(_) => None,
    }
}

/// Returns the pane whose tab is at a cell.
pub(crate) fn tab_at(app: &App, at: Position) -> Option<Pane> {
    let tabs = app.layout.tabs.filter(|tabs| tabs.contains(at))?;
    let columns = app.columns();
    let offset = usize::from(at.x - tabs.x);
    let Some(behind) = offset.checked_sub(CHAT_TAB.len()) else { return Some(Pane::Chat) };
    let room = (usize::from(tabs.width).saturating_sub(CHAT_TAB.len()) / columns.len().max(1)).max(1);
    columns.get(behind / room).copied().map(Pane::Column)
}

/// Puts the letters of the blocks of code beside them, while one of them is asked for.
fn paint_code_letters(app: &App, column: &ColumnView, body: Rect, first: usize, buf: &mut Buffer) {
    for (idx, code) in column.document.code_blocks().enumerate().take(pick::MOST_LETTERS) {
        let Some(row) = code.start().and_then(|at| column.row_at_source(column.document.offsets().to_source(at)))
        else {
            continue;
        };
        let y = row.checked_sub(first).and_then(|below| u16::try_from(below).ok());
        if let Some(y) = y.filter(|below| *below < body.height) {
            let text = format!(" {} ", pick::letter(idx));
            put(buf, (body.x, body.y + y), body.right(), &text, app.theme.style(Slot::FoundHere));
        }
    }
}

/// Returns all that is said under the answer.
fn whole_tail(app: &App, view: &TurnView, place: &ColumnPlace) -> Vec<Line> {
    let Some((response, column)) = view.turn.response(place.column).zip(view.columns.get(place.column.index())) else {
        return Vec::new();
    };
    let is_at_hand = app.is_reading && app.focused_column() == Some(place.column);
    let key = view.faces.of(place.column).index() + 1;
    let reach = if is_at_hand { String::new() } else { format!("tab {key} ") };
    let cells = place.body.width.saturating_sub(app.layout.gutter + AIR);
    let mut tail = tail(response, view, app.now, &reach, cells);
    let n_removed = column.document.n_removed();
    if n_removed > 0 {
        let text = format!("{} removed", counted(n_removed, "control sequence"));
        tail.push(Line::new().with(Slot::Warn, text));
    }
    tail
}

/// Returns what a response has cost, once it is over; `$?` where that is unknown. A price gives away who asks it, so that
/// it is hidden with the names.
fn cost(app: &App, view: &TurnView, response: &Response) -> String {
    if app.source != Source::Providers || response.attempts == 0 || !response.is_over() || view.faces.are_hidden() {
        return String::new();
    }
    let cost = Cost::of(response.cost());
    if cost.is_partial { "$?".to_owned() } else { cost.to_string() }
}
