//! Whatever models write, panes keep their borders and every row its width.

use crate::table::Table;
use dissent::ui::geometry::Layout;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use ratatui::buffer::Buffer;

fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "plain words ",
        "漢字かな。",
        "ｶﾞ",
        "👩\u{200d}👩\u{200d}👧 ",
        "❤\u{fe0f}",
        "🇩🇪",
        "e\u{301}\u{302}",
        "שלום עולם ",
        "مرحبا ",
        "नि",
        "\u{202e}turned",
        "\u{1b}[31mred",
        "\t",
        "\n",
        "\n\n",
        "- ",
        "  - ",
        "1. ",
        "> ",
        "# ",
        "- [x] ",
        "**",
        "`",
        "```rust\n",
        "| a | b |\n|---|---|\n| 漢字 | 👩\u{200d}👧 |\n",
        "a_very_long_word_without_any_blank_in_it_at_all",
        "\u{200d}",
        "[a link](https://example.org/path) ",
        "---\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Returns where a border is broken.
fn broken(layout: &Layout, buffer: &Buffer) -> Option<(u16, u16)> {
    let between = layout.columns.iter().skip(1).filter(|place| place.head.height > 0);
    let between = between.flat_map(|place| {
        let x = place.head.x - 1;
        (place.body.top()..place.body.bottom()).map(move |y| (x, y))
    });
    let chat = layout.chat_rule.into_iter().flat_map(|rule| (rule.top()..rule.bottom()).map(move |y| (rule.x, y)));
    between.chain(chat).find(|cell| buffer[*cell].symbol() != "│")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        rng_seed: RngSeed::Fixed(1969),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_text_breaks_a_border(
        texts in prop::array::uniform3(text()),
        reasoning in text(),
        width in 40u16..240,
        height in 10u16..60,
        keys in prop::collection::vec(prop::sample::select(vec!["w", "W", "e", "z", "c", "t", "enter", "]", ".", "G"]), 0..5),
    ) {
        let mut table = Table::new();
        table.ask("why 漢字 שלום?");
        table.thinks(0, &reasoning);
        for (column, text) in texts.iter().enumerate() {
            table.says(column, text);
            let buffer = table.buffer(width, height);
            prop_assert_eq!(broken(&table.app.layout, &buffer), None);
        }
        for column in 0..3 {
            table.ends(column);
        }
        table.settle();
        table.key("tab");
        for key in keys {
            table.key(key);
            let buffer = table.buffer(width, height);
            if table.app.compare.is_none() {
                prop_assert_eq!(broken(&table.app.layout, &buffer), None, "after {}", key);
            }
        }
    }
}

#[test]
fn panes_are_where_they_were_put_the_last_time_the_window_was_as_large() {
    let mut table = Table::settled("Which?", ["One.", "Two.", "Three."]);
    let has_panel = |table: &mut Table, width, height| {
        table.screen(width, height);
        table.app.layout.panel.is_some()
    };
    assert!(has_panel(&mut table, 160, 50));
    table.key("tab");
    while has_panel(&mut table, 160, 50) {
        table.key("c");
    }
    assert!(has_panel(&mut table, 80, 24));
    assert!(!has_panel(&mut table, 165, 52));
    assert!(has_panel(&mut table, 80, 24));
}
