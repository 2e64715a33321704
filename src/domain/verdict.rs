//! The verdict on one turn as scripts read it: schema `dissent.verdict/1`.
//!
//! Fields may be added, never renamed or retyped. Every field is present; what can't be known or does not apply is null.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::fault::Fault;
use crate::domain::kind::Kind;
use crate::domain::money::{CostBasis, Usd};
use crate::domain::response::Status;
use crate::domain::stream::{Citation, FinishReason};
use crate::domain::usage::Usage;

/// Name and number of the schema.
pub const SCHEMA: &str = "dissent.verdict/1";

/// Start and end of a quote as byte offsets into the provider's own text, end exclusive.
pub type ByteSpan = [usize; 2];

/// What the ensemble said in answer to one question, and how far it can be relied on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The version of the program.
    pub version: &'static str,
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
    pub flag_reasons: Vec<String>,
    /// What the confidence was fitted on.
    pub confidence_basis: Option<ConfidenceBasis>,
    /// What the ensemble says as a whole; null when nobody answered.
    pub answer: Option<String>,
    /// A model id, `consensus`, or `judge:MODEL`.
    pub answer_by: Option<String>,
    /// Who supports which claim of the answer.
    pub support: Vec<SupportRecord>,
    /// What a judge said, if one was asked.
    pub judge: Option<serde_json::Value>,
    /// Set when too few answered for a consensus.
    pub fallback: Option<Fallback>,
    /// What else a reader should know.
    pub warnings: Vec<String>,
    /// What the turn cost; null when any part of it is unknown.
    pub cost_usd: Option<Usd>,
    /// From the question to the settled turn; null for recorded answers.
    pub elapsed_ms: Option<u64>,
}

/// The confidence in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
    format!("{:.2}", (confidence * 100.0).floor() / 100.0)
}

/// How the models were chosen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Route {
    /// The policy in force.
    pub policy: String,
    /// The kind that it took the question for.
    pub kind: Kind,
    /// Who was chosen.
    pub models: Vec<String>,
    /// Why.
    pub reason: String,
    /// Saved against asking everyone; null where that can't be known.
    pub saved_usd: Option<f64>,
}

/// One member's response.
#[derive(Clone, Debug, PartialEq, Serialize)]
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

/// What went wrong with one call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorRecord {
    /// One of the closed list of kinds.
    pub kind: &'static str,
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
            kind: fault.kind.as_str(),
            message: fault.told(),
            http_status: fault.http_status,
            retry_after_s: fault.retry_after.map(|wait| wait.as_secs_f64()),
        }
    }
}

/// One checkable statement and how each member stands to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimRecord {
    /// Canonical: by ensemble order, then offset.
    pub id: u32,
    /// What sort of statement.
    pub kind: &'static str,
    /// The statement as its first model wrote it.
    pub text: String,
    /// By model: support, contradict, absent, pending.
    pub stance: BTreeMap<String, &'static str>,
    /// Where each model says it.
    pub byte_spans: BTreeMap<String, Vec<ByteSpan>>,
    /// The share of members that say it, 0 to 1.
    pub agreement: f64,
    /// How what the others say stands to it; null where nobody else says anything on it.
    pub relation: Option<Relation>,
}

/// How what several models say on one thing stands to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// They say the same.
    Same,
    /// They say incompatible things.
    Different,
    /// They say something else, and it is not known whether both can be right.
    Unexplained,
}

/// Incompatible values for the same claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContradictionRecord {
    /// Canonical.
    pub id: u32,
    /// The claim at issue.
    pub claim: u32,
    /// One of the closed list of kinds.
    pub kind: &'static str,
    /// `confirmed` or `settled`.
    pub status: &'static str,
    /// Whether it lies in the part that answers the question.
    pub touches_answer: bool,
    /// The values and who holds them.
    pub sides: Vec<SideRecord>,
}

/// One value of a contradiction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideRecord {
    /// The value in canonical form.
    pub value: String,
    /// Who says so.
    pub models: Vec<String>,
    /// Their words, at least one quote a model.
    pub quotes: Vec<QuoteRecord>,
}

/// Words of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuoteRecord {
    /// Whose words.
    pub model: String,
    /// Where they stand.
    pub byte_span: ByteSpan,
    /// The words.
    pub text: String,
}

/// How many claims fall in each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CountsRecord {
    /// Every model that counts says it.
    pub agreed: u32,
    /// Two or more say it, none against.
    pub partly: u32,
    /// Incompatible values.
    pub conflicts: u32,
    /// One model says it; silence of the others is not disagreement.
    pub only_one: u32,
    /// Not settled while someone still writes.
    pub pending: u32,
}

/// What a confidence was fitted on.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// What sort of answer was asked for, such as `number`.
    pub answer: String,
    /// How many answers voted.
    pub votes: u32,
}

/// Who supports a claim of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SupportRecord {
    /// The claim's id.
    pub claim: u32,
    /// Who says it.
    pub models: Vec<String>,
}

/// Set when too few answered for a consensus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fallback {
    /// Whose response is used.
    pub model: String,
    /// Why, such as `1 of 3 answered`.
    pub reason: String,
}
