//! What lies over the panes, and sees keys first.

use crate::ui::pick::Pick;

/// What lies over the panes and sees keys first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// Nothing.
    #[default]
    None,
    /// The keys that may follow the menu key.
    Menu,
    /// The help.
    Help,
    /// The list of questions of the demo.
    Questions,
    /// The words to look for are typed at the foot.
    Find,
    /// One letter answers what the foot asks.
    Pick(Pick),
    /// The search through the history, in the composer.
    History,
    /// A list to pick from.
    Picker,
    /// The figures of how the models did.
    Stats,
}
