//! Rows for the whole engine: texts in, agreement and conflicts out.

use std::sync::Arc;

use crate::consensus::engine::{Ending, Engine};
use crate::consensus::report::{Class, ConflictStatus, Contradiction, Report, Side, Stance};
use crate::domain::member::Member;

fn engine(question: &str, n: usize) -> Engine {
    Engine::new(question, None, (0..n).map(|i| Arc::new(Member::named(format!("m{i}")))).collect())
}

fn report(question: &str, texts: &[&str]) -> Report {
    let mut engine = engine(question, texts.len());
    for (member, text) in texts.iter().enumerate() {
        engine.append(member, text);
        engine.end(member, Ending::Complete);
    }
    engine.report()
}

/// Each conflict on a line, such as `date: 1969 by 0 1, 1968 by 2`.
fn conflicts(report: &Report) -> Vec<String> {
    let side = |side: &Side| {
        let members: Vec<String> = side.members.iter().map(usize::to_string).collect();
        format!("{} by {}", side.value, members.join(" "))
    };
    let line = |it: &Contradiction| {
        format!("{}: {}", it.kind.as_str(), it.sides.iter().map(side).collect::<Vec<_>>().join(", "))
    };
    report.contradictions.iter().map(line).collect()
}

#[track_caller]
fn check(question: &str, texts: &[&str], expected: &[&str]) {
    assert_eq!(conflicts(&report(question, texts)), expected, "{texts:?}");
}

const LANDED: &str = "When did Apollo 11 land on the Moon?";

#[test]
fn one_dissenter_on_a_date_is_one_conflict() {
    let texts = [
        "Apollo 11 landed on the Moon in 1969.",
        "It landed on the Moon in 1969.",
        "Apollo 11 landed on the Moon in 1968.",
    ];
    check(LANDED, &texts, &["date: 1969 by 0 1, 1968 by 2"]);
    check("", &texts, &["date: 1969 by 0 1, 1968 by 2"]);
    check("", &["1969", "1969", "1968"], &["date: 1969 by 0 1, 1968 by 2"]);
    let report = report(LANDED, &texts);
    let conflict = &report.contradictions[0];
    assert_eq!(conflict.status, ConflictStatus::Confirmed);
    assert!(conflict.touches_answer);
    assert_eq!(conflict.topic, "Apollo 11 landed on the Moon");
    let quote = &conflict.sides[1].quotes[0];
    assert_eq!(&texts[2][quote.value_range.clone()], "1968");
    assert_eq!(quote.text, texts[2]);
    assert_eq!(report.counts.conflicts, 1);
    assert_eq!(report.claims[0].stances, [Stance::Support, Stance::Support, Stance::Contradict]);
    assert_eq!(report.claims[0].class, Class::Conflict);
}

#[test]
fn paraphrases_do_not_conflict() {
    let texts = [
        "Apollo 11 landed on the Moon in July 1969.",
        "The Moon landing of Apollo 11 took place in 1969.",
        "It was in 1969 that Apollo 11 reached the Moon.",
    ];
    check(LANDED, &texts, &[]);
    check("", &texts, &[]);
    let report = report(LANDED, &texts);
    assert_eq!(report.counts.agreed, 1);
    assert!(report.confidence.unwrap() > 0.9, "{:?}", report.confidence);
}

#[test]
fn a_member_that_still_writes_does_not_disagree() {
    let mut engine = engine(LANDED, 3);
    engine.append(0, "Apollo 11 landed on the Moon in 1969. And");
    let report = engine.report();
    assert_eq!(report.counts.pending, 1);
    assert_eq!((report.agreement, report.confidence, report.is_final), (None, None, false));
    engine.append(1, "Apollo 11 landed on the Moon in 1968. And");
    let report = engine.report();
    assert_eq!(report.contradictions[0].status, ConflictStatus::Provisional);
    assert_eq!(report.counts.conflicts, 0);
    engine.append(0, " so it was.\n\n");
    engine.append(1, " so it was.\n\n");
    assert_eq!(engine.report().contradictions[0].status, ConflictStatus::Confirmed);
    engine.append(1, "Others say that Apollo 11 landed in 1969.\n\n");
    assert_eq!(engine.report().contradictions, []);
}

#[test]
fn a_yes_no_split_is_a_negation() {
    let texts = ["Yes, it moves the ref.", "Yes, the ref is moved.", "No, the server checks it first."];
    check("Does git push move the ref?", &texts, &["negation: yes by 0 1, no by 2"]);
}

#[test]
fn two_camps_are_two_sides() {
    let texts = ["It was Marie Curie.", "Marie Curie", "Lise Meitner", "The answer is Lise Meitner."];
    check("Who discovered polonium?", &texts, &["name: Marie Curie by 0 1, Lise Meitner by 2 3"]);
}

#[test]
fn nothing_is_said_where_nothing_can_be_compared() {
    for (texts, expected) in [
        (vec![], "nobody answered"),
        (vec!["", ""], "nobody answered"),
        (vec!["1969"], "one answer"),
        (vec!["🎉🎉🎉", "🎉"], "no statements"),
        (vec!["```\nlet x = f();\n```", "```\nfn main() {}\n```"], "only code"),
    ] {
        let report = report("What?", &texts);
        assert_eq!(report.not_compared.as_deref(), Some(expected), "{texts:?}");
        assert_eq!((report.agreement, report.confidence, report.counts.agreed), (None, None, 0));
    }
}
