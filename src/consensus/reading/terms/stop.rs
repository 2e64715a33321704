//! Words that carry no content of their own, and words that turn a statement round.

/// Words without content: articles, prepositions, pronouns, auxiliaries and what answers are padded with. Sorted.
const STOP: [&str; 149] = [
    "a",
    "about",
    "actually",
    "after",
    "also",
    "although",
    "an",
    "and",
    "another",
    "answer",
    "any",
    "approximately",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "believed",
    "between",
    "both",
    "but",
    "by",
    "called",
    "can",
    "certain",
    "commonly",
    "considered",
    "could",
    "currently",
    "did",
    "do",
    "does",
    "done",
    "during",
    "each",
    "for",
    "from",
    "generally",
    "get",
    "got",
    "had",
    "has",
    "have",
    "having",
    "he",
    "her",
    "here",
    "hers",
    "him",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "just",
    "known",
    "let",
    "likely",
    "mainly",
    "many",
    "may",
    "me",
    "might",
    "more",
    "most",
    "mostly",
    "much",
    "must",
    "my",
    "name",
    "named",
    "of",
    "officially",
    "often",
    "on",
    "one's",
    "only",
    "or",
    "originally",
    "other",
    "our",
    "over",
    "own",
    "particularly",
    "primarily",
    "probably",
    "refer",
    "refers",
    "regarded",
    "s",
    "same",
    "shall",
    "she",
    "should",
    "since",
    "so",
    "some",
    "specifically",
    "such",
    "t",
    "term",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "though",
    "thought",
    "through",
    "to",
    "traditionally",
    "typically",
    "until",
    "us",
    "usually",
    "very",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "why",
    "widely",
    "will",
    "with",
    "would",
    "yes",
    "you",
    "your",
];

/// Words that negate what they stand beside. Sorted.
const NEGATORS: [&str; 12] =
    ["cannot", "false", "hardly", "incorrect", "neither", "never", "no", "none", "nor", "not", "nothing", "without"];

/// Returns whether a folded word carries no content; negators carry none either, they are counted apart.
pub(crate) fn is_stop(word: &str) -> bool {
    STOP.binary_search(&word).is_ok() || is_negator(word) || word.is_empty()
}

/// Returns whether a folded word turns a statement into its opposite.
pub(crate) fn is_negator(word: &str) -> bool {
    NEGATORS.binary_search(&word).is_ok() || word.ends_with("n't")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_the_binary_search() {
        assert!(STOP.is_sorted());
        assert!(NEGATORS.is_sorted());
    }

    #[test]
    fn negators_are_told_from_stop_words() {
        for (word, stop, negator) in [
            ("the", true, false),
            ("not", true, true),
            ("isn't", true, true),
            ("moon", false, false),
            ("", true, false),
        ] {
            assert_eq!((is_stop(word), is_negator(word)), (stop, negator), "{word}");
        }
    }
}
