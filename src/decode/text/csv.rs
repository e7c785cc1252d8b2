//! Decodes quoted fields of CSV, as a database exports a column of JSON.

use super::Decoded;
use crate::steps;

/// Decodes a quoted field, from quote to quote, in which a quote is doubled.
pub(crate) fn csv_field(outer: &[u8]) -> Option<Decoded> {
    steps::add(outer.len());
    let end = outer.len().checked_sub(1)?;
    if end == 0 || outer[0] != b'"' || outer[end] != b'"' {
        return None;
    }
    let mut decoded = Decoded::with_capacity(end);
    let mut at = 1;
    while let Some(plain) = memchr::memchr(b'"', &outer[at..end]) {
        let quote = at + plain;
        decoded.copy(outer, at..quote);
        if quote + 1 == end || outer[quote + 1] != b'"' {
            return None;
        }
        decoded.unit(b"\"", quote..quote + 2);
        at = quote + 2;
    }
    decoded.copy(outer, at..end);
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{any_text, assert_characters, assert_monotone, damaged};
    use super::*;

    #[test]
    fn doubled_quotes_are_decoded() {
        let outer = br#""{""Action"": 1}""#;
        let decoded = csv_field(outer).unwrap();
        assert_eq!(decoded.text, br#"{"Action": 1}"#);
        assert_eq!(&outer[decoded.map.range(1..9)], br#"""Action"""#);
        assert_eq!(&outer[decoded.map.range(0..13)], &outer[1..outer.len() - 1]);
    }

    #[test]
    fn other_texts_are_none() {
        for outer in [
            "",
            "\"",
            "a",
            "\"a",
            "\"\"\"",
            "\"a\"b\"",
            "\"a\" \"\"",
            "\"\"a\"\"",
        ] {
            assert_eq!(csv_field(outer.as_bytes()), None, "{outer:?}");
        }
        assert_eq!(csv_field(b"\"\"").unwrap().text, b"");
        assert_eq!(csv_field(b"\"\"\"\"").unwrap().text, b"\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn quoted_texts_are_decoded(text in any_text()) {
            let outer = format!("\"{}\"", text.replace('"', "\"\""));
            let decoded = csv_field(outer.as_bytes()).unwrap();
            prop_assert_eq!(&decoded.text, text.as_bytes());
            assert_characters(outer.as_bytes(), &decoded, |part| {
                csv_field(&[b"\"", part, b"\""].concat()).unwrap().text
            });
        }

        #[test]
        fn damaged_fields_do_not_panic(outer in damaged(r#""{""Action"": ""A""}""#)) {
            if let Some(decoded) = csv_field(&outer) {
                assert_monotone(&outer, &decoded);
            }
        }
    }
}
