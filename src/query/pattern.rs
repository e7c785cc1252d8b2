//! A text that the texts of payloads are compared with.

use crate::contract;

/// A text, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    /// The text, letter for letter.
    Exact(String),
    /// A UUID, in any letter case.
    Id(String),
    /// A part of a text, in lower case. The text may be in any letter case.
    Part(String),
}

impl Pattern {
    /// Creates the pattern of a complete text.
    pub(super) fn complete(text: &str) -> Self {
        if contract::is_uuid(text) {
            Self::Id(text.to_owned())
        } else {
            Self::Exact(text.to_owned())
        }
    }

    /// Creates the pattern of a part of a text.
    pub(super) fn part(text: &str) -> Self {
        Self::Part(text.to_lowercase())
    }

    /// Returns `true` if a text fits.
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(expected) => text == expected,
            Self::Id(expected) => text.eq_ignore_ascii_case(expected),
            Self::Part(part) => text.to_lowercase().contains(part.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_and_parts_are_compared_in_any_letter_case() {
        let id = Pattern::complete("851DF8C8-90f2-4c4a-8e01-a4fc46b25178");
        assert!(id.matches("851df8c8-90f2-4c4a-8e01-a4fc46b25178"));
        assert!(!id.matches("851df8c8-90f2-4c4a-8e01-a4fc46b25179"));
        let name = Pattern::complete("Hotel Ägir");
        assert!(name.matches("Hotel Ägir") && !name.matches("hotel Ägir"));
        let part = Pattern::part("l ÄG");
        assert!(part.matches("HOTEL ägir") && !part.matches("Hotel Agir"));
    }
}
