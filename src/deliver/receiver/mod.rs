//! Plays Mews against a handler, and finds out what it does wrong.
//!
//! [`CHECKS`] is the table of the checks, which are numbered. [`run`] runs some of them: each makes up its
//! own integrations and entities from the seed, sends deliveries, and judges the responses and, if there
//! is a [`FakeApi`](super::api::FakeApi), the requests that the handler makes to it. What can't be seen is
//! not observable, never passed.
//!
//! Before the checks, a `Probe` finds out what the handler accepts and which entities it fetches, so
//! that one mistake of the handler fails one check, and not all that come after.

mod check;
mod events;
mod evidence;
mod exchange;
mod hotel;
mod lifecycle;
mod probe;
mod robustness;
mod runner;
mod security;
mod session;
mod state;
mod transport;
mod wrong_token;

pub use check::{CHECKS, CheckNumber, ReceiverCheck, Requirement, select_checks};
pub use evidence::{CheckResult, Evidence, Outcome, Reaction};
pub use runner::{ReceiverError, ReceiverOptions, ReceiverTotals, default_events, run};

use probe::Probe;
use session::Session;

/// What a check returns: an error if it is not passed.
type Checked<T = ()> = Result<T, Outcome>;
