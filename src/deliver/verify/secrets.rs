//! The ways in which a secret is written differently by the two who share it.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

use super::{BYTE_ORDER_MARK, SignatureCause};

/// Returns other spellings of a secret, the likeliest first.
pub(super) fn spellings(secret: &[u8]) -> Vec<(Vec<u8>, SignatureCause)> {
    let bare = secret.strip_prefix(BYTE_ORDER_MARK).unwrap_or(secret);
    let bare = bare.trim_ascii();
    let mut found = Vec::new();
    let mut add = |other: Vec<u8>, cause| {
        if other != secret && !other.is_empty() {
            found.push((other, cause));
        }
    };
    add(bare.to_vec(), SignatureCause::SecretWhiteSpace);
    for end in ["\n", "\r\n", " "] {
        add(
            [bare, end.as_bytes()].concat(),
            SignatureCause::SecretWhiteSpace,
        );
    }
    add([b" ", bare].concat(), SignatureCause::SecretWhiteSpace);
    if let Some(inside) = unquoted(bare) {
        add(inside.to_vec(), SignatureCause::SecretQuotes);
    }
    for encoding in [
        HEXLOWER_PERMISSIVE,
        BASE64,
        BASE64_NOPAD,
        BASE64URL,
        BASE64URL_NOPAD,
    ] {
        if let Ok(key) = encoding.decode(bare) {
            add(key, SignatureCause::SecretEncoded);
        }
    }
    found
}

/// Returns the text in quotes.
fn unquoted(text: &[u8]) -> Option<&[u8]> {
    let inside = |quote: &[u8]| text.strip_prefix(quote)?.strip_suffix(quote);
    inside(b"\"").or_else(|| inside(b"'"))
}
