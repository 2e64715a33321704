//! The first screen: what this is, who answers, what the marks mean, what can be asked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::ids::Column;
use crate::domain::money::Price;
use crate::ui::app::{App, Seat, Source};
use crate::ui::line::{Line, Slot};
use crate::ui::text::width::{truncate, wrap};
use crate::ui::view::paint::paint_lines;
use crate::ui::view::questions;

/// Seats that the first screen names; more would push the questions out of sight.
const MOST_SEATS: usize = 6;
/// Below this height only the list of questions is shown.
const SHORT: u16 = 14;
/// Rows that the list of questions must keep.
const LEAST_QUESTIONS: u16 = 5;

/// Paints the first screen.
pub(crate) fn paint(app: &App, area: Rect, buf: &mut Buffer) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    if area.height < SHORT && !app.questions.all.is_empty() {
        // No room to explain: what can be done comes first.
        questions::paint(app, area, buf);
        return;
    }
    let is_tall = area.height >= 26;
    let mut lines = Vec::new();
    if is_tall {
        lines.push(Line::new());
    }
    lines.push(Line::new().with(Slot::Strong, "Ask several models the same question, and see where they disagree."));
    lines.push(marks());
    if is_tall {
        let text = "Agreement is a warning light, not proof: models share errors, and silence is not disagreement.";
        lines.extend(dim(text, area.width));
    }
    lines.push(Line::new());
    let needed = source_lines(app, area.width);
    let n_questions = u16::try_from(app.questions.all.len()).unwrap_or(u16::MAX).min(LEAST_QUESTIONS);
    let taken = lines.len() + needed.len() + usize::from(n_questions) + 3;
    let room = usize::from(area.height).saturating_sub(taken).min(MOST_SEATS);
    lines.extend(seats(app, room, area.width));
    lines.push(Line::new());
    lines.extend(needed);
    if !app.questions.all.is_empty() {
        lines.push(Line::new());
        let line = Line::new().with(Slot::Text, "Pick a question with ").with(Slot::Key, "↑ ↓");
        lines.push(line.with(Slot::Text, " and ").with(Slot::Key, "enter").with(Slot::Text, ", or type one:"));
    }
    let used = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    paint_lines(&lines, area, &app.theme, buf);
    let rest = Rect { y: area.y + used, height: area.height - used, ..area };
    questions::paint(app, rest, buf);
}

fn marks() -> Line {
    let explained = [
        (Slot::Agreed, "=", " all say it   "),
        (Slot::Partly, "~", " two or more   "),
        (Slot::OnlyOne, "·", " only one   "),
        (Slot::Conflict, "≠1", " they conflict"),
    ];
    explained.into_iter().fold(Line::new(), |line, (slot, sign, text)| line.with(slot, sign).with(Slot::Dim, text))
}

/// Returns who is at the table: a line each where there is something to say of them, else all in one.
fn seats(app: &App, most: usize, cells: u16) -> Vec<Line> {
    if app.source != Source::Providers {
        return Vec::from([together(app)]);
    }
    let mut lines: Vec<Line> = app.seats.iter().take(most).enumerate().map(|(idx, seat)| row(idx, seat)).collect();
    let n_more = app.seats.len().saturating_sub(most);
    if n_more > 0
        && let Some(last) = lines.last_mut()
    {
        last.push(Slot::Dim, format!("   and {n_more} more"));
    }
    for line in &mut lines {
        if line.width() > usize::from(cells) {
            *line = Line::new().with(Slot::Text, truncate(&line.plain(), cells));
        }
    }
    lines
}

fn together(app: &App) -> Line {
    let mut line = Line::new();
    for (idx, seat) in app.seats.iter().enumerate() {
        let column = Column::at(idx);
        if seat.is_on {
            line.push_chip(column);
            line.push(Slot::Text, format!(" {}   ", seat.member.id));
        } else {
            line.push(Slot::ChipOff, format!("{} {} off   ", column.letter(), seat.member.id));
        }
    }
    line
}

fn row(idx: usize, seat: &Seat) -> Line {
    let column = Column::at(idx);
    let mut line = Line::new();
    if seat.is_on {
        line.push_chip(column);
    } else {
        line.push(Slot::ChipOff, format!(" {} ", column.letter()));
    }
    line.push(if seat.is_on { Slot::Text } else { Slot::Dim }, format!(" {:<12}", seat.member.id));
    line.push(Slot::Dim, if seat.is_on { " on   " } else { " off  " });
    line.push(Slot::Dim, format!("{} · {}", seat.member.provider, seat.member.api_model));
    line.push(Slot::Dim, seat.member.price.as_ref().map_or_else(String::new, price));
    line
}

fn price(price: &Price) -> String {
    format!(" · ${} in, ${} out a million tokens", price.input, price.output)
}

fn source_lines(app: &App, cells: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    let text = match &app.source {
        Source::Providers => "Your question goes to every model that is on; ctrl-x 1 to 9 switches them.".to_owned(),
        Source::Demo => {
            "These models are a demo: scripted answers, no network, no cost. To ask real ones, set a key such as \
             OPENAI_API_KEY or ANTHROPIC_API_KEY, or see `dissent config init`."
                .to_owned()
        }
        Source::Bank(file) => format!("These are recorded answers from {file}; nothing is asked of anyone."),
    };
    lines.extend(dim(&text, cells));
    for note in &app.notes {
        lines.extend(wrap(note, cells).into_iter().map(|row| Line::new().with(Slot::Warn, row)));
    }
    lines
}

fn dim(text: &str, cells: u16) -> Vec<Line> {
    wrap(text, cells).into_iter().map(|row| Line::new().with(Slot::Dim, row)).collect()
}
