//! Figures as a person reads them: tables that fit a terminal of eighty cells, and what their words mean.

use jiff::ToSpan;
use jiff::civil::Date;
use unicode_width::UnicodeWidthStr;

use crate::domain::cost::Cost;
use crate::domain::money::Usd;
use crate::figures::performance::Performance;
use crate::figures::seats::{LEAST_JUDGED, Seat, Seats};
use crate::figures::text::{NOTHING, columns, count, fit, percent, spread};
use crate::figures::{Allowance, DayFigures, Figures};

/// The cells that every table fits into.
pub const NARROWEST: usize = 78;
/// Cells of a name.
const NAME: usize = 16;
/// Cells that whoever prints a note may set it in by.
const NOTE_INDENT: usize = 2;
/// The fewest columns of days that say anything.
const WEEK: usize = 7;
/// The most cells of the columns of days.
const MOST_DAYS: usize = 60;
/// Models in a table; the rest is counted.
const MOST_MODELS: usize = 12;
/// Days in a table; the rest is counted.
const MOST_DAY_ROWS: usize = 14;

/// One table: a title, the heads of its columns, rows, and what is to be said of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is on.
    pub title: String,
    /// The heads of its columns; empty where it has none.
    pub heads: String,
    /// Its rows.
    pub rows: Vec<String>,
    /// What the words mean, in lines.
    pub notes: Vec<String>,
}

/// Returns all tables in so many cells, which are taken as 78 where they are fewer. `clean` takes from a name what a
/// terminal could obey; `today` ends the columns of days.
pub fn tables(
    figures: &Figures,
    allowance: &Allowance,
    today: Date,
    cells: usize,
    clean: impl Fn(&str) -> String,
) -> Vec<Table> {
    let cells = cells.max(NARROWEST);
    let mut tables = vec![summary(figures, allowance, cells)];
    if figures.models.is_empty() {
        return tables;
    }
    tables.push(speed(figures, today, cells, &clean));
    tables.push(standing(figures, today, cells, &clean));
    tables.extend(seats(&figures.seats, figures, cells, &clean));
    tables.push(days(&figures.days));
    tables
}

fn summary(figures: &Figures, allowance: &Allowance, cells: usize) -> Table {
    let since = figures.since.map_or_else(|| "all time".to_owned(), |since| format!("since {since}"));
    let demo = if figures.is_demo { " · demo models: no figure says anything of others" } else { "" };
    let mut rows = Vec::new();
    if figures.models.is_empty() {
        rows.push("nothing has been asked yet: what is asked from now on is counted here".to_owned());
    } else {
        rows.push(format!(
            "{} · {} in conflict · {} judged by you · {} · {} failed",
            counted(figures.n_turns, "turn"),
            count(figures.n_disputed),
            count(figures.n_judged),
            counted(figures.all.n_calls, "call"),
            count(figures.all.n_short()),
        ));
    }
    rows.extend(budget(allowance).iter().flat_map(|told| wrapped(told, cells)));
    Table { title: format!("{since}{demo}"), rows, ..Table::default() }
}

/// What may still be spent; nothing where nothing limits it.
fn budget(allowance: &Allowance) -> Option<String> {
    let left = |what: &str, most: Option<Usd>, spent: Cost| {
        let most = most?;
        let left = Usd((most.0 - spent.known.0).max(0.0));
        let sign = if spent.is_partial { "at most " } else { "" };
        Some(format!("{what} {sign}{left} of {most} left ({spent} spent)"))
    };
    let day = left("today", allowance.budget.day, allowance.today);
    let session = allowance.session.and_then(|spent| left("this session", allowance.budget.session, spent));
    let told: Vec<String> = [day, session].into_iter().flatten().collect();
    (!told.is_empty()).then(|| format!("budget: {}", told.join(" · ")))
}

fn speed(figures: &Figures, today: Date, cells: usize, clean: &impl Fn(&str) -> String) -> Table {
    let widths = [7, 5, 11, 11, 6, 8];
    let n_days = room_for_days(cells, &widths);
    let row = |name: &str, it: &Performance, bars: &str| {
        let n_calls = if it.n_calls == 0 && it.n_brought_in > 0 { NOTHING.to_owned() } else { count(it.n_calls) };
        let told = [n_calls, count(it.n_short()), spread(it.first_token), spread(it.total), rate(it), money(it.cost)];
        format!("{} {bars}", in_cells(name, &told, &widths)).trim_end().to_owned()
    };
    let asked = |model: &str| by_day(figures, model, today, n_days, |it| it.n_calls);
    let heads = ["calls", "fail", "first token", "whole", "tok/s", "cost"].map(str::to_owned);
    let mut rows: Vec<String> = figures
        .models
        .iter()
        .take(MOST_MODELS)
        .map(|model| row(&clean(&model.model), &model.all, &asked(&model.model)))
        .collect();
    rows.extend(more(figures.models.len(), MOST_MODELS, "model"));
    if figures.models.len() > 1 {
        rows.push(row("all", &figures.all, &last_days(figures, today, n_days, |day| day.all.n_calls)));
    }
    Table {
        title: "how fast, and for how much".to_owned(),
        heads: with_days(in_cells("model", &heads, &widths), "", n_days),
        rows,
        notes: [
            "fail: no whole answer. First token, whole: half took no longer/95 of 100",
            "took no longer, of whole answers. Cost: every request, deleted turns too.",
        ]
        .map(str::to_owned)
        .to_vec(),
    }
}

fn standing(figures: &Figures, today: Date, cells: usize, clean: &impl Fn(&str) -> String) -> Table {
    let widths = [7, 8, 8, 9, 20];
    let n_days = room_for_days(cells, &widths);
    let row = |name: &str, it: &Performance, bars: &str| {
        let first = if it.n_ranked == 0 { NOTHING.to_owned() } else { count(it.n_first) };
        let judged = it.n_dissented_right + it.n_dissented_wrong;
        let right = match (it.n_dissented, judged) {
            (0, _) => NOTHING.to_owned(),
            (_, 0) => "none judged".to_owned(),
            (_, judged) => format!("{} of {judged} judged", it.n_dissented_right),
        };
        let told = [percent(it.agreement()), first, count(it.n_alone), count(it.n_dissented), right];
        format!("{} {bars}", in_cells(name, &told, &widths)).trim_end().to_owned()
    };
    let dissents = |model: &str| by_day(figures, model, today, n_days, |it| it.n_dissented);
    let heads = ["agrees", "first", "alone", "dissents", "and was right"].map(str::to_owned);
    let mut rows: Vec<String> = figures
        .models
        .iter()
        .take(MOST_MODELS)
        .map(|model| row(&clean(&model.model), &model.all, &dissents(&model.model)))
        .collect();
    rows.extend(more(figures.models.len(), MOST_MODELS, "model"));
    let notes = "agrees: of those who speak of the same, how many say the same; silence counts nowhere. \
        First: ranked first. Alone: nobody on its side. Dissents: speaks against the answer that was shown; \
        right or wrong by your verdicts (!).";
    Table {
        title: "how they stand to one another".to_owned(),
        heads: with_days(in_cells("model", &heads, &widths), "dissents, ", n_days),
        rows,
        notes: wrapped(notes, cells - NOTE_INDENT),
    }
}

fn seats(seats: &Seats, figures: &Figures, cells: usize, clean: &impl Fn(&str) -> String) -> Option<Table> {
    let shown: Vec<&Seat> = seats.seats.iter().take(MOST_MODELS).collect();
    if shown.is_empty() {
        return None;
    }
    let widths = [5, 7, 9, 16, 9, 9];
    let row = |seat: &&Seat| {
        let judged = seat.n_raised_right + seat.n_raised_wrong;
        let raised = match judged {
            0 => NOTHING.to_owned(),
            judged => format!("{} of {judged}", seat.n_raised_right),
        };
        let cost = figures.models.iter().find(|it| it.model == seat.model).map(|it| money(it.all.cost));
        let told = [
            if seat.is_on { "on" } else { "off" }.to_owned(),
            count(seat.n_turns),
            count(seat.n_raised),
            raised,
            count(seat.n_turned),
            cost.unwrap_or_default(),
        ];
        in_cells(&clean(&seat.model), &told, &widths)
    };
    let heads = ["seat", "turns", "raised", "right in", "turned", "cost"].map(str::to_owned);
    let mut rows: Vec<String> = shown.iter().map(row).collect();
    rows.extend(more(seats.seats.len(), MOST_MODELS, "model"));
    rows.extend(worth(seats, cells, clean));
    let notes = "raised: conflicts in the answer that nobody would have seen without it, and in how many of them it was \
        right by your verdicts. Turned: without it, another side would have had more models than the answer's. \
        Counted from what was found in the turns in which it was asked beside others, by counting models; nothing is \
        asked or compared anew.";
    Some(Table {
        title: "which model earns its seat".to_owned(),
        heads: in_cells("model", &heads, &widths),
        rows,
        notes: wrapped(notes, cells - NOTE_INDENT),
    })
}

/// What the ensemble's votes are worth, and what they would be worth with one less or one more.
fn worth(seats: &Seats, cells: usize, clean: &impl Fn(&str) -> String) -> Vec<String> {
    let n = seats.ensemble.len();
    if n < 2 {
        return Vec::new();
    }
    let Some(votes) = seats.effective_votes else {
        let so_far = if seats.n_judged == 0 { "none so far".to_owned() } else { format!("{} so far", seats.n_judged) };
        let needs = format!("what the {n} votes that are on are worth is unknown: it takes");
        return wrapped(
            &format!("{needs} {LEAST_JUDGED} turns that you judged (!) of every two of them; {so_far}"),
            cells,
        );
    };
    let mut told =
        vec![format!("the {n} that are on are worth {votes:.1} independent votes, by the errors you judged")];
    for seat in seats.seats.iter().take(MOST_MODELS) {
        if let Some(otherwise) = seat.votes_otherwise {
            let word = if seat.is_on { "without" } else { "with" };
            told.push(format!("{word} {} {otherwise:.1}", clean(&seat.model)));
        }
    }
    wrapped(&told.join(" · "), cells)
}

fn days(days: &[DayFigures]) -> Table {
    let widths = [5, 7, 5, 11, 11, 6, 8, 6];
    let row = |day: &DayFigures| {
        let it = &day.all;
        let told = [
            count(day.n_turns),
            count(it.n_calls),
            count(it.n_short()),
            spread(it.first_token),
            spread(it.total),
            rate(it),
            money(it.cost),
            percent(it.agreement()),
        ];
        in_cells_of(10, &day.date.to_string(), &told, &widths)
    };
    let heads = ["turns", "calls", "fail", "first token", "whole", "tok/s", "cost", "agrees"].map(str::to_owned);
    let mut rows: Vec<String> = days.iter().take(MOST_DAY_ROWS).map(row).collect();
    rows.extend(more(days.len(), MOST_DAY_ROWS, "day"));
    Table { title: "day by day".to_owned(), heads: in_cells_of(10, "day", &heads, &widths), rows, notes: Vec::new() }
}

fn money(cost: Cost) -> String {
    if cost.is_partial && cost.known == Usd(0.0) { "unknown".to_owned() } else { cost.to_string() }
}

fn rate(it: &Performance) -> String {
    it.tokens_per_second.map_or_else(|| NOTHING.to_owned(), |rate| format!("{rate:.0}"))
}

/// The days that a line of small columns has room for, beside cells of such widths; none where it is less than a week.
fn room_for_days(cells: usize, widths: &[usize]) -> usize {
    let fixed = NAME + widths.iter().map(|width| width + 1).sum::<usize>();
    let n_days = cells.saturating_sub(fixed + 1).min(MOST_DAYS);
    if n_days < WEEK { 0 } else { n_days }
}

fn with_days(heads: String, what: &str, n_days: usize) -> String {
    if n_days == 0 {
        heads
    } else {
        format!("{heads} {}", fit(&format!("{what}{n_days} days"), n_days, false).trim_end())
    }
}

/// What a model comes to on each of the last days, today last.
fn by_day(figures: &Figures, model: &str, today: Date, n_days: usize, what: impl Fn(&Performance) -> u32) -> String {
    last_days(figures, today, n_days, |day| {
        day.models.iter().find(|it| it.model == model).map_or(0, |it| what(&it.all))
    })
}

fn last_days(figures: &Figures, today: Date, n_days: usize, what: impl Fn(&DayFigures) -> u32) -> String {
    let mut values = vec![0; n_days];
    for day in &figures.days {
        let back = day.date.until(today).map_or(-1, |span| i64::from(span.get_days()));
        let slot = usize::try_from(back).ok().and_then(|back| n_days.checked_sub(back + 1));
        if let Some(value) = slot.and_then(|slot| values.get_mut(slot)) {
            *value = what(day);
        }
    }
    columns(&values)
}

/// Returns the first day of the last `n`, today being one of them.
pub fn first_of_last(n: i32, today: Date) -> Date {
    today.checked_sub((n - 1).days()).unwrap_or(today)
}

fn in_cells(name: &str, told: &[String], widths: &[usize]) -> String {
    in_cells_of(NAME, name, told, widths)
}

fn in_cells_of(first: usize, name: &str, told: &[String], widths: &[usize]) -> String {
    let mut line = fit(name, first, false);
    for (text, width) in told.iter().zip(widths) {
        line.push(' ');
        line.push_str(&fit(text, *width, true));
    }
    line
}

fn more(n: usize, most: usize, what: &str) -> Option<String> {
    let n_more = u32::try_from(n.saturating_sub(most)).unwrap_or(u32::MAX);
    (n_more > 0).then(|| format!("and {} more: `dissent stats --json` has all", counted(n_more, what)))
}

fn counted(n: u32, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{} {what}s", count(n)) }
}

/// Returns a text in lines of so many cells, broken at blanks.
fn wrapped(text: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= cells => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
