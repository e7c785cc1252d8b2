//! The workers: each takes the next delivery of the queue, waits for its start, and posts it until it is
//! accepted.

use std::io;
use std::num::NonZero;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::deliver::StartTime;

use super::{
    Attempt, AttemptOutcome, Clock, DeliveryReceiver, Endpoint, PostResult, ScheduledPayload,
};

/// How deliveries are made.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SendOptions {
    /// The maximum number of attempts of a delivery.
    pub attempts: NonZero<u32>,
    /// The time between the end of an attempt and the next one.
    pub retry_wait: Duration,
    /// The number of workers.
    pub concurrency: NonZero<usize>,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self {
            attempts: NonZero::<u32>::MIN.saturating_add(2),
            retry_wait: Duration::from_secs(5),
            concurrency: NonZero::<usize>::MIN,
        }
    }
}

/// Makes the deliveries of a queue, and calls a function on the caller's thread for each attempt, in the order
/// in which they end. Returns when the queue is closed and all deliveries were made, or when the clock stops:
/// then no attempt is started any more.
///
/// # Errors
/// Those of the function, after which no delivery is started any more. No worker can be started.
pub fn send(
    queue: DeliveryReceiver,
    options: SendOptions,
    endpoint: &impl Endpoint,
    clock: &impl Clock,
    mut call: impl FnMut(Attempt) -> io::Result<()>,
) -> io::Result<()> {
    let workers = options.concurrency.get();
    let turns = Mutex::new(Turns {
        queue,
        first: None,
        last: None,
    });
    let turns = Arc::new(turns);
    thread::scope(|scope| {
        let (attempts, results) = sync_channel(workers);
        for number in 0..workers {
            let worker = Worker {
                options,
                endpoint,
                clock,
                // The queue is closed when the last worker ends, so that nobody waits for its end.
                turns: Arc::clone(&turns),
                attempts: attempts.clone(),
            };
            match thread::Builder::new().spawn_scoped(scope, move || worker.run()) {
                Err(error) if number == 0 => return Err(error),
                // The workers that were started make all deliveries.
                Err(_) => break,
                Ok(_) => {}
            }
        }
        drop(turns);
        drop(attempts);
        results.into_iter().try_for_each(&mut call)
    })
}

/// The queue, and when the deliveries that were taken from it start.
struct Turns {
    queue: DeliveryReceiver,
    /// The start of the first delivery.
    first: Option<Instant>,
    /// The start of the latest one.
    last: Option<Instant>,
}

struct Worker<'e, E, C> {
    options: SendOptions,
    endpoint: &'e E,
    clock: &'e C,
    turns: Arc<Mutex<Turns>>,
    attempts: SyncSender<Attempt>,
}

impl<E: Endpoint, C: Clock> Worker<'_, E, C> {
    fn run(self) {
        while let Some((delivery, start)) = self.next() {
            let is_open = self.clock.wait_until(start) && self.deliver(&Arc::new(delivery));
            if !is_open {
                return;
            }
        }
    }

    /// Returns the next delivery of the queue, and when it starts. Workers wait here for each other, so that
    /// deliveries start in their order.
    fn next(&self) -> Option<(ScheduledPayload, Instant)> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.clock.wait_until(self.clock.now()) {
            return None;
        }
        let delivery = turns.queue.recv().ok()?;
        let now = self.clock.now();
        let earliest = match (delivery.start, turns.last) {
            (StartTime::After(gap), Some(last)) => last.checked_add(gap),
            (StartTime::After(_), None) => None,
            (StartTime::At(offset), _) => turns.first.unwrap_or(now).checked_add(offset),
        };
        let start = earliest.unwrap_or(now).max(now);
        turns.first.get_or_insert(start);
        turns.last = Some(start);
        Some((delivery, start))
    }

    /// Posts a delivery until it is accepted. Returns `false` if no further one is to be made.
    fn deliver(&self, delivery: &Arc<ScheduledPayload>) -> bool {
        let max = self.options.attempts.get();
        for number in 1..=max {
            let started = self.clock.time();
            let result = self.endpoint.post(&delivery.payload);
            let outcome = outcome(&result, number == max);
            let attempt = Attempt {
                delivery: Arc::clone(delivery),
                number,
                max,
                started,
                result,
                outcome,
            };
            if self.attempts.send(attempt).is_err() {
                return false;
            }
            if outcome != AttemptOutcome::Retried {
                return true;
            }
            let now = self.clock.now();
            let next = now.checked_add(self.options.retry_wait);
            if !self.clock.wait_until(next.unwrap_or(now)) {
                return false;
            }
        }
        true
    }
}

fn outcome(result: &PostResult, is_last: bool) -> AttemptOutcome {
    match (result.is_success(), is_last) {
        (true, _) => AttemptOutcome::Accepted,
        (false, false) => AttemptOutcome::Retried,
        (false, true) => AttemptOutcome::Failed,
    }
}
