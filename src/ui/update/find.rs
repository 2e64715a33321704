//! Finding words: typing the query, going from place to place, and back to where the search began.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::ui::action::Action;
use crate::ui::app::{App, Layer};
use crate::ui::column::ColumnView;
use crate::ui::find::{Find, Hit, MOST_HITS, Origin, is_in, places};
use crate::ui::geometry::Pane;
use crate::ui::keymap::{Key, Mode};
use crate::ui::reading::Goal;
use crate::ui::update::ask::notify;
use crate::ui::update::moves;

/// Asks at the foot what to look for: in the columns, or in the conversation where that has the focus.
pub(crate) fn begin(app: &mut App) {
    let Some(view) = app.shown() else { return };
    let columns = view.columns.iter().map(ColumnView::place).collect();
    let origin = Origin { pane: app.pane, selected: app.selected, columns, chat: app.chat_scroll };
    let origin = app.reading.find.take().map_or(origin, |find| find.origin);
    app.reading.find = Some(Find { query: String::new(), is_typing: true, hits: Vec::new(), at: 0, origin });
    (app.compare, app.is_reading, app.layer) = (None, true, Layer::Find);
}

/// Takes a key while the query is typed: the keys are those of writing. Any other one ends the search.
pub(crate) fn key(app: &mut App, key: KeyEvent) {
    let Some(find) = &mut app.reading.find else {
        app.layer = Layer::None;
        return;
    };
    let is_plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
    if let (KeyCode::Char(letter), true) = (key.code, is_plain) {
        return type_text(app, letter.encode_utf8(&mut [0; 4]));
    }
    match app.keymap.actions(Mode::Write, Key::of(key)).first() {
        Some(Action::DeleteBack) => drop(find.query.pop()),
        Some(Action::DeleteToStart | Action::DeleteWord) => find.query.clear(),
        Some(Action::Send) if !find.query.is_empty() => {
            (find.is_typing, app.layer) = (false, Layer::None);
            return;
        }
        Some(Action::ScrollDown) => return step(app, 1),
        Some(Action::ScrollUp) => return step(app, -1),
        Some(_) | None => return close(app),
    }
    seek(app);
}

/// Adds to the query.
pub(crate) fn type_text(app: &mut App, text: &str) {
    if let Some(find) = &mut app.reading.find {
        find.query.push_str(text);
        seek(app);
    }
}

/// Looks for the query from where the search began.
fn seek(app: &mut App) {
    return_to_origin(app);
    search(app);
    let Some(find) = &mut app.reading.find else { return };
    let pane = find.origin.pane;
    let top = match (pane, app.turns.get_mut(app.selected)) {
        (Pane::Column(column), Some(view)) => view.columns.get(column.index()).map_or(0, ColumnView::top_source),
        (Pane::Chat | Pane::Column(_), _) => 0,
    };
    let is_ahead = |hit: &Hit| hit.pane == pane && hit.range.as_ref().is_none_or(|range| range.start >= top);
    let first = find.hits.iter().position(is_ahead);
    find.at = first.or_else(|| find.hits.iter().position(|hit| hit.pane == pane)).unwrap_or(0);
    go(app);
}

/// Goes to the next or previous place; from the last one on to the first.
pub(crate) fn step(app: &mut App, step: isize) {
    if app.reading.find.as_ref().is_none_or(|find| find.query.is_empty()) {
        notify(app, "/ looks for words");
        return;
    }
    // More text may have come in since.
    search(app);
    let Some(find) = &mut app.reading.find else { return };
    let n_hits = find.hits.len();
    if n_hits > 0 {
        find.at = (find.at.min(n_hits - 1) + n_hits).saturating_add_signed(step) % n_hits;
        go(app);
    }
}

/// Ends the search; everything stands as it did before.
pub(crate) fn close(app: &mut App) {
    return_to_origin(app);
    leave(app);
}

/// Ends the search where it is.
pub(crate) fn leave(app: &mut App) {
    if app.layer == Layer::Find {
        app.layer = Layer::None;
    }
    app.reading.find = None;
}

fn return_to_origin(app: &mut App) {
    let Some(find) = &app.reading.find else { return };
    let Origin { pane, selected, columns, chat } = find.origin.clone();
    (app.pane, app.selected, app.chat_scroll, app.reading.chat_goal) = (pane, selected, chat, None);
    let Some(view) = app.turns.get_mut(selected) else { return };
    for (column, place) in view.columns.iter_mut().zip(columns) {
        column.return_to(place);
    }
}

/// Finds every place anew.
fn search(app: &mut App) {
    let columns = app.columns();
    let (is_chat, selected) = (app.pane == Pane::Chat, app.selected);
    let Some(find) = &mut app.reading.find else { return };
    find.hits.clear();
    if is_chat {
        for (turn, view) in app.turns.iter_mut().enumerate() {
            if is_in(&view.turn.question, &find.query) {
                find.hits.push(Hit { turn, pane: Pane::Chat, range: None });
            }
            let (answer, _) = view.chat.answer_mut();
            answer.reflow();
            let found = places(answer, &find.query, MOST_HITS - find.hits.len().min(MOST_HITS));
            find.hits.extend(found.into_iter().map(|range| Hit { turn, pane: Pane::Chat, range: Some(range) }));
        }
        return;
    }
    let Some(view) = app.turns.get_mut(selected) else { return };
    for column in columns {
        let Some(shown) = view.columns.get_mut(column.index()) else { continue };
        // A column that was never in sight has not been laid out yet.
        shown.document.reflow();
        let found = places(&shown.document, &find.query, MOST_HITS - find.hits.len().min(MOST_HITS));
        let pane = Pane::Column(column);
        find.hits.extend(found.into_iter().map(|range| Hit { turn: selected, pane, range: Some(range) }));
    }
}

/// Brings the place that was gone to into sight.
fn go(app: &mut App) {
    let Some(hit) = app.reading.find.as_ref().and_then(|find| find.hits.get(find.at).cloned()) else { return };
    app.pane = hit.pane;
    match (hit.pane, hit.range) {
        (Pane::Column(column), Some(range)) => moves::show(app, column, range.start),
        (Pane::Chat, range) => {
            moves::select(app, hit.turn);
            app.reading.chat_goal = Some(Goal { turn: hit.turn, source: range.map(|range| range.start) });
        }
        (Pane::Column(_), None) => {}
    }
}
