//! What is kept from one run to the next, over the binary: nothing is lost, whatever ends it and whatever the file is.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not kept")]

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use dissent::domain::ids::TurnId;
use dissent::domain::opinion::{Judgement, Opinion};
use dissent::domain::stand::stands;
use dissent::store::read::{self, KeptTurn};
use dissent::store::sitting::{News, Seed, Sitting};
use dissent::store::{Store, edit, list, search, shelf};
use serde_json::Value;
use tempfile::TempDir;

const QUESTION: &str = "When was the first message sent over the ARPANET?";

/// How far the file may be behind what has come in.
const BEHIND: Duration = Duration::from_millis(250);

fn command(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", data).env("DISSENT_DATA", data).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(data: &Path, args: &[&str], typed: &str) -> Output {
    let mut child = command(data, args).spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn ask(data: &Path, more: &[&str]) -> Output {
    run(data, &[&["ask", "--demo", "--demo-speed", "50", "--json", QUESTION], more].concat(), "")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn turns(data: &Path, session: &str) -> Vec<KeptTurn> {
    let db = Store::at(data).open().unwrap();
    let head = list::find(&db, session).unwrap();
    read::turns(&db, &head.id).unwrap()
}

#[test]
fn a_question_is_kept_with_its_verdict_to_the_byte_and_is_found_by_its_words() {
    let data = TempDir::new().unwrap();
    let asked = ask(data.path(), &[]);
    assert!(asked.status.success(), "{}", err(&asked));
    let kept = turns(data.path(), "last");
    let json = serde_json::to_string(kept[0].verdict.as_ref().unwrap()).unwrap();
    assert_eq!(json, String::from_utf8(asked.stdout).unwrap().trim_end());
    let now = tokio::time::Instant::now().into_std();
    let turn = kept[0].record.turn(dissent::domain::ids::TurnId(1), now);
    for (response, kept) in turn.responses.iter().zip(&kept[0].verdict.as_ref().unwrap().responses) {
        assert_eq!(response.text, kept.text, "the events make the text of the verdict");
    }

    let db = Store::at(data.path()).open().unwrap();
    let found = |words: &str| search::search(&db, words, 10).unwrap();
    assert_eq!(found("arpanet messa")[0].question, QUESTION);
    let [before, after] = search::MARKS;
    assert!(found("kline")[0].context.contains(&format!("{before}Kline{after}")), "a word of an answer");
    assert!(found("\"AND -*\" zebra OR").is_empty());
    assert!(edit::verify(&db).unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let data = TempDir::new().unwrap();
    let folder = data.path().join("new");
    ask(&folder, &[]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("sessions.db")), 0o600);
}

#[test]
fn nothing_is_kept_where_that_is_wished() {
    let data = TempDir::new().unwrap();
    ask(data.path(), &["--incognito"]);
    run(data.path(), &["chat", "--demo", "--demo-speed", "50", "--plain", "--incognito"], QUESTION);
    let config = data.path().join("config.toml");
    for history in ["off", "session"] {
        fs::write(&config, format!("[store]\nhistory = \"{history}\"\n")).unwrap();
        ask(data.path(), &["--config", config.to_str().unwrap()]);
    }
    assert!(!data.path().join("sessions.db").exists());
}

#[test]
fn the_line_at_the_end_goes_on_with_the_session() {
    let data = TempDir::new().unwrap();
    let first = run(data.path(), &["chat", "--demo", "--demo-speed", "50", "--plain"], QUESTION);
    let told = err(&first);
    let line = told.lines().find_map(|line| line.strip_prefix("to go on with this session: dissent ")).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    let second = run(data.path(), &[words.as_slice(), &["--demo-speed", "50", "--plain"]].concat(), "What was sent?\n");
    assert!(err(&second).contains(&format!("dissent {line}")), "{}", err(&second));
    let questions: Vec<String> =
        turns(data.path(), words[words.len() - 1]).iter().map(|turn| turn.record.asked.question.to_string()).collect();
    assert_eq!(questions, [QUESTION, "What was sent?"]);
    let unknown = run(data.path(), &["--demo", "--plain", "--resume", "0000"], "");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("no session begins with `0000` or is called that"), "{}", err(&unknown));
}

/// What is in a folder, by name.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let read = |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
    files.map(read).collect()
}

#[test]
fn a_file_that_cannot_be_used_keeps_nobody_from_asking_and_is_never_overwritten() {
    let whole = TempDir::new().unwrap();
    for _ in 0..3 {
        ask(whole.path(), &[]);
    }
    let db = Store::at(whole.path()).open().unwrap();
    edit::backup(&db, &whole.path().join("copy")).unwrap();
    let copy = fs::read(whole.path().join("copy")).unwrap();
    let mut bad_header = copy.clone();
    bad_header[..32].fill(b'x');
    let mut bad_pages = copy.clone();
    for page in bad_pages.chunks_mut(4_096).skip(1) {
        page[..64].fill(0xee);
    }
    let mut foreign = copy.clone();
    foreign[60..64].copy_from_slice(&99_u32.to_be_bytes());
    let rows: [(&str, &[u8], &str); 5] = [
        ("a corrupt header", &bad_header, "it is set aside as"),
        ("corrupt pages", &bad_pages, "it is set aside as"),
        ("a file cut in its middle", &copy[..copy.len() / 2], "it is set aside as"),
        ("another program's text", b"my diary, for which there is no other place", "it is set aside as"),
        ("a newer version", &foreign, "newer dissent"),
    ];
    for (what, bytes, told) in rows {
        let data = TempDir::new().unwrap();
        fs::write(data.path().join("sessions.db"), bytes).unwrap();
        let asked = ask(data.path(), &[]);
        assert!(asked.status.success(), "{what}: {}", err(&asked));
        assert!(err(&asked).contains(told), "{what}: {}", err(&asked));
        assert!(contents(data.path()).iter().any(|(_, kept)| kept == bytes), "{what}: the bytes are still there");
        if told != "newer dissent" {
            assert_eq!(turns(data.path(), "last").len(), 1, "{what}: the new file has the question");
        }
    }
    let data = TempDir::new().unwrap();
    fs::create_dir(data.path().join("sessions.db")).unwrap();
    let asked = ask(data.path(), &[]);
    assert!(asked.status.success() && err(&asked).contains("is a folder"), "{}", err(&asked));
    let mut child = command(data.path(), &["ask", "--demo", "--demo-speed", "50", QUESTION]);
    let asked = child.env("DISSENT_DATA", "/dev/null/below").stdin(Stdio::null()).output().unwrap();
    assert!(asked.status.success() && err(&asked).contains("not kept for now"), "{}", err(&asked));
}

#[test]
fn programs_that_write_at_once_lose_nothing() {
    let data = TempDir::new().unwrap();
    let args = ["ask", "--demo", "--demo-speed", "20", "--quiet", QUESTION];
    let children: Vec<_> = (0..6).map(|_| command(data.path(), &args).spawn().unwrap()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success() && !err(&output).contains("kept"), "{}", err(&output));
    }
    let db = Store::at(data.path()).open().unwrap();
    assert_eq!(list::sessions(&db, 10).unwrap().len(), 6);
    assert!(edit::verify(&db).unwrap().is_empty());
}

#[test]
fn what_is_deleted_is_gone_from_the_file_and_a_fork_keeps_what_it_shares() {
    let data = TempDir::new().unwrap();
    ask(data.path(), &[]);
    let mut db = Store::at(data.path()).open().unwrap();
    let head = list::find(&db, "last").unwrap();
    let fork = edit::fork(&mut db, &head, 1).unwrap();
    assert_eq!(edit::remove(&mut db, &[head]).unwrap(), 0, "the fork has the turn");
    assert_eq!(read::turns(&db, &fork).unwrap().len(), 1);
    assert_eq!(search::search(&db, "kline", 5).unwrap().len(), 1);
    let fork = list::find(&db, &fork).unwrap();
    assert_eq!(edit::remove(&mut db, &[fork]).unwrap(), 1);
    drop(db);
    let needles: [&[u8]; 2] = [b"Kline", b"ARPANET"];
    for (name, bytes) in contents(data.path()) {
        let has = |needle: &&[u8]| bytes.windows(needle.len()).any(|window| window == *needle);
        assert!(!needles.iter().any(has), "{name} still has it");
    }
}

/// One line of what happened, and when it was heard.
struct Heard {
    at: Instant,
    line: Value,
}

/// Asks, and kills the program once `n_lines` were heard; returns what was heard a quarter of a second before.
fn ask_and_kill(data: &Path, n_lines: usize) -> Vec<Value> {
    let args = ["ask", "--demo", "--demo-speed", "2", "--stream-json", "--quiet", QUESTION];
    let mut child = command(data, &args).spawn().unwrap();
    drop(child.stdin.take());
    let (tell, telling) = channel();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let heard = Heard { at: now(), line: serde_json::from_str(&line).unwrap() };
            if tell.send(heard).is_err() {
                return;
            }
        }
    });
    let heard: Vec<Heard> = telling.iter().take(n_lines).collect();
    let killed_at = now();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(telling);
    reader.join().unwrap();
    heard.into_iter().filter(|it| it.at + BEHIND < killed_at).map(|it| it.line).collect()
}

#[test]
fn a_killed_program_has_lost_nothing_that_is_older_than_a_quarter_of_a_second() {
    let data = TempDir::new().unwrap();
    let n_kills: usize = std::env::var("DISSENT_KILLS").map_or(25, |n| n.parse().unwrap());
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut n_checked = 0;
    for kill in 0..n_kills {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let n_lines = 40 + usize::try_from(seed % 120).unwrap();
        let heard = ask_and_kill(data.path(), n_lines);
        let mut texts: HashMap<String, String> = HashMap::new();
        for line in heard.iter().filter(|line| line["event"] == "delta") {
            texts
                .entry(line["model"].as_str().unwrap().to_owned())
                .or_default()
                .push_str(line["text"].as_str().unwrap());
        }
        if texts.is_empty() {
            continue;
        }
        let kept = turns(data.path(), "last").pop().unwrap();
        let turn = kept.record.turn(dissent::domain::ids::TurnId(1), now());
        for response in &turn.responses {
            let text = texts.remove(response.member.id.as_str()).unwrap_or_default();
            assert!(response.text.starts_with(&text), "kill {kill}: {text:?} was heard, {:?} is kept", response.text);
            n_checked += 1;
        }
        assert!(texts.is_empty());
    }
    assert!(n_checked >= n_kills / 2, "the kills came too early to say anything: {n_checked}");
    let db = Store::at(data.path()).open().unwrap();
    assert!(edit::verify(&db).unwrap().is_empty());
    let next = run(data.path(), &["--demo", "--demo-speed", "50", "--plain", "--resume"], QUESTION);
    assert!(next.status.success(), "{}", err(&next));
}

fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[test]
fn a_file_of_every_version_before_is_read_and_a_copy_of_it_stays() {
    for version in [1, 2] {
        let data = TempDir::new().unwrap();
        let old = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/store/version-{version}.db"));
        fs::copy(&old, data.path().join("sessions.db")).unwrap();
        let kept = turns(data.path(), "last");
        assert_eq!((kept.len(), &*kept[0].record.asked.question), (1, QUESTION));
        let verdict = kept[0].verdict.as_ref().unwrap();
        assert_eq!(verdict.answered, 3);
        let db = Store::at(data.path()).open().unwrap();
        let mut ask_sides =
            db.prepare("SELECT side FROM responses WHERE is_demo AND attempts = 1 ORDER BY place").unwrap();
        let sides: rusqlite::Result<Vec<Option<u32>>> = ask_sides.query_map([], |row| row.get(0)).unwrap().collect();
        let sides = sides.unwrap();
        assert_eq!(sides, stands(verdict).iter().map(|stand| stand.side).collect::<Vec<_>>(), "figures count it too");
        assert!(sides.contains(&Some(1)));
        let judgement = kept[0].opinion.judgement;
        assert_eq!(judgement, (version > 1).then_some(Judgement::Wrong), "version 1 kept none");
        assert!(ask(data.path(), &[]).status.success());
        assert_eq!(list::sessions(&db, 9).unwrap().len(), 2);
        assert_eq!(search::search(&db, "kline", 9).unwrap().len(), 2);
        assert!(edit::verify(&db).unwrap().is_empty());
        let copy = rusqlite::Connection::open(data.path().join(format!("sessions.db.of-version-{version}"))).unwrap();
        let asked = |db: &rusqlite::Connection| db.query_row("SELECT question FROM turns", [], |row| row.get(0));
        assert_eq!(asked(&copy), Ok(QUESTION.to_owned()));
        assert_eq!(copy.pragma_query_value(None, "user_version", |row| row.get(0)), Ok(version));
    }
}

#[test]
fn sessions_are_picked_pinned_first_and_what_is_deleted_comes_back_until_the_run_ends() {
    let data = TempDir::new().unwrap();
    ask(data.path(), &[]);
    run(data.path(), &["ask", "--demo", "--demo-speed", "50", "Who was the first to discover oxygen?"], "");
    let store = Store::at(data.path());
    let mut db = store.open().unwrap();
    let names = |db: &rusqlite::Connection, typed: Option<&str>| -> Vec<String> {
        let fits = |text: &str| text.contains(typed.unwrap_or_default()).then_some(1);
        let heads = shelf::shelf(db, typed.map(|_| &fits as &shelf::Fits<'_>), 9).unwrap();
        heads.into_iter().map(|head| head.name).collect()
    };
    let oxygen = "Who was the first to discover oxygen?";
    assert_eq!(names(&db, None), [oxygen, QUESTION]);
    edit::pin(&db, &list::find(&db, QUESTION).unwrap(), true).unwrap();
    assert_eq!(names(&db, None), [QUESTION, oxygen]);
    assert_eq!(names(&db, Some("first")), [QUESTION, oxygen]);
    assert_eq!(names(&db, Some("oxygen")), [oxygen]);

    let mark = store.take("run").unwrap().unwrap();
    let head = list::find(&db, QUESTION).unwrap();
    edit::set_deleted(&db, &head, Some("run")).unwrap();
    assert_eq!(names(&db, None), [oxygen]);
    assert!(search::search(&db, "arpanet", 9).unwrap().is_empty());
    assert!(list::find(&db, &head.id).is_err());
    edit::set_deleted(&db, &head, None).unwrap();
    assert_eq!(names(&db, None), [QUESTION, oxygen]);
    edit::set_deleted(&db, &head, Some("run")).unwrap();
    // A start while the run goes on leaves it alone; one after it was killed deletes it for good.
    let start = || run(data.path(), &["chat", "--demo", "--plain"], "");
    start();
    edit::set_deleted(&db, &head, None).unwrap();
    assert_eq!(names(&db, None), [QUESTION, oxygen]);
    edit::set_deleted(&db, &head, Some("run")).unwrap();
    drop(mark);
    let greeted = Sitting::begin(store, Seed { greets: true, ..Seed::default() }, |_| {}).unwrap();
    greeted.end();
    edit::set_deleted(&db, &head, None).unwrap();
    assert_eq!(names(&db, None), [oxygen]);
    assert_eq!(edit::bury(&mut db, "run").unwrap(), 0);
}

#[test]
fn text_that_is_kept_for_a_time_goes_from_the_file_and_costs_and_verdicts_stay() {
    let data = TempDir::new().unwrap();
    ask(data.path(), &[]);
    run(data.path(), &["ask", "--demo", "--demo-speed", "50", "Who was the first to discover oxygen?"], "");
    let store = Store::at(data.path());
    let db = store.open().unwrap();
    let old = list::find(&db, QUESTION).unwrap();
    let first = read::turns(&db, &old.id).unwrap().remove(0);
    let sitting = Sitting::begin(store.clone(), Seed { id: Some(old.id.clone()), ..Seed::default() }, |_| {}).unwrap();
    sitting.knows(TurnId(1), first.id.clone());
    sitting.opinion(TurnId(1), Opinion { judgement: Some(Judgement::Wrong), vote: None });
    sitting.end();
    let years = "UPDATE sessions SET used_at = 1 WHERE id = ?1";
    db.execute(years, [&old.id]).unwrap();
    db.execute("UPDATE turns SET asked_at = 1 WHERE id = ?1", [&first.id]).unwrap();
    let paid =
        "INSERT INTO costs(turn, place, call, at, session, model, usd, is_guess) SELECT n, 0, 1, 1, 'a', 'm', 0.5, 0
        FROM turns WHERE id = ?1";
    db.execute(paid, [&first.id]).unwrap();
    drop(db);

    let config = data.path().join("config.toml");
    fs::write(&config, "[store]\nretention = \"90d\"\n").unwrap();
    let said = err(&run(
        data.path(),
        &["ask", "--demo", "--demo-speed", "50", "--config", config.to_str().unwrap(), "What is 17 * 24?"],
        "",
    ));
    assert!(said.contains("the text of 1 turn is gone; costs and verdicts stay"), "{said}");
    for (name, bytes) in contents(data.path()) {
        for word in ["ARPANET", "Kline", "arpanet", "kline"] {
            let is_there = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!is_there, "{word} is still in {name}");
        }
    }
    let db = store.open().unwrap();
    assert!(edit::verify(&db).unwrap().is_empty());
    assert_eq!(list::sessions(&db, 9).unwrap().len(), 2);
    assert!(list::find(&db, &old.id).is_err() && search::search(&db, "arpanet", 9).unwrap().is_empty());
    let stays = "SELECT o.judgement, t.n_conflicts, (SELECT usd FROM costs c WHERE c.turn = t.n),
        (SELECT count(*) FROM responses r WHERE r.turn = t.n) FROM turns t JOIN opinions o ON o.turn = t.n";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let found: (String, u32, f64, u32) = db.query_row(stays, [], row).unwrap();
    assert!(found.0 == "wrong" && found.1 == 1 && found.2 == 0.5 && found.3 == 3, "{found:?}");
}

#[test]
fn the_day_counts_what_a_session_has_spent_before_it_was_gone_on_with() {
    let data = TempDir::new().unwrap();
    ask(data.path(), &[]);
    let db = Store::at(data.path()).open().unwrap();
    let head = list::find(&db, "last").unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    let paid = "INSERT INTO costs(turn, place, call, at, session, model, usd, is_guess) VALUES (NULL, 0, 1, ?1, ?2, 'm', ?3, 0)";
    for (at, session, usd) in
        [(now - 1, head.id.as_str(), 0.5), (now, "another", 0.25), (now + 3_600_000, &head.id, 4.0)]
    {
        db.execute(paid, rusqlite::params![at, session, usd]).unwrap();
    }
    drop(db);
    let (tell, told) = channel();
    let seed = Seed { id: Some(head.id), ..Seed::default() };
    let sitting = Sitting::begin(Store::at(data.path()), seed, move |news| drop(tell.send(news))).unwrap();
    let elsewhere = told.iter().find_map(|news| match news {
        News::SpentElsewhere(cost) => Some(cost.known.0),
        News::Notice(_) | News::NotKept(_) | News::Questions(_) | News::BrokenOff { .. } => None,
    });
    sitting.end();
    assert_eq!(elsewhere, Some(0.75));
}
