//! The Express and Flask receivers of `examples/receivers/` answer as their documentation says: the good
//! ones as the one in Rust does, and each mistake is one. Where their modules are not installed, the tests
//! say so and end.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/receivers.rs"]
mod receivers;

use serde_json::json;
use ureq::Agent;

use receivers::RunningReceiver;

const OPTIONS: &[&str] = &["--token-env", "URL_TOKEN", "--secret-env", "POS_SECRET"];
const VARIABLES: &[(&str, &str)] = &[("URL_TOKEN", "sesame"), ("POS_SECRET", "topsecret")];

const JSON: (&str, &str) = ("Content-Type", "application/json");
const POS: &str = r#"{"data": {"id": "1", "type": "bookings", "attributes": {"status": "seated", "updatedAt": "2026-01-01T10:00:00Z"}}, "meta": {"eventType": "booking.status.updated"}}"#;
/// By `openssl dgst -sha256 -hmac topsecret`.
const SIGNATURE: &str = "uWDcpO4e0EVsTOBbPBmTK40u70kHJTHQN8i9nGykj0A=";
const HEX: &str = "b960dca4ee1ed0456c4ce05b3c19932b8d2eef49072531d037c8bd9c6ca48f40";

fn message(events: usize) -> String {
    let event = json!({
        "Discriminator": "CustomerUpdated",
        "Value": { "Id": "c2f1d888-232e-49eb-87ac-5f75363af13b" },
    });
    let message = json!({
        "EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
        "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90",
        "Events": vec![event; events],
    });
    message.to_string()
}

type Start = fn(&[&str], &[(&str, &str)]) -> Option<RunningReceiver>;

fn start(start: Start, mistake: Option<&str>) -> Option<RunningReceiver> {
    let mistake = mistake.map(|mistake| ["--mistake", mistake]);
    let arguments: Vec<_> = OPTIONS
        .iter()
        .copied()
        .chain(mistake.into_iter().flatten())
        .collect();
    start(&arguments, VARIABLES)
}

fn post(url: &str, body: &str, headers: &[(&str, &str)], token: &str) -> u16 {
    let config = Agent::config_builder().http_status_as_error(false).build();
    let agent: Agent = config.into();
    let mut request = agent.post(url).query("Token", token);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send(body).unwrap().status().as_u16()
}

/// Returns the status of each request by name, where it differs from that of the good receiver.
fn differences(receiver: &RunningReceiver) -> Vec<(&'static str, u16)> {
    let url = &*receiver.url;
    let (one, many, broken) = (message(1), message(2_000), "{\"Events\": ");
    let sent = |body: &str, headers: &[(&str, &str)]| post(url, body, headers, "sesame");
    let signed = |value| sent(POS, &[JSON, ("X-Signature", value)]);
    let get = {
        let config = Agent::config_builder().http_status_as_error(false).build();
        let get = Agent::from(config).get(url).query("Token", "sesame").call();
        get.unwrap().status().as_u16()
    };
    let statuses = [
        ("no content type", 200, sent(&one, &[])),
        ("content type", 200, sent(&one, &[JSON])),
        (
            "content type with a parameter",
            200,
            sent(&one, &[("Content-Type", "application/json; charset=utf-8")]),
        ),
        ("2,000 events", 200, sent(&many, &[JSON])),
        ("GET", 405, get),
        ("broken JSON", 400, sent(broken, &[JSON])),
        ("no body", 400, sent("", &[JSON])),
        ("another token", 401, post(url, &one, &[JSON], "sesamf")),
        ("right signature", 200, signed(SIGNATURE)),
        ("hex", 401, signed(HEX)),
        ("part of a signature", 401, signed(&SIGNATURE[..8])),
        ("no signature", 401, sent(POS, &[JSON])),
        (
            "changed body",
            401,
            sent(&format!("{POS} "), &[JSON, ("X-Signature", SIGNATURE)]),
        ),
    ];
    let differs = |(name, expected, status)| (status != expected).then_some((name, status));
    statuses.into_iter().filter_map(differs).collect()
}

/// A mistake, or none, and the differences that it makes.
type Expected<'a> = (Option<&'a str>, &'a [(&'a str, u16)]);

fn check(kind: Start, expected: &[Expected<'_>]) {
    for (mistake, expected) in expected {
        let Some(receiver) = start(kind, *mistake) else {
            return;
        };
        assert_eq!(differences(&receiver), *expected, "{mistake:?}");
        assert!(receiver.end().starts_with("events: "));
    }
}

/// The work takes 20 ms for each event, so it is not done when the good receiver has answered.
fn check_order(kind: Start) {
    for (mistake, events) in [(None, 500), (Some("answers-after-work"), 5)] {
        let Some(receiver) = start(kind, mistake) else {
            return;
        };
        let status = post(&receiver.url, &message(events), &[], "sesame");
        assert_eq!(status, 200);
        let is_done = receiver.end() == format!("events: {events} received\n");
        assert_eq!(is_done, mistake.is_some());
    }
}

#[test]
fn express_receivers_answer_as_documented() {
    check(
        RunningReceiver::express,
        &[
            (None, &[]),
            (
                Some("json-middleware"),
                // `req.body` is undefined without a content type, and `{}` for an empty body.
                &[
                    ("no content type", 500),
                    ("2,000 events", 413),
                    ("no body", 200),
                ],
            ),
            (Some("small-limit"), &[("2,000 events", 413)]),
        ],
    );
    check_order(RunningReceiver::express);
}

#[test]
fn flask_receivers_answer_as_documented() {
    check(
        RunningReceiver::flask,
        &[
            (None, &[]),
            (Some("request-json"), &[("no content type", 415)]),
        ],
    );
    check_order(RunningReceiver::flask);
}
