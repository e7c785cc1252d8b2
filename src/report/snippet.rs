//! A diagnostic with its source line, in the look of rustc.
//!
//! The line is cut to a window around the spot, since a minified payload is one line of any
//! length; secrets in it are masked, and characters that a terminal would act on are replaced one
//! for one, so that the underline stays under what it means.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use colored::Colorize;
use unicode_width::UnicodeWidthChar;

use crate::diagnostic::{Diagnostic, Severity};
use crate::{secrets, steps};

use super::escape::{is_command, is_unsafe, visible};
use super::{Record, Style, wrap};

/// How far a title is indented below its first line.
const TITLE: usize = 4;

/// Renders diagnostics of one payload.
pub(super) struct Snippets<'r> {
    record: &'r Record<'r>,
    renderer: Renderer,
    style: Style,
    secrets: Vec<Range<usize>>,
}

impl<'r> Snippets<'r> {
    pub(super) fn new(record: &'r Record<'r>, style: Style) -> Self {
        let renderer = if style.colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        Self {
            record,
            // Lines are cut here, and nowhere else.
            renderer: renderer.term_width(10_000),
            style,
            secrets: secrets_of(record),
        }
    }

    /// The diagnostic as lines of text, with a line break at the end.
    pub(super) fn render(&self, diagnostic: &Diagnostic) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let line = usize::try_from(diagnostic.start.line).unwrap_or(usize::MAX);
        let digits = line.to_string().len();
        let window = self.window(
            &self.spot(&diagnostic.span),
            self.style.width.saturating_sub(digits + 3).max(20),
        );
        // Masked first: an escape that one can see might end a secret.
        let safe = |text: &str| visible(&secrets::mask(text)).into_owned();
        let limit = self.style.limit();
        let help = diagnostic.help.as_deref().map(safe);
        // The renderer has each line of a help begin behind this.
        let label = digits + " = help: ".len();
        let help = help
            .as_deref()
            .map(|help| wrap::broken(help, label, label, limit));
        let group = level
            .primary_title(safe(&diagnostic.message))
            .id(diagnostic.code)
            .element(
                Snippet::source(window.text)
                    .line_start(line)
                    .fold(false)
                    .annotation(AnnotationKind::Primary.span(window.spot)),
            );
        let group: Group<'_> = match &help {
            Some(help) => group.element(Level::HELP.message(&**help)),
            None => group,
        };
        // The renderer would count the column in the window: the place goes below its first line.
        let text = self.renderer.render(&[group]);
        let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let title = wrap::hanging(title, TITLE, limit);
        let path = visible(self.record.path);
        let arrow = "-->".bright_blue().bold();
        let column = diagnostic.start.column;
        format!(
            "{title}\n{:digits$}{arrow} {path}:{line}:{column}\n{rest}\n",
            ""
        )
    }

    /// What is underlined: of an object or array its bracket, which is where the diagnostic says
    /// that it is, however much stands between that and the other one.
    fn spot(&self, span: &Range<usize>) -> Range<usize> {
        match self.record.frame.payload.text.get(span.start) {
            Some(b'{' | b'[') if span.len() > 1 => span.start..span.start + 1,
            _ => span.clone(),
        }
    }

    /// The part of the line around a span that fits into `width` columns.
    fn window(&self, span: &Range<usize>, width: usize) -> Window {
        let text = self.record.frame.payload.text;
        // However long the line, only as many bytes are looked at as could be shown.
        let reach = (
            span.start.saturating_sub(width * 4),
            text.len().min(span.start + width * 4),
        );
        let line_start = memchr::memrchr(b'\n', &text[reach.0..span.start])
            .map_or(reach.0, |at| reach.0 + at + 1);
        let line_end =
            memchr::memchr(b'\n', &text[span.start..reach.1]).map_or(reach.1, |at| span.start + at);
        // A third of the window stands before the spot, the rest is for it and what follows.
        let before = characters_back(text, line_start, span.start, width / 3);
        let starts_mid_line = match before.checked_sub(1) {
            Some(last) => text[last] != b'\n',
            None => self.record.frame.payload.start.column > 1,
        };
        let mut window = Window::default();
        if starts_mid_line {
            window.text.push('…');
        }
        let mut room = width.saturating_sub(2);
        let mut at = before;
        let mut spot = None;
        let bytes = &text[before..line_end];
        steps::add(bytes.len());
        for chunk in bytes.utf8_chunks() {
            let broken = (!chunk.invalid().is_empty())
                .then_some((char::REPLACEMENT_CHARACTER, chunk.invalid().len()));
            for (character, length) in chunk
                .valid()
                .chars()
                .map(|c| (c, c.len_utf8()))
                .chain(broken)
            {
                let shown = self.shown(character, at);
                let wide = shown.width().unwrap_or(0).max(1);
                if wide > room {
                    room = 0;
                    break;
                }
                if at >= span.start && spot.is_none() {
                    spot = Some(window.text.len());
                }
                window.text.push(shown);
                if at < span.end {
                    window.spot.end = window.text.len();
                }
                at += length;
                room -= wide;
            }
        }
        window.spot.start = spot.unwrap_or(window.text.len());
        window.spot.end = window.spot.end.max(window.spot.start);
        if at < line_end && text[at..line_end] != *b"\r"
            || line_end == reach.1 && line_end < text.len()
        {
            window.text.push('…');
        }
        window
    }

    /// A character at an offset, as it may be shown.
    fn shown(&self, character: char, at: usize) -> char {
        let next = self.secrets.partition_point(|span| span.end <= at);
        if self.secrets.get(next).is_some_and(|span| span.start <= at) {
            '*'
        } else if character == '\t' {
            ' '
        } else if is_unsafe(character)
            || character == '[' && is_command(&self.record.frame.payload.text[..at])
        {
            char::REPLACEMENT_CHARACTER
        } else {
            character
        }
    }
}

/// Returns the secrets in a payload. What is no sound object or array is a part of something broken:
/// the name that makes it a secret may stand before it.
fn secrets_of(record: &Record<'_>) -> Vec<Range<usize>> {
    if let (Some(_), [b'{' | b'[', ..]) = (record.document, record.frame.payload.text) {
        return secrets::spans(record.frame.payload.text);
    }
    let start = record.frame.before.len();
    let spans = secrets::spans(&[record.frame.before, record.frame.payload.text].concat());
    let spans = spans.into_iter().filter(|span| span.end > start);
    spans
        .map(|span| span.start.saturating_sub(start)..span.end - start)
        .collect()
}

#[derive(Debug, Default)]
struct Window {
    text: String,
    spot: Range<usize>,
}

/// The offset that is `count` characters before `from`, but not before `start`.
fn characters_back(text: &[u8], start: usize, from: usize, count: usize) -> usize {
    let is_boundary = |byte: u8| byte & 0xC0 != 0x80;
    let mut at = from;
    for _ in 0..count {
        if at <= start {
            break;
        }
        at -= 1;
        while at > start && !is_boundary(text[at]) {
            at -= 1;
        }
    }
    at
}
