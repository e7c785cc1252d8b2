//! A part of all payloads or requests, as an argument states it: `5%`.

use std::str::FromStr;

/// A part of all payloads or requests, from 0 to 100 percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// The number of them in a million.
    per_million: u32,
}

/// The error for a text that is not a percentage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a percentage from `0%` to `100%`, such as `5%` or `0.5%`")]
pub struct ShareError;

/// The number of decimals of a percentage that is one in a million.
const DECIMALS: usize = 4;

impl Share {
    /// All of them, in a million.
    pub const MILLION: u32 = 1_000_000;

    /// Returns how many they are in a million.
    pub fn per_million(self) -> u32 {
        self.per_million
    }
}

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        let number = text.strip_suffix('%').ok_or(ShareError)?;
        let (percents, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(percents) || !is_number(decimals) || decimals.len() > DECIMALS {
            return Err(ShareError);
        }
        let per_million = format!("{percents}{decimals:0<DECIMALS$}").parse();
        let per_million = per_million.ok().filter(|number| *number <= Self::MILLION);
        per_million.map_or(Err(ShareError), |per_million| Ok(Self { per_million }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage() {
        for (text, per_million) in [
            ("0%", 0),
            ("5%", 50_000),
            ("0.5%", 5_000),
            ("12.3456%", 123_456),
            ("100%", 1_000_000),
            ("100.0%", 1_000_000),
        ] {
            let share: Result<Share, _> = text.parse();
            assert_eq!(share.map(Share::per_million), Ok(per_million), "{text}");
        }
        for text in [
            "",
            "%",
            "5",
            "0.05",
            "-5%",
            "+5%",
            "5 %",
            "5.%",
            ".5%",
            "1.23456%",
            "100.0001%",
            "101%",
            "99999999999%",
            "5%%",
        ] {
            assert_eq!(text.parse::<Share>(), Err(ShareError), "{text}");
        }
    }
}
