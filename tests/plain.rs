//! The chat in plain lines: the binary with a pipe on both sides.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs the demo with `questions` on standard input.
fn run(args: &[&str], variables: &[(&str, &str)], questions: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.args(["chat", "--demo", "--demo-speed", "50"]).args(args).env_clear().env("HOME", home.path());
    command.envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(questions.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Asserts that `parts` come in this order.
fn assert_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let (_, after) = rest.split_once(part).unwrap_or_else(|| unreachable!("{part:?} does not follow in\n{text}"));
        rest = after;
    }
}

const ARPANET: &str = "When was the first message sent over the ARPANET?";

#[test]
fn a_turn_reads_in_order_and_holds_no_escape() {
    let output = run(&["--plain"], &[], &format!("{ARPANET}\n"));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains('\x1b') && !text.contains('\r'), "{text}");
    assert_order(
        &text,
        &["DEMO", "A is aspen", "B is birch", "\nreport\n", "conflicts", "[!=1]", "verdict: ", "(demo)"],
    );
    for speaker in ["\nA aspen: ", "\nB birch: ", "\nC cedar: "] {
        assert_order(&text, &[speaker, "\nreport\n"]);
    }
    let marks = ["[agree]", "[2 of 3]", "[only "];
    assert!(marks.iter().any(|mark| text.contains(mark)), "{text}");
}

#[test]
fn questions_are_answered_one_after_the_other() {
    let output = run(
        &[],
        &[("ACCESSIBLE", "1")],
        &format!("\n{ARPANET}\nWho was the first to discover oxygen?\n/quit\nnever asked\n"),
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("\nverdict: ").count(), 2, "{text}");
}

#[test]
fn a_question_of_the_command_line_needs_no_other() {
    let output = run(&[ARPANET], &[], "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().matches("\nverdict: ").count(), 1);
}

#[test]
fn without_a_question_it_says_what_to_do() {
    let output = run(&[], &[], "");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("nothing was asked") && message.contains("dissent chat --plain"), "{message}");
}

#[test]
fn what_begins_with_a_slash_is_done_or_refused_and_never_asked() {
    let lines =
        ["/help", "/model", "/off b", "/of b", "/copy", "/off", "/usr/bin/env", ARPANET, "/only aspen", "/exit"];
    let output = run(&["--plain"], &[], &lines.join("\n"));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("\nverdict: ").count(), 1, "{text}");
    assert_order(
        &text,
        &[
            "/off <model> asks this one no more",
            "others: dogwood, elm",
            "A is aspen\nB is cedar\n",
            "no command is called /of in plain lines; did you mean /off? Nothing was sent",
            "no command is called /copy",
            "say which: /off <model>",
            "no command is called /usr/bin/env",
            "\nA aspen: ",
            "\nverdict: ",
            "A is aspen\n",
        ],
    );
    assert!(!text.contains("birch: "), "{text}");
    let output = run(&["--plain"], &[], "//a question with a slash\n");
    assert!(String::from_utf8(output.stdout).unwrap().contains("\nverdict: "));
}
