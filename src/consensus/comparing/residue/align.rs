//! Lays two sequences of items side by side so that most of what is the same meets.

use crate::consensus::comparing::residue::pair::{Pair, pair};
use crate::consensus::reading::sequence::Item;
use crate::consensus::reading::statement::Statement;
use crate::consensus::report::ConflictKind;

/// Most pairs of items that are weighed: longer stretches that differ are not laid side by side.
const MOST_PAIRS: usize = 96 * 96;

/// What the same word of content is worth against the same little word and another of one class.
const SAME_CONTENT: u32 = 3;
const SAME_LIGHT: u32 = 1;
const OTHER: u32 = 1;

/// One step of an alignment: an item of each side, or of one alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The same on both sides.
    Same(usize, usize),
    /// Two of one class.
    Other(usize, usize, ConflictKind),
    /// Only on the left.
    Left(usize),
    /// Only on the right.
    Right(usize),
}

/// One side: its statement and its items.
pub(crate) type Side<'a> = (&'a Statement, &'a [Item]);

/// Returns the steps in order; `None` where the two are too long and too unlike.
pub(crate) fn align(left: Side<'_>, right: Side<'_>) -> Option<Vec<Step>> {
    let meet = |i: usize, j: usize| match (left.1.get(i), right.1.get(j)) {
        (Some(own), Some(other)) => pair((left.0, own), (right.0, other)),
        _ => Pair::Unlike,
    };
    let (n_left, n_right) = (left.1.len(), right.1.len());
    let least = n_left.min(n_right);
    let n_head = (0..least).take_while(|at| meet(*at, *at) == Pair::Same).count();
    let n_tail = (1..=least - n_head).take_while(|at| meet(n_left - at, n_right - at) == Pair::Same).count();
    let (rows, columns) = (n_left - n_head - n_tail, n_right - n_head - n_tail);
    if rows * columns > MOST_PAIRS {
        return None;
    }
    let mut steps: Vec<Step> = (0..n_head).map(|at| Step::Same(at, at)).collect();
    steps.extend(middle(left, (n_head, rows), (n_head, columns), meet));
    steps.extend((0..n_tail).rev().map(|at| Step::Same(n_left - 1 - at, n_right - 1 - at)));
    Some(steps)
}

/// The best alignment of a stretch of each side: where it starts and how many items it has.
fn middle(
    left: Side<'_>,
    (from_left, rows): (usize, usize),
    (from_right, columns): (usize, usize),
    meet: impl Fn(usize, usize) -> Pair,
) -> Vec<Step> {
    let width = columns + 1;
    let mut best = vec![0_u32; (rows + 1) * width];
    let mut pairs = vec![Pair::Unlike; rows * columns];
    let worth = |i: usize, pair: Pair| match pair {
        Pair::Same if left.1.get(from_left + i).is_some_and(Item::is_content) => SAME_CONTENT,
        Pair::Same => SAME_LIGHT,
        Pair::Other(_) => OTHER,
        Pair::Unlike => 0,
    };
    let at = |best: &[u32], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or(0);
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let pair = meet(from_left + i, from_right + j);
            if let Some(place) = pairs.get_mut(i * columns + j) {
                *place = pair;
            }
            let along = worth(i, pair) + at(&best, i + 1, j + 1);
            let value = along.max(at(&best, i + 1, j)).max(at(&best, i, j + 1));
            if let Some(place) = best.get_mut(i * width + j) {
                *place = value;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::new();
    while i < rows && j < columns {
        let pair = pairs.get(i * columns + j).copied().unwrap_or(Pair::Unlike);
        let here = at(&best, i, j);
        let (own, other) = (from_left + i, from_right + j);
        match pair {
            Pair::Same if here == worth(i, pair) + at(&best, i + 1, j + 1) => {
                steps.push(Step::Same(own, other));
                (i, j) = (i + 1, j + 1);
            }
            Pair::Other(kind) if here == OTHER + at(&best, i + 1, j + 1) => {
                steps.push(Step::Other(own, other, kind));
                (i, j) = (i + 1, j + 1);
            }
            _ if here == at(&best, i + 1, j) => {
                steps.push(Step::Left(own));
                i += 1;
            }
            Pair::Same | Pair::Other(_) | Pair::Unlike => {
                steps.push(Step::Right(other));
                j += 1;
            }
        }
    }
    steps.extend((i..rows).map(|i| Step::Left(from_left + i)));
    steps.extend((j..columns).map(|j| Step::Right(from_right + j)));
    steps
}
