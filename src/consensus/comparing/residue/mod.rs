//! What is left of two statements on one thing once all that is the same is laid side by side, and what that makes of them.

pub(crate) mod align;
pub(crate) mod pair;
mod signs;
mod subject;
mod swapped;

use crate::consensus::comparing::contradict::{Clash, Place, Placed, Unless, polarity};
use crate::consensus::comparing::residue::align::{Step, align};
use crate::consensus::comparing::residue::pair::{Pair, pair};
use crate::consensus::comparing::residue::swapped::is_agent_before;
use crate::consensus::reading::segment::Role;
use crate::consensus::reading::sequence::{Item, Sort};
use crate::consensus::reading::statement::Statement;
use crate::consensus::reading::terms::shared;
use crate::consensus::reading::values::relate;
use crate::consensus::report::ConflictKind;

/// How two statements stand to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Meets {
    /// They are not on one thing, so far as their words tell.
    #[default]
    Apart,
    /// Every difference is explained.
    Same,
    /// They are on one thing, and differ in something that nobody can explain.
    Unexplained,
    /// One difference contradicts.
    Different,
}

/// What comparing two statements comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Residue {
    /// How they stand to each other.
    pub(crate) meets: Meets,
    /// Where they can't both be right.
    pub(crate) clashes: Vec<Clash>,
}

/// Share of the terms of the shorter statement that the other must hold to be laid beside it at all.
const WORTH_A_LOOK: f64 = 0.4;

/// Share of the content of the shorter statement, and of the longer one, that must be the same in the same order.
const NEAR: f64 = 0.6;
const NEAR_BACK: f64 = 0.45;

/// What two things in each other's place count as: both are on both sides.
const EXCHANGED: f64 = 2.0;

/// Weight of what must be the same for a frame to be one sentence: three words of content.
const TIGHT: f64 = 3.0;

/// Words that say who does what is done.
const AGENTS: [&str; 6] = ["by", "von", "durch", "par", "por", "da"];

/// Returns what is left of two statements of different members.
pub(crate) fn compare(left: Placed<'_>, right: Placed<'_>) -> Residue {
    let (ours, theirs) = (left.2, right.2);
    if ours.sequence.text() == theirs.sequence.text() && !ours.sequence.text().is_empty() {
        return Residue { meets: Meets::Same, clashes: Vec::new() };
    }
    let least = ours.terms.len().min(theirs.terms.len());
    if (shared(&ours.terms, &theirs.terms) as f64) < least as f64 * WORTH_A_LOOK {
        return Residue::default();
    }
    let items = (ours.sequence.items(&ours.values), theirs.sequence.items(&theirs.values));
    let Some(steps) = align((ours, items.0), (theirs, items.1)) else { return Residue::default() };
    let reading = Reading { left, right, items, steps: &steps };
    if !reading.is_near() {
        return Residue::default();
    }
    reading.weigh()
}

/// Two statements laid side by side.
#[derive(Clone, Copy, Debug)]
struct Reading<'a> {
    left: Placed<'a>,
    right: Placed<'a>,
    items: (&'a [Item], &'a [Item]),
    steps: &'a [Step],
}

impl Reading<'_> {
    /// Whether most of both is the same in the same order, or all but what stands in one place.
    fn is_near(&self) -> bool {
        let total = |items: &[Item]| items.iter().map(weight).sum::<f64>();
        let same: f64 = self
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Same(own, _) => self.items.0.get(*own).map(weight),
                Step::Other(..) | Step::Left(_) | Step::Right(_) => None,
            })
            .sum();
        let (ours, theirs) = (total(self.items.0), total(self.items.1));
        let same = same + if self.exchange().is_some() { EXCHANGED } else { 0.0 };
        let is_one = self.items.0.len() == 1 && self.items.1.len() == 1;
        let is_frame = (same > 0.0 || is_one)
            && self.steps.iter().all(|step| matches!(step, Step::Same(..) | Step::Other(..)))
            && self.steps.iter().filter(|step| matches!(step, Step::Other(..))).count() <= 2;
        is_frame || (same >= ours.min(theirs) * NEAR && same >= ours.max(theirs) * NEAR_BACK)
    }

    fn weigh(&self) -> Residue {
        let exchange = self.exchange();
        let moves = |step: &Step| exchange.as_ref().is_some_and(|exchange| exchange.moves(step));
        let is_converse = exchange.as_ref().is_some_and(|exchange| exchange.clash.is_none());
        let mut clashes: Vec<Clash> = exchange.iter().filter_map(|exchange| exchange.clash.clone()).collect();
        let mut is_unexplained = false;
        let mut n_opposites = 0;
        let n_negators = self.n_lone_negators();
        for (at, step) in self.steps.iter().enumerate().filter(|(_, step)| !moves(step)) {
            let Step::Other(own, other, kind) = *step else { continue };
            if is_converse && kind == ConflictKind::Antonym {
                continue;
            }
            if kind == ConflictKind::Antonym {
                n_opposites += 1;
            }
            let is_role = kind == ConflictKind::Name && (self.is_turned() || self.is_label(own, other));
            if self.is_anchored(at) && self.is_counted_alike(at) && !self.are_listed(own, other) && !is_role {
                clashes.extend(self.clash(own, other, kind));
            } else {
                is_unexplained = true;
            }
        }
        clashes.extend(self.subjects());
        if n_negators % 2 == 1 && exchange.is_some() {
            // "Spain is not larger than France", "France is larger than Spain": both may be right.
            clashes.clear();
            is_unexplained = true;
        } else if n_negators % 2 == 1 {
            if n_opposites % 2 == 1 {
                clashes.retain(|clash| clash.kind != ConflictKind::Antonym);
            } else {
                let negation = self.negation();
                is_unexplained |= negation.is_none();
                clashes.extend(negation);
            }
        }
        clashes.extend(self.signs().or_else(|| self.lone_sign()));
        is_unexplained |= self.gaps(moves).any(|(left, right)| self.is_unexplained(&left, &right));
        let meets = match (clashes.is_empty(), is_unexplained) {
            (false, _) => Meets::Different,
            (true, true) => Meets::Unexplained,
            (true, false) => Meets::Same,
        };
        Residue { meets, clashes }
    }

    /// Whether what stands before or behind a step is the same on both sides: else the two may be in different places.
    fn is_anchored(&self, at: usize) -> bool {
        let is_firm = |step: Option<&Step>| step.is_none_or(|step| matches!(step, Step::Same(..) | Step::Other(..)));
        let before = at.checked_sub(1).and_then(|before| self.steps.get(before));
        is_firm(before) || is_firm(self.steps.get(at + 1))
    }

    /// Whether one says it from the side of who does it and the other from that of who it is done to.
    fn is_turned(&self) -> bool {
        let n_by = |items: &[Item]| (1..items.len()).filter(|at| is_agent_before(items, *at)).count();
        n_by(self.items.0) != n_by(self.items.1)
    }

    /// Whether one of two names is the label of what is said and the other is told in it: "**Distance:** 150 million km".
    fn is_label(&self, own: usize, other: usize) -> bool {
        let leads =
            |statement: &Statement, item: Option<&Item>| item.is_some_and(|item| item.range.end <= statement.lead_end);
        leads(self.left.2, self.own(own)) != leads(self.right.2, self.other(other))
    }

    /// Whether two plain numbers count the same thing: what comes next is the same, or nothing comes.
    fn is_counted_alike(&self, at: usize) -> bool {
        let is_number = matches!(self.steps.get(at), Some(Step::Other(own, _, ConflictKind::Number))
            if self.own(*own).is_some_and(|it| matches!(it.sort, Sort::Value(_))));
        !is_number || self.steps.get(at + 1).is_none_or(|step| matches!(step, Step::Same(..) | Step::Other(..)))
    }

    /// Whether two names are each one of a bare list: what is asked of a list is told of the whole of it.
    fn are_listed(&self, own: usize, other: usize) -> bool {
        let is_bare = |items: &[Item]| items.iter().all(|it| it.sort != Sort::Word);
        is_bare(self.items.0)
            && is_bare(self.items.1)
            && [self.own(own), self.other(other)].iter().flatten().all(|it| it.is_listed && it.sort == Sort::Name)
    }

    /// Whether the two are one sentence but for the places where something of one class stands.
    fn is_tight(&self) -> bool {
        let same = |step: &Step| match step {
            Step::Same(own, _) => self.own(*own).map_or(0.0, weight),
            Step::Other(..) | Step::Left(_) | Step::Right(_) => 0.0,
        };
        self.steps.iter().all(|step| matches!(step, Step::Same(..) | Step::Other(..)))
            && self.steps.iter().map(same).sum::<f64>() >= TIGHT
    }

    fn own(&self, at: usize) -> Option<&Item> {
        self.items.0.get(at)
    }

    fn other(&self, at: usize) -> Option<&Item> {
        self.items.1.get(at)
    }

    fn clash(&self, own: usize, other: usize, kind: ConflictKind) -> Option<Clash> {
        let (ours, theirs) = (self.own(own)?, self.other(other)?);
        let mut clash = Clash { kind, left: place(self.left, ours), right: place(self.right, theirs) };
        // In one frame a value is taken back by the sentence that gives it, not by its standing anywhere: "60 in all, 40 %
        // of them easy, which is 0.4 * 60" beside 45 % of them. Elsewhere what stands there too, in another unit right
        // beside it, takes nothing back: "1.7 miles (2.7 m)".
        if holds(self.right.2, &clash.left, theirs) {
            clash.left.unless = Unless::Said;
        }
        if holds(self.left.2, &clash.right, ours) {
            clash.right.unless = Unless::Said;
        }
        if self.is_tight() {
            for place in [&mut clash.left, &mut clash.right] {
                if let Unless::Value(found, id) = &place.unless {
                    place.unless = Unless::SaidOrAdded(found.clone(), *id);
                }
            }
        }
        Some(clash)
    }

    /// Whether a step is a word that denies, on one side alone; a no that answers the question denies nothing itself.
    fn is_lone_negator(&self, step: &Step) -> bool {
        let denies = |statement: &Statement, at: usize, item: Option<&Item>| {
            item.is_some_and(|it| it.sort == Sort::Negator) && !(at == 0 && statement.yes_no.is_some())
        };
        match step {
            Step::Left(own) => denies(self.left.2, *own, self.own(*own)),
            Step::Right(other) => denies(self.right.2, *other, self.other(*other)),
            Step::Same(..) | Step::Other(..) => false,
        }
    }

    fn n_lone_negators(&self) -> usize {
        self.steps.iter().filter(|step| self.is_lone_negator(step)).count()
    }

    /// Whether a step holds content, on either side.
    fn is_told(&self, step: &Step) -> bool {
        let item = match step {
            Step::Left(own) | Step::Same(own, _) | Step::Other(own, ..) => self.own(*own),
            Step::Right(other) => self.other(*other),
        };
        item.is_some_and(Item::is_content)
    }

    /// The clash of a side that denies with one that does not: the words from the negator on.
    fn negation(&self) -> Option<Clash> {
        // The no of a row may stand in the head of its column.
        if (self.left.2.role == Role::Row) != (self.right.2.role == Role::Row) {
            return None;
        }
        let at = self.steps.iter().position(|step| self.is_lone_negator(step))?;
        // "It did not fit" and "it overflowed" say the same: what is denied must be what the other says.
        let denied = self.steps.iter().skip(at + 1).find(|step| self.is_told(step));
        if denied.is_some_and(|step| !matches!(step, Step::Same(..) | Step::Other(..))) {
            return None;
        }
        let same = |step: &Step| match *step {
            Step::Same(own, other) => Some((own, other)),
            Step::Other(..) | Step::Left(_) | Step::Right(_) => None,
        };
        let after = self.steps.iter().skip(at).find_map(same);
        let next = after.or_else(|| self.steps.iter().take(at).rev().find_map(same))?;
        let (ours, theirs) = (self.own(next.0)?, self.other(next.1)?);
        let is_left = matches!(self.steps.get(at), Some(Step::Left(_)));
        // Where one says yes or no, the whole statement is what the two differ in.
        let is_said = self.left.2.yes_no.or(self.right.2.yes_no).is_some();
        let say = |placed: Placed<'_>, item: &Item, denies: bool| {
            let value = match (is_said, denies) {
                (true, true) => "no",
                (true, false) => "yes",
                (false, true) => polarity::NOT_SO,
                (false, false) => polarity::SO,
            };
            let range = if is_said { placed.2.range.clone() } else { item.range.clone() };
            Place { value: value.to_owned(), range, unless: Unless::Said, ..place(placed, item) }
        };
        Some(Clash {
            kind: ConflictKind::Negation,
            left: say(self.left, ours, is_left),
            right: say(self.right, theirs, !is_left),
        })
    }

    /// What stands on one side alone, or on both unlike, between two places where they are the same.
    /// What `is_known` takes is left out.
    fn gaps(&self, is_known: impl Fn(&Step) -> bool) -> impl Iterator<Item = (Vec<&Item>, Vec<&Item>)> {
        self.steps.split(|step| matches!(step, Step::Same(..) | Step::Other(..))).filter(|gap| !gap.is_empty()).map(
            move |gap| {
                let gap = || gap.iter().filter(|step| !is_known(step));
                let left = gap().filter_map(|step| match step {
                    Step::Left(own) => self.own(*own),
                    Step::Same(..) | Step::Other(..) | Step::Right(_) => None,
                });
                let right = gap().filter_map(|step| match step {
                    Step::Right(other) => self.other(*other),
                    Step::Same(..) | Step::Other(..) | Step::Left(_) => None,
                });
                (left.collect(), right.collect())
            },
        )
    }

    /// Whether a gap holds content that nothing explains: something on both sides, or on one what changes the rest.
    fn is_unexplained(&self, left: &[&Item], right: &[&Item]) -> bool {
        let is_same = |own: &Item, other: &Item| pair((self.left.2, own), (self.right.2, other)) == Pair::Same;
        let ours: Vec<&&Item> =
            left.iter().filter(|it| counts(it)).filter(|own| !right.iter().any(|it| is_same(own, it))).collect();
        let theirs: Vec<&&Item> =
            right.iter().filter(|it| counts(it)).filter(|other| !left.iter().any(|it| is_same(it, other))).collect();
        let joined = |items: &[&&Item]| items.iter().map(|it| it.folded.replace(' ', "")).collect::<String>();
        match (ours.is_empty(), theirs.is_empty()) {
            (true, true) => false,
            (false, false) => joined(&ours) != joined(&theirs),
            (false, true) => ours.iter().any(|it| changes_the_rest(it)),
            (true, false) => theirs.iter().any(|it| changes_the_rest(it)),
        }
    }
}

/// Whether an item says something by itself, or by the table.
fn counts(item: &Item) -> bool {
    item.is_content() && item.sort != Sort::Negator
}

/// Whether an item that only one side has makes what stands beside it another thing.
fn changes_the_rest(item: &Item) -> bool {
    matches!(
        item.folded.as_str(),
        "only" | "minus" | "±" | "almost" | "less than" | "more than" | "at least" | "at most" | "up to"
    )
}

/// What an item weighs in how near two statements are.
fn weight(item: &Item) -> f64 {
    match item.sort {
        Sort::Light | Sort::Negator => 0.25,
        Sort::Word | Sort::Name | Sort::Opening | Sort::Code | Sort::Value(_) => 1.0,
    }
}

fn place((member, index, statement): Placed<'_>, item: &Item) -> Place {
    let value = match item.sort {
        Sort::Value(at) => statement.values.get(at),
        Sort::Word | Sort::Light | Sort::Negator | Sort::Name | Sort::Opening | Sort::Code => None,
    };
    let unless = value.map_or(Unless::Said, |value| Unless::Value(value.found.clone(), value.id));
    let value = value.map_or_else(|| item.written.clone(), |value| value.canonical.clone());
    Place { member, statement: index, range: item.range.clone(), value, unless }
}

/// Whether `statement` itself gives the value of `place` elsewhere than at `at`.
fn holds(statement: &Statement, place: &Place, at: &Item) -> bool {
    let Unless::Value(found, _) = &place.unless else { return false };
    statement.values.iter().any(|value| value.range != at.range && relate(&value.found, found).fits())
}

#[cfg(test)]
mod tests {
    use crate::consensus::engine::Engine;
    use crate::consensus::voice::Ending;
    use crate::domain::member::Member;
    use std::sync::Arc;

    fn n_conflicts(left: &str, right: &str) -> usize {
        let members = ["a", "b"].map(|id| Arc::new(Member::named(id.to_owned()))).to_vec();
        let mut engine = Engine::new("", None, members);
        for (member, text) in [left, right].into_iter().enumerate() {
            engine.append(member, text);
            engine.end(member, Ending::Complete);
        }
        engine.report().contradictions.len()
    }

    #[test]
    fn one_word_that_changes_the_meaning_is_a_conflict() {
        for (left, right) in [
            ("Sales of the new model rose in the spring.", "Sales of the new model fell in the spring."),
            ("Take the tablet before breakfast with water.", "Take the tablet after breakfast with water."),
            ("The throne passed to Edward VI of England.", "The throne passed to Edward VII of England."),
            ("The fair opens every Tuesday in the old harbour.", "The fair opens every Friday in the old harbour."),
            ("The report was published in the capital.", "The report was not published in the capital."),
        ] {
            assert_eq!(n_conflicts(left, right), 1, "{left} / {right}");
            assert_eq!(n_conflicts(right, left), 1, "{right} / {left}");
        }
    }

    #[test]
    fn two_in_each_others_place_are_a_conflict() {
        for (left, right) in [
            ("Peru is larger than Chile.", "Chile is larger than Peru."),
            ("The fox hunted the owl.", "The owl hunted the fox."),
            ("Milk is added to tea.", "Tea is added to milk."),
            ("Hamlet dies before Laertes.", "Laertes dies before Hamlet."),
            ("Call `open()` first, then `lock()`.", "Call `lock()` first, then `open()`."),
            ("The old queen outlived the young king.", "The young king outlived the old queen."),
            ("Ann is Tom's manager.", "Tom is Ann's manager."),
            ("The play was followed by a dance.", "A dance was followed by the play."),
            ("In 2020, Ruth Beck played Anna May Lee.", "In 2020, Anna May Lee played Ruth Beck."),
            ("Oxygen rises when carbon falls.", "Carbon rises when oxygen falls."),
        ] {
            assert_eq!(n_conflicts(left, right), 1, "{left} / {right}");
            assert_eq!(n_conflicts(right, left), 1, "{right} / {left}");
        }
    }

    #[test]
    fn two_of_which_neither_comes_first_may_stand_either_way() {
        for (left, right) in [
            ("Chile borders Peru.", "Peru borders Chile."),
            ("The winner is Ann.", "Ann is the winner."),
            ("Horses are bigger than dogs.", "Dogs are smaller than horses."),
            ("He moved with Ann to Rome.", "He moved to Rome with Ann."),
            ("The colours are red, green and blue.", "The colours are blue, green and red."),
            ("The distance from Rome to Milan is long.", "The distance from Milan to Rome is long."),
            ("Ruth Beck won the cup by a goal.", "The cup was won by Ruth Beck."),
            ("In spring the river rises in the valley.", "The river rises in the valley in spring."),
        ] {
            assert_eq!(n_conflicts(left, right), 0, "{left} / {right}");
        }
    }

    #[test]
    fn a_small_sign_a_bound_or_an_impossible_day_is_a_conflict() {
        for (left, right) in [
            (
                "The ferry sailed on June 21, 2006 from the old pier.",
                "The ferry sailed on June 51, 2006 from the old pier.",
            ),
            ("The lease ran from May 1 to June 30 in that town.", "The lease ran from May 1 to June 31 in that town."),
            ("She led the choir from 1973 to 1985 in Lund.", "She led the choir from 1976 to 1985 in Lund."),
            ("The herds roamed 145 to 66 million years ago.", "The herds roamed 145 to 66 billion years ago."),
            ("The choir sang in over 100 towns that year.", "The choir sang in over 500 towns that year."),
            ("The rope may be tied no more than seven times.", "The rope may be tied no more than five times."),
            ("The barn was sold for $90,000 at the auction.", "The barn was sold for $91,000 at the auction."),
            ("The prize went to Ida S. Holm of Bergen.", "The prize went to Ida F. Holm of Bergen."),
            ("The bakery of Brisk Olsen, Jr. opened early.", "The bakery of Brisk Olsen, Sr. opened early."),
            ("The gates open at 3-6 a.m. for the market.", "The gates open at 3-6 p.m. for the market."),
            ("Norway won nine medals on the first day.", "Sweden won nine medals on the first day."),
            ("Turn the lid 30° clockwise to lock it.", "Turn the lid 30° counterclockwise to lock it."),
            ("The reign lasted from 1905 to 1949 in all.", "The reign lasted from 1905 to -1949 in all."),
            ("Never.", "Always."),
            (
                "In all 60 came, and 40% of them paid, which is 0.4 * 60.",
                "In all 60 came, and 45% of them paid, which is 0.4 * 60.",
            ),
            (
                "```json\n{\"why\": \"The tank holds 12 litres of rain.\", \"answer\": \"5\"}\n```",
                "```json\n{\"why\": \"The tank holds 19 litres of rain.\", \"answer\": \"5\"}\n```",
            ),
        ] {
            assert_eq!(n_conflicts(left, right), 1, "{left} / {right}");
            assert_eq!(n_conflicts(right, left), 1, "{right} / {left}");
        }
    }

    #[test]
    fn another_wording_is_none() {
        for (left, right) in [
            ("The bridge wasn't finished in the spring.", "The bridge was not finished in the spring."),
            ("The film was released in the spring.", "The movie was released in the spring."),
            ("Spielberg directed the film Jaws.", "The film Jaws was directed by Spielberg."),
            ("- **Port:** PostgreSQL listens on 5432 by default.", "By default PostgreSQL listens on port 5432."),
            (
                "Die Sonne ist im Mittel 150 Millionen Kilometer entfernt.",
                "**Entfernung:** im Mittel 150 Millionen Kilometer.",
            ),
            ("The walk on the Moon lasted twenty minutes.", "The walk on the Moon was the first."),
        ] {
            assert_eq!(n_conflicts(left, right), 0, "{left} / {right}");
        }
    }
}
