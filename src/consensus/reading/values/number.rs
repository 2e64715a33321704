//! Reads a number, in digits or in words, without its unit.

use crate::consensus::reading::values::digits;
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::words::Meaning;

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    /// What it says.
    pub(super) value: f64,
    /// The place of the last digit written: 1 for 400, 0.1 for 2.5, a million for "3 million"; 0 for a fraction.
    pub(super) step: f64,
    /// The place of the last digit that is not zero: 100 for 400.
    pub(super) grain: f64,
    /// The factor that a word or letter behind the digits stands for; 1 without one.
    pub(super) scale: f64,
    /// How it is written.
    pub(super) style: Style,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Digits and nothing else: may be a year, or belong to a name.
    Bare,
    /// Digits with separators, decimals, an exponent, a scale.
    Digits,
    /// Words.
    Words,
    /// A place in an order.
    Ordinal,
}

impl Amount {
    fn whole(value: f64, style: Style) -> Self {
        Self { value, step: 1.0, grain: 1.0, scale: 1.0, style }
    }

    fn fraction(value: f64, style: Style) -> Self {
        Self { value, step: 0.0, grain: 0.0, scale: 1.0, style }
    }

    /// A place in an order.
    pub(super) fn place(value: f64) -> Self {
        Self::whole(value, Style::Ordinal)
    }

    /// A whole number that is spelled out.
    pub(super) fn in_words(value: f64) -> Self {
        Self::whole(value, Style::Words)
    }

    fn scaled(self, scale: f64) -> Self {
        Self {
            value: self.value * scale,
            step: self.step * scale,
            grain: self.grain * scale,
            scale: self.scale * scale,
            style: if self.style == Style::Bare { Style::Digits } else { self.style },
        }
    }
}

/// Reads the number at `at`; returns it and the position behind it. `is_money` lets `m`, `b` and `t` scale it.
pub(super) fn read(reader: Reader<'_>, at: usize, is_money: bool) -> Option<(Amount, usize)> {
    let (amount, next) = if let Some(numeral) = reader.numeral(at) {
        if numeral.is_dotted || !numeral.value.is_finite() {
            return None;
        }
        let (amount, next) = in_digits(reader, at, &numeral);
        with_scale(reader, amount, next, is_money)
    } else if let Some(value) = reader.symbol(at).and_then(vulgar) {
        with_scale(reader, Amount::fraction(value, Style::Digits), at + 1, is_money)
    } else if reader.symbol(at) == Some('.') {
        let numeral = reader.numeral(at + 1).filter(|numeral| numeral.is_bare && reader.is_glued(at + 1))?;
        let n_digits = i32::try_from(numeral.n_whole).unwrap_or(i32::MAX);
        let step = 10_f64.powi(-n_digits);
        (Amount { value: numeral.value * step, step, grain: step, scale: 1.0, style: Style::Digits }, at + 2)
    } else if reader.text(at) == "\\frac" || reader.text(at) == "\\dfrac" || reader.text(at) == "\\tfrac" {
        latex_fraction(reader, at + 1)?
    } else {
        return in_words(reader, at);
    };
    (amount.value.is_finite()).then_some((amount, next))
}

fn in_digits(reader: Reader<'_>, at: usize, numeral: &digits::Numeral) -> (Amount, usize) {
    let n_decimals = i32::try_from(numeral.n_decimals).unwrap_or(i32::MAX);
    let step = 10_f64.powi(-n_decimals);
    let grain =
        if numeral.value == 0.0 { 1.0 } else { step * 10_f64.powi(i32::try_from(numeral.n_zeros).unwrap_or(0)) };
    let style = if numeral.is_bare { Style::Bare } else { Style::Digits };
    let amount = Amount { value: numeral.value, step, grain, scale: 1.0, style };
    let next = at + 1;
    if reader.is_glued(next) && reader.meaning(next) == Some(Meaning::OrdinalMark) {
        return (Amount { style: Style::Ordinal, ..amount }, next + 1);
    }
    if let Some(value) = reader.symbol(next).and_then(vulgar).filter(|_| numeral.is_bare) {
        return (Amount::fraction(numeral.value + value, Style::Digits), next + 1);
    }
    if let Some((value, next)) = slash_fraction(reader, at) {
        return (Amount::fraction(value, Style::Digits), next);
    }
    // "2 1/2"
    if numeral.is_bare
        && !reader.is_glued(next)
        && let Some((value, after)) = slash_fraction(reader, next)
        && value < 1.0
    {
        return (Amount::fraction(numeral.value + value, Style::Digits), after);
    }
    if let Some((power, next)) = power_of_ten(reader, at) {
        return (amount.scaled(power), next);
    }
    // 10^8 and 10⁸
    if let Some((power, next)) = power(reader, next)
        && numeral.is_bare
        && let raised = numeral.value.powi(power)
        && raised.is_finite()
    {
        return (Amount { grain: raised, step: 1.0, ..Amount::whole(raised, Style::Digits) }, next);
    }
    (amount, next)
}

/// Reads `3/4`, written without spaces and not part of a date or path.
fn slash_fraction(reader: Reader<'_>, at: usize) -> Option<(f64, usize)> {
    let over = reader.whole(at)?;
    let under = reader.whole(at + 2).filter(|&under| under > 0)?;
    let is_fraction = reader.is_glued_symbol(at + 1, '/')
        && reader.is_glued(at + 2)
        && !reader.is_glued_symbol(at + 3, '/')
        && !(reader.is_glued(at) && reader.symbol_before(at) == Some('/'));
    is_fraction.then(|| (f64::from(over) / f64::from(under), at + 3))
}

/// Reads `{a}{b}` behind `\frac`, or `ab` with single digits.
fn latex_fraction(reader: Reader<'_>, at: usize) -> Option<(Amount, usize)> {
    let (over, next) = braced(reader, at)?;
    let (under, next) = braced(reader, next)?;
    (under != 0.0).then(|| (Amount::fraction(over / under, Style::Digits), next))
}

fn braced(reader: Reader<'_>, at: usize) -> Option<(f64, usize)> {
    let value = reader.numeral(at + 1).filter(|numeral| !numeral.is_dotted)?.value;
    (reader.symbol(at) == Some('{') && reader.symbol(at + 2) == Some('}')).then_some((value, at + 3))
}

/// Reads `× 10^8` behind the number at `at`.
fn power_of_ten(reader: Reader<'_>, at: usize) -> Option<(f64, usize)> {
    let is_times = matches!(reader.symbol(at + 1), Some('×' | '·' | '⋅')) || reader.text(at + 1) == "x";
    if !is_times || reader.whole(at + 2) != Some(10) {
        return None;
    }
    let (power, next) = power(reader, at + 3)?;
    Some((10_f64.powi(power), next))
}

/// Reads an exponent: `^8`, `^{-8}`, `⁸`.
pub(super) fn power(reader: Reader<'_>, at: usize) -> Option<(i32, usize)> {
    use crate::consensus::reading::values::lex::{Kind, Token};
    if let Some(Token { kind: Kind::Power(power), is_spaced: false, .. }) = reader.token(at) {
        return Some((*power, at + 1));
    }
    if reader.symbol(at) != Some('^') {
        return None;
    }
    let mut next = at + 1;
    let is_braced = matches!(reader.symbol(next), Some('{' | '('));
    next += usize::from(is_braced);
    let is_negative = matches!(reader.symbol(next), Some('-' | '−'));
    next += usize::from(is_negative);
    let power = i32::try_from(reader.whole(next)?).ok()?;
    next += 1;
    if is_braced {
        if !matches!(reader.symbol(next), Some('}' | ')')) {
            return None;
        }
        next += 1;
    }
    Some((if is_negative { -power } else { power }, next))
}

/// Reads "million", "k" and the like behind an amount; more than one for "2 hundred thousand" and 3億.
fn with_scale(reader: Reader<'_>, amount: Amount, at: usize, is_money: bool) -> (Amount, usize) {
    let is_glued = reader.is_glued(at);
    let word = reader.text(at);
    let hyphen = usize::from(reader.is_glued_symbol(at, '-') && reader.is_glued(at + 1));
    let (scaled, mut next) = match reader.meaning(at + hyphen) {
        Some(Meaning::Scale(scale)) => (amount.scaled(scale), at + hyphen + 1),
        Some(Meaning::Hundred) => (amount.scaled(100.0), at + hyphen + 1),
        Some(Meaning::Dozen) => (Amount { step: 1.0, ..amount.scaled(12.0) }, at + hyphen + 1),
        Some(Meaning::ShortScale(scale)) if hyphen == 0 && (is_glued || is_money || word.len() > 1) => {
            (amount.scaled(scale), at + 1)
        }
        _ => match word {
            "m" if is_money => (amount.scaled(1e6), at + 1),
            "b" if is_money || is_glued => (amount.scaled(1e9), at + 1),
            "t" if is_money => (amount.scaled(1e12), at + 1),
            _ => return with_half(reader, amount, at),
        },
    };
    if let Some(Meaning::Scale(scale)) = reader.meaning(next)
        && scaled.scale < scale
    {
        next += 1;
        return (scaled.scaled(scale), next);
    }
    (scaled, next)
}

/// Reads "and a half" behind an amount.
fn with_half(reader: Reader<'_>, amount: Amount, at: usize) -> (Amount, usize) {
    let is_half = reader.meaning(at) == Some(Meaning::And)
        && reader.meaning(at + 1) == Some(Meaning::Article)
        && reader.meaning(at + 2) == Some(Meaning::Half);
    if is_half { (Amount::fraction(amount.value + 0.5, Style::Words), at + 3) } else { (amount, at) }
}

/// Reads a number that is spelled out: "two hundred and five", "half a million", "a dozen", "three quarters".
fn in_words(reader: Reader<'_>, at: usize) -> Option<(Amount, usize)> {
    match reader.meaning(at) {
        Some(Meaning::Small(_) | Meaning::Tens(_)) => cardinal(reader, at),
        Some(Meaning::Article) => match reader.meaning(at + 1) {
            Some(Meaning::Hundred | Meaning::Scale(_)) => cardinal(reader, at),
            Some(Meaning::Dozen) => Some((Amount::whole(12.0, Style::Words), at + 2)),
            Some(Meaning::Half | Meaning::Parts(4)) => parts(reader, 1.0, at + 1),
            // "a third of them", "a third.": not "a third man".
            Some(Meaning::Ordinal(3..=10)) if is_whole_part(reader, at + 2) => parts(reader, 1.0, at + 1),
            _ => None,
        },
        Some(Meaning::Half) => half(reader, at),
        Some(Meaning::Ordinal(n)) => Some((Amount::whole(f64::from(n), Style::Ordinal), at + 1)),
        _ => None,
    }
}

fn is_whole_part(reader: Reader<'_>, at: usize) -> bool {
    let is_end = reader.is_line_end(at) || matches!(reader.symbol(at), Some('.' | ',' | ';' | ')'));
    is_end || reader.meaning(at) == Some(Meaning::Of)
}

fn half(reader: Reader<'_>, at: usize) -> Option<(Amount, usize)> {
    let amount = Amount::fraction(0.5, Style::Words);
    match reader.meaning(at + 1) {
        Some(Meaning::Of | Meaning::Definite) => Some((amount, at + 1)),
        Some(Meaning::Article) => match reader.meaning(at + 2) {
            Some(Meaning::Scale(scale)) => Some((amount.scaled(scale), at + 3)),
            Some(Meaning::Dozen) => Some((Amount::whole(6.0, Style::Words), at + 3)),
            // "half an hour": the unit comes next.
            _ => Some((amount, at + 2)),
        },
        _ => None,
    }
}

/// Reads "thirds", "half", "fifth" behind the number of parts.
fn parts(reader: Reader<'_>, n_parts: f64, at: usize) -> Option<(Amount, usize)> {
    let hyphen = usize::from(reader.is_glued_symbol(at, '-'));
    let of = match reader.meaning(at + hyphen) {
        Some(Meaning::Half) => 2,
        Some(Meaning::Parts(of)) => of,
        Some(Meaning::Ordinal(of)) if n_parts == 1.0 && of > 2 => of,
        _ => return None,
    };
    Some((Amount::fraction(n_parts / f64::from(of), Style::Words), at + hyphen + 1))
}

/// Adds up a spelled number. Every word it takes must be smaller than the one before it, or scale what stands before
/// it, so it takes a bounded number of words.
fn cardinal(reader: Reader<'_>, start: usize) -> Option<(Amount, usize)> {
    let mut at = start + usize::from(reader.meaning(start) == Some(Meaning::Article));
    let mut total = 0.0;
    let mut last_scale = f64::INFINITY;
    let mut group = None::<f64>;
    let mut step = 1.0;
    loop {
        let joined = joint(reader, at, start);
        match reader.meaning(at + joined) {
            Some(Meaning::Small(n)) if group.is_none_or(|group| fits_behind(group, n)) => {
                group = Some(group.unwrap_or(0.0) + f64::from(n));
                step = 1.0;
            }
            Some(Meaning::Tens(n)) if group.is_none_or(|group| group % 100.0 == 0.0 && group > 0.0) => {
                group = Some(group.unwrap_or(0.0) + f64::from(n));
                step = 1.0;
            }
            Some(Meaning::Ordinal(n)) if group.is_some_and(|group| fits_behind(group, n) && n != 0) && joined > 0 => {
                let value = total + group.unwrap_or(0.0) + f64::from(n);
                return Some((Amount::whole(value, Style::Ordinal), at + joined + 1));
            }
            Some(Meaning::Hundred) if group.is_none_or(|group| group < 100.0) && (group.is_some() || total == 0.0) => {
                group = Some(group.unwrap_or(1.0) * 100.0);
            }
            Some(Meaning::Scale(scale)) if scale < last_scale && (group.is_some() || total == 0.0) => {
                total += group.take().unwrap_or(1.0) * scale;
                last_scale = scale;
                step = scale;
            }
            _ => break,
        }
        at += joined + 1;
    }
    let value = total + group.unwrap_or(0.0);
    if at == start || (total == 0.0 && group.is_none()) {
        return None;
    }
    if let Some((amount, next)) = parts(reader, value, at).filter(|_| value < 20.0) {
        return Some((amount, next));
    }
    let whole = Amount { step, grain: step, ..Amount::whole(value, Style::Words) };
    if reader.meaning(at) == Some(Meaning::Dozen) {
        return Some((Amount::whole(value * 12.0, Style::Words), at + 1));
    }
    if reader.meaning(at) == Some(Meaning::Point) {
        return Some(decimals(reader, value, at + 1).unwrap_or((whole, at)));
    }
    let (amount, next) = with_half(reader, whole, at);
    // "two and a half million"
    match reader.meaning(next) {
        Some(Meaning::Scale(scale)) if next > at => Some((amount.scaled(scale), next + 1)),
        _ => Some((amount, next)),
    }
}

/// Whether one to nineteen may stand behind what a group holds: 200 + 5, 20 + 5, not 5 + 5.
fn fits_behind(group: f64, n: u32) -> bool {
    group > 0.0 && (group % 100.0 == 0.0 || (group % 10.0 == 0.0 && group % 100.0 >= 20.0 && n < 10))
}

/// Returns how many tokens join the number word behind `at` to the ones before: a hyphen, "and".
fn joint(reader: Reader<'_>, at: usize, start: usize) -> usize {
    if at == start {
        return 0;
    }
    let is_hyphen = reader.is_glued_symbol(at, '-') && reader.is_glued(at + 1);
    let joins = |before| match reader.meaning(before) {
        Some(Meaning::Hundred | Meaning::Scale(_)) => true,
        // "treinta y cinco", "vingt et un"
        Some(Meaning::Tens(_)) => matches!(reader.text(at), "y" | "et"),
        _ => false,
    };
    let is_and = reader.meaning(at) == Some(Meaning::And)
        && at.checked_sub(1).is_some_and(joins)
        && matches!(reader.meaning(at + 1), Some(Meaning::Small(_) | Meaning::Tens(_)));
    usize::from(is_hyphen || is_and)
}

/// Reads the digits behind "point", at most as many as a number has.
fn decimals(reader: Reader<'_>, whole: f64, start: usize) -> Option<(Amount, usize)> {
    const MAX_DECIMALS: usize = 15;
    let mut value = whole;
    let mut step = 1.0;
    let mut at = start;
    while at < start + MAX_DECIMALS
        && let Some(Meaning::Small(digit)) = reader.meaning(at)
        && digit < 10
    {
        step /= 10.0;
        value += f64::from(digit) * step;
        at += 1;
    }
    (at > start).then_some((Amount { value, step, grain: step, scale: 1.0, style: Style::Words }, at))
}

/// Returns the value of a fraction that is one character.
fn vulgar(c: char) -> Option<f64> {
    Some(match c {
        '½' => 1.0 / 2.0,
        '⅓' => 1.0 / 3.0,
        '⅔' => 2.0 / 3.0,
        '¼' => 1.0 / 4.0,
        '¾' => 3.0 / 4.0,
        '⅕' => 1.0 / 5.0,
        '⅖' => 2.0 / 5.0,
        '⅗' => 3.0 / 5.0,
        '⅘' => 4.0 / 5.0,
        '⅙' => 1.0 / 6.0,
        '⅛' => 1.0 / 8.0,
        '⅜' => 3.0 / 8.0,
        '⅝' => 5.0 / 8.0,
        '⅞' => 7.0 / 8.0,
        _ => return None,
    })
}
