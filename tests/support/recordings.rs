//! Recorded answers of real services, where the folder that holds them is at hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Cases that are not expected to be read, and why.
const EXCEPTIONS: [(&str, &str); 6] = [
    ("bedrock/converse_stream_nova", "event-stream frames are not spoken"),
    ("bedrock/converse_stream_tool", "event-stream frames are not spoken"),
    ("bedrock/midstream_throttling_exception", "event-stream frames are not spoken"),
    ("ollama/native_chat_utf8", "its reasoning lacks the opening mark, which the other decoder takes for an answer"),
    ("ollama/native_generate", "/api/generate is never asked"),
    ("ollama/native_generate_utf8", "/api/generate is never asked"),
];

/// One recorded answer: its name, and what was recorded with what is expected of it.
pub(crate) type Case = (String, Value);

/// Returns all chat cases by name, none where they are not at hand, which is said, or fails where they are required;
/// embeddings and lists of models are `raw`.
pub(crate) fn cases() -> Vec<Case> {
    let Some(folder) = folder() else {
        let is_required = std::env::var("DISSENT_REQUIRE").is_ok_and(|names| names.split(',').any(|n| n == "wire"));
        assert!(!is_required, "the recordings are required and not at hand");
        println!("the recordings are not at hand: all of their cases are skipped");
        return Vec::new();
    };
    let mut cases = Vec::new();
    let entries = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    for file in entries(&folder).iter().filter(|path| path.is_dir()).flat_map(|folder| entries(folder)) {
        let case: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let folder = file.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
        if case["kind"] != "raw" {
            cases.push((format!("{folder}/{}", case["case"].as_str().unwrap()), case));
        }
    }
    cases.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert!(!cases.is_empty(), "no case was found in {}", folder.display());
    cases
}

fn folder() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    home.ancestors().map(|folder| folder.join("../shared/wire/cases")).find(|folder| folder.is_dir())
}

/// Says how many of the cases `are` as expected, and fails where one is not that is no exception.
pub(crate) fn count(are: &str, results: impl IntoIterator<Item = (String, Result<(), String>)>) {
    let exceptions: BTreeSet<&str> = EXCEPTIONS.iter().map(|(name, _)| *name).collect();
    let (mut n_cases, mut n_equal, mut failures) = (0, 0, Vec::new());
    for (name, result) in results {
        n_cases += 1;
        match result {
            Ok(()) => n_equal += 1,
            Err(why) if exceptions.contains(name.as_str()) => println!("excepted: {name}: {why}"),
            Err(why) => failures.push(format!("{name}: {why}")),
        }
    }
    println!("{n_equal} of {n_cases} recorded answers {are} as expected; exceptions: {EXCEPTIONS:?}");
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}
