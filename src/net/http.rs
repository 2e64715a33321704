//! Requests over the network: one pool of connections per process, with roots that work anywhere.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Proxy, Url, redirect};

use crate::net::error::NetError;
use crate::net::transport::{Body, Reply, Request, Route};

/// How long a connection may take to come about. A whole request has no limit here: answers take minutes, and the
/// caller watches for signs of life.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How often an HTTP/2 connection is probed, so that one that died silently is noticed before the next question.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// How long an unused connection is kept: longer than a person thinks between two questions.
const POOL_IDLE: Duration = Duration::from_secs(90);

/// The network; cheap to clone, and all clones share their connections.
#[derive(Clone)]
pub struct Http {
    clients: Arc<Mutex<HashMap<Way, Client>>>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}

/// What needs a client of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Way {
    /// To this machine without TLS: no proxy, and no need to read the system's certificates.
    Loopback,
    /// To anywhere else.
    Outside(Route),
}

impl Default for Http {
    fn default() -> Self {
        Self::new()
    }
}

impl Http {
    /// Returns a network without any connection yet.
    pub fn new() -> Self {
        // Fails only when a provider is installed already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { clients: Arc::default() }
    }

    /// Sends a request and returns the head of the answer. Redirects are not followed: the key would go with them.
    ///
    /// # Errors
    /// When the address or the route cannot be used, or nobody answers.
    pub async fn send(&self, request: Request) -> Result<Reply, NetError> {
        // No error names the address: it may hold a password.
        let url =
            Url::parse(&request.url).map_err(|error| NetError::Setup(format!("base_url is no address: {error}")))?;
        let way = way(&url, &request.route);
        let client = self.client(&way)?;
        let scheme = url.scheme().to_owned();
        let sent = client.request(request.method, url).headers(request.headers).body(request.body).send();
        let response = sent.await.map_err(|error| {
            let error = send_error(&error.without_url());
            let NetError::Unreachable(why) = error else { return error };
            let proxy = proxy_on(&way, &scheme, |name| std::env::var(name).ok());
            NetError::Unreachable(why + &proxy.unwrap_or_default())
        })?;
        Ok(Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Body::Http(response),
        })
    }

    fn client(&self, way: &Way) -> Result<Client, NetError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(way) {
            return Ok(client.clone());
        }
        let client = build(way)?;
        clients.insert(way.clone(), client.clone());
        Ok(client)
    }
}

fn way(url: &Url, route: &Route) -> Way {
    if url.scheme() == "http" && route.is_here && route.proxy.is_none() {
        Way::Loopback
    } else {
        Way::Outside(route.clone())
    }
}

/// Returns that a proxy may be what cannot be reached, and where it is set: its address may hold a password. `None` where
/// no proxy is.
fn proxy_on(way: &Way, scheme: &str, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let Way::Outside(route) = way else { return None };
    if route.proxy.is_some() {
        return Some(", through the `proxy` of its settings".to_owned());
    }
    let names = [format!("{}_PROXY", scheme.to_uppercase()), format!("{scheme}_proxy"), "ALL_PROXY".to_owned()];
    let mut names = names.into_iter().chain(["all_proxy".to_owned()]);
    let set = names.find(|name| variable(name).is_some_and(|value| !value.trim().is_empty()))?;
    Some(format!(", with {set} set"))
}

fn build(way: &Way) -> Result<Client, NetError> {
    let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|root| Certificate::from_der(root).ok());
    let builder = match way {
        Way::Loopback => base().no_proxy().tls_certs_only(bundled),
        Way::Outside(route) => {
            // Merged rather than replaced: an empty container has no roots, a company's machine has its own.
            let mut builder = base().tls_certs_merge(bundled);
            if let Some(file) = &route.ca_file {
                builder = builder.tls_certs_merge(own_roots(file)?);
            }
            if let Some(proxy) = &route.proxy {
                let proxy = Proxy::all(proxy).map_err(|_| NetError::Setup("the proxy is no address".to_owned()))?;
                builder = builder.proxy(proxy);
            }
            builder
        }
    };
    builder.build().map_err(|error| NetError::Setup(deepest(&error)))
}

fn base() -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("dissent/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(redirect::Policy::none())
        .pool_idle_timeout(POOL_IDLE)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .http2_keep_alive_while_idle(true)
}

fn own_roots(file: &std::path::Path) -> Result<Vec<Certificate>, NetError> {
    let setup = |why: &dyn fmt::Display| NetError::Setup(format!("ca_file `{}`: {why}", file.display()));
    let pem = std::fs::read(file).map_err(|error| setup(&error))?;
    let roots = Certificate::from_pem_bundle(&pem).map_err(|error| setup(&deepest(&error)))?;
    if roots.is_empty() { Err(setup(&"holds no certificate in PEM")) } else { Ok(roots) }
}

/// Returns what a failed request means.
fn send_error(error: &reqwest::Error) -> NetError {
    if error.is_builder() {
        return NetError::Setup(deepest(error));
    }
    if let Some(tls) = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        let speaks_otherwise = matches!(tls, rustls::Error::InvalidMessage(_));
        let no_tls = || NetError::NoTls("the server does not speak TLS".to_owned());
        return if speaks_otherwise { no_tls() } else { NetError::Insecure(distrust(tls)) };
    }
    if error.is_connect() {
        return NetError::Unreachable(if error.is_timeout() {
            format!("no connection within {} s", CONNECT_TIMEOUT.as_secs())
        } else {
            unreachable_because(error)
        });
    }
    read_error(error)
}

/// Returns why a certificate is not trusted, in words for the usual reasons.
fn distrust(error: &rustls::Error) -> String {
    use rustls::CertificateError as Why;
    let rustls::Error::InvalidCertificate(why) = error else { return error.to_string() };
    let is_expired =
        matches!(why, Why::Expired | Why::ExpiredContext { .. } | Why::NotValidYet | Why::NotValidYetContext { .. });
    let is_for_another = matches!(why, Why::NotValidForName | Why::NotValidForNameContext { .. });
    match (why, is_expired, is_for_another) {
        (_, true, _) => "its certificate is not valid at this time".to_owned(),
        (_, _, true) => "its certificate is for another host".to_owned(),
        (Why::UnknownIssuer, _, _) => "its certificate is signed by nobody whom this machine trusts".to_owned(),
        // webpki takes no certificate that may sign others for a server's own, be it trusted by name.
        (Why::Other(other), _, _) if other.0.to_string().contains("CaUsedAsEndEntity") => {
            "its certificate is one that signs others, which no server may show for itself; make it anew with \
             `openssl req -x509 -addext basicConstraints=critical,CA:FALSE …`, or let it sign one for the server"
                .to_owned()
        }
        (other, _, _) => {
            // The rest of it is for programs.
            let debug = format!("{other:?}");
            let name = debug.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            format!("its certificate is not accepted ({name})")
        }
    }
}

/// Returns what a body that failed means.
pub(crate) fn read_error(error: &reqwest::Error) -> NetError {
    let kinds = || chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    let is_cut = kinds().any(|kind| kind == io::ErrorKind::UnexpectedEof)
        || chain(error).any(|cause| cause.to_string() == "connection closed before message completed");
    // The client calls every failure of a body one of decoding; those of unpacking have a kind of their own.
    let is_unreadable = error.is_decode() && kinds().any(|kind| kind == io::ErrorKind::InvalidData);
    if is_cut {
        NetError::CutShort
    } else if is_unreadable {
        NetError::Unreadable(deepest(error))
    } else {
        NetError::Broken(deepest(error))
    }
}

fn unreachable_because(error: &reqwest::Error) -> String {
    let is_dns = chain(error).any(|cause| cause.to_string() == "dns error");
    if is_dns { "no such host, or no network".to_owned() } else { deepest(error) }
}

/// Returns an error and all that caused it, outermost first.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn StdError + 'static)| {
        // What an `io::Error` wraps is not its source, but has one.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// Returns the innermost reason: the outer ones repeat the URL and say less.
fn deepest(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_may_be_the_trouble_is_named_without_its_address() {
        let set = |known: &'static str| move |name: &str| (name == known).then(|| "http://me:secret@p:1".to_owned());
        let outside = |proxy: Option<&str>| Way::Outside(Route { proxy: proxy.map(str::to_owned), ..Route::default() });
        let rows = [
            (proxy_on(&outside(None), "https", set("HTTPS_PROXY")), Some(", with HTTPS_PROXY set")),
            (proxy_on(&outside(None), "http", set("all_proxy")), Some(", with all_proxy set")),
            (proxy_on(&outside(None), "https", set("HTTP_PROXY")), None),
            (proxy_on(&outside(Some("x")), "https", |_| None), Some(", through the `proxy` of its settings")),
            (proxy_on(&Way::Loopback, "http", set("HTTP_PROXY")), None),
        ];
        for (found, expected) in rows {
            assert_eq!(found.as_deref(), expected);
        }
    }

    #[test]
    fn only_this_machine_is_asked_without_a_proxy() {
        let proxy = "http://user:word@proxy.example:3128";
        let through = || Some(proxy.to_owned());
        let rows = [
            ("http", true, None, true),
            ("https", true, None, false),
            ("http", false, None, false),
            ("http", true, through(), false),
        ];
        for (scheme, is_here, proxy, is_direct) in rows {
            let url = Url::parse(&format!("{scheme}://a.example/v1")).unwrap();
            let route = Route { ca_file: None, proxy, is_here };
            let expected = if is_direct { Way::Loopback } else { Way::Outside(route.clone()) };
            assert_eq!(way(&url, &route), expected, "{scheme} {route:?}");
        }
        let route = Route { proxy: through(), ..Route::default() };
        assert!(!format!("{:?}", Way::Outside(route)).contains("word"));
    }

    #[test]
    fn a_client_comes_about_for_every_way() {
        let _ = Http::new();
        assert!(build(&Way::Loopback).is_ok());
        assert!(build(&Way::Outside(Route::default())).is_ok());
    }
}
