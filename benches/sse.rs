//! The cost of decoding a stream, against the cost of only cutting it into events: `cargo bench --bench sse`.
//!
//! Both read the same bytes in pieces of 1,400, as a socket gives them, in the same run. Aim: at most four times.
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use dissent::dispatch::reading::Reading;
use dissent::domain::stream::Delta;
use dissent::provider::dialect::Dialect;
use futures_util::{FutureExt, StreamExt, stream};
use sseer::event_stream::EventStream;

const PIECE: usize = 1_400;
const N_EVENTS: usize = 20_000;
const N_RUNS: usize = 41;

const WORDS: [&str; 6] = [" the", " answer", " is", " \\\"42\\\"", ",\\n", " Größe"];

fn main() {
    for (name, dialect, body) in [
        ("openai-chat", Dialect::OpenaiChat, openai_chat()),
        ("anthropic", Dialect::Anthropic, anthropic()),
        ("search results in every event, once", Dialect::OpenaiChat, search(1)),
        ("search results in every event, 4 times", Dialect::OpenaiChat, search(4)),
    ] {
        let body = Bytes::from(body);
        let pieces: Vec<Bytes> = (0..body.len()).step_by(PIECE).map(|at| piece(&body, at)).collect();
        let mut runs: Vec<(Duration, Duration)> =
            (0..N_RUNS).map(|_| (timed(|| split(&pieces)), timed(|| decode(dialect, &pieces)))).collect();
        // Each run holds both, right after each other, so that a busy machine slows both.
        let ratio = |(splitting, decoding): &(Duration, Duration)| decoding.as_secs_f64() / splitting.as_secs_f64();
        runs.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        if let Some(middle) = runs.get(runs.len() / 2) {
            let (splitting, decoding) = middle;
            println!(
                "{name}: {:.2} MB: splitting {splitting:.2?}, decoding {decoding:.2?}, ratio {:.2}, {:.2} ns a byte",
                body.len() as f64 / 1e6,
                ratio(middle),
                decoding.as_secs_f64() * 1e9 / body.len() as f64,
            );
        }
    }
}

fn piece(body: &Bytes, at: usize) -> Bytes {
    body.slice(at..(at + PIECE).min(body.len()))
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let begun_at = Instant::now();
    black_box(work());
    begun_at.elapsed()
}

fn split(pieces: &[Bytes]) -> usize {
    let mut events = EventStream::new(stream::iter(pieces.iter().cloned().map(Ok::<_, Infallible>)));
    let mut n_bytes = 0;
    while let Some(Some(Ok(event))) = events.next().now_or_never() {
        n_bytes += event.data.len();
    }
    n_bytes
}

fn decode(dialect: Dialect, pieces: &[Bytes]) -> usize {
    let mut reading = Reading::new(dialect);
    let mut n_bytes = 0;
    for piece in pieces {
        let mut delta = Delta::default();
        if reading.push(piece, &mut delta).is_err() {
            break;
        }
        n_bytes += delta.text.len();
    }
    n_bytes
}

fn openai_chat() -> String {
    let event = |word: &str| {
        format!(
            "data: {{\"id\":\"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012\",\"object\":\"chat.completion.chunk\",\
             \"created\":1790000000,\"model\":\"gpt-5.4-2026-03-05\",\"service_tier\":\"default\",\
             \"system_fingerprint\":\"fp_0123456789\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{word}\"}},\
             \"logprobs\":null,\"finish_reason\":null}}],\"usage\":null,\"obfuscation\":\"AbCdEfGh\"}}\n\n"
        )
    };
    WORDS.iter().cycle().take(N_EVENTS).map(|word| event(word)).collect()
}

/// A search answer of 675 kB, the longest recorded: each of its 29 events repeats all results. `n_times` as many events are
/// as many times as long.
fn search(n_times: usize) -> String {
    let page = |n: usize| {
        let snippet = "what the page says of it ".repeat(44);
        format!("{{\"title\":\"Page {n}\",\"url\":\"https://p{n}.example/\",\"snippet\":\"{snippet}\"}}")
    };
    let results = (0..20).map(page).collect::<Vec<_>>().join(",");
    let event = |(n, word): (usize, &&str)| {
        format!(
            "data: {{\"id\":\"a\",\"model\":\"sonar-pro\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{word}\"}},\
             \"finish_reason\":null}}],\"search_results\":[{results}],\
             \"usage\":{{\"completion_tokens\":{n}}}}}\r\n\r\n"
        )
    };
    WORDS.iter().cycle().take(29 * n_times).enumerate().map(event).collect()
}

fn anthropic() -> String {
    let event = |word: &str| {
        format!(
            "event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\
             \"delta\":{{\"type\":\"text_delta\",\"text\":\"{word}\"}}}}\n\n"
        )
    };
    WORDS.iter().cycle().take(N_EVENTS).map(|word| event(word)).collect()
}
