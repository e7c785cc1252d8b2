//! The second witness: the typed model, read from the same document as the schema saw.

use crate::contract::Kind;
use crate::document::{DeserializeError, Document};
use crate::models::{Payload, Text};

/// The schema and the model of a kind contradict each other over a payload: a fault of this
/// program, which then says so and gives no verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "internal-disagreement: the {kind} schema {}, and the model {}; please report this payload's shape",
    if *schema_accepts { "accepts this payload" } else { "refuses this payload" },
    model_says(.model.as_deref())
)]
pub struct Disagreement {
    /// The kind whose rules are stated in two ways.
    pub kind: Kind,
    /// Whether the schema accepts the payload.
    pub schema_accepts: bool,
    /// Why the model refuses it, if it does.
    pub model: Option<String>,
}

fn model_says(refusal: Option<&str>) -> String {
    match refusal {
        Some(reason) => format!("refuses it: {reason}"),
        None => "accepts it".into(),
    }
}

/// Whether the model can be read from the document.
pub(super) fn read(kind: Kind, document: &Document<'_>) -> Result<(), DeserializeError> {
    Payload::<Text<'_>>::read(kind, document.root()).map(drop)
}

/// The verdict of both witnesses, or that they differ.
pub(super) fn agree(
    kind: Kind,
    schema_accepts: bool,
    model: Result<(), DeserializeError>,
) -> Result<bool, Disagreement> {
    if schema_accepts == model.is_ok() {
        Ok(schema_accepts)
    } else {
        Err(Disagreement {
            kind,
            schema_accepts,
            model: model.err().map(|error| error.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_witnesses_that_differ_give_no_verdict() {
        let refusal = || serde::de::Error::custom("missing field `Id`");
        assert_eq!(agree(Kind::Pos, true, Ok(())), Ok(true));
        assert_eq!(agree(Kind::Pos, false, Err(refusal())), Ok(false));
        for (schema, model) in [(true, Err(refusal())), (false, Ok(()))] {
            let error = agree(Kind::Pos, schema, model).expect_err("they differ");
            assert!(
                error
                    .to_string()
                    .starts_with("internal-disagreement: the pos schema")
            );
        }
    }
}
