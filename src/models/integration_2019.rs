//! The integration webhook in its first published layout, in which nearly all is optional.
//! Source: MewsSystems/gitbook-connector-api bd6e7f5, `webhooks.md`, 2019-11-05.

use serde::Deserialize;

use super::object::from_object;
use super::{Enterprise, Flag, Integration, Requestor, Secret, Utc};

/// Something happened to an integration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct IntegrationEvent2019<S = String> {
    /// What happened: `IntegrationCreated`, `IntegrationEnabled`, `IntegrationDisabled`, …
    pub action: S,
    /// When the integration was created.
    pub created_utc: Option<Utc>,
    /// Whether the integration is enabled.
    pub is_enabled: Option<Flag>,
    /// The rest.
    pub data: Data2019<S>,
}

/// The `Data` of every action.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Data2019<S = String> {
    /// The access token.
    pub access_token: Option<Secret>,
    /// Where the event happened.
    pub enterprise: Option<Enterprise<S>>,
    /// Who asked for it.
    pub requestor: Option<Requestor<S>>,
    /// The integration.
    pub integration: Integration<S>,
}

from_object! {
    IntegrationEvent2019<S> "an integration event",
    Data2019<S> "the data of an integration event",
}
