//! Finding words in columns and in the conversation.

use crate::table::Table;
use dissent::domain::ids::Column;
use dissent::ui::geometry::Pane;
use dissent::ui::msg::{Input, Msg};
use ratatui::style::Modifier;

fn long(word: &str) -> String {
    let item =
        |idx: usize| if idx % 20 == 7 { format!("- the {word} of row {idx}\n") } else { format!("- row {idx}\n") };
    (0..80).map(item).collect::<Vec<_>>().concat()
}

fn searched() -> Table {
    let mut table = Table::new();
    table.ask("why?");
    table.says(0, &long("needle"));
    table.says(1, &long("Needle"));
    table.says(2, "nothing of the kind");
    for column in 0..3 {
        table.ends(column);
    }
    table.screen(160, 50);
    table.keys(&["tab", "1", "g"]);
    table
}

fn reversed(table: &mut Table) -> String {
    let buffer = table.buffer(160, 50);
    let body = table.app.layout.columns[0].body;
    let cells =
        body.rows().flat_map(|row| row.columns().map(|cell| buffer[(cell.x, cell.y)].clone()).collect::<Vec<_>>());
    cells.filter(|cell| cell.modifier.contains(Modifier::REVERSED)).map(|cell| cell.symbol().to_owned()).collect()
}

#[test]
fn places_are_counted_highlighted_and_gone_through() {
    let mut table = searched();
    table.key("/");
    table.type_text("needle");
    assert!(table.screen(160, 50).contains("/needle▏  1/8"), "{}", table.screen(160, 50));
    table.key("enter");
    assert!(reversed(&mut table).starts_with("needle"));
    for _ in 0..4 {
        table.key("n");
    }
    assert!(table.screen(160, 50).contains("5/8"));
    assert_eq!(table.app.pane, Pane::Column(Column(1)));
    table.keys(&["N", "N"]);
    assert!(table.screen(160, 50).contains("3/8"));
    assert_eq!(table.app.pane, Pane::Column(Column(0)));
    assert!(table.app.composer.is_empty());
}

#[test]
fn the_last_place_is_followed_by_the_first() {
    let mut table = searched();
    table.key("/");
    table.type_text("Needle");
    table.keys(&["enter", "N"]);
    assert!(table.screen(160, 50).contains("4/4"));
    table.key("n");
    assert!(table.screen(160, 50).contains("1/4"));
}

#[test]
fn escape_clears_and_goes_back_to_where_it_began() {
    let mut table = searched();
    table.keys(&["j", "j", "j"]);
    let before = table.screen(160, 50);
    for keys in [&["enter", "n", "n", "esc"][..], &["esc"][..]] {
        table.key("/");
        table.type_text("of row 67");
        table.keys(keys);
        assert_eq!(table.screen(160, 50), before);
        assert!(table.app.reading.find.is_none());
    }
}

#[test]
fn what_is_not_there_is_said_and_moves_nothing() {
    let mut table = searched();
    let before = table.app.turns[0].columns[0].scroll;
    table.key("/");
    table.type_text("haystack");
    assert!(table.screen(160, 50).contains("not found"));
    assert_eq!(table.app.turns[0].columns[0].scroll, before);
    table.keys(&["backspace", "enter", "n"]);
    assert_eq!(table.app.turns[0].columns[0].scroll, before);
}

#[test]
fn the_conversation_is_searched_where_it_has_the_focus() {
    let mut table = Table::settled("When was the bridge opened?", ["In 1931.", "In 1931.", "In 1931."]);
    table.turn_of("And the tunnel?", ["In 1927.", "In 1927.", "In 1927."]);
    table.screen(160, 50);
    table.keys(&["tab", "h", "/"]);
    assert_eq!(table.app.pane, Pane::Chat);
    table.type_text("1931");
    assert!(table.screen(160, 50).contains("1/1"), "{}", table.screen(160, 50));
    assert_eq!(table.app.selected, 0);
    table.key("esc");
    assert_eq!(table.app.selected, 1);
    table.key("/");
    table.type_text("tunnel");
    assert!(table.screen(160, 50).contains("1/1"));
}

#[test]
fn what_is_pasted_while_searching_is_searched_for() {
    let mut table = searched();
    table.key("/");
    table.type_text("nee");
    table.tell(Msg::Input(Input::Paste("dle\u{1b}[31m of".to_owned())));
    assert_eq!(table.app.reading.find.as_ref().unwrap().query, "needle of");
    assert!(table.app.composer.is_empty() && table.app.is_reading);
    assert!(table.screen(160, 50).contains("/needle of"));
}

#[test]
fn the_keys_of_a_search_are_those_of_the_table() {
    let mut table = searched();
    table.app.keymap = table.app.keymap.changed("\"ctrl-u\" = false\n\"ctrl-g\" = \"edit.delete-to-start\"").0;
    table.key("/");
    table.type_text("needle");
    table.key("ctrl-g");
    assert_eq!(table.app.reading.find.as_ref().unwrap().query, "");
}
