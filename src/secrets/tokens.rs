//! Finds Mews tokens and ids by their format, anywhere in a text.

use std::ops::Range;

use crate::steps;

use super::unescape::UnescapedText;
use super::{Finder, Notation, SecretClass};

/// The number of hexadecimal digits before a token's hyphen, and after it.
const FIRST_HALF: usize = 32;
const SECOND_HALF: usize = 31;

/// The number of digits on one side of the hyphen that suffice for a truncated token.
const MIN_TRUNCATED: usize = 16;

/// The maximum distance of a truncated token from the start or the end of a text, for white space
/// and a quote. It is limited because a text may have many hyphens.
const MAX_EDGE: usize = 16;

/// The minimum length of a text that contains a token.
pub(super) const MIN_LENGTH: usize = MIN_TRUNCATED + 1;

/// Finds tokens: 32 hexadecimal digits, a hyphen and 31 more digits, in either case; or fewer where
/// the text was truncated.
pub(super) fn find(text: &UnescapedText<'_>, finder: &mut Finder) {
    let bytes = text.bytes();
    let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
    steps::add(bytes.len());
    for hyphen in memchr::memchr_iter(b'-', bytes) {
        // One digit more than a token has shows that it is not a token.
        let before = bytes[..hyphen].iter().rev().take(FIRST_HALF + 1);
        let after = bytes[hyphen + 1..].iter().take(SECOND_HALF + 1);
        let (first, second) = (
            before.take_while(is_digit).count(),
            after.take_while(is_digit).count(),
        );
        let (start, end) = (hyphen - first, hyphen + 1 + second);
        // A complete token is one whatever precedes and follows it.
        let is_complete = first >= FIRST_HALF && second >= SECOND_HALF;
        let is_token = is_complete || is_truncated(bytes, start..end, hyphen);
        if !is_token {
            continue;
        }
        let range = if is_complete {
            hyphen - FIRST_HALF..hyphen + 1 + SECOND_HALF
        } else {
            start..end
        };
        let notation = notation_of(text, range.clone());
        let class = if is_complete && notation == Notation::String {
            SecretClass::MewsToken
        } else {
            SecretClass::Token
        };
        finder.add(text, range, class, notation);
    }
}

/// Returns `true` if the digits around a hyphen are probably a truncated token: they are at the
/// start or the end of the text or of a quoted name, or one half is complete, or all letters are
/// capitals, as Mews writes them. Others, in the middle of a text, are version tags and file names.
fn is_truncated(bytes: &[u8], range: Range<usize>, hyphen: usize) -> bool {
    let (first, second) = (&bytes[range.start..hyphen], &bytes[hyphen + 1..range.end]);
    let longer = if first.len() > second.len() {
        first
    } else {
        second
    };
    let (before, after) = (&bytes[..range.start], &bytes[range.end..]);
    let is_empty = |side: &[u8]| side.len() <= MAX_EDGE && side.trim_ascii().len() <= 1;
    let is_edge =
        is_empty(before) || is_empty(after) || (before.ends_with(b"`") && after.starts_with(b"`"));
    let has_complete_half = first.len() == FIRST_HALF || second.len() == SECOND_HALF;
    let is_uppercase = |byte: &u8| byte.is_ascii_uppercase();
    let is_lowercase = |byte: &u8| byte.is_ascii_lowercase();
    let digits = &bytes[range.clone()];
    let is_plausible = is_edge
        || has_complete_half
        || (digits.iter().any(is_uppercase) && !digits.iter().any(is_lowercase));
    first.len() <= FIRST_HALF
        && second.len() <= SECOND_HALF
        && longer.len() >= MIN_TRUNCATED
        && longer.iter().any(u8::is_ascii_alphabetic)
        && is_plausible
        && is_isolated(bytes, range.clone())
        && !is_number(digits)
}

/// Returns `true` if a possible truncated token is rather a number such as `-1000000000000000` or
/// the end of `1.25e-301`: it has no letter except for that of an exponent.
fn is_number(text: &[u8]) -> bool {
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic());
    let mut letters = letters.map(u8::to_ascii_lowercase);
    letters.next().is_none_or(|first| first == b'e') && letters.next().is_none()
}

/// Returns the notation of some digits. Unless they are escaped more than a JSON string needs, they
/// can be replaced as one.
fn notation_of(text: &UnescapedText<'_>, range: Range<usize>) -> Notation {
    if text.is_nested(range) {
        Notation::Text
    } else {
        Notation::String
    }
}

/// Returns `true` if neither a letter nor another group of digits adjoins a range.
fn is_isolated(bytes: &[u8], range: Range<usize>) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let before = range.start.checked_sub(1).map(|at| bytes[at]);
    let after = bytes.get(range.end).copied();
    !before.is_some_and(is_token_byte) && !after.is_some_and(is_token_byte)
}

/// The length of an id.
pub(super) const ID_LENGTH: usize = 36;

/// Finds ids, which are UUIDs with hyphens.
pub(super) fn find_ids(text: &UnescapedText<'_>, finder: &mut Finder) {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let bytes = text.bytes();
    let mut next = 0;
    steps::add(bytes.len());
    for hyphen in memchr::memchr_iter(b'-', bytes) {
        let Some(start) = hyphen.checked_sub(GROUPS[0]).filter(|start| *start >= next) else {
            continue;
        };
        let Some(id) = bytes.get(start..start + ID_LENGTH) else {
            return;
        };
        let groups = id.split(|byte| *byte == b'-');
        let is_id = groups.clone().map(<[u8]>::len).eq(GROUPS)
            && groups.flatten().all(u8::is_ascii_hexdigit)
            && is_isolated(bytes, start..start + ID_LENGTH);
        if is_id {
            next = start + ID_LENGTH;
            let notation = notation_of(text, start..next);
            finder.add(text, start..next, SecretClass::Id, notation);
        }
    }
}
