//! `dissent stats`: how the models did, what they cost, and which of them earns its seat.

mod json;

use std::io::{self, Write};

use jiff::civil::Date;

use crate::consensus::plain::clean;
use crate::figures::table::tables;
use crate::figures::{Allowance, Figures};

pub use crate::headless::stats::json::write_json;

/// Cells of a line: what a terminal has that nobody has made wider.
const CELLS: usize = 80;

/// Writes figures for a person, in tables.
///
/// # Errors
/// Those of `out`.
pub fn write(figures: &Figures, allowance: &Allowance, today: Date, out: &mut impl Write) -> io::Result<()> {
    for (idx, table) in tables(figures, allowance, today, CELLS, clean).iter().enumerate() {
        if idx > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", table.title.to_uppercase())?;
        let heads = Some(&table.heads).filter(|heads| !heads.is_empty());
        for line in heads.into_iter().chain(&table.rows) {
            writeln!(out, "{line}")?;
        }
        for note in &table.notes {
            writeln!(out, "  {note}")?;
        }
    }
    Ok(())
}
