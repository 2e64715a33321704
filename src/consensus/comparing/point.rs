//! Whether two answers come to a short typed point, and whether it is the same one.

use crate::consensus::comparing::answering::Part;
use crate::consensus::reading::finals::{self, FinalAnswer, FinalKind};
use crate::consensus::voice::Voice;

/// Returns whether a member will say no more.
pub(crate) fn has_ended(member: usize, voices: &[Voice<'_>]) -> bool {
    voices.get(member).is_some_and(|voice| voice.ending.is_some())
}

/// Returns whether one has come to a typed point and the other may be on its way to one: the words of a derivation say
/// nothing of its result.
pub(crate) fn is_open(left: &Part, right: &Part, voices: &[Voice<'_>]) -> bool {
    let waits = |part: &Part, other: &Part| {
        let is_result = |answer: &FinalAnswer| is_exact(answer) && answer.kind != FinalKind::YesNo;
        part.point().is_some_and(is_result) && !has_ended(other.member, voices)
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
    (is_exact(ours) && ours.kind == theirs.kind).then_some(false)
}

/// Returns whether an answer is the same or not, without a matter of degree.
pub(crate) fn is_exact(answer: &FinalAnswer) -> bool {
    match answer.kind {
        FinalKind::Number | FinalKind::Option | FinalKind::YesNo | FinalKind::Latex | FinalKind::Code => true,
        FinalKind::Name | FinalKind::Phrase => false,
    }
}
