//! From likeness to votes, ranks and a confidence: formulas, and constants fitted on recorded answers.

use std::sync::Arc;

use crate::domain::kind::Kind;
use crate::domain::member::Member;
use crate::domain::verdict::ConfidenceBasis;

/// Correlation of errors across vendors, measured on 61,000 recorded answers to 9,800 questions.
const RHO_ACROSS: f64 = 0.43;

/// Correlation of errors among models of one vendor, measured on the same answers.
const RHO_WITHIN: f64 = 0.49;

/// The default curve: `sigmoid(INTERCEPT + SLOPE * likeness)`, fitted on recorded answers; its error of
/// calibration was 0.01 to 0.07 over ten combinations of ensemble and data.
const INTERCEPT: f64 = -0.85;
/// See [`INTERCEPT`].
const SLOPE: f64 = 4.25;

/// Taken off, in logits, for two votes only, for one vendor only, and for each conflict in the best answer.
const PENALTY: f64 = 0.25;

/// Most that conflicts take off, in logits.
const MOST_CONFLICT_PENALTY: f64 = 0.75;

/// Recorded answers that the default curve was fitted on.
const N_ANSWERS: u32 = 4_820;

/// Priors are kept off 0 and 1, where their logit has no end.
const PRIOR_EDGE: f64 = 0.01;

/// Returns what `n_votes` are worth once shared errors are taken off: `n / (1 + (n - 1) * rho)`; `None` under two.
pub(crate) fn effective_votes(n_votes: usize, is_one_vendor: bool) -> Option<f64> {
    let rho = if is_one_vendor { RHO_WITHIN } else { RHO_ACROSS };
    let n = n_votes as f64;
    (n_votes >= 2).then(|| n / (1.0 + (n - 1.0) * rho))
}

/// Returns whether all members are known to be of one vendor; `false` where a vendor is unknown, or without members.
pub(crate) fn is_one_vendor<'a>(mut members: impl Iterator<Item = &'a Arc<Member>>) -> bool {
    let Some(first) = members.next().and_then(|member| member.vendor.as_deref()) else { return false };
    members.all(|member| member.vendor.as_deref() == Some(first))
}

/// Returns the adjustment in logits for an answer that `n_conflicts` confirmed conflicts touch: 0 or less.
pub(crate) fn adjustment(n_votes: usize, is_one_vendor: bool, n_conflicts: usize) -> f64 {
    let few = if n_votes == 2 || is_one_vendor { PENALTY } else { 0.0 };
    -few - (PENALTY * n_conflicts as f64).min(MOST_CONFLICT_PENALTY)
}

/// Returns the default curve for a likeness of 0 to 1, `adjustment` logits off: a probability.
pub(crate) fn curve(likeness: f64, adjustment: f64) -> f64 {
    sigmoid(INTERCEPT + SLOPE * likeness + adjustment)
}

/// Returns by what members are ranked, in logits: support by the others, and how reliable each is against the mean.
pub(crate) fn rank_scores(scored: &[(f64, f64)]) -> Vec<f64> {
    let mean = scored.iter().map(|(_, reliability)| prior(*reliability)).sum::<f64>() / scored.len().max(1) as f64;
    // The configured prior counts as 25 verdicts of the person, which makes lambda = min(2, 25 / 25) = 1.
    scored.iter().map(|(score, reliability)| logit(*score) + prior(*reliability) - mean).collect()
}

/// Returns what a confidence by the default curve rests on.
pub(crate) fn default_basis(kind: Kind) -> ConfidenceBasis {
    ConfidenceBasis {
        curve: "default".to_owned(),
        kind,
        n: N_ANSWERS,
        data: "recorded answers, 2023-24 models".to_owned(),
        ece: [0.01, 0.07],
        cell: None,
    }
}

fn prior(reliability: f64) -> f64 {
    logit(reliability.clamp(PRIOR_EDGE, 1.0 - PRIOR_EDGE))
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_votes_across_vendors_are_worth_about_one_and_a_half() {
        let rounded = |n, one| effective_votes(n, one).map(|votes| (votes * 100.0).round() / 100.0);
        assert_eq!(rounded(1, false), None);
        assert_eq!(rounded(3, false), Some(1.61));
        assert_eq!(rounded(5, false), Some(1.84));
        assert_eq!(rounded(3, true), Some(1.52));
    }

    #[test]
    fn full_agreement_of_three_is_settled_and_none_is_split() {
        assert!(curve(1.0, adjustment(3, false, 0)) > 0.96);
        assert!(curve(0.0, adjustment(3, false, 0)) < 0.31);
        assert_eq!(adjustment(2, true, 9), -1.0);
    }

    #[test]
    fn a_reliable_member_ranks_before_two_weak_ones_that_agree() {
        let ranks = rank_scores(&[(0.6, 0.97), (0.75, 0.6), (0.75, 0.6)]);
        assert!(ranks[0] > ranks[1] && ranks[1] == ranks[2]);
    }
}
