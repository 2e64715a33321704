//! What the engine costs: CPU time a token while five answers stream, the worst single update, the finishing pass.
//!
//!     cargo bench --bench consensus
//!
//! Prints its figures; it asserts nothing, as time depends on the machine. Linear work is asserted in the tests.

#![expect(clippy::print_stdout, reason = "a bench that prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use dissent::consensus::engine::Engine;
use dissent::consensus::voice::Ending;
use dissent::domain::member::Member;

/// Words of each answer.
const WORDS: usize = 2_000;

/// Characters to a token, the usual rule of thumb.
const TOKEN: usize = 4;

/// Tokens between two reports: 1,500 tokens a second over five streams, ten reports a second.
const TOKENS_A_REPORT: usize = 150;

/// An answer in paragraphs and lists, a third of it peculiar to the member.
fn answer(member: usize) -> String {
    let mut text = String::new();
    let mut words = 0;
    for index in 0.. {
        if words >= WORDS {
            break;
        }
        let own = if index % 3 == 0 { format!("observer {member}") } else { "the survey".to_owned() };
        let sentence = format!(
            "In {} {own} found that region {} of the northern plain holds about {}.{} km of old channels and {} craters, \
             which suggests that water once ran there. ",
            1900 + index % 120,
            index % 41,
            index % 97 + 3,
            index % 10,
            index % 13 + 2,
        );
        words += sentence.split(' ').count() - 1;
        text += if index % 9 == 8 { "\n\n- " } else { "" };
        text += &sentence;
        text += if index % 4 == 3 { "\n\n" } else { "" };
    }
    text
}

struct Cost {
    total: Duration,
    worst: Duration,
    n_tokens: usize,
}

/// Streams `n` answers together, a token each in turn.
fn stream(n: usize, with_reports: bool) -> (Cost, Engine) {
    let members = (0..n).map(|member| Arc::new(Member::named(format!("m{member}")))).collect();
    let mut engine = Engine::new("What do the surveys say about water on the northern plain?", None, members);
    let answers: Vec<Vec<String>> = (0..n)
        .map(|member| {
            answer(member).into_bytes().chunks(TOKEN).map(|it| String::from_utf8_lossy(it).into_owned()).collect()
        })
        .collect();
    let mut cost = Cost { total: Duration::ZERO, worst: Duration::ZERO, n_tokens: 0 };
    for index in 0..answers.iter().map(Vec::len).max().unwrap_or(0) {
        for (member, tokens) in answers.iter().enumerate() {
            let Some(token) = tokens.get(index) else { continue };
            cost.n_tokens += 1;
            let start = Instant::now();
            engine.append(member, token);
            if with_reports && cost.n_tokens.is_multiple_of(TOKENS_A_REPORT) {
                engine.report();
            }
            let took = start.elapsed();
            cost.total += took;
            cost.worst = cost.worst.max(took);
        }
    }
    (cost, engine)
}

fn show(name: &str, cost: &Cost) {
    let a_token = cost.total.as_secs_f64() * 1e6 / cost.n_tokens as f64;
    println!(
        "{name:<44} {a_token:7.2} us a token, worst {:7.3} ms, {} tokens",
        cost.worst.as_secs_f64() * 1e3,
        cost.n_tokens
    );
}

fn main() {
    for round in 1..=3 {
        println!("round {round}");
        show("one answer, no reports", &stream(1, false).0);
        show("five answers, no reports", &stream(5, false).0);
        let (cost, mut engine) = stream(5, true);
        show("five answers, a report every 150 tokens", &cost);
        let start = Instant::now();
        for member in 0..5 {
            engine.end(member, Ending::Complete);
        }
        let report = engine.report();
        let took = start.elapsed();
        println!(
            "{:<44} {:7.2} ms, {} claims, {:?}",
            "finishing pass",
            took.as_secs_f64() * 1e3,
            report.claims.len(),
            engine.work()
        );
    }
}
