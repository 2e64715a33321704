//! Merges the statements of all members into claims and says how each member stands to each.

use std::collections::{BTreeMap, BTreeSet};

use crate::consensus::comparing::answering::Part;
use crate::consensus::comparing::corpus::{Corpus, Link, ValuesMeet};
use crate::consensus::comparing::dispute::Dispute;
use crate::consensus::comparing::residue::Meets;
use crate::consensus::comparing::support::{SUPPORTED, support};
use crate::consensus::reading::statement::Statement;
use crate::consensus::reading::terms::shared;

/// Mean share of novel terms that two statements hold of each other to be one claim.
const MERGED: f64 = 0.6;

/// Least share in either direction: a short statement inside a long one is not the long one.
const MERGED_LEAST: f64 = 0.4;

/// Least share in either direction of two statements that name the same two or more things.
const NAMED: f64 = 0.5;

/// The most support of a claim by one who says otherwise, under [`SUPPORTED`]: shared words around what nobody can explain
/// are half an agreement; by judgement.
const UNEXPLAINED: f64 = 0.5;

/// A statement's place: member, position.
pub(crate) type At = (usize, usize);

/// A claim in the making.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// The statement that stands for it: the first in canonical order.
    pub(crate) seed: At,
    /// Statements that say it, the first one included, in canonical order.
    pub(crate) supporting: Vec<At>,
    /// Statements that say something incompatible.
    pub(crate) contradicting: Vec<At>,
    /// Members that neither say it nor deny it, and say something else on it that nobody can explain.
    pub(crate) otherwise: Vec<usize>,
    /// Support by each member, 0 to 1; 1 for its own.
    pub(crate) support: Vec<f64>,
    /// The conflict that it is part of.
    pub(crate) dispute: Option<usize>,
}

/// What merging needs to look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Merging<'a> {
    /// What was said.
    pub(crate) corpus: &'a Corpus,
    /// The conflicts.
    pub(crate) disputes: &'a [Dispute],
    /// The parts that answer.
    pub(crate) parts: &'a [Part],
    /// Pairs of parts that answer alike.
    pub(crate) alike: &'a [(usize, usize)],
}

impl Merging<'_> {
    /// Returns the claims in canonical order: by ensemble order of the first member, then by offset.
    pub(crate) fn drafts(self) -> Vec<Draft> {
        let disputed = self.disputed();
        let mut taken: Vec<Vec<bool>> =
            self.corpus.answers.iter().map(|answer| vec![false; answer.statements.len()]).collect();
        let mut drafts = Vec::new();
        for (member, answer) in self.corpus.answers.iter().enumerate() {
            for (index, statement) in answer.statements.iter().enumerate() {
                let at = (member, index);
                let is_taken = is_taken(&taken, at);
                if is_taken || (statement.is_echo() && !disputed.contains_key(&at)) {
                    continue;
                }
                drafts.push(self.draft(at, statement, &disputed, &mut taken));
            }
        }
        drafts
    }

    /// Which statement is in which conflict, on which side.
    fn disputed(self) -> BTreeMap<At, (usize, usize)> {
        let mut disputed = BTreeMap::new();
        for (index, dispute) in self.disputes.iter().enumerate() {
            for (side, places) in dispute.sides.iter().enumerate() {
                for place in places {
                    disputed.entry((place.member, place.statement)).or_insert((index, side));
                }
            }
        }
        disputed
    }

    fn draft(
        self,
        seed: At,
        statement: &Statement,
        disputed: &BTreeMap<At, (usize, usize)>,
        taken: &mut [Vec<bool>],
    ) -> Draft {
        let own = disputed.get(&seed);
        let mut supporting = vec![seed];
        let mut contradicting = Vec::new();
        if let Some((dispute, side)) = own {
            let places = self.disputes.get(*dispute).into_iter().flat_map(|it| it.sides.iter().flatten());
            let statements: BTreeSet<At> = places.map(|place| (place.member, place.statement)).collect();
            for at in statements.into_iter().filter(|at| *at != seed && !is_taken(taken, *at)) {
                match disputed.get(&at) {
                    Some((it, other)) if it == dispute && other == side => supporting.push(at),
                    Some((it, _)) if it == dispute => contradicting.push(at),
                    Some(_) | None => {}
                }
            }
        }
        let links = self.links(seed);
        for other in 0..self.corpus.answers.len() {
            let is_in = supporting.iter().chain(&contradicting).any(|(member, _)| *member == other);
            if !is_in {
                let same = self.same_claim(seed, links, other);
                supporting.extend(same.filter(|at| !is_taken(taken, *at) && !disputed.contains_key(at)));
            }
        }
        supporting.sort_unstable();
        for (member, index) in supporting.iter().chain(&contradicting) {
            if let Some(taken) = taken.get_mut(*member).and_then(|taken| taken.get_mut(*index)) {
                *taken = true;
            }
        }
        let otherwise = self.otherwise(&supporting, &contradicting);
        let mut support = self.supports(statement, links, &supporting, &contradicting);
        for member in &otherwise {
            if let Some(support) = support.get_mut(*member) {
                *support = support.min(UNEXPLAINED);
            }
        }
        Draft { seed, supporting, contradicting, otherwise, support, dispute: own.map(|(dispute, _)| *dispute) }
    }

    /// The members that say otherwise: laid beside what the supporting ones say, a statement of theirs is on the same
    /// thing and not the same, and none is the same.
    fn otherwise(self, supporting: &[At], contradicting: &[At]) -> Vec<usize> {
        let is_in = |member: usize| supporting.iter().chain(contradicting).any(|at| at.0 == member);
        let meets = |member: usize, wanted: &[Meets]| {
            let links = supporting.iter().flat_map(|at| self.links(*at));
            links.filter(|link| link.member == member).any(|link| wanted.contains(&link.meets))
        };
        (0..self.corpus.answers.len())
            .filter(|member| !is_in(*member))
            .filter(|member| meets(*member, &[Meets::Unexplained, Meets::Different]) && !meets(*member, &[Meets::Same]))
            .collect()
    }

    fn links(&self, at: At) -> &[Link] {
        self.corpus.answers.get(at.0).and_then(|answer| answer.links.get(at.1)).map_or(&[], Vec::as_slice)
    }

    /// The statement of `other` that makes the same claim as the one at `seed`.
    fn same_claim(self, seed: At, links: &[Link], other: usize) -> Option<At> {
        let both =
            |link: &&Link| link.covered.min(link.covers) >= MERGED_LEAST && link.covered + link.covers >= 2.0 * MERGED;
        let by_words = closest(links.iter().filter(|link| link.member == other && may_merge(link)).filter(both));
        by_words.or_else(|| self.twin(seed, links, other)).or_else(|| self.same_answer(seed, other))
    }

    /// The statement of `other` that gives the same values as the one at `seed`, where each bears out the other: one fact
    /// in other words.
    fn twin(self, seed: At, links: &[Link], other: usize) -> Option<At> {
        let own = self.corpus.statement(seed.0, seed.1)?;
        let is_twin = |link: &&Link| {
            self.corpus.statement(other, link.statement).is_some_and(|theirs| {
                let bears_out_both = || {
                    shared(&own.novel, &theirs.terms) > 0
                        && support(self.corpus, own, links, other) >= SUPPORTED
                        && support(self.corpus, theirs, self.links((other, link.statement)), seed.0) >= SUPPORTED
                };
                let names_the_same = own.names.len() >= 2 && own.names == theirs.names;
                (link.values == ValuesMeet::AllSame && may_merge(link) && bears_out_both())
                    || (names_the_same && link.covered.min(link.covers) >= NAMED && may_merge(link))
            })
        };
        closest(links.iter().filter(|link| link.member == other).filter(is_twin))
    }

    /// Statements that answer the question alike make the same claim, whatever words stand around the answer.
    fn same_answer(self, seed: At, other: usize) -> Option<At> {
        let part = |member: usize| self.parts.iter().find(|part| part.member == member);
        let is_alike = self.alike.contains(&(seed.0.min(other), seed.0.max(other)));
        (is_alike && part(seed.0)?.statement == seed.1).then_some((other, part(other)?.statement))
    }

    fn supports(self, statement: &Statement, links: &[Link], supporting: &[At], contradicting: &[At]) -> Vec<f64> {
        let is_among = |list: &[At], member: usize| list.iter().any(|at| at.0 == member);
        (0..self.corpus.answers.len())
            .map(|member| {
                if is_among(contradicting, member) {
                    0.0
                } else {
                    let by_words = if supporting.first().is_some_and(|seed| seed.0 == member) {
                        1.0
                    } else {
                        support(self.corpus, statement, links, member)
                    };
                    if is_among(supporting, member) { by_words.max(SUPPORTED) } else { by_words }
                }
            })
            .collect()
    }
}

/// Whether the values of the two don't stand against one claim.
fn may_merge(link: &Link) -> bool {
    link.values != ValuesMeet::Differ && !matches!(link.meets, Meets::Unexplained | Meets::Different)
}

/// The link that covers most in both directions, the first of equal ones.
fn closest<'a>(links: impl Iterator<Item = &'a Link>) -> Option<At> {
    let closest = links
        .max_by(|a, b| (a.covered + a.covers).total_cmp(&(b.covered + b.covers)).then(b.statement.cmp(&a.statement)));
    closest.map(|link| (link.member, link.statement))
}

fn is_taken(taken: &[Vec<bool>], (member, index): At) -> bool {
    taken.get(member).and_then(|taken| taken.get(index)).is_none_or(|taken| *taken)
}
