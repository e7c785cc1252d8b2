//! Checks of meaning over several messages: enterprises, repeats, order, and the limit of requests.

use std::time::Duration;

use serde_json::json;

use crate::contract::Event;
use crate::deliver::api::{ApiCall, FakeApi, TokenUse};

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
    let first = session.call_count();
    session.control(&message)?;
    // A call that is not answered yet would return the new version.
    let ids = message.ids();
    api.wait(first, session.options.settle, |calls| {
        let mut answered = calls.iter().filter(|call| call.answered.is_some());
        answered.any(|call| ids.iter().any(|id| call.is_for(id)))
    });
    let start = session.call_count();
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
    let mut versions: Vec<(String, u64)> = Vec::new();
    for message in &messages {
        // The request for an earlier message that is not answered yet would return the new version.
        let ids = message.ids();
        let mut earlier = versions.clone();
        earlier.retain(|(id, _)| ids.contains(id));
        stale(session, start, &earlier);
        let changed = change(api, message);
        versions.retain(|(id, _)| changed.iter().all(|(other, _)| other != id));
        versions.extend(changed);
        accepted(&session.deliver_message(message), "a message")?;
    }
    match stale(session, start, &versions) {
        0 => Ok(()),
        count => Err(fail(format!(
            "{count} of {} entities were not fetched after their last message; the events came in this order: {}",
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
    let Ok(api) = session.api() else {
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
