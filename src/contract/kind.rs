//! The five kinds of payload, and how one is told from the root's own properties, before any
//! schema is tried: so errors speak of one kind and never of "none of the alternatives".

use std::fmt;
use std::str::FromStr;

use crate::document::{Document, Node};
use crate::near;

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

    /// The root properties that give the kind away.
    const fn telltales(self) -> &'static [&'static str] {
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

/// The kind of a payload, if its root has the properties of one.
pub fn tell(document: &Document<'_>) -> Option<Kind> {
    let root = document.root().as_object()?;
    let first_event = || {
        let mut events = root.get("Events")?.as_array()?.items();
        events.next()?.get("Discriminator")
    };
    tell_from(|name| root.get(name).is_some(), || first_event().is_some())
}

/// The rules themselves, for whatever can say which properties its root has.
pub(crate) fn tell_from(
    has: impl Fn(&str) -> bool,
    first_event_has_discriminator: impl FnOnce() -> bool,
) -> Option<Kind> {
    if has("data") && has("meta") {
        Some(Kind::Pos)
    } else if has("Action") || has("Data") {
        if has("CreatedUtc") || has("IsEnabled") {
            Some(Kind::Integration2019)
        } else {
            Some(Kind::Integration)
        }
    } else if has("EnterpriseId") || has("IntegrationId") {
        Some(Kind::General)
    } else if has("Events") {
        Some(if first_event_has_discriminator() {
            Kind::General
        } else {
            Kind::Websocket
        })
    } else {
        None
    }
}

/// How many of a root's members are compared: no kind has a tenth of that.
const MEMBERS: usize = 200;

/// The kind that a payload of no kind comes nearest to, by the share of its telling properties
/// that are there in some spelling; and the misspelt and the right name of the first of them.
pub(crate) fn nearest(root: Node<'_>) -> Option<(Kind, Option<(String, &'static str)>)> {
    let root = root.as_object()?;
    let mut best = (0, None);
    for kind in Kind::ALL {
        let telltales = kind.telltales();
        let mut score = 0;
        let mut misspelt = None;
        for (name, _) in root.members().take(MEMBERS) {
            let name = name.as_str()?;
            if telltales.contains(&&*name) {
                score += 3;
            } else if let Some(right) = near::nearest(&name, telltales.iter().copied()) {
                score += 2;
                misspelt.get_or_insert((name.into_owned(), right));
            }
        }
        let share = score * 100 / telltales.len();
        if share > best.0 {
            best = (share, Some((kind, misspelt)));
        }
    }
    best.1
}
