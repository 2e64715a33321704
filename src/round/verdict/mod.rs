//! Assembles the verdict on a turn from what came back and what the engine found: schema `dissent.verdict/1`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::time::Duration;

use crate::consensus::report::{Claim, Class, ConflictStatus, Contradiction, Quote, Report, Side, Stance};
use crate::domain::ids::Column;
use crate::domain::kind::Measures;
use crate::domain::member::Member;
use crate::domain::response::Response;
use crate::domain::stream::{FinishNorm, FinishReason};
use crate::domain::turn::Turn;
use crate::domain::verdict::{
    ByteSpan, ClaimRecord, ContradictionRecord, ErrorRecord, Fallback, FlagReason, Flagging, QuoteRecord, Relation,
    ResponseRecord, Route, SideRecord, Standing, SupportRecord, Verdict, Warning,
};

/// What a verdict says besides the turn and the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The id of the turn, or of the case.
    pub id: String,
    /// When the question was asked, RFC 3339; `None` for recorded answers.
    pub created_at: Option<String>,
    /// Whether the embedded demo models answered.
    pub demo: bool,
    /// Whether the question is simple enough for one cheap model.
    pub simple: bool,
    /// How the models were chosen; `None` where every model that is on was asked.
    pub route: Option<Route>,
    /// Responses needed for a consensus.
    pub quorum: usize,
    /// The confidence under which the answer is flagged, 0 to 1.
    pub flag_below: f64,
    /// Which conflicts in the answer flag it.
    pub flag: Flagging,
    /// What a reader should know besides what the verdict finds out itself.
    pub warnings: Vec<String>,
}

impl Default for Settings {
    /// The defaults of the config: a quorum of two, flagged under 0.75.
    fn default() -> Self {
        Self {
            id: String::new(),
            created_at: None,
            demo: false,
            simple: false,
            route: None,
            quorum: 2,
            flag_below: 0.75,
            flag: Flagging::Graded,
            warnings: Vec::new(),
        }
    }
}

/// Returns the verdict on `turn`, of which `report` is the engine's last word. A turn without responses gives a verdict
/// in which nobody was asked.
pub fn assemble(turn: &Turn, report: &Report, settings: &Settings) -> Verdict {
    let view = View { turn, report };
    let asked = turn.n_asked();
    let answered = view.voters().count();
    let fallback = view.fallback(asked, answered, settings.quorum);
    let best = view.best(fallback.is_some());
    let confidence = report.confidence.filter(|_| fallback.is_none() && answered >= 2);
    let flag_reasons = view.flag_reasons(confidence, settings, best, fallback);
    let cost = turn.cost().whole();
    let was_sent = turn.responses.iter().any(|response| response.attempts > 0);
    Verdict {
        version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        id: settings.id.clone(),
        created_at: settings.created_at.clone(),
        demo: settings.demo,
        question: (!turn.question.is_empty()).then(|| turn.question.to_string()),
        kind: report.kind,
        simple: settings.simple,
        route: settings.route.clone().unwrap_or_else(|| view.route()),
        asked,
        answered,
        quorum: settings.quorum,
        effective_votes: report.effective_votes,
        responses: view.responses(settings.created_at.as_deref()),
        claims: view.claims(),
        contradictions: view.contradictions(),
        counts: report.counts,
        agreement: report.agreement.filter(|_| answered >= 2),
        similarity: report.similarity,
        confidence,
        band: report.band.filter(|_| confidence.is_some()),
        threshold: settings.flag_below,
        flagged: !flag_reasons.is_empty(),
        flag_reasons,
        confidence_basis: report.basis.clone().filter(|_| confidence.is_some()),
        answer: best.and_then(|best| turn.responses.get(best)).map(|response| response.text.clone()),
        answer_by: best.map(Column::at),
        support: best.map(|best| view.support(best)).unwrap_or_default(),
        judge: None,
        fallback,
        warnings: view.warnings(&settings.warnings),
        cost_usd: cost.filter(|_| was_sent),
        elapsed_ms: view.elapsed(),
    }
}

/// A turn beside its report; members are positions in both.
#[derive(Clone, Copy, Debug)]
struct View<'a> {
    turn: &'a Turn,
    report: &'a Report,
}

impl<'a> View<'a> {
    fn is_refusal(self, member: usize) -> bool {
        let by_text = self.report.members.get(member).is_some_and(|member| member.is_refusal);
        by_text || self.turn.responses.get(member).is_some_and(Response::is_refusal)
    }

    /// Members whose response counts.
    fn voters(self) -> impl Iterator<Item = usize> + 'a {
        let counts = self.turn.responses.iter().enumerate().filter(|(_, response)| response.counts());
        counts.map(|(member, _)| member).filter(move |member| !self.is_refusal(*member))
    }

    /// The id under which a member answers: its stand-in's, where one does.
    fn name(self, member: usize) -> String {
        self.turn.responses.get(member).map_or_else(String::new, |response| response.answerer().id.as_str().to_owned())
    }

    /// The response to show: the one that ranks first, or the most reliable where there is no ranking.
    fn best(self, is_fallback: bool) -> Option<usize> {
        let ranked = self.report.best.filter(|best| !is_fallback && self.voters().any(|voter| voter == *best));
        ranked.or_else(|| self.most_reliable())
    }

    /// Of the responses that count the one with the highest prior; then the dearest, as price follows ability where
    /// nothing else is known; then the first.
    fn most_reliable(self) -> Option<usize> {
        let member = |index: usize| self.turn.responses.get(index).map(|response| &**response.answerer());
        let better = |a: &usize, b: &usize| match (member(*a), member(*b)) {
            (Some(left), Some(right)) => {
                left.reliability.total_cmp(&right.reliability).then_with(|| by_price(left, right)).then(b.cmp(a))
            }
            _ => Ordering::Equal,
        };
        self.voters().max_by(better)
    }

    /// Set when fewer than the quorum answered. An ensemble of one is whole with one.
    fn fallback(self, asked: usize, answered: usize, quorum: usize) -> Option<Fallback> {
        let is_short = asked >= 2 && answered < quorum.min(asked);
        let member = self.most_reliable().filter(|_| is_short)?;
        Some(Fallback { member: Column::at(member), answered, asked })
    }

    fn flag_reasons(
        self,
        confidence: Option<f64>,
        settings: &Settings,
        best: Option<usize>,
        fallback: Option<Fallback>,
    ) -> Vec<FlagReason> {
        let below = settings.flag_below;
        let short = fallback.map(|Fallback { answered, asked, .. }| FlagReason::Fallback { answered, asked });
        let is_known = confidence.is_some() || fallback.is_some() || self.voters().count() < 2;
        let has_one = self.report.kind.measures() == Measures::Confidence;
        let unknown = (has_one && !is_known).then_some(FlagReason::Unknown);
        let unsure = confidence.filter(|confidence| *confidence < below);
        let unsure = unsure.map(|confidence| FlagReason::Unsure { confidence, below });
        let weighs = |it: &&Contradiction| settings.flag == Flagging::Any || self.is_weighty(it, best);
        let touched =
            self.confirmed().filter(|it| it.touches_answer).filter(weighs).map(|it| FlagReason::Touches(it.id));
        short.into_iter().chain(unknown).chain(unsure).chain(touched).collect()
    }

    /// Whether the other side of a conflict holds two members, or as much reliability as the chosen one: that of the
    /// answer that is shown with all who answer alike, or the largest where that answer is on none. A lone dissenter
    /// lowers the confidence, and that decides.
    fn is_weighty(self, conflict: &Contradiction, best: Option<usize>) -> bool {
        let holds = |side: &&Side| best.is_some_and(|best| side.members.contains(&best));
        let Some(chosen) = conflict.sides.iter().find(holds).or_else(|| conflict.sides.first()) else { return false };
        let others: Vec<&Side> = conflict.sides.iter().filter(|side| side.members != chosen.members).collect();
        let is_against = |member: &usize| others.iter().any(|side| side.members.contains(member));
        let with_chosen = self.report.agreeing.iter().filter(|_| best.is_some_and(|best| !is_against(&best)));
        let mut chosen = chosen.members.clone();
        chosen.extend(with_chosen.filter(|member| !is_against(member)));
        chosen.sort_unstable();
        chosen.dedup();
        let reliability = |members: &[usize]| {
            let members = members.iter().filter_map(|member| self.turn.responses.get(*member));
            members.map(|response| response.answerer().reliability).sum::<f64>()
        };
        others.iter().any(|side| side.members.len() >= 2 || reliability(&side.members) >= reliability(&chosen))
    }

    fn confirmed(self) -> impl Iterator<Item = &'a Contradiction> {
        self.report.contradictions.iter().filter(|it| it.status == ConflictStatus::Confirmed)
    }

    fn route(self) -> Route {
        let asked = self.turn.responses.iter().enumerate().filter(|(_, response)| response.is_asked());
        Route {
            policy: "all".to_owned(),
            kind: self.report.kind,
            members: asked.map(|(member, _)| Column::at(member)).collect(),
            reason: "every model that is on".to_owned(),
            saved_usd: None,
        }
    }

    fn claims(self) -> Vec<ClaimRecord> {
        let record = |claim: &Claim| {
            let mut byte_spans: Vec<Vec<ByteSpan>> = vec![Vec::new(); claim.stances.len()];
            for span in &claim.spans {
                if let Some(spans) = byte_spans.get_mut(span.member) {
                    spans.push([span.range.start, span.range.end]);
                }
            }
            ClaimRecord {
                id: claim.id,
                kind: claim.kind,
                text: claim.text.clone(),
                stances: claim.stances.clone(),
                byte_spans,
                agreement: claim.agreement,
                relation: relation(claim),
            }
        };
        self.report.claims.iter().map(record).collect()
    }

    fn contradictions(self) -> Vec<ContradictionRecord> {
        let quote = |quote: &Quote| QuoteRecord {
            member: Column::at(quote.member),
            byte_span: [quote.range.start, quote.range.end],
            text: quote.text.clone(),
        };
        let side = |side: &Side| SideRecord {
            value: side.value.clone(),
            members: columns(side.members.iter().copied()),
            quotes: side.quotes.iter().map(quote).collect(),
        };
        let record = |it: &Contradiction| ContradictionRecord {
            id: it.id,
            claim: it.claim,
            kind: it.kind,
            status: Standing::Confirmed,
            touches_answer: it.touches_answer,
            sides: it.sides.iter().map(side).collect(),
        };
        self.confirmed().map(record).collect()
    }

    /// Who says what the answer says.
    fn support(self, best: usize) -> Vec<SupportRecord> {
        let supports = |stance: Option<&Stance>| stance == Some(&Stance::Support);
        let claims = self.report.claims.iter().filter(|claim| supports(claim.stances.get(best)));
        claims
            .map(|claim| {
                let members = (0..claim.stances.len()).filter(|member| supports(claim.stances.get(*member)));
                SupportRecord { claim: claim.id, members: columns(members) }
            })
            .collect()
    }

    fn warnings(self, given: &[String]) -> Vec<Warning> {
        let mut vendors =
            self.turn.responses.iter().filter(|it| it.is_asked()).map(|it| it.answerer().vendor.as_deref());
        let first = vendors.next().flatten();
        let n_others = vendors.clone().count();
        let is_one = first.is_some() && n_others > 0 && vendors.all(|vendor| vendor == first);
        let responses = || self.turn.responses.iter().enumerate().map(|(index, it)| (Column::at(index), it));
        let missed = responses()
            .filter_map(|(member, it)| Some(Warning::NotAsked { member, why: it.left_out.as_ref()?.message.clone() }));
        let shortened =
            responses().filter_map(|(member, it)| Some(Warning::Shortened { member, what: it.shortened?.in_words() }));
        let switched = responses().filter_map(|(member, it)| {
            Some(Warning::Switched { member, why: it.stand_in.as_ref()?.fault.message.clone() })
        });
        let lost = responses().filter(|(_, it)| it.has_hole());
        let doubts = responses().flat_map(|(_, it)| it.doubts().map(|what| format!("{}: {what}", it.answerer().id)));
        let mut warnings: Vec<Warning> = given.iter().cloned().map(Warning::Other).collect();
        warnings.extend(missed.chain(shortened));
        warnings.extend(is_one.then_some(Warning::OneVendor));
        warnings.extend(switched);
        warnings.extend(self.report.not_compared.clone().map(Warning::NotCompared));
        warnings.extend(lost.map(|(member, _)| Warning::PartLost(member)));
        let long = self.report.members.iter().enumerate().filter(|(_, it)| it.is_read_in_part);
        warnings.extend(long.map(|(index, _)| Warning::ReadInPart(Column::at(index))));
        warnings.extend(doubts.map(Warning::Other));
        warnings
    }

    /// The longest time that the turn took with a member, one that was left out included; `None` for recorded answers,
    /// and before anyone has ended.
    fn elapsed(self) -> Option<u64> {
        // From its own question to its own end: one that is asked again later does not count the time in between.
        self.turn.responses.iter().filter_map(Response::held_up).max().map(milliseconds)
    }

    /// Why a response ended; a refusal is one in whatever words it comes.
    fn finish(self, member: usize, response: &Response) -> Option<FinishReason> {
        let reason = response.finish.as_ref()?.reason.clone()?;
        Some(if self.is_refusal(member) { FinishReason { norm: FinishNorm::Refusal, ..reason } } else { reason })
    }

    fn responses(self, created_at: Option<&str>) -> Vec<ResponseRecord> {
        let record = |(member, response): (usize, &Response)| {
            let found = self.report.members.get(member);
            let finish = response.finish.as_ref();
            let cost = response.cost();
            let asked_after = response.asked_at.map(|at| at.saturating_duration_since(self.turn.asked_at));
            ResponseRecord {
                model: self.name(member),
                provider: known(&response.answerer().provider),
                api_model: finish.and_then(|finish| finish.api_model.as_deref().map(str::to_owned)).or_else(|| {
                    known(&response.answerer().provider).map(|_| response.answerer().api_model.to_string())
                }),
                stated_model: finish.and_then(|finish| finish.api_model.as_deref().map(str::to_owned)),
                stand_in_for: response.stand_in.as_ref().map(|_| response.member.id.as_str().to_owned()),
                status: response.status(),
                finish: self.finish(member, response),
                refusal: self.is_refusal(member),
                refusal_text: self.is_refusal(member).then(|| refusal_text(response)).flatten(),
                truncated: response.is_truncated(),
                text: response.text.clone(),
                reasoning: (!response.reasoning.is_empty()).then(|| response.reasoning.clone()),
                final_answer: found.and_then(|found| found.final_answer.clone()),
                score: found.and_then(|found| found.score),
                rank: found.and_then(|found| found.rank).filter(|_| self.voters().any(|voter| voter == member)),
                attempts: response.attempts,
                started_at: created_at.zip(asked_after).and_then(|(created_at, after)| later(created_at, after)),
                first_token_ms: response.first_token_after().map(milliseconds),
                total_ms: response.total().map(milliseconds),
                usage: finish.and_then(|finish| finish.usage),
                cost_usd: cost.map(|(cost, _)| cost),
                cost_basis: cost.map(|(_, basis)| basis),
                citations: finish.map(|finish| finish.citations.clone()).unwrap_or_default(),
                error: response.trouble().map(ErrorRecord::from),
            }
        };
        self.turn.responses.iter().enumerate().map(record).collect()
    }
}

fn columns(members: impl Iterator<Item = usize>) -> Vec<Column> {
    members.map(Column::at).collect()
}

/// How what the members say of a claim stands to each other; `None` where only one says anything, or may yet.
fn relation(claim: &Claim) -> Option<Relation> {
    match claim.class {
        Class::Agreed | Class::Partly if !claim.otherwise.is_empty() => Some(Relation::Unexplained),
        Class::Agreed | Class::Partly => Some(Relation::Same),
        Class::Conflict => Some(Relation::Different),
        Class::OnlyOne | Class::Pending => None,
    }
}

/// The words with which a model declined: those beside the answer where there are any, else the answer itself.
fn refusal_text(response: &Response) -> Option<String> {
    let beside = response.finish.as_ref().and_then(|finish| finish.explanation.as_deref());
    beside.or(Some(response.text.trim())).filter(|words| !words.is_empty()).map(str::to_owned)
}

/// The cheaper one first; of unknown price before any known.
fn by_price(left: &Member, right: &Member) -> Ordering {
    let output = |member: &Member| member.price.as_ref().map(|price| price.output);
    output(left).partial_cmp(&output(right)).unwrap_or(Ordering::Equal)
}

/// A recorded member has no provider: it is called `none`.
fn known(provider: &str) -> Option<String> {
    (provider != "none").then(|| provider.to_owned())
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// `created_at` and some time later, RFC 3339; `None` where it is no time.
fn later(created_at: &str, after: Duration) -> Option<String> {
    let created_at: jiff::Timestamp = created_at.parse().ok()?;
    created_at.checked_add(after).ok().map(|at| at.to_string())
}

#[cfg(test)]
mod tests;
