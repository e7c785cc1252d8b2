//! What the server and the worker share: integrations, entities to fetch, and totals.
//!
//! All of it is in memory, so a restart loses it. A receiver of your own stores a delivery before it
//! answers: Mews does not send again what was answered.

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mewshook::models::{Id, IntegrationEvent, Secret};

use super::integrations::Integrations;
use super::message::Message;
use super::pending::{Batch, Group, Pending};
use super::steps::Steps;
use super::worker::{Problem, Retry};

/// The number of entities that may wait; after that, deliveries are refused. A receiver of your own has a
/// limit for each integration, so that a disabled one does not stop the others.
const MAX_PENDING: usize = 100_000;

/// A receiver.
pub struct Receiver {
    /// How it does what.
    pub steps: Steps,
    /// The secret in the webhook's URL.
    pub token: Option<Secret>,
    /// The shared secret of the Point of Sale API.
    pub pos_secret: Option<Secret>,
    /// Whether there is a worker.
    fetches: bool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    integrations: Integrations,
    pending: Pending,
    totals: Totals,
    /// Whether the worker has a batch.
    is_working: bool,
    is_closed: bool,
}

/// What became of the events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    fetched: usize,
    missing: usize,
    given_up: usize,
    waiting: usize,
    skipped: usize,
    pos_events: usize,
    not_understood: usize,
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "entities: {} fetched, {} missing, {} given up, {} waiting\n\
             events: {} skipped, {} POS\n\
             deliveries: {} not understood",
            self.fetched,
            self.missing,
            self.given_up,
            self.waiting,
            self.skipped,
            self.pos_events,
            self.not_understood,
        )
    }
}

impl Receiver {
    /// Creates a receiver. If it `fetches`, there must be a worker.
    pub fn new(
        steps: Steps,
        token: Option<Secret>,
        pos_secret: Option<Secret>,
        fetches: bool,
    ) -> Self {
        Self {
            steps,
            token,
            pos_secret,
            fetches,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Accepts what a body says, or returns `false` if too much waits already.
    ///
    /// Integration events take effect at once, also for the batch that is being fetched, and do not wait
    /// behind entities.
    pub fn accept(&self, message: &Message) -> bool {
        let mut state = self.lock();
        match message {
            Message::Integration(event) => {
                (self.steps.apply)(&mut state.integrations, event);
                if let IntegrationEvent::Deleted(data) = event {
                    let id = data.integration.id;
                    if state.integrations.is_deleted(id) {
                        state.pending.remove(id);
                    }
                }
            }
            Message::General {
                integration,
                changes,
                skipped,
            } => {
                if state.pending.len() >= MAX_PENDING {
                    return false;
                }
                state.totals.skipped += skipped;
                if self.fetches && (self.steps.accepts)(&state.integrations, *integration) {
                    for change in changes {
                        state.pending.add(Batch {
                            group: Group {
                                integration: *integration,
                                enterprise: change.enterprise,
                                name: (self.steps.group)(change),
                            },
                            operation: change.operation,
                            ids: [change.id.clone()].into(),
                        });
                    }
                }
            }
            Message::Pos { events } => state.totals.pos_events += events,
            Message::NotUnderstood => state.totals.not_understood += 1,
        }
        self.changed.notify_all();
        true
    }

    /// Waits for entities that may be fetched now, and returns a batch of them, or `None` if the
    /// receiver is closed.
    pub fn next_batch(&self) -> Option<Batch> {
        let mut state = self.lock();
        while !state.is_closed {
            let State {
                integrations,
                pending,
                ..
            } = &mut *state;
            let is_ready =
                |id| integrations.token(id).is_some() && integrations.paused_until(id).is_none();
            if let Some(batch) = pending.take(self.steps.max_ids, is_ready) {
                state.is_working = true;
                return Some(batch);
            }
            let ids = pending.integrations();
            let wake = ids.filter_map(|id| integrations.paused_until(id)).min();
            state = self.wait(state, wake);
        }
        None
    }

    /// Returns the token of an integration, if requests may be made for it.
    pub fn token(&self, integration: Id) -> Option<Secret> {
        self.lock().integrations.token(integration)
    }

    /// Takes the result of a batch: the number of entities that the API returned, or why none.
    pub fn finish(&self, batch: Batch, result: Result<usize, Problem>) {
        let mut state = self.lock();
        state.is_working = false;
        let id = batch.group.integration;
        match result {
            Ok(found) => {
                state.integrations.succeeded(id);
                state.totals.fetched += found;
                // The token may not see them, or they are gone.
                state.totals.missing += batch.ids.len() - found;
            }
            Err(problem) => {
                let failures = state.integrations.failed(id);
                let retry = (self.steps.retry)(&problem, failures);
                if let Retry::After(duration) = retry {
                    state.integrations.pause(id, duration);
                }
                if let Problem::Unauthorized(token) = problem {
                    state.integrations.reject(id, token);
                }
                if retry == Retry::Never {
                    state.totals.given_up += batch.ids.len();
                } else if (self.steps.accepts)(&state.integrations, id) {
                    state.pending.add(batch);
                }
            }
        }
        self.changed.notify_all();
    }

    /// Waits until nothing is left that may be fetched.
    pub fn wait_until_idle(&self) {
        let mut state = self.lock();
        loop {
            let may_go_on = |id| state.integrations.token(id).is_some();
            let is_idle = !state.is_working && !state.pending.integrations().any(may_go_on);
            if is_idle || state.is_closed {
                return;
            }
            state = self.wait(state, None);
        }
    }

    /// Ends the worker, after the batch that it has.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    /// Returns what became of the events.
    pub fn totals(&self) -> Totals {
        let state = self.lock();
        Totals {
            waiting: state.pending.len(),
            ..state.totals
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something has changed, or until a time.
    fn wait<'s>(
        &self,
        state: MutexGuard<'s, State>,
        until: Option<Instant>,
    ) -> MutexGuard<'s, State> {
        const DAY: Duration = Duration::from_secs(86_400);
        let left = until.map_or(DAY, |until| until.saturating_duration_since(Instant::now()));
        let woken = self.changed.wait_timeout(state, left);
        woken.unwrap_or_else(PoisonError::into_inner).0
    }
}
