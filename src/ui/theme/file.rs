//! A theme's file as it is typed.

use std::collections::BTreeMap;
use std::str::FromStr;

use ratatui::style::Color;
use serde::Deserialize;

use crate::domain::nearest::did_you_mean;
use crate::ui::theme::color::{Paint, Rgb};

/// What a file says; what it leaves out is as in the theme that it inherits.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RawTheme {
    pub(crate) name: Option<String>,
    pub(crate) inherits: Option<String>,
    pub(crate) background: String,
    pub(crate) palette: BTreeMap<String, RawPaint>,
    pub(crate) ui: RawUi,
    pub(crate) model: RawModel,
    pub(crate) consensus: RawConsensus,
    pub(crate) code: RawCode,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPaint {
    rgb: String,
    ansi: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
pub(crate) struct RawStyle {
    pub(crate) fg: Option<String>,
    pub(crate) bold: bool,
    pub(crate) dim: bool,
    pub(crate) italic: bool,
    pub(crate) underline: bool,
}

/// Declares a table of styles and the list of its slots by name.
macro_rules! styles {
    ($table:ident: $($slot:ident),+) => {
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(crate) struct $table { $($slot: Option<RawStyle>),+ }

        impl $table {
            fn styles(&self) -> impl Iterator<Item = (&'static str, &RawStyle)> {
                let given = [$((stringify!($slot).trim_start_matches("r#"), self.$slot.as_ref())),+];
                given.into_iter().filter_map(|(name, style)| Some((name, style?)))
            }
        }
    };
}

styles!(RawUi: text, strong, dim, rule, focus, good, warn, bad, key, code, link, heading, quote);
styles!(RawConsensus: agreed, partly, only_one, conflict, conflict_text, provisional, provisional_text);
styles!(RawCode: keyword, string, comment, number, function, r#type, constant, operator, punctuation);

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RawModel {
    pub(crate) colors: Vec<String>,
}

impl RawTheme {
    /// Reads a file's text.
    ///
    /// # Errors
    /// The line, from 1, and what is wrong there, with the nearest key for one that is not known.
    pub(crate) fn read(text: &str) -> Result<Self, (usize, String)> {
        toml::from_str::<Self>(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            (line, told(error.message()))
        })
    }

    /// Returns every style that the file gives with the name of its slot.
    pub(crate) fn styles(&self) -> impl Iterator<Item = (&'static str, &RawStyle)> {
        self.ui.styles().chain(self.consensus.styles()).chain(self.code.styles())
    }

    /// Returns the file's palette, without the colours that can't be read, and a complaint about each of those.
    pub(crate) fn paints(&self) -> (BTreeMap<String, Paint>, Vec<String>) {
        let (mut paints, mut complaints) = (BTreeMap::new(), Vec::new());
        for (name, raw) in &self.palette {
            match (Rgb::from_str(&raw.rgb), Color::from_str(&raw.ansi)) {
                (Ok(rgb), Ok(ansi)) => drop(paints.insert(name.clone(), Paint { rgb, ansi })),
                (Err(()), _) => complaints.push(format!("`{}` of `{name}` is no colour such as `#56b4e9`", raw.rgb)),
                (_, Err(_)) => complaints.push(format!("`{}` of `{name}` is no colour such as `light-blue`", raw.ansi)),
            }
        }
        (paints, complaints)
    }

    #[cfg(test)]
    pub(crate) fn background_rgb(&self) -> Option<Rgb> {
        Rgb::from_str(&self.background).ok()
    }
}

/// Puts the reader's words for a key that is not known as this program does.
fn told(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match (message.starts_with("unknown field"), quoted.next()) {
        (true, Some(typed)) => format!("unknown key `{typed}`{}", did_you_mean(typed, quoted)),
        (_, _) => message.lines().next().unwrap_or_default().to_owned(),
    }
}
