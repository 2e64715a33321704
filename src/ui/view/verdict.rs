//! The verdict in words: the band, the confidence with its curve, votes, counts, cost, time, and why it is flagged.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::fault::FaultKind;
use crate::domain::ids::Column;
use crate::domain::response::{Response, State};
use crate::domain::verdict::{Band, CountsRecord, FlagReason, Naming, Verdict, two_digits};
use crate::ui::app::{App, Source, TurnView};
use crate::ui::line::{Line, Slot};
use crate::ui::opinion::Judgement;
use crate::ui::text::clean::clean;
use crate::ui::text::width::wrap;
use crate::ui::view::paint;

/// Paints the verdict, or how far the turn is, as one line.
pub(crate) fn paint_line(app: &App, area: Rect, buf: &mut Buffer) {
    let Some(view) = app.shown() else { return };
    let mut line = Line::new().with(Slot::Text, " ");
    line.pieces.extend(joined(parts(view, &app.source, Beside::of(app))).pieces);
    paint::paint_line(&line.fitted(area.width), area, &app.theme, buf);
}

/// What else is in sight beside the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// The panel, which has the counts of a turn that goes on.
    Panel,
    /// Nothing that says the same.
    Nothing,
}

impl Beside {
    /// Returns what is in sight.
    pub(crate) fn of(app: &App) -> Self {
        if app.layout.panel.is_some() { Self::Panel } else { Self::Nothing }
    }
}

/// Returns the verdict, or how far the turn is, in lines of at most `cells`.
pub(crate) fn lines(view: &TurnView, source: &Source, beside: Beside, cells: u16) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for part in parts(view, source, beside) {
        match lines.last_mut() {
            Some(last) if last.width() + 3 + part.width() <= usize::from(cells) => {
                last.push(Slot::Dim, " · ");
                last.pieces.extend(part.pieces);
            }
            Some(_) | None => lines.extend(broken(part, cells)),
        }
    }
    lines
}

/// Breaks a part that is wider than a line.
fn broken(part: Line, cells: u16) -> Vec<Line> {
    if part.width() <= usize::from(cells) {
        return vec![part];
    }
    let slot = part.pieces.first().map_or(Slot::Text, |piece| piece.slot);
    let rows = wrap(&part.plain(), cells);
    rows.into_iter().map(|row| Line::new().with(slot, row)).collect()
}

/// Returns the parts of the verdict, the most important first.
fn parts(view: &TurnView, source: &Source, beside: Beside) -> Vec<Line> {
    match &view.verdict {
        Some(verdict) => settled(view, verdict, source),
        None => so_far(view, beside),
    }
}

/// Returns what the person thinks of the turn.
fn opinion(view: &TurnView) -> Vec<Line> {
    let judgement = view.opinion.held.judgement.map(|judgement| {
        let slot = match judgement {
            Judgement::Right => Slot::Good,
            Judgement::Wrong => Slot::Conflict,
            Judgement::Partly => Slot::Warn,
        };
        Line::new().with(Slot::Dim, "you: ").with(slot, judgement.as_str())
    });
    let vote = view.opinion.held.vote.and_then(|column| {
        let name = &view.turn.response(column)?.answerer().id;
        Some(Line::new().with(Slot::Dim, "your blind vote: ").with_chips([column]).with(Slot::Dim, format!(" {name}")))
    });
    let hidden = view.faces.are_hidden().then(|| Line::new().with(Slot::Warn, "names are hidden: B votes"));
    judgement.into_iter().chain(vote).chain(hidden).collect()
}

fn settled(view: &TurnView, verdict: &Verdict, source: &Source) -> Vec<Line> {
    if verdict.asked == 0 {
        return vec![Line::new().with(Slot::Warn, "stopped before anyone had answered")];
    }
    let mut parts: Vec<Line> = degraded(view, verdict).into_iter().collect();
    let is_degraded = !parts.is_empty();
    parts.extend(stopped(view));
    parts.push(headline(view, verdict, source));
    parts.extend(opinion(view));
    if verdict.flagged {
        parts.push(Line::new().with(Slot::Warn, format!("flagged: {}", flags(verdict, view).join("; "))));
    }
    if !is_degraded {
        parts.push(dim(format!("{} of {} answered", verdict.answered, verdict.asked)));
    }
    if let Some(votes) = verdict.effective_votes {
        parts.push(dim(format!("about {votes:.1} votes")));
    }
    if verdict.answered >= 2 {
        parts.extend(count_parts(verdict.counts));
    }
    if *source == Source::Providers {
        parts.push(dim(view.turn.cost().to_string()));
    }
    if let Some(elapsed_ms) = verdict.elapsed_ms {
        parts.push(dim(format!("{:.1} s", elapsed_ms as f64 / 1000.0)));
    }
    let warnings = verdict.warnings.iter().map(|warning| clean(&warning.told(&Shown(view))));
    parts.extend(warnings.map(|warning| Line::new().with(Slot::Warn, warning)));
    parts
}

/// Returns why a person should look; the contradictions that touch the answer as one reason, by their numbers.
fn flags(verdict: &Verdict, view: &TurnView) -> Vec<String> {
    let number = |reason: &FlagReason| match reason {
        FlagReason::Touches(id) => Some(view.numbers.of(*id)),
        FlagReason::Unsure { .. } | FlagReason::Unknown | FlagReason::Fallback { .. } | FlagReason::Other(_) => None,
    };
    let mut numbers: Vec<_> = verdict.flag_reasons.iter().filter_map(number).collect();
    numbers.sort_unstable();
    let others = verdict.flag_reasons.iter().filter(|reason| numbers.len() < 2 || number(reason).is_none());
    let mut told: Vec<String> = others.map(|reason| on_screen(reason, view)).collect();
    if numbers.len() >= 2 {
        let named: Vec<String> = numbers.iter().map(|number| format!("≠{number}")).collect();
        told.push(format!("{} conflicts touch the answer: {}", named.len(), named.join(" ")));
    }
    told
}

/// Puts a reason as the screen does: a contradiction by the number that it has there, nothing that stands beside it.
fn on_screen(reason: &FlagReason, view: &TurnView) -> String {
    match reason {
        // The confidence itself stands right before it.
        FlagReason::Unsure { below, .. } => format!("under {below:.2}"),
        FlagReason::Touches(id) => format!("≠{} touches the answer", view.numbers.of(*id)),
        FlagReason::Fallback { .. } | FlagReason::Unknown => reason.to_string(),
        FlagReason::Other(words) => clean(words),
    }
}

/// The names that a turn shows: while they are hidden, letters.
struct Shown<'a>(&'a TurnView);

impl Shown<'_> {
    fn called(&self, member: Column, of: impl Fn(&Response) -> String) -> Cow<'_, str> {
        let Self(view) = self;
        let known = view.turn.response(member).filter(|_| !view.faces.are_hidden()).map(of);
        Cow::Owned(known.unwrap_or_else(|| view.faces.letter(member).to_string()))
    }
}

impl Naming for Shown<'_> {
    fn member(&self, member: Column) -> Cow<'_, str> {
        self.called(member, |response| response.member.id.to_string())
    }

    fn answerer(&self, member: Column) -> Cow<'_, str> {
        let Self(view) = self;
        let has_stand_in = view.turn.response(member).is_some_and(|response| response.stand_in.is_some());
        if has_stand_in && view.faces.are_hidden() {
            return Cow::Borrowed("a stand-in");
        }
        self.called(member, |response| response.answerer().id.to_string())
    }

    fn words<'a>(&self, words: &'a str) -> Cow<'a, str> {
        let Self(view) = self;
        Cow::Owned(view.faces.disguise(words, &view.turn.responses))
    }
}

/// Returns what is missing: a degraded result must look degraded.
fn degraded(view: &TurnView, verdict: &Verdict) -> Option<Line> {
    if verdict.answered >= verdict.asked {
        return None;
    }
    let missing: Vec<String> = view
        .turn
        .responses
        .iter()
        .enumerate()
        .filter(|(_, response)| response.is_asked() && !response.counts())
        .map(|(idx, response)| {
            let why = match &response.state {
                State::Late => "late",
                State::Failed(_) if !response.text.is_empty() => "cut",
                State::Failed(fault) if fault.kind == FaultKind::Timeout => "timed out",
                State::Failed(_) => "failed",
                State::Done if response.is_refusal() => "declined",
                State::Done if response.is_truncated() => "cut at the limit",
                State::Done if response.has_hole() => "incomplete",
                State::Done => "no answer",
                State::Waiting | State::Retrying { .. } | State::Streaming => "still at it",
                State::Skipped | State::Cancelled => "off",
            };
            format!("{} {why}", view.faces.called(Column::at(idx), response))
        })
        .collect();
    if missing.is_empty() {
        return None;
    }
    let text = format!("{} of {}: {}", verdict.answered, verdict.asked, missing.join(", "));
    Some(Line::new().with(Slot::Warn, text))
}

/// Returns who was asked and stopped before the end: the count of answers leaves them out, and the line must not hide it.
fn stopped(view: &TurnView) -> Option<Line> {
    let responses = view.turn.responses.iter().enumerate().filter(|(_, response)| response.state == State::Cancelled);
    let names: Vec<String> = responses.map(|(idx, response)| view.faces.called(Column::at(idx), response)).collect();
    (!names.is_empty()).then(|| Line::new().with(Slot::Warn, format!("stopped: {}", names.join(", "))))
}

fn headline(view: &TurnView, verdict: &Verdict, source: &Source) -> Line {
    let curve = match (source, &verdict.confidence_basis) {
        (Source::Demo | Source::Bank(_), _) => " (demo)".to_owned(),
        (_, Some(basis)) => format!(" ({} curve)", basis.curve),
        (_, None) => String::new(),
    };
    if let Some(fallback) = &verdict.fallback {
        let to = Shown(view).answerer(fallback.member).into_owned();
        return Line::new().with(Slot::Warn, format!("fallback to {to}: {fallback}"));
    }
    match (verdict.band.zip(verdict.confidence), verdict.agreement) {
        (Some((band, confidence)), _) => Line::new()
            .with(band_slot(band), band.as_str())
            .with(Slot::Strong, format!(" {}", two_digits(confidence)))
            .with(Slot::Dim, curve),
        (None, Some(agreement)) => Line::new().with(Slot::Strong, format!("agreement {agreement:.2}")),
        (None, None) if verdict.answered == 0 => Line::new().with(Slot::Bad, "no answer"),
        (None, None) if verdict.asked == 1 => dim("one model: nothing to compare".to_owned()),
        (None, None) => dim("not compared".to_owned()),
    }
}

/// Returns how a band is drawn.
pub(crate) fn band_slot(band: Band) -> Slot {
    match band {
        Band::Settled | Band::Likely => Slot::Good,
        Band::Unsure => Slot::Warn,
        Band::Split => Slot::Conflict,
    }
}

/// Returns the counts in words: `agreed 7 · partly 1 · conflicts 2 · only one 9 · pending 3`.
pub(crate) fn counts(counts: CountsRecord) -> Line {
    joined(count_parts(counts))
}

/// Returns the counts, a part each.
pub(crate) fn count_parts(counts: CountsRecord) -> Vec<Line> {
    let conflicts = if counts.conflicts > 0 { Slot::Conflict } else { Slot::Dim };
    let mut parts = vec![
        dim(format!("agreed {}", counts.agreed)),
        dim(format!("partly {}", counts.partly)),
        Line::new().with(conflicts, format!("conflicts {}", counts.conflicts)),
        dim(format!("only one {}", counts.only_one)),
    ];
    if counts.pending > 0 {
        parts.push(dim(format!("pending {}", counts.pending)));
    }
    parts
}

/// Joins parts with dots.
fn joined(parts: Vec<Line>) -> Line {
    let mut line = Line::new();
    for (idx, part) in parts.into_iter().enumerate() {
        if idx > 0 {
            line.push(Slot::Dim, " · ");
        }
        line.pieces.extend(part.pieces);
    }
    line
}

fn so_far(view: &TurnView, beside: Beside) -> Vec<Line> {
    let mut parts = Vec::new();
    let at_it = view.turn.responses.iter().enumerate().filter(|(_, response)| !response.is_over());
    let chips = Line::new().with_chips(view.faces.all(at_it.map(|(idx, _)| Column::at(idx))));
    if chips.width() > 0 {
        let mut line = chips;
        line.push(Slot::Dim, " still at it");
        parts.push(line);
        if beside == Beside::Panel {
            return parts;
        }
    }
    if let Some(band) = view.band {
        parts.push(Line::new().with(band_slot(band), band.as_str()).with(Slot::Dim, " so far"));
    }
    if let Some(report) = view.report.as_ref().filter(|report| report.n_committed > 0) {
        parts.extend(count_parts(report.counts));
    }
    parts
}

fn dim(text: String) -> Line {
    Line::new().with(Slot::Dim, text)
}

/// Returns the bar of the counts: agreed and partly filled, conflicts crossed and in their colour, pending empty; claims that only
/// one model makes are left out of it. Empty when there is nothing to draw.
pub(crate) fn bar(counts: CountsRecord, cells: u16) -> Line {
    let filled = counts.agreed + counts.partly;
    let total = filled + counts.conflicts + counts.pending;
    if total == 0 {
        return Line::new();
    }
    let share = |n: u32| (f64::from(n) / f64::from(total) * f64::from(cells)).round() as usize;
    // A conflict is never rounded away.
    let conflicts = share(counts.conflicts).max(usize::from(counts.conflicts > 0));
    let pending = share(counts.pending).max(usize::from(counts.pending > 0)).min(usize::from(cells) - conflicts);
    let filled = usize::from(cells) - conflicts - pending;
    Line::new()
        .with(Slot::Good, "▰".repeat(filled))
        .with(Slot::Conflict, "✕".repeat(conflicts))
        .with(Slot::Dim, "▱".repeat(pending))
}

/// Returns whether a bar and a band may be shown: a single claim is no evidence.
pub(crate) fn has_enough(view: &TurnView) -> bool {
    let Some(report) = &view.report else { return false };
    let with = |least: usize| report.members.iter().filter(|member| member.n_claims >= least).count();
    let has_ended = |idx: usize| view.turn.responses.get(idx).is_some_and(Response::is_over);
    let one_ended = report.members.iter().enumerate().any(|(idx, member)| member.n_claims > 0 && has_ended(idx));
    with(2) >= 2 || (with(1) >= 2 && one_ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(agreed: u32, conflicts: u32, pending: u32, expected: &str) {
        let counts = CountsRecord { agreed, conflicts, pending, only_one: 9, partly: 0 };
        assert_eq!(bar(counts, 10).plain(), expected, "{counts:?}");
    }

    #[test]
    fn the_bar_shows_what_is_pending_as_empty_and_never_rounds_a_conflict_away() {
        check(5, 0, 5, "▰▰▰▰▰▱▱▱▱▱");
        check(100, 1, 0, "▰▰▰▰▰▰▰▰▰✕");
        check(0, 0, 0, "");
    }
}
