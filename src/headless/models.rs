//! `dissent models`: what can be asked and why the rest cannot, with context, price and its date; and what the providers
//! themselves list.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::consensus::plain::clean;
use crate::domain::fault::Fault;
use crate::domain::ids::ModelId;
use crate::domain::money::Price;
use crate::headless::json;
use crate::provider::catalog::{Catalog, KnownModel};
use crate::provider::endpoint::Model;
use crate::provider::listing::is_listed;

/// How many names of models that the catalog lacks are shown of one provider; `--json` has all.
const MOST_SHOWN: usize = 30;

/// The widest column of names.
const MOST_ALIGNED: usize = 40;

/// The most characters that are shown of a name or a reason: names come from servers and configs.
const MOST_CHARACTERS: usize = 300;

/// Name and number of the JSON's schema.
const SCHEMA: &str = "dissent.models/1";

/// What there is, and what the providers say.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// Models that can be asked.
    pub models: &'a [Arc<Model>],
    /// Those that are asked at first.
    pub ensemble: &'a [ModelId],
    /// Models that cannot be asked, and what to do about it.
    pub unusable: &'a [(ModelId, String)],
    /// What each provider lists, by its id; empty where nobody was asked.
    pub listings: &'a [(String, Result<Vec<String>, Fault>)],
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    models: Vec<Row<'a>>,
    providers: Vec<ProviderRow<'a>>,
}

/// One model.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    provider: Option<&'a str>,
    api_model: Option<&'a str>,
    vendor: Option<&'a str>,
    usable: bool,
    /// Asked at first: a member of the ensemble.
    on: bool,
    /// Why it cannot be asked.
    reason: Option<&'a str>,
    context_tokens: Option<u32>,
    price: Option<&'a Price>,
    /// Whether its provider lists it; null where it was not asked.
    listed: Option<bool>,
}

/// What one provider lists.
#[derive(Debug, Serialize)]
struct ProviderRow<'a> {
    provider: &'a str,
    listed: Option<&'a [String]>,
    not_in_catalog: Vec<&'a str>,
    error: Option<String>,
}

/// Writes the overview for a person.
///
/// # Errors
/// Those of `out`.
pub fn write(overview: &Overview<'_>, out: &mut impl Write) -> io::Result<()> {
    let rows = rows(overview);
    let usable: Vec<&Row<'_>> = rows.iter().filter(|row| row.usable).collect();
    if usable.is_empty() {
        writeln!(out, "no model can be asked")?;
    } else {
        writeln!(out, "can be asked (* at first)")?;
    }
    let names: Vec<[String; 3]> = usable
        .iter()
        .map(|row| [row.id, row.api_model.unwrap_or_default(), row.provider.unwrap_or_default()].map(shown))
        .collect();
    let id_width = widest(names.iter().map(|[id, ..]| id.as_str()));
    let name_width = widest(names.iter().map(|[_, name, _]| name.as_str()));
    let provider_width = widest(names.iter().map(|[.., provider]| provider.as_str()));
    for (row, [id, name, provider]) in usable.iter().zip(&names) {
        let mark = if row.on { '*' } else { ' ' };
        let context = row.context_tokens.map_or_else(|| "context unknown".to_owned(), |n| format!("{} k", n / 1_000));
        let gone = if row.listed == Some(false) { "  no longer listed by its provider" } else { "" };
        writeln!(
            out,
            "  {mark} {id:id_width$}  {name:name_width$}  {provider:provider_width$}  {context:>7}  {}{gone}",
            price(row.price)
        )?;
    }
    write_unusable(overview.unusable, out)?;
    for provider in providers(overview) {
        write_provider(&provider, out)?;
    }
    Ok(())
}

/// Writes the overview as one JSON document.
///
/// # Errors
/// Those of `out`.
pub fn write_json(overview: &Overview<'_>, out: &mut impl Write) -> io::Result<()> {
    let document = Document { schema: SCHEMA, models: rows(overview), providers: providers(overview) };
    writeln!(out, "{}", json::line(&document)?)
}

/// Returns the width of a column that holds `texts`; the longest stand out of it.
pub(super) fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0).min(MOST_ALIGNED)
}

/// Returns a name or a reason as it is shown: clean, on one line, and not longer than a few.
pub(super) fn shown(text: &str) -> String {
    let text = clean(text);
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}… ({} characters)", text.get(..end).unwrap_or_default(), text.chars().count()),
        None => text,
    }
}

fn rows<'a>(overview: &Overview<'a>) -> Vec<Row<'a>> {
    let usable = overview.models.iter().map(|model| usable(overview, model));
    let unusable = overview.unusable.iter().map(|(id, reason)| unusable(id.as_str(), reason));
    usable.chain(unusable).collect()
}

fn usable<'a>(overview: &Overview<'a>, model: &'a Model) -> Row<'a> {
    let member = &model.member;
    let listing = overview.listings.iter().find(|(id, _)| **id == *member.provider);
    let names = listing.and_then(|(_, listing)| listing.as_ref().ok());
    Row {
        id: member.id.as_str(),
        provider: Some(&member.provider),
        api_model: Some(&member.api_model),
        vendor: member.vendor.as_deref(),
        usable: true,
        on: overview.ensemble.contains(&member.id),
        reason: None,
        context_tokens: Catalog::built_in()
            .served(&member.provider, &member.api_model)
            .and_then(|it| it.context_tokens),
        price: member.price.as_ref(),
        listed: names.map(|names| is_listed(names, &member.api_model)),
    }
}

/// A model that cannot be asked, with what the catalog knows of it.
fn unusable<'a>(id: &'a str, reason: &'a str) -> Row<'a> {
    let catalog = Catalog::built_in();
    let known: Option<&'static KnownModel> = catalog.model(id);
    Row {
        id,
        provider: known.map(|it| it.provider.as_str()),
        api_model: known.map(|it| it.model.as_str()),
        vendor: known.and_then(|it| catalog.vendor(&it.provider, &it.model)),
        usable: false,
        on: false,
        reason: Some(reason),
        context_tokens: known.and_then(|it| it.context_tokens),
        price: known.and_then(|it| it.price.as_ref()),
        listed: None,
    }
}

fn providers<'a>(overview: &Overview<'a>) -> Vec<ProviderRow<'a>> {
    let row = |(id, listing): &'a (String, Result<Vec<String>, Fault>)| {
        let names = listing.as_ref().ok();
        let is_new = |name: &&'a String| {
            let is_used =
                overview.models.iter().any(|it| *it.member.provider == **id && *it.member.api_model == ***name);
            !is_used && Catalog::built_in().served(id, name).is_none()
        };
        ProviderRow {
            provider: id,
            listed: names.map(Vec::as_slice),
            not_in_catalog: names.into_iter().flatten().filter(is_new).map(String::as_str).collect(),
            error: listing.as_ref().err().map(Fault::told),
        }
    };
    overview.listings.iter().map(row).collect()
}

fn write_provider(row: &ProviderRow<'_>, out: &mut impl Write) -> io::Result<()> {
    let id = shown(row.provider);
    if let Some(error) = &row.error {
        return writeln!(out, "\n{id} could not be asked: {}", shown(error));
    }
    let (n_listed, n_new) = (row.listed.map_or(0, <[String]>::len), row.not_in_catalog.len());
    writeln!(out, "\n{id} lists {n_listed}, of which {n_new} are not in the catalog")?;
    for name in row.not_in_catalog.iter().take(MOST_SHOWN) {
        writeln!(out, "    {}", shown(name))?;
    }
    if n_new > MOST_SHOWN {
        writeln!(out, "    and {} more; --json has all", n_new - MOST_SHOWN)?;
    }
    if n_new > 0 {
        writeln!(out, "  ask one by naming it in the config: [models.ID] with provider = \"{id}\" and model = \"…\"")?;
    }
    Ok(())
}

fn price(price: Option<&Price>) -> String {
    let Some(price) = price else { return "price unknown".to_owned() };
    if price.is_free() {
        return "free".to_owned();
    }
    let mut text = format!("${}/${} per million tokens", price.input, price.output);
    if let Some(date) = &price.date {
        let _ = write!(text, " ({date})");
    }
    text
}

/// Writes the reasons in the order in which they came, each with all of its models.
pub(super) fn write_unusable(unusable: &[(ModelId, String)], out: &mut impl Write) -> io::Result<()> {
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for (id, reason) in unusable {
        match by_reason.iter_mut().find(|(known, _)| known == reason) {
            Some((_, ids)) => ids.push(id.as_str()),
            None => by_reason.push((reason, vec![id.as_str()])),
        }
    }
    if !by_reason.is_empty() {
        writeln!(out, "\ncannot be asked")?;
    }
    for (reason, ids) in by_reason {
        writeln!(out, "    {}: {}", shown(&ids.join(", ")), shown(reason))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::FaultKind;
    use crate::domain::member::Member;
    use crate::provider::dialect::Dialect;
    use crate::provider::request::tests::model;

    fn served(id: &str, provider: &str, api_model: &str) -> Arc<Model> {
        let price = Price { input: 2.5, output: 15.0, cached_input: None, date: Some("2026-08-05".to_owned()) };
        let member = Member {
            provider: Arc::from(provider),
            api_model: Arc::from(api_model),
            price: Some(price),
            ..Member::named(id)
        };
        Arc::new(Model { member: Arc::new(member), ..model(Dialect::OpenaiChat) })
    }

    fn shown(listings: &[(String, Result<Vec<String>, Fault>)]) -> (String, serde_json::Value) {
        let models = [served("gpt", "openai", "gpt-5.4"), served("old", "openai", "gpt-0")];
        let unusable = [("claude".into(), "set ANTHROPIC_API_KEY".to_owned())];
        let ensemble = ["gpt".into()];
        let overview = Overview { models: &models, ensemble: &ensemble, unusable: &unusable, listings };
        let (mut text, mut json) = (Vec::new(), Vec::new());
        write(&overview, &mut text).unwrap();
        write_json(&overview, &mut json).unwrap();
        (String::from_utf8(text).unwrap(), serde_json::from_slice(&json).unwrap())
    }

    #[test]
    fn what_can_be_asked_comes_with_price_and_date_and_the_rest_with_a_reason() {
        let (text, json) = shown(&[]);
        assert!(text.starts_with("can be asked (* at first)\n  * gpt  gpt-5.4  openai  "), "{text}");
        assert!(text.contains("$2.5/$15 per million tokens (2026-08-05)\n"), "{text}");
        assert!(text.ends_with("\ncannot be asked\n    claude: set ANTHROPIC_API_KEY\n"), "{text}");
        assert_eq!(json["models"][0]["on"], true);
        assert_eq!(json["models"][2]["reason"], "set ANTHROPIC_API_KEY");
        assert_eq!(json["models"][2]["provider"], "anthropic");
    }

    #[test]
    fn a_refresh_marks_what_is_gone_and_names_what_is_new() {
        let names = ["gpt-5.4-2026-03-05", "brand\u{1b}new"].map(str::to_owned).to_vec();
        let (text, json) = shown(&[("openai".to_owned(), Ok(names))]);
        assert!(text.contains("(2026-08-05)  no longer listed by its provider\n"), "{text}");
        assert!(text.contains("openai lists 2, of which 1 are not in the catalog\n    brandnew\n"), "{text}");
        assert_eq!((&json["models"][0]["listed"], &json["models"][1]["listed"]), (&true.into(), &false.into()));
        let fault = Fault::new(FaultKind::Auth, "openai refused the key");
        let (text, json) = shown(&[("openai".to_owned(), Err(fault))]);
        assert!(text.contains("openai could not be asked: openai refused the key\n"), "{text}");
        assert_eq!(json["models"][0]["listed"], serde_json::Value::Null);
    }
}
