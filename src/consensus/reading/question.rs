//! What a question asks for, by its words alone: the kind of question, and the sort of answer that would fit.

use std::ops::Range;

use crate::consensus::plain::{contains_phrase, phrase_at};
use crate::consensus::reading::kind::kind_of;
use crate::consensus::reading::polar::YES_NO;
use crate::consensus::reading::terms::stop;
use crate::consensus::reading::terms::{Lexicon, Term, TermId, sorted};
use crate::consensus::reading::values::{self, Found};
use crate::domain::kind::Kind;

/// The sort of answer that a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    /// A date: when, what year.
    Date,
    /// A number or quantity: how many, how far.
    Quantity,
    /// One thing with a name: who, where, which, what is the capital of.
    Name,
    /// Yes or no.
    YesNo,
    /// Several things, an explanation, a text.
    Open,
    /// The question is not known.
    Unknown,
}

/// A question, read once.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// The question as it was asked.
    pub(crate) text: String,
    /// What sort of question it is.
    pub(crate) kind: Kind,
    /// What sort of answer it asks for.
    pub(crate) asks: Asks,
    /// Whether a limit is asked for: the most, the least, what is allowed.
    pub(crate) asks_limit: bool,
    /// Whether it asks for a number of things: `which three countries`.
    pub(crate) asks_for_several: bool,
    /// Values that the question names itself: they answer nothing.
    pub(crate) values: Vec<Found>,
}

/// Words that ask for a time.
const WHEN: [&str; 16] = [
    "when",
    "wann",
    "quand",
    "cuándo",
    "quando",
    "what year",
    "which year",
    "what date",
    "which date",
    "which month",
    "which century",
    "what day",
    "which day",
    "what month",
    "what century",
    "in which decade",
];

/// Words that ask for a number.
const HOW_MUCH: [&str; 44] = [
    "what weight",
    "what height",
    "what age",
    "what price",
    "what temperature",
    "sale price",
    "what dose",
    "what is the dose",
    "what dosage",
    "adult dose",
    "wie lange",
    "wie viele",
    "wie viel",
    "wie weit",
    "wie hoch",
    "wie schnell",
    "wie alt",
    "combien",
    "cuánto",
    "cuántos",
    "cuántas",
    "how many",
    "how much",
    "how long",
    "how far",
    "how old",
    "how tall",
    "how high",
    "how deep",
    "how big",
    "how large",
    "how fast",
    "how heavy",
    "how wide",
    "how often",
    "how hot",
    "how cold",
    "what number",
    "what percentage",
    "what is the population",
    "what's the population",
    "what distance",
    "what is the number of",
    "what was the number of",
];

/// Words that make a question for a number one for a limit.
const LIMITS: [&str; 18] = [
    "may",
    "can",
    "allowed",
    "permitted",
    "safe",
    "safely",
    "legal",
    "legally",
    "limit",
    "limits",
    "maximum",
    "minimum",
    "max",
    "min",
    "at most",
    "at least",
    "up to",
    "darf",
];

/// Words that ask for one thing.
const WHICH: [&str; 17] = [
    "who", "whom", "whose", "where", "which", "what", "name the", "name a", "called", "known as", "wer", "wo", "qui",
    "où", "quién", "dónde", "chi",
];

/// Words that ask for more than one thing, or for an explanation.
const OPEN: [&str; 18] = [
    "why",
    "how do",
    "how does",
    "how did",
    "how can",
    "how to",
    "how should",
    "how is",
    "how are",
    "what are the main",
    "what are some",
    "what are the benefits",
    "what are the causes",
    "what happens",
    "what causes",
    "what does it mean",
    "difference between",
    "what is the point of",
];

/// What opens an order to write more than one thing.
const ORDERS: [&str; 9] = [
    "explain",
    "please explain",
    "describe",
    "please describe",
    "compare",
    "list ",
    "summarize",
    "summarise",
    "tell me",
];

impl Question {
    /// Reads a question; its kind is taken from its words where none is given. An empty one asks nothing known.
    pub(crate) fn read(text: &str, kind: Option<Kind>) -> Self {
        let lower = text.trim().to_lowercase().replace('’', "'");
        let asks = asks(&lower);
        Self {
            text: text.to_owned(),
            kind: kind.unwrap_or_else(|| kind_of(&lower)),
            asks,
            asks_limit: asks == Asks::Quantity && LIMITS.iter().any(|word| contains_phrase(&lower, word)),
            asks_for_several: asks_for_several(&lower),
            values: given_values(text),
        }
    }

    /// Returns the content words of the question, but for the options that it offers: those are what answers say.
    pub(crate) fn terms(&self, lexicon: &mut Lexicon) -> Vec<TermId> {
        let options: Vec<Range<usize>> = options(&self.text);
        let is_offered = |term: &Term| options.iter().any(|range| range.start <= term.start && term.end <= range.end);
        sorted(lexicon.read(&self.text).iter().filter(|term| !is_offered(term)).filter_map(|term| term.id))
    }

    /// Returns the word before and the word after an `or` that offers two options; empty where none or more are offered.
    pub(crate) fn options(&self, lexicon: &mut Lexicon) -> Vec<TermId> {
        let mut ors = self.text.match_indices(" or ");
        let (Some((at, or)), None) = (ors.next(), ors.next()) else { return Vec::new() };
        let (before, after) = (self.text.get(..at).unwrap_or(""), self.text.get(at + or.len()..).unwrap_or(""));
        let left = lexicon.read(before).iter().rev().find_map(|term| term.id);
        let right = lexicon.read(after).iter().find_map(|term| term.id);
        match (left, right) {
            (Some(left), Some(right)) if left != right && self.asks == Asks::Name => vec![left, right],
            _ => Vec::new(),
        }
    }

    /// Returns whether one short answer is expected, so that two different ones can't both be right.
    pub(crate) fn wants_one_thing(&self) -> bool {
        match self.asks {
            Asks::Date | Asks::Quantity | Asks::Name | Asks::YesNo => true,
            Asks::Open | Asks::Unknown => false,
        }
    }
}

/// Numbers of things that a question may ask for.
const SEVERAL: [&str; 18] = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "2", "3", "4", "5", "6", "7", "8", "9",
    "10",
];

/// Whether a number of things is asked for: `which three`, `name the top four`, `the names of the seven`.
fn asks_for_several(lower: &str) -> bool {
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.windows(2).zip(0..).any(|(pair, at)| {
        let [before, number] = pair else { return false };
        let head = words.get(..at).unwrap_or_default();
        let head = head.strip_suffix(&["the"]).unwrap_or(head);
        let asks = head.last().is_some_and(|it| matches!(*it, "which" | "what" | "name" | "list" | "are" | "were"));
        let is_of_it = matches!(*before, "the" | "top" | "first" | "last" | "main" | "other" | "only")
            && (asks || head.ends_with(&["names", "of"]));
        SEVERAL.contains(number) && (matches!(*before, "which" | "what" | "name" | "list") || is_of_it)
    })
}

/// A question of at most so many words is in no language: "Capital Peru?".
const FEW_WORDS: usize = 3;

/// Most words of an option on either side of an `or`.
const OPTION_WORDS: usize = 3;

/// What stands on both sides of each ` or `, up to a few words or a comma, where the question ends in it or is of yes or
/// no: "in which town or city in Wales" offers nothing.
fn options(text: &str) -> Vec<Range<usize>> {
    let first = text.split_whitespace().next().unwrap_or("").to_lowercase();
    let is_choice = YES_NO.contains(&first.as_str());
    let ends_option = |c: char| matches!(c, ',' | ';' | ':' | '?' | '.');
    let around = |(at, or): (usize, &str)| {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + or.len()..).unwrap_or(""));
        let head = before.rfind(ends_option).map_or(0, |at| at + 1);
        let words = before.get(head..).unwrap_or("").split_inclusive(' ').rev().take(OPTION_WORDS);
        let start = at - words.map(str::len).sum::<usize>();
        let tail = after.find(ends_option).unwrap_or(after.len());
        let option = after.get(..tail).unwrap_or("");
        let is_last = option.split_whitespace().count() <= OPTION_WORDS;
        let words = option.split_inclusive(' ').take(OPTION_WORDS);
        (is_choice || is_last).then(|| start..at + or.len() + words.map(str::len).sum::<usize>())
    };
    text.match_indices(" or ").filter_map(around).collect()
}

/// The values that the question names; where it offers options, an answer may repeat any of them.
fn given_values(text: &str) -> Vec<Found> {
    if text.contains(" or ") { Vec::new() } else { values::find(text) }
}

fn asks(lower: &str) -> Asks {
    if lower.is_empty() {
        return Asks::Unknown;
    }
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| contains_phrase(lower, phrase));
    let first = lower.split_whitespace().next().unwrap_or("");
    if YES_NO.contains(&first) {
        // "Is it A or B" wants one of two names.
        return if lower.contains(" or ") { Asks::Name } else { Asks::YesNo };
    }
    if says(&["how do you say", "how would you say", "how do i say"]) {
        return Asks::Name;
    }
    // What is asked first is what is asked: "which singer's duets ended when he died" wants no date.
    let places = [(&WHEN[..], Asks::Date), (&HOW_MUCH, Asks::Quantity), (&OPEN, Asks::Open), (&WHICH, Asks::Name)];
    let found = places.iter().filter_map(|(phrases, asks)| {
        let place = phrases.iter().filter_map(|phrase| phrase_at(lower, phrase)).min()?;
        Some((place, *asks))
    });
    // Of several at one place the most special one counts: `what year`, `what causes`, `what`.
    let first = found.min_by_key(|(place, _)| *place).map(|(_, asks)| asks);
    match first {
        Some(Asks::Name | Asks::Open) if ORDERS.iter().any(|order| lower.starts_with(order)) => Asks::Open,
        Some(Asks::Name) if asks_for_measure(lower) => Asks::Quantity,
        Some(Asks::Name) | None if is_definition(lower) => Asks::Open,
        Some(asks) => asks,
        None if ORDERS.iter().any(|order| lower.starts_with(order)) => Asks::Open,
        None if says(&["number of"]) => Asks::Quantity,
        None if is_english(lower) && (lower.ends_with('?') || lower.split_whitespace().count() >= 3) => Asks::Name,
        None => Asks::Open,
    }
}

/// Whether any word is one of those that English can hardly do without: what another language asks for is not guessed.
fn is_english(lower: &str) -> bool {
    let word = |word: &str| stop::is_stop(word.trim_matches(|c: char| !c.is_alphanumeric()));
    lower.is_ascii() && lower.split_whitespace().count() <= FEW_WORDS || lower.split_whitespace().any(word)
}

/// What is measured in numbers, as `what is the ...` asks for it.
const MEASURES: [&str; 40] = [
    "half-life",
    "half life",
    "boiling point",
    "melting point",
    "freezing point",
    "molar mass",
    "atomic mass",
    "atomic number",
    "atomic weight",
    "speed of",
    "speed limit",
    "top speed",
    "population",
    "distance",
    "height of",
    "length of",
    "weight of",
    "mass of",
    "density",
    "radius",
    "diameter",
    "circumference",
    "area of",
    "depth of",
    "temperature",
    "dose",
    "dosage",
    "daily intake",
    "timeout",
    "price of",
    "cost of",
    "tax rate",
    "interest rate",
    "voltage",
    "frequency of",
    "wavelength",
    "life expectancy",
    "lifespan",
    "time complexity",
    "default port",
];

/// `what is the boiling point of ethanol`: asks for a number, though it asks with `what`; `which element has the highest
/// density` does not.
fn asks_for_measure(lower: &str) -> bool {
    let opens = ["what is the ", "what's the ", "what was the ", "what are the ", "what is a ", "what's a "];
    let rest = opens.iter().find_map(|opening| lower.strip_prefix(opening));
    let head = rest.unwrap_or("").split([',', ';']).next().unwrap_or("");
    MEASURES.iter().any(|measure| phrase_at(head, measure).is_some_and(|at| head.get(..at).is_some_and(is_short)))
}

/// Whether so few words stand before what is measured that it is what is asked for.
fn is_short(before: &str) -> bool {
    before.split_whitespace().count() <= FEW_WORDS && !before.contains(" with ") && !before.contains("name")
}

/// `what is a monad`, `what are qubits`, `what does it do`: asks to have something explained.
fn is_definition(lower: &str) -> bool {
    let trimmed = lower.trim_end_matches(['?', ' ']);
    let asks_what_it_does =
        ["what does ", "what do ", "what did "].iter().any(|it| lower.starts_with(it)) && trimmed.ends_with(" do");
    asks_what_it_does
        || ["what is ", "what's ", "what are "].iter().filter_map(|opening| lower.strip_prefix(opening)).any(|rest| {
            let n_words = rest.split_whitespace().count();
            let is_singled_out = rest.starts_with("the ") || rest.contains(" called") || rest.contains(" name");
            n_words <= 4 && !is_singled_out
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_read_from_words_and_signs() {
        for (question, expected) in [
            ("When did Apollo 11 land on the Moon?", Kind::Factual),
            ("What is 17 * 23?", Kind::Math),
            ("Write a poem about rain", Kind::Creative),
            ("How do I remove a stripped screw?", Kind::Howto),
            ("Reverse a list in Python", Kind::Code),
            ("Translate 'good night' for me", Kind::Translation),
            ("What is your favourite colour?", Kind::Opinion),
            ("What is the weather in Oslo?", Kind::Realtime),
            ("hi", Kind::Chat),
            ("", Kind::Factual),
        ] {
            assert_eq!(Question::read(question, None).kind, expected, "{question}");
        }
        assert_eq!(Question::read("hi", Some(Kind::Math)).kind, Kind::Math);
    }

    #[test]
    fn the_sort_of_answer_is_read_from_the_question_word() {
        for (question, expected) in [
            ("When did it land?", Asks::Date),
            ("In what year was it?", Asks::Date),
            ("How many moons has Mars?", Asks::Quantity),
            ("What dose of adrenaline do adults get?", Asks::Quantity),
            ("Wie lange braucht das Licht von der Sonne zur Erde?", Asks::Quantity),
            ("Wann landete Apollo 11 auf dem Mond?", Asks::Date),
            ("Wer schrieb den Faust?", Asks::Name),
            ("What country singer's duets ended when he died aged 59?", Asks::Name),
            ("What word is used to describe a group of crows?", Asks::Name),
            ("Describe what happened in 1969", Asks::Open),
            ("Wodurch entsteht eigentlich ein Regenbogen?", Asks::Open),
            ("The river that flows through Prague?", Asks::Name),
            ("who wrote it", Asks::Name),
            ("What is the capital of Peru?", Asks::Name),
            ("Is it safe?", Asks::YesNo),
            ("Is Pluto a planet or a dwarf planet?", Asks::Name),
            ("Why is the sky blue?", Asks::Open),
            ("What is a monad?", Asks::Open),
            ("How does git pull move the ref?", Asks::Open),
            ("", Asks::Unknown),
        ] {
            assert_eq!(Question::read(question, None).asks, expected, "{question}");
        }
    }
}
