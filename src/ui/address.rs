//! The web addresses of an answer, its sources and its links: what a person may open after having seen it whole.

use crate::domain::response::Response;
use crate::ui::app::App;
use crate::ui::geometry::Pane;
use crate::ui::pick::focused_document;
use crate::ui::text::clean::clean;
use crate::ui::text::document::Document;
use crate::ui::text::inline::host;

/// An address that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The number that marks such as `[2]` in the text have for it; `None` for a link in the text.
    pub number: Option<usize>,
    /// The title of the page, in one clean line; empty where none is known.
    pub title: String,
    /// The whole address: http or https, with a host, without anything that a terminal would obey.
    pub url: String,
}

/// Returns the addresses of the answer in focus: its sources as they are numbered, then the links in its text.
pub fn offered(app: &App) -> Vec<Address> {
    let sources = focused_response(app).and_then(|response| response.finish.as_ref());
    let sources = sources.into_iter().flat_map(|finish| finish.citations.iter().enumerate());
    let sources = sources.filter_map(|(idx, page)| {
        let title = page.title.as_deref().map(one_line).unwrap_or_default();
        Some(Address { number: Some(idx + 1), title, url: safe(&page.url)? })
    });
    let mut found: Vec<Address> = sources.collect();
    for link in focused_document(app).map(Document::links).unwrap_or_default() {
        if let Some(url) = safe(&link).filter(|url| !found.iter().any(|known| known.url == *url)) {
            found.push(Address { number: None, title: String::new(), url });
        }
    }
    found
}

/// Returns the host of an address; empty where it has none.
pub fn host_of(url: &str) -> &str {
    let host = host(url).unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// Returns the address as it may be shown and opened: `None` for all but http and https with a host.
fn safe(url: &str) -> Option<String> {
    let url: String = clean(url).chars().filter(|letter| !letter.is_whitespace()).collect();
    host(&url).is_some().then_some(url)
}

fn focused_response(app: &App) -> Option<&Response> {
    let view = app.shown()?;
    let column = match app.pane {
        Pane::Chat => view.chat.answer_by()?,
        Pane::Column(_) => app.focused_column()?,
    };
    view.turn.response(column)
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened_and_as_they_are_shown() {
        assert_eq!(safe("https://a.example/x\u{1b}[31m\ny"), Some("https://a.example/xy".to_owned()));
        for other in ["file:///etc/passwd", "javascript:alert(1)", "-https://a.example", "https://", "a.example", ""] {
            assert_eq!(safe(other), None, "{other}");
        }
    }

    #[test]
    fn a_host_is_the_one_that_a_browser_goes_to() {
        assert_eq!(host_of("https://www.one.example/a"), "one.example");
        assert_eq!(host_of("https://one.example@two.example/"), "two.example");
        assert_eq!(host_of("https://one.example\\@two.example/"), "one.example");
    }
}
