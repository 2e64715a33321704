//! A verdict read back and written again.

use super::*;
use crate::domain::stand::stands;

const NAMES: [(&str, Option<&str>); 3] = [("gpt", None), ("understudy", Some("claude")), ("gemini", None)];

fn response((model, stand_in_for): (&str, Option<&str>)) -> ResponseRecord {
    ResponseRecord {
        model: model.to_owned(),
        provider: Some("openai".to_owned()),
        api_model: None,
        stated_model: None,
        stand_in_for: stand_in_for.map(str::to_owned),
        status: Status::Done,
        finish: None,
        refusal: false,
        refusal_text: None,
        truncated: false,
        text: "In 1969.".to_owned(),
        reasoning: None,
        final_answer: None,
        score: Some(0.910_000_000_000_000_1),
        rank: Some(1),
        attempts: 1,
        started_at: None,
        first_token_ms: None,
        total_ms: None,
        usage: None,
        cost_usd: Some(Usd(0.1 + 0.2)),
        cost_basis: Some(CostBasis::Catalog),
        citations: Vec::new(),
        error: Some(ErrorRecord {
            kind: FaultKind::RateLimited,
            message: "wait".to_owned(),
            http_status: Some(429),
            retry_after_s: Some(12.5),
        }),
    }
}

#[expect(clippy::too_many_lines, reason = "one field of each sort")]
fn verdict() -> Verdict {
    let side = |value: &str, members: Vec<Column>| SideRecord {
        value: value.to_owned(),
        quotes: vec![QuoteRecord { member: members[0], byte_span: [0, 8], text: "In 1969.".to_owned() }],
        members,
    };
    Verdict {
        version: Cow::Borrowed("0.1.0"),
        id: "1".to_owned(),
        created_at: Some("2026-01-02T03:04:05Z".to_owned()),
        demo: false,
        question: Some("When?".to_owned()),
        kind: Kind::Factual,
        simple: false,
        route: Route {
            policy: "all".to_owned(),
            kind: Kind::Factual,
            members: vec![Column(0), Column(1)],
            reason: "every model that is on".to_owned(),
            saved_usd: None,
        },
        asked: 3,
        answered: 1,
        quorum: 2,
        effective_votes: None,
        responses: NAMES.map(response).to_vec(),
        claims: vec![ClaimRecord {
            id: 1,
            kind: ClaimKind::YesNo,
            text: "In 1969.".to_owned(),
            stances: vec![Stance::Support, Stance::Contradict, Stance::Absent],
            byte_spans: vec![vec![[0, 8]], vec![[0, 8]], Vec::new()],
            agreement: 1.0 / 3.0,
            relation: Some(Relation::Different),
        }],
        contradictions: vec![ContradictionRecord {
            id: 1,
            claim: 1,
            kind: ConflictKind::Date,
            status: Standing::Confirmed,
            touches_answer: true,
            sides: vec![side("1969", vec![Column(0), Column(2)]), side("1968", vec![Column(1)])],
        }],
        counts: CountsRecord::default(),
        agreement: Some(0.29),
        similarity: None,
        confidence: Some(0.1 + 0.2),
        band: Some(Band::Split),
        threshold: 0.75,
        flagged: true,
        flag_reasons: vec![
            FlagReason::Fallback { answered: 1, asked: 3 },
            FlagReason::Unsure { confidence: 0.29, below: 0.75 },
            FlagReason::Touches(1),
            FlagReason::Unknown,
            FlagReason::Other("the moon is full".to_owned()),
        ],
        confidence_basis: None,
        answer: Some("In 1969.".to_owned()),
        answer_by: Some(Column(1)),
        support: vec![SupportRecord { claim: 1, members: vec![Column(0), Column(2)] }],
        judge: None,
        fallback: Some(Fallback { member: Column(1), answered: 1, asked: 3 }),
        warnings: vec![
            Warning::Other("gpt: not all of it is UTF-8".to_owned()),
            Warning::NotAsked { member: Column(2), why: "it takes no images".to_owned() },
            Warning::Shortened { member: Column(1), what: "2 earlier turns left out: context of 8k".to_owned() },
            Warning::OneVendor,
            Warning::Switched { member: Column(1), why: "claude: no credit: none".to_owned() },
            Warning::NotCompared("one answer".to_owned()),
            Warning::PartLost(Column(1)),
            Warning::ReadInPart(Column(1)),
        ],
        cost_usd: None,
        elapsed_ms: Some(2_650),
    }
}

#[test]
fn a_verdict_read_back_is_the_same_and_written_again_the_same_bytes() {
    let verdict = verdict();
    let json = serde_json::to_string(&verdict).unwrap();
    let again: Verdict = serde_json::from_str(&json).unwrap();
    assert_eq!(again, verdict);
    assert_eq!(serde_json::to_string(&again).unwrap(), json);
}

#[test]
fn in_json_members_are_named_as_who_answered() {
    let json = serde_json::to_value(verdict()).unwrap();
    assert_eq!(json["schema"], SCHEMA);
    assert_eq!((&json["answer_by"], &json["fallback"]["model"]), (&"understudy".into(), &"understudy".into()));
    assert_eq!(json["claims"][0]["stance"]["understudy"], "contradict");
    assert_eq!(json["claims"][0]["byte_spans"].as_object().unwrap().len(), 2);
    assert_eq!(json["contradictions"][0]["sides"][0]["models"], serde_json::json!(["gpt", "gemini"]));
    assert_eq!(
        json["flag_reasons"],
        serde_json::json!([
            "fallback: 1 of 3 answered",
            "confidence 0.29 is under 0.75",
            "contradiction 1 touches the answer",
            "confidence unknown",
            "the moon is full"
        ])
    );
    assert_eq!(json["warnings"][4], "understudy is asked in place of claude: claude: no credit: none");
}

#[test]
fn what_is_no_verdict_of_this_schema_is_refused_with_words() {
    let json = serde_json::to_value(verdict()).unwrap();
    for (field, value, words) in [
        (
            "schema",
            serde_json::json!("dissent.verdict/2"),
            "schema `dissent.verdict/2` where `dissent.verdict/1` is read",
        ),
        ("answer_by", serde_json::json!("nobody"), "`nobody` is in none of the responses"),
    ] {
        let mut other = json.clone();
        other[field] = value;
        assert_eq!(serde_json::from_value::<Verdict>(other).unwrap_err().to_string(), words);
    }
    let mut newer = json;
    newer["mood"] = serde_json::json!(1);
    assert!(serde_json::from_value::<Verdict>(newer).is_ok(), "fields may be added");
}

#[test]
fn who_stands_in_and_has_a_seat_that_was_not_asked_is_who_was_asked() {
    let mut verdict = verdict();
    let seat = ResponseRecord { status: Status::Skipped, text: String::new(), ..response(("understudy", None)) };
    verdict.responses.insert(0, seat);
    verdict.claims[0].stances.insert(0, Stance::Absent);
    verdict.claims[0].byte_spans.insert(0, Vec::new());
    verdict.answer_by = Some(Column(2));
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["claims"][0]["stance"]["understudy"], "contradict");
    let again: Verdict = serde_json::from_value(json.clone()).unwrap();
    assert_eq!((again.answer_by, serde_json::to_value(&again).unwrap()), (Some(Column(2)), json));
}

#[test]
fn who_holds_other_values_in_the_answer_stands_against_it_and_silence_takes_no_side() {
    let mut verdict = verdict();
    let sides = |verdict: &Verdict| stands(verdict).iter().map(|stand| stand.side).collect::<Vec<_>>();
    // `understudy` is the answer; the others hold one other value.
    assert_eq!(sides(&verdict), [Some(1), Some(0), Some(1)]);
    let stand = stands(&verdict)[0];
    assert_eq!((stand.n_with, stand.n_against), (0, 1));
    verdict.contradictions[0].touches_answer = false;
    assert_eq!(sides(&verdict), [Some(0), Some(0), Some(0)], "they support what is said there");
    verdict.support.clear();
    assert_eq!(sides(&verdict), [None, Some(0), None]);
    verdict.answer_by = None;
    assert_eq!(sides(&verdict), [None, None, None]);
}
