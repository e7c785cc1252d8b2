//! Finds user information in URLs: the part before the `@` of `scheme://user:password@host`.

use crate::steps;

use super::unescape::UnescapedText;
use super::{Finder, Notation, SecretClass};

/// Finds user information in URLs.
pub(super) fn find(text: &UnescapedText<'_>, finder: &mut Finder) {
    let bytes = text.bytes();
    steps::add(bytes.len());
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
    }
}
