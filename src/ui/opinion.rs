//! What a person thinks of a turn: whether its answer is right, and which response is the best. Kept in memory.

use crate::domain::ids::Column;

/// What a person thinks of the answer of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// A part of it is right.
    Partly,
}

/// What a person thinks of one turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opinion {
    /// What they think of the answer.
    pub judgement: Option<Judgement>,
    /// What they thought before, to be taken back to.
    before: Vec<Option<Judgement>>,
    /// The response that they took for the best without knowing whose it was.
    pub vote: Option<Column>,
}

impl Judgement {
    /// Returns the word used on the screen and as a command.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Partly => "partly right",
        }
    }

    /// Returns the judgement that a letter or word stands for: `r`, `w`, `p` and the words that begin with them.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "r" | "right" => Some(Self::Right),
            "w" | "wrong" => Some(Self::Wrong),
            "p" | "partly" => Some(Self::Partly),
            _ => None,
        }
    }
}

impl Opinion {
    /// Notes what the person thinks now.
    pub fn judge(&mut self, judgement: Judgement) {
        if self.judgement != Some(judgement) {
            self.before.push(self.judgement.replace(judgement));
        }
    }

    /// Goes back to what they thought before; returns whether they had thought anything else.
    pub fn take_back(&mut self) -> bool {
        let before = self.before.pop();
        self.judgement = before.unwrap_or(self.judgement);
        before.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judgement_is_taken_back_step_by_step() {
        let mut opinion = Opinion::default();
        for word in ["right", "w", "w"] {
            opinion.judge(Judgement::from_word(word).unwrap());
        }
        assert_eq!(opinion.judgement, Some(Judgement::Wrong));
        assert!(opinion.take_back());
        assert_eq!(opinion.judgement, Some(Judgement::Right));
        assert!(opinion.take_back());
        assert_eq!(opinion.judgement, None);
        assert!(!opinion.take_back());
    }
}
