//! A planted key is found in nothing that the program writes: no command, no result, no complaint, no file.
#![expect(clippy::unwrap_used, reason = "a test that cannot run its program has nothing to say")]

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Such as no text holds by chance, and with a part in common with every way of writing it.
const KEY: &str = "sk-planted5f3a9c01-77d2e8b4";

/// What no output may hold: the key, and what would be left of it in most quotations.
const PARTS: [&str; 2] = ["planted5f3a", "77d2e8b4"];

/// A server that repeats the key in whatever it says, and counts who came with it.
struct Gossip {
    address: String,
    n_with_key: Arc<AtomicUsize>,
}

fn gossip(status: &'static str, kind: &'static str, body: String) -> Gossip {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let n_with_key = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&n_with_key);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut request) = (stream.unwrap(), Vec::new());
            let mut piece = [0; 4096];
            while !request.windows(4).any(|it| it == b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(n @ 1..) => request.extend(piece.iter().take(n)),
                    Ok(0) | Err(_) => break,
                }
            }
            counted.fetch_add(usize::from(String::from_utf8_lossy(&request).contains(KEY)), Ordering::Relaxed);
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nx-request-id: {KEY}\r\ncontent-length: {}\r\n\
                 connection: close\r\n\r\n",
                body.len()
            );
            drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())));
            drop(stream.shutdown(Shutdown::Write));
        }
    });
    Gossip { address, n_with_key }
}

/// Runs a command in a home of its own whose config is `config`; returns all that it wrote: both streams, and the files
/// that it left, but for the config itself.
fn all_that_is_written(config: &str, variables: &[(&str, &str)], args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("given.toml");
    fs::write(&file, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", home.path()).env("DISSENT_CONFIG", &file).env("RUST_BACKTRACE", "full");
    command.env("RUST_LOG", "trace").env("DISSENT_LOG", "trace").envs(variables.iter().copied());
    let mut child =
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdin.take().unwrap().write_all(b"why?\n"));
    let output = child.wait_with_output().unwrap();
    let mut written = [output.stdout, output.stderr].concat();
    fs::remove_file(&file).unwrap();
    read_all(home.path(), &mut written);
    String::from_utf8_lossy(&written).into_owned()
}

fn read_all(folder: &Path, into: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        into.extend_from_slice(path.to_string_lossy().as_bytes());
        if path.is_dir() { read_all(&path, into) } else { into.extend(fs::read(&path).unwrap()) }
    }
}

fn check(what: &str, written: &str) {
    assert!(!written.is_empty(), "{what} says nothing at all");
    for part in PARTS {
        assert!(!written.contains(part), "{what} shows the key:\n{written}");
    }
}

/// Every command that can run without a screen; the last ones ask providers.
const COMMANDS: [&[&str]; 13] = [
    &["config", "check"],
    &["config", "path"],
    &["config", "init"],
    &["models"],
    &["models", "--json"],
    &["doctor"],
    &["models", "--refresh"],
    &["models", "--refresh", "--json"],
    &["doctor", "--online"],
    &["ask", "why?", "--json"],
    &["ask", "why?", "--stream-json"],
    &["ask", "why?", "--min-confidence", "0.9"],
    &["--plain"],
];

#[test]
fn no_command_shows_a_key_wherever_it_comes_from_and_whatever_a_server_makes_of_it() {
    let house = |address: &str, key: &str| {
        format!(
            "[providers.house]\ndialect = \"openai-chat\"\nbase_url = \"http://{address}/v1\"\n{key}\n\
             [models.mine]\nprovider = \"house\"\nmodel = \"m-1\"\n"
        )
    };
    let sources = [
        ("a variable", "api_key_env = \"HOUSE_KEY\"".to_owned()),
        ("a command", format!("api_key_command = \"echo {KEY}; echo {KEY} >&2\"")),
        ("a header", format!("headers = {{ authorization = \"Bearer {KEY}\" }}")),
    ];
    let refusal = format!("{{\"error\":{{\"message\":\"bad key {KEY} (Bearer {KEY})\",\"code\":\"{KEY}\"}}}}");
    let servers = [
        gossip("401 Unauthorized", "application/json", refusal.clone()),
        gossip("502 Bad Gateway", "text/html", format!("<html><title>{KEY}</title><p>Authorization: {KEY}</html>")),
        gossip("200 OK", "text/event-stream", format!("data: {refusal}\n\n")),
        gossip("200 OK", "text/plain", format!("you sent {KEY}")),
    ];
    let ask_all = |server: &Gossip, source: &str, key: &str| {
        // Those that ask nobody say the same whatever the server is.
        let n_skipped = if server.address == servers[0].address { 0 } else { 6 };
        for args in COMMANDS.iter().skip(n_skipped) {
            let written = all_that_is_written(&house(&server.address, key), &[("HOUSE_KEY", KEY)], args);
            check(&format!("{args:?} with the key from {source}"), &written);
        }
    };
    for (source, key) in &sources {
        // Most of the time is spent waiting for another try.
        std::thread::scope(|scope| {
            for server in &servers {
                scope.spawn(|| ask_all(server, source, key));
            }
        });
    }
    for server in &servers {
        assert!(server.n_with_key.load(Ordering::Relaxed) >= sources.len(), "the key was sent, or nothing is proved");
    }
}

#[test]
fn a_key_in_the_wrong_place_is_not_quoted_in_the_complaint() {
    let provider = |line: &str| format!("[providers.openai]\n{line}\n");
    let mistakes = [
        ("a key typed into the file", provider(&format!("api_key = \"{KEY}\""))),
        ("a key without quotes", provider(&format!("api_key_env = {KEY}"))),
        ("a key in place of its variable", provider(&format!("api_key_env = \"{KEY}\""))),
        ("a key without signs in place of its variable", provider("api_key_env = \"planted5f3a9c0177d2e8b4aa01\"")),
        ("a key in a model", format!("[models.gpt]\napi_key_env = \"{KEY}\"")),
        ("a command that fails", provider(&format!("api_key_command = \"echo {KEY}; exit 3\""))),
        ("a command that is not there", provider(&format!("api_key_command = \"no-such-command {KEY}\""))),
        ("a command that prints two words", provider(&format!("api_key_command = \"echo my {KEY}\""))),
        ("a header with a bad name", provider(&format!("headers = {{ \"a b\" = \"{KEY}\" }}"))),
        ("a header with a bad value", provider(&format!("headers = {{ a = \"{KEY}\\u0007\" }}"))),
        ("a header that is a table", provider(&format!("headers = {{ a = {{ b = \"{KEY}\" }} }}"))),
        ("a password in an address", provider(&format!("base_url = \"https://me:{KEY}@a.example\""))),
        ("a key in an address", provider(&format!("base_url = \"https://a.example/v1?key={KEY}\""))),
        ("a password in a proxy", provider(&format!("proxy = \"http://me:{KEY}@127.0.0.1:1\""))),
        ("a proxy that is none", provider(&format!("proxy = \"::{KEY}::\""))),
        ("a version that is a key", provider(&format!("api_version = \"{KEY} x\""))),
    ];
    for (what, config) in mistakes {
        for args in [&["config", "check"][..], &["doctor"], &["models"], &["ask", "why?", "--models", "gpt"]] {
            let written = all_that_is_written(&config, &[("OPENAI_API_KEY", KEY)], args);
            check(&format!("{what}: {args:?}"), &written);
        }
    }
}

#[test]
fn a_password_in_a_variable_is_not_shown() {
    let address = format!("http://me:{KEY}@127.0.0.1:1");
    let variables: [(&str, &[(&str, &str)]); 4] = [
        ("OLLAMA_HOST", &[]),
        ("AZURE_OPENAI_ENDPOINT", &[("AZURE_OPENAI_API_KEY", KEY)]),
        ("HTTPS_PROXY", &[("OPENAI_API_KEY", KEY)]),
        ("ALL_PROXY", &[("ANTHROPIC_API_KEY", KEY)]),
    ];
    let config =
        "[models.local]\nprovider = \"ollama\"\nmodel = \"x\"\n[models.az]\nprovider = \"azure\"\nmodel = \"x\"\n";
    for (name, others) in variables {
        let variables = [&[(name, address.as_str())], others].concat();
        for args in [&["models"][..], &["doctor"], &["ask", "why?", "--json"], &["ask", "why?", "--models", "local,az"]]
        {
            check(&format!("{name}: {args:?}"), &all_that_is_written(config, &variables, args));
        }
    }
}
