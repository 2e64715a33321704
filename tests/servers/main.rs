//! Real servers of other people, asked by real calls: what was decoded from recordings must hold for their code too.
//!
//! `bash tests/servers/install.sh` installs them, outside the repository. A server that is not installed is named and its
//! tests do not run, unless `DISSENT_REQUIRE=aimock,litellm,llama` asks for it: then they fail.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod house;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use dissent::dispatch::call::{Call, Dispatcher};
use dissent::dispatch::claims::Claims;
use dissent::domain::conversation::Talk;
use dissent::domain::fault::{Fault, FaultKind};
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::member::Member;
use dissent::domain::prompt::Prompt;
use dissent::domain::response::Status;
use dissent::domain::stream::{FinishNorm, StreamEventKind};
use dissent::domain::verdict::Flagging;
use dissent::net::http::Http;
use dissent::net::transport::Transport;
use dissent::provider::dialect::Dialect;
use dissent::provider::endpoint::{Model, Options, Provider, Secret, Straggler};
use dissent::round::drive::Round;
use dissent::round::plan::{Plan, RoundEvent, RoundSettings};
use house::House;
use tokio::sync::mpsc::unbounded_channel;

const QUESTION: &str = "When did Apollo 11 land?";
const ANSWER: &str = "Apollo 11 landed on July 20, 1969. Größe ✓ 日本";
const PROXY_KEY: &str = "sk-planted-proxy-key";

/// Returns a model of that name at `url`, with a key and at most 40 tokens of answer.
fn model(id: &str, dialect: Dialect, url: &str) -> Model {
    let house = support::model(id, dialect, url);
    let key = Some(Secret::new(PROXY_KEY));
    let provider = Provider { key, key_source: Some("PROXY_KEY".to_owned()), ..Provider::clone(&house.provider) };
    let member = Member { provider: Arc::from(id), ..Member::named(id) };
    let options = Options { max_output_tokens: Some(40), ..Options::default() };
    Model { provider: Arc::new(provider), member: Arc::new(member), options, ..house }
}

/// What one call came to.
#[derive(Debug)]
struct Told {
    text: String,
    n_retries: u32,
    end: Result<Option<FinishNorm>, Fault>,
}

async fn ask(model: Model, question: &str) -> Told {
    let (tx, mut rx) = unbounded_channel();
    let call = Call {
        turn: TurnId(1),
        column: Column(0),
        model: Arc::new(model),
        stand_ins: Vec::new(),
        claims: Claims::default(),
        prompt: Prompt::question(question),
    };
    let _handle = Dispatcher::new(Transport::Http(Http::new())).ask(call, tx);
    let (mut text, mut n_retries, mut ends) = (String::new(), 0, Vec::new());
    while let Some(event) = rx.recv().await {
        match event.kind {
            StreamEventKind::Delta(delta) => text.push_str(&delta.text),
            StreamEventKind::Retrying { .. } => n_retries += 1,
            StreamEventKind::Finished(finish) => ends.push(Ok(finish.reason.map(|reason| reason.norm))),
            StreamEventKind::Failed(fault) => ends.push(Err(fault)),
            StreamEventKind::Waiting { .. }
            | StreamEventKind::LeftOut(_)
            | StreamEventKind::Shortened(_)
            | StreamEventKind::Started { .. }
            | StreamEventKind::Switched { .. }
            | StreamEventKind::Declined
            | StreamEventKind::Late
            | StreamEventKind::Counted(_)
            | StreamEventKind::Cancelled
            | StreamEventKind::Withdrawn => {}
        }
    }
    assert_eq!(ends.len(), 1, "a call ends once");
    Told { text, n_retries, end: ends.remove(0) }
}

fn kind(told: &Told) -> Option<FaultKind> {
    told.end.as_ref().err().map(|fault| fault.kind)
}

#[tokio::test]
async fn aimock_is_understood_in_all_five_dialects() {
    if !House::Aimock.is_here() {
        return;
    }
    let aimock = House::Aimock.open(&[]);
    for dialect in Dialect::ALL {
        let told = ask(model("mock", dialect, &aimock.url()), QUESTION).await;
        println!("aimock as {}: {:?} {:?}", dialect.as_str(), told.text, told.end);
        assert_eq!((told.text.as_str(), told.end), (ANSWER, Ok(Some(FinishNorm::Stop))), "{dialect:?}");
    }
}

#[tokio::test]
async fn aimock_fails_as_it_is_told_to() {
    if !House::Aimock.is_here() {
        return;
    }
    let aimock = House::Aimock.open(&[]);
    for (question, fault) in
        [("be limited", FaultKind::RateLimited), ("be overloaded", FaultKind::Overloaded), ("be cut", FaultKind::Cut)]
    {
        for dialect in [Dialect::OpenaiChat, Dialect::Anthropic] {
            let told = ask(model("mock", dialect, &aimock.url()), question).await;
            println!("aimock as {}, {question}: {told:?}", dialect.as_str());
            let is_network = kind(&told) == Some(FaultKind::Network) && fault == FaultKind::Cut;
            assert!(kind(&told) == Some(fault) || is_network, "{told:?}");
            // What was shown is not asked for again; what failed before is, twice.
            assert_eq!(told.n_retries, if told.text.is_empty() { 2 } else { 0 }, "{told:?}");
        }
    }
}

#[tokio::test]
async fn under_chaos_every_call_ends_once_and_no_answer_is_damaged() {
    const N_CALLS: usize = 40;
    if !House::Aimock.is_here() {
        return;
    }
    let chaos = ["--chaos-ratelimit", "0.3", "--chaos-disconnect", "0.2", "--chaos-malformed", "0.2"];
    let aimock = House::Aimock.open(&chaos);
    let url = aimock.url();
    let calls: Vec<_> =
        (0..N_CALLS).map(|_| tokio::spawn(ask(model("mock", Dialect::OpenaiChat, &url), QUESTION))).collect();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    let mut n_retries = 0;
    for call in calls {
        let told = call.await.unwrap();
        n_retries += told.n_retries;
        match &told.end {
            Ok(_) => assert_eq!(told.text, ANSWER),
            Err(_) => assert!(ANSWER.starts_with(&told.text), "{told:?}"),
        }
        let end = kind(&told).map_or("answered", FaultKind::as_str);
        *ends.entry(end.to_owned()).or_default() += 1;
    }
    println!("aimock under chaos, {N_CALLS} calls: {ends:?}, {n_retries} retries");
    assert_eq!(ends.values().sum::<usize>(), N_CALLS);
    assert!(n_retries > 0, "nothing failed, so nothing was shown");
    assert!(ends.get("answered").is_some_and(|n| *n > 0), "nobody answered");
}

#[tokio::test]
async fn dropping_a_call_to_aimock_leaves_it_ready_for_the_next() {
    if !House::Aimock.is_here() {
        return;
    }
    let aimock = House::Aimock.open(&[]);
    let slow =
        tokio::time::timeout(Duration::from_secs(1), ask(model("mock", Dialect::OpenaiChat, &aimock.url()), "be slow"));
    assert!(slow.await.is_err(), "it sends for more than a second");
    let told = ask(model("mock", Dialect::OpenaiChat, &aimock.url()), QUESTION).await;
    assert_eq!(told.text, ANSWER);
}

#[tokio::test]
async fn the_litellm_proxy_answers_and_fails_understandably() {
    if !House::Litellm.is_here() {
        return;
    }
    let litellm = House::Litellm.open(&[]);
    let at = |name: &str| model(name, Dialect::OpenaiChat, &litellm.url());
    let told = ask(at("good"), QUESTION).await;
    println!("litellm, good: {told:?}");
    assert_eq!((told.text.as_str(), told.end.is_ok()), ("It landed on July 20, 1969.", true));
    let keyless = Model {
        provider: Arc::new(Provider {
            key: Some(Secret::new("sk-wrong-key-1234")),
            ..Provider::clone(&at("good").provider)
        }),
        ..at("good")
    };
    for (model, expected) in [
        (at("limited"), FaultKind::RateLimited),
        (at("broken"), FaultKind::Server),
        (at("full"), FaultKind::ContextLength),
        // Without a database the proxy answers a key that it does not know with a 400.
        (keyless, FaultKind::BadRequest),
    ] {
        let name = model.member.id.clone();
        let told = ask(model, QUESTION).await;
        println!("litellm, {name}: {told:?}");
        assert_eq!(kind(&told), Some(expected), "{told:?}");
        let shown = format!("{told:?}");
        assert!(!shown.contains(PROXY_KEY) && !shown.contains("sk-wrong-key"), "{shown}");
    }
}

#[tokio::test]
async fn a_real_model_of_random_numbers_is_understood() {
    if !House::Llama.is_here() {
        return;
    }
    let llama = House::Llama.open(&[]);
    let told = ask(model("tiny", Dialect::OpenaiChat, &llama.url()), QUESTION).await;
    println!("llama: {told:?}");
    assert!(!told.text.is_empty(), "{told:?}");
    assert!(matches!(told.end, Ok(Some(FinishNorm::Stop | FinishNorm::Length))), "{told:?}");
    // More than it reads: this server answers 200 with an empty body, or an error.
    let told = ask(model("tiny", Dialect::OpenaiChat, &llama.url()), &"moon ".repeat(2_000)).await;
    println!("llama, too long: {:?} {:?}", told.text, told.end);
    assert!(told.end.is_err(), "{told:?}");
}

#[tokio::test]
async fn three_servers_are_three_members_of_one_round() {
    let houses = [House::Aimock, House::Litellm, House::Llama];
    if houses.iter().filter(|house| !house.is_here()).count() > 0 {
        return;
    }
    let [aimock, litellm, llama] = houses.map(|house| house.open(&[]));
    let models = vec![
        Arc::new(model("mock", Dialect::Anthropic, &aimock.url())),
        Arc::new(model("good", Dialect::OpenaiChat, &litellm.url())),
        Arc::new(model("tiny", Dialect::OpenaiChat, &llama.url())),
    ];
    let plan = Plan {
        turn: TurnId(1),
        talk: Arc::new(Talk::question(QUESTION)),
        registry: Arc::new(HashMap::new()),
        asks: (0..models.len()).map(Column::at).collect(),
        models,
        settings: RoundSettings {
            quorum: 2,
            straggler: Straggler::same(Duration::from_secs(60)),
            flag_below: 0.75,
            flag: Flagging::Graded,
            is_demo: false,
        },
    };
    let (tx, mut events) = unbounded_channel();
    let _round = Round::start(plan, Dispatcher::new(Transport::Http(Http::new())), tx);
    let verdict = loop {
        if let RoundEvent::Verdict(_, verdict) = events.recv().await.unwrap() {
            break verdict;
        }
    };
    for response in &verdict.responses {
        println!("{}: {:?} {:?} {:?}", response.model, response.status, response.text, response.error);
    }
    println!("{} of {} answered: {:?}", verdict.answered, verdict.asked, verdict.answer);
    assert_eq!(verdict.asked, 3);
    assert!(verdict.answered >= 2, "{verdict:?}");
    let statuses: Vec<Status> = verdict.responses.iter().map(|response| response.status).collect();
    assert_eq!(statuses.get(..2), Some([Status::Done, Status::Done].as_slice()));
    // Random words end at their limit or by chance: either way they are all there.
    assert!(matches!(statuses.last(), Some(Status::Done | Status::Partial)), "{statuses:?}");
    assert!(verdict.responses.iter().all(|response| !response.text.is_empty()));
    assert!(verdict.answer.is_some_and(|answer| answer.contains("July 20, 1969")));
}
