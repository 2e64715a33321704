//! Different values for one thing: numbers, quantities, dates.

use crate::consensus::comparing::contradict::{Clash, Place, Placed, Unless};
use crate::consensus::reading::statement::ValueAt;
use crate::consensus::reading::values::{Dimension, Relation, relate, relate_in_place};
use crate::consensus::report::ConflictKind;

/// Most values of one statement that may be left without an equal: with more it can't be told which belongs to which.
const MOST_UNMATCHED: usize = 2;

/// Returns the clashes between the values of two statements on one thing.
///
/// Values that have an equal on the other side are out. Of those that remain, each is set against the one in the
/// same place among those of its dimension, and only where neither side has too many.
pub(crate) fn clashes(left: Placed<'_>, right: Placed<'_>) -> Vec<Clash> {
    let ours = unmatched(&left.2.values, &right.2.values);
    let theirs = unmatched(&right.2.values, &left.2.values);
    let mut taken = vec![false; theirs.len()];
    let mut found = Vec::new();
    for own in &ours {
        let rivals = theirs.iter().zip(&mut taken);
        let free = |(other, taken): &(&&ValueAt, &mut bool)| !**taken && can_clash(own, other);
        if let Some((other, taken)) = rivals.into_iter().find(free) {
            *taken = true;
            found.push(between(left, own, right, other));
        }
    }
    let is_clear = |values: &[&ValueAt]| values.len() <= MOST_UNMATCHED;
    if (is_clear(&ours) || is_clear(&theirs)) && ours.len().abs_diff(theirs.len()) <= MOST_UNMATCHED {
        found
    } else {
        Vec::new()
    }
}

/// Returns the clash between one value of each side.
pub(crate) fn between(left: Placed<'_>, ours: &ValueAt, right: Placed<'_>, theirs: &ValueAt) -> Clash {
    let place = |placed: Placed<'_>, value: &ValueAt| Place {
        member: placed.0,
        statement: placed.1,
        range: value.range.clone(),
        value: value.canonical.clone(),
        unless: Unless::Value(value.found.clone(), value.id),
    };
    Clash { kind: kind_of(ours), left: place(left, ours), right: place(right, theirs) }
}

/// Whether two values are of one dimension, differ, and count the same thing where they count.
fn can_clash(left: &ValueAt, right: &ValueAt) -> bool {
    relate_in_place(&left.found, &right.found) == Relation::Differ
        && (kind_of(left) != ConflictKind::Number
            || left.beside.is_empty()
            || right.beside.is_empty()
            || left.beside.iter().any(|word| right.beside.contains(word)))
}

/// Returns the values that have no equal among `others`.
pub(crate) fn unmatched<'a>(values: &'a [ValueAt], others: &[ValueAt]) -> Vec<&'a ValueAt> {
    let has_equal = |value: &ValueAt| others.iter().any(|other| relate(&value.found, &other.found).fits());
    values.iter().filter(|value| !has_equal(value)).collect()
}

/// Returns the kind of conflict that a value can be part of.
pub(crate) fn kind_of(value: &ValueAt) -> ConflictKind {
    match value.found.value.dimension() {
        Dimension::Date | Dimension::Time | Dimension::Zone => ConflictKind::Date,
        Dimension::Money(..) | Dimension::Physical(_) | Dimension::Unlisted(_) => ConflictKind::Unit,
        Dimension::Count
        | Dimension::Ordinal
        | Dimension::Percent
        | Dimension::PercentagePoint
        | Dimension::Ratio
        | Dimension::Version
        | Dimension::Expression => ConflictKind::Number,
    }
}
