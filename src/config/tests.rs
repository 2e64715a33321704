//! Rows of config text and environment in, settings or problems out.

use std::cell::RefCell;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use crate::config::env::Env;
use crate::config::resolve::{Outside, resolve};
use crate::config::settings::{Glyphs, Route, Settings};
use crate::domain::kind::Kind;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Limits, Secret};

/// Returns the settings of `text` in an environment of `variables`, or the problems as they are shown.
fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
    let env: Env = variables.iter().copied().collect();
    let outside = Outside { env: &env, key_command: &|_| Ok(Secret::new("from-command")), dialects: &Dialect::ALL };
    resolve(Some((Path::new("c.toml"), text)), &outside).map_err(|error| error.to_string())
}

fn ok(text: &str, variables: &[(&str, &str)]) -> Settings {
    read(text, variables).unwrap()
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    assert_eq!(read(text, &[("OPENAI_API_KEY", "k")]).map(|it| it.ensemble).unwrap_err(), expected, "{text}");
}

fn ensemble(settings: &Settings) -> String {
    settings.ensemble.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" ")
}

const LOCAL: &str = "[providers.mock]\ndialect = \"openai-chat\"\nbase_url = \"http://127.0.0.1:9/v1\"\n";

#[test]
fn what_is_mistyped_is_told_with_line_and_nearest_key() {
    refused("\nqorum = 2", "c.toml:2: unknown key `qorum`; did you mean `quorum`?");
    refused("[ui]\nmuose = true", "c.toml:2: unknown key `ui.muose`; did you mean `mouse`?");
    refused(
        "timeout = { frist_token = \"1s\" }",
        "c.toml:1: unknown key `timeout.frist_token`; did you mean `first_token`?",
    );
    refused(
        "[models.gpt.options]\ntemprature = 1",
        "c.toml:2: unknown key `models.gpt.options.temprature`; did you mean `temperature`?",
    );
    refused("[ui]\nqqq = true", "c.toml:2: unknown key `ui.qqq`");
    refused("ensemble = [\"gtp\"]", "c.toml:1: there is no model `gtp`; did you mean `gpt`?");
    refused(
        "[models.mine]\nprovider = \"opnai\"\nmodel = \"x\"",
        "c.toml:2: there is no provider `opnai`; did you mean `openai`?",
    );
    refused(
        "[providers.antropic]\nbase_url = \"http://a\"",
        "c.toml:1: the new provider `antropic` needs `dialect` and `base_url`; did you mean `anthropic`?",
    );
    refused(
        "route = \"cheep\"",
        "c.toml:1: `route` is all, balanced, cheap, best, fast or a kind of question, not `cheep`; did you mean `cheap`?",
    );
}

#[test]
fn values_of_the_wrong_type_or_range_are_told_with_their_line() {
    refused("quorum = \"2\"", "c.toml:1: `quorum` must be a whole number, not a text in quotes");
    refused("quorum = 0", "c.toml:1: `quorum` must be a whole number from 1 to 4294967295");
    refused("flag_below = 75", "c.toml:1: `flag_below` must be a number from 0 to 1");
    refused("flag_below = nan", "c.toml:1: `flag_below` must be a number from 0 up");
    refused("ensemble = \"gpt\"", "c.toml:1: `ensemble` must be a list, not a text in quotes");
    refused("ensemble = []", "c.toml:1: `ensemble` names 1 to 8 models, not 0");
    refused("ensemble = [\"gpt\",\n\"gpt\"]", "c.toml:2: `ensemble` names `gpt` twice");
    refused("models = 3", "c.toml:1: `models` must be a table, not an integer");
    refused("version = 2", "c.toml:1: version 2 is not known here; this program reads 1");
    refused("theme = \"\"", "c.toml:1: `theme` is empty");
    refused(
        "timeout = { idle = 60 }",
        "c.toml:1: `timeout.idle` must be a length of time such as \"60s\", not an integer",
    );
    refused(
        "timeout = { idle = \"soon\" }",
        "c.toml:1: `timeout.idle` must be a length of time such as \"300ms\", \"60s\" or \"10m\", not `soon`",
    );
    refused(
        "[ui]\nglyphs = \"asci\"",
        "c.toml:2: `ui.glyphs` is one of `unicode`, `ascii`, not `asci`; did you mean `ascii`?",
    );
    refused(
        "[models.gpt]\nprice = { input = 1 }",
        "c.toml:2: a price needs `input` and `output`, in US dollars per million tokens",
    );
    refused(
        "[models.gpt]\nprice = { input = 1, output = 2, date = \"May\" }",
        "c.toml:2: a price's `date` is a day such as \"2026-08-05\", not `May`",
    );
    refused("[models.gpt]\nreliability = 1.0", "c.toml:2: `reliability` is more than 0 and less than 1");
    refused("[models.gpt]\nstrengths = [\"maths\"]", "c.toml:2: `maths` is no kind of question; did you mean `math`?");
    refused("[models.claude.options]\ntemperature = 1.5", "c.toml:2: `temperature` is a number from 0 to 1 here");
    refused("[models.gpt]\nfallback = [\"gpt\"]", "c.toml:2: `gpt` cannot stand in for itself");
    refused(
        "[models.dissent-a]\nprovider = \"openai\"",
        "c.toml:1: `dissent-a` means something else here; give the model another id",
    );
    refused("[models.\"a b\"]\n", "c.toml:1: a model's id has letters, digits and -_.:/@+ only, not `a b`");
    refused("[models.mine]\nmodel = \"x\"", "c.toml:1: `models.mine` needs `provider`");
    refused(
        "[models.mine]\nprovider = \"openai\"",
        "c.toml:1: `models.mine` needs `model`, the name that `openai` gives it",
    );
}

#[test]
fn addresses_and_keys_that_cannot_work_are_refused() {
    let row = |address: &str, why: &str| {
        refused(
            &format!("[providers.openai]\nbase_url = \"{address}\""),
            &format!("c.toml:2: `base_url` of `openai` {why}"),
        );
    };
    row("api.example.com", "must begin with http:// or https://");
    row("ftp://example.com", "must begin with http:// or https://");
    row("https://", "names no host");
    row("https:///v1", "names no host");
    row("https://me:secret@example.com", "must not hold a key or a password");
    row("https://example.com/v1?key=1", "must end with its path");
    row("https://exa mple.com", "holds white space");
    refused(
        "[providers.openai]\napi_key_env = \"A\"\napi_key_command = \"b\"",
        "c.toml:3: `api_key_env` and `api_key_command` exclude each other",
    );
    refused("[providers.openai.headers]\n\"a b\" = \"c\"", "c.toml:2: `a b` is no name for a header");
}

#[test]
fn every_problem_is_told_at_once_in_order() {
    refused(
        "quorum = \"2\"\nflag_blow = 1\n[ui]\nmouse = 1",
        "c.toml:1: `quorum` must be a whole number, not a text in quotes\n\
         c.toml:2: unknown key `flag_blow`; did you mean `flag_below`?\n\
         c.toml:4: `ui.mouse` must be true or false, not an integer",
    );
}

#[test]
fn broken_syntax_is_told_with_its_line() {
    let error = read("version = 1\ntheme = \"open", &[]).unwrap_err();
    assert!(error.starts_with("c.toml:2: "), "{error}");
    let error = read("theme = \"a\"\ntheme = \"b\"", &[]).unwrap_err();
    assert!(error.starts_with("c.toml:2: duplicate key"), "{error}");
}

#[test]
fn a_file_with_every_key_is_read() {
    let text = r#"
version = 1
ensemble = ["gpt", "claude"]
quorum = 2
flag_below = 0.6
route = "code"
timeout = { first_token = "61s", idle = "62s", whole = "11m", straggler = "300ms" }
budget = { turn = 0.50, session = 5.0, day = 20 }
system = "Be brief."
similarity = "none"
judge = "claude"
theme = "ink"

[providers.openai]
dialect = "openai-responses"
base_url = "https://gateway.example/openai/v1/"
api_key_command = "pass show openai"
headers = { X-Team = "blue" }
api_version = "2026-01-01"
ca_file = "/etc/ca.pem"
proxy = "socks5://127.0.0.1:1080"
limits = { requests_per_minute = 60, tokens_per_minute = 90_000, concurrent = 8 }
timeout = { idle = "5m" }

[models.gpt]
provider = "openai"
model = "gpt-5.4"
price = { input = 2, output = 15.0, cached_input = 0.25, date = "2026-08-05" }
reliability = 0.94
strengths = ["code"]
fallback = ["claude"]
system = "Answer in English."
options = { temperature = 0.2, max_output_tokens = 4096, reasoning_effort = "low" }

[ui]
layout = "tabs"
panel = "rail"
chat = "left"
mouse = false
copy_on_select = true
glyphs = "ascii"
links = false
motion = "full"
notify = "bell"
title = true
blind = true

[context]
history = "off"
retention = "90d"
after_off = "skip"
own_history = false
probe_local = false
"#;
    let settings = ok(text, &[("ANTHROPIC_API_KEY", "k")]);
    assert_eq!(ensemble(&settings), "gpt claude");
    assert_eq!((settings.quorum, settings.flag_below, settings.route), (2, 0.6, Route::Kind(Kind::Code)));
    assert_eq!(settings.straggler.usual, Duration::from_millis(300));
    assert_eq!((settings.ui.glyphs, settings.ui.blind), (Glyphs::Ascii, true));
    assert_eq!(settings.context.retention, Some(Duration::from_hours(90 * 24)));
    let gpt = &settings.models[0];
    assert_eq!((gpt.member.reliability, gpt.member.price.as_ref().unwrap().input), (0.94, 2.0));
    assert_eq!(gpt.options.max_output_tokens, Some(4096));
    let provider = &gpt.provider;
    assert_eq!(provider.dialect, Dialect::OpenaiResponses);
    assert_eq!(provider.base_url, "https://gateway.example/openai/v1");
    assert_eq!(
        (provider.key.as_ref().unwrap().reveal(), provider.key_source.as_deref()),
        ("from-command", Some("api_key_command"))
    );
    assert_eq!(
        provider.limits,
        Limits { requests_per_minute: Some(60), tokens_per_minute: Some(90_000), concurrent: Some(8) }
    );
    assert_eq!(
        (provider.timeouts.first_token, provider.timeouts.idle),
        (Duration::from_secs(61), Duration::from_secs(300))
    );
    assert!(settings.warnings.iter().any(|it| it.contains("budget")), "{:?}", settings.warnings);
}

#[test]
fn without_a_file_the_keys_decide_who_is_asked() {
    let rows: [(&[&str], &str); 10] = [
        (&[], ""),
        (&["OPENAI_API_KEY"], "gpt gpt-mini gpt-nano"),
        (&["PERPLEXITY_API_KEY"], "sonar sonar-small"),
        (&["ANTHROPIC_API_KEY", "OPENAI_API_KEY"], "gpt claude"),
        (&["MISTRAL_API_KEY", "GOOGLE_API_KEY", "XAI_API_KEY", "OPENAI_API_KEY"], "gpt gemini grok"),
        (&["OPENROUTER_API_KEY"], "openrouter-gpt openrouter-claude openrouter-gemini"),
        (&["OPENROUTER_API_KEY", "OPENAI_API_KEY"], "gpt openrouter-claude openrouter-gemini"),
        (&["GROQ_API_KEY"], "gpt-oss"),
        (&["OLLAMA_HOST"], ""),
        (&["AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"], ""),
    ];
    for (names, expected) in rows {
        let env: Env = names.iter().map(|name| (*name, "value")).collect();
        let outside = Outside { env: &env, key_command: &|_| Err(String::new()), dialects: &Dialect::ALL };
        let settings = resolve(None, &outside).unwrap();
        assert_eq!(ensemble(&settings), expected, "{names:?}");
        assert_eq!(settings.notes.len(), usize::from(expected.is_empty() && !names.is_empty()), "{:?}", settings.notes);
    }
}

#[test]
fn a_model_without_its_key_is_unusable_and_says_which_variable() {
    let settings = ok("ensemble = [\"gpt\", \"gemini\"]", &[("OPENAI_API_KEY", "k"), ("GEMINI_API_KEY", "  ")]);
    assert_eq!(ensemble(&settings), "gpt");
    assert_eq!(settings.warnings, ["`gemini` is left out of the ensemble: set GEMINI_API_KEY or GOOGLE_API_KEY"]);
    let reason =
        |id: &str| settings.unusable.iter().find(|(it, _)| it.as_str() == id).map(|(_, reason)| reason.as_str());
    assert_eq!(reason("claude"), Some("set ANTHROPIC_API_KEY"));
    assert_eq!(reason("gpt"), None);
}

#[test]
fn a_key_is_needed_unless_the_provider_answers_without() {
    let mock = |extra: &str| format!("{LOCAL}{extra}[models.m]\nprovider = \"mock\"\nmodel = \"mock-1\"\n");
    let rows = [
        (mock(""), "usable"),
        (mock("api_key_env = \"MOCK_KEY\"\n"), "set MOCK_KEY"),
        ("[models.m]\nprovider = \"vllm\"\nmodel = \"x\"\napi_key_env = \"MOCK_KEY\"".to_owned(), "usable"),
        (
            "[models.m]\nprovider = \"openai-compatible\"\nmodel = \"x\"".to_owned(),
            "`providers.openai-compatible` needs `base_url`",
        ),
        ("[models.m]\nbase_url = \"http://localhost:1/v1\"\nmodel = \"x\"".to_owned(), "usable"),
        (
            "[models.m]\nprovider = \"openai\"\nbase_url = \"http://localhost:1/v1\"\nmodel = \"x\"".to_owned(),
            "set OPENAI_API_KEY",
        ),
        ("[models.m]\nprovider = \"azure\"\nmodel = \"x\"".to_owned(), "set AZURE_OPENAI_ENDPOINT"),
    ];
    for (text, expected) in rows {
        let settings = ok(&text, &[]);
        let found = settings.unusable.iter().find(|(id, _)| id.as_str() == "m").map_or("usable", |(_, reason)| reason);
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn the_model_says_more_than_its_provider() {
    let text = format!(
        "{LOCAL}api_key_env = \"A\"\n[models.m]\nprovider = \"mock\"\nmodel = \"x\"\nbase_url = \"https://b.example/\"\napi_key_env = \"B\""
    );
    let settings = ok(&text, &[("A", "a"), ("B", "b")]);
    let provider = &settings.models[0].provider;
    assert_eq!((&*provider.id, provider.base_url.as_str()), ("mock", "https://b.example"));
    assert_eq!((provider.key.as_ref().unwrap().reveal(), provider.key_source.as_deref()), ("b", Some("B")));
}

#[test]
fn the_files_models_come_first_in_its_order_and_are_asked() {
    let text = "[models.zeta]\nprovider = \"lmstudio\"\nmodel = \"z\"\n[models.alpha]\nprovider = \"lmstudio\"\nmodel = \"a\"\n";
    let settings = ok(text, &[("OPENAI_API_KEY", "k")]);
    assert_eq!(ensemble(&settings), "zeta alpha");
    let registry: Vec<_> = settings.models.iter().take(3).map(|it| it.member.id.as_str()).collect();
    assert_eq!(registry, ["zeta", "alpha", "gpt"]);
    assert!(std::sync::Arc::ptr_eq(&settings.models[0].provider, &settings.models[1].provider));
}

#[test]
fn prices_come_from_the_catalog_unless_the_model_runs_here() {
    let price = |address: &str| {
        let text = format!("[providers.openai]\nbase_url = \"{address}\"");
        ok(&text, &[("OPENAI_API_KEY", "k")]).models[0].member.price.as_ref().map(|price| price.output)
    };
    assert_eq!(price("https://gateway.example/v1"), Some(15.0));
    assert_eq!(price("http://127.0.0.1:9000/v1"), None);
}

#[test]
fn waiting_times_follow_the_place_and_the_effort() {
    let text = "[models.local]\nprovider = \"vllm\"\nmodel = \"x\"\n[models.gpt.options]\nreasoning_effort = \"high\"";
    let settings = ok(text, &[("OPENAI_API_KEY", "k")]);
    let rows = [("local", 300, 10), ("gpt", 900, 120), ("gpt-mini", 60, 10)];
    for (id, first_token, straggler) in rows {
        let model = settings.model(&id.into()).unwrap();
        assert_eq!(model.provider.timeouts.first_token, Duration::from_secs(first_token), "{id}");
        assert_eq!(settings.straggler_for(model), Duration::from_secs(straggler), "{id}");
    }
}

#[test]
fn azure_and_ollama_take_their_address_from_a_variable() {
    let text =
        "[models.a]\nprovider = \"azure\"\nmodel = \"dep\"\n[models.o]\nprovider = \"ollama\"\nmodel = \"llama3.2\"\n";
    let rows = [
        ("https://r.openai.azure.com/", "0.0.0.0", "https://r.openai.azure.com/openai/v1", "http://127.0.0.1:11434"),
        ("https://r.example/openai/v1", "box:1234", "https://r.example/openai/v1", "http://box:1234"),
        ("https://r.example", "https://o.example/", "https://r.example/openai/v1", "https://o.example"),
    ];
    for (endpoint, host, azure, ollama) in rows {
        let variables = [("AZURE_OPENAI_ENDPOINT", endpoint), ("AZURE_OPENAI_API_KEY", "k"), ("OLLAMA_HOST", host)];
        let settings = ok(text, &variables);
        let provider = |index: usize| &settings.models[index].provider;
        assert_eq!((provider(0).base_url.as_str(), provider(1).base_url.as_str()), (azure, ollama));
        assert_eq!(provider(0).headers, [("api-key".to_owned(), Secret::new("k"))]);
        assert_eq!(provider(0).key, None);
    }
}

#[test]
fn a_dialect_that_is_not_spoken_yet_is_named_with_a_way_round() {
    let env: Env = [("GEMINI_API_KEY", "k")].into_iter().collect();
    let outside = Outside { env: &env, key_command: &|_| Err(String::new()), dialects: &[Dialect::OpenaiChat] };
    let settings = resolve(None, &outside).unwrap();
    let (_, reason) = settings.unusable.iter().find(|(id, _)| id.as_str() == "gemini").unwrap();
    assert!(
        reason.starts_with("this version does not speak `gemini`: under [providers.gemini], set dialect"),
        "{reason}"
    );
}

#[test]
fn a_key_command_runs_once_and_only_for_a_file_that_is_sound() {
    let calls = RefCell::new(Vec::new());
    let env = Env::default();
    let run = |command: &str| {
        calls.borrow_mut().push(command.to_owned());
        Err("`api_key_command` failed".to_owned())
    };
    let outside = Outside { env: &env, key_command: &run, dialects: &Dialect::ALL };
    let text = "[providers.openai]\napi_key_command = \"pass openai\"\n";
    let settings = resolve(Some((Path::new("c.toml"), text)), &outside).unwrap();
    assert_eq!(*calls.borrow(), ["pass openai"]);
    assert_eq!(settings.unusable[0].1, "`api_key_command` failed");
    let broken = format!("{text}oops = 1");
    assert!(resolve(Some((Path::new("c.toml"), &broken)), &outside).is_err());
    assert_eq!(calls.borrow().len(), 1);
}

#[test]
fn no_key_shows_in_any_text() {
    let text = "[providers.openai]\nheaders = { Authorization = \"Bearer sk-secret\" }";
    let variables = [("OPENAI_API_KEY", "sk-secret"), ("XAI_API_KEY", "sk-secret\u{7}x")];
    let settings = ok(text, &variables);
    let mut shown = format!("{settings:?}");
    let env: Env = variables.into_iter().collect();
    write!(shown, "{env:?}").unwrap();
    assert!(!shown.contains("sk-secret"), "{shown}");
    assert!(shown.contains("the key from XAI_API_KEY holds a character that no key has"));
}

#[test]
fn choosing_an_ensemble_says_what_stands_in_the_way() {
    let settings = ok("", &[("OPENAI_API_KEY", "k")]);
    let choose = |ids: &[&str]| {
        let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
        settings.choose(&ids).map(|ids| ids.len())
    };
    assert_eq!(choose(&["gpt", " gpt-mini"]), Ok(2));
    assert_eq!(choose(&["gpt", "gpt"]), Err("`gpt` is named twice".to_owned()));
    assert_eq!(choose(&["gtp"]), Err("there is no model `gtp`; did you mean `gpt`?".to_owned()));
    assert_eq!(choose(&["claude"]), Err("`claude` cannot be asked: set ANTHROPIC_API_KEY".to_owned()));
    assert_eq!(choose(&[]), Err("an ensemble has 1 to 8 models, not 0".to_owned()));
}
