//! `dissent sessions search`: the turns in which words stand, with what is around them.

use std::io::{self, Write};

use serde::Serialize;

use crate::consensus::plain::clean;
use crate::headless::sessions::moment;
use crate::store::cost::day;
use crate::store::search::{Find, MARKS};

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    found: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    session: &'a str,
    short: &'a str,
    name: &'a str,
    turn: u32,
    asked_at: String,
    question: &'a str,
    /// What is around the words, and where they stand in it, in bytes.
    context: String,
    spans: Vec<[usize; 2]>,
}

impl<'a> From<&'a Find> for Row<'a> {
    fn from(find: &'a Find) -> Self {
        let (context, spans) = unmarked(&find.context);
        Self {
            session: &find.session,
            short: &find.short,
            name: &find.name,
            turn: find.place,
            asked_at: moment(find.asked_at_ms),
            question: &find.question,
            context,
            spans,
        }
    }
}

/// Writes what was found for a person; what fits stands between the `emphasis` marks, the one before and the one behind.
///
/// # Errors
/// Those of `out`.
pub fn write(found: &[Find], emphasis: [&str; 2], out: &mut impl Write) -> io::Result<()> {
    for it in found {
        writeln!(out, "{} turn {}  {}  {}", it.short, it.place, day(it.asked_at_ms), clean(&it.question))?;
        let (context, spans) = unmarked(&it.context);
        // A question that fits is its own context.
        if clean(&context) != clean(&it.question) {
            writeln!(out, "    {}", emphasised(&context, &spans, emphasis))?;
        }
    }
    Ok(())
}

/// Writes what was found as one JSON document.
///
/// # Errors
/// Those of `out`.
pub fn write_json(found: &[Find], out: &mut impl Write) -> io::Result<()> {
    let document = Document { schema: "dissent.search/1", found: found.iter().map(Row::from).collect() };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

/// Takes the marks out of a context; returns where the words between them stand, in bytes.
fn unmarked(marked: &str) -> (String, Vec<[usize; 2]>) {
    let (mut text, mut spans, mut from) = (String::with_capacity(marked.len()), Vec::new(), None);
    for character in marked.chars() {
        match (character == MARKS[0], character == MARKS[1], from) {
            (true, ..) => from = Some(text.len()),
            (_, true, Some(start)) => {
                spans.push([start, text.len()]);
                from = None;
            }
            (_, true, None) => {}
            (false, false, _) => text.push(character),
        }
    }
    (text, spans)
}

/// Puts the marks of a terminal around the words of a context, which is cleaned piece by piece.
fn emphasised(context: &str, spans: &[[usize; 2]], [before, after]: [&str; 2]) -> String {
    let (mut line, mut at) = (String::new(), 0);
    let push = |piece: Option<&str>, line: &mut String| line.push_str(&one_line(piece.unwrap_or_default()));
    for [start, end] in spans {
        push(context.get(at..*start), &mut line);
        line.push_str(before);
        push(context.get(*start..*end), &mut line);
        line.push_str(after);
        at = *end;
    }
    push(context.get(at..), &mut line);
    line.trim().to_owned()
}

/// Cleans a piece of a line, whose blanks at the ends stay.
fn one_line(piece: &str) -> String {
    let blank = |is_there: bool| if is_there { " " } else { "" };
    let inner = clean(piece);
    let (starts, ends) = (piece.starts_with(char::is_whitespace), piece.ends_with(char::is_whitespace));
    if inner.is_empty() { blank(starts).to_owned() } else { format!("{}{inner}{}", blank(starts), blank(ends)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_were_found_stand_out_and_nothing_else_reaches_the_terminal() {
        let [before, after] = MARKS;
        let context = format!("…by {before}Charley{after}\n\n{before}Kline{after}\u{1b}[31m, a student");
        let find = Find {
            session: "97f9aa".to_owned(),
            short: "97f9".to_owned(),
            name: "n".to_owned(),
            place: 2,
            asked_at_ms: 0,
            question: "Who?".to_owned(),
            context,
        };
        let mut out = Vec::new();
        write(std::slice::from_ref(&find), ["<", ">"], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with("Who?\n    …by <Charley> <Kline>, a student\n"), "{text}");
        let mut out = Vec::new();
        write_json(&[find], &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["found"][0]["spans"], serde_json::json!([[6, 13], [15, 20]]));
    }
}
