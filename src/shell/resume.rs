//! A sitting from one run to the next: brought back as it stood, kept while it lasts, and told how to go on with at its end.

use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use crate::domain::ids::TurnId;
use crate::round::revive::revive;
use crate::shell::run::Exit;
use crate::store::Store;
use crate::store::read::KeptTurn;
use crate::store::sitting::{News, Seed, Sitting};
use crate::ui::app::{App, TurnView};
use crate::ui::msg::Msg;
use crate::ui::update::update;

/// What a sitting goes on with; nothing for a new one.
#[derive(Clone, Debug, Default)]
pub struct Resumed {
    /// Its turns, oldest first.
    pub turns: Vec<KeptTurn>,
    /// What stood in the composer.
    pub draft: String,
}

/// Begins to keep a sitting, where it is wanted; what there is to say of it goes to `news`.
pub(super) fn begin(keeping: Option<(Store, Seed)>, news: &UnboundedSender<Msg>) -> std::io::Result<Option<Sitting>> {
    let Some((store, seed)) = keeping else { return Ok(None) };
    let (news, resume) = (news.clone(), seed.resume.clone());
    let tell = move |told: News| {
        let msg = match told {
            News::Notice(text) => Msg::Noted(text),
            News::Questions(questions) => Msg::AskedBefore(questions),
            News::SpentElsewhere(cost) => Msg::SpentElsewhere(cost),
            News::BrokenOff { id, name } => Msg::Noted(format!("`{name}` broke off; to go on with it: {resume} {id}")),
        };
        // Who has left needs no news.
        let _ = news.send(msg);
    };
    Sitting::begin(store, seed, tell).map(Some)
}

/// Puts the turns of an earlier run where they were, and the draft into the composer.
pub fn bring_back(app: &mut App, resumed: Resumed, now: Instant) {
    for kept in resumed.turns {
        let id = TurnId(app.turns.last().map_or(0, |view| view.turn.id.0) + 1);
        let mut record = kept.record;
        // A verdict on what was still coming in then is no verdict on what is there now.
        let verdict = if record.close(now) { None } else { kept.verdict };
        let view = TurnView::new(record.asked.turn(id, now));
        app.turns.push(TurnView { opinion: kept.opinion.into(), ..view });
        for moment in &record.moments {
            update(app, Msg::Stream(moment.event(id, now)), now);
        }
        let revived = revive(&record, id, now, verdict);
        let band = revived.verdict.band;
        update(app, Msg::Report(id, revived.report, band), now);
        update(app, Msg::Verdict(id, Box::new(revived.verdict)), now);
        app.history.keep(&record.asked.question);
    }
    app.talk.n_resumed = app.turns.len();
    app.selected = app.turns.len().saturating_sub(1);
    app.reading.chat_cursor = app.selected;
    if !resumed.draft.is_empty() {
        app.composer.set(resumed.draft);
    }
}

/// Says what the store calls turns of an earlier run, of which the first is `first` in this one.
pub(super) fn name_turns(sitting: &Sitting, first: TurnId, turns: &[KeptTurn]) {
    for (id, kept) in (first.0..).map(TurnId).zip(turns) {
        sitting.knows(id, kept.id.clone());
    }
}

/// Ends a sitting; returns the line that says how to go on with it, where anything of it is kept. One that a signal
/// ended is broken off: the next start offers it.
pub(super) fn last_line(sitting: &Sitting, resume: Option<&str>, exit: Option<&Exit>) -> Option<String> {
    let short = match exit {
        Some(Exit::Left) => sitting.end(),
        Some(Exit::Signalled(_)) | None => sitting.flush(),
    }?;
    Some(format!("to go on with this session: {} {short}", resume?))
}
