//! Checks of meaning: what a handler does with the events of a message.

use serde_json::json;

use crate::contract::{Event, Kind, MAX_IDS};
use crate::deliver::api::ApiCall;
use crate::report::grouped;

use super::evidence::{fail, not_observable};
use super::hotel::{Message, Named};
use super::session::{accepted, not_requested};
use super::{Checked, Session};

/// The number of events of which a handler must not fetch the entities one by one.
const BATCH: usize = 100;

/// The maximum number of requests for these: a tenth.
const MAX_BATCHES: usize = BATCH / 10;

pub(super) fn own_operation(session: &mut Session<'_>) -> Checked {
    let (api, _) = session.observed()?;
    let hotel = session.hotel()?;
    let start = session.call_count();
    let mut named = Vec::new();
    for event in session.options.events.clone() {
        let message = session.message(&hotel, &[(event, 1)]);
        accepted(&session.deliver_message(&message), event.name)?;
        named.extend(message.entities);
    }
    let operation = |entity: &Named| entity.event.fetch.map_or("", |fetch| fetch.operation.name);
    let is_fetched = |calls: &[ApiCall], entity: &Named| {
        let mut calls = calls.iter();
        calls.any(|call| call.operation == operation(entity) && call.is_for(&entity.id))
    };
    api.wait(start, session.options.settle, |calls| {
        named.iter().all(|entity| is_fetched(calls, entity))
    });
    let calls = api.calls_since(start);
    let mut faults = Vec::new();
    for entity in &named {
        let name = entity.event.name;
        let mut others = calls
            .iter()
            .filter(|call| call.operation != operation(entity));
        if let Some(call) = others.find(|call| call.ids.contains(&entity.id)) {
            let wrong = &call.operation;
            let right = operation(entity);
            faults.push(format!(
                "the entity of {name} was requested by {wrong}, expected {right}"
            ));
        } else if !is_fetched(&calls, entity) {
            faults.push(format!(
                "the entity of {name} was not requested within {:?} (--event names the events that a handler handles)",
                session.options.settle
            ));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(fail(faults.join("; ")))
    }
}

pub(super) fn all_events(session: &mut Session<'_>) -> Checked {
    session.observed()?;
    let hotel = session.hotel()?;
    let events = session.probe.observed.iter();
    let parts: Vec<_> = events.map(|event| (*event, 3)).collect();
    let message = session.message(&hotel, &parts);
    handles(session, &message)
}

/// Checks that a message is accepted, and that all entities that it names are requested.
fn handles(session: &mut Session<'_>, message: &Message) -> Checked {
    let start = session.call_count();
    accepted(&session.deliver_message(message), "the message")?;
    match session.missing(start, &message.entities) {
        missing if missing.is_empty() => Ok(()),
        missing => Err(fail(not_requested(&missing, message.entities.len()))),
    }
}

pub(super) fn added_and_updated(session: &mut Session<'_>) -> Checked {
    let (api, _) = session.observed()?;
    let observed = &session.probe.observed;
    let find = |name: &str| observed.iter().copied().find(|event| event.name == name);
    let (Some(added), Some(updated)) = (find("CustomerAdded"), find("CustomerUpdated")) else {
        return Err(not_observable(
            "the handler does not fetch the entities of both CustomerAdded and CustomerUpdated",
        ));
    };
    let hotel = session.hotel()?;
    let mut message = session.message(&hotel, &[(added, 1)]);
    let id = message.ids().remove(0);
    message
        .events()
        .push(json!({ "Discriminator": updated.name, "Value": { "Id": id } }));
    let start = session.call_count();
    session.control(&message)?;
    if !session.marker(&hotel, updated) {
        return Err(not_observable("the messages after it were not handled"));
    }
    let calls = api.calls_since(start);
    let requests = calls.iter().filter(|call| is_first_page(call, &id)).count();
    if requests == 1 {
        return Ok(());
    }
    Err(fail(format!(
        "the customer {id} was added and updated in one message, and was requested {requests} times, expected once"
    )))
}

/// Returns `true` if a call requests an entity, and not a further page.
fn is_first_page(call: &ApiCall, id: &str) -> bool {
    !call.is_continued && call.is_for(id)
}

pub(super) fn batches(session: &mut Session<'_>) -> Checked {
    let calls = fetch_many(session, BATCH)?;
    let requests = calls.iter().filter(|call| !call.is_continued).count();
    if requests <= MAX_BATCHES {
        return Ok(());
    }
    Err(fail(format!(
        "{requests} requests for {BATCH} entities, expected at most {MAX_BATCHES}: a filter takes up to {} ids, \
         and a token has a limit of requests",
        grouped(MAX_IDS)
    )))
}

pub(super) fn pages(session: &mut Session<'_>) -> Checked {
    let (api, event) = session.observed_by_id()?;
    let hotel = session.hotel()?;
    let message = session.message(&hotel, &[(event, BATCH)]);
    let start = session.call_count();
    session.control(&message)?;
    let is_returned = |calls: &[ApiCall], id: &str| {
        let mut returned = calls.iter().flat_map(|call| &call.returned);
        returned.any(|entity| entity.id == id)
    };
    let ids = message.ids();
    api.wait(start, session.options.settle, |calls| {
        ids.iter().all(|id| is_returned(calls, id))
    });
    let calls = api.calls_since(start);
    let missing: Vec<_> = ids.iter().filter(|id| !is_returned(&calls, id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let count = missing.len();
    let mut calls = calls.iter();
    if calls.any(|call| call.has_more && missing.iter().any(|id| call.ids.contains(id))) {
        return Err(fail(format!(
            "{count} of {BATCH} entities were requested but not received: they are on further pages, which `Cursor` leads to"
        )));
    }
    Err(not_observable(format!(
        "{count} of {BATCH} entities were not returned: see the requests"
    )))
}

pub(super) fn id_limit(session: &mut Session<'_>) -> Checked {
    const COUNT: usize = MAX_IDS + 200;
    let calls = fetch_many(session, COUNT)?;
    let longest = calls.iter().map(|call| call.ids.len()).max().unwrap_or(0);
    if longest <= MAX_IDS {
        return Ok(());
    }
    Err(fail(format!(
        "a request with {} ids, expected at most {}: such a request is refused",
        grouped(longest),
        grouped(MAX_IDS)
    )))
}

/// Delivers a message with many events of one discriminator. Returns the calls for their entities.
fn fetch_many(session: &mut Session<'_>, count: usize) -> Checked<Vec<ApiCall>> {
    let (api, event) = session.observed_by_id()?;
    let hotel = session.unlimited_hotel()?;
    let message = session.message(&hotel, &[(event, count)]);
    let start = session.call_count();
    let control = session.control(&message);
    let ids: std::collections::HashSet<String> = message.ids().into_iter().collect();
    let mut calls = api.calls_since(start);
    calls.retain(|call| call.ids.iter().any(|id| ids.contains(id)));
    // A request that is too long shows what is wrong, also if others are not made.
    if calls.iter().all(|call| call.ids.len() <= MAX_IDS) {
        control?;
    }
    session.marker(&hotel, event);
    Ok(calls)
}

pub(super) fn unknown_discriminator(session: &mut Session<'_>) -> Checked {
    let (mut message, event) = two_events(session)?;
    let id = message.ids().remove(0);
    let unknown = [
        json!({ "Discriminator": "SomethingMadeUp", "Value": { "Id": id, "Name": "made up" } }),
        json!({ "Discriminator": "SomethingElseMadeUp", "Value": {} }),
    ];
    message.events().splice(1..1, unknown);
    add_context(
        handles(session, &message),
        "an unknown discriminator between two events of",
        event,
    )
}

pub(super) fn unknown_property(session: &mut Session<'_>) -> Checked {
    let (mut message, event) = two_events(session)?;
    let unknown = json!({ "Name": "made up", "List": [1, null] });
    for value in message.events() {
        value["MadeUp"] = unknown.clone();
        value["Value"]["MadeUp"] = unknown.clone();
    }
    if let Some(properties) = message.properties() {
        properties.insert("MadeUp".to_owned(), unknown);
    }
    add_context(
        handles(session, &message),
        "unknown properties in a message of two events of",
        event,
    )
}

/// A handler that looks for `EnterpriseId` in each event makes requests only if it is there.
pub(super) fn enterprise_at_root(session: &mut Session<'_>) -> Checked {
    if session.observed().is_ok() {
        return Ok(());
    }
    let api = session.api()?;
    let hotel = session.hotel()?;
    let event = session.options.events[0];
    let mut message = session.message(&hotel, &[(event, 1)]);
    for value in message.events() {
        value["Value"]["EnterpriseId"] = json!(hotel.enterprise);
        value["Value"]["IntegrationId"] = json!(hotel.integration());
    }
    let start = session.call_count();
    session.deliver_message(&message);
    if api.wait(start, session.options.settle, |calls| !calls.is_empty()) {
        return Err(fail(
            "the handler makes requests only if EnterpriseId and IntegrationId are in the Value of an event, expected \
             them at the root",
        ));
    }
    session.observed().map(|_| ())
}

/// Returns a message of two events, after a similar one was handled.
fn two_events(session: &mut Session<'_>) -> Checked<(Message, &'static Event)> {
    let (_, event) = session.observed()?;
    let hotel = session.hotel()?;
    let control = session.message(&hotel, &[(event, 2)]);
    session.control(&control)?;
    Ok((session.message(&hotel, &[(event, 2)]), event))
}

/// Says in a failure what was special in the message.
fn add_context(checked: Checked, context: &str, event: &Event) -> Checked {
    let name = event.name;
    checked.map_err(|outcome| match outcome.reason() {
        Some(reason) => fail(format!("{context} {name}: {reason}")),
        None => outcome,
    })
}

/// Returns the events of general messages.
pub(super) fn general_events() -> impl Iterator<Item = &'static Event> {
    Kind::General.events()
}
