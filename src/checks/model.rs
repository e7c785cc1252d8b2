//! Reads the typed model from the document that the schema validated. The model states the contract a
//! second time.

use crate::contract::Kind;
use crate::document::{DeserializeError, Document};
use crate::models::{Payload, Text};

/// Reads the model of a kind from a document.
pub(super) fn read(kind: Kind, document: &Document<'_>) -> Result<(), DeserializeError> {
    Payload::<Text<'_>>::read(kind, document.root()).map(drop)
}
