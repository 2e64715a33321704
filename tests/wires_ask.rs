//! Recorded answers of real services through the whole program: each is replayed by a loopback server to
//! `dissent ask --json`, and what the Verdict says of it is compared with what an independent decoder made of it.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::print_stdout, reason = "the count is the result")]
#![expect(clippy::indexing_slicing, reason = "a JSON value answers null to a key that it lacks")]

#[path = "support/recordings.rs"]
mod recordings;

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use dissent::provider::dialect::Dialect;
use recordings::{Case, cases, count};
use serde_json::Value;

/// Programs that run at once: those whose case is a failure mostly wait before they ask again.
const AT_ONCE: usize = 24;

/// The longest time for an answer: waits that a server wishes for beyond it are not waited for.
const WHOLE: &str = "15s";

#[test]
fn recorded_answers_come_through_the_program() {
    let cases = Arc::new(cases());
    if cases.is_empty() {
        return;
    }
    let address = serve(Arc::clone(&cases));
    let home = tempfile::tempdir().unwrap();
    let waiting = Mutex::new((0..cases.len()).collect::<VecDeque<usize>>());
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(number) = waiting.lock().unwrap().pop_front() else { return };
                    let (name, case) = &cases[number];
                    let file = home.path().join(format!("{number}.toml"));
                    fs::write(&file, config(case, number, &address)).unwrap();
                    let result = ask(&file).and_then(|verdict| check(case, &verdict["responses"][0]));
                    results.lock().unwrap().push((name.clone(), result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort();
    count("come through the program", results);
}

/// A config in which the one model is the case with this number.
fn config(case: &Value, number: usize, address: &str) -> String {
    let kind = case["kind"].as_str().unwrap();
    // What is not spoken is asked in a dialect that is, and fails.
    let dialect = Dialect::ALL.into_iter().find(|it| it.as_str() == kind).unwrap_or(Dialect::OpenaiChat);
    format!(
        "[providers.house]\ndialect = \"{}\"\nbase_url = \"http://{address}/{number}\"\n\
         [models.case]\nprovider = \"house\"\nmodel = \"m\"\n",
        dialect.as_str()
    )
}

fn ask(config: &Path) -> Result<Value, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", config.parent().unwrap()).stdin(Stdio::null());
    command.args(["ask", "why?", "--json", "--timeout", WHOLE, "--config"]);
    let output = command.arg(config).output().unwrap();
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(0 | 4) => serde_json::from_slice(&output.stdout).map_err(|error| format!("{error}: {shown}")),
        code => Err(format!("ended with {code:?}: {shown}")),
    }
}

/// Answers each request with the case that its path begins with, and closes.
fn serve(cases: Arc<Vec<Case>>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, cases) = (stream.unwrap(), Arc::clone(&cases));
            // A program that has read enough leaves in the middle.
            std::thread::spawn(move || drop(answer(stream, &cases)));
        }
    });
    address
}

fn answer(mut stream: TcpStream, cases: &[Case]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut path, mut length) = (String::new(), 0);
    for line in reader.by_ref().lines() {
        let line = line?.to_ascii_lowercase();
        if path.is_empty() {
            line.split(' ').nth(1).unwrap().clone_into(&mut path);
        } else if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        } else if line.is_empty() {
            break;
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    let number: usize = path.split('/').nth(1).unwrap().parse().unwrap();
    let response = &cases[number].1["response"];
    let mut head = format!("HTTP/1.1 {} -\r\nconnection: close\r\n", response["status"]);
    for (name, value) in response["headers"].as_object().into_iter().flatten() {
        // What says how the body was sent then is not how it is sent now.
        let is_about_sending = ["content-length", "transfer-encoding", "content-encoding", "connection"];
        if !is_about_sending.contains(&name.to_ascii_lowercase().as_str()) {
            head += &[name, ": ", value.as_str().unwrap_or_default(), "\r\n"].concat();
        }
    }
    stream.write_all(head.as_bytes())?;
    stream.write_all(b"\r\n")?;
    for piece in response["body"].as_str().unwrap_or_default().as_bytes().chunks(1400) {
        stream.write_all(piece)?;
    }
    Ok(())
}

fn check(case: &Value, response: &Value) -> Result<(), String> {
    let expect = &case["expect"];
    equal("text", &response["text"], &expect["text"])?;
    equal("reasoning", &response["reasoning"].as_str().unwrap_or_default(), &expect["reasoning"].as_str().unwrap())?;
    equal("finish", &response["finish"]["raw"], &expect["finish"])?;
    check_usage(case, &response["usage"])?;
    let urls = |pages: &Value| -> BTreeSet<String> {
        pages.as_array().into_iter().flatten().filter_map(|page| page["url"].as_str().map(str::to_owned)).collect()
    };
    equal("citations", &urls(&response["citations"]), &urls(&expect["citations"]))?;
    let has_failed = !expect["error"].is_null() || expect["complete"] != true;
    equal("an error", &!response["error"].is_null(), &has_failed)?;
    equal("http status", &response["error"]["http_status"], &expect["error"]["http_status"])
}

fn check_usage(case: &Value, found: &Value) -> Result<(), String> {
    let expected = &case["expect"]["usage"];
    equal("has usage", &found.is_object(), &expected.is_object())?;
    let number = |key: &str| expected[key].as_u64();
    let input = number("input_total").or(number("input_tokens"));
    let reasoning = number("reasoning_tokens").unwrap_or_default();
    // Counted apart from the answer by this provider; with the others, what the total holds beyond the two parts is
    // reasoning that is hidden.
    let is_apart = case["provider"] == "xai" && case["kind"] == "openai-chat";
    let hidden = number("total_tokens").zip(number("input_tokens")).map(|(total, input)| total - input);
    let output = match number("output_billable") {
        Some(billable) => Some(billable),
        None if is_apart => number("output_tokens").map(|output| output + reasoning),
        None => number("output_tokens").max(hidden),
    };
    equal("input tokens", &found["input_tokens"].as_u64(), &input)?;
    equal("output tokens", &found["output_tokens"].as_u64(), &output)
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: found {found:?}, expected {expected:?}")) }
}
