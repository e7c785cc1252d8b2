//! What follows the rules by its shape has no findings, and nearly all that has none follows them.

use serde_json::{Value, json};

use super::super::model;
use super::super::shape_cache::ShapeCache;
use crate::contract::{self, Kind};
use crate::document::Document;

/// Returns whether a payload follows the rules of a kind by its shape.
fn follows(shapes: &mut ShapeCache, kind: Kind, document: &Document<'_>) -> bool {
    shapes.shape(document).is_some() && shapes.follows(kind)
}

fn is_clean(kind: Kind, document: &Document<'_>) -> bool {
    let survey = contract::survey(document, &[kind]);
    kind.schema().accepts(document)
        && model::read(kind, document).is_ok()
        && survey.unlisted.is_empty()
        && survey.deprecated.is_empty()
        && survey.unknown_values.is_empty()
        && survey.not_utc.is_empty()
}

/// Returns a cache that computes all shapes.
fn warm_cache() -> ShapeCache {
    let mut shapes = ShapeCache::default();
    let document = Document::parse("{}").unwrap_or_else(|error| panic!("{error}"));
    while shapes.shape(&document).is_none() {}
    shapes
}

fn samples() -> Vec<(Kind, Value)> {
    let events = Kind::ALL.into_iter().flat_map(Kind::events);
    let samples = events.map(|event| {
        let sample = serde_json::from_str(event.sample);
        (event.kind, sample.unwrap_or_else(|error| panic!("{error}")))
    });
    samples.collect()
}

/// Otherwise, all payloads of the event would be checked in full.
#[test]
fn all_samples_without_findings_follow_the_rules() {
    let mut shapes = warm_cache();
    for (kind, sample) in samples() {
        let text = sample.to_string();
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        // A name that contains `Thread` is listed, but its value is not described.
        let is_clean = is_clean(kind, &document) && !text.contains("ThreadId");
        assert_eq!(
            follows(&mut shapes, kind, &document),
            is_clean,
            "{kind} {text}"
        );
    }
}

/// Adds payloads that differ in one place inside of a value. `enclose` returns the payload with another
/// value in place of this one.
fn add_changes(value: &Value, enclose: &dyn Fn(Value) -> Value, changed: &mut Vec<Value>) {
    for other in [
        json!(null),
        json!(true),
        json!("true"),
        json!(17),
        json!("Text"),
        json!("Enterprise"),
        json!("CustomerAdded"),
        json!("order.total.updated"),
        json!("c66ef7b2-39d2-4632-943d-115ede9cb810"),
        json!("2019-05-24T07:35:35Z"),
        json!("2019-05-24T07:35:35+02:00"),
        json!("name@example.com"),
        json!("9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF"),
        json!([]),
        json!({}),
        json!([17, {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810"}]),
        json!({"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810"}),
    ] {
        changed.push(enclose(other));
    }
    if let Some(members) = value.as_object() {
        for (name, member) in members {
            let mut rest = members.clone();
            rest.shift_remove(name);
            changed.push(enclose(rest.clone().into()));
            for other in ["Other", "OtherThread", "Id", "EnterpriseId", "event_type"] {
                let mut renamed = rest.clone();
                renamed.insert(other.to_owned(), member.clone());
                changed.push(enclose(renamed.into()));
                let mut more = members.clone();
                more.insert(other.to_owned(), member.clone());
                changed.push(enclose(more.into()));
            }
            let inner = |value| {
                let mut members = members.clone();
                members.insert(name.clone(), value);
                enclose(members.into())
            };
            add_changes(member, &inner, changed);
        }
    }
    if let Some(items) = value.as_array() {
        let mut two = items.clone();
        two.extend(items.first().cloned());
        changed.push(enclose(two.into()));
        for (index, item) in items.iter().enumerate() {
            let inner = |value| {
                let mut items = items.clone();
                items.insert(index, value);
                enclose(items.into())
            };
            add_changes(item, &inner, changed);
        }
    }
}

/// `tests/shape_cache.rs` has a property that says more, but takes longer.
#[test]
fn payloads_that_follow_the_rules_have_no_findings() {
    let mut shapes = warm_cache();
    let mut changed = Vec::new();
    for (_, sample) in samples() {
        add_changes(&sample, &|value| value, &mut changed);
    }
    let mut both = [0, 0];
    for payload in changed {
        let text = payload.to_string();
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        for kind in Kind::ALL {
            if follows(&mut shapes, kind, &document) {
                assert!(is_clean(kind, &document), "{kind} {text}");
                both[0] += 1;
            } else if is_clean(kind, &document) {
                both[1] += 1;
            }
        }
    }
    // Nearly all of those without findings are recognised by their shape.
    assert!(both[0] > 20 * both[1], "{both:?}");
}
