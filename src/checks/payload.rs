//! Checks one payload, from its text to its verdict.

use std::str;

use serde::Serialize;

use crate::contract::{self, Kind, Survey};
use crate::diagnostic::{self, Diagnostic, Finding, Level, Severity};
use crate::document::{
    DeserializeError, Document, PayloadText, Position, SyntaxError, SyntaxErrorKind, Tape,
};

use crate::secrets::Masking;

use super::disagreement::{self, Disagreement};
use super::findings::Counts;
use super::rules::{Sees, WARNINGS};
use super::shape_cache::ShapeCache;
use super::{Findings, Policy, errors, expectation, model, schema};

/// A payload of a known kind, which warnings look at.
pub(crate) struct Subject<'d> {
    pub(crate) document: &'d Document<'d>,
    pub(crate) kind: Kind,
    /// The properties and values that its schema does not list.
    pub(crate) survey: Survey<'d, 'static>,
    /// The current kind, if the payload is valid only in the 2019 layout.
    pub(crate) current_kind: Option<Kind>,
}

/// The result of checking one payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// The kind, if one was detected.
    pub kind: Option<Kind>,
    /// `true` if the payload has no errors.
    pub valid: bool,
    /// `true` if the payload is valid, or has exactly the expected errors.
    pub passed: bool,
    /// The diagnostics that are reported, in text order.
    pub diagnostics: Vec<Diagnostic>,
    /// The number of diagnostics that are not reported because of the limit.
    pub omitted: usize,
    /// The number of errors that were not expected, reported or not.
    pub errors: usize,
    /// The number of warnings, reported or not.
    pub warnings: usize,
}

impl Verdict {
    /// Returns the diagnostics that were not expected.
    pub fn reported(&self) -> impl Iterator<Item = &Diagnostic> {
        let found = self.diagnostics.iter();
        found.filter(|diagnostic| !diagnostic.expected)
    }
}

/// A payload that has been checked.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked<'t> {
    /// The result.
    pub verdict: Verdict,
    /// The parsed payload, if it is JSON.
    pub document: Option<Document<'t>>,
}

/// Checks one payload.
///
/// ```
/// let verdict = mewshook::check(r#"{"Action": "IntegrationEnabled", "Data": {}}"#);
/// assert!(!verdict.valid);
/// assert_eq!(verdict.diagnostics[0].code, "missing-property");
/// assert_eq!(verdict.diagnostics[0].pointer, "/Data");
/// ```
pub fn check(text: &str) -> Verdict {
    let mut checker = Checker::new(Policy::default(), None);
    checker.check(&PayloadText::from(text)).verdict
}

/// The options that the payloads of an input are checked with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckOptions {
    /// The severity of each code.
    pub policy: Policy,
    /// The kind of all payloads, instead of detecting it.
    pub kind: Option<Kind>,
}

/// Checks payloads one after another with the same policy.
#[derive(Debug, Clone)]
pub struct Checker {
    policy: Policy,
    pinned: Option<Kind>,
    /// The number of diagnostics that are reported for a payload.
    limit: usize,
    masking: Masking,
    model: ReadModel,
    tape: Tape,
    shapes: ShapeCache,
}

impl Checker {
    /// Creates a checker. If a kind is pinned, all payloads are checked as this kind.
    pub fn new(policy: Policy, pinned: Option<Kind>) -> Self {
        Self {
            policy,
            pinned,
            limit: usize::MAX,
            masking: Masking::On,
            model: model::read,
            tape: Tape::default(),
            shapes: ShapeCache::default(),
        }
    }

    /// Limits the number of diagnostics of a payload. Errors are preferred to warnings, and earlier
    /// ones to later ones. The others are counted.
    #[must_use]
    pub fn at_most(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Sets whether secrets in diagnostics are masked. By default, they are.
    #[must_use]
    pub fn with_masking(self, masking: Masking) -> Self {
        Self { masking, ..self }
    }

    /// Checks a payload.
    pub fn check<'t>(&mut self, source: &PayloadText<'t>) -> Checked<'t> {
        let tape = std::mem::take(&mut self.tape);
        match parse(source, tape) {
            Ok(document) => {
                let verdict = self.check_document(&document, source);
                let document = Some(document);
                Checked { verdict, document }
            }
            Err((error, tape)) => {
                self.tape = tape;
                let verdict = self.broken(source, &error);
                let document = None;
                Checked { verdict, document }
            }
        }
    }

    /// Reuses the memory of a document for the next one.
    pub fn recycle(&mut self, checked: Checked<'_>) {
        if let Some(document) = checked.document {
            self.tape = document.into_tape();
        }
    }

    fn check_document(&mut self, document: &Document<'_>, source: &PayloadText<'_>) -> Verdict {
        let (limit, masking) = (self.limit, self.masking);
        let Self { policy, shapes, .. } = self;
        let examiner = Examiner {
            policy,
            pinned: self.pinned,
            model: self.model,
        };
        let mut findings = Findings::new(policy, limit);
        let kind = examiner.check(document, shapes, &mut findings);
        verdict(policy, limit, source, kind, findings, |first| {
            // Only findings that are reported are kept, so all have a severity.
            let severity = |rule| policy.severity(rule).unwrap_or(Severity::Error);
            diagnostic::resolve(document, source.start, first, severity, masking)
        })
    }

    /// Returns the verdict on a text that is not JSON.
    fn broken(&self, source: &PayloadText<'_>, error: &SyntaxError) -> Verdict {
        let mut findings = Findings::new(&self.policy, 0);
        findings.count(&errors::JSON_SYNTAX);
        verdict(&self.policy, self.limit, source, None, findings, |_| {
            vec![syntax_diagnostic(source, error)]
        })
    }
}

/// Makes a verdict of findings. `resolve` turns the findings to report into diagnostics.
fn verdict(
    policy: &Policy,
    limit: usize,
    source: &PayloadText<'_>,
    kind: Option<Kind>,
    findings: Findings<'_>,
    resolve: impl FnOnce(Vec<Finding>) -> Vec<Diagnostic>,
) -> Verdict {
    let Counts {
        errors,
        warnings,
        expected,
    } = findings.counts();
    let unmet = findings.unmet().count();
    let mut diagnostics: Vec<_> = findings
        .unmet()
        .take(limit)
        .map(|code| expectation::unmet(code, source))
        .collect();
    if errors + warnings + expected > 0 {
        let rest = limit - diagnostics.len();
        let mut resolved = resolve(findings.into_first(rest));
        resolved.truncate(rest);
        for diagnostic in &mut resolved {
            diagnostic.expected = policy.expected().contains(&diagnostic.code);
        }
        diagnostics.append(&mut resolved);
    }
    let errors = errors + unmet;
    Verdict {
        kind,
        valid: errors + expected == 0,
        passed: errors == 0,
        omitted: errors + warnings + expected - diagnostics.len(),
        diagnostics,
        errors,
        warnings,
    }
}

/// Reads the model of a kind. Passed as a parameter so that a test can make it contradict the schema.
type ReadModel = fn(Kind, &Document<'_>) -> Result<(), DeserializeError>;

/// Runs all checks with a policy.
struct Examiner<'p> {
    policy: &'p Policy,
    pinned: Option<Kind>,
    model: ReadModel,
}

impl Examiner<'_> {
    /// Adds all findings. If the payload's shape is in the cache, only values are checked.
    fn check(
        &self,
        document: &Document<'_>,
        shapes: &mut ShapeCache,
        findings: &mut Findings<'_>,
    ) -> Option<Kind> {
        let Some(shape) = shapes.shape(document) else {
            return self.examine(document, findings);
        };
        if let Some(kind) = shapes.kind(shape) {
            self.check_values(kind, document, findings);
            return Some(kind);
        }
        // If one item of each shape has no findings, no other item has any.
        if let Some(reduced) = shapes.without_duplicates(document) {
            let mut found = Findings::new(self.policy, 0);
            if let Some(kind) = self.examine(&reduced, &mut found)
                && found.is_empty()
            {
                shapes.remember(shape, kind);
                self.check_values(kind, document, findings);
                return Some(kind);
            }
        }
        let kind = self.examine(document, findings);
        if let Some(kind) = kind.filter(|_| findings.is_empty()) {
            shapes.remember(shape, kind);
        }
        kind
    }

    /// Adds the findings of all checks.
    fn examine(&self, document: &Document<'_>, findings: &mut Findings<'_>) -> Option<Kind> {
        let detected = match self.pinned {
            _ if document.root().as_object().is_none() => Err(errors::not_an_object(document)),
            Some(pinned) => errors::other_kind(document, pinned).map_or(Ok(pinned), Err),
            None => contract::detect(document).ok_or_else(|| errors::unknown_kind(document)),
        };
        let detected = match detected {
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

    /// Adds the findings of the checks that look at values.
    fn check_values(&self, kind: Kind, document: &Document<'_>, findings: &mut Findings<'_>) {
        let subject = Subject {
            document,
            kind,
            survey: Survey::default(),
            current_kind: None,
        };
        self.check_warnings(&subject, &[Sees::Values], findings);
    }

    /// Adds warnings, including those that the policy does not report: a shape is remembered only
    /// if it has no findings at all.
    fn check_warnings(&self, subject: &Subject<'_>, sees: &[Sees], findings: &mut Findings<'_>) {
        for (rule, looks_at, check) in &WARNINGS {
            let is_wanted = rule.level != Level::OnDemand || self.policy.severity(rule).is_some();
            if is_wanted && sees.contains(looks_at) {
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
    diagnostic::resolve(document, Position::START, all, severity, Masking::On)
}

/// Parses a payload, or returns the first syntax error.
fn parse<'t>(source: &PayloadText<'t>, tape: Tape) -> Result<Document<'t>, (SyntaxError, Tape)> {
    if let Some(fault) = &source.syntax_error {
        return Err((fault.clone(), tape));
    }
    match str::from_utf8(source.text) {
        Ok(text) => Document::parse_with(tape, text, source.max_depth),
        Err(error) => {
            // The bytes that are not UTF-8 are the error, unless the text before them has one.
            let offset = error.valid_up_to();
            let (good, bad) = source.text.split_at(offset);
            let utf8 = SyntaxError {
                offset,
                length: error.error_len().unwrap_or(bad.len()),
                kind: SyntaxErrorKind::Utf8 { byte: bad[0] },
            };
            let good = str::from_utf8(good).unwrap_or_default();
            match Document::parse_with(tape, good, source.max_depth) {
                Err((error, tape)) if error.offset < good.len() && error.kind.is_certain() => {
                    Err((error, tape))
                }
                Err((_, tape)) => Err((utf8, tape)),
                Ok(document) => Err((utf8, document.into_tape())),
            }
        }
    }
}

fn syntax_diagnostic(source: &PayloadText<'_>, error: &SyntaxError) -> Diagnostic {
    let span = error.offset..error.offset + error.length;
    let places = diagnostic::places(source.text, source.start, std::slice::from_ref(&span));
    let (start, end) = places[0];
    Diagnostic {
        code: errors::JSON_SYNTAX.code,
        severity: Severity::Error,
        expected: false,
        message: error.to_string(),
        help: error.kind.help().map(str::to_owned),
        pointer: String::new(),
        encloses: false,
        rule: format!("checks/{}", errors::JSON_SYNTAX.code),
        docs: errors::JSON_SYNTAX.source.url,
        span,
        start,
        end,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    /// A payload is invalid if its model contradicts its schema, also when it is checked again.
    #[test]
    fn a_model_that_contradicts_the_schema_is_an_error() {
        let event = Kind::General.events().next();
        let valid = event.map(|event| event.sample).unwrap_or_default();
        let broken = r#"{"EnterpriseId": 1, "IntegrationId": 2, "Events": []}"#;
        let with_model = |model| Checker {
            model,
            ..Checker::new(Policy::default(), None)
        };
        for (model, text, message, more) in [
            (
                (|_, _| Err(serde::de::Error::missing_field("Id"))) as ReadModel,
                valid,
                "its schema accepts it, but its model rejects it (missing field `Id`)",
                0,
            ),
            (
                |_, _| Ok(()),
                broken,
                "its schema rejects it, but its model accepts it",
                3,
            ),
        ] {
            let mut checker = with_model(model);
            for _ in 0..2 {
                let verdict = checker.check(&PayloadText::from(text)).verdict;
                assert_eq!(verdict.kind, Some(Kind::General));
                assert!(!verdict.valid && !verdict.passed);
                let first = &verdict.diagnostics[0];
                assert_eq!(first.code, "internal-disagreement");
                assert_eq!(first.severity, Severity::Error);
                assert_eq!(first.pointer, "");
                assert!(first.message.contains(message), "{}", first.message);
                assert_eq!(verdict.diagnostics.len() - 1, more);
            }
            // The real model agrees with the schema.
            assert_eq!(check(text).valid, more == 0);
        }
    }
}
