//! `dissent models` and `dissent doctor` as a person and a script meet them.
#![expect(clippy::unwrap_used, reason = "a test that cannot run its program has nothing to say")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn run(home: &Path, variables: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", home).envs(variables.iter().copied()).args(args).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Returns the address of a server that answers each request with `status` and `body`.
fn serve(status: u16, body: &'static str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let date = "Sun, 01 Jan 2017 00:00:00 GMT";
            let head = format!(
                "HTTP/1.1 {status} -\r\ndate: {date}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).unwrap();
        }
    });
    address
}

/// A home whose config has one model at a house of its own.
fn home(address: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/dissent");
    fs::create_dir_all(&folder).unwrap();
    let config = format!(
        "[providers.house]\ndialect = \"openai-chat\"\nbase_url = \"http://{address}/v1\"\napi_key_env = \"HOUSE_KEY\"\n\
         [models.mine]\nprovider = \"house\"\nmodel = \"m-1\"\nprice = {{ input = 1.0, output = 2.0, date = \"2026-01-02\" }}\n"
    );
    fs::write(folder.join("config.toml"), config).unwrap();
    home
}

const KEY: (&str, &str) = ("HOUSE_KEY", "planted-0123456789-0123456789");

#[test]
fn models_lists_what_can_be_asked_and_why_the_rest_cannot() {
    let home = home("127.0.0.1:1");
    let (code, out, err) = run(home.path(), &[KEY], &["models"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let first =
        "can be asked (* at first)\n  * mine  m-1  house  context unknown  $1/$2 per million tokens (2026-01-02)\n";
    assert!(out.starts_with(first), "{out}");
    assert!(out.contains("\ncannot be asked\n    gpt, gpt-mini"), "{out}");
    let (_, out, _) = run(home.path(), &[], &["models"]);
    assert!(out.starts_with("no model can be asked\n") && out.contains("mine: set HOUSE_KEY"), "{out}");
}

#[test]
fn a_refresh_asks_the_provider_what_it_lists() {
    let home_at = home(&serve(200, r#"{"data":[{"id":"m-1"},{"id":"m-2"}]}"#));
    let (code, out, _) = run(home_at.path(), &[KEY], &["models", "--refresh"]);
    assert_eq!(code, 0);
    assert!(out.contains("\nhouse lists 2, of which 1 are not in the catalog\n    m-2\n"), "{out}");
    let (_, out, _) = run(home_at.path(), &[KEY], &["models", "--refresh", "--json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["schema"], &json["models"][0]["listed"]), (&"dissent.models/1".into(), &true.into()));
    let home_at = home(&serve(401, r#"{"error":{"message":"no such key"}}"#));
    let (code, out, _) = run(home_at.path(), &[KEY], &["models", "--refresh"]);
    assert_eq!(code, 0);
    assert!(out.contains("\nhouse could not be asked: house refused the key in HOUSE_KEY (401)"), "{out}");
}

#[test]
fn doctor_says_what_is_wrong_and_what_to_do_and_shows_no_key() {
    let home_at = home(&serve(200, r#"{"data":[{"id":"m-1"}]}"#));
    let variables = [KEY, ("OPENAI_API_KEY", "planted"), ("TERM", "xterm-256color"), ("LANG", "C.UTF-8")];
    let (code, out, err) = run(home_at.path(), &variables, &["doctor"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for expected in [
        "ok    config    ",
        "ok    keys      house: set by HOUSE_KEY, and looks like a key\n",
        "warn  keys      openai: the key from OPENAI_API_KEY does not begin with `sk-`",
        "ok    network   not looked at; --online",
        "ok    terminal  LANG is C.UTF-8\n",
        "ok    proxy     none is set\n",
    ] {
        assert!(out.contains(expected), "{expected:?} is not in\n{out}");
    }
    assert!(!out.contains("planted"), "{out}");
    let (code, out, _) = run(home_at.path(), &[KEY], &["doctor", "--online"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("ok    network   house answers in ") && out.contains("lists 1 models\n"), "{out}");
    assert!(out.contains("fail  clock     ") && out.contains(" s ahead\n"), "{out}");
}

#[test]
fn doctor_names_the_line_of_a_config_that_is_wrong_and_goes_on() {
    let home_at = home("127.0.0.1:1");
    let file = home_at.path().join(".config/dissent/config.toml");
    fs::write(&file, "version = 1\nquorm = 2\n").unwrap();
    let (code, out, err) = run(home_at.path(), &[], &["doctor"]);
    assert_eq!((code, err.as_str()), (1, ""));
    let expected = format!("fail  config    {}:2: unknown key `quorm`; did you mean `quorum`?\n", file.display());
    assert!(out.contains(&expected) && out.contains("warn  keys      no model can be asked"), "{out}");
}

#[test]
fn an_ollama_that_the_environment_names_is_asked_what_it_has() {
    let home = tempfile::tempdir().unwrap();
    let address = serve(200, r#"{"models":[{"name":"qwen3:8b"},{"name":"nomic-embed-text"}]}"#);
    let (code, out, err) = run(home.path(), &[("OLLAMA_HOST", &address)], &["models"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("can be asked (* at first)\n  * qwen3:8b  qwen3:8b  ollama  "), "{out}");
    assert!(!out.contains("embed"), "{out}");
    let (_, out, _) = run(home.path(), &[("OLLAMA_HOST", "127.0.0.1:1")], &["chat", "why?", "--plain"]);
    assert!(out.contains("OLLAMA_HOST is set, but ollama cannot be reached"), "{out}");
}
