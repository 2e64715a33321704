//! Whole calls on tapes, with paused time: the harness that the tables of this folder share.

mod faults;
mod sharing;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use crate::dispatch::call::{Call, Dispatcher};
use crate::dispatch::claims::Claims;
use crate::domain::ids::{Column, TurnId};
use crate::domain::member::Member;
use crate::domain::prompt::Prompt;
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::net::replay::{Replay, Tape};
use crate::net::transport::Transport;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Model, Provider};
use crate::provider::request::tests::{model, provider};

const HELLO: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n";
const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

fn chat() -> Model {
    model(Dialect::OpenaiChat)
}

fn named(name: &str, provider_id: &str) -> Model {
    let house = Provider {
        id: Arc::from(provider_id),
        base_url: format!("http://{provider_id}.example"),
        ..provider(Dialect::OpenaiChat)
    };
    Model { member: Arc::new(Member::named(name)), provider: Arc::new(house), ..chat() }
}

fn good() -> Tape {
    Tape::new(200, format!("{HELLO}{STOP}"))
}

fn call(model: Model) -> Call {
    Call {
        turn: TurnId(1),
        column: Column(0),
        model: Arc::new(model),
        stand_ins: Vec::new(),
        claims: Claims::default(),
        prompt: Prompt::question("why?"),
    }
}

/// What one call came to.
struct Played {
    /// One line an event.
    told: Vec<String>,
    n_requests: usize,
    took: Duration,
}

async fn play(call: Call, tapes: impl IntoIterator<Item = Tape>) -> Played {
    let replay = Replay::new(tapes);
    let dispatcher = Dispatcher::new(Transport::Replay(replay.clone())).with_seed(7);
    let begun_at = Instant::now();
    let (tx, rx) = unbounded_channel();
    let handle = dispatcher.ask(call, tx);
    let told = listen(rx).await.iter().map(line).collect();
    drop(handle);
    Played { told, n_requests: replay.requests().len(), took: begun_at.elapsed() }
}

async fn listen(mut events: UnboundedReceiver<StreamEvent>) -> Vec<StreamEvent> {
    let mut heard = Vec::new();
    while let Some(event) = events.recv().await {
        heard.push(event);
    }
    heard
}

/// Returns an event as a row of a table spells it; waits of our own without their jitter.
fn line(event: &StreamEvent) -> String {
    match &event.kind {
        StreamEventKind::Waiting { attempt } => format!("waiting {attempt}"),
        StreamEventKind::Started { .. } => "started".to_owned(),
        StreamEventKind::Delta(delta) => format!("delta {}|{}", delta.reasoning, delta.text),
        StreamEventKind::Retrying { attempt, after, fault } => {
            let wait = match after.as_millis() {
                500..=625 => "0.5 s".to_owned(),
                1_000..=1_250 => "1 s".to_owned(),
                ms => format!("{} s", ms / 1_000),
            };
            format!("retrying {attempt} after {wait}: {}", fault.kind.as_str())
        }
        StreamEventKind::Switched { to, fault } => format!("switched to {}: {}", to.id, fault.kind.as_str()),
        StreamEventKind::Counted(finish) => format!("counted {:?}", finish.usage.and_then(|usage| usage.input_tokens)),
        StreamEventKind::Finished(finish) => {
            format!(
                "finished {}",
                finish
                    .reason
                    .as_ref()
                    .map_or("without reason", |reason| reason.raw.as_deref().unwrap_or("without a word"))
            )
        }
        StreamEventKind::Failed(fault) => format!("failed {}: {}", fault.kind.as_str(), fault.told()),
        StreamEventKind::LeftOut(_)
        | StreamEventKind::Shortened(_)
        | StreamEventKind::Late
        | StreamEventKind::Declined
        | StreamEventKind::Cancelled
        | StreamEventKind::Withdrawn => format!("{:?}", event.kind),
    }
}

/// Plays `tapes` to a call and compares what is told, how often the server was asked, and the seconds it took.
async fn check(tapes: impl IntoIterator<Item = Tape>, told: &[&str], n_requests: usize, seconds: std::ops::Range<u64>) {
    let played = play(call(chat()), tapes).await;
    assert_eq!(played.told, told);
    assert_eq!(played.n_requests, n_requests, "{told:?}");
    assert!(seconds.contains(&played.took.as_secs()), "took {:?}: {told:?}", played.took);
}
