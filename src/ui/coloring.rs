//! Which lines of code still want colours: painted plain first, coloured when a worker has read them, never moved.

use crate::domain::ids::{Column, TurnId};
use crate::ui::app::App;
use crate::ui::text::document::Document;
use crate::ui::text::highlight::Token;

/// Where a block of code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodePlace {
    /// The turn.
    pub turn: TurnId,
    /// The column; `None` for the answer in the conversation.
    pub column: Option<Column>,
    /// Which answer of that column: an answer that begins anew must not get the colours of the one before.
    pub generation: u32,
    /// Which block of code of that text.
    pub code: usize,
}

/// Whole lines of a block of code, in order, each given once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLines {
    /// Where they stand.
    pub place: CodePlace,
    /// The block's language, as the model named it.
    pub language: String,
    /// The position of the first of them in the block; 0 begins it anew.
    pub first: usize,
    /// The lines.
    pub lines: Vec<String>,
}

/// What the lines of a block of code are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColoredLines {
    /// Where they stand.
    pub place: CodePlace,
    /// The position of the first of them in the block.
    pub first: usize,
    /// The tokens of each line.
    pub lines: Vec<Vec<Token>>,
}

/// How many lines of each block of code of a text have been given to the worker.
#[derive(Clone, Debug, Default)]
pub struct Given(Vec<usize>);

impl Given {
    /// Returns the lines of `document` that have come in since the last call.
    fn take(&mut self, document: &Document, place: CodePlace) -> Vec<CodeLines> {
        let blocks = document.code_blocks();
        self.0.resize(blocks.len(), 0);
        let new = blocks.zip(&mut self.0).enumerate().filter_map(|(code, (block, given))| {
            let first = *given;
            *given = block.n_lines();
            let lines: Vec<String> = block.lines_from(first).map(str::to_owned).collect();
            let place = CodePlace { code, ..place };
            (!lines.is_empty()).then(|| CodeLines { place, language: block.language.to_owned(), first, lines })
        });
        new.collect()
    }
}

/// Returns the lines of code that were laid out since the last call; call it after a frame.
pub fn uncolored(app: &mut App) -> Vec<CodeLines> {
    let mut wanted = Vec::new();
    let Some(view) = app.turns.get_mut(app.selected) else { return wanted };
    let turn = view.turn.id;
    for place in &app.layout.columns {
        if let Some(column) = view.columns.get_mut(place.column.index()) {
            let generation = column.generation;
            let place = CodePlace { turn, column: Some(place.column), generation, code: 0 };
            wanted.extend(column.given.take(&column.document, place));
        }
    }
    let (answer, given, generation) = view.chat.answer_to_color();
    wanted.extend(given.take(answer, CodePlace { turn, column: None, generation, code: 0 }));
    wanted
}

/// Colours lines; those of a text that is gone or begins anew change nothing.
pub(crate) fn take(app: &mut App, colored: ColoredLines) {
    let CodePlace { turn, column, generation, code } = colored.place;
    let Some(view) = app.turn_mut(turn) else { return };
    let (document, current) = match column.map(|column| view.columns.get_mut(column.index())) {
        Some(Some(column)) => (&mut column.document, column.generation),
        Some(None) => return,
        None => view.chat.answer_mut(),
    };
    if generation == current {
        document.restyle(code, colored.first, colored.lines);
    }
}
