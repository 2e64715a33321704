//! What keys of the table mean where something is listed, searched or asked: the same keys, so that who moves one moves it
//! there too. Help, README and footer name them from here.

use crate::ui::action::Action;
use crate::ui::keymap::Mode;

/// A key of the table with what it does while something lies over the panes.
#[derive(Clone, Debug)]
pub struct LayerKey {
    /// What it does there, for help and README.
    pub says: &'static str,
    /// Where the key stands in the table.
    pub mode: Mode,
    /// Under which action.
    pub action: Action,
}

/// The heading over these keys.
pub const TITLE: &str = "lists, find, history";

/// All of them, in the order of help and README.
pub const LAYER_KEYS: [LayerKey; 9] = [
    key("take it, or keep what was found", Mode::Write, Action::Send),
    key("back to what was before", Mode::Write, Action::Stop),
    key("on to the next one", Mode::Write, Action::ScrollDown),
    key("back to the one above", Mode::Write, Action::ScrollUp),
    key("clear what was typed", Mode::Write, Action::DeleteToStart),
    key("history: an older one", Mode::Write, Action::History),
    key("a slash command: complete it", Mode::Write, Action::Read),
    key("list of models: mark on or off", Mode::Read, Action::ToggleFocused),
    key("an address: copy it", Mode::Read, Action::Copy),
];

const fn key(says: &'static str, mode: Mode, action: Action) -> LayerKey {
    LayerKey { says, mode, action }
}
