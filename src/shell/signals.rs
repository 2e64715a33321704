//! Signals: those that ask us to leave, and the stop and return of a job.

use std::io;

use futures_util::stream::Stream;
#[cfg(unix)]
use rustix::process::Signal as Raw;

/// How long a job may take to be stopped; one that cannot be goes on then.
#[cfg(unix)]
const STOPPED_BY: std::time::Duration = std::time::Duration::from_millis(300);

/// The exit code when the terminal is gone.
pub const HANGUP: u8 = 129;
/// The exit code when Ctrl+C came as a signal.
pub const INTERRUPT: u8 = 130;
/// The exit code when Ctrl+\ came as a signal.
pub const QUIT: u8 = 131;

/// Signals by which people and systems ask a program to leave.
#[cfg(unix)]
const LEAVING: [Raw; 4] = [Raw::HUP, Raw::INT, Raw::QUIT, Raw::TERM];

/// Signals that end a program which does not know them: it would leave the terminal's modes on.
#[cfg(unix)]
const ENDING: [Raw; 7] = [Raw::USR1, Raw::USR2, Raw::ALARM, Raw::VTALARM, Raw::PROF, Raw::XCPU, Raw::XFSZ];

/// What a signal asks of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// To leave, with this exit code: 128 and the signal's number.
    Leave(u8),
    /// To stop, from outside: a stop by a key is no signal in raw mode.
    Stop,
    /// To go on: the terminal may have been another's meanwhile.
    Continue,
}

/// Returns a stream of exit codes, one for each signal that asks us to leave.
///
/// # Errors
/// When signals can't be listened for.
#[cfg(unix)]
pub fn signals() -> io::Result<impl Stream<Item = u8> + Unpin> {
    listen(LEAVING.map(|signal| (signal, code_of(signal))))
}

/// Returns a stream of what signals ask of whoever has the terminal.
///
/// # Errors
/// When signals can't be listened for.
#[cfg(unix)]
pub fn signals_of_terminal() -> io::Result<impl Stream<Item = Signal> + Unpin> {
    let leaving = LEAVING.into_iter().chain(ENDING).map(|signal| (signal, Signal::Leave(code_of(signal))));
    listen(leaving.chain([(Raw::TSTP, Signal::Stop), (Raw::CONT, Signal::Continue)]))
}

/// Returns the exit code of a program that a signal has ended, as shells tell it.
#[cfg(unix)]
fn code_of(signal: Raw) -> u8 {
    u8::try_from(signal.as_raw()).unwrap_or_default().saturating_add(128)
}

/// Returns a stream of what stands beside each signal that comes.
#[cfg(unix)]
fn listen<T: Copy + Send + 'static>(
    meanings: impl IntoIterator<Item = (Raw, T)>,
) -> io::Result<impl Stream<Item = T> + Unpin> {
    use tokio::signal::unix::{SignalKind, signal};
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel();
    for (kind, meaning) in meanings {
        let mut signals = signal(SignalKind::from_raw(kind.as_raw()))?;
        let tx = tx.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if tx.send(meaning).is_err() {
                    return;
                }
            }
        });
    }
    Ok(futures_util::stream::poll_fn(move |ctx| rx.poll_recv(ctx)))
}

/// Returns a stream that never gives anything: raw mode delivers Ctrl+C as a key, and other signals do not exist here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn signals() -> io::Result<impl Stream<Item = u8> + Unpin> {
    Ok(futures_util::stream::pending())
}

/// Returns a stream that never gives anything, as [`signals`] does.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn signals_of_terminal() -> io::Result<impl Stream<Item = Signal> + Unpin> {
    Ok(futures_util::stream::pending())
}

/// Stops the job that we are in, and returns once it goes on.
///
/// The whole job is stopped, not this process alone: a shell waits for all of it, a wrapper script included. It is done
/// by the stop that nobody can ignore, as we listen to the other. So it is done only where somebody can continue us: a
/// shell with jobs gives each a group of its own, and in the group of the session's leader there is nobody above.
///
/// # Errors
/// When the signal can't be sent.
#[cfg(unix)]
pub async fn stop_job() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    // Listened for before the stop: another thread than this one may take the signal, a moment after it was sent.
    let mut continued = signal(SignalKind::from_raw(Raw::CONT.as_raw()))?;
    if stop_group()? {
        // Whether it came or the time ran out, we are running.
        let _ = tokio::time::timeout(STOPPED_BY, continued.recv()).await;
    }
    Ok(())
}

/// Stops our whole group where somebody can continue it; returns whether it was, and goes on now.
///
/// # Errors
/// When the signal can't be sent.
#[cfg(unix)]
pub fn stop_group() -> io::Result<bool> {
    let is_job = rustix::process::getpgrp() != rustix::process::getsid(None)?;
    if is_job {
        rustix::process::kill_current_process_group(Raw::STOP)?;
    }
    Ok(is_job)
}

/// Does nothing: there are no jobs here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub async fn stop_job() -> io::Result<()> {
    Ok(())
}

/// Does nothing: there are no jobs here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn stop_group() -> io::Result<bool> {
    Ok(false)
}
