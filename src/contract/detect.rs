//! Detects the kind of a payload by the properties at its root, before a schema is used. So errors
//! are about one kind, and never say that none of several alternatives matches.
//!
//! Properties that clearly identify a kind decide first. A payload that is known to be something
//! else (`others`) has no kind. Less specific properties decide last, so that a broken payload gets
//! the errors of its own kind.

use serde_json::Value;

#[cfg(feature = "check")]
use crate::document::{Document, Node, Object};

use super::wrappers::wrapper_name;
use super::{Kind, other_thing};

/// The properties of `Data` that only the current edition of the integration event lists.
const CURRENT_ONLY: [&str; 5] = ["Service", "CreatedUtc", "IsEnabled", "DeletedUtc", "ApiKey"];

/// The actions that the edition of 2019 lists.
const ACTIONS_OF_2019: [&str; 3] = [
    "IntegrationCreated",
    "IntegrationEnabled",
    "IntegrationDisabled",
];

/// The types of entities that POS webhooks are about.
const POS_TYPES: [&str; 3] = ["bookings", "orders", "products"];

/// Properties that occur next to `data` in responses of the POS API (JSON:API), but not in
/// webhooks.
pub(super) const API_ANSWER: [&str; 3] = ["links", "included", "jsonapi"];

/// The view of a JSON value that detection needs, so that the same rules apply to documents and to
/// `serde_json` values.
pub(crate) trait View: Copy {
    /// Returns the value of an object's property.
    fn property(self, name: &str) -> Option<Self>;

    /// Returns the items of an array.
    fn elements(self) -> Option<impl Iterator<Item = Self>>;

    /// Returns `true` if this is an object.
    fn is_map(self) -> bool;

    /// Returns `true` if this is a string.
    fn is_text(self) -> bool;

    /// Returns `true` if this is the given string.
    fn is_word(self, word: &str) -> bool;

    /// Returns `true` if a property of the object is an array.
    fn has_array(self) -> bool;

    /// Visits the names of the object's properties.
    fn visit_names(self, visit: impl FnMut(&str));

    /// Returns `true` if the object has the property.
    fn has(self, name: &str) -> bool {
        self.property(name).is_some()
    }

    /// Returns the first item of an array.
    fn first(self) -> Option<Self> {
        self.elements()?.next()
    }
}

#[cfg(feature = "check")]
impl View for Node<'_> {
    fn property(self, name: &str) -> Option<Self> {
        self.get(name)
    }

    fn elements(self) -> Option<impl Iterator<Item = Self>> {
        Some(self.as_array()?.items())
    }

    fn is_map(self) -> bool {
        self.as_object().is_some()
    }

    fn is_text(self) -> bool {
        self.type_name() == "string"
    }

    fn is_word(self, word: &str) -> bool {
        self.is_str(word)
    }

    fn has_array(self) -> bool {
        let mut members = self.as_object().into_iter().flat_map(Object::members);
        members.any(|(_, value)| value.as_array().is_some())
    }

    fn visit_names(self, mut visit: impl FnMut(&str)) {
        let members = self.as_object().into_iter().flat_map(Object::members);
        for (name, _) in members {
            visit(&name.as_str().unwrap_or_default());
        }
    }
}

impl View for &Value {
    fn property(self, name: &str) -> Option<Self> {
        self.get(name)
    }

    fn elements(self) -> Option<impl Iterator<Item = Self>> {
        Some(self.as_array()?.iter())
    }

    fn is_map(self) -> bool {
        self.is_object()
    }

    fn is_text(self) -> bool {
        self.is_string()
    }

    fn is_word(self, word: &str) -> bool {
        self.as_str() == Some(word)
    }

    fn has_array(self) -> bool {
        let mut members = self.as_object().into_iter().flatten();
        members.any(|(_, value)| value.is_array())
    }

    fn visit_names(self, visit: impl FnMut(&str)) {
        let members = self.as_object().into_iter().flatten();
        members.map(|(name, _)| name.as_str()).for_each(visit);
    }
}

/// Returns the kind of a payload, if one is detected.
#[cfg(feature = "check")]
pub fn detect(document: &Document<'_>) -> Option<Kind> {
    detect_from(document.root())
}

/// Returns the kind of a payload with this root, if one is detected.
pub(crate) fn detect_from<V: View>(root: V) -> Option<Kind> {
    let by_weak_marks = || {
        if other_thing(root).is_some() || wrapper_name(root).is_some() {
            return None;
        }
        if root.has("Action") || root.property("Data").is_some_and(V::is_map) {
            Some(edition(root))
        } else if root.has("EnterpriseId") || root.has("IntegrationId") {
            Some(Kind::General)
        } else if root.has("Events") {
            Some(Kind::Websocket)
        } else {
            None
        }
    };
    detect_for_sure(root).or_else(by_weak_marks)
}

/// Returns the kind of a payload, if its properties clearly identify one.
pub(crate) fn detect_for_sure<V: View>(root: V) -> Option<Kind> {
    let is_action = root.property("Action").is_some_and(V::is_text);
    if is_action && root.property("Data").is_some_and(V::is_map) {
        return Some(edition(root));
    }
    if let Some(mut events) = root.property("Events").and_then(V::elements) {
        let first = events.next();
        let first_has = |name| first.is_some_and(|event| event.has(name));
        if root.has("EnterpriseId") || root.has("IntegrationId") || first_has("Discriminator") {
            return Some(Kind::General);
        }
        if first_has("Type") {
            return Some(Kind::Websocket);
        }
    }
    is_pos(root).then_some(Kind::Pos)
}

/// Returns the kind of a payload, if it is clearly another kind than `pinned`.
#[cfg(feature = "check")]
pub(crate) fn detect_other<V: View>(root: V, pinned: Kind) -> Option<Kind> {
    let kind = detect_for_sure(root).filter(|kind| *kind != pinned)?;
    // An integration event without properties that only one edition lists may belong to either.
    let may_be_either = (kind, pinned) == (Kind::Integration, Kind::Integration2019)
        && !is_api_key(root)
        && !has_current_only(root);
    (!may_be_either).then_some(kind)
}

/// Returns the edition of an integration event, by the properties that only one edition has.
fn edition<V: View>(root: V) -> Kind {
    let has_older = root.has("CreatedUtc") || root.has("IsEnabled");
    if has_older && !is_api_key(root) && !has_current_only(root) {
        Kind::Integration2019
    } else {
        Kind::Integration
    }
}

/// Returns `true` if the action is `IntegrationApiKeyCreated`, which the layout of 2019 does not
/// have.
fn is_api_key<V: View>(root: V) -> bool {
    let action = root.property("Action");
    action.is_some_and(|action| action.is_word("IntegrationApiKeyCreated"))
}

fn has_current_only<V: View>(root: V) -> bool {
    let data = root.property("Data");
    data.is_some_and(|data| CURRENT_ONLY.iter().any(|name| data.has(name)))
}

/// Returns `true` if an event that was detected as `integration`, but breaks its rules, is valid if
/// it follows those of `integration-2019`. Such an event has no property that only the current
/// edition lists. Its errors can only be properties of `Data` that are absent or null, since the
/// types of all properties are the same in both editions.
pub(crate) fn may_be_older<V: View>(root: V) -> bool {
    let action = root.property("Action");
    let is_listed = |action: V| ACTIONS_OF_2019.iter().any(|listed| action.is_word(listed));
    action.is_some_and(is_listed) && !has_current_only(root)
}

fn is_pos<V: View>(root: V) -> bool {
    let has_event_type = |meta: V| meta.has("eventType") || meta.has("event_type");
    if root.property("meta").is_some_and(has_event_type) {
        return true;
    }
    let Some(data) = root.property("data") else {
        return false;
    };
    let event = data.first().unwrap_or(data);
    let is_listed = |entity: V| POS_TYPES.iter().any(|listed| entity.is_word(listed));
    event.has("attributes")
        && event.property("type").is_some_and(is_listed)
        && !API_ANSWER.iter().any(|name| root.has(name))
}
