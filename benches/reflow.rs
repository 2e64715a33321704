//! What one piece of a streamed answer costs: 24 bytes pushed and the rows brought up to date, 38 cells wide.
//!
//! `cargo bench --bench reflow` prints, for each kind of text and size, the median piece and the 99th of a hundred, the layout of
//! the whole text at once, and what a change of width costs.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench reads the clock and prints")]

use std::time::{Duration, Instant};

use dissent::ui::text::document::Document;

const WIDTH: u16 = 38;
const PIECE_BYTES: usize = 24;
const SIZES: [usize; 2] = [13_000, 100_000];

fn main() {
    println!(
        "{:<11} {:>7} {:>12} {:>12} {:>12} {:>12}",
        "text", "bytes", "median us", "p99 us", "whole ms", "resize ms"
    );
    for (name, head, piece) in [
        (
            "paragraphs",
            "",
            "A paragraph that a model writes, with **bold** words, `code`, and a number: 1969. It goes on for \
            some lines, because most of them do.\n\n",
        ),
        ("list", "", "- An item of a list, with **bold** words and more than one line\n  - and one inside it\n"),
        ("table", "| name | year | what |\n|---|---|---|\n", "| Apollo 11 | 1969 | the first landing on the moon |\n"),
        ("fence", "```rust\n", "    let landed = compute(apollo, 11)?; // in July\n"),
        ("one line", "", "A sentence that ends, but the paragraph does not. "),
    ] {
        for size in SIZES {
            measure(name, &(head.to_owned() + &piece.repeat(size / piece.len())));
        }
    }
}

fn measure(name: &str, text: &str) {
    let mut document = Document::new();
    document.set_width(WIDTH);
    let mut times = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(PIECE_BYTES.min(rest.len()));
        times.push(time(|| {
            document.push(piece);
            document.reflow();
        }));
        rest = behind;
    }
    document.close();
    document.reflow();
    let whole = time(|| {
        let mut document = Document::new();
        document.set_width(WIDTH);
        document.push(text);
        document.reflow();
    });
    let resize = time(|| {
        document.set_width(WIDTH + 1);
        document.reflow();
    });
    times.sort_unstable();
    let percentile = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let (median, p99) = (micros(percentile(50)), micros(percentile(99)));
    let (whole, resize) = (micros(whole) / 1e3, micros(resize) / 1e3);
    println!("{name:<11} {:>7} {median:>12.2} {p99:>12.2} {whole:>12.2} {resize:>12.2}", text.len());
}

fn time(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}
