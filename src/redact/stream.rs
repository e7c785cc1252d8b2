//! Redacts inputs of any length part by part. A part is a payload, or a line of other text with the
//! lines that belong to it. So the stream holds one part at a time, and its output does not depend
//! on how the bytes arrive.

use crate::decode::Container;
use crate::frame::{Batch, FrameKind, Frames, Next};
use crate::input::InputError;
use crate::steps;

use super::Redactor;

/// The result of reading on in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamStatus {
    /// Output was added, and more may follow.
    More,
    /// No input is available at present.
    Idle,
    /// The stream has ended, and all output was added.
    End,
}

/// An input with its secrets replaced.
pub struct RedactedStream<'r> {
    redactor: &'r Redactor,
    frames: Frames,
    /// Text outside of payloads: the current line, which has not ended, and the lines before it
    /// that it may belong to.
    text: Vec<u8>,
    /// The start of the current line in the text, and of the line before it.
    line_start: usize,
    previous_line: usize,
    /// The number of open brackets in the lines before the current one.
    open_brackets: usize,
    /// Whether the current line has a letter. This is updated with each segment, since a line may
    /// have many.
    has_letter: bool,
    line_number: u64,
    is_changed: bool,
}

/// The maximum number of bytes of complete lines that are held.
const MAX_HELD: usize = 1 << 16;

/// Returns `true` if a line contains only the brackets, commas and white space around the payloads
/// of an array.
fn is_array_syntax(line: &[u8]) -> bool {
    let mut bytes = line.iter();
    bytes.all(|byte| matches!(byte, b'[' | b']' | b',') || byte.is_ascii_whitespace())
}

/// Returns `true` if a line ends with a name whose value is not on the same line.
fn ends_with_name(line: &[u8]) -> bool {
    matches!(
        line.trim_ascii_end().last(),
        Some(b':' | b'=' | b'>' | b'|' | b'-' | b'+' | b',')
    )
}

/// Returns `true` if a line ends with base64 that may continue on the next line.
fn ends_with_base64(line: &[u8]) -> bool {
    /// The minimum length of a line that is taken for wrapped base64.
    const MIN_LENGTH: usize = 40;
    let line = line.trim_ascii_end();
    let end = &line[line.len().saturating_sub(MIN_LENGTH)..];
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    end.len() == MIN_LENGTH && end.iter().all(is_digit)
}

/// Returns `true` if a line ends with what may continue on the next line.
fn ends_open(line: &[u8]) -> bool {
    ends_with_name(line) || ends_with_base64(line)
}

impl<'r> RedactedStream<'r> {
    /// Creates a stream of the redacted input.
    pub fn new(redactor: &'r Redactor, frames: Frames) -> Self {
        Self {
            redactor,
            frames: frames.with_all_bytes(),
            text: Vec::new(),
            line_start: 0,
            previous_line: 0,
            open_brackets: 0,
            has_letter: false,
            line_number: 1,
            is_changed: false,
        }
    }

    /// Returns `true` if anything was replaced so far.
    pub fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// Returns what encodes the text of the input. It is known once there was output or the end.
    pub fn container(&self) -> &Container {
        self.frames.container()
    }

    /// Adds the next redacted bytes to the output.
    ///
    /// # Errors
    /// The input cannot be read on, or is not text. The stream has ended then, and what was read
    /// before is in the output.
    pub fn next(&mut self, out: &mut Vec<u8>) -> Result<StreamStatus, InputError> {
        let next = match self.frames.next() {
            Ok(next) => next,
            Err(error) => {
                self.end_text(out);
                return Err(error);
            }
        };
        match next {
            Next::Batch(batch) => {
                self.add_batch(&batch, out)?;
                Ok(StreamStatus::More)
            }
            Next::Idle => Ok(StreamStatus::Idle),
            Next::End => {
                self.end_text(out);
                Ok(StreamStatus::End)
            }
        }
    }

    fn add_batch(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<(), InputError> {
        let mut end = 0;
        for frame in batch.frames() {
            self.add_text(&batch.bytes()[end..frame.range.start], out)?;
            end = frame.range.end;
            match (frame.kind, frame.payload.text) {
                (FrameKind::Http, text) => {
                    // A body without a true length may end before what belongs to it in its last
                    // line, so that line is ended by its line break.
                    self.end_text(out);
                    self.text.extend_from_slice(text);
                    self.has_letter = true;
                    self.check_length()?;
                }
                (FrameKind::Flow, text) => {
                    self.end_text(out);
                    match self.redactor.redact_flows(text) {
                        Some(redacted) => self.add_redacted(text, &redacted, out),
                        None => self.redact(text, out),
                    }
                }
                (_, text @ [b'{' | b'[', ..]) => self.add_value(text, out)?,
                (_, text) => self.add_text(text, out)?,
            }
        }
        self.add_text(&batch.bytes()[end..], out)
    }

    /// Adds a frame in brackets.
    fn add_value(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), InputError> {
        // A payload after text belongs to the line of that text, which may name secrets in the
        // payload or after it. An invalid payload is treated as text, since its end is a guess.
        let margin = &self.text[self.line_start..];
        let is_inside =
            self.open_brackets > 0 && !margin.is_empty() && margin.trim_ascii_start().is_empty();
        let redacted = if self.has_letter || is_inside {
            None
        } else {
            self.redactor.redact_json(text)
        };
        if let Some(redacted) = redacted {
            self.end_text(out);
            self.add_redacted(text, &redacted, out);
            return Ok(());
        }
        self.text.extend_from_slice(text);
        self.has_letter = true;
        self.check_length()
    }

    /// Adds bytes between frames, or a frame that is not a value in brackets.
    fn add_text(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), InputError> {
        let mut rest = text;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.text.extend_from_slice(&rest[..=end]);
            rest = &rest[end + 1..];
            self.end_line(out);
        }
        self.text.extend_from_slice(rest);
        self.has_letter |= rest.iter().any(u8::is_ascii_alphabetic);
        self.check_length()
    }

    fn check_length(&self) -> Result<(), InputError> {
        let limit = self.frames.limits().payload;
        if self.text.len() > limit {
            let line = self.line_number;
            return Err(InputError::TooLarge { line, limit });
        }
        Ok(())
    }

    /// Ends the current line. A line that ends with a separator is held until its value on the next
    /// line was read, and as long as further lines are indented. A line with an open bracket is
    /// held until the bracket is closed.
    fn end_line(&mut self, out: &mut Vec<u8>) {
        self.has_letter = false;
        let line = &self.text[self.line_start..];
        let is_first = self.line_start == 0;
        if is_first && is_array_syntax(line) {
            return self.end_text(out);
        }
        let is_value = !is_first && ends_open(&self.text[self.previous_line..self.line_start]);
        let is_indented = matches!(line, [b' ' | b'\t', ..] | [b'-', b' ', ..]);
        let is_blank = line.trim_ascii().is_empty();
        let is_inside = self.open_brackets > 0 || (!is_first && (is_indented || is_blank));
        if !is_first && !is_value && !is_inside {
            let held = self.text.drain(..self.line_start).collect::<Vec<_>>();
            self.redact(&held, out);
            (self.line_start, self.previous_line, self.open_brackets) = (0, 0, 0);
            self.end_line(out);
            return;
        }
        let closed = line.iter().filter(|byte| matches!(byte, b'}' | b']'));
        let opened = line.iter().filter(|byte| matches!(byte, b'{' | b'['));
        let open = (self.open_brackets + opened.count()).saturating_sub(closed.count());
        // The text ends with the line that closes the last bracket.
        let continues = open > 0 || (is_inside && self.open_brackets == 0) || ends_open(line);
        if continues && self.text.len() < MAX_HELD {
            // A blank line does not end the value before it.
            if !is_blank {
                self.previous_line = self.line_start;
            }
            (self.line_start, self.open_brackets) = (self.text.len(), open);
        } else {
            self.end_text(out);
        }
    }

    fn end_text(&mut self, out: &mut Vec<u8>) {
        let mut text = std::mem::take(&mut self.text);
        self.redact(&text, out);
        text.clear();
        self.text = text;
        (self.line_start, self.previous_line, self.open_brackets) = (0, 0, 0);
        self.has_letter = false;
    }

    fn redact(&mut self, text: &[u8], out: &mut Vec<u8>) {
        steps::add(text.len());
        let redacted = self.redactor.redact(text);
        self.add_redacted(text, &redacted, out);
    }

    fn add_redacted(&mut self, text: &[u8], redacted: &[u8], out: &mut Vec<u8>) {
        self.is_changed |= text != redacted;
        self.line_number += memchr::memchr_iter(b'\n', text).count() as u64;
        out.extend_from_slice(redacted);
    }
}
