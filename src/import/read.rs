//! Opens a file, finds out what it is, and reads it entry by entry.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::import::split::Splitter;
use crate::import::{Entry, llm, shape};

/// What a file of ZIP begins with.
const ZIP: &[u8] = b"PK\x03\x04";

/// What is read, in the words of the person's other programs.
pub const KNOWN: &str = "ChatGPT, Claude and Open WebUI (.json, or the .zip as it came), llm (logs.db), \
    `dissent sessions export --format json`";

/// Why a file cannot be read as a whole.
#[derive(Debug, Error)]
pub enum ReadError {
    /// It cannot be opened, or not to its end.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is none of what is read.
    #[error("{}: {why}; what is read: {KNOWN}", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// What was found in it.
        why: String,
    },
}

/// Where an entry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, and the one within it where it is an archive.
    pub file: String,
    /// The number of the entry, from 1.
    pub number: usize,
}

/// Reads a file, and gives what is in it entry by entry to `each`, which may stop it with an error of its own. One
/// conversation at a time is in memory. Returns `each`'s error.
///
/// # Errors
/// The file cannot be read, or is none of what is read; what was read before stands.
pub fn read<E>(path: &Path, each: &mut dyn FnMut(Place, Entry) -> Result<(), E>) -> Result<Result<(), E>, ReadError> {
    let broken = |source: io::Error| ReadError::File { path: path.to_path_buf(), source };
    let unknown = |why: String| ReadError::Unknown { path: path.to_path_buf(), why };
    let mut file = File::open(path).map_err(broken)?;
    if file.metadata().map_err(broken)?.is_dir() {
        return Err(unknown("it is a folder: name the file in it".to_owned()));
    }
    let mut start = Vec::new();
    Read::by_ref(&mut file).take(16).read_to_end(&mut start).map_err(broken)?;
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    let shown = path.display().to_string();
    if start.starts_with(llm::MAGIC) {
        let mut number = 0;
        return llm::read(path, &mut |entry| {
            number += 1;
            each(Place { file: shown.clone(), number }, entry)
        })
        .map_err(unknown);
    }
    let mut n_known = 0;
    let mut counted = |place, entry: Entry| {
        n_known += usize::from(!matches!(entry, Entry::Other | Entry::Bad(_)));
        each(place, entry)
    };
    let done = if start.starts_with(ZIP) {
        archive(file, &shown, &mut counted).map_err(|error| {
            if let ZipError::Io(error) = error {
                broken(error)
            } else {
                unknown(format!("it is a ZIP file that cannot be read: {error}"))
            }
        })?
    } else {
        let looks_like_json = start.trim_ascii_start().first().is_none_or(|byte| b"[{\xef".contains(byte));
        if start.is_empty() || !looks_like_json {
            let what = if start.is_empty() { "it is empty" } else { "it is neither JSON, nor ZIP, nor SQLite" };
            return Err(unknown(what.to_owned()));
        }
        values(file, &shown, &mut counted).map_err(broken)?
    };
    if done.is_ok() && n_known == 0 {
        return Err(unknown("no entry in it is a conversation that is known here".to_owned()));
    }
    Ok(done)
}

/// Gives the values of one stream of JSON.
fn values<E>(
    input: impl Read,
    file: &str,
    each: &mut dyn FnMut(Place, Entry) -> Result<(), E>,
) -> io::Result<Result<(), E>> {
    let mut splitter = Splitter::new(input);
    let mut number = 0;
    while let Some(piece) = splitter.next()? {
        number += 1;
        if let Err(stop) = each(Place { file: file.to_owned(), number }, shape::entry(piece)) {
            return Ok(Err(stop));
        }
    }
    Ok(Ok(()))
}

/// Gives the values of all files of JSON in an archive, in the order of their names.
fn archive<E>(
    file: File,
    shown: &str,
    each: &mut dyn FnMut(Place, Entry) -> Result<(), E>,
) -> Result<Result<(), E>, ZipError> {
    let mut archive = ZipArchive::new(file)?;
    let mut names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    names.retain(|name| name.to_ascii_lowercase().ends_with(".json"));
    names.sort();
    for name in names {
        let place = format!("{shown}/{name}");
        let input = archive.by_name(&name)?;
        match values(input, &place, each) {
            Ok(Ok(())) => {}
            Ok(stop) => return Ok(stop),
            // One file that is damaged is not all of them.
            Err(error) => {
                if let Err(stop) = each(Place { file: place, number: 0 }, Entry::Bad(error.to_string())) {
                    return Ok(Err(stop));
                }
            }
        }
    }
    Ok(Ok(()))
}
