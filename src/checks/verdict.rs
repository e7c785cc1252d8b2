//! The result of checking one payload, and how findings become one.

use serde::Serialize;

use crate::contract::Kind;
use crate::diagnostic::{Diagnostic, Finding, Severity};
use crate::document::PayloadText;

use super::findings::Counts;
use super::{Findings, Policy, expectation};

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
    /// The number of diagnostics of each code, reported or not, in order of first occurrence.
    #[serde(skip)]
    pub codes: Vec<CodeCount>,
    /// The number of diagnostics that are not reported because of the limit.
    pub omitted: usize,
    /// The number of errors that were not expected, reported or not.
    pub errors: usize,
    /// The number of warnings, reported or not.
    pub warnings: usize,
}

/// A number of diagnostics of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeCount {
    /// The code.
    pub code: &'static str,
    /// Their severity.
    pub severity: Severity,
    /// Whether they were expected.
    pub expected: bool,
    /// Their number.
    pub count: usize,
}

impl Verdict {
    /// Returns the diagnostics that were not expected.
    pub fn reported(&self) -> impl Iterator<Item = &Diagnostic> {
        let found = self.diagnostics.iter();
        found.filter(|diagnostic| !diagnostic.expected)
    }
}

/// Makes a verdict of findings. `resolve` turns the findings to report into diagnostics, and adds
/// those that are not of the document.
pub(super) fn verdict(
    policy: &Policy,
    limit: usize,
    source: &PayloadText<'_>,
    kind: Option<Kind>,
    mut findings: Findings<'_>,
    resolve: impl FnOnce(Vec<Finding>) -> Vec<Diagnostic>,
) -> Verdict {
    let Counts {
        errors,
        warnings,
        expected,
    } = findings.counts();
    let unmet = findings.unmet().count();
    let mut codes = findings.take_codes();
    codes.extend(expectation::count(unmet));
    let mut diagnostics: Vec<_> = findings
        .unmet()
        .take(limit)
        .map(|code| expectation::unmet(code, source))
        .collect();
    if errors + warnings + expected > 0 {
        let rest = limit - diagnostics.len();
        let mut resolved = resolve(findings.into_first(rest));
        for diagnostic in &mut resolved {
            diagnostic.expected = policy.expected().contains(&diagnostic.code);
        }
        if resolved.len() > rest {
            let is_error =
                |found: &Diagnostic| found.severity == Severity::Error && !found.expected;
            resolved.sort_by_key(|found| !is_error(found));
            resolved.truncate(rest);
        }
        resolved.sort_by_key(|found| found.span.start);
        diagnostics.append(&mut resolved);
    }
    let errors = errors + unmet;
    Verdict {
        kind,
        valid: errors + expected == 0,
        passed: errors == 0,
        codes,
        omitted: errors + warnings + expected - diagnostics.len(),
        diagnostics,
        errors,
        warnings,
    }
}
