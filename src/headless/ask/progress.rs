//! What a person who waits is told meanwhile: who is asked, and who is done, late or asked again.

use std::time::Duration;

use crate::consensus::plain::clean;
use crate::domain::cost::Cost;
use crate::domain::member::Member;
use crate::domain::money::Usd;
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::domain::turn::Turn;

/// Returns who is asked, where the question goes, and about what it will cost.
pub(super) fn opening(members: &[&Member], expected: Cost, is_demo: bool) -> String {
    let ids: Vec<&str> = members.iter().map(|member| member.id.as_str()).collect();
    let ids = clean(&ids.join(", "));
    if is_demo {
        return format!("asking the demo models {ids}: scripted, and nothing leaves this machine");
    }
    // Who reads the question is who is asked, not who made the model.
    let mut vendors: Vec<&str> = Vec::new();
    for member in members {
        if !vendors.contains(&&*member.provider) {
            vendors.push(&member.provider);
        }
    }
    let n_vendors = vendors.len();
    let noun = if n_vendors == 1 { "vendor" } else { "vendors" };
    let vendors = clean(&vendors.join(", "));
    let cost = if expected.known > Usd(0.0) { format!("{expected} expected") } else { expected.to_string() };
    format!("asking {ids}: the question goes to {n_vendors} {noun} ({vendors}), {cost}")
}

/// Returns what to say about an event of `turn`, which knows of it already; `None` for most.
pub(in crate::headless) fn line(event: &StreamEvent, turn: &Turn) -> Option<String> {
    let response = turn.response(event.column)?;
    let id = clean(response.answerer().id.as_str());
    let after = || seconds(response.total().unwrap_or_default());
    let said = match &event.kind {
        StreamEventKind::Finished(_) => format!("{id} answered after {}", after()),
        StreamEventKind::Failed(_) => format!("{id} failed after {}", after()),
        StreamEventKind::Retrying { attempt, after, fault } => {
            format!("{id}: {}; attempt {attempt} in {}", clean(&fault.message), seconds(*after))
        }
        StreamEventKind::Switched { to, fault } => {
            let id = clean(response.member.id.as_str());
            format!("{id}: {}; {} is asked instead", clean(&fault.message), clean(to.id.as_str()))
        }
        StreamEventKind::Late => match &response.held_by {
            Some(fault) => format!("{id} is left out: {}", clean(&fault.message)),
            None => format!("{id} has not begun and is left out"),
        },
        StreamEventKind::Declined => format!("{id} declined to answer: no vote"),
        StreamEventKind::LeftOut(fault) => format!("{id} is not asked: {}", clean(&fault.told())),
        StreamEventKind::Shortened(shortened) => format!("{id}: {}", shortened.in_words()),
        StreamEventKind::Waiting { .. }
        | StreamEventKind::Started { .. }
        | StreamEventKind::Delta(_)
        | StreamEventKind::Counted(_)
        | StreamEventKind::Cancelled
        | StreamEventKind::Withdrawn => return None,
    };
    Some(said)
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::fault::{Fault, FaultKind};
    use crate::domain::ids::{Column, TurnId};

    #[test]
    fn the_vendors_are_those_who_get_to_read_the_question() {
        let member = |id: &str, provider: &str| Member { provider: Arc::from(provider), ..Member::named(id) };
        let asked = [member("gpt", "openai"), member("a", "openrouter"), member("b", "openrouter")];
        let cost = Cost { known: Usd(0.012), is_estimated: true, is_partial: false };
        assert_eq!(
            opening(&asked.each_ref(), cost, false),
            "asking gpt, a, b: the question goes to 2 vendors (openai, openrouter), ~$0.012 expected"
        );
        let one = opening(&[&member("mine", "ollama")], Cost { is_partial: true, ..Cost::default() }, false);
        assert_eq!(one, "asking mine: the question goes to 1 vendor (ollama), cost unknown");
        let demo = opening(&[&member("aspen", "demo-aspen")], Cost::default(), true);
        assert_eq!(demo, "asking the demo models aspen: scripted, and nothing leaves this machine");
    }

    #[test]
    fn a_person_hears_of_ends_and_waits_and_of_nothing_else() {
        let at = tokio::time::Instant::now().into_std();
        let mut turn = Turn::new(TurnId(1), "why?", [Arc::new(Member::named("gpt"))], at);
        let mut tell = |kind, ms| {
            let event = StreamEvent { turn: TurnId(1), column: Column(0), at: at + Duration::from_millis(ms), kind };
            turn.apply(&event);
            line(&event, &turn)
        };
        let fault = || Fault::new(FaultKind::Overloaded, "openai is overloaded");
        assert_eq!(tell(StreamEventKind::Waiting { attempt: 1 }, 0), None);
        let retrying = StreamEventKind::Retrying { attempt: 2, after: Duration::from_millis(1_540), fault: fault() };
        assert_eq!(tell(retrying, 5), Some("gpt: openai is overloaded; attempt 2 in 1.5 s".to_owned()));
        assert_eq!(tell(StreamEventKind::Started { n_tokens: 9 }, 1_600), None);
        assert_eq!(tell(StreamEventKind::Finished(Box::default()), 2_310), Some("gpt answered after 2.3 s".to_owned()));
        assert_eq!(tell(StreamEventKind::Failed(fault()), 2_310), Some("gpt failed after 2.3 s".to_owned()));
        let switched = StreamEventKind::Switched { to: Arc::new(Member::named("claude")), fault: fault() };
        assert_eq!(tell(switched, 0), Some("gpt: openai is overloaded; claude is asked instead".to_owned()));
        assert_eq!(tell(StreamEventKind::Late, 0), Some("claude has not begun and is left out".to_owned()));
    }
}
