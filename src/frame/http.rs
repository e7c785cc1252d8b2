//! Finds the end of an HTTP message in text: a request or a response, with head and body.
//!
//! The head says how long the body is. In a file that was written or altered by hand it may say
//! nothing, or something wrong. Then a body of JSON ends with that, and any other one before a blank
//! line, the separator `###` or the next message.

use crate::steps;

use super::broken::BrokenScan;
use super::http_head::{Head, HeadLine, head_line, is_first_line, may_be_first_line};
use super::json_scan::{JsonEnd, JsonScan};

/// The maximum length of a head.
const MAX_HEAD: usize = 64 << 10;

/// The maximum length of a body that is no JSON and of which no length is known.
const MAX_TEXT: usize = 1 << 20;

/// The number of bytes after a body that show whether its length was right.
const NEXT_START: usize = 8;

/// Where a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpEnd {
    /// After this length.
    Message(usize),
    /// It is no message.
    Text,
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
    Json {
        start: usize,
        scan: JsonScan,
    },
    /// What follows the JSON up to this offset.
    AfterJson {
        end: usize,
        sized_end: usize,
    },
    /// Broken JSON in a body of a known length.
    BrokenSized {
        end: usize,
        start: usize,
        scan: BrokenScan,
    },
    Broken {
        start: usize,
        scan: BrokenScan,
    },
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
            let end = match &mut self.part {
                Part::Head => self.scan_head(bytes, is_complete)?,
                Part::BodyStart => self.start_body(bytes, is_complete)?,
                Part::Chunks => self.scan_chunks(bytes, is_complete)?,
                Part::Sized(end) => {
                    let end = *end;
                    self.end_sized(bytes, end, is_complete)?
                }
                Part::Json { start, scan } => {
                    let start = *start;
                    let mut end = scan.scan(&bytes[start..]);
                    if end == JsonEnd::Unknown && is_complete {
                        end = scan.finish(bytes.len() - start);
                    }
                    match end {
                        JsonEnd::Unknown => return None,
                        JsonEnd::Complete(length) => self.end_json(start + length),
                        JsonEnd::Broken(length) => {
                            let scan = BrokenScan::of_json(&bytes[start..], scan, 0, length);
                            self.part = match self.head.length {
                                Some(length) if length <= self.limit => Part::BrokenSized {
                                    end: self.body + length,
                                    start,
                                    scan,
                                },
                                _ => Part::Broken { start, scan },
                            };
                            None
                        }
                    }
                }
                Part::AfterJson { end, sized_end } => {
                    let (end, sized_end) = (*end, *sized_end);
                    self.end_after_json(bytes, end, sized_end, is_complete)?
                }
                Part::BrokenSized { end, .. } => {
                    if is_end(bytes, *end, is_complete)? {
                        return Some(HttpEnd::Message(*end));
                    }
                    if let Part::BrokenSized { start, scan, .. } =
                        std::mem::replace(&mut self.part, Part::Lines)
                    {
                        self.part = Part::Broken { start, scan };
                    }
                    None
                }
                Part::Broken { start, scan } => {
                    let length = scan.scan(&bytes[*start..], is_complete)?;
                    Some(HttpEnd::Message(*start + length))
                }
                Part::Lines => self.scan_lines(bytes, is_complete)?,
            };
            if end.is_some() {
                return end;
            }
        }
    }

    /// Scans the lines of the head. Returns `None` if more bytes are needed, and `Some(None)` once the
    /// head is scanned.
    #[expect(clippy::option_option, reason = "not yet, not here, here")]
    fn scan_head(&mut self, bytes: &[u8], is_complete: bool) -> Option<Option<HttpEnd>> {
        loop {
            let Some(end) = self.next_line(bytes) else {
                if bytes.len() >= MAX_HEAD {
                    return Some(Some(HttpEnd::Text));
                }
                if !is_complete {
                    return None;
                }
                let has_header = self.line < bytes.len()
                    && head_line(&bytes[self.line..], &mut self.head) == HeadLine::Header;
                let is_message = has_header || self.head.has_headers;
                return Some(Some(if is_message {
                    HttpEnd::Message(bytes.len())
                } else {
                    HttpEnd::Text
                }));
            };
            if end > MAX_HEAD {
                return Some(Some(HttpEnd::Text));
            }
            match head_line(&bytes[self.line..end], &mut self.head) {
                HeadLine::Header => self.line = end,
                HeadLine::Other => return Some(Some(HttpEnd::Text)),
                HeadLine::Empty => {
                    self.line = end;
                    self.body = end;
                    self.part = if self.head.is_chunked {
                        Part::Chunks
                    } else {
                        Part::BodyStart
                    };
                    return Some(None);
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
    #[expect(clippy::option_option, reason = "not yet, not here, here")]
    fn start_body(&mut self, bytes: &[u8], is_complete: bool) -> Option<Option<HttpEnd>> {
        let length = self.head.length.filter(|length| *length <= self.limit);
        if length == Some(0) {
            return Some(Some(HttpEnd::Message(self.body)));
        }
        let space = bytes[self.scanned..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        let space = space.count();
        steps::add(space);
        self.scanned += space;
        let is_encoded = self.head.is_encoded;
        match bytes.get(self.scanned) {
            None if !is_complete && !is_encoded => return None,
            Some(b'{' | b'[') if !is_encoded => {
                self.part = Part::Json {
                    start: self.scanned,
                    scan: JsonScan::new(self.max_depth),
                };
            }
            _ => {
                self.part = match length {
                    Some(length) => Part::Sized(self.body + length),
                    None => Part::Lines,
                };
                self.line = self.body;
                self.scanned = self.body;
            }
        }
        Some(None)
    }

    /// Ends a body of JSON, unless its length says that more follows.
    fn end_json(&mut self, end: usize) -> Option<HttpEnd> {
        match self.head.length {
            Some(length) if length <= self.limit && self.body + length > end => {
                self.scanned = end;
                self.part = Part::AfterJson {
                    end,
                    sized_end: self.body + length,
                };
                None
            }
            _ => Some(HttpEnd::Message(end)),
        }
    }

    /// Ends a body that is longer than the JSON that it starts with: with its length, if more JSON
    /// follows; otherwise the length is wrong.
    #[expect(clippy::option_option, reason = "not yet, not here, here")]
    fn end_after_json(
        &mut self,
        bytes: &[u8],
        end: usize,
        sized_end: usize,
        is_complete: bool,
    ) -> Option<Option<HttpEnd>> {
        let rest = &bytes[self.scanned..bytes.len().min(sized_end)];
        let space = rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        steps::add(space);
        self.scanned += space;
        let is_longer = match bytes.get(self.scanned) {
            _ if self.scanned == sized_end => false,
            None if !is_complete => return None,
            next => matches!(next, Some(b'{' | b'[')),
        };
        let is_right = is_longer && is_end(bytes, sized_end, is_complete)?;
        let end = if is_right { sized_end } else { end };
        Some(Some(HttpEnd::Message(end)))
    }

    /// Ends a body of a known length, unless what follows shows that this is wrong.
    #[expect(clippy::option_option, reason = "not yet, not here, here")]
    fn end_sized(
        &mut self,
        bytes: &[u8],
        end: usize,
        is_complete: bool,
    ) -> Option<Option<HttpEnd>> {
        let is_cut_off = self.head.is_encoded && bytes.len() < end && is_complete;
        if is_cut_off || is_end(bytes, end, is_complete)? {
            return Some(Some(HttpEnd::Message(end.min(bytes.len()))));
        }
        self.part = Part::Lines;
        Some(None)
    }

    /// Scans a chunked body. If it is not, its end is found as if nothing was said about it.
    #[expect(clippy::option_option, reason = "not yet, not here, here")]
    fn scan_chunks(&mut self, bytes: &[u8], is_complete: bool) -> Option<Option<HttpEnd>> {
        loop {
            // The lines after the last chunk end with an empty one.
            let Some(line_end) = self.next_line(bytes) else {
                if !is_complete && bytes.len() - self.line < MAX_HEAD {
                    return None;
                }
                break;
            };
            let line = bytes[self.line..line_end].trim_ascii();
            let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
            let size = str::from_utf8(size.trim_ascii()).ok();
            let size = size.and_then(|size| usize::from_str_radix(size, 16).ok());
            let Some(size) = size.filter(|size| *size <= self.limit) else {
                break;
            };
            if size == 0 {
                // The empty line after the last chunk, unless there are trailers, which are text.
                let after = &bytes[line_end..];
                let end = match after {
                    [b'\r', b'\n', ..] => 2,
                    [b'\n', ..] => 1,
                    [] | [b'\r'] if !is_complete => {
                        self.scanned = self.line;
                        return None;
                    }
                    _ => 0,
                };
                return Some(Some(HttpEnd::Message(line_end + end)));
            }
            let data_end = line_end + size;
            let line_break = match bytes.get(data_end..).unwrap_or_default() {
                [b'\r', b'\n', ..] => 2,
                [b'\n', ..] => 1,
                [] | [b'\r'] if !is_complete => {
                    self.scanned = self.line;
                    return None;
                }
                _ => break,
            };
            self.line = data_end + line_break;
            self.scanned = self.line;
        }
        // Cut off in a later chunk, it goes on to the end.
        if is_complete && bytes.len() > self.line {
            let is_cut_off = memchr::memchr(b'\n', &bytes[self.line..]).is_none_or(|offset| {
                let size = str::from_utf8(bytes[self.line..self.line + offset].trim_ascii());
                let size = size
                    .ok()
                    .and_then(|size| usize::from_str_radix(size, 16).ok());
                size.is_some_and(|size| size > bytes.len() - self.line)
            });
            if is_cut_off {
                return Some(Some(HttpEnd::Message(bytes.len())));
            }
        }
        self.scanned = self.body;
        self.part = Part::BodyStart;
        Some(None)
    }

    /// Scans the lines of a body of which no length is known.
    #[expect(clippy::option_option, reason = "not yet, not here, here")]
    fn scan_lines(&mut self, bytes: &[u8], is_complete: bool) -> Option<Option<HttpEnd>> {
        loop {
            let line_end = match self.next_line(bytes) {
                Some(end) => end,
                None if is_complete => bytes.len(),
                None if bytes.len() - self.line < MAX_TEXT => return None,
                None => return Some(Some(HttpEnd::Message(self.line))),
            };
            let line = &bytes[self.line..line_end];
            steps::add(line.len());
            let is_end = line.trim_ascii().is_empty()
                || line.starts_with(b"###")
                || memchr::memchr(b'{', line).is_some()
                || is_first_line(line)
                || line_end - self.body > MAX_TEXT;
            if is_end {
                return Some(Some(HttpEnd::Message(self.line)));
            }
            self.line = line_end;
            if line_end == bytes.len() && is_complete {
                return Some(Some(HttpEnd::Message(line_end)));
            }
        }
    }
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
