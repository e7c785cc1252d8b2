//! A payload of any kind.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::contract::{Kind, detect_from, may_be_older};

use super::{GeneralMessage, IntegrationEvent, IntegrationEvent2019, PosMessage, WebsocketMessage};

/// A payload of any kind.
///
/// Reading one detects the kind first, by the properties at the root. An integration event that
/// breaks the current rules is read in the layout of 2019 if it has no property that only the
/// current one lists, and follows the older rules.
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl<S> Payload<S> {
    /// Reads a payload as one of a known kind.
    ///
    /// # Errors
    /// The first rule of that kind that the payload breaks.
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

    /// The kind of the payload.
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
        let value = Value::deserialize(deserializer)?;
        let kind =
            detect_from(&value).ok_or_else(|| D::Error::custom("no kind of Mews payload"))?;
        let older = (kind == Kind::Integration && may_be_older(&value)).then(|| value.clone());
        let payload = match (Self::read(kind, value), older) {
            (Err(error), Some(older)) => {
                Self::read(Kind::Integration2019, older).map_err(|_| error)
            }
            (payload, _) => payload,
        };
        payload.map_err(D::Error::custom)
    }
}
