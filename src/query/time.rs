//! When a payload was sent: a capture may say when it was received, and some payloads state a time.

use chrono::{DateTime, Datelike, Utc};

use crate::capture::Delivery;
use crate::checks::Summary;

/// Where the time of a payload comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeSource {
    /// The capture says when the payload was received.
    Delivery,
    /// The payload says when what it reports has happened.
    Payload,
}

/// The time of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PayloadTime {
    /// The time.
    pub at: DateTime<Utc>,
    /// Where it comes from.
    pub source: TimeSource,
}

impl PayloadTime {
    /// Returns the time of a payload: when it was received, or what it states if that is unknown. Of
    /// the events, only the creation and the deletion of an integration have a time.
    ///
    /// Returns `None` if neither is known, or is not a time that RFC 3339 describes.
    pub fn of(delivery: Option<&Delivery>, summary: &Summary<'_>) -> Option<Self> {
        if let Some(at) = delivery.and_then(received) {
            let source = TimeSource::Delivery;
            return Some(Self { at, source });
        }
        // An integration that was deleted states both.
        let stated = match summary.action.as_deref() {
            Some("IntegrationDeleted") => summary.deleted_utc.as_deref(),
            Some("IntegrationCreated") => summary.created_utc.as_deref(),
            _ => None,
        };
        let source = TimeSource::Payload;
        parse(stated?).map(|at| Self { at, source })
    }
}

/// Returns when a payload was received, if the capture says so in a notation that is known.
pub(crate) fn received(delivery: &Delivery) -> Option<DateTime<Utc>> {
    parse(delivery.time.as_deref()?)
}

fn parse(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    // An offset may lead to a year that can't be written.
    (0..=9999).contains(&time.year()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Kind;
    use crate::document::Document;
    use crate::secrets::Masking;

    fn time(text: &str, delivery: Option<&Delivery>) -> Option<PayloadTime> {
        let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}"));
        let summary = Summary::of(Kind::Integration, &document, Masking::On);
        PayloadTime::of(delivery, &summary)
    }

    #[test]
    fn the_delivery_comes_before_the_payload() {
        let created =
            r#"{"Action": "IntegrationCreated", "Data": {"CreatedUtc": "2026-01-05T10:00:00Z"}}"#;
        let enabled = created.replace("Created\"", "Enabled\"");
        let delivery = Delivery {
            time: Some("2026-01-05T10:00:02+01:00".to_owned()),
            ..Delivery::default()
        };
        let written =
            |found: Option<PayloadTime>| found.map(|found| (found.at.to_rfc3339(), found.source));
        let found = written(time(created, Some(&delivery)));
        let expected = ("2026-01-05T09:00:02+00:00".to_owned(), TimeSource::Delivery);
        assert_eq!(found, Some(expected));
        let found = written(time(created, None));
        let expected = ("2026-01-05T10:00:00+00:00".to_owned(), TimeSource::Payload);
        assert_eq!(found, Some(expected));
        // When an integration was created says nothing about when it was enabled.
        assert_eq!(time(&enabled, None), None);
        for odd in ["yesterday at 10", "9999-12-31T23:59:59-01:00"] {
            let odd = Delivery {
                time: Some(odd.to_owned()),
                ..Delivery::default()
            };
            let found = written(time(created, Some(&odd)));
            assert_eq!(found, written(time(created, None)));
        }
    }
}
