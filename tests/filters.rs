//! `--where` selects what the documentation says: random filters are compared with a naive evaluation
//! of the reports on random payloads, and with filters that parse every frame.

#![allow(
    clippy::unwrap_used,
    clippy::match_bool,
    missing_docs,
    reason = "a test that fails may panic"
)]
#![allow(dead_code, reason = "each test uses some of it")]

#[path = "support/embed/mod.rs"]
mod embed;
#[path = "support/program.rs"]
mod program;
mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use mewshook::checks::rules;
use mewshook::contract::Kind;
use mewshook::extract::StreamFormat;
use mewshook::frame::{CaptureMode, Frames};
use mewshook::query::{Condition, Filter, FilterField, Operator};
use mewshook::report::{Format, ReportOptions};
use mewshook::steps;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use embed::around::{self, AROUND};
use embed::dice::Dice;
use embed::layer::{self, LAYERS};
use embed::{Embedded, payload};
use program::{folder, mewshook, outcome, run};
use support::printed::report_matching;
use support::{cases, changed_payload};

const fn count(release: u32) -> u32 {
    if cfg!(debug_assertions) {
        release / 10
    } else {
        release
    }
}

/// The time that relative times are counted back from.
fn now() -> DateTime<Utc> {
    "2026-11-28T12:00:00Z".parse().unwrap()
}

fn filter(conditions: &[&str]) -> Filter {
    let conditions = conditions.iter().map(|text| text.parse().unwrap());
    Filter::new(conditions.collect(), now())
}

/// Returns the report on the payloads of a capture that a filter selects, in a report format or as
/// records.
fn report(capture: &[u8], format: &str, filter: Option<&Filter>) -> String {
    let mut out = Vec::new();
    let reporter = match Format::by_name(format) {
        Some(format) => format.reporter(&mut out, ReportOptions::default()),
        None => StreamFormat::Records.reporter(&mut out),
    };
    let frames = Frames::from_bytes(capture.to_vec()).with_mode(CaptureMode::Auto);
    let filter = filter.map(|filter| Arc::new(filter.clone()));
    report_matching(reporter, frames, 1, usize::MAX, filter);
    String::from_utf8(out).unwrap()
}

/// A payload with its verdict and its delivery, as they are reported without a filter.
struct Reported {
    payload: Option<Value>,
    verdict: Value,
    record: Value,
}

impl Reported {
    fn all(capture: &[u8]) -> Vec<(Self, String, String)> {
        let verdicts = report(capture, "ndjson", None);
        let records = report(capture, "records", None);
        assert_eq!(verdicts.lines().count(), records.lines().count());
        let lines = verdicts.lines().zip(records.lines());
        let lines = lines.map(|(verdict, line)| {
            let record: Value = serde_json::from_str(line).unwrap();
            let reported = Self {
                payload: serde_json::from_str(record["body"].as_str().unwrap()).ok(),
                verdict: serde_json::from_str(verdict).unwrap(),
                record,
            };
            (reported, verdict.to_owned(), line.to_owned())
        });
        lines.collect()
    }

    fn kind(&self) -> &str {
        self.verdict["kind"].as_str().unwrap_or_default()
    }

    /// Returns the texts of a field with texts.
    fn texts(&self, field: FilterField) -> Vec<&str> {
        let Some(payload) = &self.payload else {
            return Vec::new();
        };
        if field == FilterField::Id {
            let mut ids = Vec::new();
            collect_ids(payload, &mut ids);
            return ids;
        }
        let texts = match (self.kind(), field) {
            ("integration" | "integration-2019", FilterField::Event) => vec![&payload["Action"]],
            ("integration" | "integration-2019", _) => {
                let name = match field {
                    FilterField::Enterprise => "Enterprise",
                    FilterField::Integration => "Integration",
                    _ => "Service",
                };
                let entity = &payload["Data"][name];
                vec![&entity["Id"], &entity["Name"]]
            }
            ("general", FilterField::Enterprise) => vec![&payload["EnterpriseId"]],
            ("general", FilterField::Integration) => vec![&payload["IntegrationId"]],
            ("general", FilterField::Event) => names(payload, "Discriminator"),
            ("websocket", FilterField::Event) => names(payload, "Type"),
            ("pos", FilterField::Event) => {
                let meta = &payload["meta"];
                vec![meta.get("eventType").unwrap_or(&meta["event_type"])]
            }
            _ => Vec::new(),
        };
        texts.into_iter().filter_map(Value::as_str).collect()
    }

    fn time(&self) -> Option<DateTime<Utc>> {
        let parsed = |value: &Value| {
            let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
            Some(time.to_utc())
        };
        let payload = self.payload.as_ref().unwrap_or(&Value::Null);
        let data = &payload["Data"];
        let stated = match (self.kind(), payload["Action"].as_str()) {
            ("integration" | "integration-2019", Some("IntegrationDeleted")) => &data["DeletedUtc"],
            ("integration" | "integration-2019", Some("IntegrationCreated")) => {
                data.get("CreatedUtc").unwrap_or(&payload["CreatedUtc"])
            }
            _ => &Value::Null,
        };
        parsed(&self.record["delivery"]["time"]).or_else(|| parsed(stated))
    }

    /// Returns `true` if a condition is fulfilled, apart from its negation.
    fn has(&self, condition: &Condition) -> bool {
        let text = condition.text.as_str();
        let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        match condition.field {
            FilterField::Kind => self.kind() == text,
            FilterField::Valid => self.verdict["valid"] == (text == "true"),
            FilterField::Code => {
                let diagnostics = self.verdict["diagnostics"].as_array().unwrap();
                diagnostics.iter().any(|found| found["code"] == text)
            }
            FilterField::Status => {
                let status = self.record["delivery"]["status"].to_string();
                match text.strip_suffix("xx") {
                    Some(digit) => status.starts_with(digit),
                    None => status == text,
                }
            }
            FilterField::Since if text == "7d" => self
                .time()
                .is_some_and(|found| found >= time("2026-11-21T12:00:00Z")),
            FilterField::Since => {
                let text = match text.contains('T') {
                    true => text.to_owned(),
                    false => format!("{text}T00:00:00Z"),
                };
                self.time().is_some_and(|found| found >= time(&text))
            }
            FilterField::Until => self.time().is_some_and(|found| match text.contains('T') {
                true => found <= time(text),
                false => found.date_naive() <= time(&format!("{text}T00:00:00Z")).date_naive(),
            }),
            field => {
                let mut texts = self.texts(field).into_iter();
                let is_listed = |event: &&str| event.eq_ignore_ascii_case(text);
                match condition.operator {
                    Operator::Contains => {
                        let part = text.to_lowercase();
                        texts.any(|found| found.to_lowercase().contains(&part))
                    }
                    _ if is_uuid(text) => texts.any(|found| found.eq_ignore_ascii_case(text)),
                    _ => {
                        let listed = events().find(is_listed);
                        let listed = listed.filter(|_| field == FilterField::Event);
                        texts.any(|found| found == listed.unwrap_or(text))
                    }
                }
            }
        }
    }

    fn matches(&self, conditions: &[Condition]) -> bool {
        let is_not = |condition: &&Condition| condition.operator == Operator::IsNot;
        let mut negated = conditions.iter().filter(is_not);
        let fields: BTreeSet<FilterField> = conditions
            .iter()
            .filter(|condition| !is_not(condition))
            .map(|condition| condition.field)
            .collect();
        negated.all(|condition| !self.has(condition))
            && fields.into_iter().all(|field| {
                let mut conditions = conditions.iter();
                conditions.any(|condition| {
                    condition.field == field && !is_not(&condition) && self.has(condition)
                })
            })
    }
}

fn events() -> impl Iterator<Item = &'static str> {
    Kind::ALL
        .into_iter()
        .flat_map(Kind::events)
        .map(|event| event.name)
}

fn names<'v>(payload: &'v Value, name: &str) -> Vec<&'v Value> {
    let events = payload["Events"].as_array();
    events
        .into_iter()
        .flatten()
        .map(|event| &event[name])
        .collect()
}

fn collect_ids<'v>(value: &'v Value, ids: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let is_id = name == "id" || name.ends_with("Id") || name.ends_with("_id");
                ids.extend(value.as_str().filter(|_| is_id));
                collect_ids(value, ids);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        _ => {}
    }
}

fn is_uuid(text: &str) -> bool {
    let is_hyphen = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let mut bytes = text.bytes().enumerate();
    text.len() == 36
        && bytes.all(|(at, byte)| match is_hyphen(at) {
            true => byte == b'-',
            false => byte.is_ascii_hexdigit(),
        })
}

/// Writes a payload as a line of a capture, some with a delivery.
fn line(payload: &Value, notation: u8) -> String {
    let text = payload.to_string();
    let (time, status) = match notation % 2 {
        0 => ("2019-05-24T07:35:35Z", 200),
        _ => ("2026-11-25T10:00:00.5Z", 503),
    };
    match notation {
        0..3 => text,
        3..5 => json!({"time": time, "statusCode": status, "body": payload}).to_string(),
        5..7 => json!({"time": time, "status": status, "body": text}).to_string(),
        _ => json!([{"level": 1, "msg": "nothing"}]).to_string(),
    }
}

/// Adds the strings of a value.
fn collect_strings(value: &Value, strings: &mut Vec<String>) {
    match value {
        Value::String(text) => strings.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_strings(item, strings)),
        Value::Object(members) => members
            .values()
            .for_each(|value| collect_strings(value, strings)),
        _ => {}
    }
}

/// Returns the text of a random condition, which may be on a text of one of the payloads.
fn condition(choice: (Index, Index, Index, bool), payloads: &[Value]) -> String {
    let (field, value, operator, is_upper) = choice;
    let pick = |values: &[&str]| (*value.get(values)).to_owned();
    let field = *field.get(&FilterField::ALL);
    let mut operator = *operator.get(&Operator::ALL);
    let text = match field {
        FilterField::Kind => pick(&Kind::ALL.map(Kind::name)),
        FilterField::Code => pick(&rules().map(|rule| rule.code).collect::<Vec<_>>()),
        FilterField::Valid => pick(&["true", "false"]),
        FilterField::Status => pick(&["200", "503", "5xx", "404"]),
        FilterField::Since | FilterField::Until => pick(&[
            "2019-05-24",
            "2019-05-23",
            "2019-12-13T14:42:52Z",
            "2026-11-25T10:00:00Z",
            "2026-11-25",
            "2020-01-01",
        ]),
        FilterField::Event if is_upper => pick(&events().collect::<Vec<_>>()),
        _ => {
            let mut strings = vec!["Hotel".to_owned()];
            for payload in payloads {
                collect_strings(payload, &mut strings);
            }
            let text = value.get(&strings);
            match operator {
                Operator::Contains => text.chars().skip(1).take(7).collect(),
                _ => text.clone(),
            }
        }
    };
    if !field.has_parts() && operator == Operator::Contains || field.is_limit() {
        operator = Operator::Is;
    }
    let text = match is_upper && is_uuid(&text) {
        true => text.to_uppercase(),
        false => text,
    };
    format!("{field}{}{text}", operator.sign())
}

type Choice = (Index, Index, Index, bool);

proptest! {
    #![proptest_config(cases(count(4000)))]

    #[test]
    fn filters_select_what_a_naive_evaluation_selects(
        payloads in prop::collection::vec((changed_payload(), 0..8_u8), 1..6),
        choices in prop::collection::vec(any::<Choice>(), 1..4),
    ) {
        let lines = payloads.iter().map(|(payload, notation)| line(payload, *notation) + "\n");
        let capture = lines.collect::<String>().into_bytes();
        let payloads: Vec<_> = payloads.into_iter().map(|(payload, _)| payload).collect();
        let texts = choices.into_iter().map(|choice| condition(choice, &payloads));
        // A text of white space is not a value.
        let conditions: Vec<Condition> = texts.filter_map(|text| text.parse().ok()).collect();
        let all = Reported::all(&capture);
        let selected = all.iter().filter(|(reported, ..)| reported.matches(&conditions));
        let (mut verdicts, mut records) = (String::new(), String::new());
        for (_, verdict, record) in selected {
            verdicts.extend([verdict, "\n"]);
            records.extend([record, "\n"]);
        }
        let filter = Filter::new(conditions, now());
        for filter in [filter.clone(), filter.without_prefilter()] {
            prop_assert_eq!(report(&capture, "ndjson", Some(&filter)), &*verdicts);
            prop_assert_eq!(report(&capture, "records", Some(&filter)), &*records);
            let document: Value =
                serde_json::from_str(&report(&capture, "json", Some(&filter))).unwrap();
            let totals = &document["totals"];
            let counts = [&totals["payloads"], &totals["unmatched"]].map(Value::as_u64);
            let (matching, all) = (verdicts.lines().count() as u64, all.len() as u64);
            prop_assert_eq!(counts, [Some(matching), Some(all - matching)]);
        }
    }
}

/// Properties that make a payload something else if they are added to it.
const ADDED: [&str; 10] = [
    r#""Action": 5, "Data": [], "Events": 1, "level": 1, "msg": "x""#,
    r#""Action": 5"#,
    r#""Data": []"#,
    r#""Events": 1"#,
    r#""\u0041ction": null"#,
    r#""connectionToken": "x", "type": 1"#,
    r#""log": {"entries": []}"#,
    r#""level": 1, "msg": "x""#,
    r#""body": "{\"Action\": \"CustomerAdded\", \"Data\": {}}""#,
    r#""note": "\/ \" \\""#,
];

/// Returns a random capture: payloads in all notations, and payloads with properties added.
fn capture(dice: &mut Dice) -> Vec<u8> {
    let mut capture = Vec::new();
    for _ in 0..=dice.below(4) {
        let mut text = payload::any(dice);
        if dice.once_in(2) {
            let added = dice.pick(&ADDED);
            if let Some(rest) = text.strip_prefix('{').filter(|_| dice.once_in(2)) {
                text = format!("{{{added}, {rest}");
            } else if let Some(rest) = text.strip_suffix('}') {
                text = format!("{rest}, {added}}}");
            }
        }
        let mut embedded = Embedded::new(&text);
        if dice.once_in(3) {
            for _ in 0..dice.below(3) {
                layer::write(&mut embedded, dice.pick(&LAYERS), dice);
            }
            around::write(&mut embedded, dice.pick(&AROUND), dice);
        }
        capture.extend_from_slice(&embedded.text);
        capture.push(b'\n');
    }
    capture
}

proptest! {
    #![proptest_config(cases(count(10_000)))]

    #[test]
    fn the_search_in_bytes_changes_nothing(seed in any::<u64>(), choices in prop::collection::vec(any::<Choice>(), 1..3)) {
        let mut dice = Dice::new(seed);
        let capture = capture(&mut dice);
        let records = report(&capture, "records", None);
        let bodies = records.lines().filter_map(|line| {
            let record: Value = serde_json::from_str(line).ok()?;
            serde_json::from_str(record["body"].as_str()?).ok()
        });
        let payloads: Vec<Value> = bodies.collect();
        let texts = choices.into_iter().map(|choice| condition(choice, &payloads));
        let conditions: Vec<Condition> = texts.filter_map(|text| text.parse().ok()).collect();
        let filter = Filter::new(conditions, now());
        let parsing = filter.clone().without_prefilter();
        for format in ["json", "records", "human"] {
            let (fast, slow) = (
                report(&capture, format, Some(&filter)),
                report(&capture, format, Some(&parsing)),
            );
            prop_assert_eq!(fast, slow, "{}", String::from_utf8_lossy(&capture));
        }
    }
}

/// Returns the number of bytes and items that are read to select payloads.
fn steps(capture: &[u8], filter: &Filter) -> u64 {
    let before = steps::count();
    report(capture, "records", Some(filter));
    steps::count() - before
}

#[test]
fn work_grows_as_the_input() {
    let id = "aaaaaaaa-1111-4111-8111-111111111111";
    let selected = format!("id={id}");
    let filter = filter(&["event=PaymentUpdated", &selected]);
    let parsing = filter.clone().without_prefilter();
    let line = r#"{"EnterpriseId": "", "IntegrationId": "", "Events": []}"#;
    let lines = |count: usize| format!("{line}\n").repeat(count);
    let event = r#"{"Discriminator": "CustomerAdded", "Value": {"Id": ""}}, "#;
    let events = |count: usize| {
        let more = event.repeat(count) + event.trim_end_matches(", ");
        line.replace("[]", &format!("[{more}]"))
    };
    let hyphens = |count: usize| line.replace("\"\"", &format!("\"{}\"", "-1111".repeat(count)));
    for text in [&lines as &dyn Fn(usize) -> String, &events, &hyphens] {
        let (small, large) = (text(200), text(800));
        for filter in [&filter, &parsing] {
            let [small, large] = [&small, &large].map(|text| steps(text.as_bytes(), filter));
            assert!(large <= 5 * small, "{small}, then {large}");
        }
    }
}

/// What `redact` prints is the output of `extract`, redacted.
#[test]
fn redacted_payloads_are_those_that_are_extracted() {
    let mut dice = Dice::new(1);
    for conditions in [
        &["kind=integration"][..],
        &["event~=customer", "event!=CustomerAdded"],
        &["valid=false"],
        &["enterprise=nowhere"],
    ] {
        let text = (0..40).flat_map(|_| capture(&mut dice)).collect::<Vec<_>>();
        let text = String::from_utf8_lossy(&text).into_owned();
        let folder = folder(&[("capture.log", &text), ("my.key", "sixteen bytes or more")]);
        let arguments = |start: &[&'static str]| -> Vec<&str> {
            let selected = conditions
                .iter()
                .flat_map(|condition| ["--where", *condition]);
            start
                .iter()
                .copied()
                .chain(selected)
                .chain(["capture.log"])
                .collect()
        };
        let (_, extracted, _) = run(&folder, &arguments(&["extract"]));
        std::fs::write(folder.path().join("extracted"), extracted).unwrap();
        let stdin = std::fs::File::open(folder.path().join("extracted")).unwrap();
        let mut piped = mewshook(&folder, &["redact", "--key-file", "my.key"]);
        let (status, piped, _) = outcome(piped.stdin(stdin).output().unwrap());
        assert_eq!(status, Some(0));
        let redact = arguments(&["redact", "--key-file", "my.key"]);
        let (_, redacted, _) = run(&folder, &redact);
        assert_eq!(redacted, piped, "{conditions:?}");
    }
}

/// An input whose payloads do not match is not an input without payloads, and neither an error.
#[test]
fn an_input_without_a_match_is_not_empty() {
    let text = format!("{}no json\n", program::PAYLOAD);
    let folder = folder(&[("a.json", program::PAYLOAD), ("b.ndjson", &text)]);
    for condition in ["event=PaymentUpdated", "status=200", "enterprise~=x"] {
        let (status, report, messages) = run(
            &folder,
            &["validate", "--where", condition, "a.json", "b.ndjson"],
        );
        assert_eq!(status, Some(0), "{condition}: {messages}");
        assert!(report.starts_with("0 of 3 payloads match: "), "{report}");
        assert!(
            messages.starts_with("note: 0 of 3 payloads match\n"),
            "{messages}"
        );
    }
}

/// The time is found in each part of a payload that states one.
#[test]
fn days_are_complete() {
    let created =
        |time: &str| json!({"Action": "IntegrationCreated", "Data": {"CreatedUtc": time}});
    let times = [
        "2026-11-27T23:59:59.999Z",
        "2026-11-28T00:00:00Z",
        "2026-11-28T23:59:59.999999999Z",
        "2026-11-29T01:00:00+02:00",
        "2026-11-29T00:00:00Z",
        "soon",
    ];
    let capture: String = times
        .iter()
        .map(|time| created(time).to_string() + "\n")
        .collect();
    for (conditions, expected) in [
        (&["since=2026-11-28"][..], &[1, 2, 3, 4][..]),
        (&["until=2026-11-28"], &[0, 1, 2, 3]),
        (&["since=2026-11-28", "until=2026-11-28"], &[1, 2, 3]),
        (&["since=2026-11-29T00:00:00Z"], &[4]),
        (&["until=2026-11-28T00:00:00Z"], &[0, 1]),
        (&["since=12h"], &[1, 2, 3, 4]),
        (&["until=1d"], &[]),
    ] {
        let report = report(capture.as_bytes(), "ndjson", Some(&filter(conditions)));
        let lines = report.lines().map(|line| {
            let object: Value = serde_json::from_str(line).unwrap();
            object["source"]["line"].as_u64().unwrap() - 1
        });
        assert_eq!(lines.collect::<Vec<_>>(), expected, "{conditions:?}");
    }
}
