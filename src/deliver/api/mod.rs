//! A fake Connector API: the operations that fetch the entities of general events, for a handler that is
//! tested. It shows what the handler does with a delivery.
//!
//! Only what a test registers exists: tokens ([`FakeApi::add_token`]) and entities
//! ([`FakeApi::add_entity`]). Requests are checked and answered as the documentation says: tokens, required
//! properties, filters, pages and the limit of requests. Each request is a [`ApiCall`] in the log, which
//! tests wait on.
//!
//! Not done: filters other than ids, enterprises, activity states and the times of creation and change
//! (they are ignored), and what is documented for all requests without a rule to check (`Content-Type`).
//! Source: MewsSystems/open-api-docs at f6eb492, 2026-08-07, `connector-api/guidelines/` (requests,
//! responses, pagination, environments) and `connector-api/operations/`.

mod clock;
mod details;
mod entities;
mod log;
mod query;
mod rate_limit;
mod refusal;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::contract::{CONNECTOR_PATH, Operation};

use super::server::{Reply, Request, Response};

pub use clock::ApiClock;
pub use log::{ApiCall, ReturnedEntity, TokenUse};
pub use rate_limit::RateLimit;

use entities::Entities;
use query::Query;
use refusal::Refusal;
use tokens::Tokens;

/// The fake API. Its requests are answered by [`answer`](Self::answer), on any number of threads.
#[derive(Debug)]
pub struct FakeApi {
    state: Mutex<State>,
    /// Notified when a call arrives or is answered, and when calls are no longer held.
    changed: Condvar,
    clock: ApiClock,
}

#[derive(Debug, Default)]
struct State {
    tokens: Tokens,
    entities: Entities,
    calls: Vec<ApiCall>,
    /// The number of [`Hold`]s.
    holds: usize,
}

/// Holds back the answers to all calls until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Hold<'a>(&'a FakeApi);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.state().holds -= 1;
        self.0.changed.notify_all();
    }
}

impl FakeApi {
    /// Creates an API without tokens and entities.
    pub fn new(clock: ApiClock) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            clock,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a token that opens the data of an enterprise. `label` names the token in the log.
    pub fn add_token(&self, token: &str, enterprise: &str, label: &str, limit: RateLimit) {
        self.state().tokens.add(token, enterprise, label, limit);
    }

    /// Makes a token invalid.
    pub fn revoke_token(&self, token: &str) {
        self.state().tokens.revoke(token);
    }

    /// Refuses the next request with a token, as if it exceeded the limit.
    pub fn refuse_next(&self, token: &str, retry_after: Duration) {
        self.state().tokens.refuse_next(token, retry_after);
    }

    /// Adds an entity of an enterprise. A message gets a thread of its own, which is an entity, too.
    pub fn add_entity(&self, operation: &'static Operation, enterprise: &str, id: &str) {
        let time = self.clock.wall_time();
        self.state()
            .entities
            .add(operation, enterprise, id, time, true);
    }

    /// Adds an entity that was deleted, or is not active.
    pub fn add_inactive_entity(&self, operation: &'static Operation, enterprise: &str, id: &str) {
        let time = self.clock.wall_time();
        self.state()
            .entities
            .add(operation, enterprise, id, time, false);
    }

    /// Changes an entity. Returns its new version.
    pub fn change_entity(&self, id: &str) -> u64 {
        let time = self.clock.wall_time();
        self.state().entities.change(id, time)
    }

    /// Holds back the answers to all calls.
    pub fn hold(&self) -> Hold<'_> {
        self.state().holds += 1;
        Hold(self)
    }

    /// Returns the number of calls.
    pub fn call_count(&self) -> usize {
        self.state().calls.len()
    }

    /// Returns the calls from a number on.
    pub fn calls_since(&self, start: usize) -> Vec<ApiCall> {
        let state = self.state();
        state.calls.get(start..).unwrap_or_default().to_vec()
    }

    /// Waits until the calls from a number on are as expected. Gives up when no call arrives or is
    /// answered for the time `quiet`, and at the latest after ten times as long. Returns whether they
    /// are.
    pub fn wait(
        &self,
        start: usize,
        quiet: Duration,
        mut is_expected: impl FnMut(&[ApiCall]) -> bool,
    ) -> bool {
        const MAX_QUIET_TIMES: u32 = 10;
        let end = std::time::Instant::now() + quiet * MAX_QUIET_TIMES;
        let mut state = self.state();
        loop {
            if is_expected(state.calls.get(start..).unwrap_or_default()) {
                return true;
            }
            let left = end.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.changed.wait_timeout(state, quiet.min(left));
            let (next, result) = waited.unwrap_or_else(PoisonError::into_inner);
            state = next;
            if result.timed_out() {
                return is_expected(state.calls.get(start..).unwrap_or_default());
            }
        }
    }

    /// Answers a request, and logs it.
    pub fn answer(&self, request: &Request) -> Reply {
        let name = request.path().strip_prefix(CONNECTOR_PATH);
        let operation = name.and_then(Operation::by_name);
        let body: Option<Map<String, Value>> = serde_json::from_slice(&request.body).ok();
        let mut state = self.state();
        let number = state.calls.len();
        let token = state.tokens.used(body.as_ref());
        let call = ApiCall::new(
            self.clock.elapsed(),
            request,
            operation,
            body.as_ref(),
            token,
        );
        state.calls.push(call);
        self.changed.notify_all();
        while state.holds > 0 {
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let now = self.clock.elapsed();
        let is_post = request.method == "POST";
        let operation = operation.filter(|_| is_post);
        let State {
            tokens,
            entities,
            calls,
            ..
        } = &mut *state;
        let page = evaluate(operation, body.as_ref(), tokens, entities, now);
        let response = match &page {
            Ok(page) => json_response(200, &page.body),
            Err(refusal) => refusal.response(number),
        };
        calls[number].set_answer(now, response.status, page.ok());
        self.changed.notify_all();
        Reply::Respond(response.header("Request-Id", request_id(number)))
    }
}

/// What a request returns.
#[derive(Debug)]
struct Page {
    body: Value,
    returned: Vec<ReturnedEntity>,
    /// Whether further entities match, which the next page has.
    has_more: bool,
}

fn evaluate(
    operation: Option<&'static Operation>,
    body: Option<&Map<String, Value>>,
    tokens: &mut Tokens,
    entities: &Entities,
    now: Duration,
) -> Result<Page, Refusal> {
    let operation = operation.ok_or(Refusal::NotFound)?;
    let body = body.ok_or(Refusal::invalid("Invalid JSON"))?;
    let enterprise = tokens.authorize(body, now)?;
    let query = Query::parse(operation, body)?;
    let found = entities.select(&query, &enterprise)?;
    let shown: Vec<Value> = if query.shows_entities {
        found.page.iter().map(|it| it.body()).collect()
    } else {
        Vec::new()
    };
    let returned = found.page.iter().map(|it| ReturnedEntity {
        id: it.id.clone(),
        version: it.version,
    });
    let returned = if query.shows_entities {
        returned.collect()
    } else {
        Vec::new()
    };
    let cursor = found.page.last().map(|it| it.id.clone());
    Ok(Page {
        body: json!({ operation.response: shown, "Cursor": cursor }),
        returned,
        has_more: found.has_more,
    })
}

fn request_id(number: usize) -> String {
    format!("fake-{number}")
}

fn json_response(status: u16, body: &Value) -> Response {
    Response::with_body(status, "application/json; charset=utf-8", body.to_string())
}
