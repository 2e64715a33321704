//! Whose address it is: the host that a request goes to, and whether that is this machine. One reading, by the rules of
//! the client that connects, so that no room takes an address for another's.

use std::net::IpAddr;

use url::Url;

/// Returns the host of a URL in its canonical form, without port and user: `127.1` is `127.0.0.1`, letters are small, an
/// address of IPv6 stands without brackets. What has no scheme is read as if it had one; empty where there is no host.
pub fn host_of(url: &str) -> String {
    let parsed = if url.contains("://") { Url::parse(url) } else { Url::parse(&format!("http://{url}")) };
    let host = parsed.ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    host.trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// Returns whether what is asked at `url` is on this machine: `localhost` and names below it (RFC 6761), the loopback
/// addresses, and the unspecified ones, which connect to this machine. A name that merely begins like one is elsewhere.
pub fn is_loopback(url: &str) -> bool {
    let host = host_of(url);
    let host = host.trim_end_matches('.');
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback()) => true,
        Ok(address) => address.is_loopback() || address.is_unspecified(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_the_one_that_is_connected_to() {
        for (url, host) in [
            ("https://api.openai.com/v1", "api.openai.com"),
            ("https://API.OpenAI.com:8443", "api.openai.com"),
            ("http://user:word@proxy.example:3128/", "proxy.example"),
            ("http://[::1]:8080/v1", "::1"),
            ("proxy.example:3128", "proxy.example"),
            ("https://api.openai.com\\@other.example/v1", "api.openai.com"),
            ("https://api.openai.com@other.example/v1", "other.example"),
            ("http://2130706433/v1", "127.0.0.1"),
            ("://", ""),
            ("http://", ""),
            ("", ""),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }

    #[test]
    fn only_what_is_this_machine_counts_as_it() {
        for here in [
            "http://127.0.0.1:11434",
            "http://127.1/v1",
            "http://LOCALHOST:8080/v1",
            "http://localhost.:8080",
            "http://models.localhost/v1",
            "http://[::1]:8080/v1",
            "http://[::ffff:127.0.0.1]/v1",
            "http://0.0.0.0:11434",
            "http://[::]:11434",
        ] {
            assert!(is_loopback(here), "{here}");
        }
        for elsewhere in [
            "http://127.example.com/v1",
            "http://127.0.0.1.example.com/v1",
            "http://localhost.example/v1",
            "http://localhost@other.example/v1",
            "http://192.168.1.5:11434",
            "http://[fe80::1]/v1",
            "https://api.example/v1",
            "nowhere else",
            "",
        ] {
            assert!(!is_loopback(elsewhere), "{elsewhere}");
        }
    }
}
