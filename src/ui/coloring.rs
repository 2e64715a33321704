//! Which lines of code still want colours: painted plain first, coloured when a worker has read them, never moved.

use std::collections::BTreeSet;

use crate::domain::ids::{Column, TurnId};
use crate::ui::app::App;
use crate::ui::column::BodyRow;
use crate::ui::geometry::{ColumnPlace, Pane};
use crate::ui::text::document::Document;
use crate::ui::text::highlight::Token;
use crate::ui::view::chat::answer_in_sight;

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
    /// Returns the lines that have come in since the last call, of the blocks in sight: those with a row that begins with
    /// a byte of `seen`, the provider's.
    ///
    /// A block that nobody sees is not coloured before it is scrolled to: of a long answer that rushes in, most never are.
    fn take(&mut self, document: &Document, place: CodePlace, seen: impl Iterator<Item = usize>) -> Vec<CodeLines> {
        let blocks = document.code_blocks();
        self.0.resize(blocks.len(), 0);
        if blocks.zip(&self.0).all(|(block, given)| block.n_lines() == *given) {
            return Vec::new();
        }
        let in_sight: BTreeSet<usize> = seen.filter_map(|source| document.code_at(source)).collect();
        let blocks = document.code_blocks().zip(&mut self.0).enumerate();
        let new = blocks.filter(|(code, _)| in_sight.contains(code)).filter_map(|(code, (block, given))| {
            let first = *given;
            *given = block.n_lines();
            let lines: Vec<String> = block.lines_from(first).map(str::to_owned).collect();
            let place = CodePlace { code, ..place };
            (!lines.is_empty()).then(|| CodeLines { place, language: block.language.to_owned(), first, lines })
        });
        new.collect()
    }
}

/// Returns the lines of code in sight that were laid out since the last call; call it after a frame.
pub fn uncolored(app: &mut App) -> Vec<CodeLines> {
    let mut wanted = Vec::new();
    let answer_rows = answer_in_sight(app);
    let pane_of = |place: &ColumnPlace| Pane::Column(place.column);
    let firsts: Vec<usize> = app.layout.columns.iter().map(|place| app.first_row(pane_of(place))).collect();
    let Some(view) = app.turns.get_mut(app.selected) else { return wanted };
    let turn = view.turn.id;
    for (place, first) in app.layout.columns.iter().zip(firsts) {
        let height = usize::from(place.body.height);
        if let Some(column) = view.columns.get_mut(place.column.index()) {
            let generation = column.generation;
            let place = CodePlace { turn, column: Some(place.column), generation, code: 0 };
            let mut given = std::mem::take(&mut column.given);
            let seen = (first..first + height).filter_map(|row| match column.row(row)? {
                BodyRow::Answer(row) => Some(row.source.start),
                BodyRow::Summary | BodyRow::Thought(_) | BodyRow::Blank | BodyRow::Source(_) | BodyRow::Tail(_) => None,
            });
            wanted.extend(given.take(&column.document, place, seen));
            column.given = given;
        }
    }
    let (answer, given, generation) = view.chat.answer_to_color();
    let place = CodePlace { turn, column: None, generation, code: 0 };
    wanted.extend(given.take(answer, place, answer_rows.map(|row| answer.source_at_row(row))));
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
