//! Keeps the house as ARCHITECTURE.md draws it: which room may import which, how files begin and how long they get.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import.
const IMPORTS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("edge", &[]),
    ("net", &[]),
    ("provider", &["domain"]),
    ("consensus", &["domain"]),
    ("config", &["domain", "provider"]),
    ("dispatch", &["domain", "net", "provider"]),
    ("analyst", &["domain", "consensus"]),
    ("demo", &["edge", "domain", "provider"]),
    ("store", &["domain"]),
    ("recording", &["domain"]),
    ("export", &["domain", "consensus"]),
    ("round", &["domain", "net", "provider", "dispatch", "consensus", "analyst", "store", "recording"]),
    ("ui", &["domain", "consensus"]),
    ("shell", &["domain", "net", "provider", "dispatch", "consensus", "analyst", "store", "recording", "round", "ui"]),
    (
        "headless",
        &[
            "edge",
            "domain",
            "net",
            "provider",
            "dispatch",
            "consensus",
            "analyst",
            "store",
            "recording",
            "round",
            "config",
        ],
    ),
    // The edges put everything together.
    ("cli", &["*"]),
    ("setup", &["*"]),
    ("main", &["*"]),
    ("lib", &["*"]),
];

/// Words that must not appear in rooms that know no clock, file or socket.
const PURE: &[&str] = &["domain", "provider", "consensus", "ui"];
const IMPURE: &[&str] =
    &["Instant::now", "SystemTime::now", "std::fs", "std::net", "std::env", "tokio::", ".await", "std::process"];

/// Lines of a file before its tests.
const MOST_LINES: usize = 400;

struct Source {
    path: PathBuf,
    room: String,
    text: String,
}

impl Source {
    /// Returns whether the file holds nothing but tests.
    fn is_tests(&self) -> bool {
        let is_tests = |part: &std::ffi::OsStr| ["tests", "tests.rs", "properties.rs"].iter().any(|name| part == *name);
        self.path.components().any(|part| is_tests(part.as_os_str()))
    }

    /// Returns the product code: what stands before the file's tests, without comments.
    fn code(&self) -> String {
        let product = self.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let inside = path.strip_prefix(&root).unwrap();
                let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { room: first.trim_end_matches(".rs").to_owned(), path, text });
            }
        }
    }
    assert!(found.len() > 30, "the sources were not found");
    found
}

/// Returns the rooms that `code` names in `crate::` paths.
fn rooms_named(code: &str) -> Vec<String> {
    let after = code.split("crate::").skip(1);
    after.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned()).collect()
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let table: BTreeMap<_, _> = IMPORTS.iter().copied().collect();
    let mut offences = Vec::new();
    for source in sources() {
        let allowed = table.get(source.room.as_str()).unwrap_or_else(|| panic!("{} is not in the table", source.room));
        for room in rooms_named(&source.code()) {
            let is_fine = room == source.room || allowed.contains(&"*") || allowed.contains(&room.as_str());
            if !is_fine && table.contains_key(room.as_str()) {
                offences.push(format!("{} imports {room}", source.path.display()));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn pure_rooms_know_no_clock_file_or_socket() {
    let mut offences = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.room.as_str())) {
        let code = source.code();
        for word in IMPURE.iter().filter(|word| code.contains(**word)) {
            offences.push(format!("{} has `{word}`", source.path.display()));
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in sources() {
        let first = source.text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 12, "{} opens with {first:?}", source.path.display());
    }
}

#[test]
fn files_stay_small() {
    for source in sources() {
        let product = source.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let n_lines = product.lines().count();
        assert!(
            source.is_tests() || n_lines <= MOST_LINES,
            "{} has {n_lines} lines before its tests",
            source.path.display()
        );
    }
}

#[test]
fn the_map_names_every_room() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    for (room, _) in IMPORTS.iter().filter(|(room, _)| !["main", "lib"].contains(room)) {
        assert!(map.contains(&format!("`{room}`")), "ARCHITECTURE.md does not name `{room}`");
    }
}
