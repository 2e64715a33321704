//! `dissent sessions` as a script meets it: each command on what the program itself has kept.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use dissent::domain::ids::{Column, TurnId};
use dissent::domain::opinion::{Judgement, Opinion};
use dissent::store::sitting::{Seed, Sitting};
use dissent::store::{Store, list, read};
use serde_json::Value;
use tempfile::TempDir;

const QUESTIONS: [&str; 2] =
    ["When was the first message sent over the ARPANET?", "Who was the first to discover oxygen?"];

/// Runs the program without a terminal; returns its exit code, what it printed, and what it said.
fn run(data: &Path, args: &[&str], typed: Option<&str>) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", data).env("DISSENT_DATA", data).env("TZ", "UTC").args(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, typed.unwrap_or_default().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn sessions(data: &Path, args: &[&str]) -> (i32, String, String) {
    run(data, &[&["sessions"], args].concat(), None)
}

fn json(data: &Path, args: &[&str]) -> Value {
    let (_, printed, said) = sessions(data, &[args, &["--json"]].concat());
    let read = serde_json::from_str(&printed);
    assert!(read.is_ok(), "{printed} {said}");
    read.unwrap()
}

/// Keeps one session of two turns.
fn kept() -> TempDir {
    let data = TempDir::new().unwrap();
    let chat = ["chat", "--demo", "--demo-speed", "50", "--plain"];
    assert_eq!(run(data.path(), &chat, Some(&QUESTIONS.join("\n"))).0, 0);
    data
}

fn short(data: &Path) -> String {
    json(data, &["list"]).pointer("/sessions/0/short").and_then(Value::as_str).unwrap().to_owned()
}

#[test]
fn a_list_of_nothing_says_so_and_makes_no_file() {
    let data = TempDir::new().unwrap();
    let (code, printed, said) = sessions(data.path(), &["list"]);
    assert_eq!((code, printed.as_str()), (0, ""));
    assert!(said.contains("no session is kept yet"), "{said}");
    assert_eq!(json(data.path(), &["list"]), serde_json::json!({"schema": "dissent.sessions/1", "sessions": []}));
    assert_eq!(sessions(data.path(), &["search", "a"]).0, 1);
    for args in
        [&["show"][..], &["rm", "last"], &["rename", "last", "a"], &["fork", "last"], &["backup", "x"], &["verify"]]
    {
        let (code, _, said) = sessions(data.path(), args);
        assert_eq!(code, 2, "{args:?}");
        assert!(said.contains("nothing is kept yet"), "{args:?}: {said}");
    }
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
}

#[test]
fn a_list_has_what_tells_sessions_apart() {
    let data = kept();
    let short = short(data.path());
    let (code, printed, _) = sessions(data.path(), &["list"]);
    assert_eq!(code, 0);
    assert!(printed.starts_with(&format!("{short}  2")), "{printed}");
    assert!(printed.contains("  2 turns  demo  ") && printed.contains(QUESTIONS[0]), "{printed}");
    let row = &json(data.path(), &["ls"])["sessions"][0];
    assert_eq!((&row["turns"], &row["demo"], &row["cost_usd"]), (&2.into(), &true.into(), &0.0.into()));
    assert_eq!(row["resume"], format!("dissent --demo --resume {short}"));
    assert!(row["id"].as_str().unwrap().starts_with(&short));
}

#[test]
fn a_session_is_shown_by_id_name_or_as_the_last_one() {
    let data = kept();
    let short = short(data.path());
    for named in [&[][..], &["last"], &[short.as_str()], &["when was the first message sent over the ARPANET?"]] {
        let (code, printed, said) = sessions(data.path(), &[&["show"], named].concat());
        assert_eq!(code, 0, "{named:?}: {said}");
        for part in [QUESTIONS[0], "turn 2, 2", "> Who was the first", "3 of 3 answered", &format!("--resume {short}")]
        {
            assert!(printed.contains(part), "{named:?}: no `{part}` in {printed}");
        }
    }
    let (_, one, _) = sessions(data.path(), &["show", "--turn", "2"]);
    assert!(one.contains("> Who was the first") && !one.contains("turn 1,"), "{one}");
    let (code, _, said) = sessions(data.path(), &["show", "--turn", "3"]);
    assert_eq!(code, 2);
    assert!(said.contains("has no turn 3: they go from 1 to 2"), "{said}");
    let shown = json(data.path(), &["show"]);
    assert_eq!(shown["turns"][1]["verdict"]["schema"], "dissent.verdict/1");
    assert_eq!(shown["turns"][1]["settled"], true);
    let (code, _, said) = sessions(data.path(), &["show", "zzz"]);
    assert_eq!(code, 2);
    assert!(
        said.contains("no session begins with `zzz` or is called that: `dissent sessions list` shows them"),
        "{said}"
    );
}

#[test]
fn words_are_found_in_questions_before_answers_and_nothing_found_is_exit_1() {
    let data = kept();
    let (code, printed, _) = sessions(data.path(), &["search", "arpanet", "messa"]);
    assert_eq!(code, 0);
    assert!(printed.lines().next().unwrap().contains(" turn 1  2"), "{printed}");
    let found = json(data.path(), &["search", "kline"]);
    let find = &found["found"][0];
    let [from, to] = [0, 1].map(|it| usize::try_from(find["spans"][0][it].as_u64().unwrap()).unwrap());
    assert_eq!(find["context"].as_str().unwrap().get(from..to), Some("Kline"));
    assert_eq!(
        sessions(data.path(), &["search", "zebra\"*"]),
        (1, String::new(), "no turn has all of: zebra\"*\n".to_owned())
    );
    assert_eq!(json(data.path(), &["search", "zebra"])["found"], serde_json::json!([]));
}

#[test]
fn a_name_that_was_given_is_one_to_go_on_with() {
    let data = kept();
    let (code, printed, _) = sessions(data.path(), &["rename", "last", "The", "first\u{1b}[31m", "message"]);
    assert_eq!(code, 0);
    assert!(printed.ends_with(" is called: The first message\n"), "{printed}");
    let go_on = ["--demo", "--demo-speed", "50", "--plain", "--resume", "the first message"];
    assert_eq!(run(data.path(), &go_on, Some("Who invented the telephone?\n")).0, 0);
    assert_eq!(json(data.path(), &["list"])["sessions"][0]["turns"], 3);
    assert_eq!(json(data.path(), &["list"])["sessions"][0]["name"], "The first message");
    assert_eq!(sessions(data.path(), &["rename", "last", " "]).0, 2);
}

#[test]
fn a_fork_goes_its_own_way_and_what_it_shares_outlives_the_other() {
    let data = kept();
    let first = short(data.path());
    let fork = json(data.path(), &["fork", &first, "--at", "1"])["session"]["id"].as_str().unwrap().to_owned();
    let go_on = ["--demo", "--demo-speed", "50", "--plain", "--resume", &fork];
    assert_eq!(run(data.path(), &go_on, Some("Who invented the telephone?\n")).0, 0);
    let questions = |session: &str| {
        let shown = json(data.path(), &["show", session]);
        let turns = shown["turns"].as_array().unwrap().iter();
        turns.map(|turn| turn["question"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(questions(&fork), [QUESTIONS[0], "Who invented the telephone?"]);
    assert_eq!(questions(&first), QUESTIONS);
    assert_eq!(sessions(data.path(), &["fork", &first, "--at", "9"]).0, 2);
    assert_eq!(sessions(data.path(), &["rm", &first]).0, 0);
    assert_eq!(questions(&fork), [QUESTIONS[0], "Who invented the telephone?"]);
    assert_eq!(json(data.path(), &["verify"])["whole"], true);
}

#[test]
fn what_is_deleted_is_in_no_byte_of_any_file() {
    let data = kept();
    let (code, printed, _) = sessions(data.path(), &["rm", "last", "--dry-run"]);
    assert!(code == 0 && printed.starts_with("would delete "), "{printed}");
    assert_eq!(sessions(data.path(), &["rm", "--older-than", "1d"]).1, "nothing is that old\n");
    let (code, printed, _) = sessions(data.path(), &["rm", &short(data.path())]);
    assert!(code == 0 && printed.starts_with("deleted "), "{printed}");
    for entry in fs::read_dir(data.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let bytes = fs::read(&entry).unwrap();
        for word in ["Kline", "ARPANET", "discover oxygen"] {
            let has = bytes.windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()));
            assert!(!has, "{} has `{word}`", entry.display());
        }
    }
    assert_eq!(sessions(data.path(), &["rm"]).0, 2);
}

#[test]
fn a_copy_is_whole_and_never_goes_over_another_file() {
    let data = kept();
    let copy = data.path().join("elsewhere.db");
    let shown = copy.display().to_string();
    assert_eq!(sessions(data.path(), &["backup", &shown]), (0, format!("copied to {shown}\n"), String::new()));
    let bytes = fs::read(&copy).unwrap();
    let (code, _, said) = sessions(data.path(), &["backup", &shown]);
    assert!(code == 1 && said.contains("is there already; nothing was written"), "{said}");
    assert_eq!(fs::read(&copy).unwrap(), bytes);
    let (code, _, said) = sessions(data.path(), &["backup", "/nowhere/at/all.db"]);
    assert!(code == 1 && said.contains("/nowhere/at/all.db"), "{said}");
    let restored = TempDir::new().unwrap();
    fs::copy(&copy, restored.path().join("sessions.db")).unwrap();
    assert_eq!(short(restored.path()), short(data.path()));
    let (code, printed, _) = sessions(restored.path(), &["verify"]);
    assert!(code == 0 && printed.contains("every page, index and reference is as it should be"), "{printed}");
}

#[test]
fn damage_is_found_and_what_to_do_is_said() {
    let data = kept();
    let file = data.path().join("sessions.db");
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'claims'";
    let db = rusqlite::Connection::open(&file).unwrap();
    let page: u32 = db.query_row(root, [], |row| row.get(0)).unwrap();
    drop(db);
    let mut bytes = fs::read(&file).unwrap();
    bytes[(page as usize - 1) * 4_096..][..512].fill(0xee);
    fs::write(&file, &bytes).unwrap();
    let (code, printed, _) = sessions(data.path(), &["verify"]);
    assert_eq!(code, 1, "{printed}");
    assert!(printed.contains("not whole") && printed.contains("-> keep a copy first"), "{printed}");
    assert_eq!(fs::read(&file).unwrap(), bytes, "looking changes nothing");
    fs::write(&file, "my diary").unwrap();
    let (code, printed, _) = sessions(data.path(), &["verify"]);
    assert!(code == 1 && printed.contains("not whole"), "{printed}");
    let (code, _, said) = sessions(data.path(), &["list"]);
    assert!(code == 1 && said.contains("`dissent sessions verify` says what to do"), "{said}");
    assert_eq!(fs::read(&file).unwrap(), b"my diary");
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_listed_where_nothing_can_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let data = kept();
    let lock = |mode, of: &Path| fs::set_permissions(of, fs::Permissions::from_mode(mode)).unwrap();
    let file = data.path().join("sessions.db");
    lock(0o400, &file);
    lock(0o500, data.path());
    let listed = sessions(data.path(), &["list"]);
    lock(0o700, data.path());
    assert_eq!(listed.0, 0, "{}", listed.2);
    assert!(listed.1.contains(QUESTIONS[0]));
}

/// Has the person think that of the first turn of the last session, as the screen does.
fn think(data: &Path, opinion: Opinion) {
    let store = Store::at(data);
    let db = store.open().unwrap();
    let head = list::find(&db, "last").unwrap();
    let first = read::turns(&db, &head.id).unwrap().remove(0);
    let sitting = Sitting::begin(store, Seed { id: Some(head.id), ..Seed::default() }, |_| {}).unwrap();
    sitting.knows(TurnId(1), first.id);
    sitting.opinion(TurnId(1), opinion);
    sitting.opinion(TurnId(7), Opinion { judgement: Some(Judgement::Wrong), vote: None });
    sitting.end();
}

#[test]
fn what_the_person_thinks_of_a_turn_is_kept_shown_and_exported_until_it_is_taken_back() {
    let data = kept();
    let data = data.path();
    think(data, Opinion { judgement: Some(Judgement::Partly), vote: Some(Column(1)) });
    think(data, Opinion { judgement: Some(Judgement::Wrong), vote: Some(Column(1)) });
    let (_, printed, _) = sessions(data, &["show"]);
    assert_eq!(printed.matches("you: wrong\nyour blind vote: birch").count(), 1, "{printed}");
    let shown = json(data, &["show"]);
    let expected = serde_json::json!({"judgement": "wrong", "blind_vote": "birch"});
    assert_eq!(shown["turns"][0]["opinion"], expected);
    assert_eq!(shown["turns"][1]["opinion"], serde_json::json!({"judgement": null, "blind_vote": null}));
    for (format, expected) in [
        ("markdown", "\nyou: wrong · your blind vote: birch\n"),
        ("html", "<p class=\"opinion\">you: wrong · your blind vote: birch</p>"),
        ("cases", "\"correct\":false"),
        ("json", "\"opinion\":{\"judgement\":\"wrong\",\"vote\":1}"),
    ] {
        let (_, exported, _) = sessions(data, &["export", "last", "--format", format]);
        assert_eq!(exported.matches(expected).count(), 1, "{format}: {exported}");
    }
    think(data, Opinion::default());
    let (_, printed, _) = sessions(data, &["show"]);
    assert!(!printed.contains("you: ") && !printed.contains("blind vote"), "{printed}");
}
