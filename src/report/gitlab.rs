//! The `gitlab` format: a code quality report, which GitLab shows on a merge request.
//!
//! Documented at <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::io::{self, Write};

use serde::Serialize;

use crate::diagnostic::Severity;

use super::escape::write_json;
use super::fingerprint::Fingerprints;
use super::list::{ListFormat, ListReporter, ListedDiagnostic};
use super::{Format, Totals};

pub(super) static FORMAT: Format = Format {
    name: "gitlab",
    about: "A code quality report for GitLab",
    reporter: |out, options| {
        let report = CodeQuality {
            fingerprints: Fingerprints::default(),
            is_empty: true,
        };
        Box::new(ListReporter::new(out, options.workspace, report))
    },
};

struct CodeQuality {
    fingerprints: Fingerprints,
    is_empty: bool,
}

#[derive(Serialize)]
struct Issue<'i> {
    description: &'i str,
    check_name: &'i str,
    fingerprint: &'i str,
    severity: &'i str,
    location: Location<'i>,
}

#[derive(Serialize)]
struct Location<'i> {
    path: &'i str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
    end: u64,
}

impl CodeQuality {
    fn write_issue(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
        severity: &str,
    ) -> io::Result<()> {
        let separator = if self.is_empty { "[\n" } else { ",\n" };
        self.is_empty = false;
        out.write_all(separator.as_bytes())?;
        let issue = Issue {
            description: &diagnostic.text().replace('\n', "; "),
            check_name: &diagnostic.code,
            fingerprint: &self.fingerprints.next(path, diagnostic),
            severity,
            location: Location {
                path,
                lines: Lines {
                    begin: diagnostic.start.line,
                    end: diagnostic.end.line,
                },
            },
        };
        write_json(out, &issue)
    }
}

impl ListFormat for CodeQuality {
    fn write_diagnostic(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()> {
        if diagnostic.expected {
            return Ok(());
        }
        let severity = match diagnostic.severity() {
            Severity::Error => "major",
            Severity::Warning => "minor",
        };
        self.write_issue(out, path, diagnostic, severity)
    }

    fn write_failure(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()> {
        self.write_issue(out, path, diagnostic, "blocker")
    }

    fn finish(&mut self, out: &mut dyn Write, _totals: &Totals) -> io::Result<()> {
        out.write_all(if self.is_empty { b"[]\n" } else { b"\n]\n" })
    }
}
