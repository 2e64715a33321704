//! Whole calls on tapes, with paused time: what was sent, what the person sees, how long it took.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use crate::dispatch::call::{Call, Dispatcher};
use crate::domain::ids::{Column, TurnId};
use crate::domain::member::Member;
use crate::domain::prompt::Prompt;
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::net::error::NetError;
use crate::net::http::Http;
use crate::net::replay::{Replay, Step, Tape};
use crate::net::transport::Transport;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Limits, Model, Options, Provider};
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
        StreamEventKind::Started => "started".to_owned(),
        StreamEventKind::Delta(delta) => format!("delta {}|{}", delta.reasoning, delta.text),
        StreamEventKind::Retrying { attempt, after, fault } => {
            let wait = match after.as_millis() {
                500..=625 => "0.5 s".to_owned(),
                1_000..=1_250 => "1 s".to_owned(),
                ms => format!("{} s", ms / 1_000),
            };
            format!("retrying {attempt} after {wait}: {}", fault.kind.as_str())
        }
        StreamEventKind::Switched { to, fault } => format!("switched to {to}: {}", fault.kind.as_str()),
        StreamEventKind::Counted(finish) => format!("counted {:?}", finish.usage.and_then(|usage| usage.input_tokens)),
        StreamEventKind::Finished(finish) => {
            format!("finished {}", finish.reason.as_ref().map_or("without reason", |reason| &reason.raw))
        }
        StreamEventKind::Failed(fault) => format!("failed {}: {}", fault.kind.as_str(), fault.message),
        StreamEventKind::Late | StreamEventKind::Cancelled => format!("{:?}", event.kind),
    }
}

/// Plays `tapes` to a call and compares what is told, how often the server was asked, and the seconds it took.
async fn check(tapes: impl IntoIterator<Item = Tape>, told: &[&str], n_requests: usize, seconds: std::ops::Range<u64>) {
    let played = play(call(chat()), tapes).await;
    assert_eq!(played.told, told);
    assert_eq!(played.n_requests, n_requests, "{told:?}");
    assert!(seconds.contains(&played.took.as_secs()), "took {:?}: {told:?}", played.took);
}

#[tokio::test(start_paused = true)]
async fn a_good_answer_is_told_from_the_first_wait_to_the_end() {
    let slow = Tape::new(200, HELLO).then(Step::Pause(Duration::from_secs(2))).then(Step::Bytes(STOP.into()));
    let told = ["waiting 1", "started", "delta |Hello", "finished stop"];
    check([slow], &told, 1, 2..3).await;
}

#[tokio::test(start_paused = true)]
async fn all_text_that_has_arrived_is_one_event() {
    let body = format!("{HELLO}{HELLO}").repeat(3);
    let tape = Tape::new(200, body).then(Step::Bytes(HELLO.into())).then(Step::Bytes(STOP.into()));
    check([tape], &["waiting 1", "started", &format!("delta |{}", "Hello".repeat(7)), "finished stop"], 1, 0..1).await;
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_asked_again() {
    let retried = ["waiting 2", "started", "delta |Hello", "finished stop"];
    for (tape, row, seconds) in [
        (Tape::new(500, ""), "retrying 2 after 0.5 s: server", 0..1),
        (Tape::new(529, r#"{"error":{"type":"overloaded_error"}}"#), "retrying 2 after 0.5 s: overloaded", 0..1),
        (Tape::new(502, "<title>Bad Gateway</title>"), "retrying 2 after 0.5 s: server", 0..1),
        (Tape::new(429, "").header("retry-after", "3"), "retrying 2 after 3 s: rate_limited", 3..5),
        (Tape::new(429, ""), "retrying 2 after 0.5 s: rate_limited", 1..2),
        (Tape::new(504, ""), "retrying 2 after 0.5 s: timeout", 0..1),
        (Tape::failure(NetError::Unreachable("refused".to_owned())), "retrying 2 after 0.5 s: network", 0..1),
    ] {
        let told: Vec<&str> = ["waiting 1", row].into_iter().chain(retried).collect();
        check([tape, good()], &told, 2, seconds).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_broke_before_its_first_word_is_asked_for_again() {
    let error = "data: {\"error\":{\"message\":\"m\",\"code\":503}}\n\n";
    for (tape, kind) in [
        (Tape::new(200, ""), "empty"),
        (Tape::new(200, ": keep-alive\n\ndata: {\"choices\":[]}\n\n"), "cut"),
        (Tape::new(200, "").then(Step::Fail(NetError::Broken("reset".to_owned()))), "network"),
        (Tape::new(200, "").then(Step::Fail(NetError::CutShort)), "cut"),
        (Tape::new(200, error), "overloaded"),
    ] {
        let retrying = format!("retrying 2 after 0.5 s: {kind}");
        let told = ["waiting 1", "started", &retrying, "waiting 2", "started", "delta |Hello", "finished stop"];
        check([tape, good()], &told, 2, 0..1).await;
    }
}

#[tokio::test(start_paused = true)]
async fn three_failures_are_the_end() {
    let tapes = [Tape::new(500, ""), Tape::new(500, ""), Tape::new(500, ""), good()];
    let told = [
        "waiting 1",
        "retrying 2 after 0.5 s: server",
        "waiting 2",
        "retrying 3 after 1 s: server",
        "waiting 3",
        "failed server: house failed (500)",
    ];
    check(tapes, &told, 3, 1..2).await;
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_not_asked_again() {
    let quota = r#"{"error":{"message":"m","code":"insufficient_quota"}}"#;
    for (tape, failed) in [
        (Tape::new(401, ""), "failed auth: house refused the key in HOUSE_KEY (401)"),
        (
            Tape::new(429, quota),
            "failed quota: house says that the account has no credit or quota left: top it up (429): m",
        ),
        (Tape::new(400, "no"), "failed bad_request: house did not accept the request (400): no"),
        (Tape::new(500, "").header("x-should-retry", "false"), "failed server: house failed (500)"),
        (
            Tape::new(429, "").header("retry-after", "3600"),
            "failed rate_limited: house is over its limit and asks to wait 60 min (429)",
        ),
        (
            Tape::failure(NetError::Insecure("unknown issuer".to_owned())),
            "failed tls: no safe connection to house: unknown issuer; behind a company's own proxy, set ca_file",
        ),
    ] {
        check([tape, good()], &["waiting 1", failed], 1, 0..1).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_first_word_nothing_is_asked_again() {
    let error = "data: {\"error\":{\"message\":\"Overloaded\"}}\n\n";
    for (rest, failed) in [
        (Step::Bytes("".into()), "failed cut: house ended the answer in the middle"),
        (Step::Fail(NetError::CutShort), "failed cut: house ended the answer in the middle"),
        (
            Step::Fail(NetError::Broken("reset by peer".to_owned())),
            "failed network: the connection to house broke: reset by peer",
        ),
        (Step::Bytes(error.into()), "failed overloaded: house has no capacity for now: Overloaded"),
    ] {
        let told = ["waiting 1", "started", "delta |Hello", failed];
        check([Tape::new(200, HELLO).then(rest), good()], &told, 1, 0..1).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reasoning_counts_as_shown() {
    let thinking = "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n";
    let told = ["waiting 1", "started", "delta hm|", "failed cut: house ended the answer in the middle"];
    check([Tape::new(200, thinking), good()], &told, 1, 0..1).await;
}

#[tokio::test(start_paused = true)]
async fn silence_has_limits_of_its_own() {
    let hour = || Step::Pause(Duration::from_secs(3600));
    let first = "failed timeout: house sent no token within 60 s (timeout.first_token)";
    check([good().after(Duration::from_secs(3600))], &["waiting 1", first], 1, 60..61).await;
    check([Tape::new(200, "").then(hour())], &["waiting 1", "started", first], 1, 60..61).await;
    let stall = "failed timeout: house fell silent for 60 s in the middle of its answer (timeout.idle)";
    check([Tape::new(200, HELLO).then(hour())], &["waiting 1", "started", "delta |Hello", stall], 1, 60..61).await;
}

/// Returns a body that begins with `first` and then sends `again` every 50 s, without end.
fn drip(first: &'static str, again: &'static str) -> Tape {
    (0..100).fold(Tape::new(200, first), |tape, _| {
        tape.then(Step::Pause(Duration::from_secs(50))).then(Step::Bytes(again.into()))
    })
}

#[tokio::test(start_paused = true)]
async fn a_keep_alive_is_life_but_no_token() {
    let first = "failed timeout: house sent no token within 60 s (timeout.first_token)";
    check([drip("", ": keep-alive\n\n")], &["waiting 1", "started", first], 1, 60..61).await;
    let whole = "failed timeout: house did not end its answer within 10 min (timeout.whole)";
    let told = ["waiting 1", "started", "delta |Hello", whole];
    check([drip(HELLO, ": keep-alive\n\n")], &told, 1, 600..601).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_has_ended_is_not_waited_for() {
    let ended = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    let told = ["waiting 1", "started", "delta |Hello", "finished stop"];
    let hanging = Tape::new(200, format!("{HELLO}{ended}")).then(Step::Pause(Duration::from_secs(3600)));
    check([hanging], &told, 1, 5..6).await;
    let reset = Tape::new(200, format!("{HELLO}{ended}")).then(Step::Fail(NetError::Broken("reset".to_owned())));
    check([reset], &told, 1, 0..1).await;
}

#[tokio::test(start_paused = true)]
async fn bad_servers_cost_a_column_and_say_so() {
    let page = "<!doctype html><html><title>Sign in</title></html>";
    let malformed = "failed malformed: house sent a web page instead of an answer: check base_url and proxy: Sign in";
    check([Tape::new(200, page)], &["waiting 1", "started", malformed], 1, 0..1).await;
    let other = "failed malformed: house sent something else than an answer: check base_url and dialect: hi there";
    check([Tape::new(200, "hi there\n")], &["waiting 1", "started", other], 1, 0..1).await;
    let long = [HELLO.as_bytes(), b"data: ", &vec![b'x'; 10 << 20]].concat();
    let large = "failed too_large: house sent too much: one line of the answer is longer than 4 MiB";
    check([Tape::new(200, long)], &["waiting 1", "started", "delta |Hello", large], 1, 0..1).await;
    let bytes = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\xff\x1b[31m\"}}]}\n\n".as_slice();
    let broken = [bytes, b"data: {\"choices\":[\n\n", STOP.as_bytes()].concat();
    // A raw escape is not legal in JSON: that event is passed over like the one that is cut off.
    check([Tape::new(200, broken)], &["waiting 1", "started", "finished stop"], 1, 0..1).await;
}

#[tokio::test(start_paused = true)]
async fn events_that_cannot_be_read_are_counted() {
    let body = format!("{HELLO}data: {{\"choices\":\n\n{HELLO}data: nonsense\n\n{STOP}");
    let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([Tape::new(200, body)])));
    let (tx, rx) = unbounded_channel();
    let _handle = dispatcher.ask(call(chat()), tx);
    let heard = listen(rx).await;
    let Some(StreamEventKind::Finished(finish)) = heard.last().map(|event| &event.kind) else {
        panic!("{heard:?}");
    };
    assert_eq!(finish.n_malformed, 2);
}

#[tokio::test(start_paused = true)]
async fn what_a_cut_answer_cost_is_told() {
    let start = "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":12}}}\n\n";
    let played = play(call(model(Dialect::Anthropic)), [Tape::new(200, start), Tape::new(401, "")]).await;
    let cut = "retrying 2 after 0.5 s: cut";
    let failed = "failed auth: house refused the key in HOUSE_KEY (401)";
    assert_eq!(played.told, ["waiting 1", "started", cut, "waiting 2", failed]);
    let text = "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n";
    let played = play(call(model(Dialect::Anthropic)), [Tape::new(200, format!("{start}{text}"))]).await;
    let failed = "failed cut: house ended the answer in the middle";
    assert_eq!(played.told, ["waiting 1", "started", "delta |a", "counted Some(12)", failed]);
}

#[tokio::test(start_paused = true)]
async fn a_parameter_that_is_complained_of_is_left_out_and_remembered() {
    let complaint = r#"{"error":{"message":"Unsupported parameter: 'temperature'","param":"temperature"}}"#;
    let replay = Replay::new([Tape::new(400, complaint), good(), good()]);
    let dispatcher = Dispatcher::new(Transport::Replay(replay.clone()));
    let warm = Model { options: Options { temperature: Some(1.0), ..Options::default() }, ..chat() };
    for _ in 0..2 {
        let (tx, rx) = unbounded_channel();
        let _handle = dispatcher.ask(call(warm.clone()), tx);
        assert_eq!(listen(rx).await.last().map(line).as_deref(), Some("finished stop"));
    }
    let has_temperature = |body: &[u8]| String::from_utf8_lossy(body).contains("temperature");
    let sent: Vec<bool> = replay.requests().iter().map(|request| has_temperature(&request.body)).collect();
    assert_eq!(sent, [true, false, false]);
}

#[tokio::test(start_paused = true)]
async fn a_complaint_that_goes_on_is_the_end() {
    let complaint = || Tape::new(400, r#"{"error":{"message":"temperature is not supported","param":"temperature"}}"#);
    let told = ["waiting 1", "retrying 2 after 0 s: bad_request", "waiting 2"];
    let played = play(call(chat()), [complaint(), complaint(), good()]).await;
    assert_eq!(played.told.get(..3), Some(told.map(str::to_owned).as_slice()));
    assert_eq!(played.n_requests, 2);
}

#[tokio::test(start_paused = true)]
async fn a_stand_in_answers_when_the_model_cannot() {
    let both = |tapes: Vec<Tape>| {
        let stand_in = Arc::new(named("understudy", "other"));
        play(Call { stand_ins: vec![stand_in], ..call(named("star", "first")) }, tapes)
    };
    let down = || Tape::new(401, "").only_for("first.");
    let played = both(vec![down(), good().only_for("other.")]).await;
    let told = ["waiting 1", "switched to understudy: auth", "waiting 2", "started", "delta |Hello", "finished stop"];
    assert_eq!(played.told, told);
    let played = both(vec![down(), Tape::new(400, "no").only_for("other.")]).await;
    let failed = "failed bad_request: other did not accept the request (400): no";
    assert_eq!(played.told, ["waiting 1", "switched to understudy: auth", "waiting 2", failed]);
    let played = both(vec![Tape::new(200, HELLO).only_for("first."), good()]).await;
    assert_eq!(played.n_requests, 1, "after the first word nobody stands in");
    let withheld = Tape::new(400, r#"{"error":{"message":"m","code":"content_filter"}}"#);
    assert_eq!(both(vec![withheld, good()]).await.n_requests, 1, "what was withheld is not asked elsewhere");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_tells_nothing_more() {
    let slow = Tape::new(200, HELLO).then(Step::Pause(Duration::from_secs(9))).then(Step::Bytes(STOP.into()));
    let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([slow])));
    let (tx, mut rx) = unbounded_channel();
    let handle = dispatcher.ask(call(chat()), tx);
    for expected in ["waiting 1", "started", "delta |Hello"] {
        assert_eq!(rx.recv().await.as_ref().map(line).as_deref(), Some(expected));
    }
    drop(handle);
    assert_eq!(rx.recv().await, None);
}

#[tokio::test(start_paused = true)]
async fn models_of_one_provider_share_its_limits() {
    let house =
        Provider { limits: Limits { concurrent: Some(1), ..Limits::default() }, ..provider(Dialect::OpenaiChat) };
    let shared = Arc::new(Model { provider: Arc::new(house), ..chat() });
    let slow = || Tape::new(200, HELLO).then(Step::Pause(Duration::from_secs(10))).then(Step::Bytes(STOP.into()));
    let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([slow(), slow(), slow()])));
    let begun_at = Instant::now();
    let (tx, rx) = unbounded_channel();
    let handles: Vec<_> = (0..3)
        .map(|column| {
            dispatcher.ask(Call { model: Arc::clone(&shared), column: Column(column), ..call(chat()) }, tx.clone())
        })
        .collect();
    drop(tx);
    let heard = listen(rx).await;
    let n_finished = heard.iter().filter(|event| matches!(event.kind, StreamEventKind::Finished(_))).count();
    assert_eq!((n_finished, handles.len(), begun_at.elapsed().as_secs()), (3, 3, 30));
}

#[tokio::test(start_paused = true)]
async fn a_complaint_closes_the_gate_for_all_models_of_the_provider() {
    let limited = Tape::new(429, "").header("retry-after", "20");
    let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([limited, good(), good()])));
    let begun_at = Instant::now();
    let (tx, mut rx) = unbounded_channel();
    let _first = dispatcher.ask(call(named("a", "house")), tx.clone());
    while !rx.recv().await.is_some_and(|event| line(&event).starts_with("retrying")) {}
    let _second = dispatcher.ask(call(named("b", "house")), tx);
    let heard = listen(rx).await;
    let finished = heard.iter().filter(|event| matches!(event.kind, StreamEventKind::Finished(_)));
    let earliest = finished.map(|event| event.at).min().unwrap();
    assert!(earliest - begun_at.into_std() >= Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_keeps_failing_is_not_asked_for_a_while() {
    let replay = Replay::new((0..20).map(|_| Tape::new(500, "")));
    let dispatcher = Dispatcher::new(Transport::Replay(replay.clone()));
    let mut ends = Vec::new();
    for _ in 0..4 {
        let (tx, rx) = unbounded_channel();
        let _handle = dispatcher.ask(call(chat()), tx);
        ends.extend(listen(rx).await.last().map(line));
    }
    assert_eq!(replay.requests().len(), 6);
    assert!(ends.iter().skip(2).all(|end| end.starts_with("failed overloaded: house failed many times")), "{ends:?}");
}

#[tokio::test(start_paused = true)]
async fn a_planted_key_appears_nowhere() {
    let key = "planted-key-1234";
    let body = format!("{{\"error\":{{\"message\":\"bad key {key} and Bearer {key}\"}}}}");
    let tapes =
        || [Tape::new(401, body.clone()), Tape::new(200, format!("data: {body}\n\n")), Tape::new(200, body.clone())];
    for dialect in Dialect::ALL {
        for tape in tapes() {
            let replay = Replay::new([tape.clone(), tape.clone(), tape]);
            let dispatcher = Dispatcher::new(Transport::Replay(replay.clone()));
            let (tx, rx) = unbounded_channel();
            let asked = call(model(dialect));
            let shown = format!("{asked:?} {:?}", Dispatcher::new(Transport::Http(Http::new())));
            let handle = dispatcher.ask(asked, tx);
            let heard = listen(rx).await;
            let shown = format!("{shown} {handle:?} {heard:?} {:?}", replay.requests());
            assert!(!shown.contains(key), "{shown}");
            assert!(replay.requests().iter().all(|request| !request.headers.is_empty()));
        }
    }
}
