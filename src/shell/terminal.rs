//! The terminal: opened, painted one frame a write, and always given back as it was.

use std::cell::RefCell;
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};

use crossterm::event::{Event, EventStream};
use crossterm::style::force_color_output;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use futures_util::stream::{Stream, StreamExt};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::ui::app::App;
use crate::ui::theme::Depth;
use crate::ui::view::{reflow, view};

/// Alternate screen, bracketed paste.
const OPEN: &str = "\x1b[?1049h\x1b[?2004h\x1b[2J";
/// Buttons, drags and the wheel, in coordinates without a limit; never bare movement.
pub(crate) const MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
/// The same left to the terminal.
pub(crate) const MOUSE_OFF: &str = "\x1b[?1000l\x1b[?1002l\x1b[?1006l";
/// Everything that we or a crash may have left on, switched off. Idempotent; the same for every way out.
pub const RESTORE: &str = "\x1b[?2026l\x1b[?2004l\x1b[?1004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1049l\
                           \x1b[0 q\x1b[?25h\x1b[0m";
/// Frames of terminals that know it appear at once (synchronized output, mode 2026); others ignore it.
const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// Something that frames can be drawn on.
pub trait Glass {
    /// Draws the app; only what changed is written.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn draw(&mut self, app: &mut App) -> io::Result<()>;

    /// Forgets what is on the screen, so that the next frame writes every cell.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn forget(&mut self) -> io::Result<()>;

    /// Sends bytes that are no cells, such as text for the clipboard.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// The real terminal; given back when dropped.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<FrameBuffer>>,
    frame: FrameBuffer,
    complaints: Receiver<String>,
}

/// Collects a frame, so that it leaves in one write.
#[derive(Clone, Debug, Default)]
pub struct FrameBuffer(Rc<RefCell<Vec<u8>>>);

impl Write for FrameBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FrameBuffer {
    /// Writes what was collected to the terminal, as one frame.
    fn commit(&self) -> io::Result<()> {
        let mut collected = self.0.borrow_mut();
        if collected.is_empty() {
            return Ok(());
        }
        let mut frame = Vec::with_capacity(collected.len() + BEGIN_FRAME.len() + END_FRAME.len());
        frame.extend_from_slice(BEGIN_FRAME);
        frame.append(&mut collected);
        frame.extend_from_slice(END_FRAME);
        let mut stdout = io::stdout().lock();
        stdout.write_all(&frame)?;
        stdout.flush()
    }
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When it can't be put into raw mode.
    pub fn open(has_mouse: bool) -> io::Result<Self> {
        // Where NO_COLOR is set, crossterm would write empty colour codes that reset bold and underline; the mono theme
        // has no colours to begin with.
        force_color_output(true);
        enable_raw_mode()?;
        let (complaint_tx, complaints) = channel();
        install_panic_hook(complaint_tx);
        let mut stdout = io::stdout().lock();
        stdout.write_all(OPEN.as_bytes())?;
        if has_mouse {
            stdout.write_all(MOUSE.as_bytes())?;
        }
        stdout.flush()?;
        drop(stdout);
        let frame = FrameBuffer::default();
        let terminal = Terminal::new(CrosstermBackend::new(frame.clone()))?;
        Ok(Self { terminal, frame, complaints })
    }

    /// Returns width and height in cells.
    ///
    /// # Errors
    /// When the terminal does not say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Gives the terminal back; returns what went wrong behind the screen.
    pub fn close(self) -> Vec<String> {
        restore();
        self.complaints.try_iter().collect()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

impl Glass for Screen {
    fn draw(&mut self, app: &mut App) -> io::Result<()> {
        draw(&mut self.terminal, app)?;
        self.frame.commit()
    }

    fn forget(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()
    }
}

/// Draws the app on any terminal.
///
/// # Errors
/// What the terminal's backend says.
pub fn draw<B: ratatui::backend::Backend>(terminal: &mut Terminal<B>, app: &mut App) -> Result<(), B::Error> {
    terminal.draw(|frame| {
        let area = frame.area();
        app.size = (area.width, area.height);
        reflow(app);
        let painted = view(app, area, frame.buffer_mut());
        app.work.rows_painted += painted.n_rows;
        if let Some(position) = painted.cursor {
            frame.set_cursor_position(position);
        }
    })?;
    Ok(())
}

/// Gives the terminal back, as far as it is still there.
fn restore() {
    // There is nobody left to tell when the terminal itself is gone.
    let _ = disable_raw_mode();
    let mut stdout = io::stdout();
    let _ = stdout.write_all(RESTORE.as_bytes());
    let _ = stdout.flush();
}

/// A panic of the loop gives the terminal back before its report is printed. One in a task costs that task alone: the
/// screen stays, and the report waits until it is closed.
fn install_panic_hook(complaints: Sender<String>) {
    let loop_thread = std::thread::current().id();
    let report: Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send> = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == loop_thread {
            restore();
            report(info);
        } else {
            let place = info.location().map_or_else(String::new, |place| format!(" at {place}"));
            // The receiver is gone once the screen is closed: then nobody asks any more.
            let _ = complaints.send(format!("a task panicked{place}; please report this"));
        }
    }));
}

/// Returns how many colours the terminal shows, from its environment.
pub fn depth() -> Depth {
    let variable = |name| std::env::var(name).unwrap_or_default();
    let (term, color_term) = (variable("TERM"), variable("COLORTERM"));
    if !variable("NO_COLOR").is_empty() || term == "dumb" {
        Depth::Mono
    } else if color_term == "truecolor" || color_term == "24bit" || term.ends_with("-direct") {
        Depth::True
    } else if term.contains("256color") {
        Depth::Ansi256
    } else {
        Depth::Ansi16
    }
}

/// Returns the theme for the background that `COLORFGBG` names, dark where it is not set.
pub fn default_theme() -> &'static str {
    let colors = std::env::var("COLORFGBG").unwrap_or_default();
    match colors.rsplit(';').next() {
        Some("7" | "15") => "paper",
        Some(_) | None => "ink",
    }
}

/// Returns what a person does, as it comes in; it ends when the terminal gives no more.
///
/// A task of its own reads the terminal: crossterm's stream remembers the first waker that it is polled with, so it must
/// never be polled just to see whether something is there.
pub fn inputs() -> UnboundedReceiver<io::Result<Event>> {
    let (tx, rx) = unbounded_channel();
    tokio::spawn(async move {
        let mut events = EventStream::new();
        while let Some(event) = events.next().await {
            if tx.send(event).is_err() {
                return;
            }
        }
    });
    rx
}

/// Returns a stream of exit codes, one for each signal that asks us to leave: 128 and the signal's number.
///
/// # Errors
/// When signals can't be listened for.
#[cfg(unix)]
pub fn signals() -> io::Result<impl Stream<Item = u8> + Unpin> {
    use tokio::signal::unix::{SignalKind, signal};
    let (tx, mut rx) = unbounded_channel();
    for (kind, code) in [
        (SignalKind::hangup(), 129),
        (SignalKind::interrupt(), 130),
        (SignalKind::quit(), 131),
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
