//! A name that may be that of a secret, as it occurs in a text.

use std::ops::Range;

use super::escape_depth::EscapeDepth;

/// A name in a text, and its surroundings.
#[derive(Debug, Clone)]
pub(super) struct NameOccurrence {
    /// The span of the name.
    pub(super) name: Range<usize>,
    /// The end of the name, its closing quote included.
    pub(super) end: usize,
    /// Whether the name is in quotes.
    pub(super) is_quoted: bool,
    /// The opening quote of the string that contains the name, if there is one.
    pub(super) outer_quote: Option<EscapeDepth>,
    /// Whether the name is part of a string in single quotes.
    pub(super) in_single_quotes: bool,
    /// Whether the name is an item of a list.
    pub(super) in_list: bool,
}

/// The separator between a name and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Colon,
    /// An equals sign or an arrow.
    Equals {
        is_spaced: bool,
    },
    /// The end of an element's opening tag.
    Tag,
    /// A space, after a command-line option.
    Space,
    /// No separator.
    Missing,
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
