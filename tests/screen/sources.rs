//! Sources and links: listed, shown whole, opened only after a person said so; named with the claims that rest on them.

use crate::table::{Table, copied, stop};
use dissent::domain::ids::Column;
use dissent::domain::stream::{Citation, Finish, StreamEventKind};
use dissent::ui::app::Layer;
use dissent::ui::effect::Effect;

const LONG: &str =
    "https://two.example/a/long/path/that/goes/on/and/on/and/on/and/on/and/on/to/the/very/end?with=query";

/// A settled turn in which the first model names sources, one of them no web page, and writes a link.
fn cited() -> Table {
    let mut table = Table::new();
    table.ask("When did Apollo 11 land on the Moon?");
    table.says(0, "Apollo 11 landed on the Moon on July 20, 1969 [2]. See [the log](https://log.example/11).");
    table.says(1, "Apollo 11 landed on the Moon on July 20, 1969.");
    table.says(2, "Apollo 11 landed on the Moon on July 20, 1968.");
    let page = |url: &str, title: Option<&str>| Citation { url: url.to_owned(), title: title.map(str::to_owned) };
    let citations = vec![
        page("https://www.one.example/a\u{1b}[31m", Some("First\u{202e} page")),
        page(LONG, None),
        page("file:///etc/passwd", Some("A file")),
    ];
    for column in 0..3 {
        table.ends(column);
    }
    let finish = Finish { citations, ..stop() };
    table.happens(Column(0), StreamEventKind::Finished(Box::new(finish)));
    table.settle();
    table.screen(120, 40);
    table
}

fn notice(table: &Table) -> &str {
    table.app.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn a_source_is_picked_from_a_list_shown_whole_and_opened_by_enter_alone() {
    let mut table = cited();
    table.keys(&["tab", "1", "o"]);
    let shown = table.screen(120, 40);
    insta::assert_snapshot!("sources_listed_120x40", shown);
    assert!(!shown.contains("[3]  A file"), "what is no web page can't be opened");
    table.key("down");
    assert_eq!(table.key("enter"), [], "a person sees the whole address first");
    insta::assert_snapshot!("source_asked_120x40", table.screen(120, 40));
    for key in ["x", "o", "space", "tab"] {
        assert_eq!(table.key(key), [], "{key} opens nothing");
    }
    assert_eq!(table.key("enter"), [Effect::Open(LONG.to_owned())]);
    assert_eq!(table.app.layer, Layer::None);
}

#[test]
fn an_address_is_copied_instead_or_left() {
    let mut table = cited();
    table.keys(&["tab", "1", "o", "enter"]);
    assert_eq!(table.key("esc"), []);
    assert!(table.screen(120, 40).contains("❯"), "back in the list");
    table.keys(&["l", "o", "g", "enter"]);
    assert_eq!(copied(&table.key("y")), "https://log.example/11");
    table.keys(&["o", "esc"]);
    assert_eq!(table.app.layer, Layer::None);
}

#[test]
fn an_address_that_is_not_whole_in_sight_is_not_opened() {
    let mut table = cited();
    let url = format!("https://long.example/{}", "x".repeat(3_000));
    let citations = vec![Citation { url, title: None }];
    table.happens(Column(1), StreamEventKind::Finished(Box::new(Finish { citations, ..stop() })));
    table.screen(80, 24);
    table.keys(&["tab", "2", "o"]);
    table.screen(80, 24);
    assert_eq!(table.key("enter"), []);
    assert!(notice(&table).starts_with("not opened: the address is not whole in sight"), "{}", notice(&table));
}

#[test]
fn a_source_is_asked_for_by_its_number() {
    let mut table = cited();
    table.keys(&["tab", "1", "tab"]);
    for (typed, said) in [("/open 3", "no source [3] that can be opened"), ("/open 9", "no source [9]")] {
        table.type_text(typed);
        table.key("enter");
        assert!(notice(&table).contains(said), "{typed}: {}", notice(&table));
    }
    table.type_text("/open 2");
    table.key("enter");
    assert_eq!(table.key("enter"), [Effect::Open(LONG.to_owned())]);
}

#[test]
fn an_answer_without_sources_says_so() {
    let mut table = cited();
    table.keys(&["tab", "3", "o"]);
    assert_eq!((table.app.layer, notice(&table)), (Layer::None, "this answer names no source and no link"));
}

#[test]
fn a_claim_and_a_side_of_a_conflict_name_the_hosts_that_they_rest_on() {
    let mut table = cited();
    table.keys(&["tab", "]"]);
    assert!(table.screen(200, 60).contains("sources: A two.example"), "{}", table.screen(200, 60));
    table.type_text(".");
    let shown = table.screen(200, 60);
    assert!(!shown.contains("sources: A log.example"), "a link is no numbered source: {shown}");
    let mut table = Table::new();
    table.ask("When did Apollo 11 land on the Moon?");
    for column in 0..3 {
        table.says(column, "Apollo 11 landed on the Moon on July 20, 1969 [1].");
        table.ends(column);
    }
    for (column, host) in [(0, "one"), (2, "three")] {
        let citations = vec![Citation { url: format!("https://{host}.example/"), title: None }];
        let finish = Finish { citations, ..stop() };
        table.happens(Column(column), StreamEventKind::Finished(Box::new(finish)));
    }
    table.settle();
    let shown = table.screen(200, 60);
    assert!(shown.contains("sources: A one.example · C three.example"), "{shown}");
}
