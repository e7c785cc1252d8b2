//! Mistakes about what a message means.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::routing::post;
use mewshook::contract;
use serde_json::Value;

use super::super::message::{Change, Message, ReadResult, read};
use super::super::receiver::Receiver;
use super::super::server::{BODY_LIMIT, has_token, receive};
use super::Steps;

/// As `const event = body.Events[0]`. All samples have one event, and real messages hundreds.
pub const FIRST_EVENT_ONLY: Steps = Steps {
    read: |body| with_changes(body, |changes| changes.truncate(1)),
    ..Steps::GOOD
};

/// As `if (event.Discriminator === 'ServiceOrderUpdated') unlockRoom(event.Value.Id)`. The event says
/// that something about the reservation changed; only its `State` says what.
pub const UPDATE_IS_CHECK_IN: Steps = Steps {
    read: |body| {
        with_changes(body, |changes| {
            changes.retain(|change| change.discriminator != "ServiceOrderUpdated");
        })
    },
    ..Steps::GOOD
};

/// As `default: throw new Error(…)`. Mews adds events without notice, and then the known events beside
/// a new one are lost.
pub const THROWS_ON_UNKNOWN_EVENT: Steps = Steps {
    read: |body| {
        let message = read(body)?;
        match message {
            Message::General { skipped: 1.., .. } => Err(StatusCode::INTERNAL_SERVER_ERROR),
            message => Ok(message),
        }
    },
    ..Steps::GOOD
};

/// As `deny_unknown_fields`, `additionalProperties: false` and strict deserializers. Mews adds
/// properties without notice.
pub const THROWS_ON_UNKNOWN_PROPERTY: Steps = Steps {
    read: |body| {
        let root: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut events = root["Events"].as_array().into_iter().flatten();
        let is_known = has_only(&root, ROOT)
            && has_only(&root["Data"], DATA)
            && events.all(|event| {
                let is_known_event =
                    contract::fetch(event["Discriminator"].as_str().unwrap_or_default());
                has_only(event, EVENT)
                    && (is_known_event.is_none() || has_only(&event["Value"], VALUE))
            });
        let message = read(body)?;
        is_known
            .then_some(message)
            .ok_or(StatusCode::UNPROCESSABLE_ENTITY)
    },
    ..Steps::GOOD
};

/// As `hotels[event.Value.EnterpriseId]`, which is never there: the enterprise is at the root.
pub const ENTERPRISE_IN_VALUE: Steps = Steps {
    read: |body| {
        let root: Value = serde_json::from_slice(body).unwrap_or_default();
        let has_enterprise = |event: &Value| event["Value"]["EnterpriseId"].is_string();
        let mut events = root["Events"].as_array().into_iter().flatten();
        let is_known = events.all(has_enterprise);
        with_changes(body, |changes| changes.retain(|_| is_known))
    },
    ..Steps::GOOD
};

/// As `if (await seen(sha256(body))) return`. The same message is a retry or a second event, and nothing says
/// which: to fetch an entity again is never wrong.
pub const DROPS_REPEATED_BODY: Steps = Steps {
    route: || {
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let handler = async move |State(receiver): State<Arc<Receiver>>,
                                  Query(parameters),
                                  headers,
                                  body: Bytes| {
            let is_general = matches!(read(&body), Ok(Message::General { .. }));
            if is_general
                && has_token(&receiver, &parameters)
                && seen.lock().is_ok_and(|mut seen| !seen.insert(body.clone()))
            {
                return StatusCode::OK;
            }
            receive(State(receiver), Query(parameters), headers, body).await
        };
        post(handler).layer(DefaultBodyLimit::max(BODY_LIMIT))
    },
    ..Steps::GOOD
};

/// As `case 'CustomerAdded': if (customers.has(id)) return`. Messages come in any order, and what
/// happened between the two is not fetched.
pub const DROPS_LATE_ADDED: Steps = Steps {
    route: || {
        let known = Arc::new(Mutex::new(BTreeSet::new()));
        let handler = async move |receiver, parameters, headers, body: Bytes| {
            let body = match known.lock() {
                Ok(mut known) => without_late_added(&mut known, body),
                Err(_) => body,
            };
            receive(receiver, parameters, headers, body).await
        };
        post(handler).layer(DefaultBodyLimit::max(BODY_LIMIT))
    },
    ..Steps::GOOD
};

fn without_late_added(known: &mut BTreeSet<String>, body: Bytes) -> Bytes {
    let mut root: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(events) = root.get_mut("Events").and_then(Value::as_array_mut) else {
        return body;
    };
    events.retain(|event| {
        let is_new = known.insert(event["Value"]["Id"].to_string());
        is_new || event["Discriminator"] != "CustomerAdded"
    });
    root.to_string().into()
}

/// Reads a body well, and changes the changes.
fn with_changes(body: &[u8], edit: impl FnOnce(&mut Vec<Change>)) -> ReadResult {
    let mut message = read(body)?;
    if let Message::General { changes, .. } = &mut message {
        edit(changes);
    }
    Ok(message)
}

/// The documented properties of general messages, integration events and POS messages.
const ROOT: &[&str] = &[
    "EnterpriseId",
    "IntegrationId",
    "Events",
    "Action",
    "Data",
    "data",
    "meta",
];
/// Those of `Data`, for all actions.
const DATA: &[&str] = &[
    "Enterprise",
    "Service",
    "Requestor",
    "AccessToken",
    "CreatedUtc",
    "IsEnabled",
    "DeletedUtc",
    "ApiKey",
    "Integration",
];
const EVENT: &[&str] = &["Discriminator", "Value"];
const VALUE: &[&str] = &["Id"];

/// Returns `true` if a value is no object, or one that has only these properties.
fn has_only(value: &Value, properties: &[&str]) -> bool {
    let object = value.as_object();
    object.is_none_or(|object| {
        object
            .keys()
            .all(|name| properties.contains(&name.as_str()))
    })
}
