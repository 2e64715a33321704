//! The binary in a pty: what a person sees, waited for on an emulated screen.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The longest wait for the next bytes: far past anything that a loaded machine needs.
const CEILING: Duration = Duration::from_secs(60);

/// The program in a pty, with a screen that shows what it wrote.
struct Chat {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    written: Vec<u8>,
}

/// Returns a command with an environment of its own: no keys, no config, an empty home.
fn command(program: &str, args: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    command.env_clear();
    command.env("HOME", tempfile::tempdir().unwrap().keep());
    command.env("PATH", std::env::var("PATH").unwrap());
    command.env("TERM", "xterm-256color");
    command.env("COLORTERM", "truecolor");
    command
}

const DISSENT: &str = env!("CARGO_BIN_EXE_dissent");

impl Chat {
    fn start(args: &[&str], size: (u16, u16)) -> Self {
        Self::run(command(DISSENT, args), size)
    }

    fn run(command: CommandBuilder, (rows, cols): (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (tx, bytes) = channel();
        thread::spawn(move || {
            let mut buf = [0; 16_384];
            while let Ok(n @ 1..) = reader.read(&mut buf) {
                if tx.send(buf[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let size = |cells| std::num::NonZero::new(cells).unwrap();
        let screen = vt100::Parser::new(size(rows), size(cols), 0);
        Self { child, master: pair.master, keys, bytes, screen, written: Vec::new() }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until the screen shows what `is_there` looks for.
    fn until(&mut self, what: &str, is_there: impl Fn(&str) -> bool) {
        loop {
            let shown = self.screen.screen().contents();
            if is_there(&shown) {
                return;
            }
            self.read(what);
        }
    }

    /// Waits for the next bytes.
    fn read(&mut self, what: &str) {
        match self.bytes.recv_timeout(CEILING) {
            Ok(bytes) => {
                self.written.extend_from_slice(&bytes);
                self.screen.process(&bytes);
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                panic!("{what} never came; the screen shows\n{}", self.screen.screen().contents())
            }
        }
    }

    /// Waits until the program has written `text` that often.
    fn until_written(&mut self, text: &str, n_times: usize) {
        while String::from_utf8_lossy(&self.written).matches(text).count() < n_times {
            self.read(text);
        }
    }

    fn until_shown(&mut self, text: &str) {
        self.until(text, |shown| shown.contains(text));
    }

    /// Lets the script of `between_modes` end; returns all that was written.
    fn released(mut self) -> String {
        self.until_written("ALL TOLD", 1);
        self.press("\r");
        self.ended().1
    }

    /// Waits for the end; returns the exit code and all that was written.
    fn ended(mut self) -> (u32, String) {
        let status = self.child.wait().unwrap();
        while let Ok(bytes) = self.bytes.recv_timeout(CEILING) {
            self.written.extend_from_slice(&bytes);
        }
        (status.exit_code(), String::from_utf8_lossy(&self.written).into_owned())
    }
}

/// The modes that must be off again, in whatever order.
fn assert_restored(written: &str) {
    let after = written.rsplit("\x1b[?1049h").next().unwrap();
    for mode in ["\x1b[?1049l", "\x1b[?2004l", "\x1b[?1006l", "\x1b[?25h", "\x1b[0m"] {
        assert!(after.contains(mode), "{mode:?} is missing at the end of {after:?}");
    }
}

/// Returns a script that prints the modes of the terminal, runs the program, prints them again, and waits for enter: what
/// was written last can be lost once nobody has the terminal open.
fn between_modes(program: &str) -> String {
    format!("echo MODES $(stty -g); {program}; echo; echo MODES $(stty -g); echo ALL TOLD; read -r _")
}

fn assert_same_modes(written: &str) {
    let modes: Vec<&str> = written.lines().filter_map(|line| Some(line.split_once("MODES ")?.1.trim())).collect();
    assert_eq!(modes.len(), 2, "{written:?}");
    assert!(modes[0].len() > 20 && modes[0] == modes[1], "{modes:?}");
}

#[test]
fn a_demo_question_streams_and_its_planted_conflict_appears() {
    let mut chat = Chat::start(&["--demo", "--demo-speed", "20"], (50, 160));
    chat.until_shown("DEMO");
    chat.until_shown("Pick a question");
    chat.press("\r");
    chat.until_shown("consensus");
    chat.until("the verdict", |shown| shown.contains("answered"));
    chat.press("\x04");
    let (code, written) = chat.ended();
    assert_eq!(code, 0);
    assert_restored(&written);
}

#[test]
fn without_a_key_the_demo_comes_by_itself_and_says_so() {
    let mut chat = Chat::start(&[], (24, 80));
    chat.until_shown("DEMO");
    chat.until_shown("OPENAI_API_KEY");
    chat.press("\x03");
    chat.until_shown("again to quit");
    chat.press("\x03");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn a_model_is_switched_off_and_on_while_answers_stream() {
    let mut chat = Chat::start(&["--demo"], (50, 160));
    chat.until_shown("Pick a question");
    chat.press("\r");
    chat.until("a model that writes", |shown| shown.contains("still at it"));
    chat.press("\x182");
    chat.until_shown("B birch off");
    chat.press("\x182");
    chat.until("the chip of B", |shown| !shown.contains("B birch off"));
    chat.until_shown("3 of 3 answered");
    chat.press("\x04");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn a_slash_command_runs_and_an_unknown_one_stays() {
    let mut chat = Chat::start(&["--demo"], (40, 120));
    chat.until_shown("Pick a question");
    chat.press("/of");
    chat.until_shown("/off <model>");
    chat.press("\t2\r");
    chat.until_shown("B birch off");
    chat.press("/qit\r");
    chat.until_shown("did you mean /quit?");
    chat.press("\x15/quit\r");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn a_cleared_question_is_found_again_by_a_part_of_it() {
    let mut chat = Chat::start(&["--demo"], (40, 120));
    chat.until_shown("Pick a question");
    chat.press("Why is the sky blue?\x03");
    chat.until_shown("brings it back");
    chat.press("\x12sky");
    chat.until_shown("❯ sky  1 of 1");
    chat.until_shown("Why is the sky blue?");
    chat.press("\r!");
    chat.until_shown("Why is the sky blue?!");
    chat.press("\x03\x03");
    chat.until_shown("again to quit");
    chat.press("\x03");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn a_pasted_text_never_sends_and_a_long_one_is_folded() {
    let mut chat = Chat::start(&["--demo"], (40, 120));
    chat.until_shown("Pick a question");
    chat.press(&format!("\x1b[200~{}end\x1b[201~", "line\r\n".repeat(11)));
    chat.until_shown("[paste 1 · 12 lines]");
    chat.press("\x18p");
    chat.until_shown("end");
    chat.press("\x03\x03");
    chat.until_shown("again to quit");
    chat.press("\x03");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn a_terminate_signal_gives_the_terminal_back() {
    let mut chat = Chat::start(&["--demo"], (24, 80));
    chat.until_shown("Pick a question");
    let pid = chat.child.process_id().unwrap().to_string();
    let status = std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    assert!(status.success());
    let (code, written) = chat.ended();
    assert_eq!(code, 143);
    assert_restored(&written);
}

#[test]
fn painting_anew_asks_the_terminal_nothing() {
    let mut chat = Chat::start(&["--demo"], (24, 80));
    chat.until_shown("Pick a question");
    chat.press("\x0c");
    // Opening clears the screen once by itself.
    chat.until_written("\x1b[2J", 2);
    chat.press("x");
    chat.until_shown("❯ x");
    chat.press("\x15\x04");
    let (code, written) = chat.ended();
    assert_eq!(code, 0);
    assert!(!written.contains("\x1b[6n"));
}

#[test]
fn a_stopped_job_gives_the_terminal_back_and_returns_whole() {
    let script = format!("set -m; {DISSENT} --demo; echo STOPPED; fg >/dev/null");
    let mut chat = Chat::run(command("/bin/sh", &["-c", &script]), (24, 80));
    chat.until_shown("Pick a question");
    chat.press("\x1a");
    chat.until_written("STOPPED", 1);
    chat.until_written("\x1b[?1049h", 2);
    chat.until_shown("Pick a question");
    let before = String::from_utf8_lossy(&chat.written).split("STOPPED").next().unwrap().to_owned();
    assert_restored(&before);
    // It takes keys again.
    chat.press("\x04");
    let (code, written) = chat.ended();
    assert_eq!(code, 0);
    assert_restored(&written);
}

/// Sends a signal to the program that the shell of a pty has started.
fn signal_child(chat: &Chat, signal: &str) {
    let shell = chat.child.process_id().unwrap().to_string();
    let kill = format!("kill -{signal} $(ps -o pid= --ppid {shell})");
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

#[test]
fn a_stop_from_outside_gives_the_terminal_back_and_returns_whole() {
    let script = format!("set -m; {DISSENT} --demo; echo STOPPED; fg >/dev/null");
    let mut chat = Chat::run(command("/bin/sh", &["-c", &script]), (24, 80));
    chat.until_shown("Pick a question");
    signal_child(&chat, "TSTP");
    chat.until_written("STOPPED", 1);
    chat.until_written("\x1b[?1049h", 2);
    chat.press("zq7");
    chat.until_shown("❯ zq7");
    let before = String::from_utf8_lossy(&chat.written).split("STOPPED").next().unwrap().to_owned();
    assert_restored(&before);
    chat.press("\x15\x04");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn a_stop_that_nobody_can_hear_ends_with_the_whole_picture() {
    let script = format!("set -m; {DISSENT} --demo; stty sane; echo STOPPED; fg >/dev/null");
    let mut chat = Chat::run(command("/bin/sh", &["-c", &script]), (24, 80));
    chat.until_shown("Pick a question");
    signal_child(&chat, "STOP");
    chat.until_written("STOPPED", 1);
    chat.until_written("\x1b[?1049h", 2);
    chat.press("zq7");
    chat.until_shown("❯ zq7");
    chat.until_shown("DEMO");
    chat.press("\x15\x04");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn what_never_ends_leaves_the_keys_alive() {
    for (cut, kept) in [("\x1b[200~xy", "xy"), ("\x1b]11;rgb:", "11;rgb:"), ("\x1b_G", "G")] {
        let mut chat = Chat::start(&["--demo"], (24, 80));
        chat.until_shown("Pick a question");
        chat.press(cut);
        chat.until_shown(&format!("❯ {kept}"));
        chat.press("hello");
        chat.until_shown(&format!("❯ {kept}hello"));
        chat.press("\x03");
        chat.until_shown("brings it back");
        chat.press("\x03");
        chat.until_shown("again to quit");
        chat.press("\x03");
        assert_eq!(chat.ended().0, 0, "{cut:?}");
    }
}

#[test]
fn a_long_text_that_comes_as_keys_is_written_whole() {
    let mut chat = Chat::start(&["--demo"], (24, 80));
    chat.until_shown("Pick a question");
    let long = "lorem ipsum dolor ".repeat(6_000);
    chat.press(&long);
    chat.press("ZEBRA");
    chat.until_shown("ZEBRA");
    chat.press("\x03");
    chat.until_shown("brings it back");
    chat.press("\x03\x03");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn a_terminal_that_stops_reading_holds_no_signal_off() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        let mut chat = Chat::start(&["--demo"], (24, 80));
        chat.until_shown("Pick a question");
        // As after ctrl-s: what is written from here on waits.
        let terminal = std::fs::File::open(chat.master.tty_name().unwrap()).unwrap();
        rustix::termios::tcflow(&terminal, rustix::termios::Action::OOff).unwrap();
        chat.press("x");
        let pid = chat.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap().success());
        assert_eq!(chat.child.wait().unwrap().exit_code(), code, "{signal}");
    }
}

#[test]
fn a_window_larger_than_any_screen_is_painted_as_far_as_a_screen_goes() {
    let mut chat = Chat::start(&["--demo"], (24, 80));
    chat.until_shown("Pick a question");
    chat.master.resize(PtySize { rows: u16::MAX, cols: u16::MAX, pixel_width: 0, pixel_height: 0 }).unwrap();
    chat.press("x");
    chat.until_written("\x1b[375;", 1);
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", chat.child.process_id().unwrap())).unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    assert!(peak.is_none_or(|kilobytes| kilobytes < 400_000), "{peak:?}");
    chat.master.resize(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
    chat.press("\x15\x04");
    assert_eq!(chat.ended().0, 0);
}

#[test]
fn a_question_can_be_written_in_an_editor() {
    let mut command = command(DISSENT, &["--demo"]);
    command.env("EDITOR", "sh -c 'sed -i s/teh/the$OPENAI_API_KEY$MY_OWN_API_KEY/ \"$1\"' -");
    command.env("OPENAI_API_KEY", "planted");
    command.env("MY_OWN_API_KEY", "planted");
    let mut chat = Chat::run(command, (24, 80));
    chat.until_shown("Pick a question");
    chat.press("why teh tides");
    chat.until_shown("why teh tides");
    chat.press("\x18e");
    chat.until_shown("why the tides");
    chat.press("?");
    chat.until_shown("why the tides?");
}

#[test]
fn an_editor_that_fails_loses_nothing() {
    let mut command = command(DISSENT, &["--demo"]);
    command.env("EDITOR", "no-such-editor");
    let mut chat = Chat::run(command, (24, 100));
    chat.until_shown("Pick a question");
    chat.press("why teh tides\x18\x05");
    chat.until_shown("no-such-editor");
    chat.until_shown("why teh tides");
}

#[test]
fn the_first_frame_waits_for_no_answer_and_what_is_typed_before_it_is_kept() {
    let mut chat = Chat::start(&["--demo"], (24, 80));
    // There before anyone asks: the answers of the fastest terminal.
    chat.press("early\x1b[?0u\x1b[?62;22c bird");
    chat.until_shown("❯ early bird");
    let written = String::from_utf8_lossy(&chat.written).into_owned();
    let (frame, keys) = (written.find("\x1b[?2026h").unwrap(), written.find("\x1b[>1u").unwrap());
    assert!(frame < keys, "the frame came after the answer");
}

#[test]
fn what_the_terminal_answers_is_never_typed() {
    let mut chat = Chat::start(&["--demo"], (24, 80));
    chat.press("\x1b[?62;22cy");
    // Too late for the start: by now keys are read.
    chat.until_shown("❯ y");
    chat.press("\x1b]11;rgb:ffff/ffff/ffff\x1b\\x");
    chat.until_shown("❯ yx");
    // The colour of what is dim, in the theme for light terminals.
    chat.until_written("38;2;95;102;112", 1);
}

#[test]
fn the_modes_of_the_terminal_are_what_they_were() {
    for signal in ["TERM", "HUP", "QUIT", "INT", "USR1", "USR2", "ALRM", "XCPU"] {
        let script = between_modes(&format!("{DISSENT} --demo"));
        let mut chat = Chat::run(command("/bin/sh", &["-c", &script]), (24, 80));
        chat.until_shown("Pick a question");
        signal_child(&chat, signal);
        let written = chat.released();
        assert_restored(&written);
        assert_same_modes(&written);
    }
}

/// Returns a folder with a program of that name that a shell runs.
fn fake_tool(name: &str, script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let tool = folder.path().join(name);
    std::fs::write(&tool, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    folder
}

/// Returns the demo on a desktop that has the programs in `tools` and no others, with an answer that was copied.
fn copied_with(tools: &std::path::Path) -> Chat {
    let mut command = command(DISSENT, &["--demo", "--demo-speed", "20"]);
    command.env("DISPLAY", ":0");
    command.env("PATH", tools);
    let mut chat = Chat::run(command, (50, 160));
    chat.until_shown("Pick a question");
    chat.press("\r");
    chat.until_shown("3 of 3 answered");
    chat.press("/copy all\r");
    chat
}

#[test]
fn a_copy_reaches_the_tool_of_the_desktop_as_it_reaches_the_terminal() {
    let tools = fake_tool("xclip", "PATH=/usr/bin:/bin; echo \"$@\" > \"$0.args\"; cat > \"$0.text\"");
    let mut chat = copied_with(tools.path());
    chat.until_shown("the turn with its report: copied (xclip)");
    let text = std::fs::read_to_string(tools.path().join("xclip.text")).unwrap();
    assert!(text.starts_with("# ") && text.contains("## Consensus"), "{text}");
    let mut sent = String::new();
    let command = crossterm::clipboard::CopyToClipboard::to_clipboard_from(&text);
    crossterm::Command::write_ansi(&command, &mut sent).unwrap();
    assert!(String::from_utf8_lossy(&chat.written).contains(&sent), "the terminal was sent another text");
    assert_eq!(std::fs::read_to_string(tools.path().join("xclip.args")).unwrap(), "-selection clipboard\n");
}

#[test]
fn a_tool_that_fails_is_told_and_nothing_is_said_to_be_copied() {
    let tools = fake_tool("xclip", "exit 3");
    let mut chat = copied_with(tools.path());
    chat.until_shown("sent to the terminal's clipboard; `xclip` failed (exit status: 3)");
    assert!(!String::from_utf8_lossy(&chat.written).contains("copied ("));
}

/// Tells this program, when it runs a test in a pty, to fail there.
const FAULT: &str = "DISSENT_TEST_FAULT";

/// What a person has typed; the fault below is at its letters.
const TYPED: &str = "is my sister ill\u{e9}";

/// Opens the terminal as the chat does, and fails as an honest mistake would: with the text in the panic's own words.
fn fail_in_the_terminal(whose: &str) {
    use dissent::shell::terminal::{Screen, Use};
    let (screen, _inputs) = Screen::open(Use { has_mouse: true, has_title: true, ..Use::default() }).unwrap();
    let mistake = || drop(TYPED[..TYPED.len() - 1].to_owned());
    if whose == "loop" {
        mistake();
    }
    thread::spawn(mistake).join().unwrap_err();
    let complaints = screen.close();
    let mut stdout = std::io::stdout();
    writeln!(stdout, "complaints: {complaints:?}").unwrap();
}

/// Runs the named test of this program in a pty where it fails on purpose; returns all that was written.
fn failed_in_a_pty(test: &str, whose: &str, backtrace: Option<&str>) -> String {
    let this = std::env::current_exe().unwrap();
    let script = between_modes(&format!("{} --exact {test} --nocapture", this.display()));
    let mut command = command("/bin/sh", &["-c", &script]);
    command.env(FAULT, whose);
    if let Some(backtrace) = backtrace {
        command.env("RUST_BACKTRACE", backtrace);
    }
    Chat::run(command, (24, 80)).released()
}

#[test]
fn a_fault_gives_the_terminal_back_and_tells_where_it_was_but_nothing_that_was_typed() {
    if let Ok(whose) = std::env::var(FAULT) {
        return fail_in_the_terminal(&whose);
    }
    let name = "a_fault_gives_the_terminal_back_and_tells_where_it_was_but_nothing_that_was_typed";
    for backtrace in [None, Some("1")] {
        let written = failed_in_a_pty(name, "loop", backtrace);
        assert_restored(&written);
        assert_same_modes(&written);
        let (_, report) = written.rsplit_once("\x1b[?1049l").unwrap();
        for part in ["dissent has failed", "a fault of its own at tests/chat.rs:", "Please report it"] {
            assert!(report.contains(part), "{part:?} is missing in {report:?}");
        }
        assert!(!written.contains("sister"), "{written:?}");
        assert_eq!(report.contains("fail_in_the_terminal"), backtrace.is_some(), "{report:?}");
    }
}

#[test]
fn a_fault_of_a_task_leaves_the_screen_and_is_told_once_it_is_closed() {
    if let Ok(whose) = std::env::var(FAULT) {
        return fail_in_the_terminal(&whose);
    }
    let name = "a_fault_of_a_task_leaves_the_screen_and_is_told_once_it_is_closed";
    let written = failed_in_a_pty(name, "task", None);
    assert_restored(&written);
    assert_same_modes(&written);
    let (_, told) = written.split_once("\x1b[?1049l").unwrap();
    assert!(told.contains("complaints: [\"a part of dissent failed at tests/chat.rs:"), "{told:?}");
    assert!(!written.contains("sister"), "{written:?}");
}

#[test]
fn a_recorded_chat_is_played_again_to_the_same_screen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.ndjson");
    let file = file.to_str().unwrap();
    let last = |args: &[&str]| {
        let mut chat = Chat::start(args, (40, 140));
        // Nothing streams any more: the foot no longer offers to stop it.
        chat.until("the verdict", |shown| shown.contains("about 1.6 votes") && !shown.contains("esc stop"));
        let before = chat.written.len();
        chat.press("\x0c");
        let is_whole = |written: &str| written.rsplit_once("\x1b[2J").is_some_and(|(_, it)| it.contains("\x1b[?2026l"));
        while !is_whole(&String::from_utf8_lossy(&chat.written[before..])) {
            chat.read("the screen painted anew");
        }
        // Whether a blank at the end of a row was written or is left over is not seen.
        let trimmed = |shown: &str| shown.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        let shown = trimmed(&chat.screen.screen().contents());
        chat.press("\x04");
        (shown, chat.ended().0)
    };
    let question = "When was the first message sent over the ARPANET?";
    let (live, code) = last(&["chat", "--demo", "--demo-speed", "20", "--record", file, question]);
    assert_eq!(code, 0);
    let (replayed, code) = last(&["replay", "--now", file]);
    assert_eq!(code, 0);
    let differing = replayed.lines().zip(live.lines()).filter(|(replayed, live)| replayed != live);
    assert_eq!(differing.collect::<Vec<_>>(), []);
    assert_eq!(replayed, live);
}
