//! A turn as it is written down: what was asked of whom, and what happened when, without a clock of this run.
//!
//! The same events make the same [`Turn`]: what is read back later is built by the code that the live screen uses.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::domain::attachment::Attachment;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::{Column, TurnId};
use crate::domain::member::Member;
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::domain::turn::Turn;
use crate::domain::verdict::{Band, Flagging};

/// What was asked of whom, and what the verdict went by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// What was asked.
    pub question: Arc<str>,
    /// The files that went along with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// Everyone with a column, in order.
    pub members: Vec<Arc<Member>>,
    /// Responses needed for a consensus.
    pub quorum: usize,
    /// The confidence under which the answer is flagged.
    pub flag_below: f64,
    /// Which conflicts in the answer flag it.
    #[serde(default)]
    pub flag: Flagging,
    /// Whether the embedded demo models answered.
    pub is_demo: bool,
    /// Who was asked at once; who is not among them was off, or is asked later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Column>,
}

/// One event of a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Nanoseconds since the question was asked.
    pub at_ns: u64,
    /// The member that it happened to.
    pub column: Column,
    /// What happened.
    #[serde(flatten)]
    pub kind: StreamEventKind,
}

/// A reading of the engine that was shown: what it found can be found again, so only what it knew is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Nanoseconds since the question was asked.
    pub at_ns: u64,
    /// How many of the turn's moments it knew of.
    pub n_moments: u32,
    /// The band that was shown.
    pub band: Option<Band>,
    /// Whether the turn had settled with it.
    pub is_settled: bool,
}

/// A turn that was written down.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnRecord {
    /// When it was asked, in milliseconds since 1970 (UTC).
    pub asked_at_ms: i64,
    /// What was asked.
    pub asked: Asked,
    /// What happened, in order.
    pub moments: Vec<Moment>,
    /// What was read meanwhile, in order; none where nobody wrote that down.
    pub readings: Vec<Reading>,
}

impl Moment {
    /// Returns an event as it is written down.
    pub fn of(event: &StreamEvent, asked_at: Instant) -> Self {
        let at_ns = event.at.saturating_duration_since(asked_at).as_nanos();
        Self { at_ns: u64::try_from(at_ns).unwrap_or(u64::MAX), column: event.column, kind: event.kind.clone() }
    }

    /// Returns the event as it would happen in the turn `id` asked at `asked_at`.
    pub fn event(&self, id: TurnId, asked_at: Instant) -> StreamEvent {
        let at = asked_at.checked_add(Duration::from_nanos(self.at_ns)).unwrap_or(asked_at);
        StreamEvent { turn: id, column: self.column, at, kind: self.kind.clone() }
    }
}

impl Asked {
    /// Returns the turn in which nothing has happened yet.
    pub fn turn(&self, id: TurnId, asked_at: Instant) -> Turn {
        Turn::new(id, &self.question, self.members.iter().cloned(), asked_at).with_files(self.files.clone())
    }
}

impl TurnRecord {
    /// Returns the turn as it stood after its last event.
    pub fn turn(&self, id: TurnId, asked_at: Instant) -> Turn {
        let mut turn = self.asked.turn(id, asked_at);
        for moment in &self.moments {
            turn.apply(&moment.event(id, asked_at));
        }
        turn
    }

    /// Ends the calls that nothing has ended: the program stopped in their middle. Returns whether there were any.
    pub fn close(&mut self, asked_at: Instant) -> bool {
        let at_ns = self.moments.last().map_or(0, |moment| moment.at_ns);
        let turn = self.turn(TurnId(0), asked_at);
        let open = turn.responses.iter().enumerate().filter(|(_, response)| !response.is_over());
        let ends: Vec<Moment> = open
            .map(|(idx, _)| {
                let fault = Fault::new(FaultKind::Cut, "dissent ended before the answer did");
                let kind = StreamEventKind::Failed(fault.advise("ask again for the rest"));
                Moment { at_ns, column: Column::at(idx), kind }
            })
            .collect();
        let has_open = !ends.is_empty();
        self.moments.extend(ends);
        has_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::conversation::Shortened;
    use crate::domain::money::Usd;
    use crate::domain::response::State;
    use crate::domain::stream::{Citation, Delta, Finish, FinishNorm, FinishReason};
    use crate::domain::usage::Usage;

    fn now() -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn kinds() -> Vec<StreamEventKind> {
        let fault = Fault {
            http_status: Some(429),
            retry_after: Some(Duration::from_millis(1_500)),
            ..Fault::new(FaultKind::RateLimited, "over its limit").advise("wait")
        };
        let finish = Finish {
            reason: Some(FinishReason { raw: Some("end_turn".to_owned()), norm: FinishNorm::Stop }),
            refusal: true,
            explanation: Some("no".to_owned()),
            usage: Some(Usage { input_tokens: Some(3), ..Usage::default() }),
            charged: Some(Usd(0.1)),
            api_model: Some(Arc::from("m-1")),
            citations: vec![Citation { url: "https://a".to_owned(), title: None }],
            n_malformed: 2,
            n_sources_left_out: 1,
        };
        vec![
            StreamEventKind::Waiting { attempt: 2 },
            StreamEventKind::LeftOut(fault.clone()),
            StreamEventKind::Shortened(Shortened { n_turns: 2, context_tokens: 8_192 }),
            StreamEventKind::Started { n_tokens: 9 },
            StreamEventKind::Delta(Delta { text: "a\u{0}\n\"é".to_owned(), reasoning: String::new(), recasts: false }),
            StreamEventKind::Delta(Delta { text: String::new(), reasoning: "hm".to_owned(), recasts: true }),
            StreamEventKind::Retrying { attempt: 2, after: Duration::from_millis(250), fault: fault.clone() },
            StreamEventKind::Switched { to: Arc::new(Member::named("b")), fault: fault.clone() },
            StreamEventKind::Late,
            StreamEventKind::Counted(Box::new(finish.clone())),
            StreamEventKind::Finished(Box::new(finish)),
            StreamEventKind::Failed(fault),
            StreamEventKind::Cancelled,
            StreamEventKind::Withdrawn,
        ]
    }

    #[test]
    fn every_event_is_read_back_as_it_was() {
        for kind in kinds() {
            let moment = Moment { at_ns: 1_234, column: Column(1), kind };
            let json = serde_json::to_string(&moment).unwrap();
            assert_eq!(serde_json::from_str::<Moment>(&json).unwrap(), moment, "{json}");
        }
    }

    #[test]
    fn a_record_makes_the_turn_that_the_events_made() {
        let (asked_at, later) = (now(), now() + Duration::from_secs(5));
        let members = vec![Arc::new(Member::named("a")), Arc::new(Member::named("b"))];
        let asked = Asked {
            question: Arc::from("why?"),
            files: Vec::new(),
            members,
            quorum: 2,
            flag_below: 0.75,
            flag: Flagging::default(),
            is_demo: false,
            asks: Vec::new(),
        };
        let says = |text: &str| StreamEventKind::Delta(Delta { text: text.to_owned(), ..Delta::default() });
        let told = [
            (0, 1, StreamEventKind::Waiting { attempt: 1 }),
            (1, 2, StreamEventKind::Waiting { attempt: 1 }),
            (0, 400, says("be")),
            (1, 500, says("so")),
            (0, 600, says("cause")),
            (1, 700, StreamEventKind::Finished(Box::default())),
        ];
        let mut live = asked.turn(TurnId(1), asked_at);
        let mut record = TurnRecord { asked_at_ms: 0, asked, moments: Vec::new(), readings: Vec::new() };
        for (column, ms, kind) in told {
            let event =
                StreamEvent { turn: TurnId(1), column: Column(column), at: asked_at + Duration::from_millis(ms), kind };
            live.apply(&event);
            record.moments.push(Moment::of(&event, asked_at));
        }
        assert_eq!(record.turn(TurnId(1), asked_at), live);

        assert!(record.close(later));
        let closed = record.turn(TurnId(1), later);
        let [a, b] = closed.responses.as_slice() else { unreachable!() };
        assert_eq!((a.text.as_str(), a.fault().map(|fault| fault.kind)), ("because", Some(FaultKind::Cut)));
        assert_eq!((b.state.clone(), b.total()), (State::Done, Some(Duration::from_millis(698))));
        assert!(!record.close(later), "what has ended ends once");
    }
}
