//! Decodes UTF-16.
//!
//! An unpaired surrogate becomes the three bytes that a code point of its number would have, as in
//! WTF-8. These are not UTF-8, so they are reported where they stand; and they can be encoded again.

use super::layer::{Fault, Layer, Step};

/// The number of bytes that are decoded at a time.
const MAX_INPUT: usize = 1 << 15;

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
            if matches!(unit, 0xDC00..=0xDFFF) {
                let low = u32::from(unit) - 0xDC00;
                return self.push(0x1_0000 + ((u32::from(high) - 0xD800) << 10) + low);
            }
            self.push(high.into());
        }
        if matches!(unit, 0xD800..=0xDBFF) {
            self.high = Some(unit);
        } else {
            self.push(unit.into());
        }
    }

    /// Adds a code point, which may be a surrogate.
    fn push(&mut self, code: u32) {
        let part = |shift: u32| 0x80 | (code >> shift & 0x3F) as u8;
        match code {
            0..0x80 => self.text.push(code as u8),
            0x80..0x800 => self.text.extend([0xC0 | (code >> 6) as u8, part(0)]),
            0x800..0x1_0000 => {
                let first = 0xE0 | (code >> 12) as u8;
                self.text.extend([first, part(6), part(0)]);
            }
            _ => {
                let first = 0xF0 | (code >> 18) as u8;
                self.text.extend([first, part(12), part(6), part(0)]);
            }
        }
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
                self.push(high.into());
            }
        }
        let rest = &self.text[self.written..];
        let written = rest.len().min(output.len());
        output[..written].copy_from_slice(&rest[..written]);
        self.written += written;
        let is_cut = is_end && input.is_empty() && written == 0 && self.half.is_some();
        Step {
            read,
            written,
            fault: is_cut.then_some(Fault::Truncated),
            ..Step::default()
        }
    }
}
