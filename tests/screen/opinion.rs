//! What a person thinks: a judgement of the answer, a vote without names.

use crate::table::Table;
use dissent::domain::fault::{Fault, FaultKind};
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::stream::StreamEventKind;
use dissent::ui::app::Layer;
use dissent::ui::effect::Effect;
use dissent::ui::opinion::Judgement;

const QUESTION: &str = "When did Apollo 11 land on the Moon?";
const ANSWERS: [&str; 3] = [
    "Apollo 11 landed on the Moon on July 20, 1969.",
    "It landed on July 20, 1969, in the Sea of Tranquility.",
    "Apollo 11 landed on the Moon on July 20, 1968.",
];

#[test]
fn a_judgement_stands_in_the_verdict_and_can_be_taken_back() {
    let mut table = Table::settled(QUESTION, ANSWERS);
    table.keys(&["tab", "!"]);
    assert!(table.screen(160, 50).contains("is the answer right?"));
    let kept = |effects: &[Effect]| match effects {
        [Effect::KeepOpinion { turn: TurnId(1), opinion }] => opinion.judgement,
        others => unreachable!("{others:?}"),
    };
    assert_eq!(kept(&table.key("w")), Some(Judgement::Wrong));
    assert_eq!(table.app.turns[0].opinion.held.judgement, Some(Judgement::Wrong));
    assert!(table.screen(160, 50).contains("you: wrong"));
    assert_eq!(kept(&table.keys(&["!", "u"])), None);
    assert!(!table.screen(160, 50).contains("you: wrong"));
}

#[test]
fn another_letter_judges_nothing_and_types_nothing() {
    let mut table = Table::settled(QUESTION, ANSWERS);
    table.keys(&["ctrl-x", "!", "x"]);
    assert_eq!(table.app.layer, Layer::None);
    assert_eq!(table.app.turns[0].opinion.held.judgement, None);
    assert!(table.app.composer.is_empty());
}

#[test]
fn there_is_nothing_to_judge_before_the_answer() {
    let mut table = Table::new();
    table.ask(QUESTION);
    table.keys(&["tab", "!"]);
    assert_eq!(table.app.layer, Layer::None);
}

/// A blind turn in which the letters are not dealt out as they were.
fn blind() -> Table {
    let mut table = Table::new();
    table.app.sight.is_blind = true;
    for _ in 0..9 {
        table.turn_of(QUESTION, ANSWERS);
        if table.app.turns.last().unwrap().faces.of(Column(0)) != Column(0) {
            return table;
        }
    }
    unreachable!("nine turns were dealt out the same way");
}

#[test]
fn no_name_is_shown_before_the_vote() {
    let mut table = blind();
    for (width, height) in [(80, 24), (120, 40), (160, 50), (200, 60)] {
        let screen = table.screen(width, height);
        for name in ["aspen", "birch", "cedar"] {
            assert!(!screen.contains(name), "{name} is in\n{screen}");
        }
    }
    insta::assert_snapshot!("blind_120x40", table.screen(120, 40));
}

#[test]
fn letters_are_in_order_while_answers_are_not() {
    let mut table = blind();
    table.screen(160, 50);
    let faces = table.app.turns.last().unwrap().faces.clone();
    let shown: Vec<char> = table.app.layout.columns.iter().map(|place| faces.letter(place.column)).collect();
    assert_eq!(shown, ['A', 'B', 'C']);
    assert_ne!(table.app.columns(), [Column(0), Column(1), Column(2)]);
}

#[test]
fn a_number_goes_to_the_column_that_bears_its_letter() {
    let mut table = blind();
    table.keys(&["tab", "2"]);
    let faces = &table.app.turns.last().unwrap().faces;
    assert_eq!(table.app.focused_column().map(|column| faces.letter(column)), Some('B'));
}

#[test]
fn a_vote_shows_the_names_and_is_kept() {
    let mut table = blind();
    let behind_b = table.app.turns.last().unwrap().faces.behind(Column(1));
    table.keys(&["tab", "B", "b"]);
    let view = table.app.turns.last().unwrap();
    assert_eq!(view.opinion.held.vote, Some(behind_b));
    assert!(!view.faces.are_hidden());
    let screen = table.screen(160, 50);
    assert!(screen.contains("aspen") && screen.contains("your blind vote"), "{screen}");
    table.turn_of(QUESTION, ANSWERS);
    assert!(table.app.turns.last().unwrap().faces.are_hidden(), "the next turn is blind again");
}

#[test]
fn a_failure_does_not_tell_who_it_was() {
    let mut table = Table::new();
    table.app.sight.is_blind = true;
    table.ask(QUESTION);
    let fault = Fault::new(FaultKind::RateLimited, "birch is over its limit (429)");
    table.happens(Column(1), StreamEventKind::Failed(fault));
    let screen = table.screen(160, 50);
    assert!(screen.contains("over its limit (429)"), "{screen}");
    assert!(!screen.contains("birch"), "{screen}");
}

#[test]
fn the_blind_mode_leaves_a_turn_alone_that_has_been_read() {
    let mut table = Table::settled(QUESTION, ANSWERS);
    table.keys(&["tab", "B"]);
    assert!(table.app.sight.is_blind);
    assert!(!table.app.turns[0].faces.are_hidden());
    table.key("B");
    assert!(!table.app.sight.is_blind);
}
