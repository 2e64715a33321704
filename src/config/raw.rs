//! The config as typed: everything optional, every value with its line, nothing decided.

use std::time::Duration;

use crate::config::error::Problem;
use crate::config::reader::{At, Document, Fields, age, amount, count, duration, share, switch, text, variable, word};
use crate::config::settings::{Arrangement, ChatAt, Glyphs, History, Notify, PanelAt};
use crate::domain::conversation::AfterOff;
use crate::provider::dialect::Dialect;

/// The whole file.
///
/// It has no `Debug`, nor have its parts that may hold a key: nothing can write one out by mistake.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) ensemble: Option<At<Vec<At<String>>>>,
    pub(super) quorum: Option<At<u32>>,
    pub(super) flag_below: Option<At<f64>>,
    pub(super) flag: Option<At<String>>,
    pub(super) route: Option<At<String>>,
    pub(super) timeout: RawTimeout,
    pub(super) straggler: Option<At<Duration>>,
    pub(super) budget: RawBudget,
    pub(super) system: Option<At<String>>,
    pub(super) similarity: Option<At<String>>,
    pub(super) judge: Option<At<String>>,
    pub(super) theme: Option<At<String>>,
    pub(super) providers: Vec<RawProvider>,
    pub(super) models: Vec<RawModel>,
    pub(super) ui: RawUi,
    pub(super) context: RawContext,
    pub(super) store: RawStore,
}

/// How long to wait: for all providers, or for one.
#[derive(Clone, Debug, Default)]
pub(super) struct RawTimeout {
    pub(super) first_token: Option<At<Duration>>,
    pub(super) idle: Option<At<Duration>>,
    pub(super) whole: Option<At<Duration>>,
}

/// What may be spent, in US dollars.
#[derive(Debug, Default)]
pub(super) struct RawBudget {
    pub(super) turn: Option<At<f64>>,
    pub(super) session: Option<At<f64>>,
    pub(super) day: Option<At<f64>>,
}

/// One `[providers.ID]`.
#[derive(Default)]
pub(super) struct RawProvider {
    pub(super) id: At<String>,
    pub(super) dialect: Option<At<Dialect>>,
    pub(super) base_url: Option<At<String>>,
    pub(super) api_key_env: Option<At<String>>,
    pub(super) api_key_command: Option<At<String>>,
    pub(super) headers: Vec<(At<String>, String)>,
    pub(super) api_version: Option<At<String>>,
    pub(super) ca_file: Option<At<String>>,
    pub(super) proxy: Option<At<String>>,
    pub(super) requests_per_minute: Option<At<u32>>,
    pub(super) tokens_per_minute: Option<At<u32>>,
    pub(super) concurrent: Option<At<u32>>,
    pub(super) timeout: RawTimeout,
}

/// One `[models.ID]`.
#[derive(Clone, Debug, Default)]
pub(super) struct RawModel {
    pub(super) id: At<String>,
    pub(super) provider: Option<At<String>>,
    pub(super) model: Option<At<String>>,
    pub(super) base_url: Option<At<String>>,
    pub(super) api_key_env: Option<At<String>>,
    pub(super) price: Option<RawPrice>,
    pub(super) reliability: Option<At<f64>>,
    pub(super) strengths: Option<At<Vec<At<String>>>>,
    pub(super) fallback: Option<At<Vec<At<String>>>>,
    pub(super) system: Option<At<String>>,
    pub(super) temperature: Option<At<f64>>,
    pub(super) max_output_tokens: Option<At<u32>>,
    pub(super) reasoning_effort: Option<At<String>>,
}

/// What a model costs, in US dollars per million tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct RawPrice {
    pub(super) line: usize,
    pub(super) input: Option<At<f64>>,
    pub(super) output: Option<At<f64>>,
    pub(super) cached_input: Option<At<f64>>,
    pub(super) date: Option<At<String>>,
}

/// The `[ui]` table.
#[derive(Debug, Default)]
pub(super) struct RawUi {
    pub(super) layout: Option<At<Arrangement>>,
    pub(super) panel: Option<At<PanelAt>>,
    pub(super) chat: Option<At<ChatAt>>,
    pub(super) mouse: Option<At<bool>>,
    pub(super) copy_on_select: Option<At<bool>>,
    pub(super) glyphs: Option<At<Glyphs>>,
    pub(super) links: Option<At<bool>>,
    pub(super) notify: Option<At<Notify>>,
    pub(super) title: Option<At<bool>>,
    pub(super) blind: Option<At<bool>>,
}

/// The `[context]` table.
#[derive(Debug, Default)]
pub(super) struct RawContext {
    pub(super) after_off: Option<At<AfterOff>>,
    pub(super) own_history: Option<At<bool>>,
    pub(super) probe_local: Option<At<bool>>,
}

/// The `[store]` table.
#[derive(Debug, Default)]
pub(super) struct RawStore {
    pub(super) history: Option<At<History>>,
    pub(super) retention: Option<At<Option<Duration>>>,
}

impl Raw {
    /// Reads the file's text; what cannot be read becomes a problem and counts as not typed.
    pub(super) fn read(file: &str) -> (Self, Vec<Problem>) {
        let document = Document::new(file);
        document.read(|fields| {
            let version = fields.take("version", count);
            if let Some(version) = version.filter(|it| it.value != 1) {
                fields.complain(
                    version.line,
                    format!("version {} is not known here; this program reads 1", version.value),
                );
            }
            let (timeout, straggler) =
                fields.table("timeout", |fields| (RawTimeout::read(fields), fields.take("straggler", duration)));
            Self {
                ensemble: fields.take_list("ensemble", text),
                quorum: fields.take("quorum", count),
                flag_below: fields.take("flag_below", share),
                flag: fields.take("flag", text),
                route: fields.take("route", text),
                timeout,
                straggler,
                budget: fields.table("budget", RawBudget::read),
                system: fields.take("system", text),
                similarity: fields.take("similarity", text),
                judge: fields.take("judge", text),
                theme: fields.take("theme", text),
                providers: fields.named_tables("providers", RawProvider::read),
                models: fields.named_tables("models", RawModel::read),
                ui: fields.table("ui", RawUi::read),
                context: fields.table("context", RawContext::read),
                store: fields.table("store", RawStore::read),
            }
        })
    }
}

impl RawTimeout {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            first_token: fields.take("first_token", duration),
            idle: fields.take("idle", duration),
            whole: fields.take("whole", duration),
        }
    }
}

impl RawBudget {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            turn: fields.take("turn", amount),
            session: fields.take("session", amount),
            day: fields.take("day", amount),
        }
    }
}

impl RawProvider {
    fn read(id: At<String>, fields: &mut Fields<'_>) -> Self {
        let (requests_per_minute, tokens_per_minute, concurrent) = fields.table("limits", |limits| {
            let requests = limits.take("requests_per_minute", count);
            (requests, limits.take("tokens_per_minute", count), limits.take("concurrent", count))
        });
        Self {
            id,
            dialect: fields.take("dialect", word(&Dialect::ALL.map(|dialect| (dialect.as_str(), dialect)))),
            base_url: fields.take("base_url", text),
            api_key_env: fields.take("api_key_env", variable),
            api_key_command: fields.take("api_key_command", text),
            headers: fields.pairs("headers"),
            api_version: fields.take("api_version", text),
            ca_file: fields.take("ca_file", text),
            proxy: fields.take("proxy", text),
            requests_per_minute,
            tokens_per_minute,
            concurrent,
            timeout: fields.table("timeout", RawTimeout::read),
        }
    }
}

impl RawModel {
    /// Returns the entry that naming a model of the catalog stands for.
    pub(super) fn named(id: &str) -> Self {
        Self { id: At { value: id.to_owned(), line: 0 }, ..Self::default() }
    }

    fn read(id: At<String>, fields: &mut Fields<'_>) -> Self {
        let (temperature, max_output_tokens, reasoning_effort) = fields.table("options", |options| {
            let temperature = options.take("temperature", amount);
            (temperature, options.take("max_output_tokens", count), options.take("reasoning_effort", text))
        });
        Self {
            id,
            provider: fields.take("provider", text),
            model: fields.take("model", text),
            base_url: fields.take("base_url", text),
            api_key_env: fields.take("api_key_env", variable),
            price: fields.table("price", |price| Some(RawPrice::read(price))),
            reliability: fields.take("reliability", share),
            strengths: fields.take_list("strengths", text),
            fallback: fields.take_list("fallback", text),
            system: fields.take("system", text),
            temperature,
            max_output_tokens,
            reasoning_effort,
        }
    }
}

impl RawPrice {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            line: fields.line,
            input: fields.take("input", amount),
            output: fields.take("output", amount),
            cached_input: fields.take("cached_input", amount),
            date: fields.take("date", text),
        }
    }
}

/// The words of `[ui]`.
const ARRANGEMENTS: [(&str, Arrangement); 3] =
    [("auto", Arrangement::Auto), ("columns", Arrangement::Columns), ("tabs", Arrangement::Tabs)];
const PANELS: [(&str, PanelAt); 4] =
    [("auto", PanelAt::Auto), ("rail", PanelAt::Rail), ("dock", PanelAt::Dock), ("off", PanelAt::Off)];
const CHATS: [(&str, ChatAt); 5] = [
    ("auto", ChatAt::Auto),
    ("left", ChatAt::Left),
    ("below", ChatAt::Below),
    ("whole", ChatAt::Whole),
    ("line", ChatAt::Line),
];
const NOTIFIES: [(&str, Notify); 3] = [("auto", Notify::Auto), ("bell", Notify::Bell), ("off", Notify::Off)];
/// Nothing on the screen moves by itself, so that there is nothing else to choose.
const MOTIONS: [(&str, ()); 1] = [("none", ())];

impl RawUi {
    fn read(fields: &mut Fields<'_>) -> Self {
        // Known, so that a config that names it is fine.
        let _: Option<At<()>> = fields.take("motion", word(&MOTIONS));
        Self {
            layout: fields.take("layout", word(&ARRANGEMENTS)),
            panel: fields.take("panel", word(&PANELS)),
            chat: fields.take("chat", word(&CHATS)),
            mouse: fields.take("mouse", switch),
            copy_on_select: fields.take("copy_on_select", switch),
            glyphs: fields.take("glyphs", word(&[("unicode", Glyphs::Unicode), ("ascii", Glyphs::Ascii)])),
            links: fields.take("links", switch),
            notify: fields.take("notify", word(&NOTIFIES)),
            title: fields.take("title", switch),
            blind: fields.take("blind", switch),
        }
    }
}

impl RawContext {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            after_off: fields.take("after_off", word(&[("quote", AfterOff::Quote), ("skip", AfterOff::Skip)])),
            own_history: fields.take("own_history", switch),
            probe_local: fields.take("probe_local", switch),
        }
    }
}

impl RawStore {
    fn read(fields: &mut Fields<'_>) -> Self {
        let history = [("keep", History::Keep), ("session", History::Session), ("off", History::Off)];
        Self { history: fields.take("history", word(&history)), retention: fields.take("retention", age) }
    }
}
