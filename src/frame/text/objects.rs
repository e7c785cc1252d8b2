//! Finds the objects in text, valid and broken ones.

use super::broken::BrokenScan;
use super::view::View;
use super::{
    DockerScan, Found, FrameKind, Inner, InnerCursor, JsonEnd, JsonScan, Scan, TextCutter, docker,
    frame,
};

/// The maximum number of broken objects in one another that are scanned to their end.
const MAX_SUSPECTS: usize = 8;

/// An object that broke, and what its scan has learnt.
pub(super) struct Known {
    start: u64,
    length: usize,
    json: JsonScan,
    cursor: InnerCursor,
}

impl TextCutter {
    /// Decides what the brace at the current offset may start.
    pub(super) fn examine_brace(&mut self, view: View<'_>) -> Option<Found> {
        let start = self.at;
        let next = match view.from(start).get(1) {
            Some(next) => *next,
            None if view.is_complete => return Some(Found::Text(start + 1)),
            None => return None,
        };
        let is_escape = matches!(next, b'\\' | b'&');
        let mut may_be_json = matches!(next, b'"' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
        if let Some(known) = &mut self.known {
            let offset = usize::try_from(start - known.start).unwrap_or(usize::MAX);
            if offset >= known.length {
                self.known = None;
            } else {
                match known.json.inner(&mut known.cursor, offset) {
                    Inner::Complete(end) => {
                        return Some(self.end_object(view, start, end - offset));
                    }
                    Inner::Open(level) => return Some(self.examine_open(view, level)),
                    Inner::String => may_be_json = false,
                    Inner::Unknown => {}
                }
            }
        }
        Some(if may_be_json {
            self.json.reset();
            let found = self.scan_json(start, view);
            if found.is_none() {
                self.scan = Scan::Json(start);
            }
            return found;
        } else if is_escape || matches!(next, b'\'' | b':') || next.is_ascii_uppercase() {
            Found::Next(Scan::Notation(start))
        } else {
            Found::Text(start + 1)
        })
    }

    /// Decides whether an object that is open where another one breaks is a frame.
    pub(super) fn examine_open(&mut self, view: View<'_>, level: usize) -> Found {
        let start = self.at;
        let text = Found::Text(start + 1);
        let Some(known) = &self.known else {
            return text;
        };
        let names = known.json.names(level);
        if !names.is_payload() {
            if start >= self.suspect_end {
                self.suspects = 0;
            }
            if !names.may_be_payload() || self.suspects == MAX_SUSPECTS {
                return text;
            }
        }
        let line_brace = known.json.line_brace(level);
        let offset = known.json.offset(level);
        if let Some(next) = line_brace {
            return if names.is_payload() {
                frame(start, next - offset, FrameKind::Object)
            } else {
                text
            };
        }
        let scan = BrokenScan::of_json(view.from(start), &known.json, level, known.length - offset);
        Found::Next(if names.is_payload() {
            Scan::Broken(start, scan)
        } else {
            Scan::Suspect(start, scan)
        })
    }

    /// Ends a broken object that may have the marks of a payload.
    pub(super) fn end_suspect(&mut self, start: u64, length: usize, scan: &BrokenScan) -> Found {
        if scan.names().is_payload() {
            return frame(start, length, FrameKind::Object);
        }
        // The objects inside of this one may be examined too, but not as many as there may be.
        self.suspects += 1;
        self.suspect_end = self.suspect_end.max(start + length as u64);
        Found::Text(start + 1)
    }

    /// Continues the scan of an object.
    pub(super) fn scan_json(&mut self, start: u64, view: View<'_>) -> Option<Found> {
        let text = view.from(start);
        let mut end = self.json.scan(text);
        if end == JsonEnd::Unknown && view.is_complete {
            end = self.json.finish(text.len());
        }
        match end {
            JsonEnd::Unknown => None,
            JsonEnd::Complete(length) if self.json.is_empty() => {
                Some(Found::Text(start + length as u64))
            }
            JsonEnd::Complete(length) => Some(self.end_object(view, start, length)),
            JsonEnd::Broken(length) => {
                let may_be_notation =
                    self.json.is_before_first_name() || self.json.is_after_first_name();
                let next = match self.known.take() {
                    Some(known) => known.json,
                    None => JsonScan::new(self.limits.depth),
                };
                self.known = Some(Known {
                    start,
                    length,
                    json: std::mem::replace(&mut self.json, next),
                    cursor: InnerCursor::default(),
                });
                Some(if may_be_notation {
                    Found::Next(Scan::Notation(start))
                } else {
                    // What is known of it decides.
                    Found::Text(start)
                })
            }
        }
    }

    /// Returns the frame of a complete object.
    pub(super) fn end_object(&mut self, view: View<'_>, start: u64, length: usize) -> Found {
        let object = &view.from(start)[..length];
        let before = &view.bytes[..view.index(start)];
        if !self.is_log || !self.lines.is_blank(before, view.front) {
            return frame(start, length, FrameKind::Object);
        }
        if docker::is_split(object) {
            return Found::Next(Scan::Docker(
                start,
                DockerScan::new(length, self.limits.payload),
            ));
        }
        frame(start, length, FrameKind::LogRecord)
    }
}
