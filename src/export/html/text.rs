//! What a model wrote, as HTML: its own Markdown, and nothing else. HTML in it is text, pictures are words, links go to web
//! addresses alone.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::consensus::plain::{clean, clean_lines};

/// How deep lists and quotes go; a text that is nothing but quotes must not bring a browser down.
const DEEPEST: usize = 24;

/// A part of a text that is at issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    /// What stands behind it.
    pub(super) sign: String,
    /// Where it leads.
    pub(super) anchor: String,
    /// What it is about.
    pub(super) title: String,
}

/// Returns text as HTML shows it, without characters that are not shown.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in clean_lines(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// Returns whether an address is one of the web.
pub(super) fn is_web(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    matches!(scheme.as_str(), "http" | "https") && url.contains("://")
}

/// Returns Markdown as HTML, with `marks`, which are in order, on the bytes that they name.
pub(super) fn markdown(text: &str, marks: &[Mark]) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut page = Page { out: String::new(), marks, open: Vec::new(), n_passed_over: 0, in_head: false };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        page.take(event, range);
    }
    page.out
}

struct Page<'a> {
    out: String,
    marks: &'a [Mark],
    /// The closing tags of what is open.
    open: Vec<&'static str>,
    /// How many more are open in the text, and not on the page.
    n_passed_over: usize,
    in_head: bool,
}

impl Page<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text, range),
            Event::Code(code) => {
                self.out.push_str("<code>");
                self.text(&code, range);
                self.out.push_str("</code>");
            }
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text, range);
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str("<hr>"),
            Event::TaskListMarker(is_done) => self.out.push_str(if is_done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if self.open.len() >= DEEPEST {
            self.n_passed_over += 1;
            return;
        }
        let (open, close) = match tag {
            Tag::Paragraph => ("<p>".to_owned(), "</p>"),
            Tag::Heading { .. } => ("<h4>".to_owned(), "</h4>"),
            Tag::BlockQuote(_) => ("<blockquote>".to_owned(), "</blockquote>"),
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) if !language.trim().is_empty() => clean(language),
                    CodeBlockKind::Fenced(_) | CodeBlockKind::Indented => String::new(),
                };
                (format!("<pre title=\"{}\"><code>", escaped(&language)), "</code></pre>")
            }
            Tag::List(Some(first)) => (format!("<ol start=\"{first}\">"), "</ol>"),
            Tag::List(None) => ("<ul>".to_owned(), "</ul>"),
            Tag::Item => ("<li>".to_owned(), "</li>"),
            Tag::Table(_) => ("<div class=\"table\"><table>".to_owned(), "</table></div>"),
            Tag::TableHead => {
                self.in_head = true;
                ("<tr>".to_owned(), "</tr>")
            }
            Tag::TableRow => ("<tr>".to_owned(), "</tr>"),
            Tag::TableCell if self.in_head => ("<th>".to_owned(), "</th>"),
            Tag::TableCell => ("<td>".to_owned(), "</td>"),
            Tag::Emphasis => ("<em>".to_owned(), "</em>"),
            Tag::Strong => ("<strong>".to_owned(), "</strong>"),
            Tag::Strikethrough => ("<s>".to_owned(), "</s>"),
            Tag::Link { dest_url, .. } if is_web(&clean(dest_url)) => {
                let url = escaped(&clean(dest_url));
                (format!("<a rel=\"noopener noreferrer nofollow\" href=\"{url}\">"), "</a>")
            }
            Tag::Image { dest_url, .. } => (format!("[picture, not fetched: {} ", escaped(&clean(dest_url))), "]"),
            Tag::Link { .. }
            | Tag::HtmlBlock
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => (String::new(), ""),
        };
        self.out.push_str(&open);
        self.open.push(close);
    }

    fn end(&mut self, tag: TagEnd) {
        if self.n_passed_over > 0 {
            self.n_passed_over -= 1;
            return;
        }
        if tag == TagEnd::TableHead {
            self.in_head = false;
        }
        self.out.push_str(self.open.pop().unwrap_or_default());
    }

    /// Adds text that stands at `range` of the source, with the marks that it touches.
    fn text(&mut self, text: &str, range: Range<usize>) {
        let marks = self.marks;
        let touching = || marks.iter().filter(|mark| mark.range.start < range.end && range.start < mark.range.end);
        if text.len() != range.len() {
            // Not letter by letter what the source has: marked as a whole.
            let mark = touching().next();
            self.piece(text, mark, mark.is_some_and(|mark| mark.range.end <= range.end));
            return;
        }
        let mut at = range.start;
        for mark in touching() {
            // Of marks that overlap, the first has the letters that both name.
            let (start, end) = (mark.range.start.clamp(at, range.end), mark.range.end.clamp(at, range.end));
            self.piece(text.get(at - range.start..start - range.start).unwrap_or_default(), None, false);
            let is_end = mark.range.end <= range.end;
            self.piece(text.get(start - range.start..end - range.start).unwrap_or_default(), Some(mark), is_end);
            at = end;
        }
        self.piece(text.get(at - range.start..).unwrap_or_default(), None, false);
    }

    fn piece(&mut self, text: &str, mark: Option<&Mark>, is_end: bool) {
        let text = escaped(text);
        let Some(Mark { sign, anchor, title, .. }) = mark else {
            self.out.push_str(&text);
            return;
        };
        let title = escaped(title);
        if !text.is_empty() {
            self.out.extend(["<mark title=\"", &title, "\">", &text, "</mark>"]);
        }
        if is_end {
            self.out.extend(["<sup><a href=\"#", anchor, "\" title=\"", &title, "\">", sign, "</a></sup>"]);
        }
    }
}
