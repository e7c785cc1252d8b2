//! Which diagnostics of a payload with many of them are reported, and how long each is.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::io;

use mewshook::checks::{Checker, Policy, Verdict};
use mewshook::diagnostic::{Diagnostic, Severity};
use mewshook::document::PayloadText;
use mewshook::frame::Frames;
use proptest::prelude::*;
use quick_xml::events::Event;
use support::printed::{FORMATS, print_with_limit};
use support::{cases, changed_payload};

fn verdict(text: &str, policy: &Policy, max: usize) -> Verdict {
    let mut checker = Checker::new(policy.clone(), None).at_most(max);
    checker.check(&PayloadText::from(text)).verdict
}

/// Limits the diagnostics of a verdict that has all of them, in the simplest way.
fn limited(mut verdict: Verdict, max: usize) -> Verdict {
    let is_error =
        |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error && !diagnostic.expected;
    let all = verdict.diagnostics.len();
    let (errors, others): (Vec<_>, Vec<_>) = verdict
        .diagnostics
        .into_iter()
        .enumerate()
        .partition(|(_, diagnostic)| is_error(diagnostic));
    let mut kept: Vec<_> = errors.into_iter().chain(others).take(max).collect();
    kept.sort_by_key(|(index, _)| *index);
    verdict.diagnostics = kept.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    verdict.omitted = all - verdict.diagnostics.len();
    verdict
}

/// Any policy.
fn policy() -> impl Strategy<Value = Policy> {
    const EXPECTED: [&[&str]; 4] = [
        &[],
        &["missing-property"],
        &["wrong-type", "duplicate-key"],
        &["unknown-property"],
    ];
    let expected = prop::sample::select(EXPECTED.to_vec());
    (any::<bool>(), expected, any::<bool>()).prop_map(|(is_strict, expected, denies)| {
        let denied: &[&str] = if denies {
            &["unknown-event", "live-token"]
        } else {
            &[]
        };
        let policy = Policy::new(is_strict, &["not-utc"], denied).unwrap();
        policy.expecting(expected).unwrap()
    })
}

/// A payload, half of the time with each of its properties twice.
fn text() -> impl Strategy<Value = String> {
    (changed_payload(), any::<bool>()).prop_map(|(payload, is_doubled)| {
        let text = payload.to_string();
        match text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(inside) if is_doubled && !inside.is_empty() => format!("{{{inside},{inside}}}"),
            _ => text,
        }
    })
}

proptest! {
    #![proptest_config(cases(400))]

    /// The first errors are reported, then the first warnings, and all of them are counted.
    #[test]
    fn the_first_are_reported_and_all_are_counted(text in text(), policy in policy(), max in 0..6_usize) {
        let all = verdict(&text, &policy, usize::MAX);
        prop_assert_eq!(all.omitted, 0);
        let count = |severity| all.reported().filter(|diagnostic| diagnostic.severity == severity).count();
        prop_assert_eq!(all.errors, count(Severity::Error));
        prop_assert_eq!(all.warnings, count(Severity::Warning));
        prop_assert_eq!(verdict(&text, &policy, max), limited(all, max));
    }
}

/// A token that is neither published nor a placeholder, used as a property name.
const TOKEN: &str = "9D5C2B1F4E7A8A3B6C0D9E2F1A4B7C8D-3E6F9A2B5C8D1E4F7A0B3C6D9E2F5A8";

/// Names of any length, with a token wherever they might be truncated.
#[test]
fn long_names_are_truncated_and_show_no_part_of_a_token() {
    for before in (0..320).step_by(7) {
        for levels in [1, 3] {
            let name = format!("{}/{TOKEN}/{}", "n".repeat(before), "n".repeat(9_000));
            let open = format!("{{\"{name}\":").repeat(levels);
            let text = format!(
                r#"{{"Events":[{open}{{"a":0,"a":0}}{}]}}"#,
                "}".repeat(levels)
            );
            let verdict = mewshook::check(&text);
            let repeated = verdict
                .diagnostics
                .iter()
                .find(|diagnostic| diagnostic.code == "duplicate-key")
                .unwrap();
            assert_eq!((&*repeated.pointer, repeated.encloses), ("/Events/0", true));
            for diagnostic in &verdict.diagnostics {
                assert!(
                    diagnostic.message.chars().count() < 400,
                    "{}",
                    diagnostic.message
                );
                assert!(diagnostic.pointer.len() <= 1024);
            }
            shows_no_part(&text);
        }
    }
}

/// Paths of any length, with a token where their first part is left out.
#[test]
fn long_paths_are_truncated_and_show_no_part_of_a_token() {
    for length in (130..200).step_by(3) {
        let names = [TOKEN, &"n".repeat(length / 2), &"m".repeat(length / 2)];
        let open = names.map(|name| format!("{{\"{name}\":")).concat();
        let text = format!(r#"{{"Events":[{open}{{"a":0,"a":0}}}}}}}}]}}"#);
        let verdict = mewshook::check(&text);
        let is_truncated = |diagnostic: &Diagnostic| diagnostic.message.starts_with("`…");
        assert!(verdict.diagnostics.iter().any(is_truncated), "{verdict:?}");
        shows_no_part(&text);
    }
}

/// Asserts that no format shows a part of the token.
fn shows_no_part(text: &str) {
    for format in FORMATS.iter().copied() {
        let mut out = Vec::new();
        print_with_limit(&mut out, Frames::from_bytes(text.into()), format, 100);
        let out = String::from_utf8(out).unwrap();
        for half in TOKEN.split('-') {
            // A quarter of the token would be enough to find it in a log.
            for part in [&half[..16], &half[half.len() - 16..]] {
                assert!(!out.contains(part), "{format}: {out}");
            }
        }
        assert!(out.len() < 80_000, "{format}: {}", out.len());
    }
}

/// A pointer leads to a value even if it is truncated.
#[test]
fn pointers_lead_to_values() {
    for length in [100, 300, 508, 509, 510, 511, 512, 600, 2_000] {
        let name = "~/".repeat(length / 2) + &"x".repeat(length % 2);
        let text = format!(r#"{{"Events":[],"{name}":{{"b":{{"a":0,"a":1}}}}}}"#);
        let verdict = mewshook::check(&text);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let [repeated] = verdict
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code == "duplicate-key")
            .collect::<Vec<_>>()[..]
        else {
            panic!("{verdict:?}");
        };
        let Diagnostic {
            pointer, encloses, ..
        } = repeated;
        assert!(value.pointer(pointer).is_some(), "{pointer}");
        // `~` and `/` are escaped by two characters each.
        let full_length = 1 + 2 * length - length % 2 + "/b/a".len();
        assert_eq!(*encloses, pointer.len() < full_length, "{length}");
        assert!(pointer.len() <= 1024, "{length}");
    }
}

/// Parsers of XML refuse very long texts by default.
#[test]
fn a_test_case_lists_a_megabyte_of_diagnostics() {
    let text = format!("{{\"Events\":[{}0]}}", "0,".repeat(30_000));
    let mut out = Vec::new();
    print_with_limit(
        &mut out,
        Frames::from_bytes(text.into_bytes()),
        "junit",
        usize::MAX,
    );
    let text = String::from_utf8(out).unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut longest = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Text(text) => longest = longest.max(text.len()),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!((1 << 20..(1 << 20) + 1000).contains(&longest), "{longest}");
    assert!(
        text.contains(r#"expected an object, and 30,000 more""#),
        "{}",
        &text[..900]
    );
    let listed = text.matches("error[wrong-type]").count();
    let more = (30_001 - listed).to_string();
    let more = format!(
        "and {},{} more: a test case lists",
        &more[..more.len() - 3],
        &more[more.len() - 3..]
    );
    assert!(text.contains(&more), "{more}");
}

/// A payload that is not JSON has one error, whether that is reported or not.
#[test]
fn broken_payloads_have_one_error() {
    for max in [0, 1, usize::MAX] {
        let verdict = verdict("{\"a\":", &Policy::default(), max);
        assert_eq!(
            (verdict.errors, verdict.valid, verdict.passed),
            (1, false, false)
        );
        assert_eq!(verdict.diagnostics.len() + verdict.omitted, 1);
        assert_eq!(verdict.omitted, usize::from(max == 0));
    }
    print_with_limit(io::sink(), Frames::from_bytes(b"{".to_vec()), "junit", 0);
}
