//! Checks one payload, from its text to its verdict.

use crate::contract::{self, Kind};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::document::{Document, PayloadText, SyntaxError, Tape};
use crate::secrets::Masking;

use super::examiner::{Examiner, ReadModel};
use super::shape_cache::ShapeCache;
use super::verdict::{Verdict, verdict};
use super::{Damage, Findings, Policy, errors, model};

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

/// The kind of a payload before it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedKind {
    /// The kind, if there is one.
    Certain(Option<Kind>),
    /// An integration event, of the current edition or, if it is valid only then, of that of 2019.
    EitherEdition,
}

/// Checks payloads one after another with the same policy.
#[derive(Debug, Clone)]
pub struct Checker {
    policy: Policy,
    pinned: Option<Kind>,
    /// The number of diagnostics that are reported for a payload.
    limit: usize,
    masking: Masking,
    /// Whether only the kind is detected, and payloads that are not JSON are reported.
    pub(super) is_detecting: bool,
    model: ReadModel,
    pub(super) tape: Tape,
    pub(super) shapes: ShapeCache,
}

impl Checker {
    /// Creates a checker. If a kind is pinned, all payloads are checked as this kind.
    pub fn new(policy: Policy, pinned: Option<Kind>) -> Self {
        Self {
            policy,
            pinned,
            limit: usize::MAX,
            masking: Masking::On,
            is_detecting: false,
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

    /// Makes verdicts that have only the kind, and the error of a payload that is not JSON.
    #[must_use]
    pub fn detecting_only(self) -> Self {
        Self {
            is_detecting: true,
            ..self
        }
    }

    /// Checks a payload.
    pub fn check<'t>(&mut self, source: &PayloadText<'t>) -> Checked<'t> {
        self.check_damaged(source, &[])
    }

    /// Checks a payload that its capture has damaged, and reports the damage with the rest.
    pub fn check_damaged<'t>(
        &mut self,
        source: &PayloadText<'t>,
        damage: &[Damage],
    ) -> Checked<'t> {
        match self.check_if(source, damage, |_| true) {
            Ok(checked) => checked,
            Err(document) => self.check_parsed(document, source, damage),
        }
    }

    /// Returns the kind that the verdict on a payload will have.
    pub fn expected_kind(&self, document: &Document<'_>) -> ExpectedKind {
        let root = document.root();
        if root.as_object().is_none() {
            return ExpectedKind::Certain(None);
        }
        if self.is_detecting {
            return ExpectedKind::Certain(contract::detect(document));
        }
        if let Some(pinned) = self.pinned {
            let is_other = errors::other_kind(document, pinned).is_some();
            return ExpectedKind::Certain((!is_other).then_some(pinned));
        }
        match contract::detect(document) {
            Some(Kind::Integration) if contract::may_be_older(root) => ExpectedKind::EitherEdition,
            kind => ExpectedKind::Certain(kind),
        }
    }

    /// Checks a text, unless it is JSON and `is_payload` returns `false` for the document, which is
    /// returned then. If the payload's shape is in the cache, it is known to be a payload, and
    /// `is_payload` is not called.
    ///
    /// # Errors
    /// The document is not a payload.
    pub fn check_if<'t>(
        &mut self,
        source: &PayloadText<'t>,
        damage: &[Damage],
        is_payload: impl FnOnce(&Document<'_>) -> bool,
    ) -> Result<Checked<'t>, Document<'t>> {
        match self.parse(source) {
            Ok(document) => match self.check_document(&document, source, damage, is_payload) {
                Some(verdict) => Ok(Checked {
                    verdict,
                    document: Some(document),
                }),
                None => Err(document),
            },
            Err(error) => Ok(self.check_broken(source, &error, damage)),
        }
    }

    /// Checks a document as a payload, whatever it is. `source` is its text.
    pub fn check_parsed<'t>(
        &mut self,
        document: Document<'t>,
        source: &PayloadText<'_>,
        damage: &[Damage],
    ) -> Checked<'t> {
        let verdict = self.check_document(&document, source, damage, |_| true);
        Checked {
            verdict: verdict.unwrap_or_else(|| self.check_missing(source, &[])),
            document: Some(document),
        }
    }

    /// Returns the verdict on a text that is not JSON.
    pub fn check_broken<'t>(
        &self,
        source: &PayloadText<'t>,
        error: &SyntaxError,
        damage: &[Damage],
    ) -> Checked<'t> {
        Checked {
            verdict: self.broken(source, error, damage),
            document: None,
        }
    }

    /// Reuses the memory of a checked document for the next one.
    pub fn recycle(&mut self, checked: Checked<'_>) {
        if let Some(document) = checked.document {
            self.recycle_document(document);
        }
    }

    /// Reuses the memory of a document that was not checked.
    pub fn recycle_document(&mut self, document: Document<'_>) {
        self.tape = document.into_tape();
    }

    /// Returns the verdict on a payload that its capture lacks. `source` is the text that says so.
    pub fn check_missing(&self, source: &PayloadText<'_>, damage: &[Damage]) -> Verdict {
        let mut findings = Findings::new(&self.policy, 0);
        let damage = count_damage(damage, None, source, self.masking, &mut findings);
        verdict(&self.policy, self.limit, source, None, findings, |_| damage)
    }

    fn check_document(
        &mut self,
        document: &Document<'_>,
        source: &PayloadText<'_>,
        damage: &[Damage],
        is_payload: impl FnOnce(&Document<'_>) -> bool,
    ) -> Option<Verdict> {
        let (limit, masking) = (self.limit, self.masking);
        if self.is_detecting {
            if !is_payload(document) {
                return None;
            }
            let findings = Findings::new(&self.policy, 0);
            let kind = contract::detect(document);
            let verdict = verdict(&self.policy, limit, source, kind, findings, |_| Vec::new());
            return Some(verdict);
        }
        let Self { policy, shapes, .. } = self;
        let examiner = Examiner {
            policy,
            pinned: self.pinned,
            model: self.model,
        };
        let mut findings = Findings::new(policy, limit);
        let kind = examiner
            .check(document, shapes, &mut findings, is_payload)
            .ok()?;
        let damage = count_damage(damage, Some(document), source, masking, &mut findings);
        let verdict = verdict(policy, limit, source, kind, findings, |first| {
            // Only findings that are reported are kept, so all have a severity.
            let severity = |rule| policy.severity(rule).unwrap_or(Severity::Error);
            let mut all = diagnostic::resolve(document, source, first, severity, masking);
            all.extend(damage);
            all
        });
        Some(verdict)
    }

    /// Returns the verdict on a text that is not JSON.
    fn broken(&self, source: &PayloadText<'_>, error: &SyntaxError, damage: &[Damage]) -> Verdict {
        let mut findings = Findings::new(&self.policy, 0);
        findings.count(&errors::JSON_SYNTAX);
        let damage = count_damage(damage, None, source, self.masking, &mut findings);
        verdict(&self.policy, self.limit, source, None, findings, |_| {
            let mut all = vec![syntax_diagnostic(source, error)];
            all.extend(damage);
            all
        })
    }
}

/// Counts damage, and returns the diagnostics of what the policy reports.
fn count_damage(
    damage: &[Damage],
    document: Option<&Document<'_>>,
    source: &PayloadText<'_>,
    masking: Masking,
    findings: &mut Findings<'_>,
) -> Vec<Diagnostic> {
    if damage.is_empty() {
        return Vec::new();
    }
    let reported = damage.iter().filter_map(|damage| {
        let severity = findings.count_rule(damage.kind.rule())?;
        Some(damage.diagnostic(source, document, severity, masking))
    });
    reported.collect()
}

fn syntax_diagnostic(source: &PayloadText<'_>, error: &SyntaxError) -> Diagnostic {
    let span = error.offset..error.offset + error.length;
    let place = source.place(span.clone());
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
        written_span: place.range,
        start: place.start,
        end: place.end,
    }
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
