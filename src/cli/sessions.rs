//! The options of `dissent sessions`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::config::duration::parse_duration;
use crate::domain::nearest::did_you_mean;
use crate::export::Format;

const ABOUT_IDS: &str = "\
A SESSION is the first letters of its id, its whole name, or `last` for the one used last.

Exit codes: 0 done, 1 the work failed (also: `search` found nothing, `verify` found damage), 2 usage, or there is no such
            session";

/// What to do with what was kept.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(after_help = ABOUT_IDS)]
pub struct SessionsArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: SessionsAction,
    /// The config file to read in place of the usual one
    // An id of its own: a global value is seen by the commands above as well.
    #[arg(id = "sessions_config_file", long = "config", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

/// What to do with what was kept.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum SessionsAction {
    /// Lists sessions, the one used last first
    #[command(visible_alias = "ls")]
    List {
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
        /// All of them
        #[arg(long, conflicts_with = "limit")]
        all: bool,
        /// Prints one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Prints a session: questions, answers and what they rest on
    Show {
        /// Which
        #[arg(default_value = "last")]
        session: String,
        /// One turn alone, by its number
        #[arg(long, value_name = "N")]
        turn: Option<u32>,
        /// Prints one JSON document, with the whole Verdict on each turn
        #[arg(long)]
        json: bool,
    },
    /// Finds words in all questions, answers and claims; the last word may be unfinished
    Search {
        /// The words; all of them must stand in a turn
        #[arg(required = true)]
        words: Vec<String>,
        /// At most so many turns
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
        /// Prints one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Deletes sessions: what was said is written over in the file; what it has cost stays
    Rm {
        /// Which
        #[arg(value_name = "SESSION", required_unless_present = "older_than")]
        sessions: Vec<String>,
        /// All that were not used for so long, such as 90d
        #[arg(long, value_name = "AGE", value_parser = age, conflicts_with = "sessions")]
        older_than: Option<Duration>,
        /// Says what would be deleted, and deletes nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Writes a session for others: a page, Markdown, data, a film
    Export {
        /// Which
        #[arg(default_value = "last")]
        session: String,
        /// The form: markdown, json, html, cases, cast or openai; without it the ending of the file decides
        #[arg(long, value_name = "FORMAT", value_parser = format)]
        format: Option<Format>,
        /// The file to write, in place of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Gives a session another name
    Rename {
        /// Which
        session: String,
        /// The name
        #[arg(required = true)]
        name: Vec<String>,
    },
    /// Makes a session of the first turns of another; what they have in common is kept once
    Fork {
        /// Which
        session: String,
        /// The last turn that goes along; without it all do
        #[arg(long, value_name = "N")]
        at: Option<u32>,
        /// Prints one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Looks at every page, index and reference of the file
    Verify {
        /// Prints one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Copies everything to a new file, also while others write; never over one that exists
    Backup {
        /// The new file
        file: PathBuf,
    },
}

fn format(typed: &str) -> Result<Format, String> {
    let known = Format::ALL.map(Format::as_str);
    Format::from_word(typed)
        .ok_or_else(|| format!("there is no such form{}; there are {}", did_you_mean(typed, known), known.join(", ")))
}

fn age(typed: &str) -> Result<Duration, String> {
    parse_duration(typed).ok_or_else(|| "must be an age such as 90d or 12h".to_owned())
}
