//! Who supports the claims of an answer, and the sides of the conflicts that touch it.

use crate::domain::ids::Column;
use crate::domain::verdict::{ContradictionRecord, ResponseRecord, Verdict};
use crate::ui::app::TurnView;
use crate::ui::line::{Line, Slot};
use crate::ui::text::clean::clean;
use crate::ui::text::width::truncate;

/// Claims of the answer that are listed with who supports them.
const MOST_SUPPORTED: usize = 3;

/// Returns who supports the answer's claims, and the sides of conflicts that touch it.
pub(crate) fn lines(view: &TurnView, verdict: &Verdict, cells: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    let is_contested = |id: u32| verdict.contradictions.iter().any(|contradiction| contradiction.claim == id);
    let shared =
        verdict.support.iter().filter(|supported| supported.members.len() >= 2 && !is_contested(supported.claim));
    for supported in shared.take(MOST_SUPPORTED) {
        let Some(claim) = verdict.claims.iter().find(|claim| claim.id == supported.claim) else { continue };
        let chips = view.faces.all(supported.members.iter().copied());
        let room = cells.saturating_sub(u16::try_from(chips.len() * 3 + 3).unwrap_or(0));
        let text = clean(&claim.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let (slot, sign) = if chips.len() == verdict.answered { (Slot::Agreed, "= ") } else { (Slot::Partly, "~ ") };
        let line = Line::new().with(slot, sign).with(Slot::Dim, truncate(&text, room)).with(Slot::Dim, " ");
        lines.push(line.with_chips(chips));
    }
    let touching = verdict.contradictions.iter().filter(|contradiction| contradiction.touches_answer);
    lines.extend(touching.map(|contradiction| sides(view, verdict, contradiction, cells)));
    lines
}

fn sides(view: &TurnView, verdict: &Verdict, contradiction: &ContradictionRecord, cells: u16) -> Line {
    let mut line = Line::new().with(Slot::Conflict, format!("≠{} ", view.numbers.of(contradiction.id)));
    let n_sides = contradiction.sides.len().max(1);
    for side in &contradiction.sides {
        let chips = view.faces.all(side.members.iter().copied());
        let is_partial =
            |member: &Column| verdict.responses.get(member.index()).is_some_and(ResponseRecord::is_partial);
        let partial = if side.members.iter().any(is_partial) { " partial" } else { "" };
        let room = usize::from(cells) / n_sides;
        let value = clean(&side.value);
        let text =
            truncate(&value, u16::try_from(room.saturating_sub(chips.len() * 3 + 4 + partial.len())).unwrap_or(0))
                .into_owned();
        line.push(Slot::Text, text);
        line.push(Slot::Text, " ");
        line = line.with_chips(chips).with(Slot::Dim, partial).with(Slot::Text, "  ");
    }
    line
}
