//! One turn from the question to the verdict, on tapes of servers and with paused time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod support;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use dissent::dispatch::call::Dispatcher;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::prompt::Prompt;
use dissent::domain::response::Status;
use dissent::domain::stream::StreamEventKind;
use dissent::domain::verdict::Verdict;
use dissent::net::replay::{Replay, Step, Tape};
use dissent::net::transport::Transport;
use dissent::provider::dialect::Dialect;
use dissent::round::drive::Round;
use dissent::round::plan::{Plan, RoundCommand, RoundEvent, RoundSettings};
use support::model;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const QUESTION: &str = "When did Apollo 11 land on the Moon?";

/// A server that says `text` after `seconds`.
fn says(id: &str, seconds: u64, text: &str) -> Tape {
    let event = serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    let end = serde_json::json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    Tape::new(200, "")
        .header("content-type", "text/event-stream")
        .then(Step::Pause(Duration::from_secs(seconds)))
        .then(Step::Bytes(format!("data: {event}\n\ndata: {end}\n\ndata: [DONE]\n\n").into()))
        .only_for(&format!("{id}.test"))
}

struct Running {
    round: Round,
    events: UnboundedReceiver<RoundEvent>,
}

fn start(ids: &[&str], tapes: Vec<Tape>) -> Running {
    let (tx, events) = unbounded_channel();
    let models: Vec<_> =
        ids.iter().map(|id| Arc::new(model(id, Dialect::OpenaiChat, &format!("http://{id}.test/v1")))).collect();
    let plan = Plan {
        turn: TurnId(1),
        question: Arc::from(QUESTION),
        registry: Arc::new(HashMap::new()),
        asks: (0..ids.len()).map(|idx| (Column::at(idx), Prompt::question(QUESTION))).collect(),
        models,
        settings: RoundSettings { quorum: 2, straggler: Duration::from_secs(10), flag_below: 0.75, is_demo: false },
    };
    let dispatcher = Dispatcher::new(Transport::Replay(Replay::new(tapes))).with_seed(1);
    Running { round: Round::start(plan, dispatcher, tx), events }
}

impl Running {
    async fn verdict(&mut self) -> Verdict {
        loop {
            match self.events.recv().await {
                Some(RoundEvent::Verdict(_, verdict)) => return *verdict,
                Some(RoundEvent::Stream(_) | RoundEvent::Report(..)) => {}
                None => panic!("the round ended without a verdict"),
            }
        }
    }

    async fn until(&mut self, is_it: impl Fn(&StreamEventKind) -> bool) {
        loop {
            match self.events.recv().await.unwrap() {
                RoundEvent::Stream(event) if is_it(&event.kind) => return,
                RoundEvent::Stream(_) | RoundEvent::Report(..) | RoundEvent::Verdict(..) => {}
            }
        }
    }
}

fn statuses(verdict: &Verdict) -> Vec<Status> {
    verdict.responses.iter().map(|response| response.status).collect()
}

#[tokio::test(start_paused = true)]
async fn three_answers_give_a_verdict_that_names_the_conflict() {
    let tapes = vec![
        says("a", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
        says("b", 2, "It landed on the Moon on July 20, 1969."),
        says("c", 3, "Apollo 11 landed on the Moon in 1968."),
    ];
    let verdict = start(&["a", "b", "c"], tapes).verdict().await;
    assert_eq!((verdict.asked, verdict.answered), (3, 3));
    assert_eq!(verdict.contradictions.len(), 1);
    assert!(verdict.flagged);
}

#[tokio::test(start_paused = true)]
async fn a_silent_member_is_left_out_and_the_turn_settles_again_when_it_answers() {
    let tapes = vec![
        says("a", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
        says("b", 2, "It landed on the Moon on July 20, 1969."),
        says("c", 30, "Apollo 11 landed on the Moon on July 20, 1969."),
    ];
    let mut running = start(&["a", "b", "c"], tapes);
    let first = running.verdict().await;
    assert_eq!((first.asked, first.answered), (3, 2));
    assert_eq!(statuses(&first), [Status::Done, Status::Done, Status::Late]);
    let second = running.verdict().await;
    assert_eq!(statuses(&second), [Status::Done, Status::Done, Status::Done]);
}

#[tokio::test(start_paused = true)]
async fn switching_off_withdraws_the_vote_and_switching_on_brings_it_back() {
    let wrong = "Apollo 11 landed on the Moon in 1968.";
    let tapes = vec![
        says("a", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
        says("b", 1, "It landed on the Moon on July 20, 1969."),
        says("c", 1, wrong),
        says("c", 1, wrong),
    ];
    let mut running = start(&["a", "b", "c"], tapes);
    assert_eq!(running.verdict().await.contradictions.len(), 1);
    running.round.command(RoundCommand::Withdraw(Column(2)));
    let without = running.verdict().await;
    assert_eq!((without.asked, without.answered, without.contradictions.len()), (2, 2, 0));
    running.round.command(RoundCommand::Ask(Column(2), Prompt::question(QUESTION)));
    let again = running.verdict().await;
    assert_eq!((again.asked, again.answered, again.contradictions.len()), (3, 3, 1));
}

#[tokio::test(start_paused = true)]
async fn asking_again_in_the_middle_leaves_nothing_of_the_first_answer() {
    let half = serde_json::json!({"choices": [{"index": 0, "delta": {"content": "It was in 1901. It "}}]});
    let endless = Tape::new(200, "")
        .header("content-type", "text/event-stream")
        .then(Step::Bytes(format!("data: {half}\n\n").into()))
        .then(Step::Pause(Duration::from_secs(50)))
        .only_for("c.test");
    let tapes = vec![
        says("a", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
        says("b", 1, "It landed on the Moon on July 20, 1969."),
        endless,
        says("c", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
    ];
    let mut running = start(&["a", "b", "c"], tapes);
    running.until(|kind| matches!(kind, StreamEventKind::Delta(delta) if delta.text.contains("1901"))).await;
    running.round.command(RoundCommand::Ask(Column(2), Prompt::question(QUESTION)));
    let verdict = running.verdict().await;
    assert_eq!(verdict.answered, 3);
    assert_eq!(verdict.contradictions, []);
    assert!(!verdict.responses.iter().any(|response| response.text.contains("1901")));
}

#[tokio::test(start_paused = true)]
async fn stopping_everyone_settles_the_turn() {
    let tapes = ["a", "b"].map(|id| says(id, 40, "Too late.")).to_vec();
    let mut running = start(&["a", "b"], tapes);
    running.until(|kind| matches!(kind, StreamEventKind::Waiting { .. })).await;
    running.round.command(RoundCommand::StopAll);
    let verdict = running.verdict().await;
    assert_eq!(statuses(&verdict), [Status::Cancelled, Status::Cancelled]);
    assert_eq!(verdict.answer, None);
}
