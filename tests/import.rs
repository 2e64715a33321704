//! `dissent import` as a person meets it: what it says, what is kept, and what a second time changes.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

fn run(data: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", data).env("DISSENT_DATA", data.join("data")).env("TZ", "UTC").args(args);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Writes an export of a chat in which two models give years; returns where it is.
fn export(data: &Path, name: &str, years: &[u32]) -> String {
    let mut messages = serde_json::Map::new();
    let ids: Vec<String> = years.iter().map(|year| format!("m{year}")).collect();
    messages.insert(
        "u".into(),
        json!({"id": "u", "childrenIds": ids, "role": "user", "content": "When did the crew of Apollo 11 land on the Moon?"}),
    );
    for (year, model) in years.iter().zip(["llama", "qwen", "phi"]) {
        let text = format!("The crew of Apollo 11 landed on the Moon in {year}.");
        let id = format!("m{year}");
        messages.insert(
            id.clone(),
            json!({"id": id, "parentId": "u", "role": "assistant", "model": model, "done": true, "content": text}),
        );
    }
    let chat = json!([{"id": "w", "title": "Moon", "updated_at": 1_756_000_001,
        "chat": {"history": {"currentId": "m1969", "messages": messages}}}, {"chat": 7}]);
    let path = data.join(name);
    fs::write(&path, chat.to_string()).unwrap();
    path.display().to_string()
}

fn imported(data: &Path, args: &[&str]) -> Value {
    let (code, printed, said) = run(data, &[&["import", "--json"], args].concat());
    assert_eq!(code, 0, "{said}");
    serde_json::from_str(&printed).unwrap()
}

#[test]
fn answers_that_were_there_all_along_are_compared_at_once() {
    let data = TempDir::new().unwrap();
    let file = export(data.path(), "a.json", &[1968, 1969]);
    let (code, printed, said) = run(data.path(), &["import", "--dry-run", &file]);
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(printed.starts_with("would import 1 conversation (1 turn), 1 unreadable\n"), "{printed}");
    assert!(!data.path().join("data").exists(), "a dry run makes nothing");

    let (code, printed, _) = run(data.path(), &["import", &file]);
    assert_eq!(code, 0);
    assert!(printed.starts_with("imported 1 conversation (1 turn), 1 unreadable\n"), "{printed}");
    for part in [
        "unreadable: ",
        "entry 2: its `chat` is no object",
        "your history holds 1 question with two answers or more; 1 conflicts",
        "When did the crew of Apollo 11 land on the Moon?  196",
        " ≠ 196",
        "to look at one: dissent sessions show ",
    ] {
        assert!(printed.contains(part), "no `{part}` in {printed}");
    }
    let shown = run(data.path(), &["sessions", "show", "last", "--json"]).1;
    let verdict = &serde_json::from_str::<Value>(&shown).unwrap()["turns"][0]["verdict"];
    assert_eq!(verdict["contradictions"].as_array().unwrap().len(), 1);
    for unknown in ["/responses/0/first_token_ms", "/responses/0/total_ms", "/responses/0/cost_usd", "/elapsed_ms"] {
        assert_eq!(verdict.pointer(unknown), Some(&Value::Null), "{unknown}");
    }
    assert_eq!(run(data.path(), &["sessions", "verify"]).0, 0);
    assert_eq!(run(data.path(), &["sessions", "search", "apollo"]).0, 0);
}

#[test]
fn a_second_time_changes_nothing_and_what_has_grown_takes_its_place() {
    let data = TempDir::new().unwrap();
    let file = export(data.path(), "a.json", &[1968, 1969]);
    imported(data.path(), &[&file]);
    let shown = run(data.path(), &["sessions", "show", "last", "--json"]).1;
    let again = imported(data.path(), &[&file]);
    assert_eq!((&again["imported"], &again["already"]), (&0.into(), &1.into()));
    assert_eq!((&again["several_answers"], &again["conflicting"][0]["conflicts"]), (&1.into(), &1.into()));
    assert_eq!(run(data.path(), &["sessions", "show", "last", "--json"]).1, shown);

    let grown = export(data.path(), "b.json", &[1968, 1969, 1967]);
    let tally = imported(data.path(), &[&grown]);
    assert_eq!(
        (&tally["imported"], &tally["imported_turns"], &tally["changed_turns"]),
        (&1.into(), &0.into(), &1.into())
    );
    let list: Value = serde_json::from_str(&run(data.path(), &["sessions", "list", "--json"]).1).unwrap();
    assert_eq!((list["sessions"].as_array().unwrap().len(), &list["sessions"][0]["turns"]), (1, &1.into()));
    let shown: Value = serde_json::from_str(&run(data.path(), &["sessions", "show", "last", "--json"]).1).unwrap();
    assert_eq!(shown["turns"][0]["verdict"]["asked"], 3);
}

#[test]
fn our_own_export_comes_back_as_it_was() {
    let data = TempDir::new().unwrap();
    let chat = run(data.path(), &["ask", "--demo", "Who was the first to discover oxygen?"]);
    assert_eq!(chat.0, 0, "{}", chat.2);
    let file = data.path().join("s.json").display().to_string();
    let other = TempDir::new().unwrap();
    assert_eq!(run(data.path(), &["sessions", "export", "last", "-o", &file]).0, 0);
    imported(other.path(), &[&file]);
    let again = other.path().join("s.json").display().to_string();
    assert_eq!(run(other.path(), &["sessions", "export", "last", "-o", &again]).0, 0);
    assert_eq!(fs::read_to_string(&again).unwrap(), fs::read_to_string(&file).unwrap());
    assert_eq!(imported(other.path(), &[&again])["already"], 1);
}

#[test]
fn nothing_imported_is_a_failure_with_words() {
    let data = TempDir::new().unwrap();
    for (name, bytes) in [("empty.json", "[]"), ("text.txt", "hello"), ("bad.json", "[{\"chat\": 7}]")] {
        let path = data.path().join(name);
        fs::write(&path, bytes).unwrap();
        let (code, printed, said) = run(data.path(), &["import", &path.display().to_string()]);
        assert_eq!(code, 1, "{name}: {printed} {said}");
        assert!(
            said.contains("what is read: ChatGPT") && printed.starts_with("imported 0 conversations"),
            "{printed} {said}"
        );
    }
    assert_eq!(run(data.path(), &["import", "/no/such/file"]).0, 1);
    assert_eq!(run(data.path(), &["import"]).0, 2);
    let good = export(data.path(), "a.json", &[1968, 1969]);
    assert_eq!(run(data.path(), &["import", "/no/such/file", &good]).0, 0, "what can be read is");
}
