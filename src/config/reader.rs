//! Reads a TOML table key by key, so that a key nobody asked for, or of the wrong type, is told with its line.

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use toml::de::{DeFloat, DeInteger, DeTable, DeValue};

use crate::config::duration::parse_duration;
use crate::config::error::Problem;
use crate::domain::nearest::did_you_mean;

/// A value and the line on which it was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct At<T> {
    pub(super) value: T,
    /// From 1; 0 for what nobody typed.
    pub(super) line: usize,
}

impl<T> At<T> {
    /// Returns a problem with this value.
    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { line: self.line, message: message.into() }
    }
}

/// The text being read and what was found wrong with it so far.
pub(super) struct Document<'a> {
    text: &'a str,
    /// Where each line ends: looked up for every key, so that the text is not read once for each.
    line_ends: Vec<usize>,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Document<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let line_ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Self { text, line_ends, problems: RefCell::default() }
    }

    /// Returns the line of a byte offset, from 1.
    fn line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|end| *end < offset) + 1
    }

    fn complain(&self, line: usize, message: impl Into<String>) {
        self.problems.borrow_mut().push(Problem { line, message: message.into() });
    }

    /// Parses the text and lets `read` take what it knows; returns what it read and every problem in order of lines.
    pub(super) fn read<T: Default>(self, read: impl FnOnce(&mut Fields<'_>) -> T) -> (T, Vec<Problem>) {
        let value = match DeTable::parse(self.text) {
            Ok(table) => {
                let mut fields = Fields::new(&self, String::new(), 1, table.get_ref());
                let value = read(&mut fields);
                fields.finish();
                value
            }
            Err(error) => {
                let message = error.message().lines().collect::<Vec<_>>().join(", ");
                self.complain(self.line(error.span().map_or(0, |span| span.start)), message);
                T::default()
            }
        };
        let mut problems = self.problems.into_inner();
        problems.sort();
        (value, problems)
    }
}

/// One key that was typed.
struct Entry<'a> {
    key: &'a str,
    offset: usize,
    value: &'a DeValue<'a>,
    value_offset: usize,
}

/// The keys of one table that have not been read yet.
pub(super) struct Fields<'a> {
    document: &'a Document<'a>,
    /// Such as `models.gpt`; empty for the whole file.
    path: String,
    pub(super) line: usize,
    left: Vec<Entry<'a>>,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    fn new(document: &'a Document<'a>, path: String, line: usize, table: &'a DeTable<'a>) -> Self {
        let entry = |(key, value): (&'a toml::Spanned<toml::de::DeString<'a>>, &'a toml::Spanned<DeValue<'a>>)| Entry {
            key: key.get_ref(),
            offset: key.span().start,
            value: value.get_ref(),
            value_offset: value.span().start,
        };
        let mut left: Vec<_> = table.iter().map(entry).collect();
        left.sort_by_key(|entry| entry.offset);
        Self { document, path, line, left, known: Vec::new() }
    }

    /// Reads the value of `key`; one that `read` refuses becomes a problem and counts as not given.
    pub(super) fn take<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&DeValue<'a>) -> Result<T, String>,
    ) -> Option<At<T>> {
        let entry = self.entry(key)?;
        let line = self.document.line(entry.value_offset);
        match read(entry.value) {
            Ok(value) => Some(At { value, line }),
            Err(refusal) => {
                self.document.complain(line, format!("`{}` {refusal}", self.path_of(key)));
                None
            }
        }
    }

    /// Reads a list; each item that `read` refuses becomes a problem.
    pub(super) fn take_list<T>(
        &mut self,
        key: &'static str,
        read: fn(&DeValue<'a>) -> Result<T, String>,
    ) -> Option<At<Vec<At<T>>>> {
        let entry = self.entry(key)?;
        let line = self.document.line(entry.value_offset);
        let Some(items) = entry.value.as_array() else {
            self.document.complain(line, format!("`{}` {}", self.path_of(key), expected("a list", entry.value)));
            return None;
        };
        let mut value = Vec::new();
        for item in items {
            let line = self.document.line(item.span().start);
            match read(item.get_ref()) {
                Ok(item) => value.push(At { value: item, line }),
                Err(refusal) => self.document.complain(line, format!("an item of `{}` {refusal}", self.path_of(key))),
            }
        }
        Some(At { value, line })
    }

    /// Lets `read` take what it knows of the table at `key`; without one it finds nothing.
    pub(super) fn table<T: Default>(&mut self, key: &'static str, read: impl FnOnce(&mut Fields<'_>) -> T) -> T {
        let path = self.path_of(key);
        let Some(entry) = self.entry(key) else { return T::default() };
        self.inner(&entry, path, read).unwrap_or_default()
    }

    /// Lets `read` take each entry of the table at `key`, whose keys are the user's own, in the order of the file.
    pub(super) fn named_tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(At<String>, &mut Fields<'_>) -> T,
    ) -> Vec<T> {
        let mut values = Vec::new();
        self.table(key, |tables| {
            for entry in std::mem::take(&mut tables.left) {
                let name = At { value: entry.key.to_owned(), line: tables.document.line(entry.offset) };
                let path = tables.path_of(entry.key);
                values.extend(tables.inner(&entry, path, |fields| read(name, fields)));
            }
        });
        values
    }

    /// Reads every key left as a pair, for tables whose keys are the user's own.
    pub(super) fn pairs(&mut self, key: &'static str) -> Vec<(At<String>, String)> {
        self.table(key, |fields| {
            let mut pairs = Vec::new();
            for entry in std::mem::take(&mut fields.left) {
                let name = At { value: entry.key.to_owned(), line: fields.document.line(entry.offset) };
                match text(entry.value) {
                    Ok(value) => pairs.push((name, value)),
                    Err(refusal) => {
                        fields.document.complain(name.line, format!("`{}` {refusal}", fields.path_of(entry.key)));
                    }
                }
            }
            pairs
        })
    }

    /// Adds a problem at `line`.
    pub(super) fn complain(&self, line: usize, message: impl Into<String>) {
        self.document.complain(line, message);
    }

    fn entry(&mut self, key: &'static str) -> Option<Entry<'a>> {
        self.known.push(key);
        let index = self.left.iter().position(|entry| entry.key == key)?;
        Some(self.left.remove(index))
    }

    fn inner<T>(&self, entry: &Entry<'a>, path: String, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
        let line = self.document.line(entry.offset);
        let Some(table) = entry.value.as_table() else {
            self.document.complain(line, format!("`{path}` {}", expected("a table", entry.value)));
            return None;
        };
        let mut fields = Fields::new(self.document, path, line, table);
        let value = read(&mut fields);
        fields.finish();
        Some(value)
    }

    /// Makes a problem of every key that nobody asked for.
    fn finish(self) {
        for entry in &self.left {
            let nearest = did_you_mean(entry.key, self.known.iter().copied());
            let message = format!("unknown key `{}`{nearest}", self.path_of(entry.key));
            self.document.complain(self.document.line(entry.offset), message);
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

fn expected(wanted: impl fmt::Display, found: &DeValue<'_>) -> String {
    let found = match found.type_str() {
        "integer" => "an integer",
        "array" => "a list",
        "string" => "a text in quotes",
        "float" => "a number",
        "boolean" => "true or false",
        "table" => "a table",
        _ => "a date",
    };
    format!("must be {wanted}, not {found}")
}

/// Reads a text that is not empty.
pub(super) fn text(value: &DeValue<'_>) -> Result<String, String> {
    let text = value.as_str().ok_or_else(|| expected("a text in quotes", value))?;
    if text.trim().is_empty() { Err("is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reads the name of a variable. What may be a key that was typed in its place is refused, and not quoted.
pub(super) fn variable(value: &DeValue<'_>) -> Result<String, String> {
    let name = text(value)?;
    let is_name = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    // Keys of letters and digits alone are long and mixed, names of variables are not.
    let is_key = name.len() >= 20
        && name.bytes().any(|it| it.is_ascii_digit())
        && name.bytes().any(|it| it.is_ascii_lowercase());
    if is_name && !is_key {
        return Ok(name);
    }
    Err("names a variable that holds the key, such as OPENAI_API_KEY; the key itself does not belong into this file"
        .to_owned())
}

/// Reads `true` or `false`.
pub(super) fn switch(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| expected("true or false", value))
}

/// Reads a whole number from 1 up.
pub(super) fn count(value: &DeValue<'_>) -> Result<u32, String> {
    let integer = value.as_integer().ok_or_else(|| expected("a whole number", value))?;
    let refused = || format!("must be a whole number from 1 to {}", u32::MAX);
    u32::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|it| *it > 0).ok_or_else(refused)
}

/// Reads a finite number from 0 up.
pub(super) fn amount(value: &DeValue<'_>) -> Result<f64, String> {
    let decimal = value.as_integer().filter(|it| it.radix() == 10);
    let typed = value.as_float().map(DeFloat::as_str).or_else(|| decimal.map(DeInteger::as_str));
    let number = typed.and_then(|it| f64::from_str(it).ok()).ok_or_else(|| expected("a number", value))?;
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err("must be a number from 0 up".to_owned()) }
}

/// Reads a number from 0 to 1.
pub(super) fn share(value: &DeValue<'_>) -> Result<f64, String> {
    amount(value).and_then(|it| if it <= 1.0 { Ok(it) } else { Err("must be a number from 0 to 1".to_owned()) })
}

/// Reads one of `words`, with the nearest of them in the refusal of another.
pub(super) fn word<T: Copy>(words: &[(&'static str, T)]) -> impl Fn(&DeValue<'_>) -> Result<T, String> {
    move |value| {
        let typed = text(value)?;
        let named = words.iter().find(|(word, _)| *word == typed).map(|(_, meaning)| *meaning);
        named.ok_or_else(|| {
            let known = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            let nearest = did_you_mean(&typed, words.iter().map(|(word, _)| *word));
            format!("is one of {known}, not `{typed}`{nearest}")
        })
    }
}

/// Reads how long something is kept: `forever`, which is `None`, or a length of time.
pub(super) fn age(value: &DeValue<'_>) -> Result<Option<Duration>, String> {
    match value.as_str() {
        Some("forever") => Ok(None),
        Some(typed) => match parse_duration(typed) {
            Some(age) => Ok(Some(age)),
            None => Err(format!("must be \"forever\" or a length of time such as \"90d\", not `{typed}`")),
        },
        None => Err(expected("\"forever\" or a length of time such as \"90d\"", value)),
    }
}

/// Reads a length of time such as `300ms`, `60s`, `10m`, `1.5h`, `90d`; zero is refused.
pub(super) fn duration(value: &DeValue<'_>) -> Result<Duration, String> {
    let typed = value.as_str().ok_or_else(|| expected("a length of time such as \"60s\"", value))?;
    parse_duration(typed)
        .ok_or_else(|| format!("must be a length of time such as \"300ms\", \"60s\" or \"10m\", not `{typed}`"))
}
