//! Each code: a payload that has it and no other, and the same payload without it.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::BTreeSet;

use mewshook::checks::{Checker, Policy, Verdict, capture_rules, rules};
use mewshook::diagnostic::{Level, Rule, Severity};
use mewshook::document::PayloadText;

/// Returns the rules that speak of payloads; `tests/damage.rs` is about the others.
fn payload_rules() -> impl Iterator<Item = &'static Rule> {
    rules().filter(|rule| capture_rules().all(|other| other.code != rule.code))
}

fn codes(text: &str, policy: Policy) -> Vec<&'static str> {
    let checked = Checker::new(policy, None).check(&PayloadText::from(text));
    checked.verdict.reported().map(|found| found.code).collect()
}

#[test]
fn examples_have_their_code_alone() {
    for rule in payload_rules().filter(|rule| rule.level != Level::Internal) {
        let (deny, expect) = match rule.level {
            Level::OnDemand => (vec![rule.code], vec![]),
            Level::Expectation => (vec![], vec!["invalid-uuid"]),
            _ => (vec![], vec![]),
        };
        let policy = || {
            let policy = Policy::new(false, &[], &deny).unwrap();
            policy.expecting(&expect).unwrap()
        };
        assert_eq!(codes(rule.before, policy()), [rule.code], "before");
        assert_eq!(codes(rule.after, policy()), [""; 0], "{}, after", rule.code);
    }
}

#[test]
fn rules_are_documented() {
    let mut seen = BTreeSet::new();
    for rule in rules() {
        assert!(seen.insert(rule.code), "{} twice", rule.code);
        assert!(
            rule.code
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '-')
        );
        assert!(
            rule.summary.ends_with('.') && rule.summary.len() < 90,
            "{}",
            rule.code
        );
        assert!(rule.why.len() > 80, "{}", rule.code);
        assert!(rule.source.url.starts_with("https://"), "{}", rule.code);
        assert!(
            rule.source.title.contains("20"),
            "{} has no date",
            rule.code
        );
    }
}

#[test]
fn warnings_move_with_the_policy() {
    for rule in
        payload_rules().filter(|rule| matches!(rule.level, Level::Warning | Level::OnDemand))
    {
        let code = [rule.code];
        let severity = |policy: Policy| {
            let mut checker = Checker::new(policy, None);
            let verdict = checker.check(&PayloadText::from(rule.before)).verdict;
            let found = verdict.diagnostics.first().map(|found| found.severity);
            assert_eq!(
                verdict.valid,
                found != Some(Severity::Error),
                "{}",
                rule.code
            );
            found
        };
        let is_on_demand = rule.level == Level::OnDemand;
        let usually = |severity| if is_on_demand { None } else { Some(severity) };
        let policy =
            |strict, allow: &[&str], deny: &[&str]| Policy::new(strict, allow, deny).unwrap();
        assert_eq!(
            severity(policy(false, &[], &[])),
            usually(Severity::Warning),
            "{}",
            rule.code
        );
        assert_eq!(
            severity(policy(true, &[], &[])),
            usually(Severity::Error),
            "{}",
            rule.code
        );
        assert_eq!(severity(policy(true, &code, &[])), None, "{}", rule.code);
        assert_eq!(
            severity(policy(false, &[], &code)),
            Some(Severity::Error),
            "{}",
            rule.code
        );
        assert!(Policy::new(false, &code, &code).is_err());
    }
    for rule in rules().filter(|rule| rule.level == Level::Error) {
        assert!(Policy::new(false, &[rule.code], &[]).is_err());
        assert!(Policy::new(false, &[], &[rule.code]).is_ok());
    }
}

const GENERAL: &str = r#""EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90""#;
const INTEGRATION: &str =
    r#""Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "Example"}"#;
const TOKEN: &str = "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF";
const ID: &str = "c2f1d888-232e-49eb-87ac-5f75363af13b";

fn event(discriminator: &str, id: &str) -> String {
    format!(r#"{{"Discriminator": "{discriminator}", "Value": {{"Id": "{id}"}}}}"#)
}

fn general(events: &[String]) -> String {
    format!(r#"{{{GENERAL}, "Events": [{}]}}"#, events.join(", "))
}

fn api_key(key: &str) -> String {
    format!(
        r#"{{"Action": "IntegrationApiKeyCreated", "Data": {{{INTEGRATION}, "ApiKey": "{key}"}}}}"#
    )
}

fn price_update(start: &str) -> String {
    format!(r#"{{"Events": [{{"Type": "PriceUpdate", "Id": "{ID}", "StartUtc": "{start}"}}]}}"#)
}

/// Frames just on this side and just on the other side of a rule.
#[test]
fn rules_end_where_the_contract_says() {
    let at_levels = |levels: usize| {
        format!(
            "{}{}",
            r#"{"a":"#.repeat(levels - 1) + "{}",
            "}".repeat(levels - 1)
        )
    };
    let deleted = |action: &str| {
        format!(r#"{{"Action": "{action}", "Data": {{"DeletedUtc": null, {INTEGRATION}}}}}"#)
    };
    let booking = |status: &str| {
        format!(
            r#"{{"data": {{"id": "1", "type": "bookings", "attributes": {{"status": "{status}", "updatedAt": "2025-02-20T10:00:00Z"}}}}, "meta": {{"eventType": "booking.status.updated"}}}}"#
        )
    };
    let order = |property: &str, state: &str| {
        format!(
            r#"{{"data": {{"id": "1", "type": "orders", "attributes": {{"{property}": "{state}", "updatedAt": "2025-02-20T10:00:00Z"}}}}, "meta": {{"eventType": "order.{property}.updated"}}}}"#
        )
    };
    let created = |email: &str| {
        format!(
            r#"{{"Action": "IntegrationCreated", "CreatedUtc": null, "Data": {{"Requestor": {{"Name": "", "Email": "{email}"}}, {INTEGRATION}}}}}"#
        )
    };
    let flag = |value: &str| {
        format!(
            r#"{{"Action": "IntegrationEnabled", "IsEnabled": {value}, "Data": {{{INTEGRATION}}}}}"#
        )
    };
    let cases = [
        ("json-syntax", at_levels(129), at_levels(128)),
        ("json-syntax", r#"{"a": "\ud83d"}"#.into(), r#"{"a": "\ud83d\ude00"}"#.into()),
        ("duplicate-key", r#"{"Action": 1, "\u0041ction": 2}"#.into(), r#"{"Action": 1, "action": 2}"#.into()),
        ("duplicate-key", r#"{"a": [{"b": 1, "b": 1}]}"#.into(), r#"{"a": [{"b": 1}, {"b": 1}]}"#.into()),
        ("unknown-kind", r#"{"data": {}, "meta": {}}"#.into(), r#"{"data": {}, "meta": {"eventType": 1}}"#.into()),
        ("unknown-kind", r#"{"Data": "eyJ9"}"#.into(), r#"{"Data": {}}"#.into()),
        ("unknown-kind", r#"{"data": {"type": "orders", "attributes": {}}, "links": {}}"#.into(), r#"{"data": {"type": "orders", "attributes": {}}}"#.into()),
        ("unknown-kind", r#"{"level": "info", "msg": "x", "Action": "y"}"#.into(), r#"{"level": "info", "Action": "y"}"#.into()),
        ("unknown-kind", "[]".into(), r#"{"Events": []}"#.into()),
        ("missing-property", general(&[r#"{"Discriminator": "X"}"#.into()]), general(&[r#"{"Discriminator": "X", "Value": {}}"#.into()])),
        ("wrong-type", general(&[r#"{"Discriminator": "X", "Value": null}"#.into()]), general(&[r#"{"Discriminator": "X", "Value": {"Id": 1}}"#.into()])),
        ("wrong-type", flag(r#""True""#), flag(r#""true""#)),
        ("wrong-type", flag("0"), flag("null")),
        ("invalid-uuid", general(&[event("CustomerAdded", "{c2f1d888-232e-49eb-87ac-5f75363af13b}")]), general(&[event("CustomerAdded", &ID.to_uppercase())])),
        ("invalid-uuid", general(&[event("CustomerAdded", "x")]), general(&[event("customerAdded", "x")])),
        ("invalid-utc", price_update("2026-02-29T00:00:00Z"), price_update("2028-02-29T00:00:00Z")),
        ("invalid-utc", price_update("2026-02-28T00:00:00"), price_update("2026-02-28t00:00:00.5z")),
        ("unknown-property", general(&[]).replace("\"Events\"", "\"X\": 1, \"Events\""), general(&[r#"{"Discriminator": "X", "Value": {"X": 1}}"#.into()])),
        ("unknown-property", deleted("IntegrationDeleted").replace("null", "null, \"X\": 1"), deleted("IntegrationRenamed")),
        ("unknown-property", general(&[event("CustomerAdded", ID).replace("}}", ", \"ThreadId\": 1}}")]), general(&[event("MessageAdded", ID).replace("}}", ", \"ThreadId\": 1}}")])),
        ("unknown-action", deleted("IntegrationRenamed"), deleted("IntegrationDeleted")),
        ("unknown-event", general(&[event("customerAdded", ID)]), general(&[event("CustomerAdded", ID)])),
        ("unknown-state", booking("no-show"), booking("noShow")),
        ("older-edition", r#"{"Action": "IntegrationCreated", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "x"}}}"#.into(), flag("true")),
        ("older-spelling", booking("noShow"), booking("no_show")),
        ("older-spelling", order("status", "open_web"), order("state", "open_web")),
        ("unknown-state", booking("draft"), order("status", "draft")),
        ("invalid-email", created("j\u{f6}rg@"), created("j\u{f6}rg@m\u{fc}ller-hotel.example")),
        ("invalid-email", created("nobody"), created("nobody@example.com")),
        ("deprecated-property", general(&[]).replace("\"Events\"", "\"Entities\": null, \"Events\""), general(&[]).replace("\"Events\"", "\"entities\": null, \"Events\"")),
        ("deprecated-event", r#"{"Events": [{"Type": "Space"}]}"#.into(), general(&[event("Space", ID)])),
        ("stringly-boolean", flag(r#""false""#), flag("false")),
        ("null-required", deleted("IntegrationDeleted"), deleted("IntegrationDisabled")),
        ("not-utc", price_update("2026-02-28T00:00:00-00:00"), price_update("2026-02-28T00:00:00+00:00")),
        ("not-utc", price_update("2026-02-28T00:00:00+01:00"), price_update("2026-02-30T00:00:00+01:00")),
        ("empty-events", general(&[]), general(&[event("X", ID)])),
        ("empty-events", r#"{"Events": []}"#.into(), r#"{"Events": [{"Type": "X"}]}"#.into()),
        ("undocumented-shape", r#"{"data": [], "meta": {"eventType": "x"}}"#.into(), r#"{"data": {}, "meta": {"eventType": "x"}}"#.into()),
        ("token-shape", api_key(&TOKEN.to_lowercase()), api_key(TOKEN)),
        ("token-shape", api_key(&TOKEN[1..]), deleted("IntegrationDeleted")),
        ("token-integration-mismatch", api_key(&TOKEN.replace("9E5E", "9E5F")), api_key(&TOKEN.replace("-00B3", "-00B4"))),
        ("redundant-event", general(&[event("CustomerAdded", ID), event("CustomerUpdated", &ID.to_uppercase())]), general(&[event("CustomerAdded", ID), event("MessageAdded", ID)])),
        ("redundant-event", general(&[event("PaymentUpdated", ID), event("PaymentUpdated", ID)]), general(&[event("X", ID), event("X", ID)])),
        ("live-token", api_key(&TOKEN.replace("-00B3", "-00B4")), api_key(TOKEN)),
        ("live-token", api_key(&TOKEN.replace("-00B3", "-00B4")), api_key("CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4")),
        ("live-token", api_key("secret"), api_key(&TOKEN.replace("-00B343", "-FACADE"))),
    ];
    let mut seen = BTreeSet::new();
    for (code, has, has_not) in cases {
        seen.insert(code);
        let policy = || Policy::new(false, &[], &["live-token"]).unwrap();
        assert!(
            codes(&has, policy()).contains(&code),
            "{code} in {has}: {:?}",
            codes(&has, policy())
        );
        assert!(
            !codes(&has_not, policy()).contains(&code),
            "{code} not in {has_not}"
        );
    }
    let without: Vec<_> = payload_rules()
        .map(|rule| rule.code)
        .filter(|code| !seen.contains(code))
        .collect();
    // Expectations have a test below, and no payload is known that schema and model disagree on.
    assert_eq!(without, ["unmet-expectation", "internal-disagreement"]);
}

/// A payload and what is expected of it: what is reported, and whether it passes.
#[test]
fn expectations_are_exact() {
    let bad_id = general(&[event("CustomerAdded", "x")]);
    let two = general(&[event("CustomerAdded", "x"), event("CustomerUpdated", "y")]);
    let mixed =
        general(&[event("CustomerAdded", "x")]).replace("\"Events\"", "\"X\": 1, \"Events\"");
    let cut = r#"{"Action": "#.to_owned();
    let cases: [(&str, &[&str], &[&str], bool); 10] = [
        (&bad_id, &["invalid-uuid"], &[], true),
        (&two, &["invalid-uuid", "invalid-uuid"], &[], true),
        (
            &bad_id,
            &["wrong-type"],
            &["unmet-expectation", "invalid-uuid"],
            false,
        ),
        (
            &bad_id,
            &["wrong-type", "invalid-uuid"],
            &["unmet-expectation"],
            false,
        ),
        (
            &bad_id,
            &["wrong-type", "invalid-utc"],
            &["unmet-expectation", "unmet-expectation", "invalid-uuid"],
            false,
        ),
        // A warning stays a warning, unless it is expected.
        (&mixed, &["invalid-uuid"], &["unknown-property"], true),
        (&mixed, &["invalid-uuid", "unknown-property"], &[], true),
        (&mixed, &["unknown-property"], &["invalid-uuid"], false),
        (&cut, &["json-syntax"], &[], true),
        (
            "\u{e9}",
            &["invalid-uuid"],
            &["unmet-expectation", "json-syntax"],
            false,
        ),
    ];
    for (text, expected, reported, passes) in cases {
        let policy = Policy::default().expecting(expected).unwrap();
        let checked = Checker::new(policy.clone(), None).check(&PayloadText::from(text));
        let Verdict { valid, passed, .. } = checked.verdict;
        assert_eq!(codes(text, policy), reported, "{text}");
        assert_eq!((valid, passed), (false, passes), "{text}");
    }
    for code in ["unmet-expectation", "internal-disagreement"] {
        assert!(Policy::default().expecting(&[code]).is_err());
        assert!(Policy::new(false, &[code], &[]).is_err());
    }
    let allowing = Policy::new(false, &["not-utc"], &[]).unwrap();
    assert!(allowing.expecting(&["not-utc"]).is_err());
}
