//! `dissent ask`: one question to the ensemble without a screen; the answer on one stream, what it rests on on the other.

pub mod ending;
mod events;
pub mod input;
pub(super) mod progress;
pub(super) mod text;

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use tokio::sync::mpsc::unbounded_channel;

use crate::consensus::plain::clean;
use crate::dispatch::call::Dispatcher;
use crate::domain::budget::Budget;
use crate::domain::conversation::{Talk, Told};
use crate::domain::cost::Cost;
use crate::domain::ids::{Column, ModelId, TurnId};
use crate::domain::member::Member;
use crate::domain::tokens;
use crate::domain::turn::Turn;
use crate::domain::verdict::Verdict;
use crate::edge::clock;
use crate::headless::ask::input::Question;
use crate::headless::exit::Exit;
use crate::headless::json;
use crate::provider::endpoint::Model;
use crate::recording::write::Recorder;
use crate::round::drive::Round;
use crate::round::keeping::kept;
use crate::round::plan::{Plan, RoundEvent, RoundSettings};
use crate::store::sitting::Sitting;

/// One question and all that is needed to ask it.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Who is asked, in order.
    pub models: Vec<Arc<Model>>,
    /// Everyone who can be reached: stand-ins come from here.
    pub registry: Arc<HashMap<ModelId, Arc<Model>>>,
    /// What is asked.
    pub question: Question,
    /// Standing instructions; they take the place of those in the config.
    pub system: Option<Arc<str>>,
    /// The rest of what a turn needs.
    pub settings: RoundSettings,
    /// What it may cost.
    pub budget: Budget,
    /// What was spent today before.
    pub spent_today: Cost,
    /// Where it is written down, if it is.
    pub sitting: Option<Sitting>,
    /// Where it is recorded, if it is.
    pub recorder: Option<Recorder>,
    /// Under which confidence the answer is flagged and the exit code says so; `None` leaves the code alone.
    pub min_confidence: Option<f64>,
    /// How the result is written.
    pub form: Form,
    /// How much is told beside it.
    pub telling: Telling,
    /// What is odd about the settings.
    pub warnings: Vec<String>,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The answer as text.
    Text,
    /// One Verdict as JSON.
    Json,
    /// What happens as JSON, one event a line, the Verdict last.
    StreamJson,
}

/// How much is told beside the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// The verdict, flags, warnings and failures.
    Least,
    /// Also who is asked.
    Usual,
    /// Also what happens meanwhile: a person is watching.
    Watched,
}

/// Asks, and writes the result to `out` and what it rests on to `err`; returns how it ended. Dropping the future drops
/// every connection.
///
/// # Errors
/// When the result can't be written. What is told beside it may be lost.
pub async fn run(
    ask: Ask,
    dispatcher: Dispatcher,
    out: &mut (dyn Write + Send),
    err: &mut (dyn Write + Send),
) -> anyhow::Result<Exit> {
    let mut err = Aside(err);
    for warning in &ask.warnings {
        err.say(&format!("warning: {}", clean(warning)));
    }
    let expected = ask.expected();
    if !ask.settings.is_demo {
        if let Some(over) = ask.budget.check(Cost::default(), ask.spent_today, expected) {
            err.say(&format!("{over}; nothing was sent"));
            return Ok(Exit::BudgetRefused);
        }
        if expected.is_partial && ask.budget != Budget::default() {
            err.say(&format!("warning: {}", ask.uncounted()));
        }
    }
    if ask.telling != Telling::Least {
        err.say(&progress::opening(&ask.members(), expected, ask.settings.is_demo));
    }
    if ask.form == Form::StreamJson {
        let line = events::opening(&ask.question.question, &ask.members(), expected)?;
        write(out, &line)?;
    }
    let (verdict, turn) = follow(&ask, dispatcher, out, &mut err).await?;
    match ask.form {
        Form::Text => write(out, &text::answer(&verdict))?,
        Form::Json => {
            let json = json::line(&verdict).context("writing the verdict")?;
            write(out, &format!("{json}\n"))?;
        }
        // It was the last of the events.
        Form::StreamJson => {}
    }
    for line in text::below(&verdict, turn.cost()) {
        err.say(&line);
    }
    if let Some(why) = ending::why_unmet(&verdict, ask.min_confidence) {
        err.say(&why);
    }
    Ok(ending::exit_of(&verdict, ask.min_confidence))
}

/// Asks everyone and tells what happens until there is a verdict. Whoever is late then is not waited for.
async fn follow(
    ask: &Ask,
    dispatcher: Dispatcher,
    out: &mut (dyn Write + Send),
    err: &mut Aside<'_>,
) -> anyhow::Result<(Verdict, Turn)> {
    let now = clock::now();
    let members = ask.models.iter().map(|model| Arc::clone(&model.member));
    let mut turn = Turn::new(TurnId(1), &ask.question.question, members, now);
    let (tx, mut rx) = unbounded_channel();
    let plan = ask.plan();
    let tx = kept(ask.sitting.as_ref(), ask.recorder.as_ref(), &plan, tx);
    let round = Round::start(plan, dispatcher, tx);
    while let Some(event) = rx.recv().await {
        if let RoundEvent::Stream(event) = &event {
            turn.apply(event);
            if ask.telling == Telling::Watched
                && let Some(line) = progress::line(event, &turn)
            {
                err.say(&line);
            }
        }
        if ask.form == Form::StreamJson
            && let Some(line) = events::of(&event, &turn)?
        {
            write(out, &line)?;
        }
        if let RoundEvent::Verdict(_, verdict) = event {
            drop(round);
            return Ok((*verdict, turn));
        }
    }
    anyhow::bail!("the question broke off without a verdict; this is a fault of dissent")
}

/// Returns about what a question will cost.
pub(super) fn expected(models: &[Arc<Model>], talk: &Talk) -> Cost {
    let expected = |model: &Arc<Model>| {
        let limit = model.options.max_output_tokens;
        match talk.told(&model.member, model.system.as_ref(), limit) {
            Told::Asked { prompt, .. } => {
                let cap = limit.map_or(tokens::USUAL_ANSWER, u64::from);
                Cost::expected(&model.member, &prompt, cap.min(tokens::USUAL_ANSWER))
            }
            Told::LeftOut(_) => Cost::default(),
        }
    };
    models.iter().map(expected).sum()
}

impl Ask {
    fn members(&self) -> Vec<&Member> {
        self.models.iter().map(|model| &*model.member).collect()
    }

    /// Returns the question with all that goes along with it.
    fn talk(&self) -> Talk {
        let Question { question, files } = &self.question;
        Talk { system: self.system.clone(), files: files.clone(), ..Talk::question(question) }
    }

    /// Returns about what the question will cost; nothing in the demo, where nothing is bought.
    fn expected(&self) -> Cost {
        if self.settings.is_demo {
            return Cost::default();
        }
        expected(&self.models, &self.talk())
    }

    /// Returns what of the cost no budget can count beforehand.
    fn uncounted(&self) -> String {
        let unpriced = self.models.iter().filter(|model| model.member.price.is_none());
        let unpriced: Vec<&str> = unpriced.map(|model| model.member.id.as_str()).collect();
        if unpriced.is_empty() {
            return "what an image costs is known only afterwards: the question may cost more than the budget"
                .to_owned();
        }
        format!("no price is known for {}: the budget counts only the others", unpriced.join(", "))
    }

    fn plan(&self) -> Plan {
        Plan {
            turn: TurnId(1),
            talk: Arc::new(self.talk()),
            asks: (0..self.models.len()).map(Column::at).collect(),
            models: self.models.clone(),
            registry: Arc::clone(&self.registry),
            settings: self.settings.clone(),
        }
    }
}

/// Writes and sends off: a reader of events wants each as it happens.
fn write(out: &mut (dyn Write + Send), text: &str) -> anyhow::Result<()> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("writing the result")
}

/// Where things are told beside the result. That nobody listens there is no reason to stop.
struct Aside<'a>(&'a mut (dyn Write + Send));

impl Aside<'_> {
    fn say(&mut self, line: &str) {
        drop(writeln!(self.0, "{line}"));
    }
}
