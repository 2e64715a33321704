//! Sixty-four calls at once through one dispatcher: `cargo bench --bench calls`.
//!
//! The server is a second process, so that the memory that is measured is the caller's. Aim: under 60 MB, and every byte
//! of every answer.
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::unwrap_used, reason = "a bench stops at the first surprise")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use dissent::dispatch::call::{Call, Dispatcher};
use dissent::dispatch::claims::Claims;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::member::Member;
use dissent::domain::prompt::Prompt;
use dissent::domain::stream::StreamEventKind;
use dissent::net::http::Http;
use dissent::net::transport::Transport;
use dissent::provider::dialect::Dialect;
use dissent::provider::endpoint::{Limits, Model, Options, Provider, Timeouts};
use tokio::sync::mpsc::unbounded_channel;

const N_CALLS: u8 = 64;
const N_EVENTS: usize = 4_000;
const TEXT: &str = "sixteen letters ";
const MAX_PEAK_MB: f64 = 60.0;

fn main() {
    if std::env::args().any(|argument| argument == "serve") {
        serve();
        return;
    }
    let mut server = Command::new(std::env::current_exe().unwrap());
    let mut server = server.arg("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut port = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let begun_at = Instant::now();
    let (n_finished, n_whole, n_bytes) = runtime.block_on(ask(&format!("http://127.0.0.1:{}", port.trim())));
    let took = begun_at.elapsed();
    server.kill().unwrap();
    server.wait().unwrap();
    let peak = peak_mb();
    println!(
        "{N_CALLS} calls at once: {n_finished} finished, {n_whole} whole, {:.1} MB of text in {:.2} s, peak {} MB",
        n_bytes as f64 / 1e6,
        took.as_secs_f64(),
        peak.map_or_else(|| "?".to_owned(), |mb| format!("{mb:.1}")),
    );
    assert_eq!(n_whole, usize::from(N_CALLS), "something was lost");
    assert!(peak.is_none_or(|mb| mb < MAX_PEAK_MB), "over {MAX_PEAK_MB} MB");
}

/// Places all calls; returns how many finished, how many answers are whole, and the bytes of text.
async fn ask(url: &str) -> (usize, usize, usize) {
    let model = Arc::new(model(url));
    let dispatcher = Dispatcher::new(Transport::Http(Http::new()));
    let (tx, mut rx) = unbounded_channel();
    let call = |column| Call {
        turn: TurnId(1),
        column: Column(column),
        model: Arc::clone(&model),
        stand_ins: Vec::new(),
        claims: Claims::default(),
        prompt: Prompt::question("why?"),
    };
    let handles: Vec<_> = (0..N_CALLS).map(|column| dispatcher.ask(call(column), tx.clone())).collect();
    drop(tx);
    let mut texts = vec![String::new(); handles.len()];
    let mut n_finished = 0;
    while let Some(event) = rx.recv().await {
        if let StreamEventKind::Delta(delta) = event.kind {
            texts.get_mut(event.column.index()).unwrap().push_str(&delta.text);
        } else if let StreamEventKind::Finished(_) = event.kind {
            n_finished += 1;
        }
    }
    let whole = TEXT.repeat(N_EVENTS);
    let n_whole = texts.iter().filter(|text| **text == whole).count();
    (n_finished, n_whole, texts.iter().map(String::len).sum())
}

fn model(url: &str) -> Model {
    let provider = Provider {
        id: Arc::from("house"),
        dialect: Dialect::OpenaiChat,
        base_url: url.to_owned(),
        key: None,
        key_source: None,
        headers: Vec::new(),
        ca_file: None,
        proxy: None,
        limits: Limits::default(),
        timeouts: Timeouts::default(),
    };
    Model {
        member: Arc::new(Member::named("m")),
        provider: Arc::new(provider),
        options: Options::default(),
        system: None,
        strengths: Vec::new(),
        fallback: Vec::new(),
    }
}

/// Returns the most memory that this process has held; `None` where the system does not tell.
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kb| kb / 1e3)
}

/// Answers everyone who asks, in small events, until it is ended from outside.
fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || answer(stream));
    }
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut head = [0; 4096];
    // The request is small: it comes in one piece, or what follows is not needed.
    let _ = stream.read(&mut head)?;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")?;
    let event =
        format!("data: {{\"id\":\"c\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{TEXT}\"}}}}]}}\n\n");
    for _ in 0..N_EVENTS {
        stream.write_all(event.as_bytes())?;
    }
    stream.write_all(b"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
}
