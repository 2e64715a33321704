//! Copying: what is selected, the answer in focus, a conflict, a turn, a block of code. Always the source, cleaned.

use crate::ui::app::{App, Layer};
use crate::ui::copying;
use crate::ui::effect::Effect;
use crate::ui::geometry::Pane;
use crate::ui::pick::{Pick, focused_document};
use crate::ui::text::document::Document;
use crate::ui::update::ask::notify;

/// The most bytes for the terminal's clipboard: longer ones are dropped by terminals without a word.
const MOST_COPIED: usize = 74_000;

/// Copies what is selected; else the conflict whose sides are compared; else the answer in focus, which is the ensemble's
/// while a question is written.
pub(crate) fn copy(app: &mut App) -> Vec<Effect> {
    if let Some(selection) = &app.reading.pointing.selection {
        let text = selected_document(app).map(|document| selection.text(document).to_owned());
        return send(app, "the selection", &text.unwrap_or_default());
    }
    if let Some(number) = app.compare.as_ref().map(|compare| compare.number) {
        let card = app.shown().and_then(|view| Some(copying::conflict(view, number, view.conflict(number)?)));
        return send(app, &format!("≠{number}"), &card.unwrap_or_default());
    }
    let Some(view) = app.shown() else { return Vec::new() };
    let column = app.focused_column().and_then(|column| view.columns.get(column.index()));
    let by = view.chat.answer_by().filter(|_| app.pane == Pane::Chat || !app.is_reading);
    let ensemble = by.and_then(|by| Some((view.faces.called(by, view.turn.response(by)?), view.chat.answer().text())));
    let (what, text) = match (ensemble, app.pane) {
        (Some((name, text)), _) => (format!("the answer of the ensemble, {name}'s"), text),
        (None, Pane::Chat) => ("the answer of the ensemble".to_owned(), ""),
        (None, Pane::Column(_)) => ("the answer".to_owned(), column.map_or("", |column| column.document.text())),
    };
    let text = text.to_owned();
    send(app, &what, &text)
}

/// Copies what a person names: the answer in focus, its code, the whole turn.
pub(crate) fn copy_as(app: &mut App, what: &str) -> Vec<Effect> {
    match what {
        "answer" => copy(app),
        "code" => copy_code(app),
        "all" | "turn" => copy_turn(app),
        other => {
            notify(app, &format!("say answer, code or all, not `{other}`"));
            Vec::new()
        }
    }
}

/// Shows one column alone and leaves the mouse to the terminal, or goes back.
pub(crate) fn switch_mode(app: &mut App) -> Vec<Effect> {
    if app.turns.is_empty() {
        notify(app, "there is nothing to select yet");
        return Vec::new();
    }
    app.sight.is_bare = !app.sight.is_bare;
    (app.is_reading, app.compare, app.reading.pointing.selection) = (true, None, None);
    vec![Effect::Mouse(!app.sight.is_bare && app.has_mouse)]
}

/// Copies the whole turn: question, verdict, answers, report.
pub(crate) fn copy_turn(app: &mut App) -> Vec<Effect> {
    let Some(view) = app.shown() else { return Vec::new() };
    let text = copying::turn(view, &app.source);
    send(app, "the turn with its report", &text)
}

/// Copies the block of code of the answer in focus; asks which where there are several.
pub(crate) fn copy_code(app: &mut App) -> Vec<Effect> {
    match focused_document(app).map_or(0, |document| document.code_blocks().len()) {
        0 => {
            notify(app, "there is no code in this answer");
            Vec::new()
        }
        1 => copy_block(app, 0),
        _ => {
            app.layer = Layer::Pick(Pick::Code);
            app.is_reading = true;
            Vec::new()
        }
    }
}

/// Copies a block of code of the answer in focus.
pub(crate) fn copy_block(app: &mut App, idx: usize) -> Vec<Effect> {
    let code = focused_document(app).and_then(|document| document.code_blocks().nth(idx).map(|code| code.source()));
    send(app, "the code", &code.unwrap_or_default())
}

/// Returns the text that a part of is selected.
fn selected_document(app: &App) -> Option<&Document> {
    let selection = app.reading.pointing.selection.as_ref()?;
    let view = app.turns.get(selection.turn)?;
    match selection.pane {
        Pane::Chat => Some(view.chat.answer()),
        Pane::Column(column) => view.columns.get(column.index()).map(|column| &column.document),
    }
}

/// Sends text to the clipboard, without line feeds at its end: a pasted command must not run by itself.
fn send(app: &mut App, what: &str, text: &str) -> Vec<Effect> {
    let text = text.trim_end().to_owned();
    if text.is_empty() {
        notify(app, "there is nothing to copy yet");
        return Vec::new();
    }
    if text.len() > MOST_COPIED {
        return vec![Effect::SaveCopy { what: what.to_owned(), text }];
    }
    notify(app, &format!("{what}: sent to the terminal's clipboard"));
    vec![Effect::Copy { what: what.to_owned(), text }]
}
