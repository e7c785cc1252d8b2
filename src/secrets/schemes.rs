//! Finds credentials that follow the name of their authentication scheme without a header.

use std::ops::Range;

use super::values::{ValueFinder, is_blank};

impl ValueFinder<'_> {
    /// Returns the span of the credentials after `Bearer` or `Basic`, or `None` if the word is
    /// neither or prose follows.
    pub(super) fn credentials(&self, word: &Range<usize>) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let is = |scheme: &str| bytes[word.clone()].eq_ignore_ascii_case(scheme.as_bytes());
        let (is_bearer, is_basic) = (is("Bearer"), is("Basic"));
        if !is_bearer && !is_basic {
            return None;
        }
        let start = self.skip(word.end, |byte| {
            is_blank(byte) || matches!(byte, b':' | b'+' | b'=')
        });
        let is_opening = |byte: u8| b"\"'`<([".contains(&byte);
        let start = if start > word.end && self.text.get(start).is_some_and(is_opening) {
            start + 1
        } else {
            start
        };
        let is_credential_byte =
            |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=:!$*|@%".contains(byte);
        let length = bytes[start..]
            .iter()
            .take_while(|byte| is_credential_byte(byte))
            .count();
        let value = &bytes[start..start + length];
        let value = &value[..value.len() - usize::from(value.ends_with(b"."))];
        let has = |is: fn(&u8) -> bool| value.iter().any(is);
        let is_prose = value.starts_with(b"realm=")
            || PROSE_WORDS
                .iter()
                .any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
        // In prose, the scheme and the word after it are in lower case.
        let is_prose = is_prose
            || bytes[word.start] == b'b' && is_word(value) && value.len() < MAX_PROSE_LENGTH;
        let is_base64 = value.len() >= 8
            && value.len().is_multiple_of(4)
            && value
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b))
            && !is_word(value);
        let is_long = value.len() >= MAX_PROSE_LENGTH && has(u8::is_ascii_digit);
        let is_likely = is_bearer || is_base64 || is_long;
        let is_secret = start > word.end && !value.is_empty() && !is_prose && is_likely;
        is_secret.then_some(start..start + value.len())
    }
}

/// Returns `true` if a value is written like a word of prose: in lower case, except for the first
/// letter.
fn is_word(value: &[u8]) -> bool {
    let mut letters = value.iter();
    letters.all(|byte| byte.is_ascii_alphabetic() || b"-.!*".contains(byte))
        && !value.iter().skip(1).any(u8::is_ascii_uppercase)
}

/// The length from which a value is too long to be a word of prose.
const MAX_PROSE_LENGTH: usize = 16;

/// Words that follow `Bearer` in prose.
pub(super) const PROSE_WORDS: [&str; 14] = [
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
