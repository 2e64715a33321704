//! `dissent ask` as a person and a script meet it: from the command line to the exit code, over real sockets.
#![expect(clippy::unwrap_used, reason = "a test that cannot run its program has nothing to say")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;

const QUESTION: &str = "When was the first message sent over the ARPANET?";

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

fn command(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", home).arg("ask").args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn finish(mut child: Child, piped: &[u8]) -> Ran {
    // A program that ends before it has read everything is what some of these tests want.
    drop(child.stdin.take().unwrap().write_all(piped));
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run(home: &Path, piped: &str, args: &[&str]) -> Ran {
    finish(command(home, args).spawn().unwrap(), piped.as_bytes())
}

fn demo(args: &[&str]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "", &[&["--demo", "--demo-speed", "200"], args].concat())
}

/// A server that answers each request with `answer` whole, and keeps what it was sent.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

fn serve(answer: impl Into<String>) -> Server {
    let answer = answer.into();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, kept, answer) = (stream.unwrap(), Arc::clone(&kept), answer.clone());
            std::thread::spawn(move || {
                let request = read_request(&mut stream);
                kept.lock().unwrap().push(request);
                drop(stream.write_all(answer.as_bytes()));
            });
        }
    });
    Server { address, requests }
}

fn read_request(stream: &mut impl Read) -> String {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .to_ascii_lowercase()
                .split("content-length: ")
                .nth(1)
                .map_or(0, |rest| rest.split("\r\n").next().unwrap().trim().parse::<usize>().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut piece).unwrap() {
            0 => return text,
            n => bytes.extend_from_slice(piece.get(..n).unwrap()),
        }
    }
}

/// A whole answer of a chat completion.
fn says(text: &str) -> String {
    let event = serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100}});
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\ndata: {event}\n\ndata: [DONE]\n\n"
    )
}

/// A home with a config in which each of `models` is asked at its address.
fn home(models: &[(&str, &str)], more: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/dissent");
    fs::create_dir_all(&folder).unwrap();
    let model = |(id, address): &(&str, &str)| {
        format!(
            "[providers.at-{id}]\ndialect = \"openai-chat\"\nbase_url = \"http://{address}/v1\"\n\
             [models.{id}]\nprovider = \"at-{id}\"\nmodel = \"{id}-1\"\nprice = {{ input = 2.0, output = 10.0 }}\n"
        )
    };
    let models: String = models.iter().map(model).collect();
    let config = format!("{more}\n{models}");
    fs::write(folder.join("config.toml"), config).unwrap();
    home
}

/// An address where nobody listens.
fn nobody() -> String {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().to_string()
}

#[test]
fn the_answer_is_on_standard_output_and_what_it_rests_on_beside_it() {
    let ran = demo(&[QUESTION]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("29 October 1969") && ran.out.ends_with('\n'), "{}", ran.out);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines[0], "asking the demo models aspen, birch, cedar: scripted, and nothing leaves this machine");
    assert!(lines[1].contains(" (demo) · 3 of 3 answered · in the words of "), "{}", ran.err);
    assert!(lines.iter().any(|line| line.starts_with("conflict 1, date: ")), "{}", ran.err);
    let quiet = demo(&[QUESTION, "--quiet"]);
    assert_eq!((quiet.code, &quiet.out), (0, &ran.out));
    assert!(quiet.err.lines().next().unwrap().contains(" (demo) · "), "{}", quiet.err);
}

#[test]
fn json_is_one_verdict_that_says_it_is_a_demo() {
    let ran = demo(&[QUESTION, "--json", "--models", "aspen,cedar"]);
    let verdict = ran.json();
    assert_eq!(ran.code, 0);
    assert_eq!((&verdict["schema"], &verdict["demo"]), (&"dissent.verdict/1".into(), &true.into()));
    assert_eq!((&verdict["asked"], &verdict["answered"]), (&2.into(), &2.into()));
    assert_eq!(verdict["question"], QUESTION);
}

#[test]
fn events_come_one_a_line_and_the_verdict_is_the_last() {
    let ran = demo(&[QUESTION, "--stream-json"]);
    let events: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!((names.first(), names.last()), (Some(&"asked"), Some(&"verdict")));
    assert_eq!(names.iter().filter(|name| **name == "finished").count(), 3);
    assert!(names.contains(&"reading"));
    let verdict = events.last().unwrap();
    for response in verdict["responses"].as_array().unwrap() {
        let of_model = events.iter().filter(|event| event["event"] == "delta" && event["model"] == response["model"]);
        let text: String = of_model.map(|event| event["text"].as_str().unwrap()).collect();
        assert_eq!(text, response["text"].as_str().unwrap());
    }
}

#[test]
fn a_least_confidence_of_the_demo_is_never_met_and_the_verdict_is_printed_all_the_same() {
    let ran = demo(&[QUESTION, "--json", "--min-confidence", "0.01"]);
    assert_eq!((ran.code, &ran.json()["threshold"]), (3, &0.01.into()));
}

#[test]
fn models_are_asked_over_the_wire_with_everything_that_goes_along() {
    let (a, b) = (serve(says("It was in 1969.")), serve(says("In 1969.")));
    let home = home(&[("a", &a.address), ("b", &b.address)], "system = \"from the config\"\n");
    let file = home.path().join("notes.txt");
    fs::write(&file, "the notes\n").unwrap();
    let args = ["When?", "--json", "--file", file.to_str().unwrap(), "--system", "be brief"];
    let ran = run(home.path(), "piped text\n", &args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.starts_with("asking a, b: the question goes to 2 vendors (at-a, at-b), ~$"), "{}", ran.err);
    let verdict = ran.json();
    assert_eq!((&verdict["demo"], &verdict["question"]), (&false.into(), &"When?".into()));
    // Twice 1,000 tokens in at $2 and 100 out at $10 a million.
    assert_eq!(verdict["cost_usd"], 0.006);
    let requests = a.requests.lock().unwrap();
    let (_, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["messages"][0]["content"], "be brief");
    let sent = body["messages"][1]["content"].as_str().unwrap();
    let expected =
        "File `notes.txt`:\n\n```\nthe notes\n```\n\nFile `standard input`:\n\n```\npiped text\n```\n\nWhen?";
    assert_eq!(sent, expected);
}

#[test]
fn nobody_answering_ends_with_4_and_a_verdict() {
    let (a, b) = (nobody(), nobody());
    let home = home(&[("a", &a), ("b", &b)], "");
    let ran = run(home.path(), "", &["why?", "--json", "--timeout", "1s"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    let verdict = ran.json();
    assert_eq!((&verdict["answered"], &verdict["answer"]), (&0.into(), &Value::Null));
    assert_eq!(verdict["responses"][0]["error"]["kind"], "network");
    assert!(
        ran.err.contains("nobody answered") && ran.err.contains("\na: ") && ran.err.contains("\nb: "),
        "{}",
        ran.err
    );
    let text = run(home.path(), "", &["why?", "--timeout", "1s"]);
    assert_eq!((text.code, text.out.as_str()), (4, ""));
}

#[test]
fn a_question_over_the_budget_is_not_sent() {
    let server = serve(says("yes"));
    let home = home(&[("a", &server.address)], "budget = { turn = 0.001 }\n");
    for args in [&["why?", "--json"][..], &["why?", "--budget", "0.0001"]] {
        let ran = run(home.path(), "", args);
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
        assert!(ran.err.contains("the question would cost about ~$0.005, and the budget"), "{}", ran.err);
        assert!(ran.err.contains("nothing was sent"), "{}", ran.err);
    }
    assert_eq!(server.requests.lock().unwrap().len(), 0);
    assert_eq!(run(home.path(), "", &["why?", "--budget", "0.10"]).code, 0);
}

#[test]
fn what_a_model_says_reaches_a_terminal_only_as_text() {
    let server = serve(says("red \u{1b}[31m, a bell \u{7}, turned \u{202e}around\u{2066}\n\tand a tab"));
    let home = home(&[("a", &server.address)], "");
    let ran = run(home.path(), "", &["why?"]);
    assert_eq!(ran.out, "red , a bell , turned around\n\tand a tab\n");
    assert!(
        run(home.path(), "", &["why?", "--json"]).json()["responses"][0]["text"].as_str().unwrap().contains('\u{202e}')
    );
}

#[test]
fn without_a_usable_model_or_a_question_it_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let check = |piped: &str, args: &[&str], expected: &str| {
        let ran = run(home.path(), piped, args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(expected), "{args:?}: {}", ran.err);
    };
    check("", &["why?", "--json"], "no model can be asked: set OPENAI_API_KEY, or ANTHROPIC_API_KEY");
    check("", &["why?", "--models", "gpt"], "`gpt` cannot be asked: set OPENAI_API_KEY");
    check("", &["--demo"], "there is no question");
    check("", &["-", "--demo"], "pipe it in");
    check("", &["why?", "--demo", "--models", "gpt"], "no demo model is called `gpt`");
    check("", &["why?", "--demo", "--file", "/none/a.txt"], "cannot read /none/a.txt");
    check("", &["why?", "--judge", "gpt"], "unexpected argument '--judge'");
    check("", &["why?", "--route", "cheap"], "is not in this version");
    check("", &["why?", "--min-confidence", "75"], "must be a number from 0 to 1");
    check("a\0b", &["why?", "--demo"], "standard input is not text");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_at_once_and_drops_the_connections() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let home = home(&[("a", &listener.local_addr().unwrap().to_string())], "");
        let mut child = command(home.path(), &["why?", "--json"]).spawn().unwrap();
        drop(child.stdin.take());
        let (mut stream, _) = listener.accept().unwrap();
        read_request(&mut stream);
        let pid = child.id().to_string();
        assert!(Command::new("kill").args([format!("-{signal}").as_str(), pid.as_str()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(code), &b""[..]));
        assert_eq!(stream.read(&mut [0; 16]).unwrap_or(0), 0, "the connection is gone");
    }
}

/// A reader that takes nothing must not turn into a failure or a message.
#[cfg(unix)]
#[test]
fn a_broken_pipe_ends_quietly() {
    let home = tempfile::tempdir().unwrap();
    for form in ["--json", "--stream-json", "--quiet"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = command(home.path(), &["--demo", "--demo-speed", "200", QUESTION, form]).stdout(writer).spawn();
        let ran = finish(child.unwrap(), b"");
        assert_eq!(ran.code, 0, "{form}: {}", ran.err);
        assert!(!ran.err.contains("dissent:"), "{form}: {}", ran.err);
    }
}

#[test]
fn a_config_that_is_wrong_is_no_answer() {
    let home = home(&[], "quorm = 2\n");
    let ran = run(home.path(), "", &["why?", "--demo"]);
    let file: PathBuf = home.path().join(".config/dissent/config.toml");
    assert_eq!(ran.code, 2);
    assert_eq!(ran.err, format!("dissent: {}:1: unknown key `quorm`; did you mean `quorum`?\n", file.display()));
}

#[test]
fn where_the_provider_counts_no_tokens_the_cost_is_a_guess_and_marked_as_one() {
    let answer = says("In 1969.").replace("\"usage\":{\"completion_tokens\":100,\"prompt_tokens\":1000}", "\"x\":0");
    assert!(!answer.contains("usage"));
    let server = serve(answer);
    let home = home(&[("house", &server.address)], "");
    let ran = run(home.path(), "", &[QUESTION, "--json"]);
    let response = &ran.json()["responses"][0];
    assert_eq!((&response["usage"], &response["cost_basis"]), (&Value::Null, &"estimate".into()), "{response}");
    assert!(response["cost_usd"].as_f64().unwrap() > 0.0, "{response}");
    let line = ran.err.lines().find(|line| line.contains("1 of 1 answered")).unwrap().to_owned();
    assert!(line.contains("· ~$0.000"), "{line}");
}

#[test]
fn a_least_confidence_that_is_not_met_says_why_where_no_flag_does() {
    let server = serve(says("In 1969."));
    let ran = run(home(&[("house", &server.address)], "").path(), "", &[QUESTION, "--min-confidence", "0.5"]);
    assert_eq!(ran.code, 3);
    let expected = "--min-confidence 0.5 is not met: the confidence is unknown, as there is nothing to compare\n";
    assert!(ran.err.ends_with(expected), "{}", ran.err);
}
