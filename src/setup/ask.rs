//! Asks one question without the screen: who is asked, what, and by which settings; signals end it at once.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Context;
use futures_util::StreamExt;

use crate::cli::ask::AskArgs;
use crate::config::settings::Settings;
use crate::demo;
use crate::demo::bank::Bank;
use crate::dispatch::call::Dispatcher;
use crate::domain::budget::Budget;
use crate::domain::cost::Cost;
use crate::domain::ids::ModelId;
use crate::headless::ask::input::{Question, put_together, read_file, read_piped};
use crate::headless::ask::{self, Ask, Form, Telling};
use crate::net::http::Http;
use crate::net::transport::Transport;
use crate::provider::endpoint::{Model, Provider, Straggler, Timeouts};
use crate::recording::write::Recorder;
use crate::recording::{Header, Source};
use crate::round::plan::RoundSettings;
use crate::setup::{ASKED_BY_HAND, Usage, chosen, keeping, paths, process_env, settings_for};
use crate::shell::signals::signals;

/// How long standard input may be silent before a person is told what is waited for.
const SILENCE: Duration = Duration::from_secs(2);

/// Asks, and writes the result; returns the exit code, which is 128 and more after a signal.
pub(super) fn run(args: &AskArgs) -> anyhow::Result<u8> {
    let env = process_env();
    let paths = paths(args.config.as_deref(), &env)?;
    let settings = settings_for(&paths, &env, args.demo, args.timeout.unwrap_or(ASKED_BY_HAND))?;
    // Before anything is read: who has no model should not have to type a question first.
    let ensemble = if args.demo { Vec::new() } else { ensemble(args, &settings)? };
    let question = question(args).map_err(Usage)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("starting the threads that wait for answers")?;
    let args = args.clone();
    let code = runtime.block_on(async move {
        let mut signals = signals().context("listening for signals")?;
        // On a thread of its own: a reader that does not read must not keep a signal from being heard.
        let asked = tokio::spawn(async move {
            let (mut ask, _demo) = prepare(&args, &settings, ensemble, question).await?;
            ask.spent_today = keeping::spent_today(&settings, &paths);
            ask.sitting = keeping::of_programs(&settings, &paths, args.demo, args.incognito, complain);
            let sitting = ask.sitting.clone();
            ask.recorder = recorder(&args)?;
            let recorder = ask.recorder.clone();
            let dispatcher = Dispatcher::new(Transport::Http(Http::new()));
            let exit = ask::run(ask, dispatcher, &mut io::stdout(), &mut io::stderr()).await;
            if let Some(recorder) = recorder {
                recorder.flush();
            }
            if let Some(sitting) = sitting {
                sitting.end();
            }
            exit
        });
        tokio::select! {
            biased;
            Some(code) = signals.next() => Ok(code),
            exit = asked => exit.context("asking")?.map(|exit| exit as u8),
        }
    });
    // A reply that is still coming in is nobody's any more.
    runtime.shutdown_background();
    code
}

/// Begins to record the question, where it is wanted.
fn recorder(args: &AskArgs) -> Result<Option<Recorder>, Usage> {
    let Some(file) = &args.record else { return Ok(None) };
    let source = if args.demo { Source::Demo } else { Source::Providers };
    let begun = Recorder::begin(file, &Header::now(source), |what| complain(&what));
    begun.map(Some).map_err(|error| Usage(error.to_string()))
}

/// Tells what is wrong beside the result; that nobody listens there is no reason to stop.
fn complain(text: &str) {
    use std::io::Write;
    drop(writeln!(io::stderr(), "warning: {}", crate::consensus::plain::clean(text)));
}

/// Returns who is asked: those of the command line, else the ensemble of the settings.
fn ensemble(args: &AskArgs, settings: &Settings) -> Result<Vec<ModelId>, Usage> {
    if !args.models.is_empty() {
        return settings.choose(&args.models).map_err(Usage);
    }
    if settings.models.is_empty() {
        return Err(Usage(format!(
            "no model can be asked: {}; or try it with --demo",
            what_to_set(settings.unusable.iter().map(|(_, reason)| reason.as_str()))
        )));
    }
    if settings.ensemble.is_empty() {
        let why = settings.warnings.join("\n");
        return Err(Usage(format!("nobody of the ensemble can be asked:\n{why}\nname others with --models")));
    }
    Ok(settings.ensemble.clone())
}

/// Returns the reasons, each once; those that only want a key set are put together.
fn what_to_set<'a>(reasons: impl Iterator<Item = &'a str>) -> String {
    let (mut keys, mut others): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for reason in reasons {
        match reason.strip_prefix("set ") {
            Some(key) if !keys.contains(&key) => keys.push(key),
            None if !others.contains(&reason) => others.push(reason),
            Some(_) | None => {}
        }
    }
    let keys = if keys.is_empty() { None } else { Some(format!("set {}", keys.join(", or "))) };
    keys.iter().map(String::as_str).chain(others).collect::<Vec<_>>().join("; ")
}

/// Puts the question together from the command line, the files it names, and what is piped in.
fn question(args: &AskArgs) -> Result<Question, String> {
    let mut files = Vec::new();
    let time = args.timeout.unwrap_or(Timeouts::default().whole);
    for path in &args.files {
        read_file(path, time, &mut files).map_err(|error| error.to_string())?;
    }
    let piped = if io::stdin().is_terminal() { None } else { Some(piped(args.timeout)?) };
    put_together(args.prompt.as_deref(), piped, files).map_err(|error| error.to_string())
}

/// Reads standard input, for `time` where one is set. Where it is inherited and nobody ever closes it, a person is told
/// what is waited for.
fn piped(time: Option<Duration>) -> Result<String, String> {
    let (tx, rx) = channel();
    std::thread::spawn(move || tx.send(read_piped(io::stdin().lock())));
    let first = time.map_or(SILENCE, |time| time.min(SILENCE));
    let read = match rx.recv_timeout(first) {
        Err(RecvTimeoutError::Timeout) if time.is_some_and(|time| time <= SILENCE) => Err(RecvTimeoutError::Timeout),
        Err(RecvTimeoutError::Timeout) => {
            use std::io::Write;
            drop(writeln!(io::stderr(), "waiting for standard input to end; without any: `< /dev/null`"));
            match time {
                Some(time) => rx.recv_timeout(time.saturating_sub(SILENCE)),
                None => rx.recv().map_err(|_| RecvTimeoutError::Disconnected),
            }
        }
        other => other,
    };
    match read {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(RecvTimeoutError::Timeout) => {
            let time = time.unwrap_or_default().as_secs_f64();
            Err(format!("standard input did not end within {time} s; without any: `< /dev/null`"))
        }
        Err(RecvTimeoutError::Disconnected) => Err("standard input could not be read".to_owned()),
    }
}

/// Returns what is to be asked, and the demo that has to be kept while it runs.
async fn prepare(
    args: &AskArgs,
    settings: &Settings,
    ensemble: Vec<ModelId>,
    question: Question,
) -> anyhow::Result<(Ask, Option<demo::Demo>)> {
    let demo = if args.demo {
        let speed = args.demo_speed.unwrap_or(1.0);
        Some(demo::start(Bank::built_in()?, speed).await.context("opening a loopback port for the demo models")?)
    } else {
        None
    };
    let (known, ensemble, straggler) = match &demo {
        Some(demo) => (&demo.models, chosen(demo, &args.models)?, Straggler::same(demo.straggler)),
        None => (&settings.models, ensemble, settings.straggler),
    };
    let known: Vec<Arc<Model>> = known.iter().map(|model| in_time(model, args.timeout)).collect();
    let find = |id: &ModelId| known.iter().find(|model| model.member.id == *id).cloned();
    let is_watched = io::stderr().is_terminal();
    let ask = Ask {
        models: ensemble.iter().filter_map(find).collect(),
        registry: Arc::new(known.iter().map(|model| (model.member.id.clone(), Arc::clone(model))).collect()),
        question,
        system: args.system.as_deref().map(Arc::from),
        settings: RoundSettings {
            quorum: settings.quorum,
            straggler,
            flag_below: args.min_confidence.unwrap_or(settings.flag_below),
            flag: settings.flag,
            is_demo: demo.is_some(),
        },
        budget: Budget { turn: args.budget.or(settings.budget.turn), ..settings.budget },
        min_confidence: args.min_confidence,
        form: match (args.json, args.stream_json) {
            (_, true) => Form::StreamJson,
            (true, false) => Form::Json,
            (false, false) => Form::Text,
        },
        telling: match (args.quiet, is_watched) {
            (true, _) => Telling::Least,
            (false, true) => Telling::Watched,
            (false, false) => Telling::Usual,
        },
        spent_today: Cost::default(),
        sitting: None,
        recorder: None,
        warnings: if demo.is_some() { Vec::new() } else { settings.warnings.clone() },
    };
    Ok((ask, demo))
}

/// Returns the model with another limit on its whole answer, where one is wanted.
fn in_time(model: &Arc<Model>, whole: Option<Duration>) -> Arc<Model> {
    let Some(whole) = whole else { return Arc::clone(model) };
    let timeouts = Timeouts { whole, ..model.provider.timeouts };
    let provider = Arc::new(Provider { timeouts, ..Provider::clone(&model.provider) });
    Arc::new(Model { provider, ..Model::clone(model) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_set_is_named_once() {
        let reasons =
            ["set A_KEY", "set A_KEY", "set B_KEY or C_KEY", "`api_key_command` failed", "set B_KEY or C_KEY"];
        assert_eq!(what_to_set(reasons.into_iter()), "set A_KEY, or B_KEY or C_KEY; `api_key_command` failed");
    }
}
