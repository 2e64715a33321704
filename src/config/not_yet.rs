//! Settings that are understood and change nothing in this version: one list, of which the warning, the README and the
//! file that `config init` writes are made.

use crate::config::raw::Raw;
use crate::config::reader::At;

/// The lines between which the list stands in the README.
pub const MARKS: (&str, &str) =
    ("<!-- settings without effect: made from src/config/not_yet.rs -->", "<!-- end of settings without effect -->");

/// What stands over the list in the file that `config init` writes.
const HEADING: &str = "# --- read, and without effect in this version: you are told so when one is set ---";

/// A setting that changes nothing yet.
struct NotYet {
    /// As a person writes it.
    key: &'static str,
    /// What happens instead.
    effect: &'static str,
    /// Whether it was set to something else than what happens anyway.
    is_typed: fn(&Raw) -> bool,
}

const NOT_YET: [NotYet; 6] = [
    NotYet { key: "route", effect: "the whole ensemble is asked", is_typed: |raw| differs(raw.route.as_ref(), "all") },
    NotYet { key: "judge", effect: "no judge is asked", is_typed: |raw| differs(raw.judge.as_ref(), "none") },
    NotYet {
        key: "similarity",
        effect: "similarity is not measured",
        is_typed: |raw| differs(raw.similarity.as_ref(), "none"),
    },
    NotYet {
        key: "models.ID.strengths",
        effect: "no model is preferred for a kind of question",
        is_typed: |raw| raw.models.iter().any(|model| model.strengths.is_some()),
    },
    NotYet {
        key: "context.probe_local",
        effect: "no local server is looked for",
        is_typed: |raw| raw.context.probe_local.is_some(),
    },
    NotYet { key: "ui.links", effect: "links are opened by the key `o` alone", is_typed: |raw| raw.ui.links.is_some() },
];

fn differs(typed: Option<&At<String>>, usual: &str) -> bool {
    typed.is_some_and(|it| it.value != usual)
}

/// Returns a warning for each of them that was set.
pub(super) fn warnings(raw: &Raw) -> Vec<String> {
    let typed = NOT_YET.iter().filter(|it| (it.is_typed)(raw));
    typed.map(|it| format!("`{}` has no effect in this version: {}", it.key, it.effect)).collect()
}

/// Returns the list for the README, with the marks around it.
pub fn for_readme() -> String {
    let row = |it: &NotYet| format!("| `{}` | {} |", it.key, it.effect);
    let rows: Vec<String> = NOT_YET.iter().map(row).collect();
    format!("{}\n| setting | until then |\n| --- | --- |\n{}\n{}", MARKS.0, rows.join("\n"), MARKS.1)
}

/// Returns the list as comments, for the file that `config init` writes.
pub fn commented() -> String {
    let width = NOT_YET.iter().map(|it| it.key.len()).max().unwrap_or_default();
    let row = |it: &NotYet| format!("# {:width$}  {}", it.key, it.effect);
    format!("{HEADING}\n{}\n", NOT_YET.iter().map(row).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readme_and_the_written_config_hold_the_list() {
        let readme = include_str!("../../README.md");
        assert!(readme.contains(&for_readme()), "put this into README.md:\n{}", for_readme());
        let written = include_str!("../../assets/config.toml");
        assert!(written.contains(&commented()), "put this into assets/config.toml:\n{}", commented());
    }

    #[test]
    fn who_sets_one_is_told_and_who_sets_what_happens_anyway_is_not() {
        let all = "route = \"auto\"\njudge = \"m\"\nsimilarity = \"static\"\n[models.m]\nprovider = \"ollama\"\n\
                   model = \"m\"\nstrengths = [\"code\"]\n[context]\nprobe_local = true\n\
                   [ui]\nlinks = true\n";
        let (raw, problems) = Raw::read(all);
        assert!(problems.is_empty(), "{problems:?}");
        let told = warnings(&raw);
        assert_eq!(told.len(), NOT_YET.len(), "{told:?}");
        assert_eq!(told.first().unwrap(), "`route` has no effect in this version: the whole ensemble is asked");
        let (raw, _) = Raw::read("route = \"all\"\njudge = \"none\"\nsimilarity = \"none\"\n");
        assert!(warnings(&raw).is_empty());
    }
}
