//! Runs the checks of one payload: the schema and the model of its kind, and the warnings.

use crate::contract::{self, Kind, Survey};
use crate::diagnostic::{self, Diagnostic, Finding, Level, Severity};
use crate::document::{DeserializeError, Document, PayloadText};
use crate::secrets::Masking;

use super::disagreement::{self, Disagreement};
use super::rules::{Sees, WARNINGS};
use super::shape_cache::ShapeCache;
use super::{Findings, Policy, errors, model, schema};

/// A payload of a known kind, which warnings look at.
pub(crate) struct Subject<'d> {
    pub(crate) document: &'d Document<'d>,
    pub(crate) kind: Kind,
    /// The properties and values that its schema does not list.
    pub(crate) survey: Survey<'d, 'static>,
    /// The current kind, if the payload is valid only in the 2019 layout.
    pub(crate) current_kind: Option<Kind>,
}

/// Reads the model of a kind. Passed as a parameter so that a test can make it contradict the schema.
pub(super) type ReadModel = fn(Kind, &Document<'_>) -> Result<(), DeserializeError>;

/// The document was not accepted as a payload, so it was not examined.
#[derive(Debug)]
pub(super) struct NotAPayload;

/// Whether a payload follows the rules of its kind, by the schema and the model.
enum Outcome {
    /// It follows them.
    Valid,
    /// It breaks the rules of `integration`, but follows those of `integration-2019`.
    Older,
    /// It breaks them.
    Invalid,
    /// The schema and the model contradict each other.
    Contradiction(Disagreement),
}

/// Runs all checks with a policy.
pub(super) struct Examiner<'p> {
    pub(super) policy: &'p Policy,
    pub(super) pinned: Option<Kind>,
    pub(super) model: ReadModel,
}

impl Examiner<'_> {
    /// Adds all findings, and returns the kind. If the payload's layout or shape is in the cache, only
    /// values are checked.
    ///
    /// # Errors
    /// `is_payload` does not accept the document.
    pub(super) fn check(
        &self,
        document: &Document<'_>,
        shapes: &mut ShapeCache,
        findings: &mut Findings<'_>,
        is_payload: impl FnOnce(&Document<'_>) -> bool,
    ) -> Result<Option<Kind>, NotAPayload> {
        if let Some(kind) = shapes.kind_by_layout(document) {
            self.check_valid(kind, document, &[Sees::Values], findings);
            return Ok(Some(kind));
        }
        let Some(shape) = shapes.shape(document) else {
            if !is_payload(document) {
                return Err(NotAPayload);
            }
            return Ok(self.examine(document, findings));
        };
        if let Some(kind) = shapes.kind(shape) {
            shapes.remember_layout(document, kind);
            self.check_valid(kind, document, &[Sees::Values], findings);
            return Ok(Some(kind));
        }
        if !is_payload(document) {
            return Err(NotAPayload);
        }
        if let Ok(kind) = self.detect(document)
            && shapes.follows(kind)
        {
            self.check_valid(kind, document, &[Sees::Shape, Sees::Values], findings);
            if findings.is_empty() {
                shapes.remember(shape, kind);
            }
            return Ok(Some(kind));
        }
        // If one item of each shape has no findings, no other item has any.
        if let Some(reduced) = shapes.without_duplicates(document) {
            let mut found = Findings::new(self.policy, 0);
            if let Some(kind) = self.examine(&reduced, &mut found)
                && found.is_empty()
            {
                shapes.remember(shape, kind);
                self.check_valid(kind, document, &[Sees::Values], findings);
                return Ok(Some(kind));
            }
        }
        let kind = self.examine(document, findings);
        if let Some(kind) = kind.filter(|_| findings.is_empty()) {
            shapes.remember(shape, kind);
        }
        Ok(kind)
    }

    /// Returns the kind by whose rules a payload is checked, or the error that it has none.
    fn detect(&self, document: &Document<'_>) -> Result<Kind, Finding> {
        match self.pinned {
            _ if document.root().as_object().is_none() => Err(errors::not_an_object(document)),
            Some(pinned) => errors::other_kind(document, pinned).map_or(Ok(pinned), Err),
            None => contract::detect(document).ok_or_else(|| errors::unknown_kind(document)),
        }
    }

    /// Adds the findings of all checks.
    fn examine(&self, document: &Document<'_>, findings: &mut Findings<'_>) -> Option<Kind> {
        let detected = match self.detect(document) {
            Ok(kind) => kind,
            Err(finding) => {
                errors::add_duplicates(document, findings);
                findings.add(finding.rule, document.root(), |_| finding);
                return None;
            }
        };
        let outcome = self.follow(document, detected);
        let (kind, current_kind) = match outcome {
            Outcome::Older => (Kind::Integration2019, Some(detected)),
            Outcome::Valid | Outcome::Invalid | Outcome::Contradiction(_) => (detected, None),
        };
        // A payload in the 2019 layout may have properties of both layouts.
        let kinds = [kind, detected];
        let kinds = if kind == detected {
            &kinds[..1]
        } else {
            &kinds
        };
        let subject = Subject {
            document,
            kind,
            survey: contract::survey(document, kinds),
            current_kind,
        };
        // Errors are added first, since they cover some of the warnings.
        match outcome {
            Outcome::Valid | Outcome::Older => {}
            Outcome::Invalid => schema::add_errors(kind, document, &subject.survey, findings),
            Outcome::Contradiction(disagreement) => {
                disagreement::add(&disagreement, document, findings);
                schema::add_errors(kind, document, &subject.survey, findings);
            }
        }
        errors::add_duplicates(document, findings);
        self.check_warnings(&subject, &[Sees::Shape, Sees::Values], findings);
        Some(kind)
    }

    /// Checks a payload against the rules of a kind, and against those of `integration-2019` if it may be
    /// an older capture.
    fn follow(&self, document: &Document<'_>, kind: Kind) -> Outcome {
        let may_be_older = || {
            kind == Kind::Integration
                && self.pinned.is_none()
                && contract::may_be_older(document.root())
        };
        match self.follows(kind, document) {
            Ok(true) => Outcome::Valid,
            Ok(false) if may_be_older() => match self.follows(Kind::Integration2019, document) {
                Ok(true) => Outcome::Older,
                Ok(false) => Outcome::Invalid,
                Err(disagreement) => Outcome::Contradiction(disagreement),
            },
            Ok(false) => Outcome::Invalid,
            Err(disagreement) => Outcome::Contradiction(disagreement),
        }
    }

    /// Returns `true` if a payload follows the rules of a kind.
    fn follows(&self, kind: Kind, document: &Document<'_>) -> Result<bool, Disagreement> {
        let accepts = kind.schema().accepts(document);
        disagreement::agree(kind, accepts, (self.model)(kind, document))
    }

    /// Adds the warnings of some checks on a payload without errors, unlisted or deprecated properties, and
    /// unlisted values.
    fn check_valid(
        &self,
        kind: Kind,
        document: &Document<'_>,
        sees: &[Sees],
        findings: &mut Findings<'_>,
    ) {
        let subject = Subject {
            document,
            kind,
            survey: Survey::default(),
            current_kind: None,
        };
        self.check_warnings(&subject, sees, findings);
    }

    /// Adds warnings, including those that the policy does not report: a shape is remembered only
    /// if it has no findings at all.
    fn check_warnings(&self, subject: &Subject<'_>, sees: &[Sees], findings: &mut Findings<'_>) {
        for (rule, looks_at, check) in &WARNINGS {
            let is_wanted =
                || rule.level != Level::OnDemand || self.policy.severity(rule).is_some();
            if sees.contains(looks_at) && is_wanted() {
                check(subject, findings);
            }
        }
    }
}

/// Returns only the warnings on a payload, which is checked as the given kind.
pub fn warnings(kind: Kind, document: &Document<'_>) -> Vec<Diagnostic> {
    let subject = Subject {
        document,
        kind,
        survey: contract::survey(document, &[kind]),
        current_kind: None,
    };
    let policy = Policy::default();
    let examiner = Examiner {
        policy: &policy,
        pinned: Some(kind),
        model: model::read,
    };
    let mut findings = Findings::new(&policy, usize::MAX);
    examiner.check_warnings(&subject, &[Sees::Shape, Sees::Values], &mut findings);
    let all = findings.into_first(usize::MAX);
    let severity = |rule| policy.severity(rule).unwrap_or(Severity::Warning);
    let source = PayloadText::from(document.text());
    diagnostic::resolve(document, &source, all, severity, Masking::On)
}
