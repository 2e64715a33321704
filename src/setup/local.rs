//! Asks a person's own Ollama what it has, where its address is in the environment: shortly, and once.

use std::path::Path;
use std::time::Duration;

use crate::config::env::Env;
use crate::config::resolve::{Outside, resolve};
use crate::dispatch::listing::list;
use crate::net::http::Http;
use crate::net::transport::Transport;
use crate::setup::DIALECTS;

/// The variable that names its address, for it and for everyone who asks it.
const VARIABLE: &str = "OLLAMA_HOST";

/// How long the program waits with its start for a server that should be near.
const PATIENCE: Duration = Duration::from_secs(1);

/// A config that names one model there, which stands for the server.
const SERVER: &str = "[models.server]\nprovider = \"ollama\"\nmodel = \"server\"\n";

/// What servers say they have, by the id of their provider, or why they say nothing.
pub(super) type Listed = Vec<(String, Result<Vec<String>, String>)>;

/// Returns what the server lists; nothing where the environment names none.
pub(super) fn listed(env: &Env) -> Listed {
    if env.get(VARIABLE).is_none() {
        return Vec::new();
    }
    let outside = Outside { env, key_command: &|_| Err(String::new()), listed: &[], dialects: &DIALECTS };
    // An address that is none is told of every model that would be asked there.
    let settings = resolve(Some((Path::new(VARIABLE), SERVER)), &outside).ok();
    let Some(server) = settings.and_then(|settings| settings.models.into_iter().next()) else { return Vec::new() };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return Vec::new() };
    let asked = runtime.block_on(async {
        let transport = Transport::Http(Http::new());
        tokio::time::timeout(PATIENCE, list(&transport, &server)).await
    });
    let address = &server.provider.base_url;
    let names = match asked {
        Ok(Ok(listing)) if listing.names.is_empty() => {
            Err(format!("Ollama at {address} ({VARIABLE}) has no model yet: `ollama pull` gets one"))
        }
        Ok(Ok(listing)) => Ok(listing.names),
        Ok(Err(fault)) => Err(format!("{VARIABLE} is set, but {}", fault.told())),
        Err(_) => Err(format!("{VARIABLE} is set, but nothing answers at {address} within {} s", PATIENCE.as_secs())),
    };
    vec![("ollama".to_owned(), names)]
}
