//! Places: whether our folders can be written to, and which proxies stand between us and the providers.

use std::io;
use std::path::Path;

use crate::config::env::Env;
use crate::domain::address::host_of;
use crate::headless::doctor::Finding;

/// Variables that name a proxy, in the order in which they are looked at.
const PROXIES: [&str; 6] = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// Returns whether a file can be written in `folder`, or where it is not there yet, in the nearest folder above it.
pub fn folder(area: &'static str, folder: &Path) -> Finding {
    let shown = folder.display();
    let Some(nearest) = folder.ancestors().find(|it| it.is_dir()) else {
        return Finding::fail(area, format!("{shown}: no folder above it exists"), "set HOME to a folder that exists");
    };
    match try_writing(nearest) {
        Ok(()) if nearest == folder => Finding::fine(area, format!("{shown} can be written to")),
        Ok(()) => Finding::fine(area, format!("{shown} is made when it is needed")),
        Err(error) => {
            let advice = format!("make {} writable for you, or set DISSENT_DATA to another folder", nearest.display());
            Finding::fail(area, format!("{shown} cannot be written to: {error}"), advice)
        }
    }
}

fn try_writing(folder: &Path) -> io::Result<()> {
    // The process's number keeps two of us apart; never over a file that exists.
    let probe = folder.join(format!(".dissent-doctor-{}", std::process::id()));
    std::fs::OpenOptions::new().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(&probe)
}

/// Returns which proxy is used, by its host alone: its address may hold a password.
pub fn proxy(env: &Env) -> Finding {
    let set = PROXIES.into_iter().find_map(|name| Some((name, env.get(name)?)));
    let Some((name, address)) = set else { return Finding::fine("proxy", "none is set") };
    let except =
        if env.get("NO_PROXY").or(env.get("no_proxy")).is_some() { ", but for what NO_PROXY names" } else { "" };
    let host = &host_of(address);
    if host.is_empty() {
        Finding::fail("proxy", format!("{name} is no address"), "write it like http://proxy.example:3128, or unset it")
    } else {
        Finding::fine("proxy", format!("{name} sends requests through {host}{except}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headless::doctor::Level;

    #[test]
    fn a_folder_is_tried_and_left_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        assert!(folder("data", home.path()).said.ends_with("can be written to"));
        assert!(folder("data", &home.path().join("a/b")).said.ends_with("is made when it is needed"));
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
        let file = home.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(folder("data", &file.join("sub")).level == Level::Fine, "the nearest folder is the home");
    }

    #[test]
    fn a_proxy_is_named_without_its_password() {
        let proxy = |variables: &[(&str, &str)]| proxy(&variables.iter().copied().collect());
        let found = proxy(&[("HTTPS_PROXY", "http://me:planted@proxy.example:3128"), ("NO_PROXY", "localhost")]);
        assert_eq!(found.said, "HTTPS_PROXY sends requests through proxy.example, but for what NO_PROXY names");
        assert_eq!(proxy(&[]).said, "none is set");
        assert_eq!(proxy(&[("ALL_PROXY", "://")]).level, Level::Fail);
    }
}
