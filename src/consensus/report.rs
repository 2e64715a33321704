//! What the engine concludes, as plain data: claims with spans, conflicts with sides, counts and numbers.
//!
//! Members are named by their position in the ensemble; offsets are bytes into the provider's own text.

use std::ops::Range;

use crate::domain::kind::Kind;
use crate::domain::verdict::{Band, ConfidenceBasis, CountsRecord};
pub use crate::domain::verdict::{ClaimKind, ConflictKind, Stance};

/// The state of the consensus over what has been committed so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The kind of question that the measures below assume.
    pub kind: Kind,
    /// Whether every member has ended, so that nothing is pending.
    pub is_final: bool,
    /// Claims in canonical order: by ensemble order of the first model that makes them, then by offset.
    pub claims: Vec<Claim>,
    /// Conflicts in canonical order, provisional ones included.
    pub contradictions: Vec<Contradiction>,
    /// Claims by class; provisional conflicts are not among `conflicts`.
    pub counts: CountsRecord,
    /// How far the ensemble says the same, 0 to 1; `None` before there is enough to compare.
    pub agreement: Option<f64>,
    /// How alike the answers are in meaning, 0 to 1; `None` where nothing measures it.
    pub similarity: Option<f64>,
    /// `None` where it can't be known.
    pub confidence: Option<f64>,
    /// The band of `confidence`, not smoothed.
    pub band: Option<Band>,
    /// What the confidence was fitted on; `None` without a confidence.
    pub basis: Option<ConfidenceBasis>,
    /// What the votes are worth once shared errors are taken off; `None` for fewer than two votes.
    pub effective_votes: Option<f64>,
    /// One entry a member.
    pub members: Vec<MemberReport>,
    /// The member whose answer ranks first among those that count, if any.
    pub best: Option<usize>,
    /// The members whose answering statement says what that of `best` says, itself among them; empty without a best.
    pub agreeing: Vec<usize>,
    /// Agreement of each pair of members, lower position first; pairs that can't be compared are left out.
    pub pairs: Vec<(usize, usize, f64)>,
    /// Why nothing could be compared, in a few words for a person; `None` when something was.
    pub not_compared: Option<String>,
    /// Claims committed so far, over all members: grows with each reading.
    pub n_committed: usize,
}

/// What the engine found in one member's text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberReport {
    /// Support by the others, as a probability; `None` where nothing can be compared.
    pub score: Option<f64>,
    /// Place among those that count, from 1.
    pub rank: Option<u32>,
    /// The short typed answer, where the text has one.
    pub final_answer: Option<String>,
    /// Claims committed.
    pub n_claims: usize,
    /// Whether it has made no statement yet and still may.
    pub is_awaited: bool,
    /// Whether the text reads as a refusal.
    pub is_refusal: bool,
    /// Whether the answer is so long that only its beginning is compared.
    pub is_read_in_part: bool,
}

/// The class that decides a claim's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Every model that counts says it.
    Agreed,
    /// Two or more say it, none against; or others say something else on it, and whether both can be right is not known.
    Partly,
    /// One model says it.
    OnlyOne,
    /// Someone says something incompatible.
    Conflict,
    /// Someone who may still say it is writing.
    Pending,
}

/// One checkable statement, merged over the members that make it.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Canonical number, from 1.
    pub id: u32,
    /// What sort of statement.
    pub kind: ClaimKind,
    /// The statement as its first model wrote it, without markdown and without a leading `but`, `and` or `while`.
    pub text: String,
    /// The class that decides its mark.
    pub class: Class,
    /// One stance a member.
    pub stances: Vec<Stance>,
    /// Members that speak of the same thing in words that nobody can tell to be the same or to deny it: they count as
    /// absent, but are not silent. Empty where the claim is disputed.
    pub otherwise: Vec<usize>,
    /// Where members say it.
    pub spans: Vec<Span>,
    /// Share of the members that could have said it and do, 0 to 1.
    pub agreement: f64,
    /// The contradiction that it is part of.
    pub contradiction: Option<u32>,
}

/// A stretch of one member's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Whose text.
    pub member: usize,
    /// Which bytes of it.
    pub range: Range<usize>,
}

/// How firm a conflict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictStatus {
    /// A side still writes and may take it back: drawn dim, not counted.
    Provisional,
    /// Both sides are past it.
    Confirmed,
}

/// Incompatible values for the same claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// Canonical number, from 1.
    pub id: u32,
    /// The claim at issue.
    pub claim: u32,
    /// What differs.
    pub kind: ConflictKind,
    /// How firm it is.
    pub status: ConflictStatus,
    /// Whether it lies in the part that answers the question.
    pub touches_answer: bool,
    /// What the conflict is about, in a few words of the first side's sentence.
    pub topic: String,
    /// The values, the one with the most members first.
    pub sides: Vec<Side>,
}

/// One value of a contradiction.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The value in canonical form.
    pub value: String,
    /// Who says so.
    pub members: Vec<usize>,
    /// Their words, at least one quote a member.
    pub quotes: Vec<Quote>,
}

/// Words of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Whose words.
    pub member: usize,
    /// The sentence, item or row.
    pub range: Range<usize>,
    /// The differing words within it, to be underlined.
    pub value_range: Range<usize>,
    /// The sentence as the provider sent it.
    pub text: String,
}
