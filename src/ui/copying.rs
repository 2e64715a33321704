//! What is copied, as text: a conflict, a turn with its answers and report. Markdown, with the numbers of the screen.

use crate::consensus::report::{Claim, Class, Contradiction, Side, Stance};
use crate::domain::ids::Column;
use crate::domain::response::Response;
use crate::ui::app::{Source, TurnView};
use crate::ui::compare::value_of;
use crate::ui::text::clean::clean;
use crate::ui::view::cards::topic;
use crate::ui::view::verdict::{self, Beside};

/// Returns a conflict as Markdown: what is at issue, and each position with who takes it and their words.
pub fn conflict(view: &TurnView, number: u32, conflict: &Contradiction) -> String {
    let mut lines = vec![format!("**≠{number} {}** ({})\n", topic(conflict), conflict.kind.as_str())];
    for side in &conflict.sides {
        lines.push(format!("- {}: {}", names(view, side), value_of(side)));
        for quote in &side.quotes {
            let who = view.faces.letter(Column::at(quote.member));
            lines.push(format!("  - {who}: “{}”", one_line(&quote.text)));
        }
    }
    lines.join("\n")
}

/// Returns a turn as Markdown: the question, the verdict, the answer of the ensemble, every answer, and the report.
pub fn turn(view: &TurnView, source: &Source) -> String {
    let mut parts = vec![format!("# {}", one_line(&view.turn.question))];
    let standing = verdict::lines(view, source, Beside::Nothing, u16::MAX);
    parts.extend(standing.into_iter().map(|line| line.plain().trim().to_owned()));
    if let Some(verdict) = &view.verdict
        && let Some(answer) = &verdict.answer
    {
        let by = verdict.answer_by.and_then(|by| Some(view.faces.called(by, view.turn.response(by)?)));
        let by = by.unwrap_or_else(|| "the ensemble".to_owned());
        parts.push(format!("## Answer ({by})\n\n{}", clean(answer).trim()));
    }
    let mut asked: Vec<(Column, &Response)> =
        view.turn.responses.iter().enumerate().map(|(idx, response)| (Column::at(idx), response)).collect();
    asked.retain(|(_, response)| response.is_asked() || !response.text.is_empty());
    asked.sort_by_key(|(column, _)| view.faces.of(*column));
    for (column, response) in asked {
        let letter = view.faces.letter(column);
        let text = match clean(&response.text).trim() {
            "" => "(no text)".to_owned(),
            text => text.to_owned(),
        };
        let state = if response.counts() { "" } else { " (casts no vote)" };
        parts.push(format!("## {}{state}\n\n{text}", format!("{letter} {}", view.faces.name(response)).trim()));
    }
    parts.push(report(view));
    parts.join("\n\n").trim_end().to_owned()
}

/// Returns what the models agree on and where they conflict.
fn report(view: &TurnView) -> String {
    let Some(report) = &view.report else { return String::new() };
    let mut lines = vec!["## Consensus\n".to_owned()];
    if let Some(reason) = &report.not_compared {
        lines.push(format!("Not compared: {reason}."));
    }
    let numbers = view.conflict_numbers();
    for (number, contradiction) in numbers.iter().filter_map(|number| Some((*number, view.conflict(*number)?))) {
        let sides: Vec<String> =
            contradiction.sides.iter().map(|side| format!("{}: {}", names(view, side), value_of(side))).collect();
        lines.push(format!("- ≠{number} {}: {}", topic(contradiction), sides.join(" / ")));
    }
    for (class, sign) in [(Class::Agreed, "="), (Class::Partly, "~"), (Class::OnlyOne, "·")] {
        let claims = report.claims.iter().filter(|claim| claim.class == class);
        lines.extend(claims.map(|claim| format!("- {sign} {} ({})", one_line(&claim.text), supporters(view, claim))));
    }
    lines.join("\n")
}

fn names(view: &TurnView, side: &Side) -> String {
    letters(view, side.members.iter().copied())
}

fn supporters(view: &TurnView, claim: &Claim) -> String {
    let support = claim.stances.iter().enumerate().filter(|(_, stance)| **stance == Stance::Support);
    let says = letters(view, support.map(|(idx, _)| idx));
    let otherwise = letters(view, claim.otherwise.iter().copied());
    if otherwise.is_empty() { says } else { format!("{says}; otherwise, not compared: {otherwise}") }
}

fn letters(view: &TurnView, members: impl Iterator<Item = usize>) -> String {
    let letters = view.faces.all(members.map(Column::at));
    letters.into_iter().map(|column| column.letter().to_string()).collect::<Vec<_>>().join(" ")
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
