//! Decodes `application/x-www-form-urlencoded` bodies, in which senders put JSON as a value:
//! `payload=%7B%22Action%22…`.

use std::ops::Range;

use super::{Decoded, hex_byte};
use crate::steps;

/// Returns the decoded values of a body that start with `{`.
pub(crate) fn urlencoded_values(body: &[u8]) -> Vec<Decoded> {
    steps::add(body.len());
    let mut values = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'&', body).chain([body.len()]) {
        let pair = &body[start..end];
        if let Some(equals) = memchr::memchr(b'=', pair) {
            let range = start + equals + 1..end;
            let text = &body[range.clone()];
            if text.starts_with(b"{") || text.starts_with(b"%7B") || text.starts_with(b"%7b") {
                values.push(value(body, range));
            }
        }
        start = end + 1;
    }
    values
}

/// Decodes the value in a range of a body: `%HH`, and `+` for a space. All else stays as it is.
fn value(body: &[u8], range: Range<usize>) -> Decoded {
    steps::add(range.len());
    let text = &body[..range.end];
    let mut decoded = Decoded::with_capacity(range.len());
    // The end of what was added, and where the next escape may start.
    let (mut added, mut at) = (range.start, range.start);
    while let Some(plain) = memchr::memchr2(b'%', b'+', &text[at..]) {
        let start = at + plain;
        at = start + 1;
        let byte = match text[start] {
            b'+' => Some(b' '),
            _ => hex_byte(text, at).inspect(|_| at += 2),
        };
        if let Some(byte) = byte {
            decoded.copy(text, added..start);
            decoded.unit(&[byte], start..at);
            added = at;
        }
    }
    decoded.copy(text, added..range.end);
    decoded
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::super::testing::{any_text, assert_characters, assert_monotone, damaged};
    use super::*;

    fn decode(outer: &[u8]) -> Vec<u8> {
        value(outer, 0..outer.len()).text
    }

    #[test]
    fn values_that_are_objects_are_decoded_with_their_places() {
        let body = b"token=a%20b&payload=%7B%22Name%22:+%22Caf%C3%A9%22%7D&raw={}&x&={1}";
        let values = urlencoded_values(body);
        assert_eq!(values.len(), 3);
        assert_eq!(values[0].text, "{\"Name\": \"Café\"}".as_bytes());
        assert_eq!(&body[values[0].map.range(1..7)], b"%22Name%22");
        assert_eq!(&body[values[0].map.range(8..9)], b"+");
        assert_eq!(&body[values[0].map.range(13..15)], b"%C3%A9");
        assert_eq!(values[1].text, b"{}");
        assert_eq!(&body[values[1].map.range(0..2)], b"{}");
        assert_eq!(values[2].text, b"{1}");
    }

    #[test]
    fn other_percent_signs_stay() {
        assert_eq!(decode(b"100%+%2%zz%%41"), b"100% %2%zz%A");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn encoded_values_are_decoded(text in any_text()) {
            let outer = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string().replace("%20", "+");
            let decoded = value(outer.as_bytes(), 0..outer.len());
            prop_assert_eq!(&decoded.text, text.as_bytes());
            assert_characters(outer.as_bytes(), &decoded, decode);
        }

        #[test]
        fn damaged_bodies_do_not_panic(outer in damaged("a=b&payload=%7B%22Name%22:+1%7D&b={}")) {
            for value in urlencoded_values(&outer) {
                assert_monotone(&outer, &value);
            }
        }
    }
}
