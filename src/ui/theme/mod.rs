//! How meanings look: one TOML file a theme, down-sampled to what the terminal can show.

mod background;
mod color;
mod file;
pub mod glyphs;
mod shelf;

use std::collections::{BTreeMap, HashMap};

use ratatui::style::{Color, Modifier, Style};

pub use crate::ui::theme::background::Background;
pub use crate::ui::theme::color::Depth;
pub use crate::ui::theme::glyphs::Glyphs;
pub use crate::ui::theme::shelf::{ThemeFile, Themes};

use crate::consensus::report::ConflictStatus;
use crate::domain::ids::Column;
use crate::domain::nearest::did_you_mean;
use crate::ui::line::Slot;
use crate::ui::text::row::{CodeClass, TextRole, TextStyle};
use crate::ui::theme::color::Paint;
use crate::ui::theme::file::{RawStyle, RawTheme};

/// The themes that the program comes with: name and text.
pub const BUILT_IN: [(&str, &str); 3] = [
    ("ink", include_str!("../../../themes/ink.toml")),
    ("paper", include_str!("../../../themes/paper.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
];

/// How meanings look on one terminal.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// Its name.
    pub name: String,
    /// The signs that the terminal can show.
    pub glyphs: Glyphs,
    /// How many colours it was made for.
    pub depth: Depth,
    slots: HashMap<&'static str, Style>,
    models: Vec<Style>,
    palette: BTreeMap<String, Paint>,
}

impl Theme {
    /// Returns the theme of the program called `name`, else the first one, at a depth; with a warning for a name that is
    /// not known.
    pub fn named(name: &str, depth: Depth) -> (Self, Vec<String>) {
        Themes::default().theme(name, depth)
    }

    /// Takes over what a file gives; returns a complaint for each thing that can't be used.
    fn put_on(&mut self, raw: &RawTheme) -> Vec<String> {
        let (paints, mut complaints) = raw.paints();
        self.palette.extend(paints);
        for (name, style) in raw.styles() {
            let style = self.resolve(name, style, &mut complaints);
            self.slots.insert(name, style);
        }
        // Only who gives none has the inherited ones; no colours at all are a choice where nothing is inherited.
        if !raw.model.colors.is_empty() {
            let colors = raw.model.colors.iter();
            let styles = colors.map(|color| RawStyle { fg: Some(color.clone()), ..RawStyle::default() });
            self.models = styles.map(|style| self.resolve("colors", &style, &mut complaints)).collect();
        }
        complaints
    }

    fn resolve(&self, slot: &str, style: &RawStyle, complaints: &mut Vec<String>) -> Style {
        let mut resolved = Style::default();
        if let Some(name) = &style.fg {
            if let Some(paint) = self.palette.get(name) {
                resolved = resolved.fg(self.depth.show(*paint));
            } else {
                let nearest = did_you_mean(name, self.palette.keys().map(String::as_str));
                complaints.push(format!("`{slot}`: no colour is called `{name}`{nearest}"));
            }
        }
        let modifiers = [
            (style.bold, Modifier::BOLD),
            (style.dim, Modifier::DIM),
            (style.italic, Modifier::ITALIC),
            (style.underline, Modifier::UNDERLINED),
        ];
        let given = modifiers.into_iter().filter(|(is_set, _)| *is_set);
        given.fold(resolved, |resolved, (_, modifier)| resolved.add_modifier(modifier))
    }

    /// Returns how a piece of the screen looks.
    pub fn style(&self, slot: Slot) -> Style {
        match slot {
            Slot::Text => self.slot("text"),
            Slot::Strong => self.slot("strong"),
            Slot::Dim => self.slot("dim"),
            Slot::Rule => self.slot("rule"),
            Slot::Focus => self.slot("focus"),
            Slot::Good => self.slot("good"),
            Slot::Warn => self.slot("warn"),
            Slot::Bad => self.slot("bad"),
            Slot::Agreed => self.slot("agreed"),
            Slot::Partly => self.slot("partly"),
            Slot::OnlyOne => self.slot("only_one"),
            Slot::Conflict => self.slot("conflict"),
            Slot::Provisional => self.slot("provisional"),
            Slot::Key => self.slot("key"),
            // Reverse video rather than a background: it survives where there are no colours.
            Slot::Chip(column) => self.model(column).add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Slot::ChipOff => self.slot("dim"),
            Slot::Model(column) => self.model(column),
            // Laid over text: signs that survive where there are no colours.
            Slot::Differs => Style::default().add_modifier(Modifier::UNDERLINED),
            Slot::Found => Style::default().add_modifier(Modifier::REVERSED),
            Slot::FoundHere => self.slot("focus").add_modifier(Modifier::REVERSED | Modifier::UNDERLINED),
            Slot::Selected => Style::default().add_modifier(Modifier::REVERSED),
        }
    }

    /// Returns how a part of a model's text looks.
    pub fn text(&self, style: TextStyle) -> Style {
        let base = match style.role {
            TextRole::Prose => self.slot("text"),
            TextRole::Heading(_) => self.slot("heading"),
            TextRole::Link => self.slot("link"),
            TextRole::InlineCode => self.slot("code"),
            TextRole::Code(class) => self.code(class),
            TextRole::Note | TextRole::Marker => self.slot("dim"),
            TextRole::QuoteBar => self.slot("quote"),
            TextRole::TableHeader => self.slot("strong"),
            TextRole::Rule => self.slot("rule"),
        };
        let modifiers =
            [(style.bold, Modifier::BOLD), (style.italic, Modifier::ITALIC), (style.strike, Modifier::CROSSED_OUT)];
        modifiers
            .into_iter()
            .filter(|(is_set, _)| *is_set)
            .fold(base, |base, (_, modifier)| base.add_modifier(modifier))
    }

    /// Returns what is laid over the differing words of a conflict.
    pub fn conflict_text(&self, status: ConflictStatus) -> Style {
        match status {
            ConflictStatus::Confirmed => self.slot("conflict_text"),
            ConflictStatus::Provisional => self.slot("provisional_text"),
        }
    }

    fn code(&self, class: CodeClass) -> Style {
        self.slot(match class {
            CodeClass::Plain => "text",
            CodeClass::Keyword => "keyword",
            CodeClass::String => "string",
            CodeClass::Comment => "comment",
            CodeClass::Number => "number",
            CodeClass::Function => "function",
            CodeClass::Type => "type",
            CodeClass::Constant => "constant",
            CodeClass::Operator => "operator",
            CodeClass::Punctuation => "punctuation",
        })
    }

    fn slot(&self, name: &str) -> Style {
        self.slots.get(name).copied().unwrap_or_default()
    }

    fn model(&self, column: Column) -> Style {
        let n_colors = self.models.len().max(1);
        self.models.get(column.index() % n_colors).copied().unwrap_or_default()
    }
}

impl Depth {
    fn show(self, paint: Paint) -> Color {
        match self {
            Self::True => Color::Rgb(paint.rgb.0, paint.rgb.1, paint.rgb.2),
            Self::Ansi256 => Color::Indexed(paint.nearest_of_256()),
            Self::Ansi16 => paint.ansi,
            Self::Mono => Color::Reset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_parses_without_a_warning_at_every_depth() {
        for (name, _) in BUILT_IN {
            for depth in [Depth::True, Depth::Ansi256, Depth::Ansi16, Depth::Mono] {
                let (theme, warnings) = Theme::named(name, depth);
                assert_eq!((theme.name.as_str(), warnings), (name, Vec::new()));
            }
        }
    }

    #[test]
    fn text_is_readable_and_hairlines_are_visible_in_every_theme() {
        for (name, text) in BUILT_IN {
            let raw = RawTheme::read(text).unwrap();
            let paints = raw.paints().0;
            let background = raw.background_rgb().unwrap();
            for (slot, style) in raw.styles() {
                let Some(paint) = style.fg.as_ref().map(|fg| paints[fg]) else { continue };
                // Text must reach 4.5:1 and hairlines 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
                let least = if slot == "rule" { 3.0 } else { 4.5 };
                let contrast = paint.contrast(background);
                assert!(contrast >= least, "{name}: {slot} has {contrast:.2}:1");
            }
        }
    }

    #[test]
    fn mono_has_no_colour() {
        let (theme, _) = Theme::named("mono", Depth::True);
        for slot in [Slot::Conflict, Slot::Chip(Column(0)), Slot::Dim, Slot::Good] {
            assert_eq!(theme.style(slot).fg, None, "{slot:?}");
        }
    }

    #[test]
    fn an_unknown_name_falls_back_and_says_so() {
        let (theme, warnings) = Theme::named("inc", Depth::True);
        assert_eq!(theme.name, "ink");
        assert_eq!(warnings, ["no theme is called `inc`; did you mean `ink`?"]);
    }
}
