//! What was asked or cleared in this run: one by one with the up and down keys, or found by a part of it.

use std::collections::BTreeMap;

use crate::ui::composer::Composer;
use crate::ui::fuzzy::score;

/// Questions and drafts, oldest first.
#[derive(Clone, Debug, Default)]
pub struct History {
    entries: Vec<String>,
    /// The entry in the composer; `None` while that holds a question of its own.
    at: Option<usize>,
    /// What was typed over entries, and behind the newest one the question of its own: nothing typed is lost by moving.
    typed: BTreeMap<usize, String>,
    /// Whether another escape edits the newest question: nothing has been pressed since the first one.
    pub is_edit_armed: bool,
}

/// A search through the history, and the composer as it was before.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What is typed.
    pub pattern: String,
    /// The entries that fit, the best first.
    pub found: Vec<usize>,
    /// The one in the composer, as a place in `found`.
    pub picked: usize,
    /// The composer to go back to.
    pub before: Composer,
}

impl History {
    /// Keeps a text as the newest; one that is there already moves up. Ends the walk through the entries.
    pub fn keep(&mut self, text: &str) {
        self.at = None;
        self.typed.clear();
        if text.trim().is_empty() {
            return;
        }
        self.entries.retain(|entry| entry != text);
        self.entries.push(text.to_owned());
    }

    /// Puts what was asked before this run behind all that is there, oldest first.
    pub fn remember(&mut self, earlier: Vec<String>) {
        let n_before = self.entries.len();
        let mut entries: Vec<String> = earlier.into_iter().filter(|it| !self.entries.contains(it)).collect();
        entries.append(&mut self.entries);
        self.entries = entries;
        // The places in a walk under way move on.
        let n_new = self.entries.len() - n_before;
        self.at = self.at.map(|at| at + n_new);
        self.typed = std::mem::take(&mut self.typed).into_iter().map(|(at, text)| (at + n_new, text)).collect();
    }

    /// Returns the newest entry.
    pub fn newest(&self) -> Option<&str> {
        self.entries.last().map(String::as_str)
    }

    /// Returns an entry by its place, the oldest being 0.
    pub fn entry(&self, idx: usize) -> Option<&str> {
        self.entries.get(idx).map(String::as_str)
    }

    /// Goes to the entry before, away from `current`; `None` where there is none.
    pub fn older(&mut self, current: &str) -> Option<String> {
        let here = self.at.unwrap_or(self.entries.len());
        self.go(here, here.checked_sub(1)?, current)
    }

    /// Goes to the entry after, and behind the newest back to what was typed before the walk; `None` where there is none.
    pub fn newer(&mut self, current: &str) -> Option<String> {
        let here = self.at?;
        self.go(here, here + 1, current)
    }

    fn go(&mut self, here: usize, there: usize, current: &str) -> Option<String> {
        let text = self.typed.get(&there).or_else(|| self.entries.get(there)).cloned();
        let text = if there == self.entries.len() { Some(text.unwrap_or_default()) } else { text }?;
        if self.entries.get(here).is_none_or(|entry| entry != current) {
            self.typed.insert(here, current.to_owned());
        }
        self.at = (there < self.entries.len()).then_some(there);
        Some(text)
    }

    /// Returns the entries that fit a pattern: those that hold it in one piece come first, the newest before older ones.
    pub fn find(&self, pattern: &str) -> Vec<usize> {
        let holds = |entry: &String| entry.to_lowercase().contains(&pattern.to_lowercase());
        let fits = self.entries.iter().enumerate().filter_map(|(idx, entry)| {
            let rank = if holds(entry) { i32::MAX } else { score(pattern, entry)? };
            Some((rank, idx))
        });
        let mut found: Vec<(i32, usize)> = fits.collect();
        found.sort_by_key(|(rank, idx)| std::cmp::Reverse((*rank, *idx)));
        found.into_iter().map(|(_, idx)| idx).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(entries: &[&str]) -> History {
        let mut history = History::default();
        for entry in entries {
            history.keep(entry);
        }
        history
    }

    #[test]
    fn walking_back_and_forth_loses_nothing_that_was_typed() {
        let mut history = history(&["one", "two"]);
        assert_eq!(history.older("draft").as_deref(), Some("two"));
        assert_eq!(history.older("two, changed").as_deref(), Some("one"));
        assert_eq!(history.older("one"), None);
        assert_eq!(history.newer("one").as_deref(), Some("two, changed"));
        assert_eq!(history.newer("two, changed").as_deref(), Some("draft"));
        assert_eq!(history.newer("draft"), None);
    }

    #[test]
    fn what_was_asked_before_this_run_comes_after_all_of_this_one() {
        let mut history = history(&["new", "newer"]);
        assert_eq!(history.older("draft").as_deref(), Some("newer"));
        history.remember(vec!["old".to_owned(), "new".to_owned()]);
        assert_eq!(history.older("newer").as_deref(), Some("new"));
        assert_eq!(history.older("new").as_deref(), Some("old"));
        assert_eq!(history.newer("old").as_deref(), Some("new"));
        assert_eq!(history.newer("new").as_deref(), Some("newer"));
        assert_eq!(history.newer("newer").as_deref(), Some("draft"));
    }

    #[test]
    fn an_entry_is_kept_once_and_blank_ones_never() {
        let mut history = history(&["one", "two", "one", " "]);
        assert_eq!(history.older("").as_deref(), Some("one"));
        assert_eq!(history.older("one").as_deref(), Some("two"));
        assert_eq!(history.older("two"), None);
    }

    #[test]
    fn whole_pieces_are_found_before_scattered_letters_and_new_ones_before_old() {
        let history = history(&["When did Apollo 11 land?", "a pony lost", "Apollo again"]);
        assert_eq!(history.find("apollo"), [2, 0]);
        assert_eq!(history.find("zebra"), Vec::<usize>::new());
        assert_eq!(history.find(""), [2, 1, 0]);
        assert_eq!(self::history(&["a blue cow", "blue", "b l u e"]).find("blue"), [1, 0, 2]);
    }
}
