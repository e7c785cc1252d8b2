//! The diagnostics of a run by code, with the first ones of each code and their source lines.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;

use crate::checks;
use crate::diagnostic::Severity;
use crate::report::Record;
use crate::report::escape::{display_text, escape_controls};
use crate::report::snippet::SourceLines;
use crate::report::wording::quantity;

use super::filters;
use super::marked::severity;

/// The maximum number of diagnostics of each code that are shown.
const MAX_EXAMPLES: usize = 10;

/// The maximum width of a source line, in columns.
pub(super) const WIDTH: usize = 120;

/// The diagnostics of a run, or of a part of it.
#[derive(Debug, Default)]
pub(super) struct Findings {
    codes: BTreeMap<&'static str, CodeFindings>,
    /// The diagnostics that were not reported, of which the code is not known.
    omitted: u64,
}

/// The diagnostics of one code.
#[derive(Debug, Default)]
struct CodeFindings {
    errors: u64,
    warnings: u64,
    payloads: u64,
    /// The number of the payload that was counted last.
    last: Option<u64>,
    examples: Vec<Example>,
}

/// A diagnostic with its source line.
#[derive(Debug, Clone)]
struct Example {
    /// The number of the payload, from 1.
    payload: u64,
    place: String,
    is_error: bool,
    message: String,
    help: Option<String>,
    before: String,
    marked: String,
    after: String,
}

impl Findings {
    /// Adds the diagnostics of a payload, which has this number.
    pub(super) fn add(&mut self, record: &Record<'_>, payload: u64) {
        self.omitted += record.verdict.omitted as u64;
        // Finding the secrets of a payload takes long, and most diagnostics are not shown.
        let mut source = None;
        for diagnostic in record.verdict.reported() {
            let found = self.codes.entry(diagnostic.code).or_default();
            let is_error = diagnostic.severity == Severity::Error;
            found.errors += u64::from(is_error);
            found.warnings += u64::from(!is_error);
            if found.last.replace(payload) != Some(payload) {
                found.payloads += 1;
            }
            if found.examples.len() == MAX_EXAMPLES {
                continue;
            }
            let source = source.get_or_insert_with(|| SourceLines::new(record));
            let window = source.window(diagnostic, WIDTH);
            let (before, rest) = window.text.split_at(window.underlined.start);
            let (marked, after) = rest.split_at(window.underlined.len());
            let path = escape_controls(record.path);
            let decoded = match source.encoding() {
                Some(encoding) => format!(" (decoded from {encoding})"),
                None => String::new(),
            };
            let start = diagnostic.start;
            found.examples.push(Example {
                payload,
                place: format!("{path}:{}:{}{decoded}", start.line, start.column),
                is_error,
                message: display_text(&diagnostic.message),
                help: diagnostic.help.as_deref().map(display_text),
                before: before.to_owned(),
                marked: marked.to_owned(),
                after: after.to_owned(),
            });
        }
    }

    /// Adds the diagnostics of a part of the run, before which there were this many payloads.
    pub(super) fn merge(&mut self, part: Self, payloads: u64) {
        self.omitted += part.omitted;
        for (code, part) in part.codes {
            let found = self.codes.entry(code).or_default();
            found.errors += part.errors;
            found.warnings += part.warnings;
            found.payloads += part.payloads;
            let room = MAX_EXAMPLES - found.examples.len();
            let examples = part.examples.into_iter().take(room);
            found.examples.extend(examples.map(|example| Example {
                payload: payloads + example.payload,
                ..example
            }));
        }
    }

    /// Returns the section of a report in which the payloads up to this number have rows.
    pub(super) fn section(&self, rows: u64) -> FindingsSection<'_> {
        let mut codes: Vec<_> = self
            .codes
            .iter()
            .map(|(code, found)| CodeSection {
                code,
                summary: checks::rule(code).map_or("", |rule| rule.summary),
                found,
                more: found.errors + found.warnings - found.examples.len() as u64,
                rows,
            })
            .collect();
        // The sort is stable, so that codes with equal counts stay sorted by name.
        codes.sort_by_key(|section| {
            let found = section.found;
            (
                Reverse(found.errors.min(1)),
                Reverse(found.errors + found.warnings),
            )
        });
        FindingsSection {
            codes,
            omitted: self.omitted,
        }
    }
}

/// The section of diagnostics.
#[derive(Template)]
#[template(path = "page/findings.html")]
pub(super) struct FindingsSection<'f> {
    codes: Vec<CodeSection<'f>>,
    omitted: u64,
}

/// The diagnostics of one code, as they are shown.
struct CodeSection<'f> {
    code: &'static str,
    summary: &'static str,
    found: &'f CodeFindings,
    /// The number of diagnostics that are not shown.
    more: u64,
    /// The number of payloads that have a row to link to.
    rows: u64,
}

impl CodeSection<'_> {
    fn severity(&self) -> &'static str {
        severity(self.found.errors > 0)
    }

    /// Returns how many diagnostics there are: `3 errors in 2 payloads`.
    fn counts(&self) -> String {
        let count = |count: u64, noun| (count > 0).then(|| quantity(count, noun));
        let counts = [
            count(self.found.errors, "error"),
            count(self.found.warnings, "warning"),
        ];
        let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        format!("{counts} in {}", quantity(self.found.payloads, "payload"))
    }
}

impl Example {
    fn severity(&self) -> &'static str {
        severity(self.is_error)
    }
}
