//! Which code is given away to be coloured: what is in sight, once, and the rest when it is scrolled to.

use dissent::ui::coloring::uncolored;

use crate::table::Table;

/// Draws, and returns the lines that want colours now.
fn wanted(table: &mut Table) -> Vec<String> {
    table.screen(120, 40);
    uncolored(&mut table.app).into_iter().flat_map(|code| code.lines).collect()
}

#[test]
fn code_is_coloured_when_it_comes_in_sight() {
    let mut table = Table::new();
    table.ask("how?");
    table.says(0, "```rust\nlet early = 1;\n```\n\n");
    table.says(0, &"A paragraph between them.\n\n".repeat(60));
    table.says(0, "```rust\nlet late = 2;\n");
    assert_eq!(wanted(&mut table), ["let late = 2;"]);
    assert_eq!(wanted(&mut table), [""; 0]);
    table.says(0, "let later = 3;\n");
    assert_eq!(wanted(&mut table), ["let later = 3;"]);
    table.keys(&["tab", "1", "g"]);
    assert_eq!(wanted(&mut table), ["let early = 1;"]);
}
