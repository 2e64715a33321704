//! What is asked: the prompt, what was piped in, and files, put together as one question.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use thiserror::Error;

use crate::domain::attachment::{Attachment, Refusal};
use crate::edge;
use crate::edge::file::Limit;

/// The longest text that is sent along: more than any model reads today (a million tokens of four bytes).
const MAX_BYTES: u64 = 8 << 20;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question itself: what the answers are held against.
    pub question: String,
    /// What goes along: files, and what was piped in.
    pub files: Vec<Attachment>,
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
    /// Not to be sent along.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too long for any model.
    #[error("{name} is longer than {} MiB, more than any model reads", MAX_BYTES >> 20)]
    TooLong {
        /// The file's path, or `standard input`.
        name: String,
    },
}

/// Puts a question together from `prompt` (`-` for standard input), the text that was `piped` in, and `files`.
///
/// # Errors
/// When no question remains, or what was piped is too much to go along.
pub fn put_together(
    prompt: Option<&str>,
    piped: Option<String>,
    mut files: Vec<Attachment>,
) -> Result<Question, InputError> {
    let piped = piped.filter(|text| !text.trim().is_empty());
    let (question, piped) = match prompt.map(str::trim) {
        Some("-") => (piped.ok_or(InputError::NothingPiped)?, None),
        Some("") | None => (piped.ok_or(InputError::Nothing)?, None),
        Some(prompt) => (prompt.to_owned(), piped),
    };
    if let Some(piped) = piped {
        Attachment::read("standard input", piped.as_bytes())?.join(&mut files)?;
    }
    Ok(Question { question: question.trim().to_owned(), files })
}

/// Reads a file that goes along, with those that go along already; what is no plain file may take `time`.
///
/// # Errors
/// When it can't be read, models could not read it, or it is too much.
pub fn read_file(path: &Path, time: Duration, files: &mut Vec<Attachment>) -> Result<(), InputError> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| InputError::Unreadable { name: name.clone(), reason: error.to_string() };
    let bytes = edge::file::read(path, Limit { bytes: MAX_BYTES, time }).map_err(unreadable)?;
    // Folders are nobody's business but the person's.
    let name = path.file_name().map_or(name.clone(), |name| name.to_string_lossy().into_owned());
    Ok(Attachment::read(&name, &bytes)?.join(files)?)
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
    use crate::domain::attachment::with_files;

    fn check(prompt: Option<&str>, piped: Option<&str>) -> Result<(String, String), String> {
        let asked = put_together(prompt, piped.map(str::to_owned), Vec::new()).map_err(|error| error.to_string())?;
        let sent = with_files(&asked.question.as_str().into(), &asked.files);
        Ok((asked.question, sent.to_string()))
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
        assert_eq!(sent, "File `standard input`:\n\n```\nfn main() {}\n```\n\nwhat does it do?");
        assert_eq!(check(Some("why?"), Some("\n")), Ok(same("why?")));
    }

    #[test]
    fn files_come_before_what_is_piped() {
        let file = Attachment::read("a.rs", b"fn a() {}\n").unwrap();
        let asked = put_together(Some("compare"), Some("fn b() {}".to_owned()), vec![file]).unwrap();
        let names: Vec<&str> = asked.files.iter().map(|file| &*file.name).collect();
        assert_eq!(names, ["a.rs", "standard input"]);
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        let error = |bytes: &[u8]| read_piped(bytes).unwrap_err().to_string();
        assert_eq!(error(b"\xff\xfe"), "standard input is not text (UTF-8): only text can be sent along");
        assert!(error(b"a\0b").contains("not text"));
        assert!(error(&vec![b'a'; (8 << 20) + 1]).contains("longer than 8 MiB"));
        assert_eq!(read_piped(&b"a\r\n"[..]).unwrap(), "a\r\n");
        let missing = read_file(Path::new("/none/a.txt"), Duration::ZERO, &mut Vec::new()).unwrap_err().to_string();
        assert!(missing.starts_with("cannot read /none/a.txt: "), "{missing}");
    }
}
