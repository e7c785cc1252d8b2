//! New values for a sample: what one payload says hangs together.

use chrono::DateTime;
use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;
use serde_json::Value;

use crate::contract::{is_utc, is_uuid};

/// Names that nobody takes for real ones.
const TOWNS: [&str; 16] = [
    "Arden",
    "Brookfield",
    "Calloway",
    "Dunmore",
    "Eastvale",
    "Fairhaven",
    "Glenwood",
    "Harborview",
    "Ironbridge",
    "Juniper",
    "Kingsmere",
    "Larkspur",
    "Maplewood",
    "Northgate",
    "Oakridge",
    "Pinecrest",
];
const HOTELS: [&str; 8] = [
    "Hotel",
    "Inn",
    "Lodge",
    "Suites",
    "Resort",
    "Hostel",
    "Residence",
    "House",
];
const PRODUCTS: [&str; 8] = [
    "Channel Manager",
    "Door Locks",
    "Kiosk",
    "Upsell",
    "Housekeeping",
    "Reporting",
    "Concierge",
    "Revenue",
];
const SERVICES: [&str; 6] = [
    "Accommodation",
    "Parking",
    "Wellness",
    "Meeting Rooms",
    "Day Use",
    "Coworking",
];
const FIRST_NAMES: [&str; 12] = [
    "Alex", "Charlie", "Dana", "Eli", "Jamie", "Kim", "Morgan", "Noa", "Robin", "Sam", "Toni",
    "Yuki",
];

/// 2024-01-01T00:00:00Z, from when times start, and how many seconds they spread over.
const FIRST_SECOND: i64 = 1_704_067_200;
const SECONDS: u32 = 2 * 366 * 24 * 60 * 60;

/// Replaces the values of a sample.
pub(super) fn fill(payload: &mut Value, seed: u64, number: u64) {
    let mut dice = Dice(Pcg32::new(seed, number));
    let town = dice.pick(&TOWNS);
    let hotel = dice.pick(&HOTELS);
    let product = dice.pick(&PRODUCTS);
    let first_name = dice.pick(&FIRST_NAMES);
    let mut world = World {
        enterprise_id: dice.id(),
        enterprise: format!("Sample {hotel} {town}"),
        integration_id: dice.id(),
        integration: format!("Sample {product}"),
        service: dice.pick(&SERVICES).to_owned(),
        requestor: format!("{first_name} Example"),
        email: format!("{}@example.com", first_name.to_lowercase()),
        time: FIRST_SECOND + i64::from(dice.below(SECONDS)),
        dice,
    };
    world.visit("", payload);
}

/// What a payload speaks of.
struct World {
    enterprise_id: String,
    enterprise: String,
    integration_id: String,
    integration: String,
    service: String,
    requestor: String,
    email: String,
    /// The time of what came last, in seconds since 1970.
    time: i64,
    dice: Dice,
}

impl World {
    /// Replaces the texts inside of a value that stands under `name`.
    fn visit(&mut self, name: &str, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (member, value) in members {
                    if let Value::String(text) = value {
                        if let Some(new) = self.text(name, member, text) {
                            *text = new;
                        }
                    } else {
                        self.visit(member, value);
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.visit(name, item);
                }
            }
            _ => {}
        }
    }

    /// The new text of a property of the object that stands under `parent`.
    fn text(&mut self, parent: &str, name: &str, old: &str) -> Option<String> {
        Some(match (parent, name) {
            ("Enterprise", "Id") | (_, "EnterpriseId") => self.enterprise_id.clone(),
            ("Integration", "Id") | (_, "IntegrationId") => self.integration_id.clone(),
            ("Enterprise", "Name") => self.enterprise.clone(),
            ("Integration", "Name") => self.integration.clone(),
            ("Service", "Name") => self.service.clone(),
            ("Requestor", "Name") => self.requestor.clone(),
            ("Requestor", "Email") => self.email.clone(),
            (_, "AccessToken" | "ApiKey") => self.token(),
            _ if is_uuid(old) => self.dice.id(),
            _ if is_utc(old) => self.time(),
            _ => return None,
        })
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

    /// A time a while after the one before.
    fn time(&mut self) -> String {
        self.time += 3600 + i64::from(self.dice.below(5 * 24 * 3600));
        let time = DateTime::from_timestamp(self.time, 0).unwrap_or_default();
        time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// Whether `fill` makes this name of a person, an enterprise, a service or an integration.
pub(crate) fn is_made_up_name(name: &str) -> bool {
    if let Some(first) = name.strip_suffix(" Example") {
        return FIRST_NAMES.contains(&first);
    }
    let Some(rest) = name.strip_prefix("Sample ") else {
        return SERVICES.contains(&name);
    };
    let hotel = rest.split_once(' ');
    let is_hotel =
        hotel.is_some_and(|(hotel, town)| HOTELS.contains(&hotel) && TOWNS.contains(&town));
    is_hotel || PRODUCTS.contains(&rest)
}

/// Whether `fill` makes this email address.
pub(crate) fn is_made_up_email(email: &str) -> bool {
    let person = email.strip_suffix("@example.com");
    person.is_some_and(|person| {
        let mut names = FIRST_NAMES.iter();
        names.any(|name| name.to_lowercase() == person)
    })
}

struct Dice(Pcg32);

impl Dice {
    /// A number below `limit`.
    fn below(&mut self, limit: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(limit);
        u32::try_from(wide >> 32).unwrap_or_default()
    }

    fn pick<'w>(&mut self, words: &[&'w str]) -> &'w str {
        let count = u32::try_from(words.len()).unwrap_or_default();
        words[self.below(count) as usize]
    }

    fn digit(&mut self) -> char {
        char::from_digit(self.below(16), 16).unwrap_or_default()
    }

    /// A UUID of version 4 that starts so that one sees that it was made up.
    fn id(&mut self) -> String {
        "facadexx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"
            .chars()
            .map(|place| if place == 'x' { self.digit() } else { place })
            .collect()
    }
}
