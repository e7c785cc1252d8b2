//! Inputs that fuzzing has found, by the cause of the fault.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use mewshook::frame::{CaptureMode, Frames, Next};
use support::invariants::{assert_checked, assert_redacted, assert_reported};

fn check(stream: &[u8]) {
    assert_checked(stream);
    assert_reported(stream);
    assert_redacted(stream);
}

/// The error before a payload covered one byte of a longer character.
#[test]
fn stray_text_may_start_with_a_long_character() {
    check("{\"a\": 1}\n {]}\u{202e}: {}\n".as_bytes());
    check("{\n  \"a\": 1\n}\u{202e}: {\n}\n".as_bytes());
}

/// A form feed is white space in Rust, but not in JSON: the text was empty, and its error was not.
#[test]
fn a_form_feed_is_not_white_space() {
    check(b"{}\x0c");
    check(b"{\"a\": 1,} \x0c{}\x0c\n\x0c");
}

/// Brackets in strings ended the array early, and the rest was read as broken text. There, a part of
/// a name that contains a sign was taken for the name of a secret.
#[test]
fn items_on_lines_of_their_own_are_read_as_json() {
    check(
        br#"[
  {"Id": "8]6", "Req!Destor": {"Name": "Mews Integrations", "Email": "a@example.com"}, "Name": "[{1"}
]"#,
    );
    check(
        br#"[
  {"Action": "8]6", "Data": {"Enterprise": {"Name": "Hotel [{1"}, "Req!Destor": {"Name": "Mews Integrations", "Email": "a@example.com"}}}
]"#,
    );
}

/// An id inside of a secret was kept, and the replacement of the rest made it something else.
#[test]
fn ids_inside_of_secrets_are_replaced_with_them() {
    check(br#"{"token=": {"Id": "facade14-0000-4000-8000-000000000001++++++"}}"#);
}

/// After an input that can't be read to its end, the scan of an object in text went on with the bytes
/// that had been consumed.
#[test]
fn damaged_text_may_end_inside_of_an_object() {
    let text = ",\"Events\":[{\"Di";
    let mut stream: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // Half of a character.
    stream.push(b'A');
    let frames = Frames::from_bytes(stream).with_mode(CaptureMode::Auto);
    let mut frames = frames.with_all_bytes();
    let error = loop {
        match frames.next() {
            Ok(Next::End) => panic!("the end is damaged"),
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("UTF-16"), "{error}");
}
