//! Recognizes which objects are payloads, and which strings may hold one.
//!
//! Captures are full of long strings of letters and digits: tokens, hashes, pictures. Only the first
//! characters are decoded to see whether JSON, an HTTP message or gzip starts there.

use crate::contract::{self, Kind};
use crate::decode::text::{base64, json_string_start};
use crate::document::Node;
use crate::steps;

use super::body::BYTE_ORDER_MARK;

/// The length of the shortest base64 that is decoded, in bytes: shorter than that of any payload.
const MIN_BASE64: usize = 28;

/// The number of characters that are decoded to see what starts.
const START: usize = 16;

/// Returns `true` if an object clearly is a payload, wherever it stands.
pub(crate) fn has_marks(object: Node<'_>) -> bool {
    match contract::detect_for_sure(object) {
        // A root with one of these may be a broken payload; elsewhere, others use these names too.
        Some(Kind::Pos) => object.get("data").is_some() && object.get("meta").is_some(),
        kind => kind.is_some(),
    }
}

/// Returns `true` if the inside of a JSON string may be base64 of JSON, of an HTTP message, or of
/// gzip.
pub(super) fn may_be_base64(text: &[u8]) -> bool {
    if text.len() < MIN_BASE64 {
        return false;
    }
    let start = &text[..START];
    if memchr::memchr(b'\\', start).is_none() {
        return starts_base64(start);
    }
    // Some producers escape the slashes of base64, others its plus signs.
    let unescaped = json_string_start(text, START);
    unescaped.is_some_and(|unescaped| starts_base64(&unescaped[..START]))
}

/// Returns `true` if these first characters may be base64.
fn starts_base64(start: &[u8]) -> bool {
    let is_base64 =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    if !start.iter().all(is_base64) {
        return false;
    }
    steps::add(START);
    let Some(decoded) = base64(start) else {
        return false;
    };
    let first = decoded.text.strip_prefix(BYTE_ORDER_MARK);
    let first = first.unwrap_or(&decoded.text).trim_ascii_start();
    match first {
        [b'{' | b'[' | b'"', ..] | [0x1f, 0x8b, ..] => true,
        _ => {
            let word = first.split(|byte| *byte == b' ' || *byte == b'/').next();
            word.is_some_and(|word| {
                word.len() >= 3
                    && word.len() < first.len()
                    && word.iter().all(u8::is_ascii_uppercase)
            })
        }
    }
}

/// Returns `true` if the inside of a JSON string may hold an object, be it percent-encoded or with
/// its brace as an escape, or is a JSON string that may.
pub(super) fn may_hold_object(text: &[u8]) -> bool {
    steps::add(text.len());
    text.starts_with(b"\\\"")
        || memchr::memchr(b'{', text).is_some()
        || memchr::memmem::find(text, b"\\u00").is_some()
        || has_encoded_brace(text)
        // The chunks of a body may split an encoded brace.
        || memchr::memmem::find(text, b"HTTP").is_some()
}

/// Returns `true` if a text has a percent-encoded brace.
fn has_encoded_brace(text: &[u8]) -> bool {
    let mut found = memchr::memmem::find_iter(text, b"%7");
    found.any(|at| matches!(text.get(at + 2), Some(b'B' | b'b')))
}

/// Returns `true` if a text may be a form. Other text with an encoded URL in it has white space or
/// quotes.
pub(super) fn may_be_urlencoded(text: &[u8]) -> bool {
    let is_other = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'"';
    has_encoded_brace(text) && !text.trim_ascii().iter().any(is_other)
}
