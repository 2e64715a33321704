//! `dissent compare`: the consensus engine alone, on texts that exist already. No network.

mod cases;
pub(super) mod text;

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::consensus::engine::Engine;
use crate::consensus::report::Report;
use crate::consensus::voice::Ending;
use crate::domain::ids::TurnId;
use crate::domain::kind::Kind;
use crate::domain::member::Member;
use crate::domain::response::{Response, State};
use crate::domain::stream::{Finish, FinishNorm, FinishReason};
use crate::domain::turn::Turn;
use crate::domain::verdict::Verdict;
use crate::edge::clock;
use crate::edge::file::{self, Limit};
use crate::headless::json;
use crate::round::verdict::{Settings, assemble};

/// All went well.
pub const DONE: u8 = 0;
/// The work failed, or a part of it.
pub const FAILED: u8 = 1;
/// The command was not understood.
pub const USAGE: u8 = 2;

/// An answer's limits: no model writes as much, and a pipe may come from a program that has to ask one first.
const ANSWER: Limit = Limit { bytes: 16 << 20, time: Duration::from_secs(600) };

/// What to compare, as the command line says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompareArgs {
    /// Files with one answer each; `-` is standard input.
    pub files: Vec<String>,
    /// What the answers answer, where that is known.
    pub question: Option<String>,
    /// Print a verdict as JSON.
    pub json: bool,
    /// A file of Cases, plain or gzipped, in place of `files`; `-` is standard input.
    pub jsonl: Option<String>,
    /// Lines that are no Cases do not make the command fail.
    pub skip_bad: bool,
}

/// One answer that exists already.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    model: String,
    text: String,
}

/// Compares and writes the result to `out`, what went wrong to `err`; returns the exit code.
///
/// # Errors
/// When a file can't be read or a result can't be written.
pub fn run(args: &CompareArgs, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<u8> {
    run_with(args, &mut io::stdin(), out, err)
}

fn run_with(args: &CompareArgs, stdin: &mut dyn Read, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<u8> {
    match &args.jsonl {
        Some(_) if !args.files.is_empty() => {
            writeln!(err, "compare: give either files or --jsonl, not both")?;
            Ok(USAGE)
        }
        Some(path) if path == "-" => cases::run(stdin, "standard input", args.skip_bad, out, err),
        Some(path) => {
            let mut file = std::fs::File::open(path).with_context(|| cannot_read(path))?;
            cases::run(&mut file, path, args.skip_bad, out, err)
        }
        None => compare_files(args, stdin, out, err),
    }
}

fn compare_files(
    args: &CompareArgs,
    stdin: &mut dyn Read,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    if args.files.is_empty() {
        writeln!(err, "compare: name the files to compare, one answer each; `-` is standard input")?;
        return Ok(USAGE);
    }
    if args.files.iter().filter(|file| *file == "-").count() > 1 {
        writeln!(err, "compare: standard input can be read once, so `-` can stand once")?;
        return Ok(USAGE);
    }
    let mut warnings = Vec::new();
    let mut answers = Vec::new();
    for (path, model) in args.files.iter().zip(ids(&args.files)) {
        let bytes = read(path, stdin)?;
        if let Some(what) = file::other_than_text(&bytes) {
            anyhow::bail!("can't compare `{path}`: {what}");
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if text.as_bytes() != bytes {
            warnings.push(format!("{model}: not all of it is UTF-8; what is not was replaced"));
        }
        answers.push(Answer { model, text });
    }
    let question = args.question.as_deref().unwrap_or("");
    let settings = Settings { id: "compare".to_owned(), warnings, ..Settings::default() };
    let (verdict, report) = compare(question, None, answers, &settings);
    for warning in &verdict.warnings {
        writeln!(err, "compare: {}", text::line(&warning.told(verdict.responses.as_slice())))?;
    }
    if args.json {
        // In one piece: a reader that went away must be told from a verdict that can't be written.
        let json = json::line(&verdict).context("writing the verdict")?;
        writeln!(out, "{json}")?;
    } else {
        text::write(&verdict, &report, out)?;
    }
    Ok(DONE)
}

fn read(path: &str, stdin: &mut dyn Read) -> anyhow::Result<Vec<u8>> {
    if path == "-" {
        return file::all_of(stdin, ANSWER.bytes).context("reading standard input");
    }
    file::read(Path::new(path), ANSWER).with_context(|| cannot_read(path))
}

fn cannot_read(path: &str) -> String {
    format!("can't read `{path}`; check the path, or use `-` for standard input")
}

/// A file's stem, or its path where two stems are the same; `stdin` for `-`. A file that is named again gets a number.
fn ids(files: &[String]) -> Vec<String> {
    let stem = |file: &String| match file.as_str() {
        "-" => "stdin".to_owned(),
        path => Path::new(path).file_stem().map_or_else(|| path.to_owned(), |stem| stem.to_string_lossy().into_owned()),
    };
    let stems: Vec<String> = files.iter().map(stem).collect();
    let is_clear = |stem: &String| stems.iter().filter(|other| *other == stem).count() == 1;
    let mut ids: Vec<String> = Vec::new();
    for (file, stem) in files.iter().zip(&stems) {
        let id = if is_clear(stem) { stem } else { file };
        let numbered = (2..).map(|n| format!("{id}#{n}"));
        ids.extend(std::iter::once(id.clone()).chain(numbered).find(|id| !ids.contains(id)));
    }
    ids
}

/// Runs the engine over recorded answers, each complete.
fn compare(question: &str, kind: Option<Kind>, answers: Vec<Answer>, settings: &Settings) -> (Verdict, Arc<Report>) {
    let members: Vec<Arc<Member>> = answers.iter().map(|it| Arc::new(Member::named(it.model.as_str()))).collect();
    let mut engine = Engine::new(question, kind, members.clone());
    for (member, answer) in answers.iter().enumerate() {
        engine.append(member, &answer.text);
        engine.end(member, Ending::Complete);
    }
    let report = engine.report();
    // Recorded answers have no times; the moment of the turn is never shown, as none of its responses has one.
    let mut turn = Turn::new(TurnId(1), question, members, clock::now());
    for (response, answer) in turn.responses.iter_mut().zip(answers) {
        complete(response, answer.text);
    }
    let verdict = assemble(&turn, &report, settings);
    (verdict, report)
}

fn complete(response: &mut Response, text: String) {
    let reason = FinishReason { raw: Some("stop".to_owned()), norm: FinishNorm::Stop };
    response.text = text;
    response.state = State::Done;
    response.finish = Some(Finish { reason: Some(reason), ..Finish::default() });
}

#[cfg(test)]
mod tests;
