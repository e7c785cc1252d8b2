//! Credentials that stand after the name of their scheme, without a header.

use std::ops::Range;

use super::values::{Values, is_blank};

impl Values<'_> {
    /// Returns the credentials after `Bearer` or `Basic`.
    pub(super) fn credentials(&self, word: &Range<usize>) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let is = |scheme: &str| bytes[word.clone()].eq_ignore_ascii_case(scheme.as_bytes());
        let (is_bearer, is_basic) = (is("Bearer"), is("Basic"));
        if !is_bearer && !is_basic {
            return None;
        }
        let start = self.skip(word.end, |byte| {
            is_blank(byte) || matches!(byte, b':' | b'+')
        });
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=:!$*|@%".contains(byte);
        let length = bytes[start..]
            .iter()
            .take_while(|byte| is_part(byte))
            .count();
        let value = &bytes[start..start + length];
        let value = &value[..value.len() - usize::from(value.ends_with(b"."))];
        let has = |is: fn(&u8) -> bool| value.iter().any(is);
        let is_prose = value.starts_with(b"realm=")
            || PROSE
                .iter()
                .any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
        let is_encoded = value.len() >= 6
            && (has(u8::is_ascii_digit)
                || has(|byte| *byte == b'=')
                || value[1..].iter().any(u8::is_ascii_uppercase));
        let is_secret = start > word.end && !value.is_empty() && !is_prose;
        (is_secret && (is_bearer || is_encoded)).then_some(start..start + value.len())
    }
}

/// Words that follow `Bearer` in prose.
pub(super) const PROSE: [&str; 14] = [
    "token",
    "tokens",
    "auth",
    "authentication",
    "authorization",
    "scheme",
    "header",
    "of",
    "is",
    "and",
    "or",
    "in",
    "for",
    "the",
];
