//! Which of the options that a question offers an answer takes: "the Atlantic or the Pacific", "a mutex or a channel".

use crate::consensus::comparing::answering::{Comparison, Part};
use crate::consensus::comparing::contradict::{Clash, Place, Unless};
use crate::consensus::reading::statement::WordAt;
use crate::consensus::report::ConflictKind;

impl Comparison<'_> {
    /// Returns which option each part takes and where it says so; `None` where the question offers none, or one of the
    /// two takes none.
    pub(crate) fn chosen(self, left: &Part, right: &Part) -> Option<[(usize, Place); 2]> {
        Some([self.choice(left)?, self.choice(right)?])
    }

    /// The option that is named first and not denied: "the Pacific is larger than the Atlantic" takes the Pacific.
    fn choice(self, part: &Part) -> Option<(usize, Place)> {
        let statement = self.statement(part)?;
        let option = |word: &WordAt| self.corpus.asked.options.iter().position(|option| *option == word.term);
        let is_denied = |word: &&WordAt| statement.negated.binary_search(&word.term).is_ok();
        let word = statement.words.iter().find(|word| option(word).is_some() && !is_denied(word))?;
        let place = Place {
            member: part.member,
            statement: part.statement,
            range: word.range.clone(),
            value: String::new(),
            unless: Unless::Never,
        };
        Some((option(word)?, place))
    }
}

/// Returns the clash between two choices, if they differ.
pub(crate) fn clash([(ours, left), (theirs, right)]: [(usize, Place); 2]) -> Option<Clash> {
    (ours != theirs).then_some(Clash { kind: ConflictKind::Choice, left, right })
}
