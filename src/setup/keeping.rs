//! Decides where a sitting is kept, and finds the one to go on with.

use std::fs::File;
use std::path::Path;

use crate::cli::ChatOptions;
use crate::config::paths::Paths;
use crate::config::settings::{History, Settings};
use crate::domain::cost::Cost;
use crate::domain::ids::ModelId;
use crate::domain::response::State;
use crate::edge::clock;
use crate::setup::Usage;
use crate::shell::Session;
use crate::shell::resume::Resumed;
use crate::store::Store;
use crate::store::read::{self, KeptTurn};
use crate::store::sitting::{News, Seed, Sitting};
use crate::store::{cost, list};
use crate::ui::app::Source;

/// What is kept of a chat, and what it goes on with.
pub(super) struct Keeping {
    kept: Option<(Store, Seed)>,
    resumed: Resumed,
    /// Whether the command line says who is asked.
    has_named_models: bool,
    why_not: Option<&'static str>,
}

impl Keeping {
    /// Gives a session its past, and where it is written down.
    pub(super) fn apply(self, session: &mut Session) {
        let is_demo = session.settings.is_demo;
        session.keeping = self.kept.map(|(store, seed)| (store, Seed { is_demo, ..seed }));
        session.notes.extend(self.why_not.map(str::to_owned));
        let was_on = if self.has_named_models { Vec::new() } else { was_on(&self.resumed.turns) };
        let is_known = |id: &ModelId| session.models.iter().any(|model| model.member.id == *id);
        let still_here: Vec<ModelId> = was_on.into_iter().filter(is_known).collect();
        if !still_here.is_empty() && !matches!(session.source, Source::Bank(_)) {
            session.ensemble = still_here;
        }
        session.resumed = self.resumed;
    }
}

/// Returns who was asked last.
fn was_on(turns: &[KeptTurn]) -> Vec<ModelId> {
    let Some(last) = turns.last() else { return Vec::new() };
    let turn = last.record.turn(crate::domain::ids::TurnId(0), clock::now());
    let asked = turn.responses.iter().filter(|response| response.state != State::Skipped);
    asked.map(|response| response.member.id.clone()).collect()
}

/// Returns what is kept of a chat.
pub(super) fn of_chat(options: &ChatOptions, settings: &Settings, paths: &Paths) -> anyhow::Result<Keeping> {
    let has_named_models = !options.models.is_empty();
    let nothing = |why_not| Keeping { kept: None, resumed: Resumed::default(), has_named_models, why_not };
    if options.incognito {
        return Ok(nothing(Some("incognito: nothing of this sitting is kept")));
    }
    let store = Store::at(&paths.data);
    let mut seed = Seed {
        resume: resume_line(options),
        folder: folder(),
        is_chat: true,
        greets: true,
        retention: settings.retention,
        ..Seed::default()
    };
    let Some(wanted) = &options.resume else {
        return match settings.history {
            History::Keep => Ok(Keeping { kept: Some((store, seed)), ..nothing(None) }),
            History::Session | History::Off => Ok(nothing(None)),
        };
    };
    let db = store.open().map_err(|error| anyhow::anyhow!("{error}").context("opening the history"))?;
    let head = list::find(&db, wanted).map_err(|error| Usage(error.to_string()))?;
    let is_free: Option<File> = store.take(&head.id)?;
    if is_free.is_none() {
        let short = &head.short;
        let why = format!("session {short} is open in another window; `dissent sessions fork {short}` makes a copy");
        return Err(Usage(why).into());
    }
    let resumed = Resumed { turns: read::turns(&db, &head.id)?, draft: head.draft };
    seed.id = Some(head.id);
    Ok(Keeping { kept: Some((store, seed)), resumed, ..nothing(None) })
}

/// Returns the command line that goes on with the chat, up to the id of its session.
fn resume_line(options: &ChatOptions) -> String {
    let mut words = vec!["dissent".to_owned()];
    if let Some(bank) = &options.demo_bank {
        words.extend(["--demo-bank".to_owned(), quoted(bank)]);
    } else if options.demo {
        words.push("--demo".to_owned());
    }
    if let Some(config) = &options.config {
        words.extend(["--config".to_owned(), quoted(config)]);
    }
    words.push("--resume".to_owned());
    words.join(" ")
}

/// Returns a path as a shell takes it, from any folder.
fn quoted(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).display().to_string();
    let is_plain = |it: char| it.is_alphanumeric() || "/._-+@%:,=".contains(it);
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

fn folder() -> String {
    std::env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default()
}

/// Begins to keep what is asked without a screen; complaints go to `tell`. `None` where nothing is to be kept.
pub(super) fn of_programs(
    settings: &Settings,
    paths: &Paths,
    is_demo: bool,
    is_incognito: bool,
    tell: impl Fn(&str) + Clone + Send + 'static,
) -> Option<Sitting> {
    if is_incognito || settings.history != History::Keep {
        return None;
    }
    let resume = if is_demo { "dissent --demo --resume" } else { "dissent --resume" };
    let retention = settings.retention;
    let seed = Seed { resume: resume.to_owned(), folder: folder(), is_demo, retention, ..Seed::default() };
    begin(Store::at(&paths.data), seed, tell)
}

/// Begins to keep a sitting without a screen; complaints go to `tell`, the one that nothing is kept among them.
pub(super) fn begin(store: Store, seed: Seed, tell: impl Fn(&str) + Clone + Send + 'static) -> Option<Sitting> {
    let told = tell.clone();
    let news = move |news| match news {
        News::Notice(text) => told(&text),
        News::NotKept(_) | News::SpentElsewhere(_) | News::Questions(_) | News::BrokenOff { .. } => {}
    };
    match Sitting::begin(store, Seed { greets: false, ..seed }, news) {
        Ok(sitting) => Some(sitting),
        Err(error) => {
            tell(&format!("nothing is kept: {error}"));
            None
        }
    }
}

/// Returns what was spent today, where a limit needs to know; what cannot be read counts as unknown.
pub(super) fn spent_today(settings: &Settings, paths: &Paths) -> Cost {
    if settings.budget.day.is_none() || settings.history != History::Keep {
        return Cost::default();
    }
    let spent = Store::at(&paths.data).open().and_then(|db| cost::spent_today(&db, "", 0));
    spent.unwrap_or(Cost { is_partial: true, ..Cost::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_goes_on_has_what_the_first_one_had() {
        let line = |options: ChatOptions| resume_line(&options);
        let usual = ChatOptions::default;
        assert_eq!(line(usual()), "dissent --resume");
        assert_eq!(line(ChatOptions { demo: true, demo_speed: Some(4.0), ..usual() }), "dissent --demo --resume");
        let bank = ChatOptions { demo_bank: Some("/a b/it's.jsonl".into()), demo: true, ..usual() };
        assert_eq!(line(bank), "dissent --demo-bank '/a b/it'\\''s.jsonl' --resume");
        let config = ChatOptions { config: Some("/etc/d.toml".into()), ..usual() };
        assert_eq!(line(config), "dissent --config /etc/d.toml --resume");
    }
}
