//! The integration webhook in its current layout.
//! Source: <https://docs.mews.com/connector-api/events/wh-integration>, 2020-02-27 to 2026-08-07.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::object::{nullable, object, objects};
use super::secret::exposed;
use super::tagged::{Name, Tagged, tagged, write};
use super::{Email, Id, Secret, Text, Utc};

/// An event of an integration, which connects an enterprise with an API client.
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
        /// The property that every action has.
        data: OnlyIntegration<S>,
    },
}

/// The `Data` of `IntegrationCreated`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Created<S = String> {
    /// The enterprise.
    pub enterprise: Enterprise<S>,
    /// The service that the integration is connected to; since 2020-08-05.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service<S>>,
    /// The person who requested the integration, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requestor: Option<Requestor<S>>,
    /// The access token.
    #[serde(serialize_with = "exposed")]
    pub access_token: Secret,
    /// When the integration was created.
    pub created_utc: Utc,
    /// Whether the integration is enabled.
    pub is_enabled: bool,
    /// The integration.
    pub integration: Integration<S>,
}

/// The `Data` of actions that contain only the integration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct OnlyIntegration<S = String> {
    /// The integration.
    pub integration: Integration<S>,
}

/// The `Data` of `IntegrationDeleted`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Deleted<S = String> {
    /// When the integration was deleted. The property is required, but null in the only published
    /// draft.
    #[serde(deserialize_with = "nullable")]
    pub deleted_utc: Option<Utc>,
    /// The integration.
    pub integration: Integration<S>,
}

/// The `Data` of `IntegrationApiKeyCreated`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct ApiKeyCreated<S = String> {
    /// The integration.
    pub integration: Integration<S>,
    /// The new API key.
    #[serde(serialize_with = "exposed")]
    pub api_key: Secret,
}

/// An enterprise: a hotel, or a chain of hotels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Enterprise<S = String> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: S,
}

/// A service of an enterprise, such as its accommodation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Service<S = String> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: S,
}

/// An integration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Integration<S = String> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: S,
}

/// The person who requested an integration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Requestor<S = String> {
    /// The person's name.
    pub name: S,
    /// The person's email address.
    pub email: Email<S>,
}

objects! {
    Created<S>,
    OnlyIntegration<S>,
    Deleted<S>,
    ApiKeyCreated<S>,
    Enterprise<S>,
    Service<S>,
    Integration<S>,
    Requestor<S>,
}

impl<'de, S: Deserialize<'de>> Tagged<'de> for IntegrationEvent<S> {
    const TAG: &'static str = "Action";
    const CONTENT: &'static str = "Data";
    type Tag = Text<'de>;

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

impl<S> IntegrationEvent<S> {
    /// Returns the name of the action: `Ok` if the documentation lists it, otherwise `Err`.
    pub(super) fn name(&self) -> Result<&'static str, &S> {
        Ok(match self {
            Self::Created(_) => "IntegrationCreated",
            Self::Enabled(_) => "IntegrationEnabled",
            Self::Disabled(_) => "IntegrationDisabled",
            Self::Canceled(_) => "IntegrationCanceled",
            Self::Reinstated(_) => "IntegrationReinstated",
            Self::Deleted(_) => "IntegrationDeleted",
            Self::ApiKeyCreated(_) => "IntegrationApiKeyCreated",
            Self::Other { action, .. } => return Err(action),
        })
    }
}

impl<S: Serialize> Serialize for IntegrationEvent<S> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        const NAMES: [&str; 2] = ["Action", "Data"];
        let name = Name(self.name());
        match self {
            Self::Created(data) => write(writer, NAMES, &name, data),
            Self::Deleted(data) => write(writer, NAMES, &name, data),
            Self::ApiKeyCreated(data) => write(writer, NAMES, &name, data),
            Self::Enabled(data)
            | Self::Disabled(data)
            | Self::Canceled(data)
            | Self::Reinstated(data)
            | Self::Other { data, .. } => write(writer, NAMES, &name, data),
        }
    }
}
