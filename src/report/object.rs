//! A payload's object in the JSON formats, written by hand.
//!
//! Nearly all of such an object are names, which never change, and text that needs no escapes.
//! `serde_json` looks at each of them letter by letter; here they are copied. It still writes what
//! is rare, and a test holds the rest against it.

use serde_json::to_writer;

use crate::checks::{Detail, DetailValue, Event, Named, Summary};
use crate::document::plain;

use super::Record;
use super::json::{DiagnosticObject, VERSION};

/// Writes the object of a payload.
pub(super) fn write(out: &mut Vec<u8>, record: &Record<'_>) {
    let verdict = record.verdict;
    let summary = record.summary();
    let mut object = Object { out };
    object.raw("{\"version\":");
    object.number(VERSION.into());
    object.raw(",\"source\":{\"path\":");
    object.string(record.path);
    object.raw(",\"line\":");
    object.number(record.frame.payload.start.line);
    object.raw(",\"record\":");
    object.number(record.frame.number);
    object.raw("},\"kind\":");
    object.optional(verdict.kind.map(crate::contract::Kind::name));
    object.raw(",\"event\":");
    object.optional(summary.event().as_deref());
    object.raw(",\"valid\":");
    object.flag(verdict.valid);
    object.raw(",\"passed\":");
    object.flag(verdict.passed);
    object.raw(",\"summary\":");
    object.summary(&summary);
    object.raw(",\"diagnostics\":");
    object.list(&verdict.diagnostics, |object, diagnostic| {
        object.serialize(&DiagnosticObject::new(record, diagnostic));
    });
    object.raw(",\"omitted\":");
    object.number(verdict.omitted as u64);
    object.raw("}");
}

struct Object<'o> {
    out: &'o mut Vec<u8>,
}

impl Object<'_> {
    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn serialize(&mut self, value: &impl serde::Serialize) {
        // Memory takes whatever is written, and none of these values can fail.
        let written = to_writer(&mut *self.out, value);
        debug_assert!(written.is_ok());
    }

    fn number(&mut self, number: u64) {
        self.serialize(&number);
    }

    fn string(&mut self, text: &str) {
        if plain(text.as_bytes()) == text.len() {
            self.raw("\"");
            self.raw(text);
            self.raw("\"");
        } else {
            self.serialize(&text);
        }
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.raw("[");
        for (number, item) in items.into_iter().enumerate() {
            if number > 0 {
                self.raw(",");
            }
            write(self, item);
        }
        self.raw("]");
    }

    fn flag(&mut self, flag: bool) {
        self.raw(if flag { "true" } else { "false" });
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.raw("null"),
        }
    }

    fn summary(&mut self, summary: &Summary<'_>) {
        self.raw("{\"action\":");
        self.optional(summary.action.as_deref());
        self.raw(",\"enterprise\":");
        self.named(summary.enterprise.as_ref());
        self.raw(",\"integration\":");
        self.named(summary.integration.as_ref());
        self.raw(",\"service\":");
        self.named(summary.service.as_ref());
        self.raw(",\"requestor\":");
        match &summary.requestor {
            Some(person) => {
                self.raw("{\"name\":");
                self.optional(person.name.as_deref());
                self.raw(",\"email\":");
                self.optional(person.email.as_deref());
                self.raw("}");
            }
            None => self.raw("null"),
        }
        self.raw(",\"created_utc\":");
        self.optional(summary.created_utc.as_deref());
        self.raw(",\"deleted_utc\":");
        self.optional(summary.deleted_utc.as_deref());
        self.raw(",\"enabled\":");
        match summary.enabled {
            Some(flag) => self.flag(flag),
            None => self.raw("null"),
        }
        self.raw(",\"access_token\":");
        self.optional(summary.access_token.as_deref());
        self.raw(",\"api_key\":");
        self.optional(summary.api_key.as_deref());
        self.raw(",\"events\":");
        self.list(summary.events.iter(), |object, event| object.event(&event));
        self.raw("}");
    }

    fn named(&mut self, named: Option<&Named<'_>>) {
        let Some(named) = named else {
            return self.raw("null");
        };
        self.raw("{\"id\":");
        self.optional(named.id.as_deref());
        self.raw(",\"name\":");
        self.optional(named.name.as_deref());
        self.raw("}");
    }

    fn event(&mut self, event: &Event<'_>) {
        self.raw("{\"name\":");
        self.optional(event.name().as_deref());
        self.raw(",\"id\":");
        self.optional(event.id().as_deref());
        for Detail { name, value } in event.details() {
            self.raw(",\"");
            self.raw(name);
            self.raw("\":");
            match value {
                DetailValue::Text(text) | DetailValue::Time(text) => self.string(&text),
                DetailValue::Flag(flag) => self.flag(flag),
            }
        }
        self.raw("}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Kind;
    use crate::document::Document;

    /// Every event's summary, and one with escapes and without most parts.
    #[test]
    fn summaries_are_as_serde_writes_them() {
        let odd = r#"{"Action": "a\"\u0007é", "Data": {"Enterprise": {"Id": 1}, "Requestor": {}}}"#;
        let samples = Kind::ALL.into_iter().flat_map(Kind::events);
        let texts = samples.map(|event| (event.kind, event.sample));
        for (kind, text) in texts.chain([(Kind::Integration, odd)]) {
            let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}"));
            let summary = Summary::of(kind, &document);
            let mut out = Vec::new();
            Object { out: &mut out }.summary(&summary);
            let expected = serde_json::to_string(&summary).unwrap_or_default();
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }
}
