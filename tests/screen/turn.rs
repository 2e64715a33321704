//! Who answered a turn, who did not, and how it goes on.

use std::sync::Arc;
use std::time::Duration;

use crate::table::Table;
use dissent::consensus::voice::Ending;
use dissent::domain::fault::{Fault, FaultKind};
use dissent::domain::ids::Column;
use dissent::domain::member::Member;
use dissent::domain::stream::StreamEventKind;
use dissent::ui::effect::Effect;

const QUESTION: &str = "When did Apollo 11 land on the Moon?";

/// A turn in which another model answers in the place of the first: one that has a seat of its own, or none.
fn stood_in(by: &str) -> Table {
    let mut table = Table::new();
    table.ask(QUESTION);
    let fault = Fault::new(FaultKind::Auth, "the key was refused");
    table.happens(Column(0), StreamEventKind::Switched { to: Arc::new(Member::named(by)), fault });
    table.says(0, "Apollo 11 landed on the Moon on July 20, 1969, in the Sea of Tranquility.");
    table.ends(0);
    table.says(1, "It landed on July 20, 1969.");
    table.ends(1);
    let fault = Fault::new(FaultKind::Server, "broke");
    table.fails(2, StreamEventKind::Failed(fault), Ending::Nothing);
    table.settle();
    table
}

#[test]
fn a_stand_in_answers_under_its_own_name_and_the_letter_of_the_column() {
    for by in ["dogwood", "elm"] {
        let mut table = stood_in(by);
        let screen = table.screen(160, 50);
        assert!(screen.contains("A  answers for the ensemble"), "{screen}");
        assert!(screen.contains(&format!(" A  {by}")), "{screen}");
        assert!(screen.contains(&format!("{by} is asked in place of aspen: the")), "{screen}");
        let support = screen.lines().find(|line| line.starts_with(" = ")).unwrap_or_default();
        assert!(support.contains(" A  B "), "{screen}");
    }
}

#[test]
fn a_question_between_the_last_answer_and_the_verdict_waits_for_the_verdict() {
    let mut table = Table::new();
    table.ask(QUESTION);
    for column in 0..3 {
        table.says(column, "It was in 1969.");
        table.ends(column);
    }
    assert!(table.ask("And who was on board?").is_empty());
    assert_eq!(table.app.queue.len(), 1);
    let effects = table.settle();
    assert!(matches!(effects.as_slice(), [Effect::Ask { .. }]), "{effects:?}");
}

#[test]
fn who_declines_in_words_is_named_and_an_empty_list_is_not_printed() {
    let mut table = Table::new();
    table.ask(QUESTION);
    for (column, text) in
        ["It was in 1969.", "It was in 1969.", "I'm sorry, but I can't help with that request."].into_iter().enumerate()
    {
        table.says(column, text);
        table.ends(column);
    }
    table.happens(Column(2), StreamEventKind::Declined);
    table.settle();
    let screen = table.screen(160, 50);
    assert!(screen.contains("2 of 3: cedar declined"), "{screen}");
    assert!(screen.contains("declined to answer: casts no"), "{screen}");
    table.happens(Column(2), StreamEventKind::Cancelled);
    assert!(!table.screen(160, 50).contains("2 of 3: "), "{screen}");
}

#[test]
fn who_is_left_out_says_what_it_was_waiting_for() {
    let mut table = Table::new();
    table.ask(QUESTION);
    let fault =
        Fault { retry_after: Some(Duration::from_secs(600)), ..Fault::new(FaultKind::RateLimited, "30 an hour") };
    table.happens(Column(2), StreamEventKind::Retrying { attempt: 2, after: Duration::from_secs(600), fault });
    table.happens(Column(2), StreamEventKind::Late);
    let screen = table.screen(160, 50);
    assert!(screen.contains("verdict: 30 an") && screen.contains("wait 600 s"), "{screen}");
}
