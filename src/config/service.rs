//! One provider on its way from typed and known to resolved: everything but the key itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::config::env::Env;
use crate::config::error::Problem;
use crate::config::raw::{RawProvider, RawTimeout};
use crate::config::reader::At;
use crate::domain::address::is_loopback;
use crate::domain::nearest::did_you_mean;
use crate::provider::catalog::{Catalog, KnownProvider};
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Limits, Provider, Secret, Timeouts};

/// The first token of a local model waits for the model to be loaded, which takes minutes.
const LOCAL_FIRST_TOKEN: Duration = Duration::from_secs(300);

/// Reasoning models are silent while they think; xAI asks clients to allow 900 s (its best practices, 2026).
const HIGH_EFFORT_FIRST_TOKEN: Duration = Duration::from_secs(900);

/// A provider without its key.
#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) id: String,
    pub(super) dialect: Dialect,
    /// Where it is, or why that is not known.
    pub(super) base_url: Result<String, String>,
    pub(super) key: KeyPlan,
    /// Whether it answers without a key, even where a variable for one is named.
    pub(super) keyless: bool,
    key_header: Option<String>,
    headers: Vec<(String, Secret)>,
    ca_file: Option<PathBuf>,
    proxy: Option<Secret>,
    api_version: Option<String>,
    limits: Limits,
    timeout: RawTimeout,
    /// Whether it runs on the person's own machines and asks for no money.
    pub(super) local: bool,
    /// What is added to the address where it speaks `openai-chat` too; `None` once the user has typed how to ask it.
    openai_chat_suffix: Option<String>,
}

/// Where a key comes from.
#[derive(Clone, Debug)]
pub(super) enum KeyPlan {
    /// The first of these variables that is set; without variables there is no key.
    Variables(Vec<String>),
    /// What this command prints; it may hold the key itself.
    Command(Secret),
}

impl Service {
    /// Returns what the catalog and the environment say of a service.
    pub(super) fn known(known: &KnownProvider, env: &Env) -> Self {
        let named = known.base_url_env.as_deref().and_then(|name| env.get(name));
        let from_variable = named.map(|address| completed(address, known));
        let refused = from_variable.as_deref().and_then(refusal).zip(known.base_url_env.as_ref());
        let missing = || match &known.base_url_env {
            Some(name) => format!("set {name}"),
            None => format!("`providers.{}` needs `base_url`", known.id),
        };
        Self {
            id: known.id.clone(),
            dialect: known.dialect,
            // The address itself stays out of the message: it may hold a password.
            base_url: match refused {
                Some((why, name)) => Err(format!("the address in {name} {why}")),
                None => from_variable.or_else(|| known.base_url.clone()).ok_or_else(missing),
            },
            key: KeyPlan::Variables(known.key_env.clone()),
            keyless: known.key_optional,
            key_header: known.key_header.clone(),
            headers: Vec::new(),
            ca_file: None,
            proxy: None,
            api_version: None,
            limits: Limits::default(),
            timeout: RawTimeout::default(),
            local: known.local,
            openai_chat_suffix: known.openai_chat_suffix.clone(),
        }
    }

    /// Returns the service with what was typed of it; a new one must have a dialect and an address, or there is `None`
    /// and a problem.
    pub(super) fn typed(service: Option<Self>, raw: &RawProvider, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut service = match service {
            Some(service) => service,
            None => Self::new(raw).map_err(|problem| problems.push(problem)).ok()?,
        };
        if let Some(dialect) = &raw.dialect {
            service.dialect = dialect.value;
            service.openai_chat_suffix = None;
        }
        if let Some(base_url) = &raw.base_url {
            service.set_base_url(base_url).map_err(|problem| problems.push(problem)).ok()?;
        }
        match (&raw.api_key_env, &raw.api_key_command) {
            (Some(_), Some(command)) => {
                problems.push(command.problem("`api_key_env` and `api_key_command` exclude each other"));
            }
            (Some(variable), None) => service.key = KeyPlan::Variables(vec![variable.value.clone()]),
            (None, Some(command)) => service.key = KeyPlan::Command(Secret::new(&command.value)),
            (None, None) => {}
        }
        for (name, value) in &raw.headers {
            match header(name, value) {
                Ok(header) => service.headers.push(header),
                Err(problem) => problems.push(problem),
            }
        }
        if let Some(version) = &raw.api_version {
            match service.version(version) {
                Ok(version) => service.api_version = Some(version),
                Err(problem) => problems.push(problem),
            }
        }
        service.ca_file = raw.ca_file.as_ref().map(|it| PathBuf::from(&it.value));
        service.proxy = raw.proxy.as_ref().map(|it| Secret::new(&it.value));
        service.limits = Limits {
            requests_per_minute: raw.requests_per_minute.as_ref().map(|it| it.value),
            tokens_per_minute: raw.tokens_per_minute.as_ref().map(|it| it.value),
            concurrent: raw.concurrent.as_ref().map(|it| it.value),
        };
        service.timeout = raw.timeout.clone();
        Some(service)
    }

    fn new(raw: &RawProvider) -> Result<Self, Problem> {
        let id = &raw.id.value;
        let (Some(dialect), Some(_)) = (&raw.dialect, &raw.base_url) else {
            let known = Catalog::built_in().providers.iter().map(|known| known.id.as_str());
            let nearest = did_you_mean(id, known);
            let message = format!("the new provider `{id}` needs `dialect` and `base_url`{nearest}");
            return Err(raw.id.problem(message));
        };
        Ok(Self {
            id: id.clone(),
            dialect: dialect.value,
            base_url: Err("set its `base_url`".to_owned()),
            key: KeyPlan::Variables(Vec::new()),
            keyless: false,
            key_header: None,
            headers: Vec::new(),
            ca_file: None,
            proxy: None,
            api_version: None,
            limits: Limits::default(),
            timeout: RawTimeout::default(),
            local: false,
            openai_chat_suffix: None,
        })
    }

    /// Returns the version as it may stand in an address or a header.
    fn version(&self, typed: &At<String>) -> Result<String, Problem> {
        let version = typed.value.trim();
        let is_sound = |it: char| it.is_ascii_alphanumeric() || "-._".contains(it);
        if self.dialect == Dialect::Ollama {
            return Err(typed.problem(format!("`{}` speaks `ollama`, which has no versions: leave it out", self.id)));
        }
        if version.is_empty() || !version.chars().all(is_sound) {
            return Err(typed.problem("`api_version` is a word such as \"2024-10-21\""));
        }
        Ok(version.to_owned())
    }

    /// Returns the address and the further headers with the version, where each dialect has it: OpenAI's in the query (as
    /// Azure wants it), Anthropic's in a header, Gemini's in the path.
    fn versioned(&self, address: String, headers: &mut Vec<(String, Secret)>) -> String {
        let Some(version) = &self.api_version else { return address };
        match self.dialect {
            Dialect::OpenaiChat | Dialect::OpenaiResponses => format!("{address}?api-version={version}"),
            Dialect::Anthropic => {
                headers.push(("anthropic-version".to_owned(), Secret::new(version)));
                address
            }
            Dialect::Gemini => format!("{address}/{version}"),
            Dialect::Ollama => address,
        }
    }

    /// Sets the address as typed, without a trailing slash.
    pub(super) fn set_base_url(&mut self, typed: &At<String>) -> Result<(), Problem> {
        let address = typed.value.trim();
        if let Some(refusal) = refusal(address) {
            // The address itself stays out of the message: it may hold a password.
            return Err(typed.problem(format!("`base_url` of `{}` {refusal}", self.id)));
        }
        self.base_url = Ok(address.trim_end_matches('/').to_owned());
        self.openai_chat_suffix = None;
        Ok(())
    }

    /// Fills the time-outs that were not typed for this provider with those typed for all.
    pub(super) fn wait(&mut self, general: &RawTimeout) {
        let timeout = &mut self.timeout;
        timeout.first_token = timeout.first_token.take().or_else(|| general.first_token.clone());
        timeout.idle = timeout.idle.take().or_else(|| general.idle.clone());
        timeout.whole = timeout.whole.take().or_else(|| general.whole.clone());
    }

    /// Returns whether the address is on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.base_url.as_deref().is_ok_and(is_loopback)
    }

    /// Makes sure that the dialect is one of `spoken`: a service that also speaks `openai-chat` is asked that way, and a
    /// note about it comes back.
    pub(super) fn speak(&mut self, spoken: &[Dialect]) -> Result<Option<String>, String> {
        if spoken.contains(&self.dialect) {
            return Ok(None);
        }
        let refusal = || format!("this version does not speak `{}`", self.dialect.as_str());
        let suffix =
            self.openai_chat_suffix.as_ref().filter(|_| spoken.contains(&Dialect::OpenaiChat)).ok_or_else(refusal)?;
        let note = format!("`{}` is asked as `openai-chat`: {}", self.id, refusal());
        self.base_url = self.base_url.clone().map(|address| format!("{address}{suffix}"));
        self.dialect = Dialect::OpenaiChat;
        Ok(Some(note))
    }

    /// Returns the provider, with the key where its header wants it.
    pub(super) fn provider(&self, base_url: String, key: Option<Key>, reasons_hard: bool) -> Provider {
        let mut headers = self.headers.clone();
        let base_url = self.versioned(base_url, &mut headers);
        let key_source = key.as_ref().map(|key| key.source.clone()).or_else(|| self.key_variable());
        let mut secret = key.map(|key| key.secret);
        if let Some(name) = &self.key_header {
            headers.extend(secret.take().map(|secret| (name.clone(), secret)));
        }
        let typed = |duration: &Option<At<Duration>>| duration.as_ref().map(|it| it.value);
        let usual = Timeouts::default();
        let first_token = match (reasons_hard, self.local || self.is_loopback()) {
            (true, _) => HIGH_EFFORT_FIRST_TOKEN,
            (false, true) => LOCAL_FIRST_TOKEN,
            (false, false) => usual.first_token,
        };
        let timeouts = Timeouts {
            first_token: typed(&self.timeout.first_token).unwrap_or(first_token),
            idle: typed(&self.timeout.idle).unwrap_or(usual.idle),
            whole: typed(&self.timeout.whole).unwrap_or(usual.whole),
        };
        Provider {
            id: Arc::from(self.id.as_str()),
            dialect: self.dialect,
            base_url,
            key: secret,
            key_source,
            headers,
            ca_file: self.ca_file.clone(),
            proxy: self.proxy.clone(),
            limits: self.limits,
            timeouts,
        }
    }

    fn key_variable(&self) -> Option<String> {
        match &self.key {
            KeyPlan::Variables(names) => names.first().cloned(),
            KeyPlan::Command(_) => None,
        }
    }
}

/// A key and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) secret: Secret,
    /// To be named in messages, such as `OPENAI_API_KEY`.
    pub(super) source: String,
}

impl Key {
    /// Returns the key, unless it holds what no header can.
    pub(super) fn checked(secret: Secret, source: &str) -> Result<Self, String> {
        let is_sound = secret.reveal().bytes().all(|byte| byte.is_ascii_graphic());
        let source = source.to_owned();
        if is_sound {
            Ok(Self { secret, source })
        } else {
            Err(format!("the key from {source} holds a character that no key has"))
        }
    }
}

/// Returns why an address is none, to be read after what it is called; `None` for a sound one.
fn refusal(address: &str) -> Option<&'static str> {
    match address.split_once("://") {
        Some(("http" | "https", rest)) if rest.is_empty() || rest.starts_with(['/', ':']) => Some("names no host"),
        Some(("http" | "https", rest)) if rest.contains('@') => Some("must not hold a key or a password"),
        Some(("http" | "https", rest)) if rest.contains(['?', '#']) => Some("must end with its path"),
        Some(("http" | "https", rest)) if rest.contains(char::is_whitespace) => Some("holds white space"),
        Some(("http" | "https", _)) => None,
        Some(_) | None => Some("must begin with http:// or https://"),
    }
}

/// Returns the address in a variable as a base URL. `OLLAMA_HOST` is read as Ollama itself reads it: a bare host, the port
/// left out or the host, an address of IPv6 with or without brackets; and `0.0.0.0` and `::`, on which a server listens but
/// where nobody can be asked, are this machine.
fn completed(address: &str, known: &KnownProvider) -> String {
    let address = address.trim().trim_end_matches('/');
    let suffix = known.base_url_suffix.as_str();
    if known.id != "ollama" {
        return format!("{}{suffix}", address.strip_suffix(suffix).unwrap_or(address));
    }
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_bare_v6 = authority.parse::<std::net::Ipv6Addr>().is_ok();
    let end = authority.rfind(']').map_or(0, |end| end + 1);
    let colon = authority.get(end..).and_then(|rest| rest.find(':')).map(|colon| colon + end);
    let (host, port) = match colon {
        Some(colon) if !is_bare_v6 => authority.split_at(colon),
        Some(_) | None => (authority, ""),
    };
    let host = match host {
        "" | "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" | "[::]" => "[::1]".to_owned(),
        host if is_bare_v6 => format!("[{host}]"),
        host => host.to_owned(),
    };
    // With a scheme, the port left out is the scheme's own.
    let port = if port.is_empty() && scheme.is_empty() { ":11434" } else { port };
    format!("{}://{host}{port}{path}", if scheme.is_empty() { "http" } else { scheme })
}

fn header(name: &At<String>, value: &str) -> Result<(String, Secret), Problem> {
    let is_token = |it: u8| it.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&it);
    if name.value.is_empty() || !name.value.bytes().all(is_token) {
        return Err(name.problem(format!("`{}` is no name for a header", name.value)));
    }
    if !value.bytes().all(|it| (b' '..=b'~').contains(&it)) {
        return Err(name.problem(format!("the value of header `{}` holds a character that no header can", name.value)));
    }
    Ok((name.value.clone(), Secret::new(value)))
}
