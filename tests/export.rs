//! Sessions for others, over the binary: each form of one that the program itself has kept.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const QUESTION: &str = "When was the first message sent over the ARPANET?";

fn run(home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", home).env("DISSENT_DATA", home).args(args).stdin(Stdio::null());
    command.output().unwrap()
}

/// Keeps one question to the demo models, in which one of three dissents on a date.
fn kept() -> TempDir {
    let home = TempDir::new().unwrap();
    assert!(run(home.path(), &["ask", "--demo", "--demo-speed", "50", QUESTION]).status.success());
    home
}

fn export(home: &Path, more: &[&str]) -> String {
    let output = run(home, &[&["sessions", "export", "last"], more].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_ending_decides_the_form_and_a_pipe_gets_markdown() {
    let home = kept();
    let markdown = export(home.path(), &[]);
    assert!(markdown.contains("- ≠1 date: **1969-10-29** (aspen, birch) against **1968-10-29** (cedar)"), "{markdown}");
    let rows = [("a.md", "markdown"), ("a.json", "json"), ("a.html", "html"), ("a.jsonl", "cases"), ("a.CAST", "cast")];
    for (name, format) in rows {
        let file = home.path().join(name);
        assert_eq!(export(home.path(), &["-o", file.to_str().unwrap()]), "");
        let printed = export(home.path(), &["--format", format]);
        assert_eq!(fs::read_to_string(&file).unwrap(), printed, "{format}");
    }
    let unclear = run(home.path(), &["sessions", "export", "last", "-o", "a.txt"]);
    assert_eq!(unclear.status.code(), Some(2));
    assert!(String::from_utf8(unclear.stderr).unwrap().contains("name one with --format"));
}

#[test]
fn cases_are_read_by_compare_and_give_the_same_conflicts() {
    let home = kept();
    let file = home.path().join("cases.jsonl");
    export(home.path(), &["-o", file.to_str().unwrap()]);
    let compared = run(home.path(), &["compare", "--jsonl", file.to_str().unwrap()]);
    assert!(compared.status.success());
    let verdict: Value = serde_json::from_slice(&compared.stdout).unwrap();
    let document: Value = serde_json::from_str(&export(home.path(), &["--format", "json"])).unwrap();
    let kept = document.pointer("/turns/0/verdict").unwrap();
    let values = |verdict: &Value| verdict.pointer("/contradictions/0/sides/1/value").cloned();
    assert!(values(&verdict).is_some());
    assert_eq!(values(&verdict), values(kept));
    assert_eq!(document.get("schema").unwrap(), "dissent.session/1");
}

#[test]
fn an_exported_session_is_played_again_with_nothing_changed() {
    let home = kept();
    let file = home.path().join("session.json");
    export(home.path(), &["-o", file.to_str().unwrap()]);
    let again = run(home.path(), &["replay", file.to_str().unwrap()]);
    let printed = String::from_utf8(again.stdout).unwrap();
    assert_eq!(printed, format!("1  {QUESTION}\n0 of 1 verdicts changed\n"));
}

#[test]
fn a_film_has_the_run_with_a_marker_for_each_conflict() {
    let home = kept();
    let film = export(home.path(), &["--format", "cast"]);
    let mut lines = film.lines();
    let header: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert_eq!(header.get("version").unwrap(), 3);
    let (width, height) = (header.pointer("/term/cols").unwrap(), header.pointer("/term/rows").unwrap());
    assert_eq!((width.as_u64(), height.as_u64()), (Some(140), Some(40)));
    let size = |cells: u16| std::num::NonZero::new(cells).unwrap();
    let mut screen = vt100::Parser::new(size(40), size(140), 0);
    let (mut markers, mut codes) = (Vec::new(), Vec::new());
    for line in lines {
        let (apart, code, data): (f64, String, String) = serde_json::from_str(line).unwrap();
        assert!((0.0..=10.0).contains(&apart), "{apart}");
        match code.as_str() {
            "o" => screen.process(data.as_bytes()),
            "m" => markers.push(data),
            _ => {}
        }
        codes.push(code);
    }
    let shown = screen.screen().contents();
    assert!(shown.contains("1968-10-29") && shown.contains("about 1.6 votes"), "{shown}");
    assert_eq!(markers, ["≠1 date: 1969-10-29 against 1968-10-29"]);
    assert_eq!(codes.last().map(String::as_str), Some("x"));
}
