//! What goes along with the next question: the conversation so far, standing instructions, files.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::attachment::Attachment;
use crate::domain::conversation::{Past, Rules, Talk};
use crate::ui::app::TurnView;
use crate::ui::text::clean::clean;

/// What goes along with the next question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talking {
    /// How the conversation is told.
    pub rules: Rules,
    /// Standing instructions for the rest of the run, in place of those of the config.
    pub system: Option<Arc<str>>,
    /// How many turns of the conversation are of an earlier run: they can be read, and asked again as new questions.
    pub n_resumed: usize,
    /// Files for the next question.
    pub files: Vec<Attachment>,
    /// The files of the questions that wait, in their order.
    pub aside: VecDeque<Vec<Attachment>>,
    /// The earlier turns as they were when they were last told, and what of them that was.
    earlier: Vec<Past>,
    told_of: (usize, u64),
}

impl Talking {
    /// Takes in what `turns` have come to, unless nothing has changed in them.
    pub fn remember(&mut self, turns: &[TurnView]) {
        let state = (turns.len(), turns.iter().map(|view| view.revision).sum());
        if self.told_of != state || self.earlier.len() != turns.len() {
            self.earlier = turns.iter().map(past).collect();
            self.told_of = state;
        }
    }

    /// Returns `question` with `files` and all that goes along with it, after the turns that were remembered.
    pub fn talk(&self, question: Arc<str>, files: Vec<Attachment>) -> Talk {
        let earlier = self.earlier.clone();
        Talk { earlier, question, files, system: self.system.clone(), rules: self.rules }
    }

    /// Returns the newest of `turns` as it was asked, after those before it.
    pub fn again(&self, turns: &[TurnView]) -> Option<Talk> {
        let (newest, earlier) = turns.split_last()?;
        let (question, files) = (Arc::clone(&newest.turn.question), newest.turn.files.clone());
        let earlier = earlier.iter().map(past).collect();
        Some(Talk { earlier, question, files, system: self.system.clone(), rules: self.rules })
    }

    /// Returns the names of the files for the next question, cleaned; empty without any.
    pub fn names(&self) -> String {
        names(&self.files)
    }
}

/// Returns the names of files, cleaned.
pub fn names(files: &[Attachment]) -> String {
    files.iter().map(|file| clean(&file.name).replace('\n', " ")).collect::<Vec<_>>().join(", ")
}

fn past(view: &TurnView) -> Past {
    Past::of(&view.turn, view.verdict.as_deref())
}
