//! What is being read stays where it is: whatever comes in, whatever size the window takes.

use crate::table::Table;
use dissent::domain::ids::Column;
use dissent::ui::column::BodyRow;
use dissent::ui::geometry::Pane;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Text with everything whose rows change with the width: lists, code, tables, headings, wide characters.
fn piece(idx: usize) -> String {
    match idx % 6 {
        0 => format!(
            "## Part {idx}\n\nA paragraph of {idx} with enough words that it takes several rows in a column.\n\n"
        ),
        1 => format!("- item {idx} that is a little longer than the others\n  - nested {idx}\n"),
        2 => {
            format!("```rust\nfn part_{idx}() {{ println!(\"a line of code that is wider than a column\"); }}\n```\n\n")
        }
        3 => format!("| key {idx} | value |\n| --- | --- |\n| a | some words {idx} |\n| b | more of them |\n\n"),
        4 => format!("> a quotation {idx} 漢字漢字漢字 that goes on for a while\n\n"),
        _ => format!("Plain words {idx}, then **strong** ones and `code`, and then the end of it.\n\n"),
    }
}

/// Returns the provider's byte that the top row of the first column begins with; nothing above the answer.
fn top(table: &Table) -> Option<usize> {
    let column = &table.app.turns[0].columns[0];
    match column.row(table.app.first_row(Pane::Column(Column(0)))) {
        Some(BodyRow::Answer(row)) => Some(row.source.start),
        _ => None,
    }
}

#[derive(Clone, Debug)]
enum Event {
    Text(usize),
    Other(usize),
    Size(u16, u16),
    Read,
    Panel,
    Thought,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0usize..60).prop_map(Event::Text),
        (0usize..60).prop_map(Event::Other),
        (60u16..240, 20u16..60).prop_map(|(width, height)| Event::Size(width, height)),
        Just(Event::Read),
        Just(Event::Panel),
        Just(Event::Thought),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32,
        rng_seed: RngSeed::Fixed(1969),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_top_row_stays_through_random_events_and_sizes(
        up in 1usize..25,
        events in prop::collection::vec(event(), 1..12),
    ) {
        let mut table = Table::new();
        table.ask("why?");
        table.thinks(0, "Some thoughts of a few words. ");
        for idx in 0..24 {
            table.says(0, &piece(idx));
        }
        table.screen(160, 50);
        table.keys(&["tab", "1"]);
        for _ in 0..up {
            table.key("k");
        }
        table.screen(160, 50);
        let before = top(&table);
        let mut n_pieces = 24;
        for event in events {
            match event {
                Event::Text(idx) => {
                    table.says(0, &piece(idx));
                    n_pieces += 1;
                }
                Event::Other(idx) => table.says(1, &piece(idx)),
                Event::Size(width, height) => {
                    table.screen(width, height);
                    // The row that shows the place is in sight; on coming back it is the top row again.
                    let column = &table.app.turns[0].columns[0];
                    let height = table.app.body_height(Column(0));
                    let shown = column.row_at_source(before.unwrap()).unwrap();
                    let first = table.app.first_row(Pane::Column(Column(0)));
                    prop_assert!((first..first + height).contains(&shown), "{shown} is not in {first} + {height}");
                }
                Event::Read => table.read(),
                Event::Panel => drop(table.key("c")),
                Event::Thought => drop(table.key("e")),
            }
        }
        table.screen(160, 50);
        while table.app.panel_place != dissent::ui::geometry::PanelPlace::Auto {
            table.key("c");
        }
        table.screen(160, 50);
        prop_assert_eq!(top(&table), before, "after {} pieces", n_pieces);
    }
}

#[test]
fn the_badge_counts_what_is_new_and_goes_when_it_has_been_seen() {
    let mut table = Table::new();
    table.ask("why?");
    let lines = |n: usize| (0..n).map(|idx| format!("- item {idx}\n")).collect::<Vec<_>>().concat();
    table.says(0, &lines(60));
    table.screen(160, 50);
    table.keys(&["tab", "1", "k", "k"]);
    assert!(table.screen(160, 50).contains("▾ 2 below"));
    table.says(0, &lines(12));
    let screen = table.screen(160, 50);
    assert!(screen.contains("▾ 12 new"), "{screen}");
    table.key("G");
    table.screen(160, 50);
    table.key("k");
    assert!(table.screen(160, 50).contains("▾ 1 below"));
}

#[test]
fn the_conversation_stays_where_it_is_read_when_turns_above_it_fold_or_wrap() {
    let long = (0..80).map(|idx| format!("- item {idx} of a long answer\n")).collect::<Vec<_>>().concat();
    let mut table = Table::settled("one?", [&long, &long, &long]);
    table.turn_of("two?", [&long, &long, &long]);
    table.screen(160, 50);
    table.keys(&["tab", "h", "k", "k", "k", "k", "k", "k"]);
    let top = |table: &mut Table, width, height| {
        let screen = table.screen(width, height);
        let y = usize::from(table.app.layout.chat.unwrap().y);
        screen.lines().nth(y).unwrap().split('│').next().unwrap().trim().to_owned()
    };
    let before = top(&mut table, 160, 50);
    assert!(before.contains("item"), "{before}");
    assert_eq!(top(&mut table, 170, 50), before);
    table.app.turns[0].revision += 1;
    assert_eq!(top(&mut table, 160, 50), before);
}

/// Text whose rows show one place twice: cells side by side, marks without words.
fn twofold() -> String {
    let wide = "| a key of some length | a value that takes two rows of its cell | more | and words in the last one |\n\
                | --- | --- | --- | --- |\n| one of the rows | with many words in it, so that it wraps | x | y |\n\n";
    let rest = "- [x] done\n  1. one\n  2. two\n\n---\n\n[a link](https://example.org/a/long/address)\n\n";
    (0..24).flat_map(|idx| [piece(idx), wide.to_owned(), rest.to_owned()]).collect()
}

/// Walks a pane from its first row to its last and back; `first` tells its first row in sight, and its last first row.
fn walk(table: &mut Table, first: impl Fn(&mut Table) -> (usize, usize)) {
    table.key("g");
    let (mut row, last) = first(table);
    assert_eq!(row, 0);
    while row < last {
        table.key("j");
        assert_eq!(first(table).0, row + 1);
        row += 1;
    }
    while row > 0 {
        table.key("k");
        assert_eq!(first(table).0, row - 1);
        row -= 1;
    }
    table.key("G");
    assert_eq!(first(table).0, last);
}

fn first_of_column(table: &mut Table) -> (usize, usize) {
    table.screen(160, 50);
    let pane = Pane::Column(Column(0));
    (table.app.first_row(pane), table.app.extent(pane).last_top())
}

#[test]
fn a_line_down_is_one_row_further_and_a_line_up_one_row_back() {
    let mut table = Table::new();
    table.ask("why?");
    table.says(0, &twofold());
    table.screen(160, 50);
    table.keys(&["tab", "1"]);
    walk(&mut table, first_of_column);
    table.says(0, "One more line.\n\nAnd another.\n\n");
    let (row, last) = first_of_column(&mut table);
    assert_eq!(row, last);
}

#[test]
fn the_conversation_is_walked_line_by_line_too() {
    let text = twofold();
    let mut table = Table::settled("one?", [&text, &text, &text]);
    table.screen(160, 50);
    table.keys(&["tab", "h"]);
    walk(&mut table, |table| {
        table.screen(160, 50);
        (table.app.first_row(Pane::Chat), table.app.extent(Pane::Chat).last_top())
    });
}
