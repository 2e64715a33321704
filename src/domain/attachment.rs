//! Files that go along with a question: told apart by their bytes, kept as text or as an image, refused otherwise.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most files that go along with one question.
pub const MOST_FILES: usize = 10;
/// The largest image: 5 MiB once it is in base64, the least that a dialect which takes images accepts (Anthropic).
pub const MOST_IMAGE_BYTES: usize = 3_932_160;
/// The most bytes of all images of a question: with base64 and the question they stay under the 20 MB that the
/// strictest dialect takes for a whole request (Gemini).
pub const MOST_IMAGES_BYTES: usize = 12 << 20;
/// The longest text: about 350,000 tokens, a third of what the largest models read.
pub const MOST_TEXT_BYTES: usize = 1 << 20;

/// A file that goes along with a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file's name without its folder; from outside, to be cleaned before it is shown.
    pub name: Arc<str>,
    /// What is in it.
    pub content: Content,
}

/// What is in a file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Text, sent as part of the question.
    Text(Arc<str>),
    /// A picture, sent beside the question.
    Image(Image),
}

/// A picture, ready to be sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// What it is.
    pub format: ImageFormat,
    /// Its bytes in base64, with padding.
    pub base64: Arc<str>,
}

/// The formats that every provider with eyes takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
}

/// Why a file does not go along; says what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There is nothing in it.
    #[error("`{0}` is empty: there is nothing to send")]
    Empty(String),
    /// It is neither text nor a picture that models read.
    #[error("`{0}` is {1}: send it as text (UTF-8), or as a PNG, JPEG, GIF or WebP image")]
    Unreadable(String, &'static str),
    /// It is too large.
    #[error("`{name}` is too large: {what} may have {most}")]
    TooLarge {
        /// The file.
        name: String,
        /// What it is, such as `an image`.
        what: &'static str,
        /// The most that it may have, with its unit.
        most: &'static str,
    },
    /// There are too many.
    #[error("`{0}` is one too many: {MOST_FILES} files go along with a question")]
    TooMany(String),
}

impl Attachment {
    /// Reads a file of `bytes`, by what they are and not by its name.
    ///
    /// # Errors
    /// The file is empty, too large, or neither text in UTF-8 nor an image that models read.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Refusal> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.is_empty() {
            return Err(Refusal::Empty(name.to_owned()));
        }
        let content = match ImageFormat::of(bytes) {
            Some(_) if bytes.len() > MOST_IMAGE_BYTES => {
                return Err(Refusal::TooLarge { name: name.to_owned(), what: "an image", most: "3.75 MiB" });
            }
            Some(format) => Content::Image(Image { format, base64: Arc::from(base64(bytes)) }),
            None => Content::Text(text(name, bytes)?),
        };
        Ok(Self { name: Arc::from(name), content })
    }

    /// Adds a file to those of a question.
    ///
    /// # Errors
    /// There are too many, or their images are too large together.
    pub fn join(self, others: &mut Vec<Self>) -> Result<(), Refusal> {
        if others.len() >= MOST_FILES {
            return Err(Refusal::TooMany(self.name.to_string()));
        }
        let n_bytes: usize = others.iter().chain([&self]).filter_map(Self::image).map(Image::n_bytes).sum();
        if n_bytes > MOST_IMAGES_BYTES {
            let name = self.name.to_string();
            return Err(Refusal::TooLarge { name, what: "the images of a question together", most: "12 MiB" });
        }
        others.push(self);
        Ok(())
    }

    /// Returns the picture, where the file is one.
    pub fn image(&self) -> Option<&Image> {
        match &self.content {
            Content::Image(image) => Some(image),
            Content::Text(_) => None,
        }
    }
}

/// Returns the question as it is sent: each text file as a fenced block under its name, then what was typed.
pub fn with_files(question: &Arc<str>, files: &[Attachment]) -> Arc<str> {
    let blocks: Vec<String> = files
        .iter()
        .filter_map(|file| match &file.content {
            Content::Text(text) => Some(block(&file.name, text)),
            Content::Image(_) => None,
        })
        .collect();
    if blocks.is_empty() {
        return Arc::clone(question);
    }
    Arc::from(format!("{}\n\n{question}", blocks.join("\n\n")))
}

/// Returns a file's text in a fence that nothing in it can close, under its name.
fn block(name: &str, text: &str) -> String {
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let name: String = name.chars().map(|it| if it.is_control() || it == '`' { '_' } else { it }).collect();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("File `{name}`:\n\n{fence}\n{text}{end}{fence}")
}

fn text(name: &str, bytes: &[u8]) -> Result<Arc<str>, Refusal> {
    let unreadable = |what| Refusal::Unreadable(name.to_owned(), what);
    let kinds: [(&[u8], &str); 5] = [
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "an archive or an office document"),
        (b"\x1f\x8b", "compressed"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ];
    let kind = kinds.into_iter().find(|(magic, _)| bytes.starts_with(magic)).map_or("no text", |(_, kind)| kind);
    let too_large = || Refusal::TooLarge { name: name.to_owned(), what: "a text", most: "1 MiB" };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        // Of a long file only the beginning is read, which may end within a letter.
        let is_cut = error.error_len().is_none() && bytes.len() > MOST_TEXT_BYTES && !bytes.contains(&0);
        if is_cut { too_large() } else { unreadable(kind) }
    })?;
    if text.contains('\0') || text.starts_with("%PDF-") {
        return Err(unreadable(kind));
    }
    if bytes.len() > MOST_TEXT_BYTES {
        return Err(too_large());
    }
    Ok(Arc::from(text))
}

impl Image {
    /// Returns the address that holds the picture itself, as browsers and most dialects read it.
    pub fn data_url(&self) -> String {
        format!("data:{};base64,{}", self.format.media_type(), self.base64)
    }

    /// Returns its size before base64.
    fn n_bytes(&self) -> usize {
        self.base64.len() / 4 * 3
    }
}

impl ImageFormat {
    /// Returns the format whose mark `bytes` begin with.
    fn of(bytes: &[u8]) -> Option<Self> {
        let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        let marks: [(&[u8], Self); 4] = [
            (b"\x89PNG\r\n\x1a\n", Self::Png),
            (b"\xff\xd8\xff", Self::Jpeg),
            (b"GIF87a", Self::Gif),
            (b"GIF89a", Self::Gif),
        ];
        let marked = marks.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, format)| format);
        marked.or(is_webp.then_some(Self::Webp))
    }

    /// Returns the name that wires use, such as `image/png`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a person sends is not written into logs and errors.
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Image(image) => image.fmt(f),
        }
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}, {} bytes)", self.format.media_type(), self.n_bytes())
    }
}

/// Returns `bytes` in base64 (RFC 4648, section 4), padded.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sign = |bits: u32| ALPHABET.get((bits & 63) as usize).map_or('=', |sign| char::from(*sign));
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |idx: usize| three.get(idx).map_or(0, |byte| u32::from(*byte));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        out.push(sign(bits >> 18));
        out.push(sign(bits >> 12));
        out.push(if three.len() > 1 { sign(bits >> 6) } else { '=' });
        out.push(if three.len() > 2 { sign(bits) } else { '=' });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    #[test]
    fn base64_is_that_of_the_standard() {
        let rows =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (plain, expected) in rows {
            assert_eq!(base64(plain.as_bytes()), expected, "{plain}");
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xbf]), "+/+/");
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let format = |name: &str, bytes: &[u8]| Attachment::read(name, bytes).unwrap().image().map(|it| it.format);
        assert_eq!(format("notes.txt", PNG), Some(ImageFormat::Png));
        assert_eq!(format("a", b"\xff\xd8\xff\xe0"), Some(ImageFormat::Jpeg));
        assert_eq!(format("a", b"GIF89a"), Some(ImageFormat::Gif));
        assert_eq!(format("a", b"RIFF\0\0\0\0WEBPVP8 "), Some(ImageFormat::Webp));
        assert_eq!(format("photo.png", b"not a picture"), None);
        assert_eq!(format("riff", b"RIFFs are short"), None);
    }

    #[test]
    fn what_models_cannot_read_is_refused_with_what_to_do() {
        let refused = |bytes: &[u8]| Attachment::read("it", bytes).unwrap_err().to_string();
        assert_eq!(refused(b""), "`it` is empty: there is nothing to send");
        assert_eq!(refused(b"\xef\xbb\xbf"), "`it` is empty: there is nothing to send");
        for (bytes, what) in [
            (&b"%PDF-1.7 \xff"[..], "a PDF"),
            (b"%PDF-1.7 but text", "a PDF"),
            (b"PK\x03\x04\xff\xff", "an archive or an office document"),
            (b"\xff\xfeh\0i\0", "UTF-16"),
            (b"a\0b", "no text"),
            (b"caf\xe9", "no text"),
        ] {
            let expected = format!("`it` is {what}: send it as text (UTF-8), or as a PNG, JPEG, GIF or WebP image");
            assert_eq!(refused(bytes), expected);
        }
        let large = [PNG, &vec![0; MOST_IMAGE_BYTES]].concat();
        assert_eq!(refused(&large), "`it` is too large: an image may have 3.75 MiB");
        assert_eq!(refused(&vec![b'a'; MOST_TEXT_BYTES + 1]), "`it` is too large: a text may have 1 MiB");
    }

    #[test]
    fn too_many_and_too_large_together_are_refused() {
        let file = || Attachment::read("a.txt", b"a").unwrap();
        let mut files = vec![file(); MOST_FILES];
        assert_eq!(file().join(&mut files), Err(Refusal::TooMany("a.txt".to_owned())));
        let image = Attachment::read("a.png", &[PNG, &vec![0; MOST_IMAGE_BYTES - 100]].concat()).unwrap();
        let mut files = Vec::new();
        for _ in 0..3 {
            image.clone().join(&mut files).unwrap();
        }
        let error = image.join(&mut files).unwrap_err().to_string();
        assert_eq!(error, "`a.png` is too large: the images of a question together may have 12 MiB");
    }

    #[test]
    fn a_text_file_stands_fenced_under_its_name_before_the_question() {
        let question = Arc::from("what is this?");
        let file = Attachment::read("a`b\n.md", b"one\n````\ntwo").unwrap();
        let sent = with_files(&question, &[file, Attachment::read("a.png", PNG).unwrap()]);
        assert_eq!(&*sent, "File `a_b_.md`:\n\n`````\none\n````\ntwo\n`````\n\nwhat is this?");
        assert!(Arc::ptr_eq(&with_files(&question, &[]), &question));
    }

    #[test]
    fn what_is_in_a_file_is_not_shown() {
        let file = Attachment::read("a.txt", b"planted words").unwrap();
        assert_eq!(format!("{file:?}"), r#"Attachment { name: "a.txt", content: Text(13 bytes) }"#);
    }

    #[test]
    fn a_long_text_of_which_only_the_beginning_was_read_is_too_large_rather_than_no_text() {
        let long = "é".repeat(MOST_TEXT_BYTES);
        let refused = |bytes: &[u8]| Attachment::read("a.txt", bytes).unwrap_err().to_string();
        let (even, odd) = (long.as_bytes(), long.as_bytes().split_last().unwrap().1);
        for bytes in [even, odd] {
            assert_eq!(refused(bytes), "`a.txt` is too large: a text may have 1 MiB");
        }
        assert!(refused(&[b"caf\xe9".as_slice(), b"."].concat()).contains("is no text"));
    }
}
