//! How calm the panel is: recorded answers are streamed as the demo streams them, and changes of the band are counted.
//!
//! `cargo bench --bench steady -- CASES.jsonl…` prints a line a case: how often the band on the screen changed, and how
//! many confirmed conflicts were taken back after both sides had ended. Time is simulated.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench stops at the first surprise, and prints"
)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dissent::consensus::engine::{Ending, Engine};
use dissent::consensus::report::{ConflictStatus, Report};
use dissent::consensus::steady::{Numbers, Steady};
use dissent::domain::member::Member;
use serde_json::Value;

/// Cases of each file that are streamed.
const CASES_A_FILE: usize = 10;
/// A token of four bytes every 25 ms: 40 tokens a second.
const STEP: Duration = Duration::from_millis(25);
const TOKEN_BYTES: usize = 4;
/// How much later each model begins than the one before.
const STAGGER: Duration = Duration::from_millis(400);
/// How often the engine reports, and how often the band may be read.
const REPORTS: Duration = Duration::from_millis(100);
const READINGS: Duration = Duration::from_millis(250);

struct Outcome {
    n_changes: u32,
    n_withdrawn: usize,
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    if files.is_empty() {
        println!("no cases given: cargo bench --bench steady -- CASES.jsonl");
        return;
    }
    let (mut n_cases, mut n_changes, mut n_withdrawn) = (0, 0, 0);
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        for line in text.lines().take(CASES_A_FILE) {
            let case: Value = serde_json::from_str(line).unwrap();
            let outcome = stream(&case);
            println!(
                "{:<24} band changes {}  withdrawn {}",
                case["id"].as_str().unwrap_or("?"),
                outcome.n_changes,
                outcome.n_withdrawn
            );
            n_cases += 1;
            n_changes += outcome.n_changes;
            n_withdrawn += outcome.n_withdrawn;
        }
    }
    println!(
        "{n_cases} cases: {:.2} band changes a case, {n_withdrawn} conflicts withdrawn",
        f64::from(n_changes) / f64::from(n_cases)
    );
}

fn stream(case: &Value) -> Outcome {
    let answers: Vec<&str> =
        case["answers"].as_array().unwrap().iter().take(5).map(|a| a["text"].as_str().unwrap()).collect();
    let members = (0..answers.len()).map(|idx| Arc::new(Member::named(format!("m{idx}").as_str()))).collect();
    let mut engine = Engine::new(case["question"].as_str().unwrap_or(""), None, members);
    let (mut steady, mut numbers) = (Steady::default(), Numbers::default());
    let mut sent = vec![0; answers.len()];
    let mut ended = vec![false; answers.len()];
    let (mut firm, mut withdrawn) = (BTreeSet::new(), BTreeSet::new());
    let (mut at, mut last_report, mut last_reading) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    while !ended.iter().all(|ended| *ended) {
        at += STEP;
        for (idx, answer) in answers.iter().enumerate() {
            if ended[idx] || at < STAGGER * idx as u32 {
                continue;
            }
            let end = (sent[idx] + TOKEN_BYTES..=answer.len())
                .find(|end| answer.is_char_boundary(*end))
                .unwrap_or(answer.len());
            engine.append(idx, &answer[sent[idx]..end]);
            sent[idx] = end;
            if end == answer.len() {
                ended[idx] = true;
                engine.end(idx, Ending::Complete);
            }
        }
        if at >= last_report + REPORTS || ended.iter().all(|ended| *ended) {
            last_report = at;
            let report = engine.report();
            let current = firm_conflicts(&report, &mut numbers, &ended);
            withdrawn.extend(firm.difference(&current).copied());
            firm.extend(current);
            if report.is_final || steady.is_due(&report) && at >= last_reading + READINGS {
                last_reading = at;
                steady.read(&report);
            }
        }
    }
    Outcome { n_changes: steady.n_changes(), n_withdrawn: withdrawn.len() }
}

/// Returns the screen's numbers of the confirmed conflicts whose sides have all ended.
fn firm_conflicts(report: &Report, numbers: &mut Numbers, ended: &[bool]) -> BTreeSet<u32> {
    let given = numbers.assign(report);
    let firm = report.contradictions.iter().zip(given).filter(|(found, _)| {
        let members = found.sides.iter().flat_map(|side| &side.members);
        found.status == ConflictStatus::Confirmed && members.into_iter().all(|member| ended[*member])
    });
    firm.map(|(_, number)| number).collect()
}
