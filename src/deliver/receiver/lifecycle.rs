//! Checks of meaning over the life of an integration: when it is created, gets a new key, is disabled and
//! deleted.

use crate::contract::Event;
use crate::deliver::api::{FakeApi, RateLimit, TokenUse};

use super::evidence::{fail, not_observable};
use super::hotel::Hotel;
use super::session::{accepted, not_requested};
use super::{Checked, Session};

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
