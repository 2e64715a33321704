//! `dissent doctor`: looks at what asking stands on, line by line, and says what to do; nothing secret is in its output.

pub mod keys;
pub mod online;
pub mod places;
pub mod terminal;

use std::fmt;
use std::io::{self, Write};

use crate::consensus::plain::clean;
use crate::headless::exit::Exit;

/// Column at which what was found begins.
const AREA_WIDTH: usize = 9;

/// How good what was found is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Fine,
    /// It works, but not as well as it could, or not for everything.
    Warn,
    /// It does not work.
    Fail,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fine => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        })
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How good it is.
    pub level: Level,
    /// What was looked at, in one word.
    pub area: &'static str,
    /// What was found.
    pub said: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl Finding {
    /// Returns a finding with nothing to do.
    pub fn fine(area: &'static str, said: impl Into<String>) -> Self {
        Self { level: Level::Fine, area, said: said.into(), advice: None }
    }

    /// Returns a finding that is better mended.
    pub fn warn(area: &'static str, said: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Warn, area, said: said.into(), advice: Some(advice.into()) }
    }

    /// Returns a finding that has to be mended.
    pub fn fail(area: &'static str, said: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Fail, area, said: said.into(), advice: Some(advice.into()) }
    }
}

/// Writes the findings in order, a line each and one more for what to do; returns how it ended: well, but for a failure.
///
/// # Errors
/// Those of `out`.
pub fn write(findings: &[Finding], out: &mut impl Write) -> io::Result<Exit> {
    for finding in findings {
        writeln!(out, "{:<4}  {:<AREA_WIDTH$} {}", finding.level, finding.area, clean(&finding.said))?;
        if let Some(advice) = &finding.advice {
            writeln!(out, "      {:<AREA_WIDTH$} -> {}", "", clean(advice))?;
        }
    }
    let has_failed = findings.iter().any(|finding| finding.level == Level::Fail);
    Ok(if has_failed { Exit::Failed } else { Exit::Answered })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_finding_is_a_line_and_only_a_failure_fails() {
        let shown = |findings: &[Finding]| {
            let mut out = Vec::new();
            let exit = write(findings, &mut out).unwrap();
            (exit, String::from_utf8(out).unwrap())
        };
        let (exit, text) = shown(&[
            Finding::fine("config", "/a/config.toml: no errors"),
            Finding::warn("keys", "openai\u{1b}[0m: too short", "look at OPENAI_API_KEY"),
        ]);
        let expected = "ok    config    /a/config.toml: no errors\nwarn  keys      openai: too short\n                -> look at OPENAI_API_KEY\n";
        assert_eq!((exit, text.as_str()), (Exit::Answered, expected));
        assert_eq!(shown(&[Finding::fail("clock", "off", "set it")]).0, Exit::Failed);
    }
}
