//! The verdict on one turn as scripts read it: schema `dissent.verdict/1`.
//!
//! Fields may be added, never renamed or retyped. Every field is present; what can't be known or does not apply is null.
//! In here members are positions in `responses`, which is the one table of names; in JSON they are named.

mod findings;
mod json;
mod words;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::Column;
use crate::domain::kind::Kind;
use crate::domain::money::{CostBasis, Usd};
use crate::domain::response::Status;
use crate::domain::stream::{Citation, FinishReason};
use crate::domain::usage::Usage;
pub use crate::domain::verdict::findings::{
    ByteSpan, ClaimKind, ClaimRecord, ConflictKind, ContradictionRecord, CountsRecord, QuoteRecord, Relation,
    SideRecord, Stance, Standing, SupportRecord,
};
pub use crate::domain::verdict::words::{FlagReason, Naming, Warning};

/// Name and number of the schema.
pub const SCHEMA: &str = "dissent.verdict/1";

/// What the ensemble said in answer to one question, and how far it can be relied on.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The version of the program.
    pub version: Cow<'static, str>,
    /// The id of the turn, or of the case.
    pub id: String,
    /// When the question was asked, RFC 3339; null for recorded answers.
    pub created_at: Option<String>,
    /// Whether the embedded demo models answered.
    pub demo: bool,
    /// What was asked; null where it is not known.
    pub question: Option<String>,
    /// The kind of question.
    pub kind: Kind,
    /// Whether the question is simple enough for one cheap model.
    pub simple: bool,
    /// How the models were chosen.
    pub route: Route,
    /// Members that were asked.
    pub asked: usize,
    /// Responses that count.
    pub answered: usize,
    /// Responses needed for a consensus.
    pub quorum: usize,
    /// What the votes are worth once shared errors are taken off; null for fewer than two.
    pub effective_votes: Option<f64>,
    /// One entry a member, in the order of the ensemble.
    pub responses: Vec<ResponseRecord>,
    /// What was claimed, in canonical order.
    pub claims: Vec<ClaimRecord>,
    /// Where claims are incompatible, in canonical order.
    pub contradictions: Vec<ContradictionRecord>,
    /// How many claims fall in each class.
    pub counts: CountsRecord,
    /// How far the ensemble says the same, 0 to 1.
    pub agreement: Option<f64>,
    /// How alike the answers are in meaning, 0 to 1.
    pub similarity: Option<f64>,
    /// How often answers shown with this number are right, 0 to 1, on questions like those of the basis.
    pub confidence: Option<f64>,
    /// The confidence in a word.
    pub band: Option<Band>,
    /// The confidence under which the answer is flagged.
    pub threshold: f64,
    /// Whether a person should look.
    pub flagged: bool,
    /// Why a person should look.
    pub flag_reasons: Vec<FlagReason>,
    /// What the confidence was fitted on.
    pub confidence_basis: Option<ConfidenceBasis>,
    /// What the ensemble says as a whole; null when nobody answered.
    pub answer: Option<String>,
    /// Whose words the answer is.
    pub answer_by: Option<Column>,
    /// Who supports which claim of the answer.
    pub support: Vec<SupportRecord>,
    /// What a judge said, if one was asked.
    pub judge: Option<serde_json::Value>,
    /// Set when too few answered for a consensus.
    pub fallback: Option<Fallback>,
    /// What else a reader should know.
    pub warnings: Vec<Warning>,
    /// What the turn cost; null when any part of it is unknown.
    pub cost_usd: Option<Usd>,
    /// From the question to the settled turn; null for recorded answers.
    pub elapsed_ms: Option<u64>,
}

impl Verdict {
    /// Returns the id under which a member answered: that of its stand-in, where one did. Empty for a position that
    /// does not exist.
    pub fn name(&self, member: Column) -> &str {
        self.responses.get(member.index()).map_or("", |response| response.model.as_str())
    }

    /// Returns the ids of several members.
    pub fn names(&self, members: &[Column]) -> Vec<&str> {
        members.iter().map(|member| self.name(*member)).collect()
    }
}

/// Which confirmed conflicts in the part that answers flag the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flagging {
    /// Those whose other side holds two members, or as much reliability as the chosen side.
    #[default]
    Graded,
    /// Every one.
    Any,
}

/// The confidence in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    /// Below 0.50.
    Split,
    /// From 0.50.
    Unsure,
    /// From 0.75.
    Likely,
    /// From 0.90.
    Settled,
}

impl Band {
    /// Returns the band of a confidence between 0 and 1.
    pub fn of(confidence: f64) -> Self {
        match confidence {
            c if c >= 0.90 => Self::Settled,
            c if c >= 0.75 => Self::Likely,
            c if c >= 0.50 => Self::Unsure,
            _ => Self::Split,
        }
    }

    /// Returns the word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Unsure => "unsure",
            Self::Likely => "likely",
            Self::Settled => "settled",
        }
    }
}

/// Returns a confidence as it is shown: two digits, rounded down, as `likely 0.90` would contradict itself.
pub fn two_digits(confidence: f64) -> String {
    // 0.29 is a hair less in binary, and is 0.29 all the same.
    format!("{:.2}", (confidence * 100.0 + 1e-9).floor() / 100.0)
}

/// How the models were chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The policy in force.
    pub policy: String,
    /// The kind that it took the question for.
    pub kind: Kind,
    /// Who was chosen.
    pub members: Vec<Column>,
    /// Why.
    pub reason: String,
    /// Saved against asking everyone; null where that can't be known.
    pub saved_usd: Option<f64>,
}

/// One member's response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseRecord {
    /// The model's id; that of the stand-in where one answered.
    pub model: String,
    /// The provider's id.
    pub provider: Option<String>,
    /// The provider's name for the model that answered.
    pub api_model: Option<String>,
    /// The model that the provider says has answered, where it says so.
    pub stated_model: Option<String>,
    /// The member in whose place it answered.
    pub stand_in_for: Option<String>,
    /// Where the response stands.
    pub status: Status,
    /// Why it ended; null when no end marker was seen.
    pub finish: Option<FinishReason>,
    /// Whether the model declined.
    pub refusal: bool,
    /// The words with which it declined, the provider's where they stand beside the text.
    pub refusal_text: Option<String>,
    /// Whether the token limit cut the answer.
    pub truncated: bool,
    /// The provider's own text.
    pub text: String,
    /// The reasoning that came apart from the text.
    pub reasoning: Option<String>,
    /// The short typed answer, where the text has one.
    pub final_answer: Option<String>,
    /// Support by the others, as a probability.
    pub score: Option<f64>,
    /// Place among those that answered, from 1; null for what did not answer.
    pub rank: Option<u32>,
    /// Requests sent.
    pub attempts: u32,
    /// When the first request left, RFC 3339.
    pub started_at: Option<String>,
    /// From the first request to the first token.
    pub first_token_ms: Option<u64>,
    /// From the first request to the end.
    pub total_ms: Option<u64>,
    /// Token counts.
    pub usage: Option<Usage>,
    /// What it cost.
    pub cost_usd: Option<Usd>,
    /// How the cost is known.
    pub cost_basis: Option<CostBasis>,
    /// Web pages that it rests on.
    pub citations: Vec<Citation>,
    /// What went wrong.
    pub error: Option<ErrorRecord>,
}

impl ResponseRecord {
    /// Returns the id of the member itself, whoever answered in its place.
    pub fn own_name(&self) -> &str {
        self.stand_in_for.as_deref().unwrap_or(&self.model)
    }

    /// Returns whether the text is not all that the model meant to say: what it claims is marked.
    pub fn is_partial(&self) -> bool {
        !self.text.trim().is_empty() && (self.status != Status::Done || self.truncated)
    }
}

/// What went wrong with one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorRecord {
    /// One of the closed list of kinds.
    pub kind: FaultKind,
    /// For a person.
    pub message: String,
    /// The HTTP status, where the server answered.
    pub http_status: Option<u16>,
    /// How long the server asked us to wait.
    pub retry_after_s: Option<f64>,
}

impl From<&Fault> for ErrorRecord {
    fn from(fault: &Fault) -> Self {
        Self {
            kind: fault.kind,
            message: fault.told(),
            http_status: fault.http_status,
            retry_after_s: fault.retry_after.map(|wait| wait.as_secs_f64()),
        }
    }
}

/// What a confidence was fitted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfidenceBasis {
    /// `default`, or what it was calibrated on.
    pub curve: String,
    /// The kind of question.
    pub kind: Kind,
    /// How many answers.
    pub n: u32,
    /// Which answers.
    pub data: String,
    /// Range of the expected calibration error over the data sets.
    pub ece: [f64; 2],
    /// Which part of the data that was; null for all of it.
    pub cell: Option<Cell>,
}

/// A part of the data: answers of one type from so many votes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// What sort of answer was asked for, such as `number`.
    pub answer: String,
    /// How many answers voted.
    pub votes: u32,
}

/// Set when too few answered for a consensus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// Whose response is used.
    pub member: Column,
    /// Responses that count.
    pub answered: usize,
    /// Members that were asked.
    pub asked: usize,
}

#[cfg(test)]
mod tests;
