//! Selects payloads by conditions.
//!
//! Conditions on one field are alternatives, and all fields must fit; those with `!=` must all be
//! fulfilled. A condition can be decided as soon as what it looks at is known: most by the parsed
//! payload, before it is checked. So [`Filter::decide`] has three results.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};

use crate::checks::ExpectedKind;
use crate::contract::Kind;
use crate::frame::Frame;

use super::candidate::has_entity;
use super::condition::{StatusPattern, Value};
use super::pattern::Pattern;
use super::prefilter::Prefilter;
use super::{Candidate, Condition, FilterField, Operator, When};

/// Selects payloads.
#[derive(Debug, Clone)]
pub struct Filter {
    conditions: Vec<Condition>,
    /// What is tested, in the order of the fields.
    groups: Vec<Group>,
    prefilter: Prefilter,
    now: DateTime<Utc>,
}

/// The tests on one field, of which one must be positive, or a single one that must be negative.
#[derive(Debug, Clone)]
struct Group {
    field: FilterField,
    tests: Vec<Test>,
    is_negated: bool,
}

/// A test of a payload.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Kind(Kind),
    Event(Pattern),
    Enterprise(Pattern),
    Integration(Pattern),
    Service(Pattern),
    Id(Pattern),
    Status(StatusPattern),
    /// The time is this or later.
    Since(DateTime<Utc>),
    /// The time is this or earlier.
    Until(DateTime<Utc>),
    /// The time is earlier.
    Before(DateTime<Utc>),
    Valid(bool),
    Code(&'static str),
}

impl Test {
    /// Returns the tests of a condition.
    fn of(condition: &Condition, now: DateTime<Utc>) -> Self {
        match (condition.field, condition.value.clone()) {
            (_, Value::Kind(kind)) => Self::Kind(kind),
            (_, Value::Status(status)) => Self::Status(status),
            (_, Value::Valid(valid)) => Self::Valid(valid),
            (_, Value::Code(code)) => Self::Code(code),
            (FilterField::Since, Value::When(when)) => Self::Since(when.start(now)),
            (_, Value::When(when)) => match when.day_after() {
                Some(next) => Self::Before(next),
                None => Self::Until(when.start(now)),
            },
            (FilterField::Enterprise, Value::Text(pattern)) => Self::Enterprise(pattern),
            (FilterField::Integration, Value::Text(pattern)) => Self::Integration(pattern),
            (FilterField::Service, Value::Text(pattern)) => Self::Service(pattern),
            (FilterField::Id, Value::Text(pattern)) => Self::Id(pattern),
            (_, Value::Text(pattern)) => Self::Event(pattern),
        }
    }

    /// Returns the result, or `None` if that is not known yet.
    fn decide(&self, candidate: &Candidate<'_>) -> Option<bool> {
        let summary = || candidate.summary();
        let time = |test: &dyn Fn(DateTime<Utc>) -> bool| candidate.time().is_some_and(test);
        Some(match self {
            Self::Kind(kind) => match candidate.kind {
                ExpectedKind::Certain(found) => found == Some(*kind),
                ExpectedKind::EitherEdition => match kind {
                    Kind::Integration | Kind::Integration2019 => return None,
                    _ => false,
                },
            },
            Self::Event(pattern) => candidate.has_event(pattern),
            Self::Enterprise(pattern) => has_entity(summary().enterprise.as_ref(), pattern),
            Self::Integration(pattern) => has_entity(summary().integration.as_ref(), pattern),
            Self::Service(pattern) => has_entity(summary().service.as_ref(), pattern),
            Self::Id(pattern) => candidate.has_id(pattern),
            Self::Status(status) => candidate
                .status()
                .is_some_and(|found| status.matches(found)),
            Self::Since(start) => time(&|time| time >= *start),
            Self::Until(end) => time(&|time| time <= *end),
            Self::Before(end) => time(&|time| time < *end),
            Self::Valid(valid) => candidate.verdict?.valid == *valid,
            Self::Code(code) => {
                let codes = &candidate.verdict?.codes;
                codes.iter().any(|found| found.code == *code)
            }
        })
    }

    /// Returns `true` if only the checks can decide this.
    fn needs_checks(&self) -> bool {
        matches!(
            self,
            Self::Valid(_) | Self::Code(_) | Self::Kind(Kind::Integration | Kind::Integration2019)
        )
    }
}

impl Group {
    fn decide(&self, candidate: &Candidate<'_>) -> Option<bool> {
        let mut is_known = true;
        for test in &self.tests {
            match test.decide(candidate) {
                Some(true) => return Some(!self.is_negated),
                Some(false) => {}
                None => is_known = false,
            }
        }
        is_known.then_some(self.is_negated)
    }
}

impl Filter {
    /// Creates a filter of conditions. `now` is what relative times are counted back from.
    pub fn new(conditions: Vec<Condition>, now: DateTime<Utc>) -> Self {
        let now = now.trunc_subsecs(0);
        let mut groups: Vec<Group> = Vec::new();
        for condition in &conditions {
            let field = condition.field;
            let is_negated = condition.operator == Operator::IsNot;
            let test = Test::of(condition, now);
            let mut known = groups.iter_mut();
            match known.find(|group| group.field == field && !group.is_negated && !is_negated) {
                Some(group) => group.tests.push(test),
                None => groups.push(Group {
                    field,
                    tests: vec![test],
                    is_negated,
                }),
            }
        }
        groups.sort_by_key(|group| group.field);
        let required = groups.iter().filter(|group| !group.is_negated);
        let prefilter = Prefilter::new(required.map(|group| &*group.tests));
        Self {
            conditions,
            groups,
            prefilter,
            now,
        }
    }

    /// Returns the filter without the search in the bytes of frames, to test that it changes nothing.
    #[doc(hidden)]
    #[must_use]
    pub fn without_prefilter(self) -> Self {
        Self {
            prefilter: Prefilter::default(),
            ..self
        }
    }

    /// Returns the conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Returns whether a payload matches, or `None` if only the checks can decide that.
    pub fn decide(&self, candidate: &Candidate<'_>) -> Option<bool> {
        let mut is_known = true;
        for group in &self.groups {
            match group.decide(candidate) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => is_known = false,
            }
        }
        is_known.then_some(true)
    }

    /// Returns `true` if some payloads must be checked to decide whether they match.
    pub fn needs_checks(&self) -> bool {
        let mut tests = self.groups.iter().flat_map(|group| &group.tests);
        tests.any(Test::needs_checks)
    }

    /// Returns `true` if a frame certainly is a single payload that does not match, which its bytes
    /// show without parsing them. `is_payload` says that every frame is a payload.
    pub(crate) fn skips(&self, frame: &Frame<'_>, is_payload: bool) -> bool {
        self.prefilter.skips(frame, is_payload)
    }

    /// Returns the times that are counted back from now, as written and as absolute times.
    pub fn relative_times(&self) -> impl Iterator<Item = (&Condition, String)> {
        self.conditions.iter().filter_map(|condition| {
            let Value::When(when @ When::Ago(_)) = condition.value else {
                return None;
            };
            let time = when.start(self.now);
            Some((condition, time.to_rfc3339_opts(SecondsFormat::Secs, true)))
        })
    }
}
