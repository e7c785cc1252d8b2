//! Checks of meaning over several deliveries: enterprises, repeats, order, and the life of an integration.

use std::time::Duration;

use serde_json::json;

use crate::contract::Event;
use crate::deliver::api::{ApiCall, FakeApi, RateLimit, TokenUse};

use super::evidence::{fail, not_observable};
use super::hotel::{Hotel, Message, Named};
use super::session::{accepted, not_requested};
use super::{Checked, Session};

/// How long the fake API lets a handler wait after status 429.
const RETRY_AFTER: Duration = Duration::from_secs(1);

pub(super) fn two_enterprises(session: &mut Session<'_>) -> Checked {
    let (api, event) = session.observed_by_id()?;
    let first = session.hotel()?;
    let control = session.message(&first, &[(event, 1)]);
    session.control(&control)?;
    let second = session.hotel()?;
    let start = session.call_count();
    let mut messages = Vec::new();
    for hotel in [&first, &second, &first, &second] {
        let message = session.message(hotel, &[(event, 1)]);
        accepted(&session.deliver_message(&message), "a message")?;
        messages.push((hotel, message));
    }
    let named: Vec<Named> = messages
        .iter()
        .flat_map(|(_, message)| message.entities.clone())
        .collect();
    let missing = session.missing(start, &named);
    let calls = api.calls_since(start);
    let of_hotel = |hotel: &Hotel| {
        let own = messages.iter().filter(|(it, _)| it.label == hotel.label);
        own.flat_map(|(_, message)| message.ids())
            .collect::<Vec<_>>()
    };
    for (own, other) in [(&first, &second), (&second, &first)] {
        let (ids, other_ids) = (of_hotel(own), of_hotel(other));
        for call in calls
            .iter()
            .filter(|call| ids.iter().any(|id| call.is_for(id)))
        {
            if call.ids.iter().any(|id| other_ids.contains(id)) {
                return Err(fail(
                    "one request has entities of two enterprises, with one token",
                ));
            }
            if call.token != TokenUse::Known(own.label.clone()) {
                let (used, label) = (&call.token, &own.label);
                return Err(fail(format!(
                    "an entity was requested with {used}, expected {label}, to which it belongs"
                )));
            }
            if call.enterprise_ids.contains(&other.enterprise) {
                return Err(fail(
                    "a request names the other enterprise in EnterpriseIds",
                ));
            }
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(fail(not_requested(&missing, named.len())))
    }
}

pub(super) fn repeated_body(session: &mut Session<'_>) -> Checked {
    let (api, event) = session.observed()?;
    let hotel = session.hotel()?;
    let message = session.message(&hotel, &[(event, 1)]);
    session.control(&message)?;
    let start = session.call_count();
    // The first call may have been seen before it was answered, so that it returns the new version.
    let first = message.ids();
    api.wait(0, session.options.settle, |calls| {
        first.iter().all(|id| {
            calls
                .iter()
                .any(|call| call.is_for(id) && call.answered.is_some())
        })
    });
    let versions = change(api, &message);
    accepted(&session.deliver_message(&message), "the same body again")?;
    let stale = stale(session, start, &versions);
    if stale == 0 {
        return Ok(());
    }
    Err(fail(
        "the entity changed and the same body came again, and the entity was not fetched again: such a body is a retry \
         or a second event, and nothing says which",
    ))
}

pub(super) fn any_order(session: &mut Session<'_>) -> Checked {
    let (api, event) = session.observed()?;
    let hotel = session.hotel()?;
    let control = session.message(&hotel, &[(event, 1)]);
    session.control(&control)?;
    let start = session.call_count();
    let mut messages = Vec::new();
    // Of one customer, the update comes first; of the other, the addition, between them.
    let events = &session.probe.observed;
    let find = |name: &str| events.iter().copied().find(|event| event.name == name);
    let pair = match (find("CustomerAdded"), find("CustomerUpdated")) {
        (Some(added), Some(updated)) => [added, updated],
        _ => [event, event],
    };
    let one = session.message(&hotel, &[(pair[0], 1)]);
    let two = session.message(&hotel, &[(pair[0], 1)]);
    for (message, event) in [
        (&one, pair[1]),
        (&two, pair[0]),
        (&one, pair[0]),
        (&two, pair[1]),
    ] {
        messages.push(with_discriminator(message, event));
    }
    let mut versions = Vec::new();
    for message in &messages {
        let changed = change(api, message);
        versions.retain(|(id, _)| changed.iter().all(|(other, _)| other != id));
        versions.extend(changed);
        accepted(&session.deliver_message(message), "a message")?;
    }
    match stale(session, start, &versions) {
        0 => Ok(()),
        count => Err(fail(format!(
            "{count} of {} entities were not fetched after their last message, in which order the events came: {}",
            versions.len(),
            messages
                .iter()
                .map(|it| it.entities[0].event.name)
                .collect::<Vec<_>>()
                .join(", "),
        ))),
    }
}

/// Returns a message about the same entity, by another event.
fn with_discriminator(message: &Message, event: &'static Event) -> Message {
    let mut message = message.clone();
    for value in message.events() {
        value["Discriminator"] = json!(event.name);
    }
    for entity in &mut message.entities {
        entity.event = event;
    }
    message
}

/// Changes the entities of a message. Returns their ids and versions.
fn change(api: &FakeApi, message: &Message) -> Vec<(String, u64)> {
    let ids = message.ids().into_iter();
    ids.map(|id| {
        let version = api.change_entity(&id);
        (id, version)
    })
    .collect()
}

/// Waits until these versions of entities were returned. Returns the number of those that were not.
fn stale(session: &Session<'_>, start: usize, versions: &[(String, u64)]) -> usize {
    let is_stale = |calls: &[ApiCall], id: &str, version: u64| {
        let mut returned = calls.iter().flat_map(|call| &call.returned);
        !returned.any(|entity| entity.id == id && entity.version >= version)
    };
    let count = |calls: &[ApiCall]| {
        let stale = versions
            .iter()
            .filter(|(id, version)| is_stale(calls, id, *version));
        stale.count()
    };
    let Some(api) = session.api else {
        return versions.len();
    };
    api.wait(start, session.options.settle, |calls| count(calls) == 0);
    count(&api.calls_since(start))
}

pub(super) fn too_many_requests(session: &mut Session<'_>) -> Checked {
    let (api, event) = session.observed_by_id()?;
    let hotel = session.hotel()?;
    let message = session.message(&hotel, &[(event, 1)]);
    let id = message.ids().remove(0);
    api.refuse_next(&hotel.token, RETRY_AFTER);
    let start = session.call_count();
    session.control(&message)?;
    let calls = || {
        let mut calls = api.calls_since(start);
        calls.retain(|call| call.is_for(&id));
        calls
    };
    let is_again = |calls: &[ApiCall]| {
        let mut calls = calls.iter().filter(|call| call.is_for(&id));
        calls.any(|call| call.status == Some(200))
    };
    api.wait(start, session.options.settle + RETRY_AFTER, is_again);
    let calls = calls();
    let Some(refused) = calls.first().filter(|call| call.status == Some(429)) else {
        return Err(not_observable(
            "the request was not the first one with the token",
        ));
    };
    let Some(next) = calls.get(1) else {
        return Err(fail(format!(
            "the entity was not requested again within {:?} after status 429, whose Retry-After is 1",
            session.options.settle + RETRY_AFTER
        )));
    };
    let waited = next
        .arrived
        .saturating_sub(refused.answered.unwrap_or_default());
    if waited >= RETRY_AFTER {
        return Ok(());
    }
    Err(fail(format!(
        "the next request came {} ms after status 429, whose Retry-After is 1: expected at least 1,000 ms",
        waited.as_millis()
    )))
}

/// `ApiKey` is taken for the next `AccessToken`: the documentation says that it is "regenerated".
pub(super) fn new_key(session: &mut Session<'_>) -> Checked {
    let (api, event) = session.observed_by_id()?;
    let hotel = session.hotel()?;
    let control = session.message(&hotel, &[(event, 1)]);
    session.control(&control)?;
    let label = create_key(session, api, &hotel)?;
    uses_key(session, api, &hotel, event, &label)
}

pub(super) fn created_again(session: &mut Session<'_>) -> Checked {
    let (api, event) = session.observed_by_id()?;
    let hotel = session.hotel()?;
    let control = session.message(&hotel, &[(event, 1)]);
    session.control(&control)?;
    let label = create_key(session, api, &hotel)?;
    let used = uses_key(session, api, &hotel, event, &label);
    used.map_err(|_| not_observable("the handler does not use a new key at all: see 2.13"))?;
    let reaction = session.deliver(
        &hotel.describe("IntegrationCreated, again,"),
        &hotel.created_body(),
    );
    accepted(&reaction, "IntegrationCreated, again")?;
    uses_key(session, api, &hotel, event, &label)
}

/// Delivers a new key, which replaces the token. Returns its label.
fn create_key(session: &mut Session<'_>, api: &FakeApi, hotel: &Hotel) -> Checked<String> {
    let number = session.next_number();
    let seed = session.options.seed;
    let created = hotel.integration_event("IntegrationApiKeyCreated", seed, number);
    let key = created.pointer("/Data/ApiKey").and_then(|key| key.as_str());
    let label = format!("the new key of enterprise {}", hotel.enterprise);
    api.add_token(
        key.unwrap_or_default(),
        &hotel.enterprise,
        &label,
        RateLimit::DOCUMENTED,
    );
    session.made_up.insert(label.clone());
    let reaction = session.deliver(
        &hotel.describe("IntegrationApiKeyCreated"),
        created.to_string().as_bytes(),
    );
    accepted(&reaction, "IntegrationApiKeyCreated")?;
    api.revoke_token(&hotel.token);
    Ok(label)
}

/// Checks that the request for the next event has a key.
fn uses_key(
    session: &mut Session<'_>,
    api: &FakeApi,
    hotel: &Hotel,
    event: &'static Event,
    label: &str,
) -> Checked {
    let message = session.message(hotel, &[(event, 1)]);
    let start = session.call_count();
    accepted(&session.deliver_message(&message), "the next message")?;
    let missing = session.missing(start, &message.entities);
    if !missing.is_empty() {
        return Err(fail(format!(
            "after the new key, {}",
            not_requested(&missing, 1)
        )));
    }
    let ids = message.ids();
    let calls = api.calls_since(start);
    let mut calls = calls.iter();
    let call = calls.find(|call| ids.iter().any(|id| call.is_for(id)));
    match call.map(|call| &call.token) {
        Some(TokenUse::Known(used)) if used == label => Ok(()),
        used => {
            let used = used.map_or("no token".to_owned(), ToString::to_string);
            Err(fail(format!(
                "the next request has {used}, expected {label}"
            )))
        }
    }
}

/// A handler may keep an event of an integration that it does not know yet, or refuse it, so that it is sent
/// again.
pub(super) fn early_event(session: &mut Session<'_>) -> Checked {
    let (_, event) = session.observed()?;
    let hotel = session.new_hotel();
    let message = session.message(&hotel, &[(event, 1)]);
    let start = session.call_count();
    let early = session.deliver_message(&message);
    let created = session.deliver(&hotel.describe("IntegrationCreated"), &hotel.created_body());
    accepted(
        &created,
        "IntegrationCreated after an event of the integration",
    )?;
    if !early.is_accepted() {
        let what = "the event that was refused before IntegrationCreated, again";
        accepted(&session.deliver_message(&message), what)?;
    }
    match session.missing(start, &message.entities) {
        missing if missing.is_empty() => Ok(()),
        missing => Err(fail(format!(
            "the event came before IntegrationCreated, and {} after it",
            not_requested(&missing, 1)
        ))),
    }
}

pub(super) fn disabled(session: &mut Session<'_>) -> Checked {
    stops_after(session, "IntegrationDisabled")
}

pub(super) fn deleted(session: &mut Session<'_>) -> Checked {
    stops_after(session, "IntegrationDeleted")
}

/// Checks that no request is made for an event that comes after an action. That nothing comes is known when
/// later messages of another integration are handled.
fn stops_after(session: &mut Session<'_>, action: &str) -> Checked {
    let (api, event) = session.observed_by_id()?;
    let other = session.hotel()?;
    let hotel = session.hotel()?;
    let control = session.message(&hotel, &[(event, 1)]);
    session.control(&control)?;
    accepted(&session.deliver_action(&hotel, action), action)?;
    api.revoke_token(&hotel.token);
    let late = session.message(&hotel, &[(event, 1)]);
    let start = session.call_count();
    let what = format!("a message after {action}");
    accepted(&session.deliver_message(&late), &what)?;
    let is_marked = session.marker(&other, event);
    let calls = api.calls_since(start);
    let ids = late.ids();
    if let Some(call) = calls
        .iter()
        .find(|call| ids.iter().any(|id| call.is_for(id)))
    {
        let (operation, token) = (&call.operation, &call.token);
        return Err(fail(format!(
            "after {action}, {operation} was requested with {token}, expected no request"
        )));
    }
    if is_marked {
        Ok(())
    } else {
        Err(not_observable(
            "the messages of another integration after it were not handled",
        ))
    }
}
