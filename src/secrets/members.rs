//! Finds members of objects in text that is not JSON, such as a payload that was cut off, whose names say
//! how their values are searched: query strings and paths.

use std::ops::Range;

use crate::document::plain_length;
use crate::steps;

use super::names::{self, MAX_NAME_LENGTH};

/// A member whose value is a string.
pub(super) struct Member<'t> {
    pub(super) name: &'t str,
    /// The range of the value, without its quotes.
    pub(super) value: Range<usize>,
}

/// Returns the members whose values are query strings or paths.
pub(super) fn find(text: &[u8]) -> impl Iterator<Item = Member<'_>> {
    steps::add(text.len());
    memchr::memchr_iter(b':', text).filter_map(|colon| member(text, colon))
}

/// Returns the member at a colon, if it is one.
fn member(text: &[u8], colon: usize) -> Option<Member<'_>> {
    let before = text[..colon].trim_ascii_end().strip_suffix(b"\"")?;
    let nearby = &before[before.len().saturating_sub(MAX_NAME_LENGTH)..];
    let start = memchr::memrchr(b'"', nearby)? + 1;
    let name = str::from_utf8(&nearby[start..]).ok()?;
    if !names::is_query(name) && !names::is_path(name) {
        return None;
    }
    let after = text[colon + 1..].trim_ascii_start();
    let value = after.strip_prefix(b"\"")?;
    let start = text.len() - value.len();
    let mut end = 0;
    loop {
        end += plain_length(&value[end..]);
        match value.get(end) {
            Some(b'\\') => end += 2,
            // A quote, or what no string contains: the text may be cut off.
            _ => break,
        }
    }
    let end = start + end.min(value.len());
    Some(Member {
        name,
        value: start..end,
    })
}
