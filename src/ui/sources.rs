//! The web pages that an answer rests on, as rows under it: numbered as the marks in its text are.

use crate::domain::response::Response;
use crate::ui::line::{Line, Slot};
use crate::ui::text::clean::clean;
use crate::ui::text::width::{truncate, wrap};

/// Cells before an address: it stands under the title.
const INDENT: u16 = 4;

/// Returns a row of air, then title and full address of each page, in rows of `cells`; nothing where none is named.
///
/// A mark such as `[2]` in the text stands for the second page: providers count from 1 in the order they list them in.
pub fn lines(response: &Response, cells: u16) -> Vec<Line> {
    let pages = response.finish.iter().flat_map(|finish| &finish.citations);
    let mut lines = Vec::new();
    for (idx, page) in pages.enumerate() {
        if idx == 0 {
            lines.extend([Line::new(), Line::new().with(Slot::Dim, "sources")]);
        }
        let number = format!("[{}] ", idx + 1);
        let address = clean(&page.url).replace('\n', "");
        let title =
            page.title.as_deref().map(clean).map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
        if let Some(title) = title.filter(|title| !title.is_empty()) {
            let room = cells.saturating_sub(u16::try_from(number.len()).unwrap_or(INDENT));
            lines.push(Line::new().with(Slot::Key, number).with(Slot::Text, truncate(&title, room)));
            let rows = wrap(&address, cells.saturating_sub(INDENT));
            lines.extend(rows.into_iter().map(|row| Line::new().with(Slot::Dim, "    ").with(Slot::Dim, row)));
        } else {
            let rows = wrap(&address, cells.saturating_sub(INDENT)).into_iter().enumerate();
            let lead = |at: usize| if at == 0 { number.clone() } else { "    ".to_owned() };
            lines.extend(rows.map(|(at, row)| Line::new().with(Slot::Key, lead(at)).with(Slot::Dim, row)));
        }
    }
    lines
}
