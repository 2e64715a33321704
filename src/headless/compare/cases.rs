//! Cases in, verdicts out, a line each: in order, on every core, with memory that does not grow with their number.

use std::io::{BufRead, BufReader, Read, Write};
use std::num::NonZeroUsize;
use std::thread;

use anyhow::Context;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use crate::domain::kind::Kind;
use crate::headless::compare::{Answer, DONE, FAILED, compare};
use crate::round::verdict::Settings;

/// Cases that each core gets at a time: enough that starting threads costs nothing beside the work.
const CASES_A_CORE: usize = 64;

/// The first two bytes of a gzipped stream (RFC 1952).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// One line of the input; other keys are ignored.
#[derive(Debug, Deserialize)]
struct Case {
    id: Option<serde_json::Value>,
    question: Option<String>,
    kind: Option<String>,
    answers: Vec<Recorded>,
}

#[derive(Debug, Deserialize)]
struct Recorded {
    model: String,
    text: String,
}

/// A line with its number, from 1.
type Line = (usize, Vec<u8>);

/// Writes a verdict for each case of `input`, plain or gzipped; returns the exit code.
pub(super) fn run(
    input: &mut dyn Read,
    skip_bad: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let mut input = open(input)?;
    let n_cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let mut number = 0;
    let mut n_bad = 0_usize;
    loop {
        let lines = next_lines(&mut *input, n_cores * CASES_A_CORE, &mut number)?;
        if lines.is_empty() {
            break;
        }
        for (number, result) in lines.iter().map(|line| line.0).zip(verdicts(&lines, n_cores)) {
            match result {
                Ok(verdict) => out.write_all(&verdict).context("writing a verdict")?,
                Err(reason) => {
                    n_bad += 1;
                    writeln!(err, "compare: line {number}: {reason}")?;
                }
            }
        }
    }
    Ok(if n_bad > 0 && !skip_bad { FAILED } else { DONE })
}

fn open<'a>(input: &'a mut dyn Read) -> anyhow::Result<Box<dyn BufRead + 'a>> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let is_gzip = input.fill_buf().context("reading the cases")?.starts_with(&GZIP_MAGIC);
    Ok(if is_gzip { Box::new(BufReader::new(MultiGzDecoder::new(input))) } else { Box::new(input) })
}

/// The next lines that are not blank.
fn next_lines(input: &mut dyn BufRead, n_wanted: usize, number: &mut usize) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    while lines.len() < n_wanted {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line).context("reading the cases")? == 0 {
            break;
        }
        *number += 1;
        if !line.trim_ascii().is_empty() {
            lines.push((*number, line));
        }
    }
    Ok(lines)
}

/// One result a line, in order: a verdict as a line of JSON, or why there is none.
fn verdicts(lines: &[Line], n_cores: usize) -> Vec<Result<Vec<u8>, String>> {
    let share = lines.len().div_ceil(n_cores).max(1);
    thread::scope(|scope| {
        let work = |lines| scope.spawn(move || verdicts_of(lines));
        let running: Vec<_> = lines.chunks(share).map(work).collect();
        let lost = |lines: &[Line]| lines.iter().map(|_| Err("the comparison broke off".to_owned())).collect();
        let results = running.into_iter().zip(lines.chunks(share));
        results.flat_map(|(running, lines)| running.join().unwrap_or_else(|_| lost(lines))).collect()
    })
}

fn verdicts_of(lines: &[Line]) -> Vec<Result<Vec<u8>, String>> {
    lines.iter().map(verdict).collect()
}

fn verdict((number, line): &Line) -> Result<Vec<u8>, String> {
    let case: Case = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let mut models: Vec<&str> = case.answers.iter().map(|answer| answer.model.as_str()).collect();
    models.sort_unstable();
    if let Some([twice, _]) = models.array_windows().find(|[left, right]| left == right) {
        return Err(format!("two answers of the model `{twice}`"));
    }
    let id = match case.id {
        Some(serde_json::Value::String(id)) => id,
        Some(id) if !id.is_null() => id.to_string(),
        _ => number.to_string(),
    };
    let kind = case.kind.as_deref().and_then(Kind::from_word);
    let answers = case.answers.into_iter().map(|it| Answer { model: it.model, text: it.text }).collect();
    let settings = Settings { id, ..Settings::default() };
    let (verdict, _) = compare(case.question.as_deref().unwrap_or(""), kind, answers, &settings);
    let mut json = serde_json::to_vec(&verdict).map_err(|error| error.to_string())?;
    json.push(b'\n');
    Ok(json)
}
