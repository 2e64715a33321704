//! Rows for the segmenter, each read in one piece, character by character, and cut at every place.

use crate::consensus::reading::segment::segmenter::Segmenter;
use crate::consensus::reading::segment::{Role, Segment};

fn read<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<Segment> {
    let mut segmenter = Segmenter::default();
    for piece in pieces {
        segmenter.push(piece);
    }
    segmenter.finish();
    segmenter.take()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let whole = read([text]);
    let sentences: Vec<&str> = whole.iter().map(|segment| &text[segment.range.clone()]).collect();
    assert_eq!(sentences, expected, "{text:?}");
    for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
        assert_eq!(read([&text[..cut], &text[cut..]]), whole, "cut at {cut} of {text:?}");
    }
    assert_eq!(read(text.split_inclusive(|_| true)), whole, "character by character: {text:?}");
}

#[test]
fn a_factorial_ends_no_sentence_where_the_calculation_goes_on() {
    let text = "There are 10! / (2! * 8!) = 45 ways. That was 10! Next comes more.";
    let mut segmenter = Segmenter::default();
    segmenter.push(text);
    segmenter.finish();
    let found: Vec<&str> = segmenter.take().into_iter().map(|segment| &text[segment.range]).collect();
    assert_eq!(found, ["There are 10! / (2! * 8!) = 45 ways.", "That was 10!", "Next comes more."]);
}

#[test]
fn sentences_end_at_a_terminator_a_space_and_a_new_start() {
    check("", &[]);
    check("One is here. Two is there.", &["One is here.", "Two is there."]);
    check("It is 3.5 km away. So far.", &["It is 3.5 km away.", "So far."]);
    check(
        "Dr. Who met J. R. Smith in the U.S. in 1969. Then?",
        &["Dr. Who met J. R. Smith in the U.S. in 1969.", "Then?"],
    );
    check("Version 1.2.3 is out. it works", &["Version 1.2.3 is out. it works"]);
    check("He said \"stop.\" Then he left.", &["He said \"stop.\"", "Then he left."]);
    check("**It is so.** And so on.", &["**It is so.**", "And so on."]);
    check("1969", &["1969"]);
    check("高さは三千。次です。", &["高さは三千。", "次です。"]);
}

#[test]
fn blocks_end_sentences() {
    check("# Title\nText here\n\nMore text", &["Text here", "More text"]);
    check("Text\n- one item\n- two items\n", &["Text", "one item", "two items"]);
    check("Moons:\n\n1. Io is one\n2. Europa\n\nDone now", &["Io is one", "Europa", "Done now"]);
    check("a line that goes on\nand ends here", &["a line that goes on\nand ends here"]);
    check("Short line\nNext line", &["Short line", "Next line"]);
    check("> quoted words\n> go on", &["quoted words\n> go on"]);
    check("---\nText\n***\n", &["Text"]);
}

#[test]
fn rows_stand_under_their_head() {
    let text = "| Planet | Moons |\n|---|---|\n| Mars | 2 |\n| Venus | 0 |\n\nSo it is";
    check(text, &["| Mars | 2 |", "| Venus | 0 |", "So it is"]);
    let rows = read([text]);
    assert_eq!(rows[0].role, Role::Row);
    assert_eq!(&text[rows[0].topics[0].clone()], "| Planet | Moons |");
}

#[test]
fn code_and_reasoning_are_no_sentences() {
    check("Run:\n```sh\nls -l\n```\nDone so.", &["ls -l\n", "Done so."]);
    check("```\nnever closed", &["never closed"]);
    check(
        "```npm install``` installs it.\n\nThe port is 8080.",
        &["```npm install``` installs it.", "The port is 8080."],
    );
    check("````\n```\nx\n```\n````\nDone so.", &["```\nx\n```\n", "Done so."]);
    check("~~~ a `b`\nls\n```\n~~~\nDone so.", &["ls\n```\n", "Done so."]);
    check("1. Run\n\n   ```sh\n   ls\n   ```\n   Done so.", &["Run", "   ls\n", "Done so."]);
    check("- Run\n  ```\n  ls\n```\nDone so.", &["Run", "  ls\n", "Done so."]);
    check("``` rust\nlet a = 1;\n``` rust\n```\nDone so.", &["let a = 1;\n``` rust\n", "Done so."]);
    check("<think>\nIs it 1968? No.\n</think>\nIt is 1969.", &["It is 1969."]);
    check("<think>short</think>It is 1969.", &["It is 1969."]);
}

#[test]
fn items_stand_under_their_parents_and_the_lead_in() {
    let text = "Facts about Mars:\n- Moons\n  - It has two moons\n";
    let segments = read([text]);
    let topics: Vec<&str> = segments[1].topics.iter().map(|range| text[range.clone()].trim()).collect();
    assert_eq!(topics, ["Facts about Mars:", "Moons"]);
}

#[test]
fn clauses_and_greetings_are_told_apart() {
    check("Sure! Mars has two moons, but Venus has no moons.", &["Mars has two moons", "but Venus has no moons."]);
    check("Mars has two moons. I hope this helps!", &["Mars has two moons."]);
}

#[test]
fn a_wall_of_text_is_cut_and_costs_what_it_measures() {
    let work = |length: usize| {
        let mut segmenter = Segmenter::default();
        segmenter.push(&"a.b ".repeat(length));
        segmenter.finish();
        assert!(segmenter.take().iter().all(|segment| segment.range.len() <= 2_400));
        segmenter.n_scanned()
    };
    assert!(work(40_000) <= work(10_000) * 44 / 10);
}
