//! What the panel lists: a card for each conflict, a line or two for each claim, with values and letters below each other.

use std::ops::Range;

use crate::consensus::report::{Claim, Class, ConflictStatus, Contradiction, Side, Stance};
use crate::domain::ids::Column;
use crate::domain::response::Response;
use crate::ui::app::TurnView;
use crate::ui::geometry::PanelShape;
use crate::ui::line::{Line, Slot};
use crate::ui::sources;
use crate::ui::text::clean::clean;
use crate::ui::text::width::{truncate, width, wrap};

/// Cells before the text of an item: the cursor, the sign and air.
pub(crate) const INDENT: usize = 5;
/// Cells of a model's letter.
const CHIP: usize = 3;
/// Cells between a text and what stands beside it.
const AIR: usize = 2;
/// Positions of a conflict that share its line; a third is folded until the conflict is selected.
const SIDES: usize = 2;
/// The most rows of one text in a panel beside the columns.
const ROWS: usize = 3;
/// From this width on, a line has room to name who is silent.
const ROOMY: usize = 100;

/// The items of a panel, with the widths that they share.
#[derive(Debug)]
pub(crate) struct Cards<'a> {
    view: &'a TurnView,
    shape: PanelShape,
    /// Cells behind the indent.
    room: usize,
    /// The models, each with a place of its own for its letter.
    letters: Vec<Column>,
    /// Cells of what a conflict is about.
    topic: usize,
    /// Cells of a claim.
    text: usize,
}

impl<'a> Cards<'a> {
    /// Returns the items for a panel of that shape and width; `columns` are those in sight.
    pub(crate) fn new(
        view: &'a TurnView,
        columns: Vec<Column>,
        (shape, cells): (PanelShape, u16),
        conflicts: &[(u32, &Contradiction)],
        claims: &[&Claim],
    ) -> Self {
        let room = usize::from(cells).saturating_sub(INDENT);
        let letters = view.faces.all(columns);
        let sides = conflicts.iter().map(|(_, conflict)| sides_width(conflict)).max().unwrap_or(0).min(room * 3 / 5);
        let longest_topic = conflicts.iter().map(|(_, conflict)| cells_of(&topic(conflict))).max().unwrap_or(0);
        let longest = claims.iter().map(|claim| cells_of(&one_line(&claim.text))).max().unwrap_or(0);
        let mut cards =
            Self { view, shape, room, topic: longest_topic.min(room.saturating_sub(sides + AIR)), letters, text: 0 };
        let named = claims.iter().map(|claim| cells_of(&cards.silent(claim))).max().unwrap_or(0);
        let named = if named > 0 && cards.names_the_silent() { named + AIR } else { 0 };
        cards.text = longest.min(room.saturating_sub(AIR + cards.letters.len() * CHIP + named));
        cards
    }

    /// Returns a conflict: in a wide panel a line, and once it is selected its further sides, a line each.
    pub(crate) fn conflict(&self, number: u32, conflict: &Contradiction, is_selected: bool) -> Vec<Line> {
        match self.shape {
            PanelShape::Wide => self.wide_card(number, conflict, is_selected),
            PanelShape::Rail => self.tall_card(number, conflict, is_selected),
        }
    }

    fn wide_card(&self, number: u32, conflict: &Contradiction, is_selected: bool) -> Vec<Line> {
        let mut line = sign(number, conflict, is_selected);
        let topic = truncate(&topic(conflict), as_cells(self.topic)).into_owned();
        let air = " ".repeat(self.topic.saturating_sub(cells_of(&topic)) + AIR);
        line.push(text_slot(conflict), topic);
        line.push(Slot::Text, air);
        let n_sides = conflict.sides.len().clamp(1, SIDES);
        let side_room = self.room.saturating_sub(self.topic + AIR + 4) / n_sides;
        for side in conflict.sides.iter().take(n_sides) {
            line = line.with_chips(self.chips(side));
            let value_room = side_room.saturating_sub(side.members.len() * CHIP + 3);
            let value = one_line(&side.value);
            line.push(Slot::Text, format!(" {}   ", truncate(&value, as_cells(value_room))));
        }
        let further = conflict.sides.get(n_sides..).unwrap_or_default();
        if !further.is_empty() && !is_selected {
            line.push(Slot::Dim, format!("+{}", further.len()));
        }
        let mut lines = vec![line];
        if is_selected {
            lines.extend(further.iter().flat_map(|side| self.side(side)));
            lines.extend(conflict.sides.iter().filter_map(|side| self.side_sources(side)));
        }
        lines
    }

    fn tall_card(&self, number: u32, conflict: &Contradiction, is_selected: bool) -> Vec<Line> {
        let sign = sign(number, conflict, is_selected);
        let mut lines = self.hung(&sign, text_slot(conflict), &topic(conflict));
        for side in &conflict.sides {
            lines.extend(self.side(side));
            lines.extend(self.side_sources(side));
        }
        let claims = self.view.report.iter().flat_map(|report| &report.claims);
        let claim = claims.into_iter().find(|claim| claim.id == conflict.claim);
        if let Some(silent) = claim.map(|claim| self.silent(claim)).filter(|silent| !silent.is_empty()) {
            lines.push(indented().with(Slot::Dim, silent));
        }
        lines.push(Line::new());
        lines
    }

    /// Returns a text in as many rows as it needs, up to [`ROWS`]; those after the first are indented.
    fn hung(&self, sign: &Line, slot: Slot, text: &str) -> Vec<Line> {
        let rows = wrap(text, as_cells(self.room));
        let n_rows = rows.len();
        let mut lines: Vec<Line> = Vec::new();
        for (idx, row) in rows.into_iter().enumerate().take(ROWS) {
            let before = if idx == 0 { sign.clone() } else { indented() };
            let is_cut = idx + 1 == ROWS && n_rows > ROWS;
            let row = if is_cut { truncate(&format!("{row}  …"), as_cells(self.room)).into_owned() } else { row };
            lines.push(before.with(slot, row));
        }
        lines
    }

    /// Returns a side of a conflict in lines of its own: the letters of those who take it, and its value.
    fn side(&self, side: &Side) -> Vec<Line> {
        let chips = self.chips(side);
        let taken = chips.len() * CHIP + AIR;
        let mut before = indented().with_chips(chips).with(Slot::Text, "  ");
        let mut lines = Vec::new();
        for row in wrap(&one_line(&side.value), as_cells(self.room.saturating_sub(taken))).into_iter().take(ROWS) {
            lines.push(before.with(Slot::Text, row));
            before = indented().with(Slot::Text, " ".repeat(taken));
        }
        lines
    }

    /// Returns the hosts that one side of a conflict names as its sources, in a line; `None` where it names none.
    fn side_sources(&self, side: &Side) -> Option<Line> {
        self.sources(side.quotes.iter().map(|quote| (quote.member, &quote.range)))
    }

    /// Returns whom these words rest on by their own marks, each model with its hosts; `None` where nobody names a
    /// source.
    fn sources<'b>(&self, words: impl Iterator<Item = (usize, &'b Range<usize>)>) -> Option<Line> {
        let mut cited: Vec<(Column, Vec<String>)> = Vec::new();
        for (member, bytes) in words {
            let Some(response) = self.view.turn.responses.get(member) else { continue };
            let hosts = sources::hosts(response, bytes);
            let letter = self.view.faces.of(Column::at(member));
            match cited.iter_mut().find(|(known, _)| *known == letter) {
                Some((_, known)) => known.extend(hosts),
                None if hosts.is_empty() => {}
                None => cited.push((letter, hosts)),
            }
        }
        if self.view.faces.are_hidden() {
            // The true order would tell who is who.
            cited.sort_unstable();
        }
        let named = cited.iter_mut().map(|(letter, hosts)| {
            hosts.dedup();
            format!("{} {}", letter.letter(), hosts.join(", "))
        });
        let text = format!("sources: {}", named.collect::<Vec<_>>().join(" · "));
        let line = indented().with(Slot::Dim, truncate(&text, as_cells(self.room)));
        (!cited.is_empty()).then_some(line)
    }

    /// Returns a claim with the letters of those who make it, each letter in its place: a gap is one who does not.
    pub(crate) fn claim(&self, claim: &Claim) -> Vec<Line> {
        let (slot, sign) = match claim.class {
            Class::Agreed => (Slot::Agreed, " =   "),
            Class::Partly => (Slot::Partly, " ~   "),
            Class::OnlyOne | Class::Conflict | Class::Pending => (Slot::OnlyOne, " ·   "),
        };
        let (sign, text) = (Line::new().with(slot, sign), one_line(&claim.text));
        let mut letters = self.in_place(claim);
        let silent = self.silent(claim);
        let sources = self.sources(claim.spans.iter().map(|span| (span.member, &span.range)));
        match self.shape {
            PanelShape::Wide => {
                let text = truncate(&text, as_cells(self.text)).into_owned();
                let air = " ".repeat(self.text.saturating_sub(cells_of(&text)) + AIR);
                let mut line = sign.with(Slot::Text, text).with(Slot::Text, air);
                line.pieces.extend(letters.pieces);
                if !silent.is_empty() && self.names_the_silent() {
                    line.push(Slot::Dim, format!("  {silent}"));
                }
                match sources {
                    Some(sources) if line.width() + sources.width() <= self.room + INDENT => {
                        line.pieces.extend(sources.pieces);
                        vec![line]
                    }
                    sources => std::iter::once(line).chain(sources).collect(),
                }
            }
            PanelShape::Rail => {
                let mut lines = self.hung(&sign, Slot::Text, &text);
                if !silent.is_empty() && letters.width() + AIR + cells_of(&silent) <= self.room {
                    letters.push(Slot::Dim, format!("  {silent}"));
                }
                let mut below = indented();
                below.pieces.extend(letters.pieces);
                lines.push(below);
                lines.extend(sources);
                lines.push(Line::new());
                lines
            }
        }
    }

    /// Returns how many claims that only one model makes are folded, by model; nothing for none.
    pub(crate) fn folded(&self, claims: &[&Claim]) -> Option<Line> {
        let by = |letter: &Column| {
            let is_theirs = |idx: usize| self.view.faces.of(Column::at(idx)) == *letter;
            claims.iter().filter(|claim| claim.spans.first().is_some_and(|span| is_theirs(span.member))).count()
        };
        let counted = self.letters.iter().map(|letter| (letter.letter(), by(letter))).filter(|(_, n)| *n > 0);
        let counted: Vec<String> = counted.map(|(letter, n)| format!("{letter} {n}")).collect();
        let line = Line::new()
            .with(Slot::OnlyOne, " ·   ")
            .with(Slot::Dim, format!("only one says it: {}", counted.join(" · ")))
            .with(Slot::Dim, "   . unfolds");
        (!claims.is_empty()).then_some(line)
    }

    /// Returns the letters of those who make a claim, with a gap for each of the others.
    fn in_place(&self, claim: &Claim) -> Line {
        let supporters = claim.stances.iter().enumerate().filter(|(_, stance)| **stance == Stance::Support);
        let chips = self.view.faces.all(supporters.map(|(idx, _)| Column::at(idx)));
        let mut line = Line::new();
        for letter in &self.letters {
            if chips.contains(letter) {
                line.push_chip(*letter);
            } else {
                line.push(Slot::Text, " ".repeat(CHIP));
            }
        }
        // A model that is off now, and said it in this turn.
        line.with_chips(chips.into_iter().filter(|chip| !self.letters.contains(chip)))
    }

    fn names_the_silent(&self) -> bool {
        self.room >= ROOMY
    }

    /// Returns the letters of those who take a position.
    fn chips(&self, side: &Side) -> Vec<Column> {
        self.view.faces.all(side.members.iter().copied().map(Column::at))
    }

    /// Returns who says nothing on a claim that others share or dispute, and who says otherwise, of those whose response
    /// counts.
    fn silent(&self, claim: &Claim) -> String {
        match claim.class {
            Class::Partly | Class::Conflict => {}
            Class::Agreed | Class::OnlyOne | Class::Pending => return String::new(),
        }
        let is_here = |idx: usize| self.view.turn.responses.get(idx).is_some_and(Response::counts);
        let absent = claim.stances.iter().enumerate();
        let absent = absent.filter(|(idx, stance)| **stance == Stance::Absent && is_here(*idx));
        let (otherwise, silent): (Vec<usize>, Vec<usize>) =
            absent.map(|(idx, _)| idx).partition(|idx| claim.otherwise.contains(idx));
        let say = |members: &[usize], one: &str, several: &str| {
            let faces = self.view.faces.all(members.iter().map(|idx| Column::at(*idx)));
            let letters: Vec<String> = faces.into_iter().map(|column| column.letter().to_string()).collect();
            let verb = if letters.len() == 1 { one } else { several };
            (!letters.is_empty()).then(|| format!("{} {verb}", letters.join(" ")))
        };
        let parts = [say(&otherwise, SAYS_OTHERWISE, SAY_OTHERWISE), say(&silent, "does not say", "do not say")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// Of who speaks of a claim's matter in other words, which could not be told to be the same or to deny it.
const SAYS_OTHERWISE: &str = "says otherwise, not compared";
const SAY_OTHERWISE: &str = "say otherwise, not compared";

fn sign(number: u32, conflict: &Contradiction, is_selected: bool) -> Line {
    let cursor = if is_selected { "▸" } else { " " };
    let mut line = Line::new().with(Slot::Focus, cursor);
    line.pieces.extend(conflict_sign(number, conflict).pieces);
    line
}

/// Returns the sign of a conflict, with air up to what it is about.
pub(crate) fn conflict_sign(number: u32, conflict: &Contradiction) -> Line {
    let slot = match conflict.status {
        ConflictStatus::Confirmed => Slot::Conflict,
        ConflictStatus::Provisional => Slot::Provisional,
    };
    Line::new().with(slot, format!("{:<4}", format!("≠{number}")))
}

fn text_slot(conflict: &Contradiction) -> Slot {
    match conflict.status {
        ConflictStatus::Confirmed => Slot::Strong,
        ConflictStatus::Provisional => Slot::Dim,
    }
}

/// Returns what a conflict is about, in one piece.
pub(crate) fn topic(conflict: &Contradiction) -> String {
    let topic = one_line(&conflict.topic);
    if topic.is_empty() { conflict.kind.as_str().to_owned() } else { topic }
}

/// Returns the cells of the positions that share a conflict's line, when nothing of them is cut.
fn sides_width(conflict: &Contradiction) -> usize {
    let side = |side: &Side| side.members.len() * CHIP + cells_of(&one_line(&side.value)) + 4;
    // All positions get the same room, so the widest one decides.
    let shown = conflict.sides.iter().take(SIDES);
    shown.clone().map(side).max().unwrap_or(0) * shown.count() + 4
}

fn indented() -> Line {
    Line::new().with(Slot::Text, " ".repeat(INDENT))
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cells_of(text: &str) -> usize {
    usize::from(width(text))
}

fn as_cells(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
