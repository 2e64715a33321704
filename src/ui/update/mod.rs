//! Takes messages in: changes the state, and says what must happen outside.

mod act;
mod ask;
pub(crate) mod command;
pub mod compare;
mod copying;
mod find;
mod history;
mod input;
pub mod library;
mod mouse;
mod moves;
mod opening;
pub mod opinion;
mod picker;
mod stats;
mod stream;
mod talk;

use std::time::Instant;

use crate::ui::app::App;
use crate::ui::coloring;
use crate::ui::effect::Effect;
use crate::ui::msg::Msg;
use crate::ui::purse;

pub use crate::ui::update::ask::submit;

#[expect(clippy::too_many_lines, reason = "one arm for each message")]
/// Applies `msg` and returns what must happen outside, in order.
pub fn update(app: &mut App, msg: Msg, now: Instant) -> Vec<Effect> {
    app.now = now;
    if app.notice.as_ref().is_some_and(|notice| notice.until <= now) {
        app.notice = None;
    }
    if app.quit_armed_until.is_some_and(|until| until <= now) {
        app.quit_armed_until = None;
    }
    match msg {
        Msg::Input(input) => {
            let effects = input::take(app, input);
            purse::guess(app);
            effects
        }
        Msg::Began(turn, asks) => {
            ask::began(app, *turn, &asks);
            Vec::new()
        }
        Msg::Stream(event) => {
            stream::take(app, &event);
            Vec::new()
        }
        Msg::Report(turn, report, band) => {
            stream::report(app, turn, report, band);
            Vec::new()
        }
        Msg::Verdict(turn, verdict) => stream::verdict(app, turn, verdict),
        Msg::Colored(lines) => {
            coloring::take(app, lines);
            Vec::new()
        }
        Msg::Edited(edited) => {
            input::edited(app, edited);
            Vec::new()
        }
        Msg::Said(text) => {
            ask::notify(app, &text);
            Vec::new()
        }
        Msg::Noted(text) => {
            ask::notify(app, &text);
            app.notes.push(text);
            Vec::new()
        }
        Msg::AskedBefore(questions) => {
            app.history.remember(questions);
            Vec::new()
        }
        Msg::SpentElsewhere(cost) => {
            app.purse.elsewhere = cost;
            Vec::new()
        }
        Msg::Attached(file) => {
            talk::attached(app, file);
            Vec::new()
        }
        Msg::Library(answer) => library::answer(app, answer),
        Msg::Sat(id) => {
            app.library.here = id;
            Vec::new()
        }
        Msg::NotKept(why) => {
            app.library.not_kept = why;
            Vec::new()
        }
        Msg::BrokeOff { id, name } => {
            library::broke_off(app, id, &name);
            Vec::new()
        }
        Msg::Tick => Vec::new(),
    }
}
