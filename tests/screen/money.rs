//! What the screen says of money, and when it asks before spending any.

use std::sync::Arc;

use crate::table::{Table, stop};
use dissent::domain::budget::Budget;
use dissent::domain::ids::Column;
use dissent::domain::member::Member;
use dissent::domain::money::{Price, Usd};
use dissent::domain::stream::StreamEventKind;
use dissent::domain::usage::Usage;
use dissent::ui::app::{Seat, Source};
use dissent::ui::effect::Effect;

/// A table of three that cost $10 a million tokens in and $100 out; `cedar` at a price that nobody knows.
fn priced(budget: Budget) -> Table {
    let mut table = Table::new();
    let seat = |(idx, id): (usize, &str)| {
        let price = Price { input: 10.0, output: 100.0, cached_input: None, date: None };
        let member = Member {
            price: (id != "cedar").then_some(price),
            provider: Arc::from(if idx == 0 { "north" } else { "south" }),
            ..Member::named(id)
        };
        Seat::new(Arc::new(member), true)
    };
    table.app.seats = ["aspen", "birch", "cedar"].into_iter().enumerate().map(seat).collect();
    table.members = table.app.seats.iter().map(|seat| Arc::clone(&seat.member)).collect();
    table.app.source = Source::Providers;
    table.app.purse.budget = budget;
    table
}

fn turn_budget(usd: f64) -> Budget {
    Budget { turn: Some(Usd(usd)), ..Budget::default() }
}

fn answers(table: &mut Table, column: usize, usage: Option<Usage>) {
    table.says(column, "It was in 1969.");
    let finish = dissent::domain::stream::Finish { usage, ..stop() };
    table.happens(Column::at(column), StreamEventKind::Finished(Box::new(finish)));
}

fn tokens(input: u64, output: u64) -> Usage {
    Usage { input_tokens: Some(input), output_tokens: Some(output), ..Usage::default() }
}

fn asks(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Ask { .. } | Effect::AskMember { .. })).count()
}

#[test]
fn a_typed_question_shows_about_what_it_will_cost_and_an_empty_one_nothing() {
    let mut table = priced(Budget::default());
    assert!(!table.screen(120, 40).contains("~$"));
    table.type_text("why?");
    // Two known prices at 512 tokens out each; the third is unknown.
    assert!(table.screen(120, 40).contains(" ≥~$0.10 "), "{}", table.screen(120, 40));
    table.key("ctrl-u");
    assert!(!table.screen(120, 40).contains("~$"));
}

#[test]
fn the_demo_costs_nothing_and_says_nothing_of_it() {
    let mut table = Table::new();
    table.type_text("why?");
    assert!(!table.screen(120, 40).contains('$'));
}

#[test]
fn the_first_question_says_who_gets_to_read_it() {
    let mut table = priced(Budget::default());
    table.ask("why?");
    let notice = table.app.notice.as_ref().unwrap().text.clone();
    assert_eq!(notice, "your question goes to 2 vendors: north, south");
}

#[test]
fn over_the_budget_the_chat_asks_and_enter_sends_all_the_same() {
    let mut table = priced(turn_budget(0.05));
    assert_eq!(asks(&table.ask("why?")), 0);
    assert_eq!(table.app.composer.text(), "why?");
    let shown = table.screen(160, 40);
    let expected = "the question would cost about ≥~$0.10, and the budget for one question is $0.050";
    assert!(shown.contains(expected), "{shown}");
    assert!(table.screen(60, 24).contains("enter sends it all the same  esc keeps it"), "no window cuts the choice");
    assert_eq!(asks(&table.key("enter")), 1);
    assert!(table.app.composer.is_empty());
}

#[test]
fn over_the_budget_escape_keeps_the_question() {
    let mut table = priced(turn_budget(0.05));
    table.ask("why?");
    assert_eq!(table.key("esc"), []);
    assert_eq!(table.app.composer.text(), "why?");
    assert!(!table.screen(160, 40).contains("all the same"));
    assert_eq!(asks(&table.key("enter")), 0, "it is asked about again");
}

#[test]
fn a_changed_question_is_looked_at_anew() {
    let mut table = priced(turn_budget(0.05));
    table.ask("why?");
    table.type_text("!");
    assert!(!table.screen(160, 40).contains("all the same"));
    assert_eq!(asks(&table.key("enter")), 0);
    assert_eq!(table.app.composer.text(), "why?!");
}

#[test]
fn what_was_spent_counts_against_the_session() {
    let mut table = priced(Budget { session: Some(Usd(0.15)), ..Budget::default() });
    table.ask("one?");
    for column in 0..3 {
        answers(&mut table, column, Some(tokens(1_000, 500)));
    }
    table.settle();
    // Two answers at $0.06 are spent, and the third has no price: another turn would break the limit.
    assert_eq!(asks(&table.ask("two?")), 0);
    let shown = table.screen(200, 50);
    assert!(shown.contains("≥$0.12 is spent, and the budget for the session is $0.15"), "{shown}");
    table.keys(&["esc", "ctrl-u", "tab", "1"]);
    assert_eq!(asks(&table.key("r")), 0, "asking one again costs too");
    assert!(table.app.notice.as_ref().unwrap().text.contains("once more asks aspen all the same"));
    assert_eq!(asks(&table.key("r")), 1);
}

#[test]
fn a_cost_that_nobody_counted_is_marked_as_a_guess() {
    let mut table = priced(Budget::default());
    table.ask("one?");
    for column in 0..2 {
        table.happens(Column::at(column), StreamEventKind::Started { n_tokens: 6_050 });
        answers(&mut table, column, None);
    }
    table.settle();
    let shown = table.screen(200, 50);
    // 6,050 tokens at $10 a million, and 5 written at $100.
    assert!(shown.contains("~$0.061"), "{shown}");
    assert!(shown.lines().next().unwrap().contains("turn 1  ≥~$0.12"), "{shown}");
}

#[test]
fn heads_and_title_show_what_answers_cost_and_what_is_unknown() {
    let mut table = priced(Budget::default());
    table.ask("one?");
    answers(&mut table, 0, Some(tokens(1_000, 500)));
    answers(&mut table, 1, None);
    answers(&mut table, 2, Some(tokens(1_000, 500)));
    table.settle();
    let shown = table.screen(200, 50);
    assert!(shown.contains("$0.06"), "{shown}");
    assert!(shown.contains("$?"), "{shown}");
    assert!(shown.lines().next().unwrap().contains("turn 1  ≥$0.06"), "{shown}");
}

fn who_is_on(table: &Table) -> Vec<bool> {
    table.app.seats.iter().map(|seat| seat.is_on).collect()
}

/// A settled turn of `aspen` and `cedar`, whose price nobody knows; `birch` is off and too dear for the budget.
fn without_the_dear_one() -> Table {
    let mut table = priced(Budget::default());
    table.app.seats[1].is_on = false;
    table.ask("why?");
    for column in [0, 2] {
        answers(&mut table, column, None);
    }
    table.app.purse.budget = turn_budget(0.001);
    table
}

#[test]
fn leaving_a_single_model_on_that_is_too_dear_changes_nothing_and_says_why() {
    let mut table = without_the_dear_one();
    table.type_text("/only birch");
    assert_eq!(table.key("enter"), []);
    assert_eq!(who_is_on(&table), [true, false, true]);
    let screen = table.screen(160, 40);
    assert!(screen.contains("nothing was changed"), "{screen}");
    table.type_text("/only birch");
    assert_eq!(asks(&table.key("enter")), 1);
    assert_eq!(who_is_on(&table), [false, true, false]);
}

#[test]
fn a_list_of_models_that_is_too_dear_changes_nothing_and_says_why() {
    let mut table = without_the_dear_one();
    let marked = ["ctrl-x", "m", "space", "down", "space"];
    table.keys(&marked);
    assert_eq!(table.key("enter"), []);
    assert_eq!(who_is_on(&table), [true, false, true]);
    assert!(table.screen(160, 40).contains("nothing was changed"));
    table.keys(&marked);
    assert_eq!(asks(&table.key("enter")), 1);
    assert_eq!(who_is_on(&table), [false, true, true]);
}
