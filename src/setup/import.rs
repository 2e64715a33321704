//! Brings in what other programs have kept, and has its answers compared.

use std::io::{self, Write};

use rusqlite::Connection;

use crate::cli::import::ImportArgs;
use crate::domain::ids::TurnId;
use crate::edge::clock;
use crate::headless::exit::Exit;
use crate::headless::import::{Bad, Conflicting, Tally, write, write_json};
use crate::import::read::{Place, read};
use crate::import::{Entry, Session, Turn};
use crate::round::revive::revive;
use crate::setup::sessions::told;
use crate::setup::{paths, process_env};
use crate::store::Store;
use crate::store::bring::{Guest, GuestTurn, Sameness, Standing, bring, standing};
use crate::store::error::StoreError;

/// Imports files; what could be read of them stands, whatever became of the rest.
pub(super) fn run(args: &ImportArgs) -> anyhow::Result<Exit> {
    let paths = paths(args.config.as_deref(), &process_env())?;
    let store = Store::at(&paths.data);
    let mut importer = Importer { db: open(&store, args.dry_run).map_err(told)?, tally: Tally::new(args.dry_run) };
    for file in &args.files {
        match read(file, &mut |place, entry| importer.take(place, entry)) {
            Ok(done) => done.map_err(told)?,
            Err(error) => drop(writeln!(io::stderr(), "error: {error}")),
        }
    }
    let tally = importer.tally;
    let out = &mut io::stdout().lock();
    if args.json {
        write_json(&tally, out)?;
    } else {
        write(&tally, out)?;
    }
    Ok(if tally.is_nothing() { Exit::Failed } else { Exit::Answered })
}

/// Opens the file; where nothing is to be written, only one that is there.
fn open(store: &Store, is_dry: bool) -> Result<Option<Connection>, StoreError> {
    if !is_dry {
        return store.open().map(Some);
    }
    match store.open_to_read() {
        Err(StoreError::NotFound(_)) => Ok(None),
        opened => opened.map(Some),
    }
}

struct Importer {
    /// The history; `None` where nothing is to be written and nothing is there.
    db: Option<Connection>,
    tally: Tally,
}

impl Importer {
    fn take(&mut self, place: Place, entry: Entry) -> Result<(), StoreError> {
        match entry {
            Entry::Session(session) => self.session(*session)?,
            Entry::Empty(why) => *self.tally.skipped.entry(why).or_default() += 1,
            Entry::Other => self.tally.other += 1,
            Entry::Bad(reason) => {
                self.tally.bad.push(Bad { file: place.file, entry: place.number, reason });
            }
        }
        Ok(())
    }

    fn session(&mut self, session: Session) -> Result<(), StoreError> {
        let Session { id, name, folder, is_demo, made_at_ms, used_at_ms, turns, left_out } = session;
        self.tally.left_out_questions += left_out.n_questions;
        self.tally.left_out_answers += left_out.n_answers;
        let (mut n_new, mut n_changed) = (0, 0);
        let mut guests = Vec::new();
        for (place, turn) in (1..).zip(turns) {
            let sameness = if turn.is_id_of_origin { Sameness::Origin } else { Sameness::Whole };
            let found = self.db.as_ref().map_or(Ok(Standing::New), |db| standing(db, &turn.id, sameness))?;
            n_new += usize::from(found == Standing::New);
            n_changed += usize::from(found == Standing::Changed);
            guests.push(self.turn((&id, place), turn, (found, sameness)));
        }
        let has_news = n_new + n_changed > 0;
        self.tally.imported += usize::from(has_news);
        self.tally.already += usize::from(!has_news);
        self.tally.imported_turns += n_new;
        self.tally.changed_turns += n_changed;
        let now = jiff::Timestamp::now().as_millisecond();
        let made_at_ms = made_at_ms.or(used_at_ms).unwrap_or(now);
        let used_at_ms = used_at_ms.unwrap_or(made_at_ms);
        let guest = Guest { id: &id, name: &name, folder: &folder, is_demo, made_at_ms, used_at_ms };
        match self.db.as_mut().filter(|_| !self.tally.dry_run) {
            Some(db) => bring(db, &guest, &guests),
            None => Ok(()),
        }
    }

    /// Finds the verdict on a turn that is not there yet, and counts what conflicts in it.
    fn turn(
        &mut self,
        (session, place): (&str, usize),
        turn: Turn,
        (found, sameness): (Standing, Sameness),
    ) -> GuestTurn {
        let Turn { id, mut record, verdict, opinion, .. } = turn;
        let question = record.asked.question.to_string();
        let n_answers = record.asked.members.len();
        let mut values = Vec::new();
        let (n_conflicts, guest) = match found {
            Standing::There { n_conflicts } => (n_conflicts, GuestTurn::There { id }),
            Standing::New | Standing::Changed => {
                let now = clock::now();
                record.close(now);
                let verdict = verdict.unwrap_or_else(|| revive(&record, TurnId(0), now, None).verdict);
                let first = verdict.contradictions.first().map(|it| it.sides.as_slice()).unwrap_or_default();
                values.extend(first.iter().map(|side| side.value.clone()));
                let n_conflicts = u32::try_from(verdict.contradictions.len()).unwrap_or(u32::MAX);
                let (record, verdict) = (Box::new(record), Box::new(verdict));
                (n_conflicts, GuestTurn::Whole { id, sameness, record, verdict, opinion })
            }
        };
        self.tally.several_answers += usize::from(n_answers > 1);
        if n_answers > 1 && n_conflicts > 0 {
            let session = session.to_owned();
            self.tally.conflicting.push(Conflicting { session, turn: place, question, conflicts: n_conflicts, values });
        }
        guest
    }
}
