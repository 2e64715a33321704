//! What a model does not accept: known beforehand of a few services, learned from its complaints for the rest.

use std::collections::BTreeSet;

use crate::provider::address::host_of;
use crate::provider::endpoint::{Options, Provider};
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
pub struct Quirks(BTreeSet<Quirk>);

impl Quirks {
    /// Returns what is known of a service before it is asked.
    pub fn known(provider: &Provider) -> Self {
        let host = host_of(&provider.base_url);
        let is =
            |id: &str, domain: &str| &*provider.id == id || host == domain || host.ends_with(&format!(".{domain}"));
        let mut quirks = BTreeSet::new();
        if is("openai", "api.openai.com") || is("azure", "azure.com") {
            quirks.insert(Quirk::MaxCompletionTokens);
        }
        // Both always send their counts; the first answers 422 to fields that it does not know.
        if is("mistral", "api.mistral.ai") || is("perplexity", "api.perplexity.ai") {
            quirks.insert(Quirk::NoStreamOptions);
        }
        Self(quirks)
    }

    /// Returns whether the quirk is among them.
    pub fn has(&self, quirk: Quirk) -> bool {
        self.0.contains(&quirk)
    }

    /// Adds what a model complained of.
    pub fn learn(&mut self, quirk: Quirk) {
        if quirk == Quirk::NoOutputLimit {
            self.0.remove(&Quirk::MaxCompletionTokens);
        }
        self.0.insert(quirk);
    }

    pub(crate) fn temperature(&self, options: &Options) -> Option<f64> {
        options.temperature.filter(|_| !self.has(Quirk::NoTemperature))
    }

    pub(crate) fn max_output_tokens(&self, options: &Options) -> Option<u32> {
        options.max_output_tokens.filter(|_| !self.has(Quirk::NoOutputLimit))
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
    use super::*;

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
