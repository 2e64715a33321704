//! Calls over real sockets of this machine: what the network itself does to them.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use dissent::dispatch::call::{Call, Dispatcher};
use dissent::dispatch::claims::Claims;
use dissent::domain::fault::FaultKind;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::prompt::Prompt;
use dissent::domain::stream::{StreamEvent, StreamEventKind};
use dissent::net::http::Http;
use dissent::net::transport::Transport;
use dissent::provider::dialect::Dialect;
use dissent::provider::endpoint::{Model, Provider, Secret};
use support::model;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Longer than any test takes on a busy machine; nothing waits for it unless something is broken.
const CEILING: Duration = Duration::from_secs(60);

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const HELLO: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n";
const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// Takes one connection and returns it with the request read off it.
async fn accept(listener: &TcpListener) -> (TcpStream, String) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    let mut buf = [0; 4096];
    // The body ends in a brace; it is small enough to come with its head or right after it.
    while !(request.ends_with(b"}") && request.windows(4).any(|four| four == b"\r\n\r\n")) {
        let n_read = stream.read(&mut buf).await.unwrap();
        assert!(n_read > 0, "the request ended early");
        request.extend_from_slice(buf.get(..n_read).unwrap());
    }
    (stream, String::from_utf8(request).unwrap())
}

fn call(base_url: &str) -> Call {
    let house = model("house", Dialect::OpenaiChat, base_url);
    let key = Some(Secret::new("planted-key-1234"));
    let provider = Provider { key, ..Provider::clone(&house.provider) };
    let model = Model { provider: Arc::new(provider), ..house };
    Call {
        turn: TurnId(1),
        column: Column(0),
        model: Arc::new(model),
        stand_ins: Vec::new(),
        claims: Claims::default(),
        prompt: Prompt::question("why?"),
    }
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new(Transport::Http(Http::new()))
}

async fn listen(mut events: UnboundedReceiver<StreamEvent>) -> Vec<StreamEventKind> {
    let mut heard = Vec::new();
    while let Some(event) = timeout(CEILING, events.recv()).await.unwrap() {
        heard.push(event.kind);
    }
    heard
}

/// Asks a server that answers its first request with `answer` and then closes; returns how the call ended.
async fn end_of(answer: String) -> (Vec<StreamEventKind>, String) {
    let (listener, url) = listener().await;
    let server = tokio::spawn(async move {
        let (mut stream, request) = accept(&listener).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
        request
    });
    let (tx, rx) = unbounded_channel();
    let _handle = dispatcher().ask(call(&url), tx);
    (listen(rx).await, server.await.unwrap())
}

fn fault(heard: &[StreamEventKind]) -> Option<FaultKind> {
    if let Some(StreamEventKind::Failed(fault)) = heard.last() { Some(fault.kind) } else { None }
}

fn text(heard: &[StreamEventKind]) -> String {
    let text =
        |kind: &StreamEventKind| if let StreamEventKind::Delta(delta) = kind { Some(delta.text.clone()) } else { None };
    heard.iter().filter_map(text).collect()
}

#[tokio::test]
async fn a_question_goes_out_and_the_answer_comes_back() {
    let answer = format!("{HEAD}{}{}0\r\n\r\n", chunk(HELLO), chunk(STOP));
    let (heard, request) = end_of(answer).await;
    assert_eq!(text(&heard), "Hello");
    assert!(matches!(heard.last(), Some(StreamEventKind::Finished(_))), "{heard:?}");
    assert!(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{request}");
    assert!(request.to_ascii_lowercase().contains("authorization: bearer planted-key-1234\r\n"), "{request}");
}

#[tokio::test]
async fn a_connection_that_closes_in_the_middle_is_a_cut_answer() {
    let (heard, _) = end_of(format!("{HEAD}{}", chunk(HELLO))).await;
    assert_eq!((text(&heard).as_str(), fault(&heard)), ("Hello", Some(FaultKind::Cut)));
}

#[tokio::test]
async fn a_body_that_cannot_be_unpacked_is_malformed() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 11\r\n\r\n";
    let (heard, _) = end_of(format!("{answer}not gzipped")).await;
    assert_eq!(fault(&heard), Some(FaultKind::Malformed), "{heard:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_as_the_key_would_go_along() {
    let answer = "HTTP/1.1 301 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let (heard, _) = end_of(answer.to_owned()).await;
    assert_eq!(fault(&heard), Some(FaultKind::NotFound), "{heard:?}");
}

#[tokio::test]
async fn a_body_that_ends_cleanly_without_its_end_marker_is_a_cut_answer() {
    let (heard, _) = end_of(format!("{HEAD}{}0\r\n\r\n", chunk(HELLO))).await;
    assert_eq!((text(&heard).as_str(), fault(&heard)), ("Hello", Some(FaultKind::Cut)));
}

#[tokio::test]
async fn a_reset_connection_fails_and_keeps_its_text() {
    let (listener, url) = listener().await;
    let (tx, mut rx) = unbounded_channel();
    let _handle = dispatcher().ask(call(&url), tx);
    let (mut stream, _) = accept(&listener).await;
    stream.write_all(format!("{HEAD}{}", chunk(HELLO)).as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    while text(&heard).is_empty() {
        heard.push(timeout(CEILING, rx.recv()).await.unwrap().unwrap().kind);
    }
    // Without lingering, closing sends a reset.
    stream.set_zero_linger().unwrap();
    drop(stream);
    heard.extend(listen(rx).await);
    assert_eq!((text(&heard).as_str(), fault(&heard)), ("Hello", Some(FaultKind::Network)));
}

#[tokio::test]
async fn a_port_where_nobody_listens_cannot_be_reached() {
    let (listener, url) = listener().await;
    drop(listener);
    let (tx, rx) = unbounded_channel();
    let _handle = dispatcher().ask(call(&url), tx);
    let heard = listen(rx).await;
    let n_retries = heard.iter().filter(|kind| matches!(kind, StreamEventKind::Retrying { .. })).count();
    assert_eq!((fault(&heard), n_retries), (Some(FaultKind::Network), 2));
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_not_safe() {
    let (listener, url) = listener().await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let (tx, rx) = unbounded_channel();
    let _handle = dispatcher().ask(call(&url.replace("http:", "https:")), tx);
    let heard = listen(rx).await;
    assert_eq!(fault(&heard), Some(FaultKind::Tls), "{heard:?}");
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_named() {
    for (base_url, ca_file, expected) in [
        ("nowhere", None, "is no address"),
        ("http://127.0.0.1:1", Some("/no/such/file.pem"), ""),
        ("https://127.0.0.1:1", Some("/no/such/file.pem"), "ca_file `/no/such/file.pem`"),
    ] {
        let call = call(base_url);
        let provider = Provider { ca_file: ca_file.map(Into::into), ..Provider::clone(&call.model.provider) };
        let model = Model { provider: Arc::new(provider), ..Model::clone(&call.model) };
        let (tx, rx) = unbounded_channel();
        let _handle = dispatcher().ask(Call { model: Arc::new(model), ..call }, tx);
        let heard = listen(rx).await;
        let Some(StreamEventKind::Failed(fault)) = heard.last() else { panic!("{heard:?}") };
        assert!(fault.told().contains(expected), "{}", fault.told());
    }
}

#[tokio::test]
async fn dropping_a_call_closes_its_connection() {
    let (listener, url) = listener().await;
    let (tx, mut rx) = unbounded_channel();
    let handle = dispatcher().ask(call(&url), tx);
    let (mut stream, _) = accept(&listener).await;
    stream.write_all(format!("{HEAD}{}", chunk(HELLO)).as_bytes()).await.unwrap();
    while !matches!(timeout(CEILING, rx.recv()).await.unwrap().unwrap().kind, StreamEventKind::Delta(_)) {}
    drop(handle);
    assert_eq!(rx.recv().await, None, "nothing is told after the drop");
    let mut buf = [0; 64];
    let closed = timeout(CEILING, stream.read(&mut buf)).await.unwrap();
    assert!(matches!(closed, Ok(0) | Err(_)), "{closed:?}");
}

#[tokio::test]
async fn sixty_four_calls_at_once_lose_nothing() {
    const N_CALLS: u8 = 64;
    const N_PIECES: usize = 200;
    let (listener, url) = listener().await;
    let (go, gone) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let mut streams = Vec::new();
        for _ in 0..N_CALLS {
            streams.push(accept(&listener).await.0);
        }
        go.send(()).unwrap();
        for mut stream in streams {
            tokio::spawn(async move {
                let body = chunk(HELLO).repeat(N_PIECES);
                stream.write_all(format!("{HEAD}{body}{}0\r\n\r\n", chunk(STOP)).as_bytes()).await.unwrap();
            });
        }
    });
    let dispatcher = dispatcher();
    let (tx, mut rx) = unbounded_channel();
    let handles: Vec<_> =
        (0..N_CALLS).map(|column| dispatcher.ask(Call { column: Column(column), ..call(&url) }, tx.clone())).collect();
    drop(tx);
    let mut texts = vec![String::new(); handles.len()];
    let mut n_finished = 0;
    while let Some(event) = timeout(CEILING, rx.recv()).await.unwrap() {
        if let StreamEventKind::Delta(delta) = event.kind {
            texts.get_mut(event.column.index()).unwrap().push_str(&delta.text);
        } else if let StreamEventKind::Finished(_) = event.kind {
            n_finished += 1;
        }
    }
    gone.await.unwrap();
    assert_eq!(n_finished, usize::from(N_CALLS));
    assert!(texts.iter().all(|text| *text == "Hello".repeat(N_PIECES)));
}
