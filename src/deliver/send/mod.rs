//! Delivers the payloads of captures as Mews does, with several workers.
//!
//! The pool finds the payloads and appends them to chunks ([`PayloadFormatter`]). The [`DeliveryQueue`] takes
//! them in input order, schedules them, and passes deliveries on to the workers of [`send`], which post them
//! to an [`Endpoint`]. Each [`Attempt`] comes back to the caller, which reports it, and a [`SendTally`] finds out
//! what became of each payload. All queues are short, so that a stream of any length takes the same memory,
//! and a slow receiver slows the reader down.
//!
//! A worker makes one delivery at a time, with all of its attempts. So a single worker delivers strictly in
//! the order of the schedule.

mod attempt;
mod clock;
mod endpoint;
mod payload;
mod queue;
mod tally;
#[cfg(test)]
mod tests;
mod times;
mod worker;

pub use attempt::{Attempt, AttemptOutcome};
pub use clock::{Clock, SystemClock};
pub use endpoint::{Endpoint, HttpEndpoint, PostResult};
pub use payload::{PayloadFormatter, PayloadSource, SentPayload, read_payloads};
pub use queue::{DeliveryQueue, DeliveryReceiver};
pub use tally::{PayloadResult, SendTally, SendTotals};
pub use times::ResponseTimes;
pub use worker::{SendOptions, send};

use std::sync::Arc;

use super::Scheduled;

/// A delivery of a payload.
pub type ScheduledPayload = Scheduled<Arc<SentPayload>>;
