//! Finds the kind that a payload of unknown kind resembles, for `unknown-kind`.

use crate::document::Node;
use crate::suggestion;

use super::Kind;

/// The maximum number of root properties that are compared. No kind has a tenth as many.
const MEMBERS: usize = 200;

/// The kind that a payload of unknown kind resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resemblance {
    /// The kind with the highest share of matching root properties.
    pub(crate) kind: Kind,
    /// A misspelt name at the root, and the name of the kind's property that it resembles.
    pub(crate) misspelt: Option<(String, &'static str)>,
}

/// Returns the kind that a payload of unknown kind resembles: the one with the highest share of
/// root properties that the payload has, perhaps misspelt.
pub(crate) fn resemblance(root: Node<'_>) -> Option<Resemblance> {
    let root = root.as_object()?;
    let mut best = (0, None);
    for kind in Kind::ALL {
        let marks = marks(kind);
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

/// Returns the root properties by which a kind is detected.
const fn marks(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Integration => &["Action", "Data"],
        Kind::Integration2019 => &["Action", "Data", "CreatedUtc", "IsEnabled"],
        Kind::General => &["EnterpriseId", "IntegrationId", "Events"],
        Kind::Websocket => &["Events"],
        Kind::Pos => &["data", "meta"],
    }
}
