//! A comparison as plain text for a person: conflicts first, then every claim with its mark, then the verdict.

use std::io::{self, Write};

use crate::consensus::plain::clean;
use crate::consensus::report::{Claim, Class, Contradiction, Report, Stance};
use crate::domain::ids::Column;
use crate::domain::verdict::{ResponseRecord, Verdict, two_digits};

/// Column at which the text of a claim starts.
const MARK_WIDTH: usize = 9;

/// Returns `text` on one line without characters that a terminal obeys rather than shows.
pub(super) fn line(text: &str) -> String {
    clean(text)
}

/// Writes the comparison.
pub(super) fn write(verdict: &Verdict, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_findings(verdict, report, out)?;
    writeln!(out, "\n{}", summary(verdict))
}

/// Writes who is who, the conflicts and the claims.
pub(in crate::headless) fn write_findings(verdict: &Verdict, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (index, response) in verdict.responses.iter().enumerate() {
        writeln!(out, "{}  {}", Column::at(index).letter(), line(&response.model))?;
    }
    for (index, contradiction) in report.contradictions.iter().enumerate() {
        if index == 0 {
            writeln!(out, "\nconflicts")?;
        }
        write_conflict(contradiction, verdict, out)?;
    }
    for (index, claim) in report.claims.iter().enumerate() {
        if index == 0 {
            writeln!(out, "\nclaims")?;
        }
        let says: Vec<usize> = supporters(claim).collect();
        let mark = mark(claim, verdict.answered);
        let otherwise = otherwise(claim);
        writeln!(out, "  {mark:<MARK_WIDTH$} {}  ({}{otherwise})", line(&claim.text), letters(&says))?;
    }
    if let Some(reason) = &report.not_compared {
        writeln!(out, "\nnot compared: {}", line(reason))?;
    }
    Ok(())
}

fn write_conflict(conflict: &Contradiction, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  [!={}] {}: {}", conflict.id, conflict.kind.as_str(), line(&conflict.topic))?;
    for side in &conflict.sides {
        let verb = if side.members.len() == 1 { "says" } else { "say" };
        let is_partial = |member: &usize| verdict.responses.get(*member).is_some_and(ResponseRecord::is_partial);
        let cut: Vec<usize> = side.members.iter().copied().filter(is_partial).collect();
        let cut = if cut.is_empty() { String::new() } else { format!(" ({}: partial)", letters(&cut)) };
        writeln!(out, "        {} {verb} {}{cut}", letters(&side.members), line(&side.value))?;
        for quote in &side.quotes {
            let model = verdict.responses.get(quote.member).map_or("", |response| response.model.as_str());
            writeln!(out, "          {}: \"{}\"", line(model), line(&quote.text))?;
        }
    }
    Ok(())
}

fn supporters(claim: &Claim) -> impl Iterator<Item = usize> {
    let supports = |(member, stance): (usize, &Stance)| (*stance == Stance::Support).then_some(member);
    claim.stances.iter().enumerate().filter_map(supports)
}

/// Who speaks of the same matter in words that could not be compared, to stand behind those who say it.
fn otherwise(claim: &Claim) -> String {
    match claim.otherwise.as_slice() {
        [] => String::new(),
        [_] => format!("; {} says otherwise, not compared", letters(&claim.otherwise)),
        several => format!("; {} say otherwise, not compared", letters(several)),
    }
}

/// The mark of a claim in plain mode.
fn mark(claim: &Claim, n_answered: usize) -> String {
    match claim.class {
        Class::Agreed => "[agree]".to_owned(),
        Class::Partly => format!("[{} of {n_answered}]", supporters(claim).count()),
        Class::OnlyOne => {
            let only: Vec<usize> = supporters(claim).collect();
            format!("[only {}]", letters(&only))
        }
        Class::Conflict => format!("[!={}]", claim.contradiction.unwrap_or_default()),
        Class::Pending => "-".to_owned(),
    }
}

fn letters(members: &[usize]) -> String {
    members.iter().map(|member| Column::at(*member).letter().to_string()).collect::<Vec<_>>().join(" ")
}

/// The verdict on one line, such as `settled · 0.93 (default curve) · 3 of 3 answered, about 1.6 votes`.
pub(in crate::headless) fn summary(verdict: &Verdict) -> String {
    let mut parts = Vec::new();
    if let (Some(band), Some(confidence), Some(basis)) = (verdict.band, verdict.confidence, &verdict.confidence_basis) {
        parts.push(format!("{} · {} ({} curve)", band.as_str(), two_digits(confidence), basis.curve));
    }
    let votes = verdict.effective_votes.map(|votes| format!(", about {votes:.1} votes")).unwrap_or_default();
    parts.push(format!("{} of {} answered{votes}", verdict.answered, verdict.asked));
    let counts = verdict.counts;
    parts.push(format!(
        "agreed {} · partly {} · conflicts {} · only one {}",
        counts.agreed, counts.partly, counts.conflicts, counts.only_one
    ));
    if let (Some(best), true) = (verdict.answer_by, verdict.answered >= 2) {
        parts.push(format!("best supported: {}", line(verdict.name(best))));
    }
    for reason in &verdict.flag_reasons {
        parts.push(format!("flagged: {reason}"));
    }
    parts.join(" · ")
}
