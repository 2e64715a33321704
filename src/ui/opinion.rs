//! What a person thinks of a turn: whether its answer is right, and which response is the best. With the way back.

use crate::domain::opinion;

pub use crate::domain::opinion::Judgement;

/// What a person thinks of one turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opinion {
    /// What they think now.
    pub held: opinion::Opinion,
    /// What they thought of the answer before, to be taken back to.
    before: Vec<Option<Judgement>>,
}

impl From<opinion::Opinion> for Opinion {
    fn from(held: opinion::Opinion) -> Self {
        Self { held, before: Vec::new() }
    }
}

impl Opinion {
    /// Notes what the person thinks now.
    pub fn judge(&mut self, judgement: Judgement) {
        if self.held.judgement != Some(judgement) {
            self.before.push(self.held.judgement.replace(judgement));
        }
    }

    /// Goes back to what they thought before, for a judgement of an earlier run to nothing; returns whether they had
    /// thought anything else.
    pub fn take_back(&mut self) -> bool {
        let before = self.before.pop().or_else(|| self.held.judgement.map(|_| None));
        self.held.judgement = before.unwrap_or(self.held.judgement);
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
        assert_eq!(opinion.held.judgement, Some(Judgement::Wrong));
        assert!(opinion.take_back());
        assert_eq!(opinion.held.judgement, Some(Judgement::Right));
        assert!(opinion.take_back());
        assert_eq!(opinion.held.judgement, None);
        assert!(!opinion.take_back());
    }
}
