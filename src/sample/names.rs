//! What may be asked for: kinds, events, and `KIND/EVENT`.

use crate::contract::{Event, Kind};
use crate::suggestion;

use super::events;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A kind: its events come in turn.
    Kind(Kind),
    /// One event.
    Event(&'static Event),
}

impl Request {
    /// The events that it stands for.
    pub fn events(&self) -> Vec<&'static Event> {
        match self {
            Self::Event(event) => vec![event],
            Self::Kind(kind) => kind.events().collect(),
        }
    }

    /// The event of the payload of some number, from 0.
    pub fn event(&self, number: u64) -> &'static Event {
        let events = self.events();
        let turn = number % events.len() as u64;
        events[usize::try_from(turn).unwrap_or_default()]
    }
}

/// Nothing is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchName {
    /// It has no sample, since it was withdrawn.
    #[error(
        "`Space` was withdrawn on 2020-09-21, and a sample of it could not be free of warnings: take `Resource`"
    )]
    Withdrawn,
    /// It is an event of another kind.
    #[error("`{0}` is an event of kind {1}: take `{1}/{0}`")]
    OtherKind(String, Kind),
    /// It is no name, but resembles one.
    #[error("there is no kind or event `{0}`; did you mean `{1}`?")]
    Near(String, &'static str),
    /// It is no name.
    #[error("there is no kind or event `{0}`; `mewshook sample --list` has them all")]
    Unknown(String),
}

/// Finds a kind or event by its name. Where two kinds have the same event, the current edition
/// counts; `KIND/EVENT` names the other. Letter case counts only where several names differ in
/// nothing else.
///
/// # Errors
/// Nothing is called so.
pub fn find(name: &str) -> Result<Request, NoSuchName> {
    let exact = find_by(name, |known, name| known == name);
    let found = exact.or_else(|| find_by(name, str::eq_ignore_ascii_case));
    if let Some(request) = found {
        return Ok(request);
    }
    let event_name = name.split_once('/').map_or(name, |(_, event)| event);
    let other = events().find(|event| event.name.eq_ignore_ascii_case(event_name));
    if let Some(event) = other {
        return Err(NoSuchName::OtherKind(event.name.to_owned(), event.kind));
    }
    if event_name.eq_ignore_ascii_case("Space") {
        return Err(NoSuchName::Withdrawn);
    }
    let known = Kind::ALL
        .map(Kind::name)
        .into_iter()
        .chain(events().map(|event| event.name));
    Err(match suggestion::nearest(event_name, known) {
        Some(known) => NoSuchName::Near(name.to_owned(), known),
        None => NoSuchName::Unknown(name.to_owned()),
    })
}

/// Finds a kind or event whose name is the same by this comparison.
fn find_by(name: &str, is_same: fn(&str, &str) -> bool) -> Option<Request> {
    let kind = |name: &str| {
        let mut kinds = Kind::ALL.into_iter();
        kinds.find(|kind| is_same(kind.name(), name))
    };
    let event = |kind: Option<Kind>, name: &str| {
        let mut events = events();
        events.find(|event| is_same(event.name, name) && kind.is_none_or(|kind| event.kind == kind))
    };
    if let Some((kind_name, event_name)) = name.split_once('/') {
        return event(Some(kind(kind_name)?), event_name).map(Request::Event);
    }
    let kind = kind(name).map(Request::Kind);
    kind.or_else(|| event(None, name).map(Request::Event))
}
