//! What the models of a turn are called on the screen: their own letters and names, or other letters and no names while
//! a person judges blindly.

use crate::domain::ids::{Column, TurnId};
use crate::domain::response::Response;

/// The faces that the models of one turn show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faces {
    /// For each column the one whose letter and colour it bears; empty while everyone shows their own.
    masks: Vec<Column>,
}

impl Faces {
    /// Returns faces that tell nothing of who is behind them: the letters of `asked` are dealt out by chance, the same
    /// way whenever it is the same turn. Columns that were not asked keep their letters.
    pub fn hidden(turn: TurnId, n_columns: usize, asked: &[Column]) -> Self {
        let mut dealt = asked.to_vec();
        // Fisher and Yates' shuffle, by a xorshift generator (Marsaglia 2003) that starts from the turn.
        let mut state = u64::from(turn.0).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for last in (1..dealt.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let other = usize::try_from(state % (last as u64 + 1)).unwrap_or(0);
            dealt.swap(last, other);
        }
        let mut masks: Vec<Column> = (0..n_columns).map(Column::at).collect();
        for (column, mask) in asked.iter().zip(dealt) {
            if let Some(known) = masks.get_mut(column.index()) {
                *known = mask;
            }
        }
        Self { masks }
    }

    /// Returns whether nobody shows who they are.
    pub fn are_hidden(&self) -> bool {
        !self.masks.is_empty()
    }

    /// Returns the column whose letter and colour `column` bears.
    pub fn of(&self, column: Column) -> Column {
        self.masks.get(column.index()).copied().unwrap_or(column)
    }

    /// Returns the column behind a letter; the inverse of [`of`](Self::of).
    pub fn behind(&self, mask: Column) -> Column {
        self.masks.iter().position(|known| *known == mask).map_or(mask, Column::at)
    }

    /// Returns the letter that a column bears.
    pub fn letter(&self, column: Column) -> char {
        self.of(column).letter()
    }

    /// Returns the letters of several columns, in the order of the alphabet while they are hidden: the true order would
    /// tell who is who.
    pub fn all(&self, columns: impl IntoIterator<Item = Column>) -> Vec<Column> {
        let mut all: Vec<Column> = columns.into_iter().map(|column| self.of(column)).collect();
        if self.are_hidden() {
            all.sort_unstable();
        }
        all
    }

    /// Returns the name of the model that answers; nothing while it is hidden.
    pub fn name<'a>(&self, response: &'a Response) -> &'a str {
        if self.are_hidden() { "" } else { response.answerer().id.as_str() }
    }

    /// Returns what a model is called in a sentence: its name, or its letter while that is hidden.
    pub fn called(&self, column: Column, response: &Response) -> String {
        if self.are_hidden() { self.letter(column).to_string() } else { response.answerer().id.to_string() }
    }

    /// Returns a text of ours that may name models or who runs them: while they are hidden, with letters in place of
    /// the names.
    pub fn disguise(&self, text: &str, responses: &[Response]) -> String {
        let mut text = text.to_owned();
        if !self.are_hidden() {
            return text;
        }
        for (idx, response) in responses.iter().enumerate() {
            let member = &response.member;
            let letter = self.letter(Column::at(idx)).to_string();
            let stand_in = response.stand_in.as_ref().map(|stand_in| stand_in.member.id.as_str());
            let names = [member.id.as_str(), &member.api_model].into_iter().chain(stand_in);
            for name in names {
                text = without(&text, name, &letter);
            }
            for name in [Some(&member.provider), member.vendor.as_ref()].into_iter().flatten() {
                text = without(&text, name, "its provider");
            }
        }
        text
    }
}

/// Returns `text` with every place where `name` stands as a word of its own filled by `other`. Case does not count.
fn without(text: &str, name: &str, other: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (lower, name) = (text.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in lower.match_indices(&name).filter(|(_, found)| !found.is_empty()) {
        let end = at + name.len();
        let is_word = !lower.get(..at).is_some_and(|before| before.ends_with(is_part))
            && !lower.get(end..).is_some_and(|after| after.starts_with(is_part));
        if is_word && at >= from {
            shown.push_str(text.get(from..at).unwrap_or_default());
            shown.push_str(other);
            from = end;
        }
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    shown
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::member::Member;

    #[test]
    fn the_letters_of_those_who_were_asked_are_dealt_out_among_them() {
        let asked = [Column(0), Column(2), Column(3)];
        for turn in 1..40 {
            let faces = Faces::hidden(TurnId(turn), 4, &asked);
            assert_eq!(faces.of(Column(1)), Column(1));
            let mut letters: Vec<Column> = asked.iter().map(|column| faces.of(*column)).collect();
            letters.sort_unstable();
            assert_eq!(letters, asked);
            for column in asked {
                assert_eq!(faces.behind(faces.of(column)), column);
            }
        }
    }

    #[test]
    fn every_order_is_dealt_about_as_often() {
        let asked = [Column(0), Column(1), Column(2)];
        let mut first = [0; 3];
        for turn in 1..=300 {
            first[Faces::hidden(TurnId(turn), 3, &asked).of(Column(0)).index()] += 1;
        }
        assert!(first.iter().all(|n| (60..=140).contains(n)), "{first:?}");
    }

    #[test]
    fn a_sentence_that_names_a_model_or_its_provider_is_disguised() {
        let member = Member { provider: "openai".into(), ..Member::named("gpt") };
        let turn = [member, Member::named("claude")].map(|member| Response::skipped(Arc::new(member)));
        let faces = Faces { masks: vec![Column(1), Column(0)] };
        let text = "OpenAI is over its limit; gpt and claude, not gpts";
        assert_eq!(faces.disguise(text, &turn), "its provider is over its limit; B and A, not gpts");
        assert_eq!(Faces::default().disguise(text, &turn), text);
    }

    #[test]
    fn the_same_turn_is_dealt_the_same_way() {
        let asked = [Column(0), Column(1), Column(2)];
        assert_eq!(Faces::hidden(TurnId(7), 3, &asked), Faces::hidden(TurnId(7), 3, &asked));
    }
}
