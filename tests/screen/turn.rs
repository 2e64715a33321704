//! Who answered a turn, who did not, and how it goes on.

use std::sync::Arc;

use crate::table::Table;
use dissent::consensus::voice::Ending;
use dissent::domain::fault::{Fault, FaultKind};
use dissent::domain::ids::Column;
use dissent::domain::member::Member;
use dissent::domain::stream::StreamEventKind;

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
