//! Runs checks against a handler, one after the other.

use std::io;
use std::time::{Duration, Instant};

use crate::contract::Event;
use crate::deliver::api::FakeApi;
use crate::deliver::{Client, ClientOptions, DEADLINE, SecretText, Target};

use super::events::general_events;
use super::probe::probe;
use super::{CheckResult, Outcome, Probe, ReceiverCheck, Requirement, Session};

/// What is tested, and how.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReceiverOptions {
    /// The URL of the handler.
    pub target: Target,
    /// The checks to run.
    pub checks: Vec<&'static ReceiverCheck>,
    /// The general events that the handler handles; at least one.
    pub events: Vec<&'static Event>,
    /// The seed of what is made up.
    pub seed: u64,
    /// How long to wait for requests that should come.
    pub settle: Duration,
    /// The time within which a response must come.
    pub deadline: Duration,
    /// The secret of signatures of Mews POS.
    pub secret: Option<SecretText>,
    /// The parameter of the URL that is the handler's token.
    pub token_parameter: Option<String>,
    /// The command that runs the same checks, to which the number of a check is added.
    pub command: String,
}

impl ReceiverOptions {
    /// Returns options for all checks of a handler.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            checks: super::CHECKS.iter().collect(),
            events: default_events(),
            seed: 0,
            settle: Duration::from_secs(2),
            deadline: DEADLINE,
            secret: None,
            token_parameter: None,
            command: String::new(),
        }
    }
}

/// Returns the events whose entities can be fetched: those that a handler is expected to handle.
pub fn default_events() -> Vec<&'static Event> {
    general_events()
        .filter(|event| event.fetch.is_some())
        .collect()
}

/// The numbers of results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceiverTotals {
    /// The number of checks that are passed.
    pub passed: usize,
    /// The number of failed checks of what a handler must do.
    pub failed_must: usize,
    /// The number of failed checks of what a handler should do.
    pub failed_should: usize,
    /// The number of checks of which nothing can be seen.
    pub not_observable: usize,
}

impl ReceiverTotals {
    fn add(&mut self, result: &CheckResult) {
        match (&result.outcome, result.check.requirement) {
            (Outcome::Pass, _) => self.passed += 1,
            (Outcome::Fail(_), Requirement::Must) => self.failed_must += 1,
            (Outcome::Fail(_), Requirement::Should) => self.failed_should += 1,
            (Outcome::NotObservable(_), _) => self.not_observable += 1,
        }
    }
}

/// The error when checks can't be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiverError {
    /// The handler can't be connected to.
    #[error("the handler can't be reached, {reason}; check that it runs at {target}")]
    Unreachable {
        /// The URL, with its secrets masked.
        target: String,
        /// Why it can't be connected to.
        reason: String,
    },
    /// A result can't be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Runs checks, in the order of their numbers. Each result is passed on at once.
///
/// # Errors
/// The handler can't be connected to, or a result can't be written.
pub fn run(
    options: &ReceiverOptions,
    api: Option<&FakeApi>,
    mut on_result: impl FnMut(&CheckResult) -> io::Result<()>,
) -> Result<ReceiverTotals, ReceiverError> {
    let client = Client::new(&ClientOptions {
        deadline: options.deadline,
        ..ClientOptions::default()
    });
    let mut first = Session::new(options, &client, api, Probe::default(), 0);
    let found = probe(&mut first).map_err(|reaction| ReceiverError::Unreachable {
        target: options.target.to_string(),
        reason: reaction.describe(),
    })?;
    let mut totals = ReceiverTotals::default();
    for check in &options.checks {
        let start = Instant::now();
        // What a check makes up depends on its number, and not on the checks before it.
        let number = u64::from(check.number.group) << 32 | u64::from(check.number.item) << 24;
        let mut session = Session::new(options, &client, api, found.clone(), number);
        let outcome = match (check.run)(&mut session) {
            Ok(()) => Outcome::Pass,
            Err(outcome) => outcome,
        };
        let (evidence, omitted) = session.into_evidence();
        let result = CheckResult {
            check,
            outcome,
            evidence,
            omitted,
            elapsed: start.elapsed(),
            repeat: format!("{} --check {}", options.command, check.number),
        };
        totals.add(&result);
        on_result(&result)?;
    }
    Ok(totals)
}
