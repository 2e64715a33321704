//! What the rows of a document must be, for texts that a model writes and for texts that no model should.

use proptest::prelude::*;

use super::*;
use crate::ui::text::row::{RowKind, RowSpan, TextRole};

fn whole(raw: &str, width: u16) -> Document {
    let mut document = Document::new();
    document.set_width(width);
    document.push(raw);
    document.close();
    document.reflow();
    document
}

fn open(raw: &str, width: u16) -> Document {
    let mut document = Document::new();
    document.set_width(width);
    document.push(raw);
    document.reflow();
    document
}

fn rows(document: &Document) -> Vec<String> {
    (0..document.n_rows()).map(|idx| document.row(idx).unwrap().text()).collect()
}

/// The rows of `raw`, blanks at their ends left out.
fn check(raw: &str, width: u16, expected: &[&str]) {
    let found: Vec<String> = rows(&whole(raw, width)).iter().map(|row| row.trim_end().to_owned()).collect();
    assert_eq!(found, expected, "{raw:?}");
}

/// The rows while more may come.
fn check_open(raw: &str, expected: &[&str]) {
    assert_eq!(rows(&open(raw, 40)), expected, "{raw:?}");
}

fn spans(document: &Document) -> impl Iterator<Item = &RowSpan> {
    (0..document.n_rows()).flat_map(|idx| &document.row(idx).unwrap().spans)
}

/// The text that the spans of `role` show.
fn of_role(document: &Document, role: TextRole) -> String {
    spans(document).filter(|span| span.style.role == role).map(|span| &*span.text).collect()
}

#[test]
fn an_empty_document_has_no_rows() {
    check("", 20, &[]);
    check("\n\n", 20, &[]);
    assert_eq!(Document::new().row_at_source(0), None);
}

#[test]
fn paragraphs_and_headings() {
    check("# Title\nText of\nthree lines\nhere.\n\nNext.", 14, &["Title", "Text of three", "lines here.", "", "Next."]);
    check("One  \ntwo\\\nthree", 20, &["One", "two", "three"]);
    check("*One*  \n**two\\\nthree**", 20, &["One", "two", "three"]);
    check("Big\n===\nSmall\n---\n\n***\n", 8, &["Big", "Small", "────────"]);
}

#[test]
fn lists_are_tight_nest_and_count() {
    check("- a\n\n- b\n  - c\n    more\n- d", 20, &["• a", "• b", "  • c more", "• d"]);
    check("1. a\n1. b\n7. c", 20, &["1. a", "1. b", "7. c"]);
    check("1. a\n   - b\n\n   para\n2. c", 20, &["1. a", "   • b", "", "   para", "2. c"]);
    check("- [x] done\n- [ ] to do", 20, &["[x] done", "[ ] to do"]);
    check("- a long item that wraps", 12, &["• a long", "  item that", "  wraps"]);
    check("-\n- b", 20, &["•", "• b"]);
    check("- a\n2. b\n+ c", 20, &["• a", "", "2. b", "", "• c"]);
    check("Text\n2. no list", 20, &["Text 2. no list"]);
}

#[test]
fn quotes_have_bars() {
    check("> a\n> b\nlazy\n>\n> - c", 20, &["│ a b lazy", "│", "│ • c"]);
    check("> > deep\n\nout", 20, &["│ │ deep", "", "out"]);
}

#[test]
fn code_keeps_its_lines_and_wraps_at_the_cell() {
    check("```rust\nfn a() {\n\n\tb\n}\n```\nText", 20, &["rust", "  fn a() {", "", "      b", "  }", "", "Text"]);
    check("```\nabcdefghij\n```", 8, &["  abcdef", "↳ ghij"]);
    check("1. do\n   ```sh\n   ls\n   ```\n2. then", 20, &["1. do", "", "   sh", "     ls", "", "2. then"]);
    check("a\n\n    code\n\n    more\n\nb", 20, &["a", "", "  code", "", "  more", "", "b"]);
    check("```\n**no** `marks`", 20, &["  **no** `marks`"]);
}

#[test]
fn raw_text_is_shown_as_it_was_written_and_back() {
    let raw = "# Head\n\n- **a** b\n\n```rust\n\tlet a = 1;\n```\nlast";
    let mut document = whole(raw, 40);
    let rendered = all_rows(&document);
    document.set_shape(Shape { is_raw: true, ..Shape::default() });
    document.reflow();
    assert_eq!(rows(&document), ["# Head", "", "- **a** b", "", "```rust", "    let a = 1;", "```", "last"]);
    let bold = raw.find("**a").unwrap();
    assert_eq!(document.row_at_source(bold), Some(2));
    document.set_shape(Shape::default());
    document.reflow();
    assert_eq!(all_rows(&document), rendered);
}

#[test]
fn raw_text_that_streams_is_the_same_as_whole() {
    let raw = "one two three four\nfive\n\n- six seven eight\n";
    let mut at_once = whole(raw, 9);
    at_once.set_shape(Shape { is_raw: true, ..Shape::default() });
    at_once.reflow();
    let mut streamed = Document::new();
    streamed.set_width(9);
    streamed.set_shape(Shape { is_raw: true, ..Shape::default() });
    for letter in raw.chars() {
        streamed.push(&letter.to_string());
        streamed.reflow();
    }
    streamed.close();
    streamed.reflow();
    assert_eq!(rows(&streamed), rows(&at_once));
}

#[test]
fn code_is_cut_at_the_edge_on_demand() {
    let mut document = whole("```\nlet number = 12345;\nlet b;\n```", 12);
    document.set_shape(Shape { cuts_code: true, ..Shape::default() });
    document.reflow();
    assert_eq!(rows(&document), ["  let numbe›", "  let b;"]);
    assert_eq!(document.code_blocks().next().unwrap().source(), "let number = 12345;\nlet b;");
}

#[test]
fn tables_are_columns_or_records() {
    let table = "| Name | Year |\n|:-----|-----:|\n| Apollo | 1969 |\n| **X** | 2 |\n";
    check(table, 20, &["Name    Year", "────────────", "Apollo  1969", "X          2"]);
    check(table, 9, &["Name ·", "Year", "─────────", "Name:", "Apollo", "Year:", "1969", "", "Name: X", "Year: 2"]);
    check("Text\n| a | b |\n|---|---|\n| x \\| y | z |", 20, &["Text", "", "a      b", "─────────", "x | y  z"]);
    check("| a | b |\n| - | - |\n| one two three | b |", 12, &["a         b", "────────────", "one two   b", "three"]);
}

#[test]
fn html_is_text() {
    check(
        "<details>\n<summary>Why</summary>\n\nText <br> here",
        40,
        &["<details>", "<summary>Why</summary>", "", "Text <br> here"],
    );
}

#[test]
fn links_to_another_host_than_they_show_say_so() {
    check("[docs](https://a.example/x)", 40, &["docs"]);
    check("[a.example](https://www.a.example/x)", 40, &["a.example"]);
    check("[good.example](https://evil.example/x)", 40, &["good.example (evil.example)"]);
    check("<https://a.example/x>", 40, &["https://a.example/x"]);
    check("see v1.2 [v1.2](https://a.example/x)", 40, &["see v1.2 v1.2"]);
}

#[test]
fn what_is_no_mark_is_shown_as_it_was_written() {
    check("The product 2*3*4 is *24*.", 40, &["The product 2*3*4 is 24."]);
    check(r"For $\forall\, x$ in \{1, 2\} it holds.", 60, &[r"For $\forall\, x$ in \{1, 2\} it holds."]);
    check(r"Open \\server\share, not \*this\*.", 40, &[r"Open \\server\share, not *this*."]);
    check(
        "Set **`x`** in `__init__`, __init__ or 5~10 of 20~30.",
        60,
        &["Set x in __init__, __init__ or 5~10 of 20~30."],
    );
    check("[a](https://a.example/2*3*4)", 40, &["a"]);
    check("3) c\n4) d\n\n2. [x] done", 20, &["3) c", "4) d", "", "2. [x] done"]);
}

#[test]
fn emphasis_gives_styles() {
    let document = whole("a **b *c*** ~~d~~ `e` &amp; \\* [f](x)", 60);
    assert_eq!(rows(&document), ["a b c d e & * f"]);
    let bold: String = spans(&document).filter(|span| span.style.bold).map(|span| &*span.text).collect();
    assert_eq!(bold, "b c");
    assert_eq!(of_role(&document, TextRole::InlineCode), "e");
    assert_eq!(of_role(&document, TextRole::Link), "f");
}

#[test]
fn half_open_marks_do_not_show() {
    check_open("a **bo", &["a bo"]);
    check_open("a **bold*", &["a bold"]);
    check_open("a `co", &["a co"]);
    check_open("see [the do", &["see the do"]);
    check_open("see [it](http://x.ex", &["see it"]);
    check_open("# Hea", &["Hea"]);
    check_open("- one\n-", &["• one"]);
    check_open("1. one\n2.", &["1. one"]);
    check_open("1969", &["1969"]);
    check_open("text\n--", &["text"]);
    check_open("```sh\nls\n``", &["sh", "  ls"]);
    check_open("| a | b |\n|---|---|\n| c | **d", &["a   b", "──────", "c   d"]);
}

#[test]
fn what_was_never_closed_stays_as_written() {
    check("a **bo", 20, &["a **bo"]);
    check("1. one\n2.", 20, &["1. one", "2."]);
    check("a [b", 20, &["a [b"]);
}

#[test]
fn every_span_names_its_source() {
    let raw = "# A **b**\x1b[1m c\n\n- x\u{200b}y `z`\n> &lt; *q\nr*\n\n```\n\tcode\n```\n| a\u{202e} | b |\n|-|-|\n| 漢字 | d |\n";
    for width in [8, 12, 40] {
        let document = whole(raw, width);
        for span in spans(&document) {
            let source = &raw[span.source.clone()];
            if span.text.len() == source.len() {
                assert_eq!(span.text, source);
            } else {
                assert!(source.is_empty() || ["&lt;", "\t"].contains(&source), "{:?} shows {source:?}", span.text);
            }
        }
    }
}

#[test]
fn a_mark_may_begin_inside_a_span() {
    let raw = "\x1b[1mname 漢字 e\u{301}&gt;";
    let document = whole(raw, 40);
    let cells: Vec<(String, u16, String)> = spans(&document)
        .flat_map(RowSpan::cells)
        .map(|cell| (cell.text.to_owned(), cell.width, raw[cell.source].to_owned()))
        .skip(3)
        .collect();
    let cell = |text: &str, width, source: &str| (text.to_owned(), width, source.to_owned());
    assert_eq!(
        cells,
        [
            cell("e", 1, "e"),
            cell(" ", 1, " "),
            cell("漢", 2, "漢"),
            cell("字", 2, "字"),
            cell(" ", 1, " "),
            cell("e\u{301}", 1, "e\u{301}"),
            cell(">", 1, "&gt;"),
        ]
    );
}

#[test]
fn a_resize_draws_a_table_as_if_it_had_always_been_so_wide() {
    let row = |idx: usize| format!("| {} | {idx} |\n", "word ".repeat(idx));
    let raw = format!("Text\n\n| a | b |\n|---|---|\n{}", (0..7).map(row).collect::<String>());
    for (tail, width) in [("", 40), ("\nText\n\n| a |\n|---|\n| b |\n", 40), ("\nText", 9)] {
        let raw = format!("{raw}{tail}");
        let mut document = open(&raw, 16);
        document.set_width(width);
        document.push("| d | e |\n");
        document.close();
        document.reflow();
        assert_eq!(all_rows(&document), all_rows(&whole(&format!("{raw}| d | e |\n"), width)));
    }
}

#[test]
fn rows_and_source_find_each_other() {
    let raw = "First paragraph here.\n\n- item\n\n| a | b |\n|---|---|\n| one two three four | five |\n";
    let document = whole(raw, 16);
    for word in ["First", "here", "item", "one", "four", "five"] {
        let at = raw.find(word).unwrap();
        let row = document.row_at_source(at).unwrap();
        assert!(document.row(row).unwrap().text().contains(word), "{word} in {:?}", document.row(row).unwrap().text());
    }
    assert_eq!(document.row_at_source(0), Some(0));
    assert_eq!(document.source_at_row(0), 0);
    assert_eq!(document.source_at_row(999), raw.len());
    let starts: Vec<usize> = (0..document.n_rows()).map(|row| document.source_at_row(row)).collect();
    assert!(starts.is_sorted(), "{starts:?}");
}

#[test]
fn code_is_there_to_copy_and_to_colour() {
    let raw = "> ```rust\n> let a = 1;\n>\n> \tb();\n> ```\n\n```\nplain\n```";
    let mut document = whole(raw, 12);
    let blocks: Vec<(&str, String)> = document.code_blocks().map(|code| (code.language, code.source())).collect();
    assert_eq!(blocks, [("rust", "let a = 1;\n\n\tb();".to_owned()), ("", "plain".to_owned())]);
    let before = rows(&document);
    document.restyle(0, 0, vec![vec![(0..3, CodeClass::Keyword), (8..9, CodeClass::Number)]]);
    document.restyle(0, 7, vec![vec![(0..3, CodeClass::Keyword)]]);
    document.restyle(9, 0, vec![vec![(0..3, CodeClass::Keyword)]]);
    document.restyle(1, 0, vec![vec![(3..99, CodeClass::String), (0..2, CodeClass::String)]]);
    assert_eq!(rows(&document), before);
    assert_eq!(of_role(&document, TextRole::Code(CodeClass::Keyword)), "let");
    assert_eq!(of_role(&document, TextRole::Code(CodeClass::Number)), "1");
    document.set_width(30);
    document.reflow();
    assert_eq!(of_role(&document, TextRole::Code(CodeClass::Keyword)), "let", "colours outlive a resize");
}

#[test]
fn a_width_set_later_gives_the_same_rows() {
    let mut document = open(MIXED, 60);
    let before = all_rows(&document);
    document.set_width(24);
    assert_eq!(all_rows(&document), before, "rows stay until the reflow");
    document.restyle(0, 0, vec![vec![(0..1, CodeClass::Keyword)]]);
    assert_eq!(all_rows(&document), before);
    document.restyle(0, 0, vec![vec![]]);
    document.reflow();
    assert_eq!(rows(&document), rows(&open(MIXED, 24)));
    document.close();
    document.reflow();
    assert_eq!(rows(&document), rows(&whole(MIXED, 24)));
}

const MIXED: &str = "# Plan **one**\n\nIntro with `code`, *it* and [link](http://a.example).\nMore.  \nHard\n\n\
    1. First\n   ```py\n   x = 1\n\n   y\n   ```\n2. Second\n   - deep **bold\n     over lines**\n\n     para\n\n\
    > quote\n> > deeper\nlazy\n\n| a | b |\n|---|:-:|\n| 1 | two words |\n| `x\\|y` | 3 |\nafter\n\n---\n\
    - [ ] task\n- [x] done\n\nTitle\n---\n\n    indented\n\n    code\n\n<b>\nhtml\n</b>\n\n~~~\nfence\n```\n~~~\r\n\
    漢字かな👩‍👩‍👧 e\u{301}\x1b[31m red\x1b[0m\u{202e}!\n- tail\n  ```\n  open";

#[test]
fn links_are_found_by_their_source() {
    let raw = "A [text](http://a.example/x) \x1b[1mand https://b.example/y, [no](javascript:x) word\n\n\
        | a | b |\n|---|---|\n| [c](https://c.example) | <https://d.example/z> |\n\n[open](https://e.example";
    for document in [open(raw, 40), whole(raw, 12)] {
        let link = |word: &str| document.link_at(raw.find(word).unwrap() + 1);
        assert_eq!(link("[text]").as_deref(), Some("http://a.example/x"));
        assert_eq!(link("https://b").as_deref(), Some("https://b.example/y"));
        assert_eq!(link("[c]").as_deref(), Some("https://c.example"));
        assert_eq!(link("<https://d").as_deref(), Some("https://d.example/z"));
        assert_eq!([link("A [text"), link("[no]"), link("word")], [None, None, None]);
        let wanted = ["http://a.example/x", "https://b.example/y", "https://c.example", "https://d.example/z"];
        assert_eq!(document.links(), [&wanted[..], &["https://e.example"]].concat());
    }
}

#[test]
fn entities_bring_in_nothing_that_the_cleaner_keeps_out() {
    check("a&#27;[1mb&#x202e;c&#9;d&#10;e&shy;f&lt;", 40, &["a[1mbc d ef<"]);
}

#[test]
fn marks_that_are_too_deep_are_text() {
    let document = whole(&format!("{}deep\n\nout", "> ".repeat(40)), 40);
    assert!(rows(&document).iter().any(|row| row.contains("> > deep")), "{:?}", rows(&document));
    check(&format!("{}x", "- ".repeat(17)), 40, &["• • • • • • • • • • - x"]);
}

fn streamed(raw: &str, width: u16, cuts: impl Iterator<Item = usize>) -> Document {
    let mut document = Document::new();
    document.set_width(width);
    let mut from = 0;
    for cut in cuts.chain([raw.len()]) {
        document.push(&raw[from..cut]);
        document.reflow();
        from = cut;
    }
    document.close();
    document.reflow();
    document
}

fn all_rows(document: &Document) -> Vec<Row> {
    (0..document.n_rows()).map(|idx| document.row(idx).unwrap().clone()).collect()
}

#[test]
fn a_document_cut_anywhere_ends_in_the_same_rows() {
    let cuts: Vec<usize> = (0..MIXED.len()).filter(|cut| MIXED.is_char_boundary(*cut)).collect();
    for width in [10, 38] {
        let expected = all_rows(&whole(MIXED, width));
        for cut in &cuts {
            assert_eq!(all_rows(&streamed(MIXED, width, [*cut].into_iter())), expected, "cut at {cut}");
        }
        assert_eq!(all_rows(&streamed(MIXED, width, cuts.iter().copied())), expected, "cut everywhere");
    }
}

#[test]
fn long_lines_are_cut_the_same_however_they_come() {
    let sentences = "Some sentence of a long paragraph, with **bold** words. ".repeat(120);
    let blob = "x漢e\u{301}".repeat(1200);
    let code = format!("```\n{blob}\nshort\n```\n{sentences}\n{blob}");
    for raw in [&sentences, &blob, &code] {
        let expected = all_rows(&whole(raw, 30));
        for step in [61, 997, 5000] {
            let cuts = (1..raw.len()).step_by(step).filter(|cut| raw.is_char_boundary(*cut));
            assert_eq!(all_rows(&streamed(raw, 30, cuts)), expected, "in steps of {step}");
        }
    }
}

#[test]
fn a_line_of_a_megabyte_is_fine() {
    for raw in ["word ".repeat(200_000), "x".repeat(1_000_000), format!("```\n{}", "y".repeat(1_000_000))] {
        let document = whole(&raw, 40);
        let shown: usize = spans(&document).map(|span| span.source.len()).sum();
        assert!(document.n_rows() > 24_000 && shown > 790_000, "{} rows, {shown} bytes", document.n_rows());
        assert!(document.work().bytes_scanned <= 2 * raw.len());
    }
}

fn cost(raw: &str) -> Work {
    let cuts = (1..raw.len()).filter(|cut| cut % 24 == 0 && raw.is_char_boundary(*cut));
    streamed(raw, 38, cuts).work()
}

#[test]
fn four_times_the_text_costs_four_times_the_work() {
    let paragraph =
        "A paragraph of some length that a model writes, with **bold** and `code` in it. ".repeat(3) + "\n\n";
    let item = "- An item of a list that goes over one line, with **bold** words\n  - and one inside it\n";
    let row = "| some name | 1234 | a longer description of it |\n";
    let line = "    let value = compute(input, 42);\n";
    let sentence = "One endless paragraph of sentences goes on. ";
    let nested = "1. step\n\n   > quote of a text\n\n   ```sh\n   cargo run\n   ```\n\n";
    for (head, piece) in [
        ("", paragraph.as_str()),
        ("", item),
        ("| a | b | c |\n|---|---|---|\n", row),
        ("```rust\n", line),
        ("", sentence),
        ("", "endlessword"),
        ("", nested),
    ] {
        let text = |n_bytes: usize| head.to_owned() + &piece.repeat(n_bytes / piece.len());
        let (small, large) = (cost(&text(13_000)), cost(&text(52_000)));
        for (small, large) in [(small.bytes_scanned, large.bytes_scanned), (small.lines_wrapped, large.lines_wrapped)] {
            assert!(large * 10 <= small * 44, "{piece:?}: {small} then {large}");
        }
    }
}

/// Characters that break layouts, and marks that begin things.
fn wild() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,12}",
        "[漢字かな。「」]{1,6}",
        Just("👩‍👩‍👧".to_owned()),
        Just("❤️".to_owned()),
        Just("\u{200d}".to_owned()),
        Just("🇩🇪".to_owned()),
        Just("e\u{301}\u{302}".to_owned()),
        Just("\u{301}".to_owned()),
        Just("שלום".to_owned()),
        Just("नि".to_owned()),
        Just("ｶﾞ".to_owned()),
        Just("\u{1b}[31m".to_owned()),
        Just("\u{202e}\u{200b}".to_owned()),
        prop::sample::select(vec![
            " ",
            " ",
            "\n",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "\t",
            "    ",
            "**",
            "*",
            "_",
            "`",
            "```\n",
            "~~~",
            "- ",
            "1. ",
            "> ",
            "# ",
            "| ",
            "|",
            "\n|---|---|\n",
            "[",
            "](",
            ")",
            "---\n",
            "===\n",
            "&amp;",
            "&#9;",
            "&#27;[1m",
            "&#x202e;",
            "&shy;",
            "\\",
            "<b>",
            "[x] ",
            "~~",
            "<http://a.b>",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn seeded() -> ProptestConfig {
    ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(1969),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn no_row_is_wider_than_the_width(raw in wild(), width in 8u16..50, seed in 1usize..30) {
        let cuts = (1..raw.len()).step_by(seed).filter(|cut| raw.is_char_boundary(*cut));
        let mut document = Document::new();
        document.set_width(width);
        let mut from = 0;
        for cut in cuts.chain([raw.len()]) {
            document.push(&raw[from..cut]);
            document.reflow();
            from = cut;
            for row in all_rows(&document) {
                prop_assert!(row.width() <= width, "{row:?}");
            }
        }
        document.close();
        document.reflow();
        let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 200, 1));
        let mut before = 0;
        for row in all_rows(&document) {
            prop_assert!(row.width() <= width, "{row:?}");
            prop_assert!(row.source.start >= before && row.source.end <= raw.len());
            before = row.source.start;
            for span in &row.spans {
                prop_assert!(!span.text.chars().any(char::is_control), "{span:?}");
                let painted = buffer.set_stringn(0, 0, &span.text, 200, ratatui::style::Style::default()).0;
                prop_assert_eq!(painted, span.width, "{:?}", span);
                prop_assert_eq!(span.cells().map(|cell| cell.width).sum::<u16>(), span.width);
                prop_assert!(raw.get(span.source.clone()).is_some(), "{span:?}");
            }
        }
        prop_assert_eq!(all_rows(&document), all_rows(&whole(&raw, width)));
    }

    #[test]
    fn every_letter_is_shown(words in prop::collection::vec("[a-z]{1,9}( [a-z]{1,9})?", 1..30), width in 8u16..50) {
        let raw = words.join("\n- ");
        let shown: String = rows(&whole(&raw, width)).concat().chars().filter(char::is_ascii_lowercase).collect();
        let meant: String = raw.chars().filter(char::is_ascii_lowercase).collect();
        prop_assert_eq!(shown, meant);
    }
}

#[test]
fn headings_and_rules_have_their_kinds() {
    let document = whole("## Two\n\n***\n\n```sh\nls\n```\n\n| a | b |\n|-|-|\n| c | d |", 20);
    let kinds: Vec<RowKind> = all_rows(&document).iter().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [
            RowKind::Heading(2),
            RowKind::Rule,
            RowKind::Blank,
            RowKind::CodeLabel,
            RowKind::Code,
            RowKind::Blank,
            RowKind::Table,
            RowKind::TableRule,
            RowKind::Table,
        ]
    );
}

/// A letter and what it is: bold, italic, code, heading or header.
type Letter = (char, bool, bool, bool);

/// The letters of `raw` as pulldown-cmark reads it whole.
#[expect(clippy::wildcard_enum_match_arm, reason = "its events are not ours")]
fn letters_of_a_whole_parse(raw: &str) -> Vec<Letter> {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let (mut letters, mut bold, mut italic, mut code) = (Vec::new(), 0, 0, false);
    for event in Parser::new_ext(raw, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match &event {
            Event::Start(Tag::Strong | Tag::Heading { .. } | Tag::TableHead) => bold += 1,
            Event::End(TagEnd::Strong | TagEnd::Heading(_) | TagEnd::TableHead) => bold -= 1,
            Event::Start(Tag::Emphasis) => italic += 1,
            Event::End(TagEnd::Emphasis) => italic -= 1,
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            other => {
                let is_code = code || matches!(other, Event::Code(_));
                let (Event::Code(text) | Event::Text(text) | Event::Html(text) | Event::InlineHtml(text)) = other
                else {
                    continue;
                };
                let shown = text.chars().filter(char::is_ascii_lowercase);
                letters.extend(shown.map(|letter| (letter, bold > 0, italic > 0, is_code)));
            }
        }
    }
    letters
}

fn letters(document: &Document) -> Vec<Letter> {
    let letters = spans(document).flat_map(|span| {
        let is_code = matches!(span.style.role, TextRole::Code(_) | TextRole::InlineCode);
        let shown = span.text.chars().filter(char::is_ascii_lowercase);
        shown.map(move |letter| (letter, span.style.bold, span.style.italic, is_code))
    });
    letters.collect()
}

/// Markdown without what is left out on purpose: reference definitions, footnotes, words behind a code block's language.
fn markdown() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec![
        " ",
        " ",
        "\n",
        "\n",
        "\n\n",
        "**",
        "*",
        "`",
        "\n```\n",
        "\n- ",
        "\n  - ",
        "\n1. ",
        "\n   ",
        "\n> ",
        "> ",
        "\n# ",
        "    ",
        "\n---\n",
        "\n===\n",
        "[x](y)",
        "\\*",
        "_",
        "<b>",
        "s~~",
        "\t",
        "\n| a | b |\n|---|---|\n| c | **d** |\n\n",
    ]);
    let piece = prop_oneof!["[a-z]{1,6}", mark.prop_map(str::to_owned)];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn cut_into_blocks_it_reads_as_it_does_whole(raw in markdown()) {
        prop_assert_eq!(letters(&whole(&raw, 60)), letters_of_a_whole_parse(&raw), "{:?}", raw);
    }
}
