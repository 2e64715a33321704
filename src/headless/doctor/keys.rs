//! Keys: which are set, where they come from, and whether they look like keys; never a part of one.

use std::sync::Arc;

use crate::config::registry::elsewhere;
use crate::domain::ids::ModelId;
use crate::headless::doctor::Finding;
use crate::provider::endpoint::{Model, Provider};

const AREA: &str = "keys";

/// How keys begin, as the providers' own documentation shows them (2026); of others nothing is known.
const PREFIXES: [(&str, &str); 6] = [
    ("openai", "sk-"),
    ("anthropic", "sk-ant-"),
    ("xai", "xai-"),
    ("perplexity", "pplx-"),
    ("groq", "gsk_"),
    ("openrouter", "sk-or-"),
];

/// No provider's keys are shorter, by far: what is has been cut, or is a placeholder.
const SHORTEST: usize = 20;

/// Returns a finding for each provider that can be asked, and one for the keys that are not set.
pub fn keys(models: &[Arc<Model>], unusable: &[(ModelId, String)]) -> Vec<Finding> {
    let mut seen: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for provider in models.iter().map(|model| &*model.provider) {
        if !seen.contains(&&*provider.id) {
            seen.push(&provider.id);
            findings.push(of_provider(provider));
        }
    }
    let mut unset: Vec<&str> = Vec::new();
    for name in unusable.iter().filter_map(|(_, reason)| reason.strip_prefix("set ")) {
        if !unset.contains(&name) {
            unset.push(name);
        }
    }
    let unset = unset.join(", ");
    if findings.is_empty() {
        let advice = format!("set one of {unset}; until then the chat opens with the demo models");
        findings.push(Finding::warn(AREA, "no model can be asked", advice));
    } else if !unset.is_empty() {
        findings.push(Finding::fine(AREA, format!("not set: {unset}")));
    }
    findings
}

fn of_provider(provider: &Provider) -> Finding {
    let id = &provider.id;
    let Some(key) = &provider.key else { return Finding::fine(AREA, format!("{id}: asked without a key")) };
    let source = provider.key_source.as_deref().unwrap_or("the config");
    match complaint(id, key.reveal()) {
        Some(complaint) => {
            let advice = format!("copy the whole key again into {source}; --online asks {id} whether it takes it");
            Finding::warn(AREA, format!("{id}: the key from {source} {complaint}"), advice)
        }
        None => match elsewhere(provider) {
            Some(told) => Finding::warn(AREA, format!("{id}: {told}"), "unset the address if you do not mean it"),
            None => Finding::fine(AREA, format!("{id}: set by {source}, and looks like a key")),
        },
    }
}

/// What is odd about the shape of a key, without any of its characters.
fn complaint(provider: &str, key: &str) -> Option<String> {
    let prefix = PREFIXES.iter().find(|(id, _)| *id == provider).map(|(_, prefix)| *prefix);
    if key.starts_with(['"', '\'']) || key.ends_with(['"', '\'']) {
        Some("has quotes around it".to_owned())
    } else if key.contains(char::is_whitespace) {
        Some("has a space in it".to_owned())
    } else if let Some(prefix) = prefix.filter(|prefix| !key.starts_with(prefix)) {
        Some(format!("does not begin with `{prefix}`, as keys of {provider} do"))
    } else if key.len() < SHORTEST {
        Some("is too short for a key".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headless::doctor::Level;
    use crate::provider::catalog::Catalog;
    use crate::provider::dialect::Dialect;
    use crate::provider::endpoint::Secret;
    use crate::provider::request::tests::{model, provider};

    fn found(id: &str, key: Option<&str>) -> Finding {
        let key = key.map(Secret::new);
        let known = Catalog::built_in().providers.iter().find(|known| known.id == id).unwrap();
        let base_url = known.base_url.clone().unwrap();
        of_provider(&Provider { id: Arc::from(id), key, base_url, ..provider(Dialect::OpenaiChat) })
    }

    #[test]
    fn the_shape_of_a_key_is_judged_and_none_of_it_is_shown() {
        let rows = [
            ("openai", "sk-proj-planted-0123456789", None),
            ("openai", "pk-proj-planted-0123456789", Some("does not begin with `sk-`")),
            ("openai", "sk-planted", Some("is too short")),
            ("openai", "\"sk-proj-planted-0123456789\"", Some("has quotes around it")),
            ("mistral", "planted 0123456789 0123456789", Some("has a space in it")),
            ("mistral", "planted0123456789planted", None),
        ];
        for (id, key, complaint) in rows {
            let finding = found(id, Some(key));
            assert_eq!(finding.level == Level::Warn, complaint.is_some(), "{finding:?}");
            assert!(finding.said.contains(complaint.unwrap_or("looks like a key")), "{finding:?}");
            assert!(!format!("{finding:?}").contains("planted"), "{finding:?}");
        }
        assert_eq!(found("ollama", None).said, "ollama: asked without a key");
    }

    #[test]
    fn a_key_that_goes_to_another_house_is_told() {
        let key = Some(Secret::new("sk-proj-planted-0123456789"));
        let base_url = "http://127.0.0.1:9/v1".to_owned();
        let finding = of_provider(&Provider { id: "openai".into(), key, base_url, ..provider(Dialect::OpenaiChat) });
        let told = "openai: the key from HOUSE_KEY goes to http://127.0.0.1:9/v1, not to api.openai.com";
        assert_eq!((finding.level, finding.said.as_str()), (Level::Warn, told));
    }

    #[test]
    fn what_is_not_set_is_one_line() {
        let unusable = [("a".into(), "set A_KEY".to_owned()), ("b".into(), "set A_KEY".to_owned())];
        assert_eq!(keys(&[], &unusable)[0].level, Level::Warn);
        let two = [Arc::new(model(Dialect::OpenaiChat)), Arc::new(model(Dialect::OpenaiChat))];
        let said: Vec<String> = keys(&two, &unusable).into_iter().map(|finding| finding.said).collect();
        assert_eq!(said, ["house: the key from HOUSE_KEY is too short for a key", "not set: A_KEY"]);
    }
}
