//! Columns that scroll in step.

use crate::table::Table;

fn section(heading: &str, n_items: usize) -> String {
    let items: Vec<String> = (0..n_items).map(|idx| format!("- item {idx} of {heading}\n")).collect();
    format!("## {heading}\n{}\n", items.concat())
}

#[test]
fn locked_columns_stand_at_the_same_heading() {
    let mut table = Table::new();
    table.ask("why?");
    table.says(0, &[section("Why", 60), section("How", 60)].concat());
    table.says(1, &[section("Why", 90), section("How", 60)].concat());
    for column in 0..2 {
        table.ends(column);
    }
    table.screen(160, 50);
    table.keys(&["tab", "1", "g", "="]);
    for _ in 0..62 {
        table.key("j");
    }
    let screen = table.screen(160, 50);
    let columns = table.app.layout.columns.clone();
    let row = screen.lines().nth(usize::from(columns[0].body.y)).unwrap();
    assert_eq!(row.matches("How").count(), 2, "{screen}");
    table.key("=");
    let before = table.app.turns[0].columns[1].scroll;
    table.key("k");
    assert_eq!(table.app.turns[0].columns[1].scroll, before);
}
