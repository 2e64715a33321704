//! `dissent sessions verify`: whether the file is whole, and what to do where it is not.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::headless::exit::Exit;

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    file: String,
    whole: bool,
    wrong: &'a [String],
    advice: &'a [String],
}

/// Writes what is wrong with the file, which is nothing where all is well; returns the exit code.
///
/// # Errors
/// Those of `out`.
pub fn write(file: &Path, wrong: &[String], is_json: bool, out: &mut impl Write) -> io::Result<Exit> {
    let exit = if wrong.is_empty() { Exit::Answered } else { Exit::Failed };
    let advice = if wrong.is_empty() { Vec::new() } else { advice(file) };
    if is_json {
        let (file, whole) = (file.display().to_string(), wrong.is_empty());
        serde_json::to_writer(
            &mut *out,
            &Document { schema: "dissent.verify/1", file, whole, wrong, advice: &advice },
        )?;
        writeln!(out)?;
        return Ok(exit);
    }
    if wrong.is_empty() {
        writeln!(out, "{}: every page, index and reference is as it should be", file.display())?;
        return Ok(exit);
    }
    writeln!(out, "{}: not whole", file.display())?;
    for it in wrong {
        writeln!(out, "  {it}")?;
    }
    for it in advice {
        writeln!(out, "-> {it}")?;
    }
    Ok(exit)
}

/// What to do with a file that is not whole: first of all, to lose nothing.
fn advice(file: &Path) -> Vec<String> {
    let file = file.display();
    vec![
        format!("keep a copy first: cp '{file}' '{file}.damaged'"),
        format!("with a copy from `dissent sessions backup`: put it in the place of {file}, and remove {file}-wal"),
        format!(
            "without one: sqlite3 '{file}.damaged' .recover | sqlite3 '{file}.mended' saves what can still be read"
        ),
        "a file that cannot be opened any more is set aside by the next chat, which begins a new one".to_owned(),
    ]
}
