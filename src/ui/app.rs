//! All that the screen knows.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use crate::consensus::report::Report;
use crate::domain::ids::{Column, ModelId, TurnId};
use crate::domain::member::Member;
use crate::domain::response::{Response, State};
use crate::domain::turn::Turn;
use crate::domain::verdict::{Band, Verdict};
use crate::ui::column::ColumnView;
use crate::ui::command::slash::SlashList;
use crate::ui::compare::Compare;
use crate::ui::composer::Composer;
use crate::ui::faces::Faces;
use crate::ui::geometry::{ChatPlace, Layout, Pane, PanelPlace};
use crate::ui::history::{History, Search};
use crate::ui::keymap::Keymap;
use crate::ui::library::Library;
use crate::ui::notice::Notice;
use crate::ui::numbers::ConflictNumbers;
use crate::ui::opinion::Opinion;
use crate::ui::picker::Picker;
use crate::ui::places::Places;
use crate::ui::purse::Purse;
use crate::ui::reading::Reading;
use crate::ui::scroll::Scroll;
use crate::ui::sight::Sight;
use crate::ui::talk::Talking;
use crate::ui::theme::{Depth, Theme, Themes};
use crate::ui::view::chat::ChatBlock;
use crate::ui::view::panel::PanelView;
use crate::ui::work::Work;

pub use crate::ui::layer::Layer;

/// Models that can be on at once on the screen: more columns can't be read.
pub const MAX_ON: usize = 5;

/// A model with its place at the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Seat {
    /// Who.
    pub member: Arc<Member>,
    /// Whether it is asked.
    pub is_on: bool,
}

/// A question that can be picked from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedQuestion {
    /// Its id, which may be typed in its place.
    pub id: String,
    /// What is asked; empty when only the id is known.
    pub question: String,
    /// What it shows, in a few words; may be empty.
    pub hint: String,
    /// Who can answer it; empty when everyone can.
    pub models: Vec<ModelId>,
}

/// The list of questions of the demo.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    /// All of them.
    pub all: Vec<ListedQuestion>,
    /// The picked one.
    pub picked: usize,
}

/// Where the answers come from, for the title line and the first screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Real providers; what the config has to say goes along.
    Providers,
    /// The embedded demo models.
    Demo,
    /// Recorded answers of somebody's file.
    Bank(String),
}

/// One turn with all that is drawn of it.
#[derive(Debug)]
pub struct TurnView {
    /// The question and the responses.
    pub turn: Turn,
    /// One view a response.
    pub columns: Vec<ColumnView>,
    /// The last reading of the engine.
    pub report: Option<Arc<Report>>,
    /// The band that may be shown, smoothed while answers come in.
    pub band: Option<Band>,
    /// The verdict, once the turn has settled.
    pub verdict: Option<Box<Verdict>>,
    /// The conflict numbers on the screen, by contradiction id.
    pub numbers: ConflictNumbers,
    /// What the models are called.
    pub faces: Faces,
    /// What the person thinks of the answers.
    pub opinion: Opinion,
    /// The turn as the conversation shows it.
    pub chat: ChatBlock,
    /// Counts up with everything that changes how the turn looks.
    pub revision: u64,
    /// How many of these changes were text that came in, and nothing else.
    pub n_texts: u64,
}

/// All that the screen knows.
#[derive(Debug)]
pub struct App {
    /// Everyone who can be asked, in the order of the letters.
    pub seats: Vec<Seat>,
    /// Everyone who can take a seat; those of a recorded bank change with the question.
    pub bench: Vec<Arc<Member>>,
    /// The conversation, oldest first.
    pub turns: Vec<TurnView>,
    /// The turn whose columns and panel are shown.
    pub selected: usize,
    /// The turn whose columns are laid out.
    pub laid_out: usize,
    /// Where the answers come from.
    pub source: Source,
    /// What the person should know at the start.
    pub notes: Vec<String>,
    /// Questions to pick from.
    pub questions: Questions,
    /// Questions that wait for the turn to settle.
    pub queue: VecDeque<String>,
    /// What questions cost.
    pub purse: Purse,
    /// What goes along with the next question.
    pub talk: Talking,
    /// Where questions are written.
    pub composer: Composer,
    /// What is picked of the list that a typed slash opens.
    pub slash: SlashList,
    /// The list to pick from, while it is open.
    pub picker: Picker,
    /// The sessions that are kept.
    pub library: Library,
    /// The newest turn that was begun in this run, whichever session it was of.
    pub newest_turn: TurnId,
    /// What was asked or cleared.
    pub history: History,
    /// The search through it, while it is open.
    pub search: Search,
    /// Whether letters act rather than type.
    pub is_reading: bool,
    /// What lies over the panes and sees keys first.
    pub layer: Layer,
    /// When the menu shows itself, while its key has been pressed.
    pub menu_shows_at: Instant,
    /// The first row of the help, or of the figures, in sight.
    pub help_top: usize,
    /// Whether the focused column has the whole width.
    pub is_zoomed: bool,
    /// What the person is at while reading.
    pub reading: Reading,
    /// How the person wants to look at what is there.
    pub sight: Sight,
    /// What has the focus while reading.
    pub pane: Pane,
    /// Where the person wants the conversation.
    pub chat_place: ChatPlace,
    /// Where the person wants the panel.
    pub panel_place: PanelPlace,
    /// Where the conversation stands.
    pub chat_scroll: Scroll,
    /// The number of the selected conflict.
    pub conflict: Option<u32>,
    /// Two of its positions side by side, in place of the columns.
    pub compare: Option<Compare>,
    /// Until when another interrupt leaves.
    pub quit_armed_until: Option<Instant>,
    /// A short message.
    pub notice: Option<Notice>,
    /// Whether the mouse is ours while nothing else is wanted.
    pub has_mouse: bool,
    /// Since when the person looks elsewhere; `None` while they look here, or the terminal does not tell.
    pub unfocused_since: Option<Instant>,
    /// The colours that the terminal shows, where the theme follows its background; `None` where a theme was named.
    pub follows_background: Option<Depth>,
    /// Width and height of the window.
    pub size: (u16, u16),
    /// Where everything stands.
    pub layout: Layout,
    /// Where the turns stand in the conversation.
    pub places: Places,
    /// The panel, laid out.
    pub panel: PanelView,
    /// The themes to choose from.
    pub themes: Themes,
    /// How meanings look.
    pub theme: Theme,
    /// The keys.
    pub keymap: Keymap,
    /// The last moment that a message brought.
    pub now: Instant,
    /// Work done so far.
    pub work: Work,
}

impl Seat {
    /// Returns a seat for `member`.
    pub fn new(member: Arc<Member>, is_on: bool) -> Self {
        Self { member, is_on }
    }
}

impl TurnView {
    /// Returns the view of a turn in which nobody has been asked yet.
    pub fn new(turn: Turn) -> Self {
        let columns = turn.responses.iter().map(|_| ColumnView::default()).collect();
        Self {
            turn,
            columns,
            report: None,
            band: None,
            verdict: None,
            numbers: ConflictNumbers::default(),
            faces: Faces::default(),
            opinion: Opinion::default(),
            chat: ChatBlock::default(),
            revision: 0,
            n_texts: 0,
        }
    }

    /// Lets go of what can be laid out anew, once the turn is out of sight.
    pub fn rest(&mut self) {
        for column in &mut self.columns {
            column.document.rest();
            column.thought.document.rest();
        }
    }

    /// Returns whether a verdict stands and nobody who is waited for is still at it.
    pub fn is_settled(&self) -> bool {
        self.verdict.is_some()
            && self.turn.responses.iter().all(|response| response.is_over() || response.state == State::Late)
    }
}

impl App {
    /// Returns whether a question has to wait: until the verdict on the newest turn is there, its past is not known.
    pub fn is_busy(&self) -> bool {
        self.turns.last().is_some_and(|view| !view.is_settled())
    }

    /// Returns an app with everyone at their seats and no conversation yet.
    pub fn new(seats: Vec<Seat>, source: Source, theme: Theme, keymap: Keymap, now: Instant) -> Self {
        Self {
            bench: seats.iter().map(|seat| Arc::clone(&seat.member)).collect(),
            seats,
            turns: Vec::new(),
            selected: 0,
            laid_out: 0,
            source,
            notes: Vec::new(),
            questions: Questions::default(),
            queue: VecDeque::new(),
            purse: Purse::default(),
            talk: Talking::default(),
            composer: Composer::default(),
            slash: SlashList::default(),
            picker: Picker::default(),
            library: Library::default(),
            newest_turn: TurnId::default(),
            history: History::default(),
            search: Search::default(),
            is_reading: false,
            layer: Layer::None,
            menu_shows_at: now,
            help_top: 0,
            is_zoomed: false,
            reading: Reading::default(),
            sight: Sight::default(),
            pane: Pane::Column(Column(0)),
            chat_place: ChatPlace::Auto,
            panel_place: PanelPlace::Auto,
            chat_scroll: Scroll::default(),
            conflict: None,
            compare: None,
            quit_armed_until: None,
            notice: None,
            has_mouse: true,
            unfocused_since: None,
            follows_background: None,
            size: (80, 24),
            layout: Layout::default(),
            places: Places::default(),
            panel: PanelView::default(),
            themes: Themes::default(),
            theme,
            keymap,
            now,
            work: Work::default(),
        }
    }

    /// Returns the name of the turn that begins now: no other of this run has it, of whatever session.
    pub fn next_turn(&mut self) -> TurnId {
        let newest = self.turns.last().map_or(self.newest_turn, |view| view.turn.id.max(self.newest_turn));
        self.newest_turn = TurnId(newest.0 + 1);
        self.newest_turn
    }

    /// Returns whether the list of questions is in sight: on the first screen, or over the panes.
    pub fn is_listing(&self) -> bool {
        (self.layer == Layer::Questions || self.turns.is_empty()) && !self.questions.all.is_empty()
    }

    /// Returns whether the menu is in sight: some time after its key was pressed.
    pub fn is_menu_shown(&self) -> bool {
        self.layer == Layer::Menu && self.menu_shows_at <= self.now
    }

    /// Returns the turn whose columns and panel are shown; `None` before the first question.
    pub fn shown(&self) -> Option<&TurnView> {
        self.turns.get(self.selected)
    }

    /// Returns the turn with that id, to be changed.
    pub fn turn_mut(&mut self, id: TurnId) -> Option<&mut TurnView> {
        self.turns.iter_mut().find(|view| view.turn.id == id)
    }

    /// Returns whether the shown turn is the newest one, and of this run: only that one can be changed.
    pub fn is_newest_shown(&self) -> bool {
        self.selected + 1 == self.turns.len() && self.selected >= self.talk.n_resumed
    }

    /// Returns the columns to be shown: models that are on in the newest turn, models that were asked in an older one.
    pub fn columns(&self) -> Vec<Column> {
        let Some(view) = self.shown() else { return Vec::new() };
        let is_newest = self.is_newest_shown();
        let is_shown = |idx: usize, response: &Response| {
            if is_newest {
                self.seats.get(idx).is_some_and(|seat| seat.is_on)
            } else {
                response.left_out.is_some()
                    || response.state != State::Skipped
                        && (response.state != State::Cancelled || !response.text.is_empty())
            }
        };
        let responses = view.turn.responses.iter().enumerate();
        let shown = responses.filter(|(idx, response)| is_shown(*idx, response)).map(|(idx, _)| Column::at(idx));
        let mut shown: Vec<Column> = shown.collect();
        shown.sort_by_key(|column| view.faces.of(*column));
        shown
    }

    /// Returns the focused column: the pane's, or the first one where the pane is something else.
    pub fn focused_column(&self) -> Option<Column> {
        let columns = self.columns();
        match self.pane {
            Pane::Column(column) if columns.contains(&column) => Some(column),
            Pane::Column(_) | Pane::Chat => columns.first().copied(),
        }
    }

    /// Returns the column that a pane is, or the focused one for a pane that is none.
    pub fn focused_or(&self, pane: Pane) -> Option<Column> {
        match pane {
            Pane::Column(column) if self.columns().contains(&column) => Some(column),
            Pane::Column(_) | Pane::Chat => self.focused_column(),
        }
    }

    /// Returns the rows in sight of a column; those of any column where it is out of sight, as all are alike.
    pub fn body_height(&self, column: Column) -> usize {
        let places = &self.layout.columns;
        let place = places.iter().find(|place| place.column == column).or_else(|| places.first());
        place.map_or(0, |place| usize::from(place.body.height))
    }
}
