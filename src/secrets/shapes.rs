//! What has the shape of a Mews token or of an id, wherever it stands.

use std::ops::Range;

use crate::steps;

use super::view::View;
use super::{Finder, Form, What};

/// The hex digits before a token's hyphen, and after it.
const FIRST: usize = 32;
const SECOND: usize = 31;

/// How many digits on one side of the hyphen make it a token that was cut.
const CUT: usize = 16;

/// How many bytes may stand between a cut token and the start or the end of a text: white space and
/// a quote. Whatever is longer is not looked at, since a text may have many hyphens.
const EDGE: usize = 16;

/// How long a text must be to have a token in it.
pub(super) const SHORTEST: usize = CUT + 1;

/// Finds tokens: 32 hex digits, a hyphen and 31 more, in either case; or fewer, where the text was
/// cut.
pub(super) fn tokens(text: &View<'_>, finder: &mut Finder) {
    let bytes = text.bytes();
    let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
    steps::add(bytes.len());
    for hyphen in memchr::memchr_iter(b'-', bytes) {
        // One more than a token has says that it is none.
        let before = bytes[..hyphen].iter().rev().take(FIRST + 1);
        let after = bytes[hyphen + 1..].iter().take(SECOND + 1);
        let (first, second) = (
            before.take_while(is_digit).count(),
            after.take_while(is_digit).count(),
        );
        let (start, end) = (hyphen - first, hyphen + 1 + second);
        // A whole token is one whatever stands beside it.
        let is_whole = first >= FIRST && second >= SECOND;
        let is_token = is_whole || is_cut(bytes, start..end, hyphen);
        if !is_token {
            continue;
        }
        let place = if is_whole {
            hyphen - FIRST..hyphen + 1 + SECOND
        } else {
            start..end
        };
        let form = form(text, place.clone());
        let what = if is_whole && form == Form::String {
            What::Shape
        } else {
            What::Token
        };
        finder.add(text, place, what, form);
    }
}

/// Returns whether the digits around a hyphen are likely a token that was cut: at the start or the
/// end of the text or of a quoted name, with one half whole, or in capitals, as Mews writes them.
/// Others, in the middle of a text, are version tags and names of files.
fn is_cut(bytes: &[u8], place: Range<usize>, hyphen: usize) -> bool {
    let (first, second) = (&bytes[place.start..hyphen], &bytes[hyphen + 1..place.end]);
    let longer = if first.len() > second.len() {
        first
    } else {
        second
    };
    let (before, after) = (&bytes[..place.start], &bytes[place.end..]);
    let is_empty = |side: &[u8]| side.len() <= EDGE && side.trim_ascii().len() <= 1;
    let is_edge =
        is_empty(before) || is_empty(after) || (before.ends_with(b"`") && after.starts_with(b"`"));
    let is_half_whole = first.len() == FIRST || second.len() == SECOND;
    let is_capital = |byte: &u8| byte.is_ascii_uppercase();
    let is_small = |byte: &u8| byte.is_ascii_lowercase();
    let digits = &bytes[place.clone()];
    let has_form =
        is_edge || is_half_whole || (digits.iter().any(is_capital) && !digits.iter().any(is_small));
    first.len() <= FIRST
        && second.len() <= SECOND
        && longer.len() >= CUT
        && longer.iter().any(u8::is_ascii_alphabetic)
        && has_form
        && is_apart(bytes, place.clone())
        && !is_number(digits)
}

/// Returns whether what could be a cut token is more likely a number such as `-1000000000000000` or
/// the end of `1.25e-301`: it has no letter but perhaps that of an exponent.
fn is_number(text: &[u8]) -> bool {
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic());
    let mut letters = letters.map(u8::to_ascii_lowercase);
    letters.next().is_none_or(|first| first == b'e') && letters.next().is_none()
}

/// Returns how digits are written: those that stand as they are, or escaped as in a string of JSON,
/// may be replaced in whole.
fn form(text: &View<'_>, place: Range<usize>) -> Form {
    if text.is_embedded(place) {
        Form::Text
    } else {
        Form::String
    }
}

/// Returns whether neither a letter nor another group of digits stands beside a range.
fn is_apart(bytes: &[u8], range: Range<usize>) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let before = range.start.checked_sub(1).map(|at| bytes[at]);
    let after = bytes.get(range.end).copied();
    !before.is_some_and(is_part) && !after.is_some_and(is_part)
}

/// How long an id is.
pub(super) const ID: usize = 36;

/// Finds ids: UUIDs with hyphens.
pub(super) fn ids(text: &View<'_>, finder: &mut Finder) {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let bytes = text.bytes();
    let mut next = 0;
    steps::add(bytes.len());
    for hyphen in memchr::memchr_iter(b'-', bytes) {
        let Some(start) = hyphen.checked_sub(GROUPS[0]).filter(|start| *start >= next) else {
            continue;
        };
        let Some(id) = bytes.get(start..start + ID) else {
            return;
        };
        let groups = id.split(|byte| *byte == b'-');
        let is_id = groups.clone().map(<[u8]>::len).eq(GROUPS)
            && groups.flatten().all(u8::is_ascii_hexdigit)
            && is_apart(bytes, start..start + ID);
        if is_id {
            next = start + ID;
            let form = form(text, start..next);
            finder.add(text, start..next, What::Id, form);
        }
    }
}
