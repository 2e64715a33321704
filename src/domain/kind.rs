//! The closed list of kinds of question.

use serde::{Deserialize, Serialize};

/// What sort of question was asked; decides which confidence curve applies, if any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Asks for facts about the world.
    #[default]
    Factual,
    /// Asks for a calculation or a proof.
    Math,
    /// Asks for a conclusion from given premises.
    Reasoning,
    /// Asks for code, or about code.
    Code,
    /// Asks how to do something.
    Howto,
    /// Asks for a text that nobody could call wrong.
    Creative,
    /// Asks what someone thinks.
    Opinion,
    /// Asks about the present moment.
    Realtime,
    /// Asks for the same text in another language.
    Translation,
    /// Is talk rather than a question.
    Chat,
}

/// What can be said about the answers to a kind of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measures {
    /// Agreement, conflicts and a confidence.
    Confidence,
    /// Agreement and conflicts, but no confidence.
    Agreement,
    /// Only which themes are shared and which are unique.
    Themes,
}

impl Kind {
    /// Every kind, in the order in which they are documented.
    pub const ALL: [Self; 10] = [
        Self::Factual,
        Self::Math,
        Self::Reasoning,
        Self::Code,
        Self::Howto,
        Self::Creative,
        Self::Opinion,
        Self::Realtime,
        Self::Translation,
        Self::Chat,
    ];

    /// Returns the word used in configs and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Factual => "factual",
            Self::Math => "math",
            Self::Reasoning => "reasoning",
            Self::Code => "code",
            Self::Howto => "howto",
            Self::Creative => "creative",
            Self::Opinion => "opinion",
            Self::Realtime => "realtime",
            Self::Translation => "translation",
            Self::Chat => "chat",
        }
    }

    /// Returns the kind that `word` names, or `None` for a word off the list.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Returns what can be measured for answers to this kind of question.
    pub fn measures(self) -> Measures {
        match self {
            Self::Factual | Self::Math | Self::Reasoning | Self::Code | Self::Realtime | Self::Translation => {
                Measures::Confidence
            }
            Self::Howto | Self::Chat => Measures::Agreement,
            Self::Creative | Self::Opinion => Measures::Themes,
        }
    }
}
