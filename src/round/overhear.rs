//! Lets another reader hear what happens in a turn before its first reader does, however busy that one is.

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::round::plan::RoundEvent;

/// Returns where a turn may send its events: `listener` hears each, and `events` gets it then. Once nobody takes `events`
/// any more, neither is told anything. Needs the tokio runtime that the turn runs on; a listener must not wait.
pub fn overheard(
    events: UnboundedSender<RoundEvent>,
    mut listener: impl FnMut(&RoundEvent) + Send + 'static,
) -> UnboundedSender<RoundEvent> {
    let (heard_first, mut heard) = unbounded_channel();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                biased;
                () = events.closed() => return,
                event = heard.recv() => {
                    let Some(event) = event else { return };
                    listener(&event);
                    // Closed: the loop ends at its next turn.
                    let _ = events.send(event);
                }
            }
        }
    });
    heard_first
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::domain::ids::{Column, TurnId};
    use crate::domain::stream::{StreamEvent, StreamEventKind};

    fn event(column: u8) -> RoundEvent {
        let at = tokio::time::Instant::now().into_std();
        RoundEvent::Stream(StreamEvent { turn: TurnId(1), column: Column(column), at, kind: StreamEventKind::Late })
    }

    fn column(event: &RoundEvent) -> u8 {
        match event {
            RoundEvent::Stream(event) => event.column.0,
            RoundEvent::Report(..) | RoundEvent::Verdict(..) => u8::MAX,
        }
    }

    #[tokio::test]
    async fn both_readers_hear_everything_in_order_and_a_turn_that_nobody_reads_ends() {
        let (told, telling) = channel();
        let (events, mut inbox) = unbounded_channel();
        let sender = overheard(events, move |event| told.send(column(event)).unwrap());
        for n in 0..3 {
            sender.send(event(n)).unwrap();
        }
        for n in 0..3 {
            assert_eq!(inbox.recv().await.map(|event| column(&event)), Some(n));
            assert_eq!(telling.try_recv(), Ok(n), "heard before it was passed on");
        }
        drop(inbox);
        sender.closed().await;
    }
}
