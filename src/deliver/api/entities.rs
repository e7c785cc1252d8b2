//! The entities that the fake API has, and how a request selects them.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::contract::{MESSAGE_THREADS, Operation};

use super::Refusal;
use super::details;
use super::query::Query;

/// How long before it is added an entity was changed: Mews sends events minutes later
/// (`events/communicate.md`: "typically up to 2 to 5").
const LAG: TimeDelta = TimeDelta::minutes(2);

/// An entity. Its properties are made up from its id.
#[derive(Debug)]
pub(super) struct Entity {
    pub(super) operation: &'static Operation,
    pub(super) enterprise: String,
    /// The id, in lower case.
    pub(super) id: String,
    pub(super) version: u64,
    created: DateTime<Utc>,
    updated: DateTime<Utc>,
    is_active: bool,
}

impl Entity {
    /// Returns the entity as the API returns it.
    pub(super) fn body(&self) -> Value {
        let mut body = details::made_up(self.operation, &self.id, self.version);
        let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        body["Id"] = json!(self.id);
        body["CreatedUtc"] = json!(time(self.created));
        if body.get("UpdatedUtc").is_some() {
            body["UpdatedUtc"] = json!(time(self.updated));
        }
        if body.get("EnterpriseId").is_some() {
            body["EnterpriseId"] = json!(self.enterprise);
        }
        if body.get("IsActive").is_some() {
            body["IsActive"] = json!(self.is_active);
        }
        body
    }

    /// Returns the id that the filter of the operation takes.
    fn filtered_id(&self) -> String {
        if self.operation.takes_entity_ids {
            self.id.clone()
        } else {
            details::thread_id(&self.id)
        }
    }

    fn matches(&self, query: &Query) -> bool {
        let contains = |list: &Option<Vec<String>>, id: &str| {
            list.as_ref()
                .is_none_or(|list| list.iter().any(|it| it == id))
        };
        let is_state_shown = if self.is_active {
            query.shows_active
        } else {
            query.shows_inactive
        };
        is_state_shown
            && contains(&query.enterprise_ids, &self.enterprise)
            && query.created.is_none_or(|it| it.contains(self.created))
            && query.updated.is_none_or(|it| it.contains(self.updated))
    }
}

/// The entities, in the order in which they were created.
#[derive(Debug, Default)]
pub(super) struct Entities {
    list: Vec<Entity>,
    /// The places in the list by operation and the id that its filter takes.
    by_filtered_id: HashMap<(&'static str, String), Vec<usize>>,
    by_id: HashMap<String, usize>,
}

/// A page of the entities that a request selects.
pub(super) struct Found<'e> {
    pub(super) page: Vec<&'e Entity>,
    pub(super) has_more: bool,
}

impl Entities {
    pub(super) fn add(
        &mut self,
        operation: &'static Operation,
        enterprise: &str,
        id: &str,
        now: DateTime<Utc>,
        is_active: bool,
    ) {
        let id = id.to_ascii_lowercase();
        if self.by_id.contains_key(&id) {
            return;
        }
        if !operation.takes_entity_ids {
            self.add(
                &MESSAGE_THREADS,
                enterprise,
                &details::thread_id(&id),
                now,
                true,
            );
        }
        // Whole seconds, as the API shows them.
        let time = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now) - LAG;
        let entity = Entity {
            operation,
            enterprise: enterprise.to_ascii_lowercase(),
            id: id.clone(),
            version: 1,
            created: time,
            updated: time,
            is_active,
        };
        let place = self.list.len();
        let key = (operation.name, entity.filtered_id());
        self.by_filtered_id.entry(key).or_default().push(place);
        self.by_id.insert(id, place);
        self.list.push(entity);
    }

    /// Changes an entity. Returns its new version, or 0 if there is no such entity.
    pub(super) fn change(&mut self, id: &str, now: DateTime<Utc>) -> u64 {
        let place = self.by_id.get(&id.to_ascii_lowercase());
        let Some(entity) = place.and_then(|place| self.list.get_mut(*place)) else {
            return 0;
        };
        entity.version += 1;
        entity.updated = entity.updated.max(now - LAG);
        entity.version
    }

    /// Returns the page of a request. The newest entities come first.
    pub(super) fn select(&self, query: &Query, enterprise: &str) -> Result<Found<'_>, Refusal> {
        let name = query.operation.name;
        let mut places: Vec<usize> = match &query.ids {
            Some(ids) => {
                let lists = ids
                    .iter()
                    .filter_map(|id| self.by_filtered_id.get(&(name, id.clone())));
                lists.flatten().copied().collect()
            }
            None => (0..self.list.len()).collect(),
        };
        places.sort_unstable_by(|left, right| right.cmp(left));
        places.dedup();
        let of_enterprise = places.into_iter().map(|place| &self.list[place]);
        let mut found = of_enterprise
            .filter(|it| it.operation == query.operation)
            .filter(|it| it.enterprise.eq_ignore_ascii_case(enterprise))
            .filter(|it| it.matches(query))
            .peekable();
        if let Some(cursor) = &query.cursor
            && !found.any(|entity| entity.id == *cursor)
        {
            return Err(Refusal::invalid("Invalid Cursor: there is no such entity"));
        }
        let page = found.by_ref().take(query.count).collect();
        let has_more = found.peek().is_some();
        Ok(Found { page, has_more })
    }
}
