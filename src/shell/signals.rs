//! Signals: those that ask us to leave, and the stop and return of a job.

use std::io;

use futures_util::stream::Stream;

/// How long a job may take to be stopped; one that cannot be goes on then.
#[cfg(unix)]
const STOPPED_BY: std::time::Duration = std::time::Duration::from_millis(300);

/// Returns a stream of exit codes, one for each signal that asks us to leave: 128 and the signal's number.
///
/// # Errors
/// When signals can't be listened for.
#[cfg(unix)]
pub fn signals() -> io::Result<impl Stream<Item = u8> + Unpin> {
    use tokio::signal::unix::{SignalKind, signal};
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel();
    for (kind, code) in [
        (SignalKind::hangup(), HANGUP),
        (SignalKind::interrupt(), INTERRUPT),
        (SignalKind::quit(), QUIT),
        (SignalKind::terminate(), 143),
    ] {
        let mut signals = signal(kind)?;
        let tx = tx.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if tx.send(code).is_err() {
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

/// The exit code when the terminal is gone.
pub const HANGUP: u8 = 129;
/// The exit code when Ctrl+C came as a signal.
pub const INTERRUPT: u8 = 130;
/// The exit code when Ctrl+\ came as a signal.
pub const QUIT: u8 = 131;

/// Stops the job that we are in, and returns once it goes on.
///
/// The whole job is stopped, not this process alone: a shell waits for all of it, a wrapper script included. Where
/// nobody could continue us the system lets the signal pass, and we go on after a moment.
///
/// # Errors
/// When the signal can't be sent.
#[cfg(unix)]
pub async fn stop_job() -> io::Result<()> {
    use rustix::process::{Signal, kill_current_process_group};
    use tokio::signal::unix::{SignalKind, signal};
    // Listened for before the stop: another thread than this one may take the signal, a moment after it was sent.
    let mut continued = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    kill_current_process_group(Signal::TSTP)?;
    // Whether it came or the time ran out, we are running.
    let _ = tokio::time::timeout(STOPPED_BY, continued.recv()).await;
    Ok(())
}

/// Does nothing: there are no jobs here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub async fn stop_job() -> io::Result<()> {
    Ok(())
}
