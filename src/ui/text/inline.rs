//! The words of one block: emphasis, code, links; every piece knows where it came from.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::ui::text::block::Part;
use crate::ui::text::clean::clean;
use crate::ui::text::half_open;
use crate::ui::text::literal::{mask, unmask};
use crate::ui::text::offsets::OffsetMap;
use crate::ui::text::row::{TextRole, TextStyle};
use crate::ui::text::runs::Runs;

/// Stands before the text and for a forced line end. The cleaner lets no such character in, CommonMark takes it for
/// white space but not for an indent: behind it nothing begins a block, and all emphasis opens and closes as it would.
const MARK: char = '\u{2028}';

/// Whether more text may still come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The text is whole; what is not closed was meant as it stands.
    Sealed,
    /// The text may go on; what is not closed yet is shown as if it were.
    Open,
}

/// The text that a block is laid out from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// The cleaned text.
    pub(super) text: &'a str,
    pub(super) map: &'a OffsetMap,
}

/// Appends the text of `parts` to `runs`, in `style` where nothing says otherwise.
pub(super) fn inline(source: Source<'_>, parts: &[Part], style: TextStyle, ending: Ending, runs: &mut Runs) {
    let line = Joined::new(source.text, parts);
    let mut painter = Painter { source, line: &line, runs, styles: vec![style], link: None };
    if line.is_plain() {
        painter.paint(&line.text, 0..line.text.len());
        return;
    }
    let mut text = mask(&line.text);
    if ending == Ending::Open {
        half_open::close(text.to_mut());
    }
    let parser = Parser::new_ext(&text, Options::ENABLE_STRIKETHROUGH);
    for (event, range) in parser.into_offset_iter() {
        painter.event(event, range, &text);
    }
}

/// Returns where the link leads that the cleaned byte at `at` is part of: an http or https address with a host.
pub(super) fn link_at(source: Source<'_>, parts: &[Part], at: usize) -> Option<String> {
    let line = Joined::new(source.text, parts);
    let address = targets(&line.text).into_iter().find(|(_, range)| line.clean(range.clone()).contains(&at));
    let word = || {
        let start = source.text.get(..at)?.rfind(is_around_address).map_or(0, |before| before + 1);
        Some(bare(source.text.get(start..)?.split(is_around_address).next()?).to_owned())
    };
    address.map(|(address, _)| address).or_else(word).filter(|address| host(address).is_some())
}

/// Returns the http and https addresses with a host that a block links to or spells out, in order, each once.
pub(super) fn links(source: Source<'_>, parts: &[Part]) -> Vec<String> {
    let line = Joined::new(source.text, parts);
    let targets = if line.is_plain() { Vec::new() } else { targets(&line.text) };
    let mut found = Vec::new();
    for address in
        targets.iter().map(|(address, _)| address.as_str()).chain(line.text.split(is_around_address).map(bare))
    {
        if host(address).is_some() && !found.iter().any(|known| known == address) {
            found.push(address.to_owned());
        }
    }
    found
}

/// Returns where the links of a line lead, cleaned, and where in it they stand.
fn targets(line: &str) -> Vec<(String, Range<usize>)> {
    let line = mask(line);
    let parser = Parser::new_ext(&line, Options::ENABLE_STRIKETHROUGH).into_offset_iter();
    let targets = parser.filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some((clean(&unmask(&dest_url)), range))
        }
        Event::Start(_)
        | Event::End(_)
        | Event::Text(_)
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::Html(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Rule
        | Event::TaskListMarker(_) => None,
    });
    targets.collect()
}

/// Returns an address that stands in the text without marks, without the signs of the sentence around it.
fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '\'', '_'])
}

/// Returns whether `character` ends an address that stands in the text without marks.
fn is_around_address(character: char) -> bool {
    character.is_ascii_whitespace() || "()[]<>\"`|".contains(character)
}

/// The lines of a block as one line.
struct Joined {
    text: String,
    /// For each part: where it stands in the line, and where it came from.
    parts: Vec<(usize, Range<usize>)>,
}

impl Joined {
    fn new(text: &str, parts: &[Part]) -> Self {
        let n_bytes = parts.iter().map(|part| part.range.len() + MARK.len_utf8()).sum::<usize>();
        let mut line = String::with_capacity(MARK.len_utf8() + n_bytes);
        line.push(MARK);
        let mut found: Vec<(usize, Range<usize>)> = Vec::with_capacity(parts.len());
        let mut joint = "";
        for part in parts {
            let Some(piece) = text.get(part.range.clone()).filter(|piece| !piece.is_empty()) else { continue };
            line.push_str(joint);
            found.push((line.len(), part.range.clone()));
            line.push_str(piece);
            joint = if part.is_hard { "\u{2028}" } else { " " };
        }
        Self { text: line, parts: found }
    }

    /// Returns whether nothing in the line means anything but itself.
    fn is_plain(&self) -> bool {
        !self.text.bytes().any(|byte| b"*_`[]<>&\\~".contains(&byte))
    }

    /// Returns the cleaned range for a range of the line; a joint is the line feed between its parts.
    fn clean(&self, range: Range<usize>) -> Range<usize> {
        let start = self.clean_offset(range.start);
        let end = if range.end > range.start { self.clean_offset(range.end - 1) + 1 } else { start };
        start..end.max(start)
    }

    fn clean_offset(&self, at: usize) -> usize {
        let n_before = self.parts.partition_point(|(start, _)| *start <= at);
        let part = n_before.checked_sub(1).and_then(|idx| self.parts.get(idx)).or(self.parts.first());
        part.map_or(0, |(start, range)| (range.start + at.saturating_sub(*start)).min(range.end))
    }
}

struct Painter<'a> {
    source: Source<'a>,
    line: &'a Joined,
    runs: &'a mut Runs,
    styles: Vec<TextStyle>,
    /// Where the open link leads, and what of it has been shown.
    link: Option<(String, String)>,
}

impl Painter<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>, text: &str) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(shown) | Event::InlineHtml(shown) | Event::Html(shown) => self.text(&shown, range),
            Event::Code(shown) => self.code(&shown, range, text),
            Event::SoftBreak | Event::HardBreak => self.text(" ", range),
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::Rule => {}
        }
    }

    fn style(&self) -> TextStyle {
        self.styles.last().copied().unwrap_or_default()
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let mut style = self.style();
        if let Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } = tag {
            self.link = Some((unmask(dest_url).into_owned(), String::new()));
            style.role = TextRole::Link;
        }
        style.italic |= *tag == Tag::Emphasis;
        style.bold |= *tag == Tag::Strong;
        style.strike |= *tag == Tag::Strikethrough;
        self.styles.push(style);
    }

    fn end(&mut self, tag: TagEnd) {
        self.styles.pop();
        if let TagEnd::Link | TagEnd::Image = tag
            && let Some(host) = self.link.take().and_then(|(url, shown)| misleading_host(&url, &shown))
        {
            let note = TextStyle::of(TextRole::Note);
            self.runs.push_instead(&format!(" ({host})"), 0..0, note, self.source.map);
        }
    }

    fn text(&mut self, shown: &str, range: Range<usize>) {
        if let Some((_, so_far)) = &mut self.link {
            so_far.push_str(&unmask(shown));
        }
        // What was added to close half-open marks is not shown.
        let end = range.end.min(self.line.text.len());
        if range.start >= end {
            return;
        }
        if shown.len() == range.len() {
            self.paint(shown, range.start..end);
        } else {
            self.runs.push_instead(&unmask(shown), self.line.clean(range.start..end), self.style(), self.source.map);
        }
    }

    /// Code in the line: its text stands in the middle of its marks.
    fn code(&mut self, shown: &str, range: Range<usize>, text: &str) {
        let style = TextStyle { role: TextRole::InlineCode, ..self.style() };
        self.styles.push(style);
        let whole = text.get(range.clone()).unwrap_or_default();
        let n_marks = whole.bytes().take_while(|byte| *byte == b'`').count();
        let inner = whole.get(n_marks..whole.len().saturating_sub(n_marks)).unwrap_or_default();
        match inner.find(shown) {
            Some(at) => {
                let start = range.start + n_marks + at;
                self.text(shown, start..start + shown.len());
            }
            None => self.text(shown, range),
        }
        self.styles.pop();
    }

    /// Shows the line at `range`, of which `shown` is the text, part by part.
    fn paint(&mut self, shown: &str, range: Range<usize>) {
        let style = self.style();
        let first = self.line.parts.partition_point(|(at, part)| at + part.len() <= range.start);
        let mut at = range.start.max(MARK.len_utf8());
        for (start, part) in self.line.parts.iter().skip(first) {
            if *start > at {
                // The joint before this part.
                if at >= range.end {
                    break;
                }
                self.joint(shown.get(at - range.start..), at, style);
                at = *start;
            }
            let end = range.end.min(start + part.len());
            if at >= end {
                break;
            }
            let clean = part.start + (at - start)..part.start + (end - start);
            self.runs.push(self.source.text, clean, style, self.source.map);
            at = end;
        }
        if at < range.end {
            self.joint(shown.get(at - range.start..), at, style);
        }
    }

    fn joint(&mut self, shown: Option<&str>, at: usize, style: TextStyle) {
        if shown.is_some_and(|shown| shown.starts_with(MARK)) {
            self.runs.push_line_end();
        } else {
            let end = self.line.clean_offset(at);
            self.runs.push_instead(" ", end..end, style, self.source.map);
        }
    }
}

/// Returns the host that a link leads to if its text looks like an address at another one.
fn misleading_host(url: &str, shown: &str) -> Option<String> {
    let real = host(url)?;
    let claimed = shown.split_whitespace().find_map(|word| {
        let candidate = host(word).unwrap_or_else(|| word.split(['/', '?', '#']).next().unwrap_or_default());
        let looks_like_host = candidate.split('.').count() > 1
            && candidate.split('.').all(|label| {
                !label.is_empty() && label.chars().all(|character| character.is_alphanumeric() || character == '-')
            })
            && candidate
                .rsplit('.')
                .next()
                .is_some_and(|top| top.len() > 1 && !top.bytes().any(|b| b.is_ascii_digit()));
        looks_like_host.then_some(candidate)
    })?;
    let bare = |host: &str| host.trim_start_matches("www.").to_lowercase();
    (bare(real) != bare(claimed)).then(|| real.to_owned())
}

/// Returns the host of an http or https address.
///
/// Browsers take a backslash for a slash: what stands behind one is no part of the host.
pub(crate) fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}
