//! What the screen shows, at every size class, from the first question to the verdict.

use std::sync::Arc;
use std::time::Duration;

use crate::table::Table;
use dissent::consensus::voice::Ending;
use dissent::domain::fault::{Fault, FaultKind};
use dissent::domain::ids::Column;
use dissent::domain::member::Member;
use dissent::domain::stream::{Delta, Finish, FinishNorm, FinishReason, StreamEventKind};
use dissent::domain::unsafe_text::is_unsafe;
use dissent::ui::app::Source;
use dissent::ui::msg::Msg;

const QUESTION: &str = "When did Apollo 11 land on the Moon?";
const ANSWERS: [&str; 3] = [
    "Apollo 11 landed on the Moon on **July 20, 1969**. Neil Armstrong stepped out first.\n\n- The crew stayed for 21 \
     hours and 36 minutes.\n- They collected 21.5 kg of rock.",
    "The landing took place on July 20, 1969. They brought back 47.4 pounds of rock.",
    "Apollo 11 landed on the Moon on July 20, 1968. Michael Collins stayed in orbit.",
];

fn settled() -> Table {
    Table::settled(QUESTION, ANSWERS)
}

fn streaming() -> Table {
    let mut table = Table::new();
    table.ask(QUESTION);
    table.passes(1);
    table
        .says(0, "Apollo 11 landed on the Moon on **July 20, 1969**. Neil Armstrong stepped out first.\n\n- The crew ");
    table.says(2, "Apollo 11 landed on the Moon on July 20, 1968. Michael Col");
    table.passes(1);
    table.read();
    table
}

#[test]
fn a_settled_turn_at_every_size() {
    let mut table = settled();
    for (width, height) in [(80, 24), (120, 40), (160, 50), (200, 60)] {
        insta::assert_snapshot!(format!("settled_{width}x{height}"), table.screen(width, height));
    }
}

#[test]
fn of_a_long_question_head_and_end_stand_above_the_answer() {
    let pasted: Vec<String> = (0..60).map(|line| format!("line {line} of a log")).collect();
    let question = format!("What is wrong here?\n{}\nAnswer with a year.", pasted.join("\n"));
    let mut table = Table::settled(&question, ANSWERS);
    for (size, left_out) in [((120, 40), "… 60 rows more …"), ((160, 50), "… 53 rows more …")] {
        let screen = table.screen(size.0, size.1);
        for shown in ["you   What is wrong here?", left_out, "Answer with a year.", "answers for the ensemble"] {
            assert!(screen.contains(shown), "{shown:?} at {size:?}\n{screen}");
        }
    }
    table.turn_of(QUESTION, ANSWERS);
    let screen = table.screen(160, 50);
    assert!(screen.contains("you   What is wrong here? line 0 of a log…"), "{screen}");
}

#[test]
fn the_rule_of_the_last_column_says_both_what_is_below_and_what_is_behind() {
    let mut table = Table::of_five();
    table.ask(QUESTION);
    for column in 0..5 {
        table.says(column, &"One more line of it.\n\n".repeat(60));
    }
    table.screen(120, 40);
    table.keys(&["tab", "1", "g"]);
    table.keys(&["2", "g"]);
    table.keys(&["3", "g"]);
    let screen = table.screen(120, 40);
    let rule = screen.lines().find(|line| line.contains("more ▸")).unwrap();
    assert_eq!(rule.matches(" below ").count(), 3, "each of the columns says it whole: {rule}");
}

#[test]
fn a_streaming_turn_at_every_size() {
    let mut table = streaming();
    for (width, height) in [(80, 24), (120, 40), (160, 50), (200, 60)] {
        insta::assert_snapshot!(format!("streaming_{width}x{height}"), table.screen(width, height));
    }
}

#[test]
fn the_first_screen_explains_itself() {
    let mut table = Table::new();
    insta::assert_snapshot!("first_80x24", table.screen(80, 24));
    insta::assert_snapshot!("first_120x40", table.screen(120, 40));
}

#[test]
fn the_help_fits_the_smallest_usual_window() {
    let mut table = settled();
    table.key("?");
    insta::assert_snapshot!("help_80x24", table.screen(80, 24));
}

#[test]
fn the_conflict_names_both_values_and_the_models() {
    let screen = settled().screen(160, 50);
    let card = screen.lines().find(|line| line.contains("≠1") && line.contains("1968") && line.contains("1969"));
    let card = card.unwrap_or_else(|| unreachable!("no card in\n{screen}"));
    assert!(card.contains(" A ") && card.contains(" B ") && card.contains(" C "), "{card}");
}

#[test]
fn a_jump_marks_the_card_and_brings_a_tab_of_the_conflict_to_the_front() {
    let mut table = settled();
    table.screen(80, 24);
    table.keys(&["tab", "]"]);
    let screen = table.screen(80, 24);
    assert!(screen.lines().any(|line| line.starts_with("▸≠1")), "{screen}");
}

#[test]
fn the_panel_lists_all_claims_or_only_conflicts() {
    let mut table = settled();
    let usual = table.screen(160, 50);
    assert!(usual.contains("only one says it: A"), "{usual}");
    table.keys(&["tab", "."]);
    assert!(!table.screen(160, 50).contains("only one says it: A"));
    table.key(",");
    let conflicts = table.screen(160, 50);
    assert!(conflicts.contains("only conflicts are listed") && conflicts.contains("≠1"), "{conflicts}");
    table.key(",");
    assert!(table.screen(160, 50).contains("only one says it: A"));
}

#[test]
fn too_small_a_window_says_so_and_recovers() {
    let mut table = settled();
    let before = table.screen(120, 40);
    let small = table.screen(39, 9);
    assert!(small.contains("needs 40x10"), "{small}");
    assert_eq!(table.screen(120, 40), before);
}

fn fault(kind: FaultKind, message: &str) -> Fault {
    Fault::new(kind, message)
}

/// Shows one column in a state and returns what its head and body say.
fn check(happen: impl FnOnce(&mut Table), expected: &[&str]) {
    let mut table = Table::new();
    table.ask("why?");
    happen(&mut table);
    let screen = table.screen(160, 50);
    for text in expected {
        assert!(screen.contains(text), "{text:?} is not in\n{screen}");
    }
}

#[test]
fn a_model_that_has_not_answered_yet_is_drawn() {
    let a = Column(0);
    check(|table| table.passes(3), &["… 3s", "waiting, 3 s"]);
    check(
        |table| {
            let delta = Delta { reasoning: "hm".to_owned(), ..Delta::default() };
            table.happens(a, StreamEventKind::Delta(delta));
            table.passes(2);
        },
        &["thinking 2s"],
    );
    check(
        |table| {
            let fault = fault(FaultKind::RateLimited, "over its limit (429)");
            table.happens(a, StreamEventKind::Retrying { attempt: 2, after: Duration::from_secs(12), fault });
        },
        &["retrying", "over its limit (429)", "asks", "12 s"],
    );
    check(
        |table| {
            let fault = fault(FaultKind::Auth, "no key").advise("set one");
            table.happens(a, StreamEventKind::Switched { to: Arc::new(Member::named("elder")), fault });
        },
        &["… 0s", "elder is asked in the place of"],
    );
    check(|table| table.happens(a, StreamEventKind::Late), &["late", "left out of the"]);
    check(|table| drop(table.keys(&["ctrl-x", "1"])), &["A aspen off"]);
}

#[test]
fn a_model_that_writes_shows_its_rate_and_a_sign_of_life() {
    check(
        |table| {
            table.says(0, "A first sentence of forty bytes or so.. ");
            table.passes(2);
            table.says(0, "And a second one.");
        },
        &["8/s", "And a second one.▌"],
    );
}

#[test]
fn a_model_that_failed_is_drawn() {
    let failed = |kind, message| StreamEventKind::Failed(fault(kind, message));
    check(
        |table| {
            let refused = fault(FaultKind::Auth, "refused the key").advise("set another");
            table.fails(0, StreamEventKind::Failed(refused), Ending::Nothing);
        },
        &["× failed", "refused the key; set another"],
    );
    check(
        |table| {
            table.says(0, "Half an ans");
            table.fails(0, failed(FaultKind::Cut, "the stream ended early"), Ending::Partial);
        },
        &["Half an ans", "× cut", "cut: the stream ended early"],
    );
    check(
        |table| {
            table.fails(0, failed(FaultKind::Timeout, "nothing came"), Ending::Nothing);
        },
        &["× timed out"],
    );
    check(
        |table| {
            table.fails(0, StreamEventKind::Cancelled, Ending::Nothing);
        },
        &["stopped"],
    );
}

#[test]
fn a_model_that_ended_is_drawn_by_how_it_ended() {
    check(
        |table| {
            table.says(0, "I can't help with that.");
            let finish = Finish { refusal: true, ..crate::table::stop() };
            table.fails(0, StreamEventKind::Finished(Box::new(finish)), Ending::Refusal);
        },
        &["declined"],
    );
    check(
        |table| {
            table.says(0, "A long answer that");
            let reason = Some(FinishReason { raw: Some("length".to_owned()), norm: FinishNorm::Length });
            let finish = Finish { reason, ..Finish::default() };
            table.fails(0, StreamEventKind::Finished(Box::new(finish)), Ending::Partial);
        },
        &["cut at limit", "cut at the token limit"],
    );
    check(
        |table| {
            table.says(0, "All is said.");
            table.passes(4);
            table.ends(0);
        },
        &["✓ 4.0s"],
    );
}

#[test]
fn escape_sequences_reach_no_cell_and_are_counted() {
    let mut table = Table::new();
    table.ask("why?");
    table.says(0, "red \x1b[31mtext\x1b]52;c;aGk=\x07 and \u{202e}bidi\u{200b}.");
    table.ends(0);
    let screen = table.screen(160, 50);
    assert!(screen.contains("red text and bidi."), "{screen}");
    assert!(screen.contains("control sequences removed"), "{screen}");
    assert!(!screen.contains("[31m") && !screen.contains("52;c"), "{screen}");
}

#[test]
fn a_degraded_result_looks_degraded() {
    let mut table = Table::new();
    table.ask(QUESTION);
    for (column, answer) in ANSWERS.into_iter().enumerate().take(2) {
        table.says(column, answer);
        table.ends(column);
    }
    table.fails(2, StreamEventKind::Failed(fault(FaultKind::Timeout, "nothing came")), Ending::Nothing);
    table.settle();
    let screen = table.screen(160, 50);
    assert!(screen.contains("2 of 3: cedar timed out"), "{screen}");
}

#[test]
fn a_lone_answer_is_headed_as_a_fallback() {
    let mut table = Table::new();
    table.ask(QUESTION);
    table.says(0, ANSWERS[0]);
    table.ends(0);
    for column in [1, 2] {
        table.fails(column, StreamEventKind::Failed(fault(FaultKind::Server, "broke")), Ending::Nothing);
    }
    table.settle();
    let screen = table.screen(160, 50);
    assert!(screen.contains("fallback") && screen.contains("1 of 3"), "{screen}");
    assert!(screen.contains("flagged"), "{screen}");
}

#[test]
fn no_word_of_a_file_or_a_server_brings_what_a_terminal_obeys_to_a_cell() {
    let mut table = Table::settled("why \u{202e}so\u{9b}31m\u{200b}?", ["It is 1.", "It is 1.", "It is 1."]);
    let foul = "a \u{202e}word\u{1b}]0;x\u{7}\u{2066} of\u{ad} a server";
    table.app.source = Source::Bank(foul.to_owned());
    table.app.notes = vec![foul.to_owned()];
    table.tell(Msg::Said(foul.to_owned()));
    for size in [(80, 24), (120, 40), (200, 60)] {
        let buffer = table.buffer(size.0, size.1);
        let unsafe_one = buffer.content().iter().find(|cell| cell.symbol().chars().any(is_unsafe));
        assert_eq!(unsafe_one, None, "at {size:?}");
    }
    assert!(table.screen(200, 60).contains("a word of a server"), "{}", table.screen(200, 60));
}

#[test]
fn the_footer_says_queue_only_where_a_question_waits() {
    let mut table = Table::new();
    table.ask("why?");
    for column in 0..2 {
        table.says(column, "It was in 1969.");
        table.ends(column);
    }
    table.happens(Column(2), StreamEventKind::Late);
    table.type_text("and then?");
    assert!(table.screen(120, 40).contains("enter queue"));
    table.settle();
    let screen = table.screen(120, 40);
    assert!(screen.contains("enter send") && !screen.contains("queue"), "{screen}");
}

#[test]
fn behind_the_number_of_a_conflict_there_is_air() {
    let answer = |year: i32| {
        let item = |idx: i32| format!("{}. Tower {} was finished in {}.\n", idx, NAMES[idx as usize], year + idx);
        (1..13).map(item).collect::<String>()
    };
    let mut table = Table::settled("When were the towers finished?", [&answer(1900), &answer(1900), &answer(1950)]);
    let screen = table.screen(160, 60);
    let numbers = table.app.shown().unwrap().conflict_numbers();
    assert!(numbers.len() >= 10 && numbers[9] >= 10, "{numbers:?}");
    for line in table.screen(160, 60).lines() {
        for (at, _) in line.match_indices('≠') {
            let behind = line[at + '≠'.len_utf8()..].trim_start_matches(|digit: char| digit.is_ascii_digit());
            assert!(behind.is_empty() || behind.starts_with([' ', ';', ',']), "{line}\n{screen}");
        }
    }
}

const NAMES: [&str; 13] = [
    "Zero", "Ashford", "Bramley", "Corvina", "Dunmore", "Elgin", "Farrow", "Gilder", "Hollins", "Ironby", "Jarrow",
    "Kelso", "Lomond",
];
