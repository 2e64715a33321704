//! What a value is said of: the words of its own clause and the label before it, without what the sentence says besides.

use std::ops::Range;

use crate::consensus::reading::segment::Role;
use crate::consensus::reading::statement::{Statement, WordAt};
use crate::consensus::reading::terms::{TermId, sorted};

/// Signs that part one clause of a sentence from the next; a comma or colon inside a number has no space behind it.
const PARTS: [&str; 18] = [
    ", ", "; ", ": ", " – ", " — ", " - ", " (", ") ", "，", "；", "：", "（", "）", "、", " and ", " und ", " et ",
    " y ",
];

/// Words that open what a sentence has to say, behind what only leads up to it: "keep in mind that".
const OPENS: [&str; 3] = [" that ", " dass ", " que "];

/// Most words that only lead up to what is said.
const MOST_LEADING: usize = 6;

/// Returns the terms that say what stands at `range` of the answer, sorted: those of its clause, of the next one where
/// its own has none, and of the label of the statement; without those of values.
pub(crate) fn terms_around(statement: &Statement, range: &Range<usize>) -> Vec<TermId> {
    let outside = |word: &&WordAt| word.range.end <= range.start || range.end <= word.range.start;
    let label = statement.words.iter().filter(|word| word.range.end <= statement.lead_end).filter(outside);
    let clauses = clauses(statement);
    let within = |clause: &Range<usize>| {
        let clause = clause.clone();
        let body = statement.words.iter().filter(|word| word.range.start >= statement.lead_end);
        body.filter(move |word| clause.start <= word.range.start && word.range.end <= clause.end && !word.is_value)
            .filter(outside)
    };
    let own = clauses.iter().position(|clause| clause.contains(&range.start)).unwrap_or(0);
    let order = [Some(own), own.checked_add(1), own.checked_sub(1)];
    let told = order.into_iter().flatten().filter_map(|at| clauses.get(at)).find(|it| within(it).next().is_some());
    sorted(label.chain(told.into_iter().flat_map(within)).map(|word| word.term))
}

/// Returns whether what stands at a range of each of two statements is said of one thing, as far as a word tells: their
/// clauses or labels share one.
pub(crate) fn share_a_word(left: (&Statement, &Range<usize>), right: (&Statement, &Range<usize>)) -> bool {
    let (ours, theirs) = (terms_around(left.0, left.1), terms_around(right.0, right.1));
    ours.is_empty() || theirs.is_empty() || ours.iter().any(|term| theirs.binary_search(term).is_ok())
}

/// The clauses of a statement, as bytes of the answer; what only leads up to the first is left out.
fn clauses(statement: &Statement) -> Vec<Range<usize>> {
    let text = statement.sequence.text();
    let start = statement.range.start;
    if statement.role == Role::Row {
        return std::iter::once(start..start + text.len()).collect();
    }
    let mut cuts: Vec<usize> =
        PARTS.iter().flat_map(|part| text.match_indices(part).map(|(at, found)| at + found.len())).collect();
    cuts.extend(OPENS.iter().filter_map(|word| {
        let at = text.find(word)?;
        let n_words = text.get(..at)?.split_whitespace().count();
        (n_words <= MOST_LEADING).then_some(at + word.len())
    }));
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.windows(2)
        .filter_map(|pair| match pair {
            [from, to] if from < to => Some(start + from..start + to),
            _ => None,
        })
        .collect()
}
