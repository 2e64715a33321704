//! Reaches the clipboard by the system's own tools: programs beside ours, without our terminal and without a shell.

use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::edge::clock::now;
use crate::shell::secrets::Secrets;
use crate::ui::msg::Msg;

/// The longest wait for a tool: one that waits for a desktop that is gone would never end.
const MOST_WAITED: Duration = Duration::from_secs(2);

/// How often a tool is looked at meanwhile: much shorter than what a person notices.
const LOOKED_AFTER: Duration = Duration::from_millis(5);

/// A text on its way.
#[derive(Clone, Debug)]
pub(crate) struct Copied {
    /// What it is, for the person: "the answer".
    pub(crate) what: String,
    /// The text.
    pub(crate) text: String,
    /// Where it is already, as it is said.
    pub(crate) place: String,
    /// Whether that is worth telling where a tool has taken it too.
    pub(crate) keeps_place: bool,
}

/// The kinds of systems, by the tools they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Mac,
    Windows,
    /// Linux, also inside Windows, and the BSDs.
    Unix,
}

impl System {
    const HERE: Self = if cfg!(target_os = "macos") {
        Self::Mac
    } else if cfg!(windows) {
        Self::Windows
    } else {
        Self::Unix
    };
}

/// Whose clipboard a tool fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reaches {
    /// The desktop's: the text is there once the tool has ended well.
    Desktop,
    /// A multiplexer's own, which passes it on to a terminal that may or may not take it.
    Multiplexer,
}

/// A program that takes a text through its standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tool {
    name: &'static str,
    arguments: &'static [&'static str],
    reaches: Reaches,
    /// Whether it reads UTF-16 (little-endian) instead of UTF-8.
    reads_utf16: bool,
    /// Set for it alone.
    variable: Option<(&'static str, &'static str)>,
}

const fn tool(name: &'static str, arguments: &'static [&'static str]) -> Tool {
    Tool { name, arguments, reaches: Reaches::Desktop, reads_utf16: false, variable: None }
}

/// `-w` also sends the text to the terminal outside (tmux 3.2); the sequence of ours is dropped there by default.
const TMUX: Tool = Tool { reaches: Reaches::Multiplexer, ..tool("tmux", &["load-buffer", "-w", "-"]) };
/// The type is named, as it is guessed from the text otherwise.
const WL_COPY: Tool = tool("wl-copy", &["--type", "text/plain"]);
const XCLIP: Tool = tool("xclip", &["-selection", "clipboard"]);
const XSEL: Tool = tool("xsel", &["-ib"]);
/// It reads its input as the locale says, and as Mac Roman where none is set.
const PBCOPY: Tool = Tool { variable: Some(("LC_ALL", "en_US.UTF-8")), ..tool("pbcopy", &[]) };
/// Of 8-bit texts it reads those of the console's code page only.
const CLIP_EXE: Tool = Tool { reads_utf16: true, ..tool("clip.exe", &[]) };

/// Returns the ways to a clipboard besides the terminal's, each with the tools that are tried in order until one takes
/// the text. Over SSH the desktop at the other end is not the person's: there the terminal alone reaches theirs.
fn routes(system: System, variable: impl Fn(&str) -> Option<String>) -> Vec<Vec<Tool>> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.trim().is_empty());
    let mut desktop = Vec::new();
    if !is_set("SSH_CONNECTION") && !is_set("SSH_TTY") {
        match system {
            System::Mac => desktop.push(PBCOPY),
            System::Windows => desktop.push(CLIP_EXE),
            System::Unix => {
                if is_set("WSL_DISTRO_NAME") {
                    desktop.push(CLIP_EXE);
                }
                if is_set("WAYLAND_DISPLAY") {
                    desktop.push(WL_COPY);
                }
                if is_set("DISPLAY") {
                    desktop.extend([XCLIP, XSEL]);
                }
            }
        }
    }
    let multiplexer = if is_set("TMUX") { vec![TMUX] } else { Vec::new() };
    [desktop, multiplexer].into_iter().filter(|tools| !tools.is_empty()).collect()
}

/// The clipboard by the system's own tools. Its thread starts with the first text and takes one after the other: the
/// newest must be the one that stays.
#[derive(Debug)]
pub(crate) struct Clipboard {
    routes: Vec<Vec<Tool>>,
    secrets: Secrets,
    texts: Option<Sender<Copied>>,
}

impl Clipboard {
    /// Returns one that reaches nothing.
    pub(crate) fn none() -> Self {
        Self { routes: Vec::new(), secrets: Secrets::default(), texts: None }
    }

    /// Returns the one of this system; `variable` reads the environment.
    pub(crate) fn of_system(secrets: Secrets, variable: impl Fn(&str) -> Option<String>) -> Self {
        Self { routes: routes(System::HERE, variable), secrets, texts: None }
    }

    /// Gives a text to the tools and returns at once; what came of it is told as news. Where there is no tool nothing
    /// is told.
    pub(crate) fn take(&mut self, copied: Copied, news: &UnboundedSender<Msg>) {
        if self.routes.is_empty() {
            return;
        }
        if self.texts.is_none() {
            let (tx, rx) = channel();
            let (routes, secrets, heard) = (self.routes.clone(), self.secrets.clone(), news.clone());
            let work = move || serve(&routes, &secrets, &rx, &heard);
            match std::thread::Builder::new().name("clipboard".to_owned()).spawn(work) {
                Ok(_) => self.texts = Some(tx),
                Err(error) => {
                    let said = format!("{}: {}; no thread for more: {error}", copied.what, copied.place);
                    let _ = news.send(Msg::Said(said));
                }
            }
        }
        if let Some(texts) = &self.texts {
            // Without its thread, the text is where the person was told.
            let _ = texts.send(copied);
        }
    }
}

/// Gives texts to the tools until nobody copies any more; of several that wait the newest alone.
fn serve(routes: &[Vec<Tool>], secrets: &Secrets, texts: &Receiver<Copied>, news: &UnboundedSender<Msg>) {
    while let Ok(first) = texts.recv() {
        let copied = texts.try_iter().last().unwrap_or(first);
        let outcomes: Vec<Outcome> =
            routes.iter().filter_map(|tools| offer(tools, &copied.text, secrets, MOST_WAITED)).collect();
        if let Some(said) = told(&copied, &outcomes) {
            let _ = news.send(Msg::Said(said));
        }
    }
}

/// What came of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    tool: Tool,
    failure: Option<String>,
}

/// Returns what is said once the tools have ended; `None` where there was none.
fn told(copied: &Copied, outcomes: &[Outcome]) -> Option<String> {
    let taken = |reaches: Option<Reaches>| {
        let fine = outcomes.iter().filter(|outcome| outcome.failure.is_none());
        let names = fine.filter(|outcome| reaches.is_none_or(|reaches| reaches == outcome.tool.reaches));
        names.map(|outcome| outcome.tool.name).collect::<Vec<_>>()
    };
    if outcomes.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    if taken(Some(Reaches::Desktop)).is_empty() {
        parts.push(copied.place.clone());
        parts.extend(taken(None).iter().map(|name| format!("{name} has it too")));
    } else {
        parts.push(format!("copied ({})", taken(None).join(", ")));
        parts.extend(copied.keeps_place.then(|| copied.place.clone()));
    }
    let failed = outcomes.iter().filter_map(|outcome| Some((outcome.tool.name, outcome.failure.as_ref()?)));
    parts.extend(failed.map(|(name, failure)| format!("`{name}` {failure}")));
    Some(format!("{}: {}", copied.what, parts.join("; ")))
}

/// Gives a text to the first tool that takes it. Where none does, what the first of those that are there said; `None`
/// where none is there.
fn offer(tools: &[Tool], text: &str, secrets: &Secrets, most_waited: Duration) -> Option<Outcome> {
    let mut failed = None;
    for tool in tools {
        let failure = match start(*tool, secrets) {
            Ok(child) => feed(child, encoded(*tool, text), most_waited).err(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => Some(format!("did not start: {error}")),
        };
        let outcome = Outcome { tool: *tool, failure };
        if outcome.failure.is_none() {
            return Some(outcome);
        }
        failed = failed.or(Some(outcome));
    }
    failed
}

fn encoded(tool: Tool, text: &str) -> Vec<u8> {
    if tool.reads_utf16 { text.encode_utf16().flat_map(u16::to_le_bytes).collect() } else { text.as_bytes().to_vec() }
}

/// Starts a tool that shares nothing with our terminal: a ctrl-c there is not meant for it, and what holds the text for
/// others goes on when we end.
fn start(tool: Tool, secrets: &Secrets) -> io::Result<Child> {
    let mut command = Command::new(tool.name);
    command.args(tool.arguments).envs(tool.variable);
    secrets.keep_from(&mut command);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

/// Writes a text to a tool and waits for its end, at most that long.
///
/// # Errors
/// Says what it did not do, to be read after its name.
fn feed(mut child: Child, text: Vec<u8>, most_waited: Duration) -> Result<(), String> {
    let deadline = now() + most_waited;
    let stdin = child.stdin.take();
    let (tx, written) = channel();
    // A pipe that nobody reads is full at some time: who writes to it waits, which must not be us.
    let write = move || drop(tx.send(stdin.map_or(Ok(()), |mut stdin| stdin.write_all(&text))));
    let writer = std::thread::Builder::new().name("clipboard-text".to_owned()).spawn(write);
    let late = || format!("did not take it within {} ms", most_waited.as_millis());
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if writer.is_ok() && now() < deadline => std::thread::sleep(LOOKED_AFTER),
            Ok(None) | Err(_) => {
                end(child);
                return Err(late());
            }
        }
    };
    if !status.success() {
        return Err(format!("failed ({status})"));
    }
    match written.recv_timeout(deadline.saturating_duration_since(now())) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("took only a part of it: {error}")),
        Err(_) => Err(late()),
    }
}

/// Ends a tool with everything that it has started.
fn end(mut child: Child) {
    // One that has ended meanwhile needs no ending.
    #[cfg(unix)]
    let _ =
        rustix::process::kill_process_group(rustix::process::Pid::from_child(&child), rustix::process::Signal::KILL);
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn check(system: System, variables: &[(&str, &str)], expected: &[&[Tool]]) {
        let found = routes(system, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        });
        assert_eq!(found, expected, "{variables:?}");
    }

    #[test]
    fn a_copy_goes_where_the_person_sits() {
        let (wayland, x11, tmux) = (("WAYLAND_DISPLAY", "wayland-0"), ("DISPLAY", ":0"), ("TMUX", "/tmp/x,1,0"));
        let ssh = ("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22");
        let wsl = ("WSL_DISTRO_NAME", "Debian");
        check(System::Unix, &[], &[]);
        check(System::Unix, &[("DISPLAY", " "), ("TMUX", "")], &[]);
        check(System::Unix, &[x11], &[&[XCLIP, XSEL]]);
        check(System::Unix, &[wayland], &[&[WL_COPY]]);
        check(System::Unix, &[wayland, x11], &[&[WL_COPY, XCLIP, XSEL]]);
        check(System::Unix, &[tmux], &[&[TMUX]]);
        check(System::Unix, &[tmux, wayland], &[&[WL_COPY], &[TMUX]]);
        check(System::Unix, &[wsl, x11], &[&[CLIP_EXE, XCLIP, XSEL]]);
        check(System::Unix, &[ssh, wayland, x11], &[]);
        check(System::Unix, &[("SSH_TTY", "/dev/pts/1"), wsl, x11, tmux], &[&[TMUX]]);
        check(System::Mac, &[], &[&[PBCOPY]]);
        check(System::Mac, &[x11, tmux], &[&[PBCOPY], &[TMUX]]);
        check(System::Mac, &[ssh], &[]);
        check(System::Windows, &[], &[&[CLIP_EXE]]);
    }

    #[test]
    fn what_is_said_promises_no_more_than_was_done() {
        let fine = |tool| Outcome { tool, failure: None };
        let broken = |tool| Outcome { tool, failure: Some("failed (exit status: 1)".to_owned()) };
        let sent = Copied {
            what: "the answer".to_owned(),
            text: "x".to_owned(),
            place: "sent to the terminal's clipboard".to_owned(),
            keeps_place: false,
        };
        let check = |copied: &Copied, outcomes: &[Outcome], expected: Option<&str>| {
            assert_eq!(told(copied, outcomes).as_deref(), expected, "{outcomes:?}");
        };
        check(&sent, &[], None);
        check(&sent, &[fine(WL_COPY)], Some("the answer: copied (wl-copy)"));
        check(&sent, &[fine(WL_COPY), fine(TMUX)], Some("the answer: copied (wl-copy, tmux)"));
        check(&sent, &[fine(TMUX)], Some("the answer: sent to the terminal's clipboard; tmux has it too"));
        check(
            &sent,
            &[broken(XCLIP)],
            Some("the answer: sent to the terminal's clipboard; `xclip` failed (exit status: 1)"),
        );
        check(&sent, &[fine(XSEL), broken(TMUX)], Some("the answer: copied (xsel); `tmux` failed (exit status: 1)"));
        let saved = Copied { place: "it is in last-copy.txt".to_owned(), keeps_place: true, ..sent };
        check(&saved, &[fine(WL_COPY)], Some("the answer: copied (wl-copy); it is in last-copy.txt"));
    }

    #[test]
    fn a_text_reaches_a_tool_in_the_letters_that_it_reads() {
        assert_eq!(encoded(XCLIP, "aé"), "aé".as_bytes());
        assert_eq!(encoded(CLIP_EXE, "a😀"), [b'a', 0, 0x3d, 0xd8, 0x00, 0xde]);
    }

    const NONE: Tool = tool("no-such-clipboard", &[]);
    const FALSE: Tool = tool("false", &[]);
    /// Takes everything.
    const CAT: Tool = tool("cat", &[]);

    #[test]
    fn the_first_tool_that_takes_a_text_is_enough_and_one_that_is_not_there_is_no_failure() {
        let offer = |tools: &[Tool]| offer(tools, "text", &Secrets::default(), Duration::from_secs(60));
        assert_eq!(offer(&[NONE]), None);
        assert_eq!(offer(&[NONE, FALSE, CAT]), Some(Outcome { tool: CAT, failure: None }));
        let failed = offer(&[NONE, FALSE]).unwrap();
        assert_eq!((failed.tool, failed.failure.as_deref()), (FALSE, Some("failed (exit status: 1)")));
    }

    #[test]
    fn a_tool_that_never_reads_is_ended_with_all_that_it_started() {
        let mut command = Command::new("sh");
        command.args(["-c", "(sleep 20; echo late) & wait"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let failure = feed(child, vec![b'x'; 1 << 20], Duration::from_millis(50)).unwrap_err();
        assert_eq!(failure, "did not take it within 50 ms");
        // Ends once nobody is left who could write to it.
        assert_eq!(io::read_to_string(stdout).unwrap(), "");
    }

    #[test]
    fn a_tool_that_ends_before_the_text_does_has_not_copied_it() {
        let mut command = Command::new("true");
        command.stdin(Stdio::piped());
        let failure = feed(command.spawn().unwrap(), vec![b'x'; 1 << 20], Duration::from_secs(60)).unwrap_err();
        assert!(failure.starts_with("took only a part of it"), "{failure}");
    }
}
