//! The figures of how the models did, on the screen.

use std::time::Duration;

use dissent::domain::cost::Cost;
use dissent::domain::money::Usd;
use dissent::figures::performance::Performance;
use dissent::figures::seats::{Seat, Seats};
use dissent::figures::spread::Spread;
use dissent::figures::{DayFigures, Figures, ModelFigures};
use dissent::ui::app::Layer;
use dissent::ui::effect::Effect;
use dissent::ui::library::{Answer, Board, Reach, Wish};
use dissent::ui::msg::Msg;
use jiff::civil::date;

use crate::table::Table;

fn performance(n_calls: u32, first_ms: u64) -> Performance {
    let spread = |ms| Spread { p50: Some(Duration::from_millis(ms)), p95: Some(Duration::from_millis(3 * ms)) };
    Performance {
        n_calls,
        n_failed: 3,
        first_token: spread(first_ms),
        total: spread(8 * first_ms),
        tokens_per_second: Some(88.4),
        cost: Cost { known: Usd(12.31), is_estimated: true, is_partial: false },
        n_with: 940,
        n_against: 60,
        n_ranked: n_calls,
        n_first: n_calls / 3,
        n_sided: n_calls,
        n_alone: 31,
        n_dissented: 52,
        n_dissented_right: 4,
        n_dissented_wrong: 3,
        ..Performance::default()
    }
}

fn figures() -> Figures {
    let models = ["claude", "gpt\u{1b}[31m-red", "gemini"];
    let model = |(idx, model): (u32, &&str)| ModelFigures {
        model: (*model).to_owned(),
        all: performance(1_204 - idx, 412 + 100 * u64::from(idx)),
    };
    let of_models = || (0..).zip(&models).map(model).collect::<Vec<_>>();
    let day = |back: i8| DayFigures {
        date: date(2026, 11, 26 - back),
        n_turns: 10,
        n_disputed: 2,
        all: performance(30, 500),
        models: of_models(),
    };
    let seat = |model: &str, is_on| Seat {
        model: model.to_owned(),
        is_on,
        n_turns: 1_100,
        n_raised: 40,
        n_raised_right: 3,
        n_raised_wrong: 2,
        n_turned: 1,
        votes_otherwise: Some(1.6),
    };
    Figures {
        n_turns: 1_204,
        n_disputed: 131,
        n_judged: 41,
        all: performance(3_612, 500),
        models: of_models(),
        days: (0..20).map(day).collect(),
        seats: Seats {
            ensemble: models.map(str::to_owned).to_vec(),
            effective_votes: Some(2.14),
            error_correlation: Some(0.2),
            n_judged: 41,
            seats: vec![seat("claude", true), seat("gpt\u{1b}[31m-red", true), seat("gemini", false)],
        },
        ..Figures::default()
    }
}

fn shown(size: (u16, u16)) -> Table {
    let mut table = Table::new();
    table.app.library.closed = None;
    table.app.purse.budget.day = Some(Usd(20.0));
    table.screen(size.0, size.1);
    table.type_text("/stats");
    let wished = table.keys(&["enter"]);
    let [Effect::Library(Wish::Count { reach: Reach::All, ensemble, .. })] = wished.as_slice() else {
        unreachable!("{wished:?}")
    };
    assert!(!ensemble.is_empty());
    assert!(table.screen(size.0, size.1).contains("counting…"));
    let board = Board { reach: Reach::All, today: date(2026, 11, 26), figures: figures() };
    table.tell(Msg::Library(Answer::Counted(Box::new(board))));
    table
}

#[test]
fn the_figures_fit_a_small_window_and_use_a_large_one() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut table = shown((width, height));
        let frame = table.screen(width, height);
        insta::assert_snapshot!(format!("stats_{width}x{height}"), frame);
    }
}

#[test]
fn keys_move_over_the_figures_change_their_time_and_close_them() {
    let mut table = shown((80, 24));
    let first = table.screen(80, 24);
    table.keys(&["down", "down"]);
    let moved = table.screen(80, 24);
    assert_ne!(moved, first);
    assert!(!moved.contains("1,204 turns") && moved.contains("gpt-red"), "{moved}");
    let wished = table.keys(&["l"]);
    assert!(matches!(wished.as_slice(), [Effect::Library(Wish::Count { reach: Reach::Month, .. })]), "{wished:?}");
    assert!(table.screen(80, 24).contains("counting…"), "figures of another time are not shown for these");
    assert!(!table.keys(&["h"]).is_empty());
    assert!(table.keys(&["h"]).is_empty(), "nothing is longer than all time");
    assert!(table.screen(80, 24).contains("1,204 turns"));
    table.keys(&["esc"]);
    assert_eq!(table.app.layer, Layer::None);
}

#[test]
fn where_nothing_is_kept_there_is_nothing_to_count() {
    let mut table = Table::new();
    table.type_text("/stats");
    assert!(table.keys(&["enter"]).is_empty());
    assert_eq!(table.app.layer, Layer::None);
}
