//! Each form on one turn in which a conflict, hostile text, code, a table, reasoning, sources and a failure occur.

use std::sync::Arc;

use super::*;
use crate::consensus::engine::Engine;
use crate::consensus::voice::Ending;
use crate::domain::ids::{Column, TurnId};
use crate::domain::member::Member;
use crate::domain::opinion::Opinion;
use crate::domain::record::{Asked, Moment};
use crate::domain::stream::{Citation, Delta, Finish, FinishNorm, FinishReason, StreamEventKind};
use crate::domain::verdict::Flagging;

/// What must never reach a page as markup, in every place that a text from outside reaches.
const HOSTILE: &str = "<script>alert(1)</script> <img src=x onerror=alert(2)> \u{1b}[31mred\u{202e} \"'&";

fn response_verdict(answers: &[(&str, &str)], question: &str) -> Verdict {
    // The room below cannot assemble verdicts: what is needed of one is put together from the engine's report.
    let members: Vec<Arc<Member>> = answers.iter().map(|(id, _)| Arc::new(Member::named(*id))).collect();
    let mut engine = Engine::new(question, None, members);
    for (idx, (_, text)) in answers.iter().enumerate() {
        engine.append(idx, text);
        engine.end(idx, Ending::Complete);
    }
    let report = engine.report();
    let json = crate::export::tests::verdict::json(answers, question, &report);
    serde_json::from_value(json).unwrap()
}

mod verdict {
    use serde_json::{Value, json};

    use crate::consensus::report::Report;

    /// Returns a verdict as scripts read it.
    pub(super) fn json(answers: &[(&str, &str)], question: &str, report: &Report) -> Value {
        let name = |member: usize| answers[member].0;
        let responses: Vec<Value> = answers
            .iter()
            .map(|(id, text)| {
                json!({
                    "model": id, "provider": null, "api_model": null, "stated_model": null, "stand_in_for": null,
                    "status": "done", "finish": {"raw": "stop", "norm": "stop"}, "refusal": false, "refusal_text": null,
                    "truncated": false, "text": text, "reasoning": format!("hm {}", super::HOSTILE), "final_answer": null,
                    "score": null, "rank": null, "attempts": 1, "started_at": null, "first_token_ms": 4, "total_ms": 1_500,
                    "usage": null, "cost_usd": null, "cost_basis": null, "error": null,
                    "citations": [{"url": "https://a.example/?a=1&b=2", "title": super::HOSTILE}, {"url": "javascript:alert(3)", "title": null}],
                })
            })
            .collect();
        let contradictions: Vec<Value> = report
            .contradictions
            .iter()
            .map(|it| {
                let sides: Vec<Value> = it.sides.iter().map(|side| {
                    let quotes: Vec<Value> = side.quotes.iter().map(|quote| json!({"model": name(quote.member), "byte_span": [quote.range.start, quote.range.end], "text": quote.text})).collect();
                    json!({"value": side.value, "models": side.members.iter().map(|member| name(*member)).collect::<Vec<_>>(), "quotes": quotes})
                }).collect();
                json!({"id": it.id, "claim": it.claim, "kind": it.kind, "status": "confirmed", "touches_answer": it.touches_answer, "sides": sides})
            })
            .collect();
        json!({
            "schema": "dissent.verdict/1", "version": "0.1.0", "id": "v", "created_at": null, "demo": false,
            "question": question, "kind": "factual", "simple": false,
            "route": {"policy": "all", "kind": "factual", "models": [], "reason": "", "saved_usd": null},
            "asked": answers.len(), "answered": answers.len(), "quorum": 2, "effective_votes": 1.6, "responses": responses,
            "claims": [], "contradictions": contradictions, "counts": report.counts, "agreement": 0.5, "similarity": null,
            "confidence": 0.41, "band": "split", "threshold": 0.75, "flagged": true,
            "flag_reasons": ["confidence 0.41 is under 0.75"], "confidence_basis": null,
            "answer": answers[0].1, "answer_by": answers[0].0, "support": [], "judge": null, "fallback": null,
            "warnings": [super::HOSTILE], "cost_usd": null, "elapsed_ms": null,
        })
    }
}

fn session_of(question: &str, answers: &[(&str, &str)]) -> Session {
    let reason = Some(FinishReason { raw: None, norm: FinishNorm::Stop });
    let source = Citation { url: "https://a.example".to_owned(), title: None };
    let finish = Finish { reason, citations: vec![source], ..Finish::default() };
    let moment = |(idx, (_, text)): (usize, &(&str, &str))| {
        let kinds =
            [StreamEventKind::Delta(Delta::of_text(*text)), StreamEventKind::Finished(Box::new(finish.clone()))];
        kinds.map(|kind| Moment { at_ns: 0, column: Column::at(idx), kind })
    };
    let asked = Asked {
        question: Arc::from(question),
        files: Vec::new(),
        members: answers.iter().map(|(id, _)| Arc::new(Member::named(*id))).collect(),
        quorum: 2,
        flag_below: 0.75,
        flag: Flagging::default(),
        is_demo: false,
        asks: Vec::new(),
    };
    let moments = answers.iter().enumerate().flat_map(moment).collect();
    let record = TurnRecord { asked_at_ms: 1_795_000_000_000, asked, moments, readings: Vec::new() };
    assert_eq!(record.turn(TurnId(1), tokio::time::Instant::now().into_std()).n_answered(), answers.len());
    let verdict = response_verdict(answers, question);
    Session {
        id: "0123456789ab".to_owned(),
        name: HOSTILE.to_owned(),
        is_demo: false,
        turns: vec![Turn { record, verdict, opinion: Opinion::default() }],
    }
}

fn landing() -> Session {
    session_of(
        "In which year did Apollo 11 land?",
        &[
            (
                "gpt",
                "Apollo 11 landed in **1969**, on 20 July.\n\n| who | what |\n| --- | --- |\n| Armstrong | stepped out |\n\n```rust\nlet a = b < c && d > e;\n```",
            ),
            (
                "claude",
                "Apollo 11 landed in 1968, on 20 July.\n\n[a page](https://a.example/x?y=1&z=2) [bad](javascript:alert(4)) ![p](https://tracker.example/p.png)\n\n<b onclick=\"alert(5)\">bold</b>",
            ),
        ],
    )
}

#[test]
fn a_page_shows_both_values_of_a_conflict_and_marks_the_words() {
    let page = html::write(&landing());
    assert!(page.contains("<section class=\"conflict\" id=\"t1c1\">"), "{page}");
    assert!(page.contains("<strong>1969</strong> <span class=\"dim\">gpt</span>"), "{page}");
    assert!(page.contains("<strong>1968</strong> <span class=\"dim\">claude</span>"), "{page}");
    assert!(page.contains("<mark title=\"1969 against 1968\">"), "{page}");
    assert!(page.contains("<sup><a href=\"#t1c1\" title=\"1969 against 1968\">≠1</a></sup>"), "{page}");
    assert!(page.contains("<td>Armstrong</td>") && page.contains("let a = b &lt; c &amp;&amp; d &gt; e;"), "{page}");
    assert!(page.contains("<strong class=\"badge split\">split 0.41"), "{page}");
}

#[test]
fn nothing_that_a_model_wrote_is_markup_on_the_page() {
    let page = html::write(&landing());
    let body = page.split("</head>").nth(1).unwrap();
    for bad in ["<script", "<img", "<b ", "onerror=alert(2)>", "href=\"javascript", "src=\"http", "\u{1b}", "\u{202e}"]
    {
        assert!(!body.contains(bad), "{bad:?} in {body}");
    }
    assert!(body.contains("&lt;script&gt;") && body.contains("&lt;b onclick=&quot;alert(5)&quot;&gt;"), "{body}");
    assert!(body.contains("[picture, not fetched: https://tracker.example/p.png p]"), "{body}");
    assert!(body.contains("href=\"https://a.example/x?y=1&amp;z=2\""), "{body}");
    // Every tag on the page is one that the page itself makes.
    let known = [
        "body", "header", "h1", "p", "main", "article", "h2", "span", "strong", "ul", "li", "section", "h3", "div",
        "details", "summary", "pre", "mark", "sup", "a", "table", "tr", "th", "td", "code", "ol", "html",
    ];
    for tag in body.split('<').skip(1) {
        let name = tag.trim_start_matches('/').split(|it: char| !it.is_ascii_alphanumeric()).next().unwrap();
        assert!(known.contains(&name), "<{tag}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_text_of_nothing_but_quotes_goes_no_deeper_than_a_browser_can() {
    let page = html::write(&session_of("why?", &[("a", &"> ".repeat(5_000)), ("b", &"- ".repeat(2_000))]));
    assert!(page.matches("<blockquote>").count() < 30 && page.matches("<li>").count() < 60);
    assert_eq!(page.matches("<blockquote>").count(), page.matches("</blockquote>").count());
}

#[test]
fn markdown_quotes_answers_and_shows_what_would_run_as_text() {
    let text = markdown::write(&landing());
    assert!(text.contains("\n### Conflicts\n\n- ≠1 date: **1969** (gpt) against **1968** (claude)\n"), "{text}");
    assert!(text.contains("> Apollo 11 landed in **1969**, on 20 July."), "{text}");
    assert!(text.contains("> let a = b < c && d > e;"), "code stays as it is: {text}");
    assert!(text.contains("> \\<b onclick=\"alert(5)\">bold\\</b>"), "{text}");
    assert!(text.contains("\\![p](https://tracker.example/p.png)"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    let name = text.lines().next().unwrap();
    assert!(name.starts_with("# \\<script\\>alert(1)\\</script\\>"), "{name}");
}

#[test]
fn cases_hold_what_counts_and_messages_the_answer_of_the_ensemble() {
    let session = landing();
    let (cases, n_left_out) = data::cases(&session);
    let case: serde_json::Value = serde_json::from_str(cases.trim_end()).unwrap();
    assert_eq!((case["id"].as_str(), n_left_out), (Some("0123456789ab-1"), 0));
    assert_eq!(case["answers"][1]["model"], "claude");
    let messages: serde_json::Value = serde_json::from_str(&data::openai(&session)).unwrap();
    assert_eq!(messages[0]["content"], "In which year did Apollo 11 land?");
    assert_eq!((messages[1]["role"].as_str(), messages.as_array().unwrap().len()), (Some("assistant"), 2));
    assert!(messages[1]["content"].as_str().unwrap().starts_with("Apollo 11 landed in **1969**"));
}

#[test]
fn the_ending_of_a_file_decides_its_form() {
    let rows = [
        ("md", Some(Format::Markdown)),
        ("HTML", Some(Format::Html)),
        ("jsonl", Some(Format::Cases)),
        ("cast", Some(Format::Cast)),
        ("txt", None),
    ];
    for (ending, expected) in rows {
        assert_eq!(Format::of_ending(ending), expected);
    }
    assert!(Format::ALL.into_iter().all(|format| Format::from_word(format.as_str()) == Some(format)));
}
