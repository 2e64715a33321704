//! What the app wants of its surroundings: how the window is shared out, and when it must be told the time.

use std::time::Instant;

use crate::domain::response::State;
use crate::ui::app::{App, Layer};
use crate::ui::geometry::Wish;

impl App {
    /// Returns what the layout depends on.
    pub fn wish(&mut self) -> Wish {
        let (width, height) = self.size;
        let known_width = self.layout.composer.width;
        let composer_width = if known_width == 0 { width } else { known_width };
        Wish {
            width,
            height,
            columns: self.columns(),
            composer_rows: self.composer.n_rows(composer_width.saturating_sub(crate::ui::view::composer::PROMPT)),
            chat: self.chat_place,
            panel: self.panel_place,
            arrangement: self.sight.arrangement,
            pane: self.pane,
            is_zoomed: self.is_zoomed,
            is_bare: self.sight.is_bare,
        }
    }

    /// Returns when the screen wants to be told the time next; `None` when nothing on it depends on the time.
    pub fn wake_at(&self) -> Option<Instant> {
        let counting = self.turns.iter().any(|view| {
            view.turn.responses.iter().any(|response| match response.state {
                State::Waiting | State::Retrying { .. } | State::Streaming => true,
                State::Skipped | State::Late | State::Done | State::Failed(_) | State::Cancelled => false,
            })
        });
        let second = counting.then(|| self.now + std::time::Duration::from_millis(500));
        let notice = self.notice.as_ref().map(|notice| notice.until);
        let menu = (self.layer == Layer::Menu && !self.is_menu_shown()).then_some(self.menu_shows_at);
        second.into_iter().chain(notice).chain(menu).chain(self.quit_armed_until).min()
    }
}
