//! The demo models as a plain HTTP client sees them, and what their bank promises.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests may fail loudly")]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use dissent::consensus::engine::Engine;
use dissent::consensus::report::{ConflictStatus, Report};
use dissent::consensus::voice::Ending;
use dissent::demo::bank::Bank;
use dissent::demo::{self, Demo};
use dissent::domain::ids::ModelId;
use dissent::domain::member::Member;
use dissent::provider::dialect::Dialect;
use dissent::provider::endpoint::Model;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

const BANK: &str = include_str!("../assets/demo/bank.jsonl");

/// What came back for one question, as far as a client can tell.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    text: String,
    reasoning: String,
    is_refusal: bool,
    /// What is said beside the text on why there is no answer.
    refusal: String,
    has_end_marker: bool,
    n_output_tokens: u64,
    /// The connection broke before the body was over.
    is_broken: bool,
}

/// One client for all tests: reading the system's root certificates takes longer than any answer.
static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
    rustls::crypto::ring::default_provider().install_default().unwrap();
    // Every test has a runtime of its own, so no connection may outlive its test.
    reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap()
});

async fn send(model: &Model, question: &str) -> reqwest::Response {
    let path = match model.provider.dialect {
        Dialect::OpenaiChat => "/chat/completions",
        Dialect::Anthropic => "/v1/messages",
        Dialect::OpenaiResponses | Dialect::Gemini | Dialect::Ollama => panic!("no demo model speaks this"),
    };
    let body = json!({
        "model": &*model.member.api_model, "stream": true, "max_tokens": 1000,
        "stream_options": {"include_usage": true},
        "messages": [
            {"role": "user", "content": "an earlier question"},
            {"role": "assistant", "content": "an earlier answer"},
            {"role": "user", "content": [{"type": "text", "text": question}]},
        ],
    });
    CLIENT.post(format!("{}{path}", model.provider.base_url)).body(body.to_string()).send().await.unwrap()
}

async fn hear(model: &Model, question: &str) -> Heard {
    let mut response = send(model, question).await;
    assert_eq!(response.status(), 200, "{}", model.member.id);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = vec![];
    let is_broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    let mut heard = Heard { is_broken, ..Heard::default() };
    for event in str::from_utf8(&body).unwrap().split_terminator("\n\n") {
        let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        assert!(!heard.has_end_marker, "nothing follows the end marker: {event}");
        match (model.provider.dialect, data) {
            (Dialect::OpenaiChat, "[DONE]") => heard.has_end_marker = true,
            (Dialect::OpenaiChat, _) => hear_chunk(&mut heard, &serde_json::from_str(data).unwrap()),
            _ => hear_event(&mut heard, event, &serde_json::from_str(data).unwrap()),
        }
    }
    heard
}

fn hear_chunk(heard: &mut Heard, chunk: &Value) {
    assert_eq!(chunk["object"], "chat.completion.chunk");
    let delta = &chunk["choices"][0]["delta"];
    heard.text += delta["content"].as_str().unwrap_or_default();
    heard.refusal += delta["refusal"].as_str().unwrap_or_default();
    heard.reasoning += delta["reasoning_content"].as_str().unwrap_or_default();
    heard.is_refusal |= delta["refusal"].is_string();
    heard.n_output_tokens += chunk["usage"]["completion_tokens"].as_u64().unwrap_or(0);
}

fn hear_event(heard: &mut Heard, event: &str, data: &Value) {
    assert!(event.starts_with(&format!("event: {}\n", data["type"].as_str().unwrap())), "{event}");
    match data["type"].as_str().unwrap() {
        "content_block_delta" => {
            heard.text += data["delta"]["text"].as_str().unwrap_or_default();
            heard.reasoning += data["delta"]["thinking"].as_str().unwrap_or_default();
        }
        "message_delta" => {
            heard.is_refusal = data["delta"]["stop_reason"] == "refusal";
            heard.refusal += data["delta"]["stop_details"]["explanation"].as_str().unwrap_or_default();
            heard.n_output_tokens = data["usage"]["output_tokens"].as_u64().unwrap();
        }
        "message_stop" => heard.has_end_marker = true,
        "message_start" | "ping" | "content_block_start" | "content_block_stop" => {}
        other => panic!("unexpected event {other}"),
    }
}

fn built_in_cases() -> Vec<Value> {
    BANK.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn built_in() -> Demo {
    demo::start(Bank::built_in().unwrap(), 1.0).await.unwrap()
}

fn model<'a>(demo: &'a Demo, id: &str) -> &'a Model {
    demo.models.iter().find(|model| model.member.id.as_str() == id).unwrap()
}

/// Returns the question and the model of the only answer with this fault.
fn planted(fault: &str) -> (String, String) {
    let cases = built_in_cases();
    let answers = cases.iter().flat_map(|case| case["answers"].as_array().unwrap().iter().map(move |it| (case, it)));
    let mut found = answers.filter(|(_, answer)| {
        let planted = &answer["demo"]["fault"];
        planted == fault || planted.get(fault).is_some()
    });
    let (case, answer) = found.next().unwrap();
    assert!(found.next().is_none(), "{fault} is planted once");
    (case["question"].as_str().unwrap().to_owned(), answer["model"].as_str().unwrap().to_owned())
}

#[tokio::test(start_paused = true)]
async fn every_model_says_what_the_bank_holds() {
    let demo = built_in().await;
    assert_eq!((demo.models.len(), demo.ensemble.len()), (5, 3));
    assert_eq!(demo.questions.len(), built_in_cases().len());
    for case in built_in_cases() {
        let question = case["question"].as_str().unwrap();
        for answer in case["answers"].as_array().unwrap() {
            if !answer["demo"]["fault"].is_null() {
                continue; // each fault has a test of its own
            }
            let heard = hear(model(&demo, answer["model"].as_str().unwrap()), question).await;
            let expected = Heard {
                text: answer["text"].as_str().unwrap().to_owned(),
                reasoning: answer["demo"]["reasoning"].as_str().unwrap_or_default().to_owned(),
                has_end_marker: true,
                n_output_tokens: heard.n_output_tokens,
                ..Heard::default()
            };
            assert_eq!(heard, expected);
            assert!(heard.n_output_tokens >= 40);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_is_found_by_its_id_and_as_people_type_it() {
    let demo = built_in().await;
    let question = &demo.questions[0];
    let typed = "when was the first  message sent over the arpanet".to_owned();
    for prompt in [question.id.to_string(), format!("  {}\n", question.question), typed] {
        assert!(!hear(&demo.models[0], &prompt).await.is_refusal, "{prompt}");
        assert_eq!(demo.models_for(&prompt).unwrap(), question.models);
        assert_eq!(demo.ensemble_for(&prompt), None, "the built-in models stay as the person left them");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limited_model_turns_the_first_request_of_each_turn_away() {
    let demo = built_in().await;
    let (question, limited) = planted("limited");
    let model = model(&demo, &limited);
    for _turn in 0..2 {
        let refused = send(model, &question).await;
        assert_eq!(refused.status(), 429);
        assert_eq!(refused.headers()["retry-after"], "2");
        let body: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
        assert!(body["error"]["message"].as_str().unwrap().contains("on purpose"));
        assert!(hear(model, &question).await.has_end_marker);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_well_and_says_that_it_is_one() {
    let demo = built_in().await;
    let (question, refusing) = planted("refusal");
    let heard = hear(model(&demo, &refusing), &question).await;
    assert!(heard.is_refusal && heard.has_end_marker && !heard.refusal.is_empty(), "{heard:?}");
}

#[tokio::test(start_paused = true)]
async fn a_cut_answer_breaks_off_without_an_end_marker() {
    let demo = built_in().await;
    let (question, cut) = planted("cut");
    let heard = hear(model(&demo, &cut), &question).await;
    assert!(heard.is_broken && !heard.has_end_marker && !heard.is_refusal, "{heard:?}");
    assert!(heard.text.starts_with("- **Date:**"), "{heard:?}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_model_sends_signs_of_life_and_no_word() {
    let demo = built_in().await;
    let (question, silent) = planted("silence");
    let mut response = send(model(&demo, &silent), &question).await;
    assert_eq!(response.status(), 200);
    for _sign in 0..3 {
        assert_eq!(response.chunk().await.unwrap().unwrap(), ": keep-alive\n\n");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_in_the_bank_gets_an_honest_reply_that_does_not_count() {
    let demo = built_in().await;
    let question = "What is the airspeed of an unladen swallow?";
    let mut replies = BTreeSet::new();
    for model in &demo.models {
        let heard = hear(model, question).await;
        assert!(heard.is_refusal && heard.has_end_marker, "{heard:?}");
        assert!(heard.text.contains("demo"), "{heard:?}");
        assert!(heard.refusal.contains("no script"), "{heard:?}");
        assert!(demo.questions.iter().any(|known| heard.text.contains(&*known.question)), "{heard:?}");
        replies.insert(heard.text);
    }
    assert_eq!(replies.len(), demo.models.len(), "each in its own manner");
    assert_eq!(demo.models_for(question), None);
}

#[tokio::test(start_paused = true)]
async fn requests_that_cannot_be_served_get_an_error_in_the_words_of_the_wire() {
    let demo = built_in().await;
    let rows = [
        ("/v1/chat/completions", "{", 400),
        ("/v1/chat/completions", r#"{"model": "aspen", "messages": []}"#, 400),
        ("/v1/chat/completions", r#"{"model": "gpt", "messages": [], "stream": true}"#, 404),
        ("/v1/messages", r#"{"model": "aspen", "messages": [], "stream": true}"#, 404),
    ];
    for (path, body, status) in rows {
        let response = CLIENT.post(format!("http://{}{path}", demo.address)).body(body).send().await.unwrap();
        assert_eq!(response.status(), status, "{path} {body}");
        let error: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert!(error["error"]["message"].is_string(), "{error}");
        assert_eq!(error["type"] == "error", path == "/v1/messages", "{error}");
    }
    let listed = CLIENT.get(format!("http://{}/v1/models", demo.address)).send().await.unwrap();
    let listed: Value = serde_json::from_str(&listed.text().await.unwrap()).unwrap();
    assert_eq!(listed["data"][4]["id"], "elm");
}

#[tokio::test(start_paused = true)]
async fn dropping_the_demo_stops_the_server() {
    let demo = built_in().await;
    let url = format!("http://{}/v1/models", demo.address);
    assert!(CLIENT.get(&url).send().await.is_ok());
    drop(demo);
    for _attempt in 0..1000 {
        if CLIENT.get(&url).send().await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it still answers");
}

#[tokio::test]
async fn a_speed_that_is_no_sensible_number_still_starts() {
    for speed in [f64::NAN, f64::INFINITY, 0.0, -3.0] {
        let demo = demo::start(Bank::built_in().unwrap(), speed).await.unwrap();
        assert!(!demo.straggler.is_zero(), "{speed}");
    }
}

/// Returns the bank in a file that holds `content`, or what is wrong with it with the folder left out.
fn read(content: &[u8]) -> Result<Bank, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.jsonl");
    std::fs::write(&file, content).unwrap();
    Bank::read(&file).map_err(|error| error.to_string().replace(&file.display().to_string(), "cases.jsonl"))
}

const RECORDED: &str = r#"{"id": "a", "question": "Which way?", "dataset": "d", "answers": [{"model": "left", "text": "Left.", "final": 7, "demo": "theirs"}, {"model": "right", "text": "Right."}], "demo": [1, 2]}

{"question": "Which way?", "answers": [{"model": "up", "text": "Up."}]}
{"id": "b", "answers": [{"model": "left", "text": "Söyle.\n"}, {"model": "m2", "text": "2"}, {"model": "m3", "text": "3"}, {"model": "m4", "text": "4"}, {"model": "m5", "text": "5"}, {"model": "m6", "text": "6"}]}
"#;

#[tokio::test(start_paused = true)]
async fn recorded_cases_bring_their_own_models() {
    let mut gzipped = GzEncoder::new(vec![], Compression::default());
    gzipped.write_all(RECORDED.as_bytes()).unwrap();
    for content in [RECORDED.as_bytes().to_vec(), gzipped.finish().unwrap()] {
        let demo = demo::start(read(&content).unwrap(), 1.0).await.unwrap();
        let ids = |models: &[ModelId]| models.iter().map(ToString::to_string).collect::<Vec<_>>();
        let members: Vec<ModelId> = demo.models.iter().map(|model| model.member.id.clone()).collect();
        assert_eq!(ids(&members), ["left", "right", "up", "m2", "m3", "m4", "m5", "m6"]);
        assert_eq!(ids(&demo.ensemble), ["left", "right"]);

        let listed: Vec<&str> = demo.questions.iter().map(|question| &*question.question).collect();
        assert_eq!(listed, ["Which way?", "line-3", "b"], "a question asked twice is told apart");
        assert_eq!(ids(&demo.ensemble_for("line-3").unwrap()), ["up"]);
        assert_eq!(ids(&demo.ensemble_for(" b ").unwrap()), ["left", "m2", "m3", "m4", "m5"]);
        assert_eq!(demo.models_for("b").unwrap().len(), 6);

        assert_eq!(hear(model(&demo, "right"), "Which way?").await.text, "Right.");
        assert_eq!(hear(model(&demo, "right"), "a").await.text, "Right.");
        assert_eq!(hear(model(&demo, "left"), "b").await.text, "Söyle.\n");
        let absent = hear(model(&demo, "up"), "b").await;
        assert!(absent.is_refusal && absent.text.contains("no answer by up"), "{absent:?}");
    }
}

#[test]
fn a_bad_line_is_named_with_its_reason() {
    let rows: [(&[u8], &str); 8] = [
        (b"", "cases.jsonl holds no cases"),
        (b"\n  \n", "cases.jsonl holds no cases"),
        (b"{}", "cases.jsonl, line 1: no answers"),
        (b"\n{\"answers\": [{\"text\": \"x\"}]}", "cases.jsonl, line 2: column 26: missing field `model`"),
        (b"nonsense", "cases.jsonl, line 1: column 2: expected ident"),
        (b"{\"answers\": [{\"model\": \"a\", \"text\": \"\xff\"}]}", "cases.jsonl, line 1: byte 38 is not UTF-8"),
        (
            br#"{"answers": [{"model": "a", "text": "1"}, {"model": "a", "text": "2"}]}"#,
            "cases.jsonl, line 1: two answers by `a`",
        ),
        (b"{\"answers\": [", "cases.jsonl, line 1: column 13: EOF while parsing a list"),
    ];
    for (content, expected) in rows {
        assert_eq!(read(content).unwrap_err(), expected);
    }
    let absent = Bank::read(Path::new("no/such/file.jsonl")).unwrap_err().to_string();
    assert!(absent.starts_with("cannot read no/such/file.jsonl: "), "{absent}");
}

#[test]
fn answers_of_the_bank_have_the_promised_length() {
    for case in built_in_cases() {
        for answer in case["answers"].as_array().unwrap() {
            let text = answer["text"].as_str().unwrap();
            // Japanese writes no spaces; two of its signs take the room and the time of about one word.
            let n_unspaced = text.chars().filter(|c| ('\u{3040}'..='\u{9fff}').contains(c)).count();
            let n_words = text.split_whitespace().count() + n_unspaced / 2;
            let expected = match answer["demo"]["fault"].as_str() {
                Some("silence") => 0..=0,
                Some("refusal" | "cut") => 1..=120,
                _ => 40..=120,
            };
            assert!(expected.contains(&n_words), "{} by {}: {n_words} words", case["id"], answer["model"]);
        }
    }
}

#[test]
fn every_case_declares_what_has_to_be_found() {
    let kinds = ["number", "unit", "date", "name", "negation", "antonym", "choice", "code"];
    for case in built_in_cases() {
        let expect = &case["demo"]["expect"];
        assert!(["high", "mixed", "low"].contains(&expect["agreement"].as_str().unwrap()), "{}", case["id"]);
        assert!(case["question"].as_str().unwrap().chars().count() <= 72, "fits a line of the list: {}", case["id"]);
        assert!(!case["demo"]["hint"].as_str().unwrap().is_empty());
        for conflict in expect["conflicts"].as_array().unwrap() {
            assert!(kinds.contains(&conflict["kind"].as_str().unwrap()));
            let sides = conflict["sides"].as_array().unwrap();
            let members: Vec<&Value> = sides.iter().flat_map(|side| side.as_array().unwrap()).collect();
            let distinct: BTreeSet<&str> = members.iter().map(|member| member.as_str().unwrap()).collect();
            let known = BTreeSet::from(["aspen", "birch", "cedar", "dogwood", "elm"]);
            assert!(distinct.len() == members.len() && distinct.is_subset(&known), "{}", case["id"]);
        }
    }
}

/// The agreement over the answers that parts cases declared `high` from those declared `low`.
///
/// Over the built-in bank, three or five models on, the former come out at 0.53 and more, the latter at 0.37 and less.
const HIGH_AGREEMENT: f64 = 0.45;

/// Agreement from which one that is against leaves more in common than not.
const MIXED_AGREEMENT: f64 = 0.3;

/// A conflict's kind and who is on which side.
type Sides = (String, BTreeSet<BTreeSet<String>>);

/// Returns the conflicts that `case` declares, as far as they show among `members`.
fn declared(case: &Value, members: &[String]) -> BTreeSet<Sides> {
    let conflicts = case["demo"]["expect"]["conflicts"].as_array().unwrap().iter();
    let sides = conflicts.map(|conflict| {
        let sides = conflict["sides"].as_array().unwrap().iter().map(|side| {
            let side = side.as_array().unwrap().iter().map(|member| member.as_str().unwrap().to_owned());
            side.filter(|member| members.contains(member)).collect::<BTreeSet<_>>()
        });
        (conflict["kind"].as_str().unwrap().to_owned(), sides.filter(|side| !side.is_empty()).collect::<BTreeSet<_>>())
    });
    sides.filter(|(_, sides)| sides.len() > 1).collect()
}

/// Returns the conflicts in `report`, all of which have to be confirmed.
fn found(report: &Report, members: &[String]) -> BTreeSet<Sides> {
    let sides = report.contradictions.iter().map(|conflict| {
        assert_eq!(conflict.status, ConflictStatus::Confirmed);
        let sides = conflict.sides.iter().map(|side| side.members.iter().map(|&at| members[at].clone()).collect());
        (conflict.kind.as_str().to_owned(), sides.collect())
    });
    sides.collect()
}

/// Returns what the engine concludes over the answers of the first `n_on` models, and who they are.
fn conclude(case: &Value, n_on: usize) -> (Arc<Report>, Vec<String>) {
    let answers = &case["answers"].as_array().unwrap()[..n_on];
    let members: Vec<String> = answers.iter().map(|answer| answer["model"].as_str().unwrap().to_owned()).collect();
    // Every demo model has a maker of its own.
    let with_vendor = |id: &String| Member { vendor: Some(Arc::from(id.as_str())), ..Member::named(id.as_str()) };
    let ensemble = members.iter().map(|id| Arc::new(with_vendor(id))).collect();
    let mut engine = Engine::new(case["question"].as_str().unwrap(), None, ensemble);
    for (member, answer) in answers.iter().enumerate() {
        engine.append(member, answer["text"].as_str().unwrap());
        let ending = match answer["demo"]["fault"].as_str() {
            Some("refusal") => Ending::Refusal,
            Some("cut") => Ending::Partial,
            Some("silence") => Ending::Nothing,
            _ => Ending::Complete,
        };
        engine.end(member, ending);
    }
    (engine.report(), members)
}

#[test]
fn the_engine_finds_the_declared_conflicts_and_no_others() {
    let mut unlike = Vec::new();
    for case in built_in_cases() {
        for n_on in [3, 5] {
            let (report, members) = conclude(&case, n_on);
            let (found, declared) = (found(&report, &members), declared(&case, &members));
            if found != declared {
                unlike.push(format!("{} with {n_on} on\n  found: {found:?}\n  declared: {declared:?}", case["id"]));
            }
        }
    }
    assert!(unlike.is_empty(), "{}", unlike.join("\n"));
}

#[test]
fn the_engine_finds_the_declared_agreement() {
    for case in built_in_cases() {
        for n_on in [3, 5] {
            let agreement = conclude(&case, n_on).0.agreement.unwrap();
            let declared = case["demo"]["expect"]["agreement"].as_str().unwrap();
            let is_so = match declared {
                "high" => agreement >= HIGH_AGREEMENT,
                "mixed" => (MIXED_AGREEMENT..0.9).contains(&agreement),
                _ => agreement < HIGH_AGREEMENT,
            };
            assert!(is_so, "{} with {n_on} on: {agreement:.2} is not {declared}", case["id"]);
        }
    }
}
