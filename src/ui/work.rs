//! What drawing took, counted, so that a test can say what a frame may cost.

/// Work done for the screen, in units that do not depend on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Rows of answers and conversation that were painted.
    pub rows_painted: u64,
    /// How often the items of the panel were laid out.
    pub panels_laid: u64,
}
