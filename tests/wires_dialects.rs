//! Every dialect on answers written for it: `tests/data/<dialect>/` holds each beside what it must be read as.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dissent::dispatch::reading::{Read, Reading};
use dissent::domain::stream::Delta;
use dissent::domain::usage::Usage;
use dissent::provider::answer::Progress;
use dissent::provider::dialect::Dialect;

#[test]
fn openai_chat_answers() {
    check(Dialect::OpenaiChat, 22);
}

#[test]
fn openai_responses_answers() {
    check(Dialect::OpenaiResponses, 6);
}

#[test]
fn anthropic_answers() {
    check(Dialect::Anthropic, 10);
}

#[test]
fn gemini_answers() {
    check(Dialect::Gemini, 9);
}

#[test]
fn ollama_answers() {
    check(Dialect::Ollama, 4);
}

#[test]
fn a_damaged_answer_is_read_without_a_panic() {
    for dialect in Dialect::ALL {
        for file in answers(dialect) {
            let body = fs::read(&file).unwrap();
            for position in (0..body.len()).step_by(3) {
                let mut damaged = body.clone();
                *damaged.get_mut(position).unwrap() ^= 0x1f;
                assert!(!read(dialect, &[&damaged]).is_empty());
            }
        }
    }
}

/// Reads every answer of a dialect whole, byte by byte and cut in two at every place.
fn check(dialect: Dialect, n_expected: usize) {
    let answers = answers(dialect);
    assert_eq!(answers.len(), n_expected, "answers of {}", dialect.as_str());
    for file in answers {
        let name = file.display();
        let body = fs::read(&file).unwrap();
        let expected = fs::read_to_string(file.with_extension("expected")).unwrap_or_default();
        assert_eq!(read(dialect, &[&body]), expected, "{name}");
        assert_eq!(read(dialect, &body.chunks(1).collect::<Vec<_>>()), expected, "{name} byte by byte");
        for cut in 0..=body.len() {
            let (left, right) = body.split_at(cut);
            assert_eq!(read(dialect, &[left, right]), expected, "{name} cut at {cut}");
        }
    }
}

fn answers(dialect: Dialect) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(dialect.as_str());
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut answers: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|kind| kind != "expected")).collect();
    answers.sort();
    answers
}

/// Returns all that was read, one thing a line; what is absent has no line.
fn read(dialect: Dialect, pieces: &[&[u8]]) -> String {
    let (mut reading, mut delta) = (Reading::new(dialect), Delta::default());
    for piece in pieces {
        if reading.progress() == Progress::Over {
            break;
        }
        reading.push(piece, &mut delta).unwrap();
    }
    let Read { ending, instead } = reading.end(&mut delta);
    let mut lines = String::new();
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            writeln!(lines, "{name}: {value}").unwrap();
        }
    };
    let finish = &ending.finish;
    line("text", Some(format!("{:?}", delta.text)).filter(|_| !delta.text.is_empty()));
    line("reasoning", Some(format!("{:?}", delta.reasoning)).filter(|_| !delta.reasoning.is_empty()));
    line(
        "end",
        finish
            .reason
            .as_ref()
            .map(|reason| format!("{} ({:?})", reason.raw.as_deref().unwrap_or("no word"), reason.norm)),
    );
    line("refusal", finish.refusal.then(|| finish.explanation.clone().unwrap_or_default()));
    line("tokens", finish.usage.as_ref().map(tokens));
    line("charged", finish.charged.map(|dollars| format!("{} USD", dollars.0)));
    line("model", finish.api_model.as_deref().map(str::to_owned));
    for page in &finish.citations {
        line("source", Some(format!("{} {}", page.url, page.title.as_deref().unwrap_or("-"))));
    }
    line("malformed", Some(finish.n_malformed.to_string()).filter(|_| finish.n_malformed > 0));
    line("error", ending.error.map(|error| error.message));
    line("instead", instead.map(|instead| format!("{instead:?}")));
    line("ended", Some((ending.progress != Progress::Open).to_string()));
    lines
}

fn tokens(usage: &Usage) -> String {
    let count = |tokens: Option<u64>| tokens.map_or("-".to_owned(), |tokens| tokens.to_string());
    format!(
        "in {} out {} cached {} written {} reasoning {}",
        count(usage.input_tokens),
        count(usage.output_tokens),
        count(usage.cached_input_tokens),
        count(usage.cache_write_tokens),
        count(usage.reasoning_tokens),
    )
}
