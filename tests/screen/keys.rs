//! What keys do: messages in, effects out.

use crate::table::Table;
use dissent::consensus::voice::Ending;
use dissent::domain::conversation::Told;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::stream::StreamEventKind;
use dissent::ui::app::{Layer, ListedQuestion};
use dissent::ui::effect::Effect;
use dissent::ui::geometry::Pane;
use dissent::ui::msg::{Input, Msg};

fn columns_asked(effects: &[Effect]) -> Vec<char> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Ask { asks, .. } => Some(asks.iter().map(|column| column.letter())),
        _ => None,
    });
    asked.flatten().collect()
}

#[test]
fn send_asks_every_model_that_is_on_and_empties_the_composer() {
    let mut table = Table::new();
    let effects = table.ask("why?");
    assert_eq!(columns_asked(&effects), ['A', 'B', 'C']);
    assert!(table.app.composer.is_empty());
}

#[test]
fn an_empty_composer_sends_nothing() {
    let mut table = Table::new();
    table.type_text("   ");
    assert_eq!(table.key("enter"), []);
}

#[test]
fn a_backslash_before_enter_is_a_new_line() {
    let mut table = Table::new();
    table.type_text("one\\");
    assert_eq!(table.key("enter"), []);
    table.type_text("two");
    assert_eq!(table.app.composer.text(), "one\ntwo");
}

#[test]
fn pasted_newlines_never_send() {
    let mut table = Table::new();
    let effects = table.tell(Msg::Input(Input::Paste("one\r\ntwo\x1b[31m\rthree".to_owned())));
    assert_eq!(effects, []);
    assert_eq!(table.app.composer.text(), "one\ntwo\nthree");
}

#[test]
fn switching_off_withdraws_and_switching_on_asks_now() {
    let mut table = Table::new();
    table.ask("why?");
    table.says(1, "Because.");
    let off = table.keys(&["ctrl-x", "2"]);
    assert_eq!(off, [Effect::Withdraw { turn: TurnId(1), column: Column(1) }]);
    assert_eq!(table.app.columns(), [Column(0), Column(2)]);
    let on = table.keys(&["ctrl-x", "4"]);
    assert!(matches!(on[..], [Effect::AskMember { turn: TurnId(1), column: Column(3), .. }]), "{on:?}");
    assert_eq!(table.app.columns(), [Column(0), Column(2), Column(3)]);
}

#[test]
fn a_model_that_is_off_before_the_first_question_is_not_asked() {
    let mut table = Table::new();
    table.keys(&["ctrl-x", "1"]);
    assert_eq!(columns_asked(&table.ask("why?")), ['B', 'C']);
}

#[test]
fn with_no_model_on_the_question_stays_in_the_composer() {
    let mut table = Table::new();
    table.keys(&["ctrl-x", "1", "ctrl-x", "2", "ctrl-x", "3"]);
    assert_eq!(table.ask("why?"), []);
    assert_eq!(table.app.composer.text(), "why?");
}

#[test]
fn a_question_during_a_turn_waits_for_its_verdict() {
    let mut table = Table::new();
    table.ask("one?");
    table.type_text("two?");
    assert_eq!(table.key("enter"), []);
    assert_eq!(table.app.queue, ["two?"]);
    for column in 0..3 {
        table.says(column, "It was in 1969.");
        table.ends(column);
    }
    let effects = table.settle();
    assert_eq!(columns_asked(&effects), ['A', 'B', 'C']);
    assert!(table.app.queue.is_empty());
}

#[test]
fn stopping_gives_the_queued_question_back() {
    let mut table = Table::new();
    table.ask("one?");
    table.type_text("two?");
    table.key("enter");
    assert_eq!(table.key("esc"), [Effect::StopAll { turn: TurnId(1) }]);
    assert_eq!(table.app.composer.text(), "two?");
}

#[test]
fn stopping_sends_nothing_and_loses_nothing() {
    let mut table = Table::new();
    table.ask("one?");
    table.type_text("two?");
    table.key("enter");
    table.type_text("three?");
    table.key("enter");
    table.type_text("draft");
    assert_eq!(table.key("esc"), [Effect::StopAll { turn: TurnId(1) }]);
    for column in 0..3 {
        table.fails(column, StreamEventKind::Cancelled, Ending::Nothing);
    }
    assert_eq!(table.settle(), []);
    assert_eq!(table.app.composer.text(), "draft");
    table.keys(&["ctrl-u", "up"]);
    assert_eq!(table.app.composer.text(), "two?\n\nthree?");
}

#[test]
fn the_verdict_of_an_older_turn_sends_nothing() {
    let mut table = Table::new();
    table.ask("one?");
    for column in 0..3 {
        table.says(column, "It was in 1969.");
        table.ends(column);
    }
    table.settle();
    let first = table.app.turns[0].verdict.clone().unwrap();
    table.ask("two?");
    table.type_text("three?");
    table.key("enter");
    assert_eq!(table.tell(Msg::Verdict(TurnId(1), first)), []);
    assert_eq!(table.app.queue, ["three?"]);
}

#[test]
fn a_queued_question_that_nobody_can_take_does_not_overwrite_the_draft() {
    let mut table = Table::new();
    table.ask("one?");
    table.type_text("two?");
    table.key("enter");
    table.type_text("draft");
    for column in 0..3 {
        table.says(column, "It was in 1969.");
        table.ends(column);
    }
    table.keys(&["ctrl-x", "1", "ctrl-x", "2", "ctrl-x", "3"]);
    table.settle();
    assert_eq!(table.app.composer.text(), "draft");
    assert_eq!(table.app.history.newest(), Some("two?"));
}

#[test]
fn keys_for_a_column_of_an_older_turn_change_nothing_and_say_why() {
    let mut table = Table::new();
    for question in ["one?", "two?"] {
        table.ask(question);
        for column in 0..3 {
            table.says(column, "It was in 1969.");
            table.ends(column);
        }
        table.settle();
    }
    assert_eq!(table.keys(&["tab", "(", "space", "r", "s"]), []);
    assert!(table.app.seats[0].is_on);
    assert!(table.app.notice.is_some());
}

#[test]
fn what_is_too_long_for_the_clipboard_goes_to_a_file_and_is_not_said_to_be_copied() {
    let mut table = Table::new();
    table.ask("why?");
    table.says(0, &"long ".repeat(20_000));
    let effects = table.keys(&["tab", "y"]);
    assert!(matches!(&effects[..], [Effect::SaveCopy { text, .. }] if text.len() > 99_000));
    assert_eq!(table.app.notice, None);
    table.tell(Msg::Said("it is in a file".to_owned()));
    assert!(table.app.notice.as_ref().is_some_and(|notice| notice.text.contains("in a file")));
}

#[test]
fn who_was_stopped_is_named_beside_who_answered() {
    let mut table = Table::new();
    table.ask("why?");
    table.says(0, "Because of the tide.");
    table.ends(0);
    table.key("esc");
    for column in 1..3 {
        table.fails(column, StreamEventKind::Cancelled, Ending::Nothing);
    }
    table.settle();
    let screen = table.screen(160, 50);
    assert!(screen.contains("stopped: birch, cedar"), "{screen}");
}

#[test]
fn interrupt_is_a_ladder_that_never_destroys_text() {
    let mut table = Table::new();
    table.ask("why?");
    table.type_text("draft");
    assert_eq!(table.key("ctrl-c"), [Effect::StopAll { turn: TurnId(1) }]);
    for column in 0..3 {
        table.fails(column, StreamEventKind::Cancelled, Ending::Nothing);
    }
    assert_eq!(table.key("ctrl-c"), []);
    assert!(table.app.composer.is_empty());
    table.key("up");
    assert_eq!(table.app.composer.text(), "draft");
    table.key("ctrl-c");
    assert_eq!(table.key("ctrl-c"), []);
    assert_eq!(table.key("ctrl-c"), [Effect::Quit]);
}

#[test]
fn an_armed_quit_is_disarmed_by_time() {
    let mut table = Table::new();
    table.key("ctrl-c");
    table.passes(3);
    assert_eq!(table.key("ctrl-c"), []);
}

#[test]
fn follow_ups_carry_each_models_own_history_only() {
    let mut table = Table::new();
    table.ask("one?");
    for (column, text) in ["alpha", "beta", "gamma"].into_iter().enumerate() {
        table.says(column, text);
        table.ends(column);
    }
    table.settle();
    let effects = table.ask("two?");
    let Effect::Ask { talk, .. } = &effects[0] else { unreachable!("a question was sent") };
    let Told::Asked { prompt, .. } = talk.told(&table.members[1], None, None) else { unreachable!("it can be asked") };
    let sent: Vec<String> = prompt.messages.iter().map(|message| message.text.to_string()).collect();
    assert_eq!(sent, ["one?", "beta", "two?"]);
}

#[test]
fn letters_act_while_reading_and_type_while_writing() {
    let mut table = Table::new();
    table.type_text("z");
    assert_eq!(table.app.composer.text(), "z");
    table.ask("");
    table.keys(&["tab", "2"]);
    assert_eq!(table.app.pane, Pane::Column(Column(1)));
    table.key("z");
    assert!(table.app.is_zoomed);
    assert!(table.app.composer.is_empty());
}

#[test]
fn any_key_closes_the_help_and_does_nothing_else() {
    let mut table = Table::new();
    table.key("?");
    assert_eq!(table.app.layer, Layer::Help);
    assert_eq!(table.key("ctrl-c"), []);
    assert_eq!(table.app.layer, Layer::None);
    assert_eq!(table.app.quit_armed_until, None);
}

#[test]
fn a_question_mark_in_a_question_is_text() {
    let mut table = Table::new();
    table.type_text("why?");
    assert_eq!(table.app.composer.text(), "why?");
}

#[test]
fn the_picked_question_is_sent_by_enter_and_its_models_take_their_seats() {
    let mut table = Table::new();
    let listed = |id: &str, question: &str, models: &[&str]| ListedQuestion {
        id: id.to_owned(),
        question: question.to_owned(),
        hint: String::new(),
        models: models.iter().map(|id| (*id).into()).collect(),
    };
    table.app.questions.all = vec![listed("q1", "one?", &[]), listed("q2", "", &["cedar", "dogwood"])];
    let effects = table.keys(&["down", "down", "enter"]);
    let Effect::Ask { talk, members, asks, .. } = &effects[0] else { unreachable!("a question was sent") };
    assert_eq!(&*talk.question, "q2");
    assert_eq!(members.iter().map(ToString::to_string).collect::<Vec<_>>(), ["cedar", "dogwood"]);
    assert_eq!(asks.len(), 2);
}

#[test]
fn late_text_of_a_turn_that_is_gone_changes_nothing() {
    let mut table = Table::new();
    table.ask("why?");
    table.says(0, "one");
    let before = table.screen(80, 24);
    let event = dissent::domain::stream::StreamEvent {
        turn: TurnId(7),
        column: Column(0),
        at: table.now,
        kind: StreamEventKind::Delta(dissent::domain::stream::Delta { text: "two".to_owned(), ..Default::default() }),
    };
    table.tell(Msg::Stream(event));
    assert_eq!(table.screen(80, 24), before);
}

#[test]
fn a_column_that_was_scrolled_up_stays_while_text_comes_in() {
    let mut table = Table::new();
    table.ask("why?");
    let lines =
        |from: usize| (from..from + 60).map(|idx| format!("- item number {idx}")).collect::<Vec<_>>().join("\n");
    table.says(0, &lines(0));
    table.screen(120, 40);
    table.keys(&["tab", "1", "k", "k", "k"]);
    let top = |table: &mut Table| table.screen(120, 40).lines().nth(4).unwrap()[..36].to_owned();
    let before = top(&mut table);
    table.says(0, &lines(60));
    assert_eq!(top(&mut table), before);
}

#[test]
fn an_idle_screen_asks_for_no_time() {
    let mut table = Table::new();
    assert_eq!(table.app.wake_at(), None);
    table.ask("why?");
    assert!(table.app.wake_at().is_some());
    for column in 0..3 {
        table.says(column, "It was in 1969.");
        table.ends(column);
    }
    table.settle();
    assert_eq!(table.app.wake_at(), None);
}

#[test]
fn up_and_down_walk_over_what_was_asked() {
    let mut table = Table::new();
    for question in ["one?", "two?"] {
        table.ask(question);
        (0..3).for_each(|column| table.ends(column));
        table.settle();
    }
    table.type_text("draft");
    for (key, expected) in
        [("up", "two?"), ("up", "one?"), ("up", "one?"), ("down", "two?"), ("down", "draft"), ("down", "draft")]
    {
        table.key(key);
        assert_eq!(table.app.composer.text(), expected);
    }
}

#[test]
fn the_up_key_moves_inside_a_question_of_several_rows_first() {
    let mut table = Table::new();
    table.ask("one?");
    table.type_text("first\\");
    table.key("enter");
    table.type_text("second");
    table.screen(80, 24);
    table.key("up");
    assert_eq!(table.app.composer.text(), "first\nsecond");
    table.key("up");
    assert_eq!(table.app.composer.text(), "one?");
}

#[test]
fn the_history_is_searched_in_place_and_given_back() {
    let mut table = Table::new();
    for question in ["When did Apollo land?", "Why is the sky blue?"] {
        table.ask(question);
        (0..3).for_each(|column| table.ends(column));
        table.settle();
    }
    table.key("ctrl-r");
    table.type_text("apo");
    insta::assert_snapshot!("history_80x24", table.screen(80, 24));
    table.key("esc");
    assert!(table.app.composer.is_empty());
    table.key("ctrl-r");
    assert_eq!(table.app.composer.text(), "Why is the sky blue?");
    table.key("ctrl-r");
    assert_eq!(table.key("enter"), [], "it is taken, not sent");
    assert_eq!((table.app.composer.text().as_str(), table.app.layer), ("When did Apollo land?", Layer::None));
}

#[test]
fn a_search_that_finds_nothing_changes_nothing() {
    let mut table = Table::new();
    table.ask("why?");
    table.type_text("zebra");
    table.key("ctrl-r");
    assert!(table.screen(80, 24).contains("nothing fits"));
    table.key("enter");
    assert_eq!(table.app.composer.text(), "zebra");
}

#[test]
fn two_escapes_edit_the_last_question_when_nothing_goes_on() {
    let mut table = Table::new();
    table.ask("why?");
    assert_eq!(table.key("esc"), [Effect::StopAll { turn: TurnId(1) }]);
    for column in 0..3 {
        table.fails(column, StreamEventKind::Cancelled, Ending::Nothing);
    }
    table.key("esc");
    assert!(table.app.composer.is_empty());
    table.keys(&["x", "esc", "esc"]);
    assert_eq!(table.app.composer.text(), "x", "what is typed is not overwritten");
    table.keys(&["backspace", "esc", "esc"]);
    assert_eq!(table.app.composer.text(), "why?");
}

#[test]
fn a_long_paste_is_one_sign_on_the_screen_and_whole_in_the_question() {
    let mut table = Table::new();
    let pasted = (1..=12).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
    table.type_text("Explain: ");
    table.tell(Msg::Input(Input::Paste(pasted.clone())));
    assert!(table.screen(80, 24).contains("❯ Explain: [paste 1 · 12 lines]"));
    let effects = table.key("enter");
    let Effect::Ask { talk, .. } = &effects[0] else { unreachable!("a question was sent") };
    assert_eq!(talk.question.as_ref(), format!("Explain: {pasted}"));
    assert_eq!(table.app.history.newest(), Some(talk.question.as_ref()));
}

#[test]
fn a_folded_paste_is_written_out_by_a_key() {
    let mut table = Table::new();
    table.tell(Msg::Input(Input::Paste("x\n".repeat(11))));
    table.keys(&["ctrl-x", "p"]);
    assert!(!table.screen(80, 24).contains("[paste"));
    table.keys(&["ctrl-x", "p"]);
    assert!(table.app.notice.as_ref().is_some_and(|notice| notice.text == "no paste is folded"));
}
