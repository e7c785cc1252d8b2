//! A payload's text with its errors marked in place.
//!
//! JSON is laid out with line breaks. Of what is not JSON, only the lines that diagnostics speak of are
//! shown, as in other reports: not all secrets are found in such a text. Secrets are masked one for one, and characters that a terminal or a browser would act on are written as JSON escapes.

use std::convert::Infallible;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::layout::{LaidOut, lay_out};
use crate::report::Record;
use crate::report::escape::{display_text, escape_source};
use crate::report::snippet::{SourceLines, secrets, underlined};
use crate::report::window::characters;
use crate::steps;

use super::findings::WIDTH;

/// The maximum number of bytes of a payload's text that are shown.
const MAX_SHOWN: usize = 256 << 10;

/// The deepest level that is indented further than the one above it, so that the text of a payload
/// with many levels does not become much longer.
const MAX_INDENT: usize = 16;

/// The text of a payload.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct MarkedText {
    /// The text.
    pub(super) parts: Vec<Part>,
    /// The number of bytes at the end that are left out, since the text is long.
    pub(super) left_out: usize,
    /// The diagnostics of the part that is left out.
    pub(super) notes: Vec<Note>,
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Part {
    /// Text without a diagnostic.
    Plain(String),
    /// The text that diagnostics speak of, and whether one of them is an error.
    Mark { text: String, is_error: bool },
    /// A diagnostic, after the line of its mark.
    Note(Note),
}

/// A diagnostic, as it stands below the line that it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) code: String,
    pub(super) is_error: bool,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl From<&Diagnostic> for Note {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self {
            code: diagnostic.code.to_owned(),
            is_error: diagnostic.severity == Severity::Error,
            message: display_text(&diagnostic.message),
            help: diagnostic.help.as_deref().map(display_text),
        }
    }
}

impl Note {
    /// Returns the name of the severity.
    pub(super) fn severity(&self) -> &'static str {
        severity(self.is_error)
    }
}

/// Returns the name of a severity.
pub(super) fn severity(is_error: bool) -> &'static str {
    if is_error {
        Severity::Error.name()
    } else {
        Severity::Warning.name()
    }
}

impl MarkedText {
    /// Marks the text of a payload.
    pub(super) fn of(record: &Record<'_>) -> Self {
        if record.document.is_none() {
            return Self::of_lines(record);
        }
        let text = record.found.text.text;
        let mut writer = Writer {
            text,
            secrets: secrets(record),
            secret: 0,
            marks: marks(record),
            mark: 0,
            waiting: Vec::new(),
            parts: Vec::new(),
            length: 0,
            shown: 0,
        };
        let result = lay_out::<Infallible>(text, |part| {
            match part {
                LaidOut::Token(range) => writer.token(range),
                LaidOut::Space => writer.plain(" "),
                LaidOut::LineBreak(level) => {
                    writer.end_line();
                    writer.plain(&"  ".repeat(level.min(MAX_INDENT)));
                }
            }
            Ok(())
        });
        let Ok(()) = result;
        writer.end();
        writer.finish()
    }

    /// Marks the lines that diagnostics speak of.
    fn of_lines(record: &Record<'_>) -> Self {
        let source = SourceLines::new(record);
        let mut parts = Vec::new();
        for diagnostic in record.verdict.reported() {
            let window = source.window(diagnostic, WIDTH);
            let (before, rest) = window.text.split_at(window.underlined.start);
            let (marked, after) = rest.split_at(window.underlined.len());
            parts.extend([
                Part::Plain(before.to_owned()),
                Part::Mark {
                    text: marked.to_owned(),
                    is_error: diagnostic.severity == Severity::Error,
                },
                Part::Plain(format!("{after}\n")),
                Part::Note(diagnostic.into()),
            ]);
        }
        Self {
            parts,
            ..Self::default()
        }
    }
}

/// A range of a payload that diagnostics speak of.
struct Mark<'r> {
    range: Range<usize>,
    diagnostics: Vec<&'r Diagnostic>,
}

/// Returns the marks of a payload in text order, without overlaps.
fn marks<'r>(record: &'r Record<'_>) -> Vec<Mark<'r>> {
    let text = record.found.text.text;
    let mut marks: Vec<_> = record
        .verdict
        .reported()
        .map(|diagnostic| {
            let range = underlined(text, &diagnostic.span);
            let end = range.end.min(text.len());
            Mark {
                range: range.start.min(end)..end,
                diagnostics: vec![diagnostic],
            }
        })
        .collect();
    marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
    marks.dedup_by(|next, mark| {
        let overlaps = next.range.start < mark.range.end || next.range == mark.range;
        if overlaps {
            mark.range.end = mark.range.end.max(next.range.end);
            mark.diagnostics.append(&mut next.diagnostics);
        }
        overlaps
    });
    marks
}

/// Collects the parts of a text.
struct Writer<'r> {
    text: &'r [u8],
    secrets: Vec<Range<usize>>,
    /// The index of the first secret that does not end before the text that comes next.
    secret: usize,
    marks: Vec<Mark<'r>>,
    /// The index of the next mark.
    mark: usize,
    /// The diagnostics of the line, which come after it.
    waiting: Vec<&'r Diagnostic>,
    parts: Vec<Part>,
    /// The number of bytes of the parts.
    length: usize,
    /// The end of the text that is shown.
    shown: usize,
}

impl Writer<'_> {
    fn is_full(&self) -> bool {
        self.length >= MAX_SHOWN
    }

    /// Appends a token, with the marks in it.
    fn token(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while let Some(mark) = self.marks.get(self.mark)
            && mark.range.start < range.end
            && !self.is_full()
        {
            // A mark may start in the blanks before a token.
            let start = mark.range.start.max(at);
            let end = mark.range.end.clamp(start, range.end);
            let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
            let is_error = mark.diagnostics.iter().any(is_error);
            self.waiting.extend(&mark.diagnostics);
            self.mark += 1;
            self.source(at..start);
            let text = self.shown_source(start..end);
            if !text.is_empty() {
                self.parts.push(Part::Mark { text, is_error });
            }
            at = end;
        }
        self.source(at..range.end);
    }

    /// Appends a part of the payload without a mark.
    fn source(&mut self, range: Range<usize>) {
        let text = self.shown_source(range);
        self.push(&text);
    }

    /// Appends a text that is not part of the payload.
    fn plain(&mut self, text: &str) {
        if !self.is_full() {
            self.length += text.len();
            self.push(text);
        }
    }

    fn push(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Plain(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.parts.push(Part::Plain(text.to_owned())),
        }
    }

    /// Returns a part of the payload as it is shown, as far as there is room.
    fn shown_source(&mut self, range: Range<usize>) -> String {
        let room = MAX_SHOWN.saturating_sub(self.length);
        let mut end = range.end.min(range.start + room);
        while end < range.end && end > range.start && self.text[end] & 0xC0 == 0x80 {
            end -= 1;
        }
        if range.start < end {
            self.shown = end;
        }
        let bytes = &self.text[range.start..end];
        steps::add(bytes.len());
        let mut text = String::with_capacity(bytes.len());
        let mut at = range.start;
        for (character, length) in characters(bytes) {
            while self
                .secrets
                .get(self.secret)
                .is_some_and(|span| span.end <= at)
            {
                self.secret += 1;
            }
            let is_secret = self
                .secrets
                .get(self.secret)
                .is_some_and(|span| span.start <= at);
            match character {
                _ if is_secret => text.push('*'),
                '\t' => text.push_str("  "),
                '\r' if self.text.get(at + 1) == Some(&b'\n') => {}
                character => text.push(character),
            }
            at += length;
        }
        let text = escape_source(&text);
        self.length += text.len();
        text
    }

    /// Ends a line, and appends the diagnostics of the line below it.
    fn end_line(&mut self) {
        self.plain("\n");
        for diagnostic in std::mem::take(&mut self.waiting) {
            self.parts.push(Part::Note(diagnostic.into()));
        }
    }

    /// Appends the diagnostics that are left after the text.
    fn end(&mut self) {
        if !self.is_full() {
            let rest = self.marks.get(self.mark..).unwrap_or_default();
            self.waiting
                .extend(rest.iter().flat_map(|mark| &mark.diagnostics));
            self.mark = self.marks.len();
        }
        if !self.waiting.is_empty() {
            self.end_line();
        }
    }

    fn finish(self) -> MarkedText {
        let rest = self.marks.into_iter().skip(self.mark);
        let notes = rest.flat_map(|mark| mark.diagnostics);
        MarkedText {
            parts: self.parts,
            left_out: if self.length >= MAX_SHOWN {
                self.text.len() - self.shown
            } else {
                0
            },
            notes: notes.map(Note::from).collect(),
        }
    }
}
