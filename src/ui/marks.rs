//! What the consensus says of one answer: a class for each claim, the differing words of each conflict.
//!
//! Marks are looked up by bytes of the provider's own text when a row is painted. They restyle; they never move text.

use std::collections::HashMap;
use std::ops::Range;

use crate::consensus::report::{Class, ConflictStatus, Report};
use crate::ui::line::Slot;

/// The mark of one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The bytes of the claim.
    pub range: Range<usize>,
    /// The class that decides the sign.
    pub class: Class,
    /// The number and firmness of the conflict, for a claim in one.
    pub conflict: Option<(u32, ConflictStatus)>,
}

/// The differing words of a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueMark {
    /// The bytes of the words.
    pub range: Range<usize>,
    /// The number of the conflict.
    pub number: u32,
    /// How firm it is.
    pub status: ConflictStatus,
}

/// All marks of one answer, in the order of its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    claims: Vec<Mark>,
    values: Vec<ValueMark>,
}

impl Mark {
    /// Returns the sign for the gutter: a cell, and those of a conflict's number; empty while the claim is pending.
    pub fn sign(&self) -> String {
        match (self.class, self.conflict) {
            (Class::Conflict, Some((number, _))) => format!("≠{number}"),
            (Class::Conflict, None) => "≠".to_owned(),
            (Class::Agreed, _) => "=".to_owned(),
            (Class::Partly, _) => "~".to_owned(),
            (Class::OnlyOne, _) => "·".to_owned(),
            (Class::Pending, _) => String::new(),
        }
    }

    /// Returns what the sign means.
    pub fn slot(&self) -> Slot {
        match (self.class, self.conflict) {
            (Class::Conflict, Some((_, ConflictStatus::Provisional))) => Slot::Provisional,
            (Class::Conflict, _) => Slot::Conflict,
            (Class::Agreed, _) => Slot::Agreed,
            (Class::Partly, _) => Slot::Partly,
            (Class::OnlyOne | Class::Pending, _) => Slot::OnlyOne,
        }
    }
}

impl Marks {
    /// Returns the marks of `member` in `report`; `number` gives a contradiction's number on the screen.
    pub fn of(report: &Report, member: usize, number: impl Fn(u32) -> u32) -> Self {
        let mut marks = Self::default();
        let known: HashMap<u32, ConflictStatus> = report.contradictions.iter().map(|c| (c.id, c.status)).collect();
        let status = |id: u32| known.get(&id).map(|status| (number(id), *status));
        for claim in &report.claims {
            let conflict = claim.contradiction.and_then(status);
            for span in claim.spans.iter().filter(|span| span.member == member) {
                marks.claims.push(Mark { range: span.range.clone(), class: claim.class, conflict });
            }
        }
        for contradiction in &report.contradictions {
            let quotes = contradiction.sides.iter().flat_map(|side| &side.quotes);
            for quote in quotes.filter(|quote| quote.member == member) {
                let (number, status) = (number(contradiction.id), contradiction.status);
                marks.values.push(ValueMark { range: quote.value_range.clone(), number, status });
                // A side may be quoted from a claim that counts as something else: its line still bears the sign.
                let conflict = Some((number, status));
                marks.claims.push(Mark { range: quote.range.clone(), class: Class::Conflict, conflict });
            }
        }
        // Of several marks on one line the first is drawn: conflicts lead, then come the claims in order.
        marks.claims.sort_by_key(|mark| (mark.range.start, mark.class != Class::Conflict, mark.range.end));
        marks.values.sort_by_key(|value| (value.range.start, value.range.end));
        marks
    }

    /// Returns the mark for the gutter of a row that shows `bytes`: a conflict that begins there, else the first claim
    /// that does.
    pub fn on_row(&self, bytes: &Range<usize>) -> Option<&Mark> {
        let first = self.claims.partition_point(|mark| mark.range.start < bytes.start);
        let on_row = || self.claims.iter().skip(first).take_while(|mark| mark.range.start < bytes.end);
        on_row().find(|mark| mark.class == Class::Conflict).or_else(|| on_row().next())
    }

    /// Returns the differing words that touch `bytes`, in order.
    pub fn values(&self, bytes: &Range<usize>) -> impl Iterator<Item = &ValueMark> {
        let (start, end) = (bytes.start, bytes.end);
        self.values.iter().filter(move |value| value.range.start < end && start < value.range.end)
    }

    /// Returns where a conflict begins in this answer, if it does.
    pub fn place_of(&self, number: u32) -> Option<usize> {
        self.values.iter().find(|value| value.number == number).map(|value| value.range.start)
    }
}
