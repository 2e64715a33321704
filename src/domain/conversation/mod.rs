//! What each model is told of the conversation so far, and of the question: one policy, with a screen and without.
//!
//! A model is sent its own words as its own. A turn that it missed is quoted to it as another's, or left out. Words
//! count as a model's own when it wrote them itself: whole answers and refusals as they are, also one that came late;
//! an answer that was cut (by the token limit, by the person, by the line) with a note that says so. What a stand-in
//! wrote belongs to the stand-in, and the member in whose place it answered has missed the turn. What the provider
//! withheld, and a member that was switched off after its answer, count as missed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::attachment::{Attachment, Image, with_files};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::ModelId;
use crate::domain::member::Member;
use crate::domain::prompt::{Message, Prompt, Role};
use crate::domain::response::{Response, State};
use crate::domain::stream::FinishNorm;
use crate::domain::tokens;
use crate::domain::turn::Turn;
use crate::domain::verdict::Verdict;

/// Tokens that are kept free for the answer where no limit is set; never more than a quarter of the context.
const ANSWER_ROOM: u64 = 8_192;

/// What stands between the turns that are left out and the size of the context for which they are.
pub(in crate::domain) const LEFT_OUT: &str = " left out: context of ";

/// What a model that missed a turn is told of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterOff {
    /// What the ensemble answered, quoted as another's.
    #[default]
    Quote,
    /// Nothing.
    Skip,
}

/// How conversations are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether each model is sent its own answers; otherwise all are sent the ensemble's, as if each had given it.
    pub own_history: bool,
    /// What a model that missed a turn is told of it, where each is sent its own answers.
    pub after_off: AfterOff,
}

impl Default for Rules {
    fn default() -> Self {
        Self { own_history: true, after_off: AfterOff::Quote }
    }
}

/// What one model said in an earlier turn.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    by: ModelId,
    text: Arc<str>,
}

/// An earlier turn, as far as later questions need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    question: Arc<str>,
    files: Vec<Attachment>,
    words: Vec<Words>,
    /// What the ensemble answered; `None` where nobody did.
    answer: Option<Arc<str>>,
}

/// One question with all that goes along with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// The conversation so far, oldest first.
    pub earlier: Vec<Past>,
    /// What is asked, as it was typed.
    pub question: Arc<str>,
    /// What goes along with it.
    pub files: Vec<Attachment>,
    /// Standing instructions of this conversation; they take the place of those in the config.
    pub system: Option<Arc<str>>,
    /// How the conversation is told.
    pub rules: Rules,
}

/// Earlier turns that a model is not told of, as it could not read them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortened {
    /// How many turns are left out, the oldest ones.
    pub n_turns: usize,
    /// What the model can read, in tokens.
    pub context_tokens: u32,
}

impl Shortened {
    /// Returns it in words, such as `2 earlier turns left out: context of 8k`.
    pub fn in_words(&self) -> String {
        let turns = if self.n_turns == 1 { "1 earlier turn" } else { &format!("{} earlier turns", self.n_turns) };
        let context = match self.context_tokens {
            n if n < 1_000 => n.to_string(),
            n if n < 1_000_000 => format!("{}k", n / 1_000),
            n => format!("{:.1}M", f64::from(n) / 1e6),
        };
        format!("{turns}{LEFT_OUT}{context}")
    }
}

/// What one member is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// It is asked this.
    Asked {
        /// What exactly.
        prompt: Prompt,
        /// Earlier turns that had to be left out, if any.
        shortened: Option<Shortened>,
    },
    /// It cannot be asked; this is why.
    LeftOut(Fault),
}

impl Past {
    /// Returns what later questions need of a turn; `verdict` is the last one on it.
    pub fn of(turn: &Turn, verdict: Option<&Verdict>) -> Self {
        Self {
            question: Arc::clone(&turn.question),
            files: turn.files.clone(),
            words: turn.responses.iter().filter_map(words).collect(),
            answer: verdict.and_then(|verdict| verdict.answer.as_deref()).map(Arc::from),
        }
    }

    fn said_by(&self, model: &ModelId) -> Option<&Arc<str>> {
        self.words.iter().find(|words| words.by == *model).map(|words| &words.text)
    }
}

/// Returns what can stand as the words of the model that wrote a response.
fn words(response: &Response) -> Option<Words> {
    if response.text.trim().is_empty() {
        return None;
    }
    let is_whole = match &response.state {
        State::Done => match response.norm() {
            Some(FinishNorm::ContentFilter) => return None,
            Some(FinishNorm::Stop | FinishNorm::Refusal) => true,
            Some(
                FinishNorm::Length | FinishNorm::Error | FinishNorm::ToolCalls | FinishNorm::Pause | FinishNorm::Other,
            )
            | None => false,
        },
        // A finish says that the answer had ended before: it was taken back.
        State::Cancelled if response.finish.is_some() => return None,
        State::Failed(fault) if fault.kind == FaultKind::Filtered => return None,
        State::Cancelled | State::Failed(_) => false,
        State::Skipped | State::Waiting | State::Retrying { .. } | State::Streaming | State::Late => return None,
    };
    let note = if is_whole { "" } else { "\n\n[this answer was cut off here]" };
    Some(Words { by: response.answerer().id.clone(), text: Arc::from(format!("{}{note}", response.text)) })
}

/// What a member is told of one earlier turn.
struct Exchange {
    asked: Message,
    answered: Option<Arc<str>>,
}

impl Exchange {
    fn tokens_at_most(&self) -> u64 {
        let answered = self.answered.as_deref().map_or(0, |text| tokens::at_most(text) + tokens::TOKENS_PER_MESSAGE);
        self.asked.tokens_at_most() + answered
    }
}

impl Talk {
    /// Returns a question without history or files.
    pub fn question(question: &str) -> Self {
        Self { question: Arc::from(question), ..Self::default() }
    }

    /// Returns what `member` is told. `system` are the standing instructions of the config for it, `answer_tokens` the
    /// longest answer that is asked for.
    ///
    /// Where the context size is known, whole turns are left out, oldest first, until the rest fits by
    /// [`tokens::at_most`], which errs on the side of leaving out one too many. A question that does not fit by itself
    /// is asked all the same: the provider can count, and says what is wrong.
    pub fn told(&self, member: &Member, system: Option<&Arc<str>>, answer_tokens: Option<u32>) -> Told {
        let has_images = self.files.iter().any(|file| file.image().is_some());
        if has_images && member.takes_images == Some(false) {
            let fault = Fault::new(FaultKind::Unsupported, "it takes no images");
            return Told::LeftOut(fault.advise("ask again without the image"));
        }
        let says_something = |text: &&Arc<str>| !text.trim().is_empty();
        let system = self.system.as_ref().filter(says_something).or(system.filter(says_something)).cloned();
        let question = Message::question(&self.question, &self.files);
        let history: Vec<Exchange> = self.earlier.iter().filter_map(|past| self.exchange(past, member)).collect();
        let taken = question.tokens_at_most() + system.as_deref().map_or(0, tokens::at_most);
        let n_left_out = member.context_tokens.map_or(0, |context| {
            let context = u64::from(context);
            let answer = answer_tokens.map_or(ANSWER_ROOM, u64::from).min(context / 4);
            n_too_many(&history, context.saturating_sub(answer + taken))
        });
        let messages = alternating(history.into_iter().skip(n_left_out), question);
        let cut = member.context_tokens.filter(|_| n_left_out > 0);
        let shortened = cut.map(|context_tokens| Shortened { n_turns: n_left_out, context_tokens });
        Told::Asked { prompt: Prompt { system, messages }, shortened }
    }

    /// Returns what `member` is told of an earlier turn; `None` where that is nothing.
    fn exchange(&self, past: &Past, member: &Member) -> Option<Exchange> {
        let asked = || Message { images: seen(&past.files, member), ..Message::question(&past.question, &past.files) };
        if !self.rules.own_history {
            let answered = past.answer.clone()?;
            return Some(Exchange { asked: asked(), answered: Some(answered) });
        }
        match (past.said_by(&member.id), self.rules.after_off, &past.answer) {
            (Some(own), _, _) => Some(Exchange { asked: asked(), answered: Some(Arc::clone(own)) }),
            (None, AfterOff::Quote, Some(answer)) => {
                let text = Arc::from(quoted(past, answer));
                Some(Exchange { asked: Message { text, ..asked() }, answered: None })
            }
            (None, AfterOff::Quote, None) | (None, AfterOff::Skip, _) => None,
        }
    }
}

/// Returns the pictures that a member can look at.
fn seen(files: &[Attachment], member: &Member) -> Vec<Image> {
    let can_see = member.takes_images != Some(false);
    files.iter().filter_map(Attachment::image).filter(|_| can_see).cloned().collect()
}

/// Returns a turn that a model missed: nothing in it can be taken for the model's own words.
fn quoted(past: &Past, answer: &str) -> String {
    let quote = |text: &str| text.lines().flat_map(|line| ["> ", line, "\n"]).collect::<String>();
    let asked = quote(&with_files(&past.question, &past.files));
    let answer = quote(answer);
    format!(
        "Earlier in this conversation I asked a question that you did not answer:\n\n{asked}\nAnother model answered it. \
         This is its answer, not yours, and it may be wrong:\n\n{answer}"
    )
}

/// Returns how many of the oldest exchanges must go for the rest to fit into `room` tokens.
fn n_too_many(history: &[Exchange], room: u64) -> usize {
    let mut taken = 0;
    let n_kept = history.iter().rev().take_while(|exchange| {
        taken += exchange.tokens_at_most();
        taken <= room
    });
    history.len() - n_kept.count()
}

/// Returns the messages, person and model by turns: some servers refuse two of one side in a row. What has no answer
/// goes before the question that follows.
fn alternating(history: impl Iterator<Item = Exchange>, question: Message) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut waiting: Option<Message> = None;
    let join = |waiting: &mut Option<Message>, next: Message| match waiting.take() {
        None => next,
        Some(mut before) => {
            before.images.extend(next.images);
            Message { text: Arc::from(format!("{}\n{}", before.text, next.text)), ..before }
        }
    };
    for exchange in history {
        let asked = join(&mut waiting, exchange.asked);
        match exchange.answered {
            Some(answered) => messages.extend([asked, Message::said(Role::Assistant, answered)]),
            None => waiting = Some(asked),
        }
    }
    messages.push(join(&mut waiting, question));
    messages
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod clock {
    /// Returns some moment: which one does not matter here.
    pub(super) fn now() -> std::time::Instant {
        tokio::time::Instant::now().into_std()
    }
}
