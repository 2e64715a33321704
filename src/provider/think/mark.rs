//! The marks that models put around their reasoning, in every spelling that is known to reach an answer.
//!
//! symptom -> what to change: reasoning of a new model is shown as its answer -> `WORDS`, or a new family in `read`.

/// What reasoning is called within marks. A name may go on behind one of these (`think_fast`).
const WORDS: [&str; 8] =
    ["think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "inner_monologue"];

/// What an answer is called within control marks that follow reasoning.
const ANSWERS: [&str; 4] = ["solution", "response", "answer", "final"];

/// The longest mark, in bytes: how much is held back at most while it may still become one.
pub(super) const LONGEST: usize = 48;

/// How a mark is spelt: reasoning ends in the spelling that it began in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// `<think>`, also with a namespace or attributes; holds which of the words.
    Angle(usize),
    /// `[THINK]`.
    Bracket(usize),
    /// `<|begin_of_thought|>`.
    Control,
    /// `◁think▷`.
    Triangle,
}

/// What a mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Reasoning begins.
    Open(Family),
    /// It ends.
    Close(Family),
    /// The name of a channel follows, up to `Message`.
    Channel,
    /// The text of a channel follows.
    Message,
    /// A message ends, or another one begins: its channel follows.
    Border,
    /// Means nothing to a reader.
    Noise,
}

/// What stands at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// No mark.
    Nothing,
    /// What may become one with more text.
    Half,
    /// A mark of so many bytes.
    Whole(Mark, usize),
}

/// Returns whether a mark may begin with this byte.
pub(super) fn may_begin(byte: u8) -> bool {
    // The last is the first byte of a triangle.
    matches!(byte, b'<' | b'[' | 0xe2)
}

/// Returns the mark that `text` begins with.
pub(super) fn read(text: &str) -> Read {
    if let Some(inner) = text.strip_prefix("<|") {
        return within(text, inner, "|>", control);
    }
    if let Some(inner) = text.strip_prefix('<') {
        return if inner.is_empty() {
            Read::Half
        } else {
            within(text, inner, ">", |inner| angle(inner, Family::Angle))
        };
    }
    if let Some(inner) = text.strip_prefix('[') {
        let is_upper = |inner: &&str| !inner.bytes().any(|byte| byte.is_ascii_lowercase());
        let begun = inner.split(']').next().unwrap_or_default();
        let bracket = || within(text, inner, "]", |inner| angle(inner, Family::Bracket));
        return if is_upper(&begun) { bracket() } else { Read::Nothing };
    }
    match text.strip_prefix('◁') {
        Some(inner) => within(text, inner, "▷", |inner| angle(inner, |_| Family::Triangle)),
        None if !text.is_empty() && "◁".as_bytes().starts_with(text.as_bytes()) => Read::Half,
        None => Read::Nothing,
    }
}

/// Reads what stands before `close` by `meaning`.
fn within(text: &str, inner: &str, close: &str, meaning: impl Fn(&str) -> Option<Mark>) -> Read {
    if let Some((inner, _)) = inner.split_once(close).filter(|(inner, _)| inner.len() <= LONGEST) {
        let length = text.len() - inner_rest(text, inner, close);
        return meaning(inner).map_or(Read::Nothing, |mark| Read::Whole(mark, length));
    }
    let is_alike = |c: char| c.is_ascii_alphanumeric() || "/:_-|=\"' ".contains(c);
    let may_begin = inner.is_empty() || inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let may_grow = may_begin && inner.len() <= LONGEST && inner.chars().all(is_alike);
    if may_grow { Read::Half } else { Read::Nothing }
}

/// Returns how many bytes of `text` follow the mark around `inner`.
fn inner_rest(text: &str, inner: &str, close: &str) -> usize {
    let opening = text.find(inner).unwrap_or_default();
    text.len() - opening - inner.len() - close.len()
}

/// Returns what a mark like `<think>` does, from what stands in it.
fn angle(inner: &str, family: fn(usize) -> Family) -> Option<Mark> {
    let (inner, is_close) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
    let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
    // Attributes have values; without, it is a sentence between brackets.
    if !attributes.is_empty() && !attributes.contains('=') {
        return None;
    }
    let word = word(name.rsplit(':').next()?)?;
    Some(if is_close { Mark::Close(family(word)) } else { Mark::Open(family(word)) })
}

/// Returns which word for reasoning a name is.
fn word(name: &str) -> Option<usize> {
    let name = name.to_ascii_lowercase();
    let is_it =
        |word: &str| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '-']));
    WORDS.iter().position(|word| is_it(word))
}

/// Returns what a control mark does, from what stands between its pipes.
fn control(inner: &str) -> Option<Mark> {
    let inner = inner.to_ascii_lowercase();
    match inner.as_str() {
        "channel" => return Some(Mark::Channel),
        "message" => return Some(Mark::Message),
        "start" | "end" | "return" | "call" => return Some(Mark::Border),
        _ => {}
    }
    let says = |words: &[&str]| words.iter().any(|word| inner.contains(word));
    let is_close = inner.starts_with("end") || inner.starts_with('/');
    match (says(&WORDS), is_close) {
        (true, true) => Some(Mark::Close(Family::Control)),
        (true, false) => Some(Mark::Open(Family::Control)),
        (false, _) => says(&ANSWERS).then_some(Mark::Noise),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_known_in_every_spelling() {
        let whole = |mark, text: &str| Read::Whole(mark, text.len());
        for (text, mark) in [
            ("<think>", Mark::Open(Family::Angle(0))),
            ("<Think >", Mark::Open(Family::Angle(0))),
            ("</think>", Mark::Close(Family::Angle(0))),
            ("<seed:think>", Mark::Open(Family::Angle(0))),
            ("<thinking mode=\"deep\">", Mark::Open(Family::Angle(1))),
            ("<think_faster>", Mark::Open(Family::Angle(0))),
            ("</REASONING>", Mark::Close(Family::Angle(4))),
            ("[THINK]", Mark::Open(Family::Bracket(0))),
            ("[/THINK]", Mark::Close(Family::Bracket(0))),
            ("<|START_THINKING|>", Mark::Open(Family::Control)),
            ("<|end_of_thought|>", Mark::Close(Family::Control)),
            ("<|begin_of_solution|>", Mark::Noise),
            ("<|channel|>", Mark::Channel),
            ("<|message|>", Mark::Message),
            ("<|return|>", Mark::Border),
            ("◁think▷", Mark::Open(Family::Triangle)),
            ("◁/think▷", Mark::Close(Family::Triangle)),
        ] {
            assert_eq!(read(text), whole(mark, text), "{text}");
            assert_eq!(read(&format!("{text} and on")), whole(mark, text), "{text}");
            for cut in (1..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
                assert_eq!(read(&text[..cut]), Read::Half, "{:?}", &text[..cut]);
            }
        }
    }

    #[test]
    fn what_is_alike_is_no_mark() {
        for text in [
            "<b>",
            "<thinker>",
            "<think about it>",
            "[think]",
            "[1]",
            "[THE END]",
            "a",
            "< think>",
            "<|im_end|>",
            "◀",
            "<-",
            "<=>",
            "<T>",
            "Vec<u8>",
            "–",
        ] {
            assert_eq!(read(text), Read::Nothing, "{text}");
        }
        let long = format!("<{}", "a".repeat(LONGEST + 1));
        assert_eq!(read(&long), Read::Nothing, "what never ends is not held back");
    }
}
