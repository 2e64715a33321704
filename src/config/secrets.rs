//! Asks a command for a key, and keeps what it said out of every message.

use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::provider::endpoint::Secret;

/// The most that is read of what a command prints: no key is as long.
const MOST_PRINTED: u64 = 1 << 16;

/// Runs a command in the system's shell for at most `patience`, and returns the first line that it prints, without white
/// space around it.
///
/// The command may ask for a password on the terminal. Its other output is dropped, as is its text in messages: either
/// may hold the key.
///
/// # Errors
/// Says what failed, without a word of the command or of its output.
pub fn key_from_command(typed: &str, patience: Duration) -> Result<Secret, String> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(shell);
    command.arg(flag).arg(typed).stdin(Stdio::inherit()).stdout(Stdio::piped()).stderr(Stdio::null());
    let not_run = |error: io::Error| format!("`api_key_command` could not be run: {}", error.kind());
    let mut child = command.spawn().map_err(not_run)?;
    let Some(stdout) = child.stdout.take() else { return Err("`api_key_command` printed nothing".to_owned()) };
    let (tx, printed) = channel();
    // Beside: what it started may keep its output open for ever.
    let read = move || {
        let mut bytes = Vec::new();
        let read = stdout.take(MOST_PRINTED).read_to_end(&mut bytes);
        let _ = tx.send(read.map(|_| bytes));
    };
    std::thread::Builder::new().name("key".to_owned()).spawn(read).map_err(not_run)?;
    let Some((printed, status)) = ended(&mut child, &printed, patience) else {
        // One that has ended meanwhile needs no ending.
        let _ = child.kill();
        let _ = child.wait();
        let time = patience.as_secs_f64();
        return Err(format!("`api_key_command` did not end within {time} s; run it by hand to see why"));
    };
    let printed = printed.map_err(not_run)?;
    let status = status.map_err(not_run)?;
    if !status.success() {
        return Err(format!("`api_key_command` failed with {status}; run it by hand to see why"));
    }
    let key = String::from_utf8_lossy(&printed).lines().next().unwrap_or_default().trim().to_owned();
    if key.is_empty() { Err("`api_key_command` printed nothing".to_owned()) } else { Ok(Secret::new(&key)) }
}

/// What a command printed.
type Printed = io::Result<Vec<u8>>;

/// How often a command is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Waits until a command has closed its output and ended, as one that has closed it may go on all the same; returns what
/// it printed and how it ended, `None` where it has not done both after `patience`.
fn ended(
    child: &mut Child,
    printed: &Receiver<Printed>,
    patience: Duration,
) -> Option<(Printed, io::Result<ExitStatus>)> {
    let mut said = None;
    let mut left = patience;
    loop {
        let look = LOOK.min(left);
        if let Some(printed) = said.take() {
            if let Some(status) = child.try_wait().transpose() {
                return Some((printed, status));
            }
            std::thread::sleep(look);
            said = Some(printed);
        } else {
            said = printed.recv_timeout(look).ok();
        }
        left = left.checked_sub(look).filter(|left| !left.is_zero())?;
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_command_that_does_not_end_is_ended_and_told() {
        for command in ["sleep 600", "sleep 600 & echo sk-secret", "echo sk-secret; exec >&-; sleep 600"] {
            let error = key_from_command(command, Duration::from_millis(50)).unwrap_err();
            assert_eq!(error, "`api_key_command` did not end within 0.05 s; run it by hand to see why");
        }
        // More than is read: it ends by the closed pipe.
        assert!(key_from_command("yes sk-secret", LONG).unwrap_err().contains("failed"));
    }

    #[test]
    fn the_first_line_is_the_key() {
        let key = |command: &str| key_from_command(command, LONG).map(|key| key.reveal().to_owned());
        assert_eq!(key("printf ' sk-1 \\nnotes'"), Ok("sk-1".to_owned()));
    }

    #[test]
    fn a_failure_shows_neither_the_command_nor_its_output() {
        for command in ["echo sk-secret; echo sk-secret >&2; exit 3", "true # sk-secret"] {
            let error = key_from_command(command, LONG).unwrap_err();
            assert!(error.contains("api_key_command") && !error.contains("sk-secret"), "{error}");
        }
    }
}
