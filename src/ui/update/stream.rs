//! What comes in from a turn: text, readings, verdicts.

use std::sync::Arc;
use std::time::Duration;

use crate::consensus::report::Report;
use crate::domain::ids::TurnId;
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::domain::verdict::{Band, Verdict};
use crate::ui::app::{App, TurnView};
use crate::ui::effect::Effect;
use crate::ui::marks::Marks;
use crate::ui::update::{ask, compare};

/// How long a person looks elsewhere before they are told that a turn has ended.
const ELSEWHERE: Duration = Duration::from_secs(10);

/// Applies an event of a call; one of a turn that is gone changes nothing.
pub(crate) fn take(app: &mut App, event: &StreamEvent) {
    let Some(view) = app.turn_mut(event.turn) else { return };
    view.turn.apply(event);
    view.revision += 1;
    let Some(column) = view.columns.get_mut(event.column.index()) else { return };
    match &event.kind {
        StreamEventKind::Waiting { attempt: 1 } => {
            *column = column.anew();
            view.verdict = None;
        }
        StreamEventKind::LeftOut(_) => *column = column.anew(),
        StreamEventKind::Delta(delta) => {
            view.n_texts += 1;
            let all = view.turn.response(event.column).map(|response| response.reasoning.as_str());
            if let Some(reasoning) = all.filter(|_| delta.recasts) {
                *column = column.anew();
                column.thought.push(reasoning);
            } else {
                column.thought.push(&delta.reasoning);
            }
            if !delta.text.is_empty() {
                column.thought.answer_begins(event.at);
            }
            column.document.push(&delta.text);
        }
        StreamEventKind::Finished(_)
        | StreamEventKind::Failed(_)
        | StreamEventKind::Cancelled
        | StreamEventKind::Withdrawn => {
            column.document.close();
        }
        StreamEventKind::Waiting { .. }
        | StreamEventKind::Started { .. }
        | StreamEventKind::Shortened(_)
        | StreamEventKind::Counted(_)
        | StreamEventKind::Retrying { .. }
        | StreamEventKind::Switched { .. }
        | StreamEventKind::Declined
        | StreamEventKind::Late => {}
    }
}

/// Takes a reading of the engine in: new marks for every column.
pub(crate) fn report(app: &mut App, turn: TurnId, report: Arc<Report>, band: Option<Band>) {
    let Some(view) = app.turn_mut(turn) else { return };
    view.numbers.assign(&report);
    let TurnView { columns, numbers, .. } = view;
    for (idx, column) in columns.iter_mut().enumerate() {
        column.marks = Marks::of(&report, idx, |id| numbers.of(id));
    }
    view.report = Some(report);
    view.band = band;
    view.revision += 1;
    compare::follow_report(app);
}

/// Takes a verdict in; a question that waited for it is sent.
pub(crate) fn verdict(app: &mut App, turn: TurnId, verdict: Box<Verdict>) -> Vec<Effect> {
    let Some(view) = app.turn_mut(turn) else { return Vec::new() };
    view.chat.set_answer(verdict.answer.as_deref().unwrap_or_default(), verdict.answer_by);
    view.verdict = Some(verdict);
    view.revision += 1;
    let is_settled = view.is_settled();
    let is_newest = app.turns.last().is_some_and(|newest| newest.turn.id == turn);
    if !(is_settled && is_newest) {
        return Vec::new();
    }
    // One that is not sent, for its price or for want of a model, does not hold up the next.
    while let Some(question) = app.queue.pop_front() {
        let files = app.talk.aside.pop_front().unwrap_or_default();
        let effects = ask::send(app, &question, files);
        if !effects.is_empty() {
            return effects;
        }
    }
    tell(app).into_iter().collect()
}

/// Returns the notification of a turn that has ended, where the person has been looking elsewhere for a while.
fn tell(app: &App) -> Option<Effect> {
    let away = app.now.saturating_duration_since(app.unfocused_since?);
    let verdict = app.turns.last()?.verdict.as_ref()?;
    let conflicts = match verdict.counts.conflicts {
        0 => String::new(),
        1 => ", 1 conflict".to_owned(),
        n => format!(", {n} conflicts"),
    };
    let text = format!("{} of {} answered{conflicts}", verdict.answered, verdict.asked);
    (away >= ELSEWHERE).then_some(Effect::Notify(text))
}
