//! One call as it is counted, and whether what it said was right by what the person thinks of the turn.

use crate::domain::opinion::{Judgement, Opinion};

/// What is known of one call of a settled turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// The model that answered.
    pub model: &'a str,
    /// How it ended.
    pub end: End,
    /// From the first request to the first token.
    pub first_token_ms: Option<u32>,
    /// From the first request to the end.
    pub total_ms: Option<u32>,
    /// What the provider billed as output.
    pub output_tokens: Option<u32>,
    /// Place among those that answered, from 1.
    pub rank: Option<u32>,
    /// How it stands to the answer that was shown: see [`crate::domain::stand::Stand`].
    pub side: Option<u32>,
    /// How often another says what it says.
    pub n_with: u32,
    /// How often another says something incompatible.
    pub n_against: u32,
    /// Its place in the ensemble.
    pub place: u8,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With a whole answer.
    Answered,
    /// With a piece of one: the token limit, an error or a lost connection cut it.
    Cut,
    /// Without an answer: an error, or the time was over.
    Failed,
    /// The person stopped it, or the turn settled without it.
    Stopped,
    /// Nobody asked here: the answer was brought in from another program.
    BroughtIn,
}

/// Returns whether an answer on `side` was right by what the person thinks of the turn; `None` where that does not say.
///
/// What the person called right makes everybody right who stands with the answer, and everybody else wrong. What they
/// called wrong makes those wrong who stand with it; who spoke against it was right where all who did say one thing, or
/// the person's blind vote went to their side. Without a judgement, the side that a blind vote went to counts as right.
/// `Partly` says nothing of any side.
pub(super) fn is_right(side: u32, opinion: Opinion, calls: &[Call<'_>]) -> Option<bool> {
    let voted = opinion.vote.and_then(|vote| calls.iter().find(|call| call.place == vote.0)).and_then(|call| call.side);
    match (opinion.judgement, side) {
        (Some(Judgement::Partly), _) => None,
        (Some(Judgement::Right), side) => Some(side == 0),
        (Some(Judgement::Wrong), 0) => Some(false),
        (Some(Judgement::Wrong), side) => match voted.filter(|voted| *voted > 0) {
            Some(voted) => Some(voted == side),
            None => calls.iter().filter_map(|call| call.side).all(|it| it == 0 || it == side).then_some(true),
        },
        (None, side) => voted.map(|voted| voted == side),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Column;

    #[test]
    fn who_was_right_follows_from_what_the_person_said_and_from_nothing_else() {
        use Judgement::{Partly, Right, Wrong};
        // Sides by place, the judgement, the vote; whether each place was right.
        type Row<'a> = (&'a [Option<u32>], Option<Judgement>, Option<u8>, &'a [Option<bool>]);
        let (yes, no) = (Some(true), Some(false));
        let rows: [Row<'_>; 8] = [
            (&[Some(0), Some(0), Some(1)], Some(Right), None, &[yes, yes, no]),
            (&[Some(0), Some(0), Some(1)], Some(Wrong), None, &[no, no, yes]),
            (&[Some(0), Some(1), Some(2)], Some(Wrong), None, &[no, None, None]),
            (&[Some(0), Some(1), Some(2)], Some(Wrong), Some(2), &[no, no, yes]),
            (&[Some(0), Some(0), Some(1)], Some(Partly), Some(2), &[None, None, None]),
            (&[Some(0), Some(0), Some(1)], None, Some(2), &[no, no, yes]),
            (&[Some(0), Some(0), None], None, Some(2), &[None, None, None]),
            (&[Some(0), Some(0), Some(1)], None, None, &[None, None, None]),
        ];
        for (sides, judgement, vote, expected) in rows {
            let call = |(place, side): (u8, &Option<u32>)| Call {
                model: "m",
                end: End::Answered,
                first_token_ms: None,
                total_ms: None,
                output_tokens: None,
                rank: None,
                side: *side,
                n_with: 0,
                n_against: 0,
                place,
            };
            let calls: Vec<Call<'_>> = (0..).zip(sides).map(call).collect();
            let opinion = Opinion { judgement, vote: vote.map(Column) };
            let told = calls.iter().map(|call| call.side.and_then(|side| is_right(side, opinion, &calls)));
            assert_eq!(told.collect::<Vec<_>>(), expected, "{sides:?} {judgement:?} {vote:?}");
        }
    }
}
