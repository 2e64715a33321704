//! The chat in plain lines, for screen readers, pipes and slow connections: nothing is ever written over, and nothing
//! but words is needed to follow it.

mod commands;
mod paragraphs;

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::consensus::plain::{clean, clean_lines};
use crate::consensus::report::Report;
use crate::dispatch::call::Dispatcher;
use crate::domain::budget::Budget;
use crate::domain::conversation::{Past, Rules, Talk};
use crate::domain::cost::Cost;
use crate::domain::ids::{Column, ModelId, TurnId};
use crate::domain::response::{Response, State};
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::domain::turn::Turn;
use crate::domain::verdict::Verdict;
use crate::edge::clock::now;
use crate::headless::ask::{expected, progress};
use crate::headless::compare::text;
use crate::headless::exit::Exit;
use crate::headless::plain::commands::{Done, Line};
use crate::headless::plain::paragraphs::Paragraphs;
use crate::provider::endpoint::Model;
use crate::recording::write::Recorder;
use crate::round::drive::Round;
use crate::round::keeping::kept;
use crate::round::plan::{Plan, RoundEvent, RoundSettings};
use crate::store::sitting::Sitting;

/// How long nothing is printed before a line says who is still writing.
const QUIET: Duration = Duration::from_secs(10);

/// A chat and all that it needs.
#[derive(Clone, Debug)]
pub struct PlainChat {
    /// Who is asked, in the order of the letters.
    pub models: Vec<Arc<Model>>,
    /// The most that are asked at once.
    pub most_on: usize,
    /// Everyone who can be reached: stand-ins come from here.
    pub registry: Arc<HashMap<ModelId, Arc<Model>>>,
    /// How turns are run.
    pub settings: RoundSettings,
    /// What each model is told of earlier turns.
    pub rules: Rules,
    /// What may be spent.
    pub budget: Budget,
    /// What was spent today before.
    pub spent_today: Cost,
    /// Where it is written down, if it is.
    pub sitting: Option<Sitting>,
    /// Where it is recorded, if it is.
    pub recorder: Option<Recorder>,
    /// What is said first.
    pub opening: Vec<String>,
    /// A question to be asked before any is read.
    pub prompt: Option<String>,
    /// Whether a person types the questions, and is told when the next one can come.
    pub is_typed: bool,
    /// What it goes on with, oldest first.
    pub earlier: Vec<Past>,
}

/// Answers `questions`, one after the other, until there are no more or one of them is `/quit`; returns how the last
/// turn ended. Empty lines are passed over; what begins with a slash is a command, and sent to nobody.
///
/// # Errors
/// When nothing can be written any more.
pub async fn run(
    chat: &PlainChat,
    dispatcher: &Dispatcher,
    mut questions: UnboundedReceiver<String>,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<Exit> {
    for line in &chat.opening {
        writeln!(out, "{}", clean(line))?;
    }
    writeln!(out, "{}", commands::seats(&chat.models))?;
    let mut chat = chat.clone();
    let mut earlier = chat.earlier.clone();
    let mut spent = Cost::default();
    let mut exit = Exit::Usage;
    let mut prompt = chat.prompt.clone();
    loop {
        let question = if let Some(question) = prompt.take() {
            question
        } else {
            if chat.is_typed {
                write!(out, "\nyou: ")?;
                out.flush()?;
            }
            let Some(line) = questions.recv().await else { return Ok(exit) };
            line
        };
        match commands::read(&question) {
            Line::Nothing => {}
            Line::Command(command) => match commands::run(command, &mut chat) {
                Done::Leave => return Ok(exit),
                Done::Say(said) => writeln!(out, "{said}")?,
            },
            Line::Question(question) => {
                let talk = Talk { earlier: earlier.clone(), rules: chat.rules, ..Talk::question(question) };
                if !chat.settings.is_demo
                    && let Some(over) = chat.budget.check(spent, chat.spent_today, expected(&chat.models, &talk))
                {
                    writeln!(out, "\n({over}; nothing was sent)")?;
                    exit = Exit::BudgetRefused;
                    continue;
                }
                let mut telling = Telling::new(
                    &chat,
                    TurnId(u32::try_from(earlier.len()).unwrap_or(u32::MAX - 1) + 1),
                    question,
                    out,
                );
                let verdict = telling.follow(&chat, talk, dispatcher).await?;
                spent = [spent, telling.turn.cost()].into_iter().sum();
                earlier.push(Past::of(&telling.turn, Some(&verdict)));
                exit = if verdict.answered == 0 { Exit::NobodyAnswered } else { Exit::Answered };
            }
        }
    }
}

/// One turn while it is told.
struct Telling<'a> {
    turn: Turn,
    voices: Vec<Paragraphs>,
    last_line: Instant,
    out: &'a mut (dyn Write + Send),
}

impl<'a> Telling<'a> {
    fn new(chat: &PlainChat, id: TurnId, question: &str, out: &'a mut (dyn Write + Send)) -> Self {
        let members = chat.models.iter().map(|model| Arc::clone(&model.member));
        let turn = Turn::new(id, question, members, now());
        Self { turn, voices: chat.models.iter().map(|_| Paragraphs::default()).collect(), last_line: now(), out }
    }

    /// Asks everyone, and tells what they say until there is a verdict. Whoever is late then is not waited for.
    async fn follow(&mut self, chat: &PlainChat, talk: Talk, dispatcher: &Dispatcher) -> anyhow::Result<Verdict> {
        let (tx, mut rx) = unbounded_channel();
        let plan = Plan {
            turn: self.turn.id,
            talk: Arc::new(talk),
            asks: (0..chat.models.len()).map(Column::at).collect(),
            models: chat.models.clone(),
            registry: Arc::clone(&chat.registry),
            settings: chat.settings.clone(),
        };
        let tx = kept(chat.sitting.as_ref(), chat.recorder.as_ref(), &plan, tx);
        let _round = Round::start(plan, dispatcher.clone(), tx);
        let mut report = Arc::new(Report::default());
        loop {
            let quiet_until = self.last_line + QUIET;
            tokio::select! {
                biased;
                event = rx.recv() => match event {
                    Some(RoundEvent::Stream(event)) => self.take(&event)?,
                    Some(RoundEvent::Report(_, read)) => report = read.report,
                    Some(RoundEvent::Verdict(_, verdict)) => {
                        self.end(&verdict, &report)?;
                        return Ok(*verdict);
                    }
                    None => anyhow::bail!("the question broke off without a verdict; this is a fault of dissent"),
                },
                () = tokio::time::sleep_until(quiet_until.into()) => self.say_who_writes()?,
            }
        }
    }

    fn take(&mut self, event: &StreamEvent) -> anyhow::Result<()> {
        self.turn.apply(event);
        let index = event.column.index();
        let Some(voice) = self.voices.get_mut(index) else { return Ok(()) };
        let said = match &event.kind {
            // An answer that begins anew: what was half said of the one before is nobody's.
            StreamEventKind::Waiting { attempt: 1 } => {
                *voice = Paragraphs::default();
                Vec::new()
            }
            StreamEventKind::Delta(delta) => {
                if delta.recasts {
                    *voice = Paragraphs::default();
                }
                voice.push(&delta.text)
            }
            StreamEventKind::Finished(_)
            | StreamEventKind::Failed(_)
            | StreamEventKind::Cancelled
            | StreamEventKind::Withdrawn => voice.finish().into_iter().collect(),
            StreamEventKind::Waiting { .. }
            | StreamEventKind::Started { .. }
            | StreamEventKind::Counted(_)
            | StreamEventKind::Retrying { .. }
            | StreamEventKind::Switched { .. }
            | StreamEventKind::LeftOut(_)
            | StreamEventKind::Shortened(_)
            | StreamEventKind::Declined
            | StreamEventKind::Late => Vec::new(),
        };
        if matches!(&event.kind, StreamEventKind::Delta(delta) if delta.recasts) {
            self.say(&format!("\n({}: what was said so far was reasoning, not the answer)", self.name(index)))?;
        }
        for paragraph in said {
            self.say(&format!("\n{}: {}", self.name(index), clean_lines(&paragraph)))?;
        }
        let is_trouble = !matches!(event.kind, StreamEventKind::Finished(_));
        if let Some(line) = progress::line(event, &self.turn).filter(|_| is_trouble) {
            self.say(&format!("\n({})", clean(&line)))?;
        }
        Ok(())
    }

    /// Returns the letter and the name of a speaker.
    fn name(&self, index: usize) -> String {
        let id = self.turn.responses.get(index).map_or("", |response| response.answerer().id.as_str());
        format!("{} {}", Column::at(index).letter(), clean(id))
    }

    fn say_who_writes(&mut self) -> anyhow::Result<()> {
        let is_at_it = |response: &Response| match response.state {
            State::Waiting | State::Retrying { .. } | State::Streaming => true,
            State::Skipped | State::Late | State::Done | State::Failed(_) | State::Cancelled => false,
        };
        let responses = self.turn.responses.iter().enumerate();
        let letters: Vec<String> = responses
            .filter(|(_, response)| is_at_it(response))
            .map(|(index, _)| Column::at(index).letter().to_string())
            .collect();
        if letters.is_empty() {
            self.last_line = now();
            return Ok(());
        }
        self.say(&format!("\n(still writing: {})", letters.join(", ")))
    }

    fn end(&mut self, verdict: &Verdict, report: &Report) -> anyhow::Result<()> {
        writeln!(self.out, "\nreport")?;
        text::write_findings(verdict, report, self.out)?;
        // The dot between the parts is the only sign of ours that is not ASCII.
        let mut summary = text::summary(verdict).replace(" · ", ", ");
        if verdict.demo {
            summary = summary.replacen("(default curve)", "(demo)", 1);
        }
        writeln!(self.out, "\nverdict: {summary}")?;
        self.out.flush()?;
        Ok(())
    }

    fn say(&mut self, text: &str) -> anyhow::Result<()> {
        self.last_line = now();
        writeln!(self.out, "{text}")?;
        self.out.flush()?;
        Ok(())
    }
}
