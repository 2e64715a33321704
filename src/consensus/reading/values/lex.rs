//! Cuts a sentence into tokens for the readers of values, and drops the markup that says nothing about them.

use crate::consensus::reading::values::digits::{self, Numeral};
use crate::consensus::reading::values::words::{self, Meaning};

/// A piece of a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// How it is written.
    pub(super) text: &'a str,
    /// Its first byte in the sentence.
    pub(super) start: usize,
    /// Whether white space stands between it and the token before.
    pub(super) is_spaced: bool,
    /// Whether it stands between math delimiters.
    pub(super) is_math: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Letters, possibly with digits among them, and what they mean to the readers.
    Word(Option<Meaning>),
    /// Digits.
    Number(Numeral),
    /// A raised number, as in `m²`.
    Power(i32),
    /// A LaTeX command that may be part of a value.
    Command,
    /// Anything else that is not white space or markup.
    Symbol(char),
    /// The end of a line.
    Break,
}

/// Words that show that the text writes a comma for decimals and a point for thousands: German, Spanish, Italian,
/// Portuguese, Dutch and French function words that are no English words, and what German numbers stand before.
const CONTINENTAL: [&str; 34] = [
    "der",
    "das",
    "und",
    "ist",
    "mit",
    "von",
    "etwa",
    "rund",
    "ungefähr",
    "el",
    "los",
    "las",
    "del",
    "unos",
    "aproximadamente",
    "il",
    "della",
    "sono",
    "circa",
    "het",
    "een",
    "uma",
    "cerca",
    "environ",
    "Kilometer",
    "Sekunde",
    "Sekunden",
    "Millionen",
    "Milliarden",
    "Stunde",
    "Stunden",
    "Minuten",
    "Jahre",
    "Einwohner",
];

/// LaTeX commands that only format or delimit.
const SILENT: [&str; 17] = [
    "left",
    "right",
    "text",
    "textbf",
    "textit",
    "mathrm",
    "mathbf",
    "mathit",
    "operatorname",
    "boxed",
    "displaystyle",
    "quad",
    "qquad",
    "big",
    "Big",
    "bigl",
    "bigr",
];

/// LaTeX commands with a sign of their own.
const SIGNS: [(&str, char); 11] = [
    ("times", '×'),
    ("cdot", '·'),
    ("pm", '±'),
    ("approx", '≈'),
    ("sim", '≈'),
    ("geq", '≥'),
    ("ge", '≥'),
    ("leq", '≤'),
    ("le", '≤'),
    ("circ", '°'),
    ("degree", '°'),
];

/// Returns the tokens of `sentence`, in order.
pub(super) fn tokens(sentence: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer {
        text: sentence,
        at: 0,
        before: None,
        is_spaced: false,
        is_continental: is_continental(sentence),
        delimiters: math_delimiters(sentence).into_iter().peekable(),
        is_math: false,
        braces: Vec::new(),
        next_brace: Brace::Kept,
        tokens: Vec::with_capacity(sentence.len() / 5 + 1),
    };
    while lexer.step() {}
    lexer.tokens
}

fn is_continental(sentence: &str) -> bool {
    sentence.split(|c: char| !c.is_alphabetic()).any(|word| word.len() <= 15 && CONTINENTAL.contains(&word))
}

/// Returns the places of the `$` that delimit mathematics rather than stand for dollars, by pandoc's rule: the first
/// has no white space behind it, the second none before it and no digit behind it.
fn math_delimiters(sentence: &str) -> Vec<usize> {
    let mut delimiters = Vec::new();
    let mut opening = None;
    let bytes = sentence.as_bytes();
    let byte_at = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied();
    for (at, _) in sentence.match_indices('$') {
        let before = byte_at(at.checked_sub(1));
        let after = byte_at(Some(at + 1));
        let can_close = before.is_some_and(|byte| !byte.is_ascii_whitespace() && byte != b'\\')
            && !after.is_some_and(|byte| byte.is_ascii_digit());
        let can_open = before != Some(b'\\') && after.is_some_and(|byte| !byte.is_ascii_whitespace());
        match opening {
            Some(open) if can_close && !is_prose(sentence.get(open + 1..at).unwrap_or_default()) => {
                delimiters.extend([open, at]);
                opening = None;
            }
            Some(_) | None if can_open => opening = Some(at),
            Some(_) | None => {}
        }
    }
    delimiters
}

/// Whether what stands between two `$` is a sentence about money: "5 billion, or US" is no mathematics.
fn is_prose(between: &str) -> bool {
    const WORD: usize = 3;
    let is_word = |word: &str| word.len() >= WORD && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    between.starts_with(|c: char| c.is_ascii_digit())
        && !between.contains('\\')
        && between.split([' ', ',', '.']).any(is_word)
}

/// What becomes of a brace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brace {
    /// It may be part of a value.
    Kept,
    /// It belongs to a command that only formats.
    Dropped,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    before: Option<char>,
    is_spaced: bool,
    is_continental: bool,
    delimiters: std::iter::Peekable<std::vec::IntoIter<usize>>,
    is_math: bool,
    /// The braces that are open.
    braces: Vec<Brace>,
    /// What the next brace would be.
    next_brace: Brace,
    tokens: Vec<Token<'a>>,
}

impl Lexer<'_> {
    /// Reads one token or piece of markup; returns whether there was one.
    fn step(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return false };
        if digits::digit(first).is_some() {
            self.number(rest);
        } else if first == '\n' {
            self.push(Kind::Break, 1);
        } else if first.is_whitespace() {
            self.is_spaced = true;
            self.skip(first.len_utf8());
        } else if power_digit(first).is_some() {
            self.power(rest);
        } else if first.is_alphabetic() {
            self.word(rest, first);
        } else if first == '\\' {
            self.command(rest);
        } else {
            self.symbol(rest, first);
        }
        true
    }

    /// Moves past `n_bytes`, which end on a character.
    fn skip(&mut self, n_bytes: usize) {
        let passed = self.text.get(self.at..self.at + n_bytes).unwrap_or_default();
        self.before = passed.chars().next_back();
        self.at += n_bytes;
    }

    fn push(&mut self, kind: Kind, n_bytes: usize) {
        let text = self.text.get(self.at..self.at + n_bytes).unwrap_or_default();
        self.tokens.push(Token { kind, text, start: self.at, is_spaced: self.is_spaced, is_math: self.is_math });
        self.is_spaced = kind == Kind::Break;
        self.next_brace = Brace::Kept;
        self.skip(n_bytes);
    }

    fn number(&mut self, rest: &str) {
        let is_inside = self.before.is_some_and(char::is_alphanumeric);
        let coded = if is_inside { None } else { digits::with_base(rest) };
        if let Some((numeral, n_bytes)) = coded.or_else(|| digits::read(rest, self.before, self.is_continental)) {
            self.push(Kind::Number(numeral), n_bytes);
        }
    }

    fn power(&mut self, rest: &str) {
        let mut power: i32 = 0;
        let mut is_negative = false;
        let mut n_bytes = 0;
        for c in rest.chars() {
            match power_digit(c) {
                Some(Raised::Minus) if n_bytes == 0 => is_negative = true,
                Some(Raised::Digit(digit)) => power = power.saturating_mul(10).saturating_add(i32::from(digit)),
                Some(Raised::Minus) | None => break,
            }
            n_bytes += c.len_utf8();
        }
        self.push(Kind::Power(if is_negative { -power } else { power }), n_bytes);
    }

    fn word(&mut self, rest: &str, first: char) {
        if is_separate(first) {
            let kind = Kind::Word(words::meaning(rest.get(..first.len_utf8()).unwrap_or_default()));
            self.push(kind, first.len_utf8());
            return;
        }
        let is_inside = |c: char| (c.is_alphanumeric() || c == '_') && !is_separate(c) && power_digit(c).is_none();
        // "v2.30" is a word that announces a version, and the version.
        let is_version = matches!(first, 'v' | 'V') && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        let n_bytes = if is_version { 1 } else { rest.find(|c| !is_inside(c)).unwrap_or(rest.len()) };
        let word = rest.get(..n_bytes).unwrap_or_default();
        let tail = rest.get(n_bytes..).unwrap_or_default();
        if tail.starts_with("://") || (tail.starts_with('.') && word.eq_ignore_ascii_case("www")) {
            // Numbers in addresses are no values.
            let n_bytes = rest.find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"')).unwrap_or(rest.len());
            self.push(Kind::Word(None), n_bytes);
            return;
        }
        self.push(Kind::Word(if is_version { Some(Meaning::Software) } else { words::meaning(word) }), n_bytes);
    }

    fn command(&mut self, rest: &str) {
        let name_len = rest.bytes().skip(1).take_while(u8::is_ascii_alphabetic).count();
        let name = rest.get(1..=name_len).unwrap_or_default();
        if let Some((_, sign)) = SIGNS.into_iter().find(|(known, _)| *known == name) {
            self.push(Kind::Symbol(sign), 1 + name_len);
        } else if SILENT.contains(&name) {
            self.next_brace = Brace::Dropped;
            self.skip(1 + name_len);
        } else if name_len > 0 {
            self.push(Kind::Command, 1 + name_len);
        } else {
            let escaped = rest.chars().nth(1);
            match escaped {
                Some(sign @ ('%' | '$' | '#' | '&')) => self.push(Kind::Symbol(sign), 2),
                Some('(' | '[') => self.delimit(true, 2),
                Some(')' | ']') => self.delimit(false, 2),
                Some(other) if !other.is_alphanumeric() => {
                    self.is_spaced |= other != '!';
                    self.skip(1 + other.len_utf8());
                }
                Some(_) | None => self.skip(1),
            }
        }
    }

    fn delimit(&mut self, is_math: bool, n_bytes: usize) {
        self.is_math = is_math;
        self.skip(n_bytes);
    }

    fn symbol(&mut self, rest: &str, first: char) {
        match first {
            '$' if self.delimiters.next_if_eq(&self.at).is_some() => self.delimit(!self.is_math, 1),
            '{' => {
                self.braces.push(self.next_brace);
                match self.next_brace {
                    Brace::Dropped => self.skip(1),
                    Brace::Kept => self.push(Kind::Symbol('{'), 1),
                }
            }
            '}' if self.braces.pop() == Some(Brace::Dropped) => self.skip(1),
            '^' if rest.starts_with("^\\circ") => self.push(Kind::Symbol('°'), "^\\circ".len()),
            '^' if rest.starts_with("^{\\circ}") => self.push(Kind::Symbol('°'), "^{\\circ}".len()),
            '*' => self.stars(rest),
            '~' if self.is_math => {
                self.is_spaced = true;
                self.skip(1);
            }
            '`' => self.skip(1),
            '_' if !self.is_math => self.skip(1),
            _ => self.push(Kind::Symbol(first), first.len_utf8()),
        }
    }

    /// A `*` is emphasis unless it stands free or between digits: there it multiplies, and `**` raises.
    fn stars(&mut self, rest: &str) {
        let n_stars = rest.bytes().take_while(|&byte| byte == b'*').count();
        let after = rest.get(n_stars..).unwrap_or_default().chars().next();
        let is_free = self.is_spaced && after.is_some_and(char::is_whitespace);
        let is_between_digits =
            self.before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
        match n_stars {
            1 if is_free || is_between_digits => self.push(Kind::Symbol('×'), 1),
            2 if is_between_digits => self.push(Kind::Symbol('^'), 2),
            _ => self.skip(n_stars),
        }
    }
}

enum Raised {
    Minus,
    Digit(u8),
}

fn power_digit(c: char) -> Option<Raised> {
    let digit = match c {
        '⁰' => 0,
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '⁴' => 4,
        '⁵' => 5,
        '⁶' => 6,
        '⁷' => 7,
        '⁸' => 8,
        '⁹' => 9,
        '⁻' => return Some(Raised::Minus),
        _ => return None,
    };
    Some(Raised::Digit(digit))
}

/// Whether a letter is a word of its own: scripts written without spaces between words.
pub(super) fn is_separate(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{1100}'..='\u{11ff}' | '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a sign is a minus: the hyphen, the one of mathematics, or the dash that stands for it.
pub(super) fn is_minus(sign: char) -> bool {
    matches!(sign, '-' | '−' | '–' | '－')
}
