//! Decodes UTF-16.
//!
//! An unpaired surrogate becomes the three bytes that a code point of its number would have, as in
//! WTF-8. These are not UTF-8, so they are reported where they stand; and they can be encoded again.

use super::layer::{Fault, Layer, Step};

/// The number of bytes that are decoded at a time.
const MAX_INPUT: usize = 1 << 15;

/// The first of the code units that follow a high surrogate.
const FIRST_LOW_SURROGATE: u16 = 0xDC00;

pub(super) struct Utf16 {
    is_big_endian: bool,
    /// The first byte of a code unit whose second byte has yet to arrive.
    half: Option<u8>,
    /// A high surrogate, after which a low one may follow.
    high: Option<u16>,
    /// Decoded text, and the number of its bytes that were written.
    text: Vec<u8>,
    written: usize,
}

impl Utf16 {
    pub(super) fn new(is_big_endian: bool) -> Self {
        Self {
            is_big_endian,
            half: None,
            high: None,
            text: Vec::new(),
            written: 0,
        }
    }

    /// Decodes bytes, and keeps what is incomplete at their end.
    fn decode(&mut self, mut input: &[u8]) {
        if let (Some(first), [second, rest @ ..]) = (self.half, input) {
            self.half = None;
            input = rest;
            self.add([first, *second]);
        }
        let (units, half) = input.as_chunks::<2>();
        for unit in units {
            self.add(*unit);
        }
        if let [half] = half {
            self.half = Some(*half);
        }
    }

    fn add(&mut self, unit: [u8; 2]) {
        let unit = if self.is_big_endian {
            u16::from_be_bytes(unit)
        } else {
            u16::from_le_bytes(unit)
        };
        if let Some(high) = self.high.take() {
            if let Some(Ok(character)) = char::decode_utf16([high, unit]).next() {
                return self.push(character);
            }
            self.push_surrogate(high);
        }
        match char::from_u32(unit.into()) {
            Some(character) => self.push(character),
            None if unit < FIRST_LOW_SURROGATE => self.high = Some(unit),
            None => self.push_surrogate(unit),
        }
    }

    fn push(&mut self, character: char) {
        let mut bytes = [0; 4];
        let bytes = character.encode_utf8(&mut bytes).as_bytes();
        self.text.extend_from_slice(bytes);
    }

    fn push_surrogate(&mut self, unit: u16) {
        let [low, _] = unit.to_le_bytes();
        let [middle, _] = (unit >> 6).to_le_bytes();
        let bytes = [0xED, 0x80 | middle & 0x3F, 0x80 | low & 0x3F];
        self.text.extend_from_slice(&bytes);
    }
}

impl Layer for Utf16 {
    fn step(&mut self, input: &[u8], output: &mut [u8], is_end: bool) -> Step {
        let mut read = 0;
        if self.written == self.text.len() {
            self.text.clear();
            self.written = 0;
            read = input.len().min(MAX_INPUT);
            self.decode(&input[..read]);
            if is_end
                && input.is_empty()
                && let Some(high) = self.high.take()
            {
                self.push_surrogate(high);
            }
        }
        let rest = &self.text[self.written..];
        let written = rest.len().min(output.len());
        output[..written].copy_from_slice(&rest[..written]);
        self.written += written;
        let is_truncated = is_end && input.is_empty() && written == 0 && self.half.is_some();
        Step {
            read,
            written,
            fault: is_truncated.then_some(Fault::Truncated),
            ..Step::default()
        }
    }
}
