//! The verdict as JSON, with the names of the members in place of their positions.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::ids::Column;
use crate::domain::kind::Kind;
use crate::domain::money::Usd;
use crate::domain::response::Status;
use crate::domain::verdict::{
    Band, ByteSpan, ClaimKind, ClaimRecord, ConfidenceBasis, ConflictKind, ContradictionRecord, CountsRecord, Fallback,
    FlagReason, QuoteRecord, Relation, ResponseRecord, Route, SCHEMA, SideRecord, Stance, Standing, SupportRecord,
    Verdict, Warning,
};

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Json::of(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Json::deserialize(deserializer)?.verdict().map_err(D::Error::custom)
    }
}

/// The fields in the order in which they are written.
#[derive(Serialize, Deserialize)]
struct Json<'a> {
    schema: Cow<'a, str>,
    version: Cow<'a, str>,
    id: Cow<'a, str>,
    created_at: Option<Cow<'a, str>>,
    demo: bool,
    question: Option<Cow<'a, str>>,
    kind: Kind,
    simple: bool,
    route: RouteJson,
    asked: usize,
    answered: usize,
    quorum: usize,
    effective_votes: Option<f64>,
    responses: Cow<'a, [ResponseRecord]>,
    claims: Vec<ClaimJson>,
    contradictions: Vec<ContradictionJson>,
    counts: CountsRecord,
    agreement: Option<f64>,
    similarity: Option<f64>,
    confidence: Option<f64>,
    band: Option<Band>,
    threshold: f64,
    flagged: bool,
    flag_reasons: Vec<String>,
    confidence_basis: Option<ConfidenceBasis>,
    answer: Option<Cow<'a, str>>,
    answer_by: Option<String>,
    support: Vec<SupportJson>,
    judge: Option<serde_json::Value>,
    fallback: Option<FallbackJson>,
    warnings: Vec<String>,
    cost_usd: Option<Usd>,
    elapsed_ms: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct RouteJson {
    policy: String,
    kind: Kind,
    models: Vec<String>,
    reason: String,
    saved_usd: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct ClaimJson {
    id: u32,
    kind: ClaimKind,
    text: String,
    stance: BTreeMap<String, Stance>,
    byte_spans: BTreeMap<String, Vec<ByteSpan>>,
    agreement: f64,
    relation: Option<Relation>,
}

#[derive(Serialize, Deserialize)]
struct ContradictionJson {
    id: u32,
    claim: u32,
    kind: ConflictKind,
    status: Standing,
    touches_answer: bool,
    sides: Vec<SideJson>,
}

#[derive(Serialize, Deserialize)]
struct SideJson {
    value: String,
    models: Vec<String>,
    quotes: Vec<QuoteJson>,
}

#[derive(Serialize, Deserialize)]
struct QuoteJson {
    model: String,
    byte_span: ByteSpan,
    text: String,
}

#[derive(Serialize, Deserialize)]
struct SupportJson {
    claim: u32,
    models: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct FallbackJson {
    model: String,
    reason: String,
}

impl<'a> Json<'a> {
    /// Puts names in place of positions.
    fn of(verdict: &'a Verdict) -> Self {
        let table = Table(&verdict.responses);
        let Route { policy, kind, members, reason, saved_usd } = verdict.route.clone();
        Self {
            schema: Cow::Borrowed(SCHEMA),
            version: Cow::Borrowed(&verdict.version),
            id: Cow::Borrowed(&verdict.id),
            created_at: verdict.created_at.as_deref().map(Cow::Borrowed),
            demo: verdict.demo,
            question: verdict.question.as_deref().map(Cow::Borrowed),
            kind: verdict.kind,
            simple: verdict.simple,
            route: RouteJson { policy, kind, models: table.names(&members), reason, saved_usd },
            asked: verdict.asked,
            answered: verdict.answered,
            quorum: verdict.quorum,
            effective_votes: verdict.effective_votes,
            responses: Cow::Borrowed(&verdict.responses),
            claims: verdict.claims.iter().map(|it| table.claim_json(it)).collect(),
            contradictions: verdict.contradictions.iter().map(|it| table.contradiction_json(it)).collect(),
            counts: verdict.counts,
            agreement: verdict.agreement,
            similarity: verdict.similarity,
            confidence: verdict.confidence,
            band: verdict.band,
            threshold: verdict.threshold,
            flagged: verdict.flagged,
            flag_reasons: verdict.flag_reasons.iter().map(FlagReason::to_string).collect(),
            confidence_basis: verdict.confidence_basis.clone(),
            answer: verdict.answer.as_deref().map(Cow::Borrowed),
            answer_by: verdict.answer_by.map(|by| table.name(by)),
            support: verdict.support.iter().map(|it| table.support_json(it)).collect(),
            judge: verdict.judge.clone(),
            fallback: verdict.fallback.map(|it| FallbackJson { model: table.name(it.member), reason: it.to_string() }),
            warnings: verdict.warnings.iter().map(|warning| warning.told(verdict.responses.as_slice())).collect(),
            cost_usd: verdict.cost_usd,
            elapsed_ms: verdict.elapsed_ms,
        }
    }

    /// Finds the positions of all names.
    ///
    /// # Errors
    /// Another schema, or a name that is in no response.
    fn verdict(self) -> Result<Verdict, String> {
        if self.schema != SCHEMA {
            return Err(format!("schema `{}` where `{SCHEMA}` is read", self.schema));
        }
        let responses = self.responses.into_owned();
        let table = Table(&responses);
        let claims = self.claims.into_iter().map(|claim| table.claim(claim)).collect::<Result<_, _>>()?;
        let contradictions =
            self.contradictions.into_iter().map(|it| table.contradiction(it)).collect::<Result<_, _>>()?;
        let support = |it: SupportJson| Ok(SupportRecord { claim: it.claim, members: table.members(&it.models)? });
        let support = self.support.into_iter().map(support).collect::<Result<_, String>>()?;
        let RouteJson { policy, kind, models, reason, saved_usd } = self.route;
        let route = Route { policy, kind, members: table.members(&models)?, reason, saved_usd };
        let fallback = match &self.fallback {
            Some(it) => Some(Fallback { member: table.member(&it.model)?, answered: self.answered, asked: self.asked }),
            None => None,
        };
        let answer_by = self.answer_by.as_deref().map(|name| table.member(name)).transpose()?;
        let warnings = self.warnings.into_iter().map(|words| Warning::read(words, &responses)).collect();
        Ok(Verdict {
            version: Cow::Owned(self.version.into_owned()),
            id: self.id.into_owned(),
            created_at: self.created_at.map(Cow::into_owned),
            demo: self.demo,
            question: self.question.map(Cow::into_owned),
            kind: self.kind,
            simple: self.simple,
            route,
            asked: self.asked,
            answered: self.answered,
            quorum: self.quorum,
            effective_votes: self.effective_votes,
            claims,
            contradictions,
            counts: self.counts,
            agreement: self.agreement,
            similarity: self.similarity,
            confidence: self.confidence,
            band: self.band,
            threshold: self.threshold,
            flagged: self.flagged,
            flag_reasons: self.flag_reasons.into_iter().map(FlagReason::from).collect(),
            confidence_basis: self.confidence_basis,
            answer: self.answer.map(Cow::into_owned),
            answer_by,
            support,
            judge: self.judge,
            fallback,
            warnings,
            cost_usd: self.cost_usd,
            elapsed_ms: self.elapsed_ms,
            responses,
        })
    }
}

/// The one table of names.
#[derive(Clone, Copy)]
struct Table<'a>(&'a [ResponseRecord]);

impl Table<'_> {
    fn name(self, member: Column) -> String {
        self.0.get(member.index()).map_or_else(String::new, |response| response.model.clone())
    }

    fn names(self, members: &[Column]) -> Vec<String> {
        members.iter().map(|member| self.name(*member)).collect()
    }

    /// The name of the response at `index`; `None` where the name means another one: who has a seat and was not asked
    /// may stand in elsewhere.
    fn by_name(self, index: usize) -> Option<String> {
        let name = self.name(Column::at(index));
        self.is_meant(index, &name).then_some(name)
    }

    fn claim_json(self, it: &ClaimRecord) -> ClaimJson {
        let said = it.byte_spans.iter().enumerate().filter(|(_, spans)| !spans.is_empty());
        ClaimJson {
            id: it.id,
            kind: it.kind,
            text: it.text.clone(),
            stance: it.stances.iter().enumerate().filter_map(|(at, it)| Some((self.by_name(at)?, *it))).collect(),
            byte_spans: said.filter_map(|(at, spans)| Some((self.by_name(at)?, spans.clone()))).collect(),
            agreement: it.agreement,
            relation: it.relation,
        }
    }

    fn contradiction_json(self, it: &ContradictionRecord) -> ContradictionJson {
        let quote = |quote: &QuoteRecord| QuoteJson {
            model: self.name(quote.member),
            byte_span: quote.byte_span,
            text: quote.text.clone(),
        };
        let side = |side: &SideRecord| SideJson {
            value: side.value.clone(),
            models: self.names(&side.members),
            quotes: side.quotes.iter().map(quote).collect(),
        };
        ContradictionJson {
            id: it.id,
            claim: it.claim,
            kind: it.kind,
            status: it.status,
            touches_answer: it.touches_answer,
            sides: it.sides.iter().map(side).collect(),
        }
    }

    fn support_json(self, it: &SupportRecord) -> SupportJson {
        SupportJson { claim: it.claim, models: self.names(&it.members) }
    }

    fn member(self, name: &str) -> Result<Column, String> {
        let called = |response: &ResponseRecord| response.model == name;
        let asked = self.0.iter().position(|it| called(it) && it.status != Status::Skipped);
        let index = asked.or_else(|| self.0.iter().position(called));
        index.map(Column::at).ok_or_else(|| format!("`{name}` is in none of the responses"))
    }

    /// Whether `name` means the response at `index`, and no other that bears it too.
    fn is_meant(self, index: usize, name: &str) -> bool {
        self.member(name) == Ok(Column::at(index))
    }

    fn members(self, names: &[String]) -> Result<Vec<Column>, String> {
        names.iter().map(|name| self.member(name)).collect()
    }

    fn claim(self, claim: ClaimJson) -> Result<ClaimRecord, String> {
        let ClaimJson { id, kind, text, stance, mut byte_spans, agreement, relation } = claim;
        let mut stances = Vec::with_capacity(self.0.len());
        let mut spans = Vec::with_capacity(self.0.len());
        for (index, ResponseRecord { model, .. }) in self.0.iter().enumerate() {
            let known = stance.get(model).copied().ok_or_else(|| format!("claim {id} has no stance of `{model}`"))?;
            let is_meant = self.is_meant(index, model);
            stances.push(if is_meant { known } else { Stance::Absent });
            spans.push(if is_meant { byte_spans.remove(model).unwrap_or_default() } else { Vec::new() });
        }
        Ok(ClaimRecord { id, kind, text, stances, byte_spans: spans, agreement, relation })
    }

    fn contradiction(self, it: ContradictionJson) -> Result<ContradictionRecord, String> {
        let quote = |quote: QuoteJson| {
            Ok(QuoteRecord { member: self.member(&quote.model)?, byte_span: quote.byte_span, text: quote.text })
        };
        let side = |side: SideJson| {
            let quotes = side.quotes.into_iter().map(quote).collect::<Result<_, String>>()?;
            Ok(SideRecord { value: side.value, members: self.members(&side.models)?, quotes })
        };
        Ok(ContradictionRecord {
            id: it.id,
            claim: it.claim,
            kind: it.kind,
            status: it.status,
            touches_answer: it.touches_answer,
            sides: it.sides.into_iter().map(side).collect::<Result<_, String>>()?,
        })
    }
}
