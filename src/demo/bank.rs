//! What the demo models can be asked and what they answer: the built-in bank, or a file of somebody else's Cases.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::demo::cast::{self, Voice};
use crate::demo::script::Fault;
use crate::domain::ids::ModelId;
use crate::edge;
use crate::edge::file::Limit;

/// The built-in questions and answers, one Case a line.
const BUILT_IN: &str = include_str!("../../assets/demo/bank.jsonl");

/// The first bytes of every gzip file (RFC 1952, section 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The script of a demo: who speaks, what can be asked, what is answered.
#[derive(Debug)]
pub struct Bank {
    pub(crate) voices: Vec<Voice>,
    pub(crate) cases: Vec<Case>,
    /// Prompts and ids to positions in `cases`.
    index: HashMap<Arc<str>, usize>,
    pub(crate) origin: Origin,
}

/// Where a bank comes from; decides what picking a question does to the ensemble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Ours: the same five models answer everything.
    BuiltIn,
    /// Somebody else's: every case brings its own models.
    File,
}

/// One question and the answers to it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) id: Arc<str>,
    /// What brings up this case and no other: its question, or its id where it has none of its own.
    pub(crate) prompt: Arc<str>,
    pub(crate) hint: Arc<str>,
    pub(crate) answers: Vec<Answer>,
}

/// What one model says to one question.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) model: ModelId,
    pub(crate) text: Box<str>,
    /// Shown to come before the text; empty for most.
    pub(crate) reasoning: Box<str>,
    pub(crate) fault: Option<Fault>,
}

/// Why a bank can't be used.
#[derive(Debug, Error)]
pub enum BankError {
    /// The file can't be opened or read.
    #[error("cannot read {}: {error}", .file.display())]
    Unreadable {
        /// The file that was named.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A line is no Case.
    #[error("{}, line {line}: {reason}", .file.display())]
    BadLine {
        /// The file that was named.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// There is nothing to ask.
    #[error("{} holds no cases", .file.display())]
    Empty {
        /// The file that was named.
        file: PathBuf,
    },
}

/// The limits of a file of Cases: as many as a person picks from, all of them kept in memory.
const FILE: Limit = Limit { bytes: 256 << 20, time: Duration::from_secs(30) };

impl Bank {
    /// Returns the bank that is part of the program: five models, each with an answer to every question.
    ///
    /// # Errors
    /// `BadLine` when a line of `assets/demo/bank.jsonl` is no Case, which a test rules out.
    pub fn built_in() -> Result<Self, BankError> {
        let mut builder = Builder::new(Origin::BuiltIn);
        for (line_idx, line) in BUILT_IN.lines().enumerate() {
            builder.add(line, line_idx + 1).map_err(|reason| BankError::BadLine {
                file: PathBuf::from("assets/demo/bank.jsonl"),
                line: line_idx + 1,
                reason,
            })?;
        }
        Ok(builder.finish(cast::troupe()))
    }

    /// Returns the Cases in `path`, one a line, gzipped or not; blank lines are passed over.
    ///
    /// Only `answers[].model` and `answers[].text` are required. A case without an `id` is called after its line.
    ///
    /// # Errors
    /// `Unreadable`, `BadLine` for the first line that is no Case, `Empty` when there is no case at all.
    pub fn read(path: &Path) -> Result<Self, BankError> {
        let unreadable = |error| BankError::Unreadable { file: path.to_owned(), error };
        let bytes = edge::file::read(path, FILE).map_err(unreadable)?;
        let plain = bytes.as_slice();
        // The content decides, not the name: `.gz` files that were renamed or unpacked by a browser still open.
        let is_gzip = plain.starts_with(&GZIP_MAGIC);
        let mut reader: Box<dyn BufRead> = if is_gzip {
            // What is packed may be a thousand times as long.
            Box::new(BufReader::new(MultiGzDecoder::new(plain).take(FILE.bytes)))
        } else {
            Box::new(plain)
        };

        let mut builder = Builder::new(Origin::File);
        let mut bytes = Vec::new();
        for line in 1.. {
            bytes.clear();
            if reader.read_until(b'\n', &mut bytes).map_err(unreadable)? == 0 {
                break;
            }
            let added = match str::from_utf8(&bytes) {
                // The mark that some editors put at the start of a file is no part of its first line.
                Ok(text) => builder.add(text.trim_start_matches('\u{feff}'), line),
                Err(error) => Err(format!("byte {} is not UTF-8", error.valid_up_to() + 1)),
            };
            added.map_err(|reason| BankError::BadLine { file: path.to_owned(), line, reason })?;
        }
        if builder.cases.is_empty() {
            return Err(BankError::Empty { file: path.to_owned() });
        }
        let voices = builder.models.iter().map(|model| cast::reader(model.clone())).collect();
        Ok(builder.finish(voices))
    }

    /// Returns the case that `prompt` asks for, by its exact question or its id; white space around it is ignored.
    ///
    /// Failing that, a question that was typed by hand is found whatever its capitals, spaces and final mark.
    pub(crate) fn find(&self, prompt: &str) -> Option<&Case> {
        match self.index.get(prompt.trim()) {
            Some(position) => self.cases.get(*position),
            None => self.cases.iter().find(|case| is_same_question(&case.prompt, prompt)),
        }
    }

    /// Returns how `model` speaks, or `None` for one that is not in the bank.
    pub(crate) fn voice(&self, model: &str) -> Option<&Voice> {
        self.voices.iter().find(|voice| voice.model.as_str() == model)
    }
}

impl Case {
    /// Returns the answer of `model` and its place among the answers, or `None` if it has none.
    pub(crate) fn answer(&self, model: &ModelId) -> Option<(usize, &Answer)> {
        self.answers.iter().enumerate().find(|(_, answer)| answer.model == *model)
    }
}

/// A Case as it is written; what is not named here is ignored.
#[derive(Deserialize)]
struct RawCase<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    question: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    answers: Vec<RawAnswer<'a>>,
    /// Ours alone, so it is left unread until the origin is known: in other people's files it may hold anything.
    #[serde(borrow)]
    demo: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawAnswer<'a> {
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow)]
    demo: Option<&'a RawValue>,
}

/// What the built-in bank adds to a Case.
#[derive(Default, Deserialize)]
struct CaseExtras {
    hint: String,
}

/// What the built-in bank adds to an answer.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerExtras {
    #[serde(default)]
    reasoning: String,
    fault: Option<Fault>,
}

/// Collects cases line by line.
struct Builder {
    origin: Origin,
    cases: Vec<Case>,
    index: HashMap<Arc<str>, usize>,
    /// In order of appearance.
    models: Vec<ModelId>,
    known_models: HashSet<ModelId>,
}

impl Builder {
    fn new(origin: Origin) -> Self {
        Self { origin, cases: vec![], index: HashMap::new(), models: vec![], known_models: HashSet::new() }
    }

    /// Adds the case on one line, if there is one; the error says what is wrong with the line.
    fn add(&mut self, text: &str, line: usize) -> Result<(), String> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let raw: RawCase<'_> = serde_json::from_str(text).map_err(|error| reason(&error))?;
        if raw.answers.is_empty() {
            return Err("no answers".to_owned());
        }
        let extras: CaseExtras = self.extras(raw.demo)?;
        let mut answers: Vec<Answer> = Vec::with_capacity(raw.answers.len());
        for answer in raw.answers {
            let model = self.model(&answer.model);
            if answers.iter().any(|earlier| earlier.model == model) {
                return Err(format!("two answers by `{model}`"));
            }
            let extras: AnswerExtras = self.extras(answer.demo)?;
            answers.push(Answer {
                model,
                text: Box::from(answer.text),
                reasoning: extras.reasoning.into_boxed_str(),
                fault: extras.fault,
            });
        }

        let by_line = format!("line-{line}");
        let id: Arc<str> = raw.id.as_deref().map(str::trim).filter(|id| !id.is_empty()).unwrap_or(&by_line).into();
        let question = raw.question.as_deref().map(str::trim).filter(|question| !question.is_empty());
        // Two cases may share a question or an id. The first keeps it; the line's number is always free.
        let keys = [question, Some(&*id), Some(&by_line)].into_iter().flatten().map(Arc::<str>::from);
        let free: Vec<Arc<str>> = keys.filter(|key| !self.index.contains_key(key)).collect();
        let prompt = free.first().unwrap_or(&id).clone();
        let hint = match self.origin {
            Origin::BuiltIn => extras.hint.into(),
            Origin::File => format!("{} answers", answers.len()).into(),
        };
        self.index.extend(free.into_iter().map(|key| (key, self.cases.len())));
        self.cases.push(Case { id, prompt, hint, answers });
        Ok(())
    }

    fn extras<'a, T: Default + Deserialize<'a>>(&self, raw: Option<&'a RawValue>) -> Result<T, String> {
        match (self.origin, raw) {
            (Origin::BuiltIn, Some(raw)) => serde_json::from_str(raw.get()).map_err(|error| reason(&error)),
            (Origin::BuiltIn, None) | (Origin::File, _) => Ok(T::default()),
        }
    }

    /// Returns the id, sharing its text with every other answer of that model.
    fn model(&mut self, id: &str) -> ModelId {
        let id = ModelId::from(id);
        if let Some(known) = self.known_models.get(&id) {
            return known.clone();
        }
        self.models.push(id.clone());
        self.known_models.insert(id.clone());
        id
    }

    fn finish(self, voices: Vec<Voice>) -> Bank {
        Bank { voices, cases: self.cases, index: self.index, origin: self.origin }
    }
}

/// Returns whether two questions differ in capitals, spaces and final marks at most: `2+3` and `2-3` stay apart.
fn is_same_question(one: &str, other: &str) -> bool {
    let words = |question: &str| {
        let words: Vec<String> = question.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ").trim_end_matches(['?', '!', '.', ' ']).to_owned()
    };
    words(one) == words(other)
}

/// Returns what is wrong with a line; the parser's own line number would always be 1.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((what, _)) => format!("column {}: {what}", error.column()),
        None => text,
    }
}
