//! What is copied.

use crate::table::{Table, copied};
use dissent::ui::app::Layer;

const QUESTION: &str = "When did Apollo 11 land on the Moon?";
const ANSWERS: [&str; 3] = [
    "Apollo 11 landed on the Moon on **July 20, 1969**.",
    "It landed on July 20, 1969, in the Sea of Tranquility.",
    "Apollo 11 landed on the Moon on July 20, 1968.",
];

#[test]
fn an_answer_is_copied_as_its_source() {
    let mut table = Table::settled(QUESTION, ANSWERS);
    table.screen(80, 24);
    assert_eq!(copied(&table.keys(&["tab", "1", "y"])), ANSWERS[0]);
    assert!(table.screen(160, 50).contains("sent to the terminal's clipboard"));
}

#[test]
fn while_a_question_is_written_it_is_the_answer_of_the_ensemble_that_is_copied() {
    let mut table = Table::settled(QUESTION, [ANSWERS[2], ANSWERS[0], ANSWERS[1]]);
    table.screen(160, 50);
    let by = table.app.shown().unwrap().chat.answer_by().unwrap();
    assert_ne!(by.index(), 0, "the first column is in focus, and must not be what is copied");
    let expected = [ANSWERS[2], ANSWERS[0], ANSWERS[1]][by.index()];
    assert_eq!(copied(&table.keys(&["ctrl-x", "y"])), expected);
    let notice = table.app.notice.as_ref().unwrap().text.clone();
    assert!(notice.starts_with("the answer of the ensemble, "), "{notice}");
}

#[test]
fn a_turn_is_copied_with_its_report() {
    let mut table = Table::settled(QUESTION, ANSWERS);
    insta::assert_snapshot!("copied_turn", copied(&table.keys(&["tab", "Y"])));
}

#[test]
fn a_conflict_is_copied_while_its_sides_are_compared() {
    let mut table = Table::settled(QUESTION, ANSWERS);
    insta::assert_snapshot!("copied_conflict", copied(&table.keys(&["tab", "enter", "y"])));
}

#[test]
fn a_blind_turn_is_copied_without_names() {
    let mut table = Table::new();
    table.app.sight.is_blind = true;
    table.turn_of(QUESTION, ANSWERS);
    let text = copied(&table.keys(&["tab", "Y"]));
    for name in ["aspen", "birch", "cedar"] {
        assert!(!text.contains(name), "{text}");
    }
}

#[test]
fn a_block_of_code_is_copied_byte_for_byte_by_its_letter() {
    let mut table = Table::new();
    table.ask("how?");
    table.says(0, "Do:\n\n```sh\ngit push \\\n\t--force\n```\n\nor\n\n> ```rust\n> fn a() {}\n> ```\n\nThat's all.");
    table.ends(0);
    table.screen(160, 50);
    assert_eq!(table.keys(&["tab", "1", "b"]), []);
    let screen = table.screen(160, 50);
    assert!(screen.contains("copy which code?  a sh 2 lines  b rust 1 line"), "{screen}");
    assert_eq!(copied(&table.key("a")), "git push \\\n\t--force");
    table.key("b");
    assert_eq!(copied(&table.key("b")), "fn a() {}");
    table.key("b");
    assert_eq!(table.key("z"), []);
    assert_eq!(table.app.layer, Layer::None);
}

#[test]
fn a_lone_block_of_code_needs_no_letter() {
    let mut table = Table::new();
    table.ask("how?");
    table.says(0, "```\nls -l\n```\n");
    table.ends(0);
    table.screen(160, 50);
    assert_eq!(copied(&table.keys(&["tab", "1", "b"])), "ls -l");
}

#[test]
fn what_a_terminal_would_obey_is_not_copied() {
    let mut table = Table::new();
    table.ask("how?");
    table.says(0, "```\necho \x1b]52;c;aGk=\x07 hi\n```\n\n\n");
    table.ends(0);
    table.screen(160, 50);
    assert_eq!(copied(&table.keys(&["tab", "1", "b"])), "echo  hi");
    assert_eq!(copied(&table.key("y")), "```\necho  hi\n```");
}

#[test]
fn a_command_says_what_to_copy() {
    let mut table = Table::settled(QUESTION, ANSWERS);
    table.type_text("/copy all");
    assert!(copied(&table.key("enter")).starts_with("# When did"));
    table.type_text("/copy everything");
    assert_eq!(table.key("enter"), []);
    assert!(table.app.notice.is_some());
}

#[test]
fn an_older_turn_is_opened_from_the_conversation() {
    let mut table = Table::settled("one?", ["In 1931.", "In 1931.", "In 1931."]);
    table.turn_of("two?", ["In 1927.", "In 1927.", "In 1927."]);
    table.screen(160, 50);
    table.keys(&["tab", "h", "k"]);
    let screen = table.screen(160, 50);
    assert!(screen.contains("▸you   one?"), "{screen}");
    table.key("enter");
    assert_eq!(table.app.selected, 0);
    assert!(table.app.compare.is_none());
}
