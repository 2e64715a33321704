//! What a model does not accept: known beforehand of a few services, learned from its complaints for the rest.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::provider::catalog::{Catalog, MaxTokensField};
use crate::provider::endpoint::{Model, Options};
use crate::provider::error::ServerError;

/// One way in which a model differs from the usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quirk {
    /// It does not take a temperature.
    NoTemperature,
    /// It does not take a limit on the answer.
    NoOutputLimit,
    /// It takes the limit under its newer name.
    MaxCompletionTokens,
    /// It does not take a reasoning effort.
    NoReasoningEffort,
    /// It does not take options for the stream.
    NoStreamOptions,
}

/// All that is known of one model's ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quirks {
    found: BTreeSet<Quirk>,
    /// The longest answer that the model can write, in tokens; `None` where that is unknown.
    longest_answer: Option<u32>,
}

impl Quirks {
    /// Returns what the catalog knows of a model before it is asked.
    pub fn known(model: &Model) -> Self {
        let capabilities = Catalog::built_in().capabilities_of(model);
        let options = &model.options;
        let rows = [
            (Quirk::MaxCompletionTokens, capabilities.max_tokens_field == MaxTokensField::MaxCompletionTokens),
            (Quirk::NoStreamOptions, !capabilities.takes_stream_options),
            (Quirk::NoTemperature, !capabilities.takes_temperature(options.reasoning_effort.as_deref())),
            (Quirk::NoReasoningEffort, !capabilities.takes_effort(options.reasoning_effort.as_deref())),
        ];
        let found = rows.into_iter().filter(|(_, is_so)| *is_so).map(|(quirk, _)| quirk).collect();
        Self { found, longest_answer: capabilities.max_output_tokens }
    }

    /// Returns whether the quirk is among them.
    pub fn has(&self, quirk: Quirk) -> bool {
        self.found.contains(&quirk)
    }

    /// Adds what a model complained of.
    pub fn learn(&mut self, quirk: Quirk) {
        if quirk == Quirk::NoOutputLimit {
            self.found.remove(&Quirk::MaxCompletionTokens);
        }
        self.found.insert(quirk);
    }

    pub(crate) fn temperature(&self, options: &Options) -> Option<f64> {
        options.temperature.filter(|_| !self.has(Quirk::NoTemperature))
    }

    pub(crate) fn max_output_tokens(&self, options: &Options) -> Option<u32> {
        let limit = options.max_output_tokens.filter(|_| !self.has(Quirk::NoOutputLimit))?;
        Some(self.longest_answer.map_or(limit, |longest| limit.min(longest)))
    }

    /// Adds how random and, in the field called `limit`, how long the answer may be, where that is set and taken.
    pub(crate) fn tune(&self, options: &Options, limit: &str, body: &mut Map<String, Value>) {
        if let Some(temperature) = self.temperature(options) {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        if let Some(tokens) = self.max_output_tokens(options) {
            body.insert(limit.to_owned(), json!(tokens));
        }
    }

    /// Returns a limit on the answer where the protocol requires one and none is set: `usual`, or all that the model can
    /// write where that is less.
    pub(crate) fn required_limit(&self, options: &Options, usual: u32) -> u32 {
        let limit = options.max_output_tokens.unwrap_or(usual);
        self.longest_answer.map_or(limit, |longest| limit.min(longest))
    }

    pub(crate) fn reasoning_effort<'a>(&self, options: &'a Options) -> Option<&'a str> {
        options.reasoning_effort.as_deref().filter(|_| !self.has(Quirk::NoReasoningEffort))
    }
}

/// Returns which of the parameters that we send a complaint is about; `None` when it is about anything else, a value
/// out of range included: that is for a person to put right.
pub fn complained_of(error: &ServerError) -> Option<Quirk> {
    let message = error.message.to_ascii_lowercase();
    let names_max_completion = message.contains("max_completion_tokens") && message.contains("instead");
    if names_max_completion && message.contains("max_tokens") {
        return Some(Quirk::MaxCompletionTokens);
    }
    let is_labelled = error.labels.iter().any(|label| label == "unsupported_parameter" || label == "unsupported_value");
    let is_worded = [
        "unsupported",
        "not support",
        "unknown",
        "unrecognized",
        "not permitted",
        "not allowed",
        "may only be set",
        "deprecated",
    ];
    if !is_labelled && !is_worded.iter().any(|words| message.contains(words)) {
        return None;
    }
    let parameter = error.parameter.as_deref().unwrap_or_default().to_ascii_lowercase();
    let names = |name: &str| parameter.contains(name) || (parameter.is_empty() && message.contains(name));
    let table: [(&[&str], Quirk); 4] = [
        (&["temperature"], Quirk::NoTemperature),
        (&["reasoning", "thinking", "effort", "think"], Quirk::NoReasoningEffort),
        (&["stream_options"], Quirk::NoStreamOptions),
        (&["max_tokens", "max_completion_tokens", "max_output_tokens", "maxoutputtokens"], Quirk::NoOutputLimit),
    ];
    table.iter().find(|(words, _)| words.iter().any(|word| names(word))).map(|(_, quirk)| *quirk)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::member::Member;
    use crate::provider::dialect::Dialect;
    use crate::provider::endpoint::Provider;
    use crate::provider::request::tests::model;

    fn known(provider_id: &str, base_url: &str, api_model: &str, effort: Option<&str>) -> Vec<Quirk> {
        let house = model(Dialect::OpenaiChat);
        let provider =
            Provider { id: Arc::from(provider_id), base_url: base_url.to_owned(), ..Provider::clone(&house.provider) };
        let member = Member { api_model: Arc::from(api_model), ..Member::named("m") };
        let options = Options { reasoning_effort: effort.map(str::to_owned), ..Options::default() };
        let model = Model { member: Arc::new(member), provider: Arc::new(provider), options, ..house };
        Quirks::known(&model).found.into_iter().collect()
    }

    #[test]
    fn what_the_catalog_knows_is_left_out_from_the_start() {
        use Quirk::{MaxCompletionTokens, NoReasoningEffort, NoStreamOptions, NoTemperature};
        let at = "http://127.0.0.1:1";
        assert_eq!(known("openai", at, "gpt-5.4", None), [MaxCompletionTokens]);
        assert_eq!(known("openai", at, "gpt-5.4", Some("low")), [NoTemperature, MaxCompletionTokens]);
        assert_eq!(known("mine", "https://api.openai.com/v1", "gpt-5.5", None), [NoTemperature, MaxCompletionTokens]);
        assert_eq!(known("mine", "https://x.openai.azure.com/openai/v1", "d", None), [MaxCompletionTokens]);
        assert_eq!(known("mistral", at, "mistral-large-2512", None), [NoStreamOptions]);
        assert_eq!(known("xai", at, "grok-4.20-0309-reasoning", Some("low")), [NoReasoningEffort]);
        assert_eq!(known("anthropic", at, "claude-opus-4-6", Some("xhigh")), [NoTemperature, NoReasoningEffort]);
        assert_eq!(known("mine", at, "whatever", Some("odd")), []);
    }

    #[test]
    fn no_longer_answer_is_asked_for_than_the_model_writes() {
        let quirks = Quirks { longest_answer: Some(8192), ..Quirks::default() };
        let options = |limit| Options { max_output_tokens: limit, ..Options::default() };
        assert_eq!(quirks.max_output_tokens(&options(Some(100_000))), Some(8192));
        assert_eq!(quirks.max_output_tokens(&options(Some(99))), Some(99));
        assert_eq!(quirks.max_output_tokens(&options(None)), None);
        assert_eq!(quirks.required_limit(&options(None), 32_000), 8192);
        assert_eq!(Quirks::default().required_limit(&options(None), 32_000), 32_000);
    }

    fn check(message: &str, parameter: Option<&str>, labels: &[&str], expected: Option<Quirk>) {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let parameter = parameter.map(str::to_owned);
        let error = ServerError { labels, parameter, ..ServerError::message(message) };
        assert_eq!(complained_of(&error), expected, "{message}");
    }

    #[test]
    fn a_complaint_names_what_to_leave_out() {
        let unsupported = &["unsupported_parameter"];
        check("no", Some("temperature"), unsupported, Some(Quirk::NoTemperature));
        check("Unsupported parameter: 'temperature' is not supported", None, &[], Some(Quirk::NoTemperature));
        check("no", Some("reasoning.effort"), &["unsupported_value"], Some(Quirk::NoReasoningEffort));
        check("`temperature` is deprecated for this model.", None, &[], Some(Quirk::NoTemperature));
        check("\"m\" does not support thinking", None, &[], Some(Quirk::NoReasoningEffort));
        check("stream_options: Extra inputs are not permitted", None, &[], Some(Quirk::NoStreamOptions));
        check(
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            Some("max_tokens"),
            unsupported,
            Some(Quirk::MaxCompletionTokens),
        );
        check("`temperature` may only be set to 1 when thinking is enabled", None, &[], Some(Quirk::NoTemperature));
        check("max_tokens is not supported", None, &[], Some(Quirk::NoOutputLimit));
    }

    #[test]
    fn other_complaints_are_left_to_a_person() {
        check("temperature: range: 0..1", Some("temperature"), &[], None);
        check("no such model", Some("model"), &[], None);
        check("Unsupported parameter: 'stop'", Some("stop"), &["unsupported_parameter"], None);
        check("", None, &[], None);
    }
}
