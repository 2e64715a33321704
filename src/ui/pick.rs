//! What the foot asks and one letter answers.

use crate::domain::ids::Column;
use crate::ui::app::App;
use crate::ui::line::{Line, Slot};

/// A question at the foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Whether the answer is right.
    Judge,
    /// Which answer is the best, while nobody's name is known.
    Vote,
}

/// Returns the question with the letters that answer it.
pub fn prompt(app: &App, pick: Pick) -> Line {
    match pick {
        Pick::Judge => {
            choices("is the answer right?", &[("r", "right"), ("w", "wrong"), ("p", "partly"), ("u", "undo")])
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
