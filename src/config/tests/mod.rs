//! Rows of config text and environment in, settings or problems out.

mod problems;
mod registry;

use std::path::Path;

use crate::config::env::Env;
use crate::config::resolve::{Outside, resolve};
use crate::config::settings::Settings;
use crate::domain::ids::ModelId;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::Secret;

/// Returns the settings of `text` in an environment of `variables`, or the problems as they are shown.
fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
    let env: Env = variables.iter().copied().collect();
    let outside =
        Outside { env: &env, key_command: &|_| Ok(Secret::new("from-command")), listed: &[], dialects: &Dialect::ALL };
    resolve(Some((Path::new("c.toml"), text)), &outside).map_err(|error| error.to_string())
}

fn ok(text: &str, variables: &[(&str, &str)]) -> Settings {
    read(text, variables).unwrap()
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    assert_eq!(read(text, &[("OPENAI_API_KEY", "k")]).map(|it| it.ensemble).unwrap_err(), expected, "{text}");
}

fn ensemble(settings: &Settings) -> String {
    settings.ensemble.iter().map(ModelId::as_str).collect::<Vec<_>>().join(" ")
}
