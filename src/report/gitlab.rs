//! GitLab's code quality report: an array of findings, shown on a merge request.
//!
//! As documented at <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::io::{self, Write};

use serde::Serialize;

use crate::diagnostic::Severity;

use super::escape::write_json;
use super::findings::{Form, Found, Listing};
use super::fingerprint::Fingerprints;
use super::{Totals, Workspace};

impl<W: Write> Listing<W> {
    /// A code quality report.
    pub fn gitlab(out: W, workspace: Workspace) -> Self {
        let form = CodeQuality {
            fingerprints: Fingerprints::default(),
            is_empty: true,
        };
        Self::new(out, workspace, form)
    }
}

struct CodeQuality {
    fingerprints: Fingerprints,
    is_empty: bool,
}

#[derive(Serialize)]
struct Issue<'f> {
    description: &'f str,
    check_name: &'f str,
    fingerprint: &'f str,
    severity: &'f str,
    location: Location<'f>,
}

#[derive(Serialize)]
struct Location<'f> {
    path: &'f str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
    end: u64,
}

impl CodeQuality {
    fn add(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        found: &Found<'_>,
        severity: &str,
    ) -> io::Result<()> {
        let before = if self.is_empty { "[\n" } else { ",\n" };
        self.is_empty = false;
        out.write_all(before.as_bytes())?;
        let issue = Issue {
            description: &found.text().replace('\n', "; "),
            check_name: &found.code,
            fingerprint: &self.fingerprints.of(path, found),
            severity,
            location: Location {
                path,
                lines: Lines {
                    begin: found.start.line,
                    end: found.end.line,
                },
            },
        };
        write_json(out, &issue)
    }
}

impl Form for CodeQuality {
    fn finding(&mut self, out: &mut dyn Write, path: &str, found: &Found<'_>) -> io::Result<()> {
        if found.expected {
            return Ok(());
        }
        let severity = match found.severity() {
            Severity::Error => "major",
            Severity::Warning => "minor",
        };
        self.add(out, path, found, severity)
    }

    fn input(&mut self, out: &mut dyn Write, path: &str, found: &Found<'_>) -> io::Result<()> {
        self.add(out, path, found, "blocker")
    }

    fn finish(&mut self, out: &mut dyn Write, _totals: &Totals) -> io::Result<()> {
        out.write_all(if self.is_empty { b"[]\n" } else { b"\n]\n" })
    }
}
