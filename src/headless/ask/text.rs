//! The end of a question in words for a person: the answer, and below it what it rests on.

use crate::consensus::plain::{clean, clean_lines};
use crate::domain::cost::Cost;
use crate::domain::ids::Column;
use crate::domain::response::Status;
use crate::domain::stream::FinishNorm;
use crate::domain::verdict::{ContradictionRecord, ResponseRecord, SideRecord, Verdict, Warning, two_digits};

/// Returns the answer as it may reach a terminal, ending with a line break; empty where nobody answered.
pub(in crate::headless) fn answer(verdict: &Verdict) -> String {
    let Some(answer) = &verdict.answer else { return String::new() };
    let mut text = clean_lines(answer.trim_end());
    text.push('\n');
    text
}

/// Returns the lines below the answer: the verdict, why it is flagged, conflicts, warnings, and who is missing and why.
pub(in crate::headless) fn below(verdict: &Verdict, cost: Cost) -> Vec<String> {
    let mut lines = vec![verdict_line(verdict, cost)];
    lines.extend(verdict.flag_reasons.iter().map(|reason| format!("flagged: {}", clean(&reason.to_string()))));
    lines.extend(verdict.contradictions.iter().map(|it| conflict(it, verdict)));
    // With fewer than two answers the first line has said it.
    let is_news = |warning: &&Warning| verdict.answered >= 2 || !matches!(warning, Warning::NotCompared(_));
    let told = |warning: &Warning| format!("warning: {}", clean(&warning.told(verdict.responses.as_slice())));
    lines.extend(verdict.warnings.iter().filter(is_news).map(told));
    lines.extend(verdict.responses.iter().filter_map(missing));
    lines
}

/// The verdict in one line, such as `settled 0.93 (default curve) · 3 of 3 answered · about 1.6 votes · …`.
fn verdict_line(verdict: &Verdict, cost: Cost) -> String {
    let mut parts = vec![headline(verdict)];
    if verdict.fallback.is_none() {
        parts.push(format!("{} of {} answered", verdict.answered, verdict.asked));
    }
    if let Some(by) = verdict.answer_by
        && verdict.answered >= 2
    {
        parts.push(format!("in the words of {}", clean(verdict.name(by))));
    }
    if let Some(votes) = verdict.effective_votes {
        parts.push(format!("about {votes:.1} votes"));
    }
    if verdict.answered >= 2 {
        let counts = verdict.counts;
        parts.push(format!("agreed {}", counts.agreed));
        parts.push(format!("partly {}", counts.partly));
        parts.push(format!("conflicts {}", counts.conflicts));
        parts.push(format!("only one {}", counts.only_one));
    }
    if !verdict.demo {
        parts.push(cost.to_string());
    }
    if let Some(elapsed_ms) = verdict.elapsed_ms {
        parts.push(format!("{:.1} s", elapsed_ms as f64 / 1000.0));
    }
    parts.join(" · ")
}

fn headline(verdict: &Verdict) -> String {
    if let Some(fallback) = &verdict.fallback {
        return format!("fallback to {}: {fallback}", clean(verdict.name(fallback.member)));
    }
    let curve = match &verdict.confidence_basis {
        _ if verdict.demo => " (demo)".to_owned(),
        Some(basis) => format!(" ({} curve)", basis.curve),
        None => String::new(),
    };
    match (verdict.band.zip(verdict.confidence), verdict.agreement) {
        (Some((band, confidence)), _) => format!("{} {}{curve}", band.as_str(), two_digits(confidence)),
        (None, Some(agreement)) => format!("agreement {agreement:.2}, confidence unknown"),
        (None, None) if verdict.answered == 0 => "nobody answered".to_owned(),
        (None, None) if verdict.asked == 1 => "one model: nothing to compare".to_owned(),
        (None, None) => "not compared".to_owned(),
    }
}

/// A conflict in one line, such as `conflict 1, date: 1969 (gpt, claude) against 1968 (gemini, partial)`.
fn conflict(conflict: &ContradictionRecord, verdict: &Verdict) -> String {
    let who = |member: &Column| {
        let is_partial = verdict.responses.get(member.index()).is_some_and(ResponseRecord::is_partial);
        format!("{}{}", clean(verdict.name(*member)), if is_partial { ", partial" } else { "" })
    };
    let side = |side: &SideRecord| {
        let holders: Vec<String> = side.members.iter().map(who).collect();
        format!("{} ({})", clean(&side.value), holders.join(", "))
    };
    let sides: Vec<String> = conflict.sides.iter().map(side).collect();
    format!("conflict {}, {}: {}", conflict.id, conflict.kind.as_str(), sides.join(" against "))
}

/// Why a response casts no vote; `None` for one that does, or that nobody asked for.
fn missing(response: &ResponseRecord) -> Option<String> {
    let why = match (&response.error, response.status) {
        (_, Status::Skipped | Status::Cancelled) => return None,
        (Some(error), Status::Partial) => format!("cut: {}", error.message),
        (Some(error), Status::Late) => match error.retry_after_s {
            Some(wait) => format!("left out: {}; it says to wait {wait:.0} s", error.message),
            None => format!("left out: {}", error.message),
        },
        (Some(error), _) => error.message.clone(),
        (None, Status::Late) => "left out: nothing had come when the others were done".to_owned(),
        (None, _) if response.refusal => "declined to answer".to_owned(),
        (None, _) if response.truncated => "cut at its limit of tokens: no vote".to_owned(),
        (None, Status::Done) if response.rank.is_some() => return None,
        (None, Status::Done) => {
            let word =
                response.finish.as_ref().map_or("no reason", |finish| finish.raw.as_deref().unwrap_or("no word"));
            // With one model there is no ranking, and a whole answer is all that is wanted.
            let is_whole = response.finish.as_ref().is_some_and(|it| it.norm == FinishNorm::Stop);
            match (is_whole, response.text.trim().is_empty()) {
                (true, false) => return None,
                (_, true) => "answered with nothing".to_owned(),
                (false, false) => format!("ended with `{word}`: no vote"),
            }
        }
        (None, Status::Partial) if response.finish.as_ref().is_some_and(|it| it.norm == FinishNorm::Stop) => {
            "a part of it could not be read: no vote".to_owned()
        }
        (None, Status::Partial | Status::Failed | Status::Timeout) => "ended early: no vote".to_owned(),
    };
    Some(format!("{}: {}", clean(&response.model), clean(&why)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::consensus::engine::Engine;
    use crate::consensus::voice::Ending;
    use crate::domain::fault::{Fault, FaultKind};
    use crate::domain::ids::TurnId;
    use crate::domain::member::Member;
    use crate::domain::money::Usd;
    use crate::domain::response::State;
    use crate::domain::stream::{Finish, FinishReason};
    use crate::domain::turn::Turn;
    use crate::round::verdict::{Settings, assemble};

    fn verdict(question: &str, answers: &[(&str, Result<&str, Fault>)]) -> Verdict {
        let members: Vec<_> = answers.iter().map(|(id, _)| Arc::new(Member::named(*id))).collect();
        let mut engine = Engine::new(question, None, members.clone());
        let mut turn = Turn::new(TurnId(1), question, members, tokio::time::Instant::now().into_std());
        for (idx, ((_, answer), response)) in answers.iter().zip(&mut turn.responses).enumerate() {
            match answer {
                Ok(text) => {
                    let reason = FinishReason { raw: Some("stop".to_owned()), norm: FinishNorm::Stop };
                    response.text = (*text).to_owned();
                    response.state = State::Done;
                    response.finish = Some(Finish { reason: Some(reason), ..Finish::default() });
                    engine.append(idx, text);
                    engine.end(idx, Ending::Complete);
                }
                Err(fault) => {
                    response.state = State::Failed(fault.clone());
                    engine.end(idx, Ending::Nothing);
                }
            }
        }
        assemble(&turn, &engine.report(), &Settings::default())
    }

    const SPENT: Cost = Cost { known: Usd(0.0061), is_estimated: false, is_partial: false };

    #[test]
    fn a_conflict_is_told_in_one_line_and_flagged() {
        let answers = [
            ("gpt", Ok("Apollo 11 landed on the Moon in 1969.")),
            ("claude", Ok("It was in 1969.")),
            ("gemini", Ok("Apollo 11 landed on the Moon in 1968.")),
        ];
        let verdict = verdict("When did Apollo 11 land on the Moon?", &answers);
        let lines = below(&verdict, SPENT);
        assert!(lines[0].contains(" (default curve) · 3 of 3 answered · in the words of "), "{lines:#?}");
        assert!(lines[0].ends_with("· $0.006"), "{lines:#?}");
        assert!(lines.contains(&"conflict 1, date: 1969 (gpt, claude) against 1968 (gemini)".to_owned()), "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("flagged: ")), "{lines:#?}");
        assert!(answer(&verdict).contains("1969"));
    }

    #[test]
    fn who_is_missing_is_named_with_the_reason() {
        let fault = Fault::new(FaultKind::Auth, "openai refused the key\u{1b}[31m in OPENAI_API_KEY");
        let all = verdict("why?", &[("gpt", Err(fault.clone())), ("claude", Err(fault.clone()))]);
        let expected = [
            "nobody answered · 0 of 2 answered · $0.006",
            "gpt: openai refused the key in OPENAI_API_KEY",
            "claude: openai refused the key in OPENAI_API_KEY",
        ];
        assert_eq!(below(&all, SPENT), expected);
        assert_eq!(answer(&all), "");
        let one = verdict("why?", &[("gpt", Err(fault)), ("claude", Ok("Because."))]);
        assert_eq!(below(&one, SPENT)[0], "fallback to claude: 1 of 2 answered · $0.006");
        assert_eq!(answer(&one), "Because.\n");
    }

    #[test]
    fn one_model_has_nothing_to_compare() {
        let lines = below(&verdict("why?", &[("gpt", Ok("Because."))]), SPENT);
        assert_eq!(lines, ["one model: nothing to compare · 1 of 1 answered · $0.006"]);
    }
}
