//! Does what the screen wants of the sessions that are kept: on a thread of its own, with a connection of its own, so that no
//! key waits for a disk.

use std::fs::File;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use tokio::sync::mpsc::UnboundedSender;

use crate::domain::ids::TurnId;
use crate::figures::Figures;
use crate::figures::table::first_of_last;
use crate::round::revive::revive;
use crate::store::error::StoreError;
use crate::store::list::{self, SessionHead};
use crate::store::read::{self, KeptTurn};
use crate::store::search::{Find, MARKS, search};
use crate::store::sitting::Sitting;
use crate::store::stats::{self, Scope};
use crate::store::{Store, edit, shelf};
use crate::ui::fuzzy::score;
use crate::ui::library::{Answer, Board, Brought, Card, Found, Opened, Reach, Wish};
use crate::ui::msg::Msg;

/// Sessions in a list: more are found by typing.
const MOST_CARDS: usize = 200;
/// Turns that are found: more are found by another word.
const MOST_FINDS: usize = 50;
/// How long the end of the program waits for what is still to be done.
const LAST_WISH: Duration = Duration::from_secs(8);

/// What is wanted, and the sitting that goes on meanwhile.
type Wanted = (Wish, Option<Sitting>);

/// The way to the thread; dropped, it ends it.
#[derive(Debug)]
pub(super) struct Desk {
    wishes: Sender<Wanted>,
    done: Receiver<()>,
}

impl Desk {
    /// Opens it over `store`; answers go to `news`.
    ///
    /// # Errors
    /// The system gives no further thread.
    pub(super) fn open(store: Store, news: UnboundedSender<Msg>) -> std::io::Result<Self> {
        let (wishes, inbox) = channel();
        let (ended, done) = channel();
        let librarian = Librarian { store, db: None, run: list::new_id(), mark: None, deleted: Vec::new() };
        let work = move || {
            librarian.run(&inbox, &news);
            // Who waited too long has left.
            let _ = ended.send(());
        };
        std::thread::Builder::new().name("library".to_owned()).spawn(work)?;
        Ok(Self { wishes, done })
    }

    /// Has something done.
    pub(super) fn wish(&self, wish: Wish, here: Option<Sitting>) {
        // Without its thread nothing comes of it, and nothing of what goes on is lost.
        let _ = self.wishes.send((wish, here));
    }

    /// Ends it once all is done: what was deleted is gone then.
    pub(super) fn close(self) {
        let Self { wishes, done } = self;
        drop(wishes);
        let _ = done.recv_timeout(LAST_WISH);
    }
}

/// The thread's state.
struct Librarian {
    store: Store,
    db: Option<Connection>,
    /// The name under which this run deletes.
    run: String,
    /// Tells others that what this run has deleted may come back; kept for as long as it lasts.
    mark: Option<File>,
    deleted: Vec<SessionHead>,
}

impl Librarian {
    fn run(mut self, inbox: &Receiver<Wanted>, news: &UnboundedSender<Msg>) {
        while let Ok(wanted) = inbox.recv() {
            let mut waiting = vec![wanted];
            waiting.extend(inbox.try_iter());
            let last = waiting.len() - 1;
            for (idx, (wish, here)) in waiting.into_iter().enumerate() {
                // Of what is typed only the last state counts.
                let is_stale = idx < last && matches!(wish, Wish::List(_) | Wish::Search(_));
                if is_stale {
                    continue;
                }
                let told = self.grant(wish, here.as_ref()).unwrap_or_else(|error| {
                    self.db = None;
                    Answer::Done(format!("not done: {error}"))
                });
                // Who has left needs no answer.
                let _ = news.send(Msg::Library(told));
            }
        }
        self.bury();
    }

    fn grant(&mut self, wish: Wish, here: Option<&Sitting>) -> Result<Answer, StoreError> {
        match wish {
            Wish::List(pattern) => {
                let fits = |text: &str| score(&pattern, text);
                let fits: Option<&shelf::Fits<'_>> = if pattern.trim().is_empty() { None } else { Some(&fits) };
                let heads = match self.db().and_then(|db| shelf::shelf(db, fits, MOST_CARDS)) {
                    Err(StoreError::NotFound(_)) => Vec::new(),
                    heads => heads?,
                };
                let now = Zoned::now();
                Ok(Answer::Cards(pattern, heads.iter().map(|head| card(head, &now)).collect()))
            }
            Wish::Search(words) => {
                let finds = match self.db().and_then(|db| search(db, &words, MOST_FINDS)) {
                    Err(StoreError::NotFound(_)) => Vec::new(),
                    finds => finds?,
                };
                let now = Zoned::now();
                Ok(Answer::Finds(words, finds.into_iter().map(|find| found(find, &now)).collect()))
            }
            Wish::Count { reach, is_demo, ensemble } => {
                let scope = Scope { since: None, is_demo, ensemble: Some(ensemble) };
                self.count(reach, scope)
            }
            Wish::Open(typed) => {
                let head = self.find(&typed, here)?;
                self.open(&head, here)
            }
            Wish::Rename(id, name) => {
                let head = self.find(&id, None)?;
                edit::rename(self.db()?, &head, &name)?;
                Ok(Answer::Done(format!("`{}` is called `{name}` now", head.name)))
            }
            Wish::Pin(id) => {
                let head = self.find(&id, None)?;
                edit::pin(self.db()?, &head, !head.is_pinned)?;
                let is = if head.is_pinned { "is pinned no more" } else { "is pinned: it stands before the others" };
                Ok(Answer::Done(format!("`{}` {is}", head.name)))
            }
            Wish::Fork(id, n_turns) => {
                if let Some(here) = here {
                    // What was just asked may not be in the file yet.
                    here.flush();
                }
                let head = self.find(&id, None)?;
                let n_turns = n_turns.unwrap_or(head.n_turns);
                let made = edit::fork(self.db()?, &head, n_turns)?;
                let head = self.find(&made, None)?;
                self.open(&head, here)
            }
            Wish::Delete(id) => self.delete(&id, here),
            Wish::Restore => {
                let Some(head) = self.deleted.pop() else {
                    return Ok(Answer::Done("nothing was deleted in this run".to_owned()));
                };
                edit::set_deleted(self.db()?, &head, None)?;
                Ok(Answer::Done(format!("`{}` is back", head.name)))
            }
        }
    }

    fn count(&mut self, reach: Reach, scope: Scope) -> Result<Answer, StoreError> {
        let today = Zoned::now().date();
        let scope = Scope { since: reach.n_days().map(|n_days| first_of_last(n_days, today)), ..scope };
        let figures = match self.db().and_then(|db| stats::figures(db, &scope)) {
            Err(StoreError::NotFound(_)) => Figures::default(),
            figures => figures?,
        };
        Ok(Answer::Counted(Box::new(Board { reach, today, figures })))
    }

    /// Returns the open file, which is opened where it is not.
    fn db(&mut self) -> Result<&mut Connection, StoreError> {
        if self.db.is_none() {
            self.db = Some(self.store.open_to_read()?);
        }
        self.db.as_mut().ok_or(StoreError::Locked)
    }

    /// Returns the session that is meant; the last one is the one used last besides the one here.
    fn find(&mut self, typed: &str, here: Option<&Sitting>) -> Result<SessionHead, StoreError> {
        let db = self.db()?;
        if typed != "last" {
            return list::find(db, typed);
        }
        let own = here.map(Sitting::id);
        let last = list::sessions(db, 2)?.into_iter().find(|head| Some(head.id.as_str()) != own);
        last.ok_or_else(|| StoreError::NotFound("no other session is kept yet".to_owned()))
    }

    fn open(&mut self, head: &SessionHead, here: Option<&Sitting>) -> Result<Answer, StoreError> {
        let is_here = here.is_some_and(|here| here.id() == head.id);
        if !is_here && self.store.take(&head.id)?.is_none() {
            return Ok(Answer::Done(format!("`{}` is open in another window", head.name)));
        }
        let now = tokio::time::Instant::now().into_std();
        let turns = read::turns(self.db()?, &head.id)?.into_iter().map(|kept| brought(kept, now)).collect();
        let (id, name, draft) = (head.id.clone(), head.name.clone(), head.draft.clone());
        Ok(Answer::Opened(Box::new(Opened { id, name, turns, draft, is_demo: head.is_demo })))
    }

    fn delete(&mut self, id: &str, here: Option<&Sitting>) -> Result<Answer, StoreError> {
        let head = self.find(id, None)?;
        let is_here = here.is_some_and(|here| here.id() == head.id);
        if !is_here && self.store.take(&head.id)?.is_none() {
            return Ok(Answer::Done(format!("`{}` is open in another window: close it there first", head.name)));
        }
        if self.mark.is_none() {
            self.mark = self.store.take(&self.run)?;
        }
        let run = self.run.clone();
        edit::set_deleted(self.db()?, &head, Some(&run))?;
        let said = format!("`{}` is deleted: ctrl-x U brings it back until you leave", head.name);
        self.deleted.push(head.clone());
        Ok(Answer::Deleted(head.id, said))
    }

    /// Has what this run deleted gone for good.
    fn bury(mut self) {
        if self.deleted.is_empty() {
            return;
        }
        let run = self.run.clone();
        if let Ok(db) = self.db() {
            // What cannot be written now is done by the next start, as nobody holds the mark then.
            let _ = edit::bury(db, &run);
        }
        self.mark = None;
        self.store.let_go(&run);
    }
}

/// Brings a turn back as today's engine reads it; one that was broken off has a verdict on what there was.
pub(super) fn brought(kept: KeptTurn, now: std::time::Instant) -> Brought {
    let mut record = kept.record;
    // A verdict on what was still coming in then is no verdict on what is there now.
    let verdict = if record.close(now) { None } else { kept.verdict };
    let revived = revive(&record, TurnId(0), now, verdict);
    Brought { id: kept.id, record, report: revived.report, verdict: revived.verdict, opinion: kept.opinion }
}

fn card(head: &SessionHead, now: &Zoned) -> Card {
    Card {
        id: head.id.clone(),
        name: head.name.clone(),
        folder: head.folder.clone(),
        used: used(head.used_at_ms, now),
        n_turns: head.n_turns,
        cost: if head.is_demo { "demo".to_owned() } else { head.cost.to_string() },
        worst: head.worst,
        n_conflicts: head.n_conflicts,
        is_flagged: head.n_flagged > 0,
        is_pinned: head.is_pinned,
    }
}

fn found(find: Find, now: &Zoned) -> Found {
    Found {
        session: find.session,
        name: find.name,
        place: find.place,
        asked: used(find.asked_at_ms, now),
        question: find.question,
        context: find.context.split(MARKS).map(str::to_owned).collect(),
    }
}

/// Returns a moment as short as it can be told apart: `03:14` today, `26 Nov` this year, `2025-11-26` before.
fn used(ms: i64, now: &Zoned) -> String {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(TimeZone::system());
    let format = match at.date() {
        date if date == now.date() => "%H:%M",
        date if date.year() == now.date().year() && date < now.date() => "%-d %b",
        _ => "%Y-%m-%d",
    };
    at.strftime(format).to_string()
}
