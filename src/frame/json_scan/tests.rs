//! Compares the scan with `serde_json`, and with what is known of broken values.

use proptest::prelude::*;
use serde::de::IgnoredAny;

use super::*;

fn end_of(text: &str) -> JsonEnd {
    let mut scan = JsonScan::new(64);
    let end = scan.scan(text.as_bytes());
    let mut by_byte = JsonScan::new(64);
    let trickled = (1..=text.len())
        .map(|length| by_byte.scan(&text.as_bytes()[..length]))
        .find(|end| *end != JsonEnd::Unknown);
    assert_eq!(trickled.unwrap_or(JsonEnd::Unknown), end, "{text}");
    assert_eq!(by_byte.levels.len(), scan.levels.len(), "{text}");
    assert_eq!(by_byte.objects, scan.objects, "{text}");
    end
}

#[test]
fn objects_end_where_they_break() {
    for (text, end) in [
        (r#"{"a": [1, -2.5e+3, true]} x"#, JsonEnd::Complete(25)),
        (r#"{"a": {}}{"#, JsonEnd::Complete(9)),
        (r#"{"a": 1,}"#, JsonEnd::Broken(8)),
        (r#"{"a": 01}"#, JsonEnd::Broken(7)),
        (r#"{"a": nulL}"#, JsonEnd::Broken(9)),
        (r#"{"a": "\x"}"#, JsonEnd::Broken(8)),
        (r#"{"a": "\u12g4"}"#, JsonEnd::Broken(11)),
        ("{\"a\": \"b\nc\"}", JsonEnd::Broken(8)),
        (r#"{"a": 1]"#, JsonEnd::Broken(7)),
        ("{foo}", JsonEnd::Broken(1)),
        (r#"{"a": "b"#, JsonEnd::Unknown),
    ] {
        assert_eq!(end_of(text), end, "{text}");
    }
}

#[test]
fn a_level_too_many_breaks() {
    let deep = |levels| "{\"a\":".repeat(levels) + "1" + &"}".repeat(levels);
    assert_eq!(end_of(&deep(64)), JsonEnd::Complete(64 * 6 + 1));
    assert_eq!(end_of(&deep(65)), JsonEnd::Broken(64 * 5));
}

#[test]
fn open_objects_know_their_names() {
    for (text, expected) in [
        (
            r#"{"Action": "x", "Data": {"Action": 1"#,
            &[true, false][..],
        ),
        (r#"{"x": {"Action": "x", "Data": 1 1"#, &[false, true]),
        (r#"{"Events": [{"Type": "x""#, &[true, false, false]),
        (r#"{"Events": [{"Type": "x"}, "#, &[true, false]),
        (r#"{"Events": [], "IntegrationId": !"#, &[true]),
        (r#"{"Events": [], "#, &[false]),
        (r#"{"meta": {"eventType": 1}, "#, &[true]),
        (r#"{"data": [{"attributes": 1"#, &[true, false, false]),
        (r#"{"data": {"id": {"attributes": 1}"#, &[false, false]),
    ] {
        let mut scan = JsonScan::new(64);
        scan.scan(text.as_bytes());
        scan.finish(text.len());
        let marked: Vec<_> = (0..scan.levels.len())
            .map(|level| scan.names(level).is_payload())
            .collect();
        assert_eq!(marked, expected, "{text}");
    }
}

#[test]
fn objects_inside_of_a_broken_one_are_known() {
    let text = r#"{"a": {"b": {}}, "c": [{"d": 1}, {"{": {"e": 2}, ? {"#;
    let mut scan = JsonScan::new(64);
    let JsonEnd::Broken(end) = scan.scan(text.as_bytes()) else {
        panic!("broken");
    };
    assert_eq!(end, text.find('?').unwrap());
    let mut cursor = InnerCursor::default();
    let found: Vec<_> = (text[..end].match_indices('{'))
        .map(|(offset, _)| scan.inner(&mut cursor, offset))
        .collect();
    let end_at = |text_inside: &str| text.find(text_inside).unwrap() + text_inside.len();
    assert_eq!(
        found,
        [
            Inner::Open(0),
            Inner::Complete(end_at(r#"{"b": {}}"#)),
            Inner::String,
            Inner::Complete(end_at(r#"{"d": 1}"#)),
            Inner::Open(2),
            Inner::String,
            Inner::Complete(end_at(r#"{"e": 2}"#)),
        ]
    );
}

/// Returns the length of the object that a text starts with, as another parser sees it.
fn reference(text: &str) -> Result<usize, ()> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => Ok(values.byte_offset()),
        _ => Err(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// It is complete where another parser says so. Where it breaks, no continuation is valid;
    /// and one byte before, some is, since the prefix is not broken.
    #[test]
    fn it_agrees_with_another_parser(
        text in r#"\{("a"|"b":|:|,|\{|\}|\[|\]|\{"a":|1|-0\.5|0|e\+1|true|null|nul|"\\"|"\\u00e9"|"\\x"| |\n|"|é){0,14}\}?"#,
    ) {
        match (end_of(&text), reference(&text)) {
            (JsonEnd::Complete(length), other) => prop_assert_eq!(Ok(length), other),
            (JsonEnd::Unknown | JsonEnd::Broken(_), Ok(length)) => prop_assert!(false, "{} is complete", length),
            (JsonEnd::Broken(end), Err(())) => {
                let mut values = serde_json::Deserializer::from_str(&text).into_iter::<IgnoredAny>();
                let error = values.next().unwrap().unwrap_err();
                prop_assert!(!error.is_eof(), "{} breaks at {}", text, end);
                // Its column is that of the byte, or of the one before.
                let (line, column) = (error.line(), error.column());
                let line_start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
                prop_assert!(end <= line_start + column, "{} breaks at {}", text, end);
                prop_assert!(end + 5 >= line_start + column, "{} breaks at {}, {}", text, end, column);
            }
            (JsonEnd::Unknown, Err(())) => {
                let mut values = serde_json::Deserializer::from_str(&text).into_iter::<IgnoredAny>();
                let error = values.next().unwrap().unwrap_err();
                prop_assert!(error.is_eof(), "{} is incomplete: {}", text, error);
            }
        }
    }
}
