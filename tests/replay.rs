//! Runs as files, over the binary: recorded, judged again without a screen, and refused with the number of the line.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const QUESTION: &str = "When was the first message sent over the ARPANET?";

fn run(home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", home).env("DISSENT_DATA", home).args(args).stdin(Stdio::null());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn told(output: &Output) -> (i32, String, String) {
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// Returns a folder with the recording of one question to the demo models.
fn recorded() -> (TempDir, PathBuf) {
    let home = TempDir::new().unwrap();
    let file = home.path().join("run.ndjson");
    let args = ["ask", "--demo", "--demo-speed", "50", "--json", "--record", file.to_str().unwrap(), QUESTION];
    let asked = run(home.path(), &args);
    assert!(asked.status.success(), "{}", text(&asked.stderr));
    fs::write(home.path().join("verdict.json"), &asked.stdout).unwrap();
    (home, file)
}

#[test]
fn a_recording_has_the_verdict_to_the_byte_and_only_its_owner_can_read_it() {
    let (home, file) = recorded();
    let lines = fs::read_to_string(&file).unwrap();
    let verdict = lines.lines().last().unwrap().strip_prefix("{\"turn\":1,\"verdict\":").unwrap();
    let asked = fs::read_to_string(home.path().join("verdict.json")).unwrap();
    assert_eq!(verdict.strip_suffix('}').unwrap(), asked.trim_end());
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((first["schema"].as_str(), first["source"].as_str()), (Some("dissent.recording/1"), Some("demo")));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
}

#[test]
fn todays_engine_finds_what_it_found_in_a_file_and_in_the_store() {
    let (home, file) = recorded();
    for what in [file.to_str().unwrap(), "last"] {
        let (code, out, err) = told(&run(home.path(), &["replay", "--json", what]));
        assert_eq!((code, err.as_str()), (0, ""));
        let again: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((again["verdicts"].as_u64(), again["verdicts_changed"].as_u64()), (Some(1), Some(0)), "{what}");
        let turn = &again["turns"][0];
        let differs = |key: &&String| turn["before"][key.as_str()] != turn["after"][key.as_str()];
        let differing: Vec<_> = turn["before"].as_object().unwrap().keys().filter(differs).collect();
        assert!(differing.is_empty(), "{what}: {differing:?}");
        let (code, out, _) = told(&run(home.path(), &["replay", what]));
        assert_eq!((code, out), (0, format!("1  {QUESTION}\n0 of 1 verdicts changed\n")));
    }
}

#[test]
fn a_verdict_that_would_be_another_one_today_is_told_with_what_it_was() {
    let (home, file) = recorded();
    let lines = fs::read_to_string(&file).unwrap();
    let changed = lines.replace("\"flagged\":true", "\"flagged\":false").replace("1968-10-29", "1967-10-29");
    fs::write(&file, changed.replace("29 October 1967", "29 October 1968")).unwrap();
    let (code, out, _) = told(&run(home.path(), &["replay", file.to_str().unwrap()]));
    assert_eq!(code, 0);
    assert!(out.contains("   flagged: false -> true\n"), "{out}");
    assert!(out.contains("conflicts, gone: date:") && out.contains("conflicts, new: date:"), "{out}");
    assert!(out.ends_with("1 of 1 verdicts changed\n"), "{out}");
}

#[test]
fn a_file_that_is_there_is_not_recorded_over() {
    let (home, file) = recorded();
    let before = fs::read(&file).unwrap();
    let name = file.to_str().unwrap();
    let args: [&[&str]; 2] =
        [&["ask", "--demo", "--record", name, "why?"], &["chat", "--demo", "--plain", "--record", name, "why?"]];
    for args in args {
        let (code, out, err) = told(&run(home.path(), args));
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("is there already: name another file to record to"), "{err}");
    }
    assert_eq!(fs::read(&file).unwrap(), before);
    let (code, _, err) = told(&run(home.path(), &["ask", "--demo", "--record", "/no/such/folder/x", "why?"]));
    assert_eq!(code, 2);
    assert!(err.contains("cannot record to /no/such/folder/x"), "{err}");
}

#[test]
fn a_chat_in_plain_lines_is_recorded_with_the_turns_it_goes_on_with() {
    let (home, _) = recorded();
    let file = home.path().join("chat.ndjson");
    let args = [
        "chat",
        "--demo",
        "--demo-speed",
        "50",
        "--plain",
        "--resume",
        "--record",
        file.to_str().unwrap(),
        "Who was the first to discover oxygen?",
    ];
    assert_eq!(run(home.path(), &args).status.code(), Some(0));
    let (code, out, _) = told(&run(home.path(), &["replay", file.to_str().unwrap()]));
    assert_eq!(code, 0);
    assert_eq!(out, format!("1  {QUESTION}\n2  Who was the first to discover oxygen?\n0 of 2 verdicts changed\n"));
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let (home, file) = recorded();
    let whole = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let with_third = |third: &str| {
        let mut lines = lines.clone();
        lines[2] = third;
        lines.join("\n") + "\n"
    };
    let rows: [(&str, String, &str); 11] = [
        ("nothing", String::new(), "line 1: there is nothing in it; a recording is made with `--record FILE`"),
        ("text", "Hello.\n".to_owned(), "line 1: it is no recording of dissent"),
        ("other JSON", "{\"a\": 1}\n".to_owned(), "line 1: it is no recording of dissent"),
        ("newer", whole.replace("recording/1", "recording/2"), "line 1: it is of version 2 of recordings"),
        ("no JSON", with_third("{\"turn\": 1, oops}"), "line 3: column 13: key must be a string"),
        ("no event", with_third("{\"turn\": 1, \"at_ns\": 5, \"column\": 0}"), "line 3: "),
        ("another event", with_third("{\"turn\":1,\"at_ns\":5,\"column\":0,\"event\":\"sneezed\"}"), "line 3: "),
        (
            "another column",
            with_third("{\"turn\":1,\"at_ns\":5,\"column\":9,\"event\":\"late\"}"),
            "line 3: it is of column 9, and the turn has 3",
        ),
        (
            "another turn",
            with_third("{\"turn\":7,\"at_ns\":5,\"column\":0,\"event\":\"late\"}"),
            "line 3: it is of turn 7, which has not begun",
        ),
        ("turn twice", with_third(lines[1]), "line 3: turn 1 begins after turn 1"),
        ("a bad verdict", with_third("{\"turn\":1,\"verdict\":{\"schema\":\"x\"}}"), "line 3: `verdict`: column "),
    ];
    for (name, contents, expected) in rows {
        fs::write(&file, contents).unwrap();
        let (code, out, err) = told(&run(home.path(), &["replay", "--json", file.to_str().unwrap()]));
        assert_eq!((code, out.as_str()), (1, ""), "{name}: {err}");
        assert!(err.contains(&format!("run.ndjson: {expected}")), "{name}: {err}");
    }
    fs::write(&file, b"{\"schema\":\"dissent.recording/1\",\xff}\n").unwrap();
    let (code, _, err) = told(&run(home.path(), &["replay", "--json", file.to_str().unwrap()]));
    assert_eq!(code, 1);
    assert!(err.contains("line 1: byte 33 is not UTF-8"), "{err}");
}

#[test]
fn a_recording_that_breaks_off_is_played_as_far_as_it_goes_wherever_it_is_cut() {
    let (home, file) = recorded();
    let whole = fs::read(&file).unwrap();
    let header = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let n_lines = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').count();
    // In the middle of lines all over the file, and within a letter of several bytes.
    let cuts = (1..20).map(|n| header + (whole.len() - header) * n / 20);
    for cut in cuts.filter(|cut| whole[cut - 1] != b'\n') {
        fs::write(&file, &whole[..cut]).unwrap();
        let (code, out, err) = told(&run(home.path(), &["replay", "--json", file.to_str().unwrap()]));
        assert_eq!(code, 0, "cut at {cut}: {err}");
        let expected = format!("line {} is cut: what comes before it is all there is", n_lines(&whole[..cut]));
        assert!(err.contains(&expected), "cut at {cut}: {err}");
        let again: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(again["verdicts"].as_u64(), Some(0), "cut at {cut}: a turn without its end has no verdict");
    }
}

#[test]
fn what_is_no_session_and_no_file_is_a_matter_of_usage() {
    let home = TempDir::new().unwrap();
    for (what, expected) in [("beef", "no session begins with `beef`"), ("a/b.ndjson", "there is no file a/b.ndjson")] {
        let (code, out, err) = told(&run(home.path(), &["replay", what]));
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(expected), "{err}");
    }
}
