//! Other requests and responses that Mews sends to partners. They are not webhooks, so they are not
//! checked, but `unknown-kind` says what such a payload looks like.

use super::detect::{API_ANSWER, View};

/// A request or response of Mews that is not a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OtherThing {
    /// The name in messages, with its article.
    pub(crate) name: &'static str,
    /// A sentence that says where it is documented, as of 2026-08-07 unless it states another date.
    pub(crate) documented: &'static str,
}

const CHANNEL_MANAGER: OtherThing = OtherThing {
    name: "a Channel Manager API request",
    documented: "MewsSystems/open-api-docs describes it under channel-manager-api/channel-manager-operations/",
};

const LOYALTY: OtherThing = OtherThing {
    name: "a loyalty partner request",
    documented: "MewsSystems/open-api-docs describes it under loyalty-partner/",
};

const EXPORT: OtherThing = OtherThing {
    name: "an export of Mews Operations",
    documented: "Mews does not document it; published third-party handlers read it (2026-08)",
};

const POS_ANSWER: OtherThing = OtherThing {
    name: "a POS API response",
    documented: "MewsSystems/open-api-docs describes it under pos-api/",
};

const CONNECTOR: OtherThing = OtherThing {
    name: "a Connector API request or response",
    documented: "MewsSystems/open-api-docs describes it under connector-api/operations/",
};

/// Returns what a payload that is not a webhook looks like, by its root.
pub(crate) fn other_thing<V: View>(root: V) -> Option<OtherThing> {
    const OF_CHANNEL_MANAGER: [&str; 7] = [
        "type",
        "ratePrices",
        "availabilities",
        "restrictions",
        "availabilityBlock",
        "channelId",
        "reservations",
    ];
    let has_one_of = |names: &[&str]| names.iter().any(|name| root.has(name));
    if root.has("connectionToken") && has_one_of(&OF_CHANNEL_MANAGER) {
        Some(CHANNEL_MANAGER)
    } else if root.has("mewsEnterpriseId") && root.has("providerEnterpriseId") {
        Some(LOYALTY)
    } else if root.property("Documents").is_some_and(is_export) {
        Some(EXPORT)
    } else if root.has("data") && has_one_of(&API_ANSWER) && !has_event_type(root) {
        Some(POS_ANSWER)
    } else if (root.has("ClientToken") && root.has("AccessToken"))
        || (root.has("Cursor") && root.has_array())
    {
        Some(CONNECTOR)
    } else {
        None
    }
}

fn has_event_type<V: View>(root: V) -> bool {
    let meta = root.property("meta");
    meta.is_some_and(|meta| meta.has("eventType") || meta.has("event_type"))
}

/// Returns `true` if the first of these documents has a name and rows, as in an export.
fn is_export<V: View>(documents: V) -> bool {
    let is_table = |data: V| data.elements().is_some() && data.first().is_none_or(is_array);
    documents.first().is_some_and(|document| {
        document.has("Name") && document.property("Data").is_some_and(is_table)
    })
}

fn is_array<V: View>(value: V) -> bool {
    value.elements().is_some()
}
