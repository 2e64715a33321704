//! The options of the commands that look at what there is: `dissent models` and `dissent doctor`.

use std::path::PathBuf;

use clap::Args;

/// Which models are listed, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct ModelsArgs {
    /// Asks each usable provider what it lists: shows what is new, and marks what is gone
    #[arg(long)]
    pub refresh: bool,
    /// Prints one JSON document
    #[arg(long)]
    pub json: bool,
    /// The config file to read in place of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(
    after_help = "Exit codes: 0 nothing fails, 1 something does. The output has no keys in it and can be pasted."
)]
pub struct DoctorArgs {
    /// Asks each usable provider for its list of models, which costs nothing: shows whether keys, network and clock are good
    #[arg(long)]
    pub online: bool,
    /// The config file to read in place of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}
