//! What a person does, as the terminal reports it; can be paused while another program has the terminal.

use std::io;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::edge::clock;
use crate::ui::msg::Input;

/// The largest piece that is read at once: what a terminal holds for us is less.
#[cfg(unix)]
const MOST_READ: usize = 1 << 16;

/// The reader of the terminal.
#[derive(Debug)]
pub struct Inputs {
    events: UnboundedSender<io::Result<Input>>,
    running: Option<Running>,
}

/// A reader at work.
#[cfg(unix)]
#[derive(Debug)]
struct Running {
    thread: std::thread::JoinHandle<()>,
    /// Dropped, it ends the thread.
    stop: io::PipeWriter,
    sizes: tokio::task::JoinHandle<()>,
}

#[cfg(not(unix))]
type Running = tokio::task::JoinHandle<()>;

impl Inputs {
    /// Returns a reader that does not read yet; what comes in arrives on the receiver. A terminal that gives no more says
    /// so with an error of the kind `UnexpectedEof`.
    pub fn new() -> (Self, UnboundedReceiver<io::Result<Input>>) {
        let (events, receiver) = unbounded_channel();
        (Self { events, running: None }, receiver)
    }

    /// Stops reading, and returns once every byte that comes is another program's.
    pub async fn pause(&mut self) {
        let Some(running) = self.running.take() else { return };
        #[cfg(unix)]
        {
            drop(running.stop);
            running.sizes.abort();
            // It ends at once: it waits for nothing else than the terminal and for this.
            let _ = tokio::task::spawn_blocking(move || running.thread.join()).await;
        }
        #[cfg(not(unix))]
        {
            running.abort();
            // That it was aborted is no news.
            let _ = running.await;
        }
    }

    /// Reads, or reads again: first `typed`, which came before anyone read. Call it on a tokio runtime.
    ///
    /// # Errors
    /// When the system gives nothing to read with.
    #[cfg(unix)]
    pub fn resume(&mut self, typed: Vec<u8>) -> io::Result<()> {
        let (stopped, stop) = io::pipe()?;
        let events = self.events.clone();
        let thread = std::thread::Builder::new().name("keys".to_owned()).spawn(move || {
            let end = read(&typed, &stopped, &events);
            // Nobody listens any more: then nobody waits for more either.
            let _ = end.map_err(|error| events.send(Err(error)));
        })?;
        let mut changed = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::window_change())?;
        let events = self.events.clone();
        let sizes = tokio::spawn(async move {
            while changed.recv().await.is_some() {
                // A terminal that does not say its size is as large as it was.
                let Ok((width, height)) = crossterm::terminal::size() else { continue };
                if events.send(Ok(Input::Resize(width, height))).is_err() {
                    return;
                }
            }
        });
        self.running = Some(Running { thread, stop, sizes });
        Ok(())
    }

    /// Reads, or reads again, on the current tokio runtime.
    ///
    /// # Errors
    /// Never.
    #[cfg(not(unix))]
    pub fn resume(&mut self, _: Vec<u8>) -> io::Result<()> {
        use crossterm::event::{Event, EventStream, KeyEventKind};
        use futures_util::stream::StreamExt as _;
        let input = |event| match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => None,
            Event::Key(key) => Some(Input::Key(key)),
            Event::Paste(text) => Some(Input::Paste(text)),
            Event::Mouse(mouse) => Some(Input::Mouse(mouse)),
            Event::Resize(width, height) => Some(Input::Resize(width, height)),
            Event::FocusGained => Some(Input::Focus(true)),
            Event::FocusLost => Some(Input::Focus(false)),
        };
        let tx = self.events.clone();
        self.running = Some(tokio::spawn(async move {
            let mut events = EventStream::new();
            while let Some(event) = events.next().await {
                let Some(found) = event.map(input).transpose() else { continue };
                if tx.send(found).is_err() {
                    return;
                }
            }
            let _ = tx.send(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the terminal gives no more input")));
        }));
        Ok(())
    }
}

/// Reads standard input until it is stopped or nobody listens any more.
///
/// # Errors
/// When the terminal gives no more.
#[cfg(unix)]
fn read(typed: &[u8], stopped: &io::PipeReader, events: &UnboundedSender<io::Result<Input>>) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let now = clock::now;
    let stdin = rustix::stdio::stdin();
    let mut reader = crate::shell::reader::Reader::default();
    let mut buffer = vec![0; MOST_READ];
    let mut found = reader.take(typed, now());
    loop {
        for input in found.drain(..) {
            if events.send(Ok(input)).is_err() {
                return Ok(());
            }
        }
        let left = reader.deadline().map(|deadline| deadline.saturating_duration_since(now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        let mut waited = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
        match poll(&mut waited, left.as_ref()) {
            // A signal is no byte.
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        let [from_terminal, from_us] = waited.map(|fd| !fd.revents().is_empty());
        if from_us {
            return Ok(());
        }
        if from_terminal {
            let n_read = match rustix::io::read(stdin, &mut buffer) {
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => continue,
                read => read?,
            };
            let Some(bytes) = buffer.get(..n_read).filter(|bytes| !bytes.is_empty()) else {
                let gone = "the terminal gives no more input";
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, gone));
            };
            found = reader.take(bytes, now());
        } else {
            found = reader.expire(now());
        }
    }
}
