//! What is asked: the prompt, what was piped in, and files, put together as one question.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use thiserror::Error;

/// The longest text that is sent along: more than any model reads today (a million tokens of four bytes).
const MAX_BYTES: u64 = 8 << 20;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question itself: what the answers are held against.
    pub question: String,
    /// The question with everything that goes along: what the models read.
    pub sent: String,
}

/// Why there is nothing that could be asked.
#[derive(Debug, Error)]
pub enum InputError {
    /// No words at all.
    #[error("there is no question: give one, as in `dissent ask \"why is the sky blue?\"`, or pipe it in")]
    Nothing,
    /// `-` stands for standard input, and that is a terminal.
    #[error("`-` takes the question from standard input: pipe it in, or give it in place of `-`")]
    NothingPiped,
    /// A file can't be read.
    #[error("cannot read {name}: {reason}")]
    Unreadable {
        /// The file's path, or `standard input`.
        name: String,
        /// What the system says.
        reason: String,
    },
    /// Not text.
    #[error("{name} is not text (UTF-8): only text can be sent along")]
    NotText {
        /// The file's path, or `standard input`.
        name: String,
    },
    /// Too long for any model.
    #[error("{name} is longer than {} MiB, more than any model reads", MAX_BYTES >> 20)]
    TooLong {
        /// The file's path, or `standard input`.
        name: String,
    },
}

/// A text that goes along with the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// What it is called: a file's path.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Puts a question together from `prompt` (`-` for standard input), the text that was `piped` in, and `files`.
///
/// # Errors
/// When no question remains.
pub fn put_together(prompt: Option<&str>, piped: Option<String>, files: &[Attached]) -> Result<Question, InputError> {
    let piped = piped.filter(|text| !text.trim().is_empty());
    let (question, piped) = match prompt.map(str::trim) {
        Some("-") => (piped.ok_or(InputError::NothingPiped)?, None),
        Some("") | None => (piped.ok_or(InputError::Nothing)?, None),
        Some(prompt) => (prompt.to_owned(), piped),
    };
    let question = question.trim().to_owned();
    let mut sent = question.clone();
    // Marked off, so that a model can tell the question from what it is about.
    for file in files {
        let _ = write!(sent, "\n\n<file name=\"{}\">\n{}\n</file>", file.name, file.text.trim_end());
    }
    if let Some(piped) = piped {
        let _ = write!(sent, "\n\n<input>\n{}\n</input>", piped.trim_end());
    }
    Ok(Question { question, sent })
}

/// Reads a file that goes along.
///
/// # Errors
/// When it can't be read, is no text, or is longer than any model reads.
pub fn read_file(path: &Path) -> Result<Attached, InputError> {
    let name = path.display().to_string();
    let file = std::fs::File::open(path)
        .map_err(|error| InputError::Unreadable { name: name.clone(), reason: error.to_string() })?;
    Ok(Attached { text: read(&name, file)?, name })
}

/// Reads all of standard input.
///
/// # Errors
/// As with a file.
pub fn read_piped(input: impl Read) -> Result<String, InputError> {
    read("standard input", input)
}

fn read(name: &str, input: impl Read) -> Result<String, InputError> {
    let mut bytes = Vec::new();
    let read = input.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| InputError::Unreadable { name: name.to_owned(), reason: error.to_string() })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(InputError::TooLong { name: name.to_owned() });
    }
    // A zero byte is legal in UTF-8 and in no text.
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    text.ok_or_else(|| InputError::NotText { name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(prompt: Option<&str>, piped: Option<&str>) -> Result<(String, String), String> {
        let asked = put_together(prompt, piped.map(str::to_owned), &[]);
        asked.map(|it| (it.question, it.sent)).map_err(|error| error.to_string())
    }

    fn same(text: &str) -> (String, String) {
        (text.to_owned(), text.to_owned())
    }

    #[test]
    fn the_question_is_the_prompt_or_what_was_piped() {
        assert_eq!(check(Some("why?"), None), Ok(same("why?")));
        assert_eq!(check(Some("-"), Some(" why?\n")), Ok(same("why?")));
        assert_eq!(check(None, Some("why?\n")), Ok(same("why?")));
        assert!(check(None, None).unwrap_err().contains("there is no question"));
        assert!(check(Some("  "), Some(" \n")).unwrap_err().contains("there is no question"));
        assert!(check(Some("-"), None).unwrap_err().contains("pipe it in"));
    }

    #[test]
    fn what_is_piped_goes_along_and_is_no_part_of_the_question() {
        let (question, sent) = check(Some("what does it do?"), Some("fn main() {}\n")).unwrap();
        assert_eq!(question, "what does it do?");
        assert_eq!(sent, "what does it do?\n\n<input>\nfn main() {}\n</input>");
        assert_eq!(check(Some("why?"), Some("\n")), Ok(same("why?")));
    }

    #[test]
    fn files_come_before_what_is_piped() {
        let file = Attached { name: "a.rs".to_owned(), text: "fn a() {}\n".to_owned() };
        let asked = put_together(Some("compare"), Some("fn b() {}".to_owned()), &[file]).unwrap();
        let expected = "compare\n\n<file name=\"a.rs\">\nfn a() {}\n</file>\n\n<input>\nfn b() {}\n</input>";
        assert_eq!(asked.sent, expected);
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        let error = |bytes: &[u8]| read_piped(bytes).unwrap_err().to_string();
        assert_eq!(error(b"\xff\xfe"), "standard input is not text (UTF-8): only text can be sent along");
        assert!(error(b"a\0b").contains("not text"));
        assert!(error(&vec![b'a'; (8 << 20) + 1]).contains("longer than 8 MiB"));
        assert_eq!(read_piped(&b"a\r\n"[..]).unwrap(), "a\r\n");
        let missing = read_file(Path::new("/none/a.txt")).unwrap_err().to_string();
        assert!(missing.starts_with("cannot read /none/a.txt: "), "{missing}");
    }
}
