//! Decodes the content of JSON strings. Most embedded payloads stand in them, with an escape every
//! few bytes, so short runs must be as fast as long ones.

use std::ops::Range;

use super::{Decoded, hex_byte};
use crate::document::plain_length;
use crate::steps;

/// Decodes the content of a JSON string, without its quotes. Half of a surrogate pair is decoded to
/// a replacement character.
pub(crate) fn json_string(outer: &[u8]) -> Option<Decoded> {
    let mut decoded = Decoded::with_capacity(outer.len());
    add_json_string(outer, 0..outer.len(), &mut decoded)?;
    Some(decoded)
}

/// Returns the first decoded bytes of the content of a JSON string: `length` of them, or a few more.
pub(crate) fn json_string_start(outer: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(length + 3);
    let mut at = 0;
    while decoded.len() < length {
        match *outer.get(at)? {
            b'\\' => {
                let (character, length) = escape(&outer[at..])?;
                decoded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                at += length;
            }
            byte => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    steps::add(at);
    Some(decoded)
}

/// Adds the decoded content of a JSON string that stands in a range of the outer text.
pub(super) fn add_json_string(
    outer: &[u8],
    range: Range<usize>,
    decoded: &mut Decoded,
) -> Option<()> {
    steps::add(range.len());
    let text = &outer[..range.end];
    let mut at = range.start;
    loop {
        let end = at + plain_length(&text[at..]);
        if end > at {
            decoded.copy(text, at..end);
        }
        match text.get(end) {
            None => break,
            Some(b'\\') => {
                if at == range.start {
                    decoded.map.reserve(range.len());
                }
                let (character, length) = escape(&text[end..])?;
                at = end + length;
                match u8::try_from(character) {
                    Ok(byte) if byte.is_ascii() => decoded.unit(&[byte], end..at),
                    _ => decoded.character(character, end..at),
                }
            }
            Some(_) => return None,
        }
    }
    if range.is_empty() {
        decoded.copy(outer, range);
    }
    Some(())
}

/// Returns the character of the escape at the start of `text`, and the length of the escape.
fn escape(text: &[u8]) -> Option<(char, usize)> {
    let character = match text.get(1)? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        quoted @ (b'"' | b'\\' | b'/') => char::from(*quoted),
        b'u' => return unicode_escape(text),
        _ => return None,
    };
    Some((character, 2))
}

/// Returns the character of one or two escapes `\uXXXX`.
fn unicode_escape(text: &[u8]) -> Option<(char, usize)> {
    let unit = |at| {
        Some(u16::from_be_bytes([
            hex_byte(text, at)?,
            hex_byte(text, at + 2)?,
        ]))
    };
    let first = unit(2)?;
    let second = text.get(6..8).filter(|next| *next == b"\\u");
    let second = second.and_then(|_| unit(8)).unwrap_or(0);
    match char::decode_utf16([first, second]).next() {
        Some(Ok(character)) => Some((character, 6 * character.len_utf16())),
        _ => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{any_text, assert_characters, assert_monotone, damaged};
    use super::*;

    fn decode(outer: &[u8]) -> Option<Vec<u8>> {
        Some(json_string(outer)?.text)
    }

    #[test]
    fn escapes_are_decoded_with_their_places() {
        let outer = br#"{\"Name\": \"Caf\u00e9 \ud83d\ude00\"}"#;
        let decoded = json_string(outer).unwrap();
        let text = String::from_utf8(decoded.text).unwrap();
        assert_eq!(text, "{\"Name\": \"Café 😀\"}");
        let outer_of = |part: &str| {
            let start = text.find(part).unwrap();
            std::str::from_utf8(&outer[decoded.map.range(start..start + part.len())]).unwrap()
        };
        assert_eq!(outer_of("\"Name\""), r#"\"Name\""#);
        assert_eq!(outer_of("Café"), r"Caf\u00e9");
        assert_eq!(outer_of("😀"), r"\ud83d\ude00");
    }

    #[test]
    fn half_a_surrogate_pair_is_one_replacement_character() {
        let decoded = json_string(br"a\ud800b\udc00\ud800\ud83d\ude00\ud800\u0041").unwrap();
        assert_eq!(
            decoded.text,
            "a\u{fffd}b\u{fffd}\u{fffd}😀\u{fffd}A".as_bytes()
        );
        assert_eq!(decoded.map.range(1..4), 1..7);
    }

    #[test]
    fn invalid_strings_are_none() {
        for outer in [r"\", r"\x", r"\u12", r"\u12g4", "a\"b", "a\nb", "\u{0}"] {
            assert_eq!(json_string(outer.as_bytes()), None, "{outer:?}");
        }
        assert_eq!(decode(b""), Some(Vec::new()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn written_strings_are_decoded(text in any_text()) {
            let outer = serde_json::to_string(&text).unwrap();
            let outer = &outer.as_bytes()[1..outer.len() - 1];
            let decoded = json_string(outer).unwrap();
            prop_assert_eq!(&decoded.text, text.as_bytes());
            assert_characters(outer, &decoded, |part| decode(part).unwrap());
        }

        #[test]
        fn strings_are_decoded_as_by_serde_json(
            outer in r#"([a-z\\"é/]|\\[bfnrtu"/x\\]|\\u[0-9a-fA-F]{4}|\\ud[89a-f]0[0-9]|\n){0,12}"#
        ) {
            let expected = serde_json::from_str::<String>(&format!("\"{outer}\""));
            let decoded = decode(outer.as_bytes());
            match (expected, decoded) {
                (Ok(expected), decoded) => prop_assert_eq!(decoded, Some(expected.into_bytes())),
                (Err(_), None) => {}
                // Only halves of pairs are accepted in addition.
                (Err(_), Some(text)) => {
                    let text = String::from_utf8(text).unwrap();
                    prop_assert!(text.contains(char::REPLACEMENT_CHARACTER), "{}", text);
                }
            }
        }

        #[test]
        fn damaged_strings_do_not_panic(outer in damaged(r#"{\"a\": \"\u00e9\ud83d\ude00\n\"}"#)) {
            if let Some(decoded) = json_string(&outer) {
                assert_monotone(&outer, &decoded);
            }
        }
    }
}
