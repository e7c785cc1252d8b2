//! Finds the end of an HTTP message in text: a request or a response, with head and body.
//!
//! The head says how long the body is. In a file that was written or altered by hand it may say
//! nothing, or something wrong. Then a body of JSON ends with that, and any other one before a blank
//! line, the separator `###` or the next message.

use crate::frame::json_scan::{JsonEnd, JsonScan};
use crate::steps;

use super::broken::BrokenScan;
use super::http_head::{Head, HeadLine, head_line, is_first_line, may_be_first_line};

/// The maximum length of a head.
const MAX_HEAD: usize = 64 << 10;

/// The maximum length of a body that is not JSON and whose length is not stated.
const MAX_TEXT: usize = 1 << 20;

/// The number of bytes after a body that show whether its length was right.
const NEXT_START: usize = 8;

/// Where a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpEnd {
    /// After this length.
    Message(usize),
    /// It is not a message.
    Text,
}

/// What a part of the scan has found.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// More bytes must arrive.
    Wait,
    /// Another part follows.
    Next,
    End(HttpEnd),
}

/// The scan for the end of a message, as its bytes arrive.
#[derive(Debug)]
pub(super) struct HttpScan {
    /// The number of bytes of which nothing more is to be learnt.
    scanned: usize,
    /// The start of the current line.
    line: usize,
    head: Head,
    /// The start of the body.
    body: usize,
    part: Part,
    max_depth: usize,
    limit: usize,
}

/// The part of the message that is scanned.
#[derive(Debug)]
enum Part {
    Head,
    /// The first characters of the body.
    BodyStart,
    Chunks,
    /// A body of this length, where another one starts if that is wrong.
    Sized(usize),
    Json(usize, JsonScan),
    /// What follows the JSON up to this offset.
    AfterJson {
        end: usize,
        sized_end: usize,
    },
    Broken(usize, BrokenScan),
    Lines,
}

impl HttpScan {
    /// Creates the scan of a message whose first line has this length, with its line break.
    pub(super) fn new(first_line: usize, max_depth: usize, limit: usize) -> Self {
        Self {
            scanned: first_line,
            line: first_line,
            head: Head::default(),
            body: 0,
            part: Part::Head,
            max_depth,
            limit,
        }
    }

    /// Continues the scan, and returns the end of the message once it is known. `bytes` are those of
    /// the earlier calls and what has arrived since; `is_complete` says that no more follow.
    pub(super) fn scan(&mut self, bytes: &[u8], is_complete: bool) -> Option<HttpEnd> {
        loop {
            let step = match &mut self.part {
                Part::Head => self.scan_head(bytes, is_complete),
                Part::BodyStart => self.start_body(bytes, is_complete),
                Part::Chunks => self.scan_chunks(bytes, is_complete),
                Part::Sized(end) => {
                    let end = *end;
                    self.end_sized(bytes, end, is_complete)
                }
                Part::Json(start, _) => {
                    let start = *start;
                    self.scan_json(bytes, start, is_complete)
                }
                Part::AfterJson { end, sized_end } => {
                    let (end, sized_end) = (*end, *sized_end);
                    self.end_after_json(bytes, end, sized_end, is_complete)
                }
                Part::Broken(start, scan) => match scan.scan(&bytes[*start..], is_complete) {
                    None => Step::Wait,
                    Some(length) => Step::End(HttpEnd::Message(*start + length)),
                },
                Part::Lines => self.scan_lines(bytes, is_complete),
            };
            match step {
                Step::Wait => return None,
                Step::Next => {}
                Step::End(end) => return Some(end),
            }
        }
    }

    /// Scans the lines of the head.
    fn scan_head(&mut self, bytes: &[u8], is_complete: bool) -> Step {
        loop {
            let Some(end) = self.next_line(bytes) else {
                if bytes.len() >= MAX_HEAD {
                    return Step::End(HttpEnd::Text);
                }
                if !is_complete {
                    return Step::Wait;
                }
                let has_header = self.line < bytes.len()
                    && head_line(&bytes[self.line..], &mut self.head) == HeadLine::Header;
                let is_message = has_header || self.head.has_headers;
                return Step::End(if is_message {
                    HttpEnd::Message(bytes.len())
                } else {
                    HttpEnd::Text
                });
            };
            if end > MAX_HEAD {
                return Step::End(HttpEnd::Text);
            }
            match head_line(&bytes[self.line..end], &mut self.head) {
                HeadLine::Header => self.line = end,
                HeadLine::Other => return Step::End(HttpEnd::Text),
                HeadLine::Empty => {
                    self.line = end;
                    self.body = end;
                    self.part = if self.head.is_chunked {
                        Part::Chunks
                    } else {
                        Part::BodyStart
                    };
                    return Step::Next;
                }
            }
        }
    }

    /// Returns the end of the current line, with its line break, if that has arrived.
    fn next_line(&mut self, bytes: &[u8]) -> Option<usize> {
        let from = self.scanned;
        let end = memchr::memchr(b'\n', &bytes[from..]).map(|offset| from + offset + 1);
        self.scanned = end.unwrap_or(bytes.len());
        steps::add(self.scanned - from);
        end
    }

    /// Decides by the first characters of the body how its end is found.
    fn start_body(&mut self, bytes: &[u8], is_complete: bool) -> Step {
        let length = self.head.length.filter(|length| *length <= self.limit);
        if length == Some(0) {
            return Step::End(HttpEnd::Message(self.body));
        }
        let space = bytes[self.scanned..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        let space = space.count();
        steps::add(space);
        self.scanned += space;
        let is_encoded = self.head.is_encoded;
        match bytes.get(self.scanned) {
            None if !is_complete && !is_encoded => return Step::Wait,
            Some(b'{' | b'[') if !is_encoded => {
                self.part = Part::Json(self.scanned, JsonScan::new(self.max_depth));
            }
            _ => {
                self.part = match length {
                    Some(length) => Part::Sized(self.body.saturating_add(length)),
                    None => Part::Lines,
                };
                self.line = self.body;
                self.scanned = self.body;
            }
        }
        Step::Next
    }

    /// Scans a body of JSON, which starts at the offset `start`.
    fn scan_json(&mut self, bytes: &[u8], start: usize, is_complete: bool) -> Step {
        let Part::Json(_, scan) = &mut self.part else {
            return Step::Next;
        };
        let mut end = scan.scan(&bytes[start..]);
        if end == JsonEnd::Unknown && is_complete {
            end = scan.finish(bytes.len() - start);
        }
        let sized_end = self.head.length.filter(|length| *length <= self.limit);
        let sized_end = sized_end.map(|length| self.body.saturating_add(length));
        match (end, sized_end) {
            (JsonEnd::Unknown, _) => return Step::Wait,
            (JsonEnd::Complete(length), Some(sized_end)) if start + length < sized_end => {
                let end = start + length;
                self.scanned = end;
                self.part = Part::AfterJson { end, sized_end };
            }
            (JsonEnd::Complete(length), _) => {
                return Step::End(HttpEnd::Message(start + length));
            }
            (JsonEnd::Broken(length), sized_end) => {
                match sized_end.map(|end| (end, is_end(bytes, end, is_complete))) {
                    Some((_, None)) => return Step::Wait,
                    Some((end, Some(true))) => return Step::End(HttpEnd::Message(end)),
                    _ => {}
                }
                let scan = BrokenScan::of_json(&bytes[start..], scan, 0, length);
                self.part = Part::Broken(start, scan);
            }
        }
        Step::Next
    }

    /// Ends a body that is longer than the JSON that it starts with: with its length, if only white
    /// space or more JSON follows; otherwise the length is wrong.
    fn end_after_json(
        &mut self,
        bytes: &[u8],
        end: usize,
        sized_end: usize,
        is_complete: bool,
    ) -> Step {
        let rest = &bytes[self.scanned..bytes.len().min(sized_end)];
        let space = rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        steps::add(space);
        self.scanned += space;
        if self.scanned == sized_end {
            return Step::End(HttpEnd::Message(sized_end));
        }
        let is_longer = match bytes.get(self.scanned) {
            None if !is_complete => return Step::Wait,
            next => matches!(next, Some(b'{' | b'[')),
        };
        let end = match is_end(bytes, sized_end, is_complete) {
            None if is_longer => return Step::Wait,
            Some(true) if is_longer => sized_end,
            _ => end,
        };
        Step::End(HttpEnd::Message(end))
    }

    /// Ends a body of a known length, unless what follows shows that this is wrong.
    fn end_sized(&mut self, bytes: &[u8], end: usize, is_complete: bool) -> Step {
        let is_truncated = self.head.is_encoded && bytes.len() < end && is_complete;
        match is_end(bytes, end, is_complete) {
            _ if is_truncated => return Step::End(HttpEnd::Message(bytes.len())),
            None => return Step::Wait,
            Some(true) => return Step::End(HttpEnd::Message(end)),
            Some(false) => {}
        }
        self.part = Part::Lines;
        Step::Next
    }

    /// Scans a chunked body. If it is not, its end is found as if nothing was said about it.
    fn scan_chunks(&mut self, bytes: &[u8], is_complete: bool) -> Step {
        loop {
            let size = match self.next_line(bytes) {
                Some(line_end) => {
                    chunk_size(&bytes[self.line..line_end]).map(|size| (line_end, size))
                }
                None if !is_complete && bytes.len() - self.line < MAX_HEAD => return Step::Wait,
                None => None,
            };
            let Some((line_end, size)) = size.filter(|(_, size)| *size <= self.limit) else {
                break;
            };
            let end = line_end.saturating_add(size);
            let line_break = match bytes.get(end..).unwrap_or_default() {
                [b'\r', b'\n', ..] => 2,
                [b'\n', ..] => 1,
                [] | [b'\r'] if !is_complete => {
                    self.scanned = self.line;
                    return Step::Wait;
                }
                // Trailers, which are text, or the end of a body that was cut off.
                _ if size == 0 => 0,
                [] => return Step::End(HttpEnd::Message(bytes.len())),
                _ => break,
            };
            self.line = end + line_break;
            self.scanned = self.line;
            if size == 0 {
                return Step::End(HttpEnd::Message(self.line));
            }
        }
        self.scanned = self.body;
        self.part = Part::BodyStart;
        Step::Next
    }

    /// Scans the lines of a body of which no length is known.
    fn scan_lines(&mut self, bytes: &[u8], is_complete: bool) -> Step {
        loop {
            let line_end = match self.next_line(bytes) {
                Some(end) => end,
                None if is_complete => bytes.len(),
                None if bytes.len() - self.line < MAX_TEXT => return Step::Wait,
                None => return Step::End(HttpEnd::Message(self.line)),
            };
            let line = &bytes[self.line..line_end];
            steps::add(line.len());
            let is_end = line.trim_ascii().is_empty()
                || line.starts_with(b"###")
                || memchr::memchr(b'{', line).is_some()
                || is_first_line(line)
                || line_end - self.body > MAX_TEXT;
            if is_end {
                return Step::End(HttpEnd::Message(self.line));
            }
            self.line = line_end;
            if line_end == bytes.len() && is_complete {
                return Step::End(HttpEnd::Message(line_end));
            }
        }
    }
}

/// Returns the size of a chunk, by the line before it.
fn chunk_size(line: &[u8]) -> Option<usize> {
    steps::add(line.len());
    let size = line.trim_ascii().split(|byte| *byte == b';').next()?;
    let size = str::from_utf8(size.trim_ascii()).ok()?;
    usize::from_str_radix(size, 16).ok()
}

/// Returns whether a body may end at this offset, by what stands around it, or `None` if that depends
/// on bytes that have yet to arrive.
fn is_end(bytes: &[u8], end: usize, is_complete: bool) -> Option<bool> {
    let Some(after) = bytes.get(end..) else {
        return is_complete.then_some(false);
    };
    if after.len() < NEXT_START && !is_complete {
        return None;
    }
    let is_line_end = matches!(after, [] | [b'\r' | b'\n', ..]);
    Some(is_line_end || bytes[..end].ends_with(b"\n") || may_be_first_line(after))
}
