//! A payload's object in the JSON formats, written by hand.
//!
//! Nearly all of such an object are names, which never change, and text that needs no escapes.
//! `serde_json` looks at each of them letter by letter; here they are copied. It still writes what
//! is rare, and a test holds the rest against it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::to_writer;

use crate::checks::{Detail, DetailValue, Event, Named, Summary};
use crate::diagnostic::Diagnostic;
use crate::document::plain;
use crate::secrets;

use super::Record;

/// The version of the JSON formats. Property names never change their meaning within a version; new
/// ones may be added.
pub(super) const VERSION: u32 = 1;

/// The object of a diagnostic.
#[derive(Serialize)]
struct DiagnosticObject<'r> {
    code: &'static str,
    severity: &'static str,
    expected: bool,
    message: Cow<'r, str>,
    pointer: Cow<'r, str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pointer_encloses: bool,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
    offset: u64,
    length: usize,
    help: Option<Cow<'r, str>>,
    docs: &'static str,
    rule: &'r str,
}

impl<'r> DiagnosticObject<'r> {
    fn new(record: &Record<'_>, diagnostic: &'r Diagnostic) -> Self {
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity.name(),
            expected: diagnostic.expected,
            message: secrets::mask(&diagnostic.message),
            pointer: masked_pointer(&diagnostic.pointer),
            pointer_encloses: diagnostic.encloses,
            line: diagnostic.start.line,
            column: diagnostic.start.column,
            end_line: diagnostic.end.line,
            end_column: diagnostic.end.column,
            offset: record.frame.offset + diagnostic.span.start as u64,
            length: diagnostic.span.len(),
            help: diagnostic.help.as_deref().map(secrets::mask),
            docs: diagnostic.docs,
            rule: &diagnostic.rule,
        }
    }
}

/// Returns a pointer with the secrets in its names masked.
pub(super) fn masked_pointer(pointer: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/';
    if pointer.bytes().all(is_plain) {
        return Cow::Borrowed(pointer);
    }
    // Each name is masked on its own, since part of a token is found at the start or end of a text.
    let names = pointer.split('/').map(|name| {
        let name = name.replace("~1", "/").replace("~0", "~");
        let name = secrets::mask(&name).replace('~', "~0");
        name.replace('/', "~1")
    });
    Cow::Owned(names.collect::<Vec<_>>().join("/"))
}

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

    fn serialize(&mut self, value: &impl Serialize) {
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
