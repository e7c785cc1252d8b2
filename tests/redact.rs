//! Tests `redact` on payloads with secrets planted anywhere in them.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use std::fmt::Write as _;

use mewshook::checks::{Checker, Policy};
use mewshook::contract::Kind;
use mewshook::document::Document;
use mewshook::frame::{Frames, Next};
use mewshook::redact::{Classes, Key, RedactedStream, Redactor, StreamStatus};
use mewshook::sample::{Layout, Recipe, events};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use support::planted::{HEX, planted};
use support::{Trickle, cases, changed_payload, verdicts};

fn redactor(ids: bool, names: bool) -> Redactor {
    let classes = Classes {
        ids,
        names,
        ..Classes::default()
    };
    Redactor::new(Key::new(b"a key of some length").unwrap(), classes)
}

/// Returns the redacted stream.
fn redact(redactor: &Redactor, frames: Frames) -> Vec<u8> {
    let mut stream = RedactedStream::new(redactor, frames);
    let mut out = Vec::new();
    while stream.next(&mut out).unwrap() != StreamStatus::End {}
    out
}

/// Returns the code, pointer, rule and validity of each diagnostic of a stream.
fn diagnostics(stream: &[u8]) -> Vec<Vec<(String, String, String, bool)>> {
    let verdicts = verdicts(stream).into_iter();
    let diagnostics = verdicts.map(|verdict| {
        let diagnostics = verdict.diagnostics.into_iter();
        let diagnostics = diagnostics.map(|diagnostic| {
            let code = diagnostic.code.to_owned();
            (code, diagnostic.pointer, diagnostic.rule, verdict.valid)
        });
        diagnostics.collect()
    });
    diagnostics.collect()
}

/// Escapes the letters of JSON strings that `picks` selects.
fn escaped(text: &str, picks: u64) -> String {
    let mut escaped = String::new();
    let mut in_string = false;
    let mut after_backslash = 0;
    for (number, character) in text.chars().enumerate() {
        let is_content = in_string && after_backslash == 0;
        if character == '"' && after_backslash == 0 {
            in_string = !in_string;
        }
        let is_selected = picks >> (number % 64) & 1 == 1;
        if is_content && is_selected && character.is_ascii_alphanumeric() {
            write!(escaped, "\\u{:04x}", u32::from(character)).unwrap();
        } else {
            escaped.push(character);
        }
        after_backslash = match (character, after_backslash) {
            ('\\', 0) => 1,
            // The digits of an escape must not be escaped.
            ('u', 1) => 5,
            (_, 0 | 1) => 0,
            (_, left) => left - 1,
        };
        if after_backslash == 1 && character != '\\' {
            after_backslash = 0;
        }
    }
    escaped
}

fn write(payload: &Value, is_pretty: bool, picks: u64) -> String {
    let text = if is_pretty {
        format!("{payload:#}")
    } else {
        payload.to_string()
    };
    escaped(&text, picks)
}

fn picks() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0), 1 => any::<u64>()]
}

fn upper_case(text: &[u8]) -> String {
    String::from_utf8_lossy(text).to_uppercase()
}

proptest! {
    #![proptest_config(cases(2000))]

    /// Valid JSON keeps its verdict, contains no secret, and is not changed by a second run.
    #[test]
    fn redacted_payloads_validate_alike_and_hold_no_secret(
        (payload, secrets) in planted(),
        is_pretty: bool,
        picks in picks(),
        ids: bool,
        names: bool,
    ) {
        let text = write(&payload, is_pretty, picks);
        let redactor = redactor(ids, names);
        let redacted = redactor.redact(text.as_bytes()).into_owned();
        let shown = String::from_utf8_lossy(&redacted);
        prop_assert_eq!(diagnostics(text.as_bytes()), diagnostics(&redacted), "{} {}", text, shown);
        prop_assert_eq!(&*redactor.redact(&redacted), &redacted[..], "{} {}", text, shown);
        // Compare the content without escapes.
        let found: Value = serde_json::from_slice(&redacted).unwrap();
        let found = found.to_string().to_uppercase();
        let was = payload.to_string().to_uppercase();
        for secret in secrets.iter().filter(|secret| was.contains(&secret.to_uppercase())) {
            prop_assert!(!found.contains(&secret.to_uppercase()), "{secret} {shown}");
            if let Some((first, second)) = secret.split_once('-') {
                prop_assert!(!found.contains(first) && !found.contains(second), "{secret} {shown}");
            }
        }
    }

    /// Harmless strings and everything between strings stay.
    #[test]
    fn harmless_text_stays((payload, _) in planted(), is_pretty: bool, picks in picks()) {
        let text = write(&payload, is_pretty, picks);
        let redacted = redactor(false, false).redact(text.as_bytes()).into_owned();
        let redacted = String::from_utf8(redacted).unwrap();
        let skeleton = |text: &str| {
            let document = Document::parse(text).unwrap();
            let mut rest = String::new();
            let mut end = 0;
            let mut strings = Vec::new();
            spans(document.root(), "", &mut strings);
            let mut kept = Vec::new();
            for (span, is_harmless) in strings {
                rest.push_str(&text[end..span.start]);
                if is_harmless {
                    kept.push(text[span.clone()].to_owned());
                }
                end = span.end;
            }
            rest.push_str(&text[end..]);
            // A number may be secret and become 0.
            let is_sign = |letter: char| "{}[],:".contains(letter) || letter.is_whitespace();
            let words = rest.split_inclusive(is_sign).map(|word| {
                let number = word.trim_end_matches(is_sign);
                let is_number = number.parse::<f64>().is_ok_and(f64::is_finite);
                if is_number { word.replace(number, "0") } else { word.to_owned() }
            });
            (words.collect::<String>(), kept)
        };
        prop_assert_eq!(skeleton(&text), skeleton(&redacted));
    }

    /// Broken text keeps its verdicts, and is not changed by a second run.
    #[test]
    fn broken_text_is_redacted_too(
        (payload, secrets) in planted(),
        is_pretty: bool,
        picks in picks(),
        (ids, names) in any::<(bool, bool)>(),
        (at, change, byte) in (any::<Index>(), 0..3, any::<u8>()),
        next in changed_payload(),
    ) {
        let mut text = write(&payload, is_pretty, picks).into_bytes();
        let at = at.index(text.len());
        match change {
            0 => drop(text.remove(at)),
            1 => text.truncate(at),
            _ => text[at] = byte,
        }
        text.extend_from_slice(format!("\n{next}\n").as_bytes());
        prop_assume!(!text.starts_with(b"\xff") && !text.starts_with(b"\xfe") && !text.contains(&0));
        let redactor = redactor(ids, names);
        let redacted = redact(&redactor, Frames::from_bytes(text.clone()));
        let shown = String::from_utf8_lossy(&redacted);
        let was = String::from_utf8_lossy(&text);
        prop_assert_eq!(diagnostics(&text), diagnostics(&redacted), "{}\n{}", was, shown);
        prop_assert_eq!(&redact(&redactor, Frames::from_bytes(redacted.clone())), &redacted, "{}", shown);
        for secret in secrets.iter().filter(|secret| secret.contains('-') && was.contains(*secret)) {
            prop_assert!(!upper_case(&redacted).contains(secret.as_str()), "{secret} {shown}");
        }
    }

    /// The segments of a stream add up to the stream, and its redaction does not depend on how it
    /// arrives.
    #[test]
    fn segments_add_up_to_the_stream(
        (payload, _) in planted(),
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "PAYLOAD", "PAYLOAD", "\n", " ", "\r\n", "[", "]", ",", "oops", "{", "}", "\"", "\\",
                "\u{feff}", "1", "token: x y\n", "Cookie: a=b\r\n", "https://a:b@c/?sig=d\n", "\u{e9}",
            ]),
            0..12,
        ),
        sizes in prop::collection::vec(1_usize..200, 1..5),
    ) {
        let text = parts.concat().replace("PAYLOAD", &payload.to_string());
        let mut frames = Frames::from_reader(Trickle::new(&text, sizes.clone())).with_all_bytes();
        let mut segments = Vec::new();
        loop {
            match frames.next().unwrap() {
                Next::Batch(batch) => segments.extend_from_slice(batch.bytes()),
                Next::Idle => {}
                Next::End => break,
            }
        }
        prop_assert_eq!(String::from_utf8_lossy(&segments), &*text);
        let redactor = redactor(true, true);
        let at_once = redact(&redactor, Frames::from_bytes(text.clone().into_bytes()));
        let trickled = redact(&redactor, Frames::from_reader(Trickle::new(&text, sizes)));
        prop_assert_eq!(String::from_utf8_lossy(&at_once), String::from_utf8_lossy(&trickled));
    }

    /// Escapes do not change the placeholder of a secret.
    #[test]
    fn escaped_secrets_become_the_same(token in HEX, word in "[ -\\[\\]-~é]{1,40}", picks: u64) {
        let payload = json!({"ApiKey": word, "X": token, "Requestor": {"Name": word, "Email": word}});
        let redactor = redactor(true, true);
        let [plain, odd] = [0, picks].map(|picks| {
            let text = write(&payload, false, picks);
            let text = redactor.redact(text.as_bytes()).into_owned();
            serde_json::from_slice::<Value>(&text).unwrap()
        });
        prop_assert_eq!(plain, odd);
    }
}

/// Collects the spans of all strings, and whether each is certainly harmless.
fn spans(
    node: mewshook::document::Node<'_>,
    path: &str,
    strings: &mut Vec<(std::ops::Range<usize>, bool)>,
) {
    let has_secret = [
        "token",
        "key",
        "cookie",
        "request",
        "url",
        "raw",
        "body",
        "authorization",
    ]
    .iter()
    .any(|name| path.contains(name));
    if let Some(object) = node.as_object() {
        for (name, value) in object.members() {
            // Names in a secret container are part of the secret.
            strings.push((name.span(), !has_secret));
            let path = format!("{path}/{}", name.as_str().unwrap().to_lowercase());
            spans(value, &path, strings);
        }
    } else if let Some(array) = node.as_array() {
        array.items().for_each(|item| spans(item, path, strings));
    } else if let Some(text) = node.as_str() {
        let is_plain = text
            .chars()
            .all(|c| c.is_alphanumeric() || "-.: ".contains(c))
            && text.len() < 60;
        strings.push((
            node.span(),
            !has_secret && is_plain && !text.to_lowercase().contains("token"),
        ));
    }
}

/// The samples of all kinds keep their verdicts.
#[test]
fn samples_keep_their_verdicts() {
    for kind in Kind::ALL {
        for event in kind.events() {
            for (ids, names) in [(false, false), (true, true)] {
                let redacted = redactor(ids, names)
                    .redact(event.sample.as_bytes())
                    .into_owned();
                let before = diagnostics(event.sample.as_bytes());
                assert_eq!(before, diagnostics(&redacted), "{}", event.name);
            }
        }
    }
}

#[test]
fn made_up_payloads_are_not_changed() {
    for (ids, names) in [(false, false), (true, true)] {
        let redactor = redactor(ids, names);
        for (event, seed) in events().flat_map(|event| (0..300).map(move |seed| (event, seed))) {
            let recipe = Recipe {
                event,
                is_mixed: true,
                events: 2,
                seed,
                number: seed % 3,
            };
            let text = mewshook::sample::write(&recipe.make(), Layout::Line);
            let redacted = redactor.redact(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&redacted), text, "{seed}");
        }
    }
}

/// A real name or email address is replaced even if a part of it looks made up.
#[test]
fn values_that_only_resemble_made_up_ones_are_replaced() {
    for (name, email) in [
        ("Jane Smith Example", "jane.smith@example.com"),
        ("Smith Example", "jamie@example.com.hotel.test"),
        ("Jamie Examples", "jamie@examples.com"),
    ] {
        let requestor = json!({"Requestor": {"Name": name, "Email": email}}).to_string();
        let redacted = redactor(false, false).redact(requestor.as_bytes());
        let redacted = String::from_utf8_lossy(&redacted);
        assert!(
            !redacted.contains(name) && !redacted.contains(email),
            "{redacted}"
        );
    }
}

#[test]
fn tokens_still_start_with_their_integration_id() {
    let text = r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "0a1b2c3d-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "ApiKey": "0A1B2C3D39D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F"}}"#;
    for ids in [false, true] {
        let redacted = redactor(ids, false).redact(text.as_bytes()).into_owned();
        let redacted: Value = serde_json::from_slice(&redacted).unwrap();
        let id = redacted["Data"]["Integration"]["Id"].as_str().unwrap();
        let token = redacted["Data"]["ApiKey"].as_str().unwrap();
        assert_eq!(id.starts_with("facade"), ids);
        let start = format!("{}-FACADE", id.replace('-', "").to_uppercase());
        assert!(token.starts_with(&start), "{token}");
        // A later run may also replace ids.
        let again = redactor(true, false);
        let again = again.redact(redacted.to_string().as_bytes()).into_owned();
        assert!(diagnostics(&again)[0].is_empty());
    }
}

/// Regression: an id without letters was taken for a time.
#[test]
fn ids_of_digits_are_replaced() {
    let text = r#"{"EnterpriseId": "12345678-1234-1234-1234-123456789012", "Events": []}"#;
    let redacted = redactor(true, false).redact(text.as_bytes()).into_owned();
    let redacted: Value = serde_json::from_slice(&redacted).unwrap();
    assert!(
        redacted["EnterpriseId"]
            .as_str()
            .unwrap()
            .starts_with("facade")
    );
    let kept = redactor(false, false).redact(text.as_bytes()).into_owned();
    assert_eq!(kept, text.as_bytes());
    let text = r#"{"note": "12345678-1234-1234-1234-123456789012."}"#;
    let redacted = redactor(true, false).redact(text.as_bytes()).into_owned();
    assert!(redacted.starts_with(br#"{"note": "facade"#));
}

#[test]
fn placeholders_and_published_examples_are_not_live_tokens() {
    let policy = Policy::new(false, &[], &["live-token"]).unwrap();
    let mut checker = Checker::new(policy, None);
    for key in [
        "0A1B2C3D39D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F",
        "a key",
        "x",
        "hunter2hunter2!",
    ] {
        let text = json!({"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "0a1b2c3d-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "ApiKey": key}}).to_string();
        let redacted = redactor(false, false).redact(text.as_bytes()).into_owned();
        let redacted = String::from_utf8(redacted).unwrap();
        let verdict = checker.check(&(&*redacted).into()).verdict;
        let codes: Vec<_> = verdict.diagnostics.iter().map(|found| found.code).collect();
        assert!(!codes.contains(&"live-token"), "{redacted}");
    }
    let published = "\"C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D\"";
    assert_eq!(
        &*redactor(false, false).redact(published.as_bytes()),
        published.as_bytes()
    );
}

/// Numbers that are secret by their name become 0; all others stay.
#[test]
fn secret_numbers_become_zero() {
    for (text, left) in [
        (
            r#"{"Id": 7, "AccessToken": 86753094, "n": -1.5e3}"#,
            r#"{"Id": 7, "AccessToken": 0, "n": -1.5e3}"#,
        ),
        (r#"{"ApiKey":86753.09421e5}"#, r#"{"ApiKey":0}"#),
        (
            r#"{"ApiKey":0,"ClientToken":null}"#,
            r#"{"ApiKey":0,"ClientToken":null}"#,
        ),
    ] {
        let redacted = redactor(false, false).redact(text.as_bytes()).into_owned();
        assert_eq!(String::from_utf8(redacted).unwrap(), left);
    }
}

/// The properties `Name` and `Value` may belong to an event.
#[test]
fn objects_are_not_values_of_pairs() {
    let payload = json!({
        "EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
        "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90",
        "Events": [{
            "Discriminator": "CustomerUpdated",
            "Name": "token",
            "Value": {"Id": "b3ce0fd7-a715-4bfc-969e-ef7a4822963c"},
        }],
    });
    let text = payload.to_string();
    let redacted = redactor(false, false).redact(text.as_bytes());
    assert_eq!(String::from_utf8_lossy(&redacted), text);
}

/// The requestor's name and email address are recognised, but names of similar objects are not.
#[test]
fn requestors_are_recognised() {
    let redacted = |text: &str| {
        let redacted = redactor(false, false).redact(text.as_bytes());
        String::from_utf8_lossy(&redacted).into_owned()
    };
    let text = r#"{"Requestor": "{\"Name\": \"Zoltanka\", \"Email\": \"a@bc.org\"}"}"#;
    let without = redacted(text);
    assert!(
        !without.contains("Zoltanka") && !without.contains("a@bc.org"),
        "{without}"
    );
    for text in [
        r#"x {"Request": {"Name": "Room A"}}"#,
        r#"{"Requests": {"Name": "Room A"}}"#,
        r#"{"RequestId": {"Name": "Room A"}}"#,
    ] {
        assert_eq!(redacted(text), text);
    }
}
