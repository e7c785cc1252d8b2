//! Who logs in by a URL: what stands before the `@` of `scheme://user:password@host`.

use crate::steps;

use super::view::View;
use super::{Finder, Form, What};

/// Finds user information in URLs.
pub(super) fn users(text: &View<'_>, finder: &mut Finder) {
    let bytes = text.bytes();
    steps::add(bytes.len());
    for found in memchr::memmem::find_iter(bytes, b"://") {
        let start = found + 3;
        if found == 0 || !bytes[found - 1].is_ascii_alphanumeric() {
            continue;
        }
        // What is encoded once more than the URL is content. So each byte is looked at once for
        // each layer.
        let layers = text.mark(start - 1).layers;
        let is_end = |at: usize| {
            let is_sign = bytes[at].is_ascii_whitespace()
                || matches!(
                    bytes[at],
                    b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\'
                );
            is_sign && text.mark(at).layers <= layers
        };
        let end = (start..bytes.len()).find(|at| is_end(*at));
        steps::add(end.unwrap_or(bytes.len()) - start);
        let host = &bytes[start..end.unwrap_or(bytes.len())];
        if let Some(at) = memchr::memrchr(b'@', host) {
            finder.add(text, start..start + at, What::Url, Form::Text);
        }
    }
}
