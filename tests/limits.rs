//! What is told of a payload with many findings: which of them, and how much of each.

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
use support::printed::{FORMATS, print_most};
use support::{cases, changed_payload};

fn verdict(text: &str, policy: &Policy, most: usize) -> Verdict {
    let mut checker = Checker::new(policy.clone(), None).at_most(most);
    checker.check(&PayloadText::from(text)).verdict
}

/// Limits a verdict that has everything, the plain way.
fn limited(mut verdict: Verdict, most: usize) -> Verdict {
    let is_error = |found: &Diagnostic| found.severity == Severity::Error && !found.expected;
    let all = verdict.diagnostics.len();
    let (errors, others): (Vec<_>, Vec<_>) = verdict
        .diagnostics
        .into_iter()
        .enumerate()
        .partition(|(_, found)| is_error(found));
    let mut kept: Vec<_> = errors.into_iter().chain(others).take(most).collect();
    kept.sort_by_key(|(number, _)| *number);
    verdict.diagnostics = kept.into_iter().map(|(_, found)| found).collect();
    verdict.omitted = all - verdict.diagnostics.len();
    verdict
}

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

/// A text that names the payload's properties twice, if asked for.
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

    /// The first errors, then the first warnings; and all counts are those of everything.
    #[test]
    fn the_first_are_told_and_all_are_counted(text in text(), policy in policy(), most in 0..6_usize) {
        let all = verdict(&text, &policy, usize::MAX);
        prop_assert_eq!(all.omitted, 0);
        let count = |severity| all.reported().filter(|found| found.severity == severity).count();
        prop_assert_eq!(all.errors, count(Severity::Error));
        prop_assert_eq!(all.warnings, count(Severity::Warning));
        prop_assert_eq!(verdict(&text, &policy, most), limited(all, most));
    }
}

/// A token that is neither published nor made up, as a name.
const TOKEN: &str = "9D5C2B1F4E7A8A3B6C0D9E2F1A4B7C8D-3E6F9A2B5C8D1E4F7A0B3C6D9E2F5A8";

/// Names of any length, with a token wherever they might be cut.
#[test]
fn long_names_are_cut_and_no_part_of_a_token_is_left() {
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
                .find(|found| found.code == "duplicate-key")
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
fn long_paths_are_cut_and_no_part_of_a_token_is_left() {
    for behind in (130..200).step_by(3) {
        let names = [TOKEN, &"n".repeat(behind / 2), &"m".repeat(behind / 2)];
        let open = names.map(|name| format!("{{\"{name}\":")).concat();
        let text = format!(r#"{{"Events":[{open}{{"a":0,"a":0}}}}}}}}]}}"#);
        let verdict = mewshook::check(&text);
        let cut = |found: &Diagnostic| found.message.starts_with("`…");
        assert!(verdict.diagnostics.iter().any(cut), "{verdict:?}");
        shows_no_part(&text);
    }
}

/// Asserts that no format shows a part of the token.
fn shows_no_part(text: &str) {
    for format in FORMATS.iter().copied() {
        let mut out = Vec::new();
        print_most(&mut out, Frames::from_bytes(text.into()), format, 100);
        let out = String::from_utf8(out).unwrap();
        for half in TOKEN.split('-') {
            // Half of a half would be enough to search a log for.
            for part in [&half[..16], &half[half.len() - 16..]] {
                assert!(!out.contains(part), "{format}: {out}");
            }
        }
        assert!(out.len() < 80_000, "{format}: {}", out.len());
    }
}

/// Pointers lead to a value, whether they are whole or not.
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
            .filter(|found| found.code == "duplicate-key")
            .collect::<Vec<_>>()[..]
        else {
            panic!("{verdict:?}");
        };
        let Diagnostic {
            pointer, encloses, ..
        } = repeated;
        assert!(value.pointer(pointer).is_some(), "{pointer}");
        // Both of these letters have escapes of two.
        let whole = 1 + 2 * length - length % 2 + "/b/a".len();
        assert_eq!(*encloses, pointer.len() < whole, "{length}");
        assert!(pointer.len() <= 1024, "{length}");
    }
}

/// No text in a report for CI servers is as long as readers of XML refuse by default.
#[test]
fn test_cases_list_a_megabyte() {
    let text = format!("{{\"Events\":[{}0]}}", "0,".repeat(30_000));
    let mut out = Vec::new();
    print_most(
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

/// What is broken counts as one error, whatever is told.
#[test]
fn broken_texts_have_one_error() {
    for most in [0, 1, usize::MAX] {
        let verdict = verdict("{\"a\":", &Policy::default(), most);
        assert_eq!(
            (verdict.errors, verdict.valid, verdict.passed),
            (1, false, false)
        );
        assert_eq!(verdict.diagnostics.len() + verdict.omitted, 1);
        assert_eq!(verdict.omitted, usize::from(most == 0));
    }
    print_most(io::sink(), Frames::from_bytes(b"{".to_vec()), "junit", 0);
}
