//! The sessions that are kept, as the screen knows them: what is listed, what was found, what it asks to be done with them.

use std::sync::Arc;

use jiff::civil::Date;

use crate::consensus::report::Report;
use crate::domain::opinion::Opinion;
use crate::domain::record::TurnRecord;
use crate::domain::verdict::{Band, Verdict};
use crate::figures::Figures;

/// What the screen knows of the sessions that are kept. What is long is asked for beside the loop, and never looked through
/// at a key.
#[derive(Clone, Debug)]
pub struct Library {
    /// Why no other session can be reached from here; `None` where they can.
    pub closed: Option<&'static str>,
    /// Those that fit what is typed, the best first.
    pub cards: Vec<Card>,
    /// What `cards` fit.
    pub cards_for: String,
    /// The turns in which the words are.
    pub finds: Vec<Found>,
    /// The words of `finds`.
    pub finds_for: String,
    /// The id of the session that goes on here.
    pub here: String,
    /// Why nothing of it is written for now; `None` while it is.
    pub not_kept: Option<String>,
    /// The session that broke off before this run.
    pub broken_off: Option<String>,
    /// How far back the figures go.
    pub reach: Reach,
    /// The figures, once they are counted.
    pub board: Option<Box<Board>>,
    /// The place of the turn to be shown once the session is there, from 1.
    pub wanted_turn: Option<u32>,
}

impl Default for Library {
    fn default() -> Self {
        Self {
            closed: Some("this session is not kept, and no other can be opened from it"),
            cards: Vec::new(),
            cards_for: String::new(),
            finds: Vec::new(),
            finds_for: String::new(),
            here: String::new(),
            not_kept: None,
            broken_off: None,
            reach: Reach::default(),
            board: None,
            wanted_turn: None,
        }
    }
}

/// A session in a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// Its id.
    pub id: String,
    /// Its name; of a person or a first question: to be cleaned.
    pub name: String,
    /// The folder in which it was begun; to be cleaned.
    pub folder: String,
    /// When it was used last: `03:14` today, `26 Nov` this year, `2025-11-26` before.
    pub used: String,
    /// Turns.
    pub n_turns: u32,
    /// What it has cost, in words; `demo` where the demo models answered.
    pub cost: String,
    /// The least of its turns' bands.
    pub worst: Option<Band>,
    /// Conflicts in all its turns.
    pub n_conflicts: u32,
    /// Whether a person should look at one of its turns.
    pub is_flagged: bool,
    /// Whether it stands before the others.
    pub is_pinned: bool,
}

/// A turn in which words were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The session's id.
    pub session: String,
    /// The session's name; to be cleaned.
    pub name: String,
    /// The place of the turn in it, from 1.
    pub place: u32,
    /// When it was asked, as in [`Card::used`].
    pub asked: String,
    /// What was asked; to be cleaned.
    pub question: String,
    /// Where the words stand, in pieces of which every other one was found; to be cleaned.
    pub context: Vec<String>,
}

/// How far back figures go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// All that was kept.
    #[default]
    All,
    /// The last thirty days.
    Month,
    /// The last seven days.
    Week,
    /// Today.
    Day,
}

/// How the models did, as it was counted last.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// How far back it goes.
    pub reach: Reach,
    /// The day on which it was counted.
    pub today: Date,
    /// The figures.
    pub figures: Figures,
}

impl Reach {
    /// All of them, the longest first.
    pub const ALL: [Self; 4] = [Self::All, Self::Month, Self::Week, Self::Day];

    /// Returns the words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all time",
            Self::Month => "30 days",
            Self::Week => "7 days",
            Self::Day => "today",
        }
    }

    /// Returns its days, today being one of them; `None` for all.
    pub fn n_days(self) -> Option<i32> {
        match self {
            Self::All => None,
            Self::Month => Some(30),
            Self::Week => Some(7),
            Self::Day => Some(1),
        }
    }

    /// Returns the next longer one; the longest stays.
    pub fn longer(self) -> Self {
        match self {
            Self::All | Self::Month => Self::All,
            Self::Week => Self::Month,
            Self::Day => Self::Week,
        }
    }

    /// Returns the next shorter one; the shortest stays.
    pub fn shorter(self) -> Self {
        match self {
            Self::All => Self::Month,
            Self::Month => Self::Week,
            Self::Week | Self::Day => Self::Day,
        }
    }
}

/// What the screen wants of the sessions that are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Those that fit what is typed.
    List(String),
    /// The turns in which these words are.
    Search(String),
    /// To go on with one: a name, the first letters of an id, or `last`.
    Open(String),
    /// Another name for one, by its id.
    Rename(String, String),
    /// To have one stand before the others, or no more.
    Pin(String),
    /// A session of the first turns of one, and to go on with it; all of them without a number.
    Fork(String, Option<u32>),
    /// To have one gone; it can be brought back until the program ends.
    Delete(String),
    /// To have the one back that was deleted last.
    Restore,
    /// How the models did.
    Count {
        /// How far back.
        reach: Reach,
        /// Whether it is those of the demo.
        is_demo: bool,
        /// Who is on.
        ensemble: Vec<String>,
    },
}

/// What came of a wish.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The sessions that fit.
    Cards(String, Vec<Card>),
    /// The turns in which the words are.
    Finds(String, Vec<Found>),
    /// A session to go on with.
    Opened(Box<Opened>),
    /// How the models did.
    Counted(Box<Board>),
    /// It is done, or was not: in words. What is listed may have changed.
    Done(String),
    /// The session was deleted, in words.
    Deleted(String, String),
}

/// A session to go on with.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// Its id.
    pub id: String,
    /// Its name; to be cleaned.
    pub name: String,
    /// Its turns, oldest first.
    pub turns: Vec<Brought>,
    /// What stood in the composer.
    pub draft: String,
    /// Whether the demo models answered.
    pub is_demo: bool,
}

/// A turn that was brought back.
#[derive(Clone, Debug)]
pub struct Brought {
    /// What the store calls it.
    pub id: String,
    /// What was asked, and what happened.
    pub record: TurnRecord,
    /// What today's engine finds in it.
    pub report: Arc<Report>,
    /// The verdict on it.
    pub verdict: Verdict,
    /// What the person thinks of it.
    pub opinion: Opinion,
}
