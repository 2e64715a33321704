//! What can befall one call: what was sent, what the person sees, how long it took.

use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;

use crate::dispatch::call::Dispatcher;
use crate::dispatch::tests::{HELLO, STOP, call, chat, check, good, listen, play};
use crate::domain::stream::StreamEventKind;
use crate::net::error::NetError;
use crate::net::replay::{Replay, Step, Tape};
use crate::net::transport::Transport;
use crate::provider::dialect::Dialect;
use crate::provider::request::tests::model;

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
        "failed server: house failed (500); ask again later: the fault is on their side",
    ];
    check(tapes, &told, 3, 1..2).await;
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_not_asked_again() {
    let quota = r#"{"error":{"message":"m","code":"insufficient_quota"}}"#;
    for (tape, failed) in [
        (Tape::new(401, ""), "failed auth: house refused the key in HOUSE_KEY (401); put a valid key into HOUSE_KEY"),
        (
            Tape::new(429, quota),
            "failed quota: house says that the account has no credit or quota left (429): m; top it up or raise its limit there, or switch the \
             model off",
        ),
        (
            Tape::new(400, "no"),
            "failed bad_request: house did not accept the request (400): no; check the model's options and its dialect",
        ),
        (
            Tape::new(500, "").header("x-should-retry", "false"),
            "failed server: house failed (500); ask again later: the fault is on their side",
        ),
        (
            Tape::new(429, "").header("retry-after", "3600"),
            "failed rate_limited: house is over its limit and asks to wait 60 min (429); ask again then",
        ),
        (
            Tape::failure(NetError::Insecure("unknown issuer".to_owned())),
            "failed tls: no safe connection to house: unknown issuer; check the clock; behind a company's own proxy or certificate, \
             set ca_file",
        ),
    ] {
        check([tape, good()], &["waiting 1", failed], 1, 0..1).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_first_word_nothing_is_asked_again() {
    let error = "data: {\"error\":{\"message\":\"Overloaded\"}}\n\n";
    for (rest, failed) in [
        (Step::Bytes("".into()), "failed cut: house ended the answer in the middle; ask again"),
        (Step::Fail(NetError::CutShort), "failed cut: house ended the answer in the middle; ask again"),
        (
            Step::Fail(NetError::Broken("reset by peer".to_owned())),
            "failed network: the connection to house broke: reset by peer; ask again",
        ),
        (
            Step::Bytes(error.into()),
            "failed overloaded: house has no capacity for now: Overloaded; ask again in a minute",
        ),
    ] {
        let told = ["waiting 1", "started", "delta |Hello", failed];
        check([Tape::new(200, HELLO).then(rest), good()], &told, 1, 0..1).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reasoning_counts_as_shown() {
    let thinking = "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n";
    let told = ["waiting 1", "started", "delta hm|", "failed cut: house ended the answer in the middle; ask again"];
    check([Tape::new(200, thinking), good()], &told, 1, 0..1).await;
}

#[tokio::test(start_paused = true)]
async fn silence_has_limits_of_its_own() {
    let hour = || Step::Pause(Duration::from_secs(3600));
    let first = "failed timeout: house sent no token within 60 s; ask again, or raise timeout.first_token";
    check([good().after(Duration::from_secs(3600))], &["waiting 1", first], 1, 60..61).await;
    check([Tape::new(200, "").then(hour())], &["waiting 1", "started", first], 1, 60..61).await;
    let stall =
        "failed timeout: house fell silent for 60 s in the middle of its answer; ask again, or raise timeout.idle";
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
    let first = "failed timeout: house sent no token within 60 s; ask again, or raise timeout.first_token";
    check([drip("", ": keep-alive\n\n")], &["waiting 1", "started", first], 1, 60..61).await;
    let whole = "failed timeout: house did not end its answer within 10 min; ask again, or raise timeout.whole";
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
    let malformed = "failed malformed: house sent a web page instead of an answer: Sign in; check base_url and proxy";
    check([Tape::new(200, page)], &["waiting 1", "started", malformed], 1, 0..1).await;
    let other = "failed malformed: house sent something else than an answer: hi there; check base_url and dialect";
    check([Tape::new(200, "hi there\n")], &["waiting 1", "started", other], 1, 0..1).await;
    let long = [HELLO.as_bytes(), b"data: ", &vec![b'x'; 10 << 20]].concat();
    let large = "failed too_large: house sent too much: one line of the answer is longer than 4 MiB; ask for a shorter answer, or check base_url";
    check([Tape::new(200, long)], &["waiting 1", "started", "delta |Hello", large], 1, 0..1).await;
    let bytes = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\xff\x1b[31m\"}}]}\n\n".as_slice();
    let broken = [bytes, b"data: {\"choices\":[\n\n", STOP.as_bytes()].concat();
    // A raw escape is not legal in JSON, and costs no word; the event that is cut off is passed over.
    let told = ["waiting 1", "started", "delta |a\u{fffd}\u{1b}[31m", "finished stop"];
    check([Tape::new(200, broken)], &told, 1, 0..1).await;
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
    let failed = "failed auth: house refused the key in HOUSE_KEY (401); put a valid key into HOUSE_KEY";
    assert_eq!(played.told, ["waiting 1", "started", cut, "waiting 2", failed]);
    let text = "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n";
    let played = play(call(model(Dialect::Anthropic)), [Tape::new(200, format!("{start}{text}"))]).await;
    let failed = "failed cut: house ended the answer in the middle; ask again";
    assert_eq!(played.told, ["waiting 1", "started", "delta |a", "counted Some(12)", failed]);
}
