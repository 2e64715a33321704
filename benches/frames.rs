//! What a frame costs over five answers of 100 KB each, 200x60: CPU time of the thread that draws, and bytes.
//!
//! `cargo bench --bench frames` plays keys and sizes through the same update, layout, painting and writer as the program,
//! with a byte sink for a terminal. A key is held, a frame a key: the first key is shown apart from the rest. A change of
//! size lays everything out anew; it counts from the size to the last byte of the whole new screen. Wanted: at most 8 ms
//! a key, 50 ms a size. Beside our bytes stand those of ratatui's own writer for the same frames.
//!
//! CPU times come from `/proc/thread-self/schedstat`, in nanoseconds; elsewhere than on Linux the clock stands in.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench reads the clock and prints")]
#![expect(clippy::unwrap_used, reason = "a bench stops at the first surprise")]

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use dissent::consensus::engine::Engine;
use dissent::consensus::voice::Ending;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::member::Member;
use dissent::domain::stream::{Delta, Finish, FinishNorm, FinishReason, StreamEvent, StreamEventKind};
use dissent::shell::careful::Careful;
use dissent::shell::terminal::{FrameBuffer, draw};
use dissent::ui::app::{App, Seat, Source};
use dissent::ui::coloring::{ColoredLines, uncolored};
use dissent::ui::keymap::Keymap;
use dissent::ui::msg::{Input, Msg};
use dissent::ui::text::highlight::Highlighter;
use dissent::ui::theme::{Depth, Theme};
use dissent::ui::update::update;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

const N_COLUMNS: usize = 5;
const BYTES_A_COLUMN: usize = 100_000;
const SIZE: (u16, u16) = (200, 60);
const OTHER_SIZE: (u16, u16) = (150, 50);
const N_KEYS: usize = 400;
const N_SIZES: usize = 20;
/// Bytes of each answer between two frames while all stream: a model of 100 tokens a second sends about seven a frame.
const BYTES_A_FRAME: usize = 7;
/// Bytes of each answer that are streamed for the count of bytes.
const STREAMED: usize = 6_000;

/// Counts what ratatui's own writer sends.
#[derive(Clone, Debug, Default)]
struct Stock {
    bytes: Rc<Cell<usize>>,
}

impl Write for Stock {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.set(self.bytes.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The screen, with a byte sink for a terminal, and ratatui's own writer beside it.
struct Bench {
    app: App,
    now: Instant,
    terminal: Terminal<Careful<CrosstermBackend<FrameBuffer>>>,
    frame: FrameBuffer,
    bytes: usize,
    stock: Terminal<CrosstermBackend<Stock>>,
    stock_bytes: Rc<Cell<usize>>,
    highlighter: Highlighter,
}

fn viewport((width, height): (u16, u16)) -> TerminalOptions {
    TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, width, height)) }
}

impl Bench {
    /// Returns a screen on which five models have been asked.
    fn new() -> Self {
        crossterm::style::force_color_output(true);
        let now = Instant::now();
        let seats = ["aspen", "birch", "cedar", "dogwood", "elm"]
            .map(|name| Seat::new(Arc::new(Member::named(name)), true))
            .to_vec();
        let (theme, _) = Theme::named("ink", Depth::True);
        let mut app = App::new(seats, Source::Demo, theme, Keymap::default(), now);
        app.size = SIZE;
        let frame = FrameBuffer::default();
        let backend = Careful::new(CrosstermBackend::new(frame.clone()));
        let terminal = Terminal::with_options(backend, viewport(SIZE)).unwrap();
        let sink = Stock::default();
        let stock_bytes = Rc::clone(&sink.bytes);
        let stock = Terminal::with_options(CrosstermBackend::new(sink), viewport(SIZE)).unwrap();
        let highlighter = Highlighter::load();
        let mut bench = Self { app, now, terminal, frame, bytes: 0, stock, stock_bytes, highlighter };
        for letter in "How is it done?".chars() {
            bench.key(KeyCode::Char(letter));
        }
        bench.key(KeyCode::Enter);
        for column in 0..N_COLUMNS {
            bench.happens(column, StreamEventKind::Waiting { attempt: 1 });
        }
        bench
    }

    fn tell(&mut self, msg: Msg) {
        drop(update(&mut self.app, msg, self.now));
    }

    fn key(&mut self, code: KeyCode) {
        self.tell(Msg::Input(Input::Key(KeyEvent::new(code, KeyModifiers::NONE))));
    }

    fn happens(&mut self, column: usize, kind: StreamEventKind) {
        let event = StreamEvent { turn: TurnId(1), column: Column::at(column), at: self.now, kind };
        self.tell(Msg::Stream(event));
    }

    fn says(&mut self, column: usize, text: &str) {
        self.happens(column, StreamEventKind::Delta(Delta { text: text.to_owned(), ..Delta::default() }));
    }

    /// Ends every answer and takes the engine's reading of them.
    fn end(&mut self, texts: &[String]) {
        let members = self.app.bench.clone();
        let mut engine = Engine::new("How is it done?", None, members);
        for (column, text) in texts.iter().enumerate() {
            engine.append(column, text);
            engine.end(column, Ending::Complete);
            let reason = Some(FinishReason { raw: Some("stop".to_owned()), norm: FinishNorm::Stop });
            self.happens(column, StreamEventKind::Finished(Box::new(Finish { reason, ..Finish::default() })));
        }
        let report = engine.report();
        let band = report.band;
        self.tell(Msg::Report(TurnId(1), report, band));
    }

    /// Draws a frame, and asks for the colours of what is in sight, as the loop does.
    fn draw(&mut self) -> Vec<dissent::ui::coloring::CodeLines> {
        draw(&mut self.terminal, &mut self.app).unwrap();
        self.bytes += self.frame.take_frame().len();
        uncolored(&mut self.app)
    }

    /// Draws the same frame with ratatui's own writer.
    fn draw_stock(&mut self) {
        draw(&mut self.stock, &mut self.app).unwrap();
    }

    /// Gives the colours that the worker would give; whole blocks only, which are what stands in sight.
    fn color(&mut self, wanted: Vec<dissent::ui::coloring::CodeLines>) {
        for lines in wanted {
            let mut state = self.highlighter.begin(&lines.language);
            let tokens = lines.lines.iter().map(|line| self.highlighter.tokens(&mut state, line)).collect();
            self.tell(Msg::Colored(ColoredLines { place: lines.place, first: lines.first, lines: tokens }));
        }
    }

    /// Presses a key many times, a frame each, and prints what it costs.
    fn hold(&mut self, name: &str, code: KeyCode) {
        self.measure(name, N_KEYS, |bench, _| {
            bench.key(code);
            bench.draw()
        });
    }

    /// Changes the size to and fro and prints what each change costs.
    fn resize(&mut self, name: &str) {
        self.measure(name, N_SIZES, |bench, idx| {
            let size = if idx % 2 == 0 { OTHER_SIZE } else { SIZE };
            bench.tell(Msg::Input(Input::Resize(size.0, size.1)));
            bench.terminal.resize(Rect::new(0, 0, size.0, size.1)).unwrap();
            bench.draw()
        });
    }

    fn measure(
        &mut self,
        name: &str,
        times: usize,
        mut step: impl FnMut(&mut Self, usize) -> Vec<dissent::ui::coloring::CodeLines>,
    ) {
        self.bytes = 0;
        let mut costs = Vec::with_capacity(times);
        for idx in 0..times {
            let start = cpu();
            let wanted = step(self, idx);
            costs.push(cpu().saturating_sub(start));
            self.color(wanted);
        }
        let millis = |cost: Duration| cost.as_secs_f64() * 1e3;
        let first = costs.first().copied().unwrap_or_default();
        let rest = costs.get(1..).unwrap_or_default();
        let mean = rest.iter().sum::<Duration>() / u32::try_from(rest.len().max(1)).unwrap();
        let worst = rest.iter().max().copied().unwrap_or_default();
        println!(
            "{name:<34} {:>9.2} {:>9.2} {:>9.2} {:>12}",
            millis(first),
            millis(mean),
            millis(worst),
            self.bytes / times
        );
    }
}

fn main() {
    let texts: Vec<String> = (0..N_COLUMNS).map(|column| answer(column, BYTES_A_COLUMN)).collect();
    println!("five answers of {} KB, {}x{}", BYTES_A_COLUMN / 1_000, SIZE.0, SIZE.1);
    println!("{:<34} {:>9} {:>9} {:>9} {:>12}", "CPU of the thread, ms", "first", "mean", "worst", "bytes/frame");
    let mut bench = Bench::new();
    drop(bench.draw());
    let mut texts_left = Some(&texts);
    bench.measure("all answers at once", 1, |bench, _| {
        for (column, text) in texts_left.take().into_iter().flatten().enumerate() {
            bench.says(column, text);
        }
        bench.draw()
    });
    bench.end(&texts);
    bench.measure("their reading", 1, |bench, _| bench.draw());
    // Into the columns: where there is writing, letters are typed.
    bench.key(KeyCode::Tab);
    bench.key(KeyCode::Char('1'));
    bench.hold("held: a line up", KeyCode::Up);
    bench.hold("held: a line down", KeyCode::Down);
    bench.hold("held: a page up", KeyCode::PageUp);
    bench.key(KeyCode::Char('G'));
    bench.key(KeyCode::Char('='));
    bench.hold("held: a line up, all in step", KeyCode::Up);
    bench.hold("held: a page up, all in step", KeyCode::PageUp);
    bench.resize("a change of size, at the top");
    bench.key(KeyCode::Char('G'));
    bench.resize("a change of size, at the end");
    let (ours, stock) = stream_bytes(&texts);
    println!(
        "\nbytes of {} streamed bytes an answer: {ours}, ratatui's own writer {stock}, ratio {:.3}",
        STREAMED,
        ours as f64 / stock as f64
    );
}

/// Streams the beginnings of the answers, and returns the bytes of our writer and of ratatui's for the same frames.
fn stream_bytes(texts: &[String]) -> (usize, usize) {
    let mut bench = Bench::new();
    let mut starts = [0; N_COLUMNS];
    while starts.iter().any(|start| *start < STREAMED) {
        for (column, (text, start)) in texts.iter().zip(&mut starts).enumerate() {
            let end = text.ceil_char_boundary(*start + BYTES_A_FRAME);
            bench.says(column, text.get(*start..end).unwrap_or_default());
            *start = end;
        }
        let wanted = bench.draw();
        bench.draw_stock();
        bench.color(wanted);
    }
    (bench.bytes, bench.stock_bytes.get())
}

/// Returns what this thread has cost so far.
///
/// The system adds up a thread's time when it leaves the processor, so that it does so for a moment first.
fn cpu() -> Duration {
    std::thread::sleep(Duration::from_micros(1));
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|nanos| nanos.parse().ok()).map_or_else(wall, Duration::from_nanos)
}

fn wall() -> Duration {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
}

/// Returns an answer of some length, with everything that answers are made of.
fn answer(column: usize, n_bytes: usize) -> String {
    let parts = (0..).scan(0, |n_so_far, idx| {
        let part = (*n_so_far < n_bytes).then(|| part(column, idx));
        *n_so_far += part.as_ref().map_or(0, String::len);
        part
    });
    let mut text = parts.collect::<Vec<_>>().concat();
    text.truncate(text.floor_char_boundary(n_bytes));
    text
}

fn part(column: usize, idx: usize) -> String {
    let number = idx * 7 + column;
    let rows = (0..4)
        .map(|row| format!("| pump {row} | {} | the **{number}th** of its kind |\n", 1900 + (number + row) % 100));
    [
        format!("## Part {idx} of plan {column}\n\n"),
        format!(
            "The *{number}th* step was taken in **{}**, in the town of [Haldenau](https://example.org/{idx}), and it took \
             {}.{column} hours; `step({number})` says as much. Nobody knew then that it would be asked about again.\n\n",
            1800 + number % 200,
            number % 9,
        ),
        format!(
            "- First, **open** the valve of pump {number}\n  - and wait for {} seconds\n  - then look at `gauge[{idx}]`\n\
             - [ ] Close it again, as the [manual](https://example.org/manual) says\n1. One\n2. Two of {column}\n\n",
            number % 60
        ),
        "| name | year | what |\n|---|--:|---|\n".to_owned(),
        rows.collect::<Vec<_>>().concat(),
        format!(
            "\n```rust\nfn step_{idx}(at: usize) -> Option<u64> {{\n    // the {number}th of them\n    let landed = \
             compute(at, {number})?;\n    Some(landed + {idx})\n}}\n```\n\n"
        ),
        format!("> 第{number}歩は一八〇〇年に始まり、漢字と仮名が交じる文で書かれた。🚀 e\u{301}tait là.\n\n"),
    ]
    .concat()
}
