//! Whether two answers come to a short typed point, and whether it is the same one.

use crate::consensus::comparing::answering::{Comparison, Part};
use crate::consensus::reading::finals::{self, FinalAnswer, FinalKind};
use crate::consensus::voice::Voice;
use crate::domain::kind::Kind;

/// Returns whether a member will say no more.
pub(crate) fn has_ended(member: usize, voices: &[Voice<'_>]) -> bool {
    voices.get(member).is_some_and(|voice| voice.ending.is_some())
}

/// Returns whether all that a member had to say is there; what one that was cut does not say it may have meant to.
pub(crate) fn is_whole(member: usize, voices: &[Voice<'_>]) -> bool {
    voices.get(member).is_some_and(Voice::is_whole)
}

/// Returns whether one has come to a typed point and the other may be on its way to one: the words of a derivation say
/// nothing of its result. Of one that was cut, what it had said of a plain fact still counts.
pub(crate) fn is_open(left: &Part, right: &Part, comparison: Comparison<'_>) -> bool {
    let is_derived = matches!(comparison.question.kind, Kind::Math | Kind::Reasoning | Kind::Code);
    let is_through = |member: usize| {
        let is_there = if is_derived { is_whole } else { has_ended };
        is_there(member, comparison.voices)
    };
    let waits = |part: &Part, other: &Part| {
        let is_result = |answer: &FinalAnswer| is_exact(answer) && answer.kind != FinalKind::YesNo;
        part.point().is_some_and(is_result) && !is_through(other.member)
    };
    waits(left, right) || waits(right, left)
}

/// Returns whether both have a typed answer and, if so, whether it is the same; phrases and names are compared by their
/// words.
pub(crate) fn same_finals(left: &Part, right: &Part) -> Option<bool> {
    let (ours, theirs) = (left.point()?, right.point()?);
    if finals::same(ours, theirs) {
        return Some(true);
    }
    // A number and a formula are compared by what they come to.
    let are_of_a_sort = ours.kind == theirs.kind || finals::same_outcome(ours, theirs) == Some(false);
    (is_exact(ours) && are_of_a_sort).then_some(false)
}

/// Returns whether an answer is the same or not, without a matter of degree.
pub(crate) fn is_exact(answer: &FinalAnswer) -> bool {
    match answer.kind {
        FinalKind::Number | FinalKind::Option | FinalKind::YesNo | FinalKind::Latex | FinalKind::Code => true,
        FinalKind::Name | FinalKind::Phrase => false,
    }
}
