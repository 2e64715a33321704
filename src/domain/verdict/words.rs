//! Why a person should look, and what else a reader should know: typed, told in words with whatever names are shown.

use std::borrow::Cow;
use std::fmt;

use crate::domain::conversation::LEFT_OUT;
use crate::domain::ids::Column;
use crate::domain::verdict::{Fallback, ResponseRecord, two_digits};

/// Why a person should look.
#[derive(Clone, Debug, PartialEq)]
pub enum FlagReason {
    /// Too few answered for a consensus.
    Fallback {
        /// Responses that count.
        answered: usize,
        /// Members that were asked.
        asked: usize,
    },
    /// The confidence is under the threshold.
    Unsure {
        /// The confidence.
        confidence: f64,
        /// The threshold.
        below: f64,
    },
    /// Two or more answered, and how sure the answer is can't be told.
    Unknown,
    /// This contradiction lies in the part that answers.
    Touches(u32),
    /// A reason that this version does not know.
    Other(String),
}

/// What else a reader should know.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// The member could not be asked.
    NotAsked {
        /// Who.
        member: Column,
        /// Why.
        why: String,
    },
    /// The member was not told of all that was said before.
    Shortened {
        /// Who.
        member: Column,
        /// What was left out.
        what: String,
    },
    /// All that were asked are of one vendor: they err together more often.
    OneVendor,
    /// A stand-in was asked in the member's place.
    Switched {
        /// In whose place.
        member: Column,
        /// What became of the member.
        why: String,
    },
    /// Nothing could be compared, and why.
    NotCompared(String),
    /// A part of the member's answer could not be read.
    PartLost(Column),
    /// An answer is so long that only its beginning was compared.
    ReadInPart(Column),
    /// Anything else, in words.
    Other(String),
}

/// What models are called where words are told: by their ids, or by letters while a person judges blindly.
pub trait Naming {
    /// Returns what the member itself is called, whoever answers in its place.
    fn member(&self, member: Column) -> Cow<'_, str>;

    /// Returns what the one that answers is called: the stand-in, where there is one.
    fn answerer(&self, member: Column) -> Cow<'_, str>;

    /// Returns words of others, which may hold names too, as they may be shown.
    fn words<'a>(&self, words: &'a str) -> Cow<'a, str>;
}

/// The ids of a verdict's responses.
impl Naming for [ResponseRecord] {
    fn member(&self, member: Column) -> Cow<'_, str> {
        Cow::Borrowed(self.get(member.index()).map_or("", ResponseRecord::own_name))
    }

    fn answerer(&self, member: Column) -> Cow<'_, str> {
        Cow::Borrowed(self.get(member.index()).map_or("", |response| &response.model))
    }

    fn words<'a>(&self, words: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(words)
    }
}

impl fmt::Display for Fallback {
    /// Writes why, such as `1 of 3 answered`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} answered", self.answered, self.asked)
    }
}

const FALLBACK: &str = "fallback: ";
const OF: &str = " of ";
const ANSWERED: &str = " answered";
const UNKNOWN: &str = "confidence unknown";
const CONFIDENCE: &str = "confidence ";
const IS_UNDER: &str = " is under ";
const CONTRADICTION: &str = "contradiction ";
const TOUCHES: &str = " touches the answer";

impl fmt::Display for FlagReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fallback { answered, asked } => write!(f, "{FALLBACK}{answered}{OF}{asked}{ANSWERED}"),
            Self::Unsure { confidence, below } => {
                write!(f, "{CONFIDENCE}{}{IS_UNDER}{below:.2}", two_digits(*confidence))
            }
            Self::Unknown => f.write_str(UNKNOWN),
            Self::Touches(id) => write!(f, "{CONTRADICTION}{id}{TOUCHES}"),
            Self::Other(words) => f.write_str(words),
        }
    }
}

impl From<String> for FlagReason {
    /// Reads what [`Display`](fmt::Display) writes.
    fn from(words: String) -> Self {
        let known = || {
            if let Some(rest) = words.strip_prefix(FALLBACK) {
                let (answered, asked) = rest.strip_suffix(ANSWERED)?.split_once(OF)?;
                return Some(Self::Fallback { answered: answered.parse().ok()?, asked: asked.parse().ok()? });
            }
            if words == UNKNOWN {
                return Some(Self::Unknown);
            }
            if let Some(rest) = words.strip_prefix(CONFIDENCE) {
                let (confidence, below) = rest.split_once(IS_UNDER)?;
                return Some(Self::Unsure { confidence: confidence.parse().ok()?, below: below.parse().ok()? });
            }
            let id = words.strip_prefix(CONTRADICTION)?.strip_suffix(TOUCHES)?;
            Some(Self::Touches(id.parse().ok()?))
        };
        known().unwrap_or(Self::Other(words))
    }
}

const NOT_ASKED: &str = " was not asked: ";
const IN_PLACE_OF: &str = " is asked in place of ";
const NOT_COMPARED: &str = "not compared: ";
const ONE_VENDOR: &str = "one vendor";
const PART_LOST: &str = ": a part of the answer could not be read";
const READ_IN_PART: &str = ": only the first 160 kB of the answer were compared";

impl Warning {
    /// Returns the warning in words, with the names that are shown.
    pub fn told(&self, names: &(impl Naming + ?Sized)) -> String {
        match self {
            Self::NotAsked { member, why } => format!("{}{NOT_ASKED}{}", names.member(*member), names.words(why)),
            Self::Shortened { member, what } => format!("{}: {what}", names.member(*member)),
            Self::OneVendor => ONE_VENDOR.to_owned(),
            Self::Switched { member, why } => {
                let (to, from) = (names.answerer(*member), names.member(*member));
                format!("{to}{IN_PLACE_OF}{from}: {}", names.words(why))
            }
            Self::NotCompared(why) => format!("{NOT_COMPARED}{why}"),
            Self::PartLost(member) => format!("{}{PART_LOST}", names.answerer(*member)),
            Self::ReadInPart(member) => format!("{}{READ_IN_PART}", names.answerer(*member)),
            Self::Other(words) => names.words(words).into_owned(),
        }
    }

    /// Reads what [`told`](Self::told) says with the names of `responses`.
    pub(super) fn read(words: String, responses: &[ResponseRecord]) -> Self {
        if words == ONE_VENDOR {
            return Self::OneVendor;
        }
        if let Some(why) = words.strip_prefix(NOT_COMPARED) {
            return Self::NotCompared(why.to_owned());
        }
        let of_member = (0..responses.len()).map(Column::at).find_map(|member| Self::of(&words, responses, member));
        of_member.unwrap_or(Self::Other(words))
    }

    /// The warning that `words` are of one member, if they are.
    fn of(words: &str, names: &[ResponseRecord], member: Column) -> Option<Self> {
        let answerer = names.answerer(member);
        if let Some(rest) = words.strip_prefix(&*answerer) {
            if rest == PART_LOST {
                return Some(Self::PartLost(member));
            }
            if rest == READ_IN_PART {
                return Some(Self::ReadInPart(member));
            }
            let from = rest.strip_prefix(IN_PLACE_OF).and_then(|rest| rest.strip_prefix(&*names.member(member)));
            if let Some(why) = from.and_then(|rest| rest.strip_prefix(": ")) {
                return Some(Self::Switched { member, why: why.to_owned() });
            }
        }
        let rest = words.strip_prefix(&*names.member(member))?;
        if let Some(why) = rest.strip_prefix(NOT_ASKED) {
            return Some(Self::NotAsked { member, why: why.to_owned() });
        }
        let what = rest.strip_prefix(": ").filter(|what| what.contains(LEFT_OUT))?;
        Some(Self::Shortened { member, what: what.to_owned() })
    }
}
