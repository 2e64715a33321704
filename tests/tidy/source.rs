//! The sources as the other checks read them: each file with its room, and its product code without tests and comments.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of `src`.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// The folder under `src`, or the file's own name there.
    pub(crate) room: String,
    /// The path as code names it, such as `ui::text::line`.
    pub(crate) module: String,
    pub(crate) text: String,
}

impl Source {
    /// Returns whether the file holds nothing but tests.
    pub(crate) fn is_tests(&self) -> bool {
        self.module.split("::").any(|part| ["tests", "properties"].contains(&part))
    }

    /// Returns the lines of the product, comments included: all but the items under `#[cfg(test)]`.
    pub(crate) fn product(&self) -> Vec<&str> {
        if self.is_tests() { Vec::new() } else { without_tests(&self.text) }
    }

    /// Returns the product code, without comments.
    pub(crate) fn code(&self) -> String {
        let product = self.product();
        product.into_iter().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    }
}

/// Returns the lines of `text` without the items that only tests have, wherever they stand. It reads what rustfmt
/// writes: an item ends on its first line, or with a brace as far in as it began.
pub(crate) fn without_tests(text: &str) -> Vec<&str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut kept = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let attribute = line.trim_start();
        if !(attribute.starts_with("#[cfg(test)]") || attribute.starts_with("#[cfg(all(test")) {
            kept.push(line);
            continue;
        }
        let depth = indent(line);
        let head = lines.by_ref().find(|line| !line.trim_start().starts_with("#["));
        let is_one_line = head.is_none_or(|head| head.ends_with([';', '}', ',']));
        if !is_one_line {
            lines.by_ref().find(|line| indent(line) == depth && line.trim_start().starts_with('}'));
        }
    }
    kept
}

/// Reads every file of `src`.
pub(crate) fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let inside = path.strip_prefix(&root).unwrap().with_extension("");
                let mut parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                if parts.len() > 1 && parts.last().is_some_and(|last| last == "mod") {
                    parts.pop();
                }
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { room: parts[0].clone(), module: parts.join("::"), path, text });
            }
        }
    }
    assert!(found.len() > 30, "the sources were not found");
    found
}

#[test]
fn only_tests_are_left_out_wherever_they_stand() {
    let text = "use a;\n#[cfg(test)]\nmod tests;\n\nfn b() {}\n#[cfg(test)]\n#[path = \"x\"]\nmod c {\n    fn d() {\n    }\n}\n\
                impl E {\n    #[cfg(all(test, unix))]\n    pub fn f() {\n    }\n\n    fn g() {}\n}\n";
    let expected = ["use a;", "", "fn b() {}", "impl E {", "", "    fn g() {}", "}"];
    assert_eq!(without_tests(text), expected);
}
