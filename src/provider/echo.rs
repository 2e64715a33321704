//! Reads an event that differs from the one before only in its text, without parsing it again.
//!
//! Most events of a stream repeat id, model, date and empty fields byte for byte around a word of text: comparing them is
//! several times cheaper than parsing. Whatever differs anywhere else is parsed as ever.

use std::borrow::Cow;

use memchr::memchr2;

/// The field that one vendor pads its events with, at random lengths: it may differ, too.
const PADDING: &str = "\"obfuscation\":\"";

/// The longest event that is remembered, in bytes: a longer one holds more than a word, and is not repeated as it is.
const MAX_LEARNED: usize = 4096;

/// The event last parsed, around its text; empty at first.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    /// All up to the text, its opening quote included.
    before: String,
    /// All from the closing quote, up to the padding where there is one.
    after: String,
    /// All from the end of the padding.
    after_padding: Option<String>,
}

impl Echo {
    /// Returns the text of an event that is otherwise equal to the one last learned; `None` for any other.
    pub(crate) fn read<'a>(&self, data: &'a str) -> Option<Cow<'a, str>> {
        if self.before.is_empty() {
            return None;
        }
        let rest = data.strip_prefix(self.before.as_str())?;
        let (text, has_escapes) = string(rest)?;
        let after = rest.get(text.len()..)?.strip_prefix(self.after.as_str())?;
        let is_same = match &self.after_padding {
            None => after.is_empty(),
            Some(end) => string(after).is_some_and(|(padding, _)| after.get(padding.len()..) == Some(end)),
        };
        if !is_same {
            return None;
        }
        if has_escapes {
            // One step back takes in the opening quote, one forth the closing one.
            let from = self.before.len() - 1;
            let quoted = data.get(from..self.before.len() + text.len() + 1)?;
            return serde_json::from_str(quoted).ok().map(Cow::Owned);
        }
        Some(Cow::Borrowed(text))
    }

    /// Forgets the event: another one has come.
    pub(crate) fn forget(&mut self) {
        self.before.clear();
    }

    /// Takes an event that was parsed, of which `text` is the whole news, so that the next one like it need not be. A text
    /// that is no part of `data` (because it held escapes) teaches nothing.
    pub(crate) fn learn(&mut self, data: &str, text: &str) {
        if data.len() > MAX_LEARNED {
            return;
        }
        let Some(from) = text.as_ptr().addr().checked_sub(data.as_ptr().addr()) else { return };
        let (Some(before), Some(found)) = (data.get(..from), data.get(from..from + text.len())) else { return };
        let is_within = std::ptr::eq(found.as_ptr(), text.as_ptr()) && before.ends_with('"');
        let Some(after) = data.get(from + text.len()..).filter(|_| is_within) else { return };
        before.clone_into(&mut self.before);
        let padding = after.find(PADDING).map(|at| after.split_at(at + PADDING.len()));
        let padding = padding.and_then(|(head, tail)| Some((head, tail.get(string(tail)?.0.len()..)?)));
        padding.map_or(after, |(head, _)| head).clone_into(&mut self.after);
        self.after_padding = padding.map(|(_, end)| end.to_owned());
    }
}

/// Returns the part of `rest` up to the closing quote of the string that it begins within, and whether it holds escapes;
/// `None` where there is no end, or a character that no JSON string may hold as it is.
fn string(rest: &str) -> Option<(&str, bool)> {
    let bytes = rest.as_bytes();
    let (mut at, mut has_escapes) = (0, false);
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            break;
        }
        has_escapes = true;
        // The letter after a backslash is never the end.
        at += 2;
    }
    let text = rest.get(..at)?;
    text.bytes().all(|byte| byte >= b' ').then_some((text, has_escapes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(data: &str) -> Echo {
        let mut echo = Echo::default();
        let at = data.find("TEXT").unwrap();
        echo.learn(data, data.get(at..at + 4).unwrap());
        echo
    }

    fn check(first: &str, second: &str, expected: Option<&str>) {
        assert_eq!(learned(first).read(second).as_deref(), expected, "{first} then {second}");
    }

    #[test]
    fn only_the_text_may_differ() {
        let event = |text: &str| format!(r#"{{"id":"a","delta":{{"content":"{text}"}},"end":null}}"#);
        check(&event("TEXT"), &event("Größe"), Some("Größe"));
        check(&event("TEXT"), &event(""), Some(""));
        check(&event("TEXT"), &event(r#"a \"b\" \n \\"#), Some("a \"b\" \n \\"));
        check(&event("TEXT"), &event(r"\u00e9\ud83d\ude80"), Some("é🚀"));
        check(&event("TEXT"), &event(r"\x"), None);
        check(&event("TEXT"), &event("a\u{1b}b"), None);
        check(&event("TEXT"), &event("a").replace("null", "\"stop\""), None);
        check(&event("TEXT"), &event("a").replace("\"a\"", "\"b\""), None);
        check(&event("TEXT"), &format!("{} ", event("a")), None);
        check(&event("TEXT"), "", None);
        let whole = event("a");
        for cut in 0..whole.len() {
            check(&event("TEXT"), whole.get(..cut).unwrap_or_default(), None);
        }
    }

    #[test]
    fn padding_may_differ_too() {
        let event = |text: &str, padding: &str| format!(r#"{{"content":"{text}","obfuscation":"{padding}"}}"#);
        check(&event("TEXT", "abc"), &event("b", ""), Some("b"));
        check(&event("TEXT", ""), &event("b", "Xy9"), Some("b"));
        check(&event("TEXT", "abc"), &event("b", "abc").replace('}', ",\"error\":1}"), None);
        check(&event("TEXT", "abc"), &event("b", "abc\",\"error\":\"x"), None);
    }

    #[test]
    fn nothing_is_read_before_anything_was_learned() {
        assert_eq!(Echo::default().read("{}"), None);
        let mut echo = Echo::default();
        echo.learn(r#"{"content":"a\n"}"#, "a\n");
        assert_eq!(echo.read(r#"{"content":"b"}"#), None, "a text of its own is nowhere in the event");
    }
}
