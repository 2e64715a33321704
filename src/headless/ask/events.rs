//! What happens in a turn as JSON, one event a line; the line of the Verdict is the last and is the Verdict itself.
//!
//! Every line has `event`; fields may be added, never renamed. README.md lists them.

use std::time::Duration;

use serde::Serialize;

use crate::domain::cost::Cost;
use crate::domain::member::Member;
use crate::domain::money::Usd;
use crate::domain::stream::{Delta, FinishReason, StreamEvent, StreamEventKind};
use crate::domain::turn::Turn;
use crate::domain::usage::Usage;
use crate::domain::verdict::{Band, CountsRecord, ErrorRecord, Verdict};
use crate::headless::json;
use crate::round::plan::{Read, RoundEvent};

/// One line.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    Asked {
        question: &'a str,
        models: Vec<Asked<'a>>,
        estimate_usd: Option<Usd>,
    },
    Waiting {
        model: &'a str,
        at_ms: u64,
        attempt: u32,
    },
    Started {
        model: &'a str,
        at_ms: u64,
    },
    Delta {
        model: &'a str,
        at_ms: u64,
        text: &'a str,
        reasoning: &'a str,
        /// All text before was reasoning.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        recasts: bool,
    },
    Retrying {
        model: &'a str,
        at_ms: u64,
        attempt: u32,
        after_ms: u64,
        error: ErrorRecord,
    },
    Switched {
        model: &'a str,
        at_ms: u64,
        to: &'a str,
        error: ErrorRecord,
    },
    LeftOut {
        model: &'a str,
        at_ms: u64,
        error: ErrorRecord,
    },
    Late {
        model: &'a str,
        at_ms: u64,
        error: Option<ErrorRecord>,
    },
    Declined {
        model: &'a str,
        at_ms: u64,
    },
    Finished {
        model: &'a str,
        at_ms: u64,
        finish: Option<&'a FinishReason>,
        usage: Option<Usage>,
    },
    Failed {
        model: &'a str,
        at_ms: u64,
        error: ErrorRecord,
    },
    Cancelled {
        model: &'a str,
        at_ms: u64,
    },
    Reading {
        counts: CountsRecord,
        agreement: Option<f64>,
        confidence: Option<f64>,
        band: Option<Band>,
    },
    Verdict(&'a Verdict),
}

#[derive(Debug, Serialize)]
struct Asked<'a> {
    model: &'a str,
    provider: &'a str,
    api_model: &'a str,
}

/// Returns the line that opens: what is asked, of whom, and what it is expected to cost.
///
/// # Errors
/// Never in practice: nothing in it that JSON cannot hold.
pub(super) fn opening(question: &str, members: &[&Member], estimate: Cost) -> serde_json::Result<String> {
    let models = members.iter().copied().map(asked).collect();
    line(&Line::Asked { question, models, estimate_usd: estimate.whole() })
}

fn asked(member: &Member) -> Asked<'_> {
    Asked { model: member.id.as_str(), provider: &member.provider, api_model: &member.api_model }
}

/// Returns the line for something that happened in `turn`; `None` for what is told by other lines.
///
/// # Errors
/// Never in practice, as above.
pub(super) fn of(event: &RoundEvent, turn: &Turn) -> serde_json::Result<Option<String>> {
    match event {
        RoundEvent::Stream(event) => of_stream(event, turn),
        RoundEvent::Report(_, Read { report, band, .. }) => {
            let (counts, agreement, confidence) = (report.counts, report.agreement, report.confidence);
            line(&Line::Reading { counts, agreement, confidence, band: *band }).map(Some)
        }
        RoundEvent::Verdict(_, verdict) => line(&Line::Verdict(verdict)).map(Some),
    }
}

fn of_stream(event: &StreamEvent, turn: &Turn) -> serde_json::Result<Option<String>> {
    let Some(response) = turn.response(event.column) else { return Ok(None) };
    let model = response.member.id.as_str();
    let at_ms = milliseconds(event.at.saturating_duration_since(turn.asked_at));
    let found = match &event.kind {
        StreamEventKind::Waiting { attempt } => Line::Waiting { model, at_ms, attempt: *attempt },
        StreamEventKind::Started { .. } => Line::Started { model, at_ms },
        StreamEventKind::Delta(Delta { text, reasoning, recasts }) => {
            Line::Delta { model, at_ms, text, reasoning, recasts: *recasts }
        }
        StreamEventKind::Retrying { attempt, after, fault } => {
            let after_ms = milliseconds(*after);
            Line::Retrying { model, at_ms, attempt: *attempt, after_ms, error: fault.into() }
        }
        StreamEventKind::Switched { to, fault } => {
            Line::Switched { model, at_ms, to: to.id.as_str(), error: fault.into() }
        }
        StreamEventKind::Late => Line::Late { model, at_ms, error: response.trouble().map(ErrorRecord::from) },
        StreamEventKind::Declined => Line::Declined { model, at_ms },
        // The failure that follows is the event; the Verdict has the numbers.
        StreamEventKind::Counted(_) => return Ok(None),
        StreamEventKind::LeftOut(fault) => Line::LeftOut { model, at_ms, error: fault.into() },
        // The Verdict says so.
        StreamEventKind::Shortened(_) => return Ok(None),
        StreamEventKind::Finished(finish) => {
            Line::Finished { model, at_ms, finish: finish.reason.as_ref(), usage: finish.usage }
        }
        StreamEventKind::Failed(fault) => Line::Failed { model, at_ms, error: fault.into() },
        StreamEventKind::Cancelled | StreamEventKind::Withdrawn => Line::Cancelled { model, at_ms },
    };
    line(&found).map(Some)
}

fn line(line: &Line<'_>) -> serde_json::Result<String> {
    let mut json = json::line(line)?;
    json.push('\n');
    Ok(json)
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use serde_json::{Value, json};

    use super::*;
    use crate::domain::fault::{Fault, FaultKind};
    use crate::domain::ids::{Column, TurnId};
    use crate::domain::stream::{Finish, FinishNorm};
    use crate::round::verdict::{Settings, assemble};

    fn check(kind: StreamEventKind, expected: Value) {
        let asked_at = tokio::time::Instant::now().into_std();
        let turn = Turn::new(TurnId(1), "why?", [Arc::new(Member::named("gpt"))], asked_at);
        let event = event(kind, asked_at + Duration::from_millis(412));
        let line = of(&RoundEvent::Stream(event), &turn).unwrap();
        let found = line.map(|line| serde_json::from_str::<Value>(line.strip_suffix('\n').unwrap()).unwrap());
        assert_eq!(found, Some(expected).filter(|it| !it.is_null()));
    }

    fn event(kind: StreamEventKind, at: Instant) -> StreamEvent {
        StreamEvent { turn: TurnId(1), column: Column(0), at, kind }
    }

    #[test]
    fn each_event_is_one_line_that_names_the_model_and_the_time() {
        let fault = || Fault {
            http_status: Some(429),
            retry_after: Some(Duration::from_secs(3)),
            ..Fault::new(FaultKind::RateLimited, "over its limit")
        };
        let error =
            json!({"kind": "rate_limited", "message": "over its limit", "http_status": 429, "retry_after_s": 3.0});
        let reason = FinishReason { raw: Some("end_turn".to_owned()), norm: FinishNorm::Stop };
        let finish = Finish { reason: Some(reason), ..Finish::default() };
        check(
            StreamEventKind::Waiting { attempt: 2 },
            json!({"event": "waiting", "model": "gpt", "at_ms": 412, "attempt": 2}),
        );
        check(StreamEventKind::Started { n_tokens: 9 }, json!({"event": "started", "model": "gpt", "at_ms": 412}));
        check(
            StreamEventKind::Delta(Delta::of_text("a\nb")),
            json!({"event": "delta", "model": "gpt", "at_ms": 412, "text": "a\nb", "reasoning": ""}),
        );
        check(
            StreamEventKind::Retrying { attempt: 2, after: Duration::from_secs(3), fault: fault() },
            json!({"event": "retrying", "model": "gpt", "at_ms": 412, "attempt": 2, "after_ms": 3000, "error": error}),
        );
        check(
            StreamEventKind::Switched { to: Arc::new(Member::named("claude")), fault: fault() },
            json!({"event": "switched", "model": "gpt", "at_ms": 412, "to": "claude", "error": error}),
        );
        check(StreamEventKind::Late, json!({"event": "late", "model": "gpt", "at_ms": 412, "error": null}));
        check(
            StreamEventKind::Finished(Box::new(finish)),
            json!({"event": "finished", "model": "gpt", "at_ms": 412,
                "finish": {"raw": "end_turn", "norm": "stop"}, "usage": null}),
        );
        check(
            StreamEventKind::Failed(fault()),
            json!({"event": "failed", "model": "gpt", "at_ms": 412, "error": error}),
        );
        check(StreamEventKind::Counted(Box::default()), Value::Null);
    }

    #[test]
    fn the_last_line_is_the_verdict_with_its_name() {
        let turn = Turn::new(TurnId(1), "why?", [], tokio::time::Instant::now().into_std());
        let verdict = assemble(&turn, &crate::consensus::report::Report::default(), &Settings::default());
        let line = of(&RoundEvent::Verdict(TurnId(1), Box::new(verdict.clone())), &turn).unwrap().unwrap();
        let mut found: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(found.as_object_mut().unwrap().remove("event"), Some(json!("verdict")));
        assert_eq!(found, serde_json::to_value(&verdict).unwrap());
    }
}
