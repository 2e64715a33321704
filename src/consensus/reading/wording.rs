//! Which words of one answer are missing in another.

use std::collections::HashSet;
use std::ops::Range;

use crate::consensus::reading::statement::{Statement, WordAt};
use crate::consensus::reading::terms::stem::is_near;
use crate::consensus::reading::terms::{Lexicon, TermId};

/// Most terms of one answer that are searched for other spellings of a term.
const MOST_SPELLINGS: usize = 64;

/// Whether `term` is among `terms`, in this spelling or another.
pub(crate) fn holds(lexicon: &Lexicon, terms: &HashSet<TermId>, term: TermId) -> bool {
    terms.contains(&term)
        || (terms.len() <= MOST_SPELLINGS
            && terms.iter().any(|other| is_near(lexicon.stem(term), lexicon.stem(*other))))
}

/// The first run of words that are missing on the other side, a name if there is one, behind the label if there is one.
pub(crate) fn missing_words(statement: &Statement, is_missing: impl Fn(TermId) -> bool) -> Option<Range<usize>> {
    let missing = |word: &&WordAt| word.is_novel && is_missing(word.term);
    let said = || statement.words.iter().filter(|word| word.range.start >= statement.lead_end);
    let first = said()
        .filter(missing)
        .find(|word| word.is_name)
        .or_else(|| said().find(missing))
        .or_else(|| statement.words.iter().find(missing))?;
    let run = statement.words.iter().skip_while(|word| word.range.start < first.range.start);
    let run = run.take_while(|word| missing(word) && word.is_name == first.is_name);
    // A gap wider than "of the" ends the run.
    let end = run.fold(first.range.end, |end, word| if word.range.start <= end + 8 { word.range.end } else { end });
    Some(first.range.start..end)
}
