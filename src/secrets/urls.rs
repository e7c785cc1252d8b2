//! Secrets in URLs: parameters of the query or the fragment, and who logs in.

use std::ops::Range;

use super::names::{LONGEST, Name};
use super::unescaped::Unescaped;
use super::{Form, Secret, What};

/// The values of parameters whose names say that they are secret.
pub(super) fn parameters(text: &Unescaped<'_>, secrets: &mut Vec<Secret>) {
    let bytes = text.bytes();
    let mut covered = 0;
    for equals in memchr::memchr_iter(b'=', bytes) {
        if equals < covered {
            continue;
        }
        let is_letter = |byte: &&u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']')
        };
        let before = bytes[..equals].iter().rev().take(LONGEST);
        let start = equals - before.take_while(is_letter).count();
        let name = Name::new(&bytes[start..equals]);
        let in_url = matches!(
            start.checked_sub(1).map(|before| bytes[before]),
            Some(b'?' | b'&' | b';' | b'#')
        );
        if !(name.is_token() || in_url && name.is_parameter()) {
            continue;
        }
        let end = end(text, equals + 1, |byte| matches!(byte, b'&' | b'#'));
        covered = end;
        if !matches!(&bytes[equals + 1..end], b"null" | b"true" | b"false") {
            secrets.push(Secret {
                span: text.written(equals + 1..end),
                what: What::Url,
                form: Form::Text,
            });
        }
    }
}

/// What stands before the `@` of an address: `scheme://user:password@host`.
pub(super) fn users(text: &Unescaped<'_>, secrets: &mut Vec<Secret>) {
    let bytes = text.bytes();
    for found in memchr::memmem::find_iter(bytes, b"://") {
        let start = found + 3;
        if found == 0 || !bytes[found - 1].is_ascii_alphanumeric() {
            continue;
        }
        let end = end(text, start, |byte| matches!(byte, b'/' | b'?' | b'#'));
        let Range { start, end } = start..end;
        if let Some(at) = memchr::memrchr(b'@', &bytes[start..end]) {
            secrets.push(Secret {
                span: text.written(start..start + at),
                what: What::Url,
                form: Form::Text,
            });
        }
    }
}

/// Where a part of a URL ends, with one of some bytes, or with the URL.
fn end(text: &Unescaped<'_>, start: usize, is_end: impl Fn(u8) -> bool) -> usize {
    let bytes = &text.bytes()[start..];
    let length = bytes.iter().enumerate().position(|(at, byte)| {
        let ends =
            byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\');
        (ends || is_end(*byte)) && !text.is_percent(start + at)
    });
    start + length.unwrap_or(bytes.len())
}
