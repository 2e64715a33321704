//! The kind of a question by its words and signs, until a router decides it.

use crate::consensus::plain::contains_phrase;
use crate::domain::kind::Kind;

/// Signs of a kind, the most telling kinds first.
const SIGNS: [(Kind, &[&str]); 8] = [
    (Kind::Translation, &["translate", "how do you say", "how would you say", "how do i say"]),
    (
        Kind::Code,
        &[
            "code",
            "function",
            "python",
            "javascript",
            "typescript",
            "rust",
            "java",
            "sql",
            "regex",
            "c++",
            "bash",
            "git",
            "algorithm",
            "compile",
            "css",
            "html",
            "api",
            "npm",
            "cargo build",
            "docker",
            "stack trace",
            "program",
        ],
    ),
    (
        Kind::Math,
        &[
            "calculate",
            "compute",
            "solve",
            "prove",
            "derivative",
            "integral",
            "equation",
            "sum of",
            "product of",
            "square root",
            "probability",
            "polynomial",
            "how much is",
            "factorial",
            "simplify",
        ],
    ),
    (
        Kind::Opinion,
        &[
            "do you think",
            "your opinion",
            "your favourite",
            "your favorite",
            "do you prefer",
            "do you like",
            "is it worth",
            "what do you feel",
            "most beautiful",
            "best movie",
            "best book",
            "best song",
        ],
    ),
    (
        Kind::Realtime,
        &[
            "right now",
            "today",
            "currently",
            "at the moment",
            "latest",
            "this week",
            "weather",
            "stock price",
            "current price",
            "tonight",
        ],
    ),
    (Kind::Howto, &["how do i", "how can i", "how to", "how do you", "how should i", "steps to", "guide to", "recipe"]),
    (
        Kind::Reasoning,
        &["if all", "which of the following", "logically", "puzzle", "riddle", "premise", "conclude", "deduce"],
    ),
    (Kind::Chat, &["hello", "hi", "hey", "how are you", "thanks", "thank you", "good morning", "who are you"]),
];

/// Words that ask for a text to be made, where one of `TEXTS` follows.
const MAKE: [&str; 9] = ["write", "compose", "invent", "make up", "create", "tell", "draft", "give me", "brainstorm"];

/// What is made of words alone.
const TEXTS: [&str; 18] = [
    "poem",
    "poems",
    "story",
    "haiku",
    "limerick",
    "song",
    "slogan",
    "slogans",
    "joke",
    "jokes",
    "essay",
    "sonnet",
    "tale",
    "lyrics",
    "ballad",
    "fable",
    "toast",
    "names for",
];

/// Most words between the two: "write me a short, funny poem".
const BETWEEN: usize = 5;

/// Whether a text is asked for: an order to make one, at the start of a sentence. A question about a poem is none.
fn asks_for_text(lower: &str) -> bool {
    const POLITE: [&str; 4] = ["please ", "can you ", "could you ", "now "];
    lower.split(['.', '!', '?', '\n', ':']).any(|sentence| {
        let mut order = sentence.trim_start();
        while let Some(rest) = POLITE.iter().find_map(|polite| order.strip_prefix(polite)) {
            order = rest;
        }
        let behind = MAKE.iter().find_map(|make| order.strip_prefix(make)).filter(|rest| rest.starts_with(' '));
        let head: Vec<&str> = behind.unwrap_or_default().split_whitespace().take(BETWEEN + 2).collect();
        TEXTS.iter().any(|text| contains_phrase(&head.join(" "), text))
    })
}

/// The longest question, in words, that is talk because of a greeting in it.
const LONGEST_CHAT: usize = 6;

/// Operators between digits that make a question arithmetic.
const OPERATORS: [char; 7] = ['+', '*', '/', '=', '^', '×', '÷'];

pub(crate) fn kind_of(lower: &str) -> Kind {
    if lower.contains("```") || lower.contains("();") {
        return Kind::Code;
    }
    let is_short = lower.split_whitespace().count() <= LONGEST_CHAT;
    let by_words = SIGNS.iter().find(|(kind, signs)| {
        (*kind != Kind::Chat || is_short) && signs.iter().any(|sign| contains_phrase(lower, sign))
    });
    match by_words {
        Some((Kind::Translation, _)) => Kind::Translation,
        Some(_) | None if asks_for_text(lower) => Kind::Creative,
        Some((kind, _)) => *kind,
        None if is_arithmetic(lower) => Kind::Math,
        None => Kind::Factual,
    }
}

/// Whether a digit stands on both sides of an operator, with nothing but space between.
fn is_arithmetic(lower: &str) -> bool {
    lower.match_indices(OPERATORS).any(|(at, operator)| {
        let left =
            lower.get(..at).is_some_and(|head| head.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == ')'));
        let right = lower
            .get(at + operator.len()..)
            .is_some_and(|tail| tail.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '('));
        left && right
    }) || lower.contains("\\frac")
}
