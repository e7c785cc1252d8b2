//! `internal-disagreement`: the schema and the model of a kind contradict each other over a payload.
//!
//! The two state the contract independently, and property tests look for a payload on which they
//! differ. If one turns up in the field, its verdict says so.

use crate::contract::Kind;
use crate::diagnostic::{About, Finding, Level, Rule, Source};
use crate::document::{DeserializeError, Document};

use super::Findings;

pub(super) static RULE: Rule = Rule {
    code: "internal-disagreement",
    level: Level::Internal,
    summary: "The schema and the model of a kind contradict each other.",
    why: "The bundled schemas and the typed models state the same rules independently, and each \
          payload is validated by both. No payload is known on which they differ, so this code has \
          no example. Whether the payload is valid is not decided then, so it counts as invalid. \
          Please report it, with the payload as `mewshook redact` prints it.",
    before: "",
    after: "",
    source: Source {
        what: "mewshook, the schemas and the models, 2026-11-25",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

/// What the schema and the model of a kind say about a payload, where they differ.
#[derive(Debug)]
pub(super) struct Disagreement {
    kind: Kind,
    /// Why the model refuses the payload; if it does not, the schema does.
    refusal: Option<DeserializeError>,
}

/// Returns what both say about a payload, or that they differ.
pub(super) fn agree(
    kind: Kind,
    schema_accepts: bool,
    model: Result<(), DeserializeError>,
) -> Result<bool, Disagreement> {
    if schema_accepts == model.is_ok() {
        return Ok(schema_accepts);
    }
    let refusal = model.err();
    Err(Disagreement { kind, refusal })
}

/// Adds that they differ.
pub(super) fn add(disagreement: &Disagreement, document: &Document<'_>, findings: &mut Findings) {
    let Disagreement { kind, refusal } = disagreement;
    let says = match refusal {
        Some(error) => format!("the schema accepts it, and the model refuses it ({error})"),
        None => "the schema refuses it, and the model accepts it".into(),
    };
    findings.add(&RULE, document.root(), |found: Finding| {
        found
            .about(About::Nothing)
            .says(format!(
                "mewshook contradicts itself on this {kind} payload: {says}"
            ))
            .help("please report this, with the payload as `mewshook redact` prints it")
    });
}
