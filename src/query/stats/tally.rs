//! The numbers of one name: payloads or events, the payloads of an entity, the diagnostics of a code.

use chrono::{DateTime, Utc};

use crate::diagnostic::Severity;
use crate::document::Position;

/// A number of payloads or events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub count: u64,
    /// The invalid ones, or the events of invalid payloads.
    pub invalid: u64,
}

/// The payloads of an enterprise or an integration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntityTally {
    /// Their number.
    pub payloads: Tally,
    /// Its name, if a payload states one.
    pub name: Option<EntityName>,
}

/// The name of an enterprise or an integration. Of several names, the greatest counts: the last one
/// whose time is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityName {
    /// The time of the last payload that states the name.
    pub at: Option<DateTime<Utc>>,
    /// The name.
    pub name: String,
}

/// The diagnostics of a code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeTally {
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// The first of them, by path and position. That of a code whose diagnostics all exceed the limit
    /// for a payload is the start of a payload.
    pub example: Option<Example>,
}

/// The place of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Example {
    /// The label of the input.
    pub path: String,
    /// The line and the column.
    pub position: Position,
}

impl Tally {
    /// Adds the numbers of a part.
    pub(crate) fn add(&mut self, part: Self) {
        self.count = self.count.saturating_add(part.count);
        self.invalid = self.invalid.saturating_add(part.invalid);
    }
}

impl EntityTally {
    /// Adds the numbers of a part, and its name if that is the greater one.
    pub(crate) fn add(&mut self, part: Self) {
        self.payloads.add(part.payloads);
        self.name = self.name.take().max(part.name);
    }
}

impl CodeTally {
    /// Returns the number of diagnostics.
    pub fn total(&self) -> u64 {
        self.errors.saturating_add(self.warnings)
    }

    /// Adds the numbers of a part, and its example if that is the first one.
    pub(crate) fn add(&mut self, part: Self) {
        self.errors = self.errors.saturating_add(part.errors);
        self.warnings = self.warnings.saturating_add(part.warnings);
        self.example = self.example.take().into_iter().chain(part.example).min();
    }

    /// Returns the number of diagnostics of a severity, to change it.
    pub(super) fn count(&mut self, severity: Severity) -> &mut u64 {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        }
    }

    /// Replaces the example if a place comes before it.
    pub(super) fn add_place(&mut self, path: &str, position: Position) {
        let place = (path, position);
        let known = self.example.as_ref();
        if known.is_none_or(|known| place < (&*known.path, known.position)) {
            self.example = Some(Example {
                path: path.to_owned(),
                position,
            });
        }
    }
}
