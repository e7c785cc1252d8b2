//! The `github` format: workflow commands, which GitHub shows as annotations on a pull request, and a
//! closing line. The first diagnostics are appended as a Markdown table to the summary of the step.
//!
//! GitHub shows the first ten errors and the first ten warnings of a step. The runner counts each
//! level by itself (`AddIssue` in `ExecutionContext.cs` of actions/runner), so warnings never displace
//! errors, and annotations are written in input order. The escapes are those that the runner decodes
//! (`ActionCommand.cs`).

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::diagnostic::Severity;
use crate::input::STDIN;

use super::escape::escape_controls;
use super::list::{ListFormat, ListReporter, ListedDiagnostic};
use super::wording::totals_line;
use super::{Format, Totals};

/// The maximum number of rows of the table, since GitHub accepts at most a megabyte.
const MAX_ROWS: usize = 50;

pub(super) static FORMAT: Format = Format {
    name: "github",
    about: "Workflow commands for annotations on GitHub",
    reporter: |out, options| {
        let commands = Commands {
            summary: options.summary,
            rows: Vec::new(),
            omitted: 0,
        };
        Box::new(ListReporter::new(out, options.workspace, commands))
    },
};

struct Commands {
    summary: Option<PathBuf>,
    /// The rows of the table, errors first.
    rows: Vec<String>,
    /// The number of diagnostics without a row.
    omitted: u64,
}

impl ListFormat for Commands {
    fn write_diagnostic(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()> {
        if diagnostic.expected {
            return Ok(());
        }
        let (start, end) = (diagnostic.start, diagnostic.end);
        let mut place = format!("line={},endLine={}", start.line, end.line);
        if start.line == end.line {
            // GitHub's range includes its last column; ours ends before `end.column`.
            let last = (end.column - 1).max(start.column);
            let _ = write!(place, ",col={},endColumn={last}", start.column);
        }
        let level = diagnostic.severity().name();
        let command = command(level, path, &place, &diagnostic.code, &diagnostic.text());
        let place = format!("{path}:{}:{}", start.line, start.column);
        self.add_row(level, &place, &diagnostic.code, &diagnostic.message);
        out.write_all(command.as_bytes())
    }

    fn write_failure(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()> {
        self.write_diagnostic(out, path, diagnostic)
    }

    fn finish(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        let closing = totals_line(totals);
        writeln!(out, "{closing}")?;
        if let Some(path) = &self.summary {
            let file = OpenOptions::new().create(true).append(true).open(path);
            let result =
                file.and_then(|mut file| file.write_all(self.markdown(&closing).as_bytes()));
            // The error of the system does not name the file.
            result.map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            })?;
        }
        Ok(())
    }
}

impl Commands {
    /// Adds a row to the table.
    fn add_row(&mut self, level: &str, place: &str, code: &str, message: &str) {
        if self.rows.len() == MAX_ROWS {
            self.omitted += 1;
            // If there is no room, an error replaces the last warning.
            let last = self.rows.pop_if(|last| !is_error(last));
            if level != Severity::Error.name() {
                self.rows.extend(last);
                return;
            }
            if last.is_none() {
                return;
            }
        }
        let (place, message) = (
            escape_markdown(&escape_controls(place)),
            escape_markdown(message),
        );
        let row = format!("| {level} | {place} | {code} | {message} |\n");
        let errors = self.rows.iter().take_while(|row| is_error(row)).count();
        let index = if is_error(&row) {
            errors
        } else {
            self.rows.len()
        };
        self.rows.insert(index, row);
    }

    /// Returns the text for the summary of the step.
    fn markdown(&self, closing: &str) -> String {
        let mut text = format!("### mewshook\n\n{closing}\n");
        if !self.rows.is_empty() {
            text.push_str("\n| level | place | code | message |\n| --- | --- | --- | --- |\n");
            text.extend(self.rows.iter().map(String::as_str));
        }
        if self.omitted > 0 {
            let _ = writeln!(text, "\nand {} more", self.omitted);
        }
        text.push('\n');
        text
    }
}

fn is_error(row: &str) -> bool {
    row.starts_with("| error ")
}

/// Returns a workflow command as a line.
fn command(level: &str, path: &str, place: &str, title: &str, message: &str) -> String {
    let file = if path == STDIN {
        String::new()
    } else {
        format!("file={},{place},", escape_property(path))
    };
    let (title, message) = (escape_property(title), escape_data(message));
    format!("::{level} {file}title={title}::{message}\n")
}

/// Escapes the message of a command.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property of a command. The runner decodes escaped line breaks, but no other control
/// characters, so those are made visible.
fn escape_property(text: &str) -> String {
    let lines = text.split('\n').map(escape_controls).collect::<Vec<_>>();
    let text = escape_data(&lines.join("\n"));
    text.replace(':', "%3A").replace(',', "%2C")
}

/// Escapes text for Markdown: punctuation is written as character references.
fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() && !matches!(character, '.' | ',' | '-' | '/') {
            let _ = write!(escaped, "&#{};", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}
