//! One says that it is so, the other that it is not: a negator near a shared word on one side only.

use crate::consensus::comparing::contradict::{Clash, Place, Placed, Unless, plain_terms};
use crate::consensus::reading::statement::Statement;
use crate::consensus::reading::terms::shared;
use crate::consensus::report::ConflictKind;

/// What the side without a negator says.
pub(crate) const SO: &str = "it is so";
/// What the side with the negator says.
pub(crate) const NOT_SO: &str = "it is not so";

/// Share of the shorter statement's words that must be shared: less leaves room for another subject.
const ALIGNED: f64 = 0.7;

/// Fewest words of the shorter statement.
const FEWEST_WORDS: usize = 3;

/// Share of the longer statement's words that must be shared: what else it says may be what it negates.
const ALIGNED_BACK: f64 = 0.5;

/// Returns the clash between two statements of opposite polarity, if that is what they are.
pub(crate) fn clash(left: Placed<'_>, right: Placed<'_>) -> Option<Clash> {
    let (ours, theirs) = (plain_terms(left.2), plain_terms(right.2));
    let (short, long) = if ours.len() <= theirs.len() { (&ours, &theirs) } else { (&theirs, &ours) };
    let n_shared = shared(short, long);
    let is_aligned = short.len() >= FEWEST_WORDS
        && n_shared as f64 >= long.len() as f64 * ALIGNED_BACK
        && n_shared as f64 >= short.len() as f64 * ALIGNED;
    if !is_aligned || !has_subject_of(left.2, right.2) || !has_subject_of(right.2, left.2) {
        return None;
    }
    if left.2.negated.is_empty() == right.2.negated.is_empty() {
        return None;
    }
    let (negative, positive) = if left.2.negated.is_empty() { (right.2, left.2) } else { (left.2, right.2) };
    // "It does not fit" and "it overflows" say the same: what is denied must be what the other says.
    (shared(&negative.negated_heads, &positive.terms) > 0).then(|| Clash {
        kind: ConflictKind::Negation,
        left: place(left),
        right: place(right),
    })
}

/// Whether `other` speaks of what `statement` begins with: "X does not move" says nothing of "Y moves".
fn has_subject_of(statement: &Statement, other: &Statement) -> bool {
    statement.words.first().is_some_and(|subject| other.terms.binary_search(&subject.term).is_ok())
}

fn place((member, index, statement): Placed<'_>) -> Place {
    Place {
        member,
        statement: index,
        range: governed(statement),
        value: if statement.negated.is_empty() { SO } else { NOT_SO }.to_owned(),
        unless: Unless::Never,
    }
}

/// The words that the negator turns round, or the whole statement.
fn governed(statement: &Statement) -> std::ops::Range<usize> {
    let mut words = statement.words.iter().filter(|word| statement.negated.binary_search(&word.term).is_ok());
    match words.next() {
        Some(first) => first.range.start..words.next_back().unwrap_or(first).range.end,
        None => statement.range.clone(),
    }
}
