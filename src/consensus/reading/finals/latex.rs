//! One spelling for formulas that print alike.

/// Commands that change only how a formula looks, and what they become.
const REPLACED: &[(&str, &str)] = &[
    ("\\dfrac", "\\frac"),
    ("\\tfrac", "\\frac"),
    ("\\cfrac", "\\frac"),
    ("\\left", ""),
    ("\\right", ""),
    ("\\bigl", ""),
    ("\\bigr", ""),
    ("\\Big", ""),
    ("\\big", ""),
    ("\\displaystyle", ""),
    ("\\!", ""),
    ("\\,", ""),
    ("\\;", ""),
    ("\\:", ""),
    ("\\ ", ""),
    ("\\quad", ""),
    ("^{\\circ}", ""),
    ("^\\circ", ""),
    ("\\circ", ""),
    ("\\degree", ""),
    ("°", ""),
    ("\\%", "%"),
    ("\\$", ""),
    ("\\times", "\\cdot"),
    ("×", "\\cdot"),
    ("·", "\\cdot"),
    ("\\leq", "\\le"),
    ("\\geq", "\\ge"),
    ("≤", "\\le"),
    ("≥", "\\ge"),
    ("π", "\\pi"),
    ("∞", "\\infty"),
    ("∪", "\\cup"),
    ("−", "-"),
    ("²", "^2"),
    ("³", "^3"),
    ("{,}", ","),
    ("\\lbrace", "\\{"),
    ("\\rbrace", "\\}"),
    ("$", ""),
    ("\\(", ""),
    ("\\)", ""),
    ("\\[", ""),
    ("\\]", ""),
];

/// Commands whose braces hold plain words.
const TEXTS: [&str; 7] = ["\\text{", "\\textbf{", "\\mathrm{", "\\mathbf{", "\\textit{", "\\operatorname{", "\\mbox{"];

/// Returns `formula` in one spelling: no spaces, one sort of fraction, no degree signs, no words or units behind it,
/// no "x =" in front.
pub(super) fn normalise(formula: &str) -> String {
    let mut text = formula.trim().trim_end_matches('.').to_owned();
    for (from, to) in REPLACED {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    let text = without_words(&text);
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = without_name(&text);
    let text = braced_arguments(&radicals(text));
    simple_fraction(&single_braces(&text)).unwrap_or_else(|| single_braces(&text))
}

/// Takes words out of `\text{..}`; at the end of a formula they are units and go altogether.
fn without_words(formula: &str) -> String {
    let mut text = formula.to_owned();
    for command in TEXTS {
        while let Some(at) = text.find(command) {
            let behind = text.get(at + command.len()..).unwrap_or_default();
            let Some(len) = behind.find('}') else { return text };
            let words = behind.get(..len).unwrap_or_default();
            let is_unit =
                at > 0 && behind.get(len + 1..).is_some_and(|rest| rest.trim().is_empty() || rest.starts_with('^'));
            let end = if is_unit { text.len() } else { at + command.len() + len + 1 };
            let words = if is_unit { String::new() } else { words.to_owned() };
            text.replace_range(at..end, &words);
        }
    }
    text
}

/// Drops "x=", "f(x)=", "x\in" from the front; an equation with more than a name on its left stays.
fn without_name(formula: &str) -> &str {
    const LONGEST_NAME: usize = 5;
    let behind = |mark: &str| {
        let (name, value) = formula.split_once(mark)?;
        let is_name = name.len() <= LONGEST_NAME
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '(' | ')' | '_' | '\''));
        (is_name && !value.contains('=')).then_some(value)
    };
    behind("=").or_else(|| behind("\\in")).unwrap_or(formula)
}

/// Writes √2, √(2), sqrt(2) as `\sqrt{2}`.
fn radicals(formula: &str) -> String {
    let mut text = formula.replace("\\sqrt", "√").replace("sqrt", "√");
    while let Some(at) = text.find("√(") {
        let Some(len) = text.get(at..).and_then(|tail| tail.find(')')) else { break };
        text.replace_range(at + len..=at + len, "}");
        text.replace_range(at + "√".len()..=at + "√".len(), "{");
    }
    text.replace('√', "\\sqrt")
}

/// Puts braces around arguments of one character: `\frac12`, `\sqrt2`.
fn braced_arguments(formula: &str) -> String {
    let mut text = String::with_capacity(formula.len());
    let mut rest = formula;
    loop {
        let next = ["\\frac", "\\sqrt"].into_iter().filter_map(|it| Some((rest.find(it)?, it))).min();
        let Some((at, command)) = next else { break };
        let (head, tail) = rest.split_at(at + command.len());
        text.push_str(head);
        rest = tail;
        for _ in 0..if command == "\\frac" { 2 } else { 1 } {
            let mut chars = rest.chars();
            match chars.next() {
                Some(c) if c.is_alphanumeric() => {
                    text.extend(['{', c, '}']);
                    rest = chars.as_str();
                }
                Some('{') => {
                    let end = closing_brace(rest).unwrap_or(rest.len());
                    let (argument, tail) = rest.split_at(end);
                    // Arguments may hold commands of their own; `single_braces` leaves them alone.
                    text.push_str(argument);
                    rest = tail;
                }
                Some(_) | None => break,
            }
        }
    }
    text.push_str(rest);
    text
}

/// Returns the position behind the brace that closes the one at the start of `text`.
pub(super) fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Writes `^{2}` and `_{n}` without braces, and -\frac{a}{b} for \frac{-a}{b}.
fn single_braces(formula: &str) -> String {
    let chars: Vec<char> = formula.chars().collect();
    let mut text = String::with_capacity(formula.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let following = (chars.get(at + 1), chars.get(at + 2), chars.get(at + 3));
        if let ('^' | '_', (Some('{'), Some(&inner), Some('}'))) = (c, following) {
            text.extend([c, inner]);
            at += 4;
        } else {
            text.push(c);
            at += 1;
        }
    }
    match text.strip_prefix("\\frac{-") {
        Some(rest) => format!("-\\frac{{{rest}"),
        None => text,
    }
}

/// Writes a/b of two plain parts as a fraction.
fn simple_fraction(formula: &str) -> Option<String> {
    let (over, under) = formula.split_once('/')?;
    let (sign, over) = over.strip_prefix('-').map_or(("", over), |over| ("-", over));
    let strip = |part: &str| -> String {
        let inner = part.strip_prefix('(').and_then(|part| part.strip_suffix(')')).filter(|inner| !inner.contains('('));
        inner.unwrap_or(part).to_owned()
    };
    let is_plain = |part: &str| {
        let inner = strip(part);
        let is_bracketed = inner.len() < part.len();
        !inner.is_empty() && !inner.contains(['/', ',', '=']) && (is_bracketed || !inner.contains(['+', '-', '(', ')']))
    };
    (is_plain(over) && is_plain(under)).then(|| format!("{sign}\\frac{{{}}}{{{}}}", strip(over), strip(under)))
}

/// Takes math delimiters, `\text` and "x =" off a formula without touching the rest, so that a number in it can be
/// read with its unit.
pub(super) fn unwrap(formula: &str) -> String {
    let text = formula.replace("\\!", "").replace("{,}", ",");
    let text = text.trim().trim_start_matches("\\(").trim_end_matches("\\)").trim();
    let is_math = text.starts_with('$') && text.ends_with('$') && text.len() > 1;
    let text = if is_math { text.trim_matches('$').trim() } else { text };
    match text.split_once('=') {
        Some((name, value)) if name.trim().len() <= 2 && name.trim().starts_with(char::is_alphabetic) => {
            value.trim().to_owned()
        }
        Some(_) | None => text.to_owned(),
    }
}
