//! The mouse: wheel, press, drag.

use crate::table::{Table, copied};
use crossterm::event::{MouseButton, MouseEventKind};
use dissent::domain::ids::Column;
use dissent::ui::effect::Effect;
use dissent::ui::geometry::Pane;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

const DOWN: MouseEventKind = MouseEventKind::Down(MouseButton::Left);
const UP: MouseEventKind = MouseEventKind::Up(MouseButton::Left);
const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);

fn table() -> (Table, Vec<Rect>) {
    let one = "A first answer whose **words** wrap somewhere in the middle of a column.\n\nAnd an end.";
    let mut table = Table::settled("Which bridge?", [one, "Another answer.", "A third answer of some words."]);
    table.screen(160, 50);
    let bodies = table.app.layout.columns.iter().map(|place| place.body).collect();
    (table, bodies)
}

#[test]
fn a_drag_selects_the_source_within_one_column() {
    let (mut table, bodies) = table();
    let (x, y) = (bodies[0].x + 3, bodies[0].y);
    table.mouse(DOWN, (x + 2, y));
    // Far into the next column: the selection stays in the one where it began.
    table.mouse(DRAG, (bodies[1].x + 10, y + 1));
    assert_eq!(table.mouse(UP, (bodies[1].x + 10, y + 1)), []);
    let screen = table.screen(160, 50);
    assert!(screen.contains("characters selected"), "{screen}");
    let effects = table.key("y");
    let text = copied(&effects);
    assert!(text.starts_with("first answer whose **words** wrap") && !text.contains("Another"), "{text:?}");
    assert!(!text.contains('\n'), "a soft wrap is no line end: {text:?}");
    assert!(table.app.reading.pointing.selection.is_some());
    table.key("esc");
    assert!(table.app.reading.pointing.selection.is_none());
    assert!(table.app.is_reading);
}

#[test]
fn what_is_selected_is_shown_in_reverse_only_there() {
    let (mut table, bodies) = table();
    let (x, y) = (bodies[0].x + 3, bodies[0].y);
    table.mouse(DOWN, (x, y));
    table.mouse(DRAG, (x + 6, y));
    let buffer = table.buffer(160, 50);
    let row: String = (bodies[0].left()..bodies[2].right())
        .filter(|x| buffer[(*x, y)].modifier.contains(Modifier::REVERSED))
        .map(|x| buffer[(x, y)].symbol().to_owned())
        .collect();
    assert_eq!(row, "A first");
}

#[test]
fn a_double_click_selects_a_word() {
    let (mut table, bodies) = table();
    let at = (bodies[1].x + 3 + 10, bodies[1].y);
    for kind in [DOWN, UP, DOWN, UP] {
        table.mouse(kind, at);
    }
    assert_eq!(copied(&table.key("enter")), "answer");
    assert!(table.app.compare.is_none());
}

#[test]
fn two_slow_presses_are_no_double_click() {
    let (mut table, bodies) = table();
    let at = (bodies[1].x + 13, bodies[1].y);
    table.mouse(DOWN, at);
    table.mouse(UP, at);
    table.passes(1);
    table.mouse(DOWN, at);
    table.mouse(UP, at);
    assert!(table.app.reading.pointing.selection.is_none());
}

#[test]
fn a_press_gives_the_focus_and_the_composer_takes_it_back() {
    let (mut table, bodies) = table();
    table.mouse(DOWN, (bodies[2].x + 5, bodies[2].y + 9));
    table.mouse(UP, (bodies[2].x + 5, bodies[2].y + 9));
    assert_eq!((table.app.pane, table.app.is_reading), (Pane::Column(Column(2)), true));
    let composer = table.app.layout.composer;
    table.mouse(DOWN, (composer.x + 4, composer.y));
    assert!(!table.app.is_reading);
}

#[test]
fn the_wheel_moves_the_column_under_it_and_no_other() {
    let mut table = Table::new();
    table.ask("why?");
    let long = (0..90).map(|idx| format!("- row {idx}\n")).collect::<Vec<_>>().concat();
    for column in 0..3 {
        table.says(column, &long);
    }
    table.screen(160, 50);
    let body = table.app.layout.columns[1].body;
    table.mouse(MouseEventKind::ScrollUp, (body.x + 4, body.y + 4));
    let following: Vec<bool> =
        table.app.turns[0].columns.iter().take(3).map(|column| column.scroll.is_following).collect();
    assert_eq!(following, [true, false, true]);
}

#[test]
fn a_card_of_the_panel_and_a_folded_turn_can_be_pressed() {
    let conflict = ["It opened in 1931.", "It opened in 1931.", "It opened in 1932."];
    let mut table = Table::settled("When did the bridge open?", conflict);
    table.turn_of("When did the tunnel open?", conflict);
    let screen = table.screen(160, 50);
    let find = |text: &str| {
        let (y, row) = screen.lines().enumerate().skip(2).find(|(_, row)| row.contains(text)).unwrap();
        (row.chars().take_while(|letter| *letter != text.chars().next().unwrap()).count() as u16, y as u16)
    };
    let panel = table.app.layout.panel.unwrap().1;
    table.mouse(DOWN, (panel.x + 3, panel.y + 1));
    assert_eq!(table.app.conflict, Some(1));
    let (_, y) = find("When did the bridge open?");
    table.mouse(DOWN, (8, y));
    assert_eq!(table.app.selected, 0);
}

#[test]
fn the_mouse_is_left_to_the_terminal_and_taken_back() {
    let (mut table, _) = table();
    assert_eq!(table.keys(&["ctrl-x", "g"]), [Effect::Mouse(false)]);
    let screen = table.screen(160, 50);
    assert!(screen.lines().nth(1).unwrap().starts_with("A first answer whose words wrap"), "{screen}");
    assert!(!screen.contains('│'), "nothing stands beside the text");
    assert_eq!(table.key("esc"), [Effect::Mouse(true)]);
    assert!(table.screen(160, 50).contains('│'));
}

#[test]
fn copying_on_select_is_a_wish() {
    let (mut table, bodies) = table();
    table.app.sight.after_drag = dissent::ui::sight::AfterDrag::Copy;
    let (x, y) = (bodies[1].x + 3, bodies[1].y);
    table.mouse(DOWN, (x, y));
    table.mouse(DRAG, (x + 6, y));
    assert_eq!(copied(&table.mouse(UP, (x + 6, y))), "Another");
}

#[test]
fn a_press_in_the_composer_puts_the_cursor_there() {
    let mut table = Table::new();
    let typed = |table: &mut Table, (x, y): (u16, u16)| {
        table.screen(80, 24);
        let composer = table.app.layout.composer;
        table.mouse(DOWN, (composer.x + x, composer.y + y));
        table.mouse(UP, (composer.x + x, composer.y + y));
        table.type_text("|");
        let text = table.app.composer.text();
        table.key("backspace");
        text
    };
    table.type_text("one two");
    // Three cells are the prompt's.
    assert_eq!(typed(&mut table, (3 + 4, 0)), "one |two");
    assert_eq!(typed(&mut table, (1, 0)), "|one two");
    assert_eq!(typed(&mut table, (60, 0)), "one two|");
    table.key("ctrl-j");
    table.type_text("漢字 x");
    assert_eq!(typed(&mut table, (3 + 3, 1)), "one two\n漢|字 x", "half of a wide letter is all of it");
    assert_eq!(typed(&mut table, (3 + 1, 0)), "o|ne two\n漢字 x");
    assert!(!table.app.is_reading);
}
