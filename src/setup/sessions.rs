//! Finds the sessions that a command line names, and has them listed, shown, searched or changed.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, bail};
use rusqlite::Connection;

use crate::cli::sessions::{SessionsAction, SessionsArgs};
use crate::consensus::plain::clean;
use crate::edge::clock;
use crate::headless::exit::Exit;
use crate::headless::sessions::{change, list as listing, search as finding, show as showing, verify};
use crate::setup::{Usage, export, paths, process_env};
use crate::store::error::StoreError;
use crate::store::list::SessionHead;
use crate::store::{Store, edit, list as kept, read, search};

/// What a terminal is told before and behind words that stand out (ECMA-48).
const BOLD: [&str; 2] = ["\u{1b}[1m", "\u{1b}[22m"];

/// Does what is wanted with what was kept.
pub(super) fn run(args: &SessionsArgs) -> anyhow::Result<Exit> {
    let paths = paths(args.config.as_deref(), &process_env())?;
    let store = Store::at(&paths.data);
    let out = &mut io::stdout().lock();
    match &args.action {
        SessionsAction::List { limit, all, json } => list(&store, if *all { usize::MAX } else { *limit }, *json, out),
        SessionsAction::Show { session, turn, json } => show(&store, session, *turn, *json, out),
        SessionsAction::Search { words, limit, json } => search(&store, &words.join(" "), *limit, *json, out),
        SessionsAction::Rm { sessions, older_than, dry_run } => {
            let mut db = open(&store)?;
            let heads = match older_than {
                Some(age) => kept::unused_since(&db, before(*age)).map_err(told)?,
                None => find_all(&db, sessions)?,
            };
            if !dry_run {
                remove(&store, &mut db, &heads)?;
            }
            change::write_deleted(&heads, *dry_run, out)?;
            Ok(Exit::Answered)
        }
        SessionsAction::Export { session, format, output } => {
            export::run(&store, &paths, session, *format, output.as_deref())
        }
        SessionsAction::Rename { session, name } => {
            let db = open(&store)?;
            let head = kept::find(&db, session).map_err(told)?;
            let name = clean(&name.join(" "));
            if name.is_empty() {
                bail!(Usage("a name has at least one letter".to_owned()));
            }
            edit::rename(&db, &head, &name).map_err(told)?;
            change::write_renamed(&head, &name, out)?;
            Ok(Exit::Answered)
        }
        SessionsAction::Fork { session, at, json } => {
            let mut db = open(&store)?;
            let head = kept::find(&db, session).map_err(told)?;
            let n_turns = at.unwrap_or(head.n_turns);
            check_turn(&head, n_turns)?;
            let id = edit::fork(&mut db, &head, n_turns).map_err(told)?;
            let made = kept::find(&db, &id).map_err(told)?;
            change::write_forked(&head, &made, *json, out)?;
            Ok(Exit::Answered)
        }
        SessionsAction::Verify { json } => {
            let wrong = match store.open_to_read().and_then(|db| edit::verify(&db)) {
                Err(StoreError::Broken(what)) => vec![what],
                wrong => wrong.map_err(told)?,
            };
            Ok(verify::write(&store.path(), &wrong, *json, out)?)
        }
        SessionsAction::Backup { file } => {
            let db = store.open_to_read().map_err(told)?;
            back_up(&db, file)?;
            writeln!(out, "copied to {}", file.display())?;
            Ok(Exit::Answered)
        }
    }
}

fn list(store: &Store, limit: usize, is_json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let heads = or_none(store.open_to_read().and_then(|db| kept::sessions(&db, limit)))?;
    if is_json {
        listing::write_json(&heads, out)?;
    } else {
        say_if(heads.is_empty(), "no session is kept yet: what is asked from now on is listed here");
        listing::write(&heads, out)?;
    }
    Ok(Exit::Answered)
}

fn show(store: &Store, typed: &str, turn: Option<u32>, is_json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let db = store.open_to_read().map_err(told)?;
    let head = kept::find(&db, typed).map_err(told)?;
    let turns = turns(&db, &head, turn)?;
    if is_json {
        showing::write_json(&head, &turns, out)?;
    } else {
        showing::write(&head, &turns, out)?;
    }
    Ok(Exit::Answered)
}

fn search(store: &Store, words: &str, limit: usize, is_json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let found = or_none(store.open_to_read().and_then(|db| search::search(&db, words, limit)))?;
    if is_json {
        finding::write_json(&found, out)?;
    } else {
        say_if(found.is_empty(), &format!("no turn has all of: {}", clean(words)));
        let is_plain = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
        let is_bold = io::stdout().is_terminal() && !is_plain && std::env::var_os("TERM").is_none_or(|it| it != "dumb");
        finding::write(&found, if is_bold { BOLD } else { ["", ""] }, out)?;
    }
    Ok(if found.is_empty() { Exit::Failed } else { Exit::Answered })
}

/// Returns what was found: nothing where nothing is kept yet.
fn or_none<T>(found: Result<Vec<T>, StoreError>) -> anyhow::Result<Vec<T>> {
    match found {
        Err(StoreError::NotFound(_)) => Ok(Vec::new()),
        found => found.map_err(told),
    }
}

/// Returns the sessions that are named, each once.
fn find_all(db: &Connection, named: &[String]) -> anyhow::Result<Vec<SessionHead>> {
    let mut heads: Vec<SessionHead> = Vec::new();
    for typed in named {
        let head = kept::find(db, typed).map_err(told)?;
        if !heads.iter().any(|known| known.id == head.id) {
            heads.push(head);
        }
    }
    Ok(heads)
}

/// Deletes sessions, but none that somebody writes into.
fn remove(store: &Store, db: &mut Connection, heads: &[SessionHead]) -> anyhow::Result<()> {
    let mut marks: Vec<File> = Vec::new();
    for head in heads {
        let short = &head.short;
        let why = || Usage(format!("session {short} is open in another window: close it first; nothing was deleted"));
        marks.push(store.take(&head.id).map_err(told)?.ok_or_else(why)?);
    }
    edit::remove(db, heads).map_err(told)?;
    for head in heads {
        store.let_go(&head.id);
    }
    Ok(())
}

/// Opens the file to change it; there has to be one.
fn open(store: &Store) -> anyhow::Result<Connection> {
    if !store.path().exists() {
        return Err(told(StoreError::NotFound(format!("nothing is kept yet: there is no {}", store.path().display()))));
    }
    store.open().map_err(told)
}

/// Returns an error as it ends the program: what was named wrong is a matter of usage.
pub(super) fn told(error: StoreError) -> anyhow::Error {
    match error {
        StoreError::NotFound(what) => Usage(what).into(),
        StoreError::Broken(what) => {
            anyhow::anyhow!("the history cannot be read: {what}; `dissent sessions verify` says what to do")
        }
        StoreError::Locked => anyhow::anyhow!("another program holds the history; try again in a moment"),
        error @ (StoreError::Newer { .. } | StoreError::Full | StoreError::Closed(_)) => {
            anyhow::Error::from(error).context("opening the history")
        }
    }
}

fn turns(db: &Connection, head: &SessionHead, only: Option<u32>) -> anyhow::Result<Vec<showing::Shown>> {
    if let Some(place) = only {
        check_turn(head, place)?;
    }
    let now = clock::now();
    let turns = (1..).zip(read::turns(db, &head.id).map_err(told)?);
    let wanted = turns.filter(|(place, _)| only.is_none_or(|only| only == *place));
    Ok(wanted.map(|(place, kept)| showing::shown(place, kept, now)).collect())
}

fn check_turn(head: &SessionHead, place: u32) -> Result<(), Usage> {
    let n_turns = head.n_turns;
    let is_there = (1..=n_turns).contains(&place);
    is_there
        .then_some(())
        .ok_or_else(|| Usage(format!("session {} has no turn {place}: they go from 1 to {n_turns}", head.short)))
}

/// Returns the moment that lies so far back, in milliseconds since 1970 (UTC).
fn before(age: std::time::Duration) -> i64 {
    let now = jiff::Timestamp::now().as_millisecond();
    now.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

fn back_up(db: &Connection, file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} is there already; nothing was written", file.display());
    }
    edit::backup(db, file).map_err(told).with_context(|| format!("copying the history to {}", file.display()))
}

/// Tells what stands beside the result.
fn say_if(is_so: bool, text: &str) {
    if is_so {
        drop(writeln!(io::stderr(), "{text}"));
    }
}
