//! Agreement, scores, ranks and confidence over the parts that answer and the claims.

use crate::consensus::assemble::State;
use crate::consensus::comparing::answering::{Comparison, Part};
use crate::consensus::comparing::dispute::Dispute;
use crate::consensus::comparing::point::is_exact;
use crate::consensus::comparing::support::SUPPORTED;
use crate::consensus::deciding::claims::Draft;
use crate::consensus::deciding::copies;
use crate::consensus::deciding::score;
use crate::consensus::deciding::spokesman::{self, Candidate};
use crate::consensus::reading::segment::Role;
use crate::consensus::reading::terms::script::is_mostly_unspaced;
use crate::consensus::report::{ConflictStatus, Report, Side};
use crate::consensus::voice::Ending;
use crate::consensus::voice::Voice;
use crate::domain::kind::Measures;
use crate::domain::member::DEFAULT_RELIABILITY;
use crate::domain::verdict::Band;

/// The most likeness that two members keep who are on different sides of a conflict in what answers.
const DISPUTED: f64 = 0.4;

/// The most confidence while a confirmed conflict touches the answer: such an answer is never `settled`. Of recorded
/// answers, those with one of three against were right in 0.79 to 0.82, those with one of five in 0.80 to 0.95.
const CONTESTED: f64 = 0.89;

/// What the likeness of the parts that answer weighs in the agreement of two members, in claims without values.
const ANSWER_WEIGHT: f64 = 4.0;

/// Claims that a member needs before a number is shown; one is enough where it has finished.
const ENOUGH_CLAIMS: usize = 2;

/// Likeness under which two texts in scripts without spaces count as not compared: pairs of characters meet by chance.
const BY_CHANCE: f64 = 0.1;

/// How alike two members' answers are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Likeness {
    /// The earlier member.
    pub(crate) left: usize,
    /// The later member.
    pub(crate) right: usize,
    /// 0 to 1.
    pub(crate) value: f64,
    /// Whether they are on different sides of a conflict in the part that answers.
    pub(crate) is_disputed: bool,
    /// Whether the statements that answer say the same.
    pub(crate) is_alike: bool,
}

impl Likeness {
    /// Returns the other one of the two; `None` where `member` is neither.
    fn other_than(self, member: usize) -> Option<usize> {
        if member == self.left { Some(self.right) } else { (member == self.right).then_some(self.left) }
    }

    /// Returns what each lends the other, 0 to 1: nothing across a conflict in what answers, whatever words the two
    /// share beside it.
    fn support(self) -> f64 {
        if self.is_disputed { 0.0 } else { self.value }
    }
}

/// Returns the likeness of every two parts that can be compared.
pub(crate) fn likeness(comparison: Comparison<'_>, parts: &[Part], disputes: &[Dispute]) -> Vec<Likeness> {
    let pairs =
        parts.iter().enumerate().flat_map(|(index, left)| parts.iter().skip(index + 1).map(move |it| (left, it)));
    pairs
        .filter_map(|(left, right)| {
            let value = comparison.likeness(left, right)?;
            // What may yet be taken back takes nothing off.
            let confirmed = || disputes.iter().filter(|dispute| dispute.status == ConflictStatus::Confirmed);
            let is_disputed = confirmed().any(|dispute| splits(dispute, left, right));
            let is_alike = !is_disputed && comparison.answers_alike(left, right);
            Some(Likeness { left: left.member, right: right.member, value, is_disputed, is_alike })
        })
        .collect()
}

/// Whether the statements that answer are on different sides of `dispute`.
fn splits(dispute: &Dispute, left: &Part, right: &Part) -> bool {
    let side_of = |part: &Part| {
        dispute
            .sides
            .iter()
            .position(|side| side.iter().any(|place| place.member == part.member && place.statement == part.statement))
    };
    matches!((side_of(left), side_of(right)), (Some(left), Some(right)) if left != right)
}

/// Returns the pairs that answer alike.
pub(crate) fn alike(likeness: &[Likeness]) -> Vec<(usize, usize)> {
    likeness.iter().filter(|it| it.is_alike).map(|it| (it.left, it.right)).collect()
}

/// Fills in all numbers of `report` whose claims and contradictions are there already.
pub(crate) fn fill(state: &State<'_>, report: &mut Report, likeness: &[Likeness], drafts: &[Draft]) {
    let voters: Vec<usize> = (0..state.voices.len())
        .filter(|member| state.voices.get(*member).is_some_and(|voice| votes(voice, report, *member)))
        .collect();
    let one_vendor = score::is_one_vendor(voters.iter().filter_map(|member| state.members.get(*member)));
    report.effective_votes = score::effective_votes(voters.len(), one_vendor);
    let comparable: Vec<Likeness> = likeness.iter().filter(|it| is_comparable(state, it)).copied().collect();
    report.pairs = comparable.iter().map(|it| (it.left, it.right, agreement(it, drafts, state))).collect();
    if state.question.kind.measures() == Measures::Themes {
        return;
    }
    let among = |left: usize, right: usize| voters.contains(&left) && voters.contains(&right);
    if is_enough(state, report, &voters) {
        let counted: Vec<f64> =
            report.pairs.iter().filter(|(left, right, _)| among(*left, *right)).map(|pair| pair.2).collect();
        report.agreement = mean(&counted);
        rank(state, report, &comparable, &voters);
    }
    if report.is_final && report.agreement.is_none() {
        report.not_compared = Some(why_not(state, &voters));
    }
}

/// Whether a member counts: it votes or may still, and has said something.
fn votes(voice: &Voice<'_>, report: &Report, member: usize) -> bool {
    let has_said = report.members.get(member).is_some_and(|it| it.n_claims > 0) || !voice.text.trim().is_empty();
    voice.is_voter() && has_said
}

fn is_comparable(state: &State<'_>, likeness: &Likeness) -> bool {
    let is_unspaced = |member: usize| state.voices.get(member).is_some_and(|voice| is_mostly_unspaced(voice.text));
    let by_chance = likeness.value < BY_CHANCE && !likeness.is_disputed;
    !(by_chance && (is_unspaced(likeness.left) || is_unspaced(likeness.right)))
}

/// No number before two claims from each of two members, or one each where one of the two has finished: fewer
/// say nothing yet.
fn is_enough(state: &State<'_>, report: &Report, voters: &[usize]) -> bool {
    let n_claims = |member: &&usize| report.members.get(**member).map_or(0, |it| it.n_claims);
    let n_ready = voters.iter().filter(|member| n_claims(member) >= ENOUGH_CLAIMS).count();
    let n_begun = voters.iter().filter(|member| n_claims(member) >= 1).count();
    let has_finished = |member: &usize| state.voices.get(*member).is_some_and(|voice| voice.ending.is_some());
    n_ready >= 2 || (n_begun >= 2 && voters.iter().any(|member| n_claims(&member) >= 1 && has_finished(member)))
}

/// How far two members say the same: the parts that answer, and every settled claim of either by its support,
/// weighing 1 and 1 more for each value. Silence is left out: a claim that only one makes is no disagreement.
fn agreement(likeness: &Likeness, drafts: &[Draft], state: &State<'_>) -> f64 {
    let (left, right) = (likeness.left, likeness.right);
    let own = if likeness.is_disputed { likeness.value.min(DISPUTED) } else { likeness.value };
    let (mut sum, mut weights) = (ANSWER_WEIGHT * own, ANSWER_WEIGHT);
    for draft in drafts {
        let is_by = |member: usize| draft.supporting.iter().any(|at| at.0 == member);
        let is_against = |member: usize| draft.contradicting.iter().any(|at| at.0 == member);
        let other = match (is_by(left), is_by(right)) {
            (true, _) => right,
            (false, true) => left,
            (false, false) => continue,
        };
        let support = draft.support.get(other).copied().unwrap_or(0.0);
        if support < SUPPORTED && !is_against(other) && !draft.otherwise.contains(&other) {
            continue;
        }
        let n_values = state.corpus.statement(draft.seed.0, draft.seed.1).map_or(0, |it| it.values.len());
        let weight = 1.0 + n_values as f64;
        sum += weight * support;
        weights += weight;
    }
    sum / weights
}

/// Scores, ranks and the confidence of the best.
fn rank(state: &State<'_>, report: &mut Report, likeness: &[Likeness], voters: &[usize]) {
    let one_vendor = score::is_one_vendor(voters.iter().filter_map(|member| state.members.get(*member)));
    let scored: Vec<(usize, f64)> = voters
        .iter()
        .filter_map(|member| {
            let of_voters = |it: &&Likeness| it.other_than(*member).is_some_and(|other| voters.contains(&other));
            let of_others = likeness.iter().filter(of_voters).map(|it| it.support());
            let support = mean(&of_others.collect::<Vec<f64>>())?;
            let adjustment = score::adjustment(voters.len(), one_vendor, n_conflicts(report, *member));
            Some((*member, score::curve(support, adjustment)))
        })
        .collect();
    let reliability = |member: usize| state.members.get(member).map_or(DEFAULT_RELIABILITY, |it| it.reliability);
    let by: Vec<(f64, f64)> = scored.iter().map(|(member, score)| (*score, reliability(*member))).collect();
    let candidates: Vec<Candidate> = scored
        .iter()
        .zip(score::rank_scores(&by))
        .map(|((member, score), rank)| Candidate {
            member: *member,
            score: *score,
            rank,
            reliability: reliability(*member),
            fullness: fullness(state, *member),
            is_in_minority: is_in_minority(report, voters, *member),
        })
        .collect();
    let ordered = spokesman::ordered(&candidates);
    for (it, place) in ordered.iter().zip(1..) {
        if let Some(entry) = report.members.get_mut(it.member) {
            entry.score = Some(it.score);
            entry.rank = Some(place);
        }
    }
    let Some(Candidate { member: best, score: confidence, .. }) = ordered.first() else { return };
    report.best = Some(*best);
    let with_best = likeness.iter().filter(|it| it.is_alike).filter_map(|it| it.other_than(*best));
    report.agreeing = with_best.chain([*best]).collect();
    report.agreeing.sort_unstable();
    if state.question.kind.measures() == Measures::Confidence && voters.len() >= 2 {
        let is_contested =
            report.contradictions.iter().any(|it| it.status == ConflictStatus::Confirmed && it.touches_answer);
        let is_capped = is_contested || is_unproven(state, *best, voters);
        let confidence = if is_capped { confidence.min(CONTESTED) } else { *confidence };
        report.confidence = Some(confidence);
        report.band = Some(Band::of(confidence));
        report.basis = Some(score::default_basis(state.question.kind));
    }
}

/// How many different words a member says; `None` where it comes to a typed point.
fn fullness(state: &State<'_>, member: usize) -> Option<usize> {
    let is_typed = state.voices.get(member).and_then(|voice| voice.final_answer).is_some_and(is_exact);
    state.corpus.answers.get(member).filter(|_| !is_typed).map(|answer| answer.terms.len())
}

/// Whether the member holds, on a confirmed conflict in the part that answers, a value of fewer voters than another.
fn is_in_minority(report: &Report, voters: &[usize], member: usize) -> bool {
    report.contradictions.iter().filter(|it| it.status == ConflictStatus::Confirmed && it.touches_answer).any(|it| {
        let n_voters = |side: &Side| side.members.iter().filter(|member| voters.contains(member)).count();
        let most = it.sides.iter().map(n_voters).max().unwrap_or(0);
        it.sides.iter().any(|side| side.members.contains(&member) && n_voters(side) < most)
    })
}

/// Whether the best answer differs from that of another voter in one place only, and nobody can explain what stands there:
/// a difference that no card shows is never `settled`.
fn is_unproven(state: &State<'_>, best: usize, voters: &[usize]) -> bool {
    let text = |member: usize| state.voices.get(member).filter(|it| it.ending.is_some()).map(|it| (member, it.text));
    voters.iter().filter(|other| **other != best).any(|other| {
        let (Some(ours), Some(theirs)) = (text(best), text(*other)) else { return false };
        copies::differ_unexplained(state.corpus, &state.question.text, ours, theirs)
    })
}

/// Confirmed conflicts in the part that answers on one side of which the member stands.
fn n_conflicts(report: &Report, member: usize) -> usize {
    let touched = report.contradictions.iter().filter(|it| {
        it.status == ConflictStatus::Confirmed
            && it.touches_answer
            && it.sides.iter().any(|side| side.members.contains(&member))
    });
    touched.count()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Why nothing was compared, in words for a person.
fn why_not(state: &State<'_>, voters: &[usize]) -> String {
    let texts = || voters.iter().filter_map(|member| state.voices.get(*member)).map(|voice| voice.text);
    let statements = || {
        let answers = voters.iter().filter_map(|member| state.corpus.answers.get(*member));
        answers.flat_map(|answer| &answer.statements)
    };
    let refused = state.voices.iter().filter(|voice| voice.ending == Some(Ending::Refusal)).count();
    let reason = match voters.len() {
        0 if refused > 0 => "every answer is a refusal",
        0 => "nobody answered",
        1 => "one answer",
        _ if statements().next().is_some() && statements().all(|it| it.role == Role::Code) => "only code",
        _ if texts().any(|text| text.contains("```")) && statements().next().is_none() => "only code",
        _ if texts().any(is_mostly_unspaced) => "a script written without spaces",
        _ if statements().next().is_none() => "no statements",
        _ => "nothing said beyond the question",
    };
    reason.to_owned()
}
