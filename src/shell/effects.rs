//! Does what the screen asks for: starts and stops turns, reaches the terminal, files and programs.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use crate::dispatch::call::Dispatcher;
use crate::domain::conversation::Talk;
use crate::domain::ids::{Column, ModelId, TurnId};
use crate::edge::clock;
use crate::provider::endpoint::Model;
use crate::recording::write::Recorder;
use crate::round::drive::Round;
use crate::round::keeping::kept;
use crate::round::plan::{Plan, RoundCommand, RoundEvent, RoundSettings};
use crate::shell::answers::BACKGROUND;
use crate::shell::clipboard::{Clipboard, Copied};
use crate::shell::file;
use crate::shell::library::Desk;
use crate::shell::modes::{MOUSE, MOUSE_OFF};
use crate::shell::notify::Notify;
use crate::shell::opening;
use crate::shell::resume;
use crate::shell::secrets::Secrets;
use crate::shell::terminal::Glass;
use crate::store::Store;
use crate::store::sitting::{Seed, Sitting};
use crate::ui::coloring::CodeLines;
use crate::ui::effect::Effect;
use crate::ui::msg::Msg;

/// What is said of a text that the terminal was sent: whether it takes it, no terminal tells.
const SENT: &str = "sent to the terminal's clipboard";

/// Whether the loop goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    On,
    /// It does, and the person is told something.
    Say(String),
    /// The person leaves.
    Leave,
}

/// What the loop can reach: the real thing, or a test's record of what was asked for.
pub trait Reach {
    /// Does one thing. What fails is shown where the person looks, in a column or by a notice; nothing here ends the
    /// program.
    fn act(&mut self, effect: Effect, glass: &mut dyn Glass) -> Flow;

    /// Takes note of what stands in the composer.
    fn typed(&mut self, _draft: &str) {}

    /// Returns the time that the screen goes by.
    fn now(&self) -> Instant {
        clock::now()
    }

    /// Returns when the time that the screen goes by comes to `moment`.
    fn when(&self, moment: Instant) -> Instant {
        moment
    }
}

/// Where things go on their own.
#[derive(Clone, Debug)]
pub struct Ways {
    /// What happens in turns.
    pub events: UnboundedSender<RoundEvent>,
    /// Code to be read.
    pub colors: Sender<CodeLines>,
    /// What comes of things that take a while.
    pub news: UnboundedSender<Msg>,
}

/// Everything that the screen can reach.
#[derive(Debug)]
pub struct Outside {
    registry: Arc<HashMap<ModelId, Arc<Model>>>,
    settings: RoundSettings,
    dispatcher: Dispatcher,
    rounds: HashMap<TurnId, Round>,
    ways: Ways,
    /// Where a copy goes that is too long for the terminal's clipboard.
    pub copy_file: PathBuf,
    /// Where turns are written down, if they are.
    pub sitting: Option<Sitting>,
    /// Where turns are recorded, if they are.
    pub recorder: Option<Recorder>,
    /// Where it is written down, and what the next session takes from this one; `None` keeps nothing.
    pub keeping: Option<(Store, Seed)>,
    /// Looks sessions up.
    pub(super) desk: Option<Desk>,
    /// Sessions that are being ended.
    leaving: Vec<JoinHandle<()>>,
    draft: String,
    notify: Notify,
    clipboard: Clipboard,
    /// Variables that hold keys.
    pub(crate) secrets: Secrets,
}

impl Outside {
    /// Returns the outside with nothing going on.
    pub fn new(models: &[Arc<Model>], settings: RoundSettings, dispatcher: Dispatcher, ways: Ways) -> Self {
        let registry = models.iter().map(|model| (model.member.id.clone(), Arc::clone(model))).collect();
        Self {
            registry: Arc::new(registry),
            settings,
            dispatcher,
            rounds: HashMap::new(),
            ways,
            copy_file: PathBuf::new(),
            sitting: None,
            recorder: None,
            keeping: None,
            desk: None,
            leaving: Vec::new(),
            draft: String::new(),
            notify: Notify::Off,
            clipboard: Clipboard::none(),
            secrets: Secrets::default(),
        }
    }

    /// Returns it telling the end of turns in that way.
    pub fn telling(self, notify: Notify) -> Self {
        Self { notify, ..self }
    }

    /// Returns it reaching that clipboard besides the terminal's.
    pub(crate) fn reaching(self, clipboard: Clipboard) -> Self {
        Self { clipboard, ..self }
    }

    fn ask(&mut self, turn: TurnId, talk: Arc<Talk>, members: &[ModelId], asks: Vec<Column>) {
        let models: Vec<Arc<Model>> = members.iter().filter_map(|id| self.registry.get(id).cloned()).collect();
        // Each turn holds an engine and maybe a connection; only the newest can be changed, and the one before may still
        // get a late answer.
        self.rounds.retain(|kept, _| kept.0 + 1 == turn.0);
        let plan =
            Plan { turn, talk, models, registry: Arc::clone(&self.registry), asks, settings: self.settings.clone() };
        let events = self.ways.events.clone();
        let events = kept(self.sitting.as_ref(), self.recorder.as_ref(), &plan, events);
        self.rounds.insert(turn, Round::start(plan, self.dispatcher.clone(), events));
    }

    /// Ends the session that goes on, and begins to keep the next one.
    fn sit(&mut self, draft: &str, session: Option<String>, turns: Vec<(TurnId, String)>) -> Flow {
        self.rounds.clear();
        self.draft.clear();
        if let Some(sitting) = self.sitting.take() {
            sitting.draft(draft);
            // What it still has to write may take a while.
            let end = std::thread::Builder::new().name("leaving".to_owned()).spawn(move || drop(sitting.end()));
            self.leaving.extend(end);
        }
        let Some((store, seed)) = self.keeping.clone() else { return Flow::On };
        let seed = Seed { id: session, greets: false, ..seed };
        match resume::begin(Some((store, seed)), &self.ways.news) {
            Ok(sitting) => self.sitting = sitting,
            Err(error) => return Flow::Say(format!("nothing of this session is kept: {error}")),
        }
        if let Some(sitting) = &self.sitting {
            for (turn, id) in turns {
                sitting.knows(turn, id);
            }
            let _ = self.ways.news.send(Msg::Sat(sitting.id().to_owned()));
        }
        Flow::On
    }

    /// Waits for the sessions that are being ended; returns the one that goes on.
    pub(super) fn leave(&mut self) -> Option<Sitting> {
        for end in self.leaving.drain(..) {
            // One that has failed was told where it did.
            let _ = end.join();
        }
        self.sitting.take()
    }

    /// Does what may take a while on a thread of its own, which nobody waits for at the end: a file on a disk that
    /// sleeps, a program. What it returns is told.
    fn beside(&self, work: impl FnOnce() -> Option<Msg> + Send + 'static) {
        let news = self.ways.news.clone();
        let work = move || {
            if let Some(msg) = work() {
                let _ = news.send(msg);
            }
        };
        if let Err(error) = std::thread::Builder::new().name("beside".to_owned()).spawn(work) {
            let _ = self.ways.news.send(Msg::Said(format!("not done: the system gives no further thread: {error}")));
        }
    }

    /// Sends text to every clipboard within reach.
    fn copy(&mut self, what: String, text: String, glass: &mut dyn Glass) {
        send_to_clipboard(&text, glass);
        self.clipboard.take(Copied { what, text, place: SENT.to_owned(), keeps_place: false }, &self.ways.news);
    }

    fn command(&self, turn: TurnId, command: RoundCommand) {
        if let Some(round) = self.rounds.get(&turn) {
            round.command(command);
        }
    }
}

impl Reach for Outside {
    fn typed(&mut self, draft: &str) {
        if self.draft != draft
            && let Some(sitting) = &self.sitting
        {
            draft.clone_into(&mut self.draft);
            sitting.draft(draft);
        }
    }

    fn act(&mut self, effect: Effect, glass: &mut dyn Glass) -> Flow {
        match effect {
            Effect::Ask { turn, talk, members, asks } => self.ask(turn, talk, &members, asks),
            Effect::AskMember { turn, column } => self.command(turn, RoundCommand::Ask(column)),
            Effect::Withdraw { turn, column } => self.command(turn, RoundCommand::Withdraw(column)),
            Effect::StopMember { turn, column } => self.command(turn, RoundCommand::Stop(column)),
            Effect::StopAll { turn } => self.command(turn, RoundCommand::StopAll),
            Effect::KeepOpinion { turn, opinion } => {
                if let Some(sitting) = &self.sitting {
                    sitting.opinion(turn, opinion);
                }
            }
            Effect::Library(wish) => {
                if let Some(desk) = &self.desk {
                    desk.wish(wish, self.sitting.clone());
                }
            }
            Effect::Sit { draft, session, turns } => return self.sit(&draft, session, turns),
            // Without its worker, code stays plain.
            Effect::Color(lines) => drop(self.ways.colors.send(lines)),
            Effect::Read(path) => self.beside(move || Some(Msg::Attached(file::read(&path)))),
            Effect::Open(url) => match opening::open(&url, &self.secrets, |name| std::env::var(name).ok()) {
                Ok(opener) => self.beside(move || opener.complaint().map(Msg::Said)),
                Err(why) => {
                    let what = format!("{why}; the address");
                    let said = format!("{what}: {SENT}");
                    self.copy(what, url, glass);
                    return Flow::Say(said);
                }
            },
            Effect::Copy { what, text } => self.copy(what, text, glass),
            Effect::SaveCopy { what, text } => {
                let place = save(&text, &self.copy_file);
                let said = format!("{what}: {place}");
                self.clipboard.take(Copied { what, text, place, keeps_place: true }, &self.ways.news);
                return Flow::Say(said);
            }
            // A terminal that is gone is noticed by the next frame.
            Effect::Mouse(true) => drop(glass.send(MOUSE.as_bytes())),
            Effect::Mouse(false) => drop(glass.send(MOUSE_OFF.as_bytes())),
            // A terminal that is gone is noticed by the next frame.
            Effect::Redraw => drop(glass.forget()),
            Effect::Notify(text) => drop(glass.send(self.notify.bytes(&text).as_bytes())),
            Effect::AskBackground => drop(glass.send(BACKGROUND.as_bytes())),
            // The loop itself does these: they need the terminal as a whole.
            Effect::Suspend | Effect::Edit(_) => {}
            Effect::Quit => return Flow::Leave,
        }
        Flow::On
    }
}

/// Writes a copy to a file that nobody else can read; returns what is to be said of it.
fn save(text: &str, file: &Path) -> String {
    match write_privately(text, file) {
        Ok(()) => format!("too long for the terminal's clipboard; it is in {}", file.display()),
        Err(error) => {
            format!("too long for the terminal's clipboard, and {} can't be written: {error}", file.display())
        }
    }
}

fn write_privately(text: &str, file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

/// Sends text to the terminal's clipboard (OSC 52), which works over SSH too.
fn send_to_clipboard(text: &str, glass: &mut dyn Glass) {
    let mut bytes = Vec::new();
    let command = crossterm::clipboard::CopyToClipboard::to_clipboard_from(text);
    if crossterm::QueueableCommand::queue(&mut bytes, command).is_ok() {
        // A terminal that is gone is noticed by the next frame.
        let _ = glass.send(&bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::replay::Replay;
    use crate::net::transport::Transport;
    use crate::provider::endpoint::Straggler;
    use crate::shell::away::{Back, Errand};
    use crate::ui::app::App;
    use tokio::sync::mpsc::unbounded_channel;

    /// A terminal that nobody looks at.
    struct Dark;

    impl Glass for Dark {
        fn draw(&mut self, _: &mut App) -> io::Result<()> {
            Ok(())
        }

        fn forget(&mut self) -> io::Result<()> {
            Ok(())
        }

        fn send(&mut self, _: &[u8]) -> io::Result<()> {
            Ok(())
        }

        async fn leave_for(&mut self, _: Errand) -> io::Result<Back> {
            Ok(Back::Resumed)
        }
    }

    #[tokio::test]
    async fn a_file_is_read_beside_the_loop_and_told_once_it_is_there() {
        let (events, _) = unbounded_channel();
        let (colors, _) = std::sync::mpsc::channel();
        let (news, mut heard) = unbounded_channel();
        let settings = RoundSettings {
            quorum: 2,
            straggler: Straggler::same(std::time::Duration::ZERO),
            flag_below: 0.75,
            flag: crate::domain::verdict::Flagging::default(),
            is_demo: false,
        };
        let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([])));
        let mut outside = Outside::new(&[], settings, dispatcher, Ways { events, colors, news });
        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large.txt");
        std::fs::write(&large, "é".repeat(4 << 20)).unwrap();
        let rows = [
            (folder.path().to_path_buf(), "it is no file"),
            (PathBuf::from("/dev/zero"), "it is no file"),
            (large, "too large"),
        ];
        for (path, expected) in rows {
            let read = Effect::Read(path.to_str().unwrap().to_owned());
            assert_eq!(outside.act(read, &mut Dark), Flow::On, "the screen does not wait");
            let Some(Msg::Attached(Err(refusal))) = heard.recv().await else { unreachable!("{path:?}") };
            assert!(refusal.contains(expected), "{refusal}");
        }
    }

    #[test]
    fn a_long_copy_is_in_a_file_and_a_file_that_cannot_be_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/last-copy.txt");
        let said = save("a long text", &file);
        assert!(said.ends_with(&format!("it is in {}", file.display())), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "a long text");
        let said = save("a long text", &file.join("below a file"));
        assert!(said.contains("can't be written"), "{said}");
    }
}
