//! Names that change places between two statements: who beat whom, and by whom.

use crate::consensus::comparing::contradict::Clash;
use crate::consensus::comparing::residue::Reading;
use crate::consensus::comparing::residue::align::Step;
use crate::consensus::comparing::residue::pair::{Pair, pair};
use crate::consensus::reading::sequence::{Item, Sort};
use crate::consensus::report::ConflictKind;

impl Reading<'_> {
    /// Names that have changed places, and are not two of a list.
    pub(super) fn swaps(&self) -> Vec<Clash> {
        if self.is_turned() {
            // "He directed it", "it was directed by him".
            return Vec::new();
        }
        let crossed = self.crossed();
        if crossed.is_empty() { self.moved().into_iter().collect() } else { crossed }
    }

    /// A name that stands on the other side of the same word: "A played B", "B played A".
    fn moved(&self) -> Option<Clash> {
        let is_told = |it: &&Item| matches!(it.sort, Sort::Name | Sort::Opening | Sort::Word);
        let left: Vec<&Item> = self
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Left(own) => self.own(*own),
                Step::Same(..) | Step::Other(..) | Step::Right(_) => None,
            })
            .filter(is_told)
            .collect();
        let right: Vec<&Item> = self
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Right(other) => self.other(*other),
                Step::Same(..) | Step::Other(..) | Step::Left(_) => None,
            })
            .filter(is_told)
            .collect();
        let is_same = |own: &Item, other: &Item| pair((self.left.2, own), (self.right.2, other)) == Pair::Same;
        let ([first, second], [third, fourth]) = (left.as_slice(), right.as_slice()) else { return None };
        let names = |it: &Item| matches!(it.sort, Sort::Name | Sort::Opening);
        let is_crossed = is_same(first, fourth) && is_same(second, third) && names(first) != names(second);
        let name = |items: &[Item]| items.iter().position(names);
        let (own, other) = (name(self.items.0)?, name(self.items.1)?);
        (is_crossed && !self.is_label(own, other) && !is_same(self.own(own)?, self.other(other)?))
            .then(|| self.clash(own, other, ConflictKind::Name))?
    }

    fn crossed(&self) -> Vec<Clash> {
        let names: Vec<(usize, usize)> = self
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Other(own, other, ConflictKind::Name) => Some((*own, *other)),
                Step::Same(..) | Step::Other(..) | Step::Left(_) | Step::Right(_) => None,
            })
            .collect();
        let is_same = |own: usize, other: usize| match (self.own(own), self.other(other)) {
            (Some(ours), Some(theirs)) => pair((self.left.2, ours), (self.right.2, theirs)) == Pair::Same,
            _ => false,
        };
        let mut clashes = Vec::new();
        for (index, (own, other)) in names.iter().enumerate() {
            let crossed =
                names.iter().skip(index + 1).find(|(later, theirs)| is_same(*own, *theirs) && is_same(*later, *other));
            let Some((later, _)) = crossed else { continue };
            let is_list = (own + 1..=*later).all(|at| self.own(at).is_some_and(|it| it.is_listed || !it.is_content()))
                && self.own(*later).is_some_and(|it| it.is_listed);
            if !is_list && !self.is_label(*own, *other) {
                clashes.extend(self.clash(*own, *other, ConflictKind::Name));
            }
        }
        clashes
    }
}
