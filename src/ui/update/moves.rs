//! Moving about: scrolling, focus, conflicts, turns, and where panes stand.

use crate::domain::ids::Column;
use crate::ui::action::Action;
use crate::ui::app::App;
use crate::ui::geometry::{ChatPlace, Pane, PanelPlace};
use crate::ui::lock::row_in_step;
use crate::ui::reading::Goal;
use crate::ui::scroll::{Extent, Scroll};
use crate::ui::sight::Claims;
use crate::ui::update::ask::notify;
use crate::ui::update::{compare, find};
use crate::ui::view::chat;

/// Does a move; what is no move changes nothing.
#[expect(clippy::wildcard_enum_match_arm, reason = "of all that a person can do, only the moves are done here")]
pub(crate) fn act(app: &mut App, action: &Action) {
    match action {
        Action::ScrollUp => line(app, -1),
        Action::ScrollDown => line(app, 1),
        Action::PageUp => scroll(app, app.pane, -page(app)),
        Action::PageDown => scroll(app, app.pane, page(app)),
        Action::ScrollTop => change(app, app.pane, |scroll, _| scroll.to_top()),
        Action::Follow => change(app, app.pane, Scroll::to_end),
        Action::FocusLeft => focus(app, -1),
        Action::FocusRight => focus(app, 1),
        Action::FocusColumn(letter) => focus_letter(app, *letter),
        Action::Open => open(app),
        Action::LockScroll => lock(app),
        Action::Raw => {
            app.sight.text.is_raw = !app.sight.text.is_raw;
            notify(app, if app.sight.text.is_raw { "as written" } else { "rendered" });
        }
        Action::WrapCode => {
            app.sight.text.cuts_code = !app.sight.text.cuts_code;
            notify(app, if app.sight.text.cuts_code { "code is cut at the edge" } else { "code is wrapped" });
        }
        Action::Find => find::begin(app),
        Action::FindNext => find::step(app, 1),
        Action::FindPrevious => find::step(app, -1),
        Action::UnfoldThought => unfold_thought(app),
        Action::Zoom => {
            app.is_zoomed = !app.is_zoomed;
            app.is_reading = true;
        }
        Action::CyclePanel => app.panel_place = next_panel(app.panel_place),
        Action::CycleChat => app.chat_place = next_chat(app.chat_place),
        Action::NextConflict => conflict(app, 1),
        Action::PreviousConflict => conflict(app, -1),
        Action::UnfoldOnlyOne => app.sight.claims.toggle(Claims::All),
        Action::OnlyConflicts => app.sight.claims.toggle(Claims::OnlyConflicts),
        Action::Compare(number) => compare::open(app, *number),
        Action::PreviousTurn => open_turn(app, app.selected.saturating_sub(1)),
        Action::NextTurn => open_turn(app, (app.selected + 1).min(app.turns.len().saturating_sub(1))),
        _ => {}
    }
}

fn next_panel(place: PanelPlace) -> PanelPlace {
    match place {
        PanelPlace::Auto => PanelPlace::Rail,
        PanelPlace::Rail => PanelPlace::Dock,
        PanelPlace::Dock => PanelPlace::Strip,
        PanelPlace::Strip => PanelPlace::Off,
        PanelPlace::Off => PanelPlace::Auto,
    }
}

fn next_chat(place: ChatPlace) -> ChatPlace {
    match place {
        ChatPlace::Auto => ChatPlace::Left,
        ChatPlace::Left => ChatPlace::Below,
        ChatPlace::Below => ChatPlace::Whole,
        ChatPlace::Whole => ChatPlace::OneLine,
        ChatPlace::OneLine => ChatPlace::Auto,
    }
}

/// Moves by a line: in the list of questions, where it is in sight; else in the focused pane.
fn line(app: &mut App, rows: isize) {
    if app.is_listing() {
        let last = app.questions.all.len() - 1;
        app.questions.picked = app.questions.picked.saturating_add_signed(rows).min(last);
    } else {
        if app.pane == Pane::Chat && app.is_reading && chat::move_cursor(app, rows) {
            return;
        }
        scroll(app, app.pane, rows);
    }
}

/// Returns a page of the focused pane in rows: all but two, which stay as a hold for the eye.
fn page(app: &App) -> isize {
    let height = match app.pane {
        Pane::Chat => app.layout.chat.map_or(0, |area| area.height),
        Pane::Column(_) => app.layout.columns.first().map_or(0, |place| place.body.height),
    };
    isize::try_from(height.saturating_sub(2).max(1)).unwrap_or(1)
}

/// Scrolls a pane by some rows.
pub(crate) fn scroll(app: &mut App, pane: Pane, rows: isize) {
    change(app, pane, |scroll, extent| scroll.by(rows, extent));
}

/// Changes where a pane stands; `how` is told the rows it has and those in sight.
fn change(app: &mut App, pane: Pane, how: impl FnOnce(&mut Scroll, Extent)) {
    match pane {
        Pane::Chat => {
            let extent = app.extent(pane);
            how(&mut app.chat_scroll, extent);
        }
        Pane::Column(_) => {
            let Some(column) = app.focused_or(pane) else { return };
            change_column(app, column, how);
            if app.sight.is_locked {
                keep_in_step(app, column);
            }
        }
    }
}

/// Changes where a column of the shown turn stands.
fn change_column(app: &mut App, column: Column, how: impl FnOnce(&mut Scroll, Extent)) {
    let extent = app.extent(Pane::Column(column));
    let view = app.turns.get_mut(app.selected).and_then(|view| view.columns.get_mut(column.index()));
    if let Some(view) = view {
        view.scroll_with(|scroll| how(scroll, extent));
    }
}

/// Moves the other columns to where the leader is.
fn keep_in_step(app: &mut App, leader: Column) {
    for column in app.columns().into_iter().filter(|column| *column != leader) {
        let Some(view) = app.shown() else { return };
        let Some(first) = view.columns.get(leader.index()) else { return };
        let top = first.scroll.top.saturating_sub(first.n_lead());
        let other = view.columns.get(column.index()).filter(|_| !first.scroll.is_following);
        let row = other.map(|other| other.n_lead() + row_in_step(&first.document, &other.document, top));
        change_column(app, column, |scroll, extent| match row {
            Some(row) => scroll.to_row(row, extent),
            None => scroll.follow(),
        });
    }
}

/// Locks the columns together, or lets each go its own way again.
fn lock(app: &mut App) {
    app.sight.is_locked = !app.sight.is_locked;
    if app.sight.is_locked {
        notify(app, "columns scroll in step, by their headings");
        if let Some(column) = app.focused_column() {
            keep_in_step(app, column);
        }
    } else {
        notify(app, "each column scrolls by itself");
    }
}

/// Brings a byte of an answer into sight, unless it is there already.
pub(crate) fn show(app: &mut App, column: Column, source: usize) {
    let pane = Pane::Column(column);
    let view = app.shown().and_then(|view| view.columns.get(column.index()));
    let Some(row) = view.and_then(|view| view.row_at_source(source)) else { return };
    let first = app.first_row(pane);
    if !(first..first + app.extent(pane).height).contains(&row) {
        change_column(app, column, |scroll, extent| scroll.to(row, extent));
    }
}

/// Opens what is selected: in the conversation a turn, elsewhere a conflict.
fn open(app: &mut App) {
    let turn = app.reading.chat_cursor.min(app.turns.len().saturating_sub(1));
    if app.pane == Pane::Chat && turn != app.selected {
        open_turn(app, turn);
    } else {
        compare::open_selected(app);
    }
}

/// Brings a turn's columns and panel back, and its head into sight.
pub(crate) fn open_turn(app: &mut App, turn: usize) {
    select(app, turn);
    app.reading.chat_goal = Some(Goal { turn, source: None });
}

/// Moves the focus over the panes in sight, the conversation being the leftmost.
fn focus(app: &mut App, step: isize) {
    app.is_reading = true;
    let columns = app.columns().into_iter().map(Pane::Column);
    let panes: Vec<Pane> = std::iter::once(Pane::Chat).chain(columns).collect();
    let here = panes.iter().position(|pane| *pane == app.pane).unwrap_or(1);
    let there = here.saturating_add_signed(step).min(panes.len() - 1);
    if let Some(pane) = panes.get(there) {
        app.pane = *pane;
    }
}

/// Moves the focus to the column that bears a letter.
fn focus_letter(app: &mut App, letter: Column) {
    let column = app.shown().map_or(letter, |view| view.faces.behind(letter));
    if app.columns().contains(&column) {
        app.pane = Pane::Column(column);
        app.is_reading = true;
    }
}

/// Shows or folds the reasoning before the focused answer.
fn unfold_thought(app: &mut App) {
    let Some(column) = app.focused_column() else { return };
    let Some(view) = app.turns.get_mut(app.selected) else { return };
    let is_there = view.turn.response(column).is_some_and(|response| !response.reasoning.is_empty());
    match view.columns.get_mut(column.index()).filter(|_| is_there) {
        Some(column) => column.thought.is_unfolded = !column.thought.is_unfolded,
        None => notify(app, "this answer shows no reasoning"),
    }
}

/// Goes to the next or previous conflict, and brings it into sight in every column that is part of it.
fn conflict(app: &mut App, step: isize) {
    let Some(view) = app.shown() else { return };
    let numbers = view.conflict_numbers();
    let here = app.conflict.and_then(|number| numbers.iter().position(|known| *known == number));
    let there = match (here, step) {
        (Some(here), _) => here.saturating_add_signed(step).min(numbers.len().saturating_sub(1)),
        (None, ..=0) => numbers.len().saturating_sub(1),
        (None, _) => 0,
    };
    let Some(number) = numbers.get(there).copied() else {
        app.conflict = None;
        notify(app, "there is no conflict");
        return;
    };
    show_conflict(app, number);
}

/// Selects a conflict, and brings it into sight in every column that is part of it.
pub(crate) fn show_conflict(app: &mut App, number: u32) {
    app.conflict = Some(number);
    let columns = app.columns();
    let place_of = |app: &App, column: Column| {
        app.shown().and_then(|view| view.columns.get(column.index())).and_then(|view| view.marks.place_of(number))
    };
    let holders: Vec<Column> = columns.into_iter().filter(|column| place_of(app, *column).is_some()).collect();
    // Where only some columns are in sight, one that is part of the conflict must be.
    let is_holder_focused = app.focused_column().is_some_and(|column| holders.contains(&column));
    if let Some(first) = holders.first()
        && (!is_holder_focused || app.pane == Pane::Chat)
    {
        app.pane = Pane::Column(*first);
    }
    for column in holders {
        let view = app.shown().and_then(|view| view.columns.get(column.index()));
        let row = view.and_then(|view| view.row_at_source(view.marks.place_of(number)?));
        if let Some(row) = row {
            change_column(app, column, |scroll, extent| scroll.to(row, extent));
        }
    }
}

/// Brings a turn's columns and panel back.
pub(crate) fn select(app: &mut App, turn: usize) {
    app.selected = turn.min(app.turns.len().saturating_sub(1));
    app.reading.chat_cursor = app.selected;
    (app.conflict, app.compare) = (None, None);
}
