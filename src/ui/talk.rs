//! What goes along with the next question: the conversation so far, standing instructions, files.

use std::sync::Arc;

use crate::domain::attachment::Attachment;
use crate::domain::conversation::{Past, Rules, Talk};
use crate::ui::app::TurnView;

/// What goes along with the next question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talking {
    /// How the conversation is told.
    pub rules: Rules,
    /// Standing instructions for the rest of the run, in place of those of the config.
    pub system: Option<Arc<str>>,
}

impl Talking {
    /// Returns `question` with its files and all that goes along with it after `earlier` turns.
    pub fn talk(&self, earlier: &[TurnView], question: Arc<str>, files: Vec<Attachment>) -> Talk {
        let past = |view: &TurnView| Past::of(&view.turn, view.verdict.as_deref());
        let earlier = earlier.iter().map(past).collect();
        Talk { earlier, question, files, system: self.system.clone(), rules: self.rules }
    }
}
