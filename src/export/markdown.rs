//! A session as Markdown. Answers stand in quotes, so that their headings and lists are theirs and not the document's; what
//! would run or be fetched where the text is shown is text.

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::consensus::plain::{clean, clean_lines};
use crate::domain::ids::Column;
use crate::domain::verdict::{QuoteRecord, Verdict};
use crate::export::{Session, Turn, words};

/// The longest question that is a heading, in characters; a longer one is quoted below it.
const HEADING_CHARS: usize = 120;

/// Returns a session as Markdown.
pub fn write(session: &Session) -> String {
    let mut out = format!("# {}\n\n{}\n", inline(&session.name), words::about(session));
    for (number, turn) in (1..).zip(&session.turns) {
        write_turn(number, turn, &mut out);
    }
    out
}

fn write_turn(number: u32, turn: &Turn, out: &mut String) {
    let verdict = &turn.verdict;
    let question = &turn.record.asked.question;
    let is_heading = question.trim().lines().count() == 1 && question.chars().count() <= HEADING_CHARS;
    if is_heading {
        push(out, &format!("\n## {number}. {}\n", inline(question)));
    } else {
        push(out, &format!("\n## {number}. Question\n\n{}", quoted(question)));
    }
    for file in &turn.record.asked.files {
        push(out, &format!("\nAlong with it: {}\n", inline(&file.name)));
    }
    let confidence = words::confidence(verdict).map(|text| format!("**{text}** · ")).unwrap_or_default();
    push(out, &format!("\n{confidence}{}\n", words::counts(verdict)));
    if let Some(opinion) = words::opinion(turn) {
        push(out, &format!("\n{}\n", inline(&opinion)));
    }
    let cautions = words::cautions(verdict);
    if !cautions.is_empty() {
        push(out, "\n");
        let lines: Vec<String> = cautions.iter().map(|text| format!("- {}\n", inline(text))).collect();
        push(out, &lines.concat());
    }
    write_conflicts(verdict, out);
    if let Some((answer, by)) = verdict.answer.as_ref().zip(verdict.answer_by).filter(|_| verdict.answered >= 2) {
        push(out, &format!("\n### Answer, in the words of {}\n\n{}", inline(verdict.name(by)), quoted(answer)));
    }
    for (idx, response) in verdict.responses.iter().enumerate().filter(|(_, response)| words::takes_part(response)) {
        let about = words::response(response);
        let about = if about.is_empty() { about } else { format!(" · {}", inline(&about)) };
        push(out, &format!("\n### {} {}{about}\n", Column::at(idx).letter(), inline(&response.model)));
        if !response.text.trim().is_empty() {
            push(out, &format!("\n{}", quoted(&response.text)));
        }
        if !response.citations.is_empty() {
            push(out, "\n");
        }
        for (number, source) in (1..).zip(&response.citations) {
            let title = source.title.as_deref().map(|title| format!(" {}", inline(title))).unwrap_or_default();
            push(out, &format!("{number}. <{}>{title}\n", address(&source.url)));
        }
    }
}

fn write_conflicts(verdict: &Verdict, out: &mut String) {
    if verdict.contradictions.is_empty() {
        return;
    }
    push(out, "\n### Conflicts\n\n");
    for conflict in &verdict.contradictions {
        let side = |side: &crate::domain::verdict::SideRecord| {
            format!("**{}** ({})", inline(&side.value), inline(&words::holders(side, verdict)))
        };
        let sides: Vec<String> = conflict.sides.iter().map(side).collect();
        push(out, &format!("- {}: {}\n", words::conflict(conflict), sides.join(" against ")));
        for QuoteRecord { member, text, .. } in conflict.sides.iter().flat_map(|side| &side.quotes) {
            push(out, &format!("  - {}: “{}”\n", inline(verdict.name(*member)), inline(text)));
        }
    }
}

fn push(out: &mut String, text: &str) {
    out.push_str(text);
}

/// Returns a text of whatever origin as words on one line, with no sign in it that Markdown obeys.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for (at, letter) in clean(text).char_indices() {
        let is_sign = "\\`*_[]<>#|~&!$".contains(letter) || (at == 0 && "+-=".contains(letter));
        if is_sign {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Returns an address as it stands between angle brackets.
fn address(url: &str) -> String {
    clean(url).chars().filter(|letter| !matches!(letter, '<' | '>' | ' ')).collect()
}

/// Returns Markdown of whatever origin in a quote.
fn quoted(text: &str) -> String {
    let text = harmless(&clean_lines(text));
    let line = |line: &str| if line.is_empty() { ">\n".to_owned() } else { format!("> {line}\n") };
    text.trim_end().lines().map(line).collect()
}

/// Returns Markdown in which HTML is text, and pictures are links: what shows it neither runs nor fetches anything.
fn harmless(text: &str) -> String {
    let mut signs: Vec<usize> = Vec::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let within = text.get(range.clone()).unwrap_or(&html);
                signs.extend(within.match_indices('<').map(|(at, _)| range.start + at));
            }
            Event::Start(Tag::Image { .. }) => signs.push(range.start),
            Event::Start(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }
    signs.sort_unstable();
    signs.dedup();
    let mut out = String::with_capacity(text.len() + signs.len());
    let mut from = 0;
    for at in signs {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push('\\');
        from = at;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}
