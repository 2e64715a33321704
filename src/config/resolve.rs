//! From what was typed and what is around us to what is meant.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use crate::config::env::Env;
use crate::config::error::{ConfigError, Problem};
use crate::config::not_yet;
use crate::config::raw::{Raw, RawContext, RawUi};
use crate::config::reader::At;
use crate::config::registry::Registry;
use crate::config::settings::{Context, MAX_ENSEMBLE, Route, Settings, Similarity, Ui};
use crate::domain::budget::Budget;
use crate::domain::ids::ModelId;
use crate::domain::kind::Kind;
use crate::domain::money::Usd;
use crate::domain::nearest::did_you_mean;
use crate::domain::verdict::Flagging;
use crate::provider::catalog::Catalog;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Secret, Straggler};

/// Members of an ensemble that nobody chose from models that the user wrote down: as many as the screen has columns.
const MAX_OWN: usize = 5;

/// Members of an ensemble that nobody chose from models that nobody wrote down.
const MAX_FOUND: usize = 3;

/// What is around the program, as values.
pub struct Outside<'a> {
    /// The environment.
    pub env: &'a Env,
    /// Runs an `api_key_command`; called at most once for each command, and only for models that would use its key.
    pub key_command: &'a dyn Fn(&str) -> Result<Secret, String>,
    /// What servers on the person's own machines say they have, by the id of the provider; or why they say nothing.
    pub listed: &'a [(String, Result<Vec<String>, String>)],
    /// The dialects that this version speaks.
    pub dialects: &'a [Dialect],
}

/// Returns the settings that `file`, a path with its text, and the environment give; without a file, what the environment
/// gives alone.
///
/// # Errors
/// [`ConfigError::Invalid`] with every problem of the file.
pub fn resolve(file: Option<(&Path, &str)>, outside: &Outside<'_>) -> Result<Settings, ConfigError> {
    let (raw, mut problems) = file.map(|(_, text)| Raw::read(text)).unwrap_or_default();
    // Each step builds on the one before, so that one mistake is told once; no key command runs for a broken file.
    let settings = problems.is_empty().then(|| {
        let registry = Registry::build(&raw, outside);
        let mut resolver = Resolver { raw: &raw, registry, problems: Vec::new() };
        problems.append(&mut resolver.registry.problems);
        let settings = problems.is_empty().then(|| resolver.settings(outside));
        problems.append(&mut resolver.problems);
        settings
    });
    let path = file.map(|(path, _)| path.to_path_buf());
    match settings.flatten() {
        Some(settings) if problems.is_empty() => Ok(Settings { file: path, ..settings }),
        Some(_) | None => {
            problems.sort();
            Err(ConfigError::Invalid { path: path.unwrap_or_default(), problems })
        }
    }
}

struct Resolver<'a> {
    raw: &'a Raw,
    registry: Registry,
    problems: Vec<Problem>,
}

impl Resolver<'_> {
    fn settings(&mut self, outside: &Outside<'_>) -> Settings {
        let raw = self.raw;
        let mut warnings = std::mem::take(&mut self.registry.warnings);
        let ensemble = if let Some(typed) = &raw.ensemble {
            self.chosen(typed, &mut warnings)
        } else {
            warnings.extend(self.left_out());
            self.default_ensemble()
        };
        warnings.extend(self.too_high_quorum(&ensemble));
        warnings.extend(not_yet::warnings(raw));
        let typed_straggler = raw.straggler.as_ref().map(|it| it.value);
        Settings {
            file: None,
            ensemble,
            quorum: raw.quorum.as_ref().map_or(2, |it| it.value as usize),
            flag_below: raw.flag_below.as_ref().map_or(0.75, |it| it.value),
            flag: self.flag(),
            straggler: Straggler {
                usual: typed_straggler.unwrap_or(Duration::from_secs(10)),
                high_effort: typed_straggler.unwrap_or(Duration::from_secs(120)),
            },
            route: self.route(),
            budget: self.budget(),
            similarity: self.similarity(),
            judge: self.judge(),
            theme: raw.theme.as_ref().map(|it| it.value.clone()),
            ui: ui(&raw.ui),
            context: context(&raw.context),
            history: raw.store.history.as_ref().map(|it| it.value).unwrap_or_default(),
            retention: raw.store.retention.as_ref().and_then(|it| it.value),
            warnings,
            notes: self.notes(outside),
            models: std::mem::take(&mut self.registry.models),
            unusable: std::mem::take(&mut self.registry.unusable),
            key_variables: std::mem::take(&mut self.registry.key_variables),
        }
    }

    /// Returns the usable models among those that were typed; the others are warned of.
    fn chosen(&mut self, typed: &At<Vec<At<String>>>, warnings: &mut Vec<String>) -> Vec<ModelId> {
        if typed.value.is_empty() || typed.value.len() > MAX_ENSEMBLE {
            self.problems
                .push(typed.problem(format!("`ensemble` names 1 to {MAX_ENSEMBLE} models, not {}", typed.value.len())));
        }
        let mut seen = HashSet::new();
        let mut chosen = Vec::new();
        for id in &typed.value {
            if !seen.insert(&id.value) {
                self.problems.push(id.problem(format!("`ensemble` names `{}` twice", id.value)));
            } else if let Some((_, reason)) = self.registry.unusable.iter().find(|(it, _)| it.as_str() == id.value) {
                warnings.push(format!("`{}` is left out of the ensemble: {reason}", id.value));
            } else if self.registry.models.iter().any(|it| it.member.id.as_str() == id.value) {
                chosen.push(ModelId::from(id.value.as_str()));
            } else {
                self.problems.extend(self.registry.unknown(id));
            }
        }
        chosen
    }

    /// Returns who is asked when nobody was named: the file's own models, else one flagship for each vendor, else several
    /// models of the only vendor.
    fn default_ensemble(&self) -> Vec<ModelId> {
        let is_own = |id: &ModelId| self.raw.models.iter().any(|model| model.id.value == id.as_str());
        let models = || self.registry.models.iter().map(|model| &model.member);
        let own: Vec<_> = models().map(|member| &member.id).filter(|id| is_own(id)).take(MAX_OWN).cloned().collect();
        if !own.is_empty() {
            return own;
        }
        let is_flagship = |id: &ModelId| Catalog::built_in().model(id.as_str()).is_some_and(|known| known.flagship);
        let mut vendors = HashSet::new();
        let flagships: Vec<_> = models()
            .filter(|member| is_flagship(&member.id) && vendors.insert(&member.vendor))
            .map(|member| member.id.clone())
            .take(MAX_FOUND)
            .collect();
        if flagships.len() > 1 {
            return flagships;
        }
        models().map(|member| member.id.clone()).take(MAX_FOUND).collect()
    }

    /// Returns a warning for each model that was written down and can't be asked: who is asked instead is not who was meant.
    fn left_out(&self) -> Vec<String> {
        let is_own = |id: &ModelId| self.raw.models.iter().any(|model| model.id.value == id.as_str());
        let own = self.registry.unusable.iter().filter(|(id, _)| is_own(id));
        own.map(|(id, reason)| format!("`{id}` of the config cannot be asked: {reason}")).collect()
    }

    fn too_high_quorum(&self, ensemble: &[ModelId]) -> Option<String> {
        let quorum = self.raw.quorum.as_ref()?.value as usize;
        let message = || {
            format!("`quorum` is {quorum}, but the ensemble has {}: no answer can count as a consensus", ensemble.len())
        };
        (quorum > ensemble.len().max(1)).then(message)
    }

    fn route(&mut self) -> Route {
        let Some(typed) = &self.raw.route else { return Route::default() };
        Route::from_word(&typed.value).unwrap_or_else(|| {
            let known = Route::POLICIES.iter().map(|policy| policy.as_str()).chain(Kind::ALL.map(Kind::as_str));
            let nearest = did_you_mean(&typed.value, known);
            let message = format!(
                "`route` is all, balanced, cheap, best, fast or a kind of question, not `{}`{nearest}",
                typed.value
            );
            self.problems.push(typed.problem(message));
            Route::default()
        })
    }

    fn budget(&self) -> Budget {
        let usd = |amount: &Option<At<f64>>| amount.as_ref().map(|it| Usd(it.value));
        let budget = &self.raw.budget;
        Budget { turn: usd(&budget.turn), session: usd(&budget.session), day: usd(&budget.day) }
    }

    fn similarity(&mut self) -> Similarity {
        match &self.raw.similarity {
            None => Similarity::default(),
            Some(typed) if typed.value == "none" => Similarity::None,
            Some(typed) if typed.value == "static" => Similarity::Static,
            Some(typed) => {
                self.problems.extend(self.registry.unknown(typed));
                Similarity::Model(ModelId::from(typed.value.as_str()))
            }
        }
    }

    fn flag(&mut self) -> Flagging {
        let Some(typed) = &self.raw.flag else { return Flagging::default() };
        match typed.value.as_str() {
            "graded" => Flagging::Graded,
            "any" => Flagging::Any,
            _ => {
                self.problems.push(typed.problem("`flag` must be \"graded\" or \"any\""));
                Flagging::default()
            }
        }
    }

    fn judge(&mut self) -> Option<ModelId> {
        let typed = self.raw.judge.as_ref().filter(|it| it.value != "none")?;
        self.problems.extend(self.registry.unknown(typed));
        Some(ModelId::from(typed.value.as_str()))
    }

    /// Returns how services are asked against expectation, and what was found of those whose models only they can list.
    fn notes(&mut self, outside: &Outside<'_>) -> Vec<String> {
        let catalog = Catalog::built_in();
        let is_set = |name: &String| outside.env.get(name).is_some();
        let lists_itself = |id: &str| !catalog.models.iter().any(|model| model.provider == id);
        let is_named =
            |id: &str| self.raw.models.iter().any(|it| it.provider.as_ref().is_some_and(|it| it.value == id));
        let mut notes = std::mem::take(&mut self.registry.notes);
        for known in catalog.providers.iter().filter(|known| lists_itself(&known.id) && !is_named(&known.id)) {
            if outside.listed.iter().any(|(id, _)| *id == known.id) {
                // Its models are in the registry, or the reason why they are not.
                continue;
            }
            let found: Vec<_> =
                known.key_env.iter().chain(&known.base_url_env).filter(|name| is_set(name)).cloned().collect();
            if !found.is_empty() {
                let (found, id) = (found.join(" and "), &known.id);
                notes.push(format!("{found} is set: its models are not looked up in this version; name one as [models.ID] with provider = \"{id}\""));
            }
        }
        notes
    }
}

fn ui(raw: &RawUi) -> Ui {
    let switch = |typed: &Option<At<bool>>, usual: bool| typed.as_ref().map_or(usual, |it| it.value);
    Ui {
        layout: raw.layout.as_ref().map(|it| it.value).unwrap_or_default(),
        panel: raw.panel.as_ref().map(|it| it.value).unwrap_or_default(),
        chat: raw.chat.as_ref().map(|it| it.value).unwrap_or_default(),
        mouse: switch(&raw.mouse, true),
        copy_on_select: switch(&raw.copy_on_select, false),
        glyphs: raw.glyphs.as_ref().map(|it| it.value).unwrap_or_default(),
        links: switch(&raw.links, true),
        notify: raw.notify.as_ref().map(|it| it.value).unwrap_or_default(),
        title: switch(&raw.title, false),
        blind: switch(&raw.blind, false),
    }
}

fn context(raw: &RawContext) -> Context {
    let switch = |typed: &Option<At<bool>>, usual: bool| typed.as_ref().map_or(usual, |it| it.value);
    Context {
        after_off: raw.after_off.as_ref().map(|it| it.value).unwrap_or_default(),
        own_history: switch(&raw.own_history, true),
        probe_local: switch(&raw.probe_local, true),
    }
}
