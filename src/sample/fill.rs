//! New values for a sample: what one payload says hangs together.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use crate::contract::{is_utc, is_uuid};

use super::dice::{Dice, FIRST_NAMES, HOTELS, PRODUCTS, SERVICES, TOWNS};
use super::values::{Named, Values};

/// 2024-01-01T00:00:00Z, from when times start, and how many seconds they spread over.
pub(super) const FIRST_SECOND: i64 = 1_704_067_200;
pub(super) const SECONDS: u32 = 2 * 366 * 24 * 60 * 60;

/// What a text of a payload is, by the name of its property and of the object around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    EnterpriseId,
    EnterpriseName,
    IntegrationId,
    IntegrationName,
    ServiceId,
    ServiceName,
    RequestorName,
    RequestorEmail,
    Token,
    OtherId,
    Time,
}

impl Slot {
    fn of(parent: &str, name: &str, text: &str) -> Option<Self> {
        Some(match (parent, name) {
            ("Enterprise", "Id") | (_, "EnterpriseId") => Self::EnterpriseId,
            ("Integration", "Id") | (_, "IntegrationId") => Self::IntegrationId,
            ("Service", "Id") => Self::ServiceId,
            ("Enterprise", "Name") => Self::EnterpriseName,
            ("Integration", "Name") => Self::IntegrationName,
            ("Service", "Name") => Self::ServiceName,
            ("Requestor", "Name") => Self::RequestorName,
            ("Requestor", "Email") => Self::RequestorEmail,
            (_, "AccessToken" | "ApiKey") => Self::Token,
            _ if is_uuid(text) => Self::OtherId,
            _ if is_utc(text) => Self::Time,
            _ => return None,
        })
    }
}

/// Visits the texts of a payload that have a slot.
pub(super) fn visit(payload: &mut Value, mut each: impl FnMut(Slot, &mut String)) {
    inside("", payload, &mut each);
}

/// Visits the texts inside of a value that stands under `parent`.
fn inside(parent: &str, value: &mut Value, each: &mut impl FnMut(Slot, &mut String)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if let Value::String(text) = value {
                    if let Some(slot) = Slot::of(parent, name, text) {
                        each(slot, text);
                    }
                } else {
                    inside(name, value, each);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                inside(parent, item, each);
            }
        }
        _ => {}
    }
}

/// Replaces the values of a sample: by those that are given, and by made-up ones.
pub(super) fn fill(payload: &mut Value, seed: u64, number: u64, values: &Values) {
    let mut world = World::new(Dice::new(seed, number), values);
    visit(payload, |slot, text| *text = world.text(slot));
}

/// What a payload speaks of.
struct World {
    enterprise_id: String,
    enterprise: String,
    integration_id: String,
    integration: String,
    service_id: Option<String>,
    service: String,
    requestor: String,
    email: String,
    /// The time of what came last.
    time: DateTime<Utc>,
    /// Whether the next time is that one, instead of a later one.
    is_exact: bool,
    dice: Dice,
}

impl World {
    /// The same numbers are drawn whatever is given, so that all else stays as it is.
    fn new(mut dice: Dice, values: &Values) -> Self {
        let town = dice.pick(&TOWNS);
        let hotel = dice.pick(&HOTELS);
        let product = dice.pick(&PRODUCTS);
        let first_name = dice.pick(&FIRST_NAMES);
        let id = |given: &Option<Named>, made: String| {
            given.as_ref().map_or(made, |given| given.id.clone())
        };
        let name = |given: &Option<Named>, made: String| {
            let given = given.as_ref().and_then(|given| given.name.clone());
            given.unwrap_or(made)
        };
        let enterprise_id = dice.id();
        let integration_id = dice.id();
        let service = dice.pick(&SERVICES).to_owned();
        let second = FIRST_SECOND + i64::from(dice.below(SECONDS));
        Self {
            enterprise_id: id(&values.enterprise, enterprise_id),
            enterprise: name(&values.enterprise, format!("Sample {hotel} {town}")),
            integration_id: id(&values.integration, integration_id),
            integration: name(&values.integration, format!("Sample {product}")),
            service_id: values.service.as_ref().map(|given| given.id.clone()),
            service: name(&values.service, service),
            requestor: format!("{first_name} Example"),
            email: format!("{}@example.com", first_name.to_lowercase()),
            time: values
                .time
                .or_else(|| DateTime::from_timestamp(second, 0))
                .unwrap_or_default(),
            is_exact: values.time.is_some(),
            dice,
        }
    }

    /// The new text for a slot.
    fn text(&mut self, slot: Slot) -> String {
        match slot {
            Slot::EnterpriseId => self.enterprise_id.clone(),
            Slot::EnterpriseName => self.enterprise.clone(),
            Slot::IntegrationId => self.integration_id.clone(),
            Slot::IntegrationName => self.integration.clone(),
            Slot::ServiceId => {
                let made = self.dice.id();
                self.service_id.clone().unwrap_or(made)
            }
            Slot::ServiceName => self.service.clone(),
            Slot::RequestorName => self.requestor.clone(),
            Slot::RequestorEmail => self.email.clone(),
            Slot::Token => self.token(),
            Slot::OtherId => self.dice.id(),
            Slot::Time => self.time(),
        }
    }

    /// As Mews makes them: the integration's id, then 31 digits, which start so that one sees
    /// that they were made up.
    fn token(&mut self) -> String {
        let id = self.integration_id.replace('-', "").to_uppercase();
        let rest: String = (0..25)
            .map(|_| self.dice.digit().to_ascii_uppercase())
            .collect();
        format!("{id}-FACADE{rest}")
    }

    /// A time a while after the one before; or, the first time, the one that is given.
    fn time(&mut self) -> String {
        let seconds = 3600 + i64::from(self.dice.below(5 * 24 * 3600));
        if !std::mem::take(&mut self.is_exact) {
            self.time += TimeDelta::seconds(seconds);
        }
        self.time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}
