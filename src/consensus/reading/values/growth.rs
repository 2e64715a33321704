//! How fast something grows, in the notation of Bachmann and Landau: `O(n log n)`, `Θ(n²)`, `$\mathcal{O}(1)$`.

use crate::consensus::reading::values::lex::{Kind, Token};
use crate::consensus::reading::values::reader::Reader;

/// Most tokens between the brackets; more is no bound that anybody compares.
const MOST_TOKENS: usize = 16;

/// Reads the bound at `at`: its canonical form, without spaces and always with the letter O, and the position behind it.
pub(super) fn read(reader: Reader<'_>, at: usize) -> Option<(String, usize)> {
    if !matches!(reader.text(at), "O" | "Θ" | "Ω" | "\\Theta" | "\\Omega") {
        return None;
    }
    // `\mathcal{O}(n)` closes a brace first.
    let open = at + 1 + usize::from(reader.is_glued_symbol(at + 1, '}'));
    if !reader.is_glued_symbol(open, '(') {
        return None;
    }
    let mut inside = String::new();
    let mut depth = 1;
    for next in open + 1..=open + MOST_TOKENS {
        match reader.token(next)? {
            Token { kind: Kind::Symbol('('), .. } => {
                depth += 1;
                inside.push('(');
            }
            Token { kind: Kind::Symbol(')'), .. } => {
                depth -= 1;
                if depth == 0 {
                    return (!inside.is_empty()).then(|| (format!("O({inside})"), next + 1));
                }
                inside.push(')');
            }
            Token { kind: Kind::Power(power), .. } => {
                inside.push('^');
                inside.push_str(&power.to_string());
            }
            Token { kind: Kind::Symbol('{' | '}' | '*' | '·' | '\\'), .. } => {}
            Token { kind: Kind::Break, .. } => return None,
            token => inside.push_str(&token.text.trim_start_matches('\\').to_lowercase()),
        }
    }
    None
}
