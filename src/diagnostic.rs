//! What a finding is: a rule, a place and the words for it.
//!
//! Checks make `Finding`s, which know their entry in the document; `resolve` turns those into
//! [`Diagnostic`]s with pointers, lines and columns, and only for payloads that have any.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Document, Node, Paths, Position, Positions, push_dotted};

/// How grave a rule's findings are when nothing else was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Makes a payload invalid.
    Error,
    /// A warning: worth knowing, and an error only on demand.
    Warning,
    /// A warning that is reported only where `--deny` asks for it by name.
    OnDemand,
    /// An error that only `--expect` can cause: the payload is better than it should be.
    Expectation,
}

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
pub struct Source {
    /// The document, with its date.
    pub what: &'static str,
    /// Where to read it.
    pub url: &'static str,
}

/// One code and what it means. How it is found is told in `checks`.
#[derive(Debug)]
pub struct Rule {
    /// The code's name.
    pub code: &'static str,
    /// How grave its findings are.
    pub level: Level,
    /// What it means, in one line.
    pub summary: &'static str,
    /// Why it matters, and what to do.
    pub why: &'static str,
    /// A whole payload that has this code and no other.
    pub before: &'static str,
    /// The same payload without it.
    pub after: &'static str,
    /// Where the rule comes from.
    pub source: Source,
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

/// A rule's finding at an entry of a document.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    /// The entry that it is placed at: a value's, or a property name's.
    pub(crate) entry: u32,
    pub(crate) about: About,
    /// The rest of the message.
    pub(crate) says: String,
    pub(crate) help: Option<String>,
    /// The rule's path in the schema.
    pub(crate) path: Option<String>,
    /// The entry of a property name whose own finding this one makes needless.
    pub(crate) explains: Option<u32>,
}

impl Finding {
    /// A finding whose message starts with the path of the value or property.
    pub(crate) fn new(rule: &'static Rule, node: Node<'_>, says: impl Into<String>) -> Self {
        Self {
            rule,
            entry: node.index(),
            about: About::Itself,
            says: says.into(),
            help: None,
            path: None,
            explains: None,
        }
    }

    pub(crate) fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        let help = Some(help.into());
        Self { help, ..self }
    }
}

/// A finding as it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The place as a JSON pointer (RFC 6901); empty for the root.
    pub pointer: String,
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

/// Gives findings their places, in text order. `severity` says how grave each rule is, if at all.
pub(crate) fn resolve(
    document: &Document<'_>,
    start: Position,
    mut findings: Vec<Finding>,
    severity: impl Fn(&'static Rule) -> Option<Severity>,
) -> Vec<Diagnostic> {
    findings.retain(|finding| severity(finding.rule).is_some());
    findings.sort_by_key(|finding| finding.entry);
    let spans: Vec<_> = findings
        .iter()
        .map(|finding| document.node(finding.entry).span())
        .collect();
    let places = places(document.text().as_bytes(), start, &spans);
    let mut paths = Paths::new(document);
    findings
        .into_iter()
        .zip(spans.into_iter().zip(places))
        .map(|(finding, (span, (start, end)))| {
            let path = paths.of(finding.entry);
            Diagnostic {
                code: finding.rule.code,
                severity: severity(finding.rule).unwrap_or(Severity::Error),
                expected: false,
                message: message(&path.dotted, finding.about, &finding.says),
                help: finding.help,
                pointer: path.pointer.clone(),
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

/// The messages of findings that are not reported for themselves, in text order.
pub(crate) fn messages(document: &Document<'_>, findings: &[Finding]) -> Vec<String> {
    let mut findings: Vec<_> = findings.iter().collect();
    findings.sort_by_key(|finding| finding.entry);
    let mut paths = Paths::new(document);
    findings
        .into_iter()
        .map(|finding| {
            let path = paths.of(finding.entry);
            message(&path.dotted, finding.about.clone(), &finding.says)
        })
        .collect()
}

/// A path for a message: of a long one its end, which says the most. The pointer has it all.
fn short(path: &str) -> Cow<'_, str> {
    const LONGEST: usize = 200;
    match path.char_indices().rev().nth(LONGEST) {
        Some((start, _)) => Cow::Owned(format!("…{}", &path[start..])),
        None => Cow::Borrowed(path),
    }
}

fn message(path: &str, about: About, says: &str) -> String {
    let subject = match about {
        About::Nothing => return says.to_owned(),
        About::Itself if path.is_empty() => "the payload".to_owned(),
        About::Itself => format!("`{}`", short(path)),
        About::Missing(name) => {
            let mut path = short(path).into_owned();
            push_dotted(&mut path, &name);
            format!("`{path}`")
        }
    };
    format!("{subject} {says}")
}
