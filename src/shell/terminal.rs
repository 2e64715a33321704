//! The terminal: opened, painted one frame a write, and always given back as it was.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use crossterm::event::Event;
use crossterm::style::force_color_output;
use crossterm::terminal::enable_raw_mode;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::shell::answers::{self, Answers};
use crate::shell::away::{Back, Errand};
use crate::shell::careful::Careful;
use crate::shell::early::Early;
use crate::shell::inputs::Inputs;
use crate::shell::modes::Modes;
use crate::shell::panic;
use crate::shell::stderr::Aside;
use crate::ui::app::App;
use crate::ui::theme::{Background, Depth, Glyphs};
use crate::ui::view::header::title;
use crate::ui::view::{reflow, view};

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

    /// Gives the terminal to somebody else for an errand, and takes it back with every mode and the whole picture.
    ///
    /// # Errors
    /// When the terminal is gone, or the errand can't be done.
    fn leave_for(&mut self, errand: Errand) -> impl Future<Output = io::Result<Back>>
    where
        Self: Sized;
}

/// How the terminal is used.
#[derive(Clone, Debug, Default)]
pub struct Use {
    /// Whether the mouse is ours.
    pub has_mouse: bool,
    /// Whether the window's title is ours.
    pub has_title: bool,
    /// Where what others write to standard error goes; nowhere leaves it on the screen.
    pub log: Option<PathBuf>,
}

/// The real terminal; given back when dropped.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<Careful<CrosstermBackend<FrameBuffer>>>,
    frame: FrameBuffer,
    inputs: Inputs,
    modes: Modes,
    title: Option<String>,
    aside: Option<Arc<Aside>>,
    complaints: Receiver<String>,
    is_open: bool,
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
    /// Returns what was collected as one frame, and begins the next one; nothing where nothing was.
    pub fn take_frame(&self) -> Vec<u8> {
        let mut collected = self.0.borrow_mut();
        if collected.is_empty() {
            return Vec::new();
        }
        let mut frame = Vec::with_capacity(collected.len() + BEGIN_FRAME.len() + END_FRAME.len());
        frame.extend_from_slice(BEGIN_FRAME);
        frame.append(&mut collected);
        frame.extend_from_slice(END_FRAME);
        frame
    }

    /// Writes what was collected to the terminal.
    fn commit(&self) -> io::Result<()> {
        let frame = self.take_frame();
        if frame.is_empty() {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(&frame)?;
        stdout.flush()
    }
}

impl Screen {
    /// Takes the terminal over and asks what it is; returns it with what a person does, once it has been [heard](Self::hear).
    ///
    /// # Errors
    /// When it can't be put into raw mode.
    pub fn open(wanted: Use) -> io::Result<(Self, UnboundedReceiver<io::Result<Event>>)> {
        // Where NO_COLOR is set, crossterm would write empty colour codes that reset bold and underline; the mono theme
        // has no colours to begin with.
        force_color_output(true);
        let modes = Modes { has_mouse: wanted.has_mouse, has_title: wanted.has_title, has_kitty_keys: false };
        // Without a file to keep it in, standard error stays where it is: no reason not to open.
        let aside = wanted.log.and_then(|log| Aside::start(&log).ok().flatten()).map(Arc::new);
        let (complaint_tx, complaints) = channel();
        enable_raw_mode()?;
        let frame = FrameBuffer::default();
        let opened = write_now(&format!("{}{}", modes.open(), answers::QUESTIONS));
        let opened = opened.and_then(|()| Terminal::new(Careful::new(CrosstermBackend::new(frame.clone()))));
        let terminal = opened.inspect_err(|_| modes.restore())?;
        panic::install_hook(modes, aside.clone(), complaint_tx);
        let (inputs, events) = Inputs::new();
        let screen = Self { terminal, frame, inputs, modes, title: None, aside, complaints, is_open: true };
        Ok((screen, events))
    }

    /// Waits a moment for what the terminal says of itself, and reads from then on what a person does; what was typed
    /// meanwhile comes first. The first frame can be drawn before: it need not wait for a terminal that says nothing.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn hear(&mut self) -> io::Result<Answers> {
        let answers = answers::wait()?;
        self.modes.has_kitty_keys = answers.has_kitty_keys;
        write_now(self.modes.keys())?;
        self.inputs.take_early(Early::read(&answers.typed));
        self.inputs.resume();
        Ok(answers)
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
    pub fn close(mut self) -> Vec<String> {
        self.give_back();
        let mut complaints: Vec<String> = self.complaints.try_iter().collect();
        match self.aside.as_ref().map(|aside| aside.end()) {
            Some(Ok(Some(log))) => complaints.push(format!("messages of the libraries went to {}", log.display())),
            Some(Err(error)) => complaints.push(format!("messages of the libraries are lost: {error}")),
            Some(Ok(None)) | None => {}
        }
        complaints
    }

    fn give_back(&mut self) {
        // Once: the cursor goes back to where it was, which must not be over what was printed since.
        if std::mem::take(&mut self.is_open) {
            self.modes.restore();
        }
    }

    fn take_back(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        self.is_open = true;
        write_now(&self.modes.open())?;
        self.title = None;
        self.forget()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // The panic hook has given it back, and the report stands below.
        if !std::thread::panicking() {
            self.give_back();
        }
    }
}

impl Glass for Screen {
    fn draw(&mut self, app: &mut App) -> io::Result<()> {
        draw(&mut self.terminal, app)?;
        if self.modes.has_title {
            let title = title(app);
            if self.title.as_ref() != Some(&title) {
                self.frame.write_all(format!("\x1b]2;{title}\x1b\\").as_bytes())?;
                self.title = Some(title);
            }
        }
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

    async fn leave_for(&mut self, errand: Errand) -> io::Result<Back> {
        self.inputs.pause().await;
        self.give_back();
        let back = errand.run().await;
        self.take_back()?;
        self.inputs.resume();
        back
    }
}

/// Writes to the terminal at once.
fn write_now(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
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

/// Returns the signs that the terminal can show, from its environment: the Linux console has few.
pub fn glyphs() -> Glyphs {
    let term = std::env::var("TERM").unwrap_or_default();
    if term == "linux" || term == "dumb" { Glyphs::Ascii } else { Glyphs::Unicode }
}

/// Returns the background that the environment names, if it does.
pub fn known_background() -> Option<Background> {
    Background::of_variable(&std::env::var("COLORFGBG").unwrap_or_default())
}
