//! What a verdict says of claims and contradictions; members are positions.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Column;

/// Start and end of a quote as byte offsets into the provider's own text, end exclusive.
pub type ByteSpan = [usize; 2];

/// How a member stands to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// It says so too.
    Support,
    /// It says something incompatible.
    Contradict,
    /// It ended without a word on it: silence is not disagreement.
    Absent,
    /// It still writes.
    Pending,
}

/// One checkable statement and how each member stands to it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimRecord {
    /// Canonical: by ensemble order, then offset.
    pub id: u32,
    /// What sort of statement.
    pub kind: ClaimKind,
    /// The statement as its first model wrote it.
    pub text: String,
    /// One a member.
    pub stances: Vec<Stance>,
    /// Where each member says it, one list a member.
    pub byte_spans: Vec<Vec<ByteSpan>>,
    /// The share of members that say it, 0 to 1.
    pub agreement: f64,
    /// How what the others say stands to it; null where nobody else says anything on it.
    pub relation: Option<Relation>,
}

/// What sort of statement a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// A sentence, item or row without a value.
    Statement,
    /// Holds a number.
    Number,
    /// Holds a quantity with a unit.
    Unit,
    /// Holds a date.
    Date,
    /// Holds a name that answers the question.
    Name,
    /// A yes or a no.
    YesNo,
    /// Recommends one of several options.
    Choice,
    /// Code, or the result of code.
    Code,
    /// A short typed answer: a number, an option, a name.
    FinalAnswer,
}

/// How what several models say on one thing stands to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct ContradictionRecord {
    /// Canonical.
    pub id: u32,
    /// The claim at issue.
    pub claim: u32,
    /// What differs.
    pub kind: ConflictKind,
    /// Whether it stands.
    pub status: Standing,
    /// Whether it lies in the part that answers the question.
    pub touches_answer: bool,
    /// The values and who holds them.
    pub sides: Vec<SideRecord>,
}

/// The kinds of conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// Different numbers.
    Number,
    /// Different quantities of one dimension, or units that do not fit.
    Unit,
    /// Different dates; a year is a date.
    Date,
    /// Different names where the question asks for one.
    Name,
    /// One says yes, or that it is; another no, or that it is not.
    Negation,
    /// Opposite words.
    Antonym,
    /// Different recommendations of one set of options.
    Choice,
    /// Different results or values in code.
    Code,
}

impl ConflictKind {
    /// Returns the word used in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Unit => "unit",
            Self::Date => "date",
            Self::Name => "name",
            Self::Negation => "negation",
            Self::Antonym => "antonym",
            Self::Choice => "choice",
            Self::Code => "code",
        }
    }
}

/// Whether a contradiction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Both sides are past it.
    Confirmed,
    /// Somebody has decided between the sides.
    Settled,
}

/// One value of a contradiction.
#[derive(Clone, Debug, PartialEq)]
pub struct SideRecord {
    /// The value in canonical form.
    pub value: String,
    /// Who says so.
    pub members: Vec<Column>,
    /// Their words, at least one quote a model.
    pub quotes: Vec<QuoteRecord>,
}

/// Words of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteRecord {
    /// Whose words.
    pub member: Column,
    /// Where they stand.
    pub byte_span: ByteSpan,
    /// The words.
    pub text: String,
}

/// How many claims fall in each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Who supports a claim of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct SupportRecord {
    /// The claim's id.
    pub claim: u32,
    /// Who says it.
    pub members: Vec<Column>,
}
