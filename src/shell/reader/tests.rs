//! Bytes in, keys out: rows, every cut, and what never ends.

use super::*;
use crossterm::event::{KeyEventKind, MouseButton, MouseEvent, MouseEventKind};

fn key(code: KeyCode) -> Input {
    Input::Key(code.into())
}

fn held(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}

fn control(letter: char) -> Input {
    held(KeyCode::Char(letter), KeyModifiers::CONTROL)
}

fn typed(text: &str) -> Input {
    Input::Typed(text.to_owned())
}

fn paste(text: &str) -> Input {
    Input::Paste(text.to_owned())
}

fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// Returns what all of `bytes` say once no more come.
fn read(bytes: &[u8]) -> Vec<Input> {
    let start = now();
    let mut reader = Reader::default();
    let mut found = reader.take(bytes, start);
    while let Some(deadline) = reader.deadline() {
        found.extend(reader.expire(deadline));
    }
    found
}

fn check(bytes: &str, expected: &[Input]) {
    assert_eq!(read(bytes.as_bytes()), expected, "{bytes:?}");
}

/// Returns the text of all that was typed and pasted.
fn text_of(found: &[Input]) -> String {
    let text = |input: &Input| match input {
        Input::Typed(text) | Input::Paste(text) => text.clone(),
        Input::Key(KeyEvent { code: KeyCode::Char(letter), modifiers, .. }) if modifiers.is_empty() => {
            letter.to_string()
        }
        Input::Key(_) | Input::Mouse(_) | Input::Resize(..) | Input::Focus(_) | Input::Background(_) => String::new(),
    };
    found.iter().map(text).collect()
}

#[test]
fn keys_are_those_that_send_them() {
    check("aé\r", &[typed("aé"), key(KeyCode::Enter)]);
    check("A", &[held(KeyCode::Char('A'), KeyModifiers::SHIFT)]);
    check(
        "\n\x04\x7f\t\0\x1f",
        &[control('j'), control('d'), key(KeyCode::Backspace), key(KeyCode::Tab), control(' '), control('7')],
    );
    check("\x1b[A\x1bOB\x1b[5~\x1b", &[key(KeyCode::Up), key(KeyCode::Down), key(KeyCode::PageUp), key(KeyCode::Esc)]);
    check("\x1b\x1b[C", &[key(KeyCode::Esc), key(KeyCode::Right)]);
    check(
        "\x1b[1;5D\x1b[3;2~\x1b[Z",
        &[
            held(KeyCode::Left, KeyModifiers::CONTROL),
            held(KeyCode::Delete, KeyModifiers::SHIFT),
            held(KeyCode::BackTab, KeyModifiers::SHIFT),
        ],
    );
    check("\x1b[[C\x1bOP\x1b[24~", &[key(KeyCode::F(3)), key(KeyCode::F(1)), key(KeyCode::F(12))]);
    check(
        "\x1bf\x1b\r\x1bé",
        &[
            held(KeyCode::Char('f'), KeyModifiers::ALT),
            held(KeyCode::Enter, KeyModifiers::ALT),
            held(KeyCode::Char('é'), KeyModifiers::ALT),
        ],
    );
    check("", &[]);
}

#[test]
fn kittys_keys_are_told_apart() {
    check(
        "\x1b[13;2u\x1b[97;5u\x1b[27u\x1b[9;2u\x1b[127u",
        &[
            held(KeyCode::Enter, KeyModifiers::SHIFT),
            control('a'),
            key(KeyCode::Esc),
            held(KeyCode::BackTab, KeyModifiers::SHIFT),
            key(KeyCode::Backspace),
        ],
    );
    check(
        "\x1b[57400u\x1b[57414u\x1b[57419u\x1b[57441;2u",
        &[key(KeyCode::Char('1')), key(KeyCode::Enter), key(KeyCode::Up)],
    );
    let [Input::Key(released)] = read(b"\x1b[97;1:3u")[..] else { panic!("one key") };
    assert_eq!(released.kind, KeyEventKind::Release);
}

#[test]
fn the_mouse_and_the_focus_are_told() {
    let mouse = |kind, column, row| Input::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    check(
        "\x1b[<0;10;20M\x1b[<0;10;20m\x1b[<32;1;1M\x1b[<64;3;4M",
        &[
            mouse(MouseEventKind::Down(MouseButton::Left), 9, 19),
            mouse(MouseEventKind::Up(MouseButton::Left), 9, 19),
            mouse(MouseEventKind::Drag(MouseButton::Left), 0, 0),
            mouse(MouseEventKind::ScrollUp, 2, 3),
        ],
    );
    check(
        "\x1b[M !!\x1b[M#!!",
        &[mouse(MouseEventKind::Down(MouseButton::Left), 0, 0), mouse(MouseEventKind::Up(MouseButton::Left), 0, 0)],
    );
    check("\x1b[I\x1b[O", &[Input::Focus(true), Input::Focus(false)]);
    check("\x1b[<0;0;0M\x1b[<999;1;1M\x1b[<M", &[]);
}

#[test]
fn a_paste_is_no_typing() {
    check("\x1b[200~one\ntwo\r\x1b[201~x", &[paste("one\ntwo\r"), key(KeyCode::Char('x'))]);
    check("\x1b[200~\x1b[201~\x1b[201~", &[]);
}

#[test]
fn answers_of_the_terminal_are_never_typed() {
    check("\x1b]11;rgb:ffff/ffff/ffff\x1b\\x", &[Input::Background(Background::Light), key(KeyCode::Char('x'))]);
    check("\x1b]11;rgb:0000/0000/0000\x07", &[Input::Background(Background::Dark)]);
    check(
        "\x1b]4;1;rgb:0000/0000/0000\x07\x1b[?62;22c\x1b[?0u\x1b[>1;2c\x1b[5;6R",
        &[held(KeyCode::F(3), parsed_six())],
    );
}

/// The modifiers of the number 6: a report of the cursor and the third function key are the same bytes, and nobody asks
/// for the cursor.
fn parsed_six() -> KeyModifiers {
    KeyModifiers::SHIFT | KeyModifiers::CONTROL
}

#[test]
fn what_never_ends_is_given_up_and_what_was_typed_is_kept() {
    check("\x1b]11;rgb:", &[held(KeyCode::Char(']'), KeyModifiers::ALT), typed("11;rgb:")]);
    check("\x1b]11;rgb:\x03", &[held(KeyCode::Char(']'), KeyModifiers::ALT), typed("11;rgb:"), control('c')]);
    check("\x1b]x", &[held(KeyCode::Char(']'), KeyModifiers::ALT), key(KeyCode::Char('x'))]);
    check("\x1b[200~xy", &[paste("xy")]);
    check("\x1b[12;\x03a", &[control('c'), key(KeyCode::Char('a'))]);
    check("\x1b[12;", &[]);
    check("\x1b[", &[held(KeyCode::Char('['), KeyModifiers::ALT)]);
    check("\x1bO", &[held(KeyCode::Char('O'), KeyModifiers::ALT | KeyModifiers::SHIFT)]);
    check("\x1b[M ", &[key(KeyCode::Char(' '))]);
    assert_eq!(read(b"\xe6\xbc"), []);
    assert_eq!(read(b"\xffa\x80b\xc2\x9b1m"), [key(KeyCode::Char('a')), key(KeyCode::Char('b')), typed("1m")]);
}

#[test]
fn every_cut_says_the_same() {
    let whole =
        "a漢字\x1b[A\x1b[200~one\r漢\x1b[201~\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[<0;1;1M\x1bOA\x1b[13;2ux".as_bytes();
    let start = now();
    let flat = |found: Vec<Input>| {
        let mut flat: Vec<Input> = Vec::new();
        for input in found {
            if let Input::Typed(text) = &input {
                flat.extend(text.chars().map(|letter| key(KeyCode::Char(letter))));
            } else {
                flat.push(input);
            }
        }
        flat
    };
    let expected = flat(read(whole));
    for cut in 0..=whole.len() {
        let mut reader = Reader::default();
        let mut found = reader.take(&whole[..cut], start);
        found.extend(reader.take(&whole[cut..], start));
        assert_eq!(flat(found), expected, "{cut}");
        assert!(reader.deadline().is_none(), "{cut}");
    }
}

#[test]
fn keys_pressed_in_a_paste_that_was_cut_do_not_keep_it_open() {
    let start = now();
    let mut reader = Reader::default();
    assert_eq!(reader.take(b"\x1b[200~xy", start), []);
    let at = |millis| start + Duration::from_millis(millis);
    for pressed in (100..=400).step_by(100) {
        assert_eq!(reader.take(b"h", at(pressed)), []);
        assert_eq!(reader.deadline(), Some(at(500)));
    }
    assert_eq!(reader.expire(at(500)), [paste("xyhhhh")]);
    assert_eq!(reader.take(b"i", at(600)), [key(KeyCode::Char('i'))]);
}

#[test]
fn a_slow_line_pastes_byte_by_byte() {
    let start = now();
    let mut reader = Reader::default();
    let mut found = reader.take(b"\x1b[200~", start);
    for at in 1..=2_000 {
        let at = start + Duration::from_millis(at);
        found.extend(reader.expire(at));
        found.extend(reader.take(b"\r", at));
    }
    found.extend(reader.take(b"\x1b[201~", start + Duration::from_millis(2_001)));
    assert_eq!(found, [paste(&"\r".repeat(2_000))]);
}

#[test]
fn ctrl_c_on_its_own_ends_a_paste_at_once() {
    let start = now();
    let mut reader = Reader::default();
    assert_eq!(reader.take(b"\x1b[200~xy", start), []);
    assert_eq!(reader.take(b"\x03", start), [paste("xy"), control('c')]);
}

#[test]
fn the_rest_of_a_paste_that_was_given_up_sends_nothing() {
    let start = now();
    let mut reader = Reader::default();
    reader.take(b"\x1b[200~one", start);
    reader.expire(start + PASTE_REST);
    let rest = b"the second line\rthe third line\r";
    assert_eq!(reader.take(rest, start), [paste("the second line\rthe third line\r")]);
    assert_eq!(reader.take(b"\r\x1b[201~a\r", start), [paste("\r"), key(KeyCode::Char('a')), key(KeyCode::Enter)]);
    assert_eq!(reader.take(b"0123456789abcdefghij\r", start).last(), Some(&key(KeyCode::Enter)));
}

#[test]
fn nothing_grows_with_what_does_not_end() {
    let mut reader = Reader::default();
    let start = now();
    for opening in [&b"\x1b]11;rgb:"[..], b"\x1b[1;", b"\x1bP", b"a"] {
        let mut found = reader.take(opening, start);
        for _ in 0..50 {
            found.extend(reader.take(&[b'7'; 2_048], start));
            assert!(reader.pending.len() <= LONGEST_ANSWER, "{opening:?}");
        }
        assert!(found.len() < 200, "{opening:?}: {} pieces", found.len());
        assert!(text_of(&found).len() > 100_000, "{opening:?}");
    }
    let mut found = reader.take(b"\x1b[200~", start);
    for _ in 0..40 {
        found.extend(reader.take("é".repeat(1 << 17).as_bytes(), start));
        assert!(reader.paste.as_ref().is_some_and(|paste| paste.text.len() < PASTE_PIECE + (1 << 18)));
    }
    found.extend(reader.expire(start + PASTE_REST));
    assert_eq!(text_of(&found), "é".repeat(40 << 17));
}
