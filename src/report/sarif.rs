//! The `sarif` format: a SARIF 2.1.0 log, for code scanning services.
//!
//! Its types are written here, since the crates for SARIF compile a code generator first. A test
//! validates logs by the published schema. Results are written while payloads are checked; the
//! properties of the run that are not known before its end follow them.

use std::io::{self, Seek, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};
use tempfile::SpooledTempFile;

use crate::checks::rules;
use crate::diagnostic::{Level, Rule};
use crate::input::STDIN;

use super::escape::write_json;
use super::explain::{explain_in_markdown, explain_in_text};
use super::fingerprint::Fingerprints;
use super::list::{ListFormat, ListReporter, ListedDiagnostic};
use super::{Format, Totals};

pub(super) static FORMAT: Format = Format {
    name: "sarif",
    about: "A SARIF 2.1.0 log, for code scanning",
    reporter: |out, options| {
        let log = Log {
            fingerprints: Fingerprints::default(),
            is_begun: false,
            is_empty: true,
            notifications: SpooledTempFile::new(MAX_IN_MEMORY),
            has_notifications: false,
        };
        Box::new(ListReporter::new(out, options.workspace, log))
    },
};

struct Log {
    fingerprints: Fingerprints,
    is_begun: bool,
    is_empty: bool,
    /// The notifications of inputs that could not be read, which follow the results.
    notifications: SpooledTempFile,
    has_notifications: bool,
}

/// The maximum number of bytes of notifications in memory. Beyond that they are moved to an unnamed
/// temporary file.
const MAX_IN_MEMORY: usize = 1 << 20;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogResult<'r> {
    rule_id: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'r str,
    message: Value,
    locations: [Value; 1],
    partial_fingerprints: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Value>,
}

impl ListFormat for Log {
    fn write_diagnostic(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()> {
        self.begin(out)?;
        let separator = if self.is_empty { "\n" } else { ",\n" };
        self.is_empty = false;
        out.write_all(separator.as_bytes())?;
        let suppression = diagnostic.expected.then(|| {
            let reason = "the error is expected, since this file is a negative fixture";
            json!({"kind": "external", "justification": reason})
        });
        let result = LogResult {
            rule_id: &diagnostic.code,
            rule_index: rules().position(|rule| rule.code == diagnostic.code),
            level: diagnostic.severity().name(),
            message: json!({"text": diagnostic.text()}),
            locations: [location(path, diagnostic)],
            partial_fingerprints: json!({"mewshook/v1": self.fingerprints.next(path, diagnostic)}),
            suppressions: suppression.into_iter().collect(),
        };
        write_json(out, &result)
    }

    fn write_failure(
        &mut self,
        _out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()> {
        if std::mem::replace(&mut self.has_notifications, true) {
            self.notifications.write_all(b",\n")?;
        }
        let notification = json!({
            "level": "error",
            "message": {"text": diagnostic.message},
            "locations": [location(path, diagnostic)],
        });
        write_json(&mut self.notifications, &notification)
    }

    fn finish(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        self.begin(out)?;
        let end = if self.is_empty { "]" } else { "\n]" };
        let is_successful = totals.unreadable + totals.empty == 0;
        write!(
            out,
            "{end},\"invocations\":[{{\"executionSuccessful\":{is_successful},\
             \"toolExecutionNotifications\":["
        )?;
        self.notifications.rewind()?;
        io::copy(&mut self.notifications, out)?;
        writeln!(out, "]}}]}}]}}")
    }
}

impl Log {
    /// Writes the start of the log, up to the first result.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.is_begun, true) {
            return Ok(());
        }
        let driver = json!({
            "name": "mewshook",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules().map(descriptor).collect::<Vec<_>>(),
        });
        let root = json!({"%SRCROOT%": {"description": {"text": "the root of the repository"}}});
        write!(
            out,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
             \"runs\":[{{\"tool\":{{\"driver\":{driver}}},\"columnKind\":\"unicodeCodePoints\",\
             \"originalUriBaseIds\":{root},\"results\":["
        )
    }
}

/// Returns the description of a rule.
fn descriptor(rule: &Rule) -> Value {
    let (why, source) = (rule.why, rule.source);
    json!({
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": why},
        "help": {
            "text": explain_in_text(rule),
            "markdown": explain_in_markdown(rule),
        },
        "helpUri": source.url,
        "defaultConfiguration": match rule.level {
            Level::Error | Level::Expectation | Level::Internal => json!({"level": "error"}),
            Level::Warning => json!({"level": "warning"}),
            Level::OnDemand => json!({"level": "warning", "enabled": false}),
        },
    })
}

/// The characters that are percent-encoded in the path of a URI: all but `/` and those that RFC 3986
/// calls unreserved.
const PATH_ESCAPES: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

fn location(path: &str, diagnostic: &ListedDiagnostic<'_>) -> Value {
    let uri = utf8_percent_encode(path, PATH_ESCAPES).to_string();
    let artifact = if path == STDIN {
        json!({"uri": uri})
    } else if path.starts_with('/') {
        json!({"uri": format!("file://{uri}")})
    } else {
        json!({"uri": uri, "uriBaseId": "%SRCROOT%"})
    };
    let region = json!({
        "startLine": diagnostic.start.line,
        "startColumn": diagnostic.start.column,
        "endLine": diagnostic.end.line,
        "endColumn": diagnostic.end.column,
    });
    json!({
        "physicalLocation": {"artifactLocation": artifact, "region": region},
        "logicalLocations": [{"fullyQualifiedName": diagnostic.pointer, "kind": "value"}],
    })
}
