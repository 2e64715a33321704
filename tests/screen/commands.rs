//! Commands: slash, menu, footer, and the table that all of them come from.

use crate::table::Table;
use dissent::domain::ids::{Column, TurnId};
use dissent::ui::app::Layer;
use dissent::ui::command::readme;
use dissent::ui::effect::Effect;
use dissent::ui::keymap::Keymap;

fn footer(table: &mut Table, width: u16) -> String {
    table.screen(width, 40).lines().last().unwrap().trim().to_owned()
}

fn notice(table: &Table) -> &str {
    table.app.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn the_readme_has_the_table_of_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (begin, end) = readme::MARKS;
    let (before, rest) = text.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let wanted = format!("{before}{}{after}", readme::table());
    if text != wanted && std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(path, &wanted).unwrap();
    } else {
        assert!(text == wanted, "INSTA_UPDATE=always cargo test --test screen writes it:\n{}", readme::table());
    }
}

#[test]
fn a_slash_command_does_what_its_key_does() {
    let mut table = Table::new();
    table.ask("why?");
    table.says(1, "Because.");
    table.type_text("/off birch");
    assert_eq!(table.key("enter"), [Effect::Withdraw { turn: TurnId(1), column: Column(1) }]);
    assert!(table.app.composer.is_empty());
    table.type_text("/zoom");
    table.key("enter");
    assert!(table.app.is_zoomed);
    assert_eq!(table.app.turns.len(), 1);
}

#[test]
fn only_leaves_a_single_model_on() {
    let mut table = Table::new();
    table.type_text("/only 4");
    table.key("enter");
    let on: Vec<bool> = table.app.seats.iter().map(|seat| seat.is_on).collect();
    assert_eq!(on, [false, false, false, true]);
}

#[test]
fn a_command_that_is_not_known_or_not_told_enough_stays_in_the_composer() {
    for (typed, said) in [
        ("/zom", "no command is called /zom; did you mean /zoom? (// sends it as text)"),
        ("/off", "say which: /off <model>"),
        ("/off zebra", "no model is called `zebra`; try its letter"),
        ("/off 9", "no model is called `9`; try its letter"),
        ("/zoom 3", "/zoom takes nothing after it"),
    ] {
        let mut table = Table::new();
        table.type_text(typed);
        assert_eq!(table.key("enter"), []);
        assert_eq!((table.app.composer.text().as_str(), notice(&table)), (typed, said));
    }
}

#[test]
fn two_slashes_or_a_blank_send_a_text_that_begins_with_a_slash() {
    for typed in ["//etc/hosts?", " /etc/hosts?"] {
        let mut table = Table::new();
        let effects = table.ask(typed);
        let Effect::Ask { talk, .. } = &effects[0] else { unreachable!("a question was sent") };
        assert_eq!(talk.question.as_ref(), "/etc/hosts?");
    }
}

#[test]
fn the_list_over_the_composer_completes_picks_and_closes() {
    let mut table = Table::new();
    table.type_text("/o");
    insta::assert_snapshot!("slash_120x40", table.screen(120, 40));
    table.keys(&["down", "down"]);
    table.key("tab");
    assert_eq!(table.app.composer.text(), "/off ");
    table.key("esc");
    assert!(!table.screen(120, 40).contains(" commands ─"));
    assert_eq!(table.app.composer.text(), "/off ");
    table.type_text("1");
    assert!(table.screen(120, 40).contains(" commands ─"), "another text opens it again");
    table.key("enter");
    assert!(!table.app.seats[0].is_on);
}

#[test]
fn the_menu_shows_itself_after_a_while_or_when_asked() {
    let mut table = Table::new();
    table.key("ctrl-x");
    assert!(!table.screen(160, 50).contains("ctrl-x, then"));
    assert_eq!(table.app.wake_at(), Some(table.now + std::time::Duration::from_millis(250)));
    table.passes(1);
    insta::assert_snapshot!("menu_160x50", table.screen(160, 50));
    insta::assert_snapshot!("menu_80x24", table.screen(80, 24));
    assert_eq!(table.app.wake_at(), None, "a menu in sight costs nothing");
    table.key("esc");
    assert_eq!((table.app.layer, notice(&table)), (Layer::None, ""));
    table.keys(&["ctrl-x", "?"]);
    assert!(table.screen(80, 24).contains("ctrl-x, then"));
    table.key("w");
    assert_eq!((table.app.layer, notice(&table)), (Layer::None, "that key is not in the menu; nothing was done"));
}

#[test]
fn the_footer_says_what_can_be_done_now_and_always_how_to_get_help() {
    let mut table = Table::new();
    table.type_text("x");
    assert_eq!(footer(&mut table, 120), "enter send  ctrl-j new line  ctrl-x menu  ctrl-c clear  ? help");
    table.ask("");
    assert_eq!(footer(&mut table, 120), "esc stop  tab read  / commands  ctrl-x menu  ctrl-d quit  ? help");
    table.type_text("x");
    assert!(footer(&mut table, 120).starts_with("enter queue  esc stop"));
    for width in 40..120 {
        assert!(footer(&mut table, width).ends_with("? help"), "{width}");
    }
    table.key("tab");
    let shown = footer(&mut table, 300);
    assert_eq!(shown.split("  ").count(), 8, "{shown}");
}

#[test]
fn a_key_of_ones_own_is_the_one_that_the_footer_shows() {
    let mut table = Table::new();
    table.app.keymap = Keymap::default().changed("[keys.write]\n\"ctrl-g\" = \"ask.send\"\n").0;
    table.type_text("x");
    assert!(footer(&mut table, 120).starts_with("ctrl-g send"));
    assert_eq!(table.key("ctrl-g").len(), 1);
}

#[test]
fn a_question_that_begins_with_a_slash_is_one_again_wherever_it_comes_back_from() {
    let sent = |effects: &[Effect]| match effects {
        [Effect::Ask { talk, .. }] => talk.question.to_string(),
        other => unreachable!("{other:?}"),
    };
    let mut table = Table::new();
    table.ask("why?");
    for typed in ["//etc/hosts?", "///two"] {
        // Queued and taken back.
        table.type_text(typed);
        table.keys(&["enter", "up"]);
        assert_eq!(table.app.composer.text(), typed);
        table.key("enter");
    }
    // Queued and held by a stop.
    table.keys(&["up", "ctrl-u", "esc"]);
    assert_eq!(table.app.composer.text(), "//etc/hosts?");
    table.key("ctrl-u");
    // From the history.
    table.keys(&["up", "up"]);
    assert_eq!(table.app.composer.text(), "//etc/hosts?");
    // With nobody on.
    let mut table = Table::new();
    for column in 0..3 {
        table.app.seats[column].is_on = false;
    }
    assert_eq!(table.ask("//etc/hosts?"), []);
    table.app.seats[0].is_on = true;
    assert_eq!(sent(&table.key("enter")), "/etc/hosts?");
}

#[test]
fn what_the_foot_asks_is_not_hidden_by_a_word_on_what_was_done() {
    let mut table = Table::settled("why?", ["Because.", "Because.", "Because."]);
    table.keys(&["tab", "y"]);
    assert_ne!(notice(&table), "");
    table.key("!");
    let asked = footer(&mut table, 120);
    assert!(asked.contains("right") && asked.contains("wrong"), "{asked}");
    table.key("esc");
    table.key("ctrl-r");
    assert!(footer(&mut table, 120).contains("older"));
}
