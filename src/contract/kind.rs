//! The five kinds of payload.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::events::{self, Event};
#[cfg(feature = "check")]
use super::schema::Schema;

/// The kind of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// Integration webhook, the current layout (2020-02-27 to now).
    Integration,
    /// Integration webhook, the first published layout (2019-11-05).
    Integration2019,
    /// General webhook (2021-02-09 to now).
    General,
    /// Websocket message (2018-05-01 to now): not a webhook, but captured together with webhooks.
    Websocket,
    /// Mews POS webhook (2025-02-20 to now).
    Pos,
}

impl Kind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [Self; 5] = [
        Self::Integration,
        Self::Integration2019,
        Self::General,
        Self::Websocket,
        Self::Pos,
    ];

    /// Returns the name on the command line, in reports and in file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::Integration2019 => "integration-2019",
            Self::General => "general",
            Self::Websocket => "websocket",
            Self::Pos => "pos",
        }
    }

    /// Returns the events that the documentation lists for this kind and that have a sample.
    pub fn events(self) -> impl Iterator<Item = &'static Event> {
        events::ALL.iter().filter(move |event| event.kind == self)
    }

    /// Returns the bundled schema.
    #[cfg(feature = "check")]
    pub fn schema(self) -> &'static Schema {
        Schema::of(self)
    }
}

/// Writes the name of the kind.
impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error when no kind has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKind(String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no kind of payload is called `{}`", self.0)
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        let mut kinds = Self::ALL.into_iter();
        kinds
            .find(|kind| kind.name() == name)
            .ok_or_else(|| UnknownKind(name.to_owned()))
    }
}
