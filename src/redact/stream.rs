//! Whole inputs of any length, in parts that are looked at on their own: a payload, or a line of
//! what is none, with the lines that belong to it. So no more than one of those is held, and what
//! comes out does not depend on how the bytes came in.

use crate::frame::{Batch, Frames, Next};
use crate::input::InputError;
use crate::steps;

use super::Redactor;

/// What a stream has next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// What was added to the output.
    More,
    /// Nothing for now.
    Idle,
    /// Nothing more, beyond what was added to the output.
    End,
}

/// An input without its secrets.
pub struct Stream<'r> {
    redactor: &'r Redactor,
    frames: Frames,
    /// Text that is no payload: a line that has not ended, and lines before it that it may belong
    /// to.
    text: Vec<u8>,
    /// Where the last line in it starts, and that before it.
    line: usize,
    before: usize,
    /// How many brackets are open in the lines that are held.
    open: usize,
    /// Whether the last line has a letter: kept as it grows, since a line may have many parts.
    is_text: bool,
    lines: u64,
    is_changed: bool,
}

/// How many bytes of whole lines are held at most.
const HELD: usize = 1 << 16;

/// Returns whether a line is only what stands around and between the payloads of an array.
fn is_of_array(line: &[u8]) -> bool {
    let mut bytes = line.iter();
    bytes.all(|byte| matches!(byte, b'[' | b']' | b',') || byte.is_ascii_whitespace())
}

/// Returns whether a line ends with a name whose value is not on it.
fn opens(line: &[u8]) -> bool {
    matches!(
        line.trim_ascii_end().last(),
        Some(b':' | b'=' | b'>' | b'|' | b'-' | b'+' | b',')
    )
}

impl<'r> Stream<'r> {
    /// What is left of an input.
    pub fn new(redactor: &'r Redactor, frames: Frames) -> Self {
        Self {
            redactor,
            frames: frames.with_all_bytes(),
            text: Vec::new(),
            line: 0,
            before: 0,
            open: 0,
            is_text: false,
            lines: 1,
            is_changed: false,
        }
    }

    /// Whether anything was replaced so far.
    pub fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// Adds what comes next to the output.
    ///
    /// # Errors
    /// The input can't be read on, or is no text; nothing more comes then.
    pub fn next(&mut self, out: &mut Vec<u8>) -> Result<Flow, InputError> {
        match self.frames.next()? {
            Next::Batch(batch) => {
                self.add_batch(&batch, out)?;
                Ok(Flow::More)
            }
            Next::Idle => Ok(Flow::Idle),
            Next::End => {
                self.end_text(out);
                Ok(Flow::End)
            }
        }
    }

    fn add_batch(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<(), InputError> {
        let mut end = 0;
        for frame in batch.frames() {
            self.add_text(&batch.bytes()[end..frame.range.start], out)?;
            end = frame.range.end;
            match frame.payload.text {
                text @ [b'{' | b'[', ..] => self.add_value(text, out)?,
                text => self.add_text(text, out)?,
            }
        }
        self.add_text(&batch.bytes()[end..], out)
    }

    /// Adds a frame in brackets.
    fn add_value(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), InputError> {
        // After text a payload belongs to its line: what is a secret in it, or after it, the text
        // may say. So does one that is broken: where it ends is a guess.
        let margin = &self.text[self.line..];
        let is_inside = self.open > 0 && !margin.is_empty() && margin.trim_ascii_start().is_empty();
        let redacted = if self.is_text || is_inside {
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
        self.is_text = true;
        self.check_length()
    }

    /// Adds bytes between frames, or a frame that is no value in brackets.
    fn add_text(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), InputError> {
        let mut rest = text;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.text.extend_from_slice(&rest[..=end]);
            rest = &rest[end + 1..];
            self.end_line(out);
        }
        self.text.extend_from_slice(rest);
        self.is_text |= rest.iter().any(u8::is_ascii_alphabetic);
        self.check_length()
    }

    fn check_length(&self) -> Result<(), InputError> {
        let limit = self.frames.limits().payload;
        if self.text.len() > limit {
            let line = self.lines;
            return Err(InputError::TooLarge { line, limit });
        }
        Ok(())
    }

    /// Ends a line. One that ends with a separator is held until the next one, where the value is,
    /// and further as long as lines are indented; one with an open bracket until that is closed.
    fn end_line(&mut self, out: &mut Vec<u8>) {
        self.is_text = false;
        let line = &self.text[self.line..];
        let is_first = self.line == 0;
        if is_first && is_of_array(line) {
            return self.end_text(out);
        }
        let is_value = !is_first && opens(&self.text[self.before..self.line]);
        let is_indented = matches!(line, [b' ' | b'\t', ..] | [b'-', b' ', ..]);
        let is_blank = line.trim_ascii().is_empty();
        let is_inside = self.open > 0 || (!is_first && (is_indented || is_blank));
        if !is_first && !is_value && !is_inside {
            let held = self.text.drain(..self.line).collect::<Vec<_>>();
            self.redact(&held, out);
            (self.line, self.before, self.open) = (0, 0, 0);
            self.end_line(out);
            return;
        }
        let closed = line.iter().filter(|byte| matches!(byte, b'}' | b']'));
        let opened = line.iter().filter(|byte| matches!(byte, b'{' | b'['));
        let open = (self.open + opened.count()).saturating_sub(closed.count());
        // Where the last bracket is closed, so is what they are around.
        let goes_on = open > 0 || (is_inside && self.open == 0) || opens(line);
        if goes_on && self.text.len() < HELD {
            // What a blank line is behind goes on after it.
            if !is_blank {
                self.before = self.line;
            }
            (self.line, self.open) = (self.text.len(), open);
        } else {
            self.end_text(out);
        }
    }

    fn end_text(&mut self, out: &mut Vec<u8>) {
        let mut text = std::mem::take(&mut self.text);
        self.redact(&text, out);
        text.clear();
        self.text = text;
        (self.line, self.before, self.open) = (0, 0, 0);
        self.is_text = false;
    }

    fn redact(&mut self, text: &[u8], out: &mut Vec<u8>) {
        steps::add(text.len());
        let redacted = self.redactor.redact(text);
        self.add_redacted(text, &redacted, out);
    }

    fn add_redacted(&mut self, text: &[u8], redacted: &[u8], out: &mut Vec<u8>) {
        self.is_changed |= text != redacted;
        self.lines += memchr::memchr_iter(b'\n', text).count() as u64;
        out.extend_from_slice(redacted);
    }
}
