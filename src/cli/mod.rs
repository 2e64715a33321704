//! The command line: commands, options and their help.

pub mod ask;
pub mod import;
pub mod look;
pub mod manual;
pub mod replay;
pub mod sessions;
pub mod stats;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::cli::ask::AskArgs;
use crate::cli::import::ImportArgs;
use crate::cli::look::{DoctorArgs, ModelsArgs};
use crate::cli::manual::{CompletionsArgs, ManArgs};
use crate::cli::replay::ReplayArgs;
use crate::cli::sessions::SessionsArgs;
use crate::cli::stats::StatsArgs;
use crate::domain::nearest::did_you_mean;

/// Commands whose names are taken, but that this version does not have.
const NOT_YET: [&str; 2] = ["eval", "serve"];

/// Asks several language models the same question at once, and shows where they agree and where they differ.
///
/// Without a command the chat opens. Keys come from the environment (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY,
/// and so on; `dissent config check` lists them); without any key the embedded demo models answer, and the screen says so.
#[derive(Clone, Debug, PartialEq, Parser)]
#[command(name = "dissent", version, after_help = FOOTER)]
pub struct Cli {
    /// What to do; nothing opens the chat.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How the chat starts where no command is given.
    #[command(flatten)]
    pub chat: ChatOptions,
}

const FOOTER: &str = "\
Environment: DISSENT_CONFIG names another config file or folder, DISSENT_DATA another folder for data
Exit codes:  0 answered, 1 the work failed, 2 usage or config, 130 interrupted; `dissent ask --help` has those of ask";

/// What to do.
#[derive(Clone, Debug, PartialEq, Subcommand)]
pub enum Command {
    /// Opens the chat (the same as no command)
    Chat {
        /// A question to send at once
        prompt: Option<String>,
        /// How the chat starts.
        #[command(flatten)]
        options: ChatOptions,
    },
    /// Asks one question without the screen; the answer is printed, and what it rests on
    Ask(AskArgs),
    /// Says what answers that exist already agree on and where they conflict; asks nobody
    Compare(CompareArgs),
    /// Lists which models can be asked, what they cost, and why the rest cannot
    Models(ModelsArgs),
    /// Looks at keys, config, terminal and network, and says what to do
    Doctor(DoctorArgs),
    /// Writes, finds and checks the config file
    Config(ConfigArgs),
    /// Plays a session or a recording again, in its own time; asks nobody
    Replay(ReplayArgs),
    /// Lists, finds, shows, names, forks, deletes and checks what was kept
    Sessions(SessionsArgs),
    /// Counts how the models did, what they cost, and which of them earns its seat; asks nobody
    Stats(StatsArgs),
    /// Prints what a shell needs to complete a command line of dissent
    Completions(CompletionsArgs),
    /// Prints a manual page, or writes them all
    Man(ManArgs),
    /// Brings in conversations from ChatGPT, Claude, Open WebUI and llm, and says where their answers conflict; asks nobody
    Import(ImportArgs),
    /// A word that is no command of this version.
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

/// How the chat starts.
#[derive(Clone, Debug, Default, PartialEq, Args)]
pub struct ChatOptions {
    /// Lets the embedded demo models answer, whatever keys are set
    #[arg(long)]
    pub demo: bool,
    /// How fast the demo models write, as a multiple of their usual speed
    #[arg(long, value_name = "N", value_parser = speed)]
    pub demo_speed: Option<f64>,
    /// Lets the demo models answer from a file of Cases (JSON lines) in place of their own questions
    #[arg(long, value_name = "FILE")]
    pub demo_bank: Option<PathBuf>,
    /// Who is asked at first: ids of models, separated by commas
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub models: Vec<String>,
    /// Goes on with a session that was kept: the first letters of its id, or `last`
    #[arg(long, value_name = "SESSION", num_args = 0..=1, default_missing_value = "last")]
    pub resume: Option<String>,
    /// Keeps nothing of this sitting
    #[arg(long, conflicts_with = "resume")]
    pub incognito: bool,
    /// Records all that happens to a new file, for `dissent replay`
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Plain lines in place of the screen: for screen readers, pipes and slow connections
    #[arg(long)]
    pub plain: bool,
    /// The theme, by name
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// The config file to read in place of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What is compared, and how the result is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "A file is one answer; its name without the ending is the model's id. `-` is standard input.")]
pub struct CompareArgs {
    /// The answers, one a file; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub files: Vec<PathBuf>,
    /// The question that they answer: tells which part of them matters most
    #[arg(long, value_name = "TEXT", conflicts_with = "jsonl")]
    pub question: Option<String>,
    /// Prints one Verdict as JSON
    #[arg(long)]
    pub json: bool,
    /// Reads Cases, one a line (.gz too, `-` is standard input), and prints a Verdict a line in the same order
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// Goes on past lines that are no Case
    #[arg(long, requires = "jsonl", conflicts_with = "files")]
    pub skip_bad: bool,
}

/// What to do with the config file.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: ConfigAction,
    /// The config file to use in place of the usual one
    // An id of its own: a global value is seen by the commands above as well.
    #[arg(id = "config_file", long = "config", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

/// What to do with the config file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum ConfigAction {
    /// Writes a config file in which every setting is explained; never over one that exists
    Init,
    /// Prints where the config file is, or would be
    Path,
    /// Says which models can be asked and why the others cannot; exits 2 where the file has errors
    Check,
}

/// Reads a command line, the program's own name first.
///
/// # Errors
/// What was asked for cannot be done, or help or the version was asked for: the error prints itself and knows its exit code.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let cli = Cli::try_parse_from(args)?;
    let has_early_options = cli.chat != ChatOptions::default();
    match &cli.command {
        Some(Command::Other(words)) => Err(unknown(words)),
        Some(_) if has_early_options => {
            let message = "options go after the command, as in: dissent chat --demo";
            Err(Cli::command().error(ErrorKind::ArgumentConflict, message))
        }
        Some(_) | None => Ok(cli),
    }
}

/// A lone word may be a command with a slip or a question: it is sent to nobody before that is clear.
fn unknown(words: &[OsString]) -> clap::Error {
    let word = words.first().map(|word| word.to_string_lossy()).unwrap_or_default();
    let mut command = Cli::command();
    let message = if NOT_YET.contains(&&*word) {
        format!("`dissent {word}` is not in this version")
    } else {
        let known = command.get_subcommands().map(clap::Command::get_name).chain(["help"]);
        let nearest = did_you_mean(&word, known);
        format!(
            "there is no command `{word}`{nearest}\n\nTo ask a question: dissent ask \"…\", or in the chat: dissent chat \"…\""
        )
    };
    command.error(ErrorKind::InvalidSubcommand, message)
}

/// Reads how many times faster than usual the demo writes.
fn speed(typed: &str) -> Result<f64, String> {
    let speed = typed.parse::<f64>().ok().filter(|it| (0.01..=1_000.0).contains(it));
    speed.ok_or_else(|| "must be a number from 0.01 to 1000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Result<Cli, String> {
        let args = std::iter::once("dissent").chain(line.split_whitespace()).map(OsString::from);
        parse(args).map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_command_is_the_chat() {
        let cli = check("--demo --demo-speed 4 --models a,b").unwrap();
        let options = ChatOptions {
            demo: true,
            demo_speed: Some(4.0),
            models: vec!["a".into(), "b".into()],
            ..Default::default()
        };
        assert_eq!(cli, Cli { command: None, chat: options.clone() });
        let chat = check("chat why? --demo --demo-speed 4 --models a,b").unwrap();
        assert_eq!(chat.command, Some(Command::Chat { prompt: Some("why?".into()), options }));
        assert_eq!(check("").unwrap().command, None);
    }

    #[test]
    fn a_word_that_is_no_command_is_never_a_prompt() {
        let rows = [
            ("comprae", "error: there is no command `comprae`; did you mean `compare`?"),
            ("Compare", "error: there is no command `Compare`; did you mean `compare`?"),
            ("cfg init", "error: there is no command `cfg`; did you mean `config`?"),
            ("hello", "error: there is no command `hello`; did you mean `help`?"),
            ("xyz", "error: there is no command `xyz`"),
            ("aks why", "error: there is no command `aks`; did you mean `ask`?"),
            ("ask a b", "error: unexpected argument 'b' found"),
            ("ask a --judge gpt", "error: unexpected argument '--judge' found"),
            ("ask a --continue", "error: unexpected argument '--continue' found"),
            ("ask a -t x", "error: unexpected argument '-t' found"),
            ("ask a --json --stream-json", "error: the argument '--json' cannot be used with '--stream-json'"),
            ("--demo ask a", "error: options go after the command, as in: dissent chat --demo"),
            ("serve", "error: `dissent serve` is not in this version"),
            ("--demo why", "error: there is no command `why`; did you mean `chat`?"),
            ("--demo chat", "error: options go after the command, as in: dissent chat --demo"),
            ("chat a b", "error: unexpected argument 'b' found"),
            ("config", "Writes, finds and checks the config file"),
            ("compare", "error: the following required arguments were not provided:"),
            ("compare a --jsonl b", "error: the argument '[FILE]...' cannot be used with '--jsonl <FILE>'"),
            ("compare a --skip-bad", "error: the argument '[FILE]...' cannot be used with '--skip-bad'"),
            ("compare --skip-bad", "error: the following required arguments were not provided:"),
            ("--demo-speed 0", "error: invalid value '0' for '--demo-speed <N>': must be a number from 0.01 to 1000"),
        ];
        for (line, expected) in rows {
            assert_eq!(check(line).unwrap_err(), expected, "{line}");
        }
    }

    #[test]
    fn compare_takes_files_or_cases() {
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect();
        let args = |line: &str| match check(line).unwrap().command {
            Some(Command::Compare(args)) => args,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            args("compare a.txt - --question who --json"),
            CompareArgs {
                files: files(&["a.txt", "-"]),
                question: Some("who".into()),
                json: true,
                ..Default::default()
            }
        );
        assert_eq!(
            args("compare --jsonl - --skip-bad"),
            CompareArgs { jsonl: Some("-".into()), skip_bad: true, ..Default::default() }
        );
    }

    #[test]
    fn the_config_file_may_be_named_after_the_action() {
        let cli = check("config check --config a.toml").unwrap();
        let expected = ConfigArgs { action: ConfigAction::Check, config: Some("a.toml".into()) };
        assert_eq!(cli.command, Some(Command::Config(expected)));
    }
}
