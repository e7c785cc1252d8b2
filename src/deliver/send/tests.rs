//! Tests of workers and totals with a clock that never sleeps and an endpoint that is a function.

use std::io;
use std::num::NonZero;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::deliver::{Scheduled, StartTime};

use super::AttemptOutcome::{Accepted, Failed, Retried};
use super::payload::PayloadSource;
use super::{
    Attempt, AttemptOutcome, Clock, Endpoint, PostResult, ScheduledPayload, SendOptions, SendTally,
    SentPayload, send,
};

/// A clock that jumps to the time that is waited for.
struct TestClock {
    start: Instant,
    passed: Mutex<Duration>,
    /// The time at which all work stops.
    end: Duration,
}

impl TestClock {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            passed: Mutex::default(),
            end: Duration::MAX,
        }
    }

    fn passed(&self) -> Duration {
        *self.passed.lock().unwrap()
    }

    fn pass(&self, time: Duration) {
        *self.passed.lock().unwrap() += time;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        self.start + self.passed()
    }

    fn time(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + self.passed()
    }

    fn wait_until(&self, time: Instant) -> bool {
        let mut passed = self.passed.lock().unwrap();
        *passed = (*passed).max(time - self.start);
        *passed < self.end
    }
}

struct Function<F>(F);

impl<F: Fn(&SentPayload) -> u16 + Sync> Endpoint for Function<F> {
    fn post(&self, payload: &SentPayload) -> PostResult {
        let status = self.0(payload);
        PostResult {
            status: (status > 0).then_some(status),
            elapsed: Duration::from_millis(3),
            ..PostResult::default()
        }
    }
}

fn options(attempts: u32, concurrency: usize) -> SendOptions {
    SendOptions {
        attempts: NonZero::new(attempts).unwrap(),
        retry_wait: Duration::from_secs(10),
        concurrency: NonZero::new(concurrency).unwrap(),
    }
}

fn delivery(number: u64, start: StartTime) -> ScheduledPayload {
    let payload = SentPayload {
        path: "a.ndjson".into(),
        place: PayloadSource::default(),
        kind: None,
        event: None,
        received: None,
        body: vec![u8::try_from(number).unwrap()],
    };
    Scheduled {
        number,
        payload: Arc::new(payload),
        payload_number: number,
        copy: 1,
        copies: 1,
        start,
    }
}

const AT_ONCE: StartTime = StartTime::After(Duration::ZERO);

/// Sends deliveries and returns all attempts.
fn attempts(
    deliveries: Vec<ScheduledPayload>,
    options: SendOptions,
    clock: &TestClock,
    status: impl Fn(&SentPayload) -> u16 + Sync,
) -> Vec<Attempt> {
    let (sender, queue) = sync_channel(deliveries.len());
    for delivery in deliveries {
        sender.send(delivery).unwrap();
    }
    drop(sender);
    let mut attempts = Vec::new();
    let sent = send(queue, options, &Function(status), clock, |attempt| {
        attempts.push(attempt);
        Ok(())
    });
    sent.unwrap();
    attempts
}

/// Returns the number of the payload, the status, the second of the start and the outcome of attempts.
fn rows(attempts: &[Attempt]) -> Vec<(u64, u16, i64, AttemptOutcome)> {
    let row = |attempt: &Attempt| {
        let status = attempt.result.status.unwrap_or_default();
        let second = attempt.started.timestamp();
        (attempt.delivery.number, status, second, attempt.outcome)
    };
    attempts.iter().map(row).collect()
}

#[test]
fn a_worker_tries_again_before_it_makes_the_next_delivery() {
    let statuses = Mutex::new([0, 503, 204, 200].into_iter());
    let clock = TestClock::new();
    let deliveries = vec![delivery(1, AT_ONCE), delivery(2, AT_ONCE)];
    let attempts = attempts(deliveries, options(3, 1), &clock, |_| {
        statuses.lock().unwrap().next().unwrap()
    });
    let expected = [
        (1, 0, 0, Retried),
        (1, 503, 10, Retried),
        (1, 204, 20, Accepted),
        (2, 200, 20, Accepted),
    ];
    assert_eq!(rows(&attempts), expected);
    let mut tally = SendTally::default();
    let results: Vec<_> = attempts
        .into_iter()
        .filter_map(|one| tally.add(one))
        .collect();
    let lengths: Vec<_> = results.iter().map(|result| result.attempts.len()).collect();
    assert_eq!(lengths, [3, 1]);
    let (interrupted, totals) = tally.finish();
    assert!(interrupted.is_empty());
    assert_eq!((totals.payloads, totals.accepted, totals.failed), (2, 2, 0));
    let counts = (totals.deliveries, totals.attempts, totals.retried);
    assert_eq!(counts, (2, 4, 1));
    assert_eq!(totals.elapsed(), Duration::from_millis(20_003));
}

#[test]
fn the_last_attempt_decides() {
    let clock = TestClock::new();
    for (status, max, expected) in [
        (404, 1, vec![(1, 404, 0, Failed)]),
        (303, 2, vec![(1, 303, 0, Retried), (1, 303, 10, Failed)]),
        (199, 1, vec![(1, 199, 10, Failed)]),
        (299, 1, vec![(1, 299, 10, Accepted)]),
        (300, 1, vec![(1, 300, 10, Failed)]),
    ] {
        let attempts = attempts(vec![delivery(1, AT_ONCE)], options(max, 1), &clock, |_| {
            status
        });
        assert_eq!(rows(&attempts), expected);
    }
}

#[test]
fn delays_are_counted_from_start_to_start() {
    let clock = TestClock::new();
    let after = |seconds| StartTime::After(Duration::from_secs(seconds));
    let deliveries = vec![
        delivery(1, after(60)),
        delivery(2, after(10)),
        delivery(3, after(10)),
        delivery(4, after(2)),
    ];
    // The third delivery takes longer than the delay after it.
    let attempts = attempts(deliveries, options(1, 1), &clock, |payload| {
        clock.pass(Duration::from_secs(if *payload.body == [3] {
            7
        } else {
            1
        }));
        200
    });
    let seconds: Vec<_> = rows(&attempts).iter().map(|row| row.2).collect();
    assert_eq!(seconds, [0, 10, 20, 27]);
}

#[test]
fn a_replay_catches_up() {
    let clock = TestClock::new();
    let at = |seconds| StartTime::At(Duration::from_secs(seconds));
    let deliveries = vec![
        delivery(1, at(0)),
        delivery(2, at(10)),
        delivery(3, at(11)),
        delivery(4, at(40)),
    ];
    clock.pass(Duration::from_secs(100));
    let attempts = attempts(deliveries, options(1, 1), &clock, |_| {
        clock.pass(Duration::from_secs(5));
        200
    });
    let seconds: Vec<_> = rows(&attempts).iter().map(|row| row.2).collect();
    assert_eq!(seconds, [100, 110, 115, 140]);
}

#[test]
fn workers_post_at_the_same_time() {
    const WORKERS: usize = 4;
    let barrier = Barrier::new(WORKERS);
    let clock = TestClock::new();
    let deliveries = (1..=8).map(|number| delivery(number, AT_ONCE)).collect();
    let attempts = attempts(deliveries, options(1, WORKERS), &clock, |_| {
        barrier.wait();
        200
    });
    let mut numbers: Vec<_> = rows(&attempts).iter().map(|row| row.0).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn nothing_is_started_once_the_clock_has_stopped() {
    let clock = TestClock {
        end: Duration::from_secs(25),
        ..TestClock::new()
    };
    let deliveries = vec![delivery(1, AT_ONCE), delivery(2, AT_ONCE)];
    let attempts = attempts(deliveries, options(9, 1), &clock, |_| 500);
    let seconds: Vec<_> = rows(&attempts).iter().map(|row| row.2).collect();
    assert_eq!(seconds, [0, 10, 20]);
    let mut tally = SendTally::default();
    for attempt in attempts {
        assert!(tally.add(attempt).is_none());
    }
    let (interrupted, totals) = tally.finish();
    assert_eq!((interrupted.len(), totals.payloads), (1, 1));
    assert_eq!((totals.accepted, totals.failed), (0, 1));
}

#[test]
fn an_attempt_that_cannot_be_reported_ends_everything() {
    let (sender, queue) = sync_channel(0);
    let clock = TestClock::new();
    thread::scope(|scope| {
        // Ends only when the queue is closed.
        scope.spawn(|| {
            let deliveries = (1..=250).map(|number| delivery(number, AT_ONCE));
            for delivery in deliveries {
                if sender.send(delivery).is_err() {
                    return;
                }
            }
            panic!("all deliveries were taken");
        });
        let sent = send(queue, options(1, 2), &Function(|_: &_| 200), &clock, |_| {
            Err(io::ErrorKind::BrokenPipe.into())
        });
        assert_eq!(sent.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    });
}

#[test]
fn a_payload_is_accepted_if_one_of_its_deliveries_is() {
    for (statuses, is_accepted) in [([500, 200], true), ([200, 500], true), ([500, 500], false)] {
        let deliveries = (1..=2u32).map(|copy| Scheduled {
            number: copy.into(),
            copy,
            copies: 2,
            ..delivery(1, AT_ONCE)
        });
        let next = Mutex::new(statuses.into_iter());
        let attempts = attempts(
            deliveries.collect(),
            options(1, 1),
            &TestClock::new(),
            |_| next.lock().unwrap().next().unwrap(),
        );
        let mut tally = SendTally::default();
        let results: Vec<_> = attempts.into_iter().map(|one| tally.add(one)).collect();
        let [None, Some(result)] = &*results else {
            panic!("{results:?}");
        };
        assert_eq!(result.is_accepted, is_accepted, "{statuses:?}");
        let (_, totals) = tally.finish();
        assert_eq!((totals.payloads, totals.deliveries), (1, 2));
        assert_eq!(totals.accepted, u64::from(is_accepted));
    }
}
