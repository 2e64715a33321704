//! What was spent and what a question will cost: sums that never hide what is guessed or unknown.

use std::fmt;

use crate::domain::member::Member;
use crate::domain::money::{CostBasis, Usd};
use crate::domain::prompt::Prompt;
use crate::domain::tokens::{self, TOKENS_PER_IMAGE};
use crate::domain::usage::Usage;

/// A sum of costs; the default is nothing spent, and known to be.
///
/// `Display` writes it for a person: `$0.012`, `~$0.012` where a part is a guess, `≥$0.012` where a part is unknown, and
/// `cost unknown` where all of it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// The sum of what is known or guessed.
    pub known: Usd,
    /// Whether a part of `known` is a guess.
    pub is_estimated: bool,
    /// Whether a part is in no way known: `known` is the least that it comes to.
    pub is_partial: bool,
}

impl Cost {
    /// Returns one amount; `None` stands for an unknown one.
    pub fn of(amount: Option<(Usd, CostBasis)>) -> Self {
        match amount {
            Some((known, basis)) => Self { known, is_estimated: basis == CostBasis::Estimate, is_partial: false },
            None => Self { is_partial: true, ..Self::default() },
        }
    }

    /// Returns a guess at what `member` will charge for `prompt` with an answer of `answer_tokens`; unknown where its
    /// price is. The tokens are guessed from the length of the texts. What an image comes to is the provider's secret (from
    /// 85 to 25,000 tokens were seen): it counts as 1,600, and the sum as the least.
    pub fn expected(member: &Member, prompt: &Prompt, answer_tokens: u64) -> Self {
        let Some(price) = &member.price else { return Self::of(None) };
        if price.is_free() {
            return Self::default();
        }
        let n_images: u64 = prompt.messages.iter().map(|message| message.images.len() as u64).sum();
        let n_read = prompt_tokens(prompt) + n_images * TOKENS_PER_IMAGE;
        let usage = Usage { input_tokens: Some(n_read), output_tokens: Some(answer_tokens), ..Usage::default() };
        let known = price.cost(&usage).unwrap_or_default();
        Self { known, is_estimated: true, is_partial: n_images > 0 }
    }

    /// Returns a guess at what `member` will charge for reading `text` besides what it is asked anyway; unknown where its
    /// price is.
    pub fn of_reading(member: &Member, text: &str) -> Self {
        let Some(price) = &member.price else { return Self::of(None) };
        let n_read = tokens::likely(text.len());
        let usage = Usage { input_tokens: Some(n_read), output_tokens: Some(0), ..Usage::default() };
        let known = price.cost(&usage).unwrap_or_default();
        Self { known, is_estimated: !price.is_free(), is_partial: false }
    }

    /// Returns the sum where all of its parts are known or guessed.
    pub fn whole(self) -> Option<Usd> {
        (!self.is_partial).then_some(self.known)
    }
}

impl std::ops::Add for Cost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            known: self.known + other.known,
            is_estimated: self.is_estimated || other.is_estimated,
            is_partial: self.is_partial || other.is_partial,
        }
    }
}

impl std::iter::Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), |sum, cost| sum + cost)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (self.is_partial, self.is_estimated) {
            (true, _) if self.known == Usd(0.0) => return f.pad("cost unknown"),
            (true, true) => "≥~",
            (true, false) => "≥",
            (false, true) => "~",
            (false, false) => "",
        };
        f.pad(&format!("{sign}{}", self.known))
    }
}

/// Returns about how many tokens `prompt` has, by the length of its texts alone.
pub fn prompt_tokens(prompt: &Prompt) -> u64 {
    let system = prompt.system.as_ref().map_or(0, |text| text.len());
    let n_bytes = system + prompt.messages.iter().map(|message| message.text.len()).sum::<usize>();
    tokens::likely(n_bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::attachment::Attachment;
    use crate::domain::money::Price;
    use crate::domain::prompt::Message;

    fn priced(id: &str) -> Member {
        let price = Price { input: 2.0, output: 10.0, cached_input: None, date: None };
        Member { price: Some(price), ..Member::named(id) }
    }

    #[test]
    fn what_is_expected_is_a_guess_and_an_unknown_price_stays_unknown() {
        let prompt = Prompt::question(&"x".repeat(4_000));
        let known = Cost::expected(&priced("a"), &prompt, 1_000);
        assert_eq!(known, Cost { known: Usd(0.002 + 0.01), is_estimated: true, is_partial: false });
        let unknown = Cost::expected(&Member::named("b"), &prompt, 1_000);
        assert_eq!(unknown.whole(), None);
        assert_eq!((known + unknown).whole(), None);
        assert_eq!(known.whole(), Some(Usd(0.012)));
    }

    #[test]
    fn an_image_makes_the_guess_the_least_and_what_is_free_stays_free() {
        let image = Attachment::read("a.png", b"\x89PNG\r\n\x1a\n").unwrap();
        let prompt = Prompt { messages: vec![Message::question(&Arc::from("what?"), &[image])], ..Prompt::default() };
        let cost = Cost::expected(&priced("a"), &prompt, 0);
        assert!(cost.is_partial && cost.known >= Usd(0.003_2), "{cost:?}");
        let free = Member { price: Some(Price::free()), ..Member::named("a") };
        assert_eq!(Cost::expected(&free, &prompt, 1_000), Cost::default());
    }

    #[test]
    fn a_person_sees_what_is_guessed_and_what_is_missing() {
        let cost = |known, is_estimated, is_partial| Cost { known: Usd(known), is_estimated, is_partial }.to_string();
        let rows = [
            (cost(0.0, false, false), "$0.00"),
            (cost(0.0, false, true), "cost unknown"),
            (cost(0.012, true, false), "~$0.012"),
            (cost(0.012, false, true), "≥$0.012"),
            (cost(1.5, true, true), "≥~$1.50"),
            (cost(0.000_42, false, false), "$0.00042"),
        ];
        for (found, expected) in rows {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_sum_of_nothing_is_known_to_be_nothing() {
        assert_eq!([].into_iter().sum::<Cost>().whole(), Some(Usd(0.0)));
    }
}
