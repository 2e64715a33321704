//! What goes along with the next question: the conversation so far, standing instructions, files.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::attachment::Attachment;
use crate::domain::conversation::{Past, Rules, Talk};
use crate::ui::app::TurnView;
use crate::ui::text::clean::clean;

/// Tells two states of what goes along apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TalkState {
    n_turns: usize,
    revisions: u64,
    n_files: usize,
    n_system_bytes: usize,
    rules: Rules,
}

/// What goes along with the next question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talking {
    /// How the conversation is told.
    pub rules: Rules,
    /// Standing instructions for the rest of the run, in place of those of the config.
    pub system: Option<Arc<str>>,
    /// How many turns of the conversation are of an earlier run: they can be read, and asked again as new questions.
    pub n_resumed: usize,
    /// Whether a run is played that is over: there is no next question.
    pub is_replay: bool,
    /// Files for the next question.
    pub files: Vec<Attachment>,
    /// The files of the questions that wait, in their order.
    pub aside: VecDeque<Vec<Attachment>>,
    /// The earlier turns as they were when they were last told, and what of them that was.
    earlier: Vec<Past>,
    /// The revision of each of these turns.
    told_of: Vec<u64>,
}

impl Talking {
    /// Forgets the conversation; the files for the next question, and the instructions, stay.
    pub fn forget(&mut self) {
        (self.earlier, self.told_of, self.n_resumed) = (Vec::new(), Vec::new(), 0);
        self.files.extend(self.aside.drain(..).flatten());
    }

    /// Takes in what has changed in `turns` since the last time: a long conversation is not told anew at every key.
    pub fn remember(&mut self, turns: &[TurnView]) {
        self.earlier.truncate(turns.len());
        self.told_of.truncate(turns.len());
        for (idx, view) in turns.iter().enumerate() {
            if self.told_of.get(idx) == Some(&view.revision) {
                continue;
            }
            self.earlier.truncate(idx);
            self.told_of.truncate(idx);
            self.earlier.push(past(view));
            self.told_of.push(view.revision);
        }
    }

    /// Returns what it depends on what goes along with a question: the same as long as nothing of it has changed.
    pub fn state(&self) -> TalkState {
        let of = |text: &Option<Arc<str>>| text.as_ref().map_or(0, |text| text.len());
        TalkState {
            n_turns: self.told_of.len(),
            revisions: self.told_of.iter().sum(),
            n_files: self.files.len(),
            n_system_bytes: of(&self.system),
            rules: self.rules,
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
