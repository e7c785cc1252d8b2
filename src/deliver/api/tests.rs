//! Tests of the fake API: each operation of the contract's table, by requests as a handler sends them.

mod calls;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::{ApiClock, FakeApi, RateLimit, TokenUse};
use crate::contract::{CONNECTOR_PATH, MESSAGE_THREADS, Operation, is_uuid};
use crate::deliver::server::{Reply, Request, RequestHeader, Response};

const HOTEL: &str = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const OTHER_HOTEL: &str = "4d0201db-36f5-428b-8d11-4f0a65e960cc";

/// 2026-03-01T00:00:00Z
const START: i64 = 1_772_323_200;

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// An API with a clock that stands still until a test moves it.
fn api() -> (FakeApi, Arc<AtomicU64>) {
    let milliseconds = Arc::new(AtomicU64::new(0));
    let start = chrono::DateTime::from_timestamp(START, 0).unwrap();
    let time = Arc::clone(&milliseconds);
    let clock = ApiClock::new(start, move || {
        Duration::from_millis(time.load(Ordering::SeqCst))
    });
    let api = FakeApi::new(clock);
    api.add_token("TOKEN", HOTEL, "the token", RateLimit::DOCUMENTED);
    api.add_token(
        "OTHER",
        OTHER_HOTEL,
        "the other token",
        RateLimit::DOCUMENTED,
    );
    (api, milliseconds)
}

fn respond(api: &FakeApi, method: &str, name: &str, body: &str) -> (Response, Value) {
    let request = Request {
        method: method.to_owned(),
        target: format!("{CONNECTOR_PATH}{name}"),
        head: Vec::new(),
        headers: Vec::<RequestHeader>::new(),
        body: body.as_bytes().to_vec(),
        received: SystemTime::UNIX_EPOCH,
        peer: SocketAddr::from((Ipv4Addr::LOCALHOST, 1)),
        connection: 0,
    };
    let Reply::Respond(response) = api.answer(&request) else {
        panic!("no response");
    };
    let body = serde_json::from_slice(&response.body).unwrap();
    (response, body)
}

/// Returns a request that is accepted, for these ids.
fn valid(operation: &Operation, ids: &[String]) -> Value {
    let mut body = json!({
        "ClientToken": "CLIENT", "AccessToken": "TOKEN", "Client": "Test 1.0",
        "Limitation": { "Count": 1000 },
        operation.filter: ids,
    });
    if operation.name == "resources/getAll" {
        body["Extent"] = json!({ "Resources": true });
    }
    if operation.name == "customers/getAll" {
        body["Extent"] = json!({ "Customers": true });
    }
    body
}

fn post(api: &FakeApi, operation: &Operation, body: &Value) -> (u16, Value) {
    let (response, body) = respond(api, "POST", operation.name, &body.to_string());
    (response.status, body)
}

/// Returns the status and the message of a refused request.
fn refused(api: &FakeApi, operation: &Operation, body: &Value) -> (u16, String) {
    let (status, body) = post(api, operation, body);
    assert!(body["RequestId"].is_string(), "{body}");
    (status, body["Message"].as_str().unwrap().to_owned())
}

fn returned_ids(operation: &Operation, body: &Value) -> Vec<String> {
    let entities = body[operation.response].as_array().unwrap();
    let ids = entities.iter().map(|entity| entity["Id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

/// Adds entities, and returns the ids that the filter of the operation takes.
fn add(
    api: &FakeApi,
    operation: &'static Operation,
    enterprise: &str,
    count: usize,
) -> Vec<String> {
    (0..count)
        .map(|number| {
            let id = id(number);
            api.add_entity(operation, enterprise, &id);
            if operation.takes_entity_ids {
                id
            } else {
                super::details::thread_id(&id)
            }
        })
        .collect()
}

#[test]
fn every_operation_returns_the_entities_of_its_filter() {
    for operation in Operation::all() {
        let (api, _) = api();
        let ids = add(&api, operation, HOTEL, 3);
        let mut upper: Vec<_> = ids[..2].iter().map(|id| id.to_uppercase()).collect();
        upper.push(id(77));
        let (status, body) = post(&api, operation, &valid(operation, &upper));
        assert_eq!(status, 200, "{body}");
        // The newest come first.
        assert_eq!(
            returned_ids(operation, &body),
            [id(1), id(0)],
            "{}",
            operation.name
        );
        assert_eq!(body["Cursor"], id(0));
        let call = &api.calls_since(0)[0];
        assert_eq!(call.operation, operation.name);
        assert_eq!(call.token, TokenUse::Known("the token".to_owned()));
        assert_eq!(call.ids, [ids[0].clone(), ids[1].clone(), id(77)]);
        assert!(call.is_for(&id(0)) && !call.is_for(&id(2)));
        // The other enterprise's token doesn't open them.
        let mut other = valid(operation, &ids);
        other["AccessToken"] = json!("OTHER");
        let (status, body) = post(&api, operation, &other);
        assert_eq!((status, &body["Cursor"]), (200, &Value::Null));
    }
}

/// The properties that the documentation's tables mark as required, without those that are deprecated.
#[test]
fn entities_have_the_required_properties() {
    let required = [
        "Id ServiceId AccountId AccountType CreatorProfileId UpdaterProfileId Number State Origin CreatedUtc \
         UpdatedUtc Options RateId GroupId RequestedResourceCategoryId AssignedResourceLocked ScheduledStartUtc \
         ScheduledEndUtc PersonCounts",
        "Id EnterpriseId IsActive Name State Descriptions CreatedUtc UpdatedUtc Data ExternalNames Directions",
        "Id MessageThreadId Text Sender CreatedUtc",
        "Id EnterpriseId AssignedResourceId IsActive Type StartUtc EndUtc CreatedUtc UpdatedUtc Name",
        "Id ChainId Number LastName HasOtaEmail CreatedUtc UpdatedUtc Classifications Options IsActive \
         PreferredSpaceFeatures CreatorProfileId UpdaterProfileId",
        "Id EnterpriseId AccountId AccountType Amount OriginalAmount CreatedUtc UpdatedUtc SettlementUtc \
         AccountingState State Type",
        "Id OriginalSender Subject CreatedUtc UpdatedUtc IsResolved",
    ];
    for (operation, required) in Operation::all().zip(required) {
        let (api, _) = api();
        let ids = add(&api, operation, HOTEL, 1);
        let (_, first) = post(&api, operation, &valid(operation, &ids));
        let entity = &first[operation.response][0];
        for name in required.split_whitespace() {
            let value = entity.get(name);
            assert!(
                value.is_some_and(|value| !value.is_null()),
                "{name} in {entity}"
            );
        }
        for (name, value) in entity.as_object().unwrap() {
            if name.ends_with("Id") {
                assert!(is_uuid(value.as_str().unwrap()), "{name}: {value}");
            }
        }
        // Two minutes before it was added.
        assert_eq!(entity["CreatedUtc"], "2026-02-28T23:58:00Z");
        let (_, again) = post(&api, operation, &valid(operation, &ids));
        assert_eq!(first, again);
        assert_eq!(api.change_entity(&id(0)), 2);
        let (_, changed) = post(&api, operation, &valid(operation, &ids));
        assert_eq!(
            changed == first,
            *operation == MESSAGE_THREADS,
            "{}",
            operation.name
        );
        let returned: Vec<_> = api
            .calls_since(0)
            .into_iter()
            .map(|it| it.returned[0].version)
            .collect();
        assert_eq!(returned, [1, 1, 2]);
    }
}

#[test]
fn requests_without_a_required_property_are_refused() {
    for operation in Operation::all() {
        let (api, _) = api();
        let ids = add(&api, operation, HOTEL, 1);
        let without = |name: &str| {
            let mut body = valid(operation, &ids);
            body.as_object_mut().unwrap().remove(name);
            refused(&api, operation, &body)
        };
        assert_eq!(without("ClientToken").0, 401);
        assert_eq!(without("AccessToken").0, 401);
        assert_eq!(without("Client").0, 400);
        assert_eq!(
            without("Limitation").1,
            "Invalid Limitation: it is required"
        );
        if ["resources/getAll", "customers/getAll"].contains(&operation.name) {
            assert_eq!(
                without("Extent"),
                (400, "Invalid Extent: it is required".to_owned())
            );
        }
        for limitation in [
            json!({}),
            json!({"Count": 0}),
            json!({"Count": 1001}),
            json!({"Count": "9"}),
        ] {
            let mut body = valid(operation, &ids);
            body["Limitation"] = limitation;
            assert_eq!(refused(&api, operation, &body).0, 400);
        }
        let mut body = valid(operation, &ids);
        body["AccessToken"] = json!("WRONG");
        assert_eq!(
            refused(&api, operation, &body),
            (401, "Invalid AccessToken".to_owned())
        );
        assert_eq!(api.calls_since(0).last().unwrap().token, TokenUse::Unknown);
        api.revoke_token("TOKEN");
        assert_eq!(refused(&api, operation, &valid(operation, &ids)).0, 401);
    }
}

/// The rule of each operation for requests without its own filter, as the documentation's tables have it.
#[test]
fn a_filter_is_required_or_not() {
    let optional = [
        "reservations/getAll/2023-06-06",
        "resources/getAll",
        "resourceBlocks/getAll",
    ];
    for operation in Operation::all() {
        let (api, _) = api();
        add(&api, operation, HOTEL, 2);
        let mut body = valid(operation, &[]);
        body.as_object_mut().unwrap().remove(operation.filter);
        let (status, all) = post(&api, operation, &body);
        assert_eq!(
            status == 200,
            optional.contains(&operation.name),
            "{}",
            operation.name
        );
        if status == 200 {
            assert_eq!(returned_ids(operation, &all).len(), 2);
        }
        body["CreatedUtc"] = json!({
            "StartUtc": "2026-02-28T23:58:00Z", "EndUtc": "2026-03-01T00:00:00Z"
        });
        let (status, created) = post(&api, operation, &body);
        assert_eq!(
            status == 200,
            operation.name != "messages/getAll",
            "{}",
            operation.name
        );
        if status == 200 {
            assert_eq!(returned_ids(operation, &created).len(), 2);
        }
        body["CreatedUtc"]["EndUtc"] = json!("2026-05-29T00:00:00Z");
        assert_eq!(post(&api, operation, &body).0, 400);
    }
}

#[test]
fn intervals_include_their_start_and_exclude_their_end() {
    let (api, _) = api();
    add(&api, &MESSAGE_THREADS, HOTEL, 1);
    for (start, end, is_found) in [
        ("2026-02-28T23:58:00Z", "2026-02-28T23:58:01Z", true),
        ("2026-02-28T23:57:00Z", "2026-02-28T23:58:00Z", false),
        ("2026-02-28T23:58:00Z", "2026-02-28T23:58:00Z", true),
        ("2026-02-28T23:58:01Z", "2026-03-02T00:00:00Z", false),
    ] {
        let mut body = valid(&MESSAGE_THREADS, &[]);
        body.as_object_mut().unwrap().remove("MessageThreadIds");
        body["UpdatedUtc"] = json!({ "StartUtc": start, "EndUtc": end });
        let (_, found) = post(&api, &MESSAGE_THREADS, &body);
        let ids = returned_ids(&MESSAGE_THREADS, &found);
        assert_eq!(ids.len(), usize::from(is_found), "{start} {end}");
    }
}

#[test]
fn filters_have_at_most_a_thousand_ids() {
    for operation in Operation::all() {
        let (api, _) = api();
        let ids: Vec<_> = (0..1001).map(id).collect();
        assert_eq!(
            post(&api, operation, &valid(operation, &ids[..1000])).0,
            200
        );
        let (status, message) = refused(&api, operation, &valid(operation, &ids));
        let expected = format!(
            "Invalid {}: 1001 items, and the maximum is 1000",
            operation.filter
        );
        assert_eq!((status, message), (400, expected));
        let mut body = valid(operation, &[]);
        body[operation.filter] = json!(["x"]);
        assert_eq!(refused(&api, operation, &body).0, 400);
        body[operation.filter] = json!("x");
        assert_eq!(refused(&api, operation, &body).0, 400);
    }
}

#[test]
fn inactive_entities_are_returned_if_they_are_included() {
    for operation in Operation::all() {
        if !operation.takes_entity_ids {
            continue;
        }
        let (api, _) = api();
        api.add_inactive_entity(operation, HOTEL, &id(0));
        let mut body = valid(operation, &[id(0)]);
        let is_hidden = ["resources/getAll", "resourceBlocks/getAll"].contains(&operation.name);
        let (_, found) = post(&api, operation, &body);
        assert_eq!(
            returned_ids(operation, &found).is_empty(),
            is_hidden,
            "{}",
            operation.name
        );
        if is_hidden {
            body["Extent"] = json!({ "Resources": true, "Inactive": true });
            body["ActivityStates"] = json!(["Active", "Deleted"]);
            let (_, found) = post(&api, operation, &body);
            assert_eq!(returned_ids(operation, &found), [id(0)]);
            assert_eq!(found[operation.response][0]["IsActive"], false);
        }
    }
    // Without the flag of the entities themselves, there is only a cursor.
    let (api, _) = api();
    let operation = Operation::by_name("customers/getAll").unwrap();
    let ids = add(&api, operation, HOTEL, 1);
    let mut body = valid(operation, &ids);
    body["Extent"] = json!({ "Customers": false });
    let (_, found) = post(&api, operation, &body);
    assert_eq!(found, json!({ "Customers": [], "Cursor": id(0) }));
}

#[test]
fn enterprises_are_a_filter_except_for_customers() {
    for operation in Operation::all() {
        let (api, _) = api();
        let ids = add(&api, operation, HOTEL, 1);
        let mut body = valid(operation, &ids);
        for (enterprise, is_own) in [(HOTEL, true), (OTHER_HOTEL, false)] {
            body["EnterpriseIds"] = json!([enterprise.to_uppercase()]);
            let (_, found) = post(&api, operation, &body);
            let is_found = is_own || operation.name == "customers/getAll";
            assert_eq!(returned_ids(operation, &found).len(), usize::from(is_found));
        }
        assert_eq!(api.calls_since(0)[1].enterprise_ids, [OTHER_HOTEL]);
    }
}
