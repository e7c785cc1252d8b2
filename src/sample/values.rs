//! Values that replace made-up ones in a sample.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::contract::{is_uuid, parse_utc, utc_fault, uuid_fault};

/// The given values; all others are made up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Values {
    /// The enterprise.
    pub enterprise: Option<NamedId>,
    /// The integration. Its tokens start with its id.
    pub integration: Option<NamedId>,
    /// The service.
    pub service: Option<NamedId>,
    /// The first time in the payload; others are later.
    pub time: Option<DateTime<Utc>>,
}

/// An id, with or without its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedId {
    /// A UUID.
    pub id: String,
    /// The name.
    pub name: Option<String>,
}

impl FromStr for NamedId {
    type Err = String;

    /// Parses `ID` or `ID=NAME`.
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

/// The years that samples may be in. Times before or after a given time must still have a year of
/// four digits.
const YEARS: RangeInclusive<i32> = 1970..=9000;

/// Parses an RFC 3339 date-time, or a date, which stands for its first moment in UTC.
///
/// # Errors
/// The text is neither, or its year is out of range. The error is a sentence that says what was
/// expected.
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
