//! The integration webhook in its first published layout, in which most properties are optional.
//!
//! Source: MewsSystems/gitbook-connector-api bd6e7f5, `webhooks.md`, 2019-11-05.

use serde::{Deserialize, Serialize};

use super::object::objects;
use super::secret::exposed_if_any;
use super::{Enterprise, Flag, Integration, Requestor, Secret, Utc};

/// An event of an integration, in the layout of 2019.
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
    /// The other properties of the event.
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
    /// The enterprise in which the event happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<Enterprise<S>>,
    /// The person who requested the integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requestor: Option<Requestor<S>>,
    /// The integration.
    pub integration: Integration<S>,
}

objects! {
    IntegrationEvent2019<S>,
    Data2019<S>,
}
