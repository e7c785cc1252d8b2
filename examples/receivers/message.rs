//! What the body of a request says.
//!
//! Mews adds events, actions and properties without notice. So whatever is not known is counted, and
//! does not affect what is known.

use axum::http::StatusCode;
use mewshook::contract::Operation;
use mewshook::models::{Id, IntegrationEvent, Payload};
use serde_json::Value;

/// What a body says, or the status that refuses it.
pub type ReadResult = Result<Message, StatusCode>;

/// What a body says.
pub enum Message {
    /// Something happened to an integration.
    Integration(IntegrationEvent),
    /// Entities of an integration have changed.
    General {
        /// The integration, whose token fetches the entities.
        integration: Id,
        /// The changed entities.
        changes: Vec<Change>,
        /// The number of events that name no entity which can be fetched.
        skipped: usize,
    },
    /// Something happened in an outlet, if the signature is valid.
    Pos {
        /// The number of events that are understood.
        events: usize,
    },
    /// JSON that is not understood. Sending it again would not help, so it is no failure, but someone
    /// should look at it: a receiver of your own stores it.
    NotUnderstood,
}

/// An entity that has changed.
pub struct Change {
    /// The enterprise.
    pub enterprise: Id,
    /// The name of the event.
    pub discriminator: String,
    /// The operation that fetches the entity.
    pub operation: &'static Operation,
    /// The id of the entity.
    pub id: String,
}

/// Reads a body.
pub fn read(body: &[u8]) -> ReadResult {
    let Ok(root) = serde_json::from_slice::<Value>(body) else {
        return Err(StatusCode::BAD_REQUEST);
    };
    // Before it is read as a payload: a changed body must not get around the signature by being invalid.
    let is_pos = root.get("data").is_some() && root.get("meta").is_some();
    let payload = serde_json::from_value::<Payload>(root);
    Ok(match payload {
        _ if is_pos => Message::Pos {
            events: payload.map_or(0, |payload| payload.events().len()),
        },
        Ok(Payload::Integration(event)) => Message::Integration(event),
        Ok(payload @ Payload::General(_)) => general(&payload),
        _ => Message::NotUnderstood,
    })
}

fn general(payload: &Payload) -> Message {
    let (Some(enterprise), Some(integration)) = (payload.enterprise_id(), payload.integration_id())
    else {
        return Message::NotUnderstood;
    };
    let events = payload.events();
    let count = events.len();
    let changes: Vec<_> = events
        .into_iter()
        .filter_map(|event| {
            Some(Change {
                enterprise,
                discriminator: event.name.to_owned(),
                operation: event.fetch?.operation,
                id: event.entity_id?.into_owned(),
            })
        })
        .collect();
    Message::General {
        integration,
        skipped: count - changes.len(),
        changes,
    }
}
