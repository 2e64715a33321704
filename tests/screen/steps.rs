//! One line is one line, in every pane and at every size: what is in sight moves by one row and by nothing else.

use std::sync::Arc;

use dissent::consensus::voice::Ending;
use dissent::domain::fault::{Fault, FaultKind};
use dissent::domain::ids::Column;
use dissent::domain::member::Member;
use dissent::domain::stream::StreamEventKind;
use dissent::ui::geometry::Pane;

use crate::table::Table;

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (160, 50)];

fn items(n: usize) -> String {
    (0..n).map(|idx| format!("- item {idx} of a long answer\n")).collect::<Vec<_>>().concat()
}

/// Presses a key; returns whether the rows moved, which must be by one. Nothing may come in from nowhere.
fn steps(table: &mut Table, key: &str, pane: Pane, size: (u16, u16)) -> bool {
    let before = table.lines(pane, size);
    let cursor = table.app.reading.chat_cursor;
    table.key(key);
    let after = table.lines(pane, size);
    if after == before {
        // In the conversation a key may go to the next turn in place of the next line.
        return table.app.reading.chat_cursor != cursor;
    }
    let n = before.len() - 1;
    match key {
        "j" => assert_eq!(after[..n], before[1..], "j at {size:?}"),
        _ => assert_eq!(after[1..], before[..n], "k at {size:?}"),
    }
    true
}

/// Walks a pane up and down from where it stands, to both of its ends and back.
fn walk(table: &mut Table, pane: Pane, size: (u16, u16)) {
    let mut n_down = 0;
    while steps(table, "j", pane, size) {
        n_down += 1;
    }
    let end = table.lines(pane, size);
    let mut n_up = 0;
    while steps(table, "k", pane, size) {
        n_up += 1;
    }
    assert!(n_up >= n_down && n_up > 10, "{n_down} down, {n_up} up at {size:?}");
    table.key("g");
    let top = table.lines(pane, size);
    assert!(!steps(table, "k", pane, size), "k at the top at {size:?}");
    for _ in 0..n_up {
        assert!(steps(table, "j", pane, size));
    }
    assert_eq!(table.lines(pane, size), end);
    table.key("g");
    assert_eq!(table.lines(pane, size), top);
    table.key("G");
    assert_eq!(table.lines(pane, size), end, "G at {size:?}");
}

#[test]
fn a_line_is_a_line_in_the_conversation_wherever_it_stands() {
    for size in SIZES {
        let long = items(60);
        let mut table = Table::settled("one?", [&long, &long, &long]);
        table.turn_of("two?", [&long, &long, &long]);
        table.screen(size.0, size.1);
        table.keys(&["tab", "h", "h", "h"]);
        table.screen(size.0, size.1);
        walk(&mut table, Pane::Chat, size);
    }
}

#[test]
fn the_first_line_down_from_a_turns_head_is_its_next_row() {
    let long = items(60);
    let mut table = Table::settled("why so?", [&long, &long, &long]);
    table.screen(120, 40);
    table.keys(&["tab", "h"]);
    let rows = table.lines(Pane::Chat, (120, 40));
    assert!(rows[0].contains("why so?"), "{rows:?}");
    table.key("j");
    assert_eq!(table.top_line(Pane::Chat, (120, 40)), rows[1]);
    table.key("k");
    assert_eq!(table.top_line(Pane::Chat, (120, 40)), rows[0]);
}

fn cut() -> StreamEventKind {
    StreamEventKind::Failed(Fault::new(FaultKind::Cut, "the server ended the answer in the middle"))
}

#[test]
fn a_line_is_a_line_in_a_column_with_words_under_its_answer() {
    for size in SIZES {
        let mut table = Table::new();
        table.ask("why?");
        table.says(0, &items(60));
        table.fails(0, cut(), Ending::Partial);
        table.screen(size.0, size.1);
        table.keys(&["tab", "1"]);
        let rows = table.lines(Pane::Column(Column(0)), size);
        assert!(rows.iter().any(|row| row.contains("no vote")), "the end has the words: {rows:?}");
        walk(&mut table, Pane::Column(Column(0)), size);
    }
}

#[test]
fn a_line_is_a_line_in_a_column_where_another_model_answers() {
    for size in SIZES {
        let mut table = Table::new();
        table.ask("why?");
        let fault = Fault::new(FaultKind::RateLimited, "too many requests");
        let to = Arc::new(Member::named("dogwood"));
        table.happens(Column(0), StreamEventKind::Switched { to, fault });
        table.says(0, &items(60));
        table.ends(0);
        table.screen(size.0, size.1);
        table.keys(&["tab", "1"]);
        walk(&mut table, Pane::Column(Column(0)), size);
    }
}
