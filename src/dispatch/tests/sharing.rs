//! What calls share: stand-ins, limits, what was learned of a model, and no key ever.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;
use tokio::time::Instant;

use crate::dispatch::call::{Call, Dispatcher, StandIn};
use crate::dispatch::claims::Claims;
use crate::dispatch::tests::{HELLO, STOP, call, chat, good, line, listen, named, play};
use crate::domain::ids::Column;
use crate::domain::prompt::Prompt;
use crate::domain::stream::StreamEventKind;
use crate::net::http::Http;
use crate::net::replay::{Replay, Step, Tape};
use crate::net::transport::Transport;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Limits, Model, Options, Provider, Secret, Timeouts};
use crate::provider::request::tests::{model, provider};

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
        let model = Arc::new(named("understudy", "other"));
        let stand_in = StandIn { model, prompt: Prompt::question("and you?") };
        play(Call { stand_ins: vec![stand_in], ..call(named("star", "first")) }, tapes)
    };
    let down = || Tape::new(401, "").only_for("first.");
    let played = both(vec![down(), good().only_for("other.")]).await;
    let told = ["waiting 1", "switched to understudy: auth", "waiting 2", "started", "delta |Hello", "finished stop"];
    assert_eq!(played.told, told);
    let played = both(vec![down(), Tape::new(400, "no").only_for("other.")]).await;
    let failed =
        "failed bad_request: other did not accept the request (400): no; check the model's options and its dialect";
    assert_eq!(played.told, ["waiting 1", "switched to understudy: auth", "waiting 2", failed]);
    let played = both(vec![Tape::new(200, HELLO).only_for("first."), good()]).await;
    assert_eq!(played.n_requests, 1, "after the first word nobody stands in");
    let withheld = Tape::new(400, r#"{"error":{"message":"m","code":"content_filter"}}"#);
    assert_eq!(both(vec![withheld, good()]).await.n_requests, 1, "what was withheld is not asked elsewhere");
}

#[tokio::test(start_paused = true)]
async fn a_stand_in_answers_once_in_a_turn() {
    let claims = Claims::default();
    let down = || Tape::new(401, "").only_for("first.");
    let refused = "failed auth: first refused the key in HOUSE_KEY (401); put a valid key into HOUSE_KEY";
    for (column, expected) in [(0, "finished stop"), (1, refused), (0, "finished stop")] {
        let model = Arc::new(named("understudy", "other"));
        let stand_ins = vec![StandIn { model, prompt: Prompt::question("why?") }];
        let asked = Call { stand_ins, claims: claims.clone(), column: Column(column), ..call(named("star", "first")) };
        let played = play(asked, [down(), good().only_for("other.")]).await;
        assert_eq!(played.told.last().map(String::as_str), Some(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_next_request_cannot_be_sent_the_last_answer_stands() {
    let body = "data: {\"model\":\"m-1\",\"choices\":[]}\n\n\
        data: {\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow down\"}}\n\n";
    let limits = Limits { requests_per_minute: Some(1), ..Limits::default() };
    let timeouts = Timeouts { whole: Duration::from_secs(15), ..Timeouts::default() };
    let hurried = Provider { limits, timeouts, ..provider(Dialect::OpenaiChat) };
    let played = play(call(Model { provider: Arc::new(hurried), ..chat() }), [Tape::new(200, body), good()]).await;
    assert_eq!(played.told.get(2).map(String::as_str), Some("retrying 2 after 0.5 s: rate_limited"));
    assert_eq!(played.told.get(3).map(String::as_str), Some("counted None"), "a request that never left is none");
    assert_eq!(played.n_requests, 1);
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
async fn a_complaint_closes_one_model_where_limits_are_by_model() {
    for (provider_id, expected) in [("openai", "finished stop"), ("house", "failed rate_limited")] {
        let limited = Tape::new(429, "").header("retry-after", "600");
        let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([limited, good()])));
        let last = async |name: &str| {
            let (tx, rx) = unbounded_channel();
            let _handle = dispatcher.ask(call(named(name, provider_id)), tx);
            listen(rx).await.last().map(line).unwrap()
        };
        assert!(last("a").await.starts_with("failed rate_limited"));
        let told = last("b").await;
        assert!(told.starts_with(expected), "{provider_id}: {told}");
        let told = last("a").await;
        assert!(told.starts_with("failed rate_limited"), "{provider_id}: {told}");
    }
}

/// Asks each model after the other has begun and returns after how many seconds the second one's answer came.
async fn second_after(first: Model, second: Model, headers: &[(&str, &str)]) -> u64 {
    let told = headers.iter().fold(good(), |tape, (name, value)| tape.header(name, value));
    let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([told, good()])));
    let begun_at = Instant::now();
    for model in [first, second] {
        let (tx, rx) = unbounded_channel();
        let _handle = dispatcher.ask(call(model), tx);
        assert_eq!(listen(rx).await.last().map(line).as_deref(), Some("finished stop"));
    }
    begun_at.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn what_a_provider_says_is_left_is_kept_to() {
    let used_up = [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "12s")];
    assert_eq!(second_after(named("a", "house"), named("a", "house"), &used_up).await, 12);
    assert_eq!(second_after(named("a", "house"), named("b", "house"), &used_up).await, 12, "its models share it");
    assert_eq!(second_after(named("a", "house"), named("b", "other"), &used_up).await, 0);
    assert_eq!(second_after(named("a", "openai"), named("a", "openai"), &used_up).await, 12);
    assert_eq!(second_after(named("a", "openai"), named("b", "openai"), &used_up).await, 0, "its limits are by model");
    let dated = [
        ("date", "Sun, 22 Nov 2026 10:00:00 GMT"),
        ("anthropic-ratelimit-requests-remaining", "0"),
        ("anthropic-ratelimit-requests-reset", "2026-11-22T10:00:07Z"),
    ];
    assert_eq!(second_after(named("a", "house"), named("a", "house"), &dated).await, 7);
}

#[tokio::test(start_paused = true)]
async fn tokens_are_counted_as_the_provider_counts_them() {
    let limits = Limits { tokens_per_minute: Some(1_000), ..Limits::default() };
    let house = Arc::new(Provider { limits, ..provider(Dialect::OpenaiChat) });
    let model = || Model { provider: Arc::clone(&house), ..chat() };
    let usage =
        |n: u32| format!("data: {{\"choices\":[],\"usage\":{{\"prompt_tokens\":{n},\"completion_tokens\":0}}}}\n\n");
    // By the estimate alone the second one would have to wait: each is taken for 512 tokens and a little.
    for (counted, seconds) in [(100, 0), (900, 60)] {
        let stop = STOP.replace("data: [DONE]", &format!("{}data: [DONE]", usage(counted)));
        let tape = || Tape::new(200, format!("{HELLO}{stop}"));
        let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([tape(), tape()])));
        let begun_at = Instant::now();
        for _ in 0..2 {
            let (tx, rx) = unbounded_channel();
            let _handle = dispatcher.ask(call(model()), tx);
            assert_eq!(listen(rx).await.last().map(line).as_deref(), Some("finished stop"));
        }
        assert_eq!(begun_at.elapsed().as_secs(), seconds, "{counted} tokens counted");
    }
}

#[tokio::test(start_paused = true)]
async fn one_name_at_two_addresses_is_two_services() {
    let at = |host: &str| {
        let provider = Provider { base_url: format!("http://{host}.example"), ..provider(Dialect::OpenaiChat) };
        Model { provider: Arc::new(provider), ..chat() }
    };
    let used_up = [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "12s")];
    assert_eq!(second_after(at("one"), at("two"), &used_up).await, 0);
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

#[tokio::test(start_paused = true)]
async fn a_key_that_cannot_be_sent_is_not_quoted() {
    let house = Provider { key: Some(Secret::new("planted\nkey")), ..provider(Dialect::OpenaiChat) };
    let played = play(call(Model { provider: Arc::new(house), ..chat() }), [good()]).await;
    let failed = "failed bad_request: house cannot be asked: \
                  the key or value for `authorization` holds a line break or the like; correct its settings";
    assert_eq!(
        (played.told.as_slice(), played.n_requests),
        (["waiting 1".to_owned(), failed.to_owned()].as_slice(), 0)
    );
}
