//! Sessions that are kept: listed, found, named, deleted, and opened in place of the one that goes on.

use std::sync::Arc;

use crate::table::Table;
use dissent::domain::ids::TurnId;
use dissent::domain::opinion::{Judgement, Opinion};
use dissent::domain::record::{Asked, Moment, TurnRecord};
use dissent::domain::stream::{Delta, StreamEventKind};
use dissent::domain::verdict::{Band, Flagging};
use dissent::round::revive::revive;
use dissent::ui::app::Layer;
use dissent::ui::effect::Effect;
use dissent::ui::library::{Answer, Brought, Card, Found, Opened, Wish};
use dissent::ui::msg::{Input, Msg};

fn card(id: &str, name: &str) -> Card {
    Card {
        id: id.to_owned(),
        name: name.to_owned(),
        folder: "/home/ada/work/a/rather/long/way/down/to/the/project".to_owned(),
        used: "26 Nov".to_owned(),
        n_turns: 12,
        cost: "$0.89".to_owned(),
        worst: Some(Band::Split),
        n_conflicts: 5,
        is_flagged: true,
        is_pinned: id == "a1",
    }
}

fn table() -> Table {
    let mut table = Table::new();
    table.app.library.closed = None;
    table
}

fn listing() -> Table {
    let mut table = table();
    assert_eq!(table.keys(&["ctrl-x", "l"]), [Effect::Library(Wish::List(String::new()))]);
    let cards = vec![card("a1", "Which isolation level?"), card("b2", "Mutex\u{1b}[31m or semaphore\nfor this?")];
    table.tell(Msg::Library(Answer::Cards(String::new(), cards)));
    table
}

fn wished(effects: &[Effect]) -> Wish {
    match effects {
        [Effect::Library(wish)] => wish.clone(),
        others => unreachable!("{others:?}"),
    }
}

fn opened(questions: &[&str]) -> Opened {
    let now = tokio::time::Instant::now().into_std();
    let brought = |question: &&str| {
        let moments = vec![Moment {
            at_ns: 1,
            column: dissent::domain::ids::Column(0),
            kind: StreamEventKind::Delta(Delta::of_text("It landed in 1969.")),
        }];
        let asked = Asked {
            question: Arc::from(*question),
            files: Vec::new(),
            members: Table::new().app.bench,
            quorum: 2,
            flag_below: 0.75,
            flag: Flagging::default(),
            is_demo: false,
            asks: Vec::new(),
        };
        let mut record = TurnRecord { asked_at_ms: 0, asked, moments, readings: Vec::new() };
        record.close(now);
        let revived = revive(&record, TurnId(0), now, None);
        let opinion = Opinion { judgement: Some(Judgement::Wrong), vote: None };
        Brought { id: format!("turn {question}"), record, report: revived.report, verdict: revived.verdict, opinion }
    };
    Opened {
        id: "b2".to_owned(),
        name: "Landing".to_owned(),
        turns: questions.iter().map(brought).collect(),
        draft: "and then".to_owned(),
        is_demo: false,
    }
}

#[test]
fn sessions_are_listed_with_what_tells_them_apart() {
    let mut table = listing();
    let screen = table.screen(80, 24);
    for part in ["* Which isolation level?", "26 Nov", "12 turns", "$0.89", "≠5 ! split", "Mutex or sem"] {
        assert!(screen.contains(part), "no `{part}` in\n{screen}");
    }
    assert!(table.screen(160, 50).contains("/to/the/project"));
    insta::assert_snapshot!("sessions_120x40", table.screen(120, 40));
}

#[test]
fn what_is_typed_is_looked_for_where_sessions_are_kept() {
    let mut table = listing();
    assert_eq!(wished(&table.key("m")), Wish::List("m".to_owned()));
    table.tell(Msg::Library(Answer::Cards("m".to_owned(), vec![card("b2", "Mutex")])));
    assert_eq!(wished(&table.tell(Msg::Input(Input::Paste("ut\nex".to_owned())))), Wish::List("mut ex".to_owned()));
    assert_eq!(wished(&table.key("ctrl-u")), Wish::List(String::new()));
    table.tell(Msg::Library(Answer::Cards(String::new(), Vec::new())));
    assert!(table.screen(80, 24).contains("no session is kept yet"));
}

#[test]
fn the_picked_session_is_renamed_pinned_forked_deleted_and_brought_back() {
    let mut table = listing();
    table.key("down");
    let id = || "b2".to_owned();
    assert_eq!(wished(&table.keys(&["ctrl-x", "P"])), Wish::Pin(id()));
    assert_eq!(wished(&table.keys(&["ctrl-x", "F"])), Wish::Fork(id(), None));
    assert_eq!(wished(&table.keys(&["ctrl-x", "D"])), Wish::Delete(id()));
    assert_eq!(wished(&table.keys(&["ctrl-x", "U"])), Wish::Restore);
    assert!(table.keys(&["ctrl-x", "N", "x", "esc", "ctrl-x", "N", "o", "n", "e"]).is_empty());
    assert!(table.screen(80, 24).contains("new name ❯ one"));
    assert_eq!(wished(&table.key("enter")), Wish::Rename(id(), "one".to_owned()));
    // It moves, and stays picked.
    assert_eq!(
        wished(&table.tell(Msg::Library(Answer::Done("`one` is pinned".to_owned())))),
        Wish::List(String::new())
    );
    assert!(table.screen(120, 40).contains("`one` is pinned"));
    let cards = vec![card("b2", "one"), card("a1", "two")];
    table.tell(Msg::Library(Answer::Cards(String::new(), cards)));
    assert_eq!(wished(&table.key("enter")), Wish::Open(id()));
}

#[test]
fn slash_commands_mean_the_session_that_goes_on() {
    let mut table = table();
    let typed = |table: &mut Table, text: &str| {
        table.type_text(text);
        table.key("enter")
    };
    assert!(typed(&mut table, "/pin").is_empty());
    let mut table = Table::settled("When?", ["In 1969.", "In 1969.", "In 1968."]);
    table.app.library.closed = None;
    table.tell(Msg::Sat("c3".to_owned()));
    let id = || "c3".to_owned();
    for (text, wish) in [
        ("/pin", Wish::Pin(id())),
        ("/rename one two", Wish::Rename(id(), "one two".to_owned())),
        ("/fork", Wish::Fork(id(), Some(1))),
        ("/fork 1", Wish::Fork(id(), Some(1))),
        ("/delete", Wish::Delete(id())),
        ("/undelete", Wish::Restore),
        ("/resume", Wish::Open("last".to_owned())),
        ("/resume a1", Wish::Open("a1".to_owned())),
        ("/sessions", Wish::List(String::new())),
    ] {
        assert_eq!(wished(&typed(&mut table, text)), wish, "{text}");
    }
    table.key("esc");
    assert!(typed(&mut table, "/fork 2").is_empty());
    table.tell(Msg::BrokeOff { id: "d4".to_owned(), name: "a\u{1b}[31m".to_owned() });
    assert!(table.screen(120, 40).contains("`a` broke off: /resume goes on with it where it stood"));
    assert_eq!(wished(&typed(&mut table, "/resume")), Wish::Open("d4".to_owned()));
}

#[test]
fn a_session_takes_the_place_of_another_and_nothing_typed_is_lost() {
    let mut table = Table::settled("When?", ["In 1969.", "In 1969.", "In 1968."]);
    table.app.library.closed = None;
    table.type_text("a draft");
    let effects = table.tell(Msg::Library(Answer::Opened(Box::new(opened(&["One?", "Two?"])))));
    let turns = vec![(TurnId(2), "turn One?".to_owned()), (TurnId(3), "turn Two?".to_owned())];
    assert_eq!(effects, [Effect::Sit { draft: "a draft".to_owned(), session: Some("b2".to_owned()), turns }]);
    assert_eq!(table.app.composer.text(), "and then");
    assert_eq!((table.app.turns.len(), table.app.selected, table.app.talk.n_resumed), (2, 1, 2));
    let screen = table.screen(160, 50);
    assert!(screen.contains("Two?") && screen.contains("It landed in 1969.") && screen.contains("you: wrong"));
    assert!(!screen.contains("In 1968."), "{screen}");
    // The next turn has a name of its own.
    table.key("ctrl-u");
    assert!(matches!(table.ask("And?").as_slice(), [Effect::Ask { turn: TurnId(4), .. }]));
    table.key("ctrl-c");
    assert!(matches!(table.app.history.newest(), Some("And?")));
    assert!((0..9).filter_map(|idx| table.app.history.entry(idx)).any(|entry| entry == "a draft"));
}

#[test]
fn nothing_is_opened_over_answers_that_come_in() {
    let mut table = listing();
    table.key("esc");
    table.ask("When?");
    for keys in [&["ctrl-x", "n"][..], &["ctrl-x", "F"], &["ctrl-x", "D"]] {
        assert!(table.keys(keys).is_empty(), "{keys:?}");
    }
    assert!(table.tell(Msg::Library(Answer::Opened(Box::new(opened(&["One?"]))))).is_empty());
    assert_eq!(&*table.app.turns[0].turn.question, "When?");
    assert!(table.screen(120, 40).contains("answers are still coming in: esc stops them"));
}

#[test]
fn words_are_found_in_all_sessions_and_the_turn_is_gone_to() {
    let mut table = Table::settled("When?", ["In 1969.", "In 1969.", "In 1968."]);
    table.turn_of("Who?", ["Ada.", "Ada.", "Eve."]);
    table.app.library.closed = None;
    table.tell(Msg::Sat("c3".to_owned()));
    assert!(table.keys(&["ctrl-x", "/"]).is_empty());
    assert_eq!(wished(&table.key("9")), Wish::Search("9".to_owned()));
    let found = |session: &str, place| Found {
        session: session.to_owned(),
        name: "Landing".to_owned(),
        place,
        asked: "26 Nov".to_owned(),
        question: "When did it land?".to_owned(),
        context: ["… in the year ", "1969", "\n of our"].map(str::to_owned).to_vec(),
    };
    table.tell(Msg::Library(Answer::Finds("9".to_owned(), vec![found("c3", 1), found("b2", 2)])));
    let screen = table.screen(80, 24);
    assert!(screen.contains("When did it land?") && screen.contains("26 Nov · turn 2 of Landing"), "{screen}");
    assert!(screen.contains("… in the year 1969  of our"), "{screen}");
    assert!(table.key("enter").is_empty());
    assert_eq!((table.app.selected, table.app.layer), (0, Layer::None));
    table.keys(&["ctrl-x", "/"]);
    table.tell(Msg::Library(Answer::Finds("9".to_owned(), vec![found("b2", 1)])));
    assert_eq!(wished(&table.key("enter")), Wish::Open("b2".to_owned()));
    table.tell(Msg::Library(Answer::Opened(Box::new(opened(&["One?", "Two?"])))));
    assert_eq!((table.app.selected, table.app.layer), (0, Layer::None));
}

#[test]
fn where_nothing_is_kept_that_is_said() {
    let mut table = Table::new();
    assert!(table.keys(&["ctrl-x", "l"]).is_empty());
    assert!(table.screen(120, 40).contains("this session is not kept, and no other can be opened from it"));
}

#[test]
fn it_is_in_sight_for_as_long_as_nothing_is_written() {
    let mut table = Table::settled("When?", ["In 1969.", "In 1969.", "In 1968."]);
    let header = |table: &mut Table| table.screen(80, 24).lines().next().unwrap().to_owned();
    table.tell(Msg::NotKept(Some("the disk is full".to_owned())));
    table.passes(60);
    assert!(header(&mut table).contains("not kept  turn 1"), "{}", header(&mut table));
    table.tell(Msg::NotKept(None));
    assert!(!header(&mut table).contains("not kept"));
}

#[test]
fn a_deleted_session_that_goes_on_makes_way_for_a_new_one() {
    let mut table = Table::settled("When?", ["In 1969.", "In 1969.", "In 1968."]);
    table.app.library.closed = None;
    table.tell(Msg::Sat("c3".to_owned()));
    let effects = table.tell(Msg::Library(Answer::Deleted("c3".to_owned(), "`When?` is deleted".to_owned())));
    assert_eq!(effects, [Effect::Sit { draft: String::new(), session: None, turns: Vec::new() }]);
    assert!(table.app.turns.is_empty());
    assert!(table.screen(120, 40).contains("`When?` is deleted"));
}
