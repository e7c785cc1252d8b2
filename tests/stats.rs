//! Statistics, compared with a count of the records of the `json` format, and merged statistics, compared
//! with those of one run.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/counted.rs"]
mod counted;
#[path = "support/program.rs"]
mod program;
mod support;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};
use mewshook::frame::{CaptureMode, Frames};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use counted::counted;
use support::printed::{print_with_limit, printed};
use support::{Change, apply, cases, changed_payload};

/// Texts that a spreadsheet, a terminal, a CI server or CSV would take for something else.
const HOSTILE: [&str; 8] = [
    "=1+2",
    "+1",
    "-1",
    "@SUM(A1)",
    "a,\"b\"\r\nc",
    "\u{1b}[31m\u{202e}",
    "##[error]x",
    "",
];

/// How a payload stands in a capture.
#[derive(Debug, Clone, Copy)]
enum Around {
    Nothing,
    LogRecord,
    Line,
    /// As it is, without its end.
    Cut,
}

/// Returns a strategy for a capture: payloads, some of which are wrapped and have a time.
fn capture() -> impl Strategy<Value = String> {
    let around = prop::sample::select(vec![
        Around::Nothing,
        Around::Nothing,
        Around::LogRecord,
        Around::Line,
        Around::Cut,
    ]);
    let hostile = prop::option::weighted(0.2, prop::sample::select(HOSTILE.to_vec()));
    let hour = 0..80_i64;
    let payload = (changed_payload(), around, hour, hostile, any::<Index>());
    prop::collection::vec(payload, 0..12).prop_map(|payloads| {
        let lines = payloads
            .into_iter()
            .map(|(mut payload, around, hour, hostile, at)| {
                if let Some(text) = hostile {
                    apply(&mut payload, &Change::Replace(at, json!(text)));
                }
                let start = DateTime::from_timestamp(1_795_853_704, 0).unwrap();
                let time = (start + TimeDelta::hours(hour)).to_rfc3339();
                match around {
                    Around::Nothing => format!("{payload}\n"),
                    Around::LogRecord => {
                        let record =
                            json!({"level": 30, "time": time, "body": payload.to_string()});
                        format!("{record}\n")
                    }
                    Around::Line => format!("{time} POST {payload}\n"),
                    Around::Cut => {
                        let text = payload.to_string();
                        let end = text.char_indices().nth_back(1).map_or(0, |(at, _)| at);
                        format!("{}\n", &text[..end])
                    }
                }
            });
        lines.collect()
    })
}

fn frames(capture: &str) -> Frames {
    Frames::from_bytes(capture.as_bytes().to_vec()).with_mode(CaptureMode::Auto)
}

/// Returns the `json` report on a capture, with all diagnostics.
fn checked(capture: &str) -> Value {
    let mut out = Vec::new();
    print_with_limit(&mut out, frames(capture), "json", usize::MAX);
    serde_json::from_slice(&out).unwrap()
}

/// Returns the statistics of a capture as JSON, without the hashes.
fn stats(capture: &str, max_diagnostics: usize) -> Value {
    let mut out = Vec::new();
    print_with_limit(&mut out, frames(capture), "stats-json", max_diagnostics);
    let mut stats: Value = serde_json::from_slice(&out).unwrap();
    let distinct = stats["distinct"].as_object_mut().unwrap();
    distinct.remove("entity_hashes").unwrap();
    distinct.remove("body_hashes").unwrap();
    stats
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn statistics_count_the_records_of_reports(capture in capture(), twice: bool) {
        let capture = if twice { format!("{capture}{capture}") } else { capture };
        prop_assert_eq!(stats(&capture, usize::MAX), counted(&capture, &checked(&capture)), "{}", capture);
    }

    /// The limit only changes which diagnostic is the example.
    #[test]
    fn limits_on_diagnostics_change_no_number(capture in capture(), limit in 0..4_usize) {
        let without_examples = |mut stats: Value| {
            for code in stats["codes"].as_array_mut().unwrap() {
                code["example"].take();
            }
            stats
        };
        let limited = without_examples(stats(&capture, limit));
        prop_assert_eq!(limited, without_examples(stats(&capture, usize::MAX)));
    }

    #[test]
    fn statistics_are_the_same_with_any_number_of_threads(capture in capture()) {
        let frames = |size| {
            let trickle = support::Trickle::new(&capture, vec![size]);
            Frames::from_reader(trickle)
        };
        let expected = printed(frames(usize::MAX), "stats-json", 1);
        prop_assert_eq!(printed(frames(100), "stats-json", 4), expected);
    }

    #[test]
    fn rows_are_safe_for_spreadsheets_and_have_the_same_numbers(capture in capture()) {
        let text = printed(frames(&capture), "stats-csv", 1);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(header.len(), 10);
        let is_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        prop_assert!(!rows.iter().flatten().any(is_formula), "{}", text);
        let stats = stats(&capture, 100);
        for (section, list, number) in [
            ("kind", "kinds", "payloads"),
            ("event", "events", "events"),
            ("enterprise", "enterprises", "payloads"),
            ("integration", "integrations", "payloads"),
            ("capture", "captures", "payloads"),
        ] {
            let rows = rows.iter().filter(|row| &row[0] == section);
            let found: Vec<_> = rows.map(|row| (row[3].parse().unwrap(), row[4].parse().unwrap())).collect();
            let listed = stats[list].as_array().unwrap().iter();
            let is_named = |object: &&Value| object.get("name").is_none_or(|name| !name.is_null() || list != "events");
            let expected = listed.filter(is_named).map(|object| {
                (object[number].as_u64().unwrap(), object["invalid"].as_u64().unwrap())
            });
            prop_assert_eq!(found, expected.collect::<Vec<(u64, u64)>>(), "{}", section);
        }
    }
}

/// A run over some files.
fn run(folder: &program::TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let (status, stdout, stderr) = program::run(folder, arguments);
    assert!(!stderr.contains("panicked"), "{stderr}");
    (status, stdout)
}

proptest! {
    #![proptest_config(cases(40))]

    /// Whichever files are counted together, and in whichever order the parts are merged.
    #[test]
    fn merged_statistics_are_those_of_one_run(
        captures in prop::collection::vec((capture(), 0..4_usize), 1..7),
        order in prop::collection::vec((any::<Index>(), any::<Index>(), any::<bool>()), 8),
        is_distinct: bool, is_strict: bool,
    ) {
        let folder = program::folder(&[]);
        let mut parts: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (number, (capture, part)) in captures.iter().enumerate() {
            let name = format!("{number}.log");
            std::fs::write(folder.path().join(&name), capture).unwrap();
            parts.entry(*part).or_default().push(name);
        }
        // One that is not there, which counts as well.
        parts.entry(1).or_default().push("gone.log".to_owned());
        let count = |files: &[String]| {
            let mut arguments = vec!["stats", "--format", "json"];
            arguments.extend(is_distinct.then_some("--distinct"));
            arguments.extend(is_strict.then_some("--strict"));
            arguments.extend(files.iter().map(String::as_str));
            run(&folder, &arguments)
        };
        let expected = count(&parts.values().flatten().cloned().collect::<Vec<_>>());
        let mut parts: Vec<_> = parts.values().map(|files| count(files).1).collect();
        let mut merged = (None, String::new());
        for (first, second, is_together) in order {
            let one = parts.swap_remove(first.index(parts.len()));
            let files = match parts.len() {
                0 => vec![one],
                length => {
                    let other = parts.swap_remove(second.index(length));
                    if is_together { vec![one + &other] } else { vec![one, other] }
                }
            };
            let names: Vec<_> = (0..files.len()).map(|number| format!("{number}.json")).collect();
            for (name, text) in names.iter().zip(files) {
                std::fs::write(folder.path().join(name), text).unwrap();
            }
            let mut arguments = vec!["stats", "--format", "json", "--merge"];
            arguments.extend(names.iter().map(String::as_str));
            merged = run(&folder, &arguments);
            parts.push(merged.1.clone());
        }
        prop_assert_eq!(parts.len(), 1);
        prop_assert_eq!(merged, expected);
    }
}

/// A file that was made without masking is masked when it is merged, unless that is not wanted.
#[test]
fn merged_names_are_masked() {
    const TOKEN: &str = "9D5C2B1F4E7A8A3B6C0D9E2F1A4B7C8D-3E6F9A2B5C8D1E4F7A0B3C6D9E2F5A8";
    // What is left of this name would be masked further.
    let name = r#"{'body': '{"AccessToken": {"a", "Id": "b"}', 'Note': 'c'}"#;
    assert_ne!(mewshook::mask(&mewshook::mask(name)), mewshook::mask(name));
    let name = Value::from(name);
    let odd = json!({"EnterpriseId": name, "IntegrationId": "a", "Events": []});
    let payload = format!(
        r#"{odd} {{"Action": "IntegrationEnabled {TOKEN}", "Data": {{"Integration": {{"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "a {TOKEN}"}}}}}}"#
    );
    let folder = program::folder(&[("a.json", &payload)]);
    let shown = [
        "stats",
        "--format",
        "json",
        "--show-secrets",
        "a.json",
        "--output",
    ];
    let (_, text) = run(&folder, &[&shown[..], &["json=shown.json"]].concat());
    assert_eq!(text.matches(TOKEN).count(), 2);
    let merged = |more: &[&str]| {
        run(
            &folder,
            &[
                &["stats", "--format", "json", "--merge", "shown.json"],
                more,
            ]
            .concat(),
        )
        .1
    };
    assert_eq!(merged(&["--show-secrets"]), text);
    assert_eq!(
        merged(&[]),
        run(&folder, &["stats", "--format", "json", "a.json"]).1
    );
    assert!(!merged(&[]).contains(&TOKEN[..16]));
}
