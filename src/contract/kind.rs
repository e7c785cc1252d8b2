//! The five kinds of payload, and which one a payload of no kind resembles.

use std::fmt;
use std::str::FromStr;

use crate::document::Node;
use crate::suggestion;

use super::events::{self, Event};
use super::schema::Schema;

/// What a payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Integration webhook, the current layout (2020-02-27 to now).
    Integration,
    /// Integration webhook, the first published layout (2019-11-05).
    Integration2019,
    /// General webhook (2021-02-09 to now).
    General,
    /// Websocket message (2018-05-01 to now): not a webhook, but captured beside them.
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

    /// The name on the command line, in reports and in file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::Integration2019 => "integration-2019",
            Self::General => "general",
            Self::Websocket => "websocket",
            Self::Pos => "pos",
        }
    }

    /// The events that the documentation lists for this kind and that have a sample.
    pub fn events(self) -> impl Iterator<Item = &'static Event> {
        events::ALL.iter().filter(move |event| event.kind == self)
    }

    /// The bundled schema.
    pub fn schema(self) -> &'static Schema {
        Schema::of(self)
    }

    /// The root properties by which the kind is recognised.
    const fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Integration => &["Action", "Data"],
            Self::Integration2019 => &["Action", "Data", "CreatedUtc", "IsEnabled"],
            Self::General => &["EnterpriseId", "IntegrationId", "Events"],
            Self::Websocket => &["Events"],
            Self::Pos => &["data", "meta"],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No kind has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no kind of payload is called `{0}`")]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        let mut kinds = Self::ALL.into_iter();
        kinds
            .find(|kind| kind.name() == name)
            .ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

/// How many of a root's members are compared: no kind has a tenth of that.
const MEMBERS: usize = 200;

/// What a payload of no kind resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resemblance {
    /// The kind that it shares most marks with.
    pub(crate) kind: Kind,
    /// A name at its root that is nearly one of the kind's marks, and that mark.
    pub(crate) misspelt: Option<(String, &'static str)>,
}

/// Returns the kind that a payload of no kind resembles, by the share of the kind's marks that are
/// there in some spelling.
pub(crate) fn resemblance(root: Node<'_>) -> Option<Resemblance> {
    let root = root.as_object()?;
    let mut best = (0, None);
    for kind in Kind::ALL {
        let marks = kind.marks();
        let mut score = 0;
        let mut misspelt = None;
        for (name, _) in root.members().take(MEMBERS) {
            let name = name.as_str()?;
            if marks.contains(&&*name) {
                score += 3;
            } else if let Some(mark) = suggestion::nearest(&name, marks.iter().copied()) {
                score += 2;
                misspelt.get_or_insert((name.into_owned(), mark));
            }
        }
        let share = score * 100 / marks.len();
        if share > best.0 {
            best = (share, Some(Resemblance { kind, misspelt }));
        }
    }
    best.1
}
