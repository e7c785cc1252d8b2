//! The requests that fetch a batch of entities.
//!
//! Source: the table of operations of [`mewshook::contract`], which says what each of them requires.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use mewshook::contract::{MAX_IDS, MESSAGE_THREADS, Operation};
use mewshook::models::{Id, Secret};
use serde_json::{Map, Value, json};

use super::api::Api;
use super::pending::Batch;
use super::steps::Steps;
use super::worker::Problem;

/// How far back threads are searched for a message. Deliveries are late by minutes, and come again
/// after some more if they were not answered.
const THREAD_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How far the clock of Mews may be ahead.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(10 * 60);

/// Returns the token for the next request, if it may be made.
pub type TokenSource<'a> = &'a dyn Fn() -> Option<Secret>;

/// Fetches a batch, and returns how many of its entities the API returned.
pub fn fetch(
    api: &Api,
    steps: Steps,
    batch: &Batch,
    token: TokenSource<'_>,
) -> Result<usize, Problem> {
    let mut search = Search {
        api,
        token,
        steps,
        enterprise: batch.group.enterprise,
        missing: batch.ids.iter().map(String::as_str).collect(),
    };
    if batch.operation.takes_entity_ids {
        search.find_by(batch.operation, &batch.ids)?;
    } else {
        search.find_in_threads(batch.operation)?;
    }
    Ok(batch.ids.len() - search.missing.len())
}

/// The search for the entities of a batch.
struct Search<'a> {
    api: &'a Api,
    token: TokenSource<'a>,
    steps: Steps,
    enterprise: Id,
    missing: BTreeSet<&'a str>,
}

impl Search<'_> {
    /// Finds entities by the filter of an operation.
    fn find_by(&mut self, operation: &Operation, ids: &BTreeSet<String>) -> Result<(), Problem> {
        let mut request = request(operation, self.enterprise);
        request.insert(operation.filter.to_owned(), json!(ids));
        let Self {
            api,
            token,
            steps,
            missing,
            ..
        } = self;
        api.get_all(operation, request, *steps, *token, |entity| {
            // A receiver of your own stores the entity here.
            if let Some(id) = id_of(&entity) {
                missing.remove(id);
            }
            if missing.is_empty() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    }

    /// Finds messages. An event has only the message's id, which is no filter: the threads that changed
    /// lately are, and the message is in one of them.
    fn find_in_threads(&mut self, operation: &Operation) -> Result<(), Problem> {
        let mut request = request(&MESSAGE_THREADS, self.enterprise);
        let now = SystemTime::now();
        let interval = json!({
            "StartUtc": utc(now - THREAD_AGE),
            "EndUtc": utc(now + CLOCK_DIFFERENCE),
        });
        request.insert("UpdatedUtc".to_owned(), interval);
        let mut threads = Vec::new();
        self.api.get_all(
            &MESSAGE_THREADS,
            request,
            self.steps,
            self.token,
            |thread| {
                threads.extend(id_of(&thread).map(str::to_owned));
                ControlFlow::Continue(())
            },
        )?;
        for threads in threads.chunks(MAX_IDS) {
            if !self.missing.is_empty() {
                self.find_by(operation, &threads.iter().cloned().collect())?;
            }
        }
        Ok(())
    }
}

/// Returns what a request must have besides its filter.
fn request(operation: &Operation, enterprise: Id) -> Map<String, Value> {
    let mut request = Map::new();
    if operation.takes_enterprise_ids {
        request.insert("EnterpriseIds".to_owned(), json!([enterprise]));
    }
    if !operation.included.is_empty() {
        let flags = operation.included.iter();
        let flags: Map<_, _> = flags
            .map(|flag| ((*flag).to_owned(), true.into()))
            .collect();
        request.insert("Extent".to_owned(), flags.into());
    }
    if !operation.activity_states.is_empty() {
        let states = json!(operation.activity_states);
        request.insert("ActivityStates".to_owned(), states);
    }
    request
}

fn id_of(entity: &Value) -> Option<&str> {
    entity.get("Id")?.as_str()
}

fn utc(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)
}
