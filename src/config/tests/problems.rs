//! What is refused, and in which words.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::config::tests::{read, refused};

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
    refused("flag = \"all\"", "c.toml:1: `flag` must be \"graded\" or \"any\"");
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
        "[ui]\nnotify = \"bel\"",
        "c.toml:2: `ui.notify` is one of `auto`, `bell`, `off`, not `bel`; did you mean `bell`?",
    );
    refused(
        "[ui]\nlayout = \"tab\"",
        "c.toml:2: `ui.layout` is one of `auto`, `columns`, `tabs`, not `tab`; did you mean `tabs`?",
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
fn lines_are_counted_past_windows_line_ends_and_wide_letters() {
    refused(
        "\u{feff}version = 1\r\n# ŵïdé 漢字\r\nqorum = 2\r\n",
        "c.toml:3: unknown key `qorum`; did you mean `quorum`?",
    );
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_reader(
        keys in proptest::collection::vec("(ensemble|providers|models|ui|timeout|price|[a-z]{1,3}|\"ä b\")", 1..3),
        value in "(\"[a-zä]{0,4}\"|-?[0-9]{1,12}|0x[0-9a-f]{1,20}|1e999|nan|true|\\[1, \"a\"\\]|\\{ a = 1 \\}|1979-05-27|.{0,6})",
    ) {
        let text = format!("{} = {value}\n", keys.join("."));
        if let Err(message) = read(&text, &[]) {
            prop_assert!(message.starts_with("c.toml:"), "{message}");
        }
    }
}
