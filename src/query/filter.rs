//! Selects payloads by conditions.
//!
//! Conditions on one field are alternatives, and all fields must fit; those with `!=` must all be
//! fulfilled. A condition can be decided as soon as what it looks at is known: most by the parsed
//! payload, before it is checked. So [`Filter::decide`] has three results.

use std::cell::OnceCell;

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};

use crate::capture::{Delivery, FoundPayload};
use crate::checks::{EntitySummary, ExpectedKind, Summary, Verdict};
use crate::contract::Kind;
use crate::document::{Array, Document, Node, Object, Tag};
use crate::frame::Frame;
use crate::secrets::Masking;
use crate::steps;

use super::condition::{StatusPattern, Value};
use super::pattern::Pattern;
use super::prefilter::Prefilter;
use super::{Condition, Field, Operator, PayloadTime, When};

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
    field: Field,
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

/// A payload, as far as it is known.
#[derive(Debug)]
pub struct Subject<'s> {
    found: &'s FoundPayload<'s>,
    document: Option<&'s Document<'s>>,
    kind: ExpectedKind,
    verdict: Option<&'s Verdict>,
    summary: OnceCell<Summary<'s>>,
    delivery: OnceCell<Option<Delivery>>,
}

impl<'s> Subject<'s> {
    /// Creates the subject of a payload that was parsed.
    pub fn parsed(
        found: &'s FoundPayload<'s>,
        document: &'s Document<'s>,
        kind: ExpectedKind,
    ) -> Self {
        Self {
            found,
            document: Some(document),
            kind,
            verdict: None,
            summary: OnceCell::new(),
            delivery: OnceCell::new(),
        }
    }

    /// Creates the subject of a payload that was checked. It has a document if it is JSON.
    pub fn checked(
        found: &'s FoundPayload<'s>,
        document: Option<&'s Document<'s>>,
        verdict: &'s Verdict,
    ) -> Self {
        Self {
            found,
            document,
            kind: ExpectedKind::Certain(verdict.kind),
            verdict: Some(verdict),
            summary: OnceCell::new(),
            delivery: OnceCell::new(),
        }
    }

    fn summary(&self) -> &Summary<'s> {
        self.summary.get_or_init(|| {
            let kind = match self.kind {
                ExpectedKind::Certain(kind) => kind,
                // What an event contains is read in the same way in both.
                ExpectedKind::EitherEdition => Some(Kind::Integration),
            };
            match (kind, self.document) {
                // Compared with the text itself, which no report shows.
                (Some(kind), Some(document)) => Summary::of(kind, document, Masking::Off),
                _ => Summary::default(),
            }
        })
    }

    fn delivery(&self) -> Option<&Delivery> {
        let delivery = self.delivery.get_or_init(|| self.found.delivery());
        delivery.as_ref()
    }

    fn time(&self) -> Option<DateTime<Utc>> {
        let time = PayloadTime::of(self.delivery(), self.summary())?;
        Some(time.at)
    }

    fn has_event(&self, pattern: &Pattern) -> bool {
        let summary = self.summary();
        let is_action = summary.action.as_deref();
        if is_action.is_some_and(|action| pattern.matches(action)) {
            return true;
        }
        let mut events = summary.events.iter();
        events.any(|event| event.name().is_some_and(|name| pattern.matches(&name)))
    }
}

impl Test {
    /// Returns the tests of a condition.
    fn of(condition: &Condition, now: DateTime<Utc>) -> Self {
        match (condition.field, condition.value.clone()) {
            (_, Value::Kind(kind)) => Self::Kind(kind),
            (_, Value::Status(status)) => Self::Status(status),
            (_, Value::Valid(valid)) => Self::Valid(valid),
            (_, Value::Code(code)) => Self::Code(code),
            (Field::Since, Value::When(when)) => Self::Since(when.start(now)),
            (_, Value::When(when)) => match when.day_after() {
                Some(next) => Self::Before(next),
                None => Self::Until(when.start(now)),
            },
            (Field::Enterprise, Value::Text(pattern)) => Self::Enterprise(pattern),
            (Field::Integration, Value::Text(pattern)) => Self::Integration(pattern),
            (Field::Service, Value::Text(pattern)) => Self::Service(pattern),
            (Field::Id, Value::Text(pattern)) => Self::Id(pattern),
            (_, Value::Text(pattern)) => Self::Event(pattern),
        }
    }

    /// Returns the result, or `None` if that is not known yet.
    fn decide(&self, subject: &Subject<'_>) -> Option<bool> {
        let summary = || subject.summary();
        let time = |test: &dyn Fn(DateTime<Utc>) -> bool| subject.time().is_some_and(test);
        Some(match self {
            Self::Kind(kind) => match subject.kind {
                ExpectedKind::Certain(found) => found == Some(*kind),
                ExpectedKind::EitherEdition => match kind {
                    Kind::Integration | Kind::Integration2019 => return None,
                    _ => false,
                },
            },
            Self::Event(pattern) => subject.has_event(pattern),
            Self::Enterprise(pattern) => has_entity(summary().enterprise.as_ref(), pattern),
            Self::Integration(pattern) => has_entity(summary().integration.as_ref(), pattern),
            Self::Service(pattern) => has_entity(summary().service.as_ref(), pattern),
            Self::Id(pattern) => {
                let root = subject.document.map(Document::root);
                root.is_some_and(|root| has_id(root, pattern))
            }
            Self::Status(status) => {
                let found = subject.delivery().and_then(|delivery| delivery.status);
                found.is_some_and(|found| status.matches(found))
            }
            Self::Since(start) => time(&|time| time >= *start),
            Self::Until(end) => time(&|time| time <= *end),
            Self::Before(end) => time(&|time| time < *end),
            Self::Valid(valid) => subject.verdict?.valid == *valid,
            Self::Code(code) => subject
                .verdict?
                .codes
                .iter()
                .any(|found| found.code == *code),
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

/// Returns `true` if the id or the name of an entity matches.
fn has_entity(entity: Option<&EntitySummary<'_>>, pattern: &Pattern) -> bool {
    let texts = entity.map(|entity| [&entity.id, &entity.name]);
    let mut texts = texts.into_iter().flatten().flatten();
    texts.any(|text| pattern.matches(text))
}

/// Returns `true` if a property in a value, at any depth, is an id that matches.
fn has_id(value: Node<'_>, pattern: &Pattern) -> bool {
    steps::add(1);
    match value.tag() {
        Tag::Object => {
            let mut members = value.as_object().into_iter().flat_map(Object::members);
            members.any(|(name, value)| match value.as_str() {
                Some(text) => is_id(&name.as_str().unwrap_or_default()) && pattern.matches(&text),
                None => has_id(value, pattern),
            })
        }
        Tag::Array => {
            let mut items = value.as_array().into_iter().flat_map(Array::items);
            items.any(|item| has_id(item, pattern))
        }
        _ => false,
    }
}

/// Returns `true` if a property with this name is an id: `Id`, `EnterpriseId`, `orderId`.
fn is_id(name: &str) -> bool {
    name == "id" || name.ends_with("Id") || name.ends_with("_id")
}

impl Group {
    fn decide(&self, subject: &Subject<'_>) -> Option<bool> {
        let mut is_known = true;
        for test in &self.tests {
            match test.decide(subject) {
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
    pub fn decide(&self, subject: &Subject<'_>) -> Option<bool> {
        let mut is_known = true;
        for group in &self.groups {
            match group.decide(subject) {
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
