//! The numbers that conflicts bear on the screen, by the ids of the last report.

use std::collections::BTreeMap;

use crate::consensus::report::{Contradiction, Report};
use crate::consensus::steady::Numbers;
use crate::ui::app::TurnView;

/// The numbers of one turn's conflicts.
#[derive(Clone, Debug, Default)]
pub struct ConflictNumbers {
    stable: Numbers,
    by_id: BTreeMap<u32, u32>,
    highest: u32,
}

impl ConflictNumbers {
    /// Gives every contradiction of a report its number.
    pub fn assign(&mut self, report: &Report) {
        let ids = report.contradictions.iter().map(|contradiction| contradiction.id);
        self.by_id = ids.zip(self.stable.assign(report)).collect();
        self.highest = self.by_id.values().copied().fold(self.highest, u32::max);
    }

    /// Returns the highest number that was ever given; 0 before there was one.
    pub fn highest(&self) -> u32 {
        self.highest
    }

    /// Returns the number of a contradiction of the last report; 0 for one that is not in it.
    pub fn of(&self, contradiction: u32) -> u32 {
        self.by_id.get(&contradiction).copied().unwrap_or(0)
    }
}

impl TurnView {
    /// Returns the conflict that bears `number` on the screen, if the last reading has it.
    pub fn conflict(&self, number: u32) -> Option<&Contradiction> {
        let conflicts = self.report.iter().flat_map(|report| &report.contradictions);
        conflicts.into_iter().find(|conflict| self.numbers.of(conflict.id) == number)
    }

    /// Returns the numbers of all conflicts, in their order on the screen.
    pub fn conflict_numbers(&self) -> Vec<u32> {
        let conflicts = self.report.iter().flat_map(|report| &report.contradictions);
        let mut numbers: Vec<u32> = conflicts.map(|conflict| self.numbers.of(conflict.id)).collect();
        numbers.sort_unstable();
        numbers
    }
}
