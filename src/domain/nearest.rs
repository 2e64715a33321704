//! The known word that a mistyped one most likely stands for.

/// The letters of a word that are compared.
const MOST_LETTERS: usize = 64;

/// Returns the word of `known` with the fewest edits from `typed`, counted against the longer of the two so that `cfg`
/// means `config` rather than `chat`; the first of several. `None` when even that one has nothing in common with `typed`,
/// or nothing is known.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A word of thousands of letters is near to none, and comparing takes time by their square.
    let typed: String = typed.to_lowercase().chars().take(MOST_LETTERS).collect();
    let distance = |word: &'a str| {
        let longer = word.chars().count().max(typed.chars().count()).max(1);
        (edits(&typed, &word.to_lowercase()) as f64 / longer as f64, word)
    };
    let nearest = known.into_iter().map(distance).min_by(|(left, _), (right, _)| left.total_cmp(right));
    nearest.filter(|(distance, _)| *distance < 1.0).map(|(_, word)| word)
}

/// Returns `; did you mean ..?` for the nearest known word, or nothing.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, known).map(|word| format!("; did you mean `{word}`?")).unwrap_or_default()
}

/// Counts insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (row, letter) in from.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, wanted) in to.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&above, column) + usize::from(letter != *wanted);
            let mut best = replaced.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            let is_swap = column > 0 && previous == Some(*wanted) && to.get(column - 1) == Some(&letter);
            if is_swap {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
        }
        previous = Some(letter);
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_edits_win() {
        let known = ["quorum", "theme", "ensemble", "timeout", "route"];
        let rows = [
            ("qorum", Some("quorum")),
            ("quroum", Some("quorum")),
            ("Theme", Some("theme")),
            ("ensembles", Some("ensemble")),
            ("tiemout", Some("timeout")),
            ("xyz", None),
            ("", None),
        ];
        for (typed, expected) in rows {
            assert_eq!(nearest(typed, known), expected, "{typed}");
        }
        assert_eq!(nearest("anything", []), None);
    }

    #[test]
    fn edits_are_counted() {
        let rows =
            [("", "", 0), ("a", "", 1), ("", "abc", 3), ("ab", "ba", 1), ("kitten", "sitting", 3), ("ä", "a", 1)];
        for (from, to, expected) in rows {
            assert_eq!(edits(from, to), expected, "{from} -> {to}");
        }
    }
}
