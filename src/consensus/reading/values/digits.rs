//! A number written in digits: separators of several countries, decimals, exponents, digits of other scripts.

/// A number written in digits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Numeral {
    /// What it says; infinite past about 1e308.
    pub(super) value: f64,
    /// Digits after the decimal mark.
    pub(super) n_decimals: usize,
    /// Digits before it.
    pub(super) n_whole: usize,
    /// Zeros at the end of a whole number.
    pub(super) n_zeros: usize,
    /// Whether the digits alone say it: no separator, decimal mark or exponent.
    pub(super) is_bare: bool,
    /// Whether it has several points and so is a date, a version or an address rather than a number.
    pub(super) is_dotted: bool,
    /// Whether it starts with a zero that another digit follows.
    pub(super) is_padded: bool,
}

/// Zeros of the decimal digit blocks that are read, each followed by its nine other digits: ASCII, Arabic-Indic,
/// Persian, Devanagari, Bengali, Thai, full-width (Unicode, general category Nd).
const ZEROS: [char; 7] = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}'];

/// Returns the value of a decimal digit of any script in `ZEROS`.
pub(super) fn digit(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| c as u8 - b'0');
    }
    ZEROS.into_iter().find_map(|zero| {
        let offset = u32::from(c).checked_sub(u32::from(zero))?;
        u8::try_from(offset).ok().filter(|&offset| offset < 10)
    })
}

/// How many groups of two digits are read in the Indian way (12,34,567) before it counts as a list.
const MAX_INDIAN_GROUPS: usize = 4;

/// The separators that may stand between groups of three digits.
const GROUPERS: [&str; 13] =
    [",", ".", "'", "\u{2019}", " ", "\u{a0}", "\u{202f}", "\u{2009}", "\u{66c}", "\u{ff0c}", "{,}", "\\,", ",\\!"];

/// Reads the number at the start of `rest`, which starts with a digit; returns it and its length in bytes.
///
/// `before` is the character in front of it: inside brackets and lists a comma separates items rather than decimals.
/// A single point before three digits is a decimal point unless `is_continental` says that the text writes it for
/// thousands.
pub(super) fn read(rest: &str, before: Option<char>, is_continental: bool) -> Option<(Numeral, usize)> {
    let mut run = Run::default();
    let first = run.take_digits(rest);
    if first == 0 {
        return None;
    }
    let is_list = matches!(before, Some('(' | '[' | '{' | ',' | ';'));
    let is_padded = run.digits.len() > 1 && run.digits.starts_with('0');
    if run.digits.len() <= 3 && !run.digits.starts_with('0') {
        run.take_groups(rest, is_continental);
    }
    if !run.is_grouped && !is_list {
        run.take_indian_groups(rest);
    }
    run.take_decimals(rest, is_list);
    let is_dotted = run.take_dotted(rest);
    run.take_exponent(rest);
    let value = run.digits.parse().unwrap_or(f64::INFINITY);
    let is_bare = run.end == first;
    let n_zeros = if run.n_decimals == 0 && !run.has_exponent {
        run.digits.bytes().rev().take_while(|&byte| byte == b'0').count()
    } else {
        0
    };
    let numeral =
        Numeral { value, n_decimals: run.n_decimals, n_whole: run.n_whole, n_zeros, is_bare, is_dotted, is_padded };
    Some((numeral, run.end))
}

/// Reads 0xFF, 0b101 and 0o17 at the start of `rest`; returns the number and its length in bytes.
pub(super) fn with_base(rest: &str) -> Option<(Numeral, usize)> {
    /// A number of more digits is a hash or a key.
    const MOST: usize = 16;
    let mut head = rest.strip_prefix('0')?.chars();
    let base = match head.next()? {
        'x' | 'X' => 16,
        'b' | 'B' => 2,
        'o' | 'O' => 8,
        _ => return None,
    };
    let tail = head.as_str();
    let n_digits = tail.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tail.len());
    let digits = tail.get(..n_digits).filter(|digits| (1..=MOST).contains(&digits.len()))?;
    let value = u64::from_str_radix(&digits.replace('_', ""), base).ok()?;
    let numeral = Numeral { value: value as f64, n_whole: n_digits, ..Numeral::default() };
    Some((numeral, 2 + n_digits))
}

/// What has been read of one number: its digits in ASCII, ready to parse, and how far it goes.
#[derive(Default)]
struct Run {
    digits: String,
    end: usize,
    n_whole: usize,
    n_decimals: usize,
    grouper: &'static str,
    is_grouped: bool,
    has_exponent: bool,
}

impl Run {
    /// Takes the digits at the end of what has been read; returns their length in bytes.
    fn take_digits(&mut self, rest: &str) -> usize {
        let start = self.end;
        for c in rest.get(start..).unwrap_or_default().chars() {
            let Some(digit) = digit(c) else { break };
            self.digits.push(char::from(b'0' + digit));
            self.end += c.len_utf8();
        }
        self.n_whole = self.digits.len();
        self.end - start
    }

    /// Takes groups of exactly three digits behind one and the same separator.
    fn take_groups(&mut self, rest: &str, is_continental: bool) {
        let tail = rest.get(self.end..).unwrap_or_default();
        let Some(grouper) = GROUPERS.into_iter().filter(|grouper| tail.starts_with(grouper)).max_by_key(|it| it.len())
        else {
            return;
        };
        let mut groups = Self { digits: self.digits.clone(), end: self.end, ..Self::default() };
        let mut n_groups = 0;
        while group_follows(rest, groups.end, grouper, 3) {
            groups.end += grouper.len();
            groups.take_digits(rest);
            n_groups += 1;
        }
        let decimal_follows = group_after(rest, groups.end, ",").is_some();
        let is_decimal_point = grouper == "." && n_groups == 1 && !decimal_follows && !is_continental;
        // "1.234.56" is no number with thousands.
        let is_dotted = grouper == "." && group_after(rest, groups.end, ".").is_some();
        if n_groups > 0 && !is_decimal_point && !is_dotted {
            *self = Self { grouper, is_grouped: true, ..groups };
        }
    }

    /// Takes 12,34,567: groups of two, the last of three.
    fn take_indian_groups(&mut self, rest: &str) {
        if self.digits.len() > 2 {
            return;
        }
        let mut groups = Self { digits: self.digits.clone(), end: self.end, ..Self::default() };
        for _ in 0..MAX_INDIAN_GROUPS {
            if !group_follows(rest, groups.end, ",", 2) {
                break;
            }
            groups.end += 1;
            groups.take_digits(rest);
        }
        if groups.end > self.end && group_follows(rest, groups.end, ",", 3) {
            groups.end += 1;
            groups.take_digits(rest);
            *self = Self { grouper: ",", is_grouped: true, ..groups };
        }
    }

    fn take_decimals(&mut self, rest: &str, is_list: bool) {
        let mark = [".", ",", "\u{66b}", "{,}", "\u{ff0e}"]
            .into_iter()
            .filter(|&mark| mark != self.grouper)
            .find(|mark| group_after(rest, self.end, mark).is_some());
        let Some(mark) = mark else { return };
        // In "1, 2,3" and "(3,4)" the comma separates items; so does one of several.
        let decimals_end = group_after(rest, self.end, mark).unwrap_or(self.end);
        let is_one_of_many = mark == "," && group_after(rest, decimals_end, ",").is_some();
        let is_year_of_a_date = mark == "," && self.n_whole <= 2 && decimals_end - self.end == ",1969".len();
        if (mark == "," && is_list) || is_one_of_many || is_year_of_a_date {
            return;
        }
        let n_whole = self.digits.len();
        self.digits.push('.');
        self.end += mark.len();
        self.take_digits(rest);
        self.n_decimals = self.digits.len() - n_whole - 1;
        self.n_whole = n_whole;
    }

    /// Takes further ".digits"; returns whether there were any.
    fn take_dotted(&mut self, rest: &str) -> bool {
        let start = self.end;
        while self.n_decimals > 0 && group_after(rest, self.end, ".").is_some() {
            self.end += 1;
            let n_digits = self.digits.len();
            self.take_digits(rest);
            self.digits.truncate(n_digits);
        }
        self.end > start
    }

    fn take_exponent(&mut self, rest: &str) {
        let tail = rest.get(self.end..).unwrap_or_default();
        let Some(power) = tail.strip_prefix(['e', 'E']) else { return };
        let unsigned = power.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(power);
        let n_digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
        let after = unsigned.get(n_digits..).unwrap_or_default().chars().next();
        if n_digits == 0 || n_digits > 3 || after.is_some_and(char::is_alphanumeric) {
            return;
        }
        self.digits.push('e');
        if power.starts_with(['-', '\u{2212}']) {
            self.digits.push('-');
        }
        self.digits.push_str(unsigned.get(..n_digits).unwrap_or_default());
        self.end = rest.len() - unsigned.len() + n_digits;
        self.has_exponent = true;
    }
}

/// Returns whether `separator` and then exactly `n` digits stand at `at`.
fn group_follows(rest: &str, at: usize, separator: &str, n: usize) -> bool {
    let Some(tail) = rest.get(at..).and_then(|tail| tail.strip_prefix(separator)) else { return false };
    tail.chars().take(n + 1).take_while(|&c| digit(c).is_some()).count() == n
}

/// Returns where the digits behind `mark` end, if `mark` and a digit stand at `at`.
fn group_after(rest: &str, at: usize, mark: &str) -> Option<usize> {
    let tail = rest.get(at..)?.strip_prefix(mark)?;
    let n_bytes: usize = tail.chars().take_while(|&c| digit(c).is_some()).map(char::len_utf8).sum();
    (n_bytes > 0).then_some(at + mark.len() + n_bytes)
}
