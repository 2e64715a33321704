//! How much work a stream costs, counted rather than timed: four times the text costs at most 4.4 times as much.

use dissent::consensus::engine::Engine;
use dissent::consensus::voice::Ending;

use crate::table::{Table, frame};

/// What streaming `n_items` sentences to three models costs, a frame and a reading after every piece.
struct Cost {
    lines_wrapped: u64,
    bytes_scanned: u64,
    claims_compared: u64,
    rows_painted_last: u64,
}

fn sentence(model: usize, idx: usize) -> String {
    let end = if idx % 4 == 3 { "\n\n" } else { " " };
    format!(
        "The {idx}th bridge of town{idx} was opened in {} by engineer{idx} and mayor{model}.{end}",
        1500 + idx % 400
    )
}

fn stream(n_items: usize) -> Cost {
    let mut table = Table::new();
    table.ask("When were the bridges opened?");
    let mut engine = Engine::new("When were the bridges opened?", None, table.members.clone());
    engine.end(3, Ending::Nothing);
    let mut rows_painted_last = 0;
    for idx in 0..n_items {
        for model in 0..3 {
            let text = sentence(model, idx);
            engine.append(model, &text);
            table.says(model, &text);
        }
        rows_painted_last = frame(&mut table.app);
    }
    let view = &table.app.turns[0];
    let text = view.columns.iter().map(|column| column.document.work());
    Cost {
        lines_wrapped: text.map(|work| work.lines_wrapped as u64).sum(),
        bytes_scanned: engine.work().bytes_scanned,
        claims_compared: engine.work().claims_compared,
        rows_painted_last,
    }
}

#[test]
fn four_times_the_text_costs_at_most_four_point_four_times_the_work() {
    let (short, long) = (stream(60), stream(240));
    for (what, short, long) in [
        ("lines wrapped", short.lines_wrapped, long.lines_wrapped),
        ("bytes scanned", short.bytes_scanned, long.bytes_scanned),
        ("claims compared", short.claims_compared, long.claims_compared),
    ] {
        let ratio = long as f64 / short as f64;
        assert!(short > 0 && ratio <= 4.4, "{what}: {short} and {long}, {ratio:.2} times");
    }
}

#[test]
fn a_frame_paints_the_rows_in_sight_whatever_the_length() {
    assert!(stream(240).rows_painted_last <= stream(60).rows_painted_last + 1);
}

#[test]
fn the_panel_is_laid_out_for_a_reading_not_for_a_frame() {
    let mut table = Table::new();
    table.ask("When were the bridges opened?");
    for idx in 0..8 {
        table.says(0, &sentence(0, idx));
        table.says(1, &sentence(1, idx));
    }
    table.read();
    frame(&mut table.app);
    let before = table.app.work.panels_laid;
    table.key("esc");
    for idx in 8..20 {
        table.says(0, &sentence(0, idx));
        table.key("k");
        frame(&mut table.app);
    }
    assert_eq!(table.app.work.panels_laid, before);
    table.read();
    frame(&mut table.app);
    assert_eq!(table.app.work.panels_laid, before + 1);
}
