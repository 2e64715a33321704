//! Looks at what there is: the models, and what asking them stands on.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use anyhow::Context;
use tokio::task::JoinSet;

use crate::cli::look::{DoctorArgs, ModelsArgs};
use crate::config::env::Env;
use crate::config::paths::Paths;
use crate::config::resolve::{Outside, resolve};
use crate::config::settings::Settings;
use crate::dispatch::listing::{Listing, list};
use crate::domain::fault::Fault;
use crate::headless::doctor::terminal::Terminal;
use crate::headless::doctor::{Finding, keys, online, places, terminal};
use crate::headless::exit::Exit;
use crate::headless::{doctor, models};
use crate::net::http::Http;
use crate::net::transport::Transport;
use crate::provider::endpoint::Model;
use crate::setup::{DIALECTS, ask_for_key, paths, process_env, settings};
use crate::shell::terminal::depth;
use crate::ui::theme::Depth;

/// What each provider listed, by its id.
type Listings = Vec<(String, Result<Listing, Fault>)>;

/// Writes which models there are.
pub(super) fn models(args: &ModelsArgs) -> anyhow::Result<Exit> {
    let env = process_env();
    let settings = settings(&paths(args.config.as_deref(), &env)?, &env, &ask_for_key)?;
    let listings = if args.refresh { listings(&settings.models)? } else { Vec::new() };
    let listings: Vec<_> =
        listings.into_iter().map(|(id, listing)| (id, listing.map(|listing| listing.names))).collect();
    let overview = models::Overview {
        models: &settings.models,
        ensemble: &settings.ensemble,
        unusable: &settings.unusable,
        listings: &listings,
    };
    let mut out = io::stdout().lock();
    if args.json {
        models::write_json(&overview, &mut out)?;
    } else {
        models::write(&overview, &mut out)?;
    }
    Ok(Exit::Answered)
}

/// Writes what is found; a config that is wrong is a finding, and the rest is looked at without it.
pub(super) fn doctor(args: &DoctorArgs) -> anyhow::Result<Exit> {
    let env = process_env();
    let paths = paths(args.config.as_deref(), &env)?;
    let mut findings = vec![Finding::fine("version", concat!("dissent ", env!("CARGO_PKG_VERSION")))];
    let settings = config(&paths, &env, &mut findings)?;
    findings.extend(keys::keys(&settings.models, &settings.unusable));
    let seen = Terminal {
        is_there: io::stdin().is_terminal() && io::stdout().is_terminal(),
        size: crossterm::terminal::size().ok().filter(|(columns, rows)| *columns > 0 && *rows > 0),
        colors: match depth() {
            Depth::True => "24-bit colour",
            Depth::Ansi256 => "256 colours",
            Depth::Ansi16 => "16 colours",
            Depth::Mono => "no colours",
        },
    };
    findings.extend(terminal::terminal(seen, &env));
    findings.push(places::folder("data", &paths.data));
    findings.push(places::folder("state", &paths.state));
    findings.push(places::proxy(&env));
    if args.online {
        findings.extend(online::online(&listings(&settings.models)?, jiff::Timestamp::now()));
    } else {
        findings.push(Finding::fine("network", "not looked at; --online asks each provider for its list of models"));
    }
    Ok(doctor::write(&findings, &mut io::stdout().lock())?)
}

/// Returns the settings and notes what is wrong with the file; without it where it cannot be used.
fn config(paths: &Paths, env: &Env, findings: &mut Vec<Finding>) -> anyhow::Result<Settings> {
    let shown = paths.config.display();
    match settings(paths, env, &ask_for_key) {
        Ok(settings) => {
            findings.push(match &settings.file {
                Some(_) => Finding::fine("config", format!("{shown}: no errors")),
                None => Finding::fine("config", format!("none; `dissent config init` writes one to {shown}")),
            });
            let advice = "`dissent config check` says more";
            findings.extend(settings.warnings.iter().map(|warning| Finding::warn("config", warning, advice)));
            Ok(settings)
        }
        Err(error) => {
            let advice = "mend the line, or move the file away";
            findings.extend(error.to_string().lines().map(|line| Finding::fail("config", line, advice)));
            let outside = Outside { env, key_command: &ask_for_key, listed: &[], dialects: &DIALECTS };
            Ok(resolve(None, &outside)?)
        }
    }
}

/// Asks each provider once, all at the same time, and returns what they list in the order of the registry.
fn listings(models: &[Arc<Model>]) -> anyhow::Result<Listings> {
    let mut asked: Vec<&Arc<Model>> = Vec::new();
    for model in models {
        if !asked.iter().any(|known| known.provider.id == model.provider.id) {
            asked.push(model);
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("starting the thread that waits for answers")?;
    let mut found: Vec<(usize, String, Result<Listing, Fault>)> = runtime.block_on(async {
        let transport = Transport::Http(Http::new());
        let mut running = JoinSet::new();
        for (idx, model) in asked.into_iter().enumerate() {
            let (transport, model) = (transport.clone(), Arc::clone(model));
            running.spawn(async move { (idx, model.provider.id.to_string(), list(&transport, &model).await) });
        }
        running.join_all().await
    });
    found.sort_by_key(|(idx, ..)| *idx);
    Ok(found.into_iter().map(|(_, id, listing)| (id, listing)).collect())
}
