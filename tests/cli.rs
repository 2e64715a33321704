//! The program as a script meets it: what it prints where, and with which exit code it ends.
#![expect(clippy::unwrap_used, reason = "a test that cannot run its program has nothing to say")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program with a home folder of its own, nothing else in its environment, and no terminal.
fn run(home: &Path, variables: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", home).envs(variables.iter().copied()).args(args).stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn init_path_and_check_speak_of_the_same_file() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".config/dissent/config.toml");
    let shown = file.display().to_string();
    assert_eq!(run(home.path(), &[], &["config", "path"]), (0, format!("{shown}\n"), String::new()));
    let keymap = file.with_file_name("keymap.toml").display().to_string();
    let wrote = format!("wrote {shown}\nwrote {keymap}\n");
    assert_eq!(run(home.path(), &[], &["config", "init"]), (0, wrote, String::new()));
    let (code, stdout, stderr) = run(home.path(), &[("ANTHROPIC_API_KEY", "sk-secret")], &["config", "check"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with(&format!("{shown}: no errors\n")), "{stdout}");
    assert!(stdout.contains("* claude ") && stdout.contains("key from ANTHROPIC_API_KEY"), "{stdout}");
    assert!(!stdout.contains("sk-secret"), "{stdout}");
    let again = run(home.path(), &[], &["config", "init"]);
    assert_eq!(again, (1, String::new(), format!("dissent: {shown} is there already; nothing was written\n")));
}

#[test]
fn the_written_config_changes_nothing_and_each_of_its_lines_is_understood() {
    let home = tempfile::tempdir().unwrap();
    let keys = [("OPENAI_API_KEY", "k"), ("ANTHROPIC_API_KEY", "k"), ("GEMINI_API_KEY", "k")];
    let check = || run(home.path(), &keys, &["config", "check"]);
    let past_first_line = |shown: &str| shown.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let without = check();
    assert_eq!(run(home.path(), &[], &["config", "init"]).0, 0);
    let with = check();
    assert_eq!((with.0, past_first_line(&with.1)), (0, past_first_line(&without.1)));

    let file = home.path().join(".config/dissent/config.toml");
    let written = fs::read_to_string(&file).unwrap();
    let setting =
        |line: &str| line.strip_prefix('#').filter(|it| it.starts_with(|c: char| c != ' ')).map(str::to_owned);
    let uncommented: Vec<_> = written.lines().map(|line| setting(line).unwrap_or_else(|| line.to_owned())).collect();
    fs::write(&file, uncommented.join("\n")).unwrap();
    let (code, stdout, stderr) = check();
    assert_eq!((code, stderr.as_str()), (0, ""));
    // The example's command for a key does not exist here, so `gpt` is left out and says why.
    assert!(stdout.contains("* claude ") && stdout.contains("qwen3-8b"), "{stdout}");
    assert!(stdout.contains("`gpt` is left out of the ensemble: `api_key_command` failed"), "{stdout}");
}

#[test]
fn check_names_who_can_be_asked_and_the_reason_for_the_rest() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("mine.toml");
    fs::write(&file, "quorum = 3\n[models.mine]\nprovider = \"vllm\"\nmodel = \"qwen3-8b\"\n").unwrap();
    let file = file.to_str().unwrap();
    let variables = [("PERPLEXITY_API_KEY", "sk-secret"), ("OLLAMA_HOST", "127.0.0.1:1")];
    let expected = "\
: no errors

can be asked (* at first)
  * mine         qwen3-8b   vllm, free
    sonar        sonar-pro  perplexity, key from PERPLEXITY_API_KEY, $3/$15 per million tokens
    sonar-small  sonar      perplexity, key from PERPLEXITY_API_KEY, $1/$1 per million tokens

cannot be asked
    gpt, gpt-mini, gpt-nano, gpt-5.5: set OPENAI_API_KEY
    claude, claude-sonnet, claude-haiku, claude-opus-4.8, claude-sonnet-5: set ANTHROPIC_API_KEY
    gemini, gemini-lite, gemini-flash: set GEMINI_API_KEY or GOOGLE_API_KEY
    grok, grok-reasoning, grok-4.3: set XAI_API_KEY
    mistral, mistral-medium, mistral-small: set MISTRAL_API_KEY
    deepseek, deepseek-flash: set DEEPSEEK_API_KEY
    gpt-oss: set GROQ_API_KEY
    openrouter-gpt, openrouter-claude, openrouter-gemini: set OPENROUTER_API_KEY
    ollama: OLLAMA_HOST is set, but ollama cannot be reached: Connection refused (os error 111); start its server or correct base_url

warnings
  OLLAMA_HOST is set, but ollama cannot be reached: Connection refused (os error 111); start its server or correct base_url
  `quorum` is 3, but the ensemble has 1: no answer can count as a consensus
";
    let found = run(home.path(), &variables, &["config", "check", "--config", file]);
    assert_eq!(found, (0, format!("{file}{expected}"), String::new()));
}

#[test]
fn check_says_plainly_that_nobody_can_be_asked() {
    let home = tempfile::tempdir().unwrap();
    let (code, stdout, _) = run(home.path(), &[], &["config", "check"]);
    let expected = format!(
        "no config file; `dissent config init` writes one to {}\n\nno model can be asked; the chat opens with the demo models\n",
        home.path().join(".config/dissent/config.toml").display()
    );
    assert_eq!(code, 0);
    assert!(stdout.starts_with(&expected), "{stdout}");
}

#[test]
fn check_names_what_of_keymap_and_themes_cannot_be_used_and_ends_with_2() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/dissent");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("keymap.toml");
    fs::write(&file, "\"ctrl-x c\" = \"consensus.cycel\"\n").unwrap();
    let (code, stdout, stderr) = run(home.path(), &[], &["config", "check"]);
    let told = format!(
        "keymap\n  {}:1: no action is called `consensus.cycel`; did you mean `consensus.cycle`?\n",
        file.display()
    );
    assert!(stdout.contains(&told), "{stdout}");
    assert_eq!(code, 2);
    assert!(stderr.contains("what is wrong with the keymap stands above"), "{stderr}");
    fs::remove_file(&file).unwrap();
    let themes = folder.join("themes");
    fs::create_dir_all(&themes).unwrap();
    fs::write(themes.join("dusk.toml"), "inherits = \"ink\"\n[ui]\nfocs = { bold = true }\n").unwrap();
    let (code, stdout, _) = run(home.path(), &[], &["config", "check"]);
    let told =
        format!("themes\n  {}:3: unknown key `focs`; did you mean `focus`?\n", themes.join("dusk.toml").display());
    assert!(stdout.contains(&told), "{stdout}");
    assert_eq!(code, 2);
    fs::write(folder.join("config.toml"), "theme = \"dusk\"\n").unwrap();
    let (code, _, stderr) = run(home.path(), &[], &["config", "check"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("no theme is called `dusk`"), "{stderr}");
    // The chat starts all the same.
    let (code, stdout, stderr) =
        run(home.path(), &[], &["chat", ANSWERED, "--demo", "--demo-speed", "1000", "--plain"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("no theme is called `dusk`") && stdout.contains("the usual one is shown"), "{stdout}");
    fs::write(themes.join("dusk.toml"), "[ui]\nfocus = { bold = true }\n").unwrap();
    assert_eq!(run(home.path(), &[], &["config", "check"]).0, 0);
}

#[test]
fn the_variable_and_the_option_name_another_file() {
    let home = tempfile::tempdir().unwrap();
    let path = |variables: &[(&str, &str)], args: &[&str]| run(home.path(), variables, args).1;
    assert_eq!(path(&[("XDG_CONFIG_HOME", "/x")], &["config", "path"]), "/x/dissent/config.toml\n");
    assert_eq!(path(&[("DISSENT_CONFIG", "/y/a.toml")], &["config", "path"]), "/y/a.toml\n");
    assert_eq!(path(&[("DISSENT_CONFIG", "/y/a.toml")], &["config", "path", "--config", "/z"]), "/z\n");
}

#[test]
fn an_error_in_the_config_ends_with_2_and_names_file_line_and_nearest_key() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("mine.toml");
    fs::write(&file, "version = 1\nensembel = [\"gpt\"]\n").unwrap();
    let file = file.to_str().unwrap();
    let expected = format!("dissent: {file}:2: unknown key `ensembel`; did you mean `ensemble`?\n");
    for args in [&["config", "check", "--config", file][..], &["--config", file], &["chat", "--demo", "--config", file]]
    {
        assert_eq!(run(home.path(), &[], args), (2, String::new(), expected.clone()), "{args:?}");
    }
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let home = tempfile::tempdir().unwrap();
    let (code, stdout, stderr) = run(home.path(), &[("DISSENT_CONFIG", "/none/a.toml")], &["config", "check"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.starts_with("dissent: cannot read /none/a.toml: "), "{stderr}");
    assert_eq!(run(home.path(), &[], &["config", "check"]).0, 0);
}

#[test]
fn usage_errors_end_with_2_and_leave_standard_output_alone() {
    let home = tempfile::tempdir().unwrap();
    let rows: [(&[&str], &str); 5] = [
        (&["comprae", "a"], "did you mean `compare`?"),
        (&["serve"], "`dissent serve` is not in this version"),
        (&["--nonsense"], "unexpected argument '--nonsense'"),
        (&["compare"], "required arguments"),
        (&["--models", "gpt"], "`gpt` cannot be asked: set OPENAI_API_KEY"),
    ];
    for (args, expected) in rows {
        let (code, stdout, stderr) = run(home.path(), &[], args);
        assert_eq!((code, stdout.as_str()), (2, ""), "{args:?}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn help_and_version_are_results() {
    let home = tempfile::tempdir().unwrap();
    let (code, stdout, stderr) = run(home.path(), &[], &["--help"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(
        ["chat", "ask", "compare", "config", "--demo-bank", "Exit codes"].iter().all(|it| stdout.contains(it)),
        "{stdout}"
    );
    let version = format!("dissent {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(home.path(), &[], &["--version"]), (0, version, String::new()));
}

#[cfg(unix)]
#[test]
fn a_key_command_that_fails_shows_nothing_of_what_it_said() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("mine.toml");
    fs::write(&file, "[providers.openai]\napi_key_command = \"echo sk-secret; echo sk-secret >&2; exit 3\"\n").unwrap();
    let (code, stdout, stderr) =
        run(home.path(), &[("PATH", "/usr/bin:/bin")], &["config", "check", "--config", file.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert!(
        stdout.contains("gpt, gpt-mini, gpt-nano, gpt-5.5: `api_key_command` failed with exit status: 3"),
        "{stdout}"
    );
    assert!(!stdout.contains("sk-secret") && !stderr.contains("sk-secret"), "{stdout}{stderr}");
}

/// A reader that takes nothing, like `head -0`, must not turn into a failure or a message.
#[cfg(unix)]
#[test]
fn a_broken_pipe_ends_quietly() {
    let home = tempfile::tempdir().unwrap();
    for args in [&["config", "check"][..], &["config", "path"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
        command.env_clear().env("HOME", home.path()).args(args).stdin(Stdio::null()).stdout(writer);
        let Output { status, stderr, .. } = command.output().unwrap();
        assert_eq!((status.code(), stderr.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
}

/// Returns a home with a config folder, and that folder.
#[cfg(unix)]
fn home_with_folder() -> (tempfile::TempDir, std::path::PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/dissent");
    fs::create_dir_all(folder.join("themes")).unwrap();
    (home, folder)
}

#[cfg(unix)]
fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A question of the demo's own.
const ANSWERED: &str = "Is a Python dict guaranteed to keep insertion order?";

/// A chat that asks the demo one question, in plain lines.
#[cfg(unix)]
const ASK_THE_DEMO: [&str; 6] = ["chat", ANSWERED, "--demo", "--demo-speed", "1000", "--plain"];

#[cfg(unix)]
#[test]
fn a_keymap_or_a_theme_that_never_begins_or_never_ends_keeps_nothing_from_starting() {
    let zero = |path: &Path| std::os::unix::fs::symlink("/dev/zero", path).unwrap();
    let nowhere = |path: &Path| fs::create_dir(path).unwrap();
    for (name, make, told) in [
        ("keymap.toml", &make_pipe as &dyn Fn(&Path), "could not be opened within 3 s"),
        ("themes/x.toml", &make_pipe, "could not be opened within 3 s"),
        ("keymap.toml", &zero, "is longer than 4 MiB"),
        ("themes/x.toml", &zero, "is longer than 4 MiB"),
        ("keymap.toml", &nowhere, "Is a directory"),
    ] {
        let (home, folder) = home_with_folder();
        make(&folder.join(name));
        let (code, stdout, stderr) = run(home.path(), &[], &ASK_THE_DEMO);
        assert_eq!(code, 0, "{name}: {stderr}");
        assert!(stdout.contains(told) && stdout.contains(name), "{name}: {stdout}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_sensible_file_is_refused_with_words() {
    let (home, folder) = home_with_folder();
    let at = |name: &str| folder.join(name).display().to_string();
    let (pipe, sparse, wide, link) = (at("pipe"), at("sparse"), at("wide.txt"), at("link.toml"));
    make_pipe(Path::new(&pipe));
    fs::File::create(&sparse).unwrap().set_len(5 << 30).unwrap();
    fs::write(&wide, b"\xff\xfeh\0i\0").unwrap();
    std::os::unix::fs::symlink("/none/of/this", &link).unwrap();
    let text = at("text.txt");
    fs::write(&text, "It landed in 1969.").unwrap();
    let rows: [(&[&str], i32, &str); 15] = [
        (&["config", "check", "--config", &pipe], 2, "could not be opened within 3 s"),
        (&["config", "check", "--config", "/dev/zero"], 2, "longer than 4 MiB"),
        (&["config", "check", "--config", &sparse], 2, "longer than 4 MiB"),
        (&["config", "check", "--config", &wide], 2, "it is UTF-16"),
        (&["config", "check", "--config", &link], 2, "a link that leads nowhere"),
        (&["compare", &text, &pipe], 1, "could not be opened within 3 s"),
        (&["compare", &text, "/dev/zero"], 1, "longer than 16 MiB"),
        (&["compare", &text, &sparse], 1, "longer than 16 MiB"),
        (&["compare", &text, &wide], 1, "it is UTF-16"),
        (&["compare", &text, "/"], 1, "can't read `/`"),
        (&["compare", "--jsonl", "/dev/zero"], 1, "no file of Cases"),
        (&["chat", "--demo-bank", "/dev/zero", "--plain"], 2, "longer than 256 MiB"),
        (&["chat", "--demo-bank", &pipe, "--plain"], 2, "could not be opened within 3 s"),
        (&["ask", "why?", "--demo", "--file", &pipe, "--timeout", "1s"], 2, "could not be opened within 1 s"),
        (&["ask", "why?", "--demo", "--file", "/dev/zero"], 2, "longer than 8 MiB"),
    ];
    for (args, expected, told) in rows {
        let (code, stdout, stderr) = run(home.path(), &[], args);
        assert_eq!((code, stdout.as_str()), (expected, ""), "{args:?}: {stderr}");
        assert!(stderr.contains(told), "{args:?}: {stderr}");
    }
}

#[test]
fn a_file_that_is_named_twice_is_two_answers_with_two_names() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("a.md");
    fs::write(&file, "It landed in 1969.").unwrap();
    let file = file.to_str().unwrap();
    let (code, stdout, stderr) = run(home.path(), &[], &["compare", file, file, "--json"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains(&format!("\"{file}\"")) && stdout.contains(&format!("\"{file}#2\"")), "{stdout}");
}

/// Controls from a config, a file's name and an answer: of C0, of C1, and what turns text around.
const HOSTILE: &str = "\u{1b}]0;x\u{7}\u{9b}31m\u{202e}";

#[test]
fn no_control_from_a_config_or_a_name_reaches_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("mine.toml");
    let escaped = "\\u001b]0;x\\u0007\\u009b31m\\u202e";
    let model = format!("[models.a]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"m{escaped}\"\n");
    let texts = [
        model.clone(),
        format!("ensemble = [\"{escaped}\"]\n"),
        format!("\"{escaped}\" = 1\n"),
        format!("[models.\"{escaped}\"]\nprovider = \"openai\"\n"),
        format!("theme = \"{escaped}\"\n"),
        format!("{model}[providers.x]\ndialect = \"{escaped}\"\n"),
    ];
    let answer = home.path().join("a.md");
    fs::write(&answer, format!("It landed in 1969{HOSTILE}.")).unwrap();
    let answer = answer.to_str().unwrap();
    let missing = format!("/none/{HOSTILE}");
    let config_file = config.to_str().unwrap();
    for text in texts {
        fs::write(&config, text).unwrap();
        for args in [
            &["config", "check", "--config", config_file][..],
            &["models", "--config", config_file],
            &["models", "--json", "--config", config_file],
            &["ask", "why?", "--demo", "--demo-speed", "1000", "--config", config_file],
            &["chat", "why?", "--demo", "--demo-speed", "1000", "--plain", "--config", config_file],
            &["doctor", "--config", config_file],
            &["ask", "why?", "--demo", "--file", &missing],
            &["compare", answer, &missing],
            &["compare", answer, answer, "--json"],
            &["compare", &missing, "--jsonl"],
            &[&missing],
        ] {
            let (_, stdout, stderr) = run(home.path(), &[], args);
            let raw = |text: &str| {
                text.chars().find(|it| HOSTILE.contains(*it) && !" -~".contains(*it) && !it.is_ascii_graphic())
            };
            assert_eq!((raw(&stdout), raw(&stderr)), (None, None), "{args:?}: {stdout}{stderr}");
        }
    }
}

#[test]
fn a_name_of_any_length_is_shown_as_far_as_it_helps() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("mine.toml");
    let long = "m".repeat(70_000);
    let by_name = format!("[models.a]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"{long}\"\n");
    let by_id = format!("[models.{long}]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"m\"\n");
    for text in [by_name, by_id] {
        fs::write(&config, text).unwrap();
        for command in [&["models"][..], &["config", "check"]] {
            let args = [command, &["--config", config.to_str().unwrap()]].concat();
            let (code, stdout, stderr) = run(home.path(), &[], &args);
            assert_eq!(code, 0, "{stderr}");
            assert!(stdout.contains("… (70000 characters)"), "{command:?}");
            assert!(stdout.lines().all(|line| line.len() < 1_000), "{command:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_key_command_that_hangs_ends_with_the_time_that_was_given() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("mine.toml");
    fs::write(&file, "[providers.openai]\napi_key_command = \"sleep 600\"\n").unwrap();
    let args = ["ask", "why?", "--models", "gpt", "--timeout", "1s", "--config", file.to_str().unwrap()];
    let (code, _, stderr) = run(home.path(), &[("PATH", "/usr/bin:/bin")], &args);
    assert_eq!(code, 2);
    assert!(stderr.contains("`api_key_command` did not end within 1 s"), "{stderr}");
}

/// Whether a program of the system is here; says so where it is not, as what it would have shown is not shown.
#[expect(clippy::print_stderr, reason = "what was not checked is told where the tests are read")]
fn is_here(program: &str) -> bool {
    let is_here = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !is_here {
        eprintln!("NOT CHECKED: `{program}` is not installed here, so nothing is known of what it makes of our files");
    }
    is_here
}

#[test]
fn each_shell_that_is_here_parses_its_completions() {
    let home = tempfile::tempdir().unwrap();
    for (shell, program) in
        [("bash", "bash"), ("zsh", "zsh"), ("fish", "fish"), ("nushell", "nu"), ("powershell", "pwsh")]
    {
        let (code, script, stderr) = run(home.path(), &[], &["completions", shell]);
        assert_eq!((code, stderr.as_str()), (0, ""), "{shell}");
        assert!(script.contains("sessions") && script.contains("incognito"), "{shell}");
        let file = home.path().join(shell);
        fs::write(&file, &script).unwrap();
        let check: &[&str] = match program {
            "nu" => &["--ide-check", "10"],
            "pwsh" => &["-NoProfile", "-File"],
            _ => &["-n"],
        };
        if is_here(program) {
            let output = Command::new(program).args(check).arg(&file).env("HOME", home.path()).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
        }
    }
    assert_eq!(run(home.path(), &[], &["completions", "tcsh"]).0, 2);
}

#[test]
fn every_manual_page_is_set_without_a_warning() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("man/man1");
    let (code, stdout, stderr) = run(home.path(), &[], &["man", "--all", folder.to_str().unwrap()]);
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (0, "", ""));
    let pages: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(pages.len() > 15, "{pages:?}");
    let (code, ask, _) = run(home.path(), &[], &["man", "ask"]);
    assert_eq!((code, ask), (0, fs::read_to_string(folder.join("dissent-ask.1")).unwrap()));
    if is_here("groff") {
        for page in &pages {
            let output = Command::new("groff").args(["-man", "-ww", "-z"]).arg(page).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{}: {output:?}", page.display());
        }
    }
    let (code, _, stderr) = run(home.path(), &[], &["man", "aks"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("`aks`") && stderr.contains("`ask`"), "{stderr}");
}
