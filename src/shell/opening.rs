//! Opens a web address with the person's own browser: a program beside ours, without our terminal and without a shell.

use std::io;
use std::process::{Child, Command, Stdio};

use crate::shell::secrets::Secrets;

/// A browser, or what starts one, under way.
#[derive(Debug)]
pub(crate) struct Opener {
    name: String,
    child: Child,
}

impl Opener {
    /// Waits for its end; returns what is to be said where it failed. A browser that stays open is waited for as long.
    pub(crate) fn complaint(mut self) -> Option<String> {
        let status = self.child.wait().ok().filter(|status| !status.success())?;
        Some(format!("`{}` did not open the page ({status}): o, then y copies the address", self.name))
    }
}

/// Starts what opens `url`; `variable` reads the environment.
///
/// # Errors
/// Says why nothing can open it.
pub(crate) fn open(url: &str, secrets: &Secrets, variable: impl Fn(&str) -> Option<String>) -> Result<Opener, String> {
    let commands = commands(url, variable);
    if commands.is_empty() {
        return Err("there is no desktop here to open a page on, and BROWSER is not set".to_owned());
    }
    let mut failures = Vec::new();
    for words in commands {
        let Some((name, arguments)) = words.split_first() else { continue };
        match start(name, arguments, secrets) {
            Ok(child) => return Ok(Opener { name: name.clone(), child }),
            Err(error) => failures.push(format!("`{name}`: {error}")),
        }
    }
    Err(format!("nothing here opens a page ({})", failures.join("; ")))
}

/// Returns the commands to be tried in order, each a program with its arguments: those of `BROWSER`, which are parted by
/// colons and may hold `%s` for the address, then what the system has where there is a desktop.
fn commands(url: &str, variable: impl Fn(&str) -> Option<String>) -> Vec<Vec<String>> {
    let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let separator = if cfg!(windows) { ';' } else { ':' };
    let named = set("BROWSER").unwrap_or_default();
    let mut commands: Vec<Vec<String>> = named
        .split(separator)
        .filter(|command| !command.trim().is_empty())
        .map(|command| {
            let mut words: Vec<String> = command.split_whitespace().map(|word| word.replace("%s", url)).collect();
            if !command.contains("%s") {
                words.push(url.to_owned());
            }
            words
        })
        .collect();
    let usual: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["explorer"]
    } else if set("WSL_DISTRO_NAME").is_some() {
        &["wslview", "xdg-open"]
    } else if set("DISPLAY").or_else(|| set("WAYLAND_DISPLAY")).is_some() {
        &["xdg-open"]
    } else {
        // What would be found is a browser for a terminal, and ours is in use.
        &[]
    };
    commands.extend(usual.iter().map(|name| vec![(*name).to_owned(), url.to_owned()]));
    commands
}

/// Starts a program that shares nothing with our terminal: a ctrl-c there is not meant for it.
fn start(name: &str, arguments: &[String], secrets: &Secrets) -> io::Result<Child> {
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    secrets.keep_from(&mut command);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const URL: &str = "https://a.example/?q='$(touch x)'&b=;";

    fn check(variables: &[(&str, &str)], expected: &[&[&str]]) {
        let found = commands(URL, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        });
        assert_eq!(found, expected, "{variables:?}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_browser_is_the_persons_own_else_the_desktops() {
        check(&[], &[]);
        check(&[("BROWSER", " ")], &[]);
        check(&[("DISPLAY", ":0")], &[&["xdg-open", URL]]);
        check(&[("WAYLAND_DISPLAY", "wayland-0")], &[&["xdg-open", URL]]);
        check(&[("BROWSER", "firefox --new-tab %s:lynx")], &[&["firefox", "--new-tab", URL], &["lynx", URL]]);
        check(&[("BROWSER", "mine"), ("DISPLAY", ":0")], &[&["mine", URL], &["xdg-open", URL]]);
    }

    #[test]
    fn an_address_reaches_the_browser_as_one_argument_that_no_shell_has_read() {
        let folder = tempfile::tempdir().unwrap();
        let (browser, log) = (folder.path().join("browser"), folder.path().join("log"));
        std::fs::write(&browser, format!("#!/bin/sh\nprintf '%s|' \"$@\" > '{}'\n", log.display())).unwrap();
        std::fs::set_permissions(&browser, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let named = |name: &str| (name == "BROWSER").then(|| format!("no-such-browser:{}", browser.display()));
        assert_eq!(open(URL, &Secrets::default(), named).unwrap().complaint(), None);
        assert_eq!(std::fs::read_to_string(&log).unwrap(), format!("{URL}|"));
    }

    #[test]
    fn a_browser_that_fails_or_is_not_there_is_told() {
        let named = |command: &'static str| move |name: &str| (name == "BROWSER").then(|| command.to_owned());
        let complaint = open(URL, &Secrets::default(), named("false")).unwrap().complaint().unwrap();
        assert!(complaint.starts_with("`false` did not open the page"), "{complaint}");
        let error = open(URL, &Secrets::default(), named("no-such-browser")).unwrap_err();
        assert!(error.contains("no-such-browser"), "{error}");
        assert!(open(URL, &Secrets::default(), |_| None).unwrap_err().contains("BROWSER"));
    }
}
