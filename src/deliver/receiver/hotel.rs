//! Made-up hotels with an integration, and the payloads that Mews sends about them.

use serde_json::{Map, Value, json};

use crate::contract::{Event, Kind};
use crate::sample::{NamedId, Recipe, Values};

/// A made-up enterprise with an integration.
#[derive(Clone)]
pub(super) struct Hotel {
    values: Values,
    pub(super) enterprise: String,
    pub(super) token: String,
    /// The name of the token in evidence.
    pub(super) label: String,
    /// The payload that says that the integration was created.
    created: Value,
}

/// A general message.
#[derive(Clone)]
pub(super) struct Message {
    enterprise: String,
    payload: Value,
    /// The entities that it names, each once, in order.
    pub(super) entities: Vec<Named>,
}

/// An entity that an event names.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) event: &'static Event,
    pub(super) id: String,
}

impl Hotel {
    /// Makes up a hotel from the seed and a number.
    pub(super) fn new(seed: u64, number: u64) -> Self {
        let created = recipe(Kind::Integration, "IntegrationCreated", seed, number).make();
        let text = |path: &str| {
            let value = created.pointer(path).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let named = |path: &str| NamedId {
            id: text(&format!("{path}/Id")),
            name: Some(text(&format!("{path}/Name"))),
        };
        let (enterprise, integration) = (named("/Data/Enterprise"), named("/Data/Integration"));
        let mut values = Values::default();
        let enterprise_id = enterprise.id.clone();
        values.enterprise = Some(enterprise);
        values.integration = Some(integration);
        Self {
            values,
            label: format!("the token of enterprise {enterprise_id}"),
            enterprise: enterprise_id,
            token: text("/Data/AccessToken"),
            created,
        }
    }

    /// Returns the body that says that the integration was created.
    pub(super) fn created_body(&self) -> Vec<u8> {
        self.created.to_string().into_bytes()
    }

    /// Describes an integration event.
    pub(super) fn describe(&self, action: &str) -> String {
        format!("{action} of enterprise {}", self.enterprise)
    }

    /// Returns the id of the integration.
    pub(super) fn integration(&self) -> &str {
        self.values.integration.as_ref().map_or("", |it| &it.id)
    }

    /// Makes an integration event.
    pub(super) fn integration_event(&self, action: &str, seed: u64, number: u64) -> Value {
        recipe(Kind::Integration, action, seed, number).make_with(&self.values)
    }

    /// Makes a general message with these numbers of events.
    pub(super) fn message(
        &self,
        parts: &[(&'static Event, usize)],
        seed: u64,
        mut number: u64,
    ) -> Message {
        let mut message = Message {
            enterprise: self.enterprise.clone(),
            payload: Value::Null,
            entities: Vec::new(),
        };
        for (event, count) in parts {
            let recipe = Recipe {
                event,
                is_mixed: false,
                events: *count,
                seed,
                number,
            };
            number += 1;
            let payload = recipe.make_with(&self.values);
            message.append(payload, event);
        }
        message
    }
}

impl Message {
    fn append(&mut self, mut payload: Value, event: &'static Event) {
        let events = payload.get_mut("Events").and_then(Value::as_array_mut);
        let events = events.map(std::mem::take).unwrap_or_default();
        if self.payload.is_null() {
            self.payload = payload;
        }
        for value in &events {
            let id = value.pointer("/Value/Id").and_then(Value::as_str);
            self.entities.push(Named {
                event,
                id: id.unwrap_or_default().to_owned(),
            });
        }
        self.events().extend(events);
    }

    /// Returns the events, which may be changed.
    pub(super) fn events(&mut self) -> &mut Vec<Value> {
        if !self.payload["Events"].is_array() {
            self.payload["Events"] = json!([]);
        }
        match &mut self.payload["Events"] {
            Value::Array(events) => events,
            _ => unreachable!("it was just made an array"),
        }
    }

    /// Returns the properties of the message, which may be changed.
    pub(super) fn properties(&mut self) -> Option<&mut Map<String, Value>> {
        self.payload.as_object_mut()
    }

    /// Describes the message: `general message of enterprise …: CustomerAdded …, 2 CustomerUpdated`.
    pub(super) fn describe(&self) -> String {
        let groups = self
            .entities
            .chunk_by(|left, right| left.event == right.event);
        let groups = groups.map(|group| {
            let name = group[0].event.name;
            match group {
                [Named { id, .. }] => format!("{name} {id}"),
                _ => format!("{} {name}", group.len()),
            }
        });
        let groups: Vec<_> = groups.collect();
        format!(
            "general message of enterprise {}: {}",
            self.enterprise,
            groups.join(", ")
        )
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.entities
            .iter()
            .map(|entity| entity.id.clone())
            .collect()
    }

    pub(super) fn body(&self) -> Vec<u8> {
        self.payload.to_string().into_bytes()
    }
}

/// Returns the recipe of a documented event.
#[expect(clippy::expect_used, reason = "tests run each check, and so each name")]
pub(super) fn recipe(kind: Kind, name: &str, seed: u64, number: u64) -> Recipe {
    let event = kind.events().find(|event| event.name == name);
    Recipe {
        event: event.expect("a documented event"),
        is_mixed: false,
        events: 1,
        seed,
        number,
    }
}
