//! A sign that only one of two statements gives a number.

use crate::consensus::comparing::contradict::{Clash, Place, Placed, Unless};
use crate::consensus::comparing::residue::align::Step;
use crate::consensus::comparing::residue::{Reading, place};
use crate::consensus::reading::sequence::{Item, Sort};
use crate::consensus::reading::statement::Statement;
use crate::consensus::report::ConflictKind;

impl Reading<'_> {
    /// A number with a sign beside one without.
    pub(super) fn signs(&self) -> Option<Clash> {
        let is_sign = |item: Option<&Item>| item.is_some_and(|it| matches!(it.folded.as_str(), "minus" | "±"));
        let at = self.steps.iter().position(|step| match step {
            Step::Left(own) => is_sign(self.own(*own)),
            Step::Right(other) => is_sign(self.other(*other)),
            Step::Same(..) | Step::Other(..) => false,
        })?;
        let Some(Step::Same(own, other)) = self.steps.get(at + 1) else { return None };
        let clash = self.clash(*own, *other, ConflictKind::Number)?;
        let sign = |place: Place, is_here: bool, sign: &str| Place {
            value: if is_here { format!("{sign}{}", place.value) } else { place.value.clone() },
            ..place
        };
        let (is_left, mark) = match self.steps.get(at)? {
            Step::Left(own) => (true, self.own(*own)?.written.clone()),
            Step::Right(other) => (false, self.other(*other)?.written.clone()),
            Step::Same(..) | Step::Other(..) => return None,
        };
        Some(Clash { left: sign(clash.left, is_left, &mark), right: sign(clash.right, !is_left, &mark), ..clash })
    }

    /// A negative number on one side alone whose digits the other side gives without the sign: "to 1949", "to -1949".
    pub(super) fn lone_sign(&self) -> Option<Clash> {
        let negative = |statement: &Statement, item: &Item| match item.sort {
            Sort::Value(at) => {
                statement.values.get(at).and_then(|it| it.canonical.strip_prefix('-')).map(str::to_owned)
            }
            Sort::Word | Sort::Light | Sort::Negator | Sort::Name | Sort::Opening | Sort::Code => None,
        };
        let holds = |item: &&Item, digits: &str| {
            matches!(item.sort, Sort::Value(_))
                && item.written.split(|c: char| !c.is_ascii_digit()).any(|it| it == digits)
        };
        self.steps.iter().find_map(|step| match step {
            Step::Left(own) => {
                let own = self.own(*own)?;
                let digits = negative(self.left.2, own)?;
                let other = self.items.1.iter().find(|it| holds(it, &digits))?;
                Some(self.between(own, other, ConflictKind::Number))
            }
            Step::Right(other) => {
                let other = self.other(*other)?;
                let digits = negative(self.right.2, other)?;
                let own = self.items.0.iter().find(|it| holds(it, &digits))?;
                Some(self.between(own, other, ConflictKind::Number))
            }
            Step::Same(..) | Step::Other(..) => None,
        })
    }

    /// The clash of two items as they are written, which only a sentence that says the same takes back.
    fn between(&self, own: &Item, other: &Item, kind: ConflictKind) -> Clash {
        let place = |placed: Placed<'_>, item: &Item| Place {
            value: item.written.clone(),
            unless: Unless::Said,
            ..place(placed, item)
        };
        Clash { kind, left: place(self.left, own), right: place(self.right, other) }
    }
}
