//! Looks units up by the symbols and names that a text writes, and says what they measure.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::consensus::reading::values::Dimension;
use crate::consensus::reading::values::currencies;
use crate::consensus::reading::values::unit_rows::{
    ALONE, DEGREES, KELVIN, KILOGRAM, METRE, PREFIXED, PREFIXED_SYMBOLS, PREFIXES, RADIAN, ROWS, SECOND, SHARES,
};

/// Exponents of metre, kilogram, second, ampere, kelvin, byte, radian, mole: what a physical quantity measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Powers(pub [i8; 8]);

impl Powers {
    /// Returns the exponents of this times `other` raised to `power`.
    pub(super) fn times(self, other: Self, power: i32) -> Self {
        let mut powers = self;
        for (mine, theirs) in powers.0.iter_mut().zip(other.0) {
            let power = i8::try_from(power.clamp(-9, 9)).unwrap_or_default();
            *mine = mine.saturating_add(theirs.saturating_mul(power));
        }
        powers
    }

    /// Returns whether this is a length and nothing else.
    pub(super) fn is_length(self) -> bool {
        self == METRE
    }

    /// Returns whether quantities of it are written in several units at once, as in 6 ft 2 in.
    pub(super) fn has_compounds(self) -> bool {
        [METRE, KILOGRAM, SECOND, RADIAN].contains(&self)
    }

    /// Returns whether this is time and nothing else.
    pub(super) fn is_duration(self) -> bool {
        self == SECOND
    }
}

/// A unit that the table lacks, as it is written, in at most so many bytes as fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Symbol([u8; 12]);

impl Symbol {
    /// Returns the symbol that `text` spells, `None` for one that is longer than any symbol.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut symbol = Self::default();
        symbol.0.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(symbol)
    }
}

/// A unit, or several multiplied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unit {
    /// What it measures.
    pub(crate) dimension: Dimension,
    /// How much of the base unit it is: metre, kilogram, second and so on.
    pub(crate) factor: f64,
    /// What to add before multiplying: degrees only.
    pub(crate) offset: f64,
}

impl Unit {
    /// The unit of a plain number.
    pub(crate) const NONE: Self = Self { dimension: Dimension::Count, factor: 1.0, offset: 0.0 };

    /// Returns `amount` of this unit in base units.
    pub(crate) fn to_base(self, amount: f64) -> f64 {
        (amount + self.offset) * self.factor
    }
}

/// A unit as it is found in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Known {
    /// The unit.
    pub(super) unit: Unit,
    /// How a canonical form writes it.
    pub(super) symbol: &'static str,
}

#[derive(Default)]
struct Table {
    symbols: HashMap<String, Known>,
    names: HashMap<String, Known>,
}

impl Table {
    /// Adds a unit under its symbols and names; the first row that claims one keeps it.
    fn add(&mut self, symbols: &'static str, names: &'static str, unit: Unit) {
        let first = |words: &'static str| words.split(' ').find(|word| !word.is_empty());
        let symbol = first(symbols).or_else(|| first(names)).unwrap_or_default();
        let known = Known { unit, symbol };
        for word in symbols.split_whitespace() {
            self.symbols.entry(word.to_owned()).or_insert(known);
        }
        for name in names.split_whitespace() {
            self.names.entry(name.replace('~', " ")).or_insert(known);
        }
    }

    fn add_prefixed(&mut self, (symbols, names, prefixes, powers, factor): (&'static str, &str, &str, Powers, f64)) {
        for (sign, prefix, scale) in PREFIXES {
            let unit = physical(powers, factor * scale);
            let first = symbols.split(' ').next().unwrap_or_default();
            let Some(symbol) = prefixed_symbol(sign, first) else { continue };
            for base in symbols.split_whitespace() {
                if prefixes.contains(sign) {
                    self.symbols.entry(format!("{sign}{base}")).or_insert(Known { unit, symbol });
                }
                if sign == 'µ' {
                    self.symbols.entry(format!("u{base}")).or_insert(Known { unit, symbol });
                    self.symbols.entry(format!("\u{3bc}{base}")).or_insert(Known { unit, symbol });
                }
            }
            for name in names.split_whitespace() {
                self.names.entry(format!("{prefix}{name}")).or_insert(Known { unit, symbol });
            }
        }
    }
}

/// Returns the canonical spelling of a prefixed symbol that lives as long as the program does.
fn prefixed_symbol(sign: char, base: &str) -> Option<&'static str> {
    PREFIXED_SYMBOLS.split_whitespace().find(|symbol| symbol.strip_prefix(sign) == Some(base))
}

fn physical(powers: Powers, factor: f64) -> Unit {
    Unit { dimension: Dimension::Physical(powers), factor, offset: 0.0 }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    // Before the rest: a lone F is Fahrenheit, not farad.
    for (symbols, names, factor, offset) in DEGREES {
        table.add(symbols, names, Unit { dimension: Dimension::Physical(KELVIN), factor, offset });
    }
    for &(symbols, names, powers, factor) in ROWS {
        table.add(symbols, names, physical(powers, factor));
    }
    for &(symbols, names, prefixes, powers, factor) in PREFIXED {
        table.add(symbols, names, physical(powers, factor));
        table.add_prefixed((symbols, names, prefixes, powers, factor));
    }
    for &(symbols, names, currencies, factor) in currencies::ROWS {
        let dimension = Dimension::Money(currencies, Powers::default());
        table.add(symbols, names, Unit { dimension, factor, offset: 0.0 });
    }
    for (symbols, names, dimension, factor) in SHARES {
        table.add(symbols, names, Unit { dimension, factor, offset: 0.0 });
    }
    for symbols in ALONE {
        if let Some(symbol) = symbols.split(' ').next().and_then(Symbol::of) {
            table.add(symbols, "", Unit { dimension: Dimension::Unlisted(symbol), factor: 1.0, offset: 0.0 });
        }
    }
    table
});

/// Longest name of a unit, in bytes; longer words are none.
const LONGEST: usize = 32;

/// Returns the unit that `word` names or abbreviates, if any.
pub(super) fn named(word: &str) -> Option<Known> {
    if word.len() > LONGEST {
        return None;
    }
    let table = &*TABLE;
    table.symbols.get(word).or_else(|| table.names.get(word)).copied().or_else(|| {
        let is_lower = !word.chars().any(char::is_uppercase);
        if is_lower { None } else { table.names.get(word.to_lowercase().as_str()).copied() }
    })
}
