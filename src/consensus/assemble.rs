//! Puts a report together from what has been committed. A function of the corpus alone: no state, no order of arrival.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::consensus::comparing::answering::{Comparison, Part};
use crate::consensus::comparing::contradict::{Place, polarity, value};
use crate::consensus::comparing::corpus::Corpus;
use crate::consensus::comparing::dispute::{self, Dispute};
use crate::consensus::comparing::support::SUPPORTED;
use crate::consensus::deciding::claims::{Draft, Merging};
use crate::consensus::deciding::measure;
use crate::consensus::plain;
use crate::consensus::reading::question::{Asks, Question};
use crate::consensus::reading::segment::Role;
use crate::consensus::reading::statement::Statement;
use crate::consensus::report::{
    Claim, ClaimKind, Class, ConflictKind, ConflictStatus, Contradiction, MemberReport, Quote, Report, Side, Span,
    Stance,
};
use crate::consensus::voice::{Ending, Voice};
use crate::domain::kind::Measures;
use crate::domain::member::Member;
use crate::domain::verdict::CountsRecord;

/// All that a report is made of.
#[derive(Clone, Debug)]
pub(crate) struct State<'a> {
    pub(crate) question: &'a Question,
    pub(crate) members: &'a [Arc<Member>],
    pub(crate) voices: Vec<Voice<'a>>,
    pub(crate) corpus: &'a Corpus,
}

impl State<'_> {
    /// Returns the report.
    pub(crate) fn report(&self) -> Report {
        let comparison = Comparison { corpus: self.corpus, question: self.question, voices: &self.voices };
        let parts: Vec<Part> = self
            .voices
            .iter()
            .enumerate()
            .filter_map(|(member, voice)| Part::of(member, self.corpus, voice, self.question.asks))
            .collect();
        let only_themes = self.question.kind.measures() == Measures::Themes;
        let disputes = if only_themes { Vec::new() } else { dispute::disputes(comparison, &parts) };
        let likeness = measure::likeness(comparison, &parts, &disputes);
        let alike = measure::alike(&likeness);
        let merging = Merging { corpus: self.corpus, disputes: &disputes, parts: &parts, alike: &alike };
        let drafts = merging.drafts();
        let contradictions = self.contradictions(&disputes, &drafts, &parts);
        let claims: Vec<Claim> =
            drafts.iter().zip(1..).map(|(draft, id)| self.claim(id, draft, &contradictions, &parts)).collect();
        let mut report = Report {
            kind: self.question.kind,
            is_final: self.voices.iter().all(|voice| voice.ending.is_some()),
            counts: counts(&claims, &contradictions),
            claims,
            contradictions,
            members: self.member_reports(),
            n_committed: self.corpus.answers.iter().map(|answer| answer.statements.len()).sum(),
            ..Report::default()
        };
        measure::fill(self, &mut report, &likeness, &drafts);
        report
    }

    fn member_reports(&self) -> Vec<MemberReport> {
        self.corpus
            .answers
            .iter()
            .zip(&self.voices)
            .map(|(answer, voice)| MemberReport {
                final_answer: voice.final_answer.map(|answer| answer.canonical.clone()),
                n_claims: answer.statements.len(),
                is_awaited: answer.statements.is_empty() && voice.ending.is_none(),
                is_refusal: voice.ending == Some(Ending::Refusal),
                is_read_in_part: voice.is_read_in_part,
                ..MemberReport::default()
            })
            .collect()
    }

    fn contradictions(&self, disputes: &[Dispute], drafts: &[Draft], parts: &[Part]) -> Vec<Contradiction> {
        let mut claims: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (claim, draft) in drafts.iter().enumerate() {
            for at in draft.supporting.iter().chain(&draft.contradicting) {
                claims.entry(*at).or_insert(claim);
            }
        }
        disputes
            .iter()
            .zip(1..)
            .map(|(dispute, id)| {
                let places = dispute.sides.iter().flatten();
                let claim = places.filter_map(|place| claims.get(&(place.member, place.statement))).min();
                let mut sides: Vec<Side> = dispute.sides.iter().map(|places| self.side(dispute.kind, places)).collect();
                say_yes_and_no(&mut sides);
                Contradiction {
                    id,
                    claim: claim.map_or(0, |claim| u32::try_from(claim + 1).unwrap_or(u32::MAX)),
                    kind: dispute.kind,
                    status: dispute.status,
                    touches_answer: touches(dispute, parts),
                    topic: self.topic(&sides),
                    sides,
                }
            })
            .collect()
    }

    fn side(&self, kind: ConflictKind, places: &[Place]) -> Side {
        let mut members: Vec<usize> = places.iter().map(|place| place.member).collect();
        members.dedup();
        let quote = |place: &Place| {
            let statement = self.corpus.statement(place.member, place.statement)?;
            let text = self.text(place.member).get(statement.range.clone())?.to_owned();
            Some(Quote { member: place.member, range: statement.range.clone(), value_range: place.range.clone(), text })
        };
        let values = places.iter().map(|place| dispute::value_of(place, kind, self.text(place.member)));
        let value = match kind {
            // A side is as precise as its least precise member.
            ConflictKind::Date => values.min_by_key(String::len),
            ConflictKind::Number
            | ConflictKind::Unit
            | ConflictKind::Name
            | ConflictKind::Negation
            | ConflictKind::Antonym
            | ConflictKind::Choice
            | ConflictKind::Code => values.into_iter().next(),
        };
        let value = value.unwrap_or_default();
        Side { value, members, quotes: places.iter().filter_map(quote).collect() }
    }

    fn text(&self, member: usize) -> &str {
        self.voices.get(member).map_or("", |voice| voice.text)
    }

    fn topic(&self, sides: &[Side]) -> String {
        let Some(quote) = sides.first().and_then(|side| side.quotes.first()) else { return String::new() };
        // The words that differ may stand beside the sentence that is quoted, as a lead-in does.
        let within = |at: usize| at.clamp(quote.range.start, quote.range.end) - quote.range.start;
        let value = within(quote.value_range.start)..within(quote.value_range.end);
        plain::topic(&quote.text, value, &self.question.text)
    }

    fn claim(&self, id: u32, draft: &Draft, contradictions: &[Contradiction], parts: &[Part]) -> Claim {
        let contradiction = draft.dispute.and_then(|index| contradictions.get(index));
        let stances: Vec<Stance> = (0..self.voices.len()).map(|member| self.stance(draft, member)).collect();
        let could = stances.iter().filter(|stance| **stance != Stance::Pending).count();
        let n_support = stances.iter().filter(|stance| **stance == Stance::Support).count();
        let (member, index) = draft.seed;
        let statement = self.corpus.statement(member, index);
        let otherwise = if contradiction.is_some() { Vec::new() } else { draft.otherwise.clone() };
        Claim {
            id,
            kind: statement.map_or(ClaimKind::Statement, |statement| self.claim_kind(statement, draft.seed, parts)),
            text: statement.map(|it| it.said.clone()).unwrap_or_default(),
            class: self.class(&stances, &otherwise, contradiction),
            spans: self.spans(draft),
            agreement: n_support as f64 / could.max(1) as f64,
            contradiction: contradiction.map(|it| it.id),
            stances,
            otherwise,
        }
    }

    fn stance(&self, draft: &Draft, member: usize) -> Stance {
        let is_in = |list: &[(usize, usize)]| list.iter().any(|at| at.0 == member);
        if is_in(&draft.supporting) {
            Stance::Support
        } else if is_in(&draft.contradicting) {
            Stance::Contradict
        } else if draft.support.get(member).is_some_and(|support| *support >= SUPPORTED) {
            Stance::Support
        } else if self.voices.get(member).is_some_and(|voice| voice.ending.is_none()) {
            Stance::Pending
        } else {
            Stance::Absent
        }
    }

    fn class(&self, stances: &[Stance], otherwise: &[usize], contradiction: Option<&Contradiction>) -> Class {
        match contradiction.map(|it| it.status) {
            Some(ConflictStatus::Confirmed) => return Class::Conflict,
            Some(ConflictStatus::Provisional) => return Class::Pending,
            None => {}
        }
        let votes = || stances.iter().zip(&self.voices).filter(|(_, voice)| voice.is_voter()).map(|(stance, _)| stance);
        let n_support = stances.iter().filter(|stance| **stance == Stance::Support).count();
        if n_support >= 2 && votes().count() >= 2 && votes().all(|stance| *stance == Stance::Support) {
            Class::Agreed
        } else if n_support >= 2 || !otherwise.is_empty() {
            Class::Partly
        } else if votes().any(|stance| *stance == Stance::Pending) {
            Class::Pending
        } else {
            Class::OnlyOne
        }
    }

    fn spans(&self, draft: &Draft) -> Vec<Span> {
        let mut places: Vec<(usize, usize)> = draft.supporting.iter().chain(&draft.contradicting).copied().collect();
        places.sort_unstable();
        let span = |(member, index): (usize, usize)| {
            Some(Span { member, range: self.corpus.statement(member, index)?.range.clone() })
        };
        places.into_iter().filter_map(span).collect()
    }

    fn claim_kind(&self, statement: &Statement, seed: (usize, usize), parts: &[Part]) -> ClaimKind {
        let answers = parts.iter().any(|part| (part.member, part.statement) == seed);
        match statement.role {
            Role::Code => ClaimKind::Code,
            Role::Sentence | Role::Item | Role::Row if statement.yes_no.is_some() => ClaimKind::YesNo,
            Role::Sentence | Role::Item | Role::Row => match statement.values.first() {
                Some(value) => match value::kind_of(value) {
                    ConflictKind::Date => ClaimKind::Date,
                    ConflictKind::Unit => ClaimKind::Unit,
                    ConflictKind::Number
                    | ConflictKind::Name
                    | ConflictKind::Negation
                    | ConflictKind::Antonym
                    | ConflictKind::Choice
                    | ConflictKind::Code => ClaimKind::Number,
                },
                None if answers && self.question.asks == Asks::Name => ClaimKind::Name,
                None if statement.recommends.is_some() => ClaimKind::Choice,
                None => ClaimKind::Statement,
            },
        }
    }
}

/// Where one side says yes or no in so many words, the others do too: "it is so" against "no" reads as two questions.
fn say_yes_and_no(sides: &mut [Side]) {
    if sides.iter().any(|side| matches!(side.value.as_str(), "yes" | "no")) {
        for side in sides {
            match side.value.as_str() {
                polarity::SO => "yes".clone_into(&mut side.value),
                polarity::NOT_SO => "no".clone_into(&mut side.value),
                _ => {}
            }
        }
    }
}

fn touches(dispute: &Dispute, parts: &[Part]) -> bool {
    dispute
        .sides
        .iter()
        .flatten()
        .any(|place| parts.iter().any(|part| part.member == place.member && part.statements.contains(&place.statement)))
}

fn counts(claims: &[Claim], contradictions: &[Contradiction]) -> CountsRecord {
    let of =
        |class: Class| u32::try_from(claims.iter().filter(|claim| claim.class == class).count()).unwrap_or(u32::MAX);
    let confirmed = contradictions.iter().filter(|it| it.status == ConflictStatus::Confirmed).count();
    CountsRecord {
        agreed: of(Class::Agreed),
        partly: of(Class::Partly),
        conflicts: u32::try_from(confirmed).unwrap_or(u32::MAX),
        only_one: of(Class::OnlyOne),
        pending: of(Class::Pending),
    }
}
