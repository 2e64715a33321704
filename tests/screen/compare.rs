//! Two positions of a conflict side by side.

use crate::table::Table;
use dissent::domain::ids::Column;

const QUESTION: &str = "When did Apollo 11 land on the Moon?";
const TWO_SIDES: [&str; 3] = [
    "Apollo 11 landed on the Moon on **July 20, 1969**.\n\nThe crew stayed for 21 hours.",
    "Apollo 11 landed on the Moon on July 20, 1969. They brought back rock.",
    "Apollo 11 landed on the Moon on July 20, 1968. Michael Collins stayed in orbit.",
];
const THREE_SIDES: [&str; 3] = ["Apollo 11 landed in 1969.", "Apollo 11 landed in 1968.", "Apollo 11 landed in 1967."];

fn opened(answers: [&str; 3]) -> Table {
    let mut table = Table::settled(QUESTION, answers);
    table.screen(160, 50);
    table.keys(&["tab", "enter"]);
    table
}

#[test]
fn both_positions_stand_side_by_side_with_their_words() {
    let mut table = opened(TWO_SIDES);
    insta::assert_snapshot!("compare_160x50", table.screen(160, 50));
    insta::assert_snapshot!("compare_80x24", table.screen(80, 24));
}

#[test]
fn escape_goes_back_to_the_same_place() {
    let mut table = Table::settled(QUESTION, TWO_SIDES);
    table.screen(160, 50);
    table.keys(&["tab", "]"]);
    let before = table.screen(160, 50);
    table.key("enter");
    assert_ne!(table.screen(160, 50), before);
    table.key("esc");
    assert_eq!(table.screen(160, 50), before);
}

#[test]
fn a_third_position_is_folded_until_it_is_switched_to() {
    let mut table = opened(THREE_SIDES);
    let shown = |table: &Table| table.app.compare.as_ref().unwrap().members;
    assert_eq!(shown(&table), [0, 1]);
    assert!(table.screen(160, 50).contains("+1 more"));
    table.key("l");
    assert_eq!(shown(&table), [0, 2]);
    table.key("h");
    assert_eq!(shown(&table), [1, 2]);
}

#[test]
fn switching_goes_through_those_who_share_a_position_too() {
    let mut table = opened(TWO_SIDES);
    let shown = |table: &Table| table.app.compare.as_ref().unwrap().members;
    assert_eq!(shown(&table), [0, 2]);
    table.key("h");
    assert_eq!(shown(&table), [1, 2]);
    table.key("h");
    assert_eq!(shown(&table), [0, 2]);
    table.key("l");
    assert_eq!(shown(&table), [0, 2]);
}

#[test]
fn without_a_conflict_there_is_nothing_to_compare() {
    let same = "Apollo 11 landed in 1969.";
    let table = opened([same, same, same]);
    assert!(table.app.compare.is_none());
    assert!(table.app.notice.is_some());
}

#[test]
fn a_model_that_is_asked_anew_closes_a_comparison_that_no_longer_stands() {
    let mut table = Table::new();
    table.ask(QUESTION);
    for (column, answer) in TWO_SIDES.into_iter().enumerate() {
        table.says(column, answer);
    }
    table.read();
    table.keys(&["tab", "enter"]);
    assert!(table.app.compare.is_some());
    table.retract(2);
    table.read();
    assert!(table.app.compare.is_none());
}

#[test]
fn the_selected_conflict_leads_in_every_column() {
    use ratatui::style::Modifier;
    let mut table = Table::settled(QUESTION, TWO_SIDES);
    let is_bold = |table: &mut Table| {
        let buffer = table.buffer(160, 50);
        let place = table.app.layout.columns.iter().find(|place| place.column == Column(2)).unwrap().body;
        let row = (place.left()..place.right()).map(|x| buffer[(x, place.y + 1)].clone()).collect::<Vec<_>>();
        let at = row
            .windows(4)
            .position(|cells| cells.iter().map(ratatui::buffer::Cell::symbol).collect::<String>() == "1968");
        row[at.unwrap()].modifier.contains(Modifier::BOLD)
    };
    assert!(!is_bold(&mut table));
    table.keys(&["tab", "]"]);
    assert!(is_bold(&mut table));
}
