//! The terminal: whether there is one, how large, how many colours, and whether it takes UTF-8.

use crate::config::env::Env;
use crate::headless::doctor::Finding;

const AREA: &str = "terminal";

/// The least that the chat draws itself in.
const LEAST: (u16, u16) = (80, 24);

/// What was asked of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal<'a> {
    /// Whether input and output are one.
    pub is_there: bool,
    /// Columns and rows, where they are known.
    pub size: Option<(u16, u16)>,
    /// How many colours it has, in a few words.
    pub colors: &'a str,
}

/// Returns what is found of the terminal.
pub fn terminal(terminal: Terminal<'_>, env: &Env) -> Vec<Finding> {
    let name = env.get("TERM").unwrap_or("not set");
    let mut findings = Vec::new();
    if name == "dumb" {
        findings.push(Finding::fail(
            AREA,
            "TERM is dumb: the chat cannot draw",
            "use `dissent ask`, or another terminal",
        ));
    } else if !terminal.is_there {
        let advice = "run it in a terminal to have it looked at; `dissent ask` needs none";
        findings.push(Finding::warn(AREA, format!("input or output is no terminal (TERM {name})"), advice));
    } else {
        findings.push(Finding::fine(AREA, format!("TERM {name}, {}", terminal.colors)));
    }
    if let Some((columns, rows)) = terminal.size {
        let is_small = columns < LEAST.0 || rows < LEAST.1;
        let said = format!("{columns} columns, {rows} rows");
        findings.push(if is_small {
            let advice = format!("{} by {} and more shows columns side by side", LEAST.0, LEAST.1);
            Finding::warn(AREA, said, advice)
        } else {
            Finding::fine(AREA, said)
        });
    }
    if env.get("TMUX").is_some() {
        findings.push(Finding::fine(AREA, "inside tmux: `y` copies through `tmux load-buffer -w` (tmux 3.2 or newer)"));
    }
    findings.push(locale(env));
    findings
}

/// The locale that decides how characters are written: the first of the three variables that is set (POSIX).
fn locale(env: &Env) -> Finding {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| Some((name, env.get(name)?)));
    let Some((name, value)) = set else {
        return Finding::warn(AREA, "no locale is set", "set LANG=C.UTF-8 if signs look broken");
    };
    let lower = value.to_ascii_lowercase();
    if lower.contains("utf-8") || lower.contains("utf8") {
        Finding::fine(AREA, format!("{name} is {value}"))
    } else {
        Finding::warn(AREA, format!("{name} is {value}: no UTF-8"), "set LANG=C.UTF-8 if signs look broken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headless::doctor::Level;

    fn levels(is_there: bool, size: Option<(u16, u16)>, variables: &[(&str, &str)]) -> Vec<Level> {
        let seen = Terminal { is_there, size, colors: "24-bit colour" };
        terminal(seen, &variables.iter().copied().collect()).into_iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn what_the_chat_needs_is_looked_at() {
        let utf8 = [("TERM", "xterm-256color"), ("LANG", "de_DE.UTF-8")];
        assert_eq!(levels(true, Some((120, 40)), &utf8), [Level::Fine, Level::Fine, Level::Fine]);
        assert_eq!(levels(true, Some((60, 40)), &utf8), [Level::Fine, Level::Warn, Level::Fine]);
        assert_eq!(levels(false, None, &[("TERM", "xterm")]), [Level::Warn, Level::Warn]);
        assert_eq!(
            levels(true, None, &[("TERM", "dumb"), ("LC_ALL", "C"), ("LANG", "C.UTF-8")]),
            [Level::Fail, Level::Warn]
        );
        let tmux = [("TERM", "tmux-256color"), ("TMUX", "/tmp/x"), ("LC_CTYPE", "C.utf8")];
        assert_eq!(levels(true, None, &tmux), [Level::Fine; 3]);
    }
}
