//! One payload from text to verdict.

use std::str;

use crate::contract::{self, Finds, Kind};
use crate::diagnostic::{self, Diagnostic, Finding, Level, Severity};
use crate::document::{Document, PayloadText, Position, SyntaxError, SyntaxErrorKind, Tape};

use super::findings::Counts;
use super::rules::{Sees, WARNINGS};
use super::shape_cache::ShapeCache;
use super::{Disagreement, Findings, Policy, errors, expectation, model, schema};

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
/// let verdict = mewshook::check(r#"{"Action": "IntegrationEnabled", "Data": {}}"#)?;
/// assert!(!verdict.valid);
/// assert_eq!(verdict.diagnostics[0].code, "missing-property");
/// assert_eq!(verdict.diagnostics[0].pointer, "/Data");
/// # Ok::<(), mewshook::checks::Disagreement>(())
/// ```
///
/// # Errors
/// The program's two statements of the contract contradict each other: a fault in it.
pub fn check(text: &str) -> Result<Verdict, Disagreement> {
    let mut checker = Checker::new(Policy::default(), None);
    Ok(checker.check(&PayloadText::from(text))?.verdict)
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
    ///
    /// # Errors
    /// The program's two statements of the contract contradict each other: a fault in it.
    pub fn check<'t>(&mut self, source: &PayloadText<'t>) -> Result<Checked<'t>, Disagreement> {
        let tape = std::mem::take(&mut self.tape);
        match parse(source, tape) {
            Ok(document) => {
                let verdict = self.check_document(&document, source)?;
                let document = Some(document);
                Ok(Checked { verdict, document })
            }
            Err((error, tape)) => {
                self.tape = tape;
                let verdict = self.broken(source, &error);
                let document = None;
                Ok(Checked { verdict, document })
            }
        }
    }

    /// Takes the memory of a document back, for the next one.
    pub fn recycle(&mut self, checked: Checked<'_>) {
        if let Some(document) = checked.document {
            self.tape = document.into_tape();
        }
    }

    fn check_document(
        &mut self,
        document: &Document<'_>,
        source: &PayloadText<'_>,
    ) -> Result<Verdict, Disagreement> {
        let most = self.most;
        let Self { policy, shapes, .. } = self;
        let examiner = Examiner {
            policy,
            pinned: self.pinned,
        };
        let mut findings = Findings::new(policy, most);
        let kind = examiner.check(document, shapes, &mut findings)?;
        Ok(verdict(policy, most, source, kind, findings, |first| {
            // Reported ones alone are kept.
            let severity = |rule| policy.severity(rule).unwrap_or(Severity::Error);
            diagnostic::resolve(document, source.start, first, severity)
        }))
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

/// All checks by a policy.
struct Examiner<'p> {
    policy: &'p Policy,
    pinned: Option<Kind>,
}

impl Examiner<'_> {
    /// Adds all findings, by the short way where the payload's form is known to be sound.
    fn check(
        &self,
        document: &Document<'_>,
        shapes: &mut ShapeCache,
        findings: &mut Findings<'_>,
    ) -> Result<Option<Kind>, Disagreement> {
        let Some(form) = shapes.of(document) else {
            return self.examine(document, findings);
        };
        if let Some(kind) = shapes.sound(form) {
            self.compare(kind, document, findings);
            return Ok(Some(kind));
        }
        // Of many items alike, one of each tells whether the form is sound.
        if let Some(digest) = shapes.digest(document) {
            let mut found = Findings::new(self.policy, 0);
            if let Some(kind) = self.examine(&digest, &mut found)?
                && found.is_empty()
            {
                shapes.remember(form, kind);
                self.compare(kind, document, findings);
                return Ok(Some(kind));
            }
        }
        let kind = self.examine(document, findings)?;
        if let Some(kind) = kind.filter(|_| findings.is_empty()) {
            shapes.remember(form, kind);
        }
        Ok(kind)
    }

    /// Adds what all checks find.
    fn examine(
        &self,
        document: &Document<'_>,
        findings: &mut Findings<'_>,
    ) -> Result<Option<Kind>, Disagreement> {
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
                return Ok(None);
            }
        };
        let judged = judge(document, detected, self.pinned.is_some())?;
        let (kind, missed) = match judged {
            Judged::Older => (Kind::Integration2019, Some(detected)),
            Judged::Kept | Judged::Broken => (detected, None),
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
        if matches!(judged, Judged::Broken) {
            schema::errors(kind, document, &subject.finds, findings);
        }
        errors::repeated(document, findings);
        self.check_warnings(&subject, &[Sees::Form, Sees::Values], findings);
        Ok(Some(kind))
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
}

/// Checks a payload against its kind.
fn judge(document: &Document<'_>, kind: Kind, is_pinned: bool) -> Result<Judged, Disagreement> {
    if follows(kind, document)? {
        return Ok(Judged::Kept);
    }
    let may_be_older =
        kind == Kind::Integration && !is_pinned && contract::may_be_older(document.root());
    if may_be_older && follows(Kind::Integration2019, document)? {
        return Ok(Judged::Older);
    }
    Ok(Judged::Broken)
}

fn follows(kind: Kind, document: &Document<'_>) -> Result<bool, Disagreement> {
    let accepts = kind.schema().accepts(document);
    model::agree(kind, accepts, model::read(kind, document))
}
