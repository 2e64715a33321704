//! The variables that hold keys: kept from the programs that we start for a person, who may run on and on.

use std::process::Command;
use std::sync::Arc;

/// How the names of such variables end, whoever set them.
const ENDINGS: [&str; 2] = ["_API_KEY", "_AUTH_TOKEN"];

/// The names of variables that hold keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets(Arc<[String]>);

impl Secrets {
    /// Returns those with these names, besides all that are called keys.
    pub fn named(names: &[String]) -> Self {
        Self(names.into())
    }

    /// Takes them out of what `command` will get.
    pub(crate) fn keep_from(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if self.0.iter().any(|secret| *secret == text) || ENDINGS.iter().any(|ending| text.ends_with(ending)) {
                command.env_remove(&name);
            }
        }
    }
}
