//! What a formula comes to, so that `\frac{\sqrt{2}}{2}` and `1/\sqrt2` are one number, and `20` and `7+√69` are two.

use crate::consensus::reading::finals::latex;

/// Longest formula that is evaluated, in bytes.
const LONGEST: usize = 400;

/// Deepest nesting that is followed.
const DEEPEST: usize = 24;

/// How far two results may be apart through the last bits of their fractions, as a share of the larger.
const EPSILON: f64 = 1e-9;

/// What a formula comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// A number, and how much of it rounding may hide.
    Number { value: f64, rounding: f64 },
    /// Plus or minus a number.
    Pair(f64),
    /// Several in order, between brackets that count: a point, an interval.
    Tuple { opens: char, items: Vec<f64>, closes: char },
    /// Several in any order.
    Set(Vec<f64>),
}

impl Outcome {
    /// Returns whether both say the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number { value, rounding }, Self::Number { value: theirs, rounding: other }) => {
                is_near(*value, *theirs) || (value - theirs).abs() <= rounding.max(*other)
            }
            (Self::Pair(ours), Self::Pair(theirs)) => is_near(*ours, *theirs),
            (
                Self::Tuple { opens, items, closes },
                Self::Tuple { opens: their_opens, items: theirs, closes: their_closes },
            ) => (opens, closes) == (their_opens, their_closes) && are_near(items, theirs),
            (Self::Set(ours), Self::Set(theirs)) => are_near(ours, theirs),
            // x = ±2 is the set of 2 and -2.
            (Self::Pair(size), Self::Set(items)) | (Self::Set(items), Self::Pair(size)) => {
                are_near(items, &[-size, *size])
            }
            _ => false,
        }
    }
}

fn is_near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= a.abs().max(b.abs()) * EPSILON
}

fn are_near(ours: &[f64], theirs: &[f64]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| is_near(*a, *b))
}

/// Returns what `formula` comes to, `None` for one with unknowns, words or signs that are not read here.
pub(super) fn evaluate(formula: &str) -> Option<Outcome> {
    if formula.len() > LONGEST {
        return None;
    }
    let formula = latex::normalise(formula).replace("\\{", "⦃").replace("\\}", "⦄");
    let formula = formula.trim();
    if let Some(size) = formula.strip_prefix("\\pm").or_else(|| formula.strip_prefix('±')) {
        return Some(Outcome::Pair(number(size)?.abs()));
    }
    let (first, last) = (formula.chars().next()?, formula.chars().next_back()?);
    let inside = formula.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)).unwrap_or_default();
    let items = |list: &str| list_items(list).filter(|items| items.len() > 1);
    if matches!((first, last), ('(' | '[', ')' | ']'))
        && let Some(items) = items(inside)
    {
        return Some(Outcome::Tuple { opens: first, items, closes: last });
    }
    let listed = if (first, last) == ('⦃', '⦄') { list_items(inside) } else { items(formula) };
    if let Some(mut items) = listed {
        items.sort_by(f64::total_cmp);
        return Some(Outcome::Set(items));
    }
    let value = number(formula)?;
    let decimals = formula.split_once('.').filter(|(_, decimals)| decimals.bytes().all(|byte| byte.is_ascii_digit()));
    let n_decimals = decimals.and_then(|(_, decimals)| i32::try_from(decimals.len()).ok()).filter(|n| *n >= 2);
    Some(Outcome::Number { value, rounding: n_decimals.map_or(0.0, |n| 0.5 * 10_f64.powi(-n)) })
}

/// The numbers between the commas of `list`; a comma before three digits may group them, so that it makes no list.
fn list_items(list: &str) -> Option<Vec<f64>> {
    let mut depth = 0_i32;
    let mut starts = vec![0];
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            b'(' | b'{' | b'[' => depth += 1,
            b')' | b'}' | b']' => depth -= 1,
            b',' | b';' if depth == 0 => starts.push(at + 1),
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).map(|start| start - 1).chain([list.len()]);
    starts.iter().zip(ends).map(|(start, end)| number(list.get(*start..end)?)).collect()
}

fn number(formula: &str) -> Option<f64> {
    let mut reading = Reading { rest: formula.trim(), depth: 0 };
    let value = reading.sum()?;
    (reading.rest.is_empty() && value.is_finite()).then_some(value)
}

/// What is left of a formula, and how deep inside it stands.
struct Reading<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reading<'_> {
    fn take(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn sum(&mut self) -> Option<f64> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut sum = if self.take("-") { -self.product()? } else { self.product()? };
        loop {
            if self.take("+") {
                sum += self.product()?;
            } else if self.take("-") {
                sum -= self.product()?;
            } else {
                self.depth -= 1;
                return Some(sum);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut product = self.power()?;
        loop {
            if self.take("\\cdot") || self.take("*") {
                product *= self.power()?;
            } else if self.take("/") || self.take("\\div") {
                product /= self.power()?;
            } else if self.rest.starts_with(['\\', '(']) && !self.rest.starts_with("\\pm") {
                // What stands side by side is multiplied.
                product *= self.power()?;
            } else {
                return Some(product);
            }
        }
    }

    fn power(&mut self) -> Option<f64> {
        let base = self.atom()?;
        if !self.take("^") {
            return Some(base);
        }
        let exponent = if self.rest.starts_with('{') {
            self.braced()?
        } else if self.take("-") {
            -self.atom()?
        } else {
            // `^23` is the square of what stands before, and three.
            let digit = self.rest.chars().next().and_then(|c| c.to_digit(10))?;
            self.rest = self.rest.get(1..)?;
            f64::from(digit)
        };
        Some(base.powf(exponent))
    }

    fn atom(&mut self) -> Option<f64> {
        if self.take("\\frac") {
            let over = self.braced()?;
            return Some(over / self.braced()?);
        }
        if self.take("\\sqrt") {
            let root = if self.take("[") {
                let root = self.sum()?;
                self.take("]").then_some(root)?
            } else {
                2.0
            };
            let inside = self.braced()?;
            return (inside >= 0.0).then(|| inside.powf(1.0 / root));
        }
        if self.take("\\pi") {
            return Some(std::f64::consts::PI);
        }
        if self.take("(") {
            let value = self.sum()?;
            return self.take(")").then_some(value);
        }
        if self.rest.starts_with('{') {
            return self.braced();
        }
        if self.take("\\infty") {
            return Some(f64::MAX);
        }
        self.digits()
    }

    fn braced(&mut self) -> Option<f64> {
        if !self.take("{") {
            return None;
        }
        let value = self.sum()?;
        self.take("}").then_some(value)
    }

    fn digits(&mut self) -> Option<f64> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.trim_start();
        digits.parse().ok()
    }
}
