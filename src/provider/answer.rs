//! What a decoder knows of an answer besides its text: how it ended, what it cost, what it rests on.

use std::sync::Arc;

use crate::domain::money::Usd;
use crate::domain::stream::{Citation, Finish, FinishNorm, FinishReason};
use crate::domain::usage::Usage;
use crate::provider::error::ServerError;

/// How far an answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// More text may come.
    #[default]
    Open,
    /// The end marker was seen; token counts may follow.
    Complete,
    /// Nothing of use follows: the connection can be closed.
    Over,
}

/// What remains of an answer once its text has been handed on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ending {
    /// How it ended, as far as the provider said.
    pub finish: Finish,
    /// Whether the provider's own end marker was seen; without it the answer was cut.
    pub progress: Progress,
    /// What the provider reported as an error within the answer.
    pub error: Option<ServerError>,
    /// Events that could be read.
    pub n_events: u32,
    /// The sources that marks such as `[2]` in the text count, in the provider's own order and with its repetitions.
    numbered: Vec<Citation>,
}

impl Ending {
    pub(crate) fn fail(&mut self, error: ServerError) {
        // The first report says most; what follows it repeats or wraps it.
        self.error.get_or_insert(error);
    }

    pub(crate) fn reason(&mut self, raw: &str) {
        self.finish.reason = Some(FinishReason { raw: raw.to_owned(), norm: norm(raw) });
        self.complete();
    }

    pub(crate) fn complete(&mut self) {
        if self.progress == Progress::Open {
            self.progress = Progress::Complete;
        }
    }

    pub(crate) fn decline(&mut self, words: &str) {
        if !words.is_empty() {
            self.finish.refusal = true;
            self.finish.explanation.get_or_insert_default().push_str(words);
        }
    }

    pub(crate) fn model(&mut self, name: &str) {
        if !name.is_empty() && self.finish.api_model.as_deref() != Some(name) {
            self.finish.api_model = Some(Arc::from(name));
        }
    }

    pub(crate) fn charged(&mut self, dollars: f64) {
        if dollars.is_finite() && dollars >= 0.0 {
            self.finish.charged = Some(Usd(dollars));
        }
    }

    /// Adds a source; one that is known already gains the title that it lacked.
    pub(crate) fn cite(&mut self, url: &str, title: &str) {
        if url.is_empty() {
            return;
        }
        let title = Some(title).filter(|title| !title.is_empty()).map(str::to_owned);
        match self.finish.citations.iter_mut().find(|known| known.url == url) {
            Some(known) => known.title = known.title.take().or(title),
            None => self.finish.citations.push(Citation { url: url.to_owned(), title }),
        }
    }

    /// Sets the sources that marks in the text count: an address that is listed twice keeps both of its numbers.
    pub(crate) fn number(&mut self, sources: Vec<Citation>) {
        self.numbered = sources;
    }

    pub(crate) fn usage(&mut self) -> &mut Usage {
        self.finish.usage.get_or_insert_default()
    }

    /// Makes the counts agree with each other, and puts the numbered sources first, once all of them are known.
    pub(crate) fn settle(&mut self) {
        if !self.numbered.is_empty() {
            let others = std::mem::replace(&mut self.finish.citations, std::mem::take(&mut self.numbered));
            for page in others {
                self.cite(&page.url, page.title.as_deref().unwrap_or_default());
            }
        }
        let Some(usage) = &mut self.finish.usage else { return };
        if let (Some(input), Some(cached)) = (usage.input_tokens, usage.cached_input_tokens) {
            // One host reports 161 cached of 7 read, in each of 32 recorded answers.
            usage.cached_input_tokens = Some(cached.min(input));
        }
    }
}

/// Returns what a provider's word for the end means.
pub(crate) fn norm(raw: &str) -> FinishNorm {
    match raw {
        "stop" | "end_turn" | "stop_sequence" | "STOP" | "completed" | "complete" | "COMPLETE" | "eos" => {
            FinishNorm::Stop
        }
        "length"
        | "max_tokens"
        | "MAX_TOKENS"
        | "max_output_tokens"
        | "model_length"
        | "model_context_window_exceeded" => FinishNorm::Length,
        "content_filter"
        | "SAFETY"
        | "RECITATION"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "IMAGE_SAFETY"
        | "guardrail_intervened" => FinishNorm::ContentFilter,
        "tool_calls" | "tool_use" | "function_call" => FinishNorm::ToolCalls,
        "refusal" => FinishNorm::Refusal,
        "pause_turn" => FinishNorm::Pause,
        "error" | "insufficient_system_resource" | "failed" | "cancelled" => FinishNorm::Error,
        _ => FinishNorm::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_named_twice_is_one_source() {
        let mut ending = Ending::default();
        ending.cite("https://a", "");
        ending.cite("", "nowhere");
        ending.cite("https://a", "A");
        ending.cite("https://a", "B");
        let expected = Citation { url: "https://a".to_owned(), title: Some("A".to_owned()) };
        assert_eq!(ending.finish.citations, [expected]);
    }

    #[test]
    fn more_cached_than_read_is_all_cached() {
        let mut ending = Ending::default();
        *ending.usage() = Usage { input_tokens: Some(7), cached_input_tokens: Some(161), ..Usage::default() };
        ending.settle();
        assert_eq!(ending.finish.usage.unwrap().cached_input_tokens, Some(7));
    }

    #[test]
    fn an_unknown_end_is_no_vote() {
        assert_eq!(norm("a_word_of_tomorrow"), FinishNorm::Other);
    }
}
