//! What a finding is: a rule, a place and the words for it.
//!
//! Checks make `Finding`s, which know their entry in the document; `resolve` turns those that are
//! told into [`Diagnostic`]s with pointers, lines and columns. However long the names in a payload,
//! a diagnostic takes a few kilobytes at most.

mod object;
mod path;

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Document, Node, Position, Positions};
use crate::secrets::Masking;

use path::{Paths, push_dotted};

/// How grave a rule's findings are when nothing else was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// Makes a payload invalid.
    Error,
    /// A warning: worth knowing, and an error only on demand.
    Warning,
    /// A warning that is reported only where `--deny` asks for it by name.
    OnDemand,
    /// An error that only `--expect` can cause: the payload is better than it should be.
    Expectation,
    /// An error that no payload should cause: a fault of this program.
    Internal,
}

impl Level {
    /// Returns the words for it in `explain` and on the page of codes.
    pub fn description(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::OnDemand => "warning, reported only with --deny",
            Self::Expectation => "error, reported only with --expect",
            Self::Internal => "error, a fault of mewshook",
        }
    }

    /// Returns `true` if findings are errors, whatever was asked for.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Error | Self::Expectation | Self::Internal)
    }
}

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The payload is invalid.
    Error,
    /// The payload may be valid.
    Warning,
}

impl Severity {
    /// The name in reports.
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

/// One code and what it means. How it is found is told in `checks`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The code's name.
    pub code: &'static str,
    /// How grave its findings are.
    pub level: Level,
    /// What it means, in one line.
    pub summary: &'static str,
    /// Why it matters, and what to do.
    pub why: &'static str,
    /// A whole payload that has this code and no other; empty for `internal-disagreement`, which no
    /// known payload has.
    pub before: &'static str,
    /// The same payload without it.
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

/// What a message starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    /// The path of the value or property.
    Itself,
    /// The path of a property of this name, which the object does not have.
    Missing(String),
    /// Nothing: the message is whole.
    Nothing,
}

/// The rest of a message, after what it is about.
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
    /// The entry that it is placed at: a value's, or a property name's.
    pub(crate) entry: u32,
    pub(crate) about: About,
    pub(crate) message: Message,
    pub(crate) help: Option<Cow<'static, str>>,
    /// The rule's path in the schema.
    pub(crate) path: Option<String>,
}

impl Finding {
    /// A finding whose message starts with the path of the value or property, with an empty text.
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

/// How many bytes of a JSON pointer a diagnostic has.
pub(crate) const LONGEST_POINTER: usize = 1024;

/// A finding as it is reported.
///
/// Its `Serialize` has the names of the JSON reports. Secrets in the message, the help and the pointer
/// are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The rule's code.
    pub code: &'static str,
    /// How grave it is, after `--strict`, `--allow` and `--deny`.
    pub severity: Severity,
    /// Whether `--expect` asked for it, so that it counts for nothing.
    pub expected: bool,
    /// What is wrong, in words about the payload.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place as a JSON pointer (RFC 6901); empty for the root. Where that would be longer than
    /// 1,024 bytes, it is the pointer of the innermost value around the place whose own is not.
    pub pointer: String,
    /// Whether the pointer is that of a value around the place.
    pub encloses: bool,
    /// The rule's path: in a bundled schema, or the name of the check.
    pub rule: String,
    /// Where to read about the rule.
    pub docs: &'static str,
    /// The place as bytes of the payload.
    pub span: Range<usize>,
    /// The place's start in the input.
    pub start: Position,
    /// The place behind its end.
    pub end: Position,
}

/// Gives findings their places. They come in text order; `severity` says how grave each rule is.
pub(crate) fn resolve(
    document: &Document<'_>,
    start: Position,
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
    let first_places = places(document.text().as_bytes(), start, &spans);
    let spans: Vec<_> = findings.iter().map(|found| span(found.entry)).collect();
    let places = places(document.text().as_bytes(), start, &spans);
    let mut paths = Paths::new(document, masking);
    findings
        .into_iter()
        .zip(spans.into_iter().zip(places))
        .map(|(finding, (span, (start, end)))| {
            let text = match finding.message {
                Message::Text(text) => text,
                Message::Repeats(first) => {
                    let at = firsts.partition_point(|other| *other < first);
                    let Position { line, column } = first_places[at].0;
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
                start,
                end,
            }
        })
        .collect()
}

/// The lines and columns of spans, found in one walk over the text.
pub(crate) fn places(
    text: &[u8],
    start: Position,
    spans: &[Range<usize>],
) -> Vec<(Position, Position)> {
    let mut ends: Vec<_> = (0..spans.len()).collect();
    ends.sort_by_key(|&at| spans[at].end);
    let mut positions = Positions::new(text, start);
    let mut places: Vec<_> = spans
        .iter()
        .map(|span| {
            let start = positions.at(span.start);
            (start, start)
        })
        .collect();
    let mut positions = Positions::new(text, start);
    for at in ends {
        places[at].1 = positions.at(spans[at].end);
    }
    places
}

/// A path for a message: of a long one its end, which says the most. The pointer has more of it.
fn short(path: &str, masking: Masking) -> Cow<'_, str> {
    const LONGEST: usize = 200;
    // What is secret about names may depend on those before them, but not on any that are so far.
    const LOOKED_AT: usize = 8 * LONGEST;
    let last = |text: &str, count| text.char_indices().rev().nth(count).map(|(start, _)| start);
    if last(path, LONGEST).is_none() {
        return Cow::Borrowed(path);
    }
    let looked_at = &path[last(path, LOOKED_AT).unwrap_or_default()..];
    // Masked before it is cut: half a secret is not known for one.
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
