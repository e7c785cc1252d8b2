//! Finds kinds and events by their names, such as `KIND`, `EVENT` or `KIND/EVENT`.

use crate::contract::{Event, Kind};
use crate::suggestion;

use super::events;

/// A kind or an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All events of a kind, in turn.
    Kind(Kind),
    /// One event.
    Event(&'static Event),
}

impl Selection {
    /// Returns the selected events.
    pub fn events(&self) -> Vec<&'static Event> {
        match self {
            Self::Event(event) => vec![event],
            Self::Kind(kind) => kind.events().collect(),
        }
    }

    /// Returns the event of the payload with a number, counted from 0.
    pub fn event(&self, number: u64) -> &'static Event {
        let events = self.events();
        let turn = number % events.len() as u64;
        events[usize::try_from(turn).unwrap_or_default()]
    }
}

/// An error for a name that is neither a kind nor an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectionError {
    /// A withdrawn event, which has no sample.
    #[error(
        "`Space` was withdrawn on 2020-09-21, and a sample of it would have a warning: use `Resource`"
    )]
    Withdrawn,
    /// An event of another kind.
    #[error("`{0}` is an event of kind {1}: use `{1}/{0}`")]
    OtherKind(String, Kind),
    /// An unknown name that resembles a known one.
    #[error("there is no kind or event `{0}`; did you mean `{1}`?")]
    Misspelled(String, &'static str),
    /// An unknown name.
    #[error("there is no kind or event `{0}`; `mewshook sample --list` lists them all")]
    Unknown(String),
}

/// Finds a kind or event by its name. If two kinds have the same event, the one of the current
/// edition is returned; `KIND/EVENT` names the other. Case is ignored unless names differ only in
/// case.
///
/// # Errors
/// There is no such kind or event.
pub fn find(name: &str) -> Result<Selection, SelectionError> {
    let exact = find_by(name, |known, name| known == name);
    let selection = exact.or_else(|| find_by(name, str::eq_ignore_ascii_case));
    if let Some(selection) = selection {
        return Ok(selection);
    }
    let event_name = name.split_once('/').map_or(name, |(_, event)| event);
    let other = events().find(|event| event.name.eq_ignore_ascii_case(event_name));
    if let Some(event) = other {
        return Err(SelectionError::OtherKind(event.name.to_owned(), event.kind));
    }
    if event_name.eq_ignore_ascii_case("Space") {
        return Err(SelectionError::Withdrawn);
    }
    let known = Kind::ALL
        .map(Kind::name)
        .into_iter()
        .chain(events().map(|event| event.name));
    Err(match suggestion::nearest(event_name, known) {
        Some(known) => SelectionError::Misspelled(name.to_owned(), known),
        None => SelectionError::Unknown(name.to_owned()),
    })
}

/// Finds a kind or event whose name is the same according to `is_same`.
fn find_by(name: &str, is_same: fn(&str, &str) -> bool) -> Option<Selection> {
    let kind = |name: &str| {
        let mut kinds = Kind::ALL.into_iter();
        kinds.find(|kind| is_same(kind.name(), name))
    };
    let event = |kind: Option<Kind>, name: &str| {
        let mut events = events();
        events.find(|event| is_same(event.name, name) && kind.is_none_or(|kind| event.kind == kind))
    };
    if let Some((kind_name, event_name)) = name.split_once('/') {
        return event(Some(kind(kind_name)?), event_name).map(Selection::Event);
    }
    let kind = kind(name).map(Selection::Kind);
    kind.or_else(|| event(None, name).map(Selection::Event))
}
