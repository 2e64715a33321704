//! The command as a person and a script meet it: files and cases in, text and verdicts out.

use std::io::Write;

use crate::headless::compare::{CompareArgs, DONE, FAILED, USAGE, run_with};

fn run(args: &CompareArgs, stdin: &[u8]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run_with(args, &mut &*stdin, &mut out, &mut err).unwrap();
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn jsonl() -> CompareArgs {
    CompareArgs { jsonl: Some("-".to_owned()), ..CompareArgs::default() }
}

fn files(folder: &tempfile::TempDir, texts: &[(&str, &[u8])]) -> Vec<String> {
    texts
        .iter()
        .map(|(name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn three_files_with_one_dissenter_are_one_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let texts: [(&str, &[u8]); 3] = [
        ("gpt.txt", b"Apollo 11 landed on the Moon in 1969.\n"),
        ("claude.txt", b"It was in 1969.\n"),
        ("gemini.txt", b"Apollo 11 landed on the Moon in 1968.\n"),
    ];
    let question = Some("When did Apollo 11 land on the Moon?".to_owned());
    let args = CompareArgs { files: files(&folder, &texts), question, json: true, ..CompareArgs::default() };
    let (code, out, _) = run(&args, b"");
    let verdict: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, DONE);
    let contradictions = verdict["contradictions"].as_array().unwrap();
    assert_eq!(contradictions.len(), 1);
    assert_eq!(contradictions[0]["kind"], "date");
    assert_eq!(contradictions[0]["sides"][0]["models"], serde_json::json!(["gpt", "claude"]));
    assert_eq!(contradictions[0]["sides"][1]["quotes"][0]["text"], "Apollo 11 landed on the Moon in 1968.");
    assert_eq!(verdict["cost_usd"], serde_json::Value::Null);

    let (_, out, _) = run(&CompareArgs { json: false, ..args }, b"");
    assert!(out.contains("[!=1] date: Apollo 11 landed on the Moon\n"), "{out}");
    assert!(out.contains("A B say 1969\n") && out.contains("C says 1968\n"), "{out}");
}

#[test]
fn bad_lines_are_named_and_the_rest_goes_on() {
    let input = b"{\"id\": \"one\", \"answers\": [{\"model\": \"a\", \"text\": \"1969\"}, {\"model\": \"b\", \"text\": \"1969\"}]}\nnot json\n\n{\"answers\": [{\"model\": \"a\", \"text\": \"x\"}, {\"model\": \"a\", \"text\": \"y\"}]}\n{\"answers\": []}\n";
    let (code, out, err) = run(&jsonl(), input);
    assert_eq!(code, FAILED);
    let ids: Vec<String> = out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["one", "5"]);
    assert!(err.contains("line 2: ") && err.contains("line 4: two answers of the model `a`"), "{err}");
    assert_eq!(run(&CompareArgs { skip_bad: true, ..jsonl() }, input).0, DONE);
}

#[test]
fn gzipped_cases_are_read_by_their_first_bytes() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"{\"id\": 7, \"answers\": [{\"model\": \"a\", \"text\": \"1969\"}]}\n").unwrap();
    let (code, out, _) = run(&jsonl(), &packed.finish().unwrap());
    assert_eq!(code, DONE);
    assert!(out.contains("\"id\":\"7\""), "{out}");
}

#[test]
fn what_was_not_understood_is_said() {
    assert_eq!(run(&CompareArgs::default(), b"").0, USAGE);
    let twice = CompareArgs { files: vec!["-".to_owned(), "-".to_owned()], ..CompareArgs::default() };
    assert_eq!(run(&twice, b"").0, USAGE);
    let missing = CompareArgs { files: vec!["/nowhere/at-all".to_owned()], ..CompareArgs::default() };
    let error = run_with(&missing, &mut &b""[..], &mut Vec::new(), &mut Vec::new()).unwrap_err();
    assert!(format!("{error:#}").contains("can't read `/nowhere/at-all`"), "{error:#}");
}

#[test]
fn bytes_that_are_no_text_are_replaced_with_a_warning_and_nothing_reaches_the_terminal_raw() {
    let folder = tempfile::tempdir().unwrap();
    let texts: [(&str, &[u8]); 2] = [("a.txt", b"It is \xff\x1b[31m red.\n"), ("b.txt", b"It is blue.\n")];
    let args = CompareArgs { files: files(&folder, &texts), ..CompareArgs::default() };
    let (code, out, err) = run(&args, b"");
    assert_eq!(code, DONE);
    assert!(err.contains("a: not all of it is UTF-8"), "{err}");
    assert!(!out.contains('\u{1b}'), "{out:?}");
}

const CASE: &str = "{\"id\": \"one\", \"answers\": [{\"model\": \"a\", \"text\": \"1969\"}]}";

#[test]
fn what_is_wrong_with_a_line_is_said_without_the_parsers_own_line_number() {
    for (line, expected) in [
        (&b"not json"[..], "compare: line 2: column 2: expected ident"),
        (b"{\"answers\": 7}", "compare: line 2: column 13: invalid type: integer `7`, expected a sequence"),
        (b"{\"id\": 1}", "compare: line 2: column 9: missing field `answers`"),
        (b"{\"answers\": [{\"model\": \"a\"}]}", "compare: line 2: column 27: missing field `text`"),
        (b"{\"id\": \"\xff\"}", "compare: line 2: byte 9 is not UTF-8"),
        (b"\x7fELF\x02\x01\x00", "compare: line 2: column 1: expected value"),
    ] {
        let input = [CASE.as_bytes(), b"\r\n", line, b"\r\n", CASE.as_bytes()].concat();
        let (code, out, err) = run(&jsonl(), &input);
        assert_eq!((code, out.lines().count(), err.trim_end()), (FAILED, 2, expected));
    }
}

#[test]
fn an_empty_file_and_one_with_a_byte_order_mark_are_read() {
    assert_eq!(run(&jsonl(), b""), (DONE, String::new(), String::new()));
    assert_eq!(run(&jsonl(), b"\r\n\n"), (DONE, String::new(), String::new()));
    let (code, out, err) = run(&jsonl(), format!("\u{feff}{CASE}\r\n").as_bytes());
    assert_eq!((code, out.lines().count(), err.as_str()), (DONE, 1, ""));
}

#[test]
fn what_came_before_a_broken_gzip_stream_is_compared() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packed.write_all(format!("{CASE}\n{CASE}\n{CASE}\n").as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let error = run_with(&jsonl(), &mut &packed[..packed.len() - 24], &mut out, &mut err).unwrap_err();
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 2);
    assert!(format!("{error:#}").starts_with("after line 2 of standard input: "), "{error:#}");
}

#[test]
fn a_folder_is_no_file_of_cases() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap().to_owned();
    for args in [
        CompareArgs { jsonl: Some(path.clone()), ..CompareArgs::default() },
        CompareArgs { files: vec![path.clone()], ..CompareArgs::default() },
    ] {
        let error = run_with(&args, &mut &b""[..], &mut Vec::new(), &mut Vec::new()).unwrap_err();
        assert!(format!("{error:#}").starts_with(&format!("can't read `{path}`")), "{error:#}");
    }
}
