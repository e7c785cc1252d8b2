//! Reports a payload that the schema of a kind accepts and its model rejects, or the other way round.
//!
//! The two state the contract independently, and property tests search for such a payload. If a user
//! finds one, it is reported as an error, and the message asks for a bug report.

use crate::contract::Kind;
use crate::diagnostic::{About, Finding, Level, Rule, Source};
use crate::document::{DeserializeError, Document};

use super::Findings;

pub(super) static RULE: Rule = Rule {
    code: "internal-disagreement",
    level: Level::Internal,
    summary: "The schema and the model of a kind contradict each other.",
    why: "The bundled schemas and the typed models state the same rules independently, and \
          each payload is validated by both. If they disagree, mewshook has a bug and can't \
          decide whether the payload is valid, so it counts as invalid. No such payload is \
          known, so this code has no example. Please report the bug, and attach the output of \
          `mewshook redact`.",
    before: "",
    after: "",
    source: Source {
        title: "mewshook, the schemas and the models, 2026-11-25",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

/// A contradiction between the schema and the model of a kind.
#[derive(Debug)]
pub(super) struct Disagreement {
    kind: Kind,
    /// The error of the model; `None` if the model accepts the payload and the schema rejects it.
    error: Option<DeserializeError>,
}

/// Returns `true` if both accept a payload, `false` if both reject it.
pub(super) fn agree(
    kind: Kind,
    schema_accepts: bool,
    model: Result<(), DeserializeError>,
) -> Result<bool, Disagreement> {
    if schema_accepts == model.is_ok() {
        return Ok(schema_accepts);
    }
    let error = model.err();
    Err(Disagreement { kind, error })
}

/// Adds the finding.
pub(super) fn add(disagreement: &Disagreement, document: &Document<'_>, findings: &mut Findings) {
    let Disagreement { kind, error } = disagreement;
    let contradiction = match error {
        Some(error) => format!("its schema accepts it, but its model rejects it ({error})"),
        None => "its schema rejects it, but its model accepts it".into(),
    };
    findings.add(&RULE, document.root(), |found: Finding| {
        found
            .about(About::Nothing)
            .message(format!(
                "mewshook contradicts itself on this {kind} payload: {contradiction}"
            ))
            .help("please report this bug, and attach the output of `mewshook redact`")
    });
}
