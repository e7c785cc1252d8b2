//! Plans have each entity that general messages name once, in requests as the documentation has them.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::collections::BTreeSet;

use mewshook::contract::Kind;
use mewshook::frame::{CaptureMode, FrameKind, Frames, Next};
use proptest::prelude::*;
use serde_json::{Value, json};

use support::printed::printed;
use support::{Trickle, cases};

const HOTELS: [&str; 2] = [
    "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
    "c66ef7b2-39d2-4632-943d-115ede9cb810",
];

/// The events of the documentation in its order, and the operations that fetch their entities.
const OPERATIONS: [(&str, &str); 7] = [
    ("ServiceOrderUpdated", "reservations/getAll/2023-06-06"),
    ("ResourceUpdated", "resources/getAll"),
    ("MessageAdded", "messages/getAll"),
    ("ResourceBlockUpdated", "resourceBlocks/getAll"),
    ("CustomerAdded", "customers/getAll"),
    ("CustomerUpdated", "customers/getAll"),
    ("PaymentUpdated", "payments/getAll"),
];

/// Returns a general message.
fn message(enterprise: &str, events: &[(&str, &str)]) -> Value {
    let events = events.iter();
    let events = events.map(|(name, id)| json!({"Discriminator": name, "Value": {"Id": id}}));
    json!({
        "EnterpriseId": enterprise,
        "IntegrationId": HOTELS[1],
        "Events": events.collect::<Vec<_>>(),
    })
}

/// Returns the plan of messages, which arrive in small batches.
fn plan(messages: &[Value], format: &str, threads: usize) -> String {
    let lines = messages.iter().map(|message| format!("{message}\n"));
    let reader = Trickle::new(&lines.collect::<String>(), vec![2_000]);
    printed(
        Frames::from_reader(reader),
        &format!("plan {format}"),
        threads,
    )
}

/// Returns the lines of the plan in NDJSON.
fn lines(messages: &[Value], threads: usize) -> Vec<Value> {
    let printed = plan(messages, "ndjson", threads);
    let lines = printed.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The bodies that the documentation of 2026-08-07 asks for, spelled out. Extents and activity states are
/// those with which inactive and deleted entities are returned, too.
#[test]
fn requests_are_those_of_the_documentation() {
    let id = "bfee2c44-1f84-4326-a862-5289598f6e2d";
    let hotel = HOTELS[0];
    let bodies = [
        (
            "ServiceOrderUpdated",
            json!({"EnterpriseIds": [hotel], "ReservationIds": [id]}),
        ),
        (
            "ResourceUpdated",
            json!({
                "EnterpriseIds": [hotel],
                "ResourceIds": [id],
                "Extent": {"Resources": true, "Inactive": true},
            }),
        ),
        (
            "ResourceBlockUpdated",
            json!({
                "EnterpriseIds": [hotel],
                "ResourceBlockIds": [id],
                "ActivityStates": ["Active", "Deleted"],
            }),
        ),
        (
            "CustomerAdded",
            json!({"CustomerIds": [id], "Extent": {"Customers": true}}),
        ),
        (
            "CustomerUpdated",
            json!({"CustomerIds": [id], "Extent": {"Customers": true}}),
        ),
        (
            "PaymentUpdated",
            json!({"EnterpriseIds": [hotel], "PaymentIds": [id]}),
        ),
    ];
    let mut tested = vec!["MessageAdded"];
    for (name, own) in bodies {
        let mut body = json!({
            "ClientToken": "{{clientToken}}",
            "AccessToken": "{{accessToken}}",
            "Client": "{{client}}",
        });
        body.as_object_mut()
            .unwrap()
            .extend(own.as_object().unwrap().clone());
        body["Limitation"] = json!({"Count": 1000});
        let (_, operation) = OPERATIONS.iter().find(|(event, _)| *event == name).unwrap();
        let expected = json!({
            "version": 1,
            "enterprise": hotel,
            "request": 1,
            "operation": operation,
            "discriminators": [name],
            "ids": 1,
            "earliest_seconds": 0,
            "method": "POST",
            "path": format!("/api/connector/v1/{operation}"),
            "body": body,
        });
        let printed = plan(&[message(hotel, &[(name, id)])], "ndjson", 1);
        // As text, since the order of properties is that of the documentation, too.
        assert_eq!(printed, format!("{expected}\n"));
        tested.push(name);
    }
    let documented = Kind::General.events().map(|event| event.name);
    assert_eq!(
        tested.into_iter().collect::<BTreeSet<_>>(),
        documented.collect()
    );
}

/// No operation takes the ids of messages, so the plan has the requests for their threads instead.
#[test]
fn messages_have_no_request() {
    let id = "4BFE4675-98A9-4428-9EA9-AE5300DBAA93";
    let messages = [message(
        HOTELS[0],
        &[("MessageAdded", id), ("MessageAdded", id)],
    )];
    let lines = lines(&messages, 1);
    let [line] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(line["request"], Value::Null);
    assert_eq!(line["operation"], "messages/getAll");
    assert_eq!(line["entity_ids"], json!([id.to_lowercase()]));
    assert!(
        line["reason"]
            .as_str()
            .unwrap()
            .contains("messageThreads/getAll"),
        "{line}"
    );
    let instead = line["instead"].as_array().unwrap();
    let [threads, messages] = &instead[..] else {
        panic!("{line}");
    };
    assert_eq!(threads["path"], "/api/connector/v1/messageThreads/getAll");
    let interval = json!({"StartUtc": "{{startUtc}}", "EndUtc": "{{endUtc}}"});
    assert_eq!(threads["body"]["UpdatedUtc"], interval);
    assert_eq!(threads["body"].get("MessageThreadIds"), None);
    assert_eq!(messages["path"], "/api/connector/v1/messages/getAll");
    assert_eq!(
        messages["body"]["MessageThreadIds"],
        json!(["{{messageThreadId}}"])
    );
}

/// An event: the number of its name, the number of its entity, and whether the id is in upper case.
type Named = (usize, usize, bool);

/// Returns the id of an entity. Some are invalid.
fn id((_, entity, is_upper): Named) -> String {
    match entity {
        0 => "not an id".to_owned(),
        _ if is_upper => format!("{entity:08X}-ABCD-4432-943D-115EDE9CB810"),
        _ => format!("{entity:08x}-abcd-4432-943d-115ede9cb810"),
    }
}

/// Returns a strategy for messages of two enterprises and an invalid one, with events about a few
/// entities, or about a run of many.
fn any_message() -> impl Strategy<Value = Value> {
    let few = prop::collection::vec((0..9_usize, 0..12_usize, any::<bool>()), 0..12);
    let many = (0..9_usize, 1..900_usize, 1..700_usize, any::<bool>());
    let many = many.prop_map(|(name, first, count, is_upper)| {
        let entities = first..first + count;
        entities
            .map(|entity| (name, entity, is_upper))
            .collect::<Vec<Named>>()
    });
    let events = prop_oneof![3 => few, 1 => many];
    (0..3_usize, events).prop_map(|(enterprise, events)| {
        let enterprise = HOTELS.get(enterprise).unwrap_or(&"unknown");
        let events = events.into_iter().map(|event| {
            let listed = OPERATIONS.get(event.0).map(|(name, _)| *name);
            (listed.unwrap_or("ResourceDeleted"), id(event))
        });
        let events: Vec<_> = events.collect();
        let events: Vec<_> = events.iter().map(|(name, id)| (*name, &**id)).collect();
        message(enterprise, &events)
    })
}

/// Entities of one enterprise and operation, in order of first occurrence, with the events that name each.
type Group = (String, &'static str, Vec<(String, BTreeSet<&'static str>)>);

/// Returns the entities that messages name, without the program: a search through all of them.
fn model(messages: &[Value]) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut enterprises: Vec<&Value> = Vec::new();
    for message in messages {
        if !enterprises.contains(&&message["EnterpriseId"]) {
            enterprises.push(&message["EnterpriseId"]);
        }
    }
    let mut operations: Vec<&'static str> = OPERATIONS.iter().map(|(_, name)| *name).collect();
    operations.dedup();
    for enterprise in enterprises.into_iter().filter(|id| *id != "unknown") {
        for operation in &operations {
            let mut entities: Vec<(String, BTreeSet<_>)> = Vec::new();
            let own = messages
                .iter()
                .filter(|message| message["EnterpriseId"] == *enterprise);
            for event in own.flat_map(|message| message["Events"].as_array().unwrap()) {
                let id = event["Value"]["Id"].as_str().unwrap().to_lowercase();
                let listed = OPERATIONS.iter().find(|(name, fetch)| {
                    event["Discriminator"] == *name && fetch == operation && id.len() == 36
                });
                let Some((name, _)) = listed else {
                    continue;
                };
                match entities.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, names)) => drop(names.insert(*name)),
                    None => entities.push((id, BTreeSet::from([*name]))),
                }
            }
            if !entities.is_empty() {
                groups.push((
                    enterprise.as_str().unwrap().to_owned(),
                    *operation,
                    entities,
                ));
            }
        }
    }
    groups
}

/// Returns the ids in a line of a plan.
fn ids(line: &Value) -> Vec<&str> {
    let ids = if line["request"].is_null() {
        &line["entity_ids"]
    } else {
        let body = line["body"].as_object().unwrap();
        let is_filter = |name: &str| name.ends_with("Ids") && name != "EnterpriseIds";
        body.iter().find(|(name, _)| is_filter(name)).unwrap().1
    };
    let ids = ids.as_array().unwrap().iter();
    ids.map(|id| id.as_str().unwrap()).collect()
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn each_entity_is_in_one_request(
        messages in prop::collection::vec(any_message(), 0..10),
        threads in 2..5_usize,
    ) {
        let lines = lines(&messages, 1);
        let of_many_threads = plan(&messages, "human", threads);
        prop_assert_eq!(plan(&messages, "human", 1), of_many_threads);

        // The groups of the model, cut into requests of a thousand ids. Within an enterprise, what has no
        // request comes last.
        let mut expected = Vec::new();
        for (enterprise, operation, entities) in model(&messages) {
            for part in entities.chunks(1000) {
                let names: BTreeSet<_> = part.iter().flat_map(|(_, names)| names).collect();
                let ids: Vec<_> = part.iter().map(|(id, _)| id.clone()).collect();
                let names: Vec<_> = names.into_iter().copied().collect();
                expected.push((enterprise.clone(), operation, names, ids));
            }
        }
        let has_request = |operation: &str| operation != "messages/getAll";
        let order: Vec<_> = expected.iter().map(|(enterprise, ..)| enterprise.clone()).collect();
        let place = |enterprise: &String| order.iter().position(|known| known == enterprise);
        expected.sort_by_key(|(enterprise, operation, ..)| {
            (place(enterprise), !has_request(operation))
        });

        prop_assert_eq!(lines.len(), expected.len());
        let mut number = 0;
        let mut last = "";
        for (line, (enterprise, operation, names, found)) in lines.iter().zip(&expected) {
            prop_assert_eq!(&line["enterprise"], enterprise);
            prop_assert_eq!(&line["operation"], operation);
            prop_assert_eq!(&line["discriminators"], &json!(names));
            prop_assert_eq!(ids(line), found.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(&line["ids"], found.len());
            if last != enterprise {
                (number, last) = (0, enterprise);
            }
            number += 1;
            let expected_number = has_request(operation).then_some(number);
            prop_assert_eq!(&line["request"], &json!(expected_number));
        }
    }

    /// Our own reader cuts a `.http` file at its requests, with their bodies.
    #[test]
    fn http_files_can_be_read(messages in prop::collection::vec(any_message(), 1..6)) {
        let lines = lines(&messages, 1);
        let bodies = lines.iter().flat_map(|line| match &line["instead"] {
            Value::Array(instead) => instead.iter().map(|it| it["body"].clone()).collect(),
            _ => vec![line["body"].clone()],
        });
        // There, each enterprise has a placeholder of its own for its token.
        let bodies: Vec<Value> = bodies.collect();
        let http = plan(&messages, "http", 1);
        let mut read = Vec::new();
        let frames = Frames::from_bytes(http.clone().into_bytes());
        let mut frames = frames.with_mode(CaptureMode::Text);
        loop {
            match frames.next().unwrap() {
                Next::Batch(batch) => read.extend(batch.frames().map(|frame| {
                    assert_eq!(frame.kind, FrameKind::Http, "{http}");
                    String::from_utf8(frame.payload.text.to_vec()).unwrap()
                })),
                Next::Idle => {}
                Next::End => break,
            }
        }
        for (request, expected) in read.iter().zip(&bodies) {
            let (head, body) = request.split_once("\n\n").unwrap();
            prop_assert!(head.starts_with("POST {{platformAddress}}/api/connector/v1/"), "{}", head);
            let mut body: Value = serde_json::from_str(body).unwrap();
            let token = body["AccessToken"].as_str().unwrap().to_owned();
            let enterprise = HOTELS.iter().find(|id| token == format!("{{{{accessToken-{id}}}}}"));
            prop_assert!(enterprise.is_some(), "{}", token);
            if let Some(ids) = body.get("EnterpriseIds") {
                prop_assert_eq!(ids, &json!([enterprise]));
            }
            let meaning = format!("# - accessToken-{}: ", enterprise.unwrap());
            prop_assert!(http.contains(&meaning), "{}", http);
            body["AccessToken"] = "{{accessToken}}".into();
            prop_assert_eq!(&body, expected);
        }
        prop_assert_eq!(read.len(), bodies.len());
    }
}
