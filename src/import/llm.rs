//! `llm`: its `logs.db`, a SQLite file with tables of two generations, of which either or both may be there.
//!
//! A question that was put to several models, each in a conversation of its own, becomes one turn with several answers.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};

use crate::domain::usage::Usage;
use crate::import::json::iso_ms;
use crate::import::record::session;
use crate::import::{Answer, Conversation, End, Entry, Exchange, LeftOut, MOST_ANSWERS, Program};

/// What a file of SQLite begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// The rows of the older tables. Those that the newer ones took over are left to them.
const OLD: &str = "WITH sizes AS (SELECT conversation_id AS id, count(*) AS n FROM responses GROUP BY 1)
    SELECT r.id, coalesce(r.conversation_id, r.id), coalesce(s.n, 1) = 1, coalesce(c.name, ''), r.{model},
        coalesce(r.prompt, ''), coalesce(r.{system}, ''), coalesce(r.response, ''), r.{reasoning}, r.{datetime_utc},
        r.{input_tokens}, r.{output_tokens}
    FROM responses r LEFT JOIN sizes s ON s.id = r.conversation_id LEFT JOIN conversations c ON c.id = r.conversation_id
    {where}";

/// The rows of the newer tables: the text of a turn is that of the messages after its parent up to its tip.
const NEW: &str = "WITH sizes AS (SELECT thread_id AS id, count(*) AS n FROM turns GROUP BY 1)
    SELECT t.id, coalesce(t.thread_id, t.id), coalesce(s.n, 1) = 1, coalesce(h.name, ''), t.{model},
        ({user}), ({system_text}), ({assistant}), ({thought}), t.{datetime_utc}, t.{input_tokens}, t.{output_tokens}
    FROM turns t LEFT JOIN sizes s ON s.id = t.thread_id LEFT JOIN threads h ON h.id = t.thread_id";

/// The texts of one turn that a role has said, in order.
const SAID: &str = "WITH RECURSIVE way(hash, parent, role, depth) AS (
        SELECT hash, parent_hash, role, 0 FROM messages WHERE hash = t.tip_message_hash
        UNION ALL SELECT m.hash, m.parent_hash, m.role, way.depth + 1 FROM messages m JOIN way ON m.hash = way.parent
        WHERE m.hash IS NOT t.parent_message_hash AND way.depth < 1000)
    SELECT coalesce(group_concat(text, char(10)), '') FROM (SELECT p.text FROM way JOIN parts p ON p.message_hash = way.hash
        WHERE way.role = '{role}' AND p.type = '{type}' ORDER BY way.depth DESC, p.position)";

/// One response.
struct Found {
    id: String,
    conversation: String,
    /// Whether it is the only one of its conversation.
    is_alone: bool,
    name: String,
    prompt: String,
    system: String,
    answer: Answer,
    at_ms: Option<i64>,
}

/// Reads a file; gives an entry for each conversation. Nothing is written into it, nor beside it.
///
/// # Errors
/// It is no file of SQLite, or one without tables of `llm`.
pub(super) fn read<E>(path: &Path, each: &mut dyn FnMut(Entry) -> Result<(), E>) -> Result<Result<(), E>, String> {
    let told = |error: rusqlite::Error| error.to_string();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(told)?;
    let has = |table: &str| !columns(&db, table).is_empty();
    let has_new = has("turns") && has("messages") && has("parts");
    let has_old = has("responses") && has("conversations");
    let mut parts = Vec::new();
    if has_new {
        parts.push(new_query(&db));
    }
    if has_old {
        parts.push(old_query(&db, has_new));
    }
    if parts.is_empty() {
        return Err("it is a SQLite file without the tables of `llm` (responses, turns)".to_owned());
    }
    // What belongs together comes together: alone by its question, else by its conversation; and each in order.
    let ask = format!(
        "WITH found(id, thread, is_alone, name, model, prompt, system, response, reasoning, at, input, output) AS (
            SELECT * FROM ({}))
        SELECT * FROM found ORDER BY is_alone, CASE WHEN is_alone THEN prompt || char(31) || system ELSE thread END, at, id",
        parts.join(") UNION ALL SELECT * FROM (")
    );
    let mut ask = db.prepare(&ask).map_err(told)?;
    let mut rows = ask.query([]).map_err(told)?;
    let mut group: Vec<Found> = Vec::new();
    loop {
        let found = match rows.next().map_err(told)? {
            Some(row) => match found(row) {
                Ok(found) => Some(found),
                Err(error) => {
                    if let Err(stop) = each(Entry::Bad(error.to_string())) {
                        return Ok(Err(stop));
                    }
                    continue;
                }
            },
            None => None,
        };
        let goes_on = found.as_ref().zip(group.first()).is_some_and(|(found, first)| belong_together(found, first));
        if !goes_on && !group.is_empty() {
            let session = Entry::Session(Box::new(session(conversation(std::mem::take(&mut group)))));
            if let Err(stop) = each(session) {
                return Ok(Err(stop));
            }
        }
        let Some(found) = found else { return Ok(Ok(())) };
        group.push(found);
    }
}

fn belong_together(found: &Found, first: &Found) -> bool {
    if found.is_alone && first.is_alone {
        return (&found.prompt, &found.system) == (&first.prompt, &first.system);
    }
    !found.is_alone && !first.is_alone && found.conversation == first.conversation
}

fn columns(db: &Connection, table: &str) -> Vec<String> {
    let names = db.prepare("SELECT name FROM pragma_table_info(?1)").and_then(|mut ask| {
        let names: rusqlite::Result<Vec<String>> = ask.query_map([table], |row| row.get(0))?.collect();
        names
    });
    names.unwrap_or_default()
}

/// Puts the columns that are there into a query, and null for those that are not.
fn with_columns(query: &str, alias: &str, known: &[String], wanted: &[(&str, &[&str])]) -> String {
    wanted.iter().fold(query.to_owned(), |query, (name, candidates)| {
        let found = candidates.iter().find(|name| known.iter().any(|known| known == *name));
        let column = found.map_or_else(|| "NULL".to_owned(), |name| format!("{alias}.{name}"));
        query.replace(&format!("{alias}.{{{name}}}"), &column)
    })
}

fn old_query(db: &Connection, has_new: bool) -> String {
    let known = columns(db, "responses");
    let wanted: [(&str, &[&str]); 6] = [
        ("model", &["model"]),
        ("system", &["system"]),
        ("reasoning", &["reasoning"]),
        ("datetime_utc", &["datetime_utc"]),
        ("input_tokens", &["input_tokens"]),
        ("output_tokens", &["output_tokens"]),
    ];
    let query = with_columns(OLD, "r", &known, &wanted);
    query.replace("{where}", if has_new { "WHERE r.id NOT IN (SELECT id FROM turns)" } else { "" })
}

fn new_query(db: &Connection) -> String {
    let known = columns(db, "turns");
    let wanted: [(&str, &[&str]); 4] = [
        ("model", &["model", "resolved_model"]),
        ("datetime_utc", &["datetime_utc", "created_at", "started_at"]),
        ("input_tokens", &["input_tokens"]),
        ("output_tokens", &["output_tokens"]),
    ];
    let said = |role: &str, kind: &str| SAID.replace("{role}", role).replace("{type}", kind);
    with_columns(NEW, "t", &known, &wanted)
        .replace("{user}", &said("user", "text"))
        .replace("{system_text}", &said("system", "text"))
        .replace("{assistant}", &said("assistant", "text"))
        .replace("{thought}", &said("assistant", "reasoning"))
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let count =
        |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.and_then(|n| u64::try_from(n).ok()));
    let usage = Usage { input_tokens: count(10)?, output_tokens: count(11)?, ..Usage::default() };
    let id: String = row.get(0)?;
    let at: Option<String> = row.get(9)?;
    Ok(Found {
        conversation: row.get(1)?,
        is_alone: row.get(2)?,
        name: row.get(3)?,
        prompt: row.get(5)?,
        system: row.get(6)?,
        answer: Answer {
            model: row.get(4)?,
            text: row.get(7)?,
            reasoning: row.get::<_, Option<String>>(8)?.unwrap_or_default(),
            finish: End::Unsaid,
            usage: (usage != Usage::default()).then_some(usage),
            citations: Vec::new(),
        },
        // An id of the newer kind (ULID) begins with its time.
        at_ms: at.as_deref().and_then(iso_ms).or_else(|| ulid_ms(&id)),
        id,
    })
}

/// Returns the moment in a ULID: its first ten letters, in Crockford's base 32.
fn ulid_ms(id: &str) -> Option<i64> {
    let letters = id.get(..10).filter(|_| id.len() == 26)?;
    letters.bytes().try_fold(0_i64, |ms, letter| {
        let value = b"0123456789abcdefghjkmnpqrstvwxyz".iter().position(|it| *it == letter.to_ascii_lowercase())?;
        Some(ms << 5 | i64::try_from(value).ok()?)
    })
}

/// Returns what belongs together as a conversation.
fn conversation(group: Vec<Found>) -> Conversation {
    let is_alone = group.first().is_some_and(|first| first.is_alone);
    let Some(first) = group.first() else { return Conversation::default() };
    let name = first.name.clone();
    let (made_at_ms, used_at_ms) = (first.at_ms, group.last().and_then(|last| last.at_ms));
    let origin = if is_alone { format!("{}\u{1f}{}", first.prompt, first.system) } else { first.conversation.clone() };
    let mut left_out = LeftOut::default();
    let mut exchanges: Vec<Exchange> = Vec::new();
    for Found { id, prompt, answer, at_ms, .. } in group {
        match exchanges.last_mut().filter(|_| is_alone) {
            Some(last)
                if last.answers.iter().any(|known| (&known.model, &known.text) == (&answer.model, &answer.text)) => {}
            Some(last) if last.answers.len() >= MOST_ANSWERS => left_out.n_answers += 1,
            Some(last) => last.answers.push(answer),
            None => {
                let origin = if is_alone { String::new() } else { id };
                exchanges.push(Exchange {
                    origin,
                    question: prompt,
                    files: Vec::new(),
                    asked_at_ms: at_ms,
                    answers: vec![answer],
                });
            }
        }
    }
    Conversation { origin, name, made_at_ms, used_at_ms, exchanges, left_out, program: Program::Llm }
}
