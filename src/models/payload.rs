//! A payload of any kind.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::contract::{Kind, detect_from, may_be_older};

use super::read::{ReadError, ValueReader};
use super::{GeneralMessage, IntegrationEvent, IntegrationEvent2019, PosMessage, WebsocketMessage};

/// A payload of any kind.
///
/// When a payload is read, its kind is detected by the properties at the root. An integration event
/// that breaks the current rules is read in the layout of 2019, if it follows the rules of that
/// layout and has no property that only the current layout lists.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payload<S = String> {
    /// An integration event in the current layout.
    Integration(IntegrationEvent<S>),
    /// An integration event in the layout of 2019.
    Integration2019(IntegrationEvent2019<S>),
    /// A general message.
    General(GeneralMessage<S>),
    /// A websocket message.
    Websocket(WebsocketMessage<S>),
    /// A Mews POS message.
    Pos(PosMessage<S>),
}

impl Payload {
    /// Reads a payload from the body of a request.
    ///
    /// ```
    /// use mewshook::models::Payload;
    ///
    /// let body = br#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": 1}}}"#;
    /// let error = Payload::from_slice(body).unwrap_err();
    /// assert_eq!(error.path(), "Data.Integration.Id");
    /// assert_eq!(error.to_string(), "Data.Integration.Id: expected a UUID, found a number");
    /// ```
    ///
    /// # Errors
    /// The body is not JSON, is of no kind, or breaks a rule of its kind; then the error names the
    /// property.
    pub fn from_slice(body: &[u8]) -> Result<Self, ReadError> {
        let root = serde_json::from_slice(body).map_err(|error| ReadError::syntax(&error))?;
        Self::from_value(&root)
    }
}

impl<S> Payload<S> {
    /// Detects the kind of a payload and reads it.
    fn from_value<'de>(root: &Value) -> Result<Self, ReadError>
    where
        S: Deserialize<'de>,
    {
        let kind = detect_from(root).ok_or_else(|| ReadError::unknown_kind(root))?;
        match Self::read(kind, ValueReader(root)) {
            Err(error) if kind == Kind::Integration && may_be_older(root) => {
                Self::read(Kind::Integration2019, ValueReader(root)).map_err(|_| error)
            }
            result => result,
        }
    }

    /// Reads a payload as one of a known kind.
    ///
    /// # Errors
    /// The payload breaks a rule of that kind. The error describes the first one.
    pub fn read<'de, D>(kind: Kind, deserializer: D) -> Result<Self, D::Error>
    where
        S: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(match kind {
            Kind::Integration => Self::Integration(Deserialize::deserialize(deserializer)?),
            Kind::Integration2019 => Self::Integration2019(Deserialize::deserialize(deserializer)?),
            Kind::General => Self::General(Deserialize::deserialize(deserializer)?),
            Kind::Websocket => Self::Websocket(Deserialize::deserialize(deserializer)?),
            Kind::Pos => Self::Pos(Deserialize::deserialize(deserializer)?),
        })
    }

    /// Returns the kind of the payload.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Integration(_) => Kind::Integration,
            Self::Integration2019(_) => Kind::Integration2019,
            Self::General(_) => Kind::General,
            Self::Websocket(_) => Kind::Websocket,
            Self::Pos(_) => Kind::Pos,
        }
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for Payload<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<S: Serialize> Serialize for Payload<S> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        match self {
            Self::Integration(event) => event.serialize(writer),
            Self::Integration2019(event) => event.serialize(writer),
            Self::General(message) => message.serialize(writer),
            Self::Websocket(message) => message.serialize(writer),
            Self::Pos(message) => message.serialize(writer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_the_same() {
        for event in Kind::ALL.into_iter().flat_map(Kind::events) {
            let read =
                |text: &[u8]| Payload::from_slice(text).unwrap_or_else(|error| panic!("{error}"));
            let payload = read(event.sample.as_bytes());
            let written = serde_json::to_string(&payload).expect(event.name);
            assert_eq!(read(written.as_bytes()), payload, "{written}");
            // A secret is part of the text.
            assert_eq!(written.contains("Token"), event.sample.contains("Token"));
        }
    }
}
