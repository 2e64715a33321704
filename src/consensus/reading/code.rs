//! What code says: the names to which it gives a literal, and the output that it is said to print.

use std::ops::Range;

/// A name that is given a literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// The name, without declaration words.
    pub(crate) name: String,
    /// The literal as it is written, without quotes.
    pub(crate) literal: String,
    /// The bytes of the literal in the answer.
    pub(crate) range: Range<usize>,
    /// The bytes of the line in the answer.
    pub(crate) line: Range<usize>,
}

/// Words before a name that only declare it.
const DECLARATIONS: [&str; 12] =
    ["let", "mut", "const", "var", "val", "static", "final", "int", "float", "double", "export", "public"];

/// Signs between a name and its value, longest first; comparisons and arrows are none.
const SIGNS: [&str; 3] = [":=", "=", ":"];

/// How comments announce what is printed.
const OUTPUTS: [&str; 5] = ["# =>", "// =>", "# output:", "// output:", "# prints"];

/// The longest line of code, in bytes, that is read.
const LONGEST_LINE: usize = 200;

/// Most assignments of one block that are compared.
const MOST: usize = 64;

/// Returns what the code in `range` of `text` assigns, in order; empty for code without plain literals.
pub(crate) fn assignments(text: &str, range: &Range<usize>) -> Vec<Assignment> {
    let mut start = range.start;
    let mut found = Vec::new();
    for line in text.get(range.clone()).unwrap_or("").split_inclusive('\n') {
        if line.len() <= LONGEST_LINE && found.len() < MOST {
            found.extend(output(line, start).or_else(|| assignment(line, start)));
        }
        start += line.len();
    }
    found
}

fn output(line: &str, start: usize) -> Option<Assignment> {
    let lower = line.to_ascii_lowercase();
    let at = OUTPUTS.iter().find_map(|sign| lower.find(sign).map(|at| at + sign.len()))?;
    literal("output", line, at, start)
}

fn assignment(line: &str, start: usize) -> Option<Assignment> {
    let (at, sign) = SIGNS.iter().find_map(|sign| line.find(sign).map(|at| (at, *sign)))?;
    let (head, tail) = (line.get(..at)?, line.get(at + sign.len()..)?);
    if tail.starts_with(['=', '>', ':']) || head.ends_with(['=', '!', '<', '>', '+', '-', '*', '/', ':']) {
        return None;
    }
    let head = head.split(':').next().unwrap_or(head);
    let mut words = head.split_whitespace().filter(|word| !DECLARATIONS.contains(word));
    let name = words.next()?.trim_matches(['"', '\'', '-', ',', '{']);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    (is_name && words.next().is_none()).then(|| literal(name, line, at + sign.len(), start))?
}

/// The literal that starts at `at` of the line, if that is what stands there.
fn literal(name: &str, line: &str, at: usize, start: usize) -> Option<Assignment> {
    let tail = line.get(at..)?;
    let lead = tail.len() - tail.trim_start().len();
    let value = tail.trim().trim_end_matches([';', ',']).split(" #").next()?.split(" //").next()?.trim_end();
    let bare = value.trim_matches(['"', '\'', '`']);
    let is_quoted = bare.len() + 2 == value.len();
    // A string of prose is read as prose.
    let is_quoted = is_quoted && !(line.trim_start().starts_with('"') && bare.split_whitespace().nth(3).is_some());
    let is_literal = is_quoted || matches!(bare, "true" | "false" | "True" | "False") || bare.parse::<f64>().is_ok();
    let from = start + at + lead;
    (is_literal && !bare.is_empty()).then(|| Assignment {
        name: name.to_owned(),
        literal: bare.to_owned(),
        range: from..from + value.len(),
        line: start..start + line.trim_end().len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_from_common_languages() {
        for (line, expected) in [
            ("let mut limit = 10;", Some(("limit", "10"))),
            ("timeout: 30", Some(("timeout", "30"))),
            ("\"port\": 8080,", Some(("port", "8080"))),
            ("const NAME: &str = \"x\";", Some(("NAME", "x"))),
            ("max_size := 5", Some(("max_size", "5"))),
            ("print(f(3))  # => 9", Some(("output", "9"))),
            ("if a == 3 {", None),
            ("x = compute(3)", None),
            ("for i in 0..3:", None),
            ("", None),
        ] {
            let found = assignments(line, &(0..line.len()));
            let found = found.first().map(|found| (found.name.as_str(), found.literal.as_str()));
            assert_eq!(found, expected, "{line}");
        }
    }
}
