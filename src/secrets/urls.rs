//! Finds secrets in URLs by their place: user information, which is the part before the `@` of
//! `scheme://user:password@host`, and random words in the path or the query, by which receivers of
//! webhooks recognise the sender.

use std::ops::Range;

use crate::steps;

use super::unescape::UnescapedText;
use super::{Finder, Notation, SecretClass};

/// The minimum length of a random word of letters in both cases and digits.
const MIN_MIXED: usize = 16;

/// The minimum length of a random word of letters in one case and digits.
const MIN_ONE_CASE: usize = 24;

/// The minimum length of a random word of hexadecimal digits. Shorter ones are ids, and hashes of
/// versions.
const MIN_HEX: usize = 48;

/// Finds user information and random words in URLs, and random words in the first lines of requests.
pub(super) fn find(text: &UnescapedText<'_>, finder: &mut Finder) {
    let bytes = text.bytes();
    steps::add(bytes.len());
    let mut searched = 0;
    for found in memchr::memmem::find_iter(bytes, b" HTTP/") {
        let line = &bytes[searched..found];
        let start = line.iter().rposition(|byte| b" \n\"'".contains(byte));
        let start = searched + start.map_or(0, |at| at + 1);
        find_random(text, start..found, finder);
        searched = found;
    }
    searched = 0;
    for found in memchr::memmem::find_iter(bytes, b"://") {
        let start = found + 3;
        if found == 0 || !bytes[found - 1].is_ascii_alphanumeric() {
            continue;
        }
        // A byte that is encoded once more than the URL is content. So each byte is read once for
        // each layer.
        let percent_layers = text.depth(start - 1).percent_layers;
        let is_end = |at: usize| {
            let is_sign = bytes[at].is_ascii_whitespace()
                || matches!(
                    bytes[at],
                    b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\'
                );
            is_sign && text.depth(at).percent_layers <= percent_layers
        };
        let end = (start..bytes.len()).find(|at| is_end(*at));
        steps::add(end.unwrap_or(bytes.len()) - start);
        let host = &bytes[start..end.unwrap_or(bytes.len())];
        if let Some(at) = memchr::memrchr(b'@', host) {
            finder.add(text, start..start + at, SecretClass::Url, Notation::Text);
        }
        let start = end.unwrap_or(bytes.len()).max(searched);
        let is_part = |at: &usize| is_part(bytes[*at]);
        let end = (start..bytes.len()).find(|at| !is_part(at));
        searched = end.unwrap_or(bytes.len()).max(searched);
        if start < searched {
            find_random(text, start..searched, finder);
        }
    }
}

/// Returns `true` if a byte may be part of a path or a query.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/?#&=;-_.~%+:@!$*,".contains(&byte)
}

/// Finds random words in a path and a query. Each is a whole segment or the whole value of a
/// parameter.
pub(super) fn find_random(text: &UnescapedText<'_>, range: Range<usize>, finder: &mut Finder) {
    let bytes = text.bytes();
    steps::add(range.len());
    let mut start = range.start;
    for part in bytes[range.clone()].split(|byte| b"/?#&=;".contains(byte)) {
        let end = start + part.len();
        // The name of a parameter is not a secret, even if it looks random.
        let is_name = bytes.get(end) == Some(&b'=');
        if start > range.start && !is_name && is_random(part) {
            finder.add(text, start..end, SecretClass::Url, Notation::Text);
        }
        start = end + 1;
    }
}

/// Returns `true` if a word was probably made of random letters and digits: they alternate, which
/// they seldom do in names, versions and dates.
fn is_random(word: &[u8]) -> bool {
    if word.len() < MIN_MIXED || word.len() > 512 {
        return false;
    }
    let is_hyphen = |byte: &u8| matches!(byte, b'-' | b'_');
    let has = |is: fn(&u8) -> bool| word.iter().any(is);
    if !word
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || is_hyphen(byte))
    {
        return false;
    }
    if word.iter().all(u8::is_ascii_hexdigit) {
        return word.len() >= MIN_HEX && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    }
    let pairs = word.windows(2);
    let changes = pairs.filter(|pair| {
        let is_digit = |at: usize| pair[at].is_ascii_digit();
        let is_letter = |at: usize| pair[at].is_ascii_alphabetic();
        (is_digit(0) && is_letter(1)) || (is_letter(0) && is_digit(1))
    });
    let changes = changes.count();
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let is_one_case = word.len() >= MIN_ONE_CASE && !word.iter().any(is_hyphen);
    (is_mixed && changes >= 2) || (is_one_case && changes >= 4)
}
