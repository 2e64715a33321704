//! How many bytes a streaming session costs: ours against those of ratatui's own writer for the same frames.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use dissent::shell::careful::Careful;
use dissent::shell::terminal::{FrameBuffer, draw};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::table::Table;

/// Bytes of each answer between two frames: a model of 100 tokens a second sends about seven.
const BYTES_A_FRAME: usize = 7;

/// Answers of the built-in bank, one after the other: so many in each column.
const ANSWERS_A_COLUMN: usize = 3;

/// Counts what is written.
#[derive(Clone, Default)]
struct Counter(Rc<RefCell<usize>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        *self.0.borrow_mut() += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns what five models say: the answers of the bank, a column each.
fn answers() -> Vec<String> {
    let bank = std::fs::read_to_string("assets/demo/bank.jsonl").unwrap();
    let cases = bank.lines().take(ANSWERS_A_COLUMN).map(|line| {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        (0..5).map(|column| case["answers"][column]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    });
    let cases: Vec<Vec<String>> = cases.collect();
    (0..5).map(|column| cases.iter().map(|case| case[column].clone() + "\n\n").collect()).collect()
}

/// Returns the bytes of a session at that size: ours, and those of ratatui's writer.
fn session((width, height): (u16, u16)) -> (usize, usize) {
    crossterm::style::force_color_output(true);
    let mut table = Table::of_five();
    let viewport = || TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, width, height)) };
    let (ours, stock) = (FrameBuffer::default(), Counter::default());
    let backend = Careful::new(CrosstermBackend::new(ours.clone()));
    let mut screen = Terminal::with_options(backend, viewport()).unwrap();
    let mut reference = Terminal::with_options(CrosstermBackend::new(stock.clone()), viewport()).unwrap();
    let mut n_bytes = 0;
    let mut frame = |table: &mut Table| {
        draw(&mut screen, &mut table.app).unwrap();
        n_bytes += ours.take_frame().len();
        draw(&mut reference, &mut table.app).unwrap();
    };
    frame(&mut table);
    table.ask("What do you say to all this?");
    let answers = answers();
    let mut at = [0; 5];
    for n_frames in 1.. {
        let mut is_over = true;
        for (column, (answer, at)) in answers.iter().zip(&mut at).enumerate() {
            let end = answer.ceil_char_boundary((*at + BYTES_A_FRAME).min(answer.len()));
            if *at < end {
                table.says(column, &answer[*at..end]);
                is_over = false;
            }
            *at = end;
        }
        if n_frames % 6 == 0 {
            table.read();
        }
        frame(&mut table);
        if is_over {
            break;
        }
    }
    for column in 0..5 {
        table.ends(column);
    }
    table.settle();
    frame(&mut table);
    table.key("esc");
    for key in ["k", "k", "pageup", "tab", "pageup", "]", "z", "z", "G"] {
        table.key(key);
        frame(&mut table);
    }
    let n_stock = *stock.0.borrow();
    (n_bytes, n_stock)
}

#[test]
fn a_streaming_session_costs_at_most_half_as_much_again_as_ratatuis_own_writer() {
    for size in [(200, 60), (120, 40), (80, 24)] {
        let (ours, stock) = session(size);
        let ratio = ours as f64 / stock as f64;
        assert!(stock > 10_000 && ratio <= 1.5, "{size:?}: {ours} and {stock}, {ratio:.3} times");
    }
}
