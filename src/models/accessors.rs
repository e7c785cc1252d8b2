//! Accessors for payloads of any kind: the enterprise, the integration, and the events.

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
    /// For a documented general event: the operation that fetches the entity.
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
        self.name().unwrap_or_else(AsRef::as_ref)
    }
}

impl<S> IntegrationEvent<S> {
    /// Returns the integration that the event is about.
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

/// Returns the `Id` of an object whose properties are not documented.
fn unlisted(object: &Map<String, Value>) -> Option<Cow<'_, str>> {
    object.get("Id")?.as_str().map(Cow::Borrowed)
}

fn general<S: AsRef<str>>(event: &GeneralEvent<S>) -> PayloadEvent<'_> {
    match event.parts() {
        Ok((name, entity)) => PayloadEvent {
            name,
            entity_id: Some(written(entity.id)),
            fetch: contract::fetch(name),
        },
        Err((name, value)) => unfetched(name.as_ref(), unlisted(value)),
    }
}

fn websocket<S: AsRef<str>>(event: &WebsocketEvent<S>) -> PayloadEvent<'_> {
    let entity_id = match event {
        WebsocketEvent::DeviceCommand(it) => Some(written(it.id)),
        WebsocketEvent::Reservation(it) => Some(written(it.id)),
        WebsocketEvent::Resource(it) | WebsocketEvent::Space(it) => Some(written(it.id)),
        WebsocketEvent::PriceUpdate(it) => Some(written(it.id)),
        WebsocketEvent::Other { event, .. } => unlisted(event),
    };
    unfetched(event.name().unwrap_or_else(AsRef::as_ref), entity_id)
}

fn pos<'a, S: AsRef<str>>(name: &'a str, event: &'a PosEvent<S>) -> PayloadEvent<'a> {
    unfetched(name, Some(event.id.as_ref().into()))
}

#[cfg(test)]
mod tests {
    use super::Payload;
    use crate::contract::Kind;

    fn read(body: &str) -> Payload {
        Payload::from_slice(body.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Each sample contains only the event that it is a sample of.
    #[test]
    fn samples_have_their_events() {
        for event in Kind::ALL.into_iter().flat_map(Kind::events) {
            let payload = read(event.sample);
            assert_eq!(payload.event_names(), [event.name]);
            let of_integration = !matches!(event.kind, Kind::Websocket | Kind::Pos);
            assert_eq!(payload.integration_id().is_some(), of_integration);
            assert_eq!(
                payload.enterprise_id().is_some(),
                event.sample.contains("Enterprise")
            );
            assert_eq!(
                payload.events()[0].entity_id.is_some(),
                matches!(event.kind, Kind::General | Kind::Websocket | Kind::Pos)
            );
        }
    }

    /// The fetch table of the contract: operation and filter by discriminator.
    const FETCHED: [(&str, &str, &str); 7] = [
        (
            "ServiceOrderUpdated",
            "reservations/getAll/2023-06-06",
            "ReservationIds",
        ),
        ("ResourceUpdated", "resources/getAll", "ResourceIds"),
        ("MessageAdded", "messages/getAll", "MessageThreadIds"),
        (
            "ResourceBlockUpdated",
            "resourceBlocks/getAll",
            "ResourceBlockIds",
        ),
        ("CustomerAdded", "customers/getAll", "CustomerIds"),
        ("CustomerUpdated", "customers/getAll", "CustomerIds"),
        ("PaymentUpdated", "payments/getAll", "PaymentIds"),
    ];

    #[test]
    fn general_events_say_how_their_entities_are_fetched() {
        let id = "C2F1D888-232e-49eb-87ac-5f75363af13b";
        let event =
            |name: &str| format!(r#"{{"Discriminator": "{name}", "Value": {{"Id": "{id}"}}}}"#);
        let names = FETCHED.iter().map(|(name, ..)| *name);
        let names: Vec<_> = names.chain(["ResourceDeleted"]).collect();
        let events: Vec<_> = names.iter().copied().map(event).collect();
        let payload = read(&format!(
            r#"{{"EnterpriseId": "{id}", "IntegrationId": "{id}", "Events": [{}]}}"#,
            events.join(", ")
        ));
        assert_eq!(payload.event_names(), names);
        let fetched = payload.events().into_iter().map(|event| {
            let fetch = event.fetch?;
            Some((event.name, fetch.operation.name, fetch.operation.filter))
        });
        let expected = FETCHED.into_iter().map(Some).chain([None]);
        assert!(fetched.eq(expected), "{:?}", payload.events());
        // The id of an unlisted event is returned as written.
        for event in payload.events() {
            let written = event.entity_id.expect(event.name);
            assert_eq!(written == id, event.name == "ResourceDeleted", "{written}");
            assert!(written.eq_ignore_ascii_case(id));
        }
    }

    /// Every event that the catalog lists as fetched is in the table.
    #[test]
    fn the_catalog_has_every_row() {
        let events = Kind::ALL.into_iter().flat_map(Kind::events);
        let fetched = events.filter_map(|event| {
            let fetch = event.fetch?;
            Some((event.name, fetch.operation.name, fetch.operation.filter))
        });
        assert!(fetched.eq(FETCHED));
    }

    #[test]
    fn every_event_of_a_message_is_there() {
        let payload = read(
            r#"{"Events": [
                {"Type": "Space", "Id": "c2f1d888-232e-49eb-87ac-5f75363af13b", "State": "Clean"},
                {"Type": "Weather", "Id": 17},
                {"Type": "Weather", "Id": "north"}
            ]}"#,
        );
        assert_eq!(payload.event_names(), ["Space", "Weather", "Weather"]);
        let ids = payload.events().into_iter().map(|event| event.entity_id);
        let expected = [
            Some("c2f1d888-232e-49eb-87ac-5f75363af13b"),
            None,
            Some("north"),
        ];
        assert!(ids.eq(expected.map(|id| id.map(Into::into))));
        assert_eq!(payload.integration_id(), None);

        let order = r#"{"id": "1", "type": "orders", "attributes": {}}"#;
        let payload = read(&format!(
            r#"{{"data": [{order}, {order}], "meta": {{"eventType": "order.created"}}}}"#
        ));
        assert_eq!(payload.event_names(), ["order.created", "order.created"]);
        let ids = payload.events().into_iter().map(|event| event.entity_id);
        assert!(ids.eq([Some("1".into()), Some("1".into())]));
    }
}
