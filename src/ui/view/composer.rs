//! The composer with the rule over it, which names the models that a question goes to.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::ids::Column;
use crate::ui::app::{App, Layer};
use crate::ui::line::{Line, Slot};
use crate::ui::text::width::truncate;
use crate::ui::view::paint::{paint_line, paint_rule, put};

/// Cells before the text.
pub const PROMPT: u16 = 3;

/// Paints the composer; returns where its cursor stands.
pub(crate) fn paint(app: &App, buf: &mut Buffer) -> Option<Position> {
    let rule = app.layout.composer_rule;
    let style = if app.is_reading { Slot::Rule } else { Slot::Focus };
    paint_rule(rule, "─", app.theme.style(style), buf);
    let to = if app.layer == Layer::History { searched(app) } else { recipients(app) };
    paint_line(&to, Rect { x: rule.x + 1, width: rule.width.saturating_sub(1), ..rule }, &app.theme, buf);
    let beside = beside(app);
    let x = rule.right().saturating_sub(u16::try_from(beside.width() + 2).unwrap_or(u16::MAX)).max(rule.x);
    paint_line(&beside, Rect { x, width: rule.right() - x, ..rule }, &app.theme, buf);
    let area = app.layout.composer;
    put(buf, (area.x, area.y), area.right(), " ❯ ", app.theme.style(style));
    let text = Rect { x: area.x + PROMPT, width: area.width.saturating_sub(PROMPT), ..area };
    let styles = (app.theme.style(Slot::Text), app.theme.style(Slot::Key));
    let cursor = app.composer.paint(text, styles, buf);
    if app.composer.is_empty() {
        let hint = if app.turns.is_empty() { "Type a question" } else { "Type the next question" };
        put(buf, (text.x, text.y), text.right(), hint, app.theme.style(Slot::Dim));
    }
    cursor
}

/// Returns what goes along with the question, what waits before it, and what it will cost about.
fn beside(app: &App) -> Line {
    let mut line = Line::new();
    if app.talk.system.is_some() {
        line.push(Slot::Text, " instructed ");
    }
    let names = app.talk.names();
    if !names.is_empty() {
        let room = app.layout.composer_rule.width / 3;
        line.push(Slot::Text, format!(" + {} ", truncate(&names, room)));
    }
    if !app.queue.is_empty() {
        line.push(Slot::Warn, format!(" queued {} ", app.queue.len()));
    }
    if let Some(expected) = app.purse.expected {
        line.push(Slot::Dim, format!(" {expected} "));
    }
    line
}

/// Returns what is searched for, and which of the entries that fit stands below.
fn searched(app: &App) -> Line {
    let search = &app.search;
    let mut line = Line::new().with(Slot::Strong, " history ").with(Slot::Dim, "❯ ");
    let room = app.layout.composer_rule.width.saturating_sub(32);
    line.push(Slot::Text, truncate(&search.pattern, room));
    match search.found.len() {
        0 => line.push(Slot::Warn, "  nothing fits "),
        n => line.push(Slot::Dim, format!("  {} of {n} ", search.picked + 1)),
    }
    line
}

/// Returns the models that a question goes to, and those that are off.
fn recipients(app: &App) -> Line {
    let mut line = Line::new().with(Slot::Dim, " to ");
    for (idx, seat) in app.seats.iter().enumerate() {
        if seat.is_on {
            line.push_chip(Column::at(idx));
        }
    }
    line.push(Slot::Dim, " ");
    let off = app.seats.iter().enumerate().filter(|(_, seat)| !seat.is_on);
    for (idx, seat) in off {
        let room = usize::from(app.layout.composer_rule.width).saturating_sub(line.width());
        if room < 16 {
            line.push(Slot::Dim, "… ");
            break;
        }
        let name = truncate(seat.member.id.as_str(), 12);
        line.push(Slot::ChipOff, format!(" {} {name} off ", Column::at(idx).letter()));
    }
    line
}
