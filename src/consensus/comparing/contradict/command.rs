//! Commands of a shell in inline code: the same program told to do different things.

use std::ops::Range;

use crate::consensus::comparing::contradict::{Clash, Place, Placed, Unless, is_aligned};
use crate::consensus::reading::statement::Statement;
use crate::consensus::reading::terms::sorted;
use crate::consensus::report::ConflictKind;

/// Most commands of one sentence: where more stand, they are steps or alternatives.
const MOST: usize = 1;

/// The longest command, in bytes, that is read.
const LONGEST: usize = 120;

/// Most content words around a command that is an answer of its own.
const BARE: usize = 2;

/// A program with what it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its bytes in the answer.
    pub(crate) range: Range<usize>,
    /// The program and, where the first thing it is told is no option, that too: `git reset`.
    program: String,
    /// What begins with a dash, sorted.
    options: Vec<String>,
}

/// Returns the only command with options that `sentence`, which starts at `start`, holds in inline code.
pub(crate) fn command(sentence: &str, start: usize) -> Option<Command> {
    let mut found = Vec::new();
    let mut at = 0;
    for (index, span) in sentence.split('`').enumerate() {
        if index % 2 == 1 {
            found.extend(read(span, start + at));
        }
        at += span.len() + 1;
    }
    (found.len() <= MOST).then(|| found.pop())?
}

fn read(span: &str, start: usize) -> Option<Command> {
    let mut words = span.split_whitespace();
    let program = words.next().filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))?;
    let is_plain = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if span.len() > LONGEST || !is_plain(program) {
        return None;
    }
    let rest: Vec<&str> = words.collect();
    let order = rest.first().filter(|word| !word.starts_with('-') && is_plain(word));
    let mut options: Vec<String> =
        rest.iter().filter(|word| word.starts_with('-')).map(|&word| word.to_owned()).collect();
    options.sort_unstable();
    (!options.is_empty()).then(|| Command {
        range: start..start + span.len(),
        program: order.map_or_else(|| program.to_owned(), |order| format!("{program} {order}")),
        options,
    })
}

/// Returns the clash between two commands for one purpose: one program, and each has an option that the other lacks.
pub(crate) fn clash(left: Placed<'_>, right: Placed<'_>) -> Option<Clash> {
    let (ours, theirs) = (left.2.command.as_ref()?, right.2.command.as_ref()?);
    let lacks = |these: &Command, those: &Command| these.options.iter().any(|option| !those.options.contains(option));
    let differ = ours.program == theirs.program && lacks(ours, theirs) && lacks(theirs, ours);
    let is_bare = |statement: &Statement, command: &Command| {
        statement.words.iter().filter(|word| !command.range.contains(&word.range.start)).count() <= BARE
    };
    let is_on_one_thing = is_aligned(left.2, right.2) || (is_bare(left.2, ours) && is_bare(right.2, theirs));
    (differ && is_on_one_thing).then(|| Clash {
        kind: ConflictKind::Code,
        left: place(left, ours, right),
        right: place(right, theirs, left),
    })
}

/// The command, unless the other answer holds the words that tell it apart.
fn place((member, index, statement): Placed<'_>, command: &Command, (_, _, other): Placed<'_>) -> Place {
    let own = statement.words.iter().filter(|word| command.range.contains(&word.range.start)).map(|word| word.term);
    let terms = sorted(own.filter(|term| other.terms.binary_search(term).is_err()));
    Place {
        member,
        statement: index,
        range: command.range.clone(),
        value: String::new(),
        unless: if terms.is_empty() { Unless::Never } else { Unless::Terms(terms) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_program_with_options() {
        for (sentence, expected) in [
            ("Use `git reset --soft HEAD~1`.", Some(("git reset", vec!["--soft"]))),
            ("`ss -t -l`", Some(("ss", vec!["-l", "-t"]))),
            ("The file `Cargo.toml` is read.", None),
            ("`ls` lists.", None),
            ("Either `rm -r x` or `rm -f x`.", None),
            ("`--soft` keeps it.", None),
            ("", None),
        ] {
            let found = command(sentence, 0);
            let found = found.as_ref().map(|it| (it.program.as_str(), it.options.iter().map(String::as_str).collect()));
            assert_eq!(found, expected, "{sentence}");
        }
    }
}
