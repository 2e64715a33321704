//! The options of `dissent ask`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::config::duration::parse_duration;
use crate::config::settings::Route;
use crate::domain::kind::Kind;
use crate::domain::money::Usd;
use crate::domain::nearest::did_you_mean;

const ABOUT_INPUT: &str = "\
Text that is piped in goes to the models after PROMPT; without PROMPT, or with `-`, it is the question.
Standard output has the answer and nothing else; what it rests on, flags and failures are on standard error.

Exit codes: 0 answered, 1 the work failed, 2 usage or config (also: no model can be asked), 3 flagged (only with
            --min-confidence), 4 nobody answered, 5 over the budget, 130 interrupted, 143 terminated";

/// What is asked, of whom, and how the result is written.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(after_help = ABOUT_INPUT)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct AskArgs {
    /// The question; `-` or nothing takes it from standard input
    pub prompt: Option<String>,
    /// Sends a text file along (repeatable)
    #[arg(long = "file", value_name = "PATH")]
    pub files: Vec<PathBuf>,
    /// Standing instructions, in place of the config's; those of a single model stay
    #[arg(long, value_name = "TEXT")]
    pub system: Option<String>,
    /// Who is asked: ids of models, separated by commas
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub models: Vec<String>,
    /// How members are chosen for the question: `all` of them
    #[arg(long, value_name = "POLICY", value_parser = route)]
    pub route: Option<Route>,
    /// What compares answers in meaning: `none`
    #[arg(long, value_name = "HOW", value_parser = similarity)]
    pub similarity: Option<String>,
    /// Asks the embedded demo models, whatever keys are set
    #[arg(long)]
    pub demo: bool,
    /// How fast the demo models write, as a multiple of their usual speed
    #[arg(long, value_name = "N", value_parser = super::speed, requires = "demo")]
    pub demo_speed: Option<f64>,
    /// The longest time for each model's whole answer, such as 90s or 5m
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Sends nothing and exits 5 where the question would cost more, in US dollars, by an estimate
    #[arg(long, value_name = "USD", value_parser = dollars, allow_negative_numbers = true)]
    pub budget: Option<Usd>,
    /// Flags a confidence under X (0 to 1), and exits 3 when the answer is flagged or its confidence cannot be known
    #[arg(long, value_name = "X", value_parser = share, allow_negative_numbers = true)]
    pub min_confidence: Option<f64>,
    /// Prints one Verdict as JSON
    #[arg(long)]
    pub json: bool,
    /// Prints what happens as JSON, one event a line, the Verdict last
    #[arg(long, conflicts_with = "json")]
    pub stream_json: bool,
    /// Leaves out progress and who is asked; the verdict, flags and failures are said all the same
    #[arg(long)]
    pub quiet: bool,
    /// Records all that happens to a new file, for `dissent replay`
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Keeps nothing of it
    #[arg(long)]
    pub incognito: bool,
    /// The config file to read in place of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

fn route(typed: &str) -> Result<Route, String> {
    match Route::from_word(typed) {
        Some(Route::All) => Ok(Route::All),
        Some(Route::Balanced | Route::Cheap | Route::Best | Route::Fast | Route::Kind(_)) => {
            Err("is not in this version; `all` asks everyone".to_owned())
        }
        None => {
            let known = Route::POLICIES.iter().map(|policy| policy.as_str()).chain(Kind::ALL.map(Kind::as_str));
            Err(format!("there is no such policy{}", did_you_mean(typed, known)))
        }
    }
}

fn similarity(typed: &str) -> Result<String, String> {
    match typed {
        "none" => Ok(typed.to_owned()),
        _ => Err("similarity is not measured in this version; only `none` is known".to_owned()),
    }
}

fn duration(typed: &str) -> Result<Duration, String> {
    parse_duration(typed).ok_or_else(|| "must be a length of time such as 90s or 5m".to_owned())
}

fn dollars(typed: &str) -> Result<Usd, String> {
    let amount = typed.trim_start_matches('$').parse::<f64>().ok().filter(|it| it.is_finite() && *it >= 0.0);
    amount.map(Usd).ok_or_else(|| "must be an amount of US dollars such as 0.50".to_owned())
}

fn share(typed: &str) -> Result<f64, String> {
    let share = typed.parse::<f64>().ok().filter(|it| (0.0..=1.0).contains(it));
    share.ok_or_else(|| "must be a number from 0 to 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_version_lacks_is_said_and_not_guessed() {
        assert_eq!(route("all"), Ok(Route::All));
        assert_eq!(route("cheap").unwrap_err(), "is not in this version; `all` asks everyone");
        assert_eq!(route("maths").unwrap_err(), "there is no such policy; did you mean `math`?");
        assert_eq!(similarity("none").as_deref(), Ok("none"));
        assert!(similarity("static").is_err());
    }

    #[test]
    fn numbers_have_a_range() {
        assert_eq!(dollars("$0.50"), Ok(Usd(0.5)));
        assert_eq!(dollars("0"), Ok(Usd(0.0)));
        assert!(dollars("-1").is_err() && dollars("inf").is_err() && dollars("a lot").is_err());
        assert_eq!(share("0.75"), Ok(0.75));
        assert!(share("75").is_err() && share("NaN").is_err());
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert!(duration("90").is_err());
    }
}
