//! Decodes the `\xHH` that nginx writes for quotes, backslashes, control characters and bytes that
//! are not ASCII.

use super::{Decoded, hex_byte};
use crate::steps;

/// Decodes the escapes `\xHH`. All else stays as it is.
pub(crate) fn hex_escapes(outer: &[u8]) -> Decoded {
    steps::add(outer.len());
    let mut decoded = Decoded::with_capacity(outer.len());
    // The end of what was added, and where the next escape may start.
    let (mut added, mut at) = (0, 0);
    while let Some(plain) = memchr::memchr(b'\\', &outer[at..]) {
        let start = at + plain;
        at = start + 1;
        if outer.get(at) == Some(&b'x')
            && let Some(byte) = hex_byte(outer, at + 1)
        {
            decoded.copy(outer, added..start);
            at = start + 4;
            added = at;
            decoded.unit(&[byte], start..at);
        }
    }
    decoded.copy(outer, added..outer.len());
    decoded
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::super::testing::{any_text, assert_characters, assert_monotone, damaged};
    use super::*;

    fn decode(outer: &[u8]) -> Vec<u8> {
        hex_escapes(outer).text
    }

    /// Writes a text as nginx does by default.
    fn escape(text: &str) -> String {
        let mut escaped = String::new();
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' | 0..0x20 | 0x7f.. => write!(escaped, "\\x{byte:02X}").unwrap(),
                _ => escaped.push(char::from(byte)),
            }
        }
        escaped
    }

    #[test]
    fn escapes_are_decoded_with_their_places() {
        let outer = br"{\x22Name\x22: \x22Caf\xC3\xA9\x22}\x0A";
        let decoded = hex_escapes(outer);
        assert_eq!(decoded.text, "{\"Name\": \"Café\"}\n".as_bytes());
        assert_eq!(&outer[decoded.map.range(1..7)], br"\x22Name\x22");
        assert_eq!(&outer[decoded.map.range(13..15)], br"\xC3\xA9");
    }

    #[test]
    fn other_backslashes_stay() {
        for outer in [r"\", r"\x", r"\x2", r"\xg0", r#"\""#, r"\\", r"a\u0022b"] {
            assert_eq!(decode(outer.as_bytes()), outer.as_bytes());
        }
        assert_eq!(decode(br"\\x22"), br#"\""#);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn escaped_texts_are_decoded(text in any_text()) {
            let outer = escape(&text);
            let decoded = hex_escapes(outer.as_bytes());
            prop_assert_eq!(&decoded.text, text.as_bytes());
            assert_characters(outer.as_bytes(), &decoded, decode);
        }

        #[test]
        fn damaged_escapes_do_not_panic(outer in damaged(r"{\x22Name\x22: \x22Caf\xC3\xA9\x22}")) {
            assert_monotone(&outer, &hex_escapes(&outer));
        }
    }
}
