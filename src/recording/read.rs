//! Reads a recording, and says with the number of the line what cannot be read in it.

use std::io::{self, BufRead, Read};

use thiserror::Error;

use crate::domain::record::{Moment, TurnRecord};
use crate::recording::line::{ANY_SCHEMA, Found, Header, SCHEMA};
use crate::recording::{Recorded, Recording};

/// The longest line that is read, in bytes: the verdict on eight answers of many megabytes fits, and a file without lines
/// does not fill the memory.
const LONGEST_LINE: u64 = 256 << 20;

/// Why a recording cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// A line is not what stands in a recording.
    #[error("line {number}: {what}")]
    Line {
        /// Which, from 1.
        number: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The file cannot be read on.
    #[error("after line {after}: {error}")]
    Io {
        /// The last line that was read, from 1; 0 for none.
        after: usize,
        /// What the system says.
        error: io::Error,
    },
}

/// A line of the input.
struct Line {
    number: usize,
    text: String,
    /// Whether it ends as a line does, and not because the file does.
    is_whole: bool,
}

/// Returns whether a text begins as a recording does.
pub fn is_recording(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    memchr::memmem::find(line, ANY_SCHEMA.as_bytes()).is_some()
}

/// Reads a recording. A last line that is cut, as when the program was killed while it wrote, is left out with a warning.
///
/// # Errors
/// It is no recording, one of another version, or a line in it is not what it must be.
pub fn read(input: &mut dyn BufRead) -> Result<Recording, ReadError> {
    let mut lines = Lines { input, number: 0 };
    let first = lines.next_line()?;
    let header = header(first.as_ref())?;
    let mut recording = Recording { header, turns: Vec::new(), warnings: Vec::new() };
    while let Some(line) = lines.next_line()? {
        if line.text.trim().is_empty() {
            continue;
        }
        match take(&mut recording.turns, &line.text) {
            Ok(()) => {}
            Err(_) if !line.is_whole => {
                let cut = format!("line {} is cut: what comes before it is all there is", line.number);
                recording.warnings.push(cut);
            }
            Err(what) => return Err(ReadError::Line { number: line.number, what }),
        }
    }
    Ok(recording)
}

fn header(line: Option<&Line>) -> Result<Header, ReadError> {
    let refuse = |what: &str| ReadError::Line { number: 1, what: what.to_owned() };
    let none = "it is no recording of dissent: the first line of one names its schema";
    let Some(line) = line.filter(|line| !line.text.trim().is_empty()) else {
        return Err(refuse("there is nothing in it; a recording is made with `--record FILE`"));
    };
    let value: serde_json::Value =
        serde_json::from_str(line.text.trim_start_matches('\u{feff}')).map_err(|_| refuse(none))?;
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => serde_json::from_value(value).map_err(|error| refuse(&error.to_string())),
        Some(other) if other.starts_with(ANY_SCHEMA) => {
            let number: String = other.chars().skip(ANY_SCHEMA.len()).filter(char::is_ascii_digit).take(9).collect();
            Err(refuse(&format!(
                "it is of version {number} of recordings, and this dissent plays version 1: a newer dissent plays it"
            )))
        }
        Some(_) | None => Err(refuse(none)),
    }
}

/// Takes a line in.
fn take(turns: &mut Vec<Recorded>, text: &str) -> Result<(), String> {
    let found: Found<'_> = parse(text)?;
    let n_turns = turns.len();
    if let Some(asked) = found.asked {
        if found.turn as usize != n_turns + 1 {
            return Err(format!("turn {} begins after turn {n_turns}", found.turn));
        }
        let asked = parse(asked.get()).map_err(|what| format!("`asked`: {what}"))?;
        let asked_at_ms = found.asked_at_ms.ok_or("a turn begins, and `asked_at_ms` is not there")?;
        let record = TurnRecord { asked_at_ms, asked, moments: Vec::new(), readings: Vec::new() };
        turns.push(Recorded { record, verdict: None });
        return Ok(());
    }
    let turn = (found.turn as usize).checked_sub(1).and_then(|idx| turns.get_mut(idx));
    let turn = turn.ok_or_else(|| format!("it is of turn {}, which has not begun", found.turn))?;
    if let Some(reading) = found.reading {
        turn.record.readings.push(parse(reading.get()).map_err(|what| format!("`reading`: {what}"))?);
    } else if let Some(verdict) = found.verdict {
        turn.verdict = Some(parse(verdict.get()).map_err(|what| format!("`verdict`: {what}"))?);
    } else {
        let moment: Moment = parse(text)?;
        let n_members = turn.record.asked.members.len();
        if moment.column.index() >= n_members {
            return Err(format!("it is of column {}, and the turn has {n_members}", moment.column.0));
        }
        turn.record.moments.push(moment);
    }
    Ok(())
}

/// Parses a line, or a part of one; the parser's own number of the line would always be 1.
fn parse<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        match said.rsplit_once(" at line ") {
            Some((what, _)) => format!("column {}: {what}", error.column()),
            None => said,
        }
    })
}

struct Lines<'a> {
    input: &'a mut dyn BufRead,
    number: usize,
}

impl Lines<'_> {
    fn next_line(&mut self) -> Result<Option<Line>, ReadError> {
        let mut bytes = Vec::new();
        let after = self.number;
        let io = |error| ReadError::Io { after, error };
        if (&mut *self.input).take(LONGEST_LINE).read_until(b'\n', &mut bytes).map_err(io)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let number = self.number;
        let is_whole = bytes.ends_with(b"\n");
        if !is_whole && bytes.len() as u64 == LONGEST_LINE {
            let what = format!("it is longer than {} MiB", LONGEST_LINE >> 20);
            return Err(ReadError::Line { number, what });
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let what = format!("byte {} is not UTF-8", error.utf8_error().valid_up_to() + 1);
            ReadError::Line { number, what }
        });
        match text {
            Ok(text) => Ok(Some(Line { number, text, is_whole })),
            // A letter may be cut in its middle.
            Err(_) if !is_whole => Ok(Some(Line { number, text: "{".to_owned(), is_whole })),
            Err(error) => Err(error),
        }
    }
}
