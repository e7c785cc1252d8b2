//! How the payloads of an input are found.

use std::str::FromStr;

/// How the payloads of an input are found: the values of `--capture`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CaptureMode {
    /// The name and the first characters of the input decide whether it is a JSON stream or text.
    #[default]
    Auto,
    /// The input is a JSON stream. Other text between its values is an error.
    Json,
    /// The input is text in which JSON stands.
    Text,
    /// The input is a JSON stream, and each of its values is a payload.
    None,
}

/// The error for a name that is not that of a mode.
#[derive(Debug, thiserror::Error)]
#[error("there is no capture mode `{0}`")]
pub struct UnknownMode(String);

impl CaptureMode {
    /// All modes.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Json, Self::Text, Self::None];

    /// Returns the name, as passed to `--capture`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Json => "json",
            Self::Text => "text",
            Self::None => "none",
        }
    }
}

impl FromStr for CaptureMode {
    type Err = UnknownMode;

    fn from_str(name: &str) -> Result<Self, UnknownMode> {
        let mut modes = Self::ALL.into_iter();
        modes
            .find(|mode| mode.name() == name)
            .ok_or_else(|| UnknownMode(name.to_owned()))
    }
}
