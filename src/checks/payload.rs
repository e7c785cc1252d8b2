//! One payload from text to verdict.

use std::str;

use crate::contract::{self, Finds, Kind};
use crate::diagnostic::{self, Diagnostic, Finding, Level, Severity};
use crate::document::{
    DeserializeError, Document, PayloadText, Position, SyntaxError, SyntaxErrorKind, Tape,
};

use super::disagreement::{self, Disagreement};
use super::findings::Counts;
use super::rules::{Sees, WARNINGS};
use super::shape_cache::ShapeCache;
use super::{Findings, Policy, errors, expectation, model, schema};

/// What the warnings look at: a payload of a known kind.
pub(crate) struct Subject<'d> {
    pub(crate) document: &'d Document<'d>,
    pub(crate) kind: Kind,
    /// What its schema does not list.
    pub(crate) finds: Finds<'d, 'static>,
    /// The kind that a payload would be of if it had not the layout of 2019.
    pub(crate) missed: Option<Kind>,
}

/// What is to be said about a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The kind, if one was detected.
    pub kind: Option<Kind>,
    /// Whether there is no diagnostic of severity `error`.
    pub valid: bool,
    /// Whether it is as asked for: valid, or with just the errors that were expected.
    pub passed: bool,
    /// The findings that are told, in text order.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there are.
    pub omitted: usize,
    /// How many errors there are that were not expected, told or not.
    pub errors: usize,
    /// How many warnings there are, told or not.
    pub warnings: usize,
}

impl Verdict {
    /// The findings that were not expected.
    pub fn reported(&self) -> impl Iterator<Item = &Diagnostic> {
        let found = self.diagnostics.iter();
        found.filter(|diagnostic| !diagnostic.expected)
    }
}

/// A payload that has been checked.
#[derive(Debug)]
pub struct Checked<'t> {
    /// What is to be said about it.
    pub verdict: Verdict,
    /// The payload itself, if it's JSON.
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

/// What the payloads of an input are checked by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// What counts.
    pub policy: Policy,
    /// The kind of all payloads, instead of detecting it.
    pub kind: Option<Kind>,
}

/// Checks payloads, one after the other, by one policy.
#[derive(Debug, Clone)]
pub struct Checker {
    policy: Policy,
    pinned: Option<Kind>,
    /// How many findings of a payload are told.
    most: usize,
    model: ReadModel,
    tape: Tape,
    shapes: ShapeCache,
}

impl Checker {
    /// A checker by a policy; all payloads are of the pinned kind, if there is one.
    pub fn new(policy: Policy, pinned: Option<Kind>) -> Self {
        Self {
            policy,
            pinned,
            most: usize::MAX,
            model: model::read,
            tape: Tape::default(),
            shapes: ShapeCache::default(),
        }
    }

    /// Limits the diagnostics of a payload: errors first, then warnings, and of each the first ones in
    /// the text. The others are counted.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
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

    /// Takes the memory of a document back, for the next one.
    pub fn recycle(&mut self, checked: Checked<'_>) {
        if let Some(document) = checked.document {
            self.tape = document.into_tape();
        }
    }

    fn check_document(&mut self, document: &Document<'_>, source: &PayloadText<'_>) -> Verdict {
        let most = self.most;
        let Self { policy, shapes, .. } = self;
        let examiner = Examiner {
            policy,
            pinned: self.pinned,
            model: self.model,
        };
        let mut findings = Findings::new(policy, most);
        let kind = examiner.check(document, shapes, &mut findings);
        verdict(policy, most, source, kind, findings, |first| {
            // Reported ones alone are kept.
            let severity = |rule| policy.severity(rule).unwrap_or(Severity::Error);
            diagnostic::resolve(document, source.start, first, severity)
        })
    }

    /// The verdict on what is not JSON.
    fn broken(&self, source: &PayloadText<'_>, error: &SyntaxError) -> Verdict {
        let mut findings = Findings::new(&self.policy, 0);
        findings.count(&errors::JSON_SYNTAX);
        verdict(&self.policy, self.most, source, None, findings, |_| {
            vec![syntax_diagnostic(source, error)]
        })
    }
}

/// Makes a verdict of findings, the first of which `resolve` gives their places.
fn verdict(
    policy: &Policy,
    most: usize,
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
        .take(most)
        .map(|code| expectation::unmet(code, source))
        .collect();
    if errors + warnings + expected > 0 {
        let room = most - diagnostics.len();
        let mut resolved = resolve(findings.into_first(room));
        resolved.truncate(room);
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

/// Reads the model of a kind. It is passed along so that a test can give another answer than the
/// schema.
type ReadModel = fn(Kind, &Document<'_>) -> Result<(), DeserializeError>;

/// All checks by a policy.
struct Examiner<'p> {
    policy: &'p Policy,
    pinned: Option<Kind>,
    model: ReadModel,
}

impl Examiner<'_> {
    /// Adds all findings, by the short way where the payload's form is known to be sound.
    fn check(
        &self,
        document: &Document<'_>,
        shapes: &mut ShapeCache,
        findings: &mut Findings<'_>,
    ) -> Option<Kind> {
        let Some(form) = shapes.of(document) else {
            return self.examine(document, findings);
        };
        if let Some(kind) = shapes.sound(form) {
            self.compare(kind, document, findings);
            return Some(kind);
        }
        // Of many items alike, one of each tells whether the form is sound.
        if let Some(digest) = shapes.digest(document) {
            let mut found = Findings::new(self.policy, 0);
            if let Some(kind) = self.examine(&digest, &mut found)
                && found.is_empty()
            {
                shapes.remember(form, kind);
                self.compare(kind, document, findings);
                return Some(kind);
            }
        }
        let kind = self.examine(document, findings);
        if let Some(kind) = kind.filter(|_| findings.is_empty()) {
            shapes.remember(form, kind);
        }
        kind
    }

    /// Adds what all checks find.
    fn examine(&self, document: &Document<'_>, findings: &mut Findings<'_>) -> Option<Kind> {
        let detected = match self.pinned {
            _ if document.root().as_object().is_none() => Err(errors::no_object(document)),
            Some(pinned) => errors::other_kind(document, pinned).map_or(Ok(pinned), Err),
            None => contract::detect(document).ok_or_else(|| errors::unknown_kind(document)),
        };
        let detected = match detected {
            Ok(kind) => kind,
            Err(finding) => {
                errors::repeated(document, findings);
                findings.add(finding.rule, document.root(), |_| finding);
                return None;
            }
        };
        let judged = self.judge(document, detected);
        let (kind, missed) = match judged {
            Judged::Older => (Kind::Integration2019, Some(detected)),
            Judged::Kept | Judged::Broken | Judged::Disputed(_) => (detected, None),
        };
        // What is of the layout of 2019 may have properties of either.
        let kinds = [kind, detected];
        let kinds = if kind == detected {
            &kinds[..1]
        } else {
            &kinds
        };
        let subject = Subject {
            document,
            kind,
            finds: contract::survey(document, kinds),
            missed,
        };
        // These come first, since they explain some of the others.
        match judged {
            Judged::Kept | Judged::Older => {}
            Judged::Broken => schema::errors(kind, document, &subject.finds, findings),
            Judged::Disputed(disagreement) => {
                disagreement::add(&disagreement, document, findings);
                schema::errors(kind, document, &subject.finds, findings);
            }
        }
        errors::repeated(document, findings);
        self.check_warnings(&subject, &[Sees::Form, Sees::Values], findings);
        Some(kind)
    }

    /// Checks a payload against a kind, and against `integration-2019` where that may excuse it.
    fn judge(&self, document: &Document<'_>, kind: Kind) -> Judged {
        let may_be_older = || {
            kind == Kind::Integration
                && self.pinned.is_none()
                && contract::may_be_older(document.root())
        };
        match self.follows(kind, document) {
            Ok(true) => Judged::Kept,
            Ok(false) if may_be_older() => match self.follows(Kind::Integration2019, document) {
                Ok(true) => Judged::Older,
                Ok(false) => Judged::Broken,
                Err(disagreement) => Judged::Disputed(disagreement),
            },
            Ok(false) => Judged::Broken,
            Err(disagreement) => Judged::Disputed(disagreement),
        }
    }

    /// Returns `true` if a payload follows the rules of a kind.
    fn follows(&self, kind: Kind, document: &Document<'_>) -> Result<bool, Disagreement> {
        let accepts = kind.schema().accepts(document);
        disagreement::agree(kind, accepts, (self.model)(kind, document))
    }

    /// The checks that the form of a payload does not settle.
    fn compare(&self, kind: Kind, document: &Document<'_>, findings: &mut Findings<'_>) {
        let subject = Subject {
            document,
            kind,
            finds: Finds::default(),
            missed: None,
        };
        self.check_warnings(&subject, &[Sees::Values], findings);
    }

    /// Warnings, those that are not to be reported among them: a form is sound only without any.
    fn check_warnings(&self, subject: &Subject<'_>, sees: &[Sees], findings: &mut Findings<'_>) {
        for (rule, looks_at, check) in &WARNINGS {
            let is_wanted = rule.level != Level::OnDemand || self.policy.severity(rule).is_some();
            if is_wanted && sees.contains(looks_at) {
                check(subject, findings);
            }
        }
    }
}

/// The warnings on a payload that is known to be of a kind, and nothing else.
pub fn warnings(kind: Kind, document: &Document<'_>) -> Vec<Diagnostic> {
    let subject = Subject {
        document,
        kind,
        finds: contract::survey(document, &[kind]),
        missed: None,
    };
    let policy = Policy::default();
    let examiner = Examiner {
        policy: &policy,
        pinned: Some(kind),
        model: model::read,
    };
    let mut findings = Findings::new(&policy, usize::MAX);
    examiner.check_warnings(&subject, &[Sees::Form, Sees::Values], &mut findings);
    let all = findings.into_first(usize::MAX);
    diagnostic::resolve(document, Position::START, all, |rule| {
        policy.severity(rule).unwrap_or(Severity::Warning)
    })
}

/// The document of a payload, or the first place at which its text is not JSON.
fn parse<'t>(source: &PayloadText<'t>, tape: Tape) -> Result<Document<'t>, (SyntaxError, Tape)> {
    if let Some(fault) = &source.fault {
        return Err((fault.clone(), tape));
    }
    match str::from_utf8(source.text) {
        Ok(text) => Document::parse_with(tape, text, source.levels),
        Err(error) => {
            // The bytes that are not UTF-8, unless the text before them is at fault already.
            let offset = error.valid_up_to();
            let (good, bad) = source.text.split_at(offset);
            let utf8 = SyntaxError {
                offset,
                length: error.error_len().unwrap_or(bad.len()),
                kind: SyntaxErrorKind::Utf8 { byte: bad[0] },
            };
            let good = str::from_utf8(good).unwrap_or_default();
            match Document::parse_with(tape, good, source.levels) {
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

/// What both statements of the contract say of a payload.
enum Judged {
    /// It follows the rules of its kind.
    Kept,
    /// It breaks those of `integration`, in ways that `integration-2019` excuses.
    Older,
    /// It breaks the rules of its kind.
    Broken,
    /// They contradict each other.
    Disputed(Disagreement),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(_: Kind, _: &Document<'_>) -> Result<(), DeserializeError> {
        Err(serde::de::Error::missing_field("Id"))
    }

    fn accept(_: Kind, _: &Document<'_>) -> Result<(), DeserializeError> {
        Ok(())
    }

    /// A model that gives another answer than the schema makes a payload invalid, each time that
    /// it is seen.
    #[test]
    fn a_model_that_contradicts_the_schema_is_an_error() {
        let event = Kind::General.events().next();
        let valid = event.map(|event| event.sample).unwrap_or_default();
        let broken = r#"{"EnterpriseId": 1, "IntegrationId": 2, "Events": []}"#;
        let with_model = |model| Checker {
            model,
            ..Checker::new(Policy::default(), None)
        };
        for (model, text, says, more) in [
            (
                refuse as ReadModel,
                valid,
                "the schema accepts it, and the model refuses it (missing field `Id`)",
                0,
            ),
            (
                accept,
                broken,
                "the schema refuses it, and the model accepts it",
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
                assert!(first.message.contains(says), "{}", first.message);
                assert_eq!(verdict.diagnostics.len() - 1, more);
            }
            // The model's own answer is the schema's.
            assert_eq!(check(text).valid, more == 0);
        }
    }
}
