//! The terminal: opened, painted one frame a write, and always given back as it was.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crossterm::style::force_color_output;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::shell::answers::{self, Answers};
use crate::shell::away::{Back, Errand};
use crate::shell::careful::Careful;
use crate::shell::inputs::Inputs;
use crate::shell::modes::Modes;
use crate::shell::panic;
use crate::shell::pen::{self, Pen};
use crate::shell::secrets::Secrets;
use crate::shell::stderr::Aside;
use crate::ui::app::App;
use crate::ui::msg::Input;
use crate::ui::theme::{Background, Depth, Glyphs};
use crate::ui::view::header::title;
use crate::ui::view::{reflow, view};

/// Frames of terminals that know it appear at once (synchronized output, mode 2026); others ignore it.
const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// How often a terminal that has not read everything is looked at before it is given to somebody else.
const LOOKED_AFTER: Duration = Duration::from_millis(5);

/// How long the frame before may take to be read: a terminal at work is done long before, and a key is seen at once.
const FRAME_READ: Duration = Duration::from_millis(4);

/// How long the first frame waits for a terminal to read what opens it.
const OPENED: Duration = Duration::from_millis(500);

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

    /// Takes the terminal again, with every mode and the whole picture: it may have been another's.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn take_again(&mut self) -> io::Result<()> {
        self.forget()
    }

    /// Returns whether the last frame was not drawn, as the terminal has not read the one before: it is to be drawn later.
    fn is_behind(&self) -> bool {
        false
    }
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
    /// Variables that hold keys: the programs that we start do not get them.
    pub secrets: Secrets,
}

/// The real terminal; given back when dropped.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<Careful<CrosstermBackend<FrameBuffer>>>,
    frame: FrameBuffer,
    pen: Pen,
    is_behind: bool,
    secrets: Secrets,
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
}

impl Screen {
    /// Takes the terminal over and asks what it is; returns it with what a person does, once it has been [heard](Self::hear).
    ///
    /// # Errors
    /// When it can't be put into raw mode.
    pub fn open(wanted: Use) -> io::Result<(Self, UnboundedReceiver<io::Result<Input>>)> {
        // Where NO_COLOR is set, crossterm would write empty colour codes that reset bold and underline; the mono theme
        // has no colours to begin with.
        force_color_output(true);
        let modes = Modes { has_mouse: wanted.has_mouse, has_title: wanted.has_title, has_kitty_keys: false };
        // Without a file to keep it in, standard error stays where it is: no reason not to open.
        let aside = wanted.log.and_then(|log| Aside::start(&log).ok().flatten()).map(Arc::new);
        let (complaint_tx, complaints) = channel();
        let pen = Pen::start(pen::to_stdout)?;
        enable_raw_mode()?;
        let frame = FrameBuffer::default();
        let opened = pen.write(format!("{}{}", modes.open(), answers::QUESTIONS).into_bytes());
        let opened = opened.and_then(|()| Terminal::new(Careful::new(CrosstermBackend::new(frame.clone()))));
        pen.settle(OPENED);
        let terminal = opened.inspect_err(|_| {
            modes.restore(&pen);
        })?;
        panic::install_hook(modes, pen.clone(), aside.clone(), complaint_tx);
        let (inputs, events) = Inputs::new();
        let screen = Self {
            terminal,
            frame,
            pen,
            is_behind: false,
            secrets: wanted.secrets,
            inputs,
            modes,
            title: None,
            aside,
            complaints,
            is_open: true,
        };
        Ok((screen, events))
    }

    /// Waits a moment for what the terminal says of itself, and reads from then on what a person does; what was typed
    /// meanwhile comes first. The first frame can be drawn before: it need not wait for a terminal that says nothing.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn hear(&mut self) -> io::Result<Answers> {
        let mut answers = answers::wait()?;
        self.modes.has_kitty_keys = answers.has_kitty_keys;
        self.pen.write(self.modes.keys().into())?;
        self.inputs.resume(std::mem::take(&mut answers.typed))?;
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
        if !self.give_back() {
            // Standard error is the same terminal, and whoever writes to it now waits for ever.
            return Vec::new();
        }
        let mut complaints: Vec<String> = self.complaints.try_iter().collect();
        match self.aside.as_ref().map(|aside| aside.end()) {
            Some(Ok(Some(log))) => complaints.push(format!("messages of the libraries went to {}", log.display())),
            Some(Err(error)) => complaints.push(format!("messages of the libraries are lost: {error}")),
            Some(Ok(None)) | None => {}
        }
        complaints
    }

    /// Returns whether the terminal has taken everything in.
    fn give_back(&mut self) -> bool {
        // Once: the cursor goes back to where it was, which must not be over what was printed since.
        if std::mem::take(&mut self.is_open) { self.modes.restore(&self.pen) } else { true }
    }

    fn take_back(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        self.is_open = true;
        self.pen.write(self.modes.open().into_bytes())?;
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
        // Frames must not pile up before a terminal that reads slowly, or not at all.
        self.is_behind = !self.pen.settle(FRAME_READ);
        if self.is_behind {
            return Ok(());
        }
        draw(&mut self.terminal, app)?;
        if self.modes.has_title {
            let title = title(app);
            if self.title.as_ref() != Some(&title) {
                self.frame.write_all(format!("\x1b]2;{title}\x1b\\").as_bytes())?;
                self.title = Some(title);
            }
        }
        self.pen.write(self.frame.take_frame())
    }

    fn forget(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pen.write(bytes.to_vec())
    }

    async fn leave_for(&mut self, errand: Errand) -> io::Result<Back> {
        self.inputs.pause().await;
        while self.pen.is_busy() {
            tokio::time::sleep(LOOKED_AFTER).await;
        }
        self.give_back();
        let back = errand.run(&self.secrets).await;
        self.take_back()?;
        self.inputs.resume(Vec::new())?;
        back
    }

    fn take_again(&mut self) -> io::Result<()> {
        // Raw mode is entered anew: it was not we who left it. In the background this stops us once more.
        disable_raw_mode()?;
        self.take_back()
    }

    fn is_behind(&self) -> bool {
        self.is_behind
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
