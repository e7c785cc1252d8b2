//! Values of one's own for a sample, instead of made-up ones.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::contract::{Event, is_uuid, parse_utc, utc_fault, uuid_fault};

use super::fill::{self, Slot};
use super::parse;

/// What is given; the rest is made up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Values {
    /// The enterprise.
    pub enterprise: Option<Named>,
    /// The integration. Its tokens follow its id.
    pub integration: Option<Named>,
    /// The service.
    pub service: Option<Named>,
    /// The first time in the payload; others come after it.
    pub time: Option<DateTime<Utc>>,
}

/// An id, and the name that belongs to it, if it is given too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// A UUID.
    pub id: String,
    /// The name.
    pub name: Option<String>,
}

impl FromStr for Named {
    type Err = String;

    /// Reads `ID` or `ID=NAME`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (id, name) = match text.split_once('=') {
            Some((id, name)) => (id, Some(name)),
            None => (text, None),
        };
        if !is_uuid(id) {
            let fault = uuid_fault(id).map_or(String::new(), |fault| format!(": {fault}"));
            return Err(format!(
                "`{id}` is not a UUID{fault}; write ID or ID=NAME, as in `851df8c8-90f2-4c4a-8e01-a4fc46b25178=My Hotel`"
            ));
        }
        if name == Some("") {
            return Err("the name is missing after `=`".into());
        }
        Ok(Self {
            id: id.to_owned(),
            name: name.map(str::to_owned),
        })
    }
}

/// The years that samples may be in: what comes before or after a given time is still a time that
/// payloads can have, which has four digits for the year.
const YEARS: RangeInclusive<i32> = 1970..=9000;

/// Reads an RFC 3339 date-time, or a plain date for its first moment in UTC.
///
/// # Errors
/// It is neither, or in a year that samples are not made for: what was expected, as a sentence.
pub fn parse_time(text: &str) -> Result<DateTime<Utc>, String> {
    let expected = "write `2024-05-01` or `2024-05-01T10:00:00Z`";
    let time = if text.len() == "2024-05-01".len() && text.is_ascii() {
        let date = text.parse::<NaiveDate>().ok();
        let midnight = date.and_then(|date| date.and_hms_opt(0, 0, 0));
        midnight
            .map(|midnight| midnight.and_utc())
            .ok_or_else(|| format!("there is no such date; {expected}"))
    } else {
        let time = parse_utc(text).map(|time| time.to_utc());
        time.ok_or_else(|| {
            let fault = utc_fault(text).unwrap_or_else(|| "this is not a date-time".into());
            format!("{fault}; {expected}")
        })
    }?;
    if YEARS.contains(&time.year()) {
        Ok(time)
    } else {
        let (first, last) = (YEARS.start(), YEARS.end());
        Err(format!("expected a year from {first} to {last}"))
    }
}

/// What a payload may have a place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// An enterprise.
    Enterprise,
    /// An integration.
    Integration,
    /// A service.
    Service,
    /// A time.
    Time,
}

impl Place {
    /// Whether payloads of an event have it.
    pub fn is_in(self, event: &Event) -> bool {
        let wanted = match self {
            Self::Enterprise => Slot::EnterpriseId,
            Self::Integration => Slot::IntegrationId,
            Self::Service => Slot::ServiceId,
            Self::Time => Slot::Time,
        };
        let mut is_found = false;
        fill::visit(&mut parse(event.sample), |slot, _| {
            is_found |= slot == wanted;
        });
        is_found
    }
}
