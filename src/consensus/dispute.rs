//! Gathers clashes of pairs into conflicts with sides: who holds which value, where, and how firmly.

use std::collections::{BTreeMap, BTreeSet};

use crate::consensus::answering::{Comparison, Part};
use crate::consensus::contradict::{Clash, Place, Unless, polarity};
use crate::consensus::corpus::Corpus;
use crate::consensus::finals;
use crate::consensus::plain::plain;
use crate::consensus::question::Asks;
use crate::consensus::report::ConflictKind;
use crate::consensus::values::{Relation, relate};

/// A conflict over all members.
#[derive(Clone, Debug)]
pub(crate) struct Dispute {
    /// What differs.
    pub(crate) kind: ConflictKind,
    /// The values, the one with the most members first.
    pub(crate) sides: Vec<Vec<Place>>,
}

/// A node of the graph of clashes: member, statement, start of the differing words.
type Node = (usize, usize, usize);

/// Returns the conflicts that stand, in canonical order: by ensemble order of the first member, then by offset.
pub(crate) fn disputes(comparison: Comparison<'_>, parts: &[Part]) -> Vec<Dispute> {
    let corpus = comparison.corpus;
    let mut clashes: Vec<Clash> = corpus
        .clashes
        .iter()
        .filter(|clash| stands(corpus, clash) && !is_beside(clash, comparison, parts))
        .cloned()
        .collect();
    let by_value: BTreeSet<(usize, usize)> =
        clashes.iter().flat_map(|clash| [&clash.left, &clash.right]).map(|it| (it.member, it.statement)).collect();
    for (index, left) in parts.iter().enumerate() {
        for right in parts.iter().skip(index + 1) {
            let is_known = [left, right].iter().all(|part| by_value.contains(&(part.member, part.statement)));
            let clash = comparison.clash(left, right).filter(|clash| stands(corpus, clash));
            // A clash of values says more than one of the words around them.
            clashes.extend(clash.filter(|clash| clash.kind != ConflictKind::Name || !is_known));
        }
    }
    gather(&clashes)
}

/// Whether a clash lies in what answers, where something else decides: in the answer to a question for a name or a
/// value that name or value does, as "it is X, not Y" negates something else.
fn is_beside(clash: &Clash, comparison: Comparison<'_>, parts: &[Part]) -> bool {
    let is_polar = matches!(clash.kind, ConflictKind::Negation | ConflictKind::Antonym);
    let wants_other = matches!(comparison.question.asks, Asks::Name | Asks::Date | Asks::Quantity);
    let answers =
        |place: &Place| parts.iter().any(|part| part.member == place.member && part.statement == place.statement);
    let is_typed = |place: &Place| parts.iter().any(|part| part.member == place.member && part.has_typed_answer());
    // `{"answer": "7"}` is an answer in code: it is compared as an answer.
    let is_answer_in_code = clash.kind == ConflictKind::Code && is_typed(&clash.left) && is_typed(&clash.right);
    ((is_polar && wants_other) || is_answer_in_code) && answers(&clash.left) && answers(&clash.right)
}

/// Returns whether neither answer holds the other side's value somewhere else.
pub(crate) fn stands(corpus: &Corpus, clash: &Clash) -> bool {
    let withdraws = |place: &Place, other: &Place| {
        corpus.answers.get(other.member).is_some_and(|answer| match &place.unless {
            Unless::Value(value) => answer.holds(value, &place.value),
            Unless::Terms(terms) => terms.iter().all(|term| answer.terms.contains(term)),
            Unless::Never => false,
        })
    };
    !withdraws(&clash.left, &clash.right) && !withdraws(&clash.right, &clash.left)
}

fn node(place: &Place) -> Node {
    (place.member, place.statement, place.range.start)
}

/// Connected clashes are one conflict.
fn gather(clashes: &[Clash]) -> Vec<Dispute> {
    let mut places: BTreeMap<Node, (&Place, ConflictKind)> = BTreeMap::new();
    let mut edges: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
    for clash in clashes {
        for (place, other) in [(&clash.left, &clash.right), (&clash.right, &clash.left)] {
            places.entry(node(place)).or_insert((place, clash.kind));
            edges.entry(node(place)).or_default().insert(node(other));
        }
    }
    let mut seen: BTreeSet<Node> = BTreeSet::new();
    let mut disputes = Vec::new();
    for (start, (_, kind)) in &places {
        if !seen.insert(*start) {
            continue;
        }
        let mut members = BTreeSet::from([*start]);
        let mut open = vec![*start];
        while let Some(at) = open.pop() {
            for next in edges.get(&at).into_iter().flatten() {
                if seen.insert(*next) {
                    members.insert(*next);
                    open.push(*next);
                }
            }
        }
        let sides = sides(&members, &places, &edges);
        if sides.len() >= 2 {
            disputes.push(Dispute { kind: *kind, sides });
        }
    }
    disputes
}

/// Splits connected places into sides: a place joins the first side with which it does not clash. Who says both is
/// counted with what was said first.
fn sides(
    members: &BTreeSet<Node>,
    places: &BTreeMap<Node, (&Place, ConflictKind)>,
    edges: &BTreeMap<Node, BTreeSet<Node>>,
) -> Vec<Vec<Place>> {
    let mut sides: Vec<Vec<Place>> = Vec::new();
    for at in members {
        let Some((place, _)) = places.get(at) else { continue };
        let clashes_with = |other: &Place| {
            edges.get(at).is_some_and(|edges| edges.contains(&node(other))) || !is_compatible(place, other)
        };
        let fitting = sides.iter().position(|side| !side.iter().any(clashes_with));
        let taken = sides.iter().position(|side| side.iter().any(|other| other.member == place.member));
        match (fitting, taken) {
            (Some(fitting), None) => sides.get_mut(fitting).into_iter().for_each(|side| side.push(Place::clone(place))),
            (Some(fitting), Some(taken)) if fitting == taken => {
                sides.get_mut(fitting).into_iter().for_each(|side| side.push(Place::clone(place)));
            }
            (None, None) => sides.push(vec![Place::clone(place)]),
            (_, Some(_)) => {}
        }
    }
    sides.sort_by_key(|side| std::cmp::Reverse(n_members(side)));
    sides
}

fn n_members(side: &[Place]) -> usize {
    side.iter().map(|place| place.member).collect::<BTreeSet<_>>().len()
}

/// Whether two places that never met may be on one side.
fn is_compatible(left: &Place, right: &Place) -> bool {
    match (&left.unless, &right.unless) {
        (Unless::Value(left), Unless::Value(right)) => relate(left, right) != Relation::Differ,
        _ if left.value.is_empty() || right.value.is_empty() => true,
        _ => {
            spoken(&left.value).eq_ignore_ascii_case(spoken(&right.value))
                || finals::is_same_number(&left.value, &right.value)
        }
    }
}

/// Returns a value as one would say it: "it is so" to a question is a yes.
fn spoken(value: &str) -> &str {
    match value {
        polarity::SO => "yes",
        polarity::NOT_SO => "no",
        other => other,
    }
}

/// Returns what `place` says: its words in `text` where its value has no canonical form, or is a number or quantity,
/// which reads best as it was written: `86 billion`, `$1.2 million`. Dates and the like are canonical.
pub(crate) fn value_of(place: &Place, kind: ConflictKind, text: &str) -> String {
    let written = plain(text.get(place.range.clone()).unwrap_or(""));
    let as_written = match kind {
        // Words that don't read as the value alone, such as a formula, are no better than its canonical form.
        ConflictKind::Number | ConflictKind::Unit => finals::is_same_number(&written, &place.value),
        ConflictKind::Date
        | ConflictKind::Name
        | ConflictKind::Negation
        | ConflictKind::Antonym
        | ConflictKind::Choice
        | ConflictKind::Code => false,
    };
    if as_written || place.value.is_empty() { written } else { place.value.clone() }
}
