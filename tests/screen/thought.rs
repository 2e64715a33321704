//! The reasoning before an answer.

use crate::table::{Table, copied};

fn thought() -> Table {
    let mut table = Table::new();
    table.ask("why?");
    table.thinks(0, "First I weigh what is known. ");
    table.passes(7);
    table.thinks(0, "Then I choose.");
    table
}

#[test]
fn reasoning_is_a_line_until_it_is_unfolded() {
    let mut table = thought();
    let screen = table.screen(160, 50);
    assert!(screen.contains("thinking for 7 s") && !screen.contains("I weigh"), "{screen}");
    table.says(0, "Because.");
    table.passes(20);
    table.ends(0);
    let screen = table.screen(160, 50);
    assert!(screen.contains("▸ thought for 7 s · about 11 tokens"), "{screen}");
    table.keys(&["tab", "1", "e"]);
    let screen = table.screen(160, 50);
    assert!(screen.contains("▾ thought for 7 s") && screen.contains("First I weigh what is known."), "{screen}");
    assert!(screen.contains("Because."), "{screen}");
    table.key("e");
    assert!(!table.screen(160, 50).contains("I weigh"));
}

#[test]
fn reasoning_is_neither_copied_nor_counted() {
    let mut table = thought();
    table.says(0, "Because.");
    table.ends(0);
    table.keys(&["tab", "1", "e"]);
    assert_eq!(copied(&table.key("y")), "Because.");
    table.settle();
    let report = table.app.turns[0].report.clone().unwrap();
    assert_eq!(report.members[0].n_claims, 1);
}

#[test]
fn an_answer_without_reasoning_says_so() {
    let mut table = Table::settled("why?", ["Because.", "It is so.", "It is."]);
    table.keys(&["tab", "1", "e"]);
    assert!(table.app.notice.is_some());
}

#[test]
fn escape_sequences_in_reasoning_reach_no_cell() {
    let mut table = thought();
    table.thinks(0, "red \x1b[31mtext");
    table.keys(&["tab", "1", "e"]);
    let screen = table.screen(160, 50);
    assert!(screen.contains("red text") && !screen.contains("[31m"), "{screen}");
}
