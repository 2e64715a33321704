//! Builds the registry: every model of the file and of the catalog with its provider, or the reason why it can't be asked.

use std::collections::HashMap;
use std::sync::Arc;

use crate::config::error::Problem;
use crate::config::raw::{Raw, RawModel, RawPrice};
use crate::config::reader::At;
use crate::config::resolve::Outside;
use crate::config::service::{Key, KeyPlan, Service};
use crate::domain::address::host_of;
use crate::domain::ids::ModelId;
use crate::domain::kind::Kind;
use crate::domain::member::{DEFAULT_RELIABILITY, Member};
use crate::domain::money::Price;
use crate::domain::nearest::did_you_mean;
use crate::provider::catalog::{Catalog, KnownModel};
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Model, Options, Provider, Secret};

/// A part of the names of models that turn texts into vectors and answer nothing.
const NO_ANSWERS: &str = "embed";

/// What was found of all models, in the order of the registry: the file's, then the catalog's.
#[derive(Debug, Default)]
pub(super) struct Registry {
    pub(super) models: Vec<Arc<Model>>,
    pub(super) unusable: Vec<(ModelId, String)>,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) key_variables: Vec<String>,
}

impl Registry {
    /// Builds the registry of what was typed and what the catalog knows.
    pub(super) fn build(raw: &Raw, outside: &Outside<'_>) -> Self {
        let mut builder = Builder {
            catalog: Catalog::built_in(),
            outside,
            system: raw.system.as_ref().map(|it| Arc::from(it.value.as_str())),
            services: HashMap::new(),
            providers: Vec::new(),
            commands: HashMap::new(),
            found: Self::default(),
        };
        builder.read_services(raw);
        if !builder.found.problems.is_empty() {
            // Models of a provider that is refused would only repeat its problem.
            return builder.found;
        }
        for model in &raw.models {
            builder.add(model);
        }
        for known in &builder.catalog.models {
            if !raw.models.iter().any(|model| model.id.value == known.id) {
                builder.add(&RawModel::named(&known.id));
            }
        }
        builder.add_listed(raw);
        builder.found.key_variables = builder.key_variables(raw);
        builder.found.check_references(raw);
        builder.found
    }

    /// Returns every id, usable or not.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        let usable = self.models.iter().map(|model| model.member.id.as_str());
        usable.chain(self.unusable.iter().map(|(id, _)| id.as_str()))
    }

    /// Returns the problem with an id that no model has, if it is one.
    pub(super) fn unknown(&self, id: &At<String>) -> Option<Problem> {
        let is_known = self.ids().any(|known| known == id.value);
        let message = || format!("there is no model `{}`{}", id.value, did_you_mean(&id.value, self.ids()));
        (!is_known).then(|| id.problem(message()))
    }

    /// Looks up the models that stand in for others.
    fn check_references(&mut self, raw: &Raw) {
        for model in &raw.models {
            for stand_in in model.fallback.iter().flat_map(|it| &it.value) {
                if stand_in.value == model.id.value {
                    self.problems.push(stand_in.problem(format!("`{}` cannot stand in for itself", model.id.value)));
                }
                self.problems.extend(self.unknown(stand_in));
            }
        }
    }
}

/// Why a model is not in the registry.
enum Obstacle {
    /// The file is wrong.
    Problem(Problem),
    /// Something is missing around us.
    Unusable(String),
}

impl From<Problem> for Obstacle {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

struct Builder<'a> {
    catalog: &'static Catalog,
    outside: &'a Outside<'a>,
    /// Standing instructions for models that have none of their own.
    system: Option<Arc<str>>,
    services: HashMap<String, Service>,
    /// Providers built so far, so that models of one service share theirs.
    providers: Vec<Arc<Provider>>,
    /// What the key commands said, so that each runs once.
    commands: HashMap<String, Result<Secret, String>>,
    found: Registry,
}

impl Builder<'_> {
    fn read_services(&mut self, raw: &Raw) {
        for known in &self.catalog.providers {
            self.services.insert(known.id.clone(), Service::known(known, self.outside.env));
        }
        for typed in &raw.providers {
            let service = self.services.remove(&typed.id.value);
            match Service::typed(service, typed, &mut self.found.problems) {
                Some(service) => self.services.insert(typed.id.value.clone(), service),
                // Its models are not looked at: the file is refused for the provider already.
                None => None,
            };
        }
        for service in self.services.values_mut() {
            service.wait(&raw.timeout);
        }
    }

    /// Adds what servers of the person's own say they have; a name that is taken is told apart by the provider's.
    fn add_listed(&mut self, raw: &Raw) {
        for (provider, listed) in self.outside.listed {
            let names = match listed {
                Ok(names) => names,
                Err(why) => {
                    self.found.unusable.push((ModelId::from(provider.as_str()), why.clone()));
                    self.found.warnings.push(why.clone());
                    continue;
                }
            };
            for name in names.iter().filter(|name| !name.contains(NO_ANSWERS)) {
                let is_taken =
                    |id: &str| raw.models.iter().any(|model| model.id.value == id) || self.catalog.model(id).is_some();
                let id = if is_taken(name) { format!("{provider}/{name}") } else { name.clone() };
                let typed = |value: &str| Some(At { value: value.to_owned(), line: 0 });
                let model = RawModel { provider: typed(provider), model: typed(name), ..RawModel::named(&id) };
                // Nobody typed it: a name that can't be an id here is passed over.
                if check_id(&model.id).is_ok() {
                    self.add(&model);
                }
            }
        }
    }

    /// Returns the variables that may hold a key, each once.
    fn key_variables(&self, raw: &Raw) -> Vec<String> {
        let of_service = |service: &Service| match &service.key {
            KeyPlan::Variables(names) => names.clone(),
            KeyPlan::Command(_) => Vec::new(),
        };
        let known = self.catalog.providers.iter().flat_map(|known| known.key_env.clone());
        let own = raw.models.iter().filter_map(|model| Some(model.api_key_env.as_ref()?.value.clone()));
        let mut names: Vec<String> = self.services.values().flat_map(of_service).chain(known).chain(own).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn add(&mut self, raw: &RawModel) {
        let id = ModelId::from(raw.id.value.as_str());
        match self.model(raw, &id) {
            Ok(model) => self.found.models.push(Arc::new(model)),
            Err(Obstacle::Problem(problem)) => self.found.problems.push(problem),
            Err(Obstacle::Unusable(reason)) => self.found.unusable.push((id, reason)),
        }
    }

    fn model(&mut self, raw: &RawModel, id: &ModelId) -> Result<Model, Obstacle> {
        check_id(&raw.id)?;
        let known = self.catalog.model(id.as_str());
        let service = self.service_of(raw, known)?;
        let same_provider = known.filter(|known| known.provider == service.id);
        let typed_name = raw.model.as_ref().map(|it| it.value.as_str());
        let Some(api_model) = typed_name.or(same_provider.map(|known| known.model.as_str())) else {
            let message = format!("`models.{id}` needs `model`, the name that `{}` gives it", service.id);
            return Err(raw.id.problem(message).into());
        };
        let served = self.catalog.served(&service.id, api_model);
        let options = options(raw, service.dialect)?;
        // What answers on this machine need not be what the catalog prices, nor see and read as much.
        let itself = served.filter(|_| !service.is_loopback());
        let catalog_price = itself.and_then(|known| known.price.clone());
        let free = service.local.then(Price::free);
        let price = raw.price.as_ref().map(price).transpose()?.or(catalog_price).or(free);
        let member = Member {
            id: id.clone(),
            provider: Arc::from(service.id.as_str()),
            api_model: Arc::from(api_model),
            vendor: self.catalog.vendor(&service.id, api_model).map(Arc::from),
            reliability: reliability(raw)?.or(served.and_then(|it| it.reliability)).unwrap_or(DEFAULT_RELIABILITY),
            price,
            context_tokens: itself.and_then(|it| it.context_tokens),
            takes_images: itself.and_then(|it| it.images),
        };
        let left_out = self.catalog.capabilities(&service.id, api_model).left_out(&options);
        self.found.warnings.extend(left_out.into_iter().map(|sentence| format!("model `{id}`: {sentence}")));
        let strengths = strengths(raw)?;
        let provider = self.provider(service, &options).map_err(Obstacle::Unusable)?;
        let fallback =
            raw.fallback.iter().flat_map(|it| &it.value).map(|it| ModelId::from(it.value.as_str())).collect();
        let system = raw.system.as_ref().map(|it| Arc::from(it.value.as_str())).or_else(|| self.system.clone());
        Ok(Model { member: Arc::new(member), provider, options, system, strengths, fallback })
    }

    /// Returns the service that the model is asked at, with what the model says of it itself.
    fn service_of(&self, raw: &RawModel, known: Option<&KnownModel>) -> Result<Service, Obstacle> {
        let by_address = raw.base_url.as_ref().map(|_| "openai-compatible");
        let typed = raw.provider.as_ref().map(|it| it.value.as_str());
        let Some(name) = typed.or(known.map(|it| it.provider.as_str())).or(by_address) else {
            return Err(raw.id.problem(format!("`models.{}` needs `provider`", raw.id.value)).into());
        };
        let Some(service) = self.services.get(name) else {
            let message = format!(
                "there is no provider `{name}`{}",
                did_you_mean(name, self.services.keys().map(String::as_str))
            );
            return Err(raw.provider.as_ref().unwrap_or(&raw.id).problem(message).into());
        };
        let mut service = service.clone();
        if let Some(base_url) = &raw.base_url {
            service.set_base_url(base_url)?;
        }
        if let Some(variable) = &raw.api_key_env {
            service.key = KeyPlan::Variables(vec![variable.value.clone()]);
        }
        Ok(service)
    }

    /// Returns the provider of `service`, shared with the models built before where nothing differs.
    fn provider(&mut self, mut service: Service, options: &Options) -> Result<Arc<Provider>, String> {
        let note = service.speak(self.outside.dialects)?;
        let base_url = service.base_url.clone()?;
        let key = self.key(&service)?;
        let provider = service.provider(base_url, key, options.reasons_hard());
        if let Some(same) = self.providers.iter().find(|same| ***same == provider) {
            return Ok(Arc::clone(same));
        }
        self.found.notes.extend(note.filter(|note| !self.found.notes.contains(note)));
        let sends_key = provider.key.is_some() || !provider.headers.is_empty();
        if sends_key && provider.base_url.starts_with("http://") && !service.is_loopback() {
            let warning = format!("provider `{}` is asked over http: its key can be read on the way", service.id);
            // A model with time-outs of its own has a provider of its own too: one warning is enough.
            if !self.found.warnings.contains(&warning) {
                self.found.warnings.push(warning);
            }
        }
        if let Some(note) = elsewhere(&provider).filter(|note| !self.found.notes.contains(note)) {
            self.found.notes.push(note);
        }
        let provider = Arc::new(provider);
        self.providers.push(Arc::clone(&provider));
        Ok(provider)
    }

    /// Returns the key, where there is one; none where none is needed.
    fn key(&mut self, service: &Service) -> Result<Option<Key>, String> {
        match &service.key {
            KeyPlan::Command(command) => {
                let run = || (self.outside.key_command)(command.reveal());
                let secret = self.commands.entry(command.reveal().to_owned()).or_insert_with(run).clone()?;
                Key::checked(secret, "api_key_command").map(Some)
            }
            KeyPlan::Variables(names) => {
                let set = names.iter().find_map(|name| Some((name, self.outside.env.get(name)?)));
                match set {
                    Some((name, key)) => Key::checked(Secret::new(key), name).map(Some),
                    None if service.keyless || names.is_empty() => Ok(None),
                    None => Err(format!("set {}", names.join(" or "))),
                }
            }
        }
    }
}

/// Returns where a key goes that is not its vendor's house; `None` where it goes home, or there is none.
pub fn elsewhere(provider: &Provider) -> Option<String> {
    let known = Catalog::built_in().providers.iter().find(|known| *known.id == *provider.id)?;
    let (home, here) = (host_of(known.base_url.as_deref()?), host_of(&provider.base_url));
    let source = provider.key_source.as_deref().filter(|_| provider.key.is_some())?;
    (home != here).then(|| format!("the key from {source} goes to {}, not to {home}", provider.base_url))
}

fn check_id(id: &At<String>) -> Result<(), Problem> {
    let is_sound = |it: char| it.is_alphanumeric() || "-_.:/@+".contains(it);
    if id.value.is_empty() || !id.value.chars().all(is_sound) {
        return Err(id.problem(format!("a model's id has letters, digits and -_.:/@+ only, not `{}`", id.value)));
    }
    if id.value.starts_with("dissent") || matches!(id.value.as_str(), "none" | "static" | "consensus") {
        return Err(id.problem(format!("`{}` means something else here; give the model another id", id.value)));
    }
    Ok(())
}

fn options(raw: &RawModel, dialect: Dialect) -> Result<Options, Problem> {
    // Anthropic answers 400 above 1, the others above 2.
    let highest = match dialect {
        Dialect::Anthropic => 1.0,
        Dialect::OpenaiChat | Dialect::OpenaiResponses | Dialect::Gemini | Dialect::Ollama => 2.0,
    };
    if let Some(temperature) = raw.temperature.as_ref().filter(|it| it.value > highest) {
        return Err(temperature.problem(format!("`temperature` is a number from 0 to {highest} here")));
    }
    Ok(Options {
        temperature: raw.temperature.as_ref().map(|it| it.value),
        max_output_tokens: raw.max_output_tokens.as_ref().map(|it| it.value),
        reasoning_effort: raw.reasoning_effort.as_ref().map(|it| it.value.clone()),
    })
}

fn price(raw: &RawPrice) -> Result<Price, Problem> {
    let (Some(input), Some(output)) = (&raw.input, &raw.output) else {
        let message = "a price needs `input` and `output`, in US dollars per million tokens";
        return Err(Problem { line: raw.line, message: message.to_owned() });
    };
    if let Some(date) = raw.date.as_ref().filter(|it| it.value.parse::<jiff::civil::Date>().is_err()) {
        return Err(date.problem(format!("a price's `date` is a day such as \"2026-08-05\", not `{}`", date.value)));
    }
    Ok(Price {
        input: input.value,
        output: output.value,
        cached_input: raw.cached_input.as_ref().map(|it| it.value),
        date: raw.date.as_ref().map(|it| it.value.clone()),
    })
}

/// Returns the prior that was typed; 0 and 1 would be certainties that no evidence can move.
fn reliability(raw: &RawModel) -> Result<Option<f64>, Problem> {
    let certain = raw.reliability.as_ref().filter(|it| it.value <= 0.0 || it.value >= 1.0);
    match certain {
        Some(certain) => Err(certain.problem("`reliability` is more than 0 and less than 1")),
        None => Ok(raw.reliability.as_ref().map(|it| it.value)),
    }
}

fn strengths(raw: &RawModel) -> Result<Vec<String>, Problem> {
    let strengths = raw.strengths.iter().flat_map(|it| &it.value);
    let kind = |word: &At<String>| {
        let kind = Kind::from_word(&word.value).map(|kind| kind.as_str().to_owned());
        kind.ok_or_else(|| {
            let nearest = did_you_mean(&word.value, Kind::ALL.map(Kind::as_str));
            word.problem(format!("`{}` is no kind of question{nearest}", word.value))
        })
    };
    strengths.map(kind).collect()
}
