//! Gathers clashes of pairs into conflicts with sides: who holds which value, where, and how firmly.

use std::collections::{BTreeMap, BTreeSet};

use crate::consensus::comparing::answering::{Comparison, Part};
use crate::consensus::comparing::contradict::{Clash, Place, Unless, polarity};
use crate::consensus::comparing::corpus::Corpus;
use crate::consensus::comparing::framed;
use crate::consensus::comparing::point::{has_ended, is_exact, is_whole};
use crate::consensus::comparing::residue::Meets;
use crate::consensus::plain::plain;
use crate::consensus::reading::finals;
use crate::consensus::reading::held::ValueId;
use crate::consensus::reading::question::Asks;
use crate::consensus::reading::values::{Relation, relate};
use crate::consensus::report::{ConflictKind, ConflictStatus};

/// A conflict over all members.
#[derive(Clone, Debug)]
pub(crate) struct Dispute {
    /// What differs.
    pub(crate) kind: ConflictKind,
    /// The values, the one with the most members first.
    pub(crate) sides: Vec<Vec<Place>>,
    /// Whether it counts.
    pub(crate) status: ConflictStatus,
}

/// Most places of one member in one conflict: who says a thing that often is quoted enough.
const MOST_PLACES: usize = 8;

/// A node of the graph of clashes: member, statement, start of the differing words.
type Node = (usize, usize, usize);

/// Returns the conflicts that stand, in canonical order: by ensemble order of the first member, then by offset.
pub(crate) fn disputes(comparison: Comparison<'_>, parts: &[Part]) -> Vec<Dispute> {
    let corpus = comparison.corpus;
    let stand = corpus.clashes.iter().filter(|clash| stands(corpus, clash) && !is_beside(clash, comparison, parts));
    let mut clashes: Vec<&Clash> = stand.collect();
    // Between each two members alone: what a third one says changes nothing between them.
    let by_value: BTreeSet<(usize, usize, usize)> = clashes
        .iter()
        .flat_map(|clash| [(&clash.left, &clash.right), (&clash.right, &clash.left)])
        .map(|(it, other)| (it.member, it.statement, other.member))
        .collect();
    let mut by_the_end = BTreeSet::new();
    let mut between_parts = Vec::new();
    for (index, left) in parts.iter().enumerate() {
        for right in parts.iter().skip(index + 1) {
            let meets = |part: &Part, other: &Part| by_value.contains(&(part.member, part.statement, other.member));
            let is_known = meets(left, right) && meets(right, left);
            let clash = comparison.clash(left, right).filter(|clash| stands(corpus, clash));
            // A clash of values says more than one of the words around them.
            let clash = clash.filter(|clash| clash.kind != ConflictKind::Name || !is_known);
            let is_open = clash.as_ref().is_some_and(|clash| is_open(clash, comparison));
            if is_open && [left, right].iter().all(|part| has_ended(part.member, comparison.voices)) {
                // One was cut: whether it says so nobody will know.
                continue;
            }
            if is_open {
                by_the_end.extend(clash.iter().flat_map(|clash| [node(&clash.left), node(&clash.right)]));
            }
            between_parts.extend(clash);
        }
    }
    // Who says no to what was asked denies it once, whatever else of the other answer that stands against: "not larger
    // than 9.9" is its no to "larger than 9.9".
    let at = |place: &Place| (place.member, place.statement);
    let is_said_by_parts = |clash: &&Clash| {
        between_parts.iter().filter(|it| it.kind == ConflictKind::Negation).any(|it| {
            let is_left = at(&it.left) == at(&clash.left) && it.right.member == clash.right.member;
            let is_right = at(&it.right) == at(&clash.right) && it.left.member == clash.left.member;
            is_left || is_right
        })
    };
    let is_denial = |clash: &&Clash| clash.kind == ConflictKind::Negation || differs_by_its_bound(clash);
    clashes.retain(|clash| !is_denial(clash) || !is_said_by_parts(clash));
    clashes.extend(&between_parts);
    let said_otherwise = framed::clashes(comparison);
    let is_known: BTreeSet<(Node, usize)> = clashes
        .iter()
        .flat_map(|clash| [(node(&clash.left), clash.right.member), (node(&clash.right), clash.left.member)])
        .collect();
    let is_new = |clash: &&Clash| {
        !is_known.contains(&(node(&clash.left), clash.right.member))
            && !is_known.contains(&(node(&clash.right), clash.left.member))
    };
    clashes.extend(said_otherwise.iter().filter(is_new));
    // Stable: of several clashes at one place those of the statements count before those of the whole answers.
    clashes.sort_by_key(|clash| (node(&clash.left), node(&clash.right)));
    let mut disputes = gather(&clashes);
    for dispute in &mut disputes {
        dispute.status = status(dispute, comparison, &by_the_end);
    }
    disputes
}

/// Whether two values are one number, once with another bound than the other time.
fn differs_by_its_bound(clash: &Clash) -> bool {
    let number = |place: &Place| place.value.trim_start_matches(['<', '>', '≤', '≥', ' ']).to_owned();
    clash.kind != ConflictKind::Name && number(&clash.left) == number(&clash.right)
}

/// Whether a clash of two parts may yet come to nothing, as one of the two still writes: what is missing in an answer, or
/// denied by it, is known at its end. Different values, and a yes against a no, stand as soon as they are said.
fn is_open(clash: &Clash, comparison: Comparison<'_>) -> bool {
    let says = |place: &Place| comparison.corpus.statement(place.member, place.statement).and_then(|it| it.yes_no);
    let is_by_absence = match clash.kind {
        ConflictKind::Name => true,
        ConflictKind::Negation => says(&clash.left).is_none() || says(&clash.right).is_none(),
        ConflictKind::Number
        | ConflictKind::Unit
        | ConflictKind::Date
        | ConflictKind::Antonym
        | ConflictKind::Choice
        | ConflictKind::Code => false,
    };
    is_by_absence && [&clash.left, &clash.right].iter().any(|place| !is_whole(place.member, comparison.voices))
}

/// Confirmed once two sides each have a place that can't change any more: in a block that is done.
fn status(dispute: &Dispute, comparison: Comparison<'_>, by_the_end: &BTreeSet<Node>) -> ConflictStatus {
    let is_past = |place: &Place| {
        let block = comparison.corpus.statement(place.member, place.statement).map_or(u32::MAX, |it| it.block);
        let is_done = comparison.voices.get(place.member).is_some_and(|voice| block < voice.block);
        has_ended(place.member, comparison.voices) || (is_done && !by_the_end.contains(&node(place)))
    };
    let n_firm = dispute.sides.iter().filter(|side| side.iter().any(is_past)).count();
    if n_firm >= 2 { ConflictStatus::Confirmed } else { ConflictStatus::Provisional }
}

/// Whether a clash lies in what answers, where something else decides: in the answer to a question for a name or a
/// value that name or value does, as "it is X, not Y" negates something else.
fn is_beside(clash: &Clash, comparison: Comparison<'_>, parts: &[Part]) -> bool {
    if clash.left.unless == Unless::Said {
        // All else is the same: what differs is what the two are about.
        return false;
    }
    let is_polar = matches!(clash.kind, ConflictKind::Negation | ConflictKind::Antonym);
    let wants_other = matches!(comparison.question.asks, Asks::Name | Asks::Date | Asks::Quantity);
    let answers =
        |place: &Place| parts.iter().any(|part| part.member == place.member && part.statement == place.statement);
    let is_typed =
        |place: &Place| parts.iter().any(|part| part.member == place.member && part.point().is_some_and(is_exact));
    // `{"answer": "7"}` is an answer in code: it is compared as an answer.
    let is_answer_in_code = clash.kind == ConflictKind::Code && is_typed(&clash.left) && is_typed(&clash.right);
    ((is_polar && wants_other) || is_answer_in_code) && answers(&clash.left) && answers(&clash.right)
}

/// Returns whether neither answer holds the other side's value somewhere else.
pub(crate) fn stands(corpus: &Corpus, clash: &Clash) -> bool {
    let withdraws = |place: &Place, other: &Place| {
        corpus.answers.get(other.member).is_some_and(|answer| match &place.unless {
            Unless::Value(_, id) => answer.held.holds(*id),
            Unless::Terms(terms) => terms.iter().all(|term| answer.terms.contains(term)),
            Unless::Said => says_the_same(corpus, place, other.member),
            Unless::SaidOrAdded(_, id) => {
                says_the_same(corpus, place, other.member) || adds(corpus, *id, other, place.member)
            }
            Unless::Never => false,
        })
    };
    !withdraws(&clash.left, &clash.right) && !withdraws(&clash.right, &clash.left)
}

/// Whether another member says in some other place what the statement at `place` says.
fn says_the_same(corpus: &Corpus, place: &Place, other: usize) -> bool {
    let answer = corpus.answers.get(place.member);
    let links = answer.and_then(|answer| answer.links.get(place.statement)).map_or(&[][..], Vec::as_slice);
    links.iter().any(|link| link.member == other && link.meets == Meets::Same)
}

/// Whether the answer of `other` gives a value in a statement that `member` does not make word for word.
fn adds(corpus: &Corpus, value: ValueId, other: &Place, member: usize) -> bool {
    let Some(answer) = corpus.answers.get(other.member) else { return false };
    answer.places_of(value).iter().filter(|index| **index != other.statement).any(|index| {
        let mut links = answer.links.get(*index).into_iter().flatten();
        !links.any(|link| link.member == member && link.meets == Meets::Same)
    })
}

fn node(place: &Place) -> Node {
    (place.member, place.statement, place.range.start)
}

/// Connected clashes are one conflict.
fn gather(clashes: &[&Clash]) -> Vec<Dispute> {
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
            disputes.push(Dispute { kind: *kind, sides, status: ConflictStatus::Provisional });
        }
    }
    disputes
}

/// Splits connected places into sides: a place joins the first side none of whose members clashes with its own. Who says
/// both is counted with what was said first.
fn sides(
    members: &BTreeSet<Node>,
    places: &BTreeMap<Node, (&Place, ConflictKind)>,
    edges: &BTreeMap<Node, BTreeSet<Node>>,
) -> Vec<Vec<Place>> {
    let mut sides: Vec<Vec<Place>> = Vec::new();
    let against: BTreeSet<(usize, usize)> =
        members.iter().flat_map(|at| edges.get(at).into_iter().flatten().map(move |other| (at.0, other.0))).collect();
    for at in members {
        let Some((place, _)) = places.get(at) else { continue };
        let clashes_with =
            |other: &Place| against.contains(&(place.member, other.member)) || !is_compatible(place, other);
        let n_said = sides.iter().flatten().filter(|other| other.member == place.member).count();
        if n_said >= MOST_PLACES {
            continue;
        }
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
        (
            Unless::Value(left, _) | Unless::SaidOrAdded(left, _),
            Unless::Value(right, _) | Unless::SaidOrAdded(right, _),
        ) => relate(left, right) != Relation::Differ,
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
