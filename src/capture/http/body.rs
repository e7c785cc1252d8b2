//! Finds the end of a body, and decodes it.

use super::{Body, Coding, Header, Start, chunked, header};
use crate::decode::text::{Decoded, gzip_prefix};
use crate::steps;

/// Reads the body that starts at an offset.
pub(super) fn read(
    text: &[u8],
    start: usize,
    start_line: Start,
    headers: &[Header],
    limit: usize,
) -> Body {
    let mut body = transferred(text, start, start_line, headers);
    if let Some(coding) = header(headers, "content-encoding") {
        decode_content(&mut body, coding, limit);
    }
    body
}

/// Reads a body without its transfer coding.
fn transferred(text: &[u8], start: usize, start_line: Start, headers: &[Header]) -> Body {
    let is_chunked = header(headers, "transfer-encoding").is_some_and(|value| {
        let last = value.rsplit(|byte| *byte == b',').next();
        last.is_some_and(|last| last.trim_ascii().eq_ignore_ascii_case(b"chunked"))
    });
    if is_chunked && let Some(chunked) = chunked::read(text, start) {
        return Body {
            decoded: chunked.decoded,
            range: start..chunked.end,
            coding: Coding {
                is_chunked: true,
                is_gzip: false,
            },
            is_truncated: chunked.is_truncated,
            is_encoded: false,
        };
    }
    let available = text.len() - start;
    let length = match start_line {
        Start::Response {
            status: 100..200 | 204 | 304,
            ..
        } => 0,
        // The length of a chunked body is not that of its text.
        _ if is_chunked => available,
        _ => content_length(headers).unwrap_or(available),
    };
    let end = start + length.min(available);
    let mut decoded = Decoded::default();
    decoded.copy(text, start..end);
    steps::add(end - start);
    Body {
        decoded,
        range: start..end,
        is_truncated: length > available,
        ..Body::default()
    }
}

/// Returns the stated length. A value that is repeated (`5, 5`) is valid.
fn content_length(headers: &[Header]) -> Option<usize> {
    let value = header(headers, "content-length")?;
    let first = value.split(|byte| *byte == b',').next()?.trim_ascii();
    let is_number = !first.is_empty() && first.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(first).ok().filter(|_| is_number)?;
    Some(number.parse().unwrap_or(usize::MAX))
}

/// Decodes `gzip`. A body that is not in the stated coding was decoded by the tool that stored it.
fn decode_content(body: &mut Body, coding: &[u8], limit: usize) {
    let coding = coding.trim_ascii().to_ascii_lowercase();
    match &coding[..] {
        b"gzip" | b"x-gzip" => {
            let Some(gunzipped) = gzip_prefix(&body.decoded.text, limit) else {
                return;
            };
            body.decoded = Decoded {
                map: body.decoded.map.then(&gunzipped.decoded.map),
                text: gunzipped.decoded.text,
            };
            body.coding.is_gzip = true;
            body.is_truncated |= !gunzipped.is_complete;
        }
        b"" | b"identity" => {}
        _ => {
            let first = body.decoded.text.trim_ascii_start().first();
            body.is_encoded = !matches!(first, None | Some(b'{' | b'['));
        }
    }
}
