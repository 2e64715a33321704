//! The options of `dissent replay`.

use std::path::PathBuf;

use clap::Args;

const ABOUT_REPLAY: &str = "\
Nobody is asked, and nothing leaves this machine. On a terminal the run is played on the screen, and its last picture stays
until you leave; esc goes to the end of what is being played. With --json, or in a pipe, it is compared again by this
version of dissent, and what has changed is printed.

Exit codes: 0 done, 1 the file cannot be read, 2 usage, or there is no such session";

/// What is played, and how.
#[derive(Clone, Debug, PartialEq, Args)]
#[command(after_help = ABOUT_REPLAY)]
pub struct ReplayArgs {
    /// A file made with `--record` or `sessions export --format json`; or a session: the first letters of its id, or `last`
    #[arg(value_name = "SESSION|FILE")]
    pub what: String,
    /// Plays it so many times faster
    #[arg(long, value_name = "N", value_parser = super::speed, conflicts_with = "now")]
    pub speed: Option<f64>,
    /// Shows its end at once
    #[arg(long)]
    pub now: bool,
    /// Prints each verdict as it was and as this version finds it, as one JSON document
    #[arg(long, conflicts_with_all = ["speed", "now"])]
    pub json: bool,
    /// The theme, by name
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// The config file to read in place of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}
