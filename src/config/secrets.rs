//! Asks a command for a key, and keeps what it said out of every message.

use std::process::{Command, Stdio};

use crate::provider::endpoint::Secret;

/// Runs `command` in the system's shell and returns the first line that it prints, without white space around it.
///
/// The command may ask for a password on the terminal. Its other output is dropped, as is its text in messages: either
/// may hold the key.
///
/// # Errors
/// Says what failed, without a word of the command or of its output.
pub fn key_from_command(command: &str) -> Result<Secret, String> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let output = Command::new(shell).arg(flag).arg(command).stdin(Stdio::inherit()).stderr(Stdio::null()).output();
    let output = output.map_err(|error| format!("`api_key_command` could not be run: {}", error.kind()))?;
    if !output.status.success() {
        return Err(format!("`api_key_command` failed with {}; run it by hand to see why", output.status));
    }
    let key = String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().trim().to_owned();
    if key.is_empty() { Err("`api_key_command` printed nothing".to_owned()) } else { Ok(Secret::new(&key)) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_key() {
        let key = |command: &str| key_from_command(command).map(|key| key.reveal().to_owned());
        assert_eq!(key("printf ' sk-1 \\nnotes'"), Ok("sk-1".to_owned()));
    }

    #[test]
    fn a_failure_shows_neither_the_command_nor_its_output() {
        for command in ["echo sk-secret; echo sk-secret >&2; exit 3", "true # sk-secret"] {
            let error = key_from_command(command).unwrap_err();
            assert!(error.contains("api_key_command") && !error.contains("sk-secret"), "{error}");
        }
    }
}
