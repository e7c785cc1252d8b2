//! The integration webhook in its current layout.
//! Source: <https://docs.mews.com/connector-api/events/wh-integration>, 2020-02-27 to 2026-08-07.

use serde::{Deserialize, Deserializer};

use super::object::{from_object, nullable, object};
use super::tagged::{Tagged, tagged};
use super::{Email, Id, Secret, Text, Utc};

/// Something happened to an integration: the connection of an enterprise with an API client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IntegrationEvent<S = String> {
    /// `IntegrationCreated`.
    Created(Created<S>),
    /// `IntegrationEnabled`.
    Enabled(OnlyIntegration<S>),
    /// `IntegrationDisabled`.
    Disabled(OnlyIntegration<S>),
    /// `IntegrationCanceled`.
    Canceled(OnlyIntegration<S>),
    /// `IntegrationReinstated`.
    Reinstated(OnlyIntegration<S>),
    /// `IntegrationDeleted`.
    Deleted(Deleted<S>),
    /// `IntegrationApiKeyCreated`, since 2025-08-13.
    ApiKeyCreated(ApiKeyCreated<S>),
    /// An action that the documentation does not list (yet).
    Other {
        /// The action's name.
        action: S,
        /// What every action carries.
        data: OnlyIntegration<S>,
    },
}

/// The `Data` of `IntegrationCreated`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Created<S = String> {
    /// The property, or chain of properties.
    pub enterprise: Enterprise<S>,
    /// The service that the integration is connected to; since 2020-08-05.
    pub service: Option<Service<S>>,
    /// Who asked for the integration, if known.
    pub requestor: Option<Requestor<S>>,
    /// The access token.
    pub access_token: Secret,
    /// When the integration was created.
    pub created_utc: Utc,
    /// Whether the integration is enabled.
    pub is_enabled: bool,
    /// The integration.
    pub integration: Integration<S>,
}

/// The `Data` of actions that tell of nothing but the integration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct OnlyIntegration<S = String> {
    /// The integration.
    pub integration: Integration<S>,
}

/// The `Data` of `IntegrationDeleted`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Deleted<S = String> {
    /// When the integration was deleted; always present, and null in the one published draft.
    #[serde(deserialize_with = "nullable")]
    pub deleted_utc: Option<Utc>,
    /// The integration.
    pub integration: Integration<S>,
}

/// The `Data` of `IntegrationApiKeyCreated`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct ApiKeyCreated<S = String> {
    /// The integration.
    pub integration: Integration<S>,
    /// The new API key.
    pub api_key: Secret,
}

/// An enterprise: a property or a chain of properties.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Enterprise<S = String> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: S,
}

/// A service of an enterprise, such as its accommodation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Service<S = String> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: S,
}

/// An integration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Integration<S = String> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: S,
}

/// The person who asked for something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Requestor<S = String> {
    /// The person's name.
    pub name: S,
    /// The person's email address.
    pub email: Email<S>,
}

from_object! {
    Created<S> "the data of a created integration",
    OnlyIntegration<S> "an object with `Integration`",
    Deleted<S> "the data of a deleted integration",
    ApiKeyCreated<S> "the data of a new API key",
    Enterprise<S> "an enterprise",
    Service<S> "a service",
    Integration<S> "an integration",
    Requestor<S> "a requestor",
}

impl<'de, S: Deserialize<'de>> Tagged<'de> for IntegrationEvent<S> {
    const TAG: &'static str = "Action";
    const CONTENT: &'static str = "Data";

    fn read<D: Deserializer<'de>>(action: Text<'de>, data: D) -> Result<Self, D::Error> {
        match &*action {
            "IntegrationCreated" => object(data).map(Self::Created),
            "IntegrationEnabled" => object(data).map(Self::Enabled),
            "IntegrationDisabled" => object(data).map(Self::Disabled),
            "IntegrationCanceled" => object(data).map(Self::Canceled),
            "IntegrationReinstated" => object(data).map(Self::Reinstated),
            "IntegrationDeleted" => object(data).map(Self::Deleted),
            "IntegrationApiKeyCreated" => object(data).map(Self::ApiKeyCreated),
            _ => Ok(Self::Other {
                action: action.keep()?,
                data: object(data)?,
            }),
        }
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for IntegrationEvent<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged(deserializer)
    }
}
