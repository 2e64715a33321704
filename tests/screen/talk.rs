//! What goes along with a question: files and standing instructions.

use std::sync::Arc;

use crate::table::{Table, stop};
use dissent::domain::attachment::Attachment;
use dissent::domain::conversation::Talk;
use dissent::domain::ids::Column;
use dissent::domain::member::Member;
use dissent::domain::stream::{Citation, Finish, StreamEventKind};
use dissent::ui::app::Seat;
use dissent::ui::effect::Effect;
use dissent::ui::msg::Msg;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn file(name: &str, bytes: &[u8]) -> Msg {
    Msg::Attached(Attachment::read(name, bytes).map_err(|refusal| refusal.to_string()))
}

fn types(table: &mut Table, text: &str) -> Vec<Effect> {
    table.type_text(text);
    table.key("enter")
}

fn talk(effects: &[Effect]) -> &Talk {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Ask { talk, .. } => Some(&**talk),
        _ => None,
    });
    found.unwrap()
}

fn notice(table: &Table) -> &str {
    table.app.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn an_attached_file_is_named_over_the_composer_and_goes_with_the_next_question_only() {
    let mut table = Table::new();
    assert_eq!(types(&mut table, "/attach notes.txt"), [Effect::Read("notes.txt".to_owned())]);
    table.tell(file("notes.txt", b"some notes"));
    assert!(table.screen(120, 40).contains(" + notes.txt "), "{}", table.screen(120, 40));
    let effects = table.ask("what do they say?");
    assert_eq!(talk(&effects).files.len(), 1);
    assert!(!table.screen(120, 40).contains(" + notes.txt  "));
    assert_eq!(table.app.turns[0].turn.files.len(), 1);
    for column in 0..3 {
        table.says(column, "Nothing.");
        table.ends(column);
    }
    table.settle();
    assert!(table.screen(160, 50).contains("      + notes.txt"), "{}", table.screen(160, 50));
    assert!(talk(&table.ask("and now?")).files.is_empty());
}

#[test]
fn a_file_that_cannot_go_along_says_why_and_is_not_attached() {
    let mut table = Table::new();
    table.tell(file("a.pdf", b"%PDF-1.7"));
    assert!(notice(&table).starts_with("`a.pdf` is a PDF: send it as text"), "{}", notice(&table));
    assert!(table.app.talk.files.is_empty());
}

#[test]
fn files_are_let_go_by_name_or_all() {
    let mut table = Table::new();
    for name in ["a.txt", "b.txt", "c.txt"] {
        table.tell(file(name, b"text"));
    }
    types(&mut table, "/detach b.txt");
    assert_eq!(table.app.talk.names(), "a.txt, c.txt");
    types(&mut table, "/detach nobody.txt");
    assert_eq!(notice(&table), "no file is called nobody.txt; attached: a.txt, c.txt");
    types(&mut table, "/detach");
    assert_eq!(table.app.talk.names(), "");
}

#[test]
fn an_image_that_nobody_takes_is_not_sent_and_nothing_is_lost() {
    let mut table = Table::new();
    let blind = |id: &str| Arc::new(Member { takes_images: Some(false), ..Member::named(id) });
    table.app.seats = ["aspen", "birch"].map(|id| Seat::new(blind(id), true)).to_vec();
    table.tell(file("cat.png", PNG));
    assert_eq!(types(&mut table, "what is this?"), []);
    assert_eq!(notice(&table), "no model that is on takes images: /detach lets them go");
    assert_eq!((table.app.composer.text().as_str(), table.app.talk.files.len()), ("what is this?", 1));
}

#[test]
fn a_member_that_is_left_out_looks_left_out() {
    let mut table = Table::new();
    table.ask("what is this?");
    let fault =
        dissent::domain::fault::Fault::new(dissent::domain::fault::FaultKind::Unsupported, "it takes no images");
    table.happens(dissent::domain::ids::Column(1), StreamEventKind::LeftOut(fault));
    let shown = table.screen(160, 50);
    assert!(shown.contains("left out: it takes no images"), "{shown}");
}

#[test]
fn a_queued_question_keeps_its_files_and_brings_them_back() {
    let mut table = Table::new();
    table.ask("one?");
    table.tell(file("two.txt", b"two"));
    types(&mut table, "two?");
    table.tell(file("three.txt", b"three"));
    assert_eq!(table.app.talk.names(), "three.txt");
    table.key("up");
    assert_eq!((table.app.composer.text().as_str(), table.app.talk.names().as_str()), ("two?", "three.txt, two.txt"));
}

#[test]
fn queued_files_go_with_their_own_question() {
    let mut table = Table::new();
    table.ask("one?");
    table.tell(file("two.txt", b"two"));
    types(&mut table, "two?");
    table.tell(file("three.txt", b"three"));
    for column in 0..3 {
        table.says(column, "It was in 1969.");
        table.ends(column);
    }
    let effects = table.settle();
    let names: Vec<&str> = talk(&effects).files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["two.txt"]);
    assert_eq!(table.app.talk.names(), "three.txt");
}

#[test]
fn instructions_hold_for_the_session_until_they_are_let_go() {
    let mut table = Table::new();
    types(&mut table, "/system answer in one word");
    assert!(table.screen(120, 40).contains(" instructed "), "{}", table.screen(120, 40));
    assert_eq!(talk(&table.ask("why?")).system.as_deref(), Some("answer in one word"));
    types(&mut table, "/system");
    assert!(notice(&table).contains("answer in one word"), "{}", notice(&table));
    types(&mut table, "/system off");
    assert_eq!(table.app.talk.system, None);
}

#[test]
fn the_pages_that_an_answer_rests_on_stand_under_it_in_column_and_chat() {
    let mut table = Table::new();
    table.ask("when?");
    for column in 0..3 {
        table.says(column, "It landed on July 20, 1969 [2].");
        table.ends(column);
    }
    let page = |url: &str, title: Option<&str>| Citation { url: url.to_owned(), title: title.map(str::to_owned) };
    let citations = vec![
        page("https://one.example/a\u{1b}[31m", Some("First\u{202e} page")),
        page("https://two.example/long/path?with=query", None),
    ];
    let finish = Finish { citations, ..stop() };
    table.happens(Column(0), StreamEventKind::Finished(Box::new(finish)));
    table.settle();
    let shown = table.screen(200, 60);
    assert!(!shown.contains('\u{202e}') && !shown.contains('\u{1b}'));
    assert_eq!(shown.matches("[1] First page").count(), 2, "{shown}");
    assert_eq!(shown.matches("https://one.example/a").count(), 2, "{shown}");
    assert_eq!(shown.matches("[2] https://two.example/long/path?with=query").count(), 2, "{shown}");
}

#[test]
fn long_lists_of_pages_are_scrolled_to_and_stay_in_sight() {
    let mut table = Table::new();
    table.ask("when?");
    table.says(0, "It landed in 1969.");
    let page = |n: u32| Citation { url: format!("https://{n}.example/"), title: None };
    let finish = Finish { citations: (1..=80).map(page).collect(), ..stop() };
    table.happens(Column(0), StreamEventKind::Finished(Box::new(finish)));
    table.screen(120, 40);
    table.keys(&["tab", "1", "g"]);
    assert!(table.screen(120, 40).contains("[1] https://1.example/"));
    for _ in 0..20 {
        table.key("j");
    }
    let shown = table.screen(120, 40);
    assert!(!shown.contains("[1] https://1.example/") && shown.contains("[20] https://20.example/"), "{shown}");
    assert_eq!(table.screen(120, 40), shown, "the place holds");
}
