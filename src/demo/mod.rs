//! The embedded demo models: a server on a loopback port that speaks the wires that real providers speak.
//!
//! A demo runs through every part that a real provider does: requests, streams, limits, refusals, broken connections.
//! What is said comes from a [`Bank`]: the built-in one (`assets/demo/bank.jsonl`), or a file of Cases.
//!
//! The built-in bank adds one key, `demo`, to a Case and to its answers; it is ignored in other people's files:
//!
//! | where | key | meaning |
//! | --- | --- | --- |
//! | case | `hint` | a few words for the list of questions |
//! | case | `expect.agreement` | `high`, `mixed` (one of them is against) or `low`: what the engine has to find (read by tests only) |
//! | case | `expect.conflicts` | `{kind, sides}`: who is on which side, the larger first (read by tests only) |
//! | answer | `reasoning` | comes before the text, on the wire's own way for it |
//! | answer | `fault` | `{"limited": {"retry_after_s": 2}}`, `"refusal"`, `"cut"` or `"silence"` |

pub mod bank;
mod cast;
mod script;
mod server;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::demo::bank::{Bank, Origin};
use crate::demo::cast::{Voice, Wire};
use crate::demo::server::Stage;
use crate::domain::ids::ModelId;
use crate::domain::member::Member;
use crate::provider::endpoint::{Limits, Model, Options, Provider, Timeouts};

/// How many models are on at first with the built-in bank.
const N_ON_AT_FIRST: usize = 3;

/// How many models of a recorded case are on: as many as the screen takes.
const N_ON_FOR_CASE: usize = 5;

/// How long members that have not begun are waited for once enough have answered, at speed 1; a demo is watched.
const STRAGGLER: Duration = Duration::from_secs(4);

/// Longer than any answer of the bank takes to reach the straggler's rule, so that silence ends as late.
const FIRST_TOKEN: Duration = Duration::from_secs(20);

/// A running demo; dropping it closes the port, and replies under way end when their readers leave.
#[derive(Debug)]
pub struct Demo {
    /// Every demo model, in the order of the columns; none has a price, as nothing is bought.
    pub models: Vec<Arc<Model>>,
    /// Who is on at first.
    pub ensemble: Vec<ModelId>,
    /// What can be asked, in the order of the bank; with the built-in bank every model answers everything.
    pub questions: Vec<DemoQuestion>,
    /// How long members that have not begun are waited for once enough have answered; shorter than with real models.
    pub straggler: Duration,
    /// Where the server listens.
    pub address: SocketAddr,
    bank: Arc<Bank>,
    /// The server ends when this is dropped.
    _running: oneshot::Sender<()>,
}

/// A question that the demo models have an answer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoQuestion {
    /// The id of its case.
    pub id: Arc<str>,
    /// What to list and to send: the question, or the id of a case that has none of its own.
    pub question: Arc<str>,
    /// Who answers it, in the order of the case.
    pub models: Vec<ModelId>,
    /// What to expect, in a few words.
    pub hint: Arc<str>,
}

/// Starts the demo models on a free loopback port of this machine, on the current tokio runtime.
///
/// `speed` multiplies the pace of every reply; it is held between 0.01 and 1,000,000, and what is no number counts as 1.
///
/// # Errors
/// When no loopback port can be had.
pub async fn start(bank: Bank, speed: f64) -> io::Result<Demo> {
    let speed = if speed.is_nan() { 1.0 } else { speed.clamp(0.01, 1e6) };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let bank = Arc::new(bank);
    let (running, stopped) = oneshot::channel::<()>();
    let server = axum::serve(listener, server::router(Stage::new(bank.clone(), speed)));
    tokio::spawn(
        server
            .with_graceful_shutdown(async {
                // Nothing is ever sent: the sender's end is the signal.
                let _ = stopped.await;
            })
            .into_future(),
    );

    let wait = |usual: Duration| usual.div_f64(speed.clamp(0.01, 5.0));
    let timeouts = Timeouts { first_token: wait(FIRST_TOKEN), idle: wait(FIRST_TOKEN), whole: wait(10 * FIRST_TOKEN) };
    let questions = bank.cases.iter().map(|case| DemoQuestion {
        id: case.id.clone(),
        question: case.prompt.clone(),
        models: case.answers.iter().map(|answer| answer.model.clone()).collect(),
        hint: case.hint.clone(),
    });
    let mut demo = Demo {
        models: bank.voices.iter().map(|voice| Arc::new(model(voice, address, timeouts))).collect(),
        ensemble: bank.voices.iter().take(N_ON_AT_FIRST).map(|voice| voice.model.clone()).collect(),
        questions: questions.collect(),
        straggler: wait(STRAGGLER),
        address,
        bank,
        _running: running,
    };
    if let Some(ensemble) = demo.questions.first().and_then(|first| demo.ensemble_for(&first.question)) {
        demo.ensemble = ensemble;
    }
    Ok(demo)
}

impl Demo {
    /// Returns who answers `question` (its id or its exact text), or `None` for what is not in the bank.
    pub fn models_for(&self, question: &str) -> Option<Vec<ModelId>> {
        let case = self.bank.find(question)?;
        Some(case.answers.iter().map(|answer| answer.model.clone()).collect())
    }

    /// Returns the ensemble that picking `question` brings with it, at most five models.
    ///
    /// `None` means that the ensemble stays as it is: for what is not in the bank, and always with the built-in bank,
    /// whose models answer everything.
    pub fn ensemble_for(&self, question: &str) -> Option<Vec<ModelId>> {
        match self.bank.origin {
            Origin::BuiltIn => None,
            Origin::File => {
                let mut models = self.models_for(question)?;
                models.truncate(N_ON_FOR_CASE);
                Some(models)
            }
        }
    }
}

/// Returns the registry's entry for `voice`; each has a provider of its own, as a limit on one must not hold up others.
fn model(voice: &Voice, address: SocketAddr, timeouts: Timeouts) -> Model {
    let id: Arc<str> = Arc::from(format!("demo-{}", voice.model));
    let base_url = match voice.wire {
        Wire::Chat => format!("http://{address}/v1"),
        Wire::Messages => format!("http://{address}"),
    };
    let provider = Provider {
        id: id.clone(),
        dialect: voice.wire.dialect(),
        base_url,
        key: None,
        key_source: None,
        headers: vec![],
        ca_file: None,
        proxy: None,
        limits: Limits::default(),
        timeouts,
    };
    let member = Member {
        id: voice.model.clone(),
        provider: id,
        api_model: Arc::from(voice.model.as_str()),
        vendor: voice.vendor.clone(),
        reliability: voice.reliability,
        price: None,
        context_tokens: None,
        takes_images: Some(false),
    };
    Model {
        member: Arc::new(member),
        provider: Arc::new(provider),
        options: Options::default(),
        system: None,
        strengths: vec![],
        fallback: vec![],
    }
}
