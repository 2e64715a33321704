//! The columns: who answers, how far they are, what they say, with a mark beside each claim.

use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::response::{Response, State};
use crate::ui::app::{App, TurnView};
use crate::ui::column::{BodyRow, ColumnView};
use crate::ui::geometry::{AIR, ColumnPlace, GUTTER, Pane};
use crate::ui::line::{Line, Slot};
use crate::ui::marks::Marks;
use crate::ui::overlay::Overlay;
use crate::ui::text::clean::clean;
use crate::ui::text::width::{truncate, wrap};
use crate::ui::thought;
use crate::ui::view::is_focused;
use crate::ui::view::paint::{paint_line, paint_row, paint_rule, put};

/// Lays out the text of the columns in sight.
pub(crate) fn reflow(app: &mut App) {
    let places = app.layout.columns.clone();
    let Some(view) = app.turns.get_mut(app.selected) else { return };
    for place in places {
        let idx = place.column.index();
        if let Some((column, response)) = view.columns.get_mut(idx).zip(view.turn.responses.get(idx)) {
            let cells = place.body.width.saturating_sub(GUTTER + AIR);
            column.reflow(response, cells, usize::from(place.body.height));
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

/// Paints the hairline beside a chat on the left.
pub(crate) fn paint_chat_rule(app: &App, buf: &mut Buffer) {
    if let Some(rule) = app.layout.chat_rule {
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
        let text = format!(" {right} more ▸");
        let x = last.head.right().saturating_sub(u16::try_from(text.chars().count()).unwrap_or(0));
        put(buf, (x, last.head.y + 1), last.head.right(), &text, style);
    }
}

fn paint_tabs(app: &App, view: &TurnView, area: Rect, buf: &mut Buffer) {
    let columns = app.columns();
    let shown = app.layout.columns.first().map(|place| place.column);
    let mut line = Line::new();
    let chat_slot = if shown.is_none() { Slot::Strong } else { Slot::Dim };
    line.push(chat_slot, " chat ");
    let chat_end = line.width();
    let mut lit = if shown.is_none() { (0, chat_end) } else { (0, 0) };
    let room = usize::from(area.width).saturating_sub(chat_end) / columns.len().max(1);
    for column in columns {
        let Some(response) = view.turn.response(column) else { continue };
        let start = line.width();
        line.push(Slot::Dim, " ");
        line.push_chip(view.faces.of(column));
        let state = short_state(response, app.now);
        let name_room = room.saturating_sub(state.width() + 6);
        let name = truncate(view.faces.name(response), u16::try_from(name_room).unwrap_or(0)).into_owned();
        let slot = if Some(column) == shown { Slot::Strong } else { Slot::Dim };
        line.push(slot, format!(" {name} "));
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
    let state = long_state(response, app.now);
    let mut line = Line::new().with(Slot::Text, " ");
    line.push_chip(view.faces.of(place.column));
    let room = usize::from(head.width).saturating_sub(line.width() + state.width() + 3);
    let name = truncate(view.faces.name(response), u16::try_from(room).unwrap_or(0)).into_owned();
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
        paint_below(app, column, usize::from(place.body.height), rule, buf);
    }
}

/// Says at the end of a rule how much is out of sight, and how much of it is new.
fn paint_below(app: &App, column: &ColumnView, height: usize, rule: Rect, buf: &mut Buffer) {
    let (n_new, n_below) = (column.n_new(), column.scroll.rows_below(column.n_rows(), height));
    let (slot, text) = match (n_new, n_below) {
        (0, 0) => return,
        (0, _) => (Slot::Dim, format!(" ▾ {n_below} below ")),
        (_, _) => (Slot::Warn, format!(" ▾ {n_new} new ")),
    };
    let x = rule.right().saturating_sub(u16::try_from(text.chars().count() + 1).unwrap_or(0)).max(rule.x);
    put(buf, (x, rule.y), rule.right(), &text, app.theme.style(slot));
}

fn paint_body(app: &App, view: &TurnView, place: &ColumnPlace, response: &Response, buf: &mut Buffer) -> u64 {
    let Some(column) = view.columns.get(place.column.index()) else { return 0 };
    let body = place.body;
    let text = Rect { x: body.x + GUTTER, width: body.width.saturating_sub(GUTTER), height: 1, ..body };
    let tail = whole_tail(app, view, place, response, column);
    let n_rows = column.n_rows();
    let height = usize::from(body.height).saturating_sub(if n_rows == 0 { 0 } else { tail.len() });
    let first = column.scroll.first_row(n_rows, height);
    // A claim begins before what is shown of it: at its bullet, its asterisks. So a row answers for all that comes
    // after the row above it.
    let mut shown_to = match first.checked_sub(1).and_then(|above| column.row(above)) {
        Some(BodyRow::Answer(row)) => row.source.end,
        Some(BodyRow::Summary | BodyRow::Thought(_) | BodyRow::Blank) | None => 0,
    };
    let (overlay, none) = (Overlay::new(&column.marks).leading(app.conflict), Marks::default());
    let thoughts = Overlay::new(&none).on(Slot::Dim);
    let mut y = body.y;
    let mut end = text.x;
    for idx in first..(first + height).min(n_rows) {
        let place = Rect { y, ..text };
        match column.row(idx) {
            None => break,
            Some(BodyRow::Blank) => {}
            Some(BodyRow::Summary) => {
                let line = thought::summary(&column.thought, response, app.now);
                paint_line(&line.fitted(place.width), place, &app.theme, buf);
            }
            Some(BodyRow::Thought(row)) => end = paint_row(row, &thoughts, place, &app.theme, buf),
            Some(BodyRow::Answer(row)) => {
                if let Some(mark) = column.marks.on_row(&(shown_to..row.source.end)) {
                    put(buf, (body.x, y), text.x, &mark.sign(), app.theme.style(mark.slot()));
                }
                shown_to = shown_to.max(row.source.end);
                end = paint_row(row, &overlay, place, &app.theme, buf);
            }
        }
        y += 1;
    }
    if response.state == State::Streaming && !response.text.is_empty() && column.scroll.is_following {
        let at = (end, y.saturating_sub(1).max(body.y));
        put(buf, at, body.right(), "▌", app.theme.style(Slot::Model(view.faces.of(place.column))));
    }
    let n_painted = u64::from(y - body.y);
    for (line, y) in tail.iter().zip(y..body.bottom()) {
        paint_line(line, Rect { y, ..text }, &app.theme, buf);
    }
    n_painted
}

/// Returns all that is said under the answer.
fn whole_tail(app: &App, view: &TurnView, place: &ColumnPlace, response: &Response, column: &ColumnView) -> Vec<Line> {
    let is_at_hand = app.is_reading && app.focused_column() == Some(place.column);
    let key = view.faces.of(place.column).index() + 1;
    let reach = if is_at_hand { String::new() } else { format!("tab {key} ") };
    let cells = place.body.width.saturating_sub(GUTTER + AIR);
    let mut tail = tail(response, view, app.now, &reach, cells);
    let n_removed = column.document.n_removed();
    if n_removed > 0 {
        let text = format!("{} removed", counted(n_removed, "control sequence"));
        tail.push(Line::new().with(Slot::Warn, text));
    }
    tail
}

/// Returns what is said under the answer: what went wrong, what is waited for, what to do.
///
/// `reach` are the keys that bring the column to hand.
fn tail(response: &Response, view: &TurnView, now: Instant, reach: &str, cells: u16) -> Vec<Line> {
    const AGAIN: &str = "r asks again";
    let hidden = |text: &str| view.faces.disguise(&clean(text), &view.turn.responses);
    let said_in_short = |fault: &Fault| hidden(&fault.message);
    let said = |fault: &Fault| hidden(&fault.told());
    let (slot, text, hint) = match &response.state {
        State::Skipped => match &response.left_out {
            Some(fault) => (Slot::Warn, format!("left out: {}", clean(&fault.told())), ""),
            None => (Slot::Dim, "not asked in this turn".to_owned(), ""),
        },
        State::Waiting => (Slot::Dim, format!("waiting, {}", seconds(since(response.asked_at, now))), ""),
        State::Retrying { until, fault } => {
            let left = until.saturating_duration_since(now);
            let left = left.as_secs() + u64::from(left.subsec_millis() > 0);
            (Slot::Warn, format!("{}; asks again in {left} s", said_in_short(fault)), "s stops it")
        }
        State::Late => (Slot::Warn, "late: left out of the verdict".to_owned(), ""),
        State::Failed(fault) if response.text.is_empty() => (Slot::Bad, said(fault), AGAIN),
        State::Failed(fault) => (Slot::Bad, format!("cut: {}. Casts no vote.", said(fault)), AGAIN),
        State::Cancelled => (Slot::Dim, "stopped: casts no vote".to_owned(), AGAIN),
        State::Streaming if response.text.is_empty() && response.reasoning.is_empty() => {
            (Slot::Dim, format!("thinking, {}", seconds(since(response.asked_at, now))), "")
        }
        State::Done if response.is_refusal() => (Slot::Warn, "declined to answer: casts no vote".to_owned(), ""),
        State::Done if response.is_truncated() => {
            (Slot::Warn, "cut at the token limit: casts no vote".to_owned(), AGAIN)
        }
        State::Done if !response.counts() => (Slot::Warn, "no usable answer: casts no vote".to_owned(), ""),
        State::Streaming | State::Done => (Slot::Dim, String::new(), ""),
    };
    let mut lines = Vec::new();
    let mut add = |slot: Slot, text: &str| {
        if !text.is_empty() {
            lines.extend(wrap(text, cells).into_iter().map(|row| Line::new().with(slot, row)));
        }
    };
    add(slot, &text);
    if !hint.is_empty() {
        add(Slot::Dim, &format!("{reach}{hint}"));
    }
    if let Some(stand_in) = &response.stand_in {
        let asked = if response.text.is_empty() { "is asked" } else { "answers" };
        let why = said_in_short(&stand_in.fault);
        let who = if view.faces.are_hidden() { "a stand-in" } else { stand_in.member.id.as_str() };
        add(Slot::Warn, &format!("{who} {asked} in its place: {why}"));
    }
    if let Some(shortened) = response.shortened {
        add(Slot::Dim, &shortened.in_words());
    }
    let n_malformed = response.finish.as_ref().map_or(0, |finish| finish.n_malformed);
    if n_malformed > 0 {
        let text = format!("{} passed over: a part may be missing", counted(n_malformed as usize, "broken event"));
        add(Slot::Warn, &text);
    }
    if !lines.is_empty() && !response.text.is_empty() {
        lines.insert(0, Line::new());
    }
    lines
}

/// Returns the state of a response for the head of its column.
fn long_state(response: &Response, now: Instant) -> Line {
    let mut line = short_state(response, now);
    if response.state == State::Done
        && let Some(rate) = rate(response, response.ended_at.unwrap_or(now))
    {
        line.push(Slot::Dim, format!(" {rate}/s"));
    }
    line
}

/// Returns the state of a response in a word or two.
fn short_state(response: &Response, now: Instant) -> Line {
    let asked = since(response.asked_at, now);
    let took = || response.total().map_or_else(String::new, |took| format!(" {:.1}s", took.as_secs_f64()));
    let (slot, text) = match &response.state {
        State::Skipped if response.left_out.is_some() => (Slot::Warn, "left out".to_owned()),
        State::Skipped => (Slot::Dim, "off".to_owned()),
        State::Waiting => (Slot::Dim, format!("… {}s", asked.as_secs())),
        State::Retrying { .. } => (Slot::Warn, "retrying".to_owned()),
        State::Streaming if response.text.is_empty() => (Slot::Dim, format!("thinking {}s", asked.as_secs())),
        State::Streaming => match rate(response, now) {
            Some(rate) => (Slot::Dim, format!("{rate}/s")),
            None => (Slot::Dim, "…".to_owned()),
        },
        State::Late => (Slot::Warn, "late".to_owned()),
        State::Failed(_) if !response.text.is_empty() => (Slot::Bad, "× cut".to_owned()),
        State::Failed(fault) if fault.kind == FaultKind::Timeout => (Slot::Bad, "× timed out".to_owned()),
        State::Failed(_) => (Slot::Bad, "× failed".to_owned()),
        State::Cancelled => (Slot::Dim, "stopped".to_owned()),
        State::Done if response.is_refusal() => (Slot::Warn, "declined".to_owned()),
        State::Done if response.is_truncated() => (Slot::Warn, "cut at limit".to_owned()),
        State::Done if !response.counts() => (Slot::Warn, "no answer".to_owned()),
        State::Done => (Slot::Good, format!("✓{}", took())),
    };
    Line::new().with(slot, text)
}

/// Returns tokens a second from the first token to `until`; `None` for a span too short to say.
fn rate(response: &Response, until: Instant) -> Option<u64> {
    let span = until.saturating_duration_since(response.first_token_at?);
    let (tokens, _) = response.output_tokens();
    (span >= Duration::from_millis(300)).then(|| (tokens as f64 / span.as_secs_f64()).round() as u64)
}

fn since(start: Option<Instant>, now: Instant) -> Duration {
    start.map_or(Duration::ZERO, |start| now.saturating_duration_since(start))
}

/// Returns a number with its noun.
fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs())
}
