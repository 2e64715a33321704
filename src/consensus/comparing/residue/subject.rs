//! Two subjects of one sentence where a capital at its start leaves open whether they are names.

use crate::consensus::comparing::contradict::Clash;
use crate::consensus::comparing::residue::Reading;
use crate::consensus::comparing::residue::align::Step;
use crate::consensus::reading::sequence::{Item, Sort};
use crate::consensus::report::ConflictKind;

/// Verbs that stand right behind their subject and tell it from an order; others are known by their ending.
const VERBS: [&str; 28] = [
    "is", "was", "are", "were", "has", "had", "have", "can", "could", "will", "would", "did", "does", "won", "lost",
    "beat", "began", "became", "got", "led", "made", "ran", "sang", "set", "took", "went", "wrote", "built",
];

impl Reading<'_> {
    /// Two capitalised first words before one verb, where all else is the same: "India won", "Spain won". An order
    /// ("Use", "Call") stands before no verb, and of people in general others may be told ("Experts say", "Critics say").
    pub(super) fn subjects(&self) -> Option<Clash> {
        let (own, other) = (self.own(0)?, self.other(0)?);
        let are_lone = matches!(self.steps, [Step::Left(0), Step::Right(0), rest @ ..]
            | [Step::Right(0), Step::Left(0), rest @ ..] if rest.iter().all(|step| matches!(step, Step::Same(..))));
        let is_name = |item: &Item| {
            item.sort == Sort::Opening && item.senses.is_empty() && !item.folded.ends_with('s') && item.folded.len() > 2
        };
        let is_verb = |item: &Item| {
            let word = item.folded.as_str();
            VERBS.contains(&word) || (word.len() > 4 && word.ends_with("ed"))
        };
        let is_said = are_lone && is_name(own) && is_name(other) && self.own(1).is_some_and(is_verb);
        is_said.then(|| self.clash(0, 0, ConflictKind::Name))?
    }
}
