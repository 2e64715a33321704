//! The exit codes of the program.

/// How the program ended, apart from signals, which end it with 128 and their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// What was asked for was done.
    Answered = 0,
    /// The work failed.
    Failed = 1,
    /// The command line or the config is wrong, or no model can be asked.
    Usage = 2,
    /// The answer is flagged.
    Flagged = 3,
    /// Nobody answered.
    NobodyAnswered = 4,
    /// It would have cost more than the budget.
    BudgetRefused = 5,
}
