//! What a config and an environment come to: who can be asked, who is asked, and how.

use std::cell::RefCell;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::config::env::Env;
use crate::config::resolve::{Outside, resolve};
use crate::config::settings::{Glyphs, Route};
use crate::config::tests::{ensemble, ok};
use crate::domain::kind::Kind;
use crate::domain::verdict::Flagging;
use crate::provider::address::asking;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Limits, Secret};

const LOCAL: &str = "[providers.mock]\ndialect = \"openai-chat\"\nbase_url = \"http://127.0.0.1:9/v1\"\n";

/// A file with every key that there is.
const EVERY_KEY: &str = r#"
version = 1
ensemble = ["gpt", "claude"]
quorum = 2
flag_below = 0.6
flag = "any"
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
motion = "none"
notify = "bell"
title = true
blind = true

[store]
history = "off"
retention = "90d"

[context]
after_off = "skip"
own_history = false
probe_local = false
"#;

#[test]
fn a_file_with_every_key_is_read() {
    let settings = ok(EVERY_KEY, &[("ANTHROPIC_API_KEY", "k")]);
    assert_eq!(ensemble(&settings), "gpt claude");
    assert_eq!((settings.quorum, settings.flag_below, settings.route), (2, 0.6, Route::Kind(Kind::Code)));
    assert_eq!(settings.flag, Flagging::Any);
    assert_eq!(settings.straggler.usual, Duration::from_millis(300));
    assert_eq!((settings.ui.glyphs, settings.ui.blind), (Glyphs::Ascii, true));
    assert_eq!(settings.history, crate::config::settings::History::Off);
    let gpt = &settings.models[0];
    assert_eq!((gpt.member.reliability, gpt.member.price.as_ref().unwrap().input), (0.94, 2.0));
    assert_eq!(gpt.options.max_output_tokens, Some(4096));
    let provider = &gpt.provider;
    assert_eq!(provider.dialect, Dialect::OpenaiResponses);
    assert_eq!(provider.base_url, "https://gateway.example/openai/v1?api-version=2026-01-01");
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
    assert_eq!(settings.retention, Some(Duration::from_hours(90 * 24)));
}

#[test]
fn a_version_goes_where_the_dialect_has_it() {
    let url = |dialect: &str| {
        let text = format!(
            "[providers.p]\ndialect = \"{dialect}\"\nbase_url = \"https://a.example/x\"\napi_version = \"v1\"\n\
             [models.m]\nprovider = \"p\"\nmodel = \"m\""
        );
        let provider = Arc::clone(&ok(&text, &[]).model(&"m".into()).unwrap().provider);
        let headers: Vec<String> =
            provider.headers.iter().map(|(name, value)| format!("{name}: {}", value.reveal())).collect();
        (asking(&provider, "m"), headers)
    };
    let none = Vec::<String>::new;
    assert_eq!(url("openai-chat"), ("https://a.example/x/chat/completions?api-version=v1".to_owned(), none()));
    assert_eq!(url("openai-responses"), ("https://a.example/x/responses?api-version=v1".to_owned(), none()));
    assert_eq!(
        url("anthropic"),
        ("https://a.example/x/v1/messages".to_owned(), vec!["anthropic-version: v1".to_owned()])
    );
    assert_eq!(url("gemini"), ("https://a.example/x/v1/models/m:streamGenerateContent?alt=sse".to_owned(), none()));
}

#[test]
fn what_runs_on_the_persons_own_machines_costs_nothing_unless_they_say_so() {
    let priced = "[models.b]\nprovider = \"ollama\"\nmodel = \"x\"\nprice = { input = 1, output = 2 }\n";
    let text = format!(
        "[models.a]\nprovider = \"ollama\"\nmodel = \"x\"\n{priced}{LOCAL}[models.c]\nprovider = \"mock\"\nmodel = \"x\""
    );
    let settings = ok(&text, &[("OLLAMA_HOST", "localhost")]);
    let price = |id: &str| settings.model(&id.into()).unwrap().member.price.clone();
    assert!(price("a").unwrap().is_free());
    assert_eq!(price("b").unwrap().output, 2.0);
    assert_eq!(price("c"), None, "a server at a loopback address may pass questions on to anyone");
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
        let outside = Outside { env: &env, key_command: &|_| Err(String::new()), listed: &[], dialects: &Dialect::ALL };
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
fn standing_instructions_are_a_models_own_or_else_those_for_all() {
    let text = "system = \"be brief\"\n[models.gpt]\nsystem = \"sing\"";
    let settings = ok(text, &[("OPENAI_API_KEY", "k")]);
    let system = |id: &str| settings.model(&id.into()).unwrap().system.clone();
    assert_eq!((system("gpt").as_deref(), system("gpt-mini").as_deref()), (Some("sing"), Some("be brief")));
}

#[test]
fn context_and_eyes_come_from_the_catalog_unless_it_runs_here() {
    let text = "[models.ds]\nprovider = \"deepseek\"\nmodel = \"deepseek-v4-pro\"";
    let known = |text: &str| {
        let settings = ok(text, &[("DEEPSEEK_API_KEY", "k")]);
        (settings.models[0].member.context_tokens, settings.models[0].member.takes_images)
    };
    assert_eq!(known(text), (Some(1_000_000), Some(false)));
    assert_eq!(known(&format!("{text}\nbase_url = \"http://127.0.0.1:9000/v1\"")), (None, None));
}

#[test]
fn waiting_times_follow_the_place_and_the_effort() {
    let text = "[models.local]\nprovider = \"vllm\"\nmodel = \"x\"\n[models.gpt.options]\nreasoning_effort = \"high\"";
    let settings = ok(text, &[("OPENAI_API_KEY", "k")]);
    let rows = [("local", 300, 10), ("gpt", 900, 120), ("gpt-mini", 60, 10)];
    for (id, first_token, straggler) in rows {
        let model = settings.model(&id.into()).unwrap();
        assert_eq!(model.provider.timeouts.first_token, Duration::from_secs(first_token), "{id}");
        assert_eq!(settings.straggler.wait_for(model), Duration::from_secs(straggler), "{id}");
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
fn a_dialect_that_is_not_spoken_yet_is_gone_round_or_refused() {
    let env: Env = [("GEMINI_API_KEY", "k"), ("ANTHROPIC_API_KEY", "k")].into_iter().collect();
    let outside =
        Outside { env: &env, key_command: &|_| Err(String::new()), listed: &[], dialects: &[Dialect::OpenaiChat] };
    let text = "[models.llama]\nprovider = \"ollama\"\nmodel = \"llama3.2\"\n\
                [models.own]\nprovider = \"ollama\"\nmodel = \"x\"\nbase_url = \"http://box:1\"\n";
    let settings = resolve(Some((Path::new("c.toml"), text)), &outside).unwrap();
    let address = |id: &str| settings.model(&id.into()).map(|model| model.provider.base_url.as_str());
    assert_eq!(address("gemini"), Some("https://generativelanguage.googleapis.com/v1beta/openai"));
    assert_eq!(address("llama"), Some("http://127.0.0.1:11434/v1"));
    let reason =
        |id: &str| settings.unusable.iter().find(|(it, _)| it.as_str() == id).map(|(_, reason)| reason.as_str());
    assert_eq!(reason("own"), Some("this version does not speak `ollama`"));
    assert_eq!(reason("claude"), Some("this version does not speak `anthropic`"));
    let notes = [
        "`ollama` is asked as `openai-chat`: this version does not speak `ollama`",
        "`gemini` is asked as `openai-chat`: this version does not speak `gemini`",
    ];
    assert_eq!(settings.notes, notes);
}

#[test]
fn a_key_command_runs_once_and_only_for_a_file_that_is_sound() {
    let calls = RefCell::new(Vec::new());
    let env = Env::default();
    let run = |command: &str| {
        calls.borrow_mut().push(command.to_owned());
        Err("`api_key_command` failed".to_owned())
    };
    let outside = Outside { env: &env, key_command: &run, listed: &[], dialects: &Dialect::ALL };
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

#[test]
fn an_address_beside_the_key_is_followed_and_told_or_refused() {
    let rows = [
        ("OPENAI_BASE_URL", "OPENAI_API_KEY", "http://127.0.0.1:9/v1", "gpt"),
        ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "https://gateway.example/anthropic", "claude"),
        ("GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY", "https://gateway.example", "gemini"),
    ];
    for (name, key, address, id) in rows {
        let settings = ok("", &[(name, address), (key, "k")]);
        let model = settings.model(&id.into()).unwrap();
        assert_eq!(model.provider.base_url, address);
        let told = format!("the key from {key} goes to {address}, not to ");
        assert!(settings.notes.iter().any(|note| note.starts_with(&told)), "{:?}", settings.notes);
        for (wrong, why) in [
            ("localhost:9", "must begin with http:// or https://"),
            ("http://me:planted@a.example", "must not hold a key or a password"),
            ("http://:9", "names no host"),
        ] {
            let settings = ok("", &[(name, wrong), (key, "k")]);
            let (_, reason) = settings.unusable.iter().find(|(unusable, _)| unusable.as_str() == id).unwrap();
            assert_eq!(*reason, format!("the address in {name} {why}"));
        }
    }
    assert_eq!(ok("", &[("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", "https://api.openai.com/v1")]).notes, [""; 0]);
}

#[test]
fn the_address_of_ollama_is_read_as_ollama_reads_it() {
    let rows = [
        ("box", "http://box:11434"),
        ("box:1234", "http://box:1234"),
        (":1234", "http://127.0.0.1:1234"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:1234", "http://127.0.0.1:1234"),
        ("[::]:1234", "http://[::1]:1234"),
        ("::1", "http://[::1]:11434"),
        ("[fe80::2]", "http://[fe80::2]:11434"),
        ("http://box", "http://box"),
        ("http://box:11434/", "http://box:11434"),
        ("https://box/ollama", "https://box/ollama"),
        (" box ", "http://box:11434"),
    ];
    for (host, expected) in rows {
        let settings = ok("[models.o]\nprovider = \"ollama\"\nmodel = \"x\"\n", &[("OLLAMA_HOST", host)]);
        assert_eq!(settings.models[0].provider.base_url, expected, "{host}");
    }
}

#[test]
fn what_an_ollama_lists_is_in_the_registry_and_why_it_lists_nothing_is_told() {
    let env: Env = [("OLLAMA_HOST", "box")].into_iter().collect();
    let check = |text: &str, listed: Result<Vec<String>, String>| {
        let listed = [("ollama".to_owned(), listed)];
        let key_command = |_: &str| Err(String::new());
        let outside = Outside { env: &env, key_command: &key_command, listed: &listed, dialects: &Dialect::ALL };
        resolve(Some((Path::new("c.toml"), text)), &outside).unwrap()
    };
    let names = ["qwen3:8b", "gpt", "nomic-embed-text", "a\u{1b}b", "mine"].map(str::to_owned).to_vec();
    let settings = check("[models.mine]\nprovider = \"ollama\"\nmodel = \"x\"\n", Ok(names));
    let ids: Vec<&str> = settings.models.iter().map(|model| model.member.id.as_str()).collect();
    assert_eq!(ids, ["mine", "qwen3:8b", "ollama/gpt", "ollama/mine"]);
    let settings = check("", Err("nothing answers".to_owned()));
    assert_eq!(settings.unusable.last(), Some(&("ollama".into(), "nothing answers".to_owned())));
}

#[test]
fn a_model_that_was_written_down_and_cannot_be_asked_is_told() {
    let text = "[models.mine]\nprovider = \"openai-compatible\"\nmodel = \"x\"\n";
    let settings = ok(text, &[]);
    assert_eq!(
        settings.warnings,
        ["`mine` of the config cannot be asked: `providers.openai-compatible` needs `base_url`"]
    );
}

#[test]
fn every_variable_that_holds_a_key_is_known() {
    let text = format!(
        "{LOCAL}api_key_env = \"HOUSE\"\n[models.m]\nprovider = \"mock\"\nmodel = \"x\"\napi_key_env = \"OWN\"\n"
    );
    let names = ok(&text, &[("HOUSE", "k"), ("OWN", "k")]).key_variables;
    for name in ["HOUSE", "OWN", "OPENAI_API_KEY", "GOOGLE_API_KEY"] {
        assert!(names.iter().any(|known| known == name), "{name} is not in {names:?}");
    }
}
