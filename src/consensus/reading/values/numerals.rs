//! Reads numerals that are no digits: Roman ones, and those of Chinese and Japanese.

use crate::consensus::reading::values::dates::{Date, Style};
use crate::consensus::reading::values::number::Amount;
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::words::Meaning;

/// The largest number of a king, pope or war that is read; beyond it letters are more likely an abbreviation.
const LARGEST_NAME: u32 = 39;

/// The value of each Roman numeral, the largest first; with it a number is written in one way only.
const ROMAN: [(&str, u32); 13] = [
    ("M", 1000),
    ("CM", 900),
    ("D", 500),
    ("CD", 400),
    ("C", 100),
    ("XC", 90),
    ("L", 50),
    ("XL", 40),
    ("X", 10),
    ("IX", 9),
    ("V", 5),
    ("IV", 4),
    ("I", 1),
];

/// Returns the number that `text` writes in Roman capitals, if it writes one in the usual way.
pub(crate) fn roman(text: &str) -> Option<u32> {
    const LONGEST: usize = 15;
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let (mut rest, mut value) = (text, 0);
    for (letters, size) in ROMAN {
        let most = if letters.len() == 2 || matches!(size, 5 | 50 | 500) { 1 } else { 3 };
        for _ in 0..most {
            let Some(behind) = rest.strip_prefix(letters) else { break };
            (rest, value) = (behind, value + size);
        }
    }
    let written = || {
        let mut left = value;
        let mut written = String::new();
        for (letters, size) in ROMAN {
            while left >= size {
                written.push_str(letters);
                left -= size;
            }
        }
        written
    };
    (rest.is_empty() && written() == text).then_some(value)
}

/// Reads "XIX century", "XIXe siècle", "siglo XIX"; returns it and the position behind it.
pub(super) fn century(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let is_before = reader.meaning(at) == Some(Meaning::Century);
    let numeral = reader.text(at + usize::from(is_before));
    let numeral = numeral.trim_end_matches(|c: char| c.is_lowercase());
    let number = roman(numeral).filter(|number| (1..=30).contains(number))?;
    let point = usize::from(reader.is_glued_symbol(at + 1, '.'));
    let next = match is_before {
        true => at + 2,
        false if reader.meaning(at + 1 + point) == Some(Meaning::Century) => at + 2 + point,
        false => return None,
    };
    let first = i32::try_from(number - 1).ok()? * 100 + 1;
    Some((Date::years(first, first + 99, Style::Century), next))
}

/// Reads the XIV of Louis XIV as a place in an order; returns it and the position behind it.
pub(super) fn of_name(reader: Reader<'_>, at: usize) -> Option<(Amount, usize)> {
    let before = at.checked_sub(1)?;
    let text = reader.text(at);
    let number = roman(text).filter(|number| *number <= LARGEST_NAME)?;
    let is_name = reader.is_capitalised(before) && reader.meaning(before).is_none() && !reader.is_glued(at);
    // "Elizabeth I" is a queen; "In London I saw" is not.
    let is_whole = reader.is_line_end(at + 1)
        || matches!(reader.symbol(at + 1), Some('.' | ',' | ';' | ':' | ')' | '?' | '!'))
        || reader.meaning(at + 1) == Some(Meaning::Of);
    (is_name && (text.len() > 1 || is_whole)).then(|| (Amount::place(f64::from(number)), at + 1))
}

/// What may stand behind a number in Chinese or Japanese characters: units and counters, by their first character.
const COUNTERS: &str = "年月日歳才人個名本回倍円元米个岁次天块度匹頭キメグトセリミ時小分秒公階か";

/// Reads 三千 and 二〇二〇 where a unit or counter follows; returns the number and the position behind it.
pub(super) fn han(reader: Reader<'_>, at: usize) -> Option<(Amount, usize)> {
    let (value, next) = han_number(reader, at)?;
    let counted = reader.text(next).chars().next()?;
    // One and ten stand in many words that count nothing.
    let is_counted = COUNTERS.contains(counted) && !(next == at + 1 && (value == 1.0 || reader.text(next) == "分"));
    is_counted.then(|| (Amount::in_words(value), next))
}

/// Reads a whole number in Chinese or Japanese characters, by place (二〇二〇) or by name (三千五百).
pub(super) fn han_number(reader: Reader<'_>, at: usize) -> Option<(f64, usize)> {
    const MOST: usize = 16;
    const DIGITS: &str = "〇一二三四五六七八九";
    let mut next = at;
    let (mut total, mut group, mut digit) = (0.0, 0.0, None::<f64>);
    let mut n_digits = 0;
    while next < at + MOST && (next == at || reader.is_glued(next)) {
        let Some(character) = reader.text(next).chars().next() else { break };
        let place = DIGITS.chars().position(|it| it == character);
        let (scale, is_large) = match character {
            '十' => (10.0, false),
            '百' => (100.0, false),
            '千' if n_digits > 0 || next == at => (1000.0, false),
            '万' | '萬' if next > at => (1e4, true),
            '億' | '亿' if next > at => (1e8, true),
            _ => match place {
                Some(place) => {
                    n_digits += 1;
                    digit = Some(digit.unwrap_or(0.0) * 10.0 + place as f64);
                    next += 1;
                    continue;
                }
                None => break,
            },
        };
        n_digits += 1;
        if is_large {
            total += (group + digit.take().unwrap_or(0.0)) * scale;
            group = 0.0;
        } else {
            group += digit.take().unwrap_or(1.0) * scale;
        }
        next += 1;
    }
    (next > at).then(|| (total + group + digit.unwrap_or(0.0), next))
}
