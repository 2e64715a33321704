//! The web pages that an answer rests on, as rows under it: numbered as the marks in its text are.

use std::ops::Range;

use crate::domain::response::Response;
use crate::ui::address::host_of;
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
        let address = match clean(&page.url).replace('\n', "") {
            none if none.is_empty() => "(no address)".to_owned(),
            address => address,
        };
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

/// Returns the hosts of the sources that the bytes of an answer name by marks such as `[2]`, in them or right behind them,
/// each host once and in that order; none where the answer has no numbered sources.
pub fn hosts(response: &Response, bytes: &Range<usize>) -> Vec<String> {
    let pages = response.finish.as_ref().map_or(&[][..], |finish| &finish.citations);
    let (Some(words), Some(rest), false) =
        (response.text.get(bytes.clone()), response.text.get(bytes.end..), pages.is_empty())
    else {
        return Vec::new();
    };
    let numbers = marks(words).chain(marks(behind(rest)));
    let mut hosts: Vec<String> = Vec::new();
    for page in numbers.filter_map(|number: usize| pages.get(number.checked_sub(1)?)) {
        let host = clean(host_of(&page.url));
        if !host.is_empty() && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

/// Returns what belongs to the sentence before: closing signs, and marks without other words between them.
fn behind(rest: &str) -> &str {
    let is_closing = |letter: char| letter.is_whitespace() && letter != '\n' || ".,;:!?*_)\"”".contains(letter);
    let mut end = 0;
    loop {
        let left = rest.get(end..).unwrap_or_default();
        let skipped = left.len() - left.trim_start_matches(is_closing).len();
        let mark = left.get(skipped..).and_then(|left| left.strip_prefix('['));
        let digits = mark.and_then(|mark| mark.split_once(']')).map(|(digits, _)| digits);
        match digits.filter(|digits| digits.parse::<usize>().is_ok()) {
            Some(digits) => end += skipped + digits.len() + 2,
            None => return rest.get(..end).unwrap_or_default(),
        }
    }
}

/// Returns the numbers of the marks in a text.
fn marks(text: &str) -> impl Iterator<Item = usize> {
    text.split('[').skip(1).filter_map(|mark| mark.split_once(']')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::member::Member;
    use crate::domain::stream::{Citation, Finish};

    #[test]
    fn a_claim_names_the_hosts_of_the_marks_in_it_and_right_behind_it() {
        let page = |n: usize| Citation { url: format!("https://www.p{n}.example/x"), title: None };
        let finish = Finish { citations: (1..=3).map(page).collect(), ..Finish::default() };
        let check = |before: &str, claim: &str, after: &str, expected: &[&str]| {
            let text = format!("{before}{claim}{after}");
            let response =
                Response { text, finish: Some(finish.clone()), ..Response::skipped(Arc::new(Member::named("a"))) };
            assert_eq!(hosts(&response, &(before.len()..before.len() + claim.len())), expected, "{claim}{after}");
        };
        check("", "It was 1969 [2].", "", &["p2.example"]);
        check("In 1968 [1]. ", "It was 1969", ".[2][3] Then[1]", &["p2.example", "p3.example"]);
        check("", "It was **1969**", ". [3]\n[1] other", &["p3.example"]);
        check("", "It[1] was[1] 1969[9][x][", " [0]", &["p1.example"]);
        check("", "It was 1969", ". Nobody says so [1].", &[]);
    }
}
