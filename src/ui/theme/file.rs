//! A theme's file as it is typed.

use std::collections::BTreeMap;
use std::str::FromStr;

use ratatui::style::Color;
use serde::Deserialize;

use crate::ui::theme::color::{Paint, Rgb};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTheme {
    pub(crate) name: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "what contrast is measured against, by a test"))]
    pub(crate) background: String,
    pub(crate) palette: BTreeMap<String, RawPaint>,
    pub(crate) ui: RawUi,
    pub(crate) model: RawModel,
    pub(crate) consensus: RawConsensus,
    pub(crate) code: RawCode,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPaint {
    rgb: String,
    ansi: String,
}

#[derive(Default, Deserialize)]
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
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $table { $($slot: RawStyle),+ }

        impl $table {
            fn styles(&self) -> impl Iterator<Item = (&'static str, &RawStyle)> {
                [$((stringify!($slot).trim_start_matches("r#"), &self.$slot)),+].into_iter()
            }
        }
    };
}

styles!(RawUi: text, strong, dim, rule, focus, good, warn, bad, key, code, link, heading, quote);
styles!(RawConsensus: agreed, partly, only_one, conflict, conflict_text, provisional, provisional_text);
styles!(RawCode: keyword, string, comment, number, function, r#type, constant, operator, punctuation);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawModel {
    pub(crate) colors: Vec<String>,
}

impl RawTheme {
    /// Returns every style with the name of its slot.
    pub(crate) fn styles(&self) -> impl Iterator<Item = (&'static str, &RawStyle)> {
        self.ui.styles().chain(self.consensus.styles()).chain(self.code.styles())
    }

    /// Returns the palette's colour of that name.
    pub(crate) fn paint(&self, name: &str) -> Option<Paint> {
        let raw = self.palette.get(name)?;
        Some(Paint { rgb: Rgb::from_str(&raw.rgb).ok()?, ansi: Color::from_str(&raw.ansi).ok()? })
    }

    #[cfg(test)]
    pub(crate) fn background_rgb(&self) -> Option<Rgb> {
        Rgb::from_str(&self.background).ok()
    }
}
