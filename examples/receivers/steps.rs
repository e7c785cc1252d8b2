//! The steps of the receiver that mistakes replace. A receiver of your own calls the functions of
//! [`Steps::GOOD`] where this one calls a step.

use std::sync::Arc;

use axum::routing::MethodRouter;
use mewshook::contract::{MAX_COUNT, MAX_IDS};
use mewshook::models::{Id, IntegrationEvent, Secret};
use serde_json::Value;

use super::integrations::Integrations;
use super::message::{Change, ReadResult};
use super::receiver::Receiver;
use super::worker::{Problem, Retry};
use super::{api, message, server, signature, worker};

/// The steps of a receiver.
#[derive(Clone, Copy)]
pub struct Steps {
    /// Which requests are received, and how they are answered.
    pub route: fn() -> MethodRouter<Arc<Receiver>>,
    /// Whether a request has the token of the URL: what it must be, and what it is.
    pub is_token_valid: fn(&Secret, &Secret) -> bool,
    /// Whether a POS message is from Mews: the shared secret, the body and the signature, if there is one.
    pub is_signature_valid: fn(&Secret, &[u8], Option<&[u8]>) -> bool,
    /// What a body says.
    pub read: fn(&[u8]) -> ReadResult,
    /// What an integration event changes.
    pub apply: fn(&mut Integrations, &IntegrationEvent),
    /// Whether the entities of an integration are of interest.
    pub accepts: fn(&Integrations, Id) -> bool,
    /// The name of those that a change is fetched with.
    pub group: fn(&Change) -> String,
    /// The maximum number of ids in a request.
    pub max_ids: usize,
    /// The maximum number of entities in a response.
    pub count: usize,
    /// The cursor of the next page, if a response has one.
    pub cursor: fn(&Value) -> Option<&str>,
    /// What to do when a request failed, for the nth time.
    pub retry: fn(&Problem, u32) -> Retry,
}

impl Steps {
    /// The steps of the good receiver.
    pub const GOOD: Self = Self {
        route: server::route,
        // `Secret` compares in constant time.
        is_token_valid: |expected, found| expected == found,
        is_signature_valid: signature::is_valid,
        read: message::read,
        apply: Integrations::apply,
        accepts: |integrations, id| !integrations.is_deleted(id),
        // `CustomerAdded` and `CustomerUpdated` have the same operation, so a new customer, who has
        // both events, is fetched once.
        group: |change| change.operation.name.to_owned(),
        max_ids: MAX_IDS,
        count: MAX_COUNT,
        cursor: api::cursor,
        retry: worker::retry,
    };
}
