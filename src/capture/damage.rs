//! Reads what a capture says about damage to a payload from what encloses the payload.

use std::cell::OnceCell;
use std::ops::Range;

use crate::checks::{Damage, DamageKind};
use crate::contract::{self, Kind};
use crate::document::{Array, Node};
use crate::steps;

use super::http::HttpMessage;
use super::scope::{Decoding, Enclosing, Scope};

const RECORD_AGAIN: &str =
    "record it again with a tool that keeps whole bodies, for example mitmproxy";

/// What a HAR file states about the text of a body. A text can hold many payloads, so it is compared
/// only once.
pub(super) type StatedSize = OnceCell<Option<Comparison>>;

/// The text of a body, compared with the size that a HAR file states.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison {
    kind: DamageKind,
    /// The size that the file states, in bytes.
    stated: usize,
    /// The size of the text in UTF-8, in bytes.
    found: usize,
}

/// Returns the damage to a payload, which may be broken JSON: the bytes at `range` in the text of the
/// innermost decoding or message around it, if there is one.
pub(super) fn damage(
    payload: &[u8],
    range: Range<usize>,
    is_broken: bool,
    scope: &Scope<'_>,
) -> Vec<Damage> {
    let mut found: Vec<_> = reserialized(payload, scope).into_iter().collect();
    let is_last = |text: &[u8]| {
        let rest = text.get(range.end..).unwrap_or_default();
        let closes = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'}' | b']');
        let closing = rest.iter().take_while(closes).count();
        steps::add(closing);
        closing == rest.len()
    };
    let innermost = scope.outwards().find(|scope| {
        matches!(
            scope.enclosing,
            Enclosing::Decoding(_) | Enclosing::Message { .. }
        )
    });
    let Some(innermost) = innermost else {
        return found;
    };
    let end = payload.len()..payload.len();
    match innermost.enclosing {
        Enclosing::Decoding(decoding) => {
            let compare = || compare(decoding, innermost.around);
            match *decoding.stated_size.get_or_init(compare) {
                Some(stated) if stated.kind == DamageKind::Garbled => {
                    found.extend(first_garbled(payload).map(|span| stated.damage(span)));
                }
                Some(stated) if is_last(decoding.text) => found.push(stated.damage(end)),
                _ => {}
            }
        }
        Enclosing::Message { message, .. }
            if message.body.is_truncated && is_last(&message.body.decoded.text) =>
        {
            let is_ngrok = innermost.outwards().any(|scope| scope.is_property("raw"));
            found.extend(truncated_message(message, payload, is_broken, is_ngrok));
        }
        _ => {}
    }
    found
}

impl Comparison {
    fn damage(self, span: Range<usize>) -> Damage {
        let Self {
            kind,
            stated,
            found,
        } = self;
        match kind {
            DamageKind::Garbled => Damage::new(
                kind,
                span,
                format!(
                    "the exporter has garbled this text: `bodySize` is {stated}, the number of its \
                     characters, but in UTF-8 it has {found} bytes"
                ),
                "it read UTF-8 as Latin-1: export it anew with another tool, for example mitmproxy",
            ),
            _ => Damage::new(
                kind,
                span,
                format!(
                    "the payload is cut off: `bodySize` is {stated}, but there are {found} bytes"
                ),
                RECORD_AGAIN,
            ),
        }
    }
}

/// Compares the text of a HAR file's `postData` with the `bodySize` of its request. Returns `None` if
/// they fit, or if the text is of another kind.
fn compare(decoding: Decoding<'_>, around: Option<&Scope<'_>>) -> Option<Comparison> {
    let data = around.filter(|scope| scope.is_property("text"))?;
    let data = data.around.filter(|scope| scope.is_property("postData"))?;
    let Enclosing::Property { object, .. } = data.enclosing else {
        return None;
    };
    // Unknown sizes are -1.
    let stated: usize = object.get("bodySize")?.text().parse().ok()?;
    let found = decoding.text.len();
    if stated == found {
        return None;
    }
    steps::add(found);
    let comparison = |kind| {
        Some(Comparison {
            kind,
            stated,
            found,
        })
    };
    let text = str::from_utf8(decoding.text).ok();
    if let Some(text) = text.filter(|_| stated < found && decoding.name != BASE64) {
        let is_latin = text.chars().all(|character| character <= '\u{ff}');
        let is_garbled = is_latin && text.chars().count() == stated;
        return is_garbled
            .then_some(DamageKind::Garbled)
            .and_then(comparison);
    }
    // What an exporter may have converted: the line ends, a byte-order mark, UTF-16.
    let units = text.map_or(0, |text| text.encode_utf16().count());
    let is_converted = stated.checked_sub(found).is_none_or(|missing| {
        missing == BYTE_ORDER_MARK
            || missing <= memchr::memchr_iter(b'\n', decoding.text).count()
            || stated == 2 * units
            || stated == 2 * units + 2
    });
    if is_converted || is_compressed(object) {
        return None;
    }
    comparison(DamageKind::Truncated)
}

/// The name of the decoding whose text has the very bytes that were sent.
const BASE64: &str = "base64";

/// The length of a byte-order mark in UTF-8.
const BYTE_ORDER_MARK: usize = 3;

/// Returns `true` if the body of a HAR file's request was sent in another coding than its text.
fn is_compressed(request: Node<'_>) -> bool {
    let headers = request.get("headers").and_then(Node::as_array);
    let mut headers = headers.into_iter().flat_map(Array::items);
    headers.any(|header| {
        let name = header.get("name").and_then(Node::as_str);
        name.is_some_and(|name| name.eq_ignore_ascii_case("content-encoding"))
    })
}

/// Returns the span of the first character that is not ASCII.
fn first_garbled(payload: &[u8]) -> Option<Range<usize>> {
    let start = payload.iter().position(|byte| !byte.is_ascii());
    steps::add(start.unwrap_or(payload.len()));
    let start = start?;
    let rest = payload[start..].utf8_chunks().next()?;
    let length = rest.valid().chars().next().map_or(1, char::len_utf8);
    Some(start..start + length)
}

/// Returns the damage of an HTTP message that has less than its head states.
fn truncated_message(
    message: &HttpMessage<'_>,
    payload: &[u8],
    is_broken: bool,
    is_ngrok: bool,
) -> Option<Damage> {
    let header = |name: &str| {
        message
            .header(name)
            .and_then(|value| str::from_utf8(value).ok())
    };
    let stated: Option<usize> = header("content-length").and_then(|value| value.parse().ok());
    let text = &message.body.decoded.text;
    let message = match stated.filter(|_| !message.body.coding.is_chunked) {
        Some(stated) => {
            let found = message.body.range.len();
            let missing = stated.checked_sub(found)?;
            // The line ends may have been converted, and the last one removed.
            steps::add(text.len());
            let converted = memchr::memchr_iter(b'\n', text).count() + 2;
            if missing <= converted {
                return None;
            }
            format!(
                "the message is cut off: its `Content-Length` is {stated}, but its body has {found} \
                 bytes"
            )
        }
        None if is_broken => "the message is cut off: the end of its body is missing".to_owned(),
        // Only its last chunk, which has no text.
        None => return None,
    };
    let help = if is_ngrok {
        "ngrok keeps 10 kB of a request: record it again with another tool, for example mitmproxy"
    } else {
        RECORD_AGAIN
    };
    let end = payload.len()..payload.len();
    Some(Damage::new(DamageKind::Truncated, end, message, help))
}

/// Returns the damage of a payload that smee has serialized anew, if it was signed.
fn reserialized(payload: &[u8], scope: &Scope<'_>) -> Option<Damage> {
    let Enclosing::Property { object, .. } = scope.enclosing else {
        return None;
    };
    if !scope.is_property("body") || contract::wrapper_name(object) != Some("smee") {
        return None;
    }
    let is_signed = || {
        let mut members = object.as_object()?.members();
        let found = members.find(|(name, _)| {
            let name = name.as_str();
            name.is_some_and(|name| name.eq_ignore_ascii_case("x-signature"))
        });
        found.map(drop)
    };
    let body = object.get("body")?;
    if contract::detect_for_sure(body) != Some(Kind::Pos) {
        is_signed()?;
    }
    Some(Damage::new(
        DamageKind::Reserialized,
        0..payload.len().min(1),
        "smee has serialized this payload anew, so `X-Signature` does not fit its bytes",
        "to check the signature, record the bytes that were sent, for example with gosmee",
    ))
}
