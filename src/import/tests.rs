//! Every shape that other programs export, with the traps that are known of each.

#![expect(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    reason = "a message is written where it is sent, and each trap of a shape is a line of one test"
)]

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::domain::ids::TurnId;
use crate::domain::response::{Response, Status};
use crate::domain::turn::Turn as Live;
use crate::import::read::{Place, ReadError, read};
use crate::import::{Entry, Session};

fn entries_of(path: &Path) -> Result<Vec<Entry>, ReadError> {
    let mut entries = Vec::new();
    let done = read(path, &mut |_: Place, entry| {
        entries.push(entry);
        Ok::<(), ()>(())
    });
    done.map(|_| entries)
}

fn entries(bytes: &[u8]) -> Result<Vec<Entry>, ReadError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    entries_of(file.path())
}

fn sessions(export: &Value) -> Vec<Session> {
    let found = entries(export.to_string().as_bytes()).unwrap().into_iter();
    found
        .filter_map(|entry| match entry {
            Entry::Session(session) => Some(*session),
            Entry::Empty(_) | Entry::Bad(_) | Entry::Other => None,
        })
        .collect()
}

fn only(export: &Value) -> Session {
    let mut found = sessions(export);
    assert_eq!(found.len(), 1, "{export}");
    found.remove(0)
}

fn live(session: &Session, turn: usize) -> Live {
    session.turns[turn].record.turn(TurnId(1), tokio::time::Instant::now().into_std())
}

/// Returns the questions, each with its answers as `model: text`.
fn told(session: &Session) -> Vec<(String, Vec<String>)> {
    let one = |response: &Response| format!("{}: {}", response.member.id, response.text);
    (0..session.turns.len())
        .map(|at| live(session, at))
        .map(|turn| (turn.question.to_string(), turn.responses.iter().map(one).collect()))
        .collect()
}

fn row(question: &str, answers: &[&str]) -> (String, Vec<String>) {
    (question.to_owned(), answers.iter().map(|it| (*it).to_owned()).collect())
}

fn chatgpt_node(id: &str, parent: &str, children: &[&str], message: Value) -> (String, Value) {
    let parent = if parent.is_empty() { Value::Null } else { json!(parent) };
    (id.to_owned(), json!({"id": id, "message": message, "parent": parent, "children": children}))
}

fn chatgpt_said(role: &str, text: &str, more: Value) -> Value {
    let mut message = json!({"author": {"role": role}, "content": {"content_type": "text", "parts": [text]},
        "status": "finished_successfully", "recipient": "all", "metadata": {}});
    for (name, value) in more.as_object().unwrap() {
        message[name] = value.clone();
    }
    message
}

fn chatgpt(nodes: Vec<(String, Value)>, tip: &str) -> Value {
    let mapping: serde_json::Map<String, Value> = nodes.into_iter().collect();
    json!([{"title": "T", "create_time": 1_756_000_000.123, "update_time": 1_756_000_400.65, "current_node": tip,
        "conversation_id": "c-1", "default_model_slug": "gpt-5-thinking", "mapping": mapping}])
}

#[test]
fn chatgpt_is_walked_from_where_the_person_stood_and_siblings_are_answers() {
    let model = |slug: &str| json!({"metadata": {"model_slug": slug, "finish_details": {"type": "stop"}}});
    let export = chatgpt(
        vec![
            // In the order of their names, which says nothing; the hidden node has no time.
            chatgpt_node("z-root", "", &["ctx"], Value::Null),
            chatgpt_node(
                "ctx",
                "z-root",
                &["u1"],
                json!({"author": {"role": "user"}, "create_time": null,
                    "content": {"content_type": "user_editable_context", "user_profile": "I am Jo"},
                    "metadata": {"is_visually_hidden_from_conversation": true}}),
            ),
            chatgpt_node("u1", "ctx", &["a1", "a0"], chatgpt_said("user", "When?", json!({"create_time": 1.5e9}))),
            chatgpt_node("a1", "u1", &[], chatgpt_said("assistant", "In 1968.", model("gpt-4o"))),
            chatgpt_node("a0", "u1", &["u2", "u2-left"], chatgpt_said("assistant", "In 1969.", model("o4-mini"))),
            chatgpt_node("u2", "a0", &["a2"], chatgpt_said("user", "Sure?", json!({}))),
            chatgpt_node("u2-left", "a0", &[], chatgpt_said("user", "Edited away", json!({}))),
            chatgpt_node("a2", "u2", &[], chatgpt_said("assistant", "Yes.", json!({}))),
        ],
        "a2",
    );
    let session = only(&export);
    assert_eq!(
        told(&session),
        [row("When?", &["gpt-4o: In 1968.", "o4-mini: In 1969."]), row("Sure?", &["gpt-5-thinking: Yes."])]
    );
    assert_eq!((session.left_out.n_questions, session.left_out.n_answers), (1, 0));
    assert_eq!((session.made_at_ms, session.used_at_ms), (Some(1_756_000_000_123), Some(1_756_000_400_650)));
    assert_eq!(session.turns[0].record.asked_at_ms, 1_500_000_000_000);
    let response = &live(&session, 0).responses[0];
    assert!(response.counts());
    assert_eq!((response.first_token_after(), response.total()), (None, None), "nobody wrote times down");
    assert_eq!(response.member.vendor.as_deref(), Some("openai"));
    assert!(!export.to_string().is_empty() && !format!("{session:?}").contains("I am Jo"), "the profile stays out");
}

#[test]
fn chatgpt_says_what_was_said_and_neither_tools_nor_marks_of_its_own() {
    let content = |content: Value| json!({"content": content});
    let tool = json!({"recipient": "python", "content": {"content_type": "code", "language": "python", "text": "1+1"}});
    let cited = json!({"metadata": {"content_references": [{"type": "grouped", "items": [{"url": "https://a", "title": "A"}]}],
        "citations": [{"metadata": {"url": "https://b"}}, {"metadata": {"url": "https://a"}}]}});
    let export = chatgpt(
        vec![
            chatgpt_node(
                "u",
                "",
                &["t"],
                chatgpt_said(
                    "user",
                    "",
                    content(json!({"content_type": "multimodal_text",
                "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "sediment://f1"}, "What is ", "this?"]})),
                ),
            ),
            chatgpt_node(
                "t",
                "u",
                &["c"],
                chatgpt_said(
                    "assistant",
                    "",
                    content(json!({"content_type": "thoughts",
                "thoughts": [{"summary": "Look", "content": "at it"}]})),
                ),
            ),
            chatgpt_node("c", "t", &["o"], chatgpt_said("assistant", "", tool)),
            chatgpt_node(
                "o",
                "c",
                &["r"],
                chatgpt_said("tool", "", content(json!({"content_type": "execution_output", "text": "2"}))),
            ),
            chatgpt_node(
                "r",
                "o",
                &["e"],
                chatgpt_said("assistant", "", content(json!({"content_type": "reasoning_recap", "content": "8s"}))),
            ),
            chatgpt_node(
                "e",
                "r",
                &[],
                chatgpt_said(
                    "assistant",
                    "A cat\u{e200}cite\u{e202}turn0search1\u{e201}, 3 kg【57†L18-L22】 【so】.",
                    cited,
                ),
            ),
        ],
        "e",
    );
    let session = only(&export);
    assert_eq!(
        told(&session),
        [row("[image: sediment://f1]\nWhat is this?", &["gpt-5-thinking: A cat, 3 kg 【so】."])]
    );
    let response = &live(&session, 0).responses[0];
    assert_eq!(response.reasoning, "Look\nat it");
    let urls = response.finish.iter().flat_map(|it| &it.citations).map(|it| it.url.as_str());
    assert_eq!(urls.collect::<Vec<_>>(), ["https://b", "https://a"]);
}

#[test]
fn chatgpt_of_old_has_no_ids_and_no_model_and_no_metadata() {
    let said = |role: &str, text: &str| json!({"author": {"role": role}, "content": {"parts": [text]}});
    let export = json!([{"title": "T", "create_time": 1.6e9, "mapping": {
        "r": {"message": null, "children": ["u"]},
        "u": {"parent": "r", "message": said("user", "Why?"), "children": ["a"]},
        "a": {"parent": "u", "message": said("assistant", "So."), "children": ["x"]},
        "x": {"parent": "a", "message": {"weight": 1}, "children": ["a"]}}}]);
    let session = only(&export);
    assert_eq!(told(&session), [row("Why?", &["unknown: So."])]);
    assert_eq!(session.turns[0].record.asked_at_ms, 1_600_000_000_000);
}

#[test]
fn a_circle_and_parents_that_are_not_there_end_the_walk() {
    let said = |role: &str, text: &str| chatgpt_said(role, text, json!({}));
    let export = chatgpt(
        vec![
            chatgpt_node("u", "a", &["a"], said("user", "Why?")),
            chatgpt_node("a", "u", &["u"], said("assistant", "So.")),
        ],
        "a",
    );
    assert_eq!(told(&only(&export)), [row("Why?", &["gpt-5-thinking: So."])]);
    let export = chatgpt(
        vec![
            chatgpt_node("u", "gone", &["a", "gone too"], said("user", "Why?")),
            chatgpt_node("a", "u", &[], said("assistant", "So.")),
        ],
        "nowhere",
    );
    assert_eq!(told(&only(&export)), [row("Why?", &["gpt-5-thinking: So."])]);
}

#[test]
fn what_was_cut_refused_or_never_answered_casts_no_vote() {
    let cut = json!({"metadata": {"finish_details": {"type": "max_tokens"}}});
    let export = chatgpt(
        vec![
            chatgpt_node("u", "", &["a"], chatgpt_said("user", "Why?", json!({}))),
            chatgpt_node("a", "u", &["v"], chatgpt_said("assistant", "Beca", cut)),
            chatgpt_node("v", "a", &[], chatgpt_said("user", "Go on", json!({}))),
        ],
        "v",
    );
    let session = only(&export);
    let [first, second] = [live(&session, 0), live(&session, 1)].map(|turn| turn.responses[0].clone());
    assert_eq!((first.status(), first.is_truncated()), (Status::Partial, true));
    assert_eq!((second.status(), second.text.as_str()), (Status::Failed, ""));
    assert!(second.fault().unwrap().message.contains("no answer"));
}

fn claude_said(id: &str, parent: &str, sender: &str, content: Value) -> Value {
    json!({"uuid": id, "sender": sender, "text": "", "created_at": "2026-01-01T00:00:00.000Z",
        "parent_message_uuid": parent, "content": content})
}

#[test]
fn claude_is_a_tree_whose_text_is_in_blocks_and_whose_model_nobody_names() {
    let root = "00000000-0000-4000-8000-000000000000";
    let text = |text: &str| json!([{"type": "text", "text": text}]);
    let mut paste = claude_said("u2", "a1", "human", json!([]));
    paste["attachments"] = json!([{"file_name": "", "extracted_content": "the pasted text"}]);
    let mut asked = claude_said("u1", root, "human", text("When?"));
    asked["attachments"] = json!([{"file_name": "a.txt", "extracted_content": "aside"}]);
    asked["files"] = json!([{"file_name": "b.png"}]);
    asked["files_v2"] = json!([{"file_name": "b.png"}]);
    let export = json!([{"uuid": "c", "name": "", "summary": "Dates", "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-02T00:00:00Z", "current_leaf_message_uuid": "a2", "chat_messages": [
        asked,
        claude_said("a0", "u1", "assistant", text("In 1968.")),
        claude_said("left", "a0", "human", text("left behind")),
        claude_said("a1", "u1", "assistant", json!([{"type": "thinking", "thinking": "hm"},
            {"type": "tool_use", "name": "artifacts", "input": {"title": "Plan", "content": "step 1"}},
            {"type": "tool_result", "content": [{"type": "text", "text": "a tool"}]},
            {"type": "text", "text": "In 1969.", "citations": [{"url": "https://a"}]}])),
        paste,
        claude_said("a2", "u2", "assistant", text("Read.")),
    ]}]);
    let session = only(&export);
    assert_eq!(session.name, "Dates");
    assert_eq!(
        told(&session),
        [
            row("When?\n\n[file: b.png]", &["unknown: In 1968.", "unknown #2: In 1969.\n\nPlan:\n\n```\nstep 1\n```"]),
            row("the pasted text", &["unknown: Read."])
        ]
    );
    assert_eq!(session.turns[0].record.asked.files[0].name.as_ref(), "a.txt");
    assert_eq!(live(&session, 0).responses[1].reasoning, "hm");
    assert_eq!(session.left_out.n_questions, 1);
}

#[test]
fn claude_of_old_is_a_list_with_plain_text() {
    let said = |sender: &str, text: &str| json!({"uuid": text, "sender": sender, "text": text});
    let export = json!([{"uuid": "c", "name": "N", "chat_messages": [
        said("human", "a"), said("assistant", "b"), said("human", "c"), said("assistant", "d")]}]);
    assert_eq!(told(&only(&export)), [row("a", &["unknown: b"]), row("c", &["unknown: d"])]);
}

#[test]
fn open_webui_has_several_models_below_one_question() {
    let export = json!([{"id": "w", "title": "T", "created_at": 1_756_000_000, "updated_at": 1_756_000_001, "chat": {
        "models": ["a", "b"], "history": {"currentId": "m1", "messages": {
        "u": {"id": "u", "parentId": null, "childrenIds": ["m2", "m1", "m3"], "role": "user", "content": "When?", "timestamp": 1_756_000_000},
        "m1": {"id": "m1", "parentId": "u", "childrenIds": [], "role": "assistant", "model": "a", "modelIdx": 0, "done": true,
            "content": "<details type=\"reasoning\" done=\"true\"><summary>Thought</summary>\n> hm\n</details>\nIn 1969.",
            "usage": {"prompt_tokens": 3, "completion_tokens": 4}},
        "m2": {"id": "m2", "parentId": "u", "childrenIds": [], "role": "assistant", "model": "b", "modelIdx": 1, "done": true,
            "content": "", "output": [{"type": "reasoning", "content": [{"text": "no"}]}, {"type": "message", "content": [{"type": "output_text", "text": "In 1968."}]}]},
        "m3": {"id": "m3", "parentId": "u", "childrenIds": [], "role": "assistant", "model": "c", "modelIdx": 2, "content": "",
            "error": {"content": "no such model"}}}}}}]);
    let session = only(&export);
    assert_eq!(told(&session), [row("When?", &["a: In 1969.", "b: In 1968.", "c: "])]);
    let turn = live(&session, 0);
    assert_eq!(turn.responses[0].reasoning, "> hm");
    assert_eq!(turn.responses[0].output_tokens(), (4, true));
    assert_eq!(turn.responses[2].fault().unwrap().message, "no such model");
    assert_eq!(session.made_at_ms, Some(1_756_000_000_000));
}

#[test]
fn a_bad_entry_costs_itself_and_ids_are_the_same_each_time() {
    let good = |id: &str| {
        let said = |sender: &str, text: &str| json!({"uuid": text, "sender": sender, "text": text});
        json!({"uuid": id, "name": "N", "chat_messages": [said("human", "a"), said("assistant", "b")]}).to_string()
    };
    let file = format!(
        "[{}, {{\"chat_messages\": 7, \"uuid\": \"x\"}}, {{\"a\": tru}}, {{\"title\": \"t\", \"create_time\": 1.0}}, {{\"email\": 1}},\n{},{{\"uuid\": \"c",
        good("one"),
        good("two \\ud83d")
    );
    let found = entries(file.as_bytes()).unwrap();
    let kinds: Vec<&str> = found
        .iter()
        .map(|entry| match entry {
            Entry::Session(_) => "session",
            Entry::Empty(why) => why,
            Entry::Bad(why) => why.split(':').next().unwrap(),
            Entry::Other => "other",
        })
        .collect();
    let expected = [
        "session",
        "its `chat_messages` is no list",
        "it is no JSON",
        "no messages",
        "other",
        "session",
        "the file ends in its middle",
    ];
    assert_eq!(kinds, expected);
    let again = entries(file.as_bytes()).unwrap();
    let (Entry::Session(one), Entry::Session(same), Entry::Session(two)) = (&found[0], &again[0], &found[5]) else {
        panic!("{kinds:?}")
    };
    assert_eq!((&one.id, &one.turns[0].id), (&same.id, &same.turns[0].id));
    assert_ne!((&one.id, &one.turns[0].id), (&two.id, &two.turns[0].id));
    assert_eq!((one.id.len(), one.turns[0].id.len()), (12, 32));
}

#[test]
fn an_archive_is_read_file_by_file_whatever_they_are_called() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let said = |role: &str, text: &str| chatgpt_said(role, text, json!({}));
    for (name, content) in [
        ("x/conversations-001.json", chatgpt(vec![chatgpt_node("u", "", &[], said("user", "Why?"))], "u").to_string()),
        ("user.json", json!({"email": "a@b"}).to_string()),
        ("message_feedback.json", "[]".to_owned()),
        ("chat.html", "<html>".to_owned()),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    let found = entries(&archive.finish().unwrap().into_inner()).unwrap();
    assert!(matches!(found.as_slice(), [Entry::Other, Entry::Session(_)]), "{found:?}");
    assert!(matches!(entries(b"PK\x03\x04 not at all"), Err(ReadError::Unknown { .. })));
}

#[test]
fn what_is_none_of_it_says_what_is_read() {
    for bytes in [&b""[..], b"[]", b"hello", b"{\"a\": 1}", b"SQLite format 3\0 no", b"\x7fELF"] {
        let error = entries(bytes).unwrap_err().to_string();
        assert!(error.contains("what is read: ChatGPT, Claude and Open WebUI"), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(entries_of(folder.path()).unwrap_err().to_string().contains("it is a folder"));
    assert!(matches!(entries_of(&folder.path().join("none")), Err(ReadError::File { .. })));
}

fn llm_file(statements: &str) -> Vec<Session> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logs.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(statements).unwrap();
    drop(db);
    let found = entries_of(&path).unwrap().into_iter();
    found.filter_map(|entry| if let Entry::Session(session) = entry { Some(*session) } else { None }).collect()
}

#[test]
fn llm_keeps_conversations_and_one_question_to_several_models_is_one_turn() {
    let found = llm_file(
        "CREATE TABLE conversations(id TEXT PRIMARY KEY, name TEXT, model TEXT);
        CREATE TABLE responses(id TEXT PRIMARY KEY, model TEXT, prompt TEXT, system TEXT, response TEXT, conversation_id TEXT,
            datetime_utc TEXT, input_tokens INTEGER, output_tokens INTEGER);
        INSERT INTO conversations VALUES ('c1', 'Dates', 'm'), ('c2', 'x', 'm'), ('c3', 'y', 'n');
        INSERT INTO responses VALUES ('r1', 'm', 'When?', NULL, 'In 1969.', 'c1', '2026-01-01T00:00:00+00:00', 3, 4),
            ('r2', 'm', 'Sure?', NULL, 'Yes.', 'c1', '2026-01-01T00:01:00+00:00', NULL, NULL),
            ('r3', 'm', 'Who?', NULL, 'Ann.', 'c2', '2026-01-02T00:00:00', NULL, NULL),
            ('r4', 'n', 'Who?', NULL, 'Ben.', 'c3', '2026-01-03T00:00:00', NULL, NULL),
            ('r5', 'n', 'Who?', 'Be brief', 'Cy.', NULL, NULL, NULL, NULL);",
    );
    let mut told: Vec<_> = found.iter().map(told).collect();
    told.sort();
    assert_eq!(
        told,
        [
            vec![row("When?", &["m: In 1969."]), row("Sure?", &["m: Yes."])],
            vec![row("Who?", &["m: Ann.", "n: Ben."])],
            vec![row("Who?", &["n: Cy."])],
        ]
    );
}

#[test]
fn llm_of_the_newer_kind_is_read_from_its_messages_and_the_older_rows_once() {
    let found = llm_file(
        "CREATE TABLE conversations(id TEXT PRIMARY KEY, name TEXT, model TEXT);
        CREATE TABLE responses(id TEXT PRIMARY KEY, model TEXT, prompt TEXT, system TEXT, response TEXT, conversation_id TEXT);
        INSERT INTO conversations VALUES ('t1', 'T', 'm');
        INSERT INTO responses VALUES ('01k0000000000000000000000a', 'm', 'a?', NULL, 'taken over', 't1');
        CREATE TABLE threads(id TEXT, name TEXT, tip_message_hash TEXT);
        CREATE TABLE turns(id TEXT, thread_id TEXT, parent_message_hash TEXT, tip_message_hash TEXT, model TEXT, resolved_model TEXT);
        CREATE TABLE messages(hash TEXT PRIMARY KEY, parent_hash TEXT, role TEXT);
        CREATE TABLE parts(message_hash TEXT, position INTEGER, type TEXT, tool_name TEXT, text TEXT);
        INSERT INTO threads VALUES ('t1', 'T', 'h4');
        INSERT INTO messages VALUES ('h1', NULL, 'user'), ('h2', 'h1', 'assistant'), ('h3', 'h2', 'user'), ('h4', 'h3', 'assistant');
        INSERT INTO parts VALUES ('h1', 0, 'text', NULL, 'a?'), ('h2', 0, 'reasoning', NULL, 'hm'), ('h2', 1, 'text', NULL, 'one'),
            ('h3', 0, 'text', NULL, 'b?'), ('h4', 0, 'text', NULL, 'two');
        INSERT INTO turns VALUES ('01k0000000000000000000000a', 't1', NULL, 'h2', 'm', 'm-1'),
            ('01k0000000000000000000000b', 't1', 'h2', 'h4', 'm', 'm-1');",
    );
    assert_eq!(found.len(), 1);
    assert_eq!(told(&found[0]), [row("a?", &["m: one"]), row("b?", &["m: two"])]);
    assert_eq!(live(&found[0], 0).responses[0].reasoning, "hm");
    assert!(found[0].turns[0].record.asked_at_ms > 1_700_000_000_000, "the id has the time");
}
