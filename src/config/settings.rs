//! The config as meant: nothing optional that has a default, every name looked up.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::budget::Budget;
use crate::domain::conversation::{AfterOff, Rules};
use crate::domain::ids::ModelId;
use crate::domain::kind::Kind;
use crate::domain::nearest::did_you_mean;
use crate::domain::verdict::Flagging;
use crate::provider::endpoint::{Model, Straggler};

/// The most members that an ensemble may have.
pub const MAX_ENSEMBLE: usize = 8;

/// Everything that the user can set, with defaults for what they did not.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The file that was read; `None` without one.
    pub file: Option<PathBuf>,
    /// The registry: every model that can be asked, those of the file first.
    pub models: Vec<Arc<Model>>,
    /// Who is asked at first, all of them in the registry; empty when nobody usable was named.
    pub ensemble: Vec<ModelId>,
    /// Responses needed for a consensus, from 1.
    pub quorum: usize,
    /// The confidence under which an answer is flagged, 0 to 1.
    pub flag_below: f64,
    /// Which conflicts in the answer flag it.
    pub flag: Flagging,
    /// How long the others are waited for; see [`Straggler::wait_for`].
    pub straggler: Straggler,
    /// How members are chosen for a question.
    pub route: Route,
    /// What may be spent.
    pub budget: Budget,
    /// What compares answers in meaning.
    pub similarity: Similarity,
    /// Who settles conflicts.
    pub judge: Option<ModelId>,
    /// The theme's name; `None` leaves it to the screen.
    pub theme: Option<String>,
    /// The screen.
    pub ui: Ui,
    /// What models are told of the conversation.
    pub context: Context,
    /// How long turns are kept.
    pub history: History,
    /// How long text is kept that nobody uses; `None` for ever.
    pub retention: Option<Duration>,
    /// What is odd but does not stop anything.
    pub warnings: Vec<String>,
    /// What a person may want to know: what was found and how to use it.
    pub notes: Vec<String>,
    /// Models that cannot be asked, and what to do about it.
    pub unusable: Vec<(ModelId, String)>,
    /// Variables that hold keys: what we start for a person need not know them.
    pub key_variables: Vec<String>,
}

impl Settings {
    /// Returns the model of the registry with this id.
    pub fn model(&self, id: &ModelId) -> Option<&Arc<Model>> {
        self.models.iter().find(|model| model.member.id == *id)
    }

    /// Returns the models of the registry that `ids` name, in that order.
    ///
    /// # Errors
    /// Says what is wrong with the first id that is unknown, unusable or named twice, or that there are none or too many.
    pub fn choose(&self, ids: &[String]) -> Result<Vec<ModelId>, String> {
        if ids.is_empty() || ids.len() > MAX_ENSEMBLE {
            return Err(format!("an ensemble has 1 to {MAX_ENSEMBLE} models, not {}", ids.len()));
        }
        let mut chosen: Vec<ModelId> = Vec::new();
        for id in ids {
            let id = ModelId::from(id.trim());
            if chosen.contains(&id) {
                return Err(format!("`{id}` is named twice"));
            }
            if self.model(&id).is_none() {
                return Err(self.why_not(&id));
            }
            chosen.push(id);
        }
        Ok(chosen)
    }

    /// Returns why a model that is not in the registry cannot be asked.
    fn why_not(&self, id: &ModelId) -> String {
        if let Some((_, reason)) = self.unusable.iter().find(|(unusable, _)| unusable == id) {
            return format!("`{id}` cannot be asked: {reason}");
        }
        let known = self.models.iter().map(|model| model.member.id.as_str());
        let known = known.chain(self.unusable.iter().map(|(id, _)| id.as_str()));
        format!("there is no model `{id}`{}", did_you_mean(id.as_str(), known))
    }
}

/// How members are chosen for a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The whole ensemble is asked.
    #[default]
    All,
    /// A trade between price and reliability.
    Balanced,
    /// The cheapest that will do.
    Cheap,
    /// The most reliable.
    Best,
    /// The quickest.
    Fast,
    /// As if every question were of this kind.
    Kind(Kind),
}

impl Route {
    /// Returns the policy that `word` names: a policy or a kind of question; `None` for another word.
    pub fn from_word(word: &str) -> Option<Self> {
        let policy = Self::POLICIES.into_iter().find(|policy| policy.as_str() == word);
        policy.or_else(|| Kind::from_word(word).map(Self::Kind))
    }

    /// The policies that are not kinds of question.
    pub const POLICIES: [Self; 5] = [Self::All, Self::Balanced, Self::Cheap, Self::Best, Self::Fast];

    /// Returns the word used in configs and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Balanced => "balanced",
            Self::Cheap => "cheap",
            Self::Best => "best",
            Self::Fast => "fast",
            Self::Kind(kind) => kind.as_str(),
        }
    }
}

/// What compares answers in meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Similarity {
    /// Nothing.
    None,
    /// Vectors that the program carries.
    #[default]
    Static,
    /// A model with embeddings.
    Model(ModelId),
}

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the file, independent of the others")]
pub struct Ui {
    /// How columns are laid out.
    pub layout: Arrangement,
    /// Where the consensus panel is at first.
    pub panel: PanelAt,
    /// Where the chat pane is at first.
    pub chat: ChatAt,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether selecting copies.
    pub copy_on_select: bool,
    /// Which signs are drawn.
    pub glyphs: Glyphs,
    /// Whether links can be clicked.
    pub links: bool,
    /// How the end of a turn is told.
    pub notify: Notify,
    /// Whether the window's title is set.
    pub title: bool,
    /// Whether the models' names are hidden.
    pub blind: bool,
}

/// How columns are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// Side by side where they fit, else as tabs.
    #[default]
    Auto,
    /// Side by side; those that do not fit are paged.
    Columns,
    /// One at a time.
    Tabs,
}

/// Where the consensus panel is at first; a place that does not fit yields to the next smaller one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PanelAt {
    /// Where it fits.
    #[default]
    Auto,
    /// Beside the columns.
    Rail,
    /// Below the columns.
    Dock,
    /// Nowhere.
    Off,
}

/// Where the chat pane is at first; a place that does not fit yields to the next smaller one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChatAt {
    /// Where it fits.
    #[default]
    Auto,
    /// Left of the columns.
    Left,
    /// Below the columns.
    Below,
    /// In place of everything else.
    Whole,
    /// One line of verdict.
    Line,
}

/// How the end of a turn is told to who looks elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notify {
    /// As the terminal can, else by the bell.
    #[default]
    Auto,
    /// By the bell.
    Bell,
    /// Not at all.
    Off,
}

/// Which signs are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Signs of Unicode.
    #[default]
    Unicode,
    /// Signs of ASCII alone.
    Ascii,
}

/// What models are told of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// What a model that missed a turn is told of it.
    pub after_off: AfterOff,
    /// Whether each model is sent its own answers as history.
    pub own_history: bool,
    /// Whether local servers are looked for at the start.
    pub probe_local: bool,
}

impl Context {
    /// Returns how conversations are told.
    pub fn rules(&self) -> Rules {
        Rules { own_history: self.own_history, after_off: self.after_off }
    }
}

/// How long turns are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum History {
    /// From one run to the next.
    #[default]
    Keep,
    /// Until the program ends.
    Session,
    /// Not at all.
    Off,
}
