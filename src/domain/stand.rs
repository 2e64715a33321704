//! How each response stands to the answer that was shown, and how often others say what it says: what figures are made of.

use crate::domain::ids::Column;
use crate::domain::verdict::{Stance, Verdict};

/// How one response stands to the others of its turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// `Some(0)` with the answer that was shown: it is that answer, or supports a claim of it and is against none of what
    /// answers the question. From `Some(1)` on against it there; those that hold the same values have the same number.
    /// `None` takes no side.
    pub side: Option<u32>,
    /// How often another response supports a claim that this one supports.
    pub n_with: u32,
    /// How often one of the two supports a claim that the other contradicts. Silence counts nowhere.
    pub n_against: u32,
}

/// Returns how each response of a verdict stands, in their order.
pub fn stands(verdict: &Verdict) -> Vec<Stand> {
    let mut against: Vec<Vec<(u32, usize)>> = Vec::new();
    let members = (0..verdict.responses.len()).map(Column::at);
    members
        .map(|member| {
            let values = values_against(verdict, member);
            let side = if values.is_empty() {
                is_with(verdict, member).then_some(0)
            } else {
                let place = against.iter().position(|known| *known == values).unwrap_or_else(|| {
                    against.push(values);
                    against.len() - 1
                });
                u32::try_from(place + 1).ok()
            };
            let (n_with, n_against) = company(verdict, member);
            Stand { side, n_with, n_against }
        })
        .collect()
}

/// The sides on which a member stands against the answer in the part that answers the question.
fn values_against(verdict: &Verdict, member: Column) -> Vec<(u32, usize)> {
    let Some(shown) = verdict.answer_by else { return Vec::new() };
    let touching = verdict.contradictions.iter().filter(|it| it.touches_answer);
    touching
        .filter_map(|conflict| {
            let side_of = |who: Column| conflict.sides.iter().position(|side| side.members.contains(&who));
            let (own, others) = (side_of(member)?, side_of(shown)?);
            (own != others).then_some((conflict.id, own))
        })
        .collect()
}

fn is_with(verdict: &Verdict, member: Column) -> bool {
    let has_rank = verdict.responses.get(member.index()).is_some_and(|response| response.rank.is_some());
    let supports = || verdict.support.iter().any(|it| it.members.contains(&member));
    verdict.answer_by == Some(member) || has_rank && supports()
}

/// A claim stands under the words of one side alone: who contradicts it is against all who support it.
fn company(verdict: &Verdict, member: Column) -> (u32, u32) {
    let mut found = (0, 0);
    for claim in &verdict.claims {
        let own = claim.stances.get(member.index());
        let others = claim.stances.iter().enumerate().filter(|(other, _)| *other != member.index());
        for (_, other) in others {
            match (own, other) {
                (Some(Stance::Support), Stance::Support) => found.0 += 1,
                (Some(Stance::Support), Stance::Contradict) | (Some(Stance::Contradict), Stance::Support) => {
                    found.1 += 1;
                }
                (Some(_) | None, _) => {}
            }
        }
    }
    found
}
