//! Who the demo models are: five scripted characters of our own, and plain readers for other people's answers.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::ids::ModelId;
use crate::provider::dialect::Dialect;

/// How a model's reply is timed at speed 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pace {
    /// From the request to the first token.
    pub(crate) delay: Duration,
    /// Tokens written in a second.
    pub(crate) tokens_per_second: f64,
    /// Tokens sent at once, on average.
    pub(crate) tokens_per_chunk: usize,
}

/// How a model puts things when it speaks for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As few words as will do.
    Terse,
    /// Numbered points.
    List,
    /// A table where one fits.
    Table,
    /// Full sentences.
    Prose,
    /// Headings.
    Headed,
}

/// A protocol that the demo server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Chat completions.
    Chat,
    /// Anthropic's messages.
    Messages,
}

impl Wire {
    /// Returns the dialect of a client for this protocol.
    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::Chat => Dialect::OpenaiChat,
            Self::Messages => Dialect::Anthropic,
        }
    }
}

/// One demo model.
#[derive(Clone, Debug)]
pub(crate) struct Voice {
    pub(crate) model: ModelId,
    /// Who made it up; `None` for recorded answers, whose makers the Cases do not name.
    pub(crate) vendor: Option<Arc<str>>,
    pub(crate) reliability: f64,
    pub(crate) wire: Wire,
    pub(crate) manner: Manner,
    pub(crate) pace: Pace,
}

/// Returns the five built-in models in the order of their columns; the first three are on at first.
///
/// Speeds run from 45 to 160 tokens a second and delays from 0.2 to 1.4 s, the spread that people see between hosted
/// models, so that columns visibly finish one after another. Both protocols are among the first three.
pub(crate) fn troupe() -> Vec<Voice> {
    let voice = |id: &str, vendor: &str, reliability, wire, manner, pace| Voice {
        model: ModelId::from(id),
        vendor: Some(Arc::from(vendor)),
        reliability,
        wire,
        manner,
        pace,
    };
    let pace = |delay_ms, tokens_per_second, tokens_per_chunk| Pace {
        delay: Duration::from_millis(delay_ms),
        tokens_per_second,
        tokens_per_chunk,
    };
    vec![
        voice("aspen", "Fernhollow", 0.85, Wire::Chat, Manner::Terse, pace(200, 160.0, 1)),
        voice("birch", "Mossgate", 0.85, Wire::Messages, Manner::List, pace(500, 90.0, 4)),
        voice("cedar", "Quillbrook", 0.9, Wire::Chat, Manner::Table, pace(900, 60.0, 2)),
        voice("dogwood", "Larkmere", 0.8, Wire::Messages, Manner::Prose, pace(1400, 45.0, 3)),
        voice("elm", "Tarnfield", 0.7, Wire::Chat, Manner::Headed, pace(350, 120.0, 6)),
    ]
}

/// Returns a model that reads recorded answers aloud, at about 40 tokens a second.
///
/// Nothing is known of its maker or its reliability, so it gets the usual prior.
pub(crate) fn reader(model: ModelId) -> Voice {
    Voice {
        model,
        vendor: None,
        reliability: crate::domain::member::DEFAULT_RELIABILITY,
        wire: Wire::Chat,
        manner: Manner::Prose,
        pace: Pace { delay: Duration::from_millis(300), tokens_per_second: 40.0, tokens_per_chunk: 2 },
    }
}

/// Returns what `voice` says when it has no script: that this is a demo, and what can be asked instead.
///
/// `questions` are suggestions, `n_questions` is how many there are in all.
pub(crate) fn offer(voice: &Voice, questions: &[Arc<str>], n_questions: usize) -> String {
    let model = &voice.model;
    match voice.manner {
        Manner::Terse => {
            format!(
                "Scripted demo model, no script for this. Ask one of {n_questions}:\n\n{}",
                lines(questions, |_, question| format!("- {question}"))
            )
        }
        Manner::List => {
            let numbered = lines(questions, |n, question| format!("{n}. {question}"));
            format!("I am {model}, a scripted demo model, so I cannot answer this. I can answer:\n\n{numbered}")
        }
        Manner::Table => {
            let rows = lines(questions, |_, question| format!("| {} |", question.replace('|', "\\|")));
            format!("This is a demo: {model} is scripted and has nothing on this.\n\n| You can ask |\n| --- |\n{rows}")
        }
        Manner::Prose => {
            let quoted: Vec<String> = questions.iter().map(|question| format!("“{question}”")).collect();
            format!(
                "This is a demo, and {model} only recites what was written beforehand; there is nothing on this among \
                 the {n_questions} questions it knows. You could ask {}. For an answer to anything else, set a key or \
                 write a config file, and real models are asked.",
                quoted.join(", or ")
            )
        }
        Manner::Headed => format!(
            "## This is a demo\n\n{model} is scripted and has nothing on this.\n\n## What to ask\n\n{}",
            lines(questions, |_, question| format!("- {question}"))
        ),
    }
}

/// Returns a line for each question, numbered from 1.
fn lines(questions: &[Arc<str>], line: impl Fn(usize, &str) -> String) -> String {
    let lines: Vec<String> = questions.iter().zip(1..).map(|(question, number)| line(number, question)).collect();
    lines.join("\n")
}
