//! Colours, their nearest neighbours on smaller palettes, and contrast.

use std::str::FromStr;

use ratatui::style::Color;

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// 24 bits.
    #[default]
    True,
    /// The 256 colours of xterm.
    Ansi256,
    /// The 16 colours that the user's own palette defines.
    Ansi16,
    /// None.
    Mono,
}

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// One colour for every depth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Paint {
    pub(crate) rgb: Rgb,
    pub(crate) ansi: Color,
}

/// Levels of the 6x6x6 cube of xterm's palette.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl FromStr for Rgb {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(())?;
        let number = u32::from_str_radix(digits, 16).map_err(|_| ())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self(red, green, blue))
    }
}

impl Rgb {
    /// Returns how far two colours lie apart, weighted for the eye ("redmean", CompuPhase).
    fn distance(self, other: Self) -> u32 {
        let delta = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        let red_mean = u32::midpoint(u32::from(self.0), u32::from(other.0));
        (((512 + red_mean) * delta(self.0, other.0)) >> 8)
            + 4 * delta(self.1, other.1)
            + (((767 - red_mean) * delta(self.2, other.2)) >> 8)
    }

    /// Returns the relative luminance, 0 to 1 (WCAG 2.2).
    #[cfg(test)]
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

impl Paint {
    /// Returns the nearest of the colours 16 to 255; 0 to 15 are the user's own and may be anything.
    pub(crate) fn nearest_of_256(self) -> u8 {
        let cube = (0..216u8).map(|idx| {
            let level = |place: u8| CUBE.get(usize::from(place % 6)).copied().unwrap_or(0);
            (16 + idx, Rgb(level(idx / 36), level(idx / 6), level(idx)))
        });
        let grays = (0..24u8).map(|idx| (232 + idx, Rgb(8 + 10 * idx, 8 + 10 * idx, 8 + 10 * idx)));
        cube.chain(grays).min_by_key(|(_, rgb)| rgb.distance(self.rgb)).map_or(7, |(idx, _)| idx)
    }

    /// Returns the contrast to a background, 1 to 21 (WCAG 2.2).
    #[cfg(test)]
    pub(crate) fn contrast(self, background: Rgb) -> f64 {
        let (a, b) = (self.rgb.luminance(), background.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_colours_of_the_cube_map_to_themselves() {
        let paint = |rgb| Paint { rgb, ansi: Color::Reset };
        assert_eq!(paint(Rgb(255, 0, 0)).nearest_of_256(), 196);
        assert_eq!(paint(Rgb(95, 135, 175)).nearest_of_256(), 67);
        assert_eq!(paint(Rgb(118, 118, 118)).nearest_of_256(), 243);
    }
}
