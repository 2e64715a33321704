//! Writes to the terminal on a thread of its own: one that stops reading must not keep us from hearing signals and keys.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What leaves in order, each piece in one go.
#[derive(Clone, Debug)]
pub struct Pen {
    pieces: Sender<Vec<u8>>,
    state: Arc<State>,
}

/// What both sides know.
#[derive(Debug, Default)]
struct State {
    written: Mutex<Written>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Written {
    /// Pieces that have not left.
    n_waiting: usize,
    /// Why nothing more can be written.
    failure: Option<io::ErrorKind>,
}

impl State {
    fn written(&self) -> MutexGuard<'_, Written> {
        // A count and a word are whole, whoever panicked.
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pen {
    /// Starts the thread that writes what it is given, by `write`.
    ///
    /// # Errors
    /// When the system gives no further thread.
    pub fn start(write: impl FnMut(&[u8]) -> io::Result<()> + Send + 'static) -> io::Result<Self> {
        let (pieces, waiting) = channel();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::Builder::new().name("pen".to_owned()).spawn(move || serve(&waiting, &shared, write))?;
        Ok(Self { pieces, state })
    }

    /// Gives a piece away and returns at once.
    ///
    /// # Errors
    /// When the terminal is gone: an earlier piece could not be written.
    pub fn write(&self, piece: Vec<u8>) -> io::Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        let mut written = self.state.written();
        if let Some(failure) = written.failure {
            return Err(failure.into());
        }
        written.n_waiting += 1;
        // The thread ends with the last pen.
        let _ = self.pieces.send(piece);
        Ok(())
    }

    /// Returns whether something has not left yet.
    pub fn is_busy(&self) -> bool {
        self.state.written().n_waiting > 0
    }

    /// Waits until everything has left, but no longer than `patience`; returns whether it has.
    pub fn settle(&self, patience: Duration) -> bool {
        let is_busy = |written: &mut Written| written.n_waiting > 0;
        let waited = self.state.changed.wait_timeout_while(self.state.written(), patience, is_busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

fn serve(waiting: &Receiver<Vec<u8>>, state: &State, mut write: impl FnMut(&[u8]) -> io::Result<()>) {
    while let Ok(piece) = waiting.recv() {
        // What follows a failure is nobody's.
        let earlier = state.written().failure;
        let failure = earlier.or_else(|| write(&piece).err().map(|error| error.kind()));
        let mut written = state.written();
        written.n_waiting -= 1;
        written.failure = failure;
        state.changed.notify_all();
    }
}

/// Writes all of `bytes` to standard output, past the buffer and the lock that others may hold.
///
/// # Errors
/// When the terminal is gone.
#[cfg(unix)]
pub(super) fn to_stdout(mut bytes: &[u8]) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdout = rustix::stdio::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(stdout, bytes) {
            Ok(n_bytes) => bytes = bytes.get(n_bytes..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            // Somebody who shares the terminal with us has made it return at once.
            Err(rustix::io::Errno::AGAIN) => {
                let _ = poll(&mut [PollFd::new(&stdout, PollFlags::OUT)], None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Writes all of `bytes` to standard output.
///
/// # Errors
/// When the terminal is gone.
#[cfg(not(unix))]
pub(super) fn to_stdout(bytes: &[u8]) -> io::Result<()> {
    use io::Write as _;
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_leave_whole_and_in_order() {
        let (tx, left) = channel();
        let pen = Pen::start(move |piece| tx.send(piece.to_vec()).map_err(io::Error::other)).unwrap();
        for piece in ["one", "", "two"] {
            pen.write(piece.into()).unwrap();
        }
        assert!(pen.settle(Duration::from_secs(60)) && !pen.is_busy());
        assert_eq!(left.try_iter().collect::<Vec<_>>(), [b"one", b"two"]);
    }

    #[test]
    fn nobody_waits_for_a_terminal_that_does_not_read() {
        let (let_go, held) = channel::<()>();
        let pen = Pen::start(move |_| held.recv().map_err(io::Error::other)).unwrap();
        pen.write(b"one".to_vec()).unwrap();
        assert!(pen.is_busy() && !pen.settle(Duration::from_millis(1)));
        let_go.send(()).unwrap();
        assert!(pen.settle(Duration::from_secs(60)));
    }

    #[test]
    fn a_terminal_that_is_gone_is_told_to_who_writes_next() {
        let pen = Pen::start(|_| Err(io::ErrorKind::BrokenPipe.into())).unwrap();
        pen.write(b"one".to_vec()).unwrap();
        assert!(pen.settle(Duration::from_secs(60)));
        assert_eq!(pen.write(b"two".to_vec()).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
