//! The second witness: the typed model, read from the same document as the schema saw.

use crate::contract::Kind;
use crate::document::{DeserializeError, Document};
use crate::models::{Payload, Text};

/// Reads the model of a kind from a document.
pub(super) fn read(kind: Kind, document: &Document<'_>) -> Result<(), DeserializeError> {
    Payload::<Text<'_>>::read(kind, document.root()).map(drop)
}
