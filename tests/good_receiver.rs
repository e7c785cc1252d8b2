//! The good receiver of `examples/receivers/` does what it is a model of. `tests/support/scripted_api.rs`
//! is the API that it calls.
//!
//! That a receiver makes no request is seen by the next one, since its worker makes one at a time.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/receivers.rs"]
mod receivers;
#[path = "support/scripted_api.rs"]
mod scripted_api;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use mewshook::contract::{Kind, MAX_IDS, MESSAGE_THREADS};
use serde_json::{Value, json};
use ureq::Agent;

use receivers::RunningReceiver;
use receivers::example::MISTAKES;
use scripted_api::ScriptedApi;

const TOKEN: &str = "the secret of the URL";
const VARIABLES: &[(&str, &str)] = &[("URL_TOKEN", TOKEN), ("POS_SECRET", "topsecret")];

/// Returns an id, the same for the same number.
fn id(number: usize) -> String {
    format!("c2f1d888-232e-49eb-87ac-{number:012}")
}

/// An integration of an enterprise. Its token, ids and entities all contain its number.
#[derive(Clone, Copy)]
struct Hotel(usize);

impl Hotel {
    fn integration(self) -> Value {
        json!({ "Id": id(self.0), "Name": "Example" })
    }

    fn token(self) -> String {
        format!("token {}", self.0)
    }

    fn created(self) -> Value {
        json!({ "Action": "IntegrationCreated", "Data": {
            "Enterprise": { "Id": id(1000 + self.0), "Name": "Hotel" },
            "AccessToken": self.token(),
            "CreatedUtc": "2026-01-01T10:00:00Z",
            "IsEnabled": true,
            "Integration": self.integration(),
        } })
    }

    fn action(self, action: &str) -> Value {
        json!({ "Action": action, "Data": {
            "Integration": self.integration(),
            "DeletedUtc": "2026-01-02T10:00:00Z",
        } })
    }

    fn new_key(self, key: &str) -> Value {
        let mut event = self.action("IntegrationApiKeyCreated");
        event["Data"]["ApiKey"] = key.into();
        event
    }

    fn message(self, events: &[(&str, usize)]) -> Value {
        let event = |(name, number): &(&str, usize)| json!({ "Discriminator": name, "Value": { "Id": id(*number) } });
        let events: Vec<_> = events.iter().map(event).collect();
        json!({
            "EnterpriseId": id(1000 + self.0),
            "IntegrationId": id(self.0),
            "Events": events,
        })
    }
}

/// A receiver, and the API that it calls.
struct World {
    api: ScriptedApi,
    receiver: RunningReceiver,
    agent: Agent,
}

impl World {
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(arguments: &[&str]) -> Self {
        let api = ScriptedApi::start();
        let options = [
            "--api",
            &api.url,
            "--token-env",
            "URL_TOKEN",
            "--secret-env",
            "POS_SECRET",
        ];
        let arguments: Vec<_> = options.iter().chain(arguments).copied().collect();
        let receiver = RunningReceiver::start(&arguments, VARIABLES);
        let config = Agent::config_builder().http_status_as_error(false).build();
        Self {
            api,
            receiver,
            agent: config.into(),
        }
    }

    /// Posts a body as Mews does, and returns the status.
    fn post(&self, body: &[u8], headers: &[(&str, &str)], token: Option<&str>) -> u16 {
        let mut request = self.agent.post(&self.receiver.url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = token {
            request = request.query("Token", token);
        }
        request.send(body).unwrap().status().as_u16()
    }

    fn deliver(&self, payload: &Value) {
        let body = payload.to_string();
        assert_eq!(self.post(body.as_bytes(), &[], Some(TOKEN)), 200, "{body}");
    }

    /// Waits until nothing is fetched but the entity of this number, and returns the totals.
    fn end(self, marker: usize) -> String {
        let hotel = Hotel(999);
        self.deliver(&hotel.created());
        self.deliver(&hotel.message(&[("PaymentUpdated", marker)]));
        // It stays unanswered.
        let call = self.api.call();
        assert_eq!(call.ids(), [id(marker)]);
        self.receiver.end()
    }
}

#[test]
fn a_delivery_is_answered_before_it_is_fetched() {
    let world = World::new();
    world.deliver(&Hotel(1).created());
    world.deliver(&Hotel(1).message(&[("CustomerUpdated", 1)]));
    let call = world.api.call();
    // And while the request is not answered, the next deliveries are.
    world.deliver(&Hotel(1).message(&[("CustomerUpdated", 2)]));
    world.deliver(&Hotel(1).message(&[("CustomerUpdated", 3)]));
    call.answer_all();
    let call = world.api.call();
    assert_eq!(call.ids(), [id(2), id(3)]);
    call.answer(&[&id(3)], None);
    let totals = world.end(4);
    assert!(
        totals.starts_with("entities: 2 fetched, 1 missing, 0 given up, 0 waiting\n"),
        "{totals}"
    );
}

#[test]
fn all_events_are_fetched_each_entity_once() {
    let world = World::new();
    let hotel = Hotel(1);
    world.deliver(&hotel.created());
    let mut events = Vec::new();
    for number in 0..300 {
        events.push(("CustomerAdded", number));
        events.push(("CustomerUpdated", number));
        events.push(("SomethingNew", number));
    }
    events.extend((300..303).map(|number| ("ServiceOrderUpdated", number)));
    let mut message = hotel.message(&events);
    message["New"] = json!({ "Property": [1] });
    message["Events"][0]["New"] = json!(null);
    message["Events"][0]["Value"]["New"] = json!("value");
    message["Events"][2]["Value"] = json!({});
    world.deliver(&message);
    let mut requested = Vec::new();
    for _ in 0..2 {
        let call = world.api.call();
        let ids = call.ids().into_iter().map(str::to_owned);
        requested.push((call.operation.clone(), ids.collect::<Vec<_>>()));
        call.answer_all();
    }
    requested.sort();
    let expected = [
        ("customers/getAll".to_owned(), (0..300).map(id).collect()),
        (
            "reservations/getAll/2023-06-06".to_owned(),
            (300..303).map(id).collect(),
        ),
    ];
    assert_eq!(requested, expected);
    let totals = world.end(304);
    assert!(totals.contains("303 fetched, 0 missing"), "{totals}");
    assert!(totals.contains("events: 300 skipped"), "{totals}");
}

#[test]
fn a_request_has_at_most_a_thousand_ids() {
    let world = World::new();
    world.deliver(&Hotel(1).created());
    let events: Vec<_> = (0..2_300)
        .map(|number| ("PaymentUpdated", number))
        .collect();
    world.deliver(&Hotel(1).message(&events));
    let mut ids = BTreeSet::new();
    for length in [MAX_IDS, MAX_IDS, 300] {
        let call = world.api.call();
        assert_eq!(call.ids().len(), length);
        ids.extend(call.ids().into_iter().map(str::to_owned));
        call.answer_all();
    }
    assert_eq!(ids, (0..2_300).map(id).collect());
}

/// The contract's table says what the requests of each operation have.
#[test]
fn requests_have_what_their_operation_requires() {
    let world = World::new();
    let hotel = Hotel(1);
    world.deliver(&hotel.created());
    for (number, event) in Kind::General.events().enumerate() {
        let operation = event.fetch.unwrap().operation;
        world.deliver(&hotel.message(&[(event.name, number)]));
        if !operation.takes_entity_ids {
            let call = world.api.call();
            assert_eq!(call.operation, MESSAGE_THREADS.name);
            let interval = &call.request["UpdatedUtc"];
            assert!(interval["StartUtc"].as_str() < interval["EndUtc"].as_str());
            call.answer(&["thread 1"], Some("thread 1"));
            let call = world.api.call();
            let limitation = json!({ "Count": 1000, "Cursor": "thread 1" });
            assert_eq!(call.request["Limitation"], limitation);
            call.answer(&["thread 2"], None);
        }
        let call = world.api.call();
        assert_eq!(call.operation, operation.name, "{}", event.name);
        let mut expected = json!({
            "ClientToken": "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
            "AccessToken": "token 1",
            "Client": "Example receiver 1.0.0",
            "Limitation": { "Count": 1000 },
        });
        expected[operation.filter] = if operation.takes_entity_ids {
            json!([id(number)])
        } else {
            json!(["thread 1", "thread 2"])
        };
        if operation.takes_enterprise_ids {
            expected["EnterpriseIds"] = json!([id(1001)]);
        }
        match operation.name {
            "customers/getAll" => expected["Extent"] = json!({ "Customers": true }),
            "resources/getAll" => {
                expected["Extent"] = json!({ "Resources": true, "Inactive": true });
            }
            "resourceBlocks/getAll" => expected["ActivityStates"] = json!(["Active", "Deleted"]),
            _ => {}
        }
        assert_eq!(call.request, expected);
        call.answer(&[&id(number)], None);
    }
    let totals = world.end(100);
    assert!(
        totals.starts_with("entities: 7 fetched, 0 missing"),
        "{totals}"
    );
}

#[test]
fn all_pages_are_read() {
    let world = World::new();
    world.deliver(&Hotel(1).created());
    let events: Vec<_> = (0..5).map(|number| ("PaymentUpdated", number)).collect();
    world.deliver(&Hotel(1).message(&events));
    world.api.call().answer(&[&id(4), &id(3)], Some(&id(3)));
    let call = world.api.call();
    assert_eq!(call.request["Limitation"]["Cursor"], id(3));
    assert_eq!(call.ids().len(), 5);
    call.answer(&[&id(2)], Some(&id(2)));
    // An empty page is the last one, whatever its cursor.
    world.api.call().answer(&[], Some(&id(2)));
    let totals = world.end(100);
    assert!(totals.contains("3 fetched, 2 missing"), "{totals}");
}

#[test]
fn each_enterprise_is_fetched_with_its_token() {
    let world = World::new();
    world.deliver(&Hotel(1).created());
    world.deliver(&Hotel(2).created());
    for (hotel, number) in [(Hotel(2), 1), (Hotel(1), 2), (Hotel(2), 3)] {
        world.deliver(&hotel.message(&[("ResourceUpdated", number)]));
        let call = world.api.call();
        assert_eq!(call.token(), hotel.token());
        assert_eq!(call.request["EnterpriseIds"], json!([id(1000 + hotel.0)]));
        assert_eq!(call.ids(), [id(number)]);
        call.answer_all();
    }
}

#[test]
fn too_many_requests_are_made_again_after_the_wait() {
    let world = World::new();
    world.deliver(&Hotel(1).created());
    world.deliver(&Hotel(1).message(&[("PaymentUpdated", 1)]));
    let call = world.api.call();
    world.deliver(&Hotel(1).message(&[("PaymentUpdated", 2)]));
    let start = Instant::now();
    call.refuse(429, Some(1));
    // Others do not wait.
    world.deliver(&Hotel(2).created());
    world.deliver(&Hotel(2).message(&[("PaymentUpdated", 3)]));
    let call = world.api.call();
    assert_eq!(call.token(), Hotel(2).token());
    call.answer_all();
    let call = world.api.call();
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(call.ids(), [id(1), id(2)]);
    call.answer_all();
    assert!(
        world
            .end(4)
            .starts_with("entities: 3 fetched, 0 missing, 0 given up")
    );
}

/// The same message may be a second event, whatever its discriminator.
#[test]
fn repeated_messages_are_fetched_again() {
    let world = World::new();
    world.deliver(&Hotel(1).created());
    for name in ["CustomerUpdated", "CustomerUpdated", "CustomerAdded"] {
        world.deliver(&Hotel(1).message(&[(name, 1)]));
        let call = world.api.call();
        assert_eq!(call.ids(), [id(1)]);
        call.answer_all();
    }
}

#[test]
fn a_wrong_request_is_not_made_again() {
    let world = World::new();
    world.deliver(&Hotel(1).created());
    world.deliver(&Hotel(1).message(&[("PaymentUpdated", 1), ("PaymentUpdated", 2)]));
    world.api.call().refuse(400, None);
    assert!(
        world
            .end(3)
            .starts_with("entities: 0 fetched, 0 missing, 2 given up, 0 waiting")
    );
}

#[test]
fn the_next_request_has_the_new_key() {
    let world = World::new();
    let hotel = Hotel(1);
    let fetch = |number, token: &str| {
        world.deliver(&hotel.message(&[("CustomerUpdated", number)]));
        let call = world.api.call();
        assert_eq!(call.token(), token);
        call
    };
    world.deliver(&hotel.created());
    fetch(1, "token 1").answer_all();
    world.deliver(&hotel.new_key("key"));
    fetch(2, "key").answer_all();
    // A repeated delivery does not bring the old token back.
    world.deliver(&hotel.created());
    fetch(3, "key").answer_all();
    // A token that is refused is not used again, and nothing is lost.
    fetch(4, "key").refuse(401, None);
    world.deliver(&Hotel(2).created());
    world.deliver(&Hotel(2).message(&[("CustomerUpdated", 5)]));
    let call = world.api.call();
    assert_eq!(call.token(), "token 2");
    call.answer_all();
    world.deliver(&hotel.new_key("newer key"));
    let call = world.api.call();
    assert_eq!((call.token(), call.ids()), ("newer key", vec![&*id(4)]));
}

#[test]
fn integrations_that_are_not_active_are_left_alone() {
    let marker = Hotel(2);
    for (end, start) in [
        ("IntegrationDisabled", Some("IntegrationEnabled")),
        ("IntegrationCanceled", Some("IntegrationReinstated")),
        ("IntegrationDeleted", None),
    ] {
        let world = World::new();
        let hotel = Hotel(1);
        let next_is = |hotel: Hotel, number| {
            let call = world.api.call();
            assert_eq!(
                (call.token(), call.ids()),
                (&*hotel.token(), vec![&*id(number)]),
                "{end}"
            );
            call.answer_all();
        };
        world.deliver(&hotel.created());
        world.deliver(&marker.created());
        world.deliver(&hotel.action(end));
        world.deliver(&hotel.message(&[("CustomerUpdated", 1)]));
        // Also not after a repeated delivery, in whatever order it comes.
        world.deliver(&hotel.created());
        world.deliver(&marker.message(&[("CustomerUpdated", 2)]));
        next_is(marker, 2);
        if let Some(start) = start {
            world.deliver(&hotel.action(start));
            next_is(hotel, 1);
        } else {
            world.deliver(&hotel.action("IntegrationEnabled"));
            world.deliver(&marker.message(&[("CustomerUpdated", 3)]));
            next_is(marker, 3);
        }
    }
}

/// What is being fetched when an integration is deleted does not come back.
#[test]
fn a_deletion_drops_what_waits() {
    let world = World::new();
    world.deliver(&Hotel(1).created());
    world.deliver(&Hotel(1).message(&[("CustomerUpdated", 1), ("PaymentUpdated", 2)]));
    let call = world.api.call();
    world.deliver(&Hotel(1).action("IntegrationDeleted"));
    call.refuse(429, Some(0));
    let totals = world.end(3);
    assert!(
        totals.starts_with("entities: 0 fetched, 0 missing, 0 given up, 0 waiting"),
        "{totals}"
    );
}

#[test]
fn events_before_the_integration_wait_for_it() {
    let world = World::new();
    world.deliver(&Hotel(1).message(&[("CustomerUpdated", 1)]));
    world.deliver(&Hotel(1).new_key("key"));
    let call = world.api.call();
    assert_eq!((call.token(), call.ids()), ("key", vec![&*id(1)]));
    call.answer_all();
    world.deliver(&Hotel(2).message(&[("CustomerUpdated", 2)]));
    world.deliver(&Hotel(2).created());
    assert_eq!(world.api.call().ids(), [id(2)]);
}

#[test]
fn requests_are_refused_with_the_right_status() {
    let world = World::new();
    let message = Hotel(1).message(&[("CustomerUpdated", 1)]).to_string();
    let message = message.as_bytes();
    assert_eq!(world.post(message, &[], Some(TOKEN)), 200);
    let json = [("Content-Type", "application/json; charset=utf-8")];
    assert_eq!(world.post(message, &json, Some(TOKEN)), 200);
    assert_eq!(world.post(message, &[], Some("the secret of the URl")), 401);
    assert_eq!(world.post(message, &[], Some("")), 401);
    assert_eq!(world.post(message, &[], None), 401);
    for broken in ["", "{", "{} {}", "Events=1", "\u{feff}{}"] {
        assert_eq!(
            world.post(broken.as_bytes(), &[], Some(TOKEN)),
            400,
            "{broken}"
        );
    }
    assert_eq!(world.post(b"\"\xff\"", &[], Some(TOKEN)), 400);
    // Not understood, but nothing that another attempt would change.
    for other in [
        "1",
        "[]",
        "{}",
        "{\"Action\": \"IntegrationCreated\", \"Data\": {}}",
    ] {
        assert_eq!(
            world.post(other.as_bytes(), &[], Some(TOKEN)),
            200,
            "{other}"
        );
    }
    let get = world.agent.get(&world.receiver.url).query("Token", TOKEN);
    assert_eq!(get.call().unwrap().status(), 405);
    assert!(
        world
            .receiver
            .end()
            .ends_with("deliveries: 4 not understood\n")
    );
}

#[test]
fn bodies_have_a_limit() {
    const LIMIT: usize = 16 * 1024 * 1024;
    let world = World::new();
    let mut body = vec![b' '; LIMIT];
    body[..2].copy_from_slice(b"{}");
    assert_eq!(world.post(&body, &[], Some(TOKEN)), 200);
    body.push(b' ');
    assert_eq!(world.post(&body, &[], Some(TOKEN)), 413);
}

#[test]
fn a_connection_stays_open() {
    const REQUEST: &[u8] = b"POST /mews HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
    let receiver = RunningReceiver::start(&[], &[]);
    let address = receiver.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address.split_once('/').unwrap().0).unwrap();
    for _ in 0..3 {
        stream.write_all(REQUEST).unwrap();
        let mut status = [0; 15];
        stream.read_exact(&mut status).unwrap();
        assert_eq!(&status, b"HTTP/1.1 200 OK");
        let mut last = [0; 4];
        while last != *b"\r\n\r\n" {
            last.rotate_left(1);
            stream.read_exact(&mut last[3..]).unwrap();
        }
    }
}

/// The signatures are from `openssl dgst -sha256 -hmac topsecret`.
#[test]
fn only_the_right_signature_is_accepted() {
    const BODY: &[u8] = br#"{"data": {"id": "1", "type": "bookings", "attributes": {"status": "seated", "updatedAt": "2026-01-01T10:00:00Z"}}, "meta": {"eventType": "booking.status.updated"}}"#;
    const RIGHT: &str = "uWDcpO4e0EVsTOBbPBmTK40u70kHJTHQN8i9nGykj0A=";
    const HEX: &str = "b960dca4ee1ed0456c4ce05b3c19932b8d2eef49072531d037c8bd9c6ca48f40";
    let world = World::new();
    let post = |body: &[u8], signature: Option<&str>| {
        let header = signature.map(|signature| ("x-signature", signature));
        world.post(body, header.as_slice(), Some(TOKEN))
    };
    assert_eq!(post(BODY, Some(RIGHT)), 200);
    let mut wrong = vec![
        None,
        Some(""),
        Some(HEX),
        Some(&RIGHT[..8]),
        Some(&RIGHT[..43]),
    ];
    let doubled = RIGHT.repeat(2);
    let lower = RIGHT.to_ascii_lowercase();
    wrong.extend([Some(&*doubled), Some(&*lower)]);
    for signature in wrong {
        assert_eq!(post(BODY, signature), 401, "{signature:?}");
    }
    let spaced = [BODY, b" "].concat();
    // Also if the change makes it invalid.
    let misspelt = String::from_utf8(BODY.to_vec())
        .unwrap()
        .replace("status", "statuz");
    for changed in [&*spaced, misspelt.as_bytes(), &BODY.to_ascii_lowercase()] {
        assert_eq!(post(changed, Some(RIGHT)), 401);
    }
    assert!(world.receiver.end().contains("1 POS\n"));

    let without_secret = RunningReceiver::start(&[], &[]);
    let request = ureq::post(&without_secret.url).header("X-Signature", RIGHT);
    let error = request.send(BODY).unwrap_err();
    assert!(matches!(error, ureq::Error::StatusCode(401)), "{error}");
}

/// Each mistake is one: other deliveries are accepted, if they are as this receiver wants them.
#[test]
fn receivers_with_mistakes_accept_a_simple_delivery() {
    for mistake in MISTAKES {
        let world = World::with(&["--mistake", mistake.name]);
        let message = Hotel(1).message(&[("CustomerUpdated", 1)]).to_string();
        let json = [("Content-Type", "application/json")];
        let status = world.post(message.as_bytes(), &json, Some(TOKEN));
        assert_eq!(status, 200, "{}", mistake.name);
        world.receiver.end();
    }
}

/// The good receiver does all of this right, as the tests above show.
#[test]
fn late_and_repeated_deliveries_expose_mistakes() {
    let hotel = Hotel(1);
    for (mistake, first, second) in [
        ("drops-repeated-body", "CustomerUpdated", "CustomerUpdated"),
        ("drops-late-added", "CustomerUpdated", "CustomerAdded"),
    ] {
        let world = World::with(&["--mistake", mistake]);
        world.deliver(&hotel.created());
        world.deliver(&hotel.message(&[(first, 1)]));
        world.api.call().answer_all();
        world.deliver(&hotel.message(&[(second, 1)]));
        world.deliver(&hotel.message(&[(first, 2)]));
        assert_eq!(world.api.call().ids(), [id(2)], "{mistake}");
    }

    let world = World::with(&["--mistake", "applies-created-again"]);
    for event in [hotel.created(), hotel.new_key("key"), hotel.created()] {
        world.deliver(&event);
    }
    world.deliver(&hotel.message(&[("CustomerUpdated", 1)]));
    assert_eq!(world.api.call().token(), "token 1");

    let world = World::with(&["--mistake", "drops-early-events"]);
    world.deliver(&hotel.message(&[("CustomerUpdated", 1)]));
    world.deliver(&hotel.created());
    world.deliver(&hotel.message(&[("CustomerUpdated", 2)]));
    assert_eq!(world.api.call().ids(), [id(2)]);
}

#[test]
fn the_list_and_the_documentation_have_every_mistake() {
    let mut printed = Vec::new();
    let arguments = ["receivers", "--list"].map(Into::into);
    receivers::example::run(arguments, &|_| None, std::io::empty(), &mut printed);
    let printed = String::from_utf8(printed).unwrap();
    let documented = include_str!("../examples/receivers/README.md");
    let mut names = BTreeSet::new();
    for mistake in MISTAKES {
        assert!(
            names.insert(mistake.name),
            "{} is listed twice",
            mistake.name
        );
        let line = format!("{:26}  {}\n", mistake.name, mistake.summary);
        assert!(printed.contains(&line), "{line}{printed}");
        let row = format!("| `{}` | {} |", mistake.name, mistake.summary);
        assert!(documented.contains(&row), "the README has no row {row}");
    }
    assert_eq!(printed.lines().count(), names.len());
}

#[test]
fn a_secret_that_is_not_set_is_an_error() {
    for value in [None, Some(String::new())] {
        let arguments = ["receivers", "--token-env", "URL_TOKEN"].map(Into::into);
        let mut printed = Vec::new();
        let code = receivers::example::run(
            arguments,
            &|_| value.clone(),
            std::io::empty(),
            &mut printed,
        );
        assert_eq!(code, std::process::ExitCode::from(3));
        assert!(printed.is_empty());
    }
}
