//! What fuzzing has found, each by its cause.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use support::laws::{is_judged, is_redacted, is_reported};

fn survives(stream: &[u8]) {
    is_judged(stream);
    is_reported(stream);
    is_redacted(stream);
}

/// The fault before a payload was placed at one byte of a longer character.
#[test]
fn stray_text_may_start_with_a_long_character() {
    survives("{\"a\": 1}\n {]}\u{202e}: {}\n".as_bytes());
    survives("{\n  \"a\": 1\n}\u{202e}: {\n}\n".as_bytes());
}

/// A form feed is white space to Rust, but not to JSON: the payload was empty, its fault was not.
#[test]
fn a_form_feed_is_no_white_space() {
    survives(b"{}\x0c");
    survives(b"{\"a\": 1,} \x0c{}\x0c\n\x0c");
}

/// Brackets in strings ended the array early; the rest was then read as broken text, in which a name
/// that is cut in two by a sign is the name of a secret.
#[test]
fn items_on_lines_of_their_own_are_read_as_json() {
    survives(
        br#"[
  {"Id": "8]6", "Req!Destor": {"Name": "Mews Integrations", "Email": "a@example.com"}, "Name": "[{1"}
]"#,
    );
    survives(
        br#"[
  {"Action": "8]6", "Data": {"Enterprise": {"Name": "Hotel [{1"}, "Req!Destor": {"Name": "Mews Integrations", "Email": "a@example.com"}}}
]"#,
    );
}

/// An id within a secret stayed, and no longer was one once the rest of it had been replaced.
#[test]
fn ids_within_secrets_are_replaced_with_them() {
    survives(br#"{"token=": {"Id": "facade14-0000-4000-8000-000000000001++++++"}}"#);
}
