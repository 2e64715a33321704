//! What calls come to: how many, how fast, what they cost, and how what they said stood to what others said.

use crate::domain::cost::Cost;
use crate::figures::call::{Call, End};
use crate::figures::spread::Spread;

/// What some calls come to. Every count is a count of calls unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Performance {
    /// Asked from here.
    pub n_calls: u32,
    /// Answers that were brought in from other programs.
    pub n_brought_in: u32,
    /// Without an answer: an error, or the time was over.
    pub n_failed: u32,
    /// With a piece of an answer.
    pub n_cut: u32,
    /// The person stopped them, or the turn settled without them.
    pub n_stopped: u32,
    /// From the first request to the first token, of whole answers.
    pub first_token: Spread,
    /// From the first request to the end, of whole answers.
    pub total: Spread,
    /// Output tokens of whole answers over the time from their first token to their end; `None` where no call has both.
    pub tokens_per_second: Option<f64>,
    /// What they cost: every request counts, those of deleted turns too.
    pub cost: Cost,
    /// How often another says what one of them says.
    pub n_with: u32,
    /// How often another says something incompatible; silence counts nowhere.
    pub n_against: u32,
    /// That have a rank.
    pub n_ranked: u32,
    /// That rank first of two or more.
    pub n_first: u32,
    /// That take a side in the part that answers the question.
    pub n_sided: u32,
    /// That nobody sides with, where two others or more take a side.
    pub n_alone: u32,
    /// That speak against the answer that was shown.
    pub n_dissented: u32,
    /// Of these, right by what the person thinks of the turn.
    pub n_dissented_right: u32,
    /// Of these, wrong by it; of the rest nothing is known.
    pub n_dissented_wrong: u32,
}

impl Performance {
    /// Returns how often another who speaks of the same says the same, 0 to 1; `None` where nobody else does.
    pub fn agreement(&self) -> Option<f64> {
        let n_both = self.n_with + self.n_against;
        (n_both > 0).then(|| f64::from(self.n_with) / f64::from(n_both))
    }

    /// Returns calls without a whole answer, those that somebody stopped aside.
    pub fn n_short(&self) -> u32 {
        self.n_failed + self.n_cut
    }
}

/// Calls that are being counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Counting {
    done: Performance,
    first_token_ms: Vec<u32>,
    total_ms: Vec<u32>,
    n_tokens: u64,
    streaming_ms: u64,
}

impl Counting {
    /// Counts one call among those of its turn; `right` says whether it was right, as far as the person said.
    pub(super) fn add(&mut self, call: &Call<'_>, calls: &[Call<'_>], right: Option<bool>) {
        let done = &mut self.done;
        match call.end {
            End::BroughtIn => done.n_brought_in += 1,
            End::Answered => done.n_calls += 1,
            End::Cut => (done.n_calls, done.n_cut) = (done.n_calls + 1, done.n_cut + 1),
            End::Failed => (done.n_calls, done.n_failed) = (done.n_calls + 1, done.n_failed + 1),
            End::Stopped => (done.n_calls, done.n_stopped) = (done.n_calls + 1, done.n_stopped + 1),
        }
        done.n_with += call.n_with;
        done.n_against += call.n_against;
        let n_ranked = calls.iter().filter(|call| call.rank.is_some()).count();
        if let Some(rank) = call.rank.filter(|_| n_ranked > 1) {
            done.n_ranked += 1;
            done.n_first += u32::from(rank == 1);
        }
        if let Some(side) = call.side {
            let others = || calls.iter().filter(|other| other.place != call.place).filter_map(|other| other.side);
            done.n_sided += 1;
            done.n_alone += u32::from(others().count() >= 2 && others().all(|other| other != side));
            if side > 0 {
                done.n_dissented += 1;
                done.n_dissented_right += u32::from(right == Some(true));
                done.n_dissented_wrong += u32::from(right == Some(false));
            }
        }
        if call.end == End::Answered {
            self.first_token_ms.extend(call.first_token_ms);
            self.total_ms.extend(call.total_ms);
            let streaming = call.total_ms.zip(call.first_token_ms).and_then(|(total, first)| total.checked_sub(first));
            if let Some((n_tokens, ms)) = call.output_tokens.zip(streaming).filter(|(_, ms)| *ms > 0) {
                self.n_tokens += u64::from(n_tokens);
                self.streaming_ms += u64::from(ms);
            }
        }
    }

    /// Counts what was spent.
    pub(super) fn spend(&mut self, cost: Cost) {
        self.done.cost = self.done.cost + cost;
    }

    /// Counts all that `other` has counted.
    pub(super) fn join(&mut self, other: &Self) {
        let (done, more) = (&mut self.done, &other.done);
        let counts: [(&mut u32, u32); 14] = [
            (&mut done.n_calls, more.n_calls),
            (&mut done.n_brought_in, more.n_brought_in),
            (&mut done.n_failed, more.n_failed),
            (&mut done.n_cut, more.n_cut),
            (&mut done.n_stopped, more.n_stopped),
            (&mut done.n_with, more.n_with),
            (&mut done.n_against, more.n_against),
            (&mut done.n_ranked, more.n_ranked),
            (&mut done.n_first, more.n_first),
            (&mut done.n_sided, more.n_sided),
            (&mut done.n_alone, more.n_alone),
            (&mut done.n_dissented, more.n_dissented),
            (&mut done.n_dissented_right, more.n_dissented_right),
            (&mut done.n_dissented_wrong, more.n_dissented_wrong),
        ];
        for (sum, more) in counts {
            *sum += more;
        }
        done.cost = done.cost + more.cost;
        self.first_token_ms.extend(&other.first_token_ms);
        self.total_ms.extend(&other.total_ms);
        self.n_tokens += other.n_tokens;
        self.streaming_ms += other.streaming_ms;
    }

    /// Returns what was counted.
    pub(super) fn finish(mut self) -> Performance {
        let rate = self.n_tokens as f64 * 1_000.0 / self.streaming_ms as f64;
        Performance {
            first_token: Spread::of(&mut self.first_token_ms),
            total: Spread::of(&mut self.total_ms),
            tokens_per_second: (self.streaming_ms > 0).then_some(rate),
            ..self.done
        }
    }
}
