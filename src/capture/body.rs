//! The body of the request that delivered a payload, with the bytes around the JSON.
//!
//! A payload is a JSON value, but what is signed is the body as it came: with the white space before
//! and after it, and with what else is in it.

use std::any::Any;
use std::cell::OnceCell;
use std::ops::Range;

use crate::steps;

use super::facts;
use super::scope::{Enclosing, Scope};

/// A byte-order mark in UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The body of a request, as far as a capture has it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CapturedBody<'b> {
    /// The body, or the text that a capture has in its place.
    pub text: &'b [u8],
    /// How it relates to the bytes that were sent.
    pub fidelity: BodyFidelity,
    /// Where what was computed is kept, if other payloads may be in the same body.
    cache: Option<&'b BodyCache>,
}

/// How a captured body relates to the bytes that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyFidelity {
    /// The bytes themselves, unless the capture is damaged.
    Bytes,
    /// A value in the JSON of the capture. The tool has parsed the body, so its white space and escapes
    /// are lost.
    Value,
    /// A payload in other text, of which it is not known where the body starts and ends.
    Excerpt,
}

/// What was computed of a body. Many payloads may be in one, and each computation reads all of it.
#[derive(Debug, Default)]
pub(super) struct BodyCache(OnceCell<Box<dyn Any>>);

impl<'b> CapturedBody<'b> {
    /// Creates a body without a capture around it.
    pub fn new(text: &'b [u8], fidelity: BodyFidelity) -> Self {
        Self {
            text,
            fidelity,
            cache: None,
        }
    }

    /// Returns what a function computes of the body. It is called once for all payloads in the same body.
    pub fn cached<T: Clone + 'static>(&self, compute: impl FnOnce() -> T) -> T {
        let cell = self.cache.map(|cache| &cache.0);
        let cached = cell.and_then(OnceCell::get);
        if let Some(value) = cached.and_then(|value| value.downcast_ref::<T>()) {
            return value.clone();
        }
        let value = compute();
        if let Some(cell) = cell {
            // Fails if something else is kept already.
            let _ = cell.set(Box::new(value.clone()));
        }
        value
    }
}

/// Returns the body that a payload is in. `range` is that of the payload in the text of the innermost
/// decoding or message around it.
pub(super) fn captured_body<'b>(
    payload: &'b [u8],
    range: &Range<usize>,
    scope: Option<&Scope<'b>>,
) -> CapturedBody<'b> {
    let mut is_in_value = false;
    let shared = |text, fidelity, cache| CapturedBody {
        text,
        fidelity,
        cache: Some(cache),
    };
    for scope in std::iter::successors(scope.copied(), |scope| scope.around.copied()) {
        match scope.enclosing {
            Enclosing::Message { message, cache, .. } => {
                return shared(&message.body.decoded.text, BodyFidelity::Bytes, cache);
            }
            Enclosing::Decoding(decoding) if is_in_value || is_alone(decoding.text, range) => {
                return shared(decoding.text, BodyFidelity::Bytes, decoding.cache);
            }
            Enclosing::Decoding(_) => break,
            Enclosing::Property {
                object,
                value,
                facts,
                cache,
                ..
            } => {
                is_in_value = true;
                // The delivery is of this object, so a text around it is not the body.
                if facts::has_headers(object, facts) {
                    return shared(value.text().as_bytes(), BodyFidelity::Value, cache);
                }
            }
            Enclosing::Item(_) => is_in_value = true,
            Enclosing::Delivery { .. } | Enclosing::Line(_) => {}
        }
    }
    CapturedBody::new(
        payload,
        if is_in_value {
            BodyFidelity::Value
        } else {
            BodyFidelity::Excerpt
        },
    )
}

/// Returns `true` if a text has nothing around a range but white space and a byte-order mark. Only the
/// white space next to the range is read, since many payloads may be in one text.
fn is_alone(text: &[u8], range: &Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let (first, last) = (before.trim_ascii_end(), after.trim_ascii_start());
    steps::add(before.len() - first.len() + after.len() - last.len());
    last.is_empty() && matches!(first, [] | BYTE_ORDER_MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_what_a_payload_is_alone_in() {
        for (text, range, expected) in [
            ("{}", 0..2, true),
            (" \n{}\r\n\t", 2..4, true),
            ("\u{feff}{}\n", 3..5, true),
            ("\u{feff} {} ", 4..6, true),
            ("a{}", 1..3, false),
            ("{} a", 0..2, false),
            ("{}{}", 2..4, false),
            ("{}\u{feff}", 0..2, false),
            (" \u{feff}{}", 4..6, false),
        ] {
            assert_eq!(is_alone(text.as_bytes(), &range), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_cached_is_computed_once() {
        let cache = BodyCache::default();
        let body = CapturedBody {
            text: b"{}",
            fidelity: BodyFidelity::Bytes,
            cache: Some(&cache),
        };
        assert_eq!(body.cached(|| 1), 1);
        assert_eq!(body.cached(|| 2), 1);
        assert_eq!(body.cached(|| "other"), "other");
        let body = CapturedBody::new(b"{}", BodyFidelity::Bytes);
        assert_eq!((body.cached(|| 1), body.cached(|| 2)), (1, 2));
    }
}
