//! `dissent stats` over the binary: what is counted is what was kept, to the call and the cent.
#![expect(clippy::unwrap_used, reason = "a test stops at the first figure that is wrong")]

use std::path::Path;
use std::process::Command;

use dissent::store::Store;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use tempfile::TempDir;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn run(data: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", data).env("DISSENT_DATA", data).env("TZ", "UTC").args(args);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn stats(data: &Path, more: &[&str]) -> Value {
    let (code, printed, told) = run(data, &[&["stats", "--json"], more].concat());
    assert_eq!((code, told.as_str()), (0, ""), "{printed}");
    serde_json::from_str(&printed).unwrap()
}

/// A call as it is put into the file: model, status, first token, total, output tokens, rank, side, cost.
type Call<'a> = (&'a str, &'a str, Option<u32>, Option<u32>, Option<u32>, Option<u32>, Option<u32>, Option<f64>);

/// Puts a turn into the file as the writer would.
fn put(db: &Connection, at_ms: i64, judgement: Option<&str>, calls: &[Call<'_>]) {
    db.execute("INSERT INTO turns(id, asked_at, question, asked) VALUES (hex(randomblob(16)), ?1, 'q', x'')", [at_ms])
        .unwrap();
    let turn = db.last_insert_rowid();
    for (place, (model, status, first, total, tokens, rank, side, usd)) in (0..).zip(calls) {
        db.execute(
            "INSERT INTO responses(turn, place, model, status, first_token_ms, total_ms, output_tokens, rank, side, asked_at,
                attempts, n_with, n_against) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1, 3, 1)",
            params![turn, place, model, status, first, total, tokens, rank, side, at_ms],
        )
        .unwrap();
        db.execute(
            "INSERT INTO costs(turn, place, call, at, session, model, usd, is_guess) VALUES (?1, ?2, 1, ?3, 's', ?4, ?5, 0)",
            params![turn, place, at_ms, model, usd],
        )
        .unwrap();
    }
    if let Some(judgement) = judgement {
        db.execute("INSERT INTO opinions(turn, judgement, at) VALUES (?1, ?2, 0)", params![turn, judgement]).unwrap();
    }
}

#[test]
fn figures_are_those_of_the_calls_that_were_kept() {
    let data = TempDir::new().unwrap();
    let data = data.path();
    let now = jiff::Timestamp::now().as_millisecond();
    let db = Store::at(data).open().unwrap();
    let fine =
        |model, ms, rank, side| (model, "done", Some(ms), Some(ms + 1_000), Some(80), Some(rank), side, Some(0.01));
    put(
        &db,
        now - 40 * DAY_MS,
        Some("wrong"),
        &[fine("ada", 100, 1, Some(0)), fine("bob", 300, 2, Some(0)), fine("eve", 500, 3, Some(1))],
    );
    put(
        &db,
        now - DAY_MS,
        None,
        &[
            fine("ada", 200, 1, Some(0)),
            ("bob", "failed", None, Some(50), None, None, None, Some(0.0)),
            ("eve", "cancelled", Some(9), Some(9), None, None, None, None),
        ],
    );
    // Out of order, as a clock that is set back makes it.
    put(&db, now - 2 * DAY_MS, Some("right"), &[fine("bob", 700, 1, Some(0)), fine("eve", 900, 2, Some(1))]);
    // What a call of a deleted turn has cost is spent all the same.
    db.execute(
        "INSERT INTO costs(place, call, at, session, model, usd, is_guess) VALUES (0, 1, ?1, 's', 'ada', 0.5, 0)",
        [now],
    )
    .unwrap();

    let all = stats(data, &[]);
    assert_eq!(
        (&all["schema"], &all["turns"], &all["turns_judged"]),
        (&json!("dissent.stats/1"), &json!(3), &json!(2))
    );
    let model = |name: &str| all["models"].as_array().unwrap().iter().find(|it| it["model"] == name).unwrap().clone();
    let (ada, bob, eve) = (model("ada"), model("bob"), model("eve"));
    assert_eq!(ada["first_token_ms"], json!({"p50": 100, "p95": 200}));
    assert_eq!(
        (&ada["cost_usd"], &ada["ranked_first"], &ada["tokens_per_second"]),
        (&json!(0.52), &json!(1), &json!(80.0))
    );
    assert_eq!(
        (&bob["calls"], &bob["failed"], &bob["stopped"], &bob["total_ms"]["p95"]),
        (&json!(3), &json!(1), &json!(0), &json!(1_700))
    );
    assert_eq!((&eve["stopped"], &eve["cost_usd"], &eve["cost_least_usd"]), (&json!(1), &Value::Null, &json!(0.02)));
    let dissented = ["dissented", "dissented_right", "dissented_wrong", "alone"].map(|key| eve[key].as_u64().unwrap());
    assert_eq!(dissented, [2, 1, 1, 1]);
    assert_eq!(eve["agreement"], json!(0.75));
    let dates: Vec<&Value> = all["days"].as_array().unwrap().iter().map(|day| &day["all"]["calls"]).collect();
    assert_eq!(
        dates,
        [&json!(0), &json!(3), &json!(2), &json!(3)],
        "the newest first, one on which only money was spent"
    );
    assert_eq!(all["seats"]["models"][0]["model"], "ada", "who was asked last, in their order");
    assert_eq!(all["seats"]["effective_votes"], Value::Null);

    let week = stats(data, &["--since", "7d"]);
    assert_eq!((&week["turns"], &week["all"]["cost_least_usd"]), (&json!(2), &json!(0.53)));
}

#[test]
fn nothing_kept_counts_to_nothing_and_makes_no_file() {
    let data = TempDir::new().unwrap();
    assert_eq!(stats(data.path(), &[])["turns"], 0);
    let (code, printed, _) = run(data.path(), &["stats"]);
    assert_eq!((code, printed.contains("nothing has been asked yet")), (0, true), "{printed}");
    assert!(!data.path().join("sessions.db").exists());
    assert_eq!(run(data.path(), &["stats", "--since", "soon"]).0, 2);
}

#[test]
fn the_demo_is_counted_apart_and_every_line_fits_eighty_cells() {
    let data = TempDir::new().unwrap();
    let data = data.path();
    let question = "When was the first message sent over the ARPANET?";
    let asked = run(data, &["ask", "--demo", "--demo-speed", "50", question]);
    assert_eq!(asked.0, 0, "{}", asked.2);
    let shown = stats(data, &[]);
    assert_eq!((&shown["demo"], &shown["turns"], &shown["all"]["calls"]), (&json!(true), &json!(1), &json!(3)));
    assert_eq!(shown["turns_in_conflict"], json!(1), "one of the three has another year");
    let dissented: Vec<&Value> =
        shown["models"].as_array().unwrap().iter().filter(|it| it["dissented"] == 1).map(|it| &it["alone"]).collect();
    assert_eq!(dissented, [&json!(1)]);

    let (_, printed, _) = run(data, &["stats"]);
    assert!(printed.contains("DEMO MODELS"), "{printed}");
    let widest = printed.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{printed}");

    put(
        &Store::at(data).open().unwrap(),
        0,
        None,
        &[(
            "a\u{1b}[31m-name-that-is-far-too-long-for-a-table",
            "done",
            Some(99_000),
            Some(999_000),
            Some(9_999_999),
            Some(1),
            Some(0),
            Some(12_345.678),
        )],
    );
    let (_, printed, _) = run(data, &["stats"]);
    assert!(!printed.contains("DEMO") && !printed.contains('\u{1b}'), "{printed}");
    assert!(printed.lines().all(|line| line.chars().count() <= 80), "{printed}");
    assert_eq!(stats(data, &["--demo"])["turns"], 1);
}

#[test]
fn what_is_left_of_the_day_is_what_was_not_spent() {
    let data = TempDir::new().unwrap();
    let data = data.path();
    let config = data.join("config.toml");
    std::fs::write(&config, "budget = { day = 1.0 }\n").unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    put(
        &Store::at(data).open().unwrap(),
        now,
        None,
        &[("ada", "done", Some(1), Some(2), None, Some(1), Some(0), Some(0.25))],
    );
    let config = config.to_str().unwrap();
    assert_eq!(stats(data, &["--config", config])["budget"]["left_today_usd"], json!(0.75));
    let (_, printed, _) = run(data, &["stats", "--config", config]);
    assert!(printed.contains("budget: today $0.75 of $1.00 left ($0.25 spent)"), "{printed}");
}
