//! Finds the frames in text that is not JSON: a log, HTTP messages, Markdown, a shell script, CSV.
//!
//! A frame is what may hold payloads, whatever stands around it: an object, a string with escaped
//! JSON, an HTTP message, lines that a logger split. The text between is skipped by a search for
//! braces and line breaks, which is many times faster than looking at each byte.
//!
//! Everything that may start a frame is scanned as its bytes arrive (`Scan`), and ends as a frame or
//! as text. Text is examined again only where that takes constant time for each byte: after an
//! object that breaks, what its scan has learnt of the objects inside is used (`Known`).

mod body_field;
mod broken;
mod cri;
mod http;
mod http_head;
mod line_start;
mod lines;
mod notation;
mod objects;
mod quoted;
mod strings;
#[cfg(test)]
mod tests;
mod view;

use crate::input::reader::Fill;
use crate::steps;

use self::body_field::{BodyField, MAX_LINE};
use self::broken::BrokenScan;
use self::cri::CriScan;
use self::http::{HttpEnd, HttpScan};
use self::lines::Lines;
use self::objects::Known;
use self::quoted::QuotedScan;
use self::strings::Quotes;
use self::view::View;

use super::batch::FrameRange;
use super::buffer::Buffer;
use super::cutter::BYTE_ORDER_MARK;
use super::docker::{self, DockerScan};
use super::json_scan::{Inner, InnerCursor, JsonEnd, JsonScan};
use super::kind::FrameKind;
use super::limits::Limits;
use super::names::has_payload_names;

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
    /// Where the last line of an access log had its body.
    body_field: Option<BodyField>,
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
            body_field: None,
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
        self.find_body_field(view, start, kind);
        let frame = view.range(start, end);
        let (before, length) = (view.index(start), frame.len());
        self.lines.record_frame(frame, end);
        self.at = end;
        self.frame_end = end;
        self.is_line_start = kind == FrameKind::Http || self.lines.start() == end;
        self.may_be_request = [false; 2];
        buffer.consume(before);
        self.count += 1;
        Some(buffer.take_frame(length, self.count, self.limits.depth, kind))
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
            // What was being scanned is consumed with the rest.
            self.scan = Scan::None;
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
        let mut length = view.index(held.min(self.line_held(held)));
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

    /// Finds the next frame, if the bytes that have arrived decide it.
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
                Some(end) => Ok(self.end_quoted(view, start, &quoted, end)),
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
                    if let Some(missing) = self.missing_body(view, self.at) {
                        return Some(missing);
                    }
                    self.lines.end(view.bytes, view.front, self.at);
                }
                return None;
            };
            steps::add(offset);
            self.at += offset as u64;
            if text[offset] == b'{' {
                return self.examine_brace(view);
            }
            if let Some(missing) = self.missing_body(view, self.at) {
                return Some(missing);
            }
            self.end_line(view);
        }
    }

    /// Finds the field of an access log in which the frame that starts at `start` is the body.
    fn find_body_field(&mut self, view: View<'_>, start: u64, kind: FrameKind) {
        let is_body = matches!(
            kind,
            FrameKind::Object | FrameKind::HexEscapes | FrameKind::JsonString
        );
        let line = self.lines.start();
        if is_body && start.saturating_sub(line) <= MAX_LINE && !self.lines.has_frame() {
            let before = view.range(line, start);
            self.body_field = BodyField::after(before).or(self.body_field);
        }
    }

    /// Returns the field that lacks the body of the request in the current line, which ends at `end`.
    fn missing_body(&self, view: View<'_>, end: u64) -> Option<Found> {
        let field = self.body_field.filter(|_| !self.lines.has_frame())?;
        let line = self.lines.start();
        if end.saturating_sub(line) > MAX_LINE {
            return None;
        }
        let missing = field.missing(view.range(line, end))?;
        let kind = FrameKind::MissingBody;
        Some(frame(line + missing.start as u64, missing.len(), kind))
    }

    /// Returns the start of the line that `held` is in, if a body may be missing in it, and `held`
    /// otherwise.
    fn line_held(&self, held: u64) -> u64 {
        let line = self.lines.start().max(self.frame_end);
        let length = held.saturating_sub(line);
        if length <= MAX_LINE { line } else { held }
    }

    fn end_line(&mut self, view: View<'_>) {
        let next = self.at + 1;
        self.may_be_request[0] = self.may_be_request[1];
        self.lines
            .end(&view.bytes[..view.index(self.at)], view.front, next);
        self.at = next;
        self.is_line_start = true;
    }
}

fn frame(start: u64, length: usize, kind: FrameKind) -> Found {
    Found::Frame {
        start,
        end: start + length as u64,
        kind,
    }
}
