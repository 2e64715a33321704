//! What the terminal says of itself: asked once at the start in one batch, and never waited for while keys are read.

use std::io;
use std::time::Duration;

use crate::ui::theme::Background;

/// The colour of the background (OSC 11), the state of kitty's keys, and last what every terminal answers (DA1), so that
/// its answer says that the others will not come any more.
pub const QUESTIONS: &str = "\x1b]11;?\x1b\\\x1b[?u\x1b[c";
/// The background alone: it may change while we run.
pub const BACKGROUND: &str = "\x1b]11;?\x1b\\";

/// How long the answers may take, the first frame being there already; keys wait as long. A terminal that is farther away
/// answers into the keys, whose reader knows it.
pub const PATIENCE: Duration = Duration::from_millis(100);

/// What the terminal said, and what came besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Whether the background is light or dark, where it told.
    pub background: Option<Background>,
    /// Whether it knows kitty's keys.
    pub has_kitty_keys: bool,
    /// Whether the last answer came: no more will.
    pub is_complete: bool,
    /// Bytes that are no answers: what a person typed meanwhile.
    pub typed: Vec<u8>,
}

impl Answers {
    /// Reads what came from the terminal so far.
    pub fn read(bytes: &[u8]) -> Self {
        let mut answers = Self::default();
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            if let Some((body, after)) = osc(rest) {
                answers.background = body.strip_prefix("11;").and_then(Background::of_answer).or(answers.background);
                rest = after;
            } else if let Some((end, after)) = csi_question(rest) {
                answers.has_kitty_keys |= end == b'u';
                answers.is_complete |= end == b'c';
                rest = after;
            } else {
                answers.typed.push(*first);
                rest = tail;
            }
        }
        answers
    }
}

/// Returns the body of an operating system command at the start of `bytes`, and what follows it.
fn osc(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let body = bytes.strip_prefix(b"\x1b]")?;
    let end = body.iter().position(|byte| *byte == 0x07 || *byte == 0x1b)?;
    let (body, after) = body.split_at(end);
    let after = after.strip_prefix(b"\x07").or_else(|| after.strip_prefix(b"\x1b\\"))?;
    Some((std::str::from_utf8(body).ok()?, after))
}

/// Returns the last byte of a `CSI ?` answer at the start of `bytes`, and what follows it.
fn csi_question(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let body = bytes.strip_prefix(b"\x1b[?")?;
    let end = body.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';'))?;
    let (last, after) = body.get(end..)?.split_first()?;
    Some((*last, after))
}

/// Reads answers from standard input, in raw mode, until the last one is there or the time is over.
///
/// # Errors
/// When the terminal is gone.
#[cfg(unix)]
pub fn wait() -> io::Result<Answers> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = rustix::stdio::stdin();
    let started = tokio::time::Instant::now();
    let mut bytes = Vec::new();
    let mut answers = Answers::default();
    while !answers.is_complete {
        let Ok(left) = Timespec::try_from(PATIENCE.saturating_sub(started.elapsed())) else { break };
        match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&left)) {
            // Whatever else comes, such as a paste without an end, is for the reader of the keys.
            Ok(0) => break,
            // A resized window interrupts; what is left of the time still counts.
            Err(rustix::io::Errno::INTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut buffer = [0; 1024];
        let n_read = rustix::io::read(stdin, &mut buffer)?;
        if n_read == 0 {
            break;
        }
        bytes.extend(buffer.iter().take(n_read));
        answers = Answers::read(&bytes);
    }
    Ok(answers)
}

/// Knows nothing of the terminal: it cannot be asked here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn wait() -> io::Result<Answers> {
    Ok(Answers::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &str, background: Option<Background>, has_kitty_keys: bool, is_complete: bool, typed: &str) {
        let expected = Answers { background, has_kitty_keys, is_complete, typed: typed.into() };
        assert_eq!(Answers::read(bytes.as_bytes()), expected, "{bytes:?}");
    }

    #[test]
    fn answers_are_told_from_what_is_typed() {
        let light = Some(Background::Light);
        check("\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?0u\x1b[?62;22c", light, true, true, "");
        check("\x1b]11;rgb:ff/ff/ff\x07\x1b[?6c", light, false, true, "");
        check("why\x1b[?1;2c?\r", None, false, true, "why?\r");
        check("\x1b[A", None, false, false, "\x1b[A");
        check("", None, false, false, "");
    }

    #[test]
    fn half_an_answer_is_not_complete() {
        let whole = "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[?62c";
        for cut in 0..whole.len() {
            assert!(!Answers::read(&whole.as_bytes()[..cut]).is_complete, "{cut}");
        }
        check(whole, Some(Background::Dark), false, true, "");
    }
}
