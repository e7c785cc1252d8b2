//! What the tests of the decoders share: random texts, and the properties of every source map.

use proptest::prelude::*;

use super::Decoded;

/// Returns texts with all that notations escape.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            "[a-zA-Z0-9 {}\\[\\]:,]{1,12}",
            Just("\"".to_owned()),
            Just("\\".to_owned()),
            Just("\\x22 &amp; %22 \"\" <a>'+&=".to_owned()),
            Just("\r\n\t".to_owned()),
            any::<char>().prop_map(String::from),
        ],
        0..12,
    )
    .prop_map(|parts| parts.concat())
}

/// Returns a text with some bytes replaced, removed or inserted.
pub(crate) fn damaged(text: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let text = text.as_bytes().to_vec();
    let edit = (any::<prop::sample::Index>(), any::<u8>(), 0..4_u8);
    proptest::collection::vec(edit, 0..4).prop_map(move |edits| {
        let mut text = text.clone();
        for (index, byte, kind) in edits {
            if text.is_empty() {
                break;
            }
            let at = index.index(text.len());
            match kind {
                0 => text[at] = byte,
                1 => drop(text.remove(at)),
                2 => text.insert(at, byte),
                _ => text.truncate(at),
            }
        }
        text
    })
}

/// Asserts that the outer range of each character is decoded to that character, and that ranges of
/// several characters are those from the first to the last one.
pub(crate) fn assert_characters(
    outer: &[u8],
    decoded: &Decoded,
    decode: impl Fn(&[u8]) -> Vec<u8>,
) {
    assert_monotone(outer, decoded);
    let text = std::str::from_utf8(&decoded.text).unwrap();
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        let range = decoded.map.range(start..end);
        let found = decode(&outer[range.clone()]);
        assert_eq!(found, &decoded.text[start..end], "{range:?}");
    }
}

/// Asserts that the map has the length of the text, and that its ranges are in the outer text and
/// ascend.
pub(crate) fn assert_monotone(outer: &[u8], decoded: &Decoded) {
    assert_eq!(decoded.map.len(), decoded.text.len());
    let mut last = 0..0;
    for at in 0..decoded.text.len() {
        let range = decoded.map.range(at..at + 1);
        assert!(
            last.start <= range.start && last.end <= range.end,
            "{last:?} {range:?}"
        );
        assert!(range.end <= outer.len(), "{range:?} of {}", outer.len());
        last = range;
    }
}
