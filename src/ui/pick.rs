//! What the foot asks and one letter answers.

use crate::domain::ids::Column;
use crate::ui::app::App;
use crate::ui::geometry::Pane;
use crate::ui::line::{Line, Slot};
use crate::ui::text::clean::clean;
use crate::ui::text::document::Document;

/// A question at the foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Whether the answer is right.
    Judge,
    /// Which block of code is copied.
    Code,
    /// Which answer is the best, while nobody's name is known.
    Vote,
}

/// Returns the question with the letters that answer it.
pub fn prompt(app: &App, pick: Pick) -> Line {
    match pick {
        Pick::Judge => {
            choices("is the answer right?", &[("r", "right"), ("w", "wrong"), ("p", "partly"), ("u", "undo")])
        }
        Pick::Code => {
            let mut line = Line::new().with(Slot::Warn, " copy which code? ");
            let blocks = focused_document(app).into_iter().flat_map(Document::code_blocks).take(MOST_LETTERS);
            for (idx, block) in blocks.enumerate() {
                line.push(Slot::Key, format!(" {}", letter(idx)));
                let lines = if block.n_lines() == 1 { "line" } else { "lines" };
                line.push(Slot::Dim, format!(" {} {} {lines} ", clean(block.language), block.n_lines()));
            }
            line
        }
        Pick::Vote => {
            let mut line = Line::new().with(Slot::Warn, " which answer is the best? ");
            for column in votable(app) {
                line.push_chip(column);
            }
            line.push(Slot::Key, " n");
            line.push(Slot::Dim, " none, show the names   ");
            line.push(Slot::Key, "esc");
            line.push(Slot::Dim, " later");
            line
        }
    }
}

/// The most things that letters can stand for.
pub const MOST_LETTERS: usize = 26;

/// Returns the letter for the thing at a position; `?` past the alphabet.
pub fn letter(idx: usize) -> char {
    u8::try_from(idx).ok().filter(|idx| *idx < 26).map_or('?', |idx| char::from(b'a' + idx))
}

/// Returns the position that a letter stands for.
pub fn index(letter: char) -> Option<usize> {
    letter.is_ascii_alphabetic().then(|| usize::from(letter.to_ascii_lowercase() as u8 - b'a'))
}

/// Returns the text in focus: the answer of the ensemble in the conversation, else the focused column's.
pub fn focused_document(app: &App) -> Option<&Document> {
    let view = app.shown()?;
    match app.pane {
        Pane::Chat => Some(view.chat.answer()),
        Pane::Column(_) => view.columns.get(app.focused_column()?.index()).map(|column| &column.document),
    }
}

/// Returns the letters of those who can be voted for.
pub fn votable(app: &App) -> Vec<Column> {
    let Some(view) = app.shown() else { return Vec::new() };
    let answered = app.columns().into_iter().filter(|column| {
        let response = view.turn.response(*column);
        response.is_some_and(|response| response.is_over() && !response.text.is_empty())
    });
    view.faces.all(answered)
}

fn choices(question: &str, letters: &[(&str, &str)]) -> Line {
    let mut line = Line::new().with(Slot::Warn, format!(" {question}"));
    for (letter, word) in letters {
        line.push(Slot::Key, format!("   {letter}"));
        line.push(Slot::Dim, format!(" {word}"));
    }
    line.with(Slot::Key, "   esc").with(Slot::Dim, " close")
}
