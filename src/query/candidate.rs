//! A payload as filters see it, before or after it is checked.

use std::cell::OnceCell;

use chrono::{DateTime, Utc};

use crate::capture::{Delivery, FoundPayload};
use crate::checks::{EntitySummary, ExpectedKind, Summary, Verdict};
use crate::contract::Kind;
use crate::document::{Array, Document, Node, Object, Tag};
use crate::secrets::Masking;
use crate::steps;

use super::PayloadTime;
use super::pattern::Pattern;

/// A payload, as far as it is known.
#[derive(Debug)]
pub struct Candidate<'s> {
    found: &'s FoundPayload<'s>,
    document: Option<&'s Document<'s>>,
    pub(super) kind: ExpectedKind,
    pub(super) verdict: Option<&'s Verdict>,
    summary: OnceCell<Summary<'s>>,
    delivery: OnceCell<Option<Delivery>>,
}

impl<'s> Candidate<'s> {
    /// Creates the candidate of a payload that was parsed.
    pub fn parsed(
        found: &'s FoundPayload<'s>,
        document: &'s Document<'s>,
        kind: ExpectedKind,
    ) -> Self {
        Self {
            found,
            document: Some(document),
            kind,
            verdict: None,
            summary: OnceCell::new(),
            delivery: OnceCell::new(),
        }
    }

    /// Creates the candidate of a payload that was checked. It has a document if it is JSON.
    pub fn checked(
        found: &'s FoundPayload<'s>,
        document: Option<&'s Document<'s>>,
        verdict: &'s Verdict,
    ) -> Self {
        Self {
            found,
            document,
            kind: ExpectedKind::Certain(verdict.kind),
            verdict: Some(verdict),
            summary: OnceCell::new(),
            delivery: OnceCell::new(),
        }
    }

    /// Returns the summary, with secrets.
    pub(super) fn summary(&self) -> &Summary<'s> {
        self.summary.get_or_init(|| {
            let kind = match self.kind {
                ExpectedKind::Certain(kind) => kind,
                // What an event contains is read in the same way in both.
                ExpectedKind::EitherEdition => Some(Kind::Integration),
            };
            match (kind, self.document) {
                // Compared with the text itself, which no report shows.
                (Some(kind), Some(document)) => Summary::of(kind, document, Masking::Off),
                _ => Summary::default(),
            }
        })
    }

    fn delivery(&self) -> Option<&Delivery> {
        let delivery = self.delivery.get_or_init(|| self.found.delivery());
        delivery.as_ref()
    }

    /// Returns the status of the response to the delivery.
    pub(super) fn status(&self) -> Option<u16> {
        self.delivery()?.status
    }

    /// Returns the time of the payload.
    pub(super) fn time(&self) -> Option<DateTime<Utc>> {
        let time = PayloadTime::of(self.delivery(), self.summary())?;
        Some(time.at)
    }

    /// Returns `true` if one of the events matches.
    pub(super) fn has_event(&self, pattern: &Pattern) -> bool {
        let summary = self.summary();
        let action = summary.action.as_deref();
        if action.is_some_and(|action| pattern.matches(action)) {
            return true;
        }
        let mut events = summary.events.iter();
        events.any(|event| event.name().is_some_and(|name| pattern.matches(&name)))
    }

    /// Returns `true` if one of the ids matches.
    pub(super) fn has_id(&self, pattern: &Pattern) -> bool {
        let root = self.document.map(Document::root);
        root.is_some_and(|root| has_id(root, pattern))
    }
}

/// Returns `true` if the id or the name of an entity matches.
pub(super) fn has_entity(entity: Option<&EntitySummary<'_>>, pattern: &Pattern) -> bool {
    let texts = entity.map(|entity| [&entity.id, &entity.name]);
    let mut texts = texts.into_iter().flatten().flatten();
    texts.any(|text| pattern.matches(text))
}

/// Returns `true` if a property in a value, at any depth, is an id that matches.
fn has_id(value: Node<'_>, pattern: &Pattern) -> bool {
    steps::add(1);
    match value.tag() {
        Tag::Object => {
            let mut members = value.as_object().into_iter().flat_map(Object::members);
            members.any(|(name, value)| match value.as_str() {
                Some(text) => is_id(&name.as_str().unwrap_or_default()) && pattern.matches(&text),
                None => has_id(value, pattern),
            })
        }
        Tag::Array => {
            let mut items = value.as_array().into_iter().flat_map(Array::items);
            items.any(|item| has_id(item, pattern))
        }
        _ => false,
    }
}

/// Returns `true` if a property with this name is an id: `Id`, `EnterpriseId`, `orderId`.
fn is_id(name: &str) -> bool {
    name == "id" || name.ends_with("Id") || name.ends_with("_id")
}
