//! The log of the fake API: what a handler has requested, and what it got.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::contract::{Operation, is_uuid};
use crate::report::display_text;

use super::super::server::Request;
use super::Page;

/// A request to the fake API.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiCall {
    /// When it arrived, from the start of the clock.
    pub arrived: Duration,
    /// The name of the operation, or the path if there is no such operation.
    pub operation: String,
    /// The token.
    pub token: TokenUse,
    /// The ids in the filter of the operation, in lower case.
    pub ids: Vec<String>,
    /// The enterprises in `EnterpriseIds`, in lower case.
    pub enterprise_ids: Vec<String>,
    /// Whether it requests a further page.
    pub is_continued: bool,
    /// When it was answered.
    pub answered: Option<Duration>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The entities in the answer.
    pub returned: Vec<ReturnedEntity>,
    /// Whether further entities match, which the next page has.
    pub has_more: bool,
}

/// The access token of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenUse {
    /// A registered one, with its label.
    Known(String),
    /// One that is not registered.
    Unknown,
    /// There is none.
    Missing,
}

impl fmt::Display for TokenUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(label) => f.write_str(label),
            Self::Unknown => f.write_str("an unknown token"),
            Self::Missing => f.write_str("no token"),
        }
    }
}

/// An entity in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReturnedEntity {
    /// The id.
    pub id: String,
    /// How often the entity was changed, from 1.
    pub version: u64,
}

impl ApiCall {
    pub(super) fn new(
        arrived: Duration,
        request: &Request,
        operation: Option<&Operation>,
        body: Option<&Map<String, Value>>,
        token: TokenUse,
    ) -> Self {
        let name = operation.map(|it| it.name.to_owned());
        let path = || display_text(&crate::mask(request.path()));
        let ids = |name: &str| ids(body.and_then(|body| body.get(name)));
        let limitation = body.and_then(|body| body.get("Limitation"));
        let cursor = limitation.and_then(|it| it.get("Cursor"));
        Self {
            arrived,
            operation: name.unwrap_or_else(path),
            token,
            ids: operation.map_or(Vec::new(), |it| ids(it.filter)),
            enterprise_ids: ids("EnterpriseIds"),
            is_continued: cursor.is_some_and(Value::is_string),
            answered: None,
            status: None,
            returned: Vec::new(),
            has_more: false,
        }
    }

    pub(super) fn set_answer(&mut self, now: Duration, status: u16, page: Option<Page>) {
        self.answered = Some(now);
        self.status = Some(status);
        if let Some(page) = page {
            self.returned = page.returned;
            self.has_more = page.has_more;
        }
    }

    /// Returns `true` if the call requests an entity: its filter has the id, or the answer the entity.
    pub fn is_for(&self, id: &str) -> bool {
        self.ids.iter().any(|requested| requested == id)
            || self.returned.iter().any(|entity| entity.id == id)
    }
}

/// Returns the ids of an array, in lower case. What is not an id can be anything.
fn ids(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array);
    let items = items.into_iter().flatten().filter_map(Value::as_str);
    let id = |item: &str| {
        if is_uuid(item) {
            item.to_ascii_lowercase()
        } else {
            display_text(&crate::mask(item))
        }
    };
    items.map(id).collect()
}
