//! The integration webhook in its first published layout, in which nearly all is optional.
//! Source: MewsSystems/gitbook-connector-api bd6e7f5, `webhooks.md`, 2019-11-05.

use serde::{Deserialize, Serialize};

use super::object::objects;
use super::secret::exposed_if_any;
use super::{Enterprise, Flag, Integration, Requestor, Secret, Utc};

/// Something happened to an integration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct IntegrationEvent2019<S = String> {
    /// What happened: `IntegrationCreated`, `IntegrationEnabled`, `IntegrationDisabled`, …
    pub action: S,
    /// When the integration was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_utc: Option<Utc>,
    /// Whether the integration is enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_enabled: Option<Flag>,
    /// The rest.
    pub data: Data2019<S>,
}

/// The `Data` of every action.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Data2019<S = String> {
    /// The access token.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "exposed_if_any"
    )]
    pub access_token: Option<Secret>,
    /// Where the event happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<Enterprise<S>>,
    /// Who asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requestor: Option<Requestor<S>>,
    /// The integration.
    pub integration: Integration<S>,
}

objects! {
    IntegrationEvent2019<S>,
    Data2019<S>,
}
