//! Decides in which order payloads are delivered, which of them twice, and when, before anything is sent.
//!
//! The schedule is a function of the payloads, the options and the seed alone: no clock and no response
//! changes it. Payloads are added one after the other, and each addition returns the deliveries that are
//! due next, so that those of a stream are sent as they arrive. What is held back is bounded:
//!
//! - Each delivery has a key, and deliveries are made in the order of keys. That of the payload with number
//!   `n` is a random number from `n` to `n + 1 + reorder`, so that a payload changes places only with the
//!   `reorder` payloads before and after it. Without reordering the order stays as it is.
//! - The second delivery of a payload follows the first one at a random distance, of at most
//!   [`DUPLICATE_DISTANCE`] payloads.
//!
//! Payloads that are delivered twice are spread evenly: of `n` payloads, `n` times the share, give or take
//! two. The random numbers are those of PCG32, each kind with a stream of its own, so that an option does not
//! change what another one does.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::sample::Random;

use super::Share;
use super::timing::{Pace, StartTime, Timing};

/// The maximum number of payloads between the two deliveries of a payload.
pub const DUPLICATE_DISTANCE: u32 = 10;

/// The options of a schedule.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct ScheduleOptions {
    /// The seed of all random numbers.
    pub seed: u64,
    /// The share of the payloads that are delivered twice.
    pub duplicates: Share,
    /// The maximum number of places that a payload moves.
    pub reorder: u32,
    /// When deliveries start.
    pub timing: Timing,
}

/// A delivery of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scheduled<P> {
    /// The number of the delivery, from 1.
    pub number: u64,
    /// The payload.
    pub payload: P,
    /// The number of the payload among those that were added, from 1.
    pub payload_number: u64,
    /// Which delivery of the payload this is, from 1.
    pub copy: u32,
    /// How often the payload is delivered.
    pub copies: u32,
    /// When the delivery starts.
    pub start: StartTime,
}

/// A schedule that payloads are added to.
#[derive(Debug)]
pub struct Schedule<P> {
    reorder: u64,
    order: Random,
    duplicates: Duplicates,
    pace: Pace,
    /// The number of payloads that were added.
    added: u64,
    /// The number of deliveries that were returned.
    returned: u64,
    /// What is held back, in the order of keys.
    held: BTreeMap<(u64, u64), HeldDelivery<P>>,
}

/// A delivery that is held back.
#[derive(Debug)]
struct HeldDelivery<P> {
    payload: P,
    payload_number: u64,
    copy: u32,
    copies: u32,
    /// The time of the payload in its capture, counted from the first payload's.
    offset: Duration,
}

/// The streams of random numbers.
const ORDER: u64 = 1;
const DUPLICATES: u64 = 2;
const DISTANCES: u64 = 3;

/// The distance between the keys of successive payloads.
const STEP: u64 = 1 << 24;

impl<P: Clone> Schedule<P> {
    /// Creates an empty schedule.
    pub fn new(options: ScheduleOptions) -> Self {
        Self {
            reorder: u64::from(options.reorder),
            order: Random::new(options.seed, ORDER),
            duplicates: Duplicates::new(options.duplicates, options.seed),
            pace: Pace::new(options.timing, options.seed),
            added: 0,
            returned: 0,
            held: BTreeMap::new(),
        }
    }

    /// Says that the payloads that are added next are those of another input.
    pub fn start_input(&mut self) {
        self.pace.start_input();
    }

    /// Adds a payload, with the time at which it was received by its capture. Returns the deliveries that
    /// come next.
    pub fn add(
        &mut self,
        payload: P,
        received: Option<chrono::DateTime<chrono::Utc>>,
    ) -> Vec<Scheduled<P>> {
        let base = self.added * STEP;
        let key = base + self.order.below_u64((self.reorder + 1) * STEP);
        let distance = self.duplicates.next(self.added);
        self.added += 1;
        let offset = self.pace.offset(received);
        let copies = if distance.is_some() { 2 } else { 1 };
        let keys = [Some(key), distance.map(|distance| key + distance)];
        for (copy, key) in (1..).zip(keys.into_iter().flatten()) {
            let delivery = HeldDelivery {
                payload: payload.clone(),
                payload_number: self.added,
                copy,
                copies,
                offset,
            };
            // Of two deliveries with one key, that of the earlier payload comes first.
            self.held.insert((key, self.added), delivery);
        }
        // A payload that is added later has at least this key.
        self.take_before(self.added * STEP)
    }

    /// Ends the schedule. Returns the deliveries that were held back.
    pub fn finish(&mut self) -> Vec<Scheduled<P>> {
        self.take_before(u64::MAX)
    }

    /// Returns `true` if a payload came with a time at which it was received.
    pub fn has_times(&self) -> bool {
        self.pace.has_times()
    }

    fn take_before(&mut self, end: u64) -> Vec<Scheduled<P>> {
        let mut taken = Vec::new();
        while let Some(entry) = self.held.first_entry()
            && entry.key().0 < end
        {
            let HeldDelivery {
                payload,
                payload_number,
                copy,
                copies,
                offset,
            } = entry.remove();
            self.returned += 1;
            taken.push(Scheduled {
                number: self.returned,
                payload,
                payload_number,
                copy,
                copies,
                start: self.pace.start(offset),
            });
        }
        taken
    }
}

/// Chooses the payloads that are delivered twice.
#[derive(Debug)]
struct Duplicates {
    per_million: u64,
    places: Random,
    distances: Random,
    /// The number of payloads that were chosen.
    chosen: u64,
    /// The index of the next payload to choose.
    next: u64,
}

impl Duplicates {
    fn new(share: Share, seed: u64) -> Self {
        let mut duplicates = Self {
            per_million: share.per_million().into(),
            places: Random::new(seed, DUPLICATES),
            distances: Random::new(seed, DISTANCES),
            chosen: 0,
            next: u64::MAX,
        };
        duplicates.choose(0);
        duplicates
    }

    /// Chooses the next payload: at random in the next stretch of payloads of which one is chosen, but not
    /// one before `min`.
    fn choose(&mut self, min: u64) {
        const MILLION: u64 = Share::MILLION as u64;
        let place = self.chosen * MILLION + self.places.below_u64(MILLION);
        let index = place.checked_div(self.per_million);
        self.next = index.map_or(u64::MAX, |index| index.max(min));
    }

    /// Returns the distance between the keys of the two deliveries of a payload, if it is chosen. Payloads
    /// are asked about in order.
    fn next(&mut self, index: u64) -> Option<u64> {
        if index != self.next {
            return None;
        }
        self.chosen += 1;
        self.choose(index + 1);
        Some(
            1 + self
                .distances
                .below_u64(u64::from(DUPLICATE_DISTANCE) * STEP),
        )
    }
}

#[cfg(test)]
mod tests;
