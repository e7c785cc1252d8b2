//! Finds the next frame of a stream, even if there is other text between frames.
//!
//! Each item between payloads that doesn't belong there is an error at its own place, and doesn't
//! affect the payloads around it: stray text up to the next `{` of its line, a stray comma, a
//! missing comma, a missing `]`. Such an error is a frame as well, with a fault that says what is
//! wrong. If something is missing, the frame is empty.

use crate::document::{Document, Position, SyntaxErrorKind};
use crate::input::reader::Fill;
use crate::steps;

use super::batch::FrameRange;
use super::buffer::Buffer;
use super::docker::{self, DockerScan};
use super::frames::Start;
use super::kind::FrameKind;
use super::line::{LONG, LineKind, LineScan, ends_payload};
use super::skip::{self, Skip};
use super::value::{ValueEnd, ValueScan};

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The number of bytes after a string in which a colon makes it the name of a property.
const MAX_SPACE_BEFORE_COLON: usize = 16;

/// Cuts the bytes of a buffer into frames. The front is the first byte that was not consumed.
pub(super) struct Cutter {
    pub(super) buffer: Buffer,
    /// The result of reading into the buffer last.
    pub(super) fill: Fill,
    max_depth: usize,
    /// The number of frames so far.
    count: u64,
    array: ArrayState,
    /// What is skipped before the next frame.
    skip: Option<Skip>,
    /// The scan of the lines at the front.
    line_scan: LineScan,
    /// The scan of the value at the front.
    value_scan: ValueScan,
    /// What is known of that value and the bytes after it once its end is found.
    stray_scan: StrayScan,
    /// The offset of a broken value before the front, and its scan, if that has seen more bytes
    /// than were cut out.
    broken: Option<(u64, ValueScan)>,
    /// The error of the next frame, whatever its text.
    fault: Option<SyntaxErrorKind>,
    /// The scan of the lines at the front, if a logger has split them.
    docker_scan: Option<DockerScan>,
}

/// Where the front is in relation to an array at the top level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ArrayState {
    /// Outside of arrays.
    Outside,
    /// After the `[`.
    Start,
    /// After an item.
    AfterItem,
    /// After the comma that follows an item.
    AfterComma,
    /// After something broken, which may have taken a comma along.
    AfterBroken,
    /// After an array that was not closed or that lacked a comma. That has been reported; now
    /// payloads follow as they do outside of arrays, and commas and the `]` may still come.
    Unclosed,
}

impl ArrayState {
    /// Returns `true` if payloads follow one another without commas.
    fn is_outside(self) -> bool {
        matches!(self, Self::Outside | Self::Unclosed)
    }
}

/// Whether a value whose end was found is stray text, and how far that goes. This is kept so that
/// each byte is examined once, however the bytes arrive.
#[derive(Debug, Default)]
struct StrayScan {
    /// Whether the value is JSON, and not stray text.
    is_json: Option<bool>,
    /// The number of bytes after the first word that are part of the stray text.
    scanned: usize,
}

impl Cutter {
    /// Creates a cutter of values with at most `max_depth` levels of brackets.
    pub(super) fn new(max_depth: usize) -> Self {
        Self {
            buffer: Buffer::new(),
            fill: Fill::Bytes,
            max_depth,
            count: 0,
            array: ArrayState::Outside,
            skip: None,
            line_scan: LineScan::default(),
            value_scan: ValueScan::new(max_depth),
            stray_scan: StrayScan::default(),
            broken: None,
            fault: None,
            docker_scan: None,
        }
    }

    /// Sets the position of the first byte in a longer input.
    pub(super) fn starting_at(mut self, start: Start) -> Self {
        let position = Position {
            line: start.line,
            ..Position::START
        };
        self.buffer.start_at(position, start.offset);
        self.count = start.frames;
        self
    }

    /// Cuts out the next frame, if its end is known from the bytes in the buffer.
    pub(super) fn next(&mut self) -> Option<FrameRange> {
        let length = match self.find_end() {
            Some(length) => length,
            None if self.fill.is_last() && self.buffer.rest().is_empty() => self.end_array()?,
            None => return None,
        };
        Some(self.take_frame(length))
    }

    /// Returns `true` if the value at the front looks complete, but the bytes after it may tell
    /// otherwise.
    pub(super) fn is_holding_back(&self) -> bool {
        self.value_scan.is_complete()
    }

    /// Consumes what stands before the next frame, and returns the length of that once it is known.
    fn find_end(&mut self) -> Option<usize> {
        if self.docker_scan.is_some() {
            return self.find_docker_end();
        }
        if !skip::run(&mut self.skip, &mut self.buffer, self.fill.is_last()) {
            return None;
        }
        loop {
            self.skip_space();
            if self.may_start_byte_order_mark() {
                return None;
            }
            self.array = match (self.array, *self.buffer.rest().first()?) {
                (ArrayState::Outside | ArrayState::Unclosed, b'[') => ArrayState::Start,
                (
                    ArrayState::Start
                    | ArrayState::AfterItem
                    | ArrayState::AfterBroken
                    | ArrayState::Unclosed,
                    b']',
                ) => ArrayState::Outside,
                (ArrayState::AfterItem | ArrayState::AfterBroken, b',') => ArrayState::AfterComma,
                (ArrayState::Unclosed, b',') => ArrayState::Unclosed,
                (ArrayState::Outside, b',') => {
                    return Some(self.stray_comma("a comma outside an array"));
                }
                (ArrayState::Start | ArrayState::AfterComma, b',') => {
                    return Some(self.stray_comma("a comma with no payload before it"));
                }
                (ArrayState::AfterComma, b']') => {
                    self.fault = Some(SyntaxErrorKind::TrailingComma { close: ']' });
                    self.array = ArrayState::Outside;
                    return Some(1);
                }
                (ArrayState::AfterItem, b'{' | b'[' | b'"') => {
                    let fault =
                        "expected `,` or `]` after a payload in an array, found another payload";
                    self.fault = Some(SyntaxErrorKind::Separator(fault));
                    self.array = ArrayState::Unclosed;
                    return Some(0);
                }
                _ => {
                    let length = self.find_value_end()?;
                    let is_line = self.array.is_outside() && self.buffer.position().column == 1;
                    if is_line && docker::is_split(&self.buffer.rest()[..length]) {
                        self.docker_scan = Some(DockerScan::new(length, usize::MAX));
                        return self.find_docker_end();
                    }
                    return Some(length);
                }
            };
            self.buffer.consume(1);
        }
    }

    /// Reports a comma that separates nothing. Returns its length.
    fn stray_comma(&mut self, fault: &'static str) -> usize {
        self.fault = Some(SyntaxErrorKind::Separator(fault));
        self.skip = Some(Skip::Commas);
        if !self.array.is_outside() {
            self.array = ArrayState::AfterBroken;
        }
        1
    }

    /// Reports an array that the end of the input leaves open, unless it was reported before or the
    /// reader was stopped. Returns the length of what is missing, which is 0.
    fn end_array(&mut self) -> Option<usize> {
        if self.array.is_outside() || self.fill == Fill::Stopped {
            return None;
        }
        self.array = ArrayState::Outside;
        let expected = "the `]` that closes the array of payloads";
        self.fault = Some(SyntaxErrorKind::UnexpectedEnd { expected });
        Some(0)
    }

    /// Returns the length of the split lines at the front, if their end is known.
    fn find_docker_end(&mut self) -> Option<usize> {
        let is_complete = self.fill.is_last();
        self.docker_scan
            .as_mut()?
            .scan(self.buffer.rest(), is_complete)
    }

    /// Returns the length of the value at the front, if its end is known.
    fn find_value_end(&mut self) -> Option<usize> {
        if self.value_scan.scanned() == 0 {
            self.resume_broken();
        }
        let bytes = self.buffer.rest();
        let is_at_line_start = self.buffer.position().column == 1;
        let line = if self.array.is_outside() && is_at_line_start && self.fill != Fill::Stopped {
            // A line that took a few reads was scanned in full while it arrived.
            let value = match self.value_scan.scanned() {
                0 => None,
                _ if bytes.len() > LONG => None,
                _ => self.value_scan.scan(bytes).complete(),
            };
            self.line_scan.scan(bytes, self.fill.is_last(), value)
        } else {
            LineKind::Other
        };
        if let LineKind::Payload(length) = line {
            return Some(length);
        }
        // After more bytes, the end or a silence, a full scan may not be needed.
        let can_wait = self.fill == Fill::Bytes
            && match line {
                LineKind::Unfinished => self.line_scan.is_long_payload(bytes),
                LineKind::PayloadIfBalanced(_) => bytes.len() > LONG,
                LineKind::Payload(_) | LineKind::Other => false,
            };
        if can_wait {
            return None;
        }
        let end = self.value_scan.scan(bytes);
        match (line, end) {
            (LineKind::PayloadIfBalanced(line_length), ValueEnd::Complete(length))
                if length <= line_length =>
            {
                return Some(line_length);
            }
            (LineKind::Unfinished, ValueEnd::Complete(length))
                if ends_payload(bytes[length - 1], &bytes[length..]) => {}
            (LineKind::Unfinished, _) => return None,
            _ => {}
        }
        let (length, next) = match end {
            ValueEnd::Complete(length) => (length, ArrayState::AfterItem),
            ValueEnd::Broken(length) => (length, ArrayState::AfterBroken),
            ValueEnd::Unknown => match self.fill {
                Fill::Stopped => {
                    self.buffer.consume(bytes.len());
                    return None;
                }
                Fill::End => {
                    let length = self.value_scan.length_at_end(bytes.len());
                    (length, ArrayState::AfterBroken)
                }
                Fill::Bytes | Fill::Idle => return None,
            },
        };
        if self.array.is_outside() {
            if self.is_stray_text(length)? {
                self.report_stray_text(length);
            }
        } else if self.is_json(length) {
            self.array = next;
        } else {
            let length = self.stray_text_length(length)?;
            self.array = ArrayState::AfterBroken;
            return Some(length);
        }
        Some(length)
    }

    /// Returns `true` if the value of this length at the front is JSON, or in brackets: then it is
    /// a payload, broken or not.
    fn is_json(&mut self, length: usize) -> bool {
        let value = &self.buffer.rest()[..length];
        *self.stray_scan.is_json.get_or_insert_with(|| {
            matches!(value[0], b'{' | b'[')
                || str::from_utf8(value).is_ok_and(|text| Document::parse(text).is_ok())
        })
    }

    /// Returns whether the value of this length at the front, outside of arrays, is stray text: no
    /// JSON, or the name of a property. Returns `None` if that depends on bytes that have yet to
    /// arrive.
    fn is_stray_text(&mut self, length: usize) -> Option<bool> {
        if !self.is_json(length) {
            return Some(true);
        }
        let (value, after) = self.buffer.rest().split_at(length);
        match value[0] {
            b'"' => is_property_name(after, self.fill.is_last()),
            _ => Some(false),
        }
    }

    /// Reports that the value of this length at the front, outside of arrays, is stray text. What
    /// follows is skipped.
    fn report_stray_text(&mut self, length: usize) {
        let (value, after) = self.buffer.rest().split_at(length);
        let is_at_line_start = self.buffer.position().column == 1;
        let skip = match value[0] {
            b'}' | b']' | b':' => Skip::Brackets,
            b'"' => Skip::Lines,
            _ if is_at_line_start && after.starts_with(b":") => Skip::Line,
            _ => Skip::Text,
        };
        self.skip = Some(skip);
        // A line of text is reported as what it is, and not as something after a payload.
        let is_line = is_at_line_start && matches!(skip, Skip::Text | Skip::Line);
        if !is_line
            && self.count > 0
            && let Some(found) = first_character(value)
        {
            self.fault = Some(SyntaxErrorKind::TextAfterValue { found });
        }
    }

    /// Returns the length of the stray text at the front, inside of an array: up to the next comma,
    /// bracket or line break. `length` is that of its first word.
    fn stray_text_length(&mut self, length: usize) -> Option<usize> {
        let after = &self.buffer.rest()[length..];
        let is_end = |byte: &u8| matches!(byte, b',' | b'[' | b']' | b'{' | b'\n');
        let scanned = self.stray_scan.scanned;
        let end = after[scanned..].iter().position(is_end);
        steps::add(end.unwrap_or(after.len() - scanned));
        self.stray_scan.scanned = after.len();
        match end {
            Some(end) => Some(length + scanned + end),
            None => self.fill.is_last().then_some(length + after.len()),
        }
    }

    /// Returns `true` if the rest could be a byte-order mark of which more bytes have yet to arrive.
    fn may_start_byte_order_mark(&self) -> bool {
        let rest = self.buffer.rest();
        let is_part = !rest.is_empty() && rest.len() < BYTE_ORDER_MARK.len();
        is_part && !self.fill.is_last() && BYTE_ORDER_MARK.starts_with(rest)
    }

    fn skip_space(&mut self) {
        loop {
            let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            let length = self.buffer.rest().iter().take_while(is_space).count();
            if length > 0 {
                self.buffer.consume(length);
            }
            // Outside of arrays there may be more than one byte-order mark: where files that start
            // with one were joined.
            if !self.array.is_outside() || !self.buffer.rest().starts_with(BYTE_ORDER_MARK) {
                return;
            }
            self.buffer.consume_invisible(BYTE_ORDER_MARK.len());
        }
    }

    /// Continues the scan of a broken value for the value at the front, if that is inside of it and
    /// was scanned with it.
    fn resume_broken(&mut self) {
        let Some((offset, broken)) = &mut self.broken else {
            return;
        };
        let start = usize::try_from(self.buffer.offset() - *offset).unwrap_or(usize::MAX);
        if start >= broken.scanned() {
            self.broken = None;
        } else if broken.enter(start, self.buffer.rest())
            && let Some((_, broken)) = self.broken.take()
        {
            self.value_scan = broken;
        }
    }

    /// Starts the scan of the next value. Keeps the scan of the current one if that has seen more
    /// than the `length` bytes that are cut out, and more than the scan that is kept so far.
    fn next_scan(&mut self, length: usize) {
        let scan_end = |offset: u64, scan: &ValueScan| offset + scan.scanned() as u64;
        let offset = self.buffer.offset();
        let kept_end = match &self.broken {
            Some((offset, broken)) => scan_end(*offset, broken),
            None => 0,
        };
        if self.value_scan.scanned() > length && scan_end(offset, &self.value_scan) >= kept_end {
            let next = ValueScan::new(self.max_depth);
            self.broken = Some((offset, std::mem::replace(&mut self.value_scan, next)));
        } else {
            self.value_scan.reset();
        }
    }

    /// Cuts out a frame of `length` bytes from the front.
    fn take_frame(&mut self, length: usize) -> FrameRange {
        self.count += 1;
        self.next_scan(length);
        let line_scan = std::mem::take(&mut self.line_scan);
        self.stray_scan = StrayScan::default();
        let levels = self.max_depth - usize::from(!self.array.is_outside());
        let kind = match self.docker_scan.take() {
            Some(_) => FrameKind::DockerLines,
            None => FrameKind::Value,
        };
        let buffer = &mut self.buffer;
        let frame = match line_scan.length_with_break(buffer.rest(), length) {
            Some(lines) if kind == FrameKind::Value => {
                buffer.take_lines(length, lines, self.count, levels)
            }
            _ => buffer.take_frame(length, self.count, levels, kind),
        };
        FrameRange {
            fault: self.fault.take(),
            ..frame
        }
    }
}

/// Returns the first character, or the replacement character for bytes that are not UTF-8.
fn first_character(text: &[u8]) -> Option<char> {
    let first = text.utf8_chunks().next()?.valid().chars().next();
    Some(first.unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// Returns whether a string is the name of a property, by the bytes that follow it, or `None` if
/// these have yet to arrive.
fn is_property_name(after: &[u8], is_complete: bool) -> Option<bool> {
    let start = &after[..after.len().min(MAX_SPACE_BEFORE_COLON)];
    match start.trim_ascii_start().first() {
        Some(byte) => Some(*byte == b':'),
        None => (is_complete || start.len() == MAX_SPACE_BEFORE_COLON).then_some(false),
    }
}
