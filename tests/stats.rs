//! Statistics, compared with a count of the records of the `json` format, and merged statistics, compared
//! with those of one run.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/program.rs"]
mod program;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, DurationRound, SecondsFormat, TimeDelta, Utc};
use mewshook::frame::{CaptureMode, Frames};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

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

/// Returns the body of a payload: the text at its place, which is the content of a string in a log record.
fn body(capture: &str, source: &Value) -> String {
    let number = |name| usize::try_from(source[name].as_u64().unwrap()).unwrap();
    let text = &capture[number("offset")..][..number("length")];
    match source.get("pointer").and_then(Value::as_str) {
        Some("/body") => serde_json::from_str(&format!("\"{text}\"")).unwrap(),
        _ => text.to_owned(),
    }
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

/// Numbers of payloads and of invalid ones by name.
type Tallies = BTreeMap<String, (u64, u64)>;

fn count(tallies: &mut Tallies, name: &str, is_invalid: bool) {
    let tally = tallies.entry(name.to_owned()).or_default();
    tally.0 += 1;
    tally.1 += u64::from(is_invalid);
}

/// Returns a list that starts with the largest numbers.
fn sorted(tallies: &Tallies, object: impl Fn(&str, u64, u64) -> Value) -> Value {
    let mut all: Vec<_> = tallies.iter().collect();
    all.sort_by_key(|(name, (count, _))| (u64::MAX - count, *name));
    all.into_iter()
        .map(|(name, (count, invalid))| object(name, *count, *invalid))
        .collect()
}

fn named(tallies: &Tallies) -> Value {
    sorted(
        tallies,
        |name, payloads, invalid| json!({"name": name, "payloads": payloads, "invalid": invalid}),
    )
}

fn is_uuid(id: &str) -> bool {
    let is_right = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    id.len() == 36 && id.bytes().enumerate().all(is_right)
}

fn normalized(id: &str) -> String {
    if is_uuid(id) {
        id.to_lowercase()
    } else {
        id.to_owned()
    }
}

fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn time(summary: &Value) -> Option<DateTime<Utc>> {
    let parse = |text: &Value| {
        let time = DateTime::parse_from_rfc3339(text.as_str()?).ok()?;
        Some(time.to_utc())
    };
    let stated = match summary["action"].as_str() {
        Some("IntegrationCreated") => &summary["created_utc"],
        Some("IntegrationDeleted") => &summary["deleted_utc"],
        _ => &Value::Null,
    };
    parse(&summary["delivery"]["time"]).or_else(|| parse(stated))
}

fn is_invalid(record: &Value) -> bool {
    !record["passed"].as_bool().unwrap()
}

/// Counts records by the name that a function returns.
fn counted_by(records: &[Value], name: impl Fn(&Value) -> String) -> Tallies {
    let mut tallies = Tallies::new();
    for record in records {
        count(&mut tallies, &name(record), is_invalid(record));
    }
    tallies
}

/// Counts events by name.
fn events(records: &[Value]) -> Value {
    let mut events = Tallies::new();
    let mut unnamed = Tallies::new();
    for record in records {
        let summary = &record["summary"];
        let own = summary["events"].as_array().unwrap().iter();
        let own = own.map(|event| &event["name"]).collect();
        let action = &summary["action"];
        let all = if action.is_null() { own } else { vec![action] };
        for name in all {
            match name.as_str() {
                Some(name) => count(&mut events, name, is_invalid(record)),
                None => count(&mut unnamed, "", is_invalid(record)),
            }
        }
    }
    let mut all = sorted(
        &events,
        |name, events, invalid| json!({"name": name, "events": events, "invalid": invalid}),
    );
    let unnamed = sorted(
        &unnamed,
        |_, events, invalid| json!({"name": null, "events": events, "invalid": invalid}),
    );
    let unnamed = unnamed.as_array().unwrap().iter().cloned();
    all.as_array_mut().unwrap().extend(unnamed);
    all
}

/// Counts payloads by enterprise or integration.
fn entities(records: &[Value], noun: &str) -> Value {
    let mut tallies = Tallies::new();
    let mut names = BTreeMap::new();
    for record in records {
        let entity = &record["summary"][noun];
        let Some(id) = entity["id"].as_str().map(normalized) else {
            continue;
        };
        count(&mut tallies, &id, is_invalid(record));
        let name = entity["name"].as_str().map(str::to_owned);
        let known = names.entry(id).or_insert(None);
        *known = known
            .take()
            .max(name.map(|name| (time(&record["summary"]), name)));
    }
    sorted(&tallies, |id, payloads, invalid| {
        let name = names[id].as_ref();
        json!({
            "id": id,
            "name": name.map(|(_, name)| name),
            "named": name.and_then(|(time, _)| time.map(written)),
            "payloads": payloads,
            "invalid": invalid,
        })
    })
}

/// Counts diagnostics by code.
fn codes(records: &[Value]) -> Value {
    let mut codes = BTreeMap::<String, (u64, u64, (u64, u64))>::new();
    let diagnostics = records.iter().map(|record| &record["diagnostics"]);
    for diagnostic in diagnostics.flat_map(|list| list.as_array().unwrap()) {
        let place = ["line", "column"].map(|name| diagnostic[name].as_u64().unwrap());
        let code = diagnostic["code"].as_str().unwrap().to_owned();
        let first = (0, 0, (u64::MAX, 0));
        let (errors, warnings, example) = codes.entry(code).or_insert(first);
        match diagnostic["severity"].as_str() {
            Some("error") => *errors += 1,
            _ => *warnings += 1,
        }
        *example = (*example).min(place.into());
    }
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_by_key(|(_, (errors, warnings, _))| u64::MAX - errors - warnings);
    let codes = codes.into_iter();
    let objects = codes.map(|(code, (errors, warnings, (line, column)))| {
        let example = json!({"path": "capture", "line": line, "column": column});
        json!({"code": code, "errors": errors, "warnings": warnings, "example": example})
    });
    objects.collect()
}

/// Counts distinct values.
fn distinct(records: &[Value], text: &str) -> (u64, Value) {
    let ids = records.iter().flat_map(|record| {
        let events = record["summary"]["events"].as_array().unwrap().iter();
        events.filter_map(|event| event["id"].as_str().map(normalized))
    });
    let bodies = records.iter().map(|record| body(text, &record["source"]));
    let all: Vec<_> = bodies.collect();
    let bodies: BTreeSet<_> = all.iter().collect();
    let distinct = json!({
        "entities": ids.collect::<BTreeSet<_>>().len(),
        "bodies": bodies.len(),
        "duplicates": all.len() - bodies.len(),
    });
    (all.iter().map(|body| body.len() as u64).sum(), distinct)
}

/// Counts the payloads of a capture in the simplest way, from the records of the `json` format.
fn counted(text: &str) -> Value {
    let report = checked(text);
    let totals = &report["totals"];
    let records = report["payloads"].as_array().unwrap();
    let text_of = |value: Option<&Value>, or: &str| {
        let text = value.and_then(Value::as_str).unwrap_or(or);
        text.to_owned()
    };
    let times = records.iter().map(|record| time(&record["summary"]));
    let times: BTreeSet<_> = times.flatten().collect();
    let (known, unknown): (Vec<_>, Vec<_>) = records
        .iter()
        .cloned()
        .partition(|record| time(&record["summary"]).is_some());
    let hours = counted_by(&known, |record| {
        let hour = time(&record["summary"]).unwrap();
        written(hour.duration_trunc(TimeDelta::hours(1)).unwrap())
    });
    let hours = hours.iter().map(|(start, (payloads, invalid))| {
        json!({"start": start, "payloads": payloads, "invalid": invalid})
    });
    let (bytes, distinct) = distinct(records, text);
    json!({
        "version": 1,
        "masked": true,
        "payloads": totals["payloads"],
        "bytes": bytes,
        "valid": totals["valid"],
        "expected": totals["expected"],
        "invalid": totals["invalid"],
        "errors": totals["errors"],
        "warnings": totals["warnings"],
        "unreadable": totals["unreadable"],
        "empty": totals["empty"],
        "skipped": totals["skipped"],
        "first": times.first().map(|time| written(*time)),
        "last": times.last().map(|time| written(*time)),
        "untimed": unknown.len(),
        "kinds": named(&counted_by(records, |record| text_of(record.get("kind"), "unknown"))),
        "events": events(records),
        "enterprises": entities(records, "enterprise"),
        "integrations": entities(records, "integration"),
        "hours": hours.collect::<Value>(),
        "codes": codes(records),
        "captures": named(&counted_by(records, |record| {
            text_of(record["source"].get("capture"), "plain")
        })),
        "distinct": distinct,
    })
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn statistics_count_the_records_of_reports(capture in capture(), twice: bool) {
        let capture = if twice { format!("{capture}{capture}") } else { capture };
        prop_assert_eq!(stats(&capture, usize::MAX), counted(&capture), "{}", capture);
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
