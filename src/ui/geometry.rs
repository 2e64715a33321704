//! Which pane stands where: a pure function of the size, the number of models and what the person chose.
//!
//! What does not fit yields in this order: the panel beside the columns becomes one below them, then a strip, then a
//! line; the chat on the left becomes one below, then a line; then columns page sideways; then they become tabs.

use ratatui::layout::Rect;

use crate::domain::ids::Column;
use crate::ui::rects::{split_bottom, split_left, split_top};
use crate::ui::sight::Arrangement;

/// The gutter before each answer: two cells of mark and one of air; a turn with ten conflicts has one more.
pub const GUTTER: u16 = 3;
/// Cells between an answer and the rule at its right.
pub const AIR: u16 = 1;
/// The narrowest column, its rule included: 33 cells of text, the gutter and the rule.
const MIN_COLUMN: u16 = 37;
/// The widest text; longer lines are tiring to read.
const MAX_TEXT: u16 = 88;
/// The narrowest and the widest chat on the left, its rule included.
const CHAT: (u16, u16) = (45, 64);
/// The narrowest and the widest panel beside the columns, its rule included.
const RAIL: (u16, u16) = (47, 52);
/// From this height on, panes fit above each other.
const TALL: u16 = 30;
/// From this height on, a chat below leaves room for a panel beside the columns.
const VERY_TALL: u16 = 50;
/// From this height on, there is a row of air under the title and a hairline over the hints.
const AIRY: u16 = 45;
/// Below this width, three models become tabs.
const NARROW: u16 = 100;
/// The smallest window that can be drawn.
pub const SMALLEST: (u16, u16) = (40, 10);
/// The smallest window with a strip.
const STRIP: (u16, u16) = (60, 16);

/// Where the conversation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChatPlace {
    /// Where it fits.
    #[default]
    Auto,
    /// To the left of the columns, full height.
    Left,
    /// Below the columns, above the composer.
    Below,
    /// In place of everything else.
    Whole,
    /// One line of verdict above the composer.
    OneLine,
}

/// Where the consensus stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PanelPlace {
    /// Where it fits.
    #[default]
    Auto,
    /// To the right of the columns.
    Rail,
    /// Below the columns.
    Dock,
    /// Four rows below the columns.
    Strip,
    /// Nowhere.
    Off,
}

/// What has the focus while reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The conversation.
    Chat,
    /// A model's column.
    Column(Column),
}

/// What the layout depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Width of the window in cells.
    pub width: u16,
    /// Height of the window in cells.
    pub height: u16,
    /// The columns to be shown, from left to right.
    pub columns: Vec<Column>,
    /// Rows of text in the composer.
    pub composer_rows: u16,
    /// What the person chose.
    pub chat: ChatPlace,
    /// What the person chose.
    pub panel: PanelPlace,
    /// What the person chose.
    pub arrangement: Arrangement,
    /// What has the focus.
    pub pane: Pane,
    /// Whether the focused column has the whole width.
    pub is_zoomed: bool,
    /// Whether it stands alone, without gutter and rules, for the terminal's own mouse.
    pub is_bare: bool,
}

/// Windows of about one size: what a person chose for one of them holds for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SizeClass {
    width: usize,
    height: usize,
}

impl SizeClass {
    /// Returns the class of a window: the sizes at which panes change their places part them.
    pub fn of((width, height): (u16, u16)) -> Self {
        Self {
            width: [STRIP.0, NARROW, 2 * MIN_COLUMN + CHAT.0, 200].partition_point(|least| *least <= width),
            height: [STRIP.1, TALL, VERY_TALL].partition_point(|least| *least <= height),
        }
    }
}

/// One column's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPlace {
    /// Whose.
    pub column: Column,
    /// One row for the name and the state, one for the rule.
    pub head: Rect,
    /// The answer, gutter included.
    pub body: Rect,
}

/// The shape that the panel takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelShape {
    /// Tall and narrow: one value a line.
    Rail,
    /// Wide and low: one conflict a line.
    Wide,
}

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Title, turn, cost.
    pub header: Rect,
    /// Names of the panes where only one fits.
    pub tabs: Option<Rect>,
    /// The conversation.
    pub chat: Option<Rect>,
    /// The row over the conversation that names it.
    pub chat_head: Option<Rect>,
    /// The hairline beside a chat on the left.
    pub chat_rule: Option<Rect>,
    /// The hairline beside a panel on the right.
    pub rail_rule: Option<Rect>,
    /// Where the answers stand: the columns with their heads or tabs.
    pub answers: Rect,
    /// Cells before the text of a column, for the marks.
    pub gutter: u16,
    /// The columns that fit.
    pub columns: Vec<ColumnPlace>,
    /// Columns that do not fit: to the left and to the right.
    pub hidden: (usize, usize),
    /// The consensus.
    pub panel: Option<(PanelShape, Rect)>,
    /// The verdict where the conversation is out of sight.
    pub verdict: Option<Rect>,
    /// The rule over the composer, with the models.
    pub composer_rule: Rect,
    /// The composer.
    pub composer: Rect,
    /// The hairline over the hints.
    pub footer_rule: Option<Rect>,
    /// The hints.
    pub footer: Rect,
    /// Whether the window is too small to draw anything.
    pub is_too_small: bool,
}

impl Wish {
    /// Returns where everything stands.
    pub fn layout(&self) -> Layout {
        if self.width < SMALLEST.0 || self.height < SMALLEST.1 {
            return Layout { is_too_small: true, ..Layout::default() };
        }
        let window = Rect::new(0, 0, self.width, self.height);
        let (header, rest) = split_top(window, 1);
        let (mut rest, footer) = split_bottom(rest, 1);
        let mut layout = Layout { header, footer, gutter: GUTTER, ..Layout::default() };
        if self.height >= AIRY && !self.is_bare {
            let (middle, rule) = split_bottom(split_top(rest, 1).1, 1);
            (rest, layout.footer_rule) = (middle, Some(rule));
        }
        if let (true, Some(column)) = (self.is_bare, self.focused_column()) {
            let body = self.place_composer(rest, &mut layout);
            layout.gutter = 0;
            layout.answers = body;
            layout.columns.push(ColumnPlace { column, head: Rect { height: 0, ..body }, body });
            return layout;
        }
        let chat = self.chat_place();
        let middle = if chat == ChatPlace::Left {
            let (left, rule, right) = split_left(rest, self.chat_width());
            layout.chat_rule = Some(rule);
            let left = self.place_composer(left, &mut layout);
            let (head, chat) = split_top(left, 2);
            layout.chat_head = Some(head);
            layout.chat = Some(chat);
            right
        } else {
            self.place_composer(rest, &mut layout)
        };
        self.place_panes(middle, chat, &mut layout);
        layout
    }

    fn n_columns(&self) -> u16 {
        u16::try_from(self.columns.len()).unwrap_or(u16::MAX)
    }

    fn columns_width(&self) -> u16 {
        MIN_COLUMN.saturating_mul(self.n_columns())
    }

    fn chat_place(&self) -> ChatPlace {
        if self.columns.is_empty() {
            return ChatPlace::Whole;
        }
        match self.chat {
            ChatPlace::Auto if self.is_zoomed => ChatPlace::OneLine,
            ChatPlace::Auto if self.n_columns() >= 2 && self.width >= CHAT.0 + self.columns_width() => ChatPlace::Left,
            ChatPlace::Auto if self.height >= TALL => ChatPlace::Below,
            ChatPlace::Auto => ChatPlace::OneLine,
            ChatPlace::Left if self.width < CHAT.0 + MIN_COLUMN => ChatPlace::OneLine,
            ChatPlace::Below if self.height < 20 => ChatPlace::OneLine,
            chosen @ (ChatPlace::Left | ChatPlace::Below | ChatPlace::Whole | ChatPlace::OneLine) => chosen,
        }
    }

    /// Returns the width of a chat on the left: a quarter of what is left beyond the narrowest panes.
    fn chat_width(&self) -> u16 {
        (CHAT.0 - 1 + self.spare(ChatPlace::Left) / 4).clamp(CHAT.0 - 1, CHAT.1)
    }

    /// Returns the cells that are left once every pane beside another has its least.
    fn spare(&self, chat: ChatPlace) -> u16 {
        let beside = if chat == ChatPlace::Left { CHAT.0 } else { 0 };
        let rail = if self.fits_rail(chat) { RAIL.0 } else { 0 };
        self.width.saturating_sub(beside + self.columns_width() + rail)
    }

    /// Returns whether the panel fits beside the columns.
    fn fits_rail(&self, chat: ChatPlace) -> bool {
        let beside = if chat == ChatPlace::Left { CHAT.0 } else { 0 };
        let is_wide = self.width >= beside + self.columns_width() + RAIL.0;
        is_wide && !self.is_zoomed && (chat == ChatPlace::Left || self.height >= VERY_TALL)
    }

    fn place_composer(&self, area: Rect, layout: &mut Layout) -> Rect {
        let most = (area.height / 3).clamp(1, 8);
        let rows = self.composer_rows.clamp(1, most);
        let (rest, composer) = split_bottom(area, rows);
        let (rest, rule) = split_bottom(rest, 1);
        layout.composer = composer;
        layout.composer_rule = rule;
        rest
    }

    fn place_panes(&self, area: Rect, chat: ChatPlace, layout: &mut Layout) {
        let mut area = area;
        match chat {
            ChatPlace::Whole => {
                layout.chat = Some(area);
                layout.answers = area;
                return;
            }
            ChatPlace::Below => {
                let rows = if self.height >= VERY_TALL { 12 } else { 9 };
                let (rest, below) = split_bottom(area, rows);
                let (head, chat) = split_top(below, 1);
                layout.chat_head = Some(head);
                layout.chat = Some(chat);
                area = rest;
            }
            ChatPlace::OneLine => {
                let (rest, line) = split_bottom(area, 1);
                layout.verdict = Some(line);
                area = rest;
            }
            ChatPlace::Left | ChatPlace::Auto => {}
        }
        let area = self.place_panel(area, chat, layout);
        layout.answers = area;
        let n_fit = usize::from((area.width + 1) / MIN_COLUMN).max(1);
        let is_alone = self.columns.len() == 1;
        let wants_tabs = (self.width < NARROW && self.columns.len() >= 3) || (n_fit == 1 && !is_alone);
        let has_tabs = !self.is_zoomed
            && match self.arrangement {
                Arrangement::Auto => wants_tabs || chat == ChatPlace::OneLine && n_fit < self.columns.len(),
                Arrangement::Columns => false,
                Arrangement::Tabs => !is_alone,
            };
        if has_tabs {
            self.place_tabs(area, chat, layout);
        } else if self.is_zoomed {
            let shown = self.focused_column();
            layout.columns.extend(shown.map(|column| column_place(column, area)));
        } else {
            self.place_columns(area, n_fit, layout);
        }
    }

    fn place_panel(&self, area: Rect, chat: ChatPlace, layout: &mut Layout) -> Rect {
        let has_room = self.width >= STRIP.0 && self.height >= STRIP.1;
        let place = match self.panel {
            PanelPlace::Auto if self.fits_rail(chat) => PanelPlace::Rail,
            PanelPlace::Auto if self.height >= TALL && !self.is_zoomed => PanelPlace::Dock,
            PanelPlace::Auto => PanelPlace::Strip,
            PanelPlace::Rail if area.width < MIN_COLUMN + RAIL.0 => PanelPlace::Dock,
            chosen @ (PanelPlace::Rail | PanelPlace::Dock | PanelPlace::Strip | PanelPlace::Off) => chosen,
        };
        match place {
            PanelPlace::Off => area,
            PanelPlace::Rail => {
                let width = (RAIL.0 - 1 + self.spare(chat) / 10).clamp(RAIL.0 - 1, RAIL.1);
                let (rest, rule, rail) = split_left(area, area.width - width - 1);
                layout.rail_rule = Some(rule);
                layout.panel = Some((PanelShape::Rail, rail));
                rest
            }
            PanelPlace::Dock => {
                // A height of its own, whatever it has to show: columns must not jump when a claim comes in.
                let (rest, dock) = split_bottom(area, (area.height / 4).clamp(5, 10));
                layout.panel = Some((PanelShape::Wide, dock));
                rest
            }
            PanelPlace::Strip | PanelPlace::Auto => {
                let (rest, strip) = split_bottom(area, if has_room { 4 } else { 1 });
                layout.panel = Some((PanelShape::Wide, strip));
                rest
            }
        }
    }

    fn place_tabs(&self, area: Rect, chat: ChatPlace, layout: &mut Layout) {
        let (tabs, rest) = split_top(area, 2);
        layout.tabs = Some(tabs);
        match self.pane {
            Pane::Chat if chat == ChatPlace::OneLine => layout.chat = Some(rest),
            Pane::Chat | Pane::Column(_) => {
                let shown = self.focused_column();
                // The tabs are the head: the column has a body only.
                layout.columns.extend(shown.map(|column| ColumnPlace {
                    column,
                    head: Rect { height: 0, ..rest },
                    body: readable(rest),
                }));
            }
        }
    }

    fn place_columns(&self, area: Rect, n_fit: usize, layout: &mut Layout) {
        let n_shown = n_fit.min(self.columns.len());
        let focused = self.focused_column().and_then(|column| self.columns.iter().position(|shown| *shown == column));
        let first = focused.unwrap_or(0).saturating_sub(n_shown.saturating_sub(1)).min(self.columns.len() - n_shown);
        layout.hidden = (first, self.columns.len() - n_shown - first);
        let n = u16::try_from(n_shown).unwrap_or(1).max(1);
        let air = n - 1;
        let width = (area.width - air) / n;
        let mut spare = (area.width - air) % n;
        let mut x = area.x;
        for column in self.columns.iter().skip(first).take(n_shown) {
            let extra = u16::from(spare > 0);
            spare = spare.saturating_sub(1);
            layout.columns.push(column_place(*column, Rect { x, width: width + extra, ..area }));
            x += width + extra + 1;
        }
    }

    /// Returns the focused column, or the first one where something else has the focus.
    fn focused_column(&self) -> Option<Column> {
        let focused = match self.pane {
            Pane::Column(column) if self.columns.contains(&column) => Some(column),
            Pane::Column(_) | Pane::Chat => None,
        };
        focused.or_else(|| self.columns.first().copied())
    }
}

fn column_place(column: Column, area: Rect) -> ColumnPlace {
    let (head, body) = split_top(area, 2);
    ColumnPlace { column, head, body: readable(body) }
}

/// Narrows an area to what is comfortable to read.
fn readable(area: Rect) -> Rect {
    Rect { width: area.width.min(MAX_TEXT + GUTTER), ..area }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(width: u16, height: u16, n_columns: usize) -> Wish {
        Wish {
            width,
            height,
            columns: (0..n_columns).map(Column::at).collect(),
            composer_rows: 1,
            chat: ChatPlace::Auto,
            panel: PanelPlace::Auto,
            arrangement: Arrangement::Auto,
            pane: Pane::Column(Column(0)),
            is_zoomed: false,
            is_bare: false,
        }
    }

    /// Describes a layout the way the table of sizes does.
    fn check(width: u16, height: u16, n_columns: usize, expected: &str) {
        let layout = wish(width, height, n_columns).layout();
        let chat = match (layout.chat, layout.chat_rule) {
            (Some(chat), Some(_)) => format!("chat left {}", chat.width),
            (Some(chat), None) => format!("chat below {}", chat.height),
            (None, _) => "chat line".to_owned(),
        };
        let widths: Vec<_> = layout.columns.iter().map(|place| place.head.width.to_string()).collect();
        let columns = match layout.tabs {
            Some(_) => "tabs".to_owned(),
            None => format!("{} of {n_columns}: {}", widths.len(), widths.join(" ")),
        };
        let panel = match layout.panel {
            Some((PanelShape::Rail, area)) => format!("rail {}", area.width),
            Some((PanelShape::Wide, area)) if area.height == 4 => "strip".to_owned(),
            Some((PanelShape::Wide, area)) if area.height == 1 => "line".to_owned(),
            Some((PanelShape::Wide, _)) => "dock".to_owned(),
            None => "off".to_owned(),
        };
        assert_eq!(format!("{chat} | {columns} | {panel}"), expected, "{width}x{height} with {n_columns}");
    }

    #[test]
    fn a_chosen_arrangement_holds_at_every_size() {
        let layout = |arrangement, width| Wish { arrangement, ..wish(width, 40, 3) }.layout();
        let wide = layout(Arrangement::Tabs, 200);
        assert!(wide.tabs.is_some() && wide.columns.len() == 1);
        let narrow = layout(Arrangement::Columns, 80);
        assert_eq!((narrow.tabs, narrow.columns.len(), narrow.hidden), (None, 2, (0, 1)));
        assert_eq!(Wish { arrangement: Arrangement::Tabs, ..wish(80, 40, 1) }.layout().tabs, None);
    }

    #[test]
    fn panes_stand_where_they_fit() {
        check(80, 24, 2, "chat line | 2 of 2: 40 39 | strip");
        check(80, 24, 3, "chat line | tabs | strip");
        check(80, 24, 5, "chat line | tabs | strip");
        check(120, 40, 2, "chat left 44 | 2 of 2: 37 37 | dock");
        check(120, 40, 3, "chat below 8 | 3 of 3: 40 39 39 | dock");
        check(120, 40, 4, "chat below 8 | 3 of 4: 40 39 39 | dock");
        check(120, 40, 5, "chat below 8 | 3 of 5: 40 39 39 | dock");
        check(160, 50, 2, "chat left 54 | 2 of 2: 52 52 | dock");
        check(160, 50, 3, "chat left 45 | 3 of 3: 38 37 37 | dock");
        check(160, 50, 4, "chat below 11 | 4 of 4: 40 39 39 39 | dock");
        check(200, 60, 2, "chat left 52 | 2 of 2: 48 48 | rail 49");
        check(200, 60, 3, "chat left 55 | 3 of 3: 48 47 47 | dock");
        check(200, 60, 5, "chat below 11 | 5 of 5: 40 39 39 39 39 | dock");
        check(300, 80, 5, "chat left 49 | 5 of 5: 40 40 39 39 39 | rail 48");
        check(80, 24, 1, "chat line | 1 of 1: 80 | strip");
        check(80, 24, 4, "chat line | tabs | strip");
        check(160, 50, 5, "chat below 11 | 4 of 5: 40 39 39 39 | dock");
        check(200, 60, 4, "chat left 45 | 4 of 4: 38 38 38 37 | dock");
        check(300, 80, 2, "chat left 64 | 2 of 2: 91 90 | rail 52");
        check(300, 80, 3, "chat left 64 | 3 of 3: 60 60 60 | rail 52");
        check(300, 80, 4, "chat left 59 | 4 of 4: 46 46 46 46 | rail 52");
        check(59, 16, 2, "chat line | tabs | line");
        check(60, 15, 3, "chat line | tabs | line");
        check(40, 10, 5, "chat line | tabs | line");
        check(56, 15, 3, "chat line | tabs | line");
    }

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_window() {
        for width in 40..220 {
            for height in [10, 15, 16, 24, 30, 40, 50, 60] {
                for n_columns in 0..=5 {
                    let layout = wish(width, height, n_columns).layout();
                    let areas = layout
                        .columns
                        .iter()
                        .flat_map(|place| [place.head, place.body])
                        .chain(layout.tabs)
                        .chain(layout.chat)
                        .chain(layout.chat_head)
                        .chain(layout.verdict)
                        .chain(layout.panel.map(|(_, area)| area))
                        .chain([layout.header, layout.composer_rule, layout.composer, layout.footer])
                        .filter(|area| !area.is_empty())
                        .collect::<Vec<_>>();
                    let window = Rect::new(0, 0, width, height);
                    for (idx, area) in areas.iter().enumerate() {
                        assert_eq!(window.intersection(*area), *area, "{width}x{height} with {n_columns}");
                        for other in areas.iter().skip(idx + 1) {
                            assert!(!area.intersects(*other), "{area} {other} at {width}x{height} with {n_columns}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_column_beside_others_always_has_33_cells_of_text() {
        for width in 40..=300 {
            for height in [16, 30, 50, 80] {
                for n_columns in 2..=5 {
                    let layout = wish(width, height, n_columns).layout();
                    if layout.columns.len() > 1 {
                        let least = layout.columns.iter().map(|place| place.body.width).min();
                        assert!(least >= Some(GUTTER + 33), "{least:?} at {width}x{height} with {n_columns}");
                    }
                }
            }
        }
    }

    #[test]
    fn windows_of_about_one_size_are_one_class() {
        assert_eq!(SizeClass::of((120, 40)), SizeClass::of((125, 45)));
        for other in [(80, 24), (160, 50), (200, 60), (120, 29), (120, 50), (59, 40)] {
            assert_ne!(SizeClass::of((120, 40)), SizeClass::of(other));
        }
    }

    #[test]
    fn a_focused_column_that_was_out_of_sight_comes_in() {
        let mut wish = wish(120, 40, 5);
        wish.pane = Pane::Column(Column(4));
        let layout = wish.layout();
        let shown: Vec<_> = layout.columns.iter().map(|place| place.column.letter()).collect();
        assert_eq!((shown, layout.hidden), (vec!['C', 'D', 'E'], (2, 0)));
    }

    #[test]
    fn too_small_a_window_draws_nothing() {
        assert!(wish(39, 24, 3).layout().is_too_small);
        assert!(wish(80, 9, 3).layout().is_too_small);
    }
}
