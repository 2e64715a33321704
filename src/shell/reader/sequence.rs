//! The sequences that terminals send for keys, the mouse and the focus, as what a person did.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::ui::msg::Input;

/// Where kitty's numbers of the keypad begin: its digits (kitty's keyboard protocol, functional keys).
const KEYPAD: u32 = 57_399;

/// The keys of the keypad after its digits, in the order of their numbers.
const KEYPAD_KEYS: [KeyCode; 18] = [
    KeyCode::Char('.'),
    KeyCode::Char('/'),
    KeyCode::Char('*'),
    KeyCode::Char('-'),
    KeyCode::Char('+'),
    KeyCode::Enter,
    KeyCode::Char('='),
    KeyCode::Char(','),
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::Insert,
    KeyCode::Delete,
];

/// The part of Unicode for private use in which kitty numbers the keys that have no letter.
const FUNCTIONAL: std::ops::RangeInclusive<u32> = 57_344..=63_743;

/// Returns the key that sends a character.
pub(super) fn letter(letter: char) -> KeyEvent {
    let shifted = if letter.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    let control = |code: u8| KeyEvent::new(KeyCode::Char(char::from(code)), KeyModifiers::CONTROL);
    match letter {
        '\r' => KeyCode::Enter.into(),
        '\t' => KeyCode::Tab.into(),
        '\x7f' => KeyCode::Backspace.into(),
        '\x1b' => KeyCode::Esc.into(),
        '\0' => control(b' '),
        // Control and a letter send the letter's number; what follows the letters is reported as digits.
        '\x01'..='\x1a' => control(b'`' + u8::try_from(letter).unwrap_or_default()),
        '\x1c'..='\x1f' => control(b'4' + (u8::try_from(letter).unwrap_or_default() - 0x1c)),
        letter => KeyEvent::new(KeyCode::Char(letter), shifted),
    }
}

/// Returns the key of `ESC O` and this byte.
pub(super) fn application(last: u8) -> Option<Input> {
    let code = match last {
        b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' => named(last)?,
        b'M' => KeyCode::Enter,
        _ => return None,
    };
    Some(Input::Key(code.into()))
}

/// Returns what a whole control sequence says, given without its introducer; `None` for what is no key, such as an answer
/// that nobody waits for any more.
pub(super) fn control(body: &[u8]) -> Option<Input> {
    let (last, parameters) = body.split_last()?;
    let parameters = str::from_utf8(parameters).ok()?;
    if let Some(fields) = parameters.strip_prefix('<') {
        return matches!(last, b'M' | b'm').then(|| sgr_mouse(fields, *last == b'm')).flatten();
    }
    if parameters.starts_with(|it: char| !it.is_ascii_digit() && it != ';') {
        return None;
    }
    let mut fields = parameters.split(';');
    let number = fields.next().and_then(|field| field.split(':').next()).unwrap_or_default();
    let (modifiers, kind) = modified(fields.next().unwrap_or_default());
    let key = |code| Some(Input::Key(KeyEvent::new_with_kind(code, modifiers, kind)));
    match last {
        b'I' if parameters.is_empty() => Some(Input::Focus(true)),
        b'O' if parameters.is_empty() => Some(Input::Focus(false)),
        b'Z' => Some(Input::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT))),
        b'~' => key(numbered(number.parse().ok()?)?),
        b'u' => key(encoded(number.parse().ok()?, modifiers)?),
        last => key(named(*last)?),
    }
}

/// Returns the function key of a Linux console, `ESC [ [` and this byte.
pub(super) fn console(last: u8) -> Option<Input> {
    matches!(last, b'A'..=b'E').then(|| Input::Key(KeyCode::F(last - b'A' + 1).into()))
}

/// Returns what three bytes say of the mouse, as terminals without the newer report send it.
pub(super) fn old_mouse(button: u8, column: u8, row: u8) -> Option<Input> {
    let place = |cell: u8| cell.checked_sub(33).map(u16::from);
    mouse(button.checked_sub(32)?, (place(column)?, place(row)?), false)
}

fn named(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

/// Returns the key of `CSI number ~` (xterm's, rxvt's and the VT220's numbers).
fn numbered(number: u8) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=26 => KeyCode::F(number - 12),
        28..=29 => KeyCode::F(number - 15),
        31..=34 => KeyCode::F(number - 17),
        _ => return None,
    })
}

/// Returns the key of `CSI number u` (kitty's protocol): a character's number, or one of the private ones.
fn encoded(number: u32, modifiers: KeyModifiers) -> Option<KeyCode> {
    if let Some(key) = number.checked_sub(KEYPAD).filter(|key| *key <= 27) {
        let digit = char::from_digit(key, 10).map(KeyCode::Char);
        return digit.or_else(|| KEYPAD_KEYS.get(usize::try_from(key).ok()?.checked_sub(10)?).copied());
    }
    if FUNCTIONAL.contains(&number) {
        return None;
    }
    Some(match char::from_u32(number)? {
        '\x1b' => KeyCode::Esc,
        '\r' => KeyCode::Enter,
        '\t' if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        '\t' => KeyCode::Tab,
        '\x7f' => KeyCode::Backspace,
        letter => KeyCode::Char(letter),
    })
}

/// Returns the modifiers and whether the key went down, of a field such as `5:3`; an empty one says neither.
fn modified(field: &str) -> (KeyModifiers, KeyEventKind) {
    let (mask, kind) = field.split_once(':').unwrap_or((field, ""));
    let mask = mask.parse::<u8>().unwrap_or(1).saturating_sub(1);
    let bits = [
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
        KeyModifiers::SUPER,
        KeyModifiers::HYPER,
        KeyModifiers::META,
    ];
    let held = bits.into_iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0);
    let kind = match kind {
        "2" => KeyEventKind::Repeat,
        "3" => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    (held.map(|(_, modifier)| modifier).collect(), kind)
}

/// Returns what the newer report of the mouse says: `button;column;row`.
fn sgr_mouse(fields: &str, is_released: bool) -> Option<Input> {
    let mut numbers = fields.split(';').map(|number| number.parse::<u16>().ok());
    let button = u8::try_from(numbers.next()??).ok()?;
    // Cells are counted from 1.
    let (column, row) = (numbers.next()??.checked_sub(1)?, numbers.next()??.checked_sub(1)?);
    mouse(button, (column, row), is_released)
}

/// Returns what a button's number and a cell say; the number's bits are those of xterm.
fn mouse(bits: u8, (column, row): (u16, u16), is_released: bool) -> Option<Input> {
    let button = |number| match number {
        0 => Some(MouseButton::Left),
        1 => Some(MouseButton::Middle),
        2 => Some(MouseButton::Right),
        _ => None,
    };
    let number = (bits & 0b11) | ((bits & 0b1100_0000) >> 4);
    let kind = match (number, bits & 0b10_0000 != 0) {
        (0..=2, true) => MouseEventKind::Drag(button(number)?),
        (0..=2, false) if is_released => MouseEventKind::Up(button(number)?),
        (0..=2, false) => MouseEventKind::Down(button(number)?),
        // The older report does not say which button was let go.
        (3, false) => MouseEventKind::Up(MouseButton::Left),
        (3..=5, true) => MouseEventKind::Moved,
        (4, false) => MouseEventKind::ScrollUp,
        (5, false) => MouseEventKind::ScrollDown,
        (6, false) => MouseEventKind::ScrollLeft,
        (7, false) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let held = [(0b100, KeyModifiers::SHIFT), (0b1000, KeyModifiers::ALT), (0b1_0000, KeyModifiers::CONTROL)];
    let modifiers = held.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, modifier)| modifier).collect();
    Some(Input::Mouse(MouseEvent { kind, column, row, modifiers }))
}
