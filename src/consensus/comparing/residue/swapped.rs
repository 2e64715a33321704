//! Two that change places between two statements: who beat whom, what is denser than what, which comes first.

use std::ops::Range;

use crate::consensus::comparing::contradict::Clash;
use crate::consensus::comparing::residue::align::Step;
use crate::consensus::comparing::residue::pair::{Pair, pair};
use crate::consensus::comparing::residue::{AGENTS, Reading};
use crate::consensus::reading::sequence::{Item, Sort};
use crate::consensus::report::ConflictKind;

/// Most items of one side that stand elsewhere on the other: statements that differ in more are no exchange of two.
const MOST_MOVED: usize = 12;

/// Words that say one of two is the other, and what stands before a name: "the winner is Ann", "Ann is the winner".
const COPULAS: [&str; 32] = [
    "is", "are", "was", "were", "be", "been", "the", "a", "an", "ist", "sind", "war", "waren", "der", "die", "das",
    "ein", "eine", "est", "sont", "etait", "le", "la", "les", "un", "une", "es", "son", "era", "el", "los", "las",
];

/// Words that hold two together of which neither comes first: "France borders Spain", "salt mixed with sugar".
const MUTUAL: [&str; 44] = [
    "with",
    "versus",
    "vs",
    "between",
    "plus",
    "times",
    "mit",
    "avec",
    "con",
    "marry",
    "married",
    "marries",
    "meet",
    "meets",
    "met",
    "equal",
    "equals",
    "same",
    "identical",
    "similar",
    "equivalent",
    "differ",
    "differs",
    "different",
    "unlike",
    "like",
    "border",
    "borders",
    "bordered",
    "adjacent",
    "near",
    "beside",
    "opposite",
    "parallel",
    "perpendicular",
    "resemble",
    "resembles",
    "synonymous",
    "interchangeable",
    "siblings",
    "cousins",
    "neighbours",
    "neighbors",
    "twins",
];

/// Words before two things that say neither comes first.
const MUTUAL_BEFORE: [&str; 6] = ["distance", "difference", "far", "distanz", "abstand", "entfernung"];

/// Two things that stand in each other's place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exchange {
    /// Where at most one is right; `None` with the opposite word between them, which says the same: "bigger than lions",
    /// "smaller than tigers".
    pub(super) clash: Option<Clash>,
    /// The items of the two on the left, each with what describes it.
    left: [Range<usize>; 2],
    /// The same on the right.
    right: [Range<usize>; 2],
}

impl Exchange {
    /// Returns whether a step is about one of the two.
    pub(super) fn moves(&self, step: &Step) -> bool {
        let is_in = |runs: &[Range<usize>; 2], at: usize| runs.iter().any(|run| run.contains(&at));
        match step {
            Step::Left(own) | Step::Same(own, _) => is_in(&self.left, *own),
            Step::Right(other) => is_in(&self.right, *other),
            Step::Other(own, other, _) => is_in(&self.left, *own) || is_in(&self.right, *other),
        }
    }
}

impl Reading<'_> {
    /// Two that have changed places round what goes one way only, and are not two of a list.
    pub(super) fn exchange(&self) -> Option<Exchange> {
        // "He directed it", "it was directed by him".
        if self.is_turned() || !self.has_moved() {
            return None;
        }
        let images = Images::of(self);
        let heads: Vec<usize> =
            (0..self.items.0.len()).filter(|at| self.own(*at).is_some_and(is_thing) && images.ends_run(*at)).collect();
        let (first, second, is_mutual) = heads.iter().enumerate().find_map(|(index, first)| {
            let later = || heads.iter().skip(index + 1).copied();
            let second = later().find(|second| self.is_exchanged(*first, *second, &images))?;
            Some((*first, second, self.is_mutual(*first, second)))
        })?;
        let (behind, ahead) = (images.at(first)?, images.at(second)?);
        let left = [images.run(first), images.run(second)];
        let right = [(behind + 1 - left[0].len())..behind + 1, (ahead + 1 - left[1].len())..ahead + 1];
        let exchange = Exchange { clash: None, left, right };
        if is_mutual || images.opposites(self) % 2 == 1 {
            return Some(exchange);
        }
        let clash = self.clash(first, ahead, ConflictKind::Name).filter(|_| !self.is_label(first, ahead))?;
        Some(Exchange { clash: Some(clash), ..exchange })
    }

    /// Whether something that one has where the other has not stands elsewhere there.
    fn has_moved(&self) -> bool {
        let own = |step: &Step| match step {
            Step::Left(own) | Step::Other(own, ..) => self.own(*own),
            Step::Same(..) | Step::Right(_) => None,
        };
        let other = |step: &Step| match step {
            Step::Right(other) | Step::Other(_, other, _) => self.other(*other),
            Step::Same(..) | Step::Left(_) => None,
        };
        let ours: Vec<&Item> = self.steps.iter().filter_map(own).filter(|it| is_thing(it)).collect();
        let theirs: Vec<&Item> = self.steps.iter().filter_map(other).filter(|it| is_thing(it)).collect();
        ours.len().max(theirs.len()) <= MOST_MOVED
            && ours.iter().any(|own| theirs.iter().any(|other| self.is_same(own, other)))
    }

    fn is_same(&self, own: &Item, other: &Item) -> bool {
        pair((self.left.2, own), (self.right.2, other)) == Pair::Same
    }

    /// Whether two heads are exchanged on the right: the other way round there, with the same between them that goes one
    /// way only, and all else in its order; nothing took along what it hangs on.
    fn is_exchanged(&self, first: usize, second: usize, images: &Images) -> bool {
        let (Some(behind), Some(ahead)) = (images.at(first), images.at(second)) else { return false };
        let is = |words: &[&str], at: usize| self.own(at).is_some_and(|it| words.contains(&it.folded.as_str()));
        // In the same form: "landed on the Moon" and "the Moon landing" are no two ways round.
        let is_alike = |at: usize, there: usize| match (self.own(at), self.other(there)) {
            (Some(own), Some(other)) => own.folded == other.folded,
            _ => false,
        };
        let stays =
            |at: usize| images.at(at).is_some_and(|there| ahead < there && there < behind && is_alike(at, there));
        let owns =
            |item: Option<&Item>| item.is_some_and(|it| it.written.ends_with("'s") || it.written.ends_with("’s"));
        let goes_one_way = (first + 1..second).any(|at| stays(at) && !is(&COPULAS, at))
            || (ahead < behind && owns(self.own(second)) && owns(self.other(behind)));
        let is_one_clause = !self.is_parted(first, second) || self.are_of_the_same_words(images);
        goes_one_way
            && is_one_clause
            && !self.is_list(first, second)
            && !self.is_done_by((first, behind), (second, ahead))
            && !self.takes_along((first, behind), (second, ahead))
            && images.keeps_order_but(&[images.run(first), images.run(second)])
    }

    /// Whether what holds two together has no direction: which comes first says nothing.
    fn is_mutual(&self, first: usize, second: usize) -> bool {
        let is = |words: &[&str], at: usize| self.own(at).is_some_and(|it| words.contains(&it.folded.as_str()));
        (first..=second).any(|at| is(&MUTUAL, at)) || (0..first).any(|at| is(&MUTUAL_BEFORE, at))
    }

    /// Whether a comma or an `and` stands between two: clauses may come in any order.
    fn is_parted(&self, first: usize, second: usize) -> bool {
        (first + 1..=second).any(|at| self.own(at).is_some_and(|it| it.is_listed))
    }

    fn are_of_the_same_words(&self, images: &Images) -> bool {
        self.items.0.len() == self.items.1.len() && images.0.iter().all(Option::is_some)
    }

    /// Whether one of two does it on one side and has it done by it on the other.
    fn is_done_by(&self, first: (usize, usize), second: (usize, usize)) -> bool {
        let turns =
            |(own, other): (usize, usize)| is_agent_before(self.items.0, own) != is_agent_before(self.items.1, other);
        // "A was won by B", "B was won by A" turns both.
        turns(first) != turns(second)
    }

    /// Whether each of two hangs on the same word on both sides: "in Rome with Ann", "with Ann in Rome".
    fn takes_along(&self, first: (usize, usize), second: (usize, usize)) -> bool {
        let hook = |items: &[Item], at: usize| {
            let before = items.get(at.checked_sub(1)?)?;
            let is_hook = before.sort == Sort::Light
                && before.written.starts_with(char::is_lowercase)
                && !COPULAS.contains(&before.folded.as_str());
            is_hook.then(|| before.folded.clone())
        };
        let hooks = |(own, other): (usize, usize)| (hook(self.items.0, own), hook(self.items.1, other));
        let ((own, other), (later, theirs)) = (hooks(first), hooks(second));
        own == other && later == theirs && own != later
    }

    /// Whether two of the left and all between them are members of one list.
    fn is_list(&self, first: usize, second: usize) -> bool {
        (first + 1..=second).all(|at| self.own(at).is_some_and(|it| it.is_listed || !it.is_content()))
            && self.own(second).is_some_and(|it| it.is_listed)
    }
}

/// Words that stand for what was named before.
const PRONOUNS: [&str; 12] = ["it", "he", "she", "they", "him", "her", "them", "er", "sie", "il", "elle", "ella"];

/// Whether an item may do something or have it done.
fn is_thing(item: &Item) -> bool {
    matches!(item.sort, Sort::Word | Sort::Name | Sort::Opening | Sort::Code)
        || PRONOUNS.contains(&item.folded.as_str())
}

/// Whether the item before `at` says who does it; `da` and `von` inside a name do not.
pub(super) fn is_agent_before(items: &[Item], at: usize) -> bool {
    let Some(by) = at.checked_sub(1) else { return false };
    let follows_name = by
        .checked_sub(1)
        .and_then(|at| items.get(at))
        .is_some_and(|it| it.sort == Sort::Name || it.sort == Sort::Opening);
    items.get(by).is_some_and(|it| AGENTS.contains(&it.folded.as_str()) && !(follows_name && it.folded != "by"))
}

/// Where each item of the left stands on the right, each place once.
#[derive(Debug)]
struct Images(Vec<Option<usize>>);

impl Images {
    fn of(reading: &Reading<'_>) -> Self {
        let mut images: Vec<Option<usize>> = vec![None; reading.items.0.len()];
        let mut taken = vec![false; reading.items.1.len()];
        for step in reading.steps {
            let Step::Same(own, other) = step else { continue };
            images.iter_mut().skip(*own).take(1).for_each(|image| *image = Some(*other));
            taken.iter_mut().skip(*other).take(1).for_each(|taken| *taken = true);
        }
        for (image, own) in images.iter_mut().zip(reading.items.0).filter(|(image, _)| image.is_none()) {
            let is_free = |(at, other): &(usize, &Item)| {
                taken.get(*at) == Some(&false) && is_thing(own) == is_thing(other) && reading.is_same(own, other)
            };
            *image = reading.items.1.iter().enumerate().find(is_free).map(|(at, _)| at);
            if let Some(taken) = image.and_then(|at| taken.get_mut(at)) {
                *taken = true;
            }
        }
        Self(images)
    }

    /// How many items of the left that stand nowhere on the right have their opposite there.
    fn opposites(&self, reading: &Reading<'_>) -> usize {
        let left = || reading.items.0.iter().zip(&self.0).filter(|(_, there)| there.is_none()).map(|(own, _)| own);
        let is_free = |at: usize| !self.0.contains(&Some(at));
        let right = || reading.items.1.iter().enumerate().filter(|(at, _)| is_free(*at)).map(|(_, other)| other);
        let are_opposite = |own: &Item, other: &Item| {
            pair((reading.left.2, own), (reading.right.2, other)) == Pair::Other(ConflictKind::Antonym)
        };
        left().filter(|own| right().any(|other| are_opposite(own, other))).count()
    }

    fn at(&self, own: usize) -> Option<usize> {
        self.0.get(own).copied().flatten()
    }

    /// Whether the item is the last of those that stand one behind the other on both sides.
    fn ends_run(&self, own: usize) -> bool {
        self.at(own).is_some_and(|there| self.at(own + 1) != Some(there + 1))
    }

    /// The items up to `own` that stand one behind the other on both sides.
    fn run(&self, own: usize) -> Range<usize> {
        let n_before = (1..=own).take_while(|n| {
            let there = self.at(own).and_then(|there| there.checked_sub(*n));
            there.is_some() && self.at(own - n) == there
        });
        own - n_before.count()..own + 1
    }

    /// Whether all items but those of `moved` stand in one order on both sides.
    fn keeps_order_but(&self, moved: &[Range<usize>]) -> bool {
        let rest = self.0.iter().enumerate().filter(|(at, _)| !moved.iter().any(|run| run.contains(at)));
        rest.filter_map(|(_, there)| *there).is_sorted()
    }
}
