//! Decodes base64 of both alphabets of RFC 4648, with or without padding and line breaks.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};

use super::Decoded;
use crate::document::SourceMap;
use crate::steps;

/// Decodes base64. Each decoded byte maps to the characters that hold its bits.
pub(crate) fn base64(outer: &[u8]) -> Option<Decoded> {
    steps::add(2 * outer.len());
    let characters = without_line_breaks(outer);
    let text = without_padding(&characters.text)?;
    let is_url_safe = memchr::memchr2(b'-', b'_', text).is_some();
    let encoding = if is_url_safe {
        BASE64URL_NOPAD
    } else {
        BASE64_NOPAD
    };
    let text = encoding.decode(text).ok()?;
    let mut map = SourceMap::new();
    map.base64(0, text.len());
    Some(Decoded {
        map: characters.map.then(&map),
        text,
    })
}

fn without_line_breaks(outer: &[u8]) -> Decoded {
    let mut characters = Decoded::with_capacity(outer.len());
    let mut start = 0;
    for line_break in memchr::memchr2_iter(b'\r', b'\n', outer) {
        characters.copy(outer, start..line_break);
        start = line_break + 1;
    }
    characters.copy(outer, start..outer.len());
    characters
}

/// Returns the text without padding, which must fill the last group if there is any.
fn without_padding(text: &[u8]) -> Option<&[u8]> {
    let length = text.len();
    let stripped = text.strip_suffix(b"=");
    let stripped = stripped.map(|text| text.strip_suffix(b"=").unwrap_or(text));
    match stripped {
        None => Some(text),
        Some(stripped) => length.is_multiple_of(4).then_some(stripped),
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, BASE64URL, Encoding};
    use proptest::prelude::*;

    use super::super::testing::{assert_monotone, damaged};
    use super::*;

    #[test]
    fn decoded_ranges_cover_the_characters_that_hold_their_bits() {
        // `{"A":1}`: groups of three bytes in four characters.
        let decoded = base64(b"eyJB\r\nIjox\r\nfQ==\r\n").unwrap();
        assert_eq!(decoded.text, br#"{"A":1}"#);
        assert_eq!(decoded.map.range(0..1), 0..2);
        assert_eq!(decoded.map.range(1..2), 1..3);
        assert_eq!(decoded.map.range(2..3), 2..4);
        assert_eq!(decoded.map.range(0..3), 0..4);
        assert_eq!(decoded.map.range(3..4), 6..8);
        assert_eq!(decoded.map.range(6..7), 12..14);
        assert_eq!(decoded.map.range(7..7), 14..14);
    }

    #[test]
    fn a_byte_may_have_its_bits_on_two_lines() {
        let decoded = base64(b"eyJ\nBIj\nox").unwrap();
        assert_eq!(decoded.text, br#"{"A":1"#);
        assert_eq!(decoded.map.range(2..3), 2..5);
    }

    #[test]
    fn other_texts_are_none() {
        for outer in [
            "e",
            "eyJBI",
            "ey J",
            "ey+-",
            "ey==A",
            "eyJ==",
            "=",
            "====",
            "{\"a\": 1}",
            "e\u{e9}",
        ] {
            assert_eq!(base64(outer.as_bytes()), None, "{outer:?}");
        }
        assert_eq!(base64(b"").unwrap().text, b"");
    }

    fn wrap(encoded: &str, width: usize, line_break: &str) -> String {
        let lines: Vec<_> = encoded
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        lines.join(line_break)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn encoded_bytes_are_decoded(
            bytes in proptest::collection::vec(any::<u8>(), 0..100),
            width in 1..80_usize,
            line_break in prop_oneof![Just("\n"), Just("\r\n"), Just("")],
            encoding in 0..4_usize,
        ) {
            let encodings: [Encoding; 4] = [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD];
            let outer = wrap(&encodings[encoding].encode(&bytes), width, line_break);
            let decoded = base64(outer.as_bytes()).unwrap();
            prop_assert_eq!(&decoded.text, &bytes);
            assert_monotone(outer.as_bytes(), &decoded);
            let places: Vec<usize> = (0..outer.len()).filter(|at| !b"\r\n".contains(&outer.as_bytes()[*at])).collect();
            for start in 0..bytes.len() {
                for end in start + 1..=bytes.len() {
                    let expected = places[start * 8 / 6]..places[(end * 8 - 1) / 6] + 1;
                    prop_assert_eq!(decoded.map.range(start..end), expected);
                }
            }
        }

        #[test]
        fn damaged_base64_does_not_panic(outer in damaged("eyJBY3Rpb24iOiAiSW50ZWdy\r\nYXRpb25FbmFibGVkIn0=\r\n")) {
            if let Some(decoded) = base64(&outer) {
                assert_monotone(&outer, &decoded);
            }
        }
    }
}
