//! What became of payloads: a payload is accepted if one of its deliveries is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::contract::Kind;

use super::{Attempt, AttemptOutcome, ResponseTimes, SentPayload};

/// Counts attempts, and finds out what became of each payload.
#[derive(Debug, Default)]
pub struct SendTally {
    totals: SendTotals,
    /// The payloads of which not all deliveries have ended.
    open: BTreeMap<u64, OpenPayload>,
}

#[derive(Debug)]
struct OpenPayload {
    ended: u32,
    result: PayloadResult,
}

/// What became of a payload.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PayloadResult {
    /// The payload.
    pub payload: Arc<SentPayload>,
    /// Its number among all payloads, from 1.
    pub number: u64,
    /// Whether one of its deliveries was accepted.
    pub is_accepted: bool,
    /// All attempts, in the order in which they ended.
    pub attempts: Vec<Attempt>,
}

/// The totals of deliveries.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SendTotals {
    /// Payloads that were sent.
    pub payloads: u64,
    /// Payloads that were accepted.
    pub accepted: u64,
    /// Payloads that never were.
    pub failed: u64,
    /// Payloads of the Point of Sale API.
    pub pos: u64,
    /// Deliveries, of which a payload has one or two.
    pub deliveries: u64,
    /// Deliveries that took more than one attempt.
    pub retried: u64,
    /// Requests.
    pub attempts: u64,
    /// The times of the responses.
    pub times: ResponseTimes,
    /// When the first request started.
    first_start: Option<DateTime<Utc>>,
    /// When the last request ended.
    last_end: Option<DateTime<Utc>>,
}

impl SendTotals {
    /// Returns the time from the start of the first request to the end of the last one.
    pub fn elapsed(&self) -> Duration {
        let elapsed = self.first_start.zip(self.last_end);
        let elapsed = elapsed.and_then(|(start, end)| (end - start).to_std().ok());
        elapsed.unwrap_or_default()
    }

    /// Returns the number of requests in a second, if they took any time.
    pub fn rate(&self) -> Option<f64> {
        let seconds = self.elapsed().as_secs_f64();
        let attempts = u32::try_from(self.attempts).unwrap_or(u32::MAX);
        (seconds > 0.0).then(|| f64::from(attempts) / seconds)
    }

    fn add_attempt(&mut self, attempt: &Attempt) {
        let Attempt {
            started, result, ..
        } = attempt;
        self.attempts += 1;
        match attempt.number {
            1 => self.deliveries += 1,
            2 => self.retried += 1,
            _ => {}
        }
        if result.status.is_some() {
            self.times.add(result.elapsed);
        }
        let end = *started + result.elapsed;
        self.first_start = Some(
            self.first_start
                .map_or(*started, |first| first.min(*started)),
        );
        self.last_end = Some(self.last_end.map_or(end, |last| last.max(end)));
    }

    fn add_payload(&mut self, result: &PayloadResult) {
        self.payloads += 1;
        if result.is_accepted {
            self.accepted += 1;
        } else {
            self.failed += 1;
        }
        if result.payload.kind == Some(Kind::Pos) {
            self.pos += 1;
        }
    }
}

impl SendTally {
    /// Adds an attempt. Returns the result of its payload if that is known now.
    pub fn add(&mut self, attempt: Attempt) -> Option<PayloadResult> {
        self.totals.add_attempt(&attempt);
        let delivery = Arc::clone(&attempt.delivery);
        let number = delivery.payload_number;
        let open = self.open.entry(number).or_insert_with(|| OpenPayload {
            ended: 0,
            result: PayloadResult {
                payload: Arc::clone(&delivery.payload),
                number,
                is_accepted: false,
                attempts: Vec::new(),
            },
        });
        open.result.is_accepted |= attempt.outcome == AttemptOutcome::Accepted;
        open.ended += u32::from(attempt.outcome != AttemptOutcome::Retried);
        open.result.attempts.push(attempt);
        if open.ended < delivery.copies {
            return None;
        }
        let result = self.open.remove(&number)?.result;
        self.totals.add_payload(&result);
        Some(result)
    }

    /// Ends the count. Returns the payloads whose deliveries were interrupted, and the totals.
    pub fn finish(mut self) -> (Vec<PayloadResult>, SendTotals) {
        let results: Vec<_> = self.open.into_values().map(|open| open.result).collect();
        for result in &results {
            self.totals.add_payload(result);
        }
        (results, self.totals)
    }
}
