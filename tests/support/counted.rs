//! Counts the payloads of a capture in the simplest way, from the records of the `json` format.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, DurationRound, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

/// Returns the body of a payload: the text at its place, which is the content of a string in a log record.
fn body(capture: &str, source: &Value) -> String {
    let number = |name| usize::try_from(source[name].as_u64().unwrap()).unwrap();
    let text = &capture[number("offset")..][..number("length")];
    match source.get("pointer").and_then(Value::as_str) {
        Some("/body") => serde_json::from_str(&format!("\"{text}\"")).unwrap(),
        _ => text.to_owned(),
    }
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

/// Counts the payloads of a capture whose text and `json` report with all diagnostics are given.
pub fn counted(text: &str, report: &Value) -> Value {
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
