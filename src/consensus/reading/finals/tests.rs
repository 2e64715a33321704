//! Rows of texts and the short answers that they end in, of pairs of answers, and of refusals.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::consensus::reading::finals::{self, FinalKind};

/// Kind, canonical form and spelling of an answer.
type Expected = Option<(FinalKind, &'static str, &'static str)>;

/// Checks kind, canonical form and spelling of the final answer of each text.
#[track_caller]
fn check(question: &str, rows: &[(&str, Expected)]) {
    for (text, expected) in rows {
        let answer = finals::final_answer(text, question);
        let found = answer.as_ref().map(|answer| (answer.kind, answer.canonical.as_str(), &text[answer.range.clone()]));
        assert_eq!(found, *expected, "in {text:?}");
    }
}

#[track_caller]
fn check_same(question: &str, rows: &[(&str, &str, bool)]) {
    for (left, right, expected) in rows {
        let answer = |text: &str| finals::final_answer(text, question);
        let (Some(l), Some(r)) = (answer(left), answer(right)) else { panic!("no answer in {left:?} or {right:?}") };
        assert_eq!(finals::same(&l, &r), *expected, "{l:?} and {r:?}");
        assert_eq!(finals::same(&r, &l), *expected, "{r:?} and {l:?}");
    }
}

const HOW_MANY: &str = "How many apples are left?";
const OPTIONS: &str = "Which is a prime?\n(A) 4\n(B) 7\n(C) 9";

#[test]
fn announced_numbers_are_found_wherever_they_stand() {
    use FinalKind::Number;
    check(
        HOW_MANY,
        &[
            ("Answer: 42", Some((Number, "42", "42"))),
            ("He eats two.\n\n**Answer:** 1,042 apples", Some((Number, "1042", "1,042 apples"))),
            ("The answer is **42**.", Some((Number, "42", "42"))),
            ("So it is 6 * 7.\n#### 42", Some((Number, "42", "42"))),
            ("Thus $\\boxed{42}$.", Some((Number, "42", "42"))),
            ("The final answer is: $\\boxed{x = 42}$", Some((Number, "42", "x = 42"))),
            ("```json\n{\"reasoning\": \"6 * 7\", \"answer\": \"42\"}\n```", Some((Number, "42", "42"))),
            ("{\"reasoning\": \"no\nvalid JSON\", \"answer\": 42}", Some((Number, "42", "42"))),
            ("Two are gone.\n\nThere are **42** apples left.", Some((Number, "42", "42"))),
            ("42", Some((Number, "42", "42"))),
            ("Two are gone.\nTherefore, 44 - 2 = 42 apples are left.", Some((Number, "42", "42"))),
            ("The answer is that 42 are left.", Some((Number, "42", "that 42 are left"))),
            ("Answer:\n\n42", Some((Number, "42", "42"))),
            ("First the answer is 41. But then:\nThe answer is 42.", Some((Number, "42", "42"))),
        ],
    );
}

#[test]
fn what_others_say_is_not_the_answer() {
    check(
        "Who wrote it?",
        &[
            (
                "He said \"Answer: 41\" and left, which nobody in the room could quite believe at the time it happened.",
                None,
            ),
            (
                "> Answer: 41\n\nI think that this is a matter of taste and of many other things that we can't settle.",
                None,
            ),
            (
                "```\nAnswer: 41\n```\nI think that this is a matter of taste and of many things that we can't settle here.",
                None,
            ),
            ("", None),
            ("   \n", None),
        ],
    );
}

#[test]
fn options_are_letters() {
    use FinalKind::Option;
    check(
        OPTIONS,
        &[
            ("The answer is (B).", Some((Option, "B", "(B)"))),
            ("B", Some((Option, "B", "B"))),
            ("**B. 7**", Some((Option, "B", "B"))),
            ("The correct option is B.", Some((Option, "B", "B"))),
            ("Nine is 3 * 3. The answer is (B).\n\nThe answer is ...", Some((Option, "B", "(B)"))),
            ("\\boxed{B}", Some((Option, "B", "B"))),
            ("This is reflected in the answer (B).", Some((Option, "B", "(B)"))),
        ],
    );
}

#[test]
fn yes_and_no_lead_the_answers_to_their_questions() {
    use FinalKind::YesNo;
    check(
        "Is 7 a prime?",
        &[
            ("Yes, 7 has no divisors but 1 and itself.\n\nThere are many more primes.", Some((YesNo, "yes", "Yes"))),
            ("**No.** It is not.", Some((YesNo, "no", "No"))),
            ("After much thought, the answer is yes.", Some((YesNo, "yes", "yes"))),
            ("True", Some((YesNo, "yes", "True"))),
        ],
    );
}

#[test]
fn names_are_what_a_short_sentence_adds_to_the_question() {
    use FinalKind::{Name, Phrase};
    check(
        "What is the capital of Canada?",
        &[
            ("Ottawa", Some((Name, "ottawa", "Ottawa"))),
            ("\"Ottawa\".", Some((Name, "ottawa", "Ottawa"))),
            ("The capital of Canada is Ottawa.", Some((Name, "ottawa", "Ottawa"))),
            ("The capital of Canada is **Ottawa**.", Some((Name, "ottawa", "Ottawa"))),
            ("Answer: the city of Brasília", Some((Name, "city of brasilia", "the city of Brasília"))),
            ("a large city", Some((Phrase, "large city", "a large city"))),
        ],
    );
}

#[test]
fn formulas_have_one_spelling() {
    check_same(
        "Solve for $x$.",
        &[
            ("\\boxed{\\dfrac{1}{2}}", "Answer: $\\frac{1}{2}$", true),
            ("\\boxed{\\frac12}", "Answer: 0.5", true),
            ("\\boxed{1/2}", "\\boxed{\\frac{1}{2}}", true),
            ("\\boxed{2\\sqrt{3}}", "\\boxed{2 \\sqrt3}", true),
            ("\\boxed{\\left( 1, 2 \\right)}", "\\boxed{(1,2)}", true),
            ("\\boxed{x = \\frac{\\pi}{4}}", "\\boxed{\\frac{\\pi}{4}}", true),
            ("\\boxed{90^\\circ}", "\\boxed{90}", true),
            ("\\boxed{5 \\text{ cm}}", "\\boxed{5}", true),
            ("\\boxed{x^{2}+1}", "\\boxed{x^2 + 1}", true),
            ("\\boxed{\\frac{-1}{\\sqrt{2}}}", "\\boxed{-\\frac{1}{\\sqrt{2}}}", true),
            ("\\boxed{[0, \\infty)}", "\\boxed{x \\in [0,\\infty)}", true),
            ("\\boxed{\\frac{\\sqrt{2}}{2}}", "\\boxed{\\frac{1}{\\sqrt{2}}}", true),
            ("\\boxed{20}", "\\boxed{7+\\sqrt{69}}", false),
            ("\\boxed{2^{10}}", "\\boxed{1024}", true),
            ("\\boxed{2\\sqrt{12}}", "\\boxed{4\\sqrt{3}}", true),
            ("\\boxed{\\sqrt[3]{27}}", "\\boxed{3}", true),
            ("\\boxed{\\pm 2021}", "\\boxed{2021}", false),
            ("\\boxed{[0, 1)}", "\\boxed{[0, 1]}", false),
            ("\\boxed{(\\frac12, 3)}", "\\boxed{(0.5, 3)}", true),
            ("\\boxed{\\{1, 2, 3\\}}", "\\boxed{\\{3, 2, 1\\}}", true),
            ("\\boxed{n = 2, 3, 4}", "\\boxed{n = 1, 2, 3}", false),
            ("x = −5", "x = 5", false),
            ("x = −5", "x = -5", true),
            ("The answer is <42.", "The answer is >42.", false),
            ("\\boxed{2\\sqrt{3}}", "\\boxed{3\\sqrt{2}}", false),
            ("\\boxed{(1,2)}", "\\boxed{(2,1)}", false),
            ("\\boxed{\\frac{161}{9}}", "\\boxed{\\frac{161}{7}}", false),
        ],
    );
}

#[test]
fn answers_are_the_same_by_meaning() {
    check_same(
        HOW_MANY,
        &[
            ("42", "Answer: 42 apples", true),
            ("$9,360", "Answer: 9360", true),
            ("1920", "$1,920", true),
            ("Answer: forty-two", "42", true),
            ("Answer: 42", "Answer: 43", false),
            ("Answer: 5 km", "Answer: 5000 m", true),
            ("Answer: 5 km", "Answer: 5 m", false),
            ("Answer: about 400", "Answer: 410", false),
        ],
    );
    check_same(
        "Who was the last inmate?",
        &[
            ("Rudolf Hess", "The last inmate was Hess.", true),
            ("Rudolf Hess", "The last inmate was Albert Speer.", false),
            ("Rudolf Hess", "1987", false),
            ("H₂O", "H2O", true),
        ],
    );
    check_same(OPTIONS, &[("(B)", "The answer is B.", true), ("(B)", "The answer is (C).", false)]);
}

#[test]
fn refusals_are_told_from_answers() {
    let check = |text: &str, expected: bool| assert_eq!(finals::is_refusal(text), expected, "{text:?}");
    check("I’m sorry, but I couldn’t find anything on that.", true);
    check("I don't know.", true);
    check("As an AI language model, I have no opinions.", true);
    check("I'm not sure what you mean.", true);
    check("Unfortunately, I do not have that record.", true);
    check("As an AI language model, I have no favourites. However, most people like Paris.", false);
    check("I Can't Help Myself was sung by the Four Tops.", false);
    check("I'm not sure, but I think it is Paris.", false);
    check("I'm sorry to say that he died in 1969.", false);
    check("Paris.", false);
    check("I can see three apples.", false);
    check("", false);
    assert_eq!(finals::final_answer("I'm sorry, but I can't say. Answer: 5", HOW_MANY), None);
}

#[test]
fn a_long_line_of_one_piece_is_no_short_answer() {
    for piece in ["√(", "\\frac", "\\boxed{", "{", "word "] {
        let text = format!("Answer: {}", piece.repeat(200_000 / piece.len()));
        assert_eq!(finals::final_answer(&text, "Solve for x."), None, "{piece:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn answers_lie_on_characters(text in any::<String>(), question in any::<String>()) {
        if let Some(answer) = finals::final_answer(&text, &question) {
            prop_assert!(text.get(answer.range.clone()).is_some());
            prop_assert!(!answer.canonical.is_empty());
        }
    }

    #[test]
    fn pieces_of_answers_in_any_order_are_read(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30),
        question in prop::sample::select(vec!["", HOW_MANY, OPTIONS, "Is it?"]),
    ) {
        let text = pieces.concat();
        if let Some(answer) = finals::final_answer(&text, question) {
            prop_assert!(text.get(answer.range.clone()).is_some());
            prop_assert!(finals::same(&answer, &answer));
        }
    }
}

/// Pieces from which the rarer paths are put together.
const PIECES: &[&str] = &[
    "Answer:",
    "The answer is ",
    "####",
    "\\boxed{",
    "}",
    "{",
    "\"answer\"",
    ":",
    "\"",
    "```",
    "\n",
    "> ",
    "**",
    "`",
    "(B)",
    "B.",
    "yes",
    "No,",
    " ",
    "42",
    "1/2",
    "\\frac",
    "\\sqrt",
    "√(",
    ")",
    "x=",
    "$",
    "\\text{",
    "km",
    "é",
    "Ottawa",
    "=",
    "therefore ",
    "^{2}",
    "\\",
    "/",
    "-",
    ",",
    "…",
    "...",
    "that",
];
