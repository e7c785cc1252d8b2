//! Whole inputs of any length, in parts that are looked at on their own: a payload, or a line of
//! what is none. So no more than one of those is held, and what comes out does not depend on how
//! the bytes came in.

use crate::input::{InputError, Next, Payloads, Piece};

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
    payloads: Payloads,
    /// The line that is no payload and has not ended.
    line: Vec<u8>,
    /// Whether that line has a letter: kept as it grows, since a line may have many pieces.
    is_text: bool,
    lines: u64,
    is_changed: bool,
}

impl<'r> Stream<'r> {
    /// What is left of an input.
    pub fn new(redactor: &'r Redactor, payloads: Payloads) -> Self {
        Self {
            redactor,
            payloads: payloads.with_all_bytes(),
            line: Vec::new(),
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
        match self.payloads.next()? {
            Next::Batch(batch) => {
                for piece in batch.pieces() {
                    self.add(&piece, out)?;
                }
                Ok(Flow::More)
            }
            Next::Idle => Ok(Flow::Idle),
            Next::End => {
                self.end_line(out);
                Ok(Flow::End)
            }
        }
    }

    fn add(&mut self, piece: &Piece<'_>, out: &mut Vec<u8>) -> Result<(), InputError> {
        let mut rest = piece.bytes();
        // Single words of plain text are payloads too, though broken ones. After text a payload
        // belongs to its line: what is a secret in it, or after it, the text may say.
        if let (Piece::Payload(_), [b'{' | b'[', ..], false) = (piece, rest, self.is_text) {
            self.end_line(out);
            self.redact(rest, out);
            return Ok(());
        }
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.line.extend_from_slice(&rest[..=end]);
            rest = &rest[end + 1..];
            self.end_line(out);
        }
        self.line.extend_from_slice(rest);
        self.is_text |= rest.iter().any(u8::is_ascii_alphabetic);
        let limit = self.payloads.limits().payload;
        if self.line.len() > limit {
            let line = self.lines;
            return Err(InputError::TooLarge { line, limit });
        }
        Ok(())
    }

    fn end_line(&mut self, out: &mut Vec<u8>) {
        let mut line = std::mem::take(&mut self.line);
        self.redact(&line, out);
        line.clear();
        self.line = line;
        self.is_text = false;
    }

    fn redact(&mut self, text: &[u8], out: &mut Vec<u8>) {
        let redacted = self.redactor.redact(text);
        self.is_changed |= matches!(redacted, std::borrow::Cow::Owned(_));
        self.lines += memchr::memchr_iter(b'\n', text).count() as u64;
        out.extend_from_slice(&redacted);
    }
}
