//! Which room may import which: the table here, the map in ARCHITECTURE.md and the code say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::source::{Source, sources};

/// Each room with the rooms that it imports, none of which stands below it: so there are no circles.
const IMPORTS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("edge", &[]),
    ("net", &[]),
    ("provider", &["domain"]),
    ("consensus", &["domain"]),
    ("config", &["domain", "provider"]),
    ("dispatch", &["domain", "net", "provider"]),
    ("analyst", &["consensus"]),
    ("demo", &["domain", "edge", "provider"]),
    ("figures", &["domain"]),
    ("store", &["domain", "edge", "figures"]),
    ("recording", &["domain", "edge"]),
    ("export", &["consensus", "domain"]),
    ("import", &["domain", "recording"]),
    ("round", &["analyst", "consensus", "dispatch", "domain", "edge", "provider", "recording", "store"]),
    ("ui", &["consensus", "domain", "figures"]),
    ("shell", &["consensus", "dispatch", "domain", "edge", "figures", "provider", "recording", "round", "store", "ui"]),
    (
        "headless",
        &["config", "consensus", "dispatch", "domain", "edge", "figures", "provider", "recording", "round", "store"],
    ),
    // The edges put everything together.
    ("cli", &["all"]),
    ("setup", &["all"]),
    ("lib", &["all"]),
    ("main", &["all"]),
];

/// The most files of one room that import each other in a circle, where any do. The numbers may only fall.
const CIRCLES: &[(&str, usize)] = &[
    ("config", 2),
    ("consensus", 12),
    ("dispatch", 2),
    ("domain", 6),
    ("headless", 2),
    ("net", 3),
    ("provider", 2),
    ("shell", 3),
    ("store", 3),
    ("ui", 28),
];

/// Returns the paths behind each `crate::`, as far as they are written out.
fn paths_named(code: &str) -> Vec<&str> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    code.split("crate::").skip(1).map(|rest| rest.split(|c| !is_path(c)).next().unwrap()).collect()
}

/// Returns the rooms that each room names.
fn rooms_named(sources: &[Source]) -> BTreeMap<&str, BTreeSet<String>> {
    let rooms: BTreeSet<&str> = IMPORTS.iter().map(|(room, _)| *room).collect();
    let mut named = BTreeMap::<&str, BTreeSet<String>>::new();
    for source in sources {
        let code = source.code();
        let found = paths_named(&code).into_iter().filter_map(|path| path.split("::").next());
        let others = found.filter(|room| rooms.contains(room) && *room != source.room).map(str::to_owned);
        named.entry(&source.room).or_default().extend(others);
    }
    named
}

#[test]
fn rooms_import_what_the_table_says_and_nothing_else() {
    let sources = sources();
    let named = rooms_named(&sources);
    let table: BTreeMap<_, _> = IMPORTS.iter().copied().collect();
    for (room, found) in &named {
        let allowed = table.get(room).unwrap_or_else(|| panic!("{room} is not in the table"));
        if !allowed.contains(&"all") {
            let found: Vec<&str> = found.iter().map(String::as_str).collect();
            assert_eq!(&found, allowed, "what {room} imports, and what the table says");
        }
    }
    assert_eq!(named.len(), IMPORTS.len(), "a room of the table has no file");
}

#[test]
fn no_room_imports_one_that_stands_below_it() {
    for (at, (room, allowed)) in IMPORTS.iter().enumerate() {
        let above: Vec<&str> = IMPORTS[..at].iter().map(|(room, _)| *room).collect();
        assert!(allowed.iter().all(|other| *other == "all" || above.contains(other)), "{room}: {allowed:?}");
    }
}

#[test]
fn the_map_says_what_the_table_says() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let mut drawn = BTreeMap::new();
    for row in map.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [rooms, purpose, imports] = cells[..] else { continue };
        assert!(purpose.len() > 12, "{rooms} has no purpose");
        let imports: Vec<&str> = imports.split(", ").filter(|room| *room != "-").collect();
        drawn.extend(rooms.split(", ").map(|room| (room.trim_matches('`').to_owned(), imports.clone())));
    }
    for (room, allowed) in IMPORTS.iter().filter(|(room, _)| !["main", "lib"].contains(room)) {
        let imports = drawn.get(*room).unwrap_or_else(|| panic!("ARCHITECTURE.md does not name `{room}`"));
        assert_eq!(&imports[..], *allowed, "what `{room}` may import by ARCHITECTURE.md");
    }
}

#[test]
fn a_path_is_written_out_so_that_it_can_be_read() {
    for source in sources() {
        let code = source.code();
        for hidden in ["crate::{", "super::super", "use std::{", "use tokio::{", "crate::*"] {
            assert!(!code.contains(hidden), "{} has `{hidden}`", source.path.display());
        }
    }
}

#[test]
fn circles_of_files_do_not_grow() {
    let sources = sources();
    let mut imports = BTreeMap::<String, BTreeSet<String>>::new();
    for source in sources.iter().filter(|source| !source.is_tests()) {
        imports.entry(source.module.clone()).or_default();
    }
    let modules: BTreeSet<String> = imports.keys().cloned().collect();
    for source in sources.iter().filter(|source| !source.is_tests()) {
        let code = source.code();
        let found = paths_named(&code).into_iter().filter_map(|path| module_of(path, &modules));
        let others = found.filter(|module| *module != source.module).map(str::to_owned);
        imports.entry(source.module.clone()).or_default().extend(others);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        imports.keys().map(|module| (module.as_str(), reach(module, &imports))).collect();
    let mut largest = BTreeMap::<&str, usize>::new();
    for (module, others) in &reached {
        let circle = others.iter().filter(|other| reached[*other].contains(module)).count();
        let most = largest.entry(module.split("::").next().unwrap()).or_default();
        *most = (*most).max(circle);
    }
    let table: BTreeMap<&str, usize> = CIRCLES.iter().copied().collect();
    for (room, most) in largest {
        let allowed = table.get(room).copied().unwrap_or_default();
        assert!(most <= allowed, "{most} files of {room} import each other in a circle, at most {allowed} may");
        assert!(allowed == 0 || most > 0, "no files of {room} import each other any more: strike it from the table");
    }
}

/// Returns the file that a path leads into.
fn module_of<'p>(path: &'p str, modules: &BTreeSet<String>) -> Option<&'p str> {
    let mut path = path.trim_end_matches(':');
    while !modules.contains(path) {
        path = path.rsplit_once("::")?.0;
    }
    Some(path)
}

/// Returns all that `module` imports, and what that imports; itself only where a circle leads back.
fn reach<'m>(module: &'m str, imports: &'m BTreeMap<String, BTreeSet<String>>) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    let mut next = vec![module];
    while let Some(module) = next.pop() {
        next.extend(imports[module].iter().map(String::as_str).filter(|other| found.insert(*other)));
    }
    found
}
