//! A sitting from one run to the next: brought back as it stood, kept while it lasts, and told how to go on with at its end.

use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use crate::domain::ids::TurnId;
use crate::shell::library::brought;
use crate::shell::run::Exit;
use crate::store::Store;
use crate::store::read::KeptTurn;
use crate::store::sitting::{News, Seed, Sitting};
use crate::ui::app::App;
use crate::ui::library::Opened;
use crate::ui::msg::Msg;
use crate::ui::update::library;

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
    let news = news.clone();
    let tell = move |told: News| {
        let msg = match told {
            News::Notice(text) => Msg::Noted(text),
            News::NotKept(why) => Msg::NotKept(why),
            News::Questions(questions) => Msg::AskedBefore(questions),
            News::SpentElsewhere(cost) => Msg::SpentElsewhere(cost),
            News::BrokenOff { id, name } => Msg::BrokeOff { id, name },
        };
        // Who has left needs no news.
        let _ = news.send(msg);
    };
    Sitting::begin(store, seed, tell).map(Some)
}

/// Puts the turns of an earlier run where they were, and the draft into the composer. Returns what the store calls each.
pub fn bring_back(app: &mut App, resumed: Resumed, now: Instant) -> Vec<(TurnId, String)> {
    app.now = now;
    let turns = resumed.turns.into_iter().map(|kept| brought(kept, now)).collect();
    let opened = Opened { turns, draft: resumed.draft, ..Opened::default() };
    library::bring_back(app, opened)
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
