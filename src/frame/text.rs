//! Finds the frames in text that is not JSON: a log, HTTP messages, Markdown, a shell script, CSV.
//!
//! A frame is what may hold payloads, whatever stands around it: an object, a string with escaped
//! JSON, an HTTP message, lines that a logger split. The text between is passed over by a search for
//! braces and line breaks, which is many times faster than looking at each byte.
//!
//! Everything that may start a frame is scanned as its bytes arrive (`Scan`), and ends as a frame or
//! as text. Text is examined again only where that takes constant time for each byte: after an
//! object that breaks, what its scan has learnt of the objects inside is used (`Known`).

use crate::input::reader::Fill;
use crate::steps;

use super::batch::FrameRange;
use super::broken::BrokenScan;
use super::buffer::Buffer;
use super::cri::{self, CriScan};
use super::cutter::BYTE_ORDER_MARK;
use super::docker::{self, DockerScan};
use super::http::{HttpEnd, HttpScan};
use super::http_head::{is_first_line, is_short_request, may_be_first_line};
use super::json_scan::{Inner, InnerCursor, JsonEnd, JsonScan};
use super::kind::FrameKind;
use super::limits::Limits;
use super::lines::Lines;
use super::names::has_payload_names;
use super::notation::{self, Notation};
use super::quoted::QuotedScan;

/// The maximum length of text before a brace in which the opening quote of a string is searched.
const MAX_BEFORE: u64 = 64 << 10;

/// The maximum number of broken objects in one another that are scanned to their end.
const MAX_SUSPECTS: usize = 8;

/// The maximum length of the first line of an HTTP message.
const MAX_FIRST_LINE: usize = 16 << 10;

/// Cuts text into frames.
pub(super) struct TextCutter {
    limits: Limits,
    /// Whether the text is a log, whose records are objects.
    is_log: bool,
    /// The number of frames so far.
    count: u64,
    /// The offset of the first byte that was not examined. All offsets are those in the input.
    at: u64,
    /// The end of the last frame.
    frame_end: u64,
    /// Whether a byte-order mark may stand at `at`.
    is_start: bool,
    lines: Lines,
    /// Whether a message or joined lines may start at `at`.
    is_line_start: bool,
    /// Whether a request without a version may stand in the current line, and whether in the next
    /// one: at the start of the text, or after `###`.
    may_be_request: [bool; 2],
    quotes: Quotes,
    scan: Scan,
    json: JsonScan,
    known: Option<Known>,
    /// The number of broken objects before `suspect_end` that turned out not to be payloads.
    suspects: usize,
    suspect_end: u64,
    /// Where the text without the names of payloads ends that was searched for them.
    unmarked_end: u64,
    /// Where the text without a closing quote of a CSV field ends.
    unclosed_end: u64,
}

/// What is scanned at present, with the offset of its first byte.
enum Scan {
    /// Text.
    None,
    /// An object, whose scan is `TextCutter::json`.
    Json(u64),
    /// An object that is not plain JSON.
    Notation(u64),
    /// An object with the marks of a payload that is broken.
    Broken(u64, BrokenScan),
    /// An object that is broken and has the marks of a payload if further names follow.
    Suspect(u64, BrokenScan),
    /// An object that a programming language printed.
    Language(u64, BrokenScan),
    Quoted(u64, QuotedScan),
    Http(u64, Box<HttpScan>),
    Cri(u64, CriScan),
    Docker(u64, DockerScan),
}

/// The nearest quote before a place that has no backslash before it.
#[derive(Debug, Default)]
struct Quotes {
    last: Option<u64>,
    /// The offset up to which quotes were searched.
    scanned: u64,
}

/// An object that broke, and what its scan has learnt.
struct Known {
    start: u64,
    length: usize,
    json: JsonScan,
    cursor: InnerCursor,
}

/// The bytes that have arrived and were not consumed.
#[derive(Clone, Copy)]
struct View<'b> {
    bytes: &'b [u8],
    /// The offset of the first one.
    front: u64,
    /// Whether no more follow.
    is_complete: bool,
}

impl<'b> View<'b> {
    fn index(self, offset: u64) -> usize {
        usize::try_from(offset.saturating_sub(self.front))
            .map_or(self.bytes.len(), |index| index.min(self.bytes.len()))
    }

    fn from(self, offset: u64) -> &'b [u8] {
        &self.bytes[self.index(offset)..]
    }

    fn range(self, start: u64, end: u64) -> &'b [u8] {
        &self.bytes[self.index(start)..self.index(end)]
    }

    fn end(self) -> u64 {
        self.front + self.bytes.len() as u64
    }
}

/// The result of a scan.
enum Found {
    Frame {
        start: u64,
        end: u64,
        kind: FrameKind,
    },
    /// Text up to this offset.
    Text(u64),
    /// Something else is to be scanned.
    Next(Scan),
}

impl TextCutter {
    /// Creates a cutter for text that starts at the offset `start` of the input.
    pub(super) fn new(limits: Limits, is_log: bool, start: u64) -> Self {
        let mut lines = Lines::default();
        lines.start_at(start);
        Self {
            limits,
            is_log,
            count: 0,
            at: start,
            frame_end: start,
            is_start: true,
            lines,
            is_line_start: true,
            may_be_request: [true; 2],
            quotes: Quotes::default(),
            scan: Scan::None,
            json: JsonScan::new(limits.depth),
            known: None,
            suspects: 0,
            suspect_end: 0,
            unmarked_end: 0,
            unclosed_end: 0,
        }
    }

    /// Returns the number of lines since the last call that are not blank and that no frame has a
    /// part of.
    pub(super) fn take_skipped_lines(&mut self) -> u64 {
        self.lines.take_skipped()
    }

    /// Cuts out the next frame, if its end is known from the bytes in the buffer.
    pub(super) fn next(&mut self, buffer: &mut Buffer, fill: Fill) -> Option<FrameRange> {
        if self.is_start && !self.skip_mark(buffer, fill) {
            return None;
        }
        let view = View {
            bytes: buffer.rest(),
            front: buffer.offset(),
            is_complete: fill == Fill::End,
        };
        let Some((start, end, kind)) = self.find(view) else {
            let length = self.flushable(view, fill);
            buffer.consume(length);
            return None;
        };
        let frame = view.range(start, end);
        let (before, length) = (view.index(start), frame.len());
        self.lines.record_frame(frame, end);
        self.at = end;
        self.frame_end = end;
        self.is_line_start = kind == FrameKind::Http || self.lines.start() == end;
        self.may_be_request = [false; 2];
        buffer.consume(before);
        self.count += 1;
        let start = buffer.unbatched();
        let range = FrameRange {
            range: start..start + length,
            start: buffer.position(),
            offset: buffer.offset(),
            number: self.count,
            levels: self.limits.depth,
            fault: None,
            kind,
        };
        buffer.consume(length);
        Some(range)
    }

    /// Skips a byte-order mark at the start of the text. Returns `false` if more bytes must arrive
    /// before.
    fn skip_mark(&mut self, buffer: &mut Buffer, fill: Fill) -> bool {
        let rest = buffer.rest();
        let start = &rest[..rest.len().min(BYTE_ORDER_MARK.len())];
        if start.len() < BYTE_ORDER_MARK.len()
            && BYTE_ORDER_MARK.starts_with(start)
            && !fill.is_last()
        {
            return false;
        }
        if start == BYTE_ORDER_MARK {
            buffer.consume_invisible(start.len());
            self.at = buffer.offset();
            self.frame_end = self.at;
            self.lines.start_at(self.at);
        }
        self.is_start = false;
        true
    }

    /// Returns the number of bytes that nothing depends on.
    fn flushable(&mut self, view: View<'_>, fill: Fill) -> usize {
        if fill.is_last() {
            self.at = view.end();
            return view.bytes.len();
        }
        let held = match self.scan {
            Scan::Broken(start, _)
            | Scan::Http(start, _)
            | Scan::Cri(start, _)
            | Scan::Docker(start, _) => start,
            // Where this turns out to be text, the quote before it may matter.
            Scan::None => self.before_string(view, self.at),
            Scan::Json(start)
            | Scan::Notation(start)
            | Scan::Suspect(start, _)
            | Scan::Language(start, _) => self.before_string(view, start),
            Scan::Quoted(start, _) => start.saturating_sub(1).max(self.frame_end),
        };
        let mut length = view.index(held);
        // A character that is consumed in two parts would count as two columns.
        while length > 0
            && view
                .bytes
                .get(length)
                .is_some_and(|byte| byte & 0xC0 == 0x80)
        {
            length -= 1;
        }
        self.lines
            .is_blank(&view.bytes[..view.index(self.at)], view.front);
        length
    }

    /// Finds the next frame, as far as the bytes allow.
    fn find(&mut self, view: View<'_>) -> Option<(u64, u64, FrameKind)> {
        loop {
            let scan = std::mem::replace(&mut self.scan, Scan::None);
            let found = match scan {
                Scan::None => self.scan_text(view)?,
                scan => match self.resume(scan, view) {
                    Ok(found) => found,
                    Err(scan) => {
                        self.scan = scan;
                        return None;
                    }
                },
            };
            match found {
                Found::Frame { start, end, kind } => return Some((start, end, kind)),
                Found::Text(end) => self.at = end,
                Found::Next(scan) => self.scan = scan,
            }
        }
    }

    /// Continues a scan. Returns it again if that depends on bytes that have yet to arrive.
    fn resume(&mut self, scan: Scan, view: View<'_>) -> Result<Found, Scan> {
        let is_complete = view.is_complete;
        match scan {
            Scan::None => Ok(Found::Text(self.at)),
            Scan::Json(start) => self.scan_json(start, view).ok_or(scan),
            Scan::Notation(start) => self.scan_notation(start, view).ok_or(scan),
            Scan::Broken(start, mut broken) => match broken.scan(view.from(start), is_complete) {
                None => Err(Scan::Broken(start, broken)),
                Some(length) => Ok(frame(start, length, FrameKind::Object)),
            },
            Scan::Suspect(start, mut broken) => match broken.scan(view.from(start), is_complete) {
                None => Err(Scan::Suspect(start, broken)),
                Some(length) => Ok(self.end_suspect(start, length, &broken)),
            },
            Scan::Language(start, mut broken) => match broken.scan(view.from(start), is_complete) {
                None => Err(Scan::Language(start, broken)),
                Some(length) => {
                    let end = start + length as u64;
                    Ok(if self.has_marks(view, start, end) {
                        frame(start, length, FrameKind::Object)
                    } else {
                        Found::Text(start + 1)
                    })
                }
            },
            Scan::Quoted(start, mut quoted) => match quoted.scan(view.from(start), is_complete) {
                None => Err(Scan::Quoted(start, quoted)),
                Some(end) => Ok(self.end_quoted(view, start, &quoted, end.length, end.is_closed)),
            },
            Scan::Http(start, mut http) => match http.scan(view.from(start), is_complete) {
                None => Err(Scan::Http(start, http)),
                Some(HttpEnd::Message(length)) => Ok(frame(start, length, FrameKind::Http)),
                Some(HttpEnd::Text) => Ok(Found::Text(start)),
            },
            Scan::Cri(start, mut cri) => match cri.scan(view.from(start), is_complete) {
                None => Err(Scan::Cri(start, cri)),
                Some(length) => Ok(frame(start, length, FrameKind::CriLines)),
            },
            Scan::Docker(start, mut docker) => match docker.scan(view.from(start), is_complete) {
                None => Err(Scan::Docker(start, docker)),
                Some(length) => Ok(frame(start, length, FrameKind::DockerLines)),
            },
        }
    }

    /// Scans text up to what may start a frame.
    fn scan_text(&mut self, view: View<'_>) -> Option<Found> {
        loop {
            if self.is_line_start {
                let scan = self.examine_line_start(view)?;
                self.is_line_start = false;
                if let Some(scan) = scan {
                    return Some(Found::Next(scan));
                }
            }
            let text = view.from(self.at);
            let Some(offset) = memchr::memchr2(b'{', b'\n', text) else {
                steps::add(text.len());
                self.at = view.end();
                if view.is_complete {
                    self.lines.end(view.bytes, view.front, self.at);
                }
                return None;
            };
            steps::add(offset);
            self.at += offset as u64;
            if text[offset] == b'{' {
                return self.examine_brace(view);
            }
            self.end_line(view);
        }
    }

    fn end_line(&mut self, view: View<'_>) {
        let next = self.at + 1;
        self.may_be_request[0] = self.may_be_request[1];
        self.lines
            .end(&view.bytes[..view.index(self.at)], view.front, next);
        self.at = next;
        self.is_line_start = true;
    }

    /// Returns what may start at the start of a line: `Some(None)` if nothing does, and `None` if that
    /// depends on bytes that have yet to arrive.
    #[expect(clippy::option_option, reason = "not yet known, nothing, something")]
    fn examine_line_start(&mut self, view: View<'_>) -> Option<Option<Scan>> {
        let text = view.from(self.at);
        let Some(first) = text.first() else {
            return view.is_complete.then_some(None);
        };
        // Blank lines, comments and variables may stand before a request.
        self.may_be_request[1] = match first {
            b'#' => {
                let is_known = view.is_complete || text.len() > 2 || text.contains(&b'\n');
                if !is_known {
                    return None;
                }
                self.may_be_request[0] || text.starts_with(b"###")
            }
            b'\r' | b'\n' | b'@' | b'/' => self.may_be_request[0],
            _ => false,
        };
        if first.is_ascii_digit() {
            let start = cri::line_start(text, view.is_complete)?;
            return Some(
                start
                    .filter(|start| start.is_partial)
                    .map(|start| Scan::Cri(self.at, CriScan::new(start, self.limits.payload))),
            );
        }
        if !may_be_first_line(text) {
            return Some(None);
        }
        let text = &text[..text.len().min(MAX_FIRST_LINE)];
        let line_break = memchr::memchr(b'\n', text);
        let Some(line_break) = line_break else {
            let is_known = view.is_complete || text.len() == MAX_FIRST_LINE;
            return is_known.then_some(None);
        };
        steps::add(line_break);
        let line = &text[..line_break];
        let is_message = is_first_line(line) || (self.may_be_request[0] && is_short_request(line));
        let scan = || HttpScan::new(line_break + 1, self.limits.depth, self.limits.payload);
        Some(is_message.then(|| Scan::Http(self.at, Box::new(scan()))))
    }

    /// Decides what the brace at the current offset may start.
    fn examine_brace(&mut self, view: View<'_>) -> Option<Found> {
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
    fn examine_open(&mut self, view: View<'_>, level: usize) -> Found {
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
    fn end_suspect(&mut self, start: u64, length: usize, scan: &BrokenScan) -> Found {
        if scan.names().is_payload() {
            return frame(start, length, FrameKind::Object);
        }
        // The objects inside of this one may be examined too, but not as many as there may be.
        self.suspects += 1;
        self.suspect_end = self.suspect_end.max(start + length as u64);
        Found::Text(start + 1)
    }

    /// Continues the scan of an object.
    fn scan_json(&mut self, start: u64, view: View<'_>) -> Option<Found> {
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
    fn end_object(&mut self, view: View<'_>, start: u64, length: usize) -> Found {
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

    /// Recognizes the notation of an object that is not plain JSON.
    fn scan_notation(&mut self, start: u64, view: View<'_>) -> Option<Found> {
        let text = view.from(start);
        let notation = notation::of(text, view.is_complete)?;
        let (first, is_found) = match notation {
            Notation::Other => return Some(Found::Text(start + 1)),
            Notation::Language => {
                if start < self.unmarked_end {
                    return Some(Found::Text(start + 1));
                }
                let name = text
                    .iter()
                    .skip(1)
                    .take_while(|byte| byte.is_ascii_whitespace());
                let scan = BrokenScan::new(&text[..1 + name.count()], 1, false);
                return Some(Found::Next(Scan::Language(
                    start,
                    scan.with_single_quotes(),
                )));
            }
            Notation::JsonString => match self.opening_quote(view, start) {
                Some(quote) => (quote, true),
                None => (start, start >= self.unmarked_end),
            },
            Notation::CsvField => match self.opening_quote(view, start) {
                // A doubled quote is part of a field.
                Some(quote) if !view.range(self.frame_end, quote).ends_with(b"\"") => {
                    (quote, start >= self.unclosed_end)
                }
                _ => (start, false),
            },
            Notation::HexEscapes | Notation::XmlText => (start, true),
        };
        if !is_found {
            return Some(Found::Text(start + 1));
        }
        let brace = usize::try_from(start - first).unwrap_or(usize::MAX);
        let scan = QuotedScan::new(notation, brace, self.limits.payload);
        Some(Found::Next(Scan::Quoted(first, scan)))
    }

    /// Ends a string or another text with escaped JSON.
    fn end_quoted(
        &mut self,
        view: View<'_>,
        start: u64,
        quoted: &QuotedScan,
        length: usize,
        is_closed: bool,
    ) -> Found {
        let end = start + length as u64;
        let kind = match quoted.notation() {
            Notation::JsonString => FrameKind::JsonString,
            Notation::CsvField => FrameKind::CsvField,
            Notation::HexEscapes => FrameKind::HexEscapes,
            _ => FrameKind::XmlText,
        };
        let is_in_quotes = is_closed && view.from(start).starts_with(b"\"");
        if is_in_quotes || matches!(kind, FrameKind::HexEscapes | FrameKind::XmlText) {
            return frame(start, length, kind);
        }
        if kind == FrameKind::CsvField {
            self.unclosed_end = end;
        }
        if self.at >= self.unmarked_end && self.has_marks(view, self.at, end) {
            // Cut off, or without quotes: an error, and not nothing.
            return Found::Frame {
                start: self.at,
                end,
                kind: FrameKind::Object,
            };
        }
        Found::Text(self.at + 1)
    }

    /// Returns `true` if a text has the names of a payload. If it does not, it is not searched again.
    fn has_marks(&mut self, view: View<'_>, start: u64, end: u64) -> bool {
        let has_marks = has_payload_names(view.range(start, end));
        if !has_marks {
            self.unmarked_end = self.unmarked_end.max(end);
        }
        has_marks
    }

    /// Returns the offset of the first byte that matters for the string around the offset `at`: that
    /// before its quote, which may be a backslash or another quote.
    fn before_string(&mut self, view: View<'_>, at: u64) -> u64 {
        let quote = self.opening_quote(view, at).unwrap_or(at);
        quote.saturating_sub(1).max(self.frame_end)
    }

    /// Returns the offset of the quote that opens the string around the offset `at`: the nearest one
    /// before it in its line that is not escaped.
    fn opening_quote(&mut self, view: View<'_>, at: u64) -> Option<u64> {
        let limit = at
            .saturating_sub(MAX_BEFORE)
            .max(self.lines.start())
            .max(self.frame_end);
        let from = self.quotes.scanned.max(limit);
        if from < at {
            let mut text = view.range(from, at);
            let is_escaped = |index: usize| {
                let index = view.index(from) + index;
                index > 0 && view.bytes[index - 1] == b'\\'
            };
            while let Some(index) = memchr::memrchr(b'"', text) {
                steps::add(text.len() - index);
                if !is_escaped(index) {
                    self.quotes.last = Some(from + index as u64);
                    break;
                }
                text = &text[..index];
            }
            self.quotes.scanned = at;
        }
        self.quotes
            .last
            .filter(|quote| *quote >= limit && *quote < at)
    }
}

fn frame(start: u64, length: usize, kind: FrameKind) -> Found {
    Found::Frame {
        start,
        end: start + length as u64,
        kind,
    }
}
