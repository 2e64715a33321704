//! Cases in, verdicts out, a line each: in order, on every core, with memory that does not grow with their number.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::num::NonZeroUsize;
use std::thread;

use anyhow::Context;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use crate::domain::kind::Kind;
use crate::headless::compare::{Answer, DONE, FAILED, cannot_read, compare, text};
use crate::headless::json;
use crate::round::verdict::Settings;

/// Cases that each core gets at a time: enough that starting threads costs nothing beside the work.
const CASES_A_CORE: usize = 64;

/// Bytes that each core gets at a time, so that long Cases don't pile up in memory.
const BYTES_A_CORE: usize = 4 << 20;

/// The longest line that is read, in bytes: eight answers of many megabytes fit, and a file that holds no lines at all
/// does not fill the memory.
const LONGEST_LINE: usize = 64 << 20;

/// The most of one line that is passed over: a device gives zeros without end, and a folder's image none but long lines.
const MOST_PASSED_OVER: u64 = 1 << 30;

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

/// A line that is not blank.
struct Line {
    /// Counted from 1.
    number: usize,
    bytes: Vec<u8>,
    /// Whether there was more of it than is read.
    is_cut: bool,
}

/// Some lines, and what went wrong after them.
struct Batch {
    lines: Vec<Line>,
    end: Option<io::Error>,
}

/// Writes a verdict for each case of `input`, plain or gzipped, which is called `name`; returns the exit code.
pub(super) fn run(
    input: &mut dyn Read,
    name: &str,
    skip_bad: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let mut input = open(input).with_context(|| cannot_read(name))?;
    let n_cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let mut number = 0;
    let mut n_bad = 0_usize;
    loop {
        let batch = next_batch(&mut *input, n_cores, &mut number);
        for (line, result) in batch.lines.iter().zip(verdicts(&batch.lines, n_cores)) {
            match result {
                Ok(verdict) => out.write_all(&verdict).context("writing a verdict")?,
                Err(reason) => {
                    n_bad += 1;
                    writeln!(err, "compare: line {}: {}", line.number, text::line(&reason))?;
                }
            }
        }
        if let Some(error) = batch.end {
            out.flush().context("writing a verdict")?;
            let after = format!("after line {number} of {name}: what came before was compared, what follows is lost");
            return Err(error).context(after);
        }
        if batch.lines.is_empty() {
            break;
        }
    }
    Ok(if n_bad > 0 && !skip_bad { FAILED } else { DONE })
}

fn open<'a>(input: &'a mut dyn Read) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let is_gzip = input.fill_buf()?.starts_with(&GZIP_MAGIC);
    Ok(if is_gzip { Box::new(BufReader::new(MultiGzDecoder::new(input))) } else { Box::new(input) })
}

/// The next lines that are not blank: as many as are worth starting threads for.
fn next_batch(input: &mut dyn BufRead, n_cores: usize, number: &mut usize) -> Batch {
    let mut batch = Batch { lines: Vec::new(), end: None };
    let mut n_bytes = 0;
    while batch.lines.len() < n_cores * CASES_A_CORE && n_bytes < n_cores * BYTES_A_CORE {
        match next_line(input) {
            Ok(None) => break,
            Ok(Some((bytes, is_cut))) => {
                *number += 1;
                n_bytes += bytes.len();
                if !bytes.trim_ascii().is_empty() {
                    batch.lines.push(Line { number: *number, bytes, is_cut });
                }
            }
            Err(error) => {
                batch.end = Some(error);
                break;
            }
        }
    }
    batch
}

/// The next line, and whether the rest of it was passed over as too long; `None` at the end.
fn next_line(input: &mut dyn BufRead) -> io::Result<Option<(Vec<u8>, bool)>> {
    let mut bytes = Vec::new();
    if (&mut *input).take(LONGEST_LINE as u64).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let is_cut = bytes.len() == LONGEST_LINE && bytes.last() != Some(&b'\n');
    if is_cut && pass_over(input)? {
        let what = format!("no line ends within {} GiB: this is no file of Cases", MOST_PASSED_OVER >> 30);
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    }
    Ok(Some((bytes, is_cut)))
}

/// Passes over the rest of a line; returns whether it does not end.
fn pass_over(input: &mut dyn BufRead) -> io::Result<bool> {
    let mut rest = input.take(MOST_PASSED_OVER);
    rest.skip_until(b'\n')?;
    Ok(rest.limit() == 0)
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

fn verdict(line: &Line) -> Result<Vec<u8>, String> {
    if line.is_cut {
        return Err(format!("longer than {} MiB, so it was passed over", LONGEST_LINE >> 20));
    }
    let text = str::from_utf8(&line.bytes).map_err(|error| format!("byte {} is not UTF-8", error.valid_up_to() + 1))?;
    // The mark that some editors put at the start of a file is no part of its first line.
    let text = if line.number == 1 { text.trim_start_matches('\u{feff}') } else { text };
    let case: Case = serde_json::from_str(text).map_err(|error| reason(&error))?;
    let mut models: Vec<&str> = case.answers.iter().map(|answer| answer.model.as_str()).collect();
    models.sort_unstable();
    if let Some([twice, _]) = models.array_windows().find(|[left, right]| left == right) {
        return Err(format!("two answers of the model `{twice}`"));
    }
    let id = match case.id {
        Some(serde_json::Value::String(id)) => id,
        Some(id) if !id.is_null() => id.to_string(),
        _ => line.number.to_string(),
    };
    let kind = case.kind.as_deref().and_then(Kind::from_word);
    let answers = case.answers.into_iter().map(|it| Answer { model: it.model, text: it.text }).collect();
    let settings = Settings { id, ..Settings::default() };
    let (verdict, _) = compare(case.question.as_deref().unwrap_or(""), kind, answers, &settings);
    let mut json = json::line(&verdict).map_err(|error| error.to_string())?.into_bytes();
    json.push(b'\n');
    Ok(json)
}

/// What is wrong with a line; the parser's own number of it would always be 1.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((what, _)) => format!("column {}: {what}", error.column()),
        None => text,
    }
}
