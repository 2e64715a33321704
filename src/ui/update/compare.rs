//! Two positions side by side: opening, closing, going on to the next conflict.

use crate::ui::action::Action;
use crate::ui::app::{App, TurnView};
use crate::ui::compare::Compare;
use crate::ui::scroll::Extent;
use crate::ui::update::ask::notify;
use crate::ui::update::moves;
use crate::ui::view;

/// Opens the conflict with that number; says so where there is none.
pub fn open(app: &mut App, number: u32) {
    let Some(view) = app.shown() else { return };
    match view.conflict(number).map(|conflict| Compare::new(number, conflict)) {
        None => notify(app, &format!("there is no conflict {number} in this turn")),
        Some(None) => notify(app, &format!("≠{number} has only one position with words to show")),
        Some(compare) => {
            app.conflict = Some(number);
            app.compare = compare;
            app.is_reading = true;
        }
    }
}

/// Opens the selected conflict, or the first one.
pub(crate) fn open_selected(app: &mut App) {
    let numbers = app.shown().map_or_else(Vec::new, TurnView::conflict_numbers);
    let selected = app.conflict.filter(|number| numbers.contains(number));
    match selected.or_else(|| numbers.first().copied()) {
        Some(number) => open(app, number),
        None => notify(app, "there is no conflict to compare"),
    }
}

/// Closes it when its conflict is gone: a later reading may find that nobody disagrees.
pub(crate) fn follow_report(app: &mut App) {
    let Some(number) = app.compare.as_ref().map(|compare| compare.number) else { return };
    let is_there = app.shown().is_some_and(|view| view.conflict(number).is_some_and(|it| it.sides.len() > 1));
    if !is_there {
        app.compare = None;
        notify(app, &format!("≠{number} is gone: with more text there is no conflict"));
    }
}

/// Does what means something else while two positions stand side by side; returns whether it was anything.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other actions keep their meaning")]
pub(crate) fn act(app: &mut App, action: &Action) -> bool {
    let Some(number) = app.compare.as_ref().map(|compare| compare.number) else { return false };
    let height = usize::from(view::compare::body(app.layout.answers).height);
    let page = isize::try_from(height.saturating_sub(2).max(1)).unwrap_or(1);
    match action {
        Action::Stop | Action::Open => app.compare = None,
        Action::Write => {
            app.compare = None;
            app.is_reading = false;
        }
        Action::ScrollUp => scroll(app, -1),
        Action::ScrollDown => scroll(app, 1),
        Action::PageUp => scroll(app, -page),
        Action::PageDown => scroll(app, page),
        Action::ScrollTop => scroll(app, isize::MIN),
        Action::Follow => scroll(app, isize::MAX),
        Action::FocusLeft => switch(app, 0),
        Action::FocusRight => switch(app, 1),
        Action::NextConflict | Action::PreviousConflict => {
            // The columns below go along, so that they stand at the conflict that was looked at last.
            moves::act(app, action);
            match app.conflict {
                Some(next) if next != number => open(app, next),
                Some(_) | None => {}
            }
        }
        _ => return false,
    }
    true
}

/// Scrolls both halves.
pub(crate) fn scroll(app: &mut App, rows: isize) {
    let height = usize::from(view::compare::body(app.layout.answers).height);
    if let Some(compare) = &mut app.compare {
        let extent = Extent::new(compare.n_rows(), height);
        compare.scroll.by(rows, extent);
        // Nothing new comes at the end that would have to be followed.
        compare.scroll.hold(extent);
    }
}

fn switch(app: &mut App, half: usize) {
    let Some(mut compare) = app.compare.take() else { return };
    if let Some(conflict) = app.shown().and_then(|view| view.conflict(compare.number)) {
        compare.switch(half, conflict);
    }
    app.compare = Some(compare);
}
