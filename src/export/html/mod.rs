//! A session as one page: columns side by side, each conflict marked where it stands and listed with both its values. It
//! needs no script, fetches nothing, and follows the light or dark of whoever looks.

mod text;

use crate::consensus::plain::clean;
use crate::domain::attachment::{Attachment, Content};
use crate::domain::ids::Column;
use crate::domain::verdict::{ContradictionRecord, ResponseRecord, SideRecord, Verdict};
use crate::export::html::text::{Mark, escaped, is_web, markdown};
use crate::export::{Session, Turn, words};

const STYLE: &str = include_str!("page.css");

/// Whatever a model has written, nothing of it is run or fetched.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// Returns a session as a page.
pub fn write(session: &Session) -> String {
    let name = escaped(&clean(&session.name));
    let about = escaped(&words::about(session));
    let turns: String = (1..).zip(&session.turns).map(|(number, turn)| write_turn(number, turn)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{name}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>{name}</h1>\n<p class=\"dim\">{about}</p></header>\n<main>\n{turns}</main>\n</body>\n</html>\n"
    )
}

fn write_turn(number: u32, turn: &Turn) -> String {
    let verdict = &turn.verdict;
    let question = escaped(turn.record.asked.question.trim());
    let files: String = turn.record.asked.files.iter().map(file).collect();
    let cautions = words::cautions(verdict);
    let cautions: String =
        cautions.iter().flat_map(|text| ["<li>".to_owned(), escaped(text), "</li>".to_owned()]).collect();
    let cautions = if cautions.is_empty() { cautions } else { format!("<ul class=\"cautions\">{cautions}</ul>\n") };
    let conflicts: String =
        verdict.contradictions.iter().map(|conflict| write_conflict(number, conflict, verdict)).collect();
    let conflicts = if conflicts.is_empty() {
        conflicts
    } else {
        format!("<section class=\"conflicts\" aria-label=\"Conflicts\">\n{conflicts}</section>\n")
    };
    let members = verdict.responses.iter().enumerate().filter(|(_, response)| words::takes_part(response));
    let columns: String = members.map(|(idx, response)| column(number, idx, response, verdict)).collect();
    let opinion = words::opinion(turn).map(|text| format!("<p class=\"opinion\">{}</p>\n", escaped(&text)));
    let opinion = opinion.unwrap_or_default();
    format!(
        "<article id=\"t{number}\">\n<h2><span class=\"dim\">{number}</span> <span class=\"question\">{question}</span></h2>\n\
         {files}<p class=\"verdict\">{}{}</p>\n{opinion}{cautions}{conflicts}<div class=\"columns\">\n{columns}</div>\n</article>\n",
        badge(verdict),
        escaped(&words::counts(verdict)),
    )
}

fn badge(verdict: &Verdict) -> String {
    let band = verdict.band.map_or("none", crate::domain::verdict::Band::as_str);
    match words::confidence(verdict) {
        Some(text) => format!("<strong class=\"badge {band}\">{}</strong> ", escaped(&text)),
        None => String::new(),
    }
}

fn file(file: &Attachment) -> String {
    let name = escaped(&clean(&file.name));
    match &file.content {
        Content::Text(text) => {
            format!("<details><summary>{name}</summary><pre>{}</pre></details>\n", escaped(text))
        }
        Content::Image(image) => {
            let (kind, bytes) = (image.format.media_type(), escaped(&image.base64));
            format!(
                "<figure><img alt=\"{name}\" src=\"data:{kind};base64,{bytes}\"><figcaption>{name}</figcaption></figure>\n"
            )
        }
    }
}

fn write_conflict(turn: u32, conflict: &ContradictionRecord, verdict: &Verdict) -> String {
    let side = |side: &SideRecord| {
        let quotes = side.quotes.iter().map(|quote| {
            let by = escaped(&clean(verdict.name(quote.member)));
            format!("<li><span class=\"dim\">{by}</span> “{}”</li>", escaped(&clean(&quote.text)))
        });
        let value = escaped(&clean(&side.value));
        let holders = escaped(&words::holders(side, verdict));
        format!(
            "<div class=\"side\"><strong>{value}</strong> <span class=\"dim\">{holders}</span><ul>{}</ul></div>\n",
            quotes.collect::<String>()
        )
    };
    let sides: String = conflict.sides.iter().map(side).collect();
    let heading = escaped(&words::conflict(conflict));
    let touches = if conflict.touches_answer { " · touches the answer" } else { "" };
    let id = conflict.id;
    format!(
        "<section class=\"conflict\" id=\"t{turn}c{id}\"><h3>{heading}{touches}</h3>\n<div class=\"sides\">{sides}</div></section>\n"
    )
}

fn column(turn: u32, idx: usize, response: &ResponseRecord, verdict: &Verdict) -> String {
    let member = Column::at(idx);
    let about = escaped(&words::response(response));
    let is_answer = verdict.answer_by == Some(member) && verdict.answered >= 2;
    let best = if is_answer { " <span class=\"best\">answers for the ensemble</span>" } else { "" };
    let thought = response.reasoning.as_deref().filter(|text| !text.trim().is_empty());
    let thought = thought.map(|text| {
        format!("<details class=\"thought\"><summary>reasoning</summary><pre>{}</pre></details>\n", escaped(text))
    });
    let sources: String = response
        .citations
        .iter()
        .map(|source| {
            let title = escaped(&clean(source.title.as_deref().unwrap_or(&source.url)));
            let url = clean(&source.url);
            if is_web(&url) {
                format!("<li><a rel=\"noopener noreferrer nofollow\" href=\"{}\">{title}</a></li>", escaped(&url))
            } else {
                format!("<li>{title}</li>")
            }
        })
        .collect();
    let sources = if sources.is_empty() { sources } else { format!("<ol class=\"sources\">{sources}</ol>\n") };
    format!(
        "<section class=\"column\"><h3><span class=\"letter\">{}</span> {}{best}</h3>\n<p class=\"dim\">{about}</p>\n\
         {}<div class=\"text\">{}</div>\n{sources}</section>\n",
        member.letter(),
        escaped(&clean(&response.model)),
        thought.unwrap_or_default(),
        markdown(&response.text, &marks(turn, member, verdict)),
    )
}

/// Returns where the conflicts of a member stand in its text.
fn marks(turn: u32, member: Column, verdict: &Verdict) -> Vec<Mark> {
    let mut marks = Vec::new();
    for conflict in &verdict.contradictions {
        let quotes = conflict.sides.iter().flat_map(|side| &side.quotes).filter(|quote| quote.member == member);
        let values: Vec<String> = conflict.sides.iter().map(|side| clean(&side.value)).collect();
        marks.extend(quotes.map(|quote| Mark {
            range: quote.byte_span[0]..quote.byte_span[1],
            sign: format!("≠{}", conflict.id),
            anchor: format!("t{turn}c{}", conflict.id),
            title: values.join(" against "),
        }));
    }
    marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
    marks
}
