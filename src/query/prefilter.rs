//! Finds frames that certainly have no match, by a search in their bytes.
//!
//! To search for a text takes much less time than to parse it. A frame is skipped if all of this is
//! certain:
//!
//! - It is one payload, and the payload is the frame: either it is not JSON, or the properties at its
//!   root show it ([`starts_payload`]). Then nothing inside of it is searched for payloads, so it is
//!   counted as the one payload that it is.
//! - A match would have a text that it does not contain. The text stands in it as it is: it has no
//!   character that JSON may escape otherwise than with `\u`, and the frame has no `\u`.
//!
//! Anything else is parsed: wrappers, records of logs, messages, and payloads with other properties
//! first. So a filter has the same result without this.

use memchr::memmem::{self, Finder};

use crate::frame::{Frame, FrameKind};
use crate::steps;

use super::filter::Test;
use super::pattern::Pattern;

/// The texts of which a match has at least one in each group.
#[derive(Debug, Clone, Default)]
pub(super) struct Prefilter {
    groups: Vec<Vec<Needle>>,
}

/// A text that is searched for.
#[derive(Debug, Clone)]
enum Needle {
    /// The text.
    Exact(Finder<'static>),
    /// A text in any letter case, and the finder of a part of it without letters at an offset.
    AnyCase {
        text: String,
        offset: usize,
        finder: Finder<'static>,
    },
}

impl Needle {
    /// Creates the needle of a test, unless a match may lack it.
    fn of(test: &Test) -> Option<Self> {
        let (Test::Event(pattern)
        | Test::Enterprise(pattern)
        | Test::Integration(pattern)
        | Test::Service(pattern)
        | Test::Id(pattern)) = test
        else {
            return None;
        };
        match pattern {
            Pattern::Exact(exact) => {
                let is_escaped = |c: char| c.is_control() || matches!(c, '"' | '\\' | '/');
                let finder = Finder::new(exact).into_owned();
                (!exact.contains(is_escaped)).then_some(Self::Exact(finder))
            }
            Pattern::Id(id) => {
                let parts = id.as_bytes().split(u8::is_ascii_alphabetic);
                let part = parts.max_by_key(|part| part.len())?;
                let offset = memmem::find(id.as_bytes(), part)?;
                let finder = Finder::new(part).into_owned();
                (!part.is_empty()).then(|| Self::AnyCase {
                    text: id.clone(),
                    offset,
                    finder,
                })
            }
            Pattern::Part(_) => None,
        }
    }

    fn is_in(&self, text: &[u8]) -> bool {
        steps::add(text.len());
        let (expected, offset, finder) = match self {
            Self::Exact(finder) => return finder.find(text).is_some(),
            Self::AnyCase {
                text,
                offset,
                finder,
            } => (text.as_bytes(), *offset, finder),
        };
        let mut from = 0;
        while let Some(at) = finder.find(&text[from..]) {
            let at = from + at;
            let start = at.checked_sub(offset);
            let found = start.and_then(|start| text.get(start..start + expected.len()));
            if found.is_some_and(|found| found.eq_ignore_ascii_case(expected)) {
                return true;
            }
            from = at + 1;
        }
        false
    }
}

impl Prefilter {
    /// Creates the prefilter of groups of tests, of each of which one must be positive.
    pub(super) fn new<'t>(groups: impl Iterator<Item = &'t [Test]>) -> Self {
        let needles = |tests: &[Test]| tests.iter().map(Needle::of).collect();
        let groups = groups.filter_map(needles);
        Self {
            groups: groups.collect(),
        }
    }

    /// Returns `true` if a frame certainly is a single payload that does not match. `is_payload` says
    /// that every frame is a payload.
    pub(super) fn skips(&self, frame: &Frame<'_>, is_payload: bool) -> bool {
        let is_json = matches!(
            frame.kind,
            FrameKind::Value | FrameKind::Object | FrameKind::LogRecord
        );
        if self.groups.is_empty() || !is_json {
            return false;
        }
        let text = frame.payload.text;
        let lacks = |needles: &Vec<Needle>| !needles.iter().any(|needle| needle.is_in(text));
        self.groups.iter().any(lacks)
            && memmem::find(text, b"\\u").is_none()
            && (is_payload || starts_payload(text))
    }
}

/// Returns `true` if a text without `\u` is a payload or no JSON, by the properties that it starts with:
/// an action, then data, or an id, then events. Those must not be repeated, since the last one counts.
fn starts_payload(text: &[u8]) -> bool {
    let mut root = Root { text, at: 0 };
    let (mut has_action, mut has_id) = (false, false);
    if !root.skip(b'{') {
        return false;
    }
    while let Some(name) = root.string() {
        if !root.skip(b':') {
            return false;
        }
        match (name, root.peek()) {
            (b"Data", Some(b'{')) if has_action => {
                let rest = &text[root.at..];
                return !has(rest, b"\"Action\"") && !has(rest, b"\"Data\"");
            }
            (b"Events", Some(b'[')) if has_id => return !has(&text[root.at..], b"\"Events\""),
            (b"Action", Some(b'"')) => has_action = true,
            (b"EnterpriseId" | b"IntegrationId", _) => has_id = true,
            (b"Action" | b"Data" | b"Events", _) => return false,
            _ => {}
        }
        if !root.scalar() || !root.skip(b',') {
            return false;
        }
    }
    false
}

fn has(text: &[u8], part: &[u8]) -> bool {
    steps::add(text.len());
    memmem::find(text, part).is_some()
}

/// Reads the first properties of an object.
struct Root<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Root<'t> {
    /// Returns the next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text[self.at..];
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.at += rest.iter().take_while(is_space).count();
        self.text.get(self.at).copied()
    }

    /// Skips a byte, after white space. Returns `false` if another one is next.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Reads a string without escapes.
    fn string(&mut self) -> Option<&'t [u8]> {
        if !self.skip(b'"') {
            return None;
        }
        let rest = &self.text[self.at..];
        let length = memchr::memchr2(b'"', b'\\', rest)?;
        steps::add(length);
        self.at += length + 1;
        (rest[length] == b'"').then_some(&rest[..length])
    }

    /// Skips a value that is neither an array nor an object.
    fn scalar(&mut self) -> bool {
        match self.peek() {
            None | Some(b'{' | b'[') => false,
            Some(b'"') => self.string().is_some(),
            Some(_) => {
                let rest = &self.text[self.at..];
                let is_inside = |byte: &&u8| !matches!(byte, b',' | b'}' | b']' | b'"');
                let length = rest.iter().take_while(is_inside).count();
                steps::add(length);
                self.at += length;
                length > 0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{CaptureMode, Frames, Next};

    #[test]
    fn only_the_marks_of_a_payload_are_certain() {
        for (text, expected) in [
            (r#"{"Action": "x", "Data": {}}"#, true),
            (
                r#"{"a": 1.5e3, "Action":"x","b":null , "Data":{"c": 1}}"#,
                true,
            ),
            (r#"{"EnterpriseId": 1, "Events": []}"#, true),
            (
                r#"{"IntegrationId": "x", "EnterpriseId": "y", "Events": [{}]}"#,
                true,
            ),
            // Not JSON, so it is one payload whatever follows.
            (r#"{"Action": "x", "Data": {"#, true),
            (r#"{"Action": 1, "Data": {}}"#, false),
            (r#"{"Action": "x", "Data": []}"#, false),
            (r#"{"Data": {}, "Action": "x"}"#, false),
            (r#"{"Action": "x", "Data": {}, "Action": 1}"#, false),
            (r#"{"Action": "x", "Data": {}, "Data": 1}"#, false),
            (r#"{"EnterpriseId": 1, "Events": [], "Events": 1}"#, false),
            (r#"{"Events": [{"Type": "x"}]}"#, false),
            (r#"{"a": {"Action": "x", "Data": {}}}"#, false),
            (r#"{"a": "\"", "Action": "x", "Data": {}}"#, false),
            (r#"[{"Action": "x", "Data": {}}]"#, false),
            (r#"{"Action": "x""#, false),
            ("", false),
        ] {
            assert_eq!(starts_payload(text.as_bytes()), expected, "{text}");
        }
    }

    /// Returns which frames of a text are skipped by a search for an event.
    fn skipped(text: &str, mode: CaptureMode) -> Vec<bool> {
        let group = [Test::Event(Pattern::Exact("X".to_owned()))];
        let prefilter = Prefilter::new([&group[..]].into_iter());
        let mut frames = Frames::from_bytes(text.as_bytes().to_vec()).with_mode(mode);
        let mut skipped = Vec::new();
        while let Ok(Next::Batch(batch)) = frames.next() {
            let is_payload = mode == CaptureMode::None;
            skipped.extend(
                batch
                    .frames()
                    .map(|frame| prefilter.skips(&frame, is_payload)),
            );
        }
        skipped
    }

    #[test]
    fn payloads_without_the_text_are_skipped_in_streams_and_in_text() {
        let other = r#"{"Action": "Y", "Data": {}}"#;
        let escaped = r#"{"Action": "Y", "Data": {"a": "\u0058"}}"#;
        let wrapper = r#"{"level": 1, "msg": "a", "body": {"Action": "Y", "Data": {}}}"#;
        let lines = [
            other,
            &other.replace('Y', "X"),
            escaped,
            wrapper,
            r#"{"a": 1}"#,
        ];
        let json = lines.join("\n");
        let expected = [true, false, false, false, false];
        assert_eq!(skipped(&json, CaptureMode::Json), expected);
        let expected = [true, false, false, true, true];
        assert_eq!(skipped(&json, CaptureMode::None), expected);
        let log = format!("10:00:00 INFO received {other}\n");
        assert_eq!(skipped(&log, CaptureMode::Text), [true]);
    }

    #[test]
    fn ids_are_found_in_any_letter_case_and_only_complete() {
        // Its longest part without letters is `-1111-`, which also stands before it below.
        let id = "aaaaaaaa-1111-aaaa-aaaa-aaaaaaaaaaaa";
        let needle = Needle::of(&Test::Id(Pattern::Id(id.to_owned())));
        let needle = needle.unwrap_or_else(|| panic!("{id} has hyphens"));
        assert!(needle.is_in(format!("\"-1111-1111-1111-{}\"", id.to_uppercase()).as_bytes()));
        assert!(needle.is_in(format!("-1111-{id}").as_bytes()));
        assert!(!needle.is_in(&id.as_bytes()[1..]));
        assert!(!needle.is_in(&id.as_bytes()[..35]));
    }

    #[test]
    fn texts_that_json_may_escape_are_not_searched_for() {
        let needle = |text: &str| Needle::of(&Test::Event(Pattern::Exact(text.to_owned())));
        for text in ["a/b", "a\"b", "a\\b", "a\nb", "a\u{7f}b"] {
            assert!(needle(text).is_none(), "{text:?}");
        }
        assert!(needle("Caf\u{e9} b").is_some());
    }
}
