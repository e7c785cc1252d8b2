//! Findings and diagnostics, which consist of a rule, a place and a message.
//!
//! Checks create `Finding`s, which contain the index of an entry of the document. `resolve`
//! converts those that are reported to [`Diagnostic`]s with pointers, lines and columns. A
//! diagnostic has at most a few kilobytes, even if the names in a payload are long.

mod object;
mod path;

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Document, Node, PayloadText, Position};
use crate::secrets::Masking;
use crate::steps;

use path::{Path, Paths, push_dotted};

/// The default severity of a rule's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// An error, which makes a payload invalid.
    Error,
    /// A warning, which options such as `--strict` turn into an error.
    Warning,
    /// A warning that is reported only if `--deny` names it.
    OnDemand,
    /// An error that only `--expect` can cause: the payload lacks an expected error.
    Expectation,
    /// An error that no payload should cause: a fault of this program.
    Internal,
}

impl Level {
    /// Returns the description in `explain` and on the page of codes.
    pub fn description(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::OnDemand => "warning, reported only with --deny",
            Self::Expectation => "error, reported only with --expect",
            Self::Internal => "error, a fault of mewshook",
        }
    }

    /// Returns `true` if findings are errors, whatever the options are.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Error | Self::Expectation | Self::Internal)
    }
}

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The payload is invalid.
    Error,
    /// The payload may be valid.
    Warning,
}

impl Severity {
    /// Returns the name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// The title of the document, with its date.
    pub title: &'static str,
    /// Where to read it.
    pub url: &'static str,
}

/// The documentation of a code. The checks themselves are in `checks`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The code.
    pub code: &'static str,
    /// The default severity of its findings.
    pub level: Level,
    /// The meaning, in one line.
    pub summary: &'static str,
    /// Why it matters, and what to do.
    pub why: &'static str,
    /// A complete payload with only this code, or a capture of one; empty for
    /// `internal-disagreement`, since no payload with that code is known.
    pub before: &'static str,
    /// The corrected payload, or a capture that has it as it was sent.
    pub after: &'static str,
    /// Where the rule comes from.
    pub source: Source,
}

impl Rule {
    /// Returns the payloads before and after a fix, each with its title.
    pub fn examples(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let examples = [("Before", self.before), ("After", self.after)];
        examples
            .into_iter()
            .filter(|(_, payload)| !payload.is_empty())
    }
}

/// The subject of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    /// The path of the value or property.
    Itself,
    /// The path of a property of this name, which the object does not have.
    Missing(String),
    /// Nothing: the text is a complete message.
    Nothing,
}

/// The rest of a message, after its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// A text.
    Text(Cow<'static, str>),
    /// The property is a duplicate; the entry is that of the first one.
    Repeats(u32),
}

/// A rule's finding at an entry of a document.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    /// The index of the entry of a value or a property's name.
    pub(crate) entry: u32,
    pub(crate) about: About,
    pub(crate) message: Message,
    pub(crate) help: Option<Cow<'static, str>>,
    /// The rule's path in the schema.
    pub(crate) path: Option<String>,
}

impl Finding {
    /// Creates a finding whose message starts with the path of the value or property, and has no
    /// other text yet.
    pub(crate) fn new(rule: &'static Rule, node: Node<'_>) -> Self {
        Self {
            rule,
            entry: node.index(),
            about: About::Itself,
            message: Message::Text(Cow::Borrowed("")),
            help: None,
            path: None,
        }
    }

    pub(crate) fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    pub(crate) fn message(self, text: impl Into<Cow<'static, str>>) -> Self {
        let message = Message::Text(text.into());
        Self { message, ..self }
    }

    pub(crate) fn repeats(self, first: u32) -> Self {
        let message = Message::Repeats(first);
        Self { message, ..self }
    }

    pub(crate) fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        let help = Some(help.into());
        Self { help, ..self }
    }
}

/// The maximum length of a diagnostic's JSON pointer, in bytes.
pub(crate) const LONGEST_POINTER: usize = 1024;

/// A finding as it is reported.
///
/// It is serialized with the names of the JSON reports. Secrets in the message, the help and the
/// pointer are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The rule's code.
    pub code: &'static str,
    /// The severity, after `--strict`, `--allow` and `--deny` are applied.
    pub severity: Severity,
    /// Whether the error is expected and not counted.
    pub expected: bool,
    /// What is wrong with the payload.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place as a JSON pointer (RFC 6901); empty for the root. If it is longer than 1,024
    /// bytes, this is the pointer of the innermost enclosing value with a pointer of at most that
    /// length.
    pub pointer: String,
    /// Whether the pointer is that of an enclosing value.
    pub encloses: bool,
    /// The path of the rule in a bundled schema, or the name of the check.
    pub rule: String,
    /// The address of the documentation of the rule.
    pub docs: &'static str,
    /// The byte range of the place in the payload.
    pub span: Range<usize>,
    /// The byte range of the place in the payload as it stands in the input: the same as `span`
    /// unless the payload was decoded, from a JSON string for instance.
    pub written_span: Range<usize>,
    /// The start of the place in the input.
    pub start: Position,
    /// The end of the place, after its last character.
    pub end: Position,
}

/// Converts findings, which are in text order, to diagnostics. `severity` returns the severity of a
/// rule.
pub(crate) fn resolve(
    document: &Document<'_>,
    source: &PayloadText<'_>,
    findings: Vec<Finding>,
    severity: impl Fn(&'static Rule) -> Severity,
    masking: Masking,
) -> Vec<Diagnostic> {
    let span = |entry| document.node(entry).span();
    let repeated = findings.iter().filter_map(|finding| match finding.message {
        Message::Repeats(first) => Some(first),
        Message::Text(_) => None,
    });
    let mut firsts: Vec<u32> = repeated.collect();
    firsts.sort_unstable();
    firsts.dedup();
    let spans: Vec<_> = firsts.iter().map(|&first| span(first)).collect();
    let first_places = source.places(&spans);
    let spans: Vec<_> = findings.iter().map(|found| span(found.entry)).collect();
    let places = source.places(&spans);
    let mut paths = Paths::new(document, masking);
    findings
        .into_iter()
        .zip(spans.into_iter().zip(places))
        .map(|(finding, (span, place))| {
            let text = match finding.message {
                Message::Text(text) => text,
                Message::Repeats(first) => {
                    let at = firsts.partition_point(|other| *other < first);
                    let Position { line, column } = first_places[at].start;
                    format!("is a duplicate of the one at {line}:{column}").into()
                }
            };
            let path = paths.path(finding.entry);
            let pointer = path.pointer_within(LONGEST_POINTER);
            Diagnostic {
                code: finding.rule.code,
                severity: severity(finding.rule),
                expected: false,
                message: masking
                    .mask(&message(&path.dotted, &finding.about, &text, masking))
                    .into_owned(),
                help: finding.help.map(|help| masking.mask(&help).into_owned()),
                encloses: pointer.len() < path.pointer.len(),
                pointer: pointer.to_owned(),
                rule: finding
                    .path
                    .unwrap_or_else(|| format!("checks/{}", finding.rule.code)),
                docs: finding.rule.source.url,
                span,
                written_span: place.range,
                start: place.start,
                end: place.end,
            }
        })
        .collect()
}

/// Returns the path of the innermost value or name that a span is in.
pub(crate) fn path_at(document: &Document<'_>, span: &Range<usize>, masking: Masking) -> Path {
    let entries = document.entries();
    let after = entries.partition_point(|entry| entry.start() <= span.start);
    let entries = &entries[..after];
    let index = entries.iter().rposition(|entry| span.end <= entry.end());
    steps::add(after - index.unwrap_or_default());
    let index = index.and_then(|index| u32::try_from(index).ok());
    let mut paths = Paths::new(document, masking);
    paths.path(index.unwrap_or_default());
    paths.into_path()
}

/// Returns a path for a message. A long path is truncated to its end, which is the most specific
/// part.
fn short(path: &str, masking: Masking) -> Cow<'_, str> {
    const LONGEST: usize = 200;
    // Whether a name is secret may depend on the names before it, but only on near ones.
    const LOOKED_AT: usize = 8 * LONGEST;
    let last = |text: &str, count| text.char_indices().rev().nth(count).map(|(start, _)| start);
    if last(path, LONGEST).is_none() {
        return Cow::Borrowed(path);
    }
    let looked_at = &path[last(path, LOOKED_AT).unwrap_or_default()..];
    // Masked before it is truncated, since a part of a secret may not be recognised.
    let masked = masking.mask(looked_at);
    let start = last(&masked, LONGEST).unwrap_or_default();
    Cow::Owned(format!("…{}", &masked[start..]))
}

fn message(path: &str, about: &About, text: &str, masking: Masking) -> String {
    let subject = match about {
        About::Nothing => return text.to_owned(),
        About::Itself if path.is_empty() => "the payload".to_owned(),
        About::Itself => format!("`{}`", short(path, masking)),
        About::Missing(name) => {
            let mut path = short(path, masking).into_owned();
            push_dotted(&mut path, name, name);
            format!("`{path}`")
        }
    };
    format!("{subject} {text}")
}
