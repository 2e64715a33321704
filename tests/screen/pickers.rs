//! Lists to pick from: the palette, the themes, the models.

use crate::table::Table;
use dissent::domain::ids::{Column, TurnId};
use dissent::ui::app::Layer;
use dissent::ui::command::COMMANDS;
use dissent::ui::effect::Effect;
use dissent::ui::geometry::{ChatPlace, PanelPlace};
use dissent::ui::picker::{found, offered};
use dissent::ui::theme::{ThemeFile, Themes};

#[test]
fn the_palette_offers_everything_that_can_be_called_and_runs_it() {
    let mut table = Table::new();
    table.ask("why?");
    table.keys(&["ctrl-x", "space"]);
    assert_eq!(table.app.layer, Layer::Picker);
    let by_key_only = COMMANDS.iter().filter(|command| command.action.is_none() && command.slash.is_empty()).count();
    assert_eq!(found(&table.app).len(), COMMANDS.len() - by_key_only);
    table.type_text("full width");
    insta::assert_snapshot!("palette_120x40", table.screen(120, 40));
    table.key("enter");
    assert!(table.app.is_zoomed);
    assert_eq!(table.app.layer, Layer::None);
}

#[test]
fn every_door_of_the_palette_opens_it() {
    for keys in [&["ctrl-p"][..], &["ctrl-x", "ctrl-x"], &["ctrl-x", "space"], &["tab", ":"]] {
        let mut table = Table::new();
        table.ask("why?");
        table.keys(keys);
        assert_eq!(table.app.layer, Layer::Picker, "{keys:?}");
    }
}

#[test]
fn a_command_that_must_be_told_something_is_finished_in_the_composer() {
    let mut table = Table::new();
    table.type_text("draft");
    table.key("ctrl-p");
    table.type_text("leave a single");
    table.key("enter");
    assert_eq!(table.app.composer.text(), "/only ");
    assert_eq!(table.app.history.newest(), Some("draft"));
}

#[test]
fn the_palette_is_narrowed_and_left_without_a_trace() {
    let mut table = Table::new();
    table.type_text("draft");
    table.key("ctrl-p");
    table.type_text("zzzz");
    assert!(table.screen(80, 24).contains("nothing fits"));
    assert_eq!(table.key("enter"), []);
    table.keys(&["ctrl-u", "esc"]);
    assert_eq!((table.app.layer, table.app.composer.text().as_str()), (Layer::None, "draft"));
}

#[test]
fn a_theme_is_seen_while_it_is_picked_and_escape_restores() {
    let mut table = Table::new();
    table.keys(&["ctrl-x", "t"]);
    assert_eq!(table.app.theme.name, "ink");
    table.key("down");
    assert_eq!(table.app.theme.name, "paper");
    table.key("esc");
    assert_eq!(table.app.theme.name, "ink");
    table.keys(&["ctrl-x", "t", "down", "enter"]);
    assert_eq!((table.app.theme.name.as_str(), table.app.layer), ("paper", Layer::None));
}

#[test]
fn a_theme_is_set_by_its_name_and_an_unknown_one_is_refused() {
    let mut table = Table::new();
    table.type_text("/theme mono");
    table.key("enter");
    assert_eq!(table.app.theme.name, "mono");
    table.type_text("/theme rainbow");
    table.key("enter");
    assert_eq!(table.app.theme.name, "mono");
    let notice = table.app.notice.as_ref().map_or("", |notice| notice.text.as_str());
    assert_eq!(notice, "no theme is called rainbow; there are: ink, paper, mono");
}

#[test]
fn who_is_on_changes_when_the_list_is_taken_and_not_before() {
    let mut table = Table::new();
    table.ask("why?");
    table.keys(&["ctrl-x", "m", "down", "space", "down", "down", "space"]);
    insta::assert_snapshot!("models_80x24", table.screen(80, 24));
    assert!(table.app.seats[1].is_on);
    let effects = table.key("enter");
    let withdraw = Effect::Withdraw { turn: TurnId(1), column: Column(1) };
    assert!(effects.contains(&withdraw), "{effects:?}");
    assert!(matches!(effects[1], Effect::AskMember { column: Column(3), .. }), "{effects:?}");
    table.keys(&["ctrl-x", "m", "space", "esc"]);
    assert!(table.app.seats[0].is_on);
}

#[test]
fn every_offered_command_can_be_found_by_its_name() {
    let mut table = Table::new();
    table.key("ctrl-p");
    for command in offered() {
        table.key("ctrl-u");
        table.type_text(command.name);
        let fits = found(&table.app).into_iter().filter_map(|idx| offered().nth(idx));
        assert!(fits.into_iter().any(|fit| fit.name == command.name), "{}", command.name);
    }
}

#[test]
fn a_theme_of_ones_own_is_offered_and_worn() {
    let file =
        ThemeFile { path: "t/dusk.toml".to_owned(), stem: "dusk".to_owned(), text: "inherits = \"paper\"".to_owned() };
    let mut table = Table::new();
    table.app.themes = Themes::with(&[file]).0;
    table.type_text("/theme dusk");
    table.key("enter");
    assert_eq!(table.app.theme.name, "dusk");
    table.keys(&["ctrl-x", "t"]);
    assert!(table.screen(80, 24).contains("dusk"));
}

#[test]
fn panes_stand_where_the_config_wants_them_until_they_are_moved() {
    let mut table = Table::new();
    table.app.reading.usual_places = (ChatPlace::Below, PanelPlace::Off);
    table.app.chat_place = ChatPlace::Below;
    table.ask("why?");
    table.screen(160, 50);
    table.keys(&["tab", "t"]);
    assert_ne!(table.app.chat_place, ChatPlace::Below);
    table.screen(80, 24);
    assert_eq!(
        (table.app.chat_place, table.app.panel_place),
        (ChatPlace::Below, PanelPlace::Off),
        "in windows of another size"
    );
}
