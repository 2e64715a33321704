//! Writes a session for others: finds it, decides the form, and puts it where it is wanted.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};

use crate::config::paths::Paths;
use crate::consensus::plain::clean;
use crate::domain::ids::TurnId;
use crate::edge::clock;
use crate::export::{Format, Session, Turn, data, html, markdown};
use crate::headless::exit::Exit;
use crate::recording::{Source, document};
use crate::round::revive::revive;
use crate::setup::replay::{recorded, session};
use crate::setup::sessions::told;
use crate::setup::{ASKED_BY_HAND, Usage, process_env, settings_for};
use crate::shell::replay::cast::cast;
use crate::store::Store;
use crate::store::list::{self, SessionHead};
use crate::store::read::{self, KeptTurn};

/// Width and height of the terminal in a film: what most players show whole.
const FILM_SIZE: (u16, u16) = (140, 40);

/// Writes the session that `typed` means to a file, or to standard output.
pub(super) fn run(
    store: &Store,
    paths: &Paths,
    typed: &str,
    format: Option<Format>,
    output: Option<&Path>,
) -> anyhow::Result<Exit> {
    let format = chosen(format, output)?;
    let db = store.open_to_read().map_err(told)?;
    let head = list::find(&db, typed).map_err(told)?;
    let turns = read::turns(&db, &head.id).map_err(told)?;
    let text = text(&head, turns, format, paths)?;
    match output {
        None => io::stdout().lock().write_all(text.as_bytes()).context("writing the session")?,
        Some(path) => std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?,
    }
    Ok(Exit::Answered)
}

/// Returns the form that is named, else the one that the ending of the file means; Markdown on standard output.
fn chosen(format: Option<Format>, output: Option<&Path>) -> anyhow::Result<Format> {
    match (format, output) {
        (Some(format), _) => Ok(format),
        (None, None) => Ok(Format::Markdown),
        (None, Some(path)) => {
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            let Some(format) = Format::of_ending(&ending) else {
                bail!(Usage(format!(
                    "the ending of {} means no form (.md, .json, .html, .jsonl and .cast do): name one with --format",
                    path.display()
                )));
            };
            Ok(format)
        }
    }
}

fn text(head: &SessionHead, turns: Vec<KeptTurn>, format: Format, paths: &Paths) -> anyhow::Result<String> {
    match format {
        Format::Json => json(head, turns),
        Format::Cast => {
            let settings = settings_for(paths, &process_env(), true, ASKED_BY_HAND)?;
            let source = if head.is_demo { Source::Demo } else { Source::Providers };
            let session = session(&settings, paths, &source);
            cast(session, turns.into_iter().map(recorded).collect(), &head.name, FILM_SIZE)
        }
        Format::Markdown => Ok(markdown::write(&written(head, turns))),
        Format::Html => Ok(html::write(&written(head, turns))),
        Format::Openai => Ok(data::openai(&written(head, turns))),
        Format::Cases => {
            let (cases, n_left_out) = data::cases(&written(head, turns));
            if n_left_out > 0 {
                let what = if n_left_out == 1 { "1 turn is".to_owned() } else { format!("{n_left_out} turns are") };
                // That nobody listens there is no reason to stop.
                drop(writeln!(io::stderr(), "{what} left out: no answer in it counts"));
            }
            Ok(cases)
        }
    }
}

fn json(head: &SessionHead, turns: Vec<KeptTurn>) -> anyhow::Result<String> {
    let turn = |kept: KeptTurn| document::DocumentTurn {
        opinion: kept.opinion,
        ..document::DocumentTurn::new(kept.id, kept.record, kept.verdict)
    };
    let document = document::Document {
        schema: document::SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        id: head.id.clone(),
        name: head.name.clone(),
        folder: head.folder.clone(),
        demo: head.is_demo,
        made_at_ms: head.made_at_ms,
        used_at_ms: head.used_at_ms,
        turns: turns.into_iter().map(turn).collect(),
    };
    Ok(serde_json::to_string(&document).context("writing the session")? + "\n")
}

/// Returns the session with a verdict on each turn; one that never settled gets the one on what there is.
fn written(head: &SessionHead, turns: Vec<KeptTurn>) -> Session {
    let now = clock::now();
    let turn = |KeptTurn { mut record, verdict, opinion, .. }: KeptTurn| {
        let verdict = if record.close(now) { None } else { verdict };
        let verdict = verdict.unwrap_or_else(|| revive(&record, TurnId(0), now, None).verdict);
        Turn { record, verdict, opinion }
    };
    Session {
        id: head.id.clone(),
        name: clean(&head.name),
        is_demo: head.is_demo,
        turns: turns.into_iter().map(turn).collect(),
    }
}
