//! Tests every promise about secrets with random texts from a grammar.
//!
//! A promise is a line of the list under "Secrets" in `docs/security.md`. Each line has a generator
//! of texts, and each generator a line. `PROMISE=names` tests one line only; `cargo test --test
//! promises -- --ignored --nocapture` prints some generated texts.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::process::Command;

use mewshook::frame::Frames;
use mewshook::redact::{Classes, Key, RedactedStream, Redactor, StreamStatus};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};

use support::notations::choices::Choices;
use support::notations::encode::decoded;
use support::notations::harmless;
use support::notations::marked::{PartClass, PlantedText};
use support::notations::promises::{Generator, PROMISES};
use support::printed::{PLANS, REPORTS, printed};
use support::{Change, Trickle, apply, cases, changed_payload, verdicts};

type TestResult = Result<(), TestCaseError>;

/// Checks an invariant for the texts of each promise, and reports all promises for which it fails.
fn check_promises<S: Strategy>(
    (count, max_shrink_iters): (u32, u32),
    strategy: impl Fn(Generator) -> S,
    invariant: impl Fn(S::Value) -> TestResult,
) where
    S::Value: Debug,
{
    let selected = std::env::var("PROMISE").ok();
    let mut broken = Vec::new();
    for (name, generator) in PROMISES {
        if selected.as_ref().is_none_or(|selected| selected == name) {
            // The choices of the grammar shrink one by one.
            let config = ProptestConfig {
                max_shrink_iters,
                ..cases(count)
            };
            let outcome = TestRunner::new(config).run(&strategy(generator), &invariant);
            broken.extend(outcome.err().map(|error| format!("== {name}\n{error}\n")));
        }
    }
    assert!(
        broken.is_empty(),
        "{} promises broken\n{}",
        broken.len(),
        broken.concat()
    );
}

/// Fails if a text shows a secret or a large part of it, with or without escapes.
fn assert_no_leak(planted: &PlantedText, printed_text: &str) -> TestResult {
    let decoded = decoded(printed_text);
    for leak in planted.leaks() {
        let is_shown = printed_text.contains(&leak) || decoded.contains(&leak);
        prop_assert!(!is_shown, "shows {leak}:\n{printed_text}");
    }
    Ok(())
}

fn redactor() -> Redactor {
    let key = Key::new(b"a key of some length").unwrap();
    Redactor::new(key, Classes::default())
}

/// Returns the redacted stream, and whether it reports a change.
fn redact_stream(frames: Frames) -> (String, bool) {
    let redactor = redactor();
    let mut stream = RedactedStream::new(&redactor, frames);
    let mut out = Vec::new();
    while stream.next(&mut out).unwrap() != StreamStatus::End {}
    (String::from_utf8(out).unwrap(), stream.is_changed())
}

fn redacted(text: &str) -> (String, bool) {
    redact_stream(Frames::from_bytes(text.as_bytes().to_vec()))
}

/// Returns the validity and the diagnostics of each payload, without pointers, which may change
/// since names may contain secrets.
fn findings(text: &str) -> Vec<(bool, Vec<(&'static str, String)>)> {
    let verdicts = verdicts(text.as_bytes()).into_iter();
    let findings = verdicts.map(|verdict| {
        let diagnostics = verdict.diagnostics.into_iter();
        let diagnostics = diagnostics.map(|diagnostic| (diagnostic.code, diagnostic.rule));
        (verdict.valid, diagnostics.collect())
    });
    findings.collect()
}

/// Inserts a text into a payload: as a string, as a name, or as a value if it is JSON.
fn insert(text: &str, mut payload: Value, at: Index, variant: usize) -> String {
    let change = match (variant, serde_json::from_str::<Value>(text)) {
        (0, Ok(value)) => Change::Insert(at, "Extra".to_owned(), value),
        (1, _) => Change::Insert(at, text.to_owned(), json!(1)),
        _ => Change::Replace(at, json!(text)),
    };
    apply(&mut payload, &change);
    payload.to_string()
}

#[test]
fn each_promise_has_a_generator() {
    let page = fs::read_to_string("docs/security.md").unwrap();
    let (_, list) = page.split_once("\n## Secrets\n").unwrap();
    let (list, _) = list.split_once("\n## ").unwrap();
    let lines = list.lines().filter_map(|line| line.strip_prefix("- **"));
    let promised: Vec<&str> = lines.map(|line| line.split_once("**").unwrap().0).collect();
    assert_eq!(promised, PROMISES.map(|(name, _)| name));
}

#[test]
fn secrets_are_masked_in_place_and_nothing_else() {
    check_promises((4000, 2000), Choices::build, |planted| {
        let masked = mewshook::mask(&planted.text);
        prop_assert_eq!(masked.chars().count(), planted.text.chars().count());
        let letters = planted.text.char_indices().zip(masked.chars());
        for ((at, letter), shown) in letters {
            for (span, part) in planted.parts.iter().filter(|(span, _)| span.contains(&at)) {
                let is_right = match part {
                    PartClass::Secret => shown == '*',
                    PartClass::Kept | PartClass::Personal => shown == letter,
                };
                let part = &planted.text[span.clone()];
                prop_assert!(is_right, "{part}\n{masked}");
            }
        }
        Ok(())
    });
}

#[test]
fn no_report_shows_a_secret() {
    let formats = REPORTS.iter().copied();
    let formats = formats.filter(|format| !PLANS.contains(format));
    assert_none_shows_a_secret(1500, &formats.collect::<Vec<_>>());
}

#[test]
fn no_plan_shows_a_secret() {
    assert_none_shows_a_secret(300, &PLANS);
}

fn assert_none_shows_a_secret(count: u32, formats: &[&'static str]) {
    let strategy = |generator| {
        let place = (changed_payload(), any::<Index>(), 0..5_usize);
        (
            Choices::build(generator),
            place,
            prop::sample::select(formats.to_vec()),
        )
    };
    check_promises(
        (count, 300),
        strategy,
        |(planted, (payload, at, variant), format)| {
            if planted.texts(PartClass::Personal).next().is_some() {
                // Cards show people.
                return Ok(());
            }
            let text = match variant {
                3 => planted.text.clone(),
                4 => format!("{{\"Events\": [{{\"Action\": {}", planted.text),
                variant => insert(&planted.text, payload, at, variant % 3),
            };
            let printed_text = printed(Frames::from_bytes(text.into_bytes()), format, 1);
            assert_no_leak(&planted, &printed_text)
        },
    );
}

#[test]
fn redacted_text_has_no_secret_and_everything_else() {
    check_promises((4000, 2000), Choices::build, |planted| {
        let (once, is_changed) = redacted(&planted.text);
        assert_no_leak(&planted, &once)?;
        prop_assert_eq!(once != planted.text, is_changed);
        let has_secret = planted
            .parts
            .iter()
            .any(|(_, part)| *part != PartClass::Kept);
        prop_assert!(is_changed || !has_secret, "nothing was replaced");
        for kept in planted.texts(PartClass::Kept) {
            prop_assert!(once.contains(kept), "{kept} is gone:\n{once}");
        }
        let (twice, is_changed) = redacted(&once);
        prop_assert_eq!(&twice, &once, "twice");
        prop_assert!(!is_changed);
        Ok(())
    });
}

#[test]
fn redaction_does_not_depend_on_chunks() {
    let strategy = |generator| {
        let sizes = prop::collection::vec(1_usize..100, 1..5);
        (Choices::build(generator), changed_payload(), sizes)
    };
    check_promises((1000, 300), strategy, |(planted, payload, sizes)| {
        let text = format!("{}\n{payload}\n{}", planted.text, planted.text);
        let trickled = redact_stream(Frames::from_reader(Trickle::new(&text, sizes)));
        prop_assert_eq!(trickled, redacted(&text));
        Ok(())
    });
}

#[test]
fn redacted_payloads_keep_their_verdicts() {
    let strategy = |generator| {
        (
            Choices::build(generator),
            changed_payload(),
            any::<Index>(),
            0..3_usize,
        )
    };
    check_promises((1200, 300), strategy, |(planted, payload, at, variant)| {
        let text = insert(&planted.text, payload, at, variant);
        let (once, _) = redacted(&text);
        assert_no_leak(&planted, &once)?;
        prop_assert_eq!(findings(&text), findings(&once), "{}\n{}", text, once);
        let (twice, is_changed) = redacted(&once);
        prop_assert_eq!(&twice, &once, "twice");
        prop_assert!(!is_changed);
        Ok(())
    });
}

/// Runs `redact` and returns its exit status.
fn redact(folder: &Path, arguments: &[&str]) -> Option<i32> {
    let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(["redact", "--key-file", "key"])
        .args(arguments)
        .current_dir(folder)
        .output();
    output.unwrap().status.code()
}

#[test]
fn redact_check_finds_what_redact_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("capture.txt");
    fs::write(folder.path().join("key"), "a key of some length").unwrap();
    check_promises((30, 30), Choices::build, |planted| {
        fs::write(&file, &planted.text).unwrap();
        let check = || redact(folder.path(), &["--check", "capture.txt"]);
        let has_secret = planted
            .parts
            .iter()
            .any(|(_, part)| *part != PartClass::Kept);
        prop_assert_eq!(check(), Some(i32::from(has_secret)), "before");
        let status = redact(folder.path(), &["--in-place", "capture.txt"]);
        prop_assert_eq!(status, Some(0));
        prop_assert_eq!(check(), Some(0), "after");
        assert_no_leak(&planted, &fs::read_to_string(&file).unwrap())
    });
}

proptest! {
    #![proptest_config(cases(20000))]

    #[test]
    fn harmless_text_is_not_changed(text in Choices::build(harmless::text)) {
        prop_assert_eq!(&*mewshook::mask(&text), &text);
        prop_assert_eq!(redacted(&text), (text.clone(), false));
    }

    /// Reports mask the examples that Mews has published, but captures keep them.
    #[test]
    fn published_examples_are_masked_and_not_replaced(
        token in prop::sample::select(vec![
            "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
            "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF",
        ]),
        text in prop::sample::select(vec![
            "{\"ApiKey\": \"{}\"}", "{'ApiKey': '{}'}", "api_key={}", "see {}", "<ApiKey>{}</ApiKey>",
            "{\"log\": \"{\\\"ApiKey\\\": \\\"{}\\\"}\"}", "https://example.com/?token={}", "Authorization: Bearer {}",
        ]),
    ) {
        let text = text.replace("{}", token);
        prop_assert!(!mewshook::mask(&text).contains(&token[..8]));
        prop_assert_eq!(redacted(&text), (text.clone(), false));
    }
}

#[test]
#[ignore = "prints texts of each generator for people to read"]
#[allow(clippy::print_stdout, reason = "its purpose")]
fn print_generated_texts() {
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), seed);
    for (name, generator) in PROMISES {
        for _ in 0..50 {
            let tree = Choices::build(generator).new_tree(&mut runner).unwrap();
            println!("== {name}\n{:?}\n", tree.current());
        }
    }
}
