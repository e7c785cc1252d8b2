//! Makes the lengths true again that a capture states about its bodies: a placeholder may be longer
//! than its secret.
//!
//! This compares the text before redaction with the redacted one, which have the same structure. A
//! length is only changed if it was true before: others count something else, such as compressed
//! bytes. The lengths of chunks are written with the chunks: see [`containers`](super::containers).

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Document, Node, Tag};
use crate::secrets::{Message, UnescapedText};
use crate::steps;

use super::header_lists::entries;

/// How often lengths are corrected: a length in a body changes the length of the body if it gets
/// another digit.
const MAX_ROUNDS: usize = 4;

/// The maximum number of nested JSON strings that are searched for lengths.
const MAX_LEVELS: usize = 16;

/// A property that states the length of a body, and the path to the body from the same object.
struct LengthRule {
    length: &'static str,
    body: &'static [&'static str],
}

const LENGTH_RULES: [LengthRule; 7] = [
    // HAR: requests, responses without compression, and the contents of responses.
    LengthRule {
        length: "bodySize",
        body: &["postData", "text"],
    },
    LengthRule {
        length: "bodySize",
        body: &["content", "text"],
    },
    LengthRule {
        length: "size",
        body: &["text"],
    },
    // webhook.site.
    LengthRule {
        length: "size",
        body: &["content"],
    },
    LengthRule {
        length: "contentLength",
        body: &["body"],
    },
    LengthRule {
        length: "content_length",
        body: &["body"],
    },
    LengthRule {
        length: "bodyLength",
        body: &["body"],
    },
];

/// The properties of an object that contain the headers of a message.
const HEADERS: [&str; 4] = ["headers", "Headers", "rawHeaders", "multiValueHeaders"];

/// The paths to a body from the object that has its headers.
const BODIES: [&[&str]; 12] = [
    &["postData", "text"],
    &["content", "text"],
    &["body"],
    &["bodyB"],
    &["rawBody"],
    &["content"],
    &["text"],
    &["payload"],
    &["data"],
    &["raw"],
    &["Message"],
    &["message"],
];

/// A redacted text whose lengths are true.
pub(super) struct Corrected {
    pub(super) text: Vec<u8>,
    /// Whether the body of a message with a signature was changed.
    pub(super) is_signed_body_changed: bool,
}

/// Corrects the lengths in a redacted text.
pub(super) fn correct(before: &[u8], after: Vec<u8>) -> Corrected {
    let mut text = after;
    let mut is_signed_body_changed = false;
    for _ in 0..MAX_ROUNDS {
        let mut search = Search {
            edits: Vec::new(),
            is_signed_body_changed,
        };
        search.text(&UnescapedText::new(before), &UnescapedText::new(&text), 0);
        is_signed_body_changed = search.is_signed_body_changed;
        if search.edits.is_empty() {
            break;
        }
        text = edited(&text, search.edits);
    }
    Corrected {
        text,
        is_signed_body_changed,
    }
}

fn edited(text: &[u8], mut edits: Vec<(Range<usize>, usize)>) -> Vec<u8> {
    edits.sort_by_key(|(span, _)| span.start);
    let mut edited = Vec::with_capacity(text.len() + edits.len());
    let mut end = 0;
    for (span, length) in edits {
        if span.start < end {
            continue;
        }
        edited.extend_from_slice(&text[end..span.start]);
        edited.extend_from_slice(length.to_string().as_bytes());
        end = span.end;
    }
    edited.extend_from_slice(&text[end..]);
    edited
}

struct Search {
    /// The spans of lengths in the redacted text, and their new values.
    edits: Vec<(Range<usize>, usize)>,
    is_signed_body_changed: bool,
}

impl Search {
    fn text(&mut self, before: &UnescapedText<'_>, after: &UnescapedText<'_>, level: usize) {
        if level > MAX_LEVELS || before.bytes() == after.bytes() {
            return;
        }
        steps::add(before.bytes().len() + after.bytes().len());
        if !self.json(before, after, level) {
            self.messages(before, after, level);
        }
    }

    /// Corrects the lengths in JSON. Returns `false` if the texts are not JSON.
    fn json(
        &mut self,
        before: &UnescapedText<'_>,
        after: &UnescapedText<'_>,
        level: usize,
    ) -> bool {
        let may_be_json = |text: &UnescapedText<'_>| {
            matches!(text.bytes().trim_ascii_start(), [b'{' | b'[' | b'"', ..])
        };
        if !may_be_json(before) || !may_be_json(after) {
            return false;
        }
        let texts = (
            str::from_utf8(before.bytes()),
            str::from_utf8(after.bytes()),
        );
        let (Ok(old_text), Ok(new_text)) = texts else {
            return false;
        };
        let documents = (Document::parse(old_text), Document::parse(new_text));
        let (Ok(old_document), Ok(new_document)) = documents else {
            return false;
        };
        let count = old_document.entries().len();
        if count != new_document.entries().len() {
            return true;
        }
        steps::add(count);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let mut index = 0;
        while index < count {
            let (old, new) = (old_document.node(index), new_document.node(index));
            if old.text() == new.text() {
                index = old.next_index();
                continue;
            }
            index += 1;
            match old.tag() {
                Tag::Object => self.object((old, new), after),
                Tag::String => {
                    let (old_span, new_span) = (old.span(), new.span());
                    let old_string = before.slice(old_span.start + 1..old_span.end - 1);
                    let new_string = after.slice(new_span.start + 1..new_span.end - 1);
                    self.text(
                        &old_string.unescape_json(),
                        &new_string.unescape_json(),
                        level + 1,
                    );
                }
                _ => {}
            }
        }
        true
    }

    /// Corrects the lengths that an object states.
    fn object(&mut self, (old, new): (Node<'_>, Node<'_>), after: &UnescapedText<'_>) {
        for rule in &LENGTH_RULES {
            let lengths = (old.get(rule.length), new.get(rule.length));
            if let (Some(old_length), Some(new_length)) = lengths {
                self.length((old, new), rule.body, (old_length, new_length), after);
            }
        }
        let lists = HEADERS
            .iter()
            .filter_map(|name| Some((old.get(name)?, new.get(name)?)));
        // Some captures have the headers beside the body.
        for (old_list, new_list) in lists.chain([(old, new)]) {
            let (old_entries, new_entries) = (entries(old_list), entries(new_list));
            let names = old_entries.iter().map(|(name, _)| name);
            let found = names
                .clone()
                .position(|name| name.eq_ignore_ascii_case("content-length"));
            let found = found.and_then(|at| Some((old_entries.get(at)?.1, new_entries.get(at)?.1)));
            if let Some(lengths) = found {
                for path in BODIES {
                    self.length((old, new), path, lengths, after);
                }
            }
            if names.clone().any(|name| is_signature(name.as_bytes())) {
                self.is_signed_body_changed |= BODIES.iter().any(|path| {
                    let bodies = (old.at(path), new.at(path));
                    matches!(bodies, (Some(old), Some(new)) if old.text() != new.text())
                });
            }
        }
    }

    /// Corrects a length of a body if it was true.
    fn length(
        &mut self,
        (old, new): (Node<'_>, Node<'_>),
        path: &[&str],
        (old_length, new_length): (Node<'_>, Node<'_>),
        after: &UnescapedText<'_>,
    ) {
        let measured = |object: Node<'_>| {
            let (name, path) = path.split_last()?;
            let holder = object.at(path)?;
            let is_base64 = is_base64(holder) || is_base64(object);
            Some(measure(holder.get(name)?, is_base64))
        };
        let (Some(old_size), Some(new_size)) = (measured(old), measured(new)) else {
            return;
        };
        let (Some((was, _)), Some((is, span))) = (stated(old_length), stated(new_length)) else {
            return;
        };
        if was == old_size && is != new_size {
            self.edits.push((after.outer_span(span), new_size));
        }
    }

    /// Corrects the lengths in one or more HTTP messages.
    fn messages(&mut self, before: &UnescapedText<'_>, after: &UnescapedText<'_>, level: usize) {
        let (mut old_at, mut new_at) = (0, 0);
        loop {
            let old_text = before.bytes().get(old_at..).unwrap_or_default();
            let new_text = after.bytes().get(new_at..).unwrap_or_default();
            let old = Message::split(old_text);
            let Some(old) = old else { return };
            // The redacted body may have another length than its message states.
            let Some(mut new) = Message::split(new_text) else {
                return;
            };
            let is_last = old.body.end == old_text.len();
            if is_last {
                new.body.end = new_text.len();
            } else {
                let Some(end) = next_message(old_text, new_text, &old, &new) else {
                    return;
                };
                new.body.end = end;
            }
            self.message((before, old_at, &old), (after, new_at, &new), level);
            if is_last {
                return;
            }
            let blank = |text: &[u8], end: usize| {
                let rest = &text[end..];
                end + rest.len() - rest.trim_ascii_start().len()
            };
            old_at += blank(old_text, old.body.end);
            new_at += blank(new_text, new.body.end);
        }
    }

    fn message(
        &mut self,
        (before, old_at, old): (&UnescapedText<'_>, usize, &Message),
        (after, new_at, new): (&UnescapedText<'_>, usize, &Message),
        level: usize,
    ) {
        let old_text = &before.bytes()[old_at..];
        let new_text = &after.bytes()[new_at..];
        let (old_body, new_body) = (&old_text[old.body.clone()], &new_text[new.body.clone()]);
        if old_body == new_body {
            return;
        }
        let has_signature = old.header_names(old_text).any(is_signature);
        self.is_signed_body_changed |= has_signature;
        let lengths = (
            old.header(old_text, b"content-length"),
            new.header(new_text, b"content-length"),
        );
        if let (Some(old_length), Some(new_length)) = lengths {
            let was = number(&old_text[old_length]);
            let is = number(&new_text[new_length.clone()]);
            let new_size = if was == Some(old_body.len()) {
                Some(new_body.len())
            } else {
                // A file ends with a line break, which is not part of the body.
                let is_trimmed = was == Some(old_body.trim_ascii_end().len());
                is_trimmed.then(|| new_body.trim_ascii_end().len())
            };
            if let Some(size) = new_size.filter(|size| is != Some(*size)) {
                let span = new_at + new_length.start..new_at + new_length.end;
                self.edits.push((after.outer_span(span), size));
            }
        }
        let old_range = old_at + old.body.start..old_at + old.body.end;
        let new_range = new_at + new.body.start..new_at + new.body.end;
        self.json(&before.slice(old_range), &after.slice(new_range), level);
    }
}

/// Returns the end of the first message of a redacted text that is followed by another message, by
/// the number of lines, which does not change.
fn next_message(old_text: &[u8], new_text: &[u8], old: &Message, new: &Message) -> Option<usize> {
    let rest = old_text[old.body.end..].trim_ascii_start();
    let word = rest.split(u8::is_ascii_whitespace).next()?;
    let blank = old_text.len() - old.body.end - rest.len();
    let before = &old_text[old.body.start..old.body.end + blank];
    let body = &new_text[new.body.start..];
    let lines = memchr::memchr_iter(b'\n', before).count();
    let start = match lines.checked_sub(1) {
        Some(last) => memchr::memchr_iter(b'\n', body).nth(last)? + 1,
        None => 0,
    };
    let is_line_start = before.is_empty() || before.ends_with(b"\n");
    let line = &body[start..];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    steps::add(before.len() + start + line.len());
    let at = if is_line_start {
        0
    } else {
        memchr::memmem::rfind(line, word)?
    };
    let next = new.body.start + start + at;
    new_text[next..].starts_with(word).then_some(next - blank)
}

/// Returns `true` if a header contains a signature.
fn is_signature(name: &[u8]) -> bool {
    let is_start = |part: &[u8]| part.eq_ignore_ascii_case(b"signature");
    name.windows(b"signature".len()).any(is_start)
}

/// Returns `true` if an object states that its body is base64.
fn is_base64(object: Node<'_>) -> bool {
    let has_encoding = object
        .get("encoding")
        .is_some_and(|node| node.is_str("base64"));
    let flag = object.get("isBase64Encoded").and_then(Node::as_bool);
    has_encoding || flag == Some(true)
}

/// Returns the length of a body in bytes.
fn measure(node: Node<'_>, is_base64: bool) -> usize {
    let content = node.as_str().unwrap_or(Cow::Borrowed(node.text()));
    if !is_base64 {
        return content.len();
    }
    let digits = content
        .bytes()
        .filter(|byte| *byte != b'=' && !byte.is_ascii_whitespace());
    digits.count() * 6 / 8
}

/// Returns the length that a number or a string states, and the span of its digits.
fn stated(node: Node<'_>) -> Option<(usize, Range<usize>)> {
    let span = node.span();
    match node.tag() {
        Tag::Number => Some((node.text().parse().ok()?, span)),
        Tag::String => {
            let digits = span.start + 1..span.end - 1;
            let text = node.text();
            Some((text[1..text.len() - 1].parse().ok()?, digits))
        }
        Tag::Array => stated(node.as_array()?.items().next()?),
        _ => None,
    }
}

fn number(digits: &[u8]) -> Option<usize> {
    str::from_utf8(digits).ok()?.parse().ok()
}
