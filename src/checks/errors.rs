//! The rules for errors, and the checks for two of them that neither the parser nor the schemas
//! find: duplicate names, and payloads of unknown kind.

use std::borrow::Cow;

use crate::contract::{self, Kind, OtherThing, Resemblance};
use crate::diagnostic::{About, Finding, Level, Rule, Source};
use crate::document::{Document, Node};

use super::Findings;

const RFC_8259: Source = Source {
    title: "RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format, 2017-12",
    url: "https://www.rfc-editor.org/rfc/rfc8259",
};

const INTEGRATION_SOURCE: Source = Source {
    title: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
    url: "https://docs.mews.com/connector-api/events/wh-integration",
};

const GENERAL_SOURCE: Source = Source {
    title: "Mews Connector API, General webhooks, 2021-02-09 to 2026-08-07",
    url: "https://docs.mews.com/connector-api/events/wh-general",
};

pub(super) static JSON_SYNTAX: Rule = Rule {
    code: "json-syntax",
    level: Level::Error,
    summary: "The text is not JSON.",
    why: "A receiver's parser rejects it before any handler runs. Mews always sends JSON, so \
          the capture was truncated, edited or escaped once too often. Fix it at the place \
          shown; the payloads before and after it are checked anyway. More than 128 levels of \
          nesting, unpaired surrogates and numbers outside the range of a double are also \
          errors, because parsers differ on them.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example",}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: RFC_8259,
};

pub(super) static DUPLICATE_KEY: Rule = Rule {
    code: "duplicate-key",
    level: Level::Error,
    summary: "A property name occurs twice in one object.",
    why: "JSON parsers differ on which of the two they use, so a gateway and a handler can \
          see different payloads. Keep one of them. The other checks use the last one, as \
          most parsers do.",
    before: r#"{"Action": "IntegrationEnabled", "Action": "IntegrationDisabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationDisabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        title: "RFC 8259, section 4, 2017-12",
        url: "https://www.rfc-editor.org/rfc/rfc8259#section-4",
    },
};

pub(super) static UNKNOWN_KIND: Rule = Rule {
    code: "unknown-kind",
    level: Level::Error,
    summary: "The payload matches no kind, or another kind than `--kind` names.",
    why: "A kind is detected by the top-level properties of a payload: `Action` and `Data` \
          for integration events, `EnterpriseId`, `IntegrationId` and `Events` for general \
          messages, `Events` alone for websocket messages, `meta.eventType` and `data` for \
          POS messages. If they are missing, the payload is misspelt, wrapped in another \
          object, or not a webhook: Mews also posts requests of other APIs, and the message \
          names those that it recognises. Correct the names, unwrap the payload, or choose \
          its kind with `--kind`.",
    before: r#"{"Acton": "IntegrationEnabled", "Dta": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: INTEGRATION_SOURCE,
};

pub(super) static MISSING_PROPERTY: Rule = Rule {
    code: "missing-property",
    level: Level::Error,
    summary: "A required property is missing.",
    why: "Handlers written from the documentation read it without checking that it exists. \
          Add it, or correct its spelling if the message names a similar property.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810"}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: INTEGRATION_SOURCE,
};

pub(super) static WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    level: Level::Error,
    summary: "A value does not have the documented type.",
    why: "Typed handlers reject the whole payload, untyped ones fail later. A required \
          property that is null has this code too. Write a value of the type that the message \
          names.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": null}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: INTEGRATION_SOURCE,
};

pub(super) static INVALID_UUID: Rule = Rule {
    code: "invalid-uuid",
    level: Level::Error,
    summary: "An id is not a UUID.",
    why: "Mews writes ids as 8-4-4-4-12 hex digits with hyphens. Other notations fail in \
          typed handlers, and match nothing when the entity is looked up.",
    before: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b2517", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerAdded", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    after: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerAdded", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    source: GENERAL_SOURCE,
};

pub(super) static INVALID_UTC: Rule = Rule {
    code: "invalid-utc",
    level: Level::Error,
    summary: "A time is not an RFC 3339 date-time.",
    why: "Mews writes times like `2019-05-24T07:35:35Z`. A time without an offset, with a \
          space instead of the `T`, or on a day that does not exist is rejected by some \
          parsers and interpreted in different ways by others.",
    before: r#"{"Events": [{"Type": "PriceUpdate", "Id": "4d5ae2e1-8a3f-4e7b-9c0f-ab2100f60f42", "StartUtc": "2026-02-30T23:00:00Z"}]}"#,
    after: r#"{"Events": [{"Type": "PriceUpdate", "Id": "4d5ae2e1-8a3f-4e7b-9c0f-ab2100f60f42", "StartUtc": "2026-02-28T23:00:00Z"}]}"#,
    source: Source {
        title: "RFC 3339, section 5.6, 2002-07",
        url: "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    },
};

pub(super) static INVALID_EMAIL: Rule = Rule {
    code: "invalid-email",
    level: Level::Error,
    summary: "An email address is not valid.",
    why: "A handler that writes to the requestor can't deliver the message. The address must \
          be a single mailbox, without a display name or angle brackets.",
    before: r#"{"Action": "IntegrationCreated", "CreatedUtc": "2019-05-24T07:35:35Z", "Data": {"Requestor": {"Name": "Mews Integrations", "Email": "integrations.mewssystems.com"}, "Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationCreated", "CreatedUtc": "2019-05-24T07:35:35Z", "Data": {"Requestor": {"Name": "Mews Integrations", "Email": "integrations@mewssystems.com"}, "Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        title: "RFC 5321, section 4.1.2, 2008-10",
        url: "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2",
    },
};

/// Adds the names that occur more than once in one object.
pub(super) fn add_duplicates(document: &Document<'_>, findings: &mut Findings<'_>) {
    for pair in document.repeated() {
        findings.add(&DUPLICATE_KEY, document.node(pair.name), |found| {
            let help = "keep one of them: parsers differ on which one they use";
            found.repeats(pair.first).help(help)
        });
    }
}

/// Returns an `unknown-kind` finding at the root with a complete message.
fn unknown(root: Node<'_>, message: impl Into<Cow<'static, str>>) -> Finding {
    let finding = Finding::new(&UNKNOWN_KIND, root);
    finding.about(About::Nothing).message(message)
}

/// Returns the finding for a root that is not an object.
pub(super) fn not_an_object(document: &Document<'_>) -> Finding {
    let root = document.root();
    let found = with_article(root.type_name());
    let finding = unknown(root, format!("the payload is {found}, expected an object"));
    match root.as_str() {
        Some(text) if text.trim_start().starts_with('{') => {
            finding.help("this is JSON inside a string: `jq fromjson` unwraps it")
        }
        _ => finding,
    }
}

/// Returns the finding for a root whose properties match no kind.
pub(super) fn unknown_kind(document: &Document<'_>) -> Finding {
    let root = document.root();
    if let Some(other) = contract::other_thing(root) {
        return not_a_webhook(root, other);
    }
    let message = "the top-level properties match no kind of Mews payload";
    let finding = unknown(root, message);
    if let Some((name, kind)) = wrapped(root) {
        return finding.help(format!(
            "`{name}` looks like a payload of kind {kind}: unwrap it with `jq .{name}`"
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
        // Among the other kinds, only a `Data` that is not an object gets here.
        Some(_) => {
            finding.help("a payload of kind integration has `Action`, and `Data` that is an object")
        }
        None => finding.help(
            "kinds are detected by `Action` and `Data` (integration), `EnterpriseId`, \
             `IntegrationId` and `Events` (general), `Events` (websocket), `meta.eventType` and \
             `data` (pos); choose one with `--kind`",
        ),
    }
}

/// Returns a finding if the payload is clearly of another kind than the given one.
pub(super) fn other_kind(document: &Document<'_>, pinned: Kind) -> Option<Finding> {
    let root = document.root();
    let Some(kind) = contract::detect_other(root, pinned) else {
        let other = contract::other_thing(root).filter(|_| contract::detect_from(root).is_none());
        return other.map(|other| not_a_webhook(root, other));
    };
    let message = format!("the payload is of kind {kind}, not {pinned}");
    let finding = unknown(root, message);
    Some(finding.help(format!(
        "check it with `--kind {kind}`, or without `--kind`"
    )))
}

fn not_a_webhook(root: Node<'_>, other: OtherThing) -> Finding {
    let message = format!(
        "the payload looks like {}, which is not a webhook",
        other.name
    );
    let finding = unknown(root, message);
    finding.help(format!(
        "mewshook checks webhooks only; {}",
        other.documented
    ))
}

/// Returns the name and the kind of a payload that is the value of a top-level property.
fn wrapped(root: Node<'_>) -> Option<(String, Kind)> {
    root.as_object()?.members().find_map(|(name, value)| {
        let kind = contract::detect_from(value.as_object().map(|_| value)?)?;
        let name = name.as_str()?;
        // Only a name that can be typed into the suggested `jq` command.
        let is_plain = (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_plain.then_some((name.into_owned(), kind))
    })
}

/// Returns the name of a JSON type with its article.
pub(super) fn with_article(name: &str) -> String {
    match name {
        "null" => "null".to_owned(),
        "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}
