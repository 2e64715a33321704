//! What a decoder knows of an answer besides its text: how it ended, what it cost, what it rests on.

use std::collections::HashMap;

use crate::domain::money::Usd;
use crate::domain::stream::{Citation, Finish, FinishNorm, FinishReason};
use crate::domain::usage::Usage;
use crate::provider::error::ServerError;
use crate::provider::lenient::MAX_ITEMS;

/// The longest name that a server may give a model or an end, in characters.
const MAX_NAME: usize = 200;

/// The longest address or title of a source, in bytes: browsers and servers take no longer address.
const MAX_PAGE: usize = 8 << 10;

/// The longest wording of a refusal, in bytes.
const MAX_EXPLANATION: usize = 64 << 10;

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
    /// Where each source stands among the citations.
    cited: HashMap<String, usize>,
    /// How often reasoning was seen, be it empty or kept secret.
    n_thoughts: u32,
}

impl Ending {
    pub(crate) fn fail(&mut self, error: ServerError) {
        // The first report says most; what follows it repeats or wraps it.
        self.error.get_or_insert(error);
    }

    pub(crate) fn reason(&mut self, raw: &str) {
        let name = raw.chars().take(MAX_NAME).collect();
        self.finish.reason = Some(FinishReason { raw: Some(name), norm: norm(raw) });
        self.complete();
    }

    /// Notes an end marker without a word on why: the text before it had come to its end.
    pub(crate) fn end_without_reason(&mut self) {
        if self.finish.reason.is_none() && self.error.is_none() {
            self.finish.reason = Some(FinishReason { raw: None, norm: FinishNorm::Stop });
        }
    }

    /// Notes that reasoning is under way, where that is so.
    pub(crate) fn thinks(&mut self, is_so: bool) {
        self.n_thoughts = self.n_thoughts.wrapping_add(u32::from(is_so));
    }

    /// Returns how often reasoning was seen, be it empty or kept secret: each time is a sign of life.
    pub fn n_thoughts(&self) -> u32 {
        self.n_thoughts
    }

    pub(crate) fn complete(&mut self) {
        if self.progress == Progress::Open {
            self.progress = Progress::Complete;
        }
    }

    pub(crate) fn decline(&mut self, words: &str) {
        if !words.is_empty() {
            self.finish.refusal = true;
            let known = self.finish.explanation.get_or_insert_default();
            let n_free = MAX_EXPLANATION.saturating_sub(known.len());
            known.push_str(words.get(..words.floor_char_boundary(n_free)).unwrap_or_default());
        }
    }

    pub(crate) fn model(&mut self, name: &str) {
        if !name.is_empty() && self.finish.api_model.as_deref() != Some(name) {
            self.finish.api_model = Some(name.chars().take(MAX_NAME).collect::<String>().into());
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
        let title = Some(title).filter(|title| !title.is_empty() && title.len() <= MAX_PAGE).map(str::to_owned);
        let known = self.cited.get(url).and_then(|at| self.finish.citations.get_mut(*at));
        if let Some(known) = known {
            known.title = known.title.take().or(title);
        } else if self.finish.citations.len() >= MAX_ITEMS || url.len() > MAX_PAGE {
            self.leave_out(1);
        } else {
            self.cited.insert(url.to_owned(), self.finish.citations.len());
            self.finish.citations.push(Citation { url: url.to_owned(), title });
        }
    }

    /// Notes that there are more sources than are kept.
    pub(crate) fn leave_out(&mut self, n_sources: usize) {
        let n_sources = u32::try_from(n_sources).unwrap_or(u32::MAX);
        self.finish.n_sources_left_out = self.finish.n_sources_left_out.saturating_add(n_sources);
    }

    /// Sets the sources that marks in the text count: an address that is listed twice keeps both of its numbers.
    pub(crate) fn number(&mut self, mut sources: Vec<Citation>) {
        sources.truncate(MAX_ITEMS);
        self.numbered = sources;
    }

    pub(crate) fn usage(&mut self) -> &mut Usage {
        self.finish.usage.get_or_insert_default()
    }

    /// Makes the counts agree with each other, and puts the numbered sources first, once all of them are known.
    pub(crate) fn settle(&mut self) {
        if !self.numbered.is_empty() {
            let others = std::mem::replace(&mut self.finish.citations, std::mem::take(&mut self.numbered));
            // Backwards, so that of two with one address the first is known.
            let places = self.finish.citations.iter().enumerate().rev();
            self.cited = places.map(|(at, page)| (page.url.clone(), at)).collect();
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

/// What providers call the ends of an answer, without regard to case, separators and a prefix.
const ENDS: [(FinishNorm, &[&str]); 7] = [
    (
        FinishNorm::Stop,
        &[
            "stop",
            "stopped",
            "end_turn",
            "end_of_turn",
            "eot",
            "stop_sequence",
            "stop_token",
            "completed",
            "complete",
            "completion",
            "eos",
            "eos_token",
            "end_of_sequence",
            "end",
            "ended",
            "finish",
            "finished",
            "done",
            "natural",
            "normal",
            "success",
            "im_end",
            "</s>",
        ],
    ),
    (
        FinishNorm::Length,
        &[
            "length",
            "max_tokens",
            "max_token",
            "max_length",
            "max_new_tokens",
            "max_output_tokens",
            "max_completion_tokens",
            "token_limit",
            "output_limit",
            "model_length",
            "model_context_window_exceeded",
            "context_length_exceeded",
            "context_window_exceeded",
            "limit",
            "truncated",
        ],
    ),
    (
        FinishNorm::ContentFilter,
        &[
            "content_filter",
            "content_filtered",
            "content_filtering",
            "safety",
            "recitation",
            "blocklist",
            "prohibited_content",
            "spii",
            "image_safety",
            "guardrail_intervened",
            "guardrails",
            "sensitive",
            "moderation",
            "blocked",
        ],
    ),
    (FinishNorm::ToolCalls, &["tool_calls", "tool_call", "tool_use", "function_call", "function_calls"]),
    (FinishNorm::Refusal, &["refusal", "refused"]),
    (FinishNorm::Pause, &["pause_turn", "pause"]),
    (
        FinishNorm::Error,
        &[
            "error",
            "insufficient_system_resource",
            "failed",
            "failure",
            "cancelled",
            "canceled",
            "abort",
            "aborted",
            "network_error",
            "timeout",
            "time_limit",
            "interrupted",
            "unexpected_error",
        ],
    ),
];

/// Returns what a provider's word for the end means.
pub(crate) fn norm(raw: &str) -> FinishNorm {
    let word = raw.trim().trim_matches(['<', '|', '>']).to_ascii_lowercase().replace(['-', ' '], "_");
    let word = ["finish_reason_", "finishreason.", "stop_reason_"]
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix))
        .unwrap_or(&word);
    let is_it = |(_, words): &&(FinishNorm, &[&str])| words.contains(&word) || words.contains(&raw);
    ENDS.iter().find(is_it).map_or(FinishNorm::Other, |(norm, _)| *norm)
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
    fn ends_are_known_in_every_spelling() {
        for (raw, expected) in [
            ("stop", FinishNorm::Stop),
            ("STOP", FinishNorm::Stop),
            ("eos_token", FinishNorm::Stop),
            ("end_turn", FinishNorm::Stop),
            ("End-Of-Turn", FinishNorm::Stop),
            ("FINISH_REASON_STOP", FinishNorm::Stop),
            ("<|im_end|>", FinishNorm::Stop),
            ("</s>", FinishNorm::Stop),
            ("Max Tokens", FinishNorm::Length),
            ("MAX_TOKENS", FinishNorm::Length),
            ("content-filter", FinishNorm::ContentFilter),
            ("SAFETY", FinishNorm::ContentFilter),
            ("abort", FinishNorm::Error),
        ] {
            assert_eq!(norm(raw), expected, "{raw}");
        }
    }

    #[test]
    fn more_sources_than_are_kept_are_counted_in_linear_time() {
        let mut ending = Ending::default();
        (0..80_000).for_each(|n| ending.cite(&format!("https://{n}.example"), ""));
        ending.cite("https://7.example", "Seven");
        ending.cite(&format!("https://{}", "x".repeat(MAX_PAGE)), "");
        assert_eq!(ending.finish.citations.len(), MAX_ITEMS);
        assert_eq!(ending.finish.n_sources_left_out, 80_000 - 2_000 + 1);
        assert_eq!(ending.finish.citations[7].title.as_deref(), Some("Seven"));
    }

    #[test]
    fn an_unknown_end_is_no_vote() {
        assert_eq!(norm("a_word_of_tomorrow"), FinishNorm::Other);
    }
}
