//! The codes that make a payload invalid, and those of them that neither the parser nor the
//! schemas find: repeated names, and payloads of no kind.

use std::borrow::Cow;

use crate::contract::{self, Kind, OtherThing, Resemblance};
use crate::diagnostic::{About, Finding, Level, Rule, Source};
use crate::document::{Document, Node};

use super::Findings;

const RFC_8259: Source = Source {
    what: "RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format, 2017-12",
    url: "https://www.rfc-editor.org/rfc/rfc8259",
};

const INTEGRATION_PAGE: Source = Source {
    what: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
    url: "https://docs.mews.com/connector-api/events/wh-integration",
};

const GENERAL_PAGE: Source = Source {
    what: "Mews Connector API, General webhooks, 2021-02-09 to 2026-08-07",
    url: "https://docs.mews.com/connector-api/events/wh-general",
};

pub(super) static JSON_SYNTAX: Rule = Rule {
    code: "json-syntax",
    level: Level::Error,
    summary: "The text is not JSON.",
    why: "A receiver's parser fails on it before any handler runs. Real deliveries are always \
          JSON, so the capture was cut off, edited or escaped once too often. Fix it at the place \
          that is shown; the payloads before and behind it are checked all the same. More than 128 \
          levels of brackets, half surrogate pairs and numbers beyond a double count as well, \
          since parsers differ on them.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example",}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: RFC_8259,
};

pub(super) static DUPLICATE_KEY: Rule = Rule {
    code: "duplicate-key",
    level: Level::Error,
    summary: "A name stands twice in one object.",
    why: "JSON readers differ on which of the two counts, so a gateway and a handler can see two \
          different payloads. Keep one of them. The other checks look at the last one, as most \
          readers do.",
    before: r#"{"Action": "IntegrationEnabled", "Action": "IntegrationDisabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationDisabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        what: "RFC 8259, section 4, 2017-12",
        url: "https://www.rfc-editor.org/rfc/rfc8259#section-4",
    },
};

pub(super) static UNKNOWN_KIND: Rule = Rule {
    code: "unknown-kind",
    level: Level::Error,
    summary: "The root's properties match no kind, or another kind than `--kind` names.",
    why: "A kind is detected from its own root properties: `Action` and `Data` for integration \
          events, `EnterpriseId`, `IntegrationId` and `Events` for general messages, `Events` alone \
          for websocket messages, `meta.eventType` and `data` for POS messages. Where none of them \
          is there, the payload is misspelt, wrapped in something else, or not a webhook: Mews \
          also posts requests of other APIs, which are named if recognised. Unwrap the payload, or \
          name its kind with `--kind`.",
    before: r#"{"Acton": "IntegrationEnabled", "Dta": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: INTEGRATION_PAGE,
};

pub(super) static MISSING_PROPERTY: Rule = Rule {
    code: "missing-property",
    level: Level::Error,
    summary: "A required property is absent.",
    why: "Handlers written to the documentation read it without asking whether it is there. Add \
          it, or fix its spelling where a similar name is shown.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810"}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: INTEGRATION_PAGE,
};

pub(super) static WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    level: Level::Error,
    summary: "A value is of another type than documented.",
    why: "Typed handlers refuse the whole payload, untyped ones go wrong later. A required \
          property that is null counts as well. Give the value the type that is named.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": null}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: INTEGRATION_PAGE,
};

pub(super) static INVALID_UUID: Rule = Rule {
    code: "invalid-uuid",
    level: Level::Error,
    summary: "An id is not a UUID.",
    why: "Mews writes ids as 8-4-4-4-12 hex digits with hyphens. Another form fails in typed \
          handlers and matches nothing when it is looked up.",
    before: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b2517", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerAdded", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    after: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerAdded", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    source: GENERAL_PAGE,
};

pub(super) static INVALID_UTC: Rule = Rule {
    code: "invalid-utc",
    level: Level::Error,
    summary: "A time is not an RFC 3339 date-time.",
    why: "Mews writes times like `2019-05-24T07:35:35Z`. Without an offset, with a space for the \
          `T` or on a day that does not exist, readers refuse it or guess.",
    before: r#"{"Events": [{"Type": "PriceUpdate", "Id": "4d5ae2e1-8a3f-4e7b-9c0f-ab2100f60f42", "StartUtc": "2026-02-30T23:00:00Z"}]}"#,
    after: r#"{"Events": [{"Type": "PriceUpdate", "Id": "4d5ae2e1-8a3f-4e7b-9c0f-ab2100f60f42", "StartUtc": "2026-02-28T23:00:00Z"}]}"#,
    source: Source {
        what: "RFC 3339, section 5.6, 2002-07",
        url: "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    },
};

pub(super) static INVALID_EMAIL: Rule = Rule {
    code: "invalid-email",
    level: Level::Error,
    summary: "An email address is not one.",
    why: "The requestor's address is what one would write to about an integration. It is to be \
          one mailbox, without a name or angle brackets around it.",
    before: r#"{"Action": "IntegrationCreated", "CreatedUtc": "2019-05-24T07:35:35Z", "Data": {"Requestor": {"Name": "Mews Integrations", "Email": "integrations.mewssystems.com"}, "Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationCreated", "CreatedUtc": "2019-05-24T07:35:35Z", "Data": {"Requestor": {"Name": "Mews Integrations", "Email": "integrations@mewssystems.com"}, "Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        what: "RFC 5321, section 4.1.2, 2008-10",
        url: "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2",
    },
};

/// Adds the names that stand more than once in one object.
pub(super) fn repeated(document: &Document<'_>, findings: &mut Findings<'_>) {
    for pair in document.repeated() {
        findings.add(&DUPLICATE_KEY, document.node(pair.name), |found| {
            let help = "keep one of them: readers differ on which one counts";
            found.repeats(pair.first).help(help)
        });
    }
}

/// A finding whose message is whole, at the root.
fn unknown(root: Node<'_>, says: impl Into<Cow<'static, str>>) -> Finding {
    let finding = Finding::new(&UNKNOWN_KIND, root);
    finding.about(About::Nothing).says(says)
}

/// A root that is no object.
pub(super) fn no_object(document: &Document<'_>) -> Finding {
    let root = document.root();
    let says = format!(
        "the payload is of type {}, expected an object",
        root.type_name()
    );
    let finding = unknown(root, says);
    match root.as_str() {
        Some(text) if text.trim_start().starts_with('{') => {
            finding.help("this is JSON inside a string: `jq fromjson` unwraps it")
        }
        _ => finding,
    }
}

/// Returns the finding for a root with the properties of no kind.
pub(super) fn unknown_kind(document: &Document<'_>) -> Finding {
    let root = document.root();
    if let Some(other) = contract::other_thing(root) {
        return not_a_webhook(root, other);
    }
    let says = "the root's properties match no kind of Mews payload";
    let finding = unknown(root, says);
    if let Some((name, kind)) = wrapped(root) {
        return finding.help(format!(
            "`{name}` holds what looks like a payload of kind {kind}: unwrap it, as `jq .{name}` does"
        ));
    }
    match contract::resemblance(root) {
        Some(Resemblance {
            kind,
            misspelt: Some((name, mark)),
        }) => finding.help(format!(
            "did you mean `{mark}` instead of `{name}`? The payload resembles kind {kind}"
        )),
        Some(Resemblance {
            kind: Kind::Pos, ..
        }) => finding.help(
            "a payload of kind pos has `meta.eventType`, and `data` with `type` and `attributes`",
        ),
        // Of the other kinds, only a `Data` that is no object decides on nothing.
        Some(_) => {
            finding.help("a payload of kind integration has `Action`, and `Data` is an object")
        }
        None => finding.help(
            "kinds are detected by `Action` and `Data` (integration), `EnterpriseId`, \
             `IntegrationId` and `Events` (general), `Events` (websocket), `meta.eventType` and \
             `data` (pos); choose one with `--kind`",
        ),
    }
}

/// Returns the finding for a payload that is clearly of another kind than the given one, if it is.
pub(super) fn other_kind(document: &Document<'_>, pinned: Kind) -> Option<Finding> {
    let root = document.root();
    let Some(kind) = contract::detect_other(root, pinned) else {
        let other = contract::other_thing(root).filter(|_| contract::detect_from(root).is_none());
        return other.map(|other| not_a_webhook(root, other));
    };
    let says = format!("the payload is of kind {kind}, not {pinned}");
    let finding = unknown(root, says);
    Some(finding.help(format!(
        "check it with `--kind {kind}`, or without `--kind`"
    )))
}

fn not_a_webhook(root: Node<'_>, other: OtherThing) -> Finding {
    let says = format!(
        "the payload looks like {}, which is not a webhook",
        other.name
    );
    let finding = unknown(root, says);
    finding.help(format!(
        "mewshook checks webhooks only; {}",
        other.documented
    ))
}

/// Returns the name and the kind of a payload that a property of the root holds.
fn wrapped(root: Node<'_>) -> Option<(String, Kind)> {
    root.as_object()?.members().find_map(|(name, value)| {
        let kind = contract::detect_from(value.as_object().map(|_| value)?)?;
        let name = name.as_str()?;
        // No name that one would type is longer.
        let is_plain = (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_plain.then_some((name.into_owned(), kind))
    })
}
