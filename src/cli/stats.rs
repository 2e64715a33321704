//! The options of `dissent stats`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::config::duration::parse_duration;

/// Which calls are counted, and how the figures are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Counts what was kept of every settled turn, and the cost of every request. Your verdicts (! in the chat) say who was right.
Models that were brought in by `dissent import` are compared too; they have no calls, times or costs of yours.")]
pub struct StatsArgs {
    /// Only the last so many days, such as 30d; a part of a day counts as a whole one
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub since: Option<Duration>,
    /// Counts the demo models in place of all others; they come by themselves where nobody else has answered
    #[arg(long)]
    pub demo: bool,
    /// Prints one JSON document, with every model on every day
    #[arg(long)]
    pub json: bool,
    /// The config file to read in place of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

fn age(typed: &str) -> Result<Duration, String> {
    parse_duration(typed).filter(|age| !age.is_zero()).ok_or_else(|| "must be an age such as 30d or 12h".to_owned())
}
