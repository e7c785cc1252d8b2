//! Diagnostics with their source lines, in the style of rustc.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use colored::Colorize;

use crate::diagnostic::{Diagnostic, Severity};

use super::escape::escape_controls;
use super::per_rule::{ChunkCounts, Item, write_first};
use super::window::Window;
use super::{Record, Style, wrap};

/// The indentation of a title's lines after the first.
const TITLE_INDENT: usize = 4;

/// Writes the diagnostics of a payload that may be among the first of the run, each with its source line
/// and a blank line after it.
pub(super) fn write_diagnostics(
    out: &mut Vec<u8>,
    counts: &mut ChunkCounts,
    max_per_rule: Option<u64>,
    record: &Record<'_>,
    style: Style,
) -> io::Result<()> {
    let mut snippets = None;
    write_first(
        out,
        counts,
        max_per_rule,
        record.verdict,
        |out, item| match item {
            Item::Diagnostic(diagnostic) => {
                let snippets = snippets.get_or_insert_with(|| Snippets::new(record, style));
                writeln!(out, "{}", snippets.render(diagnostic))
            }
            Item::Note(text) => {
                wrap::write(out, style.max_width(), "", text)?;
                writeln!(out)
            }
        },
    )
}

/// The source lines of the diagnostics of one payload.
pub(super) struct SourceLines<'r> {
    record: &'r Record<'r>,
    /// The text whose lines are shown: the payload as it stands in the input, or its own text if
    /// people can't read it there.
    shown: &'r [u8],
    secrets: Vec<Range<usize>>,
}

impl<'r> SourceLines<'r> {
    pub(super) fn new(record: &'r Record<'r>) -> Self {
        Self {
            record,
            shown: match record.found.text.outer {
                Some(outer) if outer.encoding.is_none() => outer.text,
                _ => record.found.text.text,
            },
            secrets: shown_secrets(record),
        }
    }

    /// Returns the source line of a diagnostic, in at most `width` columns.
    pub(super) fn window(&self, diagnostic: &Diagnostic, width: usize) -> Window {
        Window::new(
            self.shown,
            self.record.found.text.start,
            &self.secrets,
            &underlined(self.shown, self.span(diagnostic)),
            width,
        )
    }

    /// Returns the name of the encoding that the payload is shown without, if it is in one.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        self.record
            .found
            .text
            .outer
            .and_then(|outer| outer.encoding)
    }

    /// Returns the span of a diagnostic in the text that is shown.
    fn span<'d>(&self, diagnostic: &'d Diagnostic) -> &'d Range<usize> {
        match self.encoding() {
            Some(_) => &diagnostic.span,
            None => &diagnostic.written_span,
        }
    }
}

/// Renders the diagnostics of one payload.
struct Snippets<'r> {
    source: SourceLines<'r>,
    renderer: Renderer,
    style: Style,
}

impl<'r> Snippets<'r> {
    fn new(record: &'r Record<'r>, style: Style) -> Self {
        let renderer = if style.colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        Self {
            source: SourceLines::new(record),
            // Wide enough to never cut a line: `Window` does that.
            renderer: renderer.term_width(10_000),
            style,
        }
    }

    /// Returns a diagnostic as lines of text, with a line break at the end.
    fn render(&self, diagnostic: &Diagnostic) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let line = usize::try_from(diagnostic.start.line).unwrap_or(usize::MAX);
        let digits = line.to_string().len();
        let width = self.style.width.saturating_sub(digits + 3).max(20);
        let window = self.source.window(diagnostic, width);
        let escape = |text: &str| escape_controls(text).into_owned();
        let max_width = self.style.max_width();
        let help = diagnostic.help.as_deref().map(escape);
        // The renderer indents each line of a help by this much.
        let indent = digits + " = help: ".len();
        let help = help
            .as_deref()
            .map(|help| wrap::wrap(help, indent, indent, max_width));
        let group = level
            .primary_title(escape(&diagnostic.message))
            .id(diagnostic.code)
            .element(
                Snippet::source(window.text)
                    .line_start(line)
                    .fold(false)
                    .annotation(AnnotationKind::Primary.span(window.underlined)),
            );
        let group: Group<'_> = match &help {
            Some(help) => group.element(Level::HELP.message(&**help)),
            None => group,
        };
        // The renderer would count columns in the window, so the place is inserted here.
        let text = self.renderer.render(&[group]);
        let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let title = wrap::hanging(title, TITLE_INDENT, max_width);
        let path = escape_controls(self.source.record.path);
        let arrow = "-->".bright_blue().bold();
        let column = diagnostic.start.column;
        let decoded = match self.source.encoding() {
            Some(encoding) => format!(" (decoded from {encoding})"),
            None => String::new(),
        };
        format!(
            "{title}\n{:digits$}{arrow} {path}:{line}:{column}{decoded}\n{rest}\n",
            ""
        )
    }
}

/// Returns the part of a span of a text to underline. Of an object or array it is the opening bracket,
/// since the rest may be long.
pub(super) fn underlined(text: &[u8], span: &Range<usize>) -> Range<usize> {
    match text.get(span.start) {
        Some(b'{' | b'[') if span.len() > 1 => span.start..span.start + 1,
        _ => span.clone(),
    }
}

/// Returns the spans of the secrets in the text that is shown of a payload.
fn shown_secrets(record: &Record<'_>) -> Vec<Range<usize>> {
    let spans = secrets(record);
    match record.found.text.outer {
        Some(outer) if outer.encoding.is_none() => spans
            .into_iter()
            .map(|span| outer.map.range(span))
            .collect(),
        _ => spans,
    }
}

/// Returns the spans of the secrets in the text of a payload, in ascending order.
pub(super) fn secrets(record: &Record<'_>) -> Vec<Range<usize>> {
    let payload = &record.found.text;
    let mut spans = record.masking.spans(payload.text);
    if !matches!(
        (record.document, payload.text),
        (Some(_), [b'{' | b'[', ..])
    ) {
        // Anything but a valid object or array may be part of a broken one, so the property name
        // that makes it a secret may be in the text before it.
        let before = record.found.before;
        let with_before = record.masking.spans(&[before, payload.text].concat());
        let inside = with_before
            .into_iter()
            .filter(|span| span.end > before.len());
        spans.extend(
            inside.map(|span| span.start.saturating_sub(before.len())..span.end - before.len()),
        );
        spans = joined(spans);
    }
    spans
}

/// Returns spans in ascending order, with those that overlap joined.
fn joined(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| span.start);
    spans.dedup_by(|next, span| {
        let overlaps = next.start <= span.end;
        if overlaps {
            span.end = span.end.max(next.end);
        }
        overlaps
    });
    spans
}
