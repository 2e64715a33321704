//! What a run that is played can reach: everything but the models.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Notify;

use crate::edge::clock;
use crate::shell::effects::{Flow, Outside, Reach};
use crate::shell::replay::clock::Clock;
use crate::shell::terminal::Glass;
use crate::ui::effect::Effect;

/// The outside of a run that is played.
#[derive(Debug)]
pub struct Stage {
    /// What a run reaches besides models.
    pub outside: Outside,
    /// The time of the run.
    pub clock: Arc<Clock>,
    /// Told when the rest is wanted at once.
    pub skip: Arc<Notify>,
}

impl Reach for Stage {
    #[expect(clippy::wildcard_enum_match_arm, reason = "only what reaches models is another thing here")]
    fn act(&mut self, effect: Effect, glass: &mut dyn Glass) -> Flow {
        match effect {
            // Stopping the answers stops the wait for them.
            Effect::StopAll { .. } => {
                self.skip.notify_one();
                Flow::Say("a replay: this is how it ended".to_owned())
            }
            Effect::Ask { .. } | Effect::AskMember { .. } | Effect::StopMember { .. } | Effect::Withdraw { .. } => {
                Flow::Say("a replay: nobody is asked or stopped".to_owned())
            }
            effect => self.outside.act(effect, glass),
        }
    }

    fn now(&self) -> Instant {
        self.clock.at(clock::now())
    }

    fn when(&self, moment: Instant) -> Instant {
        self.clock.when(moment)
    }
}
