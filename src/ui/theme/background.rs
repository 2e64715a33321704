//! Whether the terminal's background is light or dark, from what the terminal or its environment says.

/// Which side of the middle a background lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Dark: light text is read best.
    Dark,
    /// Light: dark text is read best.
    Light,
}

/// The luminance, 0 to 1, from which a background counts as light: yazi's border, a little above the middle, as text of
/// a dark theme stays readable on a middle grey and that of a light one does not.
const LIGHT_FROM: f64 = 0.6;

impl Background {
    /// Returns the background of an answer to OSC 11, such as `rgb:1e1e/1e1e/2e2e` (1 to 4 digits a channel, any alpha
    /// behind them ignored); `None` for anything else.
    pub fn of_answer(answer: &str) -> Option<Self> {
        let channels = answer.strip_prefix("rgb:").or_else(|| answer.strip_prefix("rgba:"))?;
        let mut parts = channels.split('/').map(|digits| {
            let most =
                16_u32.checked_pow(u32::try_from(digits.len()).ok()?)?.checked_sub(1).filter(|most| *most > 0)?;
            Some(f64::from(u32::from_str_radix(digits, 16).ok()?) / f64::from(most))
        });
        let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
        // The weights of Rec. 2020, which need no linear light for a border this coarse.
        let luminance = 0.2627 * red + 0.678 * green + 0.0593 * blue;
        Some(if luminance >= LIGHT_FROM { Self::Light } else { Self::Dark })
    }

    /// Returns the background that the variable `COLORFGBG` names, such as `0;15`; `None` where it says nothing.
    pub fn of_variable(variable: &str) -> Option<Self> {
        match variable.rsplit(';').next()?.parse::<u8>().ok()? {
            7 | 15 => Some(Self::Light),
            0..=15 => Some(Self::Dark),
            _ => None,
        }
    }

    /// Returns the name of the theme for it.
    pub fn theme(self) -> &'static str {
        match self {
            Self::Dark => "ink",
            Self::Light => "paper",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_background_is_light_or_dark_by_what_the_eye_makes_of_it() {
        let check = |answer: &str, expected: Option<Background>| assert_eq!(Background::of_answer(answer), expected);
        check("rgb:ffff/ffff/ffff", Some(Background::Light));
        check("rgb:fd/f6/e3", Some(Background::Light));
        check("rgba:0000/0000/0000/ffff", Some(Background::Dark));
        check("rgb:1e1e/1e1e/2e2e", Some(Background::Dark));
        // Pure blue is dark, pure green is light.
        check("rgb:00/00/ff", Some(Background::Dark));
        check("rgb:0/f/0", Some(Background::Light));
        check("rgb:", None);
        check("rgb:zz/zz/zz", None);
        check("rgb:ffffffffff/0/0", None);
        check("?", None);
    }

    #[test]
    fn the_variable_names_the_background_last() {
        assert_eq!(Background::of_variable("0;15"), Some(Background::Light));
        assert_eq!(Background::of_variable("15;default;0"), Some(Background::Dark));
        assert_eq!(Background::of_variable("15;default"), None);
        assert_eq!(Background::of_variable(""), None);
    }
}
