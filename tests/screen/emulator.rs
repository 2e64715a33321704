//! What reaches a real terminal: the bytes of every frame played into an emulator, against one whole painting; and
//! answers that try to leave their column.

use std::cell::RefCell;
use std::io::{self, Write};
use std::num::NonZero;
use std::rc::Rc;

use dissent::shell::careful::Careful;
use dissent::shell::terminal::draw;
use dissent::ui::app::App;
use dissent::ui::msg::{Input, Msg};
use dissent::ui::text::width::width;
use dissent::ui::theme::{Depth, Glyphs, Theme};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::table::Table;

/// Collects what is written.
#[derive(Clone, Default)]
struct Wire(Rc<RefCell<Vec<u8>>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An emulated terminal with our backend in front of it.
struct Emulated {
    terminal: Terminal<Careful<CrosstermBackend<Wire>>>,
    wire: Wire,
    screen: vt100::Parser,
    bytes: Vec<u8>,
}

fn cells((width, height): (u16, u16)) -> (NonZero<u16>, NonZero<u16>) {
    (NonZero::new(height).unwrap(), NonZero::new(width).unwrap())
}

impl Emulated {
    fn new(size: (u16, u16)) -> Self {
        crossterm::style::force_color_output(true);
        let wire = Wire::default();
        let viewport = Viewport::Fixed(Rect::new(0, 0, size.0, size.1));
        let backend = Careful::new(CrosstermBackend::new(wire.clone()));
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        let (rows, cols) = cells(size);
        Self { terminal, wire, screen: vt100::Parser::new(rows, cols, 0), bytes: Vec::new() }
    }

    fn resize(&mut self, size: (u16, u16)) {
        let (rows, cols) = cells(size);
        self.screen.set_size(rows, cols);
        self.terminal.resize(Rect::new(0, 0, size.0, size.1)).unwrap();
        self.play();
    }

    fn frame(&mut self, app: &mut App) {
        draw(&mut self.terminal, app).unwrap();
        self.play();
    }

    fn play(&mut self) {
        let bytes = std::mem::take(&mut *self.wire.0.borrow_mut());
        self.screen.process(&bytes);
        self.bytes.extend(bytes);
    }

    /// Returns where the cursor is seen.
    fn cursor(&self) -> Option<(u16, u16)> {
        let screen = self.screen.screen();
        (!screen.hide_cursor()).then(|| screen.cursor_position())
    }

    /// Returns every cell with its looks, a row a line.
    fn shown(&self) -> Vec<String> {
        let screen = self.screen.screen();
        let (rows, cols) = screen.size();
        let row = |row: u16| {
            let cells = (0..cols.get()).filter_map(|col| screen.cell(row, col));
            let cell = |cell: &vt100::Cell| {
                let contents = if cell.has_contents() { cell.contents() } else { " " };
                let looks = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()].map(u8::from);
                // The colour of a blank cell is not seen, and a terminal that was cleared has the usual one.
                let color = if contents.trim().is_empty() { String::new() } else { format!("{:?}", cell.fgcolor()) };
                format!("{contents}{color}{looks:?}{:?}", cell.bgcolor())
            };
            cells.map(cell).collect::<Vec<_>>().join("|")
        };
        (0..rows.get()).map(row).collect()
    }
}

/// One thing that happens to the screen.
#[derive(Clone, Debug)]
enum Happening {
    Says(usize, String),
    Ends(usize),
    Reads,
    Presses(&'static str),
    Resizes(u16, u16),
    Passes(u64),
}

const KEYS: [&str; 24] = [
    "tab", "esc", "j", "k", "g", "G", "h", "l", "1", "2", "z", "c", "t", "]", "[", ".", "?", "up", "pageup", "ctrl-x",
    "ctrl-u", "ctrl-j", "x", "space",
];

const PIECES: [&str; 12] = [
    "The first landing was in **July 1969**, not in 1968. ",
    "\n\n# Heading\n\n- one\n- two `code`\n  - three\n",
    "\n\n```rust\nfn main() {\n\tprintln!(\"x\");\n}\n```\n\n",
    "\n| a | b |\n|---|---|\n| 1 | 漢字仮名 |\n| 2 | ok |\n\n",
    "漢字仮名交じり文、日本語のテキスト。",
    "한국어 문장 그리고 ",
    "🚀 😀 👩‍👩‍👧 ❤️ 🇩🇪 ✅ ",
    "שלום عربي ",
    "e\u{301}a\u{308} ி न नि कि தமிழ் ",
    "\u{202e}desrever\u{202c} \u{200b}\u{feff}",
    "\x1b[31mred\x1b[2J\x1b]0;title\x07",
    "averyveryverylongwordthatdoesnotfitintoanycolumnatallandgoesonandonandonandon ",
];

/// Scripts in which a terminal and we count the same cells: no spacing marks, which terminals may join or not.
const LETTERS: &str = "[ -~\n¡-ÿĀ-ſΑ-ωЀ-ӿא-ת؀-ؿa\u{300}-\u{36f}ぁ-ゖァ-ヺ一-鿿가-힣😀-🙏]{0,60}";

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => (0..3usize, prop::sample::select(PIECES.to_vec())).prop_map(|(c, text)| Happening::Says(c, text.to_owned())),
        2 => (0..3usize, LETTERS).prop_map(|(column, text)| Happening::Says(column, text)),
        1 => (0..3usize).prop_map(Happening::Ends),
        1 => Just(Happening::Reads),
        4 => prop::sample::select(KEYS.to_vec()).prop_map(Happening::Presses),
        1 => (30..200u16, 8..60u16).prop_map(|(width, height)| Happening::Resizes(width, height)),
        1 => (1..30u64).prop_map(Happening::Passes),
    ]
}

fn apply(table: &mut Table, glass: &mut Emulated, happening: &Happening) {
    match happening {
        Happening::Says(column, text) => table.says(*column, text),
        Happening::Ends(column) => table.ends(*column),
        Happening::Reads => table.read(),
        Happening::Presses(key) => drop(table.key(key)),
        Happening::Resizes(width, height) => {
            table.tell(Msg::Input(Input::Resize(*width, *height)));
            glass.resize((*width, *height));
        }
        Happening::Passes(seconds) => table.passes(*seconds),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        rng_seed: RngSeed::Fixed(1969),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_sequence_of_frames_shows_what_one_whole_painting_shows(
        size in (40..200u16, 10..60u16),
        is_ascii in any::<bool>(),
        happenings in prop::collection::vec(happening(), 1..40),
    ) {
        let mut table = Table::new();
        table.app.theme.glyphs = if is_ascii { Glyphs::Ascii } else { Glyphs::Unicode };
        let mut glass = Emulated::new(size);
        glass.frame(&mut table.app);
        table.ask("when?");
        for happening in &happenings {
            apply(&mut table, &mut glass, happening);
            glass.frame(&mut table.app);
        }
        let mut whole = Emulated::new(table.app.size);
        whole.frame(&mut table.app);
        for (row, (by_frames, at_once)) in glass.shown().iter().zip(whole.shown()).enumerate() {
            prop_assert_eq!(by_frames, &at_once, "row {}", row);
        }
        prop_assert_eq!(glass.cursor(), whole.cursor());
    }
}

/// Everything that a stream could send to take the terminal over, or to smear what stands beside it.
fn hostile() -> String {
    let sequences = [
        "\x1b[2J\x1b[H\x1b[31mred\x1b[0m",
        "\x1bc",
        "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
        "\u{9b}31m\u{9d}0;owned\u{9c}",
        "\x1bPq#0;2;0;0;0\x1b\\\x1b_Gf=100;AAAA\x1b\\\x1b^pm\x1b\\",
        "\x1b[6n\x1b[c\x1b[?1049l\x1b[?25l\x1b[>1u\x07\x08\x0c\x0b\x0e",
        "\u{202e}gnp.exe\u{202c}\u{2066}a\u{2069}\u{200f}\u{061c}",
        "zero\u{200b}width\u{2060}joined\u{feff}here\u{e0041}\u{e007f}",
        "one\ttwo\t\tthree\rfour\r\nfive\u{2028}six",
        "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308} marks",
    ];
    sequences.join("\n\n")
}

#[test]
fn a_hostile_answer_stays_in_its_column_and_its_words_stay_whole() {
    let size = (120, 40);
    let shown = |text: &str| {
        let mut table = Table::new();
        let mut glass = Emulated::new(size);
        table.ask("when?");
        for (at, letter) in text.char_indices() {
            table.says(0, letter.encode_utf8(&mut [0; 4]));
            if at % 7 == 0 {
                glass.frame(&mut table.app);
            }
        }
        table.says(1, "harmless");
        glass.frame(&mut table.app);
        let text = table.app.turns[0].columns[0].document.text().to_owned();
        (glass, text)
    };
    let (glass, text) = shown(&hostile());
    let (benign, _) = shown("A plain answer.");
    // The rules between the columns stand where they stand beside a plain answer.
    let frame = |glass: &Emulated| {
        let rows = glass.screen.screen().rows(0, 120).collect::<Vec<_>>();
        let rules = |row: &String| row.match_indices('│').map(|(at, _)| width(&row[..at])).collect::<Vec<_>>();
        rows[..20].iter().map(rules).collect::<Vec<_>>()
    };
    assert_eq!(frame(&glass), frame(&benign));
    let written = String::from_utf8(glass.bytes).unwrap();
    for never in ["\x1b]", "\x1bP", "\x1b_", "\x1bc", "\x07", "\t", "\u{9b}", "\u{202e}", "\u{200b}", "[6n", "owned"] {
        assert!(!written.contains(never), "{never:?} reached the terminal");
    }
    for kept in ["red", "link", "gnp.exe", "zerowidthjoinedhere", "one\ttwo\t\tthree\nfour\nfive", "marks"] {
        assert!(text.contains(kept), "{kept:?} is missing in {text:?}");
    }
}

#[test]
fn a_line_of_a_megabyte_keeps_the_glass_and_the_text() {
    let mut table = Table::new();
    let mut glass = Emulated::new((120, 40));
    table.ask("when?");
    let line = "word 漢字 ".repeat(1_000_000 / 12);
    for piece in line.as_bytes().chunks(12 * 1_000) {
        table.says(0, std::str::from_utf8(piece).unwrap());
    }
    glass.frame(&mut table.app);
    let mut whole = Emulated::new((120, 40));
    whole.frame(&mut table.app);
    assert_eq!(glass.shown(), whole.shown());
    assert_eq!(table.app.turns[0].columns[0].document.text(), line);
}

#[test]
fn without_colours_the_marks_are_still_there() {
    let mut table = Table::new();
    table.app.theme = Theme::named("mono", Depth::Mono).0;
    let mut glass = Emulated::new((120, 40));
    table.ask("when?");
    table.says(0, "The landing was in 1969.\n\n");
    table.says(1, "The landing was in 1968.\n\n");
    table.says(2, "The landing was in 1969.\n\n");
    for column in 0..3 {
        table.ends(column);
    }
    table.settle();
    glass.frame(&mut table.app);
    let written = String::from_utf8(glass.bytes).unwrap();
    let looks: Vec<&str> = written
        .split("\x1b[")
        .filter_map(|part| part.split_once('m').map(|(codes, _)| codes))
        .filter(|codes| codes.chars().all(|letter| letter.is_ascii_digit() || letter == ';'))
        .collect();
    for codes in &looks {
        // 39, 49 and 59 are the terminal's own colours; an empty code would be a reset.
        assert!(
            codes.split(';').all(|code| matches!(
                code,
                "0" | "1" | "2" | "3" | "4" | "7" | "9" | "22" | "23" | "24" | "27" | "29" | "39" | "49" | "59"
            )),
            "{codes:?}"
        );
    }
    assert!(looks.contains(&"4") && looks.contains(&"7") && looks.contains(&"1"), "{looks:?}");
}

#[test]
fn ascii_signs_say_the_same() {
    let mut table = Table::new();
    table.app.theme.glyphs = Glyphs::Ascii;
    table.ask("when?");
    table.says(0, "The landing was in 1969.\n\n");
    table.says(1, "The landing was in 1968.\n\n");
    table.settle();
    let shown = table.screen(160, 50);
    assert!(shown.is_ascii(), "{shown}");
    assert!(shown.contains("!1"), "{shown}");
}
