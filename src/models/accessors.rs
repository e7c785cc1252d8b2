//! What a handler asks of a payload of any kind: whose it is, and what happened to which entity.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::contract::{self, Fetch};

use super::{
    GeneralEvent, Id, Integration, IntegrationEvent, OneOrMany, Payload, PosEvent, WebsocketEvent,
};

/// One event of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PayloadEvent<'a> {
    /// The action, discriminator or type.
    pub name: &'a str,
    /// The id of the entity that the event names, if it names one.
    pub entity_id: Option<Cow<'a, str>>,
    /// For a documented general event: the operation that fetches the entity, and the property of
    /// its request that takes the ids.
    pub fetch: Option<Fetch>,
}

impl<S: AsRef<str>> Payload<S> {
    /// Returns the id of the enterprise, if the payload names one.
    pub fn enterprise_id(&self) -> Option<Id> {
        match self {
            Self::Integration(IntegrationEvent::Created(data)) => Some(data.enterprise.id),
            Self::Integration2019(event) => event.data.enterprise.as_ref().map(|it| it.id),
            Self::General(message) => Some(message.enterprise_id),
            Self::Integration(_) | Self::Websocket(_) | Self::Pos(_) => None,
        }
    }

    /// Returns the id of the integration, if the payload names one.
    pub fn integration_id(&self) -> Option<Id> {
        match self {
            Self::Integration(event) => Some(event.integration().id),
            Self::Integration2019(event) => Some(event.data.integration.id),
            Self::General(message) => Some(message.integration_id),
            Self::Websocket(_) | Self::Pos(_) => None,
        }
    }

    /// Returns the names of the events, in the order of the payload.
    pub fn event_names(&self) -> Vec<&str> {
        self.events().into_iter().map(|event| event.name).collect()
    }

    /// Returns the events, in the order of the payload.
    pub fn events(&self) -> Vec<PayloadEvent<'_>> {
        match self {
            Self::Integration(event) => vec![unfetched(event.action(), None)],
            Self::Integration2019(event) => vec![unfetched(event.action.as_ref(), None)],
            Self::General(message) => message.events.iter().map(general).collect(),
            Self::Websocket(message) => message.events.iter().map(websocket).collect(),
            Self::Pos(message) => {
                let name = message.event_type.as_ref();
                let event = |event| pos(name, event);
                match &message.data {
                    OneOrMany::One(one) => vec![event(one)],
                    OneOrMany::Many(many) => many.iter().map(event).collect(),
                }
            }
        }
    }
}

impl<S: AsRef<str>> IntegrationEvent<S> {
    /// Returns the action's name.
    pub fn action(&self) -> &str {
        match self {
            Self::Created(_) => "IntegrationCreated",
            Self::Enabled(_) => "IntegrationEnabled",
            Self::Disabled(_) => "IntegrationDisabled",
            Self::Canceled(_) => "IntegrationCanceled",
            Self::Reinstated(_) => "IntegrationReinstated",
            Self::Deleted(_) => "IntegrationDeleted",
            Self::ApiKeyCreated(_) => "IntegrationApiKeyCreated",
            Self::Other { action, .. } => action.as_ref(),
        }
    }

    /// Returns the integration that something happened to.
    pub fn integration(&self) -> &Integration<S> {
        match self {
            Self::Created(data) => &data.integration,
            Self::Deleted(data) => &data.integration,
            Self::ApiKeyCreated(data) => &data.integration,
            Self::Enabled(data)
            | Self::Disabled(data)
            | Self::Canceled(data)
            | Self::Reinstated(data)
            | Self::Other { data, .. } => &data.integration,
        }
    }
}

fn unfetched<'a>(name: &'a str, entity_id: Option<Cow<'a, str>>) -> PayloadEvent<'a> {
    PayloadEvent {
        name,
        entity_id,
        fetch: None,
    }
}

fn written(id: Id) -> Cow<'static, str> {
    id.to_string().into()
}

/// Returns the `Id` of an object of which nothing is known.
fn unlisted(object: &Map<String, Value>) -> Option<Cow<'_, str>> {
    object.get("Id")?.as_str().map(Cow::Borrowed)
}

fn general<S: AsRef<str>>(event: &GeneralEvent<S>) -> PayloadEvent<'_> {
    let (name, entity) = match event {
        GeneralEvent::ServiceOrderUpdated(entity) => ("ServiceOrderUpdated", entity),
        GeneralEvent::ResourceUpdated(entity) => ("ResourceUpdated", entity),
        GeneralEvent::MessageAdded(entity) => ("MessageAdded", entity),
        GeneralEvent::ResourceBlockUpdated(entity) => ("ResourceBlockUpdated", entity),
        GeneralEvent::CustomerAdded(entity) => ("CustomerAdded", entity),
        GeneralEvent::CustomerUpdated(entity) => ("CustomerUpdated", entity),
        GeneralEvent::PaymentUpdated(entity) => ("PaymentUpdated", entity),
        GeneralEvent::Other {
            discriminator,
            value,
        } => return unfetched(discriminator.as_ref(), unlisted(value)),
    };
    PayloadEvent {
        name,
        entity_id: Some(written(entity.id)),
        fetch: contract::fetch(name),
    }
}

fn websocket<S: AsRef<str>>(event: &WebsocketEvent<S>) -> PayloadEvent<'_> {
    match event {
        WebsocketEvent::DeviceCommand(it) => unfetched("DeviceCommand", Some(written(it.id))),
        WebsocketEvent::Reservation(it) => unfetched("Reservation", Some(written(it.id))),
        WebsocketEvent::Resource(it) => unfetched("Resource", Some(written(it.id))),
        WebsocketEvent::Space(it) => unfetched("Space", Some(written(it.id))),
        WebsocketEvent::PriceUpdate(it) => unfetched("PriceUpdate", Some(written(it.id))),
        WebsocketEvent::Other { name, event } => unfetched(name.as_ref(), unlisted(event)),
    }
}

fn pos<'a, S: AsRef<str>>(name: &'a str, event: &'a PosEvent<S>) -> PayloadEvent<'a> {
    unfetched(name, Some(event.id.as_ref().into()))
}

#[cfg(test)]
mod tests {
    use super::Payload;
    use crate::contract::Kind;

    /// Every sample has the one event that it is a sample of, fetched as the catalog says.
    #[test]
    fn samples_have_their_events() {
        for event in Kind::ALL.into_iter().flat_map(Kind::events) {
            let payload: Payload = serde_json::from_str(event.sample).expect(event.name);
            assert_eq!(payload.event_names(), [event.name]);
            assert_eq!(payload.events()[0].fetch, event.fetch);
            let of_integration = !matches!(event.kind, Kind::Websocket | Kind::Pos);
            assert_eq!(payload.integration_id().is_some(), of_integration);
            assert_eq!(
                payload.events()[0].entity_id.is_some(),
                matches!(event.kind, Kind::General | Kind::Websocket | Kind::Pos)
            );
        }
    }
}
