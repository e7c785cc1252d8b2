//! Decodes the entities of XML text.

use quick_xml::escape::resolve_xml_entity;

use super::Decoded;
use crate::steps;

/// The maximum length of the name of an entity or the number of a character: `#x0010FFFF`.
const MAX_NAME: usize = 10;

/// Decodes the five predefined entities and the references to characters. All else stays as it is.
pub(crate) fn xml_text(outer: &[u8]) -> Decoded {
    steps::add(outer.len());
    let mut decoded = Decoded::with_capacity(outer.len());
    // The end of what was added, and where the next reference may start.
    let (mut added, mut at) = (0, 0);
    while let Some(plain) = memchr::memchr(b'&', &outer[at..]) {
        let start = at + plain;
        at = start + 1;
        if let Some((character, length)) = reference(&outer[at..]) {
            decoded.copy(outer, added..start);
            at += length;
            added = at;
            decoded.character(character, start..at);
        }
    }
    decoded.copy(outer, added..outer.len());
    decoded
}

/// Returns the character of a reference, which starts after its `&`, and the length of the rest of
/// the reference.
fn reference(text: &[u8]) -> Option<(char, usize)> {
    let window = &text[..text.len().min(MAX_NAME + 1)];
    let end = memchr::memchr(b';', window)?;
    let name = std::str::from_utf8(&text[..end]).ok()?;
    let character = match name.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => resolve_xml_entity(name)?.chars().next()?,
    };
    Some((character, end + 1))
}

/// Returns the character with a number. XML has no character 0.
fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let is_number = digits.chars().all(|digit| digit.is_digit(radix));
    let number = u32::from_str_radix(digits, radix).ok();
    char::from_u32(number.filter(|number| is_number && *number > 0)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::escape::escape;

    use super::super::testing::{any_text, assert_characters, assert_monotone, damaged};
    use super::*;

    fn decode(outer: &[u8]) -> Vec<u8> {
        xml_text(outer).text
    }

    #[test]
    fn references_are_decoded_with_their_places() {
        let outer = b"{&quot;Name&quot;: &#34;Caf&#xE9; &lt;&amp;&gt; &apos;&#x1F600;&#34;}";
        let decoded = xml_text(outer);
        let text = String::from_utf8(decoded.text).unwrap();
        assert_eq!(text, "{\"Name\": \"Café <&> '😀\"}");
        let start = text.find('é').unwrap();
        assert_eq!(&outer[decoded.map.range(start..start + 2)], b"&#xE9;");
        assert_eq!(&outer[decoded.map.range(1..7)], b"&quot;Name&quot;");
    }

    #[test]
    fn other_ampersands_stay() {
        for outer in [
            "&",
            "&;",
            "a && b",
            "&nbsp;",
            "&#0;",
            "&#xD800;",
            "&#+34;",
            "&#x;",
            "&#;",
            "&quot",
            "&amp\u{e9};",
            "&#00000000000000034;",
        ] {
            assert_eq!(decode(outer.as_bytes()), outer.as_bytes());
        }
        assert_eq!(decode(b"&&quot;"), b"&\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn escaped_texts_are_decoded(text in any_text()) {
            let outer = escape(text.as_str()).into_owned();
            let decoded = xml_text(outer.as_bytes());
            prop_assert_eq!(&decoded.text, text.as_bytes());
            assert_characters(outer.as_bytes(), &decoded, decode);
        }

        #[test]
        fn damaged_references_do_not_panic(outer in damaged("{&quot;Name&quot;: &#34;&#xE9;&#34;}")) {
            assert_monotone(&outer, &xml_text(&outer));
        }
    }
}
