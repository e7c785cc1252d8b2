//! One payload from text to verdict.

use std::str;

use crate::contract::{self, Finds, Kind};
use crate::diagnostic::{self, Diagnostic, Finding, Level, Severity};
use crate::document::{Document, Position, Source, SyntaxError, SyntaxErrorKind, Tape};

use super::form::Forms;
use super::rules::{Sees, WARNINGS};
use super::{Disagreement, Policy, errors, expectation, model, schema};

/// What the warnings look at: a payload of a known kind.
pub(crate) struct Subject<'d> {
    pub(crate) document: &'d Document<'d>,
    pub(crate) kind: Kind,
    /// What its schema does not list.
    pub(crate) finds: Finds<'d, 'static>,
    /// What a payload that is valid as `integration-2019` lacks to be a current one.
    pub(crate) missed: Vec<Finding>,
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
    /// The findings, in text order.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there were, before they were limited.
    pub omitted: usize,
}

impl Verdict {
    /// The findings that were not expected.
    pub fn reported(&self) -> impl Iterator<Item = &Diagnostic> {
        let found = self.diagnostics.iter();
        found.filter(|diagnostic| !diagnostic.expected)
    }

    /// Limits the diagnostics that are kept: errors first, then warnings.
    pub fn limit(&mut self, most: usize) {
        let count = self.diagnostics.len();
        if count <= most {
            return;
        }
        let is_error = |found: &Diagnostic| found.severity == Severity::Error && !found.expected;
        let mut errors = most;
        let all = self.diagnostics.iter();
        let mut others = most.saturating_sub(all.filter(|found| is_error(found)).count());
        self.diagnostics.retain(|found| {
            let left = if is_error(found) {
                &mut errors
            } else {
                &mut others
            };
            let is_kept = *left > 0;
            *left = left.saturating_sub(1);
            is_kept
        });
        self.omitted = count - self.diagnostics.len();
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
    Ok(checker.check(&Source::from(text))?.verdict)
}

/// What the payloads of an input are checked by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
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
    tape: Tape,
    forms: Forms,
}

impl Checker {
    /// A checker by a policy; all payloads are of the pinned kind, if there is one.
    pub fn new(policy: Policy, pinned: Option<Kind>) -> Self {
        Self {
            policy,
            pinned,
            tape: Tape::default(),
            forms: Forms::default(),
        }
    }

    /// Checks a payload.
    ///
    /// # Errors
    /// The program's two statements of the contract contradict each other: a fault in it.
    pub fn check<'t>(&mut self, source: &Source<'t>) -> Result<Checked<'t>, Disagreement> {
        let tape = std::mem::take(&mut self.tape);
        let (kind, mut diagnostics, document) = match parse(source, tape) {
            Ok(document) => {
                let (kind, diagnostics) = self.check_document(&document, source.start)?;
                (kind, diagnostics, Some(document))
            }
            Err((error, tape)) => {
                self.tape = tape;
                (None, vec![syntax_diagnostic(source, &error)], None)
            }
        };
        expectation::apply(self.policy.expected(), source, &mut diagnostics);
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
        let mut errors = diagnostics.iter().filter(is_error).peekable();
        let valid = errors.peek().is_none();
        let passed = errors.all(|error| error.expected);
        let verdict = Verdict {
            kind,
            valid,
            passed,
            diagnostics,
            omitted: 0,
        };
        Ok(Checked { verdict, document })
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
        start: Position,
    ) -> Result<(Option<Kind>, Vec<Diagnostic>), Disagreement> {
        let (kind, findings) = self.findings(document, start)?;
        let diagnostics = if findings.is_empty() {
            Vec::new()
        } else {
            let severity = |rule| self.policy.severity(rule);
            diagnostic::resolve(document, start, findings, severity)
        };
        Ok((kind, diagnostics))
    }

    /// All findings, by the short way where the payload's form is known to be sound.
    fn findings(
        &mut self,
        document: &Document<'_>,
        start: Position,
    ) -> Result<(Option<Kind>, Vec<Finding>), Disagreement> {
        let Some(form) = self.forms.of(document) else {
            return self.examine(document, start);
        };
        if let Some(kind) = self.forms.sound(form) {
            return Ok((Some(kind), self.compare(kind, document)));
        }
        // Of many items alike, one of each tells whether the form is sound.
        if let Some(digest) = self.forms.digest(document)
            && let (Some(kind), findings) = self.examine(&digest, start)?
            && findings.is_empty()
        {
            self.forms.remember(form, kind);
            return Ok((Some(kind), self.compare(kind, document)));
        }
        let (kind, findings) = self.examine(document, start)?;
        if let (Some(kind), []) = (kind, findings.as_slice()) {
            self.forms.remember(form, kind);
        }
        Ok((kind, findings))
    }

    /// All checks.
    fn examine(
        &self,
        document: &Document<'_>,
        start: Position,
    ) -> Result<(Option<Kind>, Vec<Finding>), Disagreement> {
        let mut findings = errors::repeated(document, start);
        if document.root().as_object().is_none() {
            findings.push(errors::no_object(document));
            return Ok((None, findings));
        }
        let detected = match self.pinned {
            Some(pinned) => errors::other_kind(document, pinned).map_or(Ok(pinned), Err),
            None => contract::detect(document).ok_or_else(|| errors::unknown_kind(document)),
        };
        let detected = match detected {
            Ok(kind) => kind,
            Err(finding) => {
                findings.push(finding);
                return Ok((None, findings));
            }
        };
        let judged = judge(document, detected, self.pinned.is_some())?;
        let is_broken = matches!(judged, Judged::Broken);
        let (kind, missed) = match judged {
            Judged::Older { missed } => (Kind::Integration2019, missed),
            Judged::Kept | Judged::Broken => (detected, Vec::new()),
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
        if is_broken {
            findings.extend(schema::errors(kind, document, &subject.finds.unlisted));
        }
        self.check_warnings(&subject, &[Sees::Form, Sees::Values], &mut findings);
        one_each(&mut findings);
        Ok((Some(kind), findings))
    }

    /// The checks that the form of a payload does not settle.
    fn compare(&self, kind: Kind, document: &Document<'_>) -> Vec<Finding> {
        let subject = Subject {
            document,
            kind,
            finds: Finds::default(),
            missed: Vec::new(),
        };
        let mut findings = Vec::new();
        self.check_warnings(&subject, &[Sees::Values], &mut findings);
        findings
    }

    /// Warnings, those that are not to be reported among them: a form is sound only without any.
    fn check_warnings(&self, subject: &Subject<'_>, sees: &[Sees], findings: &mut Vec<Finding>) {
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
    let checker = Checker::new(Policy::default(), Some(kind));
    let subject = Subject {
        document,
        kind,
        finds: contract::survey(document, &[kind]),
        missed: Vec::new(),
    };
    let mut findings = Vec::new();
    checker.check_warnings(&subject, &[Sees::Form, Sees::Values], &mut findings);
    diagnostic::resolve(document, Position::START, findings, |rule| {
        checker.policy.severity(rule)
    })
}

/// The document of a payload, or the first place at which its text is not JSON.
fn parse<'t>(source: &Source<'t>, tape: Tape) -> Result<Document<'t>, (SyntaxError, Tape)> {
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

fn syntax_diagnostic(source: &Source<'_>, error: &SyntaxError) -> Diagnostic {
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
    Older {
        /// What it lacks to be a current one.
        missed: Vec<Finding>,
    },
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
        let missed = schema::errors(kind, document, &[]);
        return Ok(Judged::Older { missed });
    }
    Ok(Judged::Broken)
}

fn follows(kind: Kind, document: &Document<'_>) -> Result<bool, Disagreement> {
    let accepts = kind.schema().accepts(document);
    model::agree(kind, accepts, model::read(kind, document))
}

/// Drops what another finding explains: one mistake gets one message.
fn one_each(findings: &mut Vec<Finding>) {
    let explained: Vec<u32> = findings.iter().filter_map(|found| found.explains).collect();
    if !explained.is_empty() {
        findings.retain(|found| found.explains.is_some() || !explained.contains(&found.entry));
    }
}
