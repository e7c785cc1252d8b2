//! Workflow commands, which GitHub shows as annotations on a pull request.
//!
//! A step shows the first ten annotations of each level. The runner counts each level by itself
//! (`AddIssue` in `ExecutionContext.cs` of actions/runner), so warnings take no room from errors, and
//! each annotation is written at once, in input order. The escapes are those that the runner undoes
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

/// How many findings the summary names: a step's summary may have a megabyte.
const NAMED: usize = 50;

/// Workflow commands, then a closing line; the same as Markdown is appended to the step's summary.
pub(super) static FORMAT: Format = Format {
    name: "github",
    about: "Workflow commands, which GitHub shows on a pull request",
    reporter: |out, options| {
        let commands = Commands {
            summary: options.summary,
            named: Vec::new(),
            more: 0,
        };
        Box::new(ListReporter::new(out, options.workspace, commands))
    },
};

struct Commands {
    summary: Option<PathBuf>,
    /// The first findings, as rows of a table.
    named: Vec<String>,
    more: u64,
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
            // The last column, not the one behind it; and none before the first.
            let last = (end.column - 1).max(start.column);
            let _ = write!(place, ",col={},endColumn={last}", start.column);
        }
        let level = diagnostic.severity().name();
        let command = command(level, path, &place, &diagnostic.code, &diagnostic.text());
        let place = format!("{path}:{}:{}", start.line, start.column);
        self.name(level, &place, &diagnostic.code, &diagnostic.message);
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
            let written =
                file.and_then(|mut file| file.write_all(self.markdown(&closing).as_bytes()));
            // It would not be known otherwise which file it was.
            written.map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            })?;
        }
        Ok(())
    }
}

impl Commands {
    /// Notes a finding down for the summary.
    fn name(&mut self, level: &str, place: &str, code: &str, message: &str) {
        if self.named.len() == NAMED {
            self.more += 1;
            // Errors first: the last warning makes room for one.
            let last = self.named.pop_if(|last| !is_error(last));
            if level != Severity::Error.name() {
                self.named.extend(last);
                return;
            }
            if last.is_none() {
                return;
            }
        }
        let (place, message) = (plain(&escape_controls(place)), plain(message));
        let row = format!("| {level} | {place} | {code} | {message} |\n");
        let errors = self.named.iter().take_while(|row| is_error(row)).count();
        let at = if is_error(&row) {
            errors
        } else {
            self.named.len()
        };
        self.named.insert(at, row);
    }

    fn markdown(&self, closing: &str) -> String {
        let mut text = format!("### mewshook\n\n{closing}\n");
        if !self.named.is_empty() {
            text.push_str("\n| level | place | code | message |\n| --- | --- | --- | --- |\n");
            text.extend(self.named.iter().map(String::as_str));
        }
        if self.more > 0 {
            let _ = writeln!(text, "\nand {} more", self.more);
        }
        text.push('\n');
        text
    }
}

fn is_error(row: &str) -> bool {
    row.starts_with("| error ")
}

/// A workflow command, on a line of its own.
fn command(level: &str, path: &str, place: &str, title: &str, message: &str) -> String {
    let file = if path == STDIN {
        String::new()
    } else {
        format!("file={},{place},", property(path))
    };
    let (title, message) = (property(title), data(message));
    format!("::{level} {file}title={title}::{message}\n")
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a command. Of controls, line breaks alone have an escape that the runner knows; the
/// others would act on whoever looks at the log.
fn property(text: &str) -> String {
    let lines = text.split('\n').map(escape_controls).collect::<Vec<_>>();
    let text = data(&lines.join("\n"));
    text.replace(':', "%3A").replace(',', "%2C")
}

/// Text that Markdown takes as it stands: every sign that could mean something as a reference.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() && !matches!(letter, '.' | ',' | '-' | '/') {
            let _ = write!(plain, "&#{};", u32::from(letter));
        } else {
            plain.push(letter);
        }
    }
    plain
}
