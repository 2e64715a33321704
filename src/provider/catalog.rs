//! What is known of services and models without asking them: addresses, prices with a date, abilities, makers.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::address::host_of;
use crate::domain::money::Price;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Model, Options, Provider};

/// The catalog that the program carries.
const BUILT_IN: &str = include_str!("../../assets/catalog.toml");

/// Services and models in order of preference.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The services, by their ids in the config.
    pub providers: Vec<KnownProvider>,
    /// The models, those of their makers before the same ones resold.
    pub models: Vec<KnownModel>,
    makers: Vec<Maker>,
}

/// One service.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownProvider {
    /// Its id in the config.
    pub id: String,
    /// The protocol it speaks.
    pub dialect: Dialect,
    /// Where it is; `None` where only the user can say.
    pub base_url: Option<String>,
    /// The variable that holds its address and wins over `base_url`.
    pub base_url_env: Option<String>,
    /// What is added to the address of that variable.
    #[serde(default)]
    pub base_url_suffix: String,
    /// The variables that may hold its key, the first one that is set wins.
    #[serde(default)]
    pub key_env: Vec<String>,
    /// The header that takes the key as it is, where the dialect's own does not.
    pub key_header: Option<String>,
    /// Whether it answers without a key.
    #[serde(default)]
    pub key_optional: bool,
    /// Whether it usually runs on the user's own machine, where loading a model takes minutes.
    #[serde(default)]
    pub local: bool,
    /// Who made all of its models; `None` where it serves those of many.
    pub vendor: Option<String>,
    /// What is added to its address where it speaks `openai-chat` beside its own dialect.
    pub openai_chat_suffix: Option<String>,
    /// The field that caps the answer in its dialect.
    #[serde(default)]
    pub max_tokens_field: MaxTokensField,
    /// The domain of its hosts, where `base_url` does not tell.
    pub domain: Option<String>,
    /// When it counts tokens in a stream.
    #[serde(default)]
    pub counts: Counts,
    /// Whose its limits are.
    #[serde(default)]
    pub limits: LimitsOf,
}

/// One model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownModel {
    /// Its id in a registry that nobody wrote.
    pub id: String,
    /// The id of the provider that serves it.
    pub provider: String,
    /// The provider's name for it.
    pub model: String,
    /// Whether it is the one of its maker to ask by default.
    #[serde(default)]
    pub flagship: bool,
    /// What it costs; `None` where that is unknown.
    pub price: Option<Price>,
    /// Where the price was read.
    pub price_source: Option<String>,
    /// What it can read, in tokens.
    pub context_tokens: Option<u32>,
    /// Whether it can look at images; `None` where that is unknown.
    pub images: Option<bool>,
    /// What it can write, in tokens.
    pub max_output_tokens: Option<u32>,
    /// Share of questions it gets right, between 0 and 1: a prior.
    pub reliability: Option<f64>,
    /// When it accepts a temperature.
    #[serde(default)]
    pub temperature: Temperature,
    /// Whether it reasons when it is not told how hard.
    #[serde(default)]
    pub reasons_by_default: bool,
    /// The reasoning efforts that it accepts, none where it takes no such setting; `None` where that is unknown.
    pub efforts: Option<Vec<String>>,
}

/// Who made the models whose names begin in a certain way.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Maker {
    vendor: String,
    prefixes: Vec<String>,
}

/// The field of a chat completion that caps the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaxTokensField {
    /// The field that every compatible server knows.
    #[default]
    MaxTokens,
    /// The field that reasoning models insist on: OpenAI's answer 400 to the other one.
    MaxCompletionTokens,
}

/// When a service counts tokens in a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// When it is asked to.
    #[default]
    Asked,
    /// Always, and it may refuse to be asked.
    Always,
}

/// Whose the limits of a service are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitsOf {
    /// All of its models share them, for all that is known.
    #[default]
    Account,
    /// Each model has its own, by the service's documentation.
    Model,
}

/// When a model accepts a temperature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Temperature {
    /// Nobody has said that it does not.
    #[default]
    Unknown,
    /// Every time.
    Always,
    /// Only while it does not reason; else the provider answers 400.
    WithoutReasoning,
    /// Never: the provider answers 400.
    Never,
}

/// What a dialect must know of a model to write a request that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The field that caps the answer.
    pub max_tokens_field: MaxTokensField,
    /// The longest answer, in tokens; `None` where that is unknown.
    pub max_output_tokens: Option<u32>,
    /// Whether it may be asked for token counts in a stream.
    pub takes_stream_options: bool,
    temperature: Temperature,
    reasons_by_default: bool,
    efforts: Option<&'static [String]>,
}

impl Capabilities {
    /// Returns whether a temperature may be sent along with `reasoning_effort`; true where nothing is known.
    pub fn takes_temperature(&self, reasoning_effort: Option<&str>) -> bool {
        match self.temperature {
            Temperature::Unknown | Temperature::Always => true,
            Temperature::WithoutReasoning => reasoning_effort.map_or(!self.reasons_by_default, |it| it == "none"),
            Temperature::Never => false,
        }
    }

    /// Returns whether this reasoning effort may be sent; true where nothing is known, and without one.
    pub fn takes_effort(&self, reasoning_effort: Option<&str>) -> bool {
        match (self.efforts, reasoning_effort) {
            (Some(efforts), Some(effort)) => efforts.iter().any(|it| it == effort),
            (None, _) | (_, None) => true,
        }
    }

    /// Returns a sentence for each option that would be refused and is therefore not sent as it is set.
    pub fn left_out(&self, options: &Options) -> Vec<String> {
        let mut sentences = Vec::new();
        let effort = options.reasoning_effort.as_deref();
        if let Some(effort) = effort.filter(|_| !self.takes_effort(effort)) {
            let taken = self.efforts.unwrap_or_default().join(", ");
            let taken = if taken.is_empty() { "the model takes none".to_owned() } else { format!("it takes {taken}") };
            sentences.push(format!("`reasoning_effort = \"{effort}\"` is not sent: {taken}"));
        }
        if options.temperature.is_some() && !self.takes_temperature(effort) {
            let never = self.temperature == Temperature::Never;
            let when = if never { "" } else { " while it reasons" };
            sentences.push(format!("`temperature` is not sent: the model takes none{when}"));
        }
        match (options.max_output_tokens, self.max_output_tokens) {
            (Some(typed), Some(most)) if typed > most => {
                sentences.push(format!("`max_output_tokens` is sent as {most}, the most that the model writes"));
            }
            _ => {}
        }
        sentences
    }
}

impl Catalog {
    /// Returns the catalog that the program carries.
    pub fn built_in() -> &'static Self {
        // A test reads the same text strictly, so the empty catalog never leaves the house.
        static CATALOG: LazyLock<Catalog> = LazyLock::new(|| toml::from_str(BUILT_IN).unwrap_or_default());
        &CATALOG
    }

    /// Returns the service with this id, if it is known.
    pub fn provider(&self, id: &str) -> Option<&KnownProvider> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// Returns the model with this registry id, if it is known.
    pub fn model(&self, id: &str) -> Option<&KnownModel> {
        self.models.iter().find(|model| model.id == id)
    }

    /// Returns the model that `provider` serves as `api_model`; a dated name stands for the one without its date.
    pub fn served(&self, provider: &str, api_model: &str) -> Option<&KnownModel> {
        let named = |name: &str| self.models.iter().find(|model| model.provider == provider && model.model == name);
        named(api_model).or_else(|| named(without_date(api_model)))
    }

    /// Returns the service that a provider of the config is: by its id, else by the host of its address.
    pub fn service_of(&self, provider: &Provider) -> Option<&KnownProvider> {
        self.provider(&provider.id).or_else(|| {
            let host = host_of(&provider.base_url);
            let is_of = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|it| it.ends_with('.'));
            let own_host = |known: &KnownProvider| known.base_url.as_deref().is_some_and(|url| host_of(url) == host);
            let is_it = |known: &&KnownProvider| known.domain.as_deref().is_some_and(is_of) || own_host(known);
            // Local servers share their host.
            self.providers.iter().filter(|known| !known.local).find(is_it)
        })
    }

    /// Returns what a request to `model` must respect, whatever its provider is called in the config.
    pub fn capabilities_of(&'static self, model: &Model) -> Capabilities {
        let service = self.service_of(&model.provider).map_or(&*model.provider.id, |known| known.id.as_str());
        self.capabilities(service, &model.member.api_model)
    }

    /// Returns what a request to `api_model` at `provider` must respect; nothing is assumed of an unknown model.
    pub fn capabilities(&'static self, provider: &str, api_model: &str) -> Capabilities {
        let known = self.provider(provider);
        let model = self.served(provider, api_model);
        Capabilities {
            max_tokens_field: known.map(|it| it.max_tokens_field).unwrap_or_default(),
            max_output_tokens: model.and_then(|model| model.max_output_tokens),
            takes_stream_options: known.is_none_or(|it| it.counts == Counts::Asked),
            temperature: model.map(|model| model.temperature).unwrap_or_default(),
            reasons_by_default: model.is_some_and(|model| model.reasons_by_default),
            efforts: model.and_then(|model| model.efforts.as_deref()),
        }
    }

    /// Returns who made `api_model`, or `None` where neither the provider nor the name tells.
    pub fn vendor(&self, provider: &str, api_model: &str) -> Option<&str> {
        if let Some(vendor) = self.provider(provider).and_then(|it| it.vendor.as_deref()) {
            return Some(vendor);
        }
        let api_model = api_model.to_ascii_lowercase();
        let made_by = |maker: &&Maker| maker.prefixes.iter().any(|prefix| api_model.starts_with(prefix.as_str()));
        self.makers.iter().find(made_by).map(|maker| maker.vendor.as_str())
    }
}

/// Returns the name without a final `-2026-03-05` or `-20260305`, the two ways in which snapshots are dated.
fn without_date(api_model: &str) -> &str {
    let is_date = |date: &str| {
        let digits: String = date.chars().filter(|it| *it != '-').collect();
        digits.len() == 8 && digits.starts_with("20") && digits.bytes().all(|it| it.is_ascii_digit())
    };
    [11, 9]
        .into_iter()
        .filter_map(|length| api_model.split_at_checked(api_model.len().checked_sub(length)?))
        .find_map(|(name, date)| date.strip_prefix('-').filter(|it| is_date(it)).map(|_| name))
        .unwrap_or(api_model)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_built_in_catalog_is_sound() {
        let catalog: Catalog = toml::from_str(BUILT_IN).unwrap();
        assert_eq!(&catalog, Catalog::built_in());
        let ids: HashSet<_> = catalog.models.iter().map(|model| model.id.as_str()).collect();
        assert_eq!(ids.len(), catalog.models.len(), "two models of one id");
        for model in &catalog.models {
            let id = &model.id;
            let provider = catalog.provider(&model.provider).unwrap_or_else(|| panic!("{id}: no such provider"));
            assert!(provider.base_url.is_some(), "{id}: nobody knows where it is");
            assert!(catalog.vendor(&model.provider, &model.model).is_some(), "{id}: made by nobody");
            assert_eq!(model.price.is_some(), model.price_source.is_some(), "{id}: a price has a source");
            assert!(model.price.as_ref().is_none_or(|price| price.date.is_some()), "{id}: a price has a date");
        }
    }

    #[test]
    fn vendors_come_from_the_provider_or_from_the_name() {
        let rows = [
            ("anthropic", "anything", Some("anthropic")),
            ("openrouter", "anthropic/claude-opus-4.6", Some("anthropic")),
            ("openrouter", "X-AI/grok-4.3", Some("xai")),
            ("groq", "openai/gpt-oss-120b", Some("openai")),
            ("ollama", "llama3.2:3b", Some("meta")),
            ("my-own", "qwen3:8b", Some("alibaba")),
            ("my-own", "mock-1", None),
            ("my-own", "", None),
        ];
        for (provider, model, vendor) in rows {
            assert_eq!(Catalog::built_in().vendor(provider, model), vendor, "{model} at {provider}");
        }
    }

    #[test]
    fn a_dated_name_is_the_same_model() {
        let id = |provider: &str, model: &str| Catalog::built_in().served(provider, model).map(|it| it.id.as_str());
        assert_eq!(id("openai", "gpt-5.4"), Some("gpt"));
        assert_eq!(id("openai", "gpt-5.4-2026-03-05"), Some("gpt"));
        assert_eq!(id("anthropic", "claude-haiku-4-5-20251001"), Some("claude-haiku"));
        assert_eq!(id("mistral", "mistral-large-2512"), Some("mistral"));
        assert_eq!(id("openai", "gpt-5.4-turbo-ultra"), None);
        assert_eq!(id("openrouter", "gpt-5.4"), None);
        assert_eq!(id("openai", "ümlaut-ö"), None);
    }

    #[test]
    fn a_temperature_is_sent_only_where_it_is_accepted() {
        let takes = |provider: &str, model: &str, effort| {
            Catalog::built_in().capabilities(provider, model).takes_temperature(effort)
        };
        assert!(takes("openai", "gpt-5.4", None));
        assert!(takes("openai", "gpt-5.5", Some("none")));
        assert!(!takes("openai", "gpt-5.4", Some("low")));
        assert!(!takes("openai", "gpt-5.5", None));
        assert!(!takes("anthropic", "claude-opus-4-8", None));
        assert!(takes("vllm", "whatever", Some("high")));
    }

    #[test]
    fn options_that_would_be_refused_are_named() {
        let capabilities = Catalog::built_in().capabilities("anthropic", "claude-opus-4-8");
        let options = |temperature, max_output_tokens, effort: &str| Options {
            temperature,
            max_output_tokens,
            reasoning_effort: Some(effort.to_owned()),
        };
        assert!(capabilities.left_out(&options(None, None, "high")).is_empty());
        assert_eq!(
            capabilities.left_out(&options(Some(0.5), Some(100), "minimal")),
            [
                "`reasoning_effort = \"minimal\"` is not sent: it takes none, low, medium, high, xhigh, max",
                "`temperature` is not sent: the model takes none",
            ]
        );
        let capabilities = Catalog::built_in().capabilities("perplexity", "sonar-pro");
        assert_eq!(
            capabilities.left_out(&options(Some(0.5), Some(100_000), "high")),
            ["`max_output_tokens` is sent as 8192, the most that the model writes"]
        );
        assert!(
            Catalog::built_in().capabilities("nobody", "m").left_out(&options(Some(2.0), Some(1), "odd")).is_empty()
        );
    }

    #[test]
    fn only_some_providers_insist_on_the_newer_cap() {
        let field = |provider: &str| Catalog::built_in().capabilities(provider, "any").max_tokens_field;
        assert_eq!(field("openai"), MaxTokensField::MaxCompletionTokens);
        assert_eq!(field("mistral"), MaxTokensField::MaxTokens);
        assert_eq!(field("nobody"), MaxTokensField::MaxTokens);
    }
}
