//! The `junit` format: `JUnit` XML, which every CI server shows. An input is a test suite, a payload a
//! test case.
//!
//! Written with `quick-xml` rather than `quick-junit`, which writes a report only as a whole, from
//! memory, and would bring four crates and a second version of `quick-xml`.
//!
//! A suite starts with the number of its cases, so the cases are kept until it ends; those of a large
//! suite in a temporary file. Tests compare the reports with the schema of Jenkins' xUnit plugin.

use std::fmt::Write as _;
use std::io::{self, Seek, Write};
use std::sync::Arc;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use tempfile::SpooledTempFile;

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Position;
use crate::input::{Label, STDIN};

use super::escape::{display_text, escape_controls};
use super::wording::{grouped, omitted};
use super::{Chunk, Failure, Format, Formatter, Record, Reporter, Totals, Workspace};

/// The maximum number of bytes of a suite in memory.
pub(super) const MAX_IN_MEMORY: usize = 1 << 20;

/// The number of bytes of diagnostics after which a test case lists no more.
const MAX_LISTED: usize = 1 << 20;

struct JunitReporter<W> {
    out: W,
    workspace: Workspace,
    is_begun: bool,
    suite: Suite,
}

/// A test suite while its cases are added.
#[derive(Debug)]
struct Suite {
    path: Label,
    cases: SpooledTempFile,
    totals: Totals,
}

impl Suite {
    fn new(path: Label) -> Self {
        Self {
            path,
            cases: SpooledTempFile::new(MAX_IN_MEMORY),
            totals: Totals::default(),
        }
    }
}

pub(super) static FORMAT: Format = Format {
    name: "junit",
    about: "JUnit XML with a test case for each payload",
    reporter: |out, options| Box::new(JunitReporter::new(out, options.workspace)),
};

impl<W: Write> JunitReporter<W> {
    fn new(out: W, workspace: Workspace) -> Self {
        Self {
            out,
            workspace,
            is_begun: false,
            suite: Suite::new("".into()),
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_begun, true) {
            return Ok(());
        }
        begin(&mut self.out)
    }

    /// Starts the suite of an input and writes the previous one, unless it is that of this input.
    fn start_suite(&mut self, path: &Label) -> io::Result<()> {
        if self.suite.path == *path {
            return Ok(());
        }
        let suite = std::mem::replace(&mut self.suite, Suite::new(path.clone()));
        self.write(suite)
    }

    /// Adds a test case for an input that could not be read or has no payload.
    fn add_error(&mut self, path: &Label, name: &str, code: &str, message: &str) -> io::Result<()> {
        self.start_suite(path)?;
        self.suite.totals.unreadable += 1;
        let case = Case {
            path: &self.workspace.path(path),
            name,
            time: None,
        };
        let message = xml_line(message);
        write_case(&mut self.suite.cases, &case, |xml| {
            let error = BytesStart::new("error");
            let error = error.with_attributes([("type", code), ("message", &*message)]);
            xml.write_event(Event::Empty(error))
        })
    }

    /// Writes a suite, unless it has no cases.
    fn write(&mut self, mut suite: Suite) -> io::Result<()> {
        self.begin()?;
        let Totals {
            payloads,
            invalid,
            unreadable,
            ..
        } = suite.totals;
        if payloads + unreadable == 0 {
            return Ok(());
        }
        let name = xml_line(&self.workspace.path(&suite.path));
        let tests = (payloads + unreadable).to_string();
        let start = BytesStart::new("testsuite").with_attributes([
            ("name", &*name),
            ("tests", &*tests),
            ("failures", &*invalid.to_string()),
            ("errors", &*unreadable.to_string()),
            ("skipped", "0"),
        ]);
        let mut xml = Writer::new(&mut self.out);
        xml.write_event(Event::Start(start))?;
        xml.get_mut().write_all(b"\n")?;
        suite.cases.rewind()?;
        io::copy(&mut suite.cases, xml.get_mut())?;
        xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
        xml.get_mut().write_all(b"\n")
    }
}

impl<W: Write> Reporter for JunitReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(CaseFormatter {
            workspace: self.workspace.clone(),
        })
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        self.start_suite(&chunk.path)?;
        self.suite.totals.merge(&chunk.totals, &chunk.path);
        chunk.write(&mut self.suite.cases)
    }

    fn add_failure(&mut self, failure: &Failure) -> io::Result<()> {
        self.add_error(&failure.path, "reading", "not-read", &failure.message)
    }

    fn add_empty(&mut self, path: &Label, message: &str) -> io::Result<()> {
        self.add_error(path, "payloads", "no-payload", message)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        let last = std::mem::replace(&mut self.suite, Suite::new("".into()));
        self.write(last)?;
        let mut xml = Writer::new(&mut self.out);
        xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

/// Formats payloads as test cases.
struct CaseFormatter {
    workspace: Workspace,
}

impl Formatter for CaseFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let summary = record.summary();
        let event = summary
            .event()
            .map_or(String::new(), |event| display_text(&event));
        let Position { line, .. } = record.found.text.start;
        // A record can hold several payloads, and test cases have distinct names.
        let pointer = match &record.found.pointer() {
            Some(pointer) => format!(", {}", display_text(&record.masking.mask(pointer))),
            None => String::new(),
        };
        let number = record.found.record;
        let name = format!("payload {number} at line {line}{pointer}: {event}");
        let case = Case {
            path: &self.workspace.path(record.path),
            name: name.trim_end_matches(": "),
            time: None,
        };
        let verdict = record.verdict;
        let diagnostics = |severity| {
            let reported = verdict.reported();
            reported.filter(move |diagnostic| diagnostic.severity == severity)
        };
        write_case(&mut *chunk.text, &case, |xml| {
            if let Some(first) = diagnostics(Severity::Error).next() {
                let more = match verdict.errors - 1 {
                    0 => String::new(),
                    more => format!(", and {} more", grouped(more)),
                };
                let message = xml_line(&format!("{}{more}", display_text(&first.message)));
                let failure = BytesStart::new("failure");
                let failure =
                    failure.with_attributes([("type", first.code), ("message", &*message)]);
                let mut text = lines(record, diagnostics(Severity::Error));
                text.push_str(&omitted(verdict.omitted).unwrap_or_default());
                write_element(xml, &failure, &text)?;
            }
            if diagnostics(Severity::Warning).next().is_some() {
                let text = lines(record, diagnostics(Severity::Warning));
                write_element(xml, &BytesStart::new("system-out"), &text)?;
            }
            Ok(())
        })
    }
}

/// Returns diagnostics as lines in the `short` format, each followed by its help. Parsers refuse long
/// texts (xmllint those of ten megabytes), so after [`MAX_LISTED`] bytes the rest are only counted.
fn lines<'r>(record: &Record<'_>, diagnostics: impl Iterator<Item = &'r Diagnostic>) -> String {
    let mut text = String::new();
    let mut more = 0;
    for diagnostic in diagnostics {
        if text.len() > MAX_LISTED {
            more += 1;
            continue;
        }
        text.push_str(&super::short::line(record.path, diagnostic));
        text.push('\n');
        if let Some(help) = &diagnostic.help {
            text.push_str("  help: ");
            text.push_str(&display_text(help));
            text.push('\n');
        }
    }
    if more > 0 {
        let more = grouped(more);
        let _ = writeln!(
            text,
            "and {more} more: a test case lists one megabyte, `--format short` lists all"
        );
    }
    text
}

/// A test case.
pub(super) struct Case<'c> {
    /// The path of the input.
    pub(super) path: &'c str,
    /// The name.
    pub(super) name: &'c str,
    /// How long it took, in seconds, if that was measured.
    pub(super) time: Option<String>,
}

/// Writes the start of a report.
pub(super) fn begin(out: &mut impl Write) -> io::Result<()> {
    let mut xml = Writer::new(out);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.get_mut().write_all(b"\n")?;
    let root = BytesStart::new("testsuites").with_attributes([("name", "mewshook")]);
    xml.write_event(Event::Start(root))?;
    xml.get_mut().write_all(b"\n")
}

/// Writes a test case. `inside` writes its content.
pub(super) fn write_case<W: Write>(
    out: &mut W,
    case: &Case<'_>,
    inside: impl FnOnce(&mut Writer<&mut W>) -> io::Result<()>,
) -> io::Result<()> {
    let class = xml_line(if case.path == STDIN {
        "stdin"
    } else {
        case.path
    });
    let name = xml_line(case.name);
    let time = case.time.as_deref().map(|time| ("time", time));
    let attributes = [("classname", &*class), ("name", &*name)];
    let mut xml = Writer::new(out);
    xml.create_element("testcase")
        .with_attributes(attributes.into_iter().chain(time))
        .write_inner_content(inside)?;
    xml.into_inner().write_all(b"\n")
}

/// Writes an element with a text.
pub(super) fn write_element<W: Write>(
    xml: &mut Writer<W>,
    start: &BytesStart<'_>,
    text: &str,
) -> io::Result<()> {
    let end = start.to_end().into_owned();
    xml.write_event(Event::Start(start.borrow()))?;
    xml.write_event(Event::Text(BytesText::new(&xml_text(text))))?;
    xml.write_event(Event::End(end))
}

/// Returns the text on one line, without the characters that XML 1.0 excludes.
pub(super) fn xml_line(text: &str) -> String {
    xml_text(&escape_controls(text))
}

/// Returns the text without the characters that XML 1.0 excludes.
pub(crate) fn xml_text(text: &str) -> String {
    let is_excluded = |character| matches!(character, '\u{fffe}' | '\u{ffff}');
    text.replace(is_excluded, "\u{fffd}")
}
