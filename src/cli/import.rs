//! The options of `dissent import`.

use std::path::PathBuf;

use clap::Args;

const ABOUT: &str = "\
What is read, by what is in it and not by its name: the exports of ChatGPT, Claude and Open WebUI (.json, or the .zip as it
came), the logs.db of llm, and what `dissent sessions export --format json` writes. A file may be read again: what is there
already stays, what has grown is added.

Exit codes: 0 imported, or all of it was there already; 1 nothing could be imported; 2 usage";

/// What is imported.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(after_help = ABOUT)]
pub struct ImportArgs {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Says what would be imported, and writes nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Prints one JSON document
    #[arg(long)]
    pub json: bool,
    /// The config file to read in place of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}
