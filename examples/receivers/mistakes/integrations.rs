//! Mistakes about the life of integrations.

use mewshook::models::IntegrationEvent;

use super::super::integrations::{Integrations, Record};
use super::Steps;

/// As a `switch` that was written before 2025-08-13, when the action was added. The old key stops
/// working at some time, which looks like an outage of the API.
pub const KEEPS_OLD_KEY: Steps = Steps {
    apply: |integrations, event| match event {
        IntegrationEvent::ApiKeyCreated(_) => {}
        event => integrations.apply(event),
    },
    ..Steps::GOOD
};

/// As a handler of `IntegrationCreated` only: the API refuses each request of a disabled integration.
pub const IGNORES_DISABLED: Steps = Steps {
    apply: |integrations, event| match event {
        IntegrationEvent::Disabled(_) => {}
        event => integrations.apply(event),
    },
    ..Steps::GOOD
};

/// As above. The hotel has ended the connection, and its data is still requested.
pub const IGNORES_DELETED: Steps = Steps {
    apply: |integrations, event| match event {
        IntegrationEvent::Deleted(_) => {}
        event => integrations.apply(event),
    },
    ..Steps::GOOD
};

/// As `process.env.ACCESS_TOKEN`, or a variable that `IntegrationCreated` sets: one token for all. The
/// data of one hotel is requested, and stored, with the access of another.
pub const MIXES_ENTERPRISES: Steps = Steps {
    apply: |integrations, event| {
        integrations.apply(event);
        if let IntegrationEvent::Created(data) = event {
            for record in integrations.records.values_mut() {
                record.access_token = Some(data.access_token.clone());
            }
        }
    },
    ..Steps::GOOD
};

/// As `integrations[id] = { token: data.AccessToken, … }`. When the delivery comes again, minutes later,
/// the new key is lost, a disabled integration is enabled, and a deleted one is back.
pub const APPLIES_CREATED_AGAIN: Steps = Steps {
    apply: |integrations, event| match event {
        IntegrationEvent::Created(data) => {
            let mut record = Record::default();
            record.access_token = Some(data.access_token.clone());
            record.is_enabled = Some(data.is_enabled);
            integrations.records.insert(data.integration.id, record);
        }
        event => integrations.apply(event),
    },
    ..Steps::GOOD
};

/// As `if (!integrations[id]) return`. Deliveries come in any order, and an `IntegrationCreated` that is
/// sent again comes minutes after the first events.
pub const DROPS_EARLY_EVENTS: Steps = Steps {
    accepts: |integrations: &Integrations, id| {
        let record = integrations.records.get(&id);
        !integrations.is_deleted(id) && record.is_some_and(|it| it.access_token.is_some())
    },
    ..Steps::GOOD
};
