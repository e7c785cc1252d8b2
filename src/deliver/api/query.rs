//! What a request asks for, checked by the rules of its operation.

use chrono::{DateTime, Months, Utc};
use serde_json::{Map, Value};

use crate::contract::{FilterRule, MAX_COUNT, MAX_IDS, Operation, is_uuid, parse_utc};

use super::Refusal;

/// The number of months that the interval of a filter may span.
const MAX_MONTHS: u32 = 3;

#[derive(Debug)]
pub(super) struct Query {
    pub(super) operation: &'static Operation,
    /// The ids in the operation's own filter, in lower case.
    pub(super) ids: Option<Vec<String>>,
    /// The enterprises, in lower case.
    pub(super) enterprise_ids: Option<Vec<String>>,
    pub(super) created: Option<Interval>,
    pub(super) updated: Option<Interval>,
    pub(super) shows_active: bool,
    pub(super) shows_inactive: bool,
    /// Whether the response has the entities that are found.
    pub(super) shows_entities: bool,
    pub(super) cursor: Option<String>,
    pub(super) count: usize,
}

/// The times of a filter: the start is included, and the end only if it equals the start
/// (`operations/_objects.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Interval {
    pub(super) fn contains(&self, time: DateTime<Utc>) -> bool {
        time == self.start || (self.start..self.end).contains(&time)
    }
}

impl Query {
    pub(super) fn parse(
        operation: &'static Operation,
        body: &Map<String, Value>,
    ) -> Result<Self, Refusal> {
        let (cursor, count) = limitation(body)?;
        let ids = ids(body, operation.filter)?;
        let created = interval(body, "CreatedUtc")?;
        let updated = interval(body, "UpdatedUtc")?;
        let has_interval = created.is_some() || updated.is_some();
        let is_complete = match operation.filter_rule {
            FilterRule::Optional => true,
            FilterRule::RequiredWithoutOthers => ids.is_some() || has_interval,
            FilterRule::Required => ids.is_some(),
        };
        if !is_complete {
            let filter = operation.filter;
            return Err(Refusal::Invalid(format!(
                "Invalid {filter}: expected ids; this fake API has no filters but ids, CreatedUtc and UpdatedUtc"
            )));
        }
        let takes_enterprises = operation.takes_enterprise_ids;
        let enterprise_ids = self::ids(body, "EnterpriseIds")?;
        let (shows_active, shows_inactive) = states(operation, body)?;
        Ok(Self {
            operation,
            ids,
            enterprise_ids: enterprise_ids.filter(|_| takes_enterprises),
            created,
            updated,
            shows_active,
            shows_inactive,
            shows_entities: included(operation, body)?,
            cursor,
            count,
        })
    }
}

fn limitation(body: &Map<String, Value>) -> Result<(Option<String>, usize), Refusal> {
    let limitation = body.get("Limitation").and_then(Value::as_object);
    let limitation = limitation.ok_or(Refusal::invalid("Invalid Limitation: it is required"))?;
    let count = limitation.get("Count").and_then(Value::as_u64);
    let count = count.and_then(|count| usize::try_from(count).ok());
    let count = count.filter(|count| (1..=MAX_COUNT).contains(count));
    let count = count.ok_or(Refusal::invalid(format!(
        "Invalid Limitation: expected a Count from 1 to {MAX_COUNT}"
    )))?;
    match limitation.get("Cursor") {
        None | Some(Value::Null) => Ok((None, count)),
        Some(Value::String(cursor)) => Ok((Some(cursor.to_ascii_lowercase()), count)),
        Some(_) => Err(Refusal::invalid("Invalid Cursor: expected a string")),
    }
}

/// Returns the ids of a filter.
fn ids(body: &Map<String, Value>, name: &str) -> Result<Option<Vec<String>>, Refusal> {
    let items = match body.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) => items,
        Some(_) => {
            return Err(Refusal::Invalid(format!(
                "Invalid {name}: expected an array"
            )));
        }
    };
    if items.len() > MAX_IDS {
        let count = items.len();
        return Err(Refusal::Invalid(format!(
            "Invalid {name}: {count} items, and the maximum is {MAX_IDS}"
        )));
    }
    let ids = items.iter().map(|item| {
        let id = item.as_str().filter(|id| is_uuid(id));
        id.map(str::to_ascii_lowercase)
    });
    let ids: Option<Vec<String>> = ids.collect();
    ids.map(Some)
        .ok_or(Refusal::Invalid(format!("Invalid {name}: expected ids")))
}

fn interval(body: &Map<String, Value>, name: &str) -> Result<Option<Interval>, Refusal> {
    let Some(value) = body.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let time = |end: &str| {
        let time = value.get(end).and_then(Value::as_str).and_then(parse_utc);
        let time = time.map(|time| time.to_utc());
        time.ok_or(Refusal::Invalid(format!("Invalid {name}: expected {end}")))
    };
    let (start, end) = (time("StartUtc")?, time("EndUtc")?);
    let latest = start.checked_add_months(Months::new(MAX_MONTHS));
    if end < start || latest.is_some_and(|latest| end > latest) {
        return Err(Refusal::Invalid(format!(
            "Invalid {name}: expected an interval of at most {MAX_MONTHS} months"
        )));
    }
    Ok(Some(Interval { start, end }))
}

/// Returns whether the response has the entities. An operation with flags requires `Extent`.
fn included(operation: &Operation, body: &Map<String, Value>) -> Result<bool, Refusal> {
    let Some(flag) = operation.included.first() else {
        return Ok(true);
    };
    let included = body.get("Extent").and_then(Value::as_object);
    let included = included.ok_or(Refusal::invalid("Invalid Extent: it is required"))?;
    Ok(included.get(*flag) == Some(&Value::Bool(true)))
}

/// Returns whether active and inactive entities are selected.
fn states(operation: &Operation, body: &Map<String, Value>) -> Result<(bool, bool), Refusal> {
    const INACTIVE: &str = "Inactive";
    if operation.included.contains(&INACTIVE) {
        let flag = body.get("Extent").and_then(|it| it.get(INACTIVE));
        return Ok((true, flag == Some(&Value::Bool(true))));
    }
    let states = match body.get("ActivityStates") {
        // The operations that list states in the contract return active entities only.
        None | Some(Value::Null) => return Ok((true, operation.activity_states.is_empty())),
        Some(Value::Array(states)) => states,
        Some(_) => {
            return Err(Refusal::invalid(
                "Invalid ActivityStates: expected an array",
            ));
        }
    };
    let has = |name: &str| states.iter().any(|state| state == name);
    Ok((has("Active"), has("Deleted")))
}
