//! Replaces the values of a sample by given or made-up ones, consistently within a payload.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use crate::contract::{is_utc, is_uuid};

use super::random::{FIRST_NAMES, HOTELS, PRODUCTS, Random, SERVICES, TOWNS};
use super::values::{NamedId, Values};

/// The start of made-up times, 2024-01-01T00:00:00Z, and the number of seconds that they spread
/// over.
pub(super) const FIRST_SECOND: i64 = 1_704_067_200;
pub(super) const SECONDS: u32 = 2 * 366 * 24 * 60 * 60;

/// A string property of a payload that gets a new value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
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

impl Property {
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

/// Visits the properties of a payload that get a new value.
pub(super) fn visit(payload: &mut Value, mut visitor: impl FnMut(Property, &mut String)) {
    visit_nested("", payload, &mut visitor);
}

/// Visits those in the value of the property `parent`.
fn visit_nested(parent: &str, value: &mut Value, visitor: &mut impl FnMut(Property, &mut String)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if let Value::String(text) = value {
                    if let Some(property) = Property::of(parent, name, text) {
                        visitor(property, text);
                    }
                } else {
                    visit_nested(name, value, visitor);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                visit_nested(parent, item, visitor);
            }
        }
        _ => {}
    }
}

/// Replaces the values of a sample by given or made-up ones.
pub(super) fn fill(payload: &mut Value, seed: u64, number: u64, values: &Values) {
    let mut payload_values = PayloadValues::new(Random::new(seed, number), values);
    visit(payload, |property, text| {
        *text = payload_values.value(property);
    });
}

/// The values of one payload.
struct PayloadValues {
    enterprise_id: String,
    enterprise: String,
    integration_id: String,
    integration: String,
    service_id: Option<String>,
    service: String,
    requestor: String,
    email: String,
    /// The last time that was used.
    time: DateTime<Utc>,
    /// Whether the next time equals it, instead of being later.
    is_time_unused: bool,
    random: Random,
}

impl PayloadValues {
    /// Chooses all made-up values, even those that given ones replace, so that given values don't
    /// change the others.
    fn new(mut random: Random, values: &Values) -> Self {
        let town = random.choose(&TOWNS);
        let hotel = random.choose(&HOTELS);
        let product = random.choose(&PRODUCTS);
        let first_name = random.choose(&FIRST_NAMES);
        let id = |given: &Option<NamedId>, made_up: String| {
            given.as_ref().map_or(made_up, |given| given.id.clone())
        };
        let name = |given: &Option<NamedId>, made_up: String| {
            let given = given.as_ref().and_then(|given| given.name.clone());
            given.unwrap_or(made_up)
        };
        let enterprise_id = random.uuid();
        let integration_id = random.uuid();
        let service = random.choose(&SERVICES).to_owned();
        let second = FIRST_SECOND + i64::from(random.below(SECONDS));
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
            is_time_unused: values.time.is_some(),
            random,
        }
    }

    /// Returns the new value of a property.
    fn value(&mut self, property: Property) -> String {
        match property {
            Property::EnterpriseId => self.enterprise_id.clone(),
            Property::EnterpriseName => self.enterprise.clone(),
            Property::IntegrationId => self.integration_id.clone(),
            Property::IntegrationName => self.integration.clone(),
            Property::ServiceId => {
                let made_up = self.random.uuid();
                self.service_id.clone().unwrap_or(made_up)
            }
            Property::ServiceName => self.service.clone(),
            Property::RequestorName => self.requestor.clone(),
            Property::RequestorEmail => self.email.clone(),
            Property::Token => self.token(),
            Property::OtherId => self.random.uuid(),
            Property::Time => self.next_time(),
        }
    }

    /// Returns a token as Mews makes them: the integration's id, then 31 digits, whose start shows
    /// that they were made up.
    fn token(&mut self) -> String {
        let id = self.integration_id.replace('-', "").to_uppercase();
        let rest: String = (0..25)
            .map(|_| self.random.hex_digit().to_ascii_uppercase())
            .collect();
        format!("{id}-FACADE{rest}")
    }

    /// Returns a time some time after the last one, or the given time if it has not been used.
    fn next_time(&mut self) -> String {
        let seconds = 3600 + i64::from(self.random.below(5 * 24 * 3600));
        if !std::mem::take(&mut self.is_time_unused) {
            self.time += TimeDelta::seconds(seconds);
        }
        self.time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}
