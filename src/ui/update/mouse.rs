//! The mouse: the wheel moves what is under it, a press gives the focus, a drag selects within one text.

use std::ops::Range;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::ui::app::{App, Layer};
use crate::ui::effect::Effect;
use crate::ui::geometry::{ChatPlace, Pane};
use crate::ui::selection::{Selection, character_at};
use crate::ui::sight::AfterDrag;
use crate::ui::update::{compare, copying, moves};
use crate::ui::view::composer::PROMPT;
use crate::ui::view::{chat, column, panel};

/// Rows that one notch of the wheel moves.
const WHEEL: isize = 3;

/// Applies what the mouse did.
pub(crate) fn take(app: &mut App, mouse: MouseEvent) -> Vec<Effect> {
    let at = Position::new(mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::ScrollUp => wheel(app, at, -WHEEL),
        MouseEventKind::ScrollDown => wheel(app, at, WHEEL),
        MouseEventKind::Down(MouseButton::Left) => press(app, at),
        MouseEventKind::Drag(MouseButton::Left) => drag(app, at),
        MouseEventKind::Up(MouseButton::Left) => return release(app),
        MouseEventKind::Down(_)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => {}
    }
    Vec::new()
}

fn wheel(app: &mut App, at: Position, rows: isize) {
    if app.compare.is_some() && app.layout.answers.contains(at) {
        compare::scroll(app, rows);
    } else if let Some((pane, _)) = pane_at(app, at) {
        moves::scroll(app, pane, rows);
    }
}

fn press(app: &mut App, at: Position) {
    app.reading.pointing.selection = None;
    let is_double = app.reading.pointing.press(at, app.now);
    if app.layer != Layer::None {
        return;
    }
    let composer = app.layout.composer;
    if composer.contains(at) || app.layout.composer_rule.contains(at) {
        app.is_reading = false;
        if composer.contains(at) {
            app.composer.place_cursor(at.y - composer.y, (at.x - composer.x).saturating_sub(PROMPT));
        }
        return;
    }
    if app.turns.is_empty() {
        return;
    }
    if let Some(number) = panel::conflict_at(app, at) {
        app.is_reading = true;
        if is_double {
            compare::open(app, number);
        } else {
            moves::show_conflict(app, number);
        }
        return;
    }
    if app.compare.is_some() && app.layout.answers.contains(at) {
        return;
    }
    if let Some(pane) = column::tab_at(app, at) {
        (app.pane, app.is_reading) = (pane, true);
        return;
    }
    let Some((pane, body)) = pane_at(app, at) else { return };
    (app.pane, app.is_reading) = (pane, true);
    if pane == Pane::Chat
        && let Some(turn) = chat::turn_at(app, usize::from(at.y.saturating_sub(body.y)))
        && turn != app.selected
    {
        moves::open_turn(app, turn);
        return;
    }
    let Some((turn, character)) = character_under(app, pane, body, at) else { return };
    let word = |app: &App| {
        let view = app.turns.get(turn)?;
        let document = match pane {
            Pane::Chat => view.chat.answer(),
            Pane::Column(column) => &view.columns.get(column.index())?.document,
        };
        Some(Selection::word(turn, pane, &character, document))
    };
    app.reading.pointing.is_dragging = !is_double;
    app.reading.pointing.selection =
        if is_double { word(app) } else { Some(Selection::new(turn, pane, character.clone())) };
}

/// Reaches for what is under the mouse; above and below the text, it is scrolled.
fn drag(app: &mut App, at: Position) {
    let Some((pane, turn)) = app.reading.pointing.selection.as_ref().map(|selection| (selection.pane, selection.turn))
    else {
        return;
    };
    let Some(body) = body_of(app, pane).filter(|body| app.reading.pointing.is_dragging && !body.is_empty()) else {
        return;
    };
    if at.y < body.top() {
        moves::scroll(app, pane, -1);
    } else if at.y >= body.bottom() {
        moves::scroll(app, pane, 1);
    }
    let inside = Position::new(
        at.x.clamp(body.left(), body.right().saturating_sub(1)),
        at.y.clamp(body.top(), body.bottom().saturating_sub(1)),
    );
    let character = character_under(app, pane, body, inside).filter(|(found, _)| *found == turn);
    if let (Some((_, character)), Some(selection)) = (character, &mut app.reading.pointing.selection) {
        selection.reach(character);
    }
}

/// Ends a drag; a press without one selects nothing.
fn release(app: &mut App) -> Vec<Effect> {
    if !std::mem::take(&mut app.reading.pointing.is_dragging) {
        return Vec::new();
    }
    if app.reading.pointing.selection.as_ref().is_some_and(Selection::is_stretched) {
        return match app.sight.after_drag {
            AfterDrag::Copy => copying::copy(app),
            AfterDrag::Keep => Vec::new(),
        };
    }
    app.reading.pointing.selection = None;
    Vec::new()
}

/// Returns the pane at a cell and the part of it that shows text.
fn pane_at(app: &App, at: Position) -> Option<(Pane, Rect)> {
    let place = app.layout.columns.iter().find(|place| place.body.contains(at) || place.head.contains(at));
    let column = place.map(|place| (Pane::Column(place.column), place.body));
    let chat = app.layout.chat.filter(|area| area.contains(at)).map(|area| (Pane::Chat, area));
    if app.chat_place == ChatPlace::Whole { chat } else { column.or(chat) }
}

fn body_of(app: &App, pane: Pane) -> Option<Rect> {
    match pane {
        Pane::Chat => app.layout.chat,
        Pane::Column(column) => app.layout.columns.iter().find(|place| place.column == column).map(|place| place.body),
    }
}

/// Returns the bytes of the character under the mouse, and the position of the turn that it belongs to.
fn character_under(app: &App, pane: Pane, body: Rect, at: Position) -> Option<(usize, Range<usize>)> {
    let below = usize::from(at.y.checked_sub(body.y)?);
    match pane {
        Pane::Chat => {
            let (turn, row) = chat::answer_row(app, below)?;
            let cell = at.x.saturating_sub(body.x + 1);
            Some((turn, character_at(row, cell)?))
        }
        Pane::Column(shown) => {
            let (row, text) = column::answer_row(app, shown, below)?;
            Some((app.selected, character_at(row, at.x.saturating_sub(text))?))
        }
    }
}
