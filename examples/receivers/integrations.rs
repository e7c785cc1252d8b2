//! The integrations: the token of each, and whether it may be used now.
//!
//! Deliveries come in any order and more than once, and an integration event has no time. So what an
//! integration was created with never replaces what is known already, and a deletion is final. A
//! receiver of your own keeps this in a database, with the tokens encrypted.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mewshook::models::{Id, IntegrationEvent, Secret};

/// All integrations.
#[derive(Default)]
pub struct Integrations {
    /// What is known of each.
    pub records: BTreeMap<Id, Record>,
}

/// What is known of an integration.
#[derive(Default)]
pub struct Record {
    /// The token that it was created with.
    pub access_token: Option<Secret>,
    /// The newest key, which replaces the access token.
    pub api_key: Option<Secret>,
    /// The token or key that the API refused.
    rejected: Option<Secret>,
    /// Whether it is enabled, if that is known.
    pub is_enabled: Option<bool>,
    is_canceled: bool,
    is_deleted: bool,
    /// The number of failed requests since the last good one, and when the next may be made.
    failures: u32,
    paused_until: Option<Instant>,
}

impl Integrations {
    /// Changes what is known of an integration.
    pub fn apply(&mut self, event: &IntegrationEvent) {
        let record = self.records.entry(event.integration().id).or_default();
        match event {
            IntegrationEvent::Created(data) => {
                record.access_token = Some(data.access_token.clone());
                record.is_enabled.get_or_insert(data.is_enabled);
            }
            IntegrationEvent::ApiKeyCreated(data) => record.api_key = Some(data.api_key.clone()),
            IntegrationEvent::Enabled(_) => {
                record.is_enabled = Some(true);
                record.rejected = None;
            }
            IntegrationEvent::Disabled(_) => record.is_enabled = Some(false),
            IntegrationEvent::Canceled(_) => record.is_canceled = true,
            IntegrationEvent::Reinstated(_) => {
                record.is_canceled = false;
                record.rejected = None;
            }
            IntegrationEvent::Deleted(_) => {
                *record = Record {
                    is_deleted: true,
                    ..Record::default()
                };
            }
            // Mews adds actions without notice.
            _ => {}
        }
    }

    /// Returns `true` if an integration was deleted.
    pub fn is_deleted(&self, id: Id) -> bool {
        self.records
            .get(&id)
            .is_some_and(|record| record.is_deleted)
    }

    /// Returns the token with which requests for an integration are made, if they may be made.
    pub fn token(&self, id: Id) -> Option<Secret> {
        let record = self.records.get(&id)?;
        if record.is_deleted || record.is_canceled || record.is_enabled == Some(false) {
            return None;
        }
        let token = record.api_key.as_ref().or(record.access_token.as_ref())?;
        (record.rejected.as_ref() != Some(token)).then(|| token.clone())
    }

    /// Returns when the next request for an integration may be made, if not now.
    pub fn paused_until(&self, id: Id) -> Option<Instant> {
        let until = self.records.get(&id)?.paused_until?;
        (until > Instant::now()).then_some(until)
    }

    /// Remembers that a request succeeded.
    pub fn succeeded(&mut self, id: Id) {
        if let Some(record) = self.records.get_mut(&id) {
            record.failures = 0;
        }
    }

    /// Remembers that a request failed, and returns how often in a row.
    pub fn failed(&mut self, id: Id) -> u32 {
        self.records.get_mut(&id).map_or(1, |record| {
            record.failures += 1;
            record.failures
        })
    }

    /// Lets the requests for an integration wait.
    pub fn pause(&mut self, id: Id, duration: Duration) {
        if let Some(record) = self.records.get_mut(&id) {
            record.paused_until = Instant::now().checked_add(duration);
        }
    }

    /// Remembers that the API refuses a token, which is not used any more.
    pub fn reject(&mut self, id: Id, token: Secret) {
        if let Some(record) = self.records.get_mut(&id) {
            record.rejected = Some(token);
        }
    }
}
