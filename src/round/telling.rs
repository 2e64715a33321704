//! What the engine is told of what happens to calls: the same in a turn that runs and in one that is run again.

use crate::analyst::Feed;
use crate::consensus::voice::Ending;
use crate::domain::response::State;
use crate::domain::stream::{Delta, StreamEvent, StreamEventKind};
use crate::domain::turn::Turn;
use crate::round::ending::ending_of;

/// Applies `event` to its turn, and returns what the engine is to be told of it.
pub(super) fn apply(turn: &mut Turn, event: &StreamEvent) -> Vec<Feed> {
    let member = event.column.index();
    let was_late = turn.response(event.column).is_some_and(|response| response.state == State::Late);
    turn.apply(event);
    let forget = Feed::Forget { member };
    let end = |ending| Feed::End { member, ending };
    match &event.kind {
        StreamEventKind::Delta(Delta { text, recasts, .. }) => {
            // Of one that was left out the engine was told that nothing would come.
            let anew = (was_late || *recasts).then_some(forget);
            let more = (!text.is_empty()).then(|| Feed::Append { member, text: text.clone() });
            anew.into_iter().chain(more).collect()
        }
        StreamEventKind::Finished(_) | StreamEventKind::Failed(_) => {
            vec![end(turn.response(event.column).map_or(Ending::Nothing, ending_of))]
        }
        // What an earlier call of this member left in the queue came in before: it is nobody's any more.
        StreamEventKind::Waiting { attempt: 1 } => vec![forget],
        StreamEventKind::LeftOut(_) | StreamEventKind::Late => vec![end(Ending::Nothing)],
        StreamEventKind::Cancelled => vec![end(Ending::Partial)],
        StreamEventKind::Withdrawn => vec![forget, end(Ending::Nothing)],
        StreamEventKind::Waiting { .. }
        | StreamEventKind::Started { .. }
        | StreamEventKind::Counted(_)
        | StreamEventKind::Retrying { .. }
        | StreamEventKind::Switched { .. }
        | StreamEventKind::Shortened(_)
        // The engine has found that itself.
        | StreamEventKind::Declined => Vec::new(),
    }
}
